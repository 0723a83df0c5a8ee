//! The process, or its machine, stands still and goes on: suspended, starved, stopped by hand. It is as deaf as a stop,
//! whoever is the first to go on, and whoever dies before it was noticed.

use std::time::Duration;

use anshin::domain::event::Event;
use anshin::domain::fact::Fact;
use anshin::domain::hearing::Probe;
use anshin::domain::rules::Rules;
use anshin::domain::time::Moment;
use anshin::engine::{self, Engine, Handle, Look, Sinks};
use anshin::store::Store;
use tokio::sync::mpsc::unbounded_channel;

use crate::world::{Quicker, Watchful, World, minutes, tokyo};

const ALERT: &str = "お返事がありません：";
const SORRY: &str = "もう一度押してください。申し訳ありません";

const ALL: [Quicker; 3] = [Quicker::Timers, Quicker::Keeper, Quicker::Webhooks];

/// よしこ was asked on Monday at nine, and asked again on Tuesday at nine: the alert is due at twelve.
fn asked_again() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("5日", "9時");
    world.until_wall("2026-11-24T09:30:00");
    (world, family)
}

#[test]
fn silence_while_we_stood_still_is_no_silence_whoever_is_the_first_to_go_on() {
    for quicker in ALL {
        let (mut world, [yoshiko, kenji, _]) = asked_again();
        // Somebody else does something meanwhile, and LINE keeps the line.
        world.say(&kenji, "メニュー");
        world.stand_still(tokyo("2026-11-24T14:25:00"), quicker);
        world.until_wall("2026-11-24T17:30:00");
        assert_eq!(world.times(&yoshiko, SORRY), [tokyo("2026-11-24T14:35:00")], "{quicker:?}");
        assert_eq!(world.count(&kenji, ALERT), 0, "{quicker:?}");
        world.wait(minutes(30));
        assert_eq!(world.count(&kenji, ALERT), 1, "{quicker:?}");
    }
}

#[test]
fn a_standstill_that_ends_in_a_kill_before_anyone_noticed_it_is_a_stop_of_that_length() {
    for quicker in ALL {
        let (mut world, [yoshiko, kenji, _]) = asked_again();
        world.stand_still_and_die(tokyo("2026-11-24T14:25:00"), quicker);
        world.until_wall("2026-11-24T17:30:00");
        assert_eq!(world.count(&yoshiko, SORRY), 1, "{quicker:?}");
        assert_eq!(world.count(&kenji, ALERT), 0, "{quicker:?}");
    }
}

#[test]
fn a_standstill_of_a_minute_is_let_go() {
    let (mut world, [yoshiko, kenji, _]) = asked_again();
    world.until_wall("2026-11-24T11:59:30");
    world.stand_still(tokyo("2026-11-24T12:00:30"), Quicker::Timers);
    assert_eq!((world.count(&yoshiko, SORRY), world.count(&kenji, ALERT)), (0, 1));
}

#[test]
fn after_a_standstill_over_the_hour_of_the_count_nobody_is_said_to_have_been_forgotten() {
    for quicker in ALL {
        let mut world = World::at("2026-11-23T08:00:00", Rules::default());
        world.watchful = Watchful::ByItself;
        let [yoshiko, ..] = world.family("毎日", "9時");
        world.until_wall("2026-11-23T09:30:00");
        world.press(&yoshiko, "げんきです");
        world.until_wall("2026-11-24T09:00:30");
        // The answer comes while we stand still, for longer than until the next question.
        assert!(world.tap(&yoshiko, "げんきです"));
        world.stand_still(tokyo("2026-11-26T03:10:00"), quicker);
        world.until_wall("2026-11-26T05:00:00");
        let journal = world.store.read().unwrap().journal_after(0, 10_000).unwrap();
        let strays = journal.iter().filter(|entry| matches!(entry.fact, Fact::Stray(_)));
        assert_eq!(strays.count(), 0, "{quicker:?}");
        let counted = journal.iter().rev().find(|entry| matches!(entry.fact, Fact::Audited(..)));
        assert!(counted.is_some_and(|entry| entry.at > tokyo("2026-11-26T03:10:00")));
    }
}

#[test]
fn a_word_about_something_else_answers_a_question_that_was_due_and_could_not_be_asked() {
    for quicker in ALL {
        let mut world = World::at("2026-11-23T08:00:00", Rules::default());
        let [yoshiko, kenji, _] = world.family("毎日", "9時");
        world.until_wall("2026-11-23T09:30:00");
        world.press(&yoshiko, "げんきです");
        // She asks for a rest while we stand still, an hour after she would have been asked, and leaves it at that.
        world.platform.say(tokyo("2026-11-24T10:00:00").millis(), &yoshiko, "お休み");
        world.stand_still(tokyo("2026-11-24T14:00:00"), quicker);
        world.until_wall("2026-11-26T11:59:00");
        assert_eq!(world.count(&kenji, ALERT), 0, "{quicker:?}");
        // Nobody answers the question of the next day.
        world.until_wall("2026-11-26T12:01:00");
        assert_eq!(world.count(&kenji, ALERT), 1, "{quicker:?}");
    }
}

/// A writer to whom it is noon, over a file of a service that heard something at eleven.
fn writer(noon: Moment) -> (Store, Handle) {
    let store = Store::in_memory([42; 32]).unwrap();
    let writing = store.write().unwrap();
    let mut service = writing.tables().service().unwrap();
    service.hearing.probed(Probe::Heard, noon - Duration::from_secs(3600));
    writing.tables().put_service(&service).unwrap();
    writing.commit().unwrap();
    let render = Box::new(|_: &anshin::domain::decision::Outgoing, _: Moment| Vec::new());
    let engine = Engine::new(store.clone(), Rules::default(), render).unwrap();
    let sinks = Sinks {
        timers: unbounded_channel().0,
        line: unbounded_channel().0,
        mail: unbounded_channel().0,
        replies: unbounded_channel().0,
    };
    let (handle, _) = engine::start(engine, move || noon, || 0, sinks);
    (store, handle)
}

#[tokio::test]
async fn a_timer_that_the_writer_comes_to_hours_later_is_behind_the_news_of_a_standstill() {
    let noon = tokyo("2026-11-24T12:00:00");
    for (minutes_ago, deaf) in [(1, false), (3, true), (180, true)] {
        let (store, writer) = writer(noon);
        let at = noon - minutes(minutes_ago);
        let look = Look { at, good_until: at + minutes(2) };
        writer.decide_timely(vec![Event::Timer { id: 7, due_at: at }], look).await.unwrap();
        let hearing = store.read().unwrap().service().unwrap().hearing;
        assert_eq!(hearing.deaf_since, deaf.then_some(at), "{minutes_ago} minutes");
    }
}
