//! When we were down or deaf, when the clock is wrong, when too many alerts come at once: every rule
//! of "When we cannot ask, or cannot hear" that is about ourselves.

use anshin::domain::case::{Mark, Trouble};
use anshin::domain::event::TimeLook;
use anshin::domain::fact::Fact;
use anshin::domain::rules::Rules;
use anshin::platform::Settings;
use expect_test::expect;

use crate::world::{OFFICE, Refusal, Watchful, World, days, hours, minutes, tokyo};

const ALERT: &str = "お返事がありません：";
const SORRY: &str = "もう一度押してください。申し訳ありません";
const CALLED: &str = "「こまった」のあと、操作がありません";
const UNHEARD: &str = "未確認です（受け取れず）：";

/// よしこ was asked on Monday at nine.
fn asked() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("5日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.hush();
    (world, family)
}

fn stopped(world: &mut World, until: &str) {
    world.stop();
    world.until_wall(until);
    world.start();
}

#[test]
fn after_a_stop_whoever_was_being_waited_for_gets_one_apology_once_late_presses_had_their_time() {
    let (mut world, [yoshiko, ..]) = asked();
    world.watchful = Watchful::ByItself;
    stopped(&mut world, "2026-11-23T12:00:00");
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.times(&yoshiko, SORRY), [tokyo("2026-11-23T12:10:00")]);
    world.expect(expect![[r#"
        11-23 12:10 よしこ ⇐ もう一度押してください。申し訳ありません（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 12:00 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:00 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
    "#]]);
}

#[test]
fn whoever_answers_hears_none_of_the_apologies_that_still_wait() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.platform.faults.rate_limited = true;
    for (stop, start) in [("10:00", "12:00"), ("13:00", "14:00")] {
        world.until_wall(&format!("2026-11-23T{stop}:00"));
        stopped(&mut world, &format!("2026-11-23T{start}:00"));
        // That we hear is proved by whatever comes.
        world.say(&kenji, "使い方");
        world.wait(minutes(30));
    }
    let journal = world.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
    let begun = journal.iter().filter(|entry| matches!(entry.fact, Fact::Apologising(..)));
    assert_eq!(begun.count(), 2);
    world.press(&yoshiko, "げんきです");
    world.platform.faults.rate_limited = false;
    world.until_wall("2026-11-23T18:00:00");
    assert_eq!(world.count(&yoshiko, SORRY), 0, "{:?}", world.texts(&yoshiko));
}

#[test]
fn a_stop_of_less_than_ten_minutes_changes_nothing() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T10:00:00");
    stopped(&mut world, "2026-11-24T10:09:00");
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.count(&yoshiko, SORRY), 0);
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-24T12:00:00")]);
}

#[test]
fn after_an_apology_the_wait_begins_anew_as_long_as_was_deaf_at_least_1_hour_at_most_3() {
    for (stop, start, alert) in
        [("11:30", "12:00", "13:10"), ("11:00", "13:00", "15:10"), ("10:00", "18:00", "21:10")]
    {
        let (mut world, [yoshiko, kenji, _]) = asked();
        world.until_wall(&format!("2026-11-24T{stop}:00"));
        stopped(&mut world, &format!("2026-11-24T{start}:00"));
        world.until_wall("2026-11-25T12:00:00");
        assert_eq!(world.count(&yoshiko, SORRY), 1, "{stop}");
        assert_eq!(world.times(&kenji, ALERT), [tokyo(&format!("2026-11-24T{alert}:00"))]);
        assert!(world.has(&kenji, "停止のため遅延"));
    }
}

#[test]
fn a_second_call_that_our_stop_made_late_apologises_itself_and_nobody_is_asked_twice() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T08:30:00");
    stopped(&mut world, "2026-11-24T10:00:00");
    world.until_wall("2026-11-25T08:00:00");
    world.expect(expect![[r#"
        11-24 10:10 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 13:10 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 13:10 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 14:10 けんじ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
        11-24 14:10 みちこ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
    "#]]);
    assert!(world.has(&yoshiko, "申し訳ありません"));
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_press_that_was_lost_in_a_stop_leads_to_no_alert_when_the_person_presses_again() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T10:00:00");
    world.stop();
    world.platform.faults.webhook_off = true;
    world.tap(&yoshiko, "げんきです");
    world.platform.faults.webhook_off = false;
    world.until_wall("2026-11-24T13:00:00");
    world.start();
    world.until_wall("2026-11-24T13:30:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T13:00:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn a_press_that_is_redelivered_after_a_stop_is_in_time_and_nobody_is_bothered() {
    let settings = Settings { redelivery: true, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    world.until_wall("2026-11-24T11:59:30");
    world.stop();
    world.tap(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T12:01:30");
    world.start();
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn a_receiver_that_line_cannot_reach_holds_alerts_and_after_60_minutes_says_that_nothing_is_known()
{
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T11:30:00");
    world.deaf = true;
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&kenji, ALERT) + world.count(&kenji, UNHEARD), 0);
    world.until_wall("2026-11-24T12:40:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&kenji, UNHEARD)), (0, 1));
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::Unheard);
    world.deaf = false;
    world.wait(minutes(10));
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, "無事です："), 1);
}

#[test]
fn a_hearing_that_cannot_be_tested_for_long_is_doubted_also_where_line_only_says_too_often() {
    let (mut world, [yoshiko, ..]) = asked();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T10:00:00");
    world.deaf = true;
    world.platform.faults.rate_limited = true;
    world.until_wall("2026-11-24T13:30:00");
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::Unheard);
}

#[test]
fn a_receiver_that_hears_again_within_the_hour_apologises_before_anyone_is_told() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T11:30:00");
    world.deaf = true;
    world.until_wall("2026-11-24T12:10:00");
    world.deaf = false;
    world.until_wall("2026-11-24T12:20:00");
    assert_eq!((world.count(&yoshiko, SORRY), world.count(&kenji, ALERT)), (1, 0));
    world.until_wall("2026-11-24T14:00:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_receiver_that_stays_deaf_after_a_start_is_told_within_60_minutes_of_it() {
    let (mut world, [_, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T11:00:00");
    world.deaf = true;
    stopped(&mut world, "2026-11-24T14:00:00");
    world.until_wall("2026-11-24T14:59:00");
    assert_eq!(world.count(&kenji, UNHEARD), 0);
    world.until_wall("2026-11-24T15:01:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&kenji, UNHEARD)), (0, 1));
}

#[test]
fn no_alert_leaves_in_the_ten_minutes_after_a_start() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T11:55:00");
    stopped(&mut world, "2026-11-24T12:00:00");
    world.until_wall("2026-11-24T12:09:59");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-24T12:10:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&yoshiko, SORRY)), (1, 0));
}

#[test]
fn a_cry_for_help_does_not_wait_until_we_have_settled_after_a_stop() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    stopped(&mut world, "2026-11-23T12:00:00");
    world.say(&yoshiko, "助けて");
    world.until_wall("2026-11-23T12:01:59");
    assert_eq!(world.count(&kenji, CALLED), 0, "she may still say what she means");
    world.until_wall("2026-11-23T12:02:01");
    assert_eq!(world.count(&kenji, CALLED), 1, "{:?}", world.texts(&kenji));
}

#[test]
fn a_server_that_never_comes_up_long_enough_still_tells_somebody_in_the_end() {
    let (mut world, [_, kenji, _]) = asked();
    world.until_wall("2026-11-24T11:00:00");
    let mut told = None;
    for round in 0..60 {
        world.stop();
        world.wait(minutes(3));
        world.start();
        world.wait(minutes(12));
        if world.count(&kenji, ALERT) + world.count(&kenji, UNHEARD) > 0 {
            told = Some(round);
            break;
        }
    }
    assert!(told.is_some_and(|round| round <= 40), "{told:?}");
}

#[test]
fn an_apology_that_cannot_be_delivered_is_no_silence() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T10:00:00");
    world.stop();
    world.until_wall("2026-11-24T13:00:00");
    world.refusal = Some(crate::world::Refusal::Unavailable(vec![yoshiko.clone()]));
    world.start();
    world.until_wall("2026-11-24T18:00:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&kenji, UNHEARD)), (0, 1));
}

#[test]
fn a_clock_that_was_set_holds_alerts_until_the_time_is_proven() {
    let (mut world, [_, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T11:58:30");
    world.time_looks = TimeLook::Stepped;
    world.until_wall("2026-11-24T12:20:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.time_looks = TimeLook::Proven;
    world.until_wall("2026-11-24T12:25:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_clock_that_cannot_be_proven_holds_an_hour_at_most_and_then_says_so() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T11:58:30");
    world.time_looks = TimeLook::Stepped;
    world.until_wall("2026-11-24T12:55:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-24T13:01:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
    assert_eq!(world.open_case(&yoshiko).unwrap().mark, Mark::TimeUnproven);
    assert!(world.has(&kenji, "時刻未確認"));
}

#[test]
fn a_clock_set_forward_by_a_day_brings_no_alert_before_the_time_is_proven() {
    let (mut world, [_, kenji, _]) = asked();
    world.watchful = Watchful::ByItself;
    world.time_looks = TimeLook::Stepped;
    world.now = world.now + days(1) + hours(5);
    world.settle();
    world.wait(minutes(30));
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn a_question_waits_for_the_time_to_be_proven_and_an_hour_at_most() {
    for (proven, asked_at) in [(true, "2026-11-24T09:04:00"), (false, "2026-11-24T09:59:00")] {
        let mut world = World::new();
        let [yoshiko, ..] = world.family("毎日", "9時");
        world.until_wall("2026-11-23T09:10:00");
        world.press(&yoshiko, "げんきです");
        world.watchful = Watchful::ByItself;
        world.until_wall("2026-11-24T08:58:30");
        world.time_looks = TimeLook::Stepped;
        world.until_wall("2026-11-24T09:02:00");
        assert_eq!(world.count(&yoshiko, "げんきですか？ ボタン"), 1);
        world.time_looks = if proven { TimeLook::Proven } else { TimeLook::Stepped };
        world.until_wall("2026-11-24T10:00:30");
        let times = world.times(&yoshiko, "げんきですか？ ボタン");
        assert_eq!(times.len(), 2);
        let span = times[1].since(tokyo(asked_at));
        assert!(span <= minutes(2) && times[1] >= tokyo(asked_at), "{:?}", times[1]);
    }
}

#[test]
fn a_question_that_our_own_stop_made_late_wakes_nobody_and_comes_in_the_morning() {
    const ASK: &str = "げんきですか？ ボタン";
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T08:30:00");
    world.stop();
    world.until_wall("2026-11-24T02:00:00");
    world.start();
    world.until_wall("2026-11-24T05:59:00");
    assert_eq!(world.count(&yoshiko, ASK), 0);
    world.until_wall("2026-11-24T06:01:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
}

#[test]
fn whoever_wants_to_be_asked_in_the_night_is_asked_at_that_hour_after_a_stop_too() {
    const ASK: &str = "げんきですか？ ボタン";
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "4時");
    world.until_wall("2026-11-24T03:30:00");
    world.stop();
    world.until_wall("2026-11-25T02:00:00");
    world.start();
    world.until_wall("2026-11-25T03:59:00");
    assert_eq!(world.count(&yoshiko, ASK), 0);
    world.until_wall("2026-11-25T04:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
}

#[test]
fn an_alert_says_so_if_the_second_call_never_left() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T08:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko.clone()]));
    world.until_wall("2026-11-24T12:01:00");
    assert_eq!(world.open_case(&yoshiko).unwrap().mark, Mark::AskedOnce);
    assert!(world.has(&kenji, "再送できず"));
}

#[test]
fn a_case_without_a_timer_is_found_in_the_night_and_climbs_on() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T12:10:00");
    let case = world.open_case(&yoshiko).unwrap().id;
    world.edit(|tables| tables.put_timer(case.0, None).unwrap());
    world.wait(minutes(20));
    world.until_wall("2026-11-24T13:30:00");
    assert_eq!(world.count(&kenji, "対応する方がいません"), 1);
}

#[test]
fn an_implausible_number_of_alerts_waits_until_we_have_looked_at_ourselves_and_none_is_lost() {
    let mut world = World::new();
    let kenji = world.organization();
    let names = ["はな", "たろう", "うめ", "さくら", "まつ", "きく", "ゆり", "ふじ"];
    for name in names {
        world.member(&kenji, name, "5日", "9時");
    }
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.count(&kenji, ALERT), 4, "the fifth of eight is implausible");
    world.until_wall("2026-11-24T12:01:00");
    assert_eq!(world.count(&kenji, ALERT), 8, "we hear, so it is true");
}

#[test]
fn the_office_hears_whose_alerts_were_held_and_leave_now() {
    let mut world = World::with_desk();
    let kenji = world.organization();
    let names = ["はな", "たろう", "うめ", "さくら", "まつ", "きく", "ゆり", "ふじ"];
    for name in names {
        world.member(&kenji, name, "5日", "9時");
    }
    world.until_wall("2026-11-24T12:01:00");
    let letters = world.letters(OFFICE);
    let held = letters.iter().position(|l| l.subject.contains("一度にたくさんの方")).unwrap();
    let leaves = letters.iter().position(|l| l.subject.contains("待たせていた知らせ")).unwrap();
    assert!(held < leaves);
    for name in &names[4..] {
        assert!(letters[leaves].text.contains(&format!("{name}さん")), "{}", letters[leaves].text);
    }
    assert!(!letters[leaves].text.contains("はなさん"), "whose alert left at once");
}

#[test]
fn a_breaker_that_nobody_looks_into_holds_for_thirty_minutes_and_no_longer() {
    let mut world = World::new();
    let kenji = world.organization();
    for name in ["はな", "たろう", "うめ", "さくら", "まつ", "きく"] {
        world.member(&kenji, name, "5日", "9時");
    }
    world.until_wall("2026-11-24T11:59:00");
    world.watchful = Watchful::WithoutTests;
    world.until_wall("2026-11-24T12:29:00");
    assert_eq!(world.count(&kenji, ALERT), 4);
    world.until_wall("2026-11-24T12:31:00");
    assert_eq!(world.count(&kenji, ALERT), 6);
}

#[test]
fn a_breaker_that_learns_nothing_ends_and_what_nobody_could_have_heard_is_told_as_that() {
    let mut world = World::new();
    let kenji = world.organization();
    for name in ["はな", "たろう", "うめ", "さくら", "まつ", "きく"] {
        world.member(&kenji, name, "5日", "9時");
    }
    world.until_wall("2026-11-24T11:59:00");
    // LINE answers pushes and no question about ourselves.
    world.platform.faults.next(
        "/v2/bot/channel/webhook/test",
        100,
        anshin::platform::Trouble::RateLimited,
    );
    world.until_wall("2026-11-24T12:31:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&kenji, UNHEARD)), (4, 0));
    world.until_wall("2026-11-24T13:16:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&kenji, UNHEARD)), (4, 2));
}

#[test]
fn someone_without_a_timer_is_found_in_the_night_and_asked() {
    let (mut world, [yoshiko, ..]) = asked();
    world.press(&yoshiko, "げんきです");
    let id = world.id(&yoshiko).0;
    world.edit(|tables| tables.put_timer(id, None).unwrap());
    assert_eq!(world.timer(&yoshiko), None);
    world.wait(minutes(20));
    world.settle();
    assert!(world.timer(&yoshiko).is_some(), "found within minutes of the start");
    world.wait(minutes(2));
    assert_eq!(world.count(&yoshiko, "げんきですか？ ボタン"), 2);
}
