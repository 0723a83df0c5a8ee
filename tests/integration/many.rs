//! When much is open at once, as after an earthquake, or in a town that has asked thousands for years: what concerns somebody is
//! found however much is open elsewhere.

use anshin::domain::case::{Case, Trouble};
use anshin::domain::fact::Fact;
use anshin::domain::id::{CaseId, PersonId};
use anshin::domain::ladder::Rung;

use crate::world::{Refusal, World, hours, minutes};

const ALERT: &str = "お返事がありません：";
const DIGEST: &str = "まだ終わっていない件が";

/// More open cases than one digest looks at.
const OPEN: u32 = 250;

/// An organization that けんじ heads, in a town where so many other cases have been open for longer.
fn town() -> (World, String) {
    let mut world = World::new();
    let kenji = world.organization();
    let now = world.now;
    world.edit(|tables| {
        let first = tables.next_id().unwrap();
        tables.set_next_id(first + 2 * OPEN).unwrap();
        for n in 0..OPEN {
            let (id, person) = (CaseId(first + n), PersonId(first + OPEN + n));
            let next = (Rung::Digest, now + hours(20));
            let case = Case::opened((id, person), Trouble::Unreachable, now, now, next);
            tables.put_case(&case).unwrap();
            tables.put_timer(id.0, Some(case.rung_at)).unwrap();
        }
    });
    (world, kenji)
}

#[test]
fn the_last_who_watches_and_blocks_during_a_case_brings_the_office_in_at_once() {
    let (mut world, kenji) = town();
    let hana = world.member(&kenji, "はな", "毎日", "9時");
    world.until_wall("2026-11-24T12:05:00");
    world.press(&kenji, "対応します");
    let case = world.open_case(&hana).unwrap();
    assert!(case.claim.is_some() && case.office_since.is_none());
    world.block(&kenji);
    let case = world.open_case(&hana).unwrap();
    assert_eq!(case.claim, None, "nobody looks after her");
    assert_eq!(case.office_since, Some(world.now));
}

#[test]
fn whoever_line_turns_out_not_to_know_gives_back_every_case_that_they_had_taken() {
    let (mut world, kenji) = town();
    let hana = world.member(&kenji, "はな", "毎日", "9時");
    let taro = world.member(&kenji, "たろう", "毎日", "10時");
    world.until_wall("2026-11-24T12:05:00");
    world.press(&kenji, "対応します");
    // The account is gone, and the next alert finds that out.
    world.refusal = Some(Refusal::UnknownReceiver(vec![kenji.clone()]));
    let journal = world.journal_length();
    world.until_wall("2026-11-24T13:01:00");
    assert!(world.open_case(&taro).is_some());
    let case = world.open_case(&hana).unwrap();
    let told = world.facts_since(journal);
    assert!(told.contains(&Fact::NobodyToTell(case.id)), "{told:?}");
    assert_eq!(case.claim, None);
    assert!(case.office_since.is_some());
}

#[test]
fn whoever_comes_back_hears_of_what_is_open_where_they_watch() {
    let (mut world, kenji) = town();
    world.member(&kenji, "はな", "毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.block(&kenji);
    world.until_wall("2026-11-24T14:00:00");
    world.unblock(&kenji);
    assert_eq!(world.count(&kenji, &format!("{ALERT}はなさん")), 1);
}

#[test]
fn one_digest_a_day_names_every_open_case_of_its_reader() {
    let (mut world, kenji) = town();
    for name in ["はな", "たろう", "うめ"] {
        world.member(&kenji, name, "5日", "9時");
    }
    world.until_wall("2026-11-25T09:30:00");
    assert_eq!(world.count(&kenji, DIGEST), 1);
    let digest = world.last(&kenji);
    for name in ["はなさん", "たろうさん", "うめさん"] {
        assert!(digest.contains(name), "{digest}");
    }
}

#[test]
fn whoever_begins_to_watch_in_an_organization_hears_of_what_is_open_there() {
    let (mut world, kenji) = town();
    world.member(&kenji, "はな", "毎日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    let michiko = world.watcher(&kenji, "みちこ");
    world.wait(minutes(5));
    assert_eq!(
        world.count(&michiko, &format!("{ALERT}はなさん")),
        1,
        "{:?}",
        world.texts(&michiko)
    );
}

#[test]
fn whoever_comes_back_to_a_team_of_hundreds_hears_of_what_is_open_there() {
    let (mut world, kenji) = town();
    world.member(&kenji, "はな", "毎日", "9時");
    let team = world.team(&kenji).id;
    world.crowd(team, 330);
    world.until_wall("2026-11-24T11:59:00");
    world.block(&kenji);
    world.until_wall("2026-11-24T14:00:00");
    world.unblock(&kenji);
    assert_eq!(world.count(&kenji, &format!("{ALERT}はなさん")), 1);
}
