//! What stands in signed webhooks: everything is taken that makes sense, nothing else disturbs it,
//! and 200 means that it is on disk.

use anshin::domain::fact::Fact;
use anshin::domain::person::{SetupStep, Talk};

use super::*;

fn user(n: usize) -> String {
    format!("U{n:032x}")
}

#[tokio::test]
async fn no_events_are_fine_and_count_as_a_sign_of_life_of_line() {
    let live = Live::alone().await;
    for body in [
        json!({"events": []}),
        json!({"destination": "U0", "events": []}),
        json!({"destination": 7, "events": [], "future": {"a": [1]}}),
    ] {
        assert_eq!(live.post_signed(body.to_string().as_bytes()).await.status, 200);
    }
    assert!(live.health().await["last_webhook_at"].is_string());
    assert_eq!(live.entries(), 0);
}

#[tokio::test]
async fn a_thousand_events_in_one_body_are_all_on_disk() {
    let live = Live::alone().await;
    let short = |n: usize| {
        json!({"type": "follow", "webhookEventId": n.to_string(), "timestamp": start().millis(),
            "source": {"type": "user", "userId": user(n)}})
    };
    let events: Vec<Value> = (1..=1000).map(short).collect();
    assert_eq!(live.events(&events).await, 200);
    for n in 1..=1000 {
        assert!(live.person(&user(n)).is_some(), "person {n}");
    }
}

#[tokio::test]
async fn what_was_answered_with_200_is_there_after_a_power_cut() {
    let live = Live::alone().await;
    assert_eq!(live.events(&[follow(1, USER), says(2, USER, "見守る")]).await, 200);
    let data = cut_off(live.folder.path());
    let again = Live::with(Setting { data: Some(data), line: false, ..Setting::default() }).await;
    let person = again.person(USER).unwrap();
    assert!(matches!(person.talk, Talk::Setup(ref setup) if setup.step == SetupStep::Consent));
    // The press that comes after the restart finds the conversation where it was, and the events
    // that come a second time are known.
    let entries = again.entries();
    assert_eq!(again.events(&[follow(1, USER), says(2, USER, "見守る")]).await, 200);
    assert_eq!(again.entries(), entries);
    assert_eq!(again.events(&[says(3, USER, "同意")]).await, 200);
    assert!(again.person(USER).unwrap().has_consented(1));
}

#[tokio::test]
async fn a_captured_webhook_sent_a_hundred_times_has_one_effect() {
    let live = Live::alone().await;
    let body = json!({"events": [follow(1, USER)]}).to_string();
    for _ in 0..100 {
        assert_eq!(live.post_signed(body.as_bytes()).await.status, 200);
    }
    assert_eq!(live.entries(), 1);
}

#[tokio::test]
async fn events_that_make_no_sense_do_not_cost_the_others() {
    let live = Live::alone().await;
    let nonsense = [
        json!(null),
        json!(7),
        json!("follow"),
        json!([]),
        json!({}),
        json!({"type": "follow"}),
        event(11, "", start(), &json!({"type": "follow"})),
        event(12, &"U".repeat(10_000), start(), &json!({"type": "follow"})),
        event(13, "U １", start(), &json!({"type": "follow"})),
        event(14, USER, start(), &json!({"type": 7})),
        event(15, USER, start(), &json!({"type": "somethingNew"})),
        event(16, USER, start(), &json!({"type": "follow", "source": null})),
        event(17, USER, start(), &json!({"type": "follow", "source": {"type": "user"}})),
        event(
            18,
            USER,
            start(),
            &json!({"type": "follow", "source": {"type": "group", "groupId": "C0", "userId": USER}}),
        ),
        event(19, USER, start(), &json!({"type": "follow", "timestamp": "soon"})),
        event(20, USER, start(), &json!({"type": "follow", "timestamp": 1.5})),
        event(21, USER, start(), &json!({"type": "follow", "webhookEventId": "x".repeat(65)})),
        event(22, USER, start(), &json!({"type": "follow", "webhookEventId": ""})),
        event(23, USER, start(), &json!({"type": "message"})),
    ];
    let other = user(2);
    let mut events = nonsense.to_vec();
    events.push(follow(1, &other));
    assert_eq!(live.events(&events).await, 200);
    assert!(live.person(&other).is_some());
    assert!(live.person(USER).is_none());
    assert_eq!(live.entries(), 1);
}

#[tokio::test]
async fn moments_at_the_end_of_time_stop_nothing() {
    let live = Live::alone().await;
    for (n, millis) in [i64::MAX, i64::MIN, 0, -1, 253_402_300_800_000].into_iter().enumerate() {
        let who = user(100 + n);
        let at = Moment::from_millis(millis);
        let follow = event(n, &who, at, &json!({"type": "follow"}));
        let message = json!({"type": "text", "id": "1", "text": "見守ってもらう"});
        let says = event(50 + n, &who, at, &json!({"type": "message", "message": message}));
        assert_eq!(live.events(&[follow, says]).await, 200, "{millis}");
    }
    assert_eq!(live.events(&[follow(99, USER)]).await, 200);
    assert!(live.person(USER).is_some());
    assert_eq!(live.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn changed_postback_data_is_noted_and_changes_nothing() {
    let live = Live::alone().await;
    assert_eq!(live.events(&[follow(1, USER)]).await, 200);
    let person = live.person(USER).unwrap();
    let long = "x".repeat(10_000);
    let texts = ["", "x", "w.1.2.AAAA", "claim=1", "\u{0}\u{1}", "{\"a\":1}", "\u{202E}x", &long];
    for (n, data) in texts.iter().enumerate() {
        let press = json!({"type": "postback", "postback": {"data": data}});
        assert_eq!(live.events(&[event(10 + n, USER, start(), &press)]).await, 200, "{data}");
    }
    for (n, postback) in [json!(null), json!([]), json!({"data": 7})].into_iter().enumerate() {
        let press = json!({"type": "postback", "postback": postback});
        assert_eq!(live.events(&[event(40 + n, USER, start(), &press)]).await, 200);
    }
    assert_eq!(live.person(USER).unwrap(), person);
    let journal = live.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
    let facts: Vec<Fact> = journal.iter().map(|entry| entry.fact).collect();
    assert_eq!(facts[0], Fact::Met(person.id));
    assert!(facts[1..].iter().all(|fact| *fact == Fact::NotTheirs(person.id)), "{facts:?}");
}

/// Somebody who is asked for their name now.
async fn at_the_name(live: &Live) {
    let words = [follow(1, USER), says(2, USER, "見守ってもらう"), says(3, USER, "同意")];
    assert_eq!(live.events(&words).await, 200);
}

fn step(live: &Live) -> Option<SetupStep> {
    match live.person(USER).unwrap().talk {
        Talk::Setup(setup) => Some(setup.step),
        Talk::Idle
        | Talk::Code
        | Talk::Retime(_)
        | Talk::Zone
        | Talk::TeamRetime(..)
        | Talk::Mail
        | Talk::MailCode => None,
    }
}

#[tokio::test]
async fn a_name_of_ten_thousand_characters_or_of_nothing_that_shows_is_not_taken() {
    let live = Live::alone().await;
    at_the_name(&live).await;
    let flood = "あ".repeat(10_000);
    let tower = format!("あ{}", "\u{0301}".repeat(9_999));
    let unseen = "\u{202E}\u{200B}\u{0007}".repeat(3_000);
    for (n, name) in [&flood, &tower, &unseen, "\u{0}", " \u{3000}\n"].iter().enumerate() {
        assert_eq!(live.events(&[says(10 + n, USER, name)]).await, 200);
        assert_eq!(step(&live), Some(SetupStep::Name));
        assert_eq!(live.person(USER).unwrap().name, None);
    }
    assert_eq!(live.events(&[says(30, USER, "よしこ")]).await, 200);
    assert_eq!(live.person(USER).unwrap().name.unwrap().as_str(), "よしこ");
}

#[tokio::test]
async fn a_name_with_control_and_direction_characters_is_kept_without_them() {
    let live = Live::alone().await;
    at_the_name(&live).await;
    let name = "\u{202E}よし\u{0007}こ\u{200B}\u{0000}\u{001b}[31m\r\n<b>\u{2066}";
    assert_eq!(live.events(&[says(10, USER, name)]).await, 200);
    let kept = live.person(USER).unwrap().name.unwrap();
    assert_eq!(kept.as_str(), "よしこ[31m <b>");
}

#[tokio::test]
async fn a_person_may_guess_ten_codes_an_hour_and_then_a_right_one_does_not_help() {
    let live = Live::alone().await;
    let [leaflet, ..] = live.invitations();
    let guess = |n: usize| says(n, USER, &format!("招待コード AAAA-AA{}", ["AA", "AB"][n % 2]));
    let guesses: Vec<Value> = (100..110).map(guess).collect();
    assert_eq!(live.events(&guesses).await, 200);
    assert_eq!(live.person(USER).unwrap().tries.count, 10);
    let join = format!("招待コード {leaflet}");
    assert_eq!(live.events(&[guess(120), says(121, USER, &join)]).await, 200);
    assert_eq!(live.person(USER).unwrap().tries.count, 10);
    live.clock.jump_to(start() + Duration::from_secs(3700));
    assert_eq!(live.events(&[guess(130)]).await, 200);
    assert_eq!(live.person(USER).unwrap().tries.count, 1);
}
