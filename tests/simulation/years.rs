//! The simulator itself: that it repeats, and that something happens in it.

use anshin::simulator::{Options, play};

fn run(seed: u64, days: u64) -> Options {
    Options { days, families: 4, ..Options::of(seed) }
}

#[test]
fn the_same_number_gives_the_same_run_to_the_last_entry_of_the_journal() {
    let (first, second) = (play(run(7, 10)).unwrap(), play(run(7, 10)).unwrap());
    assert_eq!(first, second);
    assert_ne!(first.journal, play(run(8, 1)).unwrap().journal);
}

#[test]
fn a_run_is_the_same_in_plain_maps_and_in_redb() {
    let run = run(11, 10);
    assert_eq!(play(run).unwrap(), play(Options { redb: true, ..run }).unwrap());
}

#[test]
fn people_answer_and_fall_silent_and_no_promise_is_broken() {
    let outcome = play(run(3, 20)).unwrap();
    assert_eq!(outcome.violations, []);
    assert!(outcome.answers > 0 && outcome.alerts > 0, "{outcome:?}");
}
