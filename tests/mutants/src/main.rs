//! Plants every small change into a copy of the product at once, each behind a number, builds the copy once, and then turns
//! one change on at a time: which of them does no test notice, and no year of the simulator? No test, because it takes
//! hours: `just mutants`. Which tests meet a change at all is noted first, and only those are asked.
//!
//! Arguments are the files and folders to plant in. `ANSHIN_MUTANTS=a-b` tries only these numbers, `ANSHIN_MUTANTS_DIR` keeps
//! copy and build, `ANSHIN_MUTANTS_YEARS` is for how long the simulator looks at each (20), and
//! `ANSHIN_MUTANTS_WITHOUT` leaves out those with this in what they change: ` for ` are limits that are moved by one.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

mod copy;
mod look;
mod plant;

use std::path::{Path, PathBuf};

use copy::Copy;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    assert!(!wanted.is_empty(), "which files or folders, as in src/domain");
    let place = std::env::var_os("ANSHIN_MUTANTS_DIR").map(PathBuf::from);
    let place = place.unwrap_or_else(|| std::env::temp_dir().join("anshin-mutants"));
    let copy = Copy::make(&root, &place, &wanted);
    let range = std::env::var("ANSHIN_MUTANTS").ok().and_then(|range| {
        let (from, to) = range.split_once('-')?;
        Some(from.parse().ok()?..=to.parse().ok()?)
    });
    let without = std::env::var("ANSHIN_MUTANTS_WITHOUT").ok();
    let chosen = |mutant: &&plant::Mutant| {
        range.as_ref().is_none_or(|range| range.contains(&mutant.id))
            && without.as_ref().is_none_or(|words| !mutant.what.contains(words))
    };
    let mutants: Vec<_> = copy.mutants.iter().filter(chosen).cloned().collect();
    look::look(&copy, mutants);
}
