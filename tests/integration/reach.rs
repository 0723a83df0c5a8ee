//! Being unreachable: told at once, never shown as "no answer", and undone by a return.

use std::time::Duration;

use anshin::domain::case::Trouble;
use expect_test::expect;
use serde_json::json;

use crate::world::{Refusal, World, days, hours, minutes, tokyo};

#[test]
fn a_block_is_told_to_every_manager_at_once_and_a_return_too() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T08:30:00");
    world.block(&yoshiko);
    world.until_wall("2026-11-25T10:00:00");
    world.unblock(&yoshiko);
    world.until_wall("2026-11-26T09:30:00");
    world.expect(expect![[r#"
        11-23 08:30 けんじ ⇐ 届かなくなりました：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-23 08:30 みちこ ⇐ 届かなくなりました：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-23 09:30 けんじ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-23 09:30 みちこ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-24 09:00 けんじ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-24 09:00 みちこ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-25 09:00 けんじ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-25 09:00 みちこ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-25 10:00 よしこ ← おかえりなさい [使い方]
        11-25 10:00 けんじ ⇐ よしこさんに、また届くようになりました
        11-25 10:00 みちこ ⇐ よしこさんに、また届くようになりました
        11-26 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
    "#]]);
}

#[test]
fn who_blocked_is_not_asked_and_never_reported_as_silent() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.block(&yoshiko);
    let pushed = world.pushes(&yoshiko);
    world.wait(days(10));
    for manager in [&kenji, &michiko] {
        assert_eq!(world.count(manager, "届かなくなりました：よしこさん"), 1);
        assert_eq!(world.count(manager, "お返事がありません"), 0);
    }
    assert_eq!(world.pushes(&yoshiko), pushed, "nothing is sent into the void");
    assert_eq!(world.timer(&yoshiko), None);
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::Unreachable);
}

#[test]
fn a_press_from_before_a_block_that_arrives_after_it_takes_no_word_of_the_block_back() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    let pressed_at = world.now.millis();
    let data = world.data(&yoshiko, "げんきです");
    let late = world.event(
        "L1",
        &yoshiko,
        "postback",
        &json!({
            "postback": {"data": data}, "timestamp": pressed_at,
        }),
    );
    world.wait(minutes(1));
    world.block(&yoshiko);
    world.wait(minutes(1));
    world.post(&[late]);
    assert_eq!(world.count(&kenji, "無事です："), 1, "they were well");
    let case = world.open_case(&yoshiko).unwrap();
    assert_eq!(case.trouble, Trouble::Unreachable, "and cannot be reached all the same");
}

#[test]
fn whoever_still_cannot_be_reached_a_week_after_somebody_looked_is_told_of_again() {
    const GONE: &str = "届かなくなりました：よしこさん";
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.block(&yoshiko);
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    assert!(world.open_case(&yoshiko).is_none());
    world.until_wall("2026-11-30T09:29:00");
    assert_eq!(world.count(&kenji, GONE), 1);
    world.until_wall("2026-11-30T09:31:00");
    assert_eq!(world.count(&kenji, GONE), 2);
    world.press_nth(&kenji, "対応します", 0);
    world.unblock(&yoshiko);
    world.until_wall("2026-12-01T09:00:00");
    assert_eq!(
        world.count(&yoshiko, "げんきですか？ ボタン"),
        2,
        "asked as before once they are back"
    );
}

#[test]
fn a_block_between_question_and_alert_ends_the_round() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-24T10:00:00");
    world.block(&yoshiko);
    assert_eq!(world.round(&yoshiko), None);
    world.wait(hours(1));
    world.unblock(&yoshiko);
    assert_eq!(world.open_case(&yoshiko), None);
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-26T09:00:00")));
    world.until_wall("2026-11-25T13:00:00");
    assert_eq!(world.count(&kenji, "お返事がありません"), 0);
}

#[test]
fn a_return_brings_one_question_again_on_the_old_days() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("3日", "9時");
    world.until_wall("2026-11-24T08:00:00");
    world.press(&yoshiko, "げんきです");
    world.block(&yoshiko);
    world.until_wall("2026-11-28T12:00:00");
    world.unblock(&yoshiko);
    world.until_wall("2026-11-30T00:00:00");
    let asked = world.times(&yoshiko, "げんきですか？ ボタン");
    assert_eq!(asked, [tokyo("2026-11-23T09:00:00"), tokyo("2026-11-29T09:00:00")]);
}

#[test]
fn any_act_in_the_chat_proves_that_the_chat_works_again() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.block(&yoshiko);
    world.wait(hours(1));
    // The event of the return is lost; the first sign is a word.
    world.platform.faults.webhook_off = true;
    world.unblock(&yoshiko);
    world.platform.faults.webhook_off = false;
    world.wait(minutes(5));
    world.say(&yoshiko, "こんにちは");
    assert!(world.person(&yoshiko).unwrap().reach.reachable);
    assert!(world.timer(&yoshiko).is_some());
    assert_eq!(world.count(&kenji, "また届くようになりました"), 1);
}

#[test]
fn line_may_say_the_opposite_about_a_return() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.platform.faults.follow_flag_wrong = true;
    world.block(&yoshiko);
    world.wait(minutes(5));
    world.unblock(&yoshiko);
    assert!(world.last(&yoshiko).contains("おかえりなさい"));
    assert!(world.timer(&yoshiko).is_some());
}

#[test]
fn a_block_that_arrives_after_the_return_is_no_block() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.block(&yoshiko);
    world.wait(minutes(5));
    let now = world.now.millis();
    world.platform.unblock(now, &yoshiko);
    world.platform.block(now + 1000, &yoshiko);
    world.platform.unblock(now + 2000, &yoshiko);
    world.now = world.now + minutes(1);
    let events = world.intercept();
    assert_eq!(events.len(), 3);
    for event in events.iter().rev() {
        world.post(std::slice::from_ref(event));
    }
    assert!(world.person(&yoshiko).unwrap().reach.reachable);
    assert_eq!(world.count(&kenji, "届かなくなりました"), 1);
}

#[test]
fn a_manager_who_blocked_gets_nothing_and_the_other_does() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.block(&kenji);
    let pushed = world.pushes(&kenji);
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&michiko, "お返事がありません：よしこさん"), 1);
    world.press(&michiko, "対応します");
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(5));
    assert_eq!(world.count(&michiko, "無事です："), 1);
    assert_eq!(world.pushes(&kenji), pushed);
}

#[test]
fn a_manager_who_blocks_and_returns_is_a_manager_again() {
    let mut world = World::new();
    let [_, kenji, _] = world.family("毎日", "9時");
    world.block(&kenji);
    world.wait(hours(1));
    world.unblock(&kenji);
    assert!(world.last(&kenji).contains("おかえりなさい"));
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&kenji, "お返事がありません：よしこさん"), 1);
}

#[test]
fn with_nobody_to_tell_the_case_stays_open_and_the_person_is_asked_on() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.block(&kenji);
    world.block(&michiko);
    world.until_wall("2026-11-24T09:00:00");
    assert!(!world.last(&yoshiko).contains("見守る方に知らせます"), "an empty promise");
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.open_case(&yoshiko).unwrap().receivers, []);
    world.until_wall("2026-11-25T09:30:00");
    assert_eq!(world.times(&yoshiko, "げんきですか？ ボタン").len(), 2);
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.open_case(&yoshiko), None);
    assert!(world.last(&yoshiko).contains("ありがとうございます"));
    assert!(!world.last(&yoshiko).contains("知らせました"), "nobody was told");
}

#[test]
fn someone_unknown_who_blocks_stays_unknown() {
    let mut world = World::new();
    let user = world.stranger("だれか");
    world.block(&user);
    assert!(world.person(&user).is_none());
}

#[test]
fn who_is_reported_as_unreachable_is_not_reported_twice() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    for n in 1..=3 {
        world.block(&yoshiko);
        world.wait(minutes(30));
        assert_eq!(world.count(&kenji, "届かなくなりました："), n);
        world.unblock(&yoshiko);
        world.wait(minutes(30));
        assert_eq!(world.count(&kenji, "また届くようになりました"), n);
    }
}

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

#[test]
fn a_block_while_a_case_is_open_is_told_too() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.block(&yoshiko);
    world.wait(minutes(10));
    assert!(world.has(&kenji, "届かなく"));
}

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

#[test]
fn a_manager_who_was_blocked_when_the_alert_came_sees_it_on_return() {
    let mut world = World::new();
    let [_, kenji, michiko] = world.family("毎日", "9時");
    world.block(&kenji);
    world.block(&michiko);
    world.until_wall("2026-11-24T12:30:00");
    world.unblock(&kenji);
    world.wait(Duration::from_secs(7200));
    assert!(world.has(&kenji, "お返事がありません"), "the case is open and nobody knows");
}

#[test]
fn who_blocks_after_claiming_leaves_the_case_to_the_others_who_are_asked_again_at_once() {
    let mut world = World::new();
    let [_, kenji, michiko] = world.family("5日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    world.press(&kenji, "対応します");
    world.block(&kenji);
    assert_eq!(world.count(&michiko, "対応する方がいません"), 1);
    world.press(&michiko, "対応します");
    assert!(world.last(&michiko).contains("ありがとうございます"), "{}", world.last(&michiko));
}

#[test]
fn who_blocked_and_returns_sees_what_came_meanwhile_once_more_with_its_buttons() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    world.block(&kenji);
    world.unblock(&kenji);
    assert!(world.has(&kenji, "対応する方がいません"), "the alert may have come while blocked");
    world.press(&michiko, "対応します");
    world.block(&kenji);
    world.unblock(&kenji);
    assert!(world.last(&kenji).contains("みちこさん"), "{}", world.last(&kenji));
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, "無事です"), 1);
}

#[test]
fn in_an_organization_too_who_returns_hears_of_what_is_open() {
    let mut world = World::new();
    let head = world.organization();
    world.member(&head, "よしこ", "毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.block(&head);
    world.until_wall("2026-11-24T14:00:00");
    world.unblock(&head);
    assert!(world.has(&head, "お返事がありません：よしこさん"), "{:?}", world.texts(&head));
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
