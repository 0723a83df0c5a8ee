//! A copy of the product with every change planted, but for those that do not build.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::plant::{self, Mutant};

/// Where it is, and what is planted in it.
pub struct Copy {
    pub place: PathBuf,
    pub mutants: Vec<Mutant>,
    /// The tests, and the program for the simulator.
    pub tests: Vec<PathBuf>,
    pub program: PathBuf,
}

#[derive(Deserialize)]
struct Line {
    reason: String,
    message: Option<Message>,
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
}

impl Copy {
    /// Copies, plants and builds, and leaves out what does not build until all of it does.
    pub fn make(root: &Path, place: &Path, wanted: &[String]) -> Self {
        let product = place.join("product");
        fs::create_dir_all(&product).unwrap();
        copy_folder(root, &product);
        let files = files(root, wanted);
        lenient(&product);
        let mut dropped = BTreeSet::new();
        loop {
            let mutants = plant_all(root, &product, &files, &dropped);
            let wrong = check(&product, &mutants);
            println!("{} changes, {} do not build", mutants.len(), wrong.len() + dropped.len());
            if wrong.is_empty() {
                stays_built(&product, &place.join("as-built"), &files);
                let tests = executables(
                    &product,
                    &["test", "--no-run", "--lib", "--test", "integration"],
                    "test",
                );
                let program =
                    executables(&product, &["build", "--release", "--bin", "anshin"], "bin");
                let program = program.into_iter().next().expect("a program");
                return Self { place: product, mutants, tests, program };
            }
            dropped.extend(wrong);
        }
    }
}

/// What is no part of the product, or is built anew.
const LEFT_OUT: [&str; 4] = ["target", ".git", "node_modules", "fuzz"];

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (name, path) = (entry.file_name(), entry.path());
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        let to = to.join(&name);
        if path.is_dir() {
            copy_folder(&path, &to);
        } else if fs::read(&path).ok() != fs::read(&to).ok() {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// The files to plant in, in a fixed order.
fn files(root: &Path, wanted: &[String]) -> Vec<String> {
    let mut files = BTreeSet::new();
    for name in wanted {
        let mut open = vec![root.join(name)];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files.into_iter().collect()
}

/// The copy is not held to what the product is held to.
fn lenient(product: &Path) {
    let path = product.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap();
    let mut kept = Vec::new();
    let mut is_left_out = false;
    for line in text.lines() {
        if line.starts_with('[') {
            is_left_out = line.starts_with("[lints");
        }
        if !is_left_out {
            kept.push(line);
        }
    }
    fs::write(&path, kept.join("\n")).unwrap();
    let path = product.join("src/lib.rs");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\npub mod mutants;\n")).unwrap();
}

fn plant_all(
    root: &Path,
    product: &Path,
    files: &[String],
    dropped: &BTreeSet<u32>,
) -> Vec<Mutant> {
    let (mut mutants, mut next_id) = (Vec::new(), 1);
    for file in files {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let planted = plant::plant(&text, file, next_id, dropped);
        put(&product.join(file), &planted.text);
        mutants.extend(planted.mutants);
        next_id = planted.next_id;
    }
    let module = format!("{}\nconst COUNT: u32 = {next_id};\n", plant::MODULE);
    put(&product.join("src/mutants.rs"), &module);
    mutants
}

/// What is as it was when it was last built is as old as it was then: it was rewritten on the way here, and would be built anew.
fn stays_built(product: &Path, as_built: &Path, files: &[String]) {
    let also = ["Cargo.toml", "src/lib.rs", "src/mutants.rs"].map(str::to_owned);
    for file in files.iter().chain(&also) {
        let (path, known) = (product.join(file), as_built.join(file));
        if fs::read(&path).ok() == fs::read(&known).ok() {
            let built = fs::metadata(&known).and_then(|known| known.modified()).unwrap();
            fs::File::options().append(true).open(&path).unwrap().set_modified(built).unwrap();
        } else {
            fs::create_dir_all(known.parent().unwrap()).unwrap();
            fs::copy(&path, &known).unwrap();
            let written = fs::metadata(&path).and_then(|path| path.modified()).unwrap();
            fs::File::options().append(true).open(&known).unwrap().set_modified(written).unwrap();
        }
    }
}

/// Writes only what is new, so that what is built stays built.
fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}

fn cargo(product: &Path, words: &[&str]) -> Vec<Line> {
    let mut cargo = Command::new("cargo");
    cargo.args(words).args(["--locked", "--message-format=json"]).current_dir(product);
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    cargo.env("CARGO_PROFILE_DEV_OPT_LEVEL", "2").env("CARGO_PROFILE_DEV_DEBUG", "false");
    cargo.env("CARGO_TARGET_DIR", product.join("../target"));
    let said = cargo.output().unwrap();
    let lines = String::from_utf8_lossy(&said.stdout).into_owned();
    lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Which changes do not build: of those around a complaint the innermost.
fn check(product: &Path, mutants: &[Mutant]) -> BTreeSet<u32> {
    let mut wrong = BTreeSet::new();
    for line in cargo(product, &["check", "--lib"]) {
        let Some(message) = line.message.filter(|message| message.level == "error") else {
            continue;
        };
        // Where the complaint stands, or else what it points at besides.
        let [mut here, mut besides] = [BTreeSet::new(), BTreeSet::new()];
        for span in &message.spans {
            let around = mutants.iter().filter(|mutant| {
                let Mutant { file, planted, .. } = mutant;
                *file == span.file_name
                    && planted.start <= span.byte_start
                    && planted.end >= span.byte_end
            });
            let innermost = around.min_by_key(|mutant| mutant.planted.len());
            let found = if span.is_primary { &mut here } else { &mut besides };
            found.extend(innermost.map(|mutant| mutant.id));
        }
        let found = [here, besides, between(&message, mutants)];
        let found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        assert!(
            !found.is_empty() || message.spans.is_empty(),
            "this is none of ours: {}",
            message.rendered.unwrap_or_default()
        );
        wrong.extend(found);
    }
    wrong
}

/// What is left out between the places that a complaint names: where nothing leaves any more, what follows is met.
fn between(message: &Message, mutants: &[Mutant]) -> BTreeSet<u32> {
    let file = message.spans.first().map(|span| &span.file_name);
    let begin = message.spans.iter().map(|span| span.byte_start).min().unwrap_or(0);
    let end = message.spans.iter().map(|span| span.byte_end).max().unwrap_or(0);
    let left_out = mutants.iter().filter(|mutant| {
        Some(&mutant.file) == file
            && mutant.what.starts_with("left out: return")
            && mutant.planted.start >= begin
            && mutant.planted.end <= end
    });
    left_out.map(|mutant| mutant.id).collect()
}

fn executables(product: &Path, words: &[&str], kind: &str) -> Vec<PathBuf> {
    let lines = cargo(product, words);
    for line in &lines {
        if let Some(message) = line.message.as_ref().filter(|message| message.level == "error") {
            panic!("{}", message.rendered.clone().unwrap_or_default());
        }
    }
    let ours = lines.into_iter().filter(|line| line.reason == "compiler-artifact");
    ours.filter(|line| {
        kind == "test" || line.target.as_ref().is_some_and(|t| t.kind.contains(&kind.to_owned()))
    })
    .filter_map(|line| line.executable)
    .filter(|path| kind != "test" || path.to_string_lossy().contains("/deps/"))
    .collect()
}
