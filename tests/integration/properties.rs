//! Promises that hold whatever happens: forty days of presses, silence, restarts, blocks and LINE's
//! faults in any order, and one day's webhooks in any order and number.

use std::collections::BTreeMap;

use anshin::domain::rules::Rules;
use anshin::domain::time::Moment;
use anshin::platform::Settings;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::world::{World, days, hours, minutes, tokyo};

const ASK: &str = "げんきですか？ ボタン";
const RESEND: &str = "お返事がまだです";
const ALERT: &str = "お返事がありません：";
const GONE: &str = "届かなくなりました：";
const UNSENT: &str = "未確認です（送信できず）";
const CLEAR: &str = "無事です：";

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_123),
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    }
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// よしこ presses one of the buttons on her phone.
    Press(usize),
    Sticker,
    Claim,
    FoundWell,
    /// The power is cut after so many steps and comes back.
    Cut(u32),
    /// The server stands still for so many minutes.
    Stop(u64),
    /// LINE has so many minutes of trouble, of one kind.
    Trouble(u64, u8),
    /// よしこ blocks the account for so many hours.
    Away(u64),
    /// けんじ blocks the account for so many hours.
    ManagerAway(u64),
}

fn acts() -> impl Strategy<Value = Vec<(u64, Act)>> {
    let act = prop_oneof![
        8 => (0_usize..4).prop_map(Act::Press),
        2 => Just(Act::Sticker),
        2 => Just(Act::Claim),
        1 => Just(Act::FoundWell),
        2 => (0_u32..6).prop_map(Act::Cut),
        1 => (5_u64..300).prop_map(Act::Stop),
        2 => (5_u64..300, 0_u8..5).prop_map(|(span, kind)| Act::Trouble(span, kind)),
        1 => (1_u64..60).prop_map(Act::Away),
        1 => (1_u64..60).prop_map(Act::ManagerAway),
    ];
    prop::collection::vec((10_u64..2 * 24 * 60, act), 30..50)
}

/// What the world outside knows to be true.
#[derive(Default)]
struct Truth {
    /// Signs of life, by the clock of the phone.
    alive: Vec<Moment>,
    /// When よしこ was away.
    away: Vec<(Moment, Moment)>,
}

fn set_trouble(world: &mut World, kind: u8, on: bool) {
    let faults = &mut world.platform.faults;
    match kind {
        0 => faults.refuse_all_5xx_before = on,
        1 => faults.lose_all_answers = on,
        2 => faults.rate_limited = on,
        3 => faults.unauthorized = on,
        _ => faults.monthly_limit = on,
    }
}

fn carry_out(world: &mut World, family: &[String; 3], act: Act, truth: &mut Truth) {
    let [yoshiko, kenji, _] = family;
    match act {
        Act::Press(back) => {
            let items: Vec<String> =
                world.received(yoshiko).iter().rev().map(|item| item.id.clone()).collect();
            let buttons = items.into_iter().filter(|id| {
                let views = world.platform.actions(yoshiko, id);
                views.iter().any(|view| view.label == "げんきです")
            });
            let buttons: Vec<String> = buttons.collect();
            let Some(id) = buttons.get(back.min(buttons.len().saturating_sub(1))) else { return };
            let pressed = world.platform.press(world.now.millis(), yoshiko, id, 0);
            assert!(pressed.is_ok());
            truth.alive.push(world.now);
        }
        Act::Sticker => {
            world.sticker(yoshiko);
            truth.alive.push(world.now);
        }
        Act::Claim => drop(world.tap(kenji, "対応します")),
        Act::FoundWell => drop(world.tap(kenji, "無事でした")),
        Act::Cut(steps) => world.fuse = Some(steps),
        Act::Stop(span) => {
            world.stop();
            world.wait(minutes(span));
            world.start();
        }
        Act::Trouble(span, kind) => {
            set_trouble(world, kind, true);
            // Too fast is over soon, and is tried again every second.
            world.wait(minutes(if kind == 2 { span / 60 } else { span }));
            set_trouble(world, kind, false);
        }
        Act::Away(span) => {
            world.block(yoshiko);
            world.wait(minutes(2));
            let since = world.now;
            assert_eq!(world.timer(yoshiko), None, "nobody is asked who cannot hear");
            world.wait(hours(span));
            world.unblock(yoshiko);
            truth.away.push((since, world.now));
        }
        Act::ManagerAway(span) => {
            world.block(kenji);
            world.wait(hours(span));
            world.unblock(kenji);
        }
    }
    world.settle();
}

/// Holds after every act: exactly one timer in the future for who can be reached and is watched.
fn check_now(world: &World, yoshiko: &str) {
    let person = world.person(yoshiko).unwrap();
    let timer = world.timer(yoshiko);
    assert!(person.reach.reachable, "blocks end within their act");
    assert!(timer.is_some_and(|due_at| due_at >= world.now), "{timer:?} at {}", world.now);
    assert_eq!(world.timer_count(), 1);
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

/// Holds over the whole story, as the phones show it.
fn check_story(world: &World, family: &[String; 3], truth: &Truth) {
    let [yoshiko, kenji, michiko] = family;
    let asked = world.times(yoshiko, ASK);
    assert_each_once(world, family);
    for manager in [kenji, michiko] {
        for alert in world.times(manager, ALERT) {
            let question = *asked.iter().rfind(|at| **at <= alert).expect("a question before");
            let second = std::time::Duration::from_secs(1);
            // A question whose answer from LINE was lost counts from its first attempt, and the
            // alert does not wait for a second call that cannot be delivered.
            assert!(alert + second >= question + hours(27) - minutes(305), "{question} → {alert}");
            let between = |at: &&Moment| **at >= question && **at <= alert - minutes(2);
            let lived = truth.alive.iter().find(between);
            assert!(lived.is_none(), "alert at {alert} though alive at {lived:?}");
            let gone = truth.away.iter().any(|(from, to)| *from <= alert && alert < *to);
            assert!(!gone, "away is not silent");
        }
        check_clears(world, manager, truth);
        // A second absence within one open case is told in the same words as the first.
        assert!(world.count(manager, GONE) <= truth.away.len());
    }
}

/// Every message that is about one round or case is seen once on a phone.
fn assert_each_once(world: &World, family: &[String; 3]) {
    for user in family {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for item in world.received(user).into_iter().filter(|item| !item.reply) {
            let text = item.content.to_string();
            if [ASK, RESEND, ALERT, UNSENT].iter().any(|kind| text.contains(kind)) {
                *counted.entry(text).or_default() += 1;
            }
        }
        let twice = counted.iter().find(|(_, count)| **count > 1);
        assert!(twice.is_none(), "{twice:?}");
    }
}

/// Between two alerts there is at most one all-clear, and none without an alert before it.
fn check_clears(world: &World, manager: &str, truth: &Truth) {
    let mut open = false;
    for text in world.texts(manager) {
        if [ALERT, UNSENT, GONE].iter().any(|kind| text.contains(kind)) {
            open = true;
        } else if text.contains(CLEAR) {
            assert!(open, "an all-clear without an alert");
            assert!(!truth.alive.is_empty());
            open = false;
        }
    }
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn forty_days_of_anything_break_no_promise(
        acts in acts(),
        interval in prop::sample::select(vec!["毎日", "2日", "3日"]),
    ) {
        let settings = Settings { quota_messages: None, redelivery: true, ..Settings::default() };
        let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
        let family = world.family(interval, "9時");
        let end = world.now + days(40);
        let mut truth = Truth::default();
        for (wait, act) in acts {
            if world.now > end {
                break;
            }
            world.wait(minutes(wait));
            check_now(&world, &family[0]);
            carry_out(&mut world, &family, act, &mut truth);
        }
        // Calm at the end: everything that was due comes, and an answer ends it all.
        world.fuse = None;
        world.wait(days(3));
        world.press(&family[0], "げんきです");
        world.wait(minutes(30));
        check_now(&world, &family[0]);
        check_story(&world, &family, &truth);
        prop_assert_eq!(world.store.read().unwrap().row_count().unwrap(), 0);
    }
}

/// One day of よしこ's acts: (minute of the day from 8:00 on, kind).
fn day() -> impl Strategy<Value = Vec<(u64, u8)>> {
    prop::collection::vec((0_u64..24 * 60, 0_u8..4), 1..6)
}

fn events_of(world: &World, yoshiko: &str, acts: &[(u64, u8)]) -> Vec<Value> {
    let start = tokyo("2026-11-23T08:00:00");
    let press = world.data(yoshiko, "げんきです");
    let event = |(n, (minute, kind)): (usize, &(u64, u8))| {
        let (name, extra) = match kind {
            0 => ("postback", json!({ "postback": { "data": press } })),
            1 => ("message", json!({ "message": { "type": "sticker" } })),
            2 => ("message", json!({ "message": { "type": "text", "text": "元気です" } })),
            _ => ("message", json!({ "message": { "type": "text", "text": "こんにちは" } })),
        };
        let mut event = world.event(&format!("E{n}"), yoshiko, name, &extra);
        event["timestamp"] = json!((start + minutes(*minute)).millis());
        event
    };
    acts.iter().enumerate().map(event).collect()
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn one_days_webhooks_in_any_order_and_number_give_the_same_person_and_the_same_messages(
        acts in day(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        after_alert in any::<bool>(),
    ) {
        let run = |shuffled: bool| {
            let mut world = World::new();
            let family = world.family("3日", "9時");
            world.until_wall("2026-11-23T09:00:00");
            let events = events_of(&world, &family[0], &acts);
            world.until_wall(if after_alert { "2026-11-24T12:30:00" } else { "2026-11-24T08:00:00" });
            if shuffled {
                for index in &order {
                    world.post(std::slice::from_ref(index.get(&events)));
                }
                for event in events.iter().rev() {
                    world.post(std::slice::from_ref(event));
                }
            } else {
                world.post(&events);
            }
            world.until_wall("2026-11-27T20:00:00");
            let mut phones = world.notices();
            phones.sort();
            let mut yoshiko = world.person(&family[0]).unwrap();
            // What lets a press be taken back for ten minutes is a matter of its arrival.
            if let Some(watch) = yoshiko.watch.as_mut() {
                watch.undo = None;
            }
            (yoshiko, world.timer(&family[0]), phones)
        };
        prop_assert_eq!(run(false), run(true));
    }
}
