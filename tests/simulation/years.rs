//! The simulator itself: that it repeats, and that something happens in it.

use anshin::simulator::play_for;

#[test]
fn the_same_number_gives_the_same_run_to_the_last_entry_of_the_journal() {
    let (first, second) = (play_for(7, 10).unwrap(), play_for(7, 10).unwrap());
    assert_eq!(first, second);
    assert_ne!(first.journal, play_for(8, 1).unwrap().journal);
}

#[test]
fn people_answer_and_fall_silent_and_no_promise_is_broken() {
    let outcome = play_for(3, 20).unwrap();
    assert_eq!(outcome.violations, []);
    assert!(outcome.answers > 0 && outcome.alerts > 0, "{outcome:?}");
}
