//! Who would be forgotten is found when everyone is counted, and put right; whoever is not forgotten when it comes to that
//! stays as they are.

use anshin::domain::event::{Event, GroupNews, TimeLook, Upkeep};
use anshin::domain::fact::Fact;
use anshin::domain::id::PersonId;
use anshin::domain::person::Person;
use anshin::domain::round::{Ending, Round, Stage};
use anshin::domain::time::Moment;

use jiff::civil::date;

use crate::world::{World, days, hours, minutes, tokyo};

const ALERT: &str = "お返事がありません：";
const QUESTION: &str = "げんきですか？";

fn strays(world: &World) -> Vec<Fact> {
    let facts = world.facts_since(0).into_iter();
    facts.filter(|fact| matches!(fact, Fact::Stray(_) | Fact::StrayCase(_))).collect()
}

fn family() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    (world, family)
}

fn alerted() -> (World, [String; 3]) {
    let (mut world, family) = family();
    world.until_wall("2026-11-24T12:30:00");
    (world, family)
}

/// Counted as forgotten, as things stood when everyone was counted.
fn is_counted(world: &mut World, person: PersonId) {
    world.happen(&[Event::Upkeep(Upkeep::Stray(person))]);
}

fn doubts(world: &mut World) {
    world.happen(&[Event::Upkeep(Upkeep::Time(TimeLook::Stepped))]);
}

fn knows(world: &mut World) {
    world.happen(&[Event::Upkeep(Upkeep::Time(TimeLook::Proven))]);
}

#[test]
fn whoever_has_no_timer_has_one_once_everyone_was_counted_and_is_asked_at_the_usual_hour() {
    let (mut world, [yoshiko, ..]) = family();
    let id = world.id(&yoshiko);
    world.edit(|tables| tables.put_timer(id.0, None).unwrap());
    world.wait(minutes(14));
    assert_eq!(world.timer(&yoshiko), None);
    world.wait(minutes(3));
    assert_eq!(strays(&world), [Fact::Stray(id)]);
    world.until_wall("2026-11-23T09:05:00");
    assert_eq!(world.count(&yoshiko, QUESTION), 1);
}

#[test]
fn a_timer_further_away_than_any_rule_sets_it_is_put_right_once_the_time_is_known() {
    let (mut world, [yoshiko, ..]) = family();
    let (id, due) = (world.id(&yoshiko), world.timer(&yoshiko).unwrap());
    let far = due + days(400);
    world.edit(|tables| tables.put_timer(id.0, Some(far)).unwrap());
    doubts(&mut world);
    is_counted(&mut world, id);
    assert_eq!((world.timer(&yoshiko), strays(&world)), (Some(far), vec![]), "by a doubtful time");
    knows(&mut world);
    is_counted(&mut world, id);
    assert_eq!((world.timer(&yoshiko), strays(&world)), (Some(due), vec![Fact::Stray(id)]));
}

#[test]
fn whoever_has_a_timer_by_now_or_is_not_watched_or_is_looked_after_stays_as_they_are() {
    let (mut world, [yoshiko, kenji, _]) = family();
    let due = world.timer(&yoshiko);
    for user in [&yoshiko, &kenji] {
        let person = world.id(user);
        is_counted(&mut world, person);
    }
    is_counted(&mut world, PersonId(999_999));
    assert_eq!((world.timer(&yoshiko), world.timer(&kenji)), (due, None));
    // LINE does not reach her, which somebody has been told: she is asked nothing meanwhile.
    world.block(&yoshiko);
    world.wait(minutes(5));
    assert!(world.open_case(&yoshiko).is_some() && world.timer(&yoshiko).is_none());
    let yoshiko_id = world.id(&yoshiko);
    is_counted(&mut world, yoshiko_id);
    assert_eq!((world.timer(&yoshiko), strays(&world)), (None, vec![]));
}

#[test]
fn whom_line_does_not_reach_and_nobody_looks_after_is_found() {
    let (mut world, [yoshiko, ..]) = family();
    world.block(&yoshiko);
    world.wait(minutes(5));
    let mut person = world.person(&yoshiko).unwrap();
    let id = person.id;
    person.watch.as_mut().unwrap().case = None;
    world.edit(|tables| tables.put_person(&person).unwrap());
    is_counted(&mut world, id);
    assert_eq!(strays(&world), [Fact::Stray(id)]);
    assert!(world.timer(&yoshiko).is_some());
}

#[test]
fn a_case_without_a_timer_is_told_again() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    let case = world.open_case(&yoshiko).unwrap().id;
    world.edit(|tables| tables.put_timer(case.0, None).unwrap());
    world.wait(minutes(22));
    assert_eq!(strays(&world), [Fact::StrayCase(case)]);
    assert!(world.case_timer(&yoshiko).is_some());
    world.until_wall("2026-11-24T13:01:00");
    assert_eq!(world.count(&kenji, "対応する方がいません："), 1, "as the next step of its ladder");
}

#[test]
fn a_case_whose_timer_is_of_another_year_climbs_from_here_once_the_time_is_known() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    let case = world.open_case(&yoshiko).unwrap().id;
    let far = world.now + days(400);
    world.edit(|tables| tables.put_timer(case.0, Some(far)).unwrap());
    let counted = |world: &mut World| world.happen(&[Event::Upkeep(Upkeep::StrayCase(case))]);
    doubts(&mut world);
    counted(&mut world);
    assert_eq!((world.case_timer(&yoshiko), strays(&world)), (Some(far), vec![]));
    knows(&mut world);
    counted(&mut world);
    assert_eq!(strays(&world), [Fact::StrayCase(case)]);
    assert!(world.case_timer(&yoshiko).is_some_and(|at| at <= world.now + minutes(1)));
    world.wait(minutes(2));
    assert_eq!(world.count(&kenji, "対応する方がいません："), 1);
}

#[test]
fn a_case_that_climbs_or_is_over_stays_as_it_is() {
    let (mut world, [yoshiko, ..]) = alerted();
    let case = world.open_case(&yoshiko).unwrap().id;
    let due = world.case_timer(&yoshiko);
    let counted = |world: &mut World| world.happen(&[Event::Upkeep(Upkeep::StrayCase(case))]);
    counted(&mut world);
    assert_eq!((world.case_timer(&yoshiko), strays(&world)), (due, vec![]));
    world.press(&yoshiko, "げんきです");
    world.wait(hours(1));
    counted(&mut world);
    assert_eq!((strays(&world), world.count(&yoshiko, ALERT)), (vec![], 0));
    assert_eq!(world.store.read().unwrap().timer(case.0).unwrap(), None);
}

// --- what a clock that ran ahead leaves behind ---------------------------------------------------

fn edit(world: &mut World, user: &str, change: impl Fn(&mut Person), timer: Option<Moment>) {
    let mut person = world.person(user).unwrap();
    change(&mut person);
    world.edit(|tables| {
        tables.put_person(&person).unwrap();
        tables.put_timer(person.id.0, timer).unwrap();
    });
}

fn round_of(person: &mut Person) -> &mut Round {
    person.watch.as_mut().unwrap().round.as_mut().unwrap()
}

/// よしこ, asked this morning, and what is noted of her round changed; and her timer is of another year.
fn asked_and(change: impl Fn(&mut Round)) -> (World, [String; 3]) {
    let (mut world, family) = family();
    world.until_wall("2026-11-23T09:30:00");
    let far = world.now + days(400);
    edit(&mut world, &family[0], |person| change(round_of(person)), Some(far));
    let id = world.id(&family[0]);
    is_counted(&mut world, id);
    assert_eq!(strays(&world), [Fact::Stray(id)]);
    (world, family)
}

#[test]
fn a_round_of_days_to_come_never_was_and_the_next_hour_is_asked() {
    let (mut world, [yoshiko, ..]) = family();
    world.until_wall("2026-11-23T09:30:00");
    let later = world.now + days(3);
    edit(&mut world, &yoshiko, |person| round_of(person).due_at = later, Some(later + days(1)));
    let id = world.id(&yoshiko);
    is_counted(&mut world, id);
    assert_eq!(world.round(&yoshiko), None);
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T09:00:00")));
    let past = world.store.read().unwrap().past_rounds(id, 1).unwrap();
    assert_eq!((past[0].round.due_at, past[0].ending), (later, Ending::Superseded));
}

#[test]
fn a_wait_of_another_year_ends_when_it_would_have() {
    let question = tokyo("2026-11-23T09:00:00");
    let now = tokyo("2026-11-23T09:30:00");
    type Case = (&'static str, fn(&mut Round), Moment);
    let cases: [Case; 4] = [
        ("asked", |_| (), question + hours(24)),
        (
            "not asked",
            |round| (round.stage, round.asked_at) = (Stage::Asking, None),
            question + hours(27),
        ),
        ("reported", |round| round.stage = Stage::Reported, question + hours(24)),
        (
            "asked a day before",
            |round| {
                round.asked_at = round.asked_at.map(|at| at - hours(24));
                (round.stage, round.due_at) = (Stage::Resending, round.due_at - hours(24));
            },
            now + hours(3),
        ),
    ];
    for (what, change, due) in cases {
        let (world, [yoshiko, ..]) = asked_and(change);
        assert_eq!(world.timer(&yoshiko), Some(due), "{what}");
    }
}

#[test]
fn a_second_call_that_came_before_its_time_is_made_again_when_it_is_time() {
    let (mut world, [yoshiko, kenji, _]) = asked_and(|round| {
        (round.stage, round.resent_at) = (Stage::Resent, round.asked_at);
    });
    let round = world.round(&yoshiko).unwrap();
    assert_eq!((round.stage, round.resent_at), (Stage::Asked, None));
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T09:00:00")));
    world.until_wall("2026-11-24T11:59:00");
    assert_eq!(world.count(&kenji, ALERT), 0, "nobody is told before the second call is over");
    world.until_wall("2026-11-24T12:01:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn whom_line_does_not_reach_is_looked_at_within_a_minute() {
    let (mut world, [yoshiko, ..]) = family();
    world.block(&yoshiko);
    world.wait(minutes(5));
    let far = world.now + days(400);
    edit(&mut world, &yoshiko, |person| person.watch.as_mut().unwrap().case = None, Some(far));
    let id = world.id(&yoshiko);
    is_counted(&mut world, id);
    assert_eq!(world.timer(&yoshiko), Some(world.now + minutes(1)));
}

#[test]
fn what_is_noted_of_whoever_watches_and_is_of_days_to_come_is_of_today_once_the_time_is_known() {
    let (mut world, [_, kenji, _]) = family();
    let later = world.now + days(400);
    let change = |person: &mut Person| {
        person.reach.changed_at = later;
        person.digested_on = Some(date(2028, 1, 1));
    };
    edit(&mut world, &kenji, change, None);
    let id = world.id(&kenji);
    doubts(&mut world);
    is_counted(&mut world, id);
    assert_eq!(world.person(&kenji).unwrap().reach.changed_at, later, "by a doubtful time");
    knows(&mut world);
    is_counted(&mut world, id);
    let person = world.person(&kenji).unwrap();
    assert_eq!((person.reach.changed_at, person.digested_on), (world.now, None));
    assert_eq!((strays(&world), world.timer(&kenji)), (vec![Fact::Stray(id)], None));
}

#[test]
fn a_group_without_a_timer_or_with_one_of_another_year_is_asked_and_reported_as_any() {
    let mut world = World::new();
    let people = ["さちこ", "はなこ"].map(|name| world.stranger(name));
    let chat = world.group("なかよし会", &people.each_ref().map(String::as_str));
    for (who, label) in [(0, "代表者になる"), (0, "毎日"), (0, "9時"), (1, "参加します")]
    {
        world.press_in(&chat, &people[who], label);
    }
    let id = world.stored_group(&chat).id;
    let timer = |world: &World| world.store.read().unwrap().timer(id.0).unwrap();
    let counted = |world: &mut World| {
        let before = world.journal_length();
        world.happen(&[Event::GroupNews(GroupNews::Stray(id))]);
        world.facts_since(before).contains(&Fact::GroupStray(id))
    };
    let due = timer(&world).unwrap();
    assert!(!counted(&mut world) && timer(&world) == Some(due), "it has its timer");
    world.edit(|tables| tables.put_timer(id.0, None).unwrap());
    assert!(counted(&mut world) && timer(&world) == Some(world.now + minutes(1)));
    world.until(due + minutes(30));
    let asked_at = world.stored_group(&chat).round.unwrap().asked_at.unwrap();
    let far = world.now + days(400);
    world.edit(|tables| tables.put_timer(id.0, Some(far)).unwrap());
    doubts(&mut world);
    assert!(!counted(&mut world) && timer(&world) == Some(far), "by a doubtful time");
    knows(&mut world);
    assert!(counted(&mut world) && timer(&world) == Some(asked_at + hours(23)));
    // A round of days to come never was.
    let mut group = world.stored_group(&chat);
    group.round.as_mut().unwrap().due_at = far;
    world.edit(|tables| {
        tables.put_group(&group).unwrap();
        tables.put_timer(id.0, Some(far)).unwrap();
    });
    assert!(counted(&mut world));
    assert_eq!(world.stored_group(&chat).round, None);
    assert_eq!(timer(&world), Some(due + days(1)));
}
