//! Rests: a pause that cannot kill. It has an end, is confirmed, told, asked about, announced, and
//! over by itself.

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
    let press = anshin::domain::press::Press::PauseSure(
        jiff::civil::date(2026, 12, 23),
        anshin::domain::pause::Why::Unsaid,
    );
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

#[test]
fn a_stranger_cannot_let_somebody_rest_or_end_a_rest() {
    let (mut world, [yoshiko, kenji, _]) = world();
    rest(&mut world, &yoshiko, "1週間");
    let stranger = world.friend("だれか");
    let id = world.id(&yoshiko);
    for (n, press) in [
        anshin::domain::press::Press::PauseOver(id),
        anshin::domain::press::Press::PauseFor(id, 30, anshin::domain::pause::Why::Travel),
        anshin::domain::press::Press::StillPaused(id),
    ]
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
