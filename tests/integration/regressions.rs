//! Faults that were found once and are mended: one test each.

use std::time::Duration;

use anshin::platform::Trouble;

use crate::world::{Refusal, World};

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}
fn hours(n: u64) -> Duration {
    minutes(60 * n)
}

/// issue 2 §2.5 "order by LINE's timestamp"
#[test]
fn a_block_that_was_taken_back_and_arrives_late_is_no_block() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    let ms = world.now.millis();
    world.platform.block(ms, &yoshiko);
    world.platform.unblock(ms + 1000, &yoshiko);
    let mut events = world.intercept();
    events.reverse();
    world.wait(Duration::from_secs(5));
    for event in &events {
        world.post(std::slice::from_ref(event));
    }
    assert!(world.person(&yoshiko).unwrap().reach.reachable, "unreachable for ever");
    assert!(!world.has(&kenji, "届かなく"));
}

/// product.md: Unreachable is told at once; nightly audit: a timer or an open case
#[test]
fn an_answer_older_than_the_block_does_not_close_the_case_of_the_block() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:05:00");
    assert!(world.tap(&yoshiko, "げんきです"));
    let press = world.intercept();
    world.wait(minutes(1));
    world.block(&yoshiko);
    assert!(world.has(&kenji, "届かなく"));
    world.post(&press);
    assert!(
        world.open_case(&yoshiko).is_some(),
        "blocked, no timer, and no open case: nobody looks any more"
    );
    assert!(!world.has(&kenji, "無事です"));
}

/// product.md: managers are told at once
#[test]
fn a_block_while_a_case_is_open_is_told_too() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.block(&yoshiko);
    world.wait(minutes(10));
    assert!(world.has(&kenji, "届かなく"));
}

/// I1: no missed alert
#[test]
fn silence_after_an_emergency_that_the_person_answered_is_told_again() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.wait(minutes(30));
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, "無事です：よしこさん"), 1);
    let before = world.count(&kenji, "お返事がありません");
    world.wait(hours(24 * 10));
    assert!(world.count(&kenji, "お返事がありません") > before, "ten days of silence, nobody told");
}

/// platform/retry: a key is protected for 24 h after its first use
#[test]
fn a_message_tried_before_a_long_stop_is_not_tried_again_under_its_key() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.platform.faults.next("/v2/bot/message/push", 1, Trouble::LoseAnswer);
    world.until_wall("2026-11-23T09:00:00");
    world.stop();
    world.until_wall("2026-11-24T09:30:00");
    world.start();
    world.wait(minutes(5));
    assert_eq!(world.platform.violations(), [] as [String; 0]);
    assert_eq!(world.count(&yoshiko, "ボタンを押してください（よしこさん）"), 1);
}

/// 400 for this user = Unreachable, told at once, never sent to again
#[test]
fn a_person_whom_line_does_not_know_is_unreachable_at_once() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.refusal = Some(Refusal::UnknownReceiver(vec![yoshiko.clone()]));
    world.until_wall("2026-11-23T09:30:00");
    assert!(world.has(&kenji, "届かなく"));
    world.until_wall("2026-11-30T09:30:00");
    assert_eq!(world.count(&kenji, "未確認"), 0);
}

/// a manager must not read an alert after the news that it is over
#[test]
fn an_alert_that_did_not_leave_is_taken_back_when_a_manager_finds_the_person_well() {
    let mut world = World::new();
    let [_, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone()]));
    world.until_wall("2026-11-24T12:20:00");
    world.refusal = None;
    world.press(&michiko, "対応します");
    world.press(&michiko, "無事でした");
    world.wait(hours(1));
    let seen = world.texts(&kenji);
    let alert = seen.iter().position(|t| t.contains("お返事がありません：よしこさん"));
    let well = seen.iter().position(|t| t.contains("無事でした：よしこさん"));
    assert!(
        alert.is_none() || alert < well,
        "the alert comes after the all-clear: {alert:?} {well:?}"
    );
}

#[test]
fn a_block_taken_back_before_its_alert_left_is_not_told_afterwards() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.platform.faults.refuse_all_5xx_before = true;
    world.block(&yoshiko);
    world.wait(minutes(20));
    world.platform.faults.refuse_all_5xx_before = false;
    world.unblock(&yoshiko);
    world.wait(hours(1));
    let seen = world.texts(&kenji);
    let alert = seen.iter().position(|t| t.contains("届かなくなりました"));
    let again = seen.iter().position(|t| t.contains("また届くようになりました"));
    assert!(alert.is_none() || alert < again, "{alert:?} {again:?}");
}

/// issue 2 §2.5: an old button is harmless
#[test]
fn the_button_of_the_greeting_pressed_again_makes_no_second_team() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    let id = world.id(&yoshiko);
    let before = world.store.read().unwrap().places(id).unwrap().len();
    for _ in 0..3 {
        world.press_nth(&yoshiko, "見守ってもらう", 0);
    }
    assert_eq!(world.store.read().unwrap().places(id).unwrap().len(), before);
}

/// safety §4: an emergency is not closed by the person's side
#[test]
fn a_return_does_not_close_a_case_in_which_an_ambulance_was_called() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.block(&yoshiko);
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.unblock(&yoshiko);
    assert!(world.open_case(&yoshiko).is_some());
}

/// a family's own invitation sent back by a slip
#[test]
fn who_is_watched_does_not_become_their_own_manager() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.press(&yoshiko, "同意");
    world.say(&yoshiko, "よしこ");
    world.say(&yoshiko, "毎日");
    world.say(&yoshiko, "9時");
    let code = world.code(&yoshiko);
    world.say(&yoshiko, &format!("招待コード {code}"));
    if world.tap(&yoshiko, "参加する") {
        world.settle();
    }
    let kenji = world.friend("けんじ");
    world.say(&kenji, &format!("招待コード {code}"));
    assert!(world.has(&kenji, "参加しますか"), "the invitation is used up by the inviter");
}

#[test]
fn messages_to_one_person_arrive_in_order() {
    let mut world = World::new();
    let [_, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone()]));
    world.until_wall("2026-11-24T12:20:00");
    world.refusal = None;
    world.press(&michiko, "対応します");
    world.wait(hours(1));
    let seen = world.texts(&kenji);
    let alert = seen.iter().position(|t| t.contains("お返事がありません：よしこさん"));
    let claim = seen.iter().position(|t| t.contains("みちこさんが対応します"));
    assert!(alert.is_some() && alert < claim, "{alert:?} {claim:?}");
}

/// the press came in time, its webhook late: judged by its timestamp
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

#[test]
fn a_family_with_both_a_case_not_sent_and_then_silence_hears_of_the_silence() {
    let mut world = World::new();
    let [_, kenji, _] = world.family("毎日", "9時");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-24T11:00:00");
    world.platform.faults.refuse_all_5xx_before = false;
    world.until_wall("2026-11-24T12:10:00");
    assert!(world.has(&kenji, "未確認"));
    world.until_wall("2026-11-28T12:10:00");
    assert!(world.has(&kenji, "お返事がありません"), "the managers believe that it was LINE");
}

#[test]
fn a_manager_who_was_blocked_when_the_alert_came_sees_it_on_return() {
    let mut world = World::new();
    let [_, kenji, michiko] = world.family("毎日", "9時");
    world.block(&kenji);
    world.block(&michiko);
    world.until_wall("2026-11-24T12:30:00");
    world.unblock(&kenji);
    world.wait(hours(2));
    assert!(world.has(&kenji, "お返事がありません"), "the case is open and nobody knows");
}

#[test]
fn someone_who_begins_to_watch_hears_of_what_is_open() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.press(&yoshiko, "同意");
    world.say(&yoshiko, "よしこ");
    world.say(&yoshiko, "毎日");
    world.say(&yoshiko, "9時");
    let code = world.code(&yoshiko);
    world.until_wall("2026-11-24T12:30:00");
    let kenji = world.friend("けんじ");
    world.say(&kenji, &format!("招待コード {code}"));
    world.press(&kenji, "参加する");
    world.press(&kenji, "同意");
    world.say(&kenji, "けんじ");
    assert_eq!(world.count(&kenji, "お返事がありません"), 1);
    world.press(&kenji, "対応します");
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, "無事です：よしこさん"), 1);
}
