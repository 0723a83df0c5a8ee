//! The data file on a disk that fails. A few days of the service are played through the real writer onto a disk in
//! memory that remembers every operation. Then the power is cut after each of them, in every way; each access fails in turn;
//! bits turn over; and a disk that lies shows that the judge would notice.
//!
//! Without more, a sample is judged. `ANSHIN_IMAGES=n` judges everything there is, seed after seed, until n images of
//! power cuts are done, and as much of the rest as belongs to it. `ANSHIN_SEED=n` begins with another seed; with
//! `ANSHIN_IMAGE=n` beside it, that one image of a power cut, or that one damaged file, is judged alone.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]
#![expect(clippy::print_stdout, reason = "the seed of a failure is needed to repeat it")]

mod anew;
mod check;
mod disk;
mod image;
mod power;
mod record;
mod rot;
mod server;
mod story;
mod sweep;
mod town;
mod walk;
mod writer;

use std::collections::{BTreeMap, BTreeSet};

use check::Found;
use image::Image;
use power::Loss;
use record::Recording;
use rot::{Closed, Harm};
use sweep::Which;
use walk::{Choice, Lie};

/// Images of power cuts that the usual run judges, about.
const SAMPLE: u64 = 500;

/// Among so few second cuts a kind may be missing.
const SELDOM: u64 = 500;

/// Damaged files that the usual run judges.
const DAMAGED: u64 = 350;

/// Moments of the story whose closed file is damaged; the usual run takes every eighth.
const FILES: u64 = 32;
const FILES_SKIPPED: u64 = 8;

/// Images of power cuts for each damaged file in a long run.
const CUTS_FOR_A_DAMAGED_FILE: u64 = 2;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().expect("a whole number"))
}

fn seed() -> u64 {
    let seed = number("ANSHIN_SEED").unwrap_or(1);
    println!("ANSHIN_SEED={seed}");
    seed
}

/// So many images are wanted in a long run.
fn wanted() -> Option<u64> {
    number("ANSHIN_IMAGES")
}

fn expect_none(violations: &[String]) {
    let shown = violations.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(violations.is_empty(), "{} violations\n{shown}", violations.len());
}

#[test]
fn a_cut_after_any_operation_loses_nothing_that_was_acknowledged_and_mixes_nothing() {
    let mut tally = walk::Tally::default();
    let mut seed = seed();
    loop {
        let recording = Recording::new(seed);
        let count = recording.ops.len() as u64 * Loss::KINDS.len() as u64;
        let choice = match (number("ANSHIN_IMAGE"), wanted()) {
            (Some(one), _) => Choice::Only(one),
            (None, Some(_)) => Choice::All,
            (None, None) => Choice::OneIn(count / SAMPLE),
        };
        walk::walk(&recording, seed, choice, &mut tally);
        if wanted().is_none_or(|wanted| tally.images() >= wanted) || !tally.violations.is_empty() {
            break;
        }
        seed += 1;
    }
    println!("seeds up to {seed}; {} images, {} more repeated", tally.images(), tally.repeated);
    println!("cuts {:?}\nsecond cuts {:?}", tally.losses, tally.doubles);
    expect_none(&tally.violations);
    if number("ANSHIN_IMAGE").is_none() {
        for found in [Found::Acknowledged, Found::UnderWay] {
            assert!(tally.losses.keys().any(|(_, of)| *of == found), "never {found:?}");
            let seldom = tally.doubles.values().sum::<u64>() < SELDOM;
            let after = tally.doubles.contains_key(&found);
            assert!(after || seldom, "never {found:?} after a second cut");
        }
    }
}

#[test]
fn a_disk_that_ignores_one_sync_in_a_hundred_is_found_out() {
    let tally = walk::walk_lying(&Recording::new(1), 1, Lie::Ignores(100), Choice::OneIn(2));
    println!("{} violations, {:?}", tally.violations.len(), tally.losses);
    assert!(!tally.violations.is_empty());
}

#[test]
fn a_disk_that_writes_across_a_sync_is_found_out() {
    let tally = walk::walk_lying(&Recording::new(1), 1, Lie::Lags, Choice::OneIn(60));
    println!("{} violations, {:?}", tally.violations.len(), tally.losses);
    assert!(!tally.violations.is_empty());
}

#[test]
fn a_step_whose_disk_fails_at_any_access_is_refused_and_nothing_after_it_is_acknowledged() {
    let mut tally = sweep::Tally::default();
    let recording = Recording::new(seed());
    if wanted().is_some() {
        recording
            .spans
            .iter()
            .filter(|span| !matches!(span.step, server::Step::Restart))
            .for_each(|span| sweep::step(span, &sweep::WAYS, Which::Each, false, &mut tally));
    } else {
        for (n, span) in sweep::samples(&recording).into_iter().enumerate() {
            let way = &sweep::WAYS[n % 4..=n % 4];
            sweep::step(span, way, Which::Fewer, false, &mut tally);
        }
    }
    println!("{} steps; refused and done, by access: {:?}", tally.steps, tally.faults);
    expect_none(&tally.violations);
}

#[test]
fn a_file_written_anew_is_whole_on_the_disk_before_it_gets_its_name_wherever_the_power_is_cut_then()
{
    let recording = Recording::new(seed());
    let mut tally = anew::Tally::default();
    let every = recording.spans.len() / if wanted().is_some() { 40 } else { 4 };
    for n in (every / 2..recording.spans.len()).step_by(every) {
        anew::cut(&recording.spans[n].before, &recording.states[n], &mut tally);
    }
    println!("{} files, {} images", tally.files, tally.images);
    assert!(tally.images > 100);
    expect_none(&tally.violations);
}

#[test]
fn a_disk_that_fails_while_the_file_is_written_anew_leaves_the_old_one_as_it_was() {
    let recording = Recording::new(seed());
    let mut tally = anew::Tally::default();
    let span = recording.spans.len() / 2;
    let few = if wanted().is_some() { 1 } else { 3 };
    anew::fail(&recording.spans[span].before, &recording.states[span], few, &mut tally);
    println!("{} accesses failed", tally.files);
    assert!(tally.files > 10);
    expect_none(&tally.violations);
}

#[test]
fn a_disk_that_hides_its_faults_is_found_out() {
    let mut tally = sweep::Tally::default();
    let recording = Recording::new(1);
    let span = sweep::samples(&recording)[0];
    sweep::step(span, &sweep::WAYS[..1], Which::Each, true, &mut tally);
    assert!(!tally.violations.is_empty());
}

#[test]
fn a_start_whose_disk_fails_at_any_access_is_refused_or_finds_everything_and_so_does_the_next() {
    let mut tally = sweep::Tally::default();
    let recording = Recording::new(seed());
    let every = if wanted().is_some() { 8 } else { recording.spans.len() / 2 };
    for (n, span) in recording.spans.iter().enumerate().skip(every / 2).step_by(every) {
        let ways = match wanted() {
            Some(_) => (&sweep::WAYS[..], Which::Each),
            None => (&sweep::WAYS[n % 2..=n % 2], Which::Fewer),
        };
        // As the power left it, and as it is when it was closed.
        sweep::opening(&span.before, &recording.states[n], ways, &mut tally);
        let closed = Closed::new(&span.before);
        sweep::opening(&closed.image, &closed.state, ways, &mut tally);
    }
    println!("{} starts", tally.opens);
    expect_none(&tally.violations);
}

#[test]
fn a_damaged_file_is_refused_or_is_exactly_what_it_was() {
    let seed = seed();
    let recording = Recording::new(seed);
    let numbers = match (number("ANSHIN_IMAGE"), wanted()) {
        (Some(one), _) => one..one + 1,
        (None, Some(cuts)) => 0..cuts / CUTS_FOR_A_DAMAGED_FILE,
        (None, None) => 0..DAMAGED * FILES_SKIPPED,
    };
    let every = if number("ANSHIN_IMAGE").or(wanted()).is_some() { 1 } else { FILES_SKIPPED };
    let mut files: BTreeMap<u64, Closed> = BTreeMap::new();
    let mut tally = rot::Tally::default();
    for number in numbers.step_by(usize::try_from(every).unwrap()) {
        let closed = files.entry(number % FILES).or_insert_with_key(|file| {
            let moments = recording.spans.len() as u64 - 1;
            let moment = usize::try_from((file + 1) * moments / FILES).unwrap();
            Closed::new(&recording.spans[moment].before)
        });
        rot::harm(closed, seed, number, &mut tally);
    }
    for bytes in strange_files() {
        rot::wrong(files.values().next().unwrap(), &bytes, &mut tally);
    }
    println!("{:?}; {} went on", tally.counts, tally.went_on);
    expect_none(&tally.violations);
    if number("ANSHIN_IMAGE").is_none() {
        for found in [Found::Acknowledged, Found::Refused] {
            assert!(tally.counts.contains_key(&(Harm::Flips, found)), "never {found:?}");
        }
    }
    let wrong = (Harm::WrongFile, Found::Refused);
    assert_eq!(tally.counts.get(&wrong), Some(&tally.images(Harm::WrongFile)));
}

/// Files that are no data file of ours.
fn strange_files() -> Vec<Vec<u8>> {
    let other = {
        let file = tempfile::NamedTempFile::new().unwrap();
        drop(redb::Database::create(file.path()).unwrap());
        std::fs::read(file.path()).unwrap()
    };
    let cut = other[..other.len() / 2].to_vec();
    vec![
        Vec::new(),
        vec![0],
        vec![0; 1 << 20],
        vec![0xff; 100_000],
        b"redb".to_vec(),
        b"SQLite format 3\0".repeat(512),
        "これは日記です。\n".repeat(1000).into_bytes(),
        other,
        cut,
    ]
}

#[test]
fn the_story_writes_into_every_table_of_the_file() {
    let recording = Recording::new(seed());
    let last = recording.spans.last().unwrap();
    let store = check::open(&disk::Disk::new(last.before.clone())).unwrap();
    let mut written = BTreeSet::new();
    let note = |table: &str, _: &[u8], _: &[u8]| {
        written.insert(table.to_owned());
    };
    store.read().unwrap().every_record(note).unwrap();
    let tables = store.read().unwrap().table_names().unwrap();
    // A row leaves the outbox as soon as LINE took it; that it was there a step knows.
    let kinds: BTreeSet<String> =
        recording.spans.iter().map(|span| sweep::kind(&span.step)).collect();
    assert!(kinds.contains("Begin"), "{kinds:?}");
    written.insert("outbox".to_owned());
    assert_eq!(written.into_iter().collect::<Vec<_>>(), tables);
}

#[test]
fn images_share_what_they_do_not_write() {
    let mut image = Image::of(&[7; 10_000]);
    let copy = image.clone();
    image.write(4_000, &[1; 200]);
    image.set_len(5_000);
    image.set_len(12_000);
    let (mut new, mut old) = (vec![0; 12_000], vec![0; 10_000]);
    image.read(0, &mut new).unwrap();
    copy.read(0, &mut old).unwrap();
    assert_eq!(old, [7; 10_000]);
    assert_eq!(new, [&[7; 4_000][..], &[1; 200], &[7; 800], &[0; 7_000]].concat());
    assert!(image.read(11_999, &mut [0; 2]).is_err());
}
