//! After an alert: claims, nudges, lapses, the next people, the daily digest. Every rule of
//! "After an alert: the ladder" stands here as a sentence.

use anshin::domain::case::{Actor, Case, Outcome, Trouble};
use anshin::domain::ladder::Rung;
use anshin::domain::person::EndReason;
use expect_test::expect;

use crate::world::{Refusal, World, days, hours, minutes, tokyo};

const ALERT: &str = "お返事がありません：";
const AGAIN: &str = "対応する方がいません：";
const DIGEST: &str = "まだ終わっていない件";

/// よしこ was silent; けんじ and みちこ have the alert since noon.
fn alerted() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("5日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    world.hush();
    (world, family)
}

fn case(world: &World, yoshiko: &str) -> Case {
    world.open_case(yoshiko).expect("an open case")
}

#[test]
fn an_alert_that_nobody_takes_is_repeated_after_60_minutes_escalates_after_3_hours_and_then_daily()
{
    let (mut world, [yoshiko, ..]) = alerted();
    world.until_wall("2026-11-24T14:59:59");
    assert_eq!(case(&world, &yoshiko).office_since, None);
    world.until_wall("2026-11-24T15:00:00");
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-24T15:00:00")));
    world.until_wall("2026-11-26T12:00:00");
    world.expect(expect![[r#"
        11-24 13:00 けんじ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-24 13:00 みちこ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-25 09:00 けんじ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-25 09:00 みちこ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-26 09:00 けんじ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
        11-26 09:00 みちこ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
    "#]]);
}

#[test]
fn a_reminder_that_our_own_stop_swallowed_is_made_good_when_we_are_back() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.until_wall("2026-11-24T12:03:00");
    world.stop();
    world.until_wall("2026-11-24T13:30:00");
    world.start();
    world.until_wall("2026-11-24T13:45:00");
    assert_eq!(world.times(&kenji, AGAIN), [tokyo("2026-11-24T13:40:00")], "after ten minutes");
    assert_eq!(case(&world, &yoshiko).rung, Rung::Escalate);
}

#[test]
fn what_has_not_left_about_one_trouble_does_not_follow_the_alert_about_another() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.until_wall("2026-11-24T11:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone(), michiko]));
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(case(&world, &yoshiko).trouble, Trouble::NoAnswer);
    world.say(&yoshiko, "こまった");
    world.press(&yoshiko, "見守る方に知らせる");
    world.refusal = None;
    world.until_wall("2026-11-24T13:30:00");
    assert_eq!(world.count(&kenji, "「こまった」が押されました"), 1);
    assert_eq!(world.count(&kenji, ALERT), 0, "they were heard of since");
}

#[test]
fn a_claimer_is_nudged_after_60_minutes_and_after_3_hours_without_an_outcome_the_alert_is_raised_again()
 {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-24T17:00:00");
    world.expect(expect![[r#"
        11-24 12:30 けんじ → 対応します
        11-24 12:30 けんじ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 12:30 みちこ ⇐ けんじさんが対応します
        11-24 13:30 けんじ ⇐ よしこさんのようすは、どうでしたか [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 15:30 けんじ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-24 15:30 みちこ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-24 16:30 けんじ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-24 16:30 みちこ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
    "#]]);
    assert_eq!(case(&world, &yoshiko).claim, None);
    assert!(world.has(&kenji, "けんじさんから、結果の知らせがありません。"));
}

#[test]
fn after_a_lapse_another_may_claim_and_an_outcome_ends_it() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.wait(hours(3));
    world.press(&michiko, "対応します");
    assert_eq!(case(&world, &yoshiko).claimer(), Some(Actor::Person(world.id(&michiko))));
    world.wait(minutes(30));
    world.press(&michiko, "無事でした");
    world.hush();
    world.wait(days(2));
    assert!(world.open_case(&yoshiko).is_none());
    assert!(!world.has(&kenji, DIGEST) && !world.has(&michiko, DIGEST));
}

#[test]
fn no_contact_begins_the_claim_anew_and_tells_the_office_at_once() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.press(&kenji, "対応します");
    world.wait(hours(2));
    world.press(&kenji, "連絡がつきません");
    let case = case(&world, &yoshiko);
    assert_eq!(case.office_since, Some(world.now));
    assert_eq!(case.claim.unwrap().at, world.now);
    assert_eq!(case.rung, Rung::Nudge);
}

#[test]
fn after_a_call_to_ambulance_or_police_nothing_lapses_and_the_outcome_is_asked_for_daily() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.wait(hours(6));
    assert_eq!(world.count(&michiko, AGAIN), 0);
    assert!(case(&world, &yoshiko).claim.is_some());
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(world.count(&kenji, DIGEST), 1);
}

#[test]
fn whoever_works_on_a_case_after_the_call_to_the_ambulance_is_not_hurried_and_nobody_is_asked_again()
 {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.press(&kenji, "連絡がつきません");
    let heard = [&kenji, &michiko].map(|watcher| world.pushes(watcher));
    world.wait(hours(12));
    assert_eq!([&kenji, &michiko].map(|watcher| world.pushes(watcher)), heard);
    assert!(case(&world, &yoshiko).claim.is_some());
    assert_eq!(case(&world, &yoshiko).escalated_at, None);
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(world.count(&kenji, DIGEST), 1);
}

#[test]
fn whoever_takes_the_place_of_one_who_called_the_ambulance_and_left_is_asked_once_a_day_too() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.block(&kenji);
    world.press(&michiko, "対応します");
    let heard = world.pushes(&michiko);
    world.wait(hours(12));
    assert_eq!(world.pushes(&michiko), heard);
    assert_eq!(case(&world, &yoshiko).claimer(), Some(Actor::Person(world.id(&michiko))));
    world.until_wall("2026-11-26T09:00:00");
    assert_eq!(world.count(&michiko, DIGEST), 2);
}

#[test]
fn a_case_never_falls_off_by_itself_not_after_ten_days_and_not_after_forty() {
    let mut world = World::with(
        "2026-11-23T08:00:00",
        anshin::domain::rules::Rules::default(),
        anshin::platform::Settings { quota_messages: None, ..Default::default() },
    );
    let [yoshiko, kenji, _] = world.family("30日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    for day in 1..=40 {
        world.wait(days(1));
        let case = case(&world, &yoshiko);
        assert!(world.case_timer(&yoshiko).is_some_and(|at| at > world.now), "day {day}");
        assert!(case.office_since.is_some(), "day {day}");
        assert!(world.on_the_board(&yoshiko), "day {day}");
    }
    assert_eq!(world.count(&kenji, DIGEST), 40);
}

#[test]
fn one_digest_a_day_names_every_open_case_of_its_reader() {
    let mut world = World::new();
    let kenji = world.organization();
    for name in ["はな", "たろう", "うめ"] {
        world.member(&kenji, name, "5日", "9時");
    }
    world.until_wall("2026-11-25T09:30:00");
    assert_eq!(world.count(&kenji, DIGEST), 1);
    let digest = world.last(&kenji);
    for name in ["はなさん", "たろうさん", "うめさん"] {
        assert!(digest.contains(name), "{digest}");
    }
}

#[test]
fn whoever_moves_to_the_west_is_told_again_on_the_next_day_too() {
    let (mut world, [_, kenji, michiko]) = alerted();
    for watcher in [&kenji, &michiko] {
        world.until_wall("2026-11-25T12:00:00");
        assert_eq!(world.count(watcher, DIGEST), 1);
        world.say(watcher, "時差");
        world.say(watcher, "ロサンゼルス");
    }
    world.until_wall("2026-11-26T09:30:00");
    // Half past four in the afternoon, of the same day as seen from there.
    assert_eq!([world.count(&kenji, DIGEST), world.count(&michiko, DIGEST)], [2, 2]);
}

#[test]
fn a_family_that_said_no_keeps_its_alerts_from_the_office_unless_nobody_is_there() {
    let (mut world, [yoshiko, ..]) = alerted();
    world.edit_team(&yoshiko, |team| team.office_agreed = false);
    world.until_wall("2026-11-25T10:00:00");
    let case = case(&world, &yoshiko);
    assert!(case.escalated_at.is_some() && case.office_since.is_none());
}

#[test]
fn a_family_that_says_yes_later_is_no_longer_alone_with_what_nobody_took() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.edit_team(&yoshiko, |team| team.office_agreed = false);
    let says_yes = |world: &mut World| {
        world.say(&kenji, "設定");
        world.press(&kenji, "よしこさんのチームの設定");
        world.press(&kenji, "事務局に知らせる");
        world.wait(minutes(1));
    };
    world.until_wall("2026-11-24T14:00:00");
    says_yes(&mut world);
    assert_eq!(case(&world, &yoshiko).office_since, None, "there are three hours to take it");
    world.press(&kenji, "事務局に知らせない");
    world.until_wall("2026-11-24T20:00:00");
    assert_eq!(case(&world, &yoshiko).office_since, None, "and nobody did");
    says_yes(&mut world);
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-24T20:00:00")));
}

#[test]
fn with_no_reachable_manager_the_office_is_told_at_once() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.edit_team(&yoshiko, |team| team.office_agreed = false);
    world.block(&kenji);
    world.block(&michiko);
    world.until_wall("2026-11-24T12:00:00");
    let case = case(&world, &yoshiko);
    assert!(case.nobody && case.receivers.is_empty());
    assert_eq!(case.office_since, Some(tokyo("2026-11-24T12:00:00")));
}

#[test]
fn where_nobody_was_ever_invited_to_watch_the_office_is_told_at_once() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for words in ["見守ってもらう", "同意", "よしこ", "5日", "9時"] {
        world.say(&yoshiko, words);
    }
    world.until_wall("2026-11-24T12:00:00");
    let case = case(&world, &yoshiko);
    assert!(case.nobody && case.office_since == Some(tokyo("2026-11-24T12:00:00")));
}

#[test]
fn a_team_in_which_nobody_pressed_that_alerts_arrive_counts_as_having_nobody() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for words in ["見守ってもらう", "同意", "よしこ", "5日", "9時", "招待"] {
        world.say(&yoshiko, words);
    }
    world.press(&yoshiko, "見守る方を招待");
    let code = world.code(&yoshiko);
    let kenji = world.friend("けんじ");
    world.say(&kenji, &format!("招待コード {code}"));
    world.press(&kenji, "参加する");
    world.say(&kenji, "同意");
    world.say(&kenji, "けんじ");
    world.until_wall("2026-11-24T12:00:00");
    let case = case(&world, &yoshiko);
    assert_eq!(world.count(&kenji, ALERT), 1, "pressed or not, every manager is told");
    assert!(case.nobody && case.office_since.is_some());
}

#[test]
fn the_last_manager_who_blocks_during_a_case_brings_the_office_in() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.block(&kenji);
    assert_eq!(case(&world, &yoshiko).office_since, None);
    world.block(&michiko);
    let case = case(&world, &yoshiko);
    assert!(case.nobody && case.office_since.is_some());
}

#[test]
fn an_outcome_from_the_list_closes_the_case_and_is_told_as_what_it_is() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    let id = case(&world, &yoshiko).id;
    world.press(&kenji, "対応します");
    world.press(&kenji, "ほかの結果");
    world.press(&kenji, "入院");
    let closed = world.case(id).unwrap().closed.unwrap();
    assert_eq!(closed.outcome, Outcome::Hospital);
    world.wait(minutes(5));
    assert!(world.last(&michiko).contains("よしこさんの件は終わりました（入院）"));
    assert!(!world.has(&michiko, "無事でした："), "hospital is not well");
    assert!(world.person(&yoshiko).unwrap().watch.is_some(), "the watch goes on");
}

#[test]
fn death_ends_the_watch_in_two_steps_and_no_greeting_follows() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "ほかの結果");
    world.press(&kenji, "死亡");
    assert!(world.person(&yoshiko).unwrap().watch.is_some(), "one press ends nothing");
    world.press(&kenji, "「死亡」で終える");
    let person = world.person(&yoshiko).unwrap();
    assert!(person.watch.is_none());
    assert_eq!(person.ended.unwrap().why, EndReason::Died);
    let before = world.received(&yoshiko).len();
    world.wait(days(35));
    assert_eq!(world.received(&yoshiko).len(), before);
    assert_eq!(world.timer(&yoshiko), None);
    assert!(world.has(&michiko, "よしこさんの見守りが終わりました"));
    assert!(world.has(&michiko, "理由：死亡") && world.has(&michiko, "けんじさんからの知らせ"));
}

#[test]
fn a_move_and_a_care_home_end_the_watch_in_two_steps_too() {
    for (label, why) in [("転出", EndReason::Moved), ("施設に入所", EndReason::CareHome)] {
        let (mut world, [yoshiko, kenji, _]) = alerted();
        world.press(&kenji, "対応します");
        world.press(&kenji, "ほかの結果");
        world.press(&kenji, label);
        assert!(world.person(&yoshiko).unwrap().watch.is_some(), "one press ends nothing");
        world.press(&kenji, &format!("「{label}」で終える"));
        assert_eq!(world.person(&yoshiko).unwrap().ended.unwrap().why, why);
        assert_eq!(world.timer(&yoshiko), None);
    }
}

#[test]
fn every_other_outcome_is_offered_and_recorded_and_the_watch_goes_on() {
    let offered = [
        ("押し忘れ", Outcome::Forgot),
        ("スマホの不調", Outcome::PhoneTrouble),
        ("旅行", Outcome::Travel),
        ("その他", Outcome::Other),
        ("入院", Outcome::Hospital),
        ("転倒・体調不良", Outcome::Unwell),
        ("救急", Outcome::Ambulance),
        ("誤報", Outcome::FalseAlarm),
    ];
    for (label, outcome) in offered {
        let (mut world, [yoshiko, kenji, _]) = alerted();
        let id = case(&world, &yoshiko).id;
        world.press(&kenji, "対応します");
        world.press(&kenji, "無事でした");
        if !world.sees_button(&kenji, label) || outcome == Outcome::Ambulance {
            world.press(&kenji, "ほかの結果");
        }
        world.press(&kenji, label);
        assert_eq!(world.case(id).unwrap().closed.unwrap().outcome, outcome, "{label}");
        assert!(world.person(&yoshiko).unwrap().watch.is_some(), "{label}");
    }
}

#[test]
fn a_manager_who_answers_for_the_person_is_shown_to_have_done_so() {
    use anshin::domain::round::Ending;
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    let id = world.id(&yoshiko);
    let past = world.store.read().unwrap().past_rounds(id, 1).unwrap();
    assert_eq!(past[0].ending, Ending::ByProxy);
    assert!(world.round(&yoshiko).is_none());
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-28T09:00:00")));
}

#[test]
fn a_stop_of_the_server_loses_no_rung_and_doubles_none() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    for wall in ["2026-11-24T12:59:59", "2026-11-24T13:00:01", "2026-11-24T15:00:00"] {
        world.until_wall(wall);
        world.stop();
        world.start();
    }
    world.until_wall("2026-11-25T08:59:59");
    world.stop();
    world.start();
    world.until_wall("2026-11-25T09:30:00");
    for manager in [&kenji, &michiko] {
        assert_eq!((world.count(manager, AGAIN), world.count(manager, DIGEST)), (1, 1));
    }
    assert!(case(&world, &yoshiko).office_since.is_some());
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn a_cry_for_help_of_somebody_who_was_silent_is_news() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.say(&yoshiko, "助けて");
    world.press(&yoshiko, "見守る方に知らせる");
    assert_eq!(case(&world, &yoshiko).trouble, Trouble::Help);
    for watcher in [&kenji, &michiko] {
        assert!(
            world.last(watcher).contains("「こまった」が押されました"),
            "{}",
            world.last(watcher)
        );
    }
}

#[test]
fn a_reminder_that_waits_since_before_a_claim_lapsed_is_taken_back_by_an_answer() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-24T13:10:00");
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-24T17:20:00");
    world.press(&yoshiko, "げんきです");
    world.platform.faults.refuse_all_5xx_before = false;
    world.wait(hours(1));
    assert_eq!((world.count(&kenji, AGAIN), world.count(&michiko, AGAIN)), (0, 0));
    assert_eq!(world.count(&michiko, "無事です：よしこさんからお返事がありました"), 1);
}

#[test]
fn whoever_closes_a_case_is_not_reminded_of_it() {
    let (mut world, [_, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.platform.faults.refuse_all_5xx_before = true;
    world.wait(hours(3) + minutes(10));
    world.press(&kenji, "無事でした");
    world.platform.faults.refuse_all_5xx_before = false;
    world.wait(hours(1));
    assert_eq!((world.count(&kenji, AGAIN), world.count(&michiko, AGAIN)), (0, 0));
}
