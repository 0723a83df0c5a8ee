//! Delivery: LINE refuses, fails, loses answers, is full; and what people then see.

use anshin::domain::case::{Told, Trouble};
use anshin::platform::Trouble as Fault;
use expect_test::expect;

use crate::world::{Refusal, World, hours, minutes, tokyo};

const PUSH: &str = "/v2/bot/message/push";
const ASK: &str = "げんきですか？ ボタン";
const RESEND: &str = "お返事がまだです";
const ALERT: &str = "お返事がありません：";
const AGAIN: &str = "対応する方がいません：";
const CLEAR: &str = "無事です：";

/// Whole seconds between two moments, for comparing with what a clock of whole seconds does.
fn seconds(from: anshin::domain::time::Moment, to: anshin::domain::time::Moment) -> u64 {
    to.since(from).as_secs_f64().round() as u64
}

#[test]
fn the_clock_of_the_next_step_starts_when_line_accepts() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-23T11:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 0);
    world.platform.faults.refuse_all_5xx_before = false;
    world.until_wall("2026-11-25T00:00:00");
    let (asked, resent, alerted) =
        (world.times(&yoshiko, ASK), world.times(&yoshiko, RESEND), world.times(&kenji, ALERT));
    assert!(asked[0] > tokyo("2026-11-23T11:00:00"));
    assert!(asked[0] < tokyo("2026-11-23T11:05:01"), "at most five minutes between two attempts");
    assert!(seconds(asked[0], resent[0]).abs_diff(24 * 3600) <= 1);
    assert!(seconds(resent[0], alerted[0]).abs_diff(3 * 3600) <= 1);
    assert_eq!((asked.len(), resent.len(), alerted.len()), (1, 1, 1));
}

#[test]
fn a_resend_that_is_accepted_late_moves_the_alert() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-24T08:59:00");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-24T10:00:00");
    world.platform.faults.refuse_all_5xx_before = false;
    world.until_wall("2026-11-24T20:00:00");
    let (resent, alerted) = (world.times(&yoshiko, RESEND), world.times(&kenji, ALERT));
    assert!(seconds(resent[0], alerted[0]).abs_diff(3 * 3600) <= 1);
}

#[test]
fn a_resend_that_cannot_be_delivered_holds_up_no_alert() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-24T08:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko.clone()]));
    world.until_wall("2026-11-24T13:00:00");
    world.refusal = None;
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-24T12:00:00")]);
    world.wait(hours(1));
    assert_eq!(world.count(&yoshiko, RESEND), 0, "a second call after the alert only confuses");
}

#[test]
fn an_error_after_acceptance_or_a_lost_answer_brings_nothing_twice() {
    for fault in [Fault::FailAfter(500), Fault::LoseAnswer, Fault::DropConnection] {
        let mut world = World::new();
        let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
        for wall in ["2026-11-23T08:59:00", "2026-11-24T08:59:00", "2026-11-24T11:59:00"] {
            world.until_wall(wall);
            world.platform.faults.next(PUSH, 3, fault);
        }
        world.until_wall("2026-11-24T12:10:00");
        world.platform.faults.next(PUSH, 3, fault);
        world.press(&yoshiko, "げんきです");
        world.wait(minutes(30));
        assert_eq!((world.count(&yoshiko, ASK), world.count(&yoshiko, RESEND)), (1, 1));
        for manager in [&kenji, &michiko] {
            assert_eq!((world.count(manager, ALERT), world.count(manager, CLEAR)), (1, 1));
        }
        assert_eq!(world.platform.violations(), [] as [String; 0], "{fault:?}");
    }
}

#[test]
fn a_lost_answer_is_settled_by_409_and_counts_from_the_first_attempt() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("3日", "9時");
    world.platform.faults.next(PUSH, 4, Fault::LoseAnswer);
    world.until_wall("2026-11-23T09:30:00");
    assert!(world.platform.requests().iter().any(|request| request.status == 409));
    let round = world.round(&yoshiko).unwrap();
    assert_eq!(round.asked_at, Some(tokyo("2026-11-23T09:00:00")));
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(world.count(&yoshiko, RESEND), 1);
}

#[test]
fn what_cannot_be_sent_is_tried_for_23_hours_and_then_reported_as_not_sent() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-23T08:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko.clone()]));
    world.until_wall("2026-11-24T08:00:00");
    world.refusal = None;
    world.until_wall("2026-11-24T11:59:00");
    assert_eq!(world.count(&yoshiko, ASK), 0, "the key protects no longer");
    assert_eq!(world.round(&yoshiko).unwrap().asked_at, None);
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.times(&kenji, "未確認です（送信できず）"), [tokyo("2026-11-24T12:00:00")]);
    assert_eq!(world.count(&kenji, ALERT), 0, "nothing was asked, so nobody was silent");
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::NotSent);
    world.until_wall("2026-11-26T09:30:00");
    assert_eq!(world.times(&yoshiko, ASK), [tokyo("2026-11-26T09:00:00")]);
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, CLEAR), 1);
}

#[test]
fn good_news_that_line_does_not_take_for_a_day_is_sent_anew_until_it_arrives() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("7日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone(), michiko.clone()]));
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T13:00:00");
    assert_eq!(world.count(&kenji, CLEAR), 0);
    world.refusal = None;
    world.until_wall("2026-11-27T13:00:00");
    assert_eq!([world.count(&kenji, CLEAR), world.count(&michiko, CLEAR)], [1, 1]);
}

#[test]
fn whoever_may_have_seen_an_alert_that_line_never_answered_for_gets_the_good_news() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("7日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.platform.faults.refuse_all_5xx_after = true;
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
    let told = world.open_case(&yoshiko).unwrap().receiver(world.id(&kenji)).unwrap().told;
    assert_eq!(told, Told::Unsure, "it was tried for 23 hours");
    world.platform.faults.refuse_all_5xx_after = false;
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(10));
    assert_eq!(world.count(&kenji, CLEAR), 1);
}

#[test]
fn whoever_comes_back_and_may_have_seen_an_alert_is_asked_under_another_name_than_the_used_one() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("7日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.platform.faults.refuse_all_5xx_after = true;
    world.until_wall("2026-11-25T11:10:00");
    let told = world.open_case(&yoshiko).unwrap().receiver(world.id(&kenji)).unwrap().told;
    assert_eq!(told, Told::Unsure, "it was tried for 23 hours");
    world.platform.faults.refuse_all_5xx_after = false;
    world.block(&kenji);
    world.wait(minutes(1));
    let before = world.count(&kenji, AGAIN);
    world.unblock(&kenji);
    world.wait(minutes(1));
    assert_eq!(world.count(&kenji, AGAIN), before + 1, "{:?}", world.texts(&kenji));
}

#[test]
fn good_news_of_one_case_that_is_sent_anew_never_stands_for_that_of_another() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    for (news, day) in [24, 26].into_iter().enumerate() {
        world.until_wall(&format!("2026-11-{day}T12:30:00"));
        assert_eq!(world.count(&kenji, ALERT), news + 1);
        world.refusal = Some(Refusal::Unavailable(vec![kenji.clone(), michiko.clone()]));
        world.press(&yoshiko, "げんきです");
        world.until_wall(&format!("2026-11-{}T13:00:00", day + 1));
        world.refusal = None;
        world.until_wall(&format!("2026-11-{}T14:00:00", day + 1));
        assert_eq!(world.count(&kenji, CLEAR), news + 1);
    }
    assert_eq!(world.platform.violations(), [""; 0], "no key was used for two messages");
}

#[test]
fn good_news_that_is_old_is_not_sent_once_the_person_is_silent_again() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone(), michiko.clone()]));
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T13:00:00");
    assert!(world.open_case(&yoshiko).is_some(), "asked on the 25th, silent since");
    world.refusal = None;
    world.until_wall("2026-11-27T13:00:00");
    assert_eq!(world.count(&kenji, ALERT), 2);
    assert_eq!(world.count(&kenji, CLEAR), 0);
}

#[test]
fn too_fast_is_waited_out_and_nothing_is_lost() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T08:59:00");
    world.platform.faults.rate_limited = true;
    world.until_wall("2026-11-23T09:02:00");
    world.platform.faults.rate_limited = false;
    world.until_wall("2026-11-23T09:03:00");
    let asked = world.times(&yoshiko, ASK);
    assert!(asked.len() == 1 && asked[0] <= tokyo("2026-11-23T09:03:00"), "{asked:?}");
    let pushes = world.platform.requests().iter().filter(|r| r.path.ends_with("/push")).count();
    assert!(pushes < 20, "{pushes} attempts in three minutes");
}

#[test]
fn a_month_that_is_used_up_a_bad_token_and_a_forbidden_account_stop_nothing_for_good() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    for (n, wall) in ["2026-11-23", "2026-11-24", "2026-11-25"].iter().enumerate() {
        world.until_wall(&format!("{wall}T08:59:00"));
        let faults = &mut world.platform.faults;
        match n {
            0 => faults.monthly_limit = true,
            1 => faults.unauthorized = true,
            _ => world.refusal = Some(Refusal::Forbidden),
        }
        let pushes = world.pushes(&yoshiko);
        world.until_wall(&format!("{wall}T09:20:00"));
        assert_eq!(world.count(&yoshiko, ASK), n, "{n}");
        assert!(world.pushes(&yoshiko) - pushes <= 45, "{n}: LINE is not hammered");
        world.platform.faults.monthly_limit = false;
        world.platform.faults.unauthorized = false;
        world.refusal = None;
        world.until_wall(&format!("{wall}T09:30:00"));
        assert_eq!(world.count(&yoshiko, ASK), n + 1, "{n}");
        world.press(&yoshiko, "げんきです");
    }
}

#[test]
fn a_month_that_stays_used_up_is_told_as_not_sent_once_there_is_room() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-23T08:59:00");
    world.platform.faults.monthly_limit = true;
    world.until_wall("2026-11-24T13:00:00");
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::NotSent);
    world.platform.faults.monthly_limit = false;
    world.wait(minutes(10));
    assert_eq!(world.count(&kenji, "未確認です（送信できず）"), 1);
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn one_bad_recipient_holds_nobody_up() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone()]));
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.times(&michiko, ALERT), [tokyo("2026-11-24T12:00:00")]);
    world.refusal = None;
    world.wait(minutes(5));
    assert_eq!(world.count(&kenji, ALERT), 1, "and the bad one gets it when it can");
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(5));
    assert_eq!((world.count(&kenji, CLEAR), world.count(&michiko, CLEAR)), (1, 1));
}

#[test]
fn a_receiver_whom_line_does_not_know_is_not_tried_again_and_the_others_are_told() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.refusal = Some(Refusal::UnknownReceiver(vec![kenji.clone()]));
    world.until_wall("2026-11-24T12:30:00");
    world.refusal = None;
    let case = world.open_case(&yoshiko).unwrap();
    let told = |user| case.receivers.iter().find(|r| r.person == world.id(user)).unwrap().told;
    assert_eq!((told(&kenji), told(&michiko)), (Told::Failed, Told::Accepted));
    assert_eq!((world.count(&kenji, ALERT), world.count(&michiko, ALERT)), (0, 1));
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(5));
    assert_eq!((world.count(&kenji, CLEAR), world.count(&michiko, CLEAR)), (0, 1));
    assert!(world.last(&yoshiko).contains("みちこさん"));
    assert!(!world.last(&yoshiko).contains("けんじさん"), "who was not told is not named");
}

/// けんじ heads a team; はな is silent since the day before, たろう is asked at noon.
fn alert_and_question_at_noon() -> (World, [String; 3]) {
    let mut world = World::new();
    let kenji = world.organization();
    let hana = world.member(&kenji, "はな", "3日", "9時");
    let taro = world.member(&kenji, "たろう", "3日", "12時");
    world.until_wall("2026-11-23T12:30:00");
    world.press(&taro, "げんきです");
    (world, [kenji, hana, taro])
}

#[test]
fn an_alert_leaves_before_a_question_that_waited_longer() {
    let mut world = World::new();
    let kenji = world.organization();
    let hana = world.member(&kenji, "はな", "3日", "9時");
    world.until_wall("2026-11-24T08:00:00");
    let taro = world.member(&kenji, "たろう", "3日", "11時");
    world.until_wall("2026-11-24T10:59:00");
    world.platform.faults.monthly_limit = true;
    world.until_wall("2026-11-24T12:03:00");
    world.platform.faults.monthly_limit = false;
    let before = world.platform.requests().len();
    world.wait(minutes(5));
    let pushes = world.platform.requests()[before..].iter().filter(|r| r.path == PUSH);
    let to: Vec<_> = pushes.map(|r| r.to.clone()).collect();
    assert_eq!(to, [Some(kenji), Some(taro)]);
    assert!(world.open_case(&hana).is_some());
}

#[test]
fn an_alert_that_did_not_leave_is_taken_back_by_an_answer_and_nobody_is_bothered() {
    let (mut world, [kenji, hana, _]) = alert_and_question_at_noon();
    world.until_wall("2026-11-24T11:58:00");
    // A refused reply has to be pushed; the month is used up, so everything is held until 12:03.
    world.platform.faults.monthly_limit = true;
    world.platform.faults.reply_token_life_ms = Some(-1);
    world.say(&kenji, "招待");
    world.platform.faults.reply_token_life_ms = None;
    world.until_wall("2026-11-24T12:01:00");
    let case = world.open_case(&hana).unwrap();
    world.press(&hana, "げんきです");
    world.platform.faults.monthly_limit = false;
    world.wait(hours(1));
    assert_eq!((world.count(&kenji, ALERT), world.count(&kenji, CLEAR)), (0, 0));
    assert_eq!(world.case(case.id).unwrap().receivers[0].told, Told::Withdrawn);
    assert!(!world.last(&hana).contains("知らせました"), "{}", world.last(&hana));
}

#[test]
fn whoever_may_have_seen_the_alert_gets_the_all_clear_and_no_alert_after_it() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.platform.faults.lose_all_answers = true;
    world.until_wall("2026-11-24T12:05:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
    world.platform.faults.lose_all_answers = false;
    world.platform.faults.refuse_all_5xx_before = true;
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(20));
    world.platform.faults.refuse_all_5xx_before = false;
    world.wait(minutes(20));
    for manager in [&kenji, &michiko] {
        assert_eq!((world.count(manager, ALERT), world.count(manager, CLEAR)), (1, 1));
    }
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn all_clear_is_told_once_however_often_the_person_answers() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    for _ in 0..3 {
        world.press(&yoshiko, "げんきです");
        world.sticker(&yoshiko);
        world.wait(minutes(7));
    }
    for manager in [&kenji, &michiko] {
        assert_eq!(world.count(manager, CLEAR), 1);
    }
}

#[test]
fn a_refused_reply_is_pushed_once_if_it_matters() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.platform.faults.reply_token_life_ms = Some(-1);
    world.hush();
    world.press(&yoshiko, "げんきです");
    world.press(&yoshiko, "げんきです");
    world.say(&yoshiko, "使い方");
    world.wait(minutes(5));
    world.expect(expect![[r#"
        11-24 12:30 よしこ → げんきです
        11-24 12:30 けんじ ⇐ 無事です：よしこさんからお返事がありました
        11-24 12:30 みちこ ⇐ 無事です：よしこさんからお返事がありました
        11-24 12:30 よしこ ⇐ お返事ありがとうございます [まちがえて押した]
        11-24 12:30 よしこ → げんきです
        11-24 12:30 よしこ → 使い方
    "#]]);
}

#[test]
fn a_reply_token_too_old_to_work_is_not_even_tried() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.platform.faults.webhook_delay_ms = 21 * 60_000;
    let replies = |world: &World| {
        world.platform.requests().iter().filter(|r| r.path.ends_with("/reply")).count()
    };
    let before = replies(&world);
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(30));
    assert_eq!(replies(&world), before);
    assert_eq!(world.count(&yoshiko, "お返事ありがとうございます"), 1);
}

#[test]
fn a_reply_whose_answer_was_lost_is_not_said_twice() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.platform.faults.next("/v2/bot/message/reply", 1, Fault::LoseAnswer);
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(30));
    assert_eq!(world.count(&yoshiko, "お返事ありがとうございます"), 1);
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn after_a_long_outage_everyone_gets_what_is_due_once() {
    let (mut world, [kenji, hana, taro]) = alert_and_question_at_noon();
    world.until_wall("2026-11-24T08:00:00");
    world.platform.faults.drop_connection = true;
    world.until_wall("2026-11-24T23:00:00");
    world.platform.faults.drop_connection = false;
    world.wait(hours(1));
    // Nothing could be heard either: that she did not answer is not known.
    assert_eq!(world.count(&kenji, "お返事がありません：はなさん"), 0);
    assert_eq!(world.count(&kenji, "未確認です（受け取れず）：はなさん"), 1);
    assert_eq!(world.count(&hana, ASK), 1);
    assert_eq!(world.count(&taro, ASK), 1);
    assert_eq!(world.platform.violations(), [] as [String; 0]);
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
