//! Puts faults into a copy of the product, one at a time, and has the simulator look for them: whether each is noticed,
//! by which promise, and after how many seconds. No test, because every fault is a build of its own: `just planted`.
//!
//! `ANSHIN_BUG=words` tries only those with these words in their name.

#![expect(clippy::unwrap_used, reason = "a measurement that meets the unexpected ends")]
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde::Deserialize;

/// A fault that was not noticed in so many years of people who are asked counts as not noticed: two minutes on two processors
/// that have nothing else to do.
const YEARS_MAX: u64 = 800;

/// Years of people who are asked that are played at a time.
const YEARS_AT_A_TIME: u64 = 20;

#[derive(Deserialize)]
struct Bugs {
    bug: Vec<Bug>,
}

#[derive(Deserialize)]
struct Bug {
    name: String,
    promise: String,
    file: String,
    from: String,
    to: String,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bugs: Bugs = toml::from_str(include_str!("bugs.toml")).unwrap();
    let wanted = std::env::var("ANSHIN_BUG").unwrap_or_default();
    let copy = tempfile::tempdir().unwrap();
    copy_sources(root, copy.path());
    let mut missed = 0;
    for bug in bugs.bug.iter().filter(|bug| bug.name.contains(&wanted)) {
        let path = copy.path().join(&bug.file);
        let sound = std::fs::read_to_string(&path).unwrap();
        assert_eq!(sound.matches(&bug.from).count(), 1, "{}: {}", bug.name, bug.file);
        std::fs::write(&path, sound.replace(&bug.from, &bug.to)).unwrap();
        let noticed = build(copy.path()).and_then(|()| look(copy.path()));
        std::fs::write(&path, sound).unwrap();
        match noticed {
            Ok(Some(Noticed { by, seconds })) => {
                let by = if by == bug.promise { by } else { format!("{by} first") };
                println!("| {} | {} | {by} | {seconds} s |", bug.name, bug.promise);
            }
            Ok(None) => {
                missed += 1;
                println!("| {} | {} | NOT NOTICED | |", bug.name, bug.promise);
            }
            Err(why) => {
                missed += 1;
                println!("| {} | {} | NOT TRIED: {why} | |", bug.name, bug.promise);
            }
        }
    }
    assert_eq!(missed, 0, "faults that nobody noticed");
}

fn copy_sources(root: &Path, to: &Path) {
    for name in [
        "src",
        "assets",
        "packaging",
        "Cargo.toml",
        "build.rs",
        "Cargo.lock",
        ".cargo",
        "ARCHITECTURE.md",
        "README.md",
        "CHANGELOG.md",
    ] {
        let from = root.join(name);
        if from.exists() {
            let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
            assert!(copied.success(), "{name} was not copied");
        }
    }
    // Targets that are not built need not be there, but have to be known.
    for name in ["bench", "planted"] {
        let folder = to.join("tests").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("main.rs"), "fn main() {}\n").unwrap();
    }
}

fn build(copy: &Path) -> Result<(), String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--quiet", "--bin", "anshin"]).current_dir(copy);
    cargo.env("CARGO_PROFILE_DEV_OPT_LEVEL", "2").env("CARGO_TARGET_DIR", target());
    let built = cargo.output().unwrap();
    let words = String::from_utf8_lossy(&built.stderr).into_owned();
    if built.status.success() { Ok(()) } else { Err(words.chars().take(600).collect()) }
}

fn target() -> String {
    std::env::var("ANSHIN_PLANTED_TARGET").unwrap_or_else(|_| {
        std::env::temp_dir().join("anshin-planted").to_string_lossy().into_owned()
    })
}

/// A promise was broken.
struct Noticed {
    by: String,
    seconds: u64,
}

/// Plays until a promise is broken. A run that ends in any other way says nothing about the fault.
fn look(copy: &Path) -> Result<Option<Noticed>, String> {
    let binary = Path::new(&target()).join("x86_64-unknown-linux-gnu/debug/anshin");
    let begun = Instant::now();
    for turn in 0..YEARS_MAX / YEARS_AT_A_TIME {
        let seed = 1 + 100 * turn;
        let mut run = Command::new(&binary);
        run.args([
            "simulate",
            "--as-is",
            "--seed",
            &seed.to_string(),
            "--years",
            &YEARS_AT_A_TIME.to_string(),
        ]);
        let played = run.env("LANG", "C").current_dir(copy).output().map_err(|f| f.to_string())?;
        let said = String::from_utf8_lossy(&played.stdout).into_owned();
        match said.lines().find_map(promise) {
            Some(by) => return Ok(Some(Noticed { by, seconds: begun.elapsed().as_secs() })),
            None if played.status.success() => {}
            None => {
                let words = String::from_utf8_lossy(&played.stderr).into_owned();
                return Err(format!("{}: {words}", played.status));
            }
        }
    }
    Ok(None)
}

/// The promise that a line says was broken: a name like I12, or what LINE forbids, or work without an end.
fn promise(line: &str) -> Option<String> {
    let name = line.split(' ').next()?;
    let numbered = name.strip_prefix('I').is_some_and(|n| n.parse::<u8>().is_ok());
    (numbered || ["LINE", "rest", "night", "called"].contains(&name)).then(|| name.to_owned())
}
