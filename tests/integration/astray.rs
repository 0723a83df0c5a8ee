//! Who would be forgotten is found when everyone is counted, and put right; whoever is not forgotten when it comes to that
//! stays as they are.

use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::fact::Fact;
use anshin::domain::id::PersonId;

use crate::world::{World, days, hours, minutes};

const ALERT: &str = "お返事がありません：";
const QUESTION: &str = "げんきですか？";

fn strays(world: &World) -> Vec<Fact> {
    let entries = world.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
    let facts = entries.into_iter().map(|entry| entry.fact);
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
