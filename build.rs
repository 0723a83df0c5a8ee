//! Tells the program which commit it was built from, for `anshin --version`.
//!
//! A release names the commit: from `ANSHIN_COMMIT`, from git, or from the file that `git archive` fills
//! in, in this order. A debug build names none, so that no commit makes the tests build again. The same
//! commit gives the same words on every machine; no time and no name of a machine goes in.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Digits of a commit that are shown.
const DIGITS: usize = 12;

/// What the program is made of: where one of them differs from the commit, the version says so.
const SOURCES: [&str; 6] = ["src", "assets", "build.rs", "Cargo.toml", "Cargo.lock", ".cargo"];

/// `git archive` writes the commit into this one; in a clone it holds a placeholder.
const ARCHIVED: &str = "packaging/commit";

fn main() {
    println!("cargo::rerun-if-env-changed=ANSHIN_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    let number = env!("CARGO_PKG_VERSION");
    let version = if std::env::var("PROFILE").as_deref() == Ok("release") {
        match commit() {
            Some(commit) => format!("{number} ({commit})"),
            None => format!("{number} (commit unknown)"),
        }
    } else {
        format!("{number} (debug)")
    };
    println!("cargo::rustc-env=ANSHIN_VERSION={version}");
}

fn commit() -> Option<String> {
    if let Ok(told) = std::env::var("ANSHIN_COMMIT") {
        return short(&told);
    }
    println!("cargo::rerun-if-changed={ARCHIVED}");
    // Only a repository of our own counts, and none that this folder was merely unpacked into.
    if Path::new(".git").exists() {
        of_git()
    } else {
        short(&std::fs::read_to_string(ARCHIVED).ok()?)
    }
}

fn of_git() -> Option<String> {
    // Each change of the branch, each commit.
    for file in ["HEAD", "logs/HEAD"] {
        watch(&PathBuf::from(git(&["rev-parse", "--git-path", file])?));
    }
    for source in SOURCES {
        watch(Path::new(source));
    }
    let commit = short(&git(&["rev-parse", "HEAD"])?)?;
    let mut status = vec!["status", "--porcelain", "--untracked-files=no", "--"];
    status.extend(SOURCES);
    Some(if git(&status)?.is_empty() { commit } else { format!("{commit} and changes") })
}

/// A file that is not there would make every build begin anew.
fn watch(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// What git says; nothing where there is no git, or where it refuses.
fn git(arguments: &[&str]) -> Option<String> {
    // Whoever builds may be somebody else than who cloned, in a container for one.
    let output = Command::new("git")
        .args(["--no-optional-locks", "-c", "safe.directory=*"])
        .args(arguments)
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn short(commit: &str) -> Option<String> {
    let commit = commit.trim();
    let is_commit = commit.len() >= DIGITS && commit.bytes().all(|b| b.is_ascii_hexdigit());
    is_commit.then(|| commit[..DIGITS].to_owned())
}
