//! Rests: a pause that cannot kill. It has an end, is confirmed, told, asked about, announced, and
//! over by itself.

use anshin::domain::pause::Why;
use anshin::domain::press::Press;
use anshin::domain::round::Ending;
use expect_test::expect;
use serde_json::json;

use crate::world::{World, days, hours, tokyo};

const ASK: &str = "げんきですか？ ボタン";

fn world() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:05:00");
    world.press(&family[0], "げんきです");
    world.hush();
    (world, family)
}

fn rest(world: &mut World, yoshiko: &str, label: &str) {
    world.say(yoshiko, "お休み");
    world.press(yoshiko, label);
    world.press(yoshiko, "お休みにする");
}

#[test]
fn a_rest_is_confirmed_by_a_second_press_told_to_all_who_watch_and_ends_by_itself() {
    let (mut world, [yoshiko, ..]) = world();
    rest(&mut world, &yoshiko, "3日");
    world.until_wall("2026-11-26T09:30:00");
    world.expect(expect![[r#"
        11-23 09:05 よしこ → お休み
        11-23 09:05 よしこ ← いつまでお休みしますか？ [きょうだけ] [3日] [1週間] [日を選ぶ] [入院（終わりは未定）] [お休みしない]
        11-23 09:05 よしこ → 3日
        11-23 09:05 よしこ ← 11月25日（水）まで、お休みにしますか？ [お休みにする] [やめておく]
        11-23 09:05 よしこ → お休みにする
        11-23 09:05 よしこ ← 11月25日（水）までお休みです [お休みを終わる]
        11-23 09:05 けんじ ⇐ よしこさんは11月25日（水）までお休みです
        11-23 09:05 みちこ ⇐ よしこさんは11月25日（水）までお休みです
        11-25 09:00 よしこ ⇐ もうすぐ、お休みが終わります [お休みを終わる] [もう少し休む]
        11-26 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-26 09:00 けんじ ⇐ よしこさんのお休みが終わりました
        11-26 09:00 みちこ ⇐ よしこさんのお休みが終わりました
    "#]]);
}

#[test]
fn one_press_alone_begins_no_rest() {
    let (mut world, [yoshiko, ..]) = world();
    world.say(&yoshiko, "お休み");
    world.press(&yoshiko, "1週間");
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
}

#[test]
fn a_rest_of_more_than_thirty_days_is_refused_also_with_a_day_that_was_chosen() {
    let (mut world, [yoshiko, ..]) = world();
    world.say(&yoshiko, "お休み");
    for (day, words) in [
        ("2026-12-22", "12月22日（火）まで、お休みにしますか"),
        ("2026-12-23", "お休みは30日までです"),
        ("2026-11-22", "お休みは30日までです"),
        ("9999-12-31", "お休みは30日までです"),
    ] {
        let data = world.data(&yoshiko, "日を選ぶ");
        let postback = json!({"postback": {"data": data, "params": {"date": day}}});
        let event = world.event(&format!("P{day}"), &yoshiko, "postback", &postback);
        world.post(&[event]);
        assert!(world.has(&yoshiko, words), "{day}");
    }
}

#[test]
fn those_who_watch_are_asked_every_week_and_may_end_it() {
    let (mut world, [yoshiko, kenji, michiko]) = world();
    rest(&mut world, &yoshiko, "入院");
    world.until_wall("2026-11-30T09:00:00");
    assert_eq!(world.count(&kenji, "まだお休みですか"), 1);
    world.press(&kenji, "まだお休みです");
    world.until_wall("2026-12-07T09:00:00");
    assert_eq!(world.count(&michiko, "まだお休みですか"), 2);
    world.press(&michiko, "もう終わりました");
    assert!(world.has(&yoshiko, "みちこさんが、お休みは終わったと知らせました"));
    world.until_wall("2026-12-08T09:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
}

#[test]
fn a_rest_ends_by_itself_after_thirty_days_also_when_nobody_remembers_it() {
    let (mut world, [yoshiko, kenji, _]) = world();
    rest(&mut world, &yoshiko, "入院");
    world.until_wall("2026-12-22T23:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
    world.until_wall("2026-12-24T12:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
    assert_eq!(world.count(&kenji, "お返事がありません："), 1, "and silence is noticed again");
}

#[test]
fn making_it_longer_never_makes_it_longer_than_thirty_days_in_all() {
    let (mut world, [yoshiko, ..]) = world();
    rest(&mut world, &yoshiko, "1週間");
    world.until_wall("2026-11-29T09:30:00");
    world.press(&yoshiko, "もう少し休む");
    assert!(world.last(&yoshiko).contains("お休みを終わる"), "it shows the rest that holds");
    let press = Press::PauseSure(jiff::civil::date(2026, 12, 23), Why::Unsaid);
    let data = anshin::line::postback::write(press, &world.mint());
    let event = world.event("L1", &yoshiko, "postback", &json!({"postback": {"data": data}}));
    world.post(&[event]);
    assert!(world.last(&yoshiko).contains("お休みは30日までです"));
}

#[test]
fn i_am_back_ends_a_rest_at_once() {
    let (mut world, [yoshiko, kenji, _]) = world();
    rest(&mut world, &yoshiko, "1週間");
    world.wait(hours(1));
    world.press(&yoshiko, "お休みを終わる");
    assert!(world.has(&kenji, "よしこさんのお休みが終わりました"));
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
}

#[test]
fn a_rest_takes_an_open_question_back_and_the_press_was_an_answer() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.until_wall("2026-11-24T09:30:00");
    rest(&mut world, &yoshiko, "3日");
    let id = world.id(&yoshiko);
    let past = world.store.read().unwrap().past_rounds(id, 1).unwrap();
    assert_eq!(past[0].ending, Ending::Answered);
    world.until_wall("2026-11-26T12:00:00");
    assert_eq!(world.count(&kenji, "お返事がありません"), 0);
}

#[test]
fn a_rest_takes_back_a_question_that_line_has_not_taken_yet() {
    let (mut world, [yoshiko, ..]) = world();
    let asked = world.count(&yoshiko, "げんきですか？ ボタン");
    world.until_wall("2026-11-24T08:58:00");
    world.say(&yoshiko, "お休み");
    world.press(&yoshiko, "3日");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-24T09:10:00");
    world.press(&yoshiko, "お休みにする");
    world.platform.faults.refuse_all_5xx_before = false;
    world.until_wall("2026-11-24T23:00:00");
    assert_eq!(world.count(&yoshiko, "げんきですか？ ボタン"), asked);
}

#[test]
fn travel_as_the_outcome_of_a_case_offers_a_rest_and_tells_the_person_who_agreed_it() {
    let (mut world, [yoshiko, kenji, michiko]) = world();
    world.until_wall("2026-11-25T12:30:00");
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    world.press(&kenji, "旅行");
    world.press(&kenji, "1週間お休みにする");
    assert!(world.has(&yoshiko, "けんじさんがお休みにしました"));
    assert!(world.has(&michiko, "よしこさんは12月1日（火）までお休みです"));
    world.until_wall("2026-12-01T23:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
    world.until_wall("2026-12-02T09:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 3);
}

/// Presses a button that was never offered, as it would stand on an old message.
fn press(world: &mut World, user: &str, press: Press) {
    let data = anshin::line::postback::write(press, &world.mint());
    let name = format!("B{}", world.now.millis());
    let event = world.event(&name, user, "postback", &json!({"postback": {"data": data}}));
    world.post(&[event]);
}

/// Somebody who is asked every five days, was waited for, and is let rest by mistake.
fn mistaken() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("5日", "9時");
    world.until_wall("2026-11-23T10:00:00");
    let id = world.id(&family[0]);
    press(&mut world, &family[1], Press::PauseFor(id, 7, Why::Travel));
    world.until_wall("2026-11-23T15:00:00");
    world.hush();
    press(&mut world, &family[1], Press::PauseOver(id));
    (world, family)
}

#[test]
fn whoever_was_waited_for_when_somebody_let_them_rest_by_mistake_is_asked_the_next_day() {
    let (mut world, [yoshiko, kenji, michiko]) = mistaken();
    world.until_wall("2026-11-25T12:01:00");
    world.expect(expect![[r#"
        11-23 15:00 けんじ ⇐ よしこさんのお休みが終わりました
        11-23 15:00 みちこ ⇐ よしこさんのお休みが終わりました
        11-23 15:00 よしこ ⇐ お休みが終わりました
        11-24 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-25 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-25 12:00 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-25 12:00 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
    "#]]);
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-24T09:00:00")));
    for watcher in [&kenji, &michiko] {
        assert_eq!(world.count(watcher, "お返事がありません："), 1, "silence is noticed as ever");
    }
    // From then on the days are those that were agreed.
    world.until_wall("2026-11-28T10:00:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-28T09:00:00")));
}

#[test]
fn whoever_says_before_then_that_they_are_well_is_asked_on_the_next_regular_day() {
    let (mut world, [yoshiko, kenji, _]) = mistaken();
    let before = world.count(&yoshiko, ASK);
    world.say(&yoshiko, "げんきです");
    world.until_wall("2026-11-27T23:00:00");
    assert_eq!(world.count(&yoshiko, ASK), before);
    assert_eq!(world.count(&kenji, "お返事がありません："), 0);
    world.until_wall("2026-11-28T10:00:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-28T09:00:00")));
}

#[test]
fn whoever_had_answered_is_asked_on_the_next_regular_day_after_a_mistaken_rest() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.press(&yoshiko, "げんきです");
    let (id, before) = (world.id(&yoshiko), world.count(&yoshiko, ASK));
    press(&mut world, &kenji, Press::PauseFor(id, 7, Why::Travel));
    world.until_wall("2026-11-23T15:00:00");
    press(&mut world, &kenji, Press::PauseOver(id));
    assert!(world.has(&yoshiko, "11月28日（土）"), "{}", world.last(&yoshiko));
    world.until_wall("2026-11-27T23:00:00");
    assert_eq!(world.count(&yoshiko, ASK), before);
}

#[test]
fn a_rest_that_ended_while_we_stood_still_wakes_nobody_in_the_night() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "21時");
    world.until_wall("2026-11-23T21:05:00");
    world.press(&yoshiko, "げんきです");
    rest(&mut world, &yoshiko, "3日");
    world.until_wall("2026-11-26T20:00:00");
    world.hush();
    let before = world.count(&yoshiko, ASK);
    world.stop();
    world.until_wall("2026-11-27T02:00:00");
    world.start();
    world.until_wall("2026-11-27T05:55:00");
    assert_eq!(world.count(&yoshiko, ASK), before);
    assert!(!world.has(&kenji, "よしこさんのお休みが終わりました"), "nor is anybody told");
    world.until_wall("2026-11-27T06:05:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-27T06:00:00")));
    assert!(world.has(&kenji, "よしこさんのお休みが終わりました"));
}

#[test]
fn after_a_rest_that_ended_while_we_stood_still_whoever_chose_an_hour_in_the_night_is_asked_at_it()
{
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "4時");
    rest(&mut world, &yoshiko, "きょうだけ");
    world.until_wall("2026-11-24T03:30:00");
    world.stop();
    world.until_wall("2026-11-25T02:00:00");
    world.start();
    world.until_wall("2026-11-25T03:59:00");
    assert_eq!(world.count(&yoshiko, ASK), 0);
    world.until_wall("2026-11-25T04:01:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
}

#[test]
fn a_stranger_cannot_let_somebody_rest_or_end_a_rest() {
    let (mut world, [yoshiko, kenji, _]) = world();
    rest(&mut world, &yoshiko, "1週間");
    let stranger = world.friend("だれか");
    let id = world.id(&yoshiko);
    for (n, press) in
        [Press::PauseOver(id), Press::PauseFor(id, 30, Why::Travel), Press::StillPaused(id)]
            .into_iter()
            .enumerate()
    {
        let data = anshin::line::postback::write(press, &world.mint());
        let postback = json!({"postback": {"data": data}});
        let event = world.event(&format!("S{n}"), &stranger, "postback", &postback);
        world.post(&[event]);
    }
    let pause = world.person(&yoshiko).unwrap().watch.unwrap().pause.unwrap();
    assert_eq!(pause.last_day, jiff::civil::date(2026, 11, 29));
    assert!(!world.has(&kenji, "お休みが終わりました"));
}

#[test]
fn a_stop_over_the_end_of_a_rest_asks_once_and_forgets_nobody() {
    let (mut world, [yoshiko, ..]) = world();
    rest(&mut world, &yoshiko, "3日");
    world.until_wall("2026-11-24T10:00:00");
    world.stop();
    world.until_wall("2026-11-28T15:00:00");
    world.start();
    world.wait(hours(1));
    assert_eq!(world.count(&yoshiko, ASK), 2);
    assert!(world.person(&yoshiko).unwrap().watch.unwrap().pause.is_none());
    assert!(world.timer(&yoshiko).is_some_and(|at| at > world.now));
}

#[test]
fn blocking_and_coming_back_leaves_a_rest_as_it_was() {
    let (mut world, [yoshiko, ..]) = world();
    rest(&mut world, &yoshiko, "1週間");
    world.block(&yoshiko);
    world.wait(days(1));
    world.unblock(&yoshiko);
    world.until_wall("2026-11-29T23:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
    world.until_wall("2026-11-30T09:00:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-30T09:00:00")));
}

#[test]
fn a_rest_that_passes_while_somebody_cannot_be_reached_is_over_for_everyone_who_watches() {
    let (mut world, [yoshiko, kenji, michiko]) = world();
    rest(&mut world, &yoshiko, "3日");
    world.until_wall("2026-11-24T12:00:00");
    world.block(&yoshiko);
    world.until_wall("2026-11-27T12:00:00");
    world.unblock(&yoshiko);
    world.wait(hours(1));
    // What is said to her of its end and what is said to them are decided in the same moment.
    for watcher in [&kenji, &michiko] {
        assert_eq!(world.count(watcher, "よしこさんのお休みが終わりました"), 1);
    }
}
