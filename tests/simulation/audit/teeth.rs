//! The auditor itself, on small stories that went wrong.

use anshin::domain::round::Stage;

use super::*;

const DUE: Moment = Moment::from_seconds(1_795_388_400);
const HOUR: i64 = 3_600_000;

fn at(hours: i64) -> Moment {
    Moment::from_millis(DUE.millis() + hours * HOUR)
}

/// Somebody is asked at nought, again at 24, and reported as silent at 27.
fn silence() -> Audit {
    let (person, case) = (PersonId(1), CaseId(2));
    let round = Round {
        stage: Stage::Reported,
        asked_at: Some(at(0)),
        resent_at: Some(at(24)),
        reported_at: Some(at(27)),
        ..Round::asking(DUE)
    };
    let past = PastRound { round, ending: Ending::Superseded, ended_at: at(48), by: None };
    let rung = (Rung::Rest, at(48));
    let opened = Case::opened((case, person), Trouble::NoAnswer, at(27), DUE, rung);
    let fact = Fact::CaseOpened(case, person, Trouble::NoAnswer);
    Audit {
        remembers: BTreeMap::new(),
        shown: Vec::new(),
        book: Vec::new(),
        outages: Vec::new(),
        persons: BTreeMap::new(),
        past: [(1, vec![past])].into(),
        cases: [(2, opened)].into(),
        timers: Vec::new(),
        journal: vec![Entry { number: 1, at: at(27), fact }],
        faults: Vec::new(),
        ladders: 0,
        all_clears: 0,
    }
}

fn press(known_at: Moment) -> Acknowledged {
    let words = Some(format!("w.1.{}", DUE.millis()));
    Acknowledged { words, at_ms: at(1).millis(), known_ms: known_at.millis() }
}

#[test]
fn an_alert_after_an_acknowledged_answer_is_found_and_one_before_it_is_none() {
    for (known_at, faults) in [(at(26), 1), (at(28), 0)] {
        let mut audit = silence();
        audit.book.push(press(known_at));
        audit.no_alert_follows_an_acknowledged_answer();
        assert_eq!(audit.faults.len(), faults, "{:?}", audit.faults);
    }
}

#[test]
fn silence_is_not_believed_if_nobody_listened_for_most_of_the_last_wait() {
    for (from, to, faults) in [(24, 26, 1), (26, 30, 0), (20, 24, 0), (20, 40, 1)] {
        let mut audit = silence();
        audit.outages = vec![Outage { from_ms: at(from).millis(), to_ms: Some(at(to).millis()) }];
        audit.no_silence_is_our_own();
        assert_eq!(audit.faults.len(), faults, "{from} to {to}: {:?}", audit.faults);
    }
}

#[test]
fn an_acknowledged_press_that_the_data_file_does_not_know_is_found() {
    let mut audit = silence();
    audit.book.push(press(at(2)));
    audit.acknowledged_answers_count();
    assert!(!audit.faults.is_empty());
}

#[test]
fn a_message_that_is_twice_on_a_phone_is_found() {
    let mut audit = silence();
    let shown = || Shown {
        user: "U1".to_owned(),
        words: format!("{ALERT}：さくらさん"),
        button: Some("c.2".to_owned()),
    };
    audit.shown.push(shown());
    audit.nothing_came_twice();
    assert_eq!(audit.faults.len(), 0);
    audit.shown.push(shown());
    audit.nothing_came_twice();
    assert_eq!(audit.faults.len(), 1);
}

/// Types say what stands in the data file; whoever decides may not also judge.
#[test]
fn the_auditor_uses_nothing_of_what_it_judges() {
    let sources = [include_str!("../audit.rs"), include_str!("../courier.rs")];
    let judged = ["engine", "decide", "hearing", "keeper", "timer::", "outbox", "simulator"];
    for room in judged {
        let used = [format!("anshin::{room}"), format!("anshin::domain::{room}")];
        assert!(
            used.iter().all(|used| sources.iter().all(|source| !source.contains(used))),
            "{room}"
        );
    }
}
