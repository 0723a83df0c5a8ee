//! Memberships that end: told beforehand and when it is over, and nothing stops.

use anshin::domain::fact::Fact;
use anshin::domain::staff::DeskAct;
use jiff::civil::date;

use crate::world::World;

/// A family, and somebody at the desk of an office with a mailbox.
fn world() -> (World, [String; 3]) {
    let mut world = World::with_desk();
    let family = world.family("毎日", "9時");
    (world, family)
}

fn set(world: &mut World, user: &str, until: Option<jiff::civil::Date>) {
    let person = world.id(user);
    world.desk(DeskAct::Membership(person, until));
}

fn told(world: &World, user: &str) -> usize {
    world.texts(user).iter().filter(|text| text.contains("有効期間")).count()
}

#[test]
fn the_end_of_a_membership_is_told_thirty_seven_and_one_days_before_and_stops_nothing() {
    let (mut world, [yoshiko, kenji, _]) = world();
    set(&mut world, &yoshiko, Some(date(2027, 1, 31)));
    world.settle();
    assert!(
        world.last(&yoshiko).contains("2027年1月31日（日）までです"),
        "{}",
        world.last(&yoshiko)
    );
    assert_eq!(told(&world, &yoshiko), 1, "that it was set");
    let mut counts = Vec::new();
    for day in ["2026-12-31", "2027-01-02", "2027-01-23", "2027-01-25", "2027-01-29", "2027-01-31"]
    {
        world.until_wall(&format!("{day}T09:30:00"));
        world.press(&yoshiko, "げんきです");
        counts.push(told(&world, &yoshiko) - 1);
    }
    // Thirty days before is January 1, seven are the 24th, one is the 30th.
    assert_eq!(counts, [0, 1, 1, 2, 2, 3]);
    assert_eq!(told(&world, &kenji), 0, "it is the person's own affair until it is over");
    world.until_wall("2027-02-01T09:30:00");
    world.press(&yoshiko, "げんきです");
    assert_eq!(told(&world, &yoshiko), 5);
    assert!(world.texts(&yoshiko).iter().any(|text| text.contains("会員の有効期間がすぎました")));
    assert_eq!(told(&world, &kenji), 1, "those who watch hear that it is over");
    let letters = world.letters("welfare@example.jp");
    assert!(letters.iter().any(|letter| letter.text.contains("有効期間がすぎました")));
    // And everything goes on.
    world.until_wall("2027-02-20T09:30:00");
    assert_eq!(told(&world, &yoshiko), 5, "told once");
    assert!(world.person(&yoshiko).unwrap().watch.is_some());
    assert!(world.round(&yoshiko).is_some(), "asked as before");
}

#[test]
fn a_membership_that_is_made_longer_is_told_and_reminded_of_anew() {
    let (mut world, [yoshiko, ..]) = world();
    set(&mut world, &yoshiko, Some(date(2026, 11, 25)));
    world.settle();
    world.until_wall("2026-11-24T09:30:00");
    let soon = told(&world, &yoshiko);
    set(&mut world, &yoshiko, Some(date(2027, 11, 25)));
    set(&mut world, &yoshiko, Some(date(2027, 11, 25)));
    world.settle();
    assert_eq!(told(&world, &yoshiko), soon + 1, "the same end again is no news");
    world.until_wall("2026-12-10T09:30:00");
    assert_eq!(told(&world, &yoshiko), soon + 1);
    set(&mut world, &yoshiko, None);
    world.settle();
    assert!(world.texts(&yoshiko).iter().any(|text| text.contains("これからも、ずっと会員です")));
    assert_eq!(world.person(&yoshiko).unwrap().membership, None);
    let entries = world.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
    let reminded = entries.iter().filter(|e| matches!(e.fact, Fact::MembershipTold(_))).count();
    assert_eq!(reminded, 1, "one day before the first end");
}
