//! People without LINE: the office writes them down, phones them on their day, and the same waits and cases follow as
//! for everyone else.

use std::time::Duration;

use anshin::domain::case::{Case, Outcome, Trouble};
use anshin::domain::details::{Details, LINE_CHARS_MAX, Line, Phone};
use anshin::domain::fact::Fact;
use anshin::domain::id::{PersonId, TeamId};
use anshin::domain::message::State;
use anshin::domain::name::Name;
use anshin::domain::person::{EndReason, Person};
use anshin::domain::round::{Ending, Stage};
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::staff::{DeskAct, NewMember, Phoned, TeamPlan};
use anshin::domain::team::{Policy, Role};

use crate::world::{World, days, hours, minutes, tokyo};

fn office_team(world: &mut World) -> TeamId {
    let plan = TeamPlan {
        name: Name::of_team("電話見守り").unwrap(),
        office: true,
        organization: None,
        interval: Interval::DAILY,
        hour: Hour::new(9).unwrap(),
        policy: Policy::Full,
        statement: None,
        wants_form: false,
    };
    world.desk(DeskAct::MakeTeam(plan));
    world.store.read().unwrap().teams_from(0, 100).unwrap().pop().unwrap().id
}

fn new(team: TeamId, name: &str, interval: u8) -> NewMember {
    NewMember {
        name: Name::of_person(name).unwrap(),
        team,
        interval: Interval::days(interval).unwrap(),
        hour: Hour::new(9).unwrap(),
        details: Details {
            full_name: Line::read("架空 うめ", LINE_CHARS_MAX).unwrap(),
            phone: Phone::read("03-0000-1111").unwrap(),
            ..Details::default()
        },
    }
}

/// A world with うめ, who is phoned every day at nine, from tomorrow.
fn world() -> (World, TeamId, PersonId) {
    let mut world = World::with_desk();
    let team = office_team(&mut world);
    world.desk(DeskAct::Register(vec![new(team, "うめ", 1)]));
    let ume = world.store.read().unwrap().members(team, Role::Member, 9).unwrap()[0].person;
    (world, team, ume)
}

fn person(world: &World, id: PersonId) -> Person {
    world.store.read().unwrap().person(id).unwrap().unwrap()
}

fn stage(world: &World, id: PersonId) -> Option<Stage> {
    person(world, id).watch.unwrap().round.map(|round| round.stage)
}

fn open(world: &World, id: PersonId) -> Option<Case> {
    let reading = world.store.read().unwrap();
    let case = reading.person(id).unwrap().unwrap().watch?.case?;
    reading.case(case).unwrap().filter(Case::is_open)
}

fn state(world: &World, id: PersonId) -> State {
    State::of(&person(world, id), open(world, id).as_ref())
}

fn facts(world: &World) -> Vec<Fact> {
    let entries = world.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
    entries.into_iter().map(|entry| entry.fact).collect()
}

#[test]
fn somebody_without_line_is_due_on_their_day_and_no_message_leaves() {
    let (mut world, _, ume) = world();
    world.until_wall("2026-11-23T08:59:59");
    assert_eq!((state(&world, ume), stage(&world, ume)), (State::New, None));
    world.until_wall("2026-11-23T09:00:00");
    assert_eq!((state(&world, ume), stage(&world, ume)), (State::ToPhone, Some(Stage::Asking)));
    assert!(
        world
            .store
            .read()
            .unwrap()
            .rows()
            .unwrap()
            .iter()
            .all(|row| row.to.way() != anshin::domain::id::Way::Line)
    );
    world.desk(DeskAct::Phoned(ume, Phoned::Well));
    assert_eq!((state(&world, ume), stage(&world, ume)), (State::Well, None));
    let past = world.store.read().unwrap().past_rounds(ume, 9).unwrap();
    assert_eq!(past.iter().map(|past| past.ending).collect::<Vec<_>>(), [Ending::Answered]);
    let noted =
        facts(&world).into_iter().any(|fact| matches!(fact, Fact::AnsweredFor(p, _) if p == ume));
    assert!(noted, "who at the desk spoke to them stands in the log");
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(state(&world, ume), State::ToPhone, "the next day they are due again");
}

#[test]
fn three_hours_after_the_first_call_in_vain_it_is_a_case_and_further_calls_do_not_put_it_off() {
    let (mut world, _, ume) = world();
    world.until_wall("2026-11-23T10:00:00");
    world.desk(DeskAct::Phoned(ume, Phoned::InVain));
    assert_eq!(state(&world, ume), State::PhonedInVain);
    world.wait(hours(2));
    world.desk(DeskAct::Phoned(ume, Phoned::InVain));
    world.until_wall("2026-11-23T12:59:59");
    assert_eq!(open(&world, ume), None);
    world.until_wall("2026-11-23T13:00:00");
    let case = open(&world, ume).unwrap();
    assert_eq!(case.trouble, Trouble::NoAnswer);
    assert!(case.office_since.is_some(), "it stands on the board");
    // The next day they are due again; whoever reaches them ends the case.
    world.until_wall("2026-11-24T09:30:00");
    world.desk(DeskAct::Phoned(ume, Phoned::Well));
    assert_eq!(open(&world, ume), None);
    let closed = world.case(case.id).unwrap().closed.unwrap();
    assert_eq!(closed.outcome, Outcome::Answered);
}

#[test]
fn a_first_call_in_vain_that_comes_late_does_not_put_the_case_off() {
    let (mut world, _, ume) = world();
    world.until_wall("2026-11-24T11:00:00");
    world.desk(DeskAct::Phoned(ume, Phoned::InVain));
    world.until_wall("2026-11-24T11:59:59");
    assert_eq!(open(&world, ume), None);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(open(&world, ume).unwrap().trouble, Trouble::NoAnswer);
}

#[test]
fn whoever_calls_in_vain_and_worries_opens_the_case_at_once() {
    let (mut world, _, ume) = world();
    world.until_wall("2026-11-23T10:00:00");
    world.desk(DeskAct::Phoned(ume, Phoned::Worried));
    assert_eq!(open(&world, ume).unwrap().trouble, Trouble::NoAnswer);
    world.desk(DeskAct::Phoned(ume, Phoned::Worried));
    let opened = facts(&world).into_iter().filter(|fact| matches!(fact, Fact::CaseOpened(..)));
    assert_eq!(opened.count(), 1, "twice is once");
}

#[test]
fn whom_nobody_phoned_is_no_silence_but_not_known_27_hours_later() {
    let (mut world, _, ume) = world();
    world.until_wall("2026-11-24T11:59:59");
    assert_eq!(open(&world, ume), None);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(open(&world, ume).unwrap().trouble, Trouble::NotPhoned);
    let letters = world.letters(crate::world::OFFICE);
    assert!(
        letters
            .iter()
            .any(|letter| letter.text.contains("電話できず")
                || letter.subject.contains("電話できず")),
        "{letters:?}"
    );
}

#[test]
fn they_may_phone_us_before_their_hour_and_are_not_called_then() {
    let (mut world, _, ume) = world();
    world.until_wall("2026-11-23T08:30:00");
    world.desk(DeskAct::Phoned(ume, Phoned::Well));
    world.until_wall("2026-11-23T10:00:00");
    assert_eq!((state(&world, ume), stage(&world, ume)), (State::Well, None));
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(state(&world, ume), State::ToPhone);
}

#[test]
fn an_outage_a_stop_and_a_short_month_change_nothing_for_them() {
    let (mut world, _, ume) = world();
    world.edit_quota(200);
    world.until_wall("2026-11-23T09:30:00");
    world.desk(DeskAct::Phoned(ume, Phoned::InVain));
    world.stop();
    world.wait(hours(5));
    world.start();
    world.wait(minutes(15));
    let case = open(&world, ume)
        .expect("no apology, no waiting anew: silence on the telephone is no deafness of ours");
    assert_eq!(case.trouble, Trouble::NoAnswer);
    world.wait(days(1));
    let strays =
        facts(&world).into_iter().any(|fact| matches!(fact, Fact::Stray(_) | Fact::Unreachable(_)));
    assert!(!strays, "they are neither lost nor forgotten");
    let service = world.store.read().unwrap().service().unwrap();
    assert_eq!(service.quota.forecast, 0, "calls cost no message");
}

#[test]
fn they_are_written_down_all_or_none_with_a_number_to_phone_and_in_a_team_of_the_office() {
    let (mut world, team, _) = world();
    let count =
        |world: &World| world.store.read().unwrap().member_count(team, Role::Member).unwrap();
    let plain = |name: &str| new(team, name, 7);
    let numberless = NewMember { details: Details::default(), ..plain("きく") };
    let elsewhere = NewMember { team: TeamId(999_999), ..plain("きく") };
    for wrong in [numberless, elsewhere] {
        world.desk(DeskAct::Register(vec![plain("まつ"), wrong]));
        assert_eq!(count(&world), 1);
    }
    world.desk(DeskAct::Register(Vec::new()));
    world.desk(DeskAct::Register(vec![plain("まつ"), plain("きく")]));
    assert_eq!(count(&world), 3);
    let ids: Vec<PersonId> = world
        .store
        .read()
        .unwrap()
        .members(team, Role::Member, 9)
        .unwrap()
        .into_iter()
        .map(|m| m.person)
        .collect();
    let details = world.store.read().unwrap().details(ids[2]).unwrap().unwrap();
    assert_eq!((details.phone.unwrap().as_str(), details.version), ("03-0000-1111", 1));
}

#[test]
fn a_registration_is_taken_back_without_a_trace_as_long_as_nothing_has_happened() {
    let (mut world, team, ume) = world();
    world.desk(DeskAct::Register(vec![new(team, "まつ", 7), new(team, "きく", 7)]));
    let first = PersonId(ume.0 + 1);
    world.desk(DeskAct::Unregister(first, 2));
    let reading = world.store.read().unwrap();
    for id in [first, PersonId(first.0 + 1)] {
        assert_eq!(reading.person(id).unwrap(), None);
        assert_eq!(reading.details(id).unwrap(), None);
        assert_eq!(reading.timer(id.0).unwrap(), None);
        assert!(reading.places(id).unwrap().is_empty());
    }
    drop(reading);
    // Somebody who was due is no mistake any more; nor is anybody else.
    world.until_wall("2026-11-23T09:00:00");
    world.desk(DeskAct::Unregister(ume, 1));
    world.desk(DeskAct::Unregister(ume, u32::MAX));
    assert!(world.store.read().unwrap().person(ume).unwrap().is_some());
    let yoshiko = world.friend("よしこ");
    let id = world.id(&yoshiko);
    world.desk(DeskAct::Unregister(id, 1));
    assert!(world.person(&yoshiko).is_some(), "nobody who is on LINE");
}

#[test]
fn the_office_changes_their_days_and_ends_the_watch_and_nobody_is_phoned_after_that() {
    let (mut world, _, ume) = world();
    world.desk(DeskAct::Retime(ume, Interval::days(7).unwrap(), Hour::new(10).unwrap()));
    world.until_wall("2026-11-23T10:00:00");
    assert_eq!(state(&world, ume), State::ToPhone);
    world.desk(DeskAct::Phoned(ume, Phoned::Well));
    world.wait(days(6));
    assert_eq!(state(&world, ume), State::Well, "a week in between");
    world.until(tokyo("2026-11-30T10:00:00") + Duration::from_secs(1));
    assert_eq!(state(&world, ume), State::ToPhone);
    world.desk(DeskAct::EndWatch(ume, EndReason::CareHome));
    assert!(person(&world, ume).watch.is_none());
    assert_eq!(person(&world, ume).ended.unwrap().why, EndReason::CareHome);
    world.desk(DeskAct::Phoned(ume, Phoned::InVain));
    world.wait(days(3));
    assert!(facts(&world).into_iter().all(|fact| !matches!(fact, Fact::CaseOpened(..))));
}

#[test]
fn other_days_hold_at_once_also_while_a_case_is_open() {
    let (mut world, _, ume) = world();
    world.desk(DeskAct::Retime(ume, Interval::days(30).unwrap(), Hour::new(9).unwrap()));
    world.until_wall("2026-11-23T10:00:00");
    world.desk(DeskAct::Phoned(ume, Phoned::Worried));
    assert!(open(&world, ume).is_some());
    world.desk(DeskAct::Retime(ume, Interval::DAILY, Hour::new(9).unwrap()));
    let next = world.store.read().unwrap().timer(ume.0).unwrap();
    assert_eq!(next, Some(tokyo("2026-11-24T09:00:00")));
    world.until_wall("2026-11-24T09:00:01");
    let round = person(&world, ume).watch.unwrap().round.unwrap();
    assert_eq!(round.due_at, tokyo("2026-11-24T09:00:00"));
}

#[test]
fn a_rest_holds_for_them_as_for_everyone() {
    let (mut world, _, ume) = world();
    let told = anshin::domain::staff::Told::PhoneEnd("1111".to_owned());
    let why = anshin::domain::pause::Why::Hospital;
    world.desk(DeskAct::Rest { person: ume, days: 3, why, told });
    world.until_wall("2026-11-25T23:00:00");
    assert!(matches!(state(&world, ume), State::Resting(_)), "{:?}", state(&world, ume));
    world.until_wall("2026-11-26T09:00:00");
    assert_eq!(state(&world, ume), State::ToPhone);
}
