//! Plays every input that fuzzing ever found worth keeping through the same checks, without a fuzzer: what `fuzz/` has
//! under `corpus/`, what once broke something, under `regressions/`, and the seeds from which fuzzing starts.
//! `fuzz/README.md` says what each check asserts; `ANSHIN_WRITE_SEEDS=1` writes the seeds into the corpora.

mod seeds;
mod targets {
    pub(crate) mod config;
    pub(crate) mod form;
    pub(crate) mod http;
    pub(crate) mod pages;
    pub(crate) mod people_list;
    pub(crate) mod postback;
    pub(crate) mod records;
    pub(crate) mod schedule;
    pub(crate) mod typed;
    pub(crate) mod webhook_decide;
    pub(crate) mod webhook_read;
    pub(crate) mod wheel;
}

use std::path::{Path, PathBuf};

/// Corpora are kept small: what is in them is run by every test.
const FILES_MAX: usize = 300;
const BYTES_MAX: usize = 300_000;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 12] = [
    ("config", targets::config::run),
    ("form", targets::form::run),
    ("http", targets::http::run),
    ("pages", targets::pages::run),
    ("people_list", targets::people_list::run),
    ("postback", targets::postback::run),
    ("records", targets::records::run),
    ("schedule", targets::schedule::run),
    ("typed", targets::typed::run),
    ("webhook_decide", targets::webhook_decide::run),
    ("webhook_read", targets::webhook_read::run),
    ("wheel", targets::wheel::run),
];

fn folder(kind: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(kind).join(target)
}

/// The files of a folder; none if it is not there.
fn inputs(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry of a folder").path());
    let mut all: Vec<_> =
        paths.map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect();
    all.sort();
    all
}

fn play(target: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    if std::env::var_os("ANSHIN_WRITE_SEEDS").is_some_and(|value| value == "1") {
        seeds::write(target, &folder("corpus", target));
    }
    let corpus = inputs(&folder("corpus", target));
    assert!(corpus.len() >= 5, "{target} has hardly any corpus");
    // A corpus that was cut to size may have lost them. To find those of the records takes long.
    if target != "records" {
        seeds::seeds(target).iter().for_each(|bytes| run(bytes));
    }
    for (path, bytes) in corpus.iter().chain(&inputs(&folder("regressions", target))) {
        let played = std::panic::catch_unwind(|| run(bytes));
        assert!(played.is_ok(), "{} breaks {target}", path.display());
    }
}

#[test]
fn configuration_files_are_taken_whole_or_refused() {
    play("config");
}

#[test]
fn forms_are_read_within_their_limits_and_say_the_same_when_written_anew() {
    play("form");
}

#[test]
fn each_request_of_a_connection_is_answered_once_wherever_its_bytes_were_cut() {
    play("http");
}

#[test]
fn no_request_breaks_a_page_or_is_shown_as_markup() {
    play("pages");
}

#[test]
fn a_list_of_people_is_people_or_faults_whatever_it_was_saved_as() {
    play("people_list");
}

#[test]
fn a_button_means_nothing_or_one_press_that_is_written_back_as_the_same() {
    play("postback");
}

#[test]
fn a_stored_record_is_refused_or_survives_being_written_anew() {
    play("records");
}

#[test]
fn questions_come_when_the_calendar_says_so_in_every_zone() {
    play("schedule");
}

#[test]
fn what_was_typed_is_taken_within_its_limits_and_reads_the_same_again() {
    play("typed");
}

#[test]
fn no_script_of_peoples_acts_panics_a_rule_or_leaves_somebody_without_a_timer() {
    play("webhook_decide");
}

#[test]
fn each_event_of_a_webhook_is_taken_within_its_limits_or_counted_as_ignored() {
    play("webhook_read");
}

#[test]
fn the_wheel_answers_like_a_sorted_map() {
    play("wheel");
}

#[test]
fn corpora_are_small_and_every_target_has_one_and_a_fuzzer() {
    let folders = std::fs::read_dir(folder("corpus", "")).expect("the corpora").count();
    assert_eq!(folders, TARGETS.len());
    let manifest = include_str!("../../fuzz/Cargo.toml");
    for (target, _) in TARGETS {
        let corpus = inputs(&folder("corpus", target));
        let bytes: usize = corpus.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(corpus.len() <= FILES_MAX && bytes <= BYTES_MAX, "{target}: {bytes} bytes");
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
        assert!(folder("fuzz_targets", &format!("{target}.rs")).exists(), "{target}");
    }
}
