//! Faults to be planted fit the code as it is: each piece that one replaces is there, once.

use serde::Deserialize;

use crate::tree::read;

#[derive(Deserialize)]
struct Bugs {
    bug: Vec<Bug>,
}

#[derive(Deserialize)]
struct Bug {
    name: String,
    file: String,
    from: String,
    to: String,
}

#[test]
fn every_fault_to_be_planted_has_its_place_in_the_code() {
    let bugs: Bugs = toml::from_str(include_str!("../planted/bugs.toml")).unwrap();
    for Bug { name, file, from, to } in bugs.bug {
        let source = read(&file);
        assert_eq!(source.matches(&from).count(), 1, "{name}: {file}");
        assert_ne!(from, to, "{name}");
    }
}
