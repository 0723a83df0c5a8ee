//! Restarts and power cuts at every step of the story: nothing is lost, nothing is said twice.

use std::collections::BTreeMap;

use anshin::domain::rules::Rules;
use anshin::domain::time::Moment;
use anshin::platform::{Settings, Trouble as Fault};

use crate::world::{World, days, hours, minutes, tokyo};

const ASK: &str = "げんきですか？ ボタン";
const RESEND: &str = "お返事がまだです";
const ALERT: &str = "お返事がありません：";
const CLEAR: &str = "無事です：";

fn restart(world: &mut World) {
    world.stop();
    world.start();
    world.settle();
}

#[test]
fn a_restart_at_every_step_of_the_story_changes_nothing_of_it() {
    let story = |restarts: bool| {
        let mut world = World::new();
        let [yoshiko, kenji, _] = world.family("3日", "9時");
        let step = |world: &mut World, wall: &str| {
            world.until_wall(wall);
            if restarts {
                restart(world);
            }
        };
        step(&mut world, "2026-11-23T08:59:59");
        step(&mut world, "2026-11-23T09:00:00");
        step(&mut world, "2026-11-24T08:59:59");
        step(&mut world, "2026-11-24T09:00:00");
        step(&mut world, "2026-11-24T12:00:00");
        world.press(&kenji, "対応します");
        step(&mut world, "2026-11-24T12:10:00");
        world.press(&yoshiko, "げんきです");
        step(&mut world, "2026-11-24T12:20:00");
        step(&mut world, "2026-11-26T09:00:00");
        (world.phones(), world.person(&yoshiko), world.timer(&yoshiko))
    };
    assert_eq!(story(false), story(true));
}

/// What came unasked, and how often. Replies are lost with the power; LINE takes them once only.
fn pushes(world: &World) -> BTreeMap<(String, String), usize> {
    let mut counted = BTreeMap::new();
    for user in world.platform.users() {
        let name = world.platform.phone(user).unwrap().name.clone();
        for item in world.received(user).into_iter().filter(|item| !item.reply) {
            *counted.entry((name.clone(), item.content.to_string())).or_default() += 1;
        }
    }
    counted
}

fn story_with_a_power_cut(after_steps: Option<u32>) -> (World, bool) {
    let settings = Settings { redelivery: true, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.fuse = after_steps;
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.wait(minutes(10));
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T09:10:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T12:00:00");
    let burnt = after_steps.is_some() && world.fuse.is_none();
    world.fuse = None;
    (world, burnt)
}

#[test]
fn a_power_cut_between_any_two_steps_loses_nothing_and_doubles_nothing() {
    let (calm, _) = story_with_a_power_cut(None);
    let expected = pushes(&calm);
    assert_eq!(expected.len(), 10, "{expected:?}");
    for steps in 0.. {
        let (world, burnt) = story_with_a_power_cut(Some(steps));
        if !burnt {
            assert!(steps > 30, "the fuse was lit");
            break;
        }
        assert_eq!(pushes(&world), expected, "cut after {steps} steps");
        assert_eq!(world.platform.violations(), [] as [String; 0], "cut after {steps} steps");
    }
}

#[test]
fn a_question_that_fell_due_during_a_stop_is_asked_once_after_it() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.stop();
    world.until_wall("2026-11-23T15:00:00");
    world.start();
    world.until_wall("2026-11-24T17:59:00");
    let start = tokyo("2026-11-23T15:00:00");
    assert_eq!(world.times(&yoshiko, ASK), [start]);
    assert_eq!(world.times(&yoshiko, RESEND), [start + hours(24)]);
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-24T18:00:00");
    assert_eq!(world.times(&kenji, ALERT), [start + hours(27)]);
}

#[test]
fn several_days_of_stop_bring_one_question_and_no_alert_for_what_was_not_asked() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.stop();
    world.until_wall("2026-11-28T15:00:00");
    world.start();
    world.wait(minutes(5));
    assert_eq!(world.count(&yoshiko, ASK), 1);
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-29T09:00:00")));
}

#[test]
fn a_resend_that_fell_due_during_a_stop_still_leaves_three_hours_to_answer() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-23T10:00:00");
    world.stop();
    world.until_wall("2026-11-24T20:00:00");
    world.start();
    world.until_wall("2026-11-24T23:09:00");
    // Ten minutes for late presses, then the second call, which apologises.
    assert_eq!(world.times(&yoshiko, RESEND), [tokyo("2026-11-24T20:10:00")]);
    assert!(world.has(&yoshiko, "申し訳ありません"));
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-24T23:10:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn an_alert_that_fell_due_during_a_stop_comes_after_an_apology_and_once() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("3日", "9時");
    world.until_wall("2026-11-24T10:00:00");
    world.stop();
    world.until_wall("2026-11-24T13:00:00");
    for _ in 0..8 {
        world.start();
        world.wait(minutes(30));
        assert_eq!(world.count(&yoshiko, "もう一度押してください。申し訳ありません"), 1);
        world.stop();
    }
    world.start();
    assert_eq!((world.count(&kenji, ALERT), world.count(&michiko, ALERT)), (1, 1));
}

#[test]
fn timers_stand_on_disk_as_they_stood() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("5日", "7時");
    let timers = |world: &World| {
        let mut all: Vec<(u32, Moment)> = Vec::new();
        world.store.read().unwrap().timers(|id, due_at| all.push((id, due_at))).unwrap();
        all
    };
    let before = timers(&world);
    restart(&mut world);
    assert_eq!(timers(&world), before);
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T07:00:00")));
}

#[test]
fn what_waits_in_the_outbox_leaves_after_a_restart_under_the_same_key() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.platform.faults.lose_all_answers = true;
    world.until_wall("2026-11-23T09:10:00");
    world.stop();
    world.platform.faults.lose_all_answers = false;
    world.wait(hours(2));
    world.start();
    world.wait(minutes(10));
    let mut pushes = world.platform.requests().iter().filter(|r| r.path.ends_with("/push"));
    assert!(pushes.any(|r| r.to.as_ref() == Some(&yoshiko) && r.status == 409));
    assert_eq!(world.count(&yoshiko, ASK), 1);
    assert_eq!(world.round(&yoshiko).unwrap().asked_at, Some(tokyo("2026-11-23T09:00:00")));
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn an_all_clear_that_waited_leaves_after_a_restart_exactly_once() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.platform.faults.drop_connection = true;
    world.press(&yoshiko, "げんきです");
    world.stop();
    world.platform.faults.drop_connection = false;
    world.wait(minutes(30));
    world.start();
    world.wait(days(1));
    restart(&mut world);
    for manager in [&kenji, &michiko] {
        assert_eq!((world.count(manager, ALERT), world.count(manager, CLEAR)), (1, 1));
    }
}

#[test]
fn a_registration_goes_on_after_a_restart() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    let answers = ["見守ってもらう", "同意", "よしこ", "3日", "9時"];
    for text in answers {
        restart(&mut world);
        world.say(&yoshiko, text);
    }
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-23T09:00:00")));
}

#[test]
fn a_message_tried_before_a_long_stop_is_not_tried_again_under_its_key() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.platform.faults.next("/v2/bot/message/push", 1, Fault::LoseAnswer);
    world.until_wall("2026-11-23T09:00:00");
    world.stop();
    world.until_wall("2026-11-24T09:30:00");
    world.start();
    world.wait(minutes(5));
    assert_eq!(world.platform.violations(), [] as [String; 0]);
    assert_eq!(world.count(&yoshiko, "ボタンを押してください（よしこさん）"), 1);
}
