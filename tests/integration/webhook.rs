//! Webhooks as LINE really sends them: bundled, doubled, late, out of order, strange, or forged.

use anshin::platform::{Settings, sign};
use serde_json::{Value, json};

use crate::world::{World, days, hours, minutes, tokyo};

const WELL: &str = "げんきです";

fn asked() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.hush();
    (world, family)
}

fn press(world: &World, user: &str, id: &str, label: &str) -> Value {
    let data = world.data(user, label);
    world.event(id, user, "postback", &json!({ "postback": { "data": data } }))
}

fn answered(world: &World, user: &str) -> bool {
    world.round(user).is_none()
}

#[test]
fn events_of_several_people_in_one_body_all_count() {
    let mut world = World::new();
    let kenji = world.organization();
    let members = ["はな", "たろう", "うめ"].map(|name| world.member(&kenji, name, "毎日", "9時"));
    world.until_wall("2026-11-23T09:30:00");
    world.platform.faults.webhook_batching = 10;
    for user in &members {
        assert!(world.tap(user, WELL));
    }
    world.sticker(&kenji);
    for user in &members {
        assert!(answered(&world, user));
        assert!(world.last(user).contains("ありがとうございます"));
    }
}

#[test]
fn an_event_that_comes_twice_is_answered_once() {
    let (mut world, [yoshiko, ..]) = asked();
    world.platform.faults.webhook_duplicate = true;
    world.press(&yoshiko, WELL);
    world.wait(minutes(5));
    assert_eq!(world.read().len(), 2, "the press and one answer");
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn an_event_is_known_again_for_more_than_seven_days() {
    let (mut world, [yoshiko, ..]) = asked();
    assert!(world.tap(&yoshiko, WELL));
    let event = world.intercept();
    world.post(&event);
    for _ in 0..7 {
        world.wait(hours(23));
        let journal = world.journal_length();
        let person = world.person(&yoshiko);
        world.post(&event);
        assert_eq!((world.journal_length(), world.person(&yoshiko)), (journal, person));
    }
}

#[test]
fn events_older_than_seven_days_have_no_effect() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    let early =
        world.event("E1", &yoshiko, "message", &json!({ "message": { "type": "sticker" } }));
    world.until_wall("2026-11-24T12:30:00");
    world.wait(days(7));
    let before = (world.person(&yoshiko), world.count(&kenji, "無事です"));
    world.post(&[early]);
    assert_eq!((world.person(&yoshiko), world.count(&kenji, "無事です")), before);
}

#[test]
fn a_late_answer_counts_by_its_own_time() {
    let (mut world, [yoshiko, kenji, michiko]) = asked();
    let event = press(&world, &yoshiko, "L1", WELL);
    world.until_wall("2026-11-24T12:30:00");
    world.post(&[event]);
    let person = world.person(&yoshiko).unwrap().watch.unwrap();
    assert_eq!(person.last_answer_at, Some(tokyo("2026-11-23T09:30:00")));
    for manager in [&kenji, &michiko] {
        assert_eq!(world.count(manager, "無事です："), 1);
        assert!(world.last(manager).contains("11月23日（月）午前9時30分"), "not the arrival");
    }
}

#[test]
fn a_late_greeting_from_before_the_question_answers_nothing() {
    let (mut world, [yoshiko, ..]) = asked();
    let at = tokyo("2026-11-23T08:50:00").millis();
    let extra = json!({ "timestamp": at, "message": { "type": "sticker" } });
    let event = world.event("S1", &yoshiko, "message", &extra);
    world.post(&[event]);
    assert!(!answered(&world, &yoshiko));
}

#[test]
fn a_time_ahead_of_our_clock_is_taken_as_now() {
    let (mut world, [yoshiko, ..]) = asked();
    let ahead = (world.now + days(3)).millis();
    let mut event = press(&world, &yoshiko, "A1", WELL);
    event["timestamp"] = json!(ahead);
    world.post(&[event]);
    assert_eq!(world.person(&yoshiko).unwrap().watch.unwrap().last_answer_at, Some(world.now));
    // And the next day's silence is heard as silence.
    world.until_wall("2026-11-24T09:30:00");
    assert!(!answered(&world, &yoshiko));
}

#[test]
fn a_press_counts_even_where_lines_clock_is_a_little_behind_ours() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:00:01");
    let mut event = press(&world, &yoshiko, "B1", WELL);
    event["timestamp"] = json!(tokyo("2026-11-23T08:59:58").millis());
    world.post(&[event]);
    assert!(answered(&world, &yoshiko));
}

#[test]
fn unknown_events_and_fields_disturb_nothing() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.platform.faults.unknown_event_noise = true;
    world.platform.faults.webhook_batching = 5;
    world.press(&yoshiko, WELL);
    assert!(answered(&world, &yoshiko));
    world.say(&kenji, "使い方");
    assert!(world.last(&kenji).contains("使い方"));
}

#[test]
fn one_senseless_event_does_not_cost_the_others() {
    let (mut world, [yoshiko, ..]) = asked();
    let good = press(&world, &yoshiko, "G1", WELL);
    let user = json!({ "source": { "type": "user", "userId": 7 } });
    let nonsense = [
        json!(null),
        json!("x"),
        json!({}),
        json!({ "type": "message" }),
        world.event("N1", &yoshiko, "message", &json!({ "message": 5 })),
        world.event("N2", &yoshiko, "postback", &json!({})),
        world.event("N3", &yoshiko, "message", &user),
        world.event("N4", &yoshiko, "follow", &json!({ "source": { "type": "user" } })),
        world.event("N5", &yoshiko, "message", &json!({ "timestamp": "soon" })),
        world.event("", &yoshiko, "follow", &json!({})),
        world.event("N6", &yoshiko, "message", &json!({ "message": { "type": "hologram" } })),
        world.event("N7", &yoshiko, "accountLink", &json!({})),
    ];
    for event in nonsense {
        assert!(world.post(&[event, good.clone()]));
    }
    assert!(answered(&world, &yoshiko));
}

#[test]
fn an_event_of_a_group_or_room_is_nobodys_answer() {
    let (mut world, [yoshiko, ..]) = asked();
    for source in ["group", "room"] {
        let mut event = press(&world, &yoshiko, source, WELL);
        event["source"] = json!({ "type": source, "groupId": "C1", "userId": yoshiko });
        assert!(world.post(&[event]));
    }
    assert!(!answered(&world, &yoshiko));
}

#[test]
fn while_another_module_has_the_chat_an_answer_still_counts() {
    let (mut world, [yoshiko, ..]) = asked();
    world.platform.faults.webhook_standby = true;
    world.press(&yoshiko, WELL);
    assert!(answered(&world, &yoshiko));
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn a_wrong_signature_changes_nothing_at_all() {
    let (mut world, [yoshiko, ..]) = asked();
    let event = press(&world, &yoshiko, "F1", WELL);
    let body = json!({ "destination": world.platform.bot_id(), "events": [event] }).to_string();
    let right = sign(&world.platform.settings().channel_secret, body.as_bytes());
    let other = sign("00000000000000000000000000000000", body.as_bytes());
    let journal = world.journal_length();
    let before = world.person(&yoshiko);
    let changed = body.replace("F1", "F2");
    for (body, signature) in
        [(&body, other.as_str()), (&body, ""), (&body, "=="), (&changed, right.as_str())]
    {
        assert!(!world.webhook(body.as_bytes(), signature));
    }
    world.settle();
    assert_eq!((world.journal_length(), world.person(&yoshiko)), (journal, before));
    assert!(world.webhook(body.as_bytes(), &right));
}

#[test]
fn a_signed_body_that_is_no_webhook_changes_nothing() {
    let (mut world, [yoshiko, ..]) = asked();
    let before = (world.journal_length(), world.person(&yoshiko));
    for body in
        ["", "x", "[]", "{}", r#"{"events":5}"#, r#"{"events":{}}"#, "{\"events\":[", "\u{0}"]
    {
        let signature = sign(&world.platform.settings().channel_secret, body.as_bytes());
        assert!(!world.webhook(body.as_bytes(), &signature), "{body}");
    }
    let signature = sign(&world.platform.settings().channel_secret, br#"{"events":[]}"#);
    assert!(world.webhook(br#"{"events":[]}"#, &signature), "the console's test");
    assert_eq!((world.journal_length(), world.person(&yoshiko)), before);
}

#[test]
fn data_that_is_not_ours_or_was_changed_does_nothing() {
    let (mut world, [yoshiko, ..]) = asked();
    let data = world.data(&yoshiko, WELL);
    let before = world.round(&yoshiko);
    let mut forged = vec![String::new(), "~".into(), "w".into(), "あ".repeat(400), "wn".into()];
    for at in 0..data.len() {
        let mut bytes = data.clone().into_bytes();
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        forged.push(String::from_utf8(bytes).unwrap());
    }
    for (n, data) in forged.iter().enumerate() {
        let extra = json!({ "postback": { "data": data } });
        let event = world.event(&format!("D{n}"), &yoshiko, "postback", &extra);
        world.post_unsettled(&[event]);
    }
    world.settle();
    assert_eq!(world.round(&yoshiko), before);
}

#[test]
fn the_button_of_somebody_else_answers_for_nobody() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    let data = world.data(&yoshiko, WELL);
    let event = world.event("O1", &kenji, "postback", &json!({ "postback": { "data": data } }));
    world.post(&[event]);
    assert!(!answered(&world, &yoshiko));
}

#[test]
fn a_double_press_is_thanked_twice_and_counted_once() {
    let (mut world, [yoshiko, ..]) = asked();
    let id = world.id(&yoshiko);
    world.press(&yoshiko, WELL);
    let timer = world.timer(&yoshiko);
    world.press(&yoshiko, WELL);
    assert!(world.last(&yoshiko).contains("もう受け取っています"));
    assert_eq!(world.timer(&yoshiko), timer);
    assert_eq!(world.store.read().unwrap().past_rounds(id, 10).unwrap().len(), 1);
    world.until_wall("2026-11-24T09:00:00");
    assert!(!answered(&world, &yoshiko), "the second press answers no coming round");
}

#[test]
fn an_old_button_answers_the_round_of_today() {
    let (mut world, [yoshiko, ..]) = asked();
    world.press(&yoshiko, WELL);
    world.until_wall("2026-11-26T09:30:00");
    assert!(!answered(&world, &yoshiko));
    world.press_nth(&yoshiko, WELL, 0);
    assert!(answered(&world, &yoshiko));
}

#[test]
fn an_unanswered_webhook_is_redelivered_and_then_heard() {
    let settings = Settings { redelivery: true, ..Settings::default() };
    let mut world =
        World::with("2026-11-23T08:00:00", anshin::domain::rules::Rules::default(), settings);
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.stop();
    world.press(&yoshiko, WELL);
    world.wait(std::time::Duration::from_secs(5));
    world.start();
    world.wait(minutes(2));
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    assert_eq!((watch.round, watch.last_answer_at), (None, Some(tokyo("2026-11-23T09:30:00"))));
}

#[test]
fn late_and_shuffled_webhooks_of_a_whole_day_change_nothing_for_anybody() {
    let story = |reorder: bool| {
        let mut world = World::new();
        let [yoshiko, kenji, _] = world.family("毎日", "9時");
        world.platform.faults.webhook_reorder = reorder;
        world.platform.faults.webhook_duplicate = reorder;
        world.until_wall("2026-11-24T12:30:00");
        world.press(&kenji, "対応します");
        world.wait(minutes(1));
        world.press(&yoshiko, WELL);
        world.sticker(&yoshiko);
        world.wait(minutes(1));
        world.press(&kenji, "無事でした");
        world.wait(minutes(1));
        let watch = world.person(&yoshiko).unwrap().watch.unwrap();
        let seen = ["お返事がありません：", "無事です：", "さんが対応します"];
        (watch, seen.map(|text| world.count(&kenji, text)), world.platform.violations().len())
    };
    assert_eq!(story(false), story(true));
}

#[test]
fn a_late_webhook_counts_from_its_timestamp() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:05:00");
    assert!(world.tap(&yoshiko, "げんきです"));
    let press = world.intercept();
    world.until_wall("2026-11-24T10:00:00");
    world.post(&press);
    // in time, the question of the 24th would have gone unanswered since 9:00
    world.until_wall("2026-11-25T13:30:00");
    assert!(world.has(&kenji, "お返事がありません"), "a day later than by the timestamp");
}
