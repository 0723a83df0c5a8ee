//! Signs of life, small answers, help, mistakes, early answers: rules 7 to 10 of the check-in cycle.

use anshin::domain::case::{Outcome, Trouble};
use anshin::domain::round::{Ending, Stage};
use anshin::domain::rules::Rules;
use expect_test::expect;
use serde_json::json;

use crate::world::{World, days, hours, minutes, tokyo};

const CALLED: &str = "「こまった」のあと、操作がありません：";
const AGAIN: &str = "対応する方がいません：";
const ALERT: &str = "お返事がありません：";
const HELP: &str = "「こまった」が押されました：";

fn asked() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.hush();
    (world, family)
}

fn alerted() -> (World, [String; 3]) {
    let (mut world, family) = asked();
    world.until_wall("2026-11-24T12:30:00");
    world.hush();
    (world, family)
}

fn ending(world: &World, user: &str) -> Ending {
    let id = world.id(user);
    world.store.read().unwrap().past_rounds(id, 1).unwrap()[0].ending
}

#[test]
fn any_act_in_the_chat_counts_as_an_answer_and_offers_to_take_it_back() {
    for act in ["text", "sticker", "photo", "voice", "menu"] {
        let (mut world, [yoshiko, ..]) = asked();
        match act {
            "text" => world.say(&yoshiko, "今日はいい天気ですね"),
            "sticker" => world.sticker(&yoshiko),
            "photo" => {
                let now = world.now.millis();
                world.platform.send_image(now, &yoshiko);
                world.settle();
            }
            "voice" => {
                let audio = json!({"message": {
                    "id": "400000000000000001", "type": "audio", "duration": 2_000,
                    "contentProvider": {"type": "line"},
                }});
                let event = world.event("V1", &yoshiko, "message", &audio);
                world.post(&[event]);
            }
            _ => world.say(&yoshiko, "使い方"),
        }
        assert!(world.round(&yoshiko).is_none(), "{act}");
        // An event without a token for an answer gets none: thanks are not worth a message of the month.
        assert_eq!(world.sees_button(&yoshiko, "ちがいます"), act != "voice", "{act}");
    }
}

#[test]
fn an_act_that_arrives_late_ends_the_worry_even_if_the_next_question_is_out_already() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("2日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
    let text = json!({
        "message": {"id": "400000000000000002", "type": "text", "text": "使い方"},
        "timestamp": world.now.millis(),
    });
    let late = world.event("L1", &yoshiko, "message", &text);
    world.until_wall("2026-11-25T10:00:00");
    assert!(world.round(&yoshiko).is_some());
    world.post(&[late]);
    assert!(world.open_case(&yoshiko).is_none());
    assert_eq!(world.count(&kenji, "無事です："), 1);
    assert!(world.round(&yoshiko).is_some(), "the next question is not answered by it");
}

#[test]
fn with_the_setting_button_only_nothing_else_counts() {
    let rules = Rules { any_sign_counts: false, ..Rules::default() };
    let mut world = World::at("2026-11-23T08:00:00", rules);
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.say(&yoshiko, "今日はいい天気ですね");
    world.sticker(&yoshiko);
    world.say(&yoshiko, "使い方");
    assert!(world.round(&yoshiko).is_some());
    world.press(&yoshiko, "げんきです");
    assert!(world.round(&yoshiko).is_none());
}

#[test]
fn help_words_ask_what_to_do_and_are_no_answer() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.say(&yoshiko, "台所で倒れた　たすけて");
    assert!(world.last(&yoshiko).contains("tel:119"));
    assert!(world.round(&yoshiko).is_some(), "a cry for help is no well-being");
    assert_eq!(world.count(&kenji, HELP), 0);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.count(&kenji, ALERT), 1, "whoever presses nothing further is waited for");
}

#[test]
fn telling_opens_a_case_at_once_and_says_that_nobody_is_sure_to_come() {
    let (mut world, [yoshiko, kenji, michiko]) = asked();
    world.say(&yoshiko, "こまった");
    world.press(&yoshiko, "見守る方に知らせる");
    world.press(&kenji, "対応します");
    world.expect(expect![[r#"
        11-23 09:30 よしこ → こまった
        11-23 09:30 よしこ ← 119に電話してください。見守る方に知らせることもできます [119に電話] [見守る方に知らせる] [まちがえました]
        11-23 09:30 よしこ → 見守る方に知らせる
        11-23 09:30 よしこ ← けんじさん、みちこさんに知らせました [119に電話] [まちがえました]
        11-23 09:30 けんじ ⇐ 「こまった」が押されました：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-23 09:30 みちこ ⇐ 「こまった」が押されました：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-23 09:30 けんじ → 対応します
        11-23 09:30 けんじ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-23 09:30 よしこ ⇐ けんじさんが対応します [119に電話]
        11-23 09:30 みちこ ⇐ けんじさんが対応します
    "#]]);
    assert!(world.has(&yoshiko, "すぐに人が来るとは、かぎりません"));
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::Help);
    assert!(!world.has(&michiko, ALERT));
}

#[test]
fn a_press_on_well_does_not_end_a_cry_for_help_but_a_mistake_does() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.say(&yoshiko, "こまった");
    world.press(&yoshiko, "見守る方に知らせる");
    let case = world.open_case(&yoshiko).unwrap().id;
    world.say(&yoshiko, "げんきです");
    assert!(world.open_case(&yoshiko).is_some());
    world.press(&yoshiko, "まちがえました");
    assert!(world.open_case(&yoshiko).is_none());
    assert_eq!(world.case(case).unwrap().closed.unwrap().outcome, Outcome::FalseAlarm);
    assert!(world.last(&kenji).contains("誤報"));
}

#[test]
fn who_presses_trouble_and_then_nothing_is_told_of_after_two_minutes() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.say(&yoshiko, "こまった");
    world.wait(minutes(1));
    assert_eq!(world.count(&kenji, CALLED), 0);
    world.wait(minutes(1));
    world.expect(expect![[r#"
        11-23 09:30 よしこ → こまった
        11-23 09:30 よしこ ← 119に電話してください。見守る方に知らせることもできます [119に電話] [見守る方に知らせる] [まちがえました]
        11-23 09:32 けんじ ⇐ 「こまった」のあと、操作がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-23 09:32 みちこ ⇐ 「こまった」のあと、操作がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
    "#]]);
    // Silence goes its own way.
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!((world.count(&kenji, CALLED), world.count(&kenji, ALERT)), (1, 1));
}

#[test]
fn a_press_on_trouble_and_then_nothing_climbs_the_ladder_until_somebody_has_looked() {
    let (mut world, [yoshiko, kenji, michiko]) = asked();
    world.say(&yoshiko, "こまった");
    let call = |world: &World| world.person(&yoshiko).unwrap().watch.unwrap().call;
    world.until_wall("2026-11-23T10:32:00");
    assert_eq!((world.count(&kenji, AGAIN), world.count(&michiko, AGAIN)), (1, 1));
    world.until_wall("2026-11-23T12:32:00");
    let id = call(&world).unwrap();
    assert!(world.case(id).unwrap().office_since.is_some());
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    assert_eq!(call(&world), None);
    assert!(world.round(&yoshiko).is_none(), "who was found well is not asked a second time");
    world.wait(minutes(5));
    assert!(world.has(&michiko, "無事でした："));
}

#[test]
fn in_a_team_that_wants_quiet_a_press_on_trouble_is_told_in_the_night() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T02:00:00");
    world.say(&yoshiko, "こまった");
    world.wait(minutes(5));
    assert_eq!(world.times(&kenji, CALLED), [tokyo("2026-11-24T02:02:00")]);
}

#[test]
fn while_a_code_is_waited_for_whoever_is_watched_is_heard_all_the_same() {
    let (mut world, [yoshiko, ..]) = asked();
    world.say(&yoshiko, "招待コード");
    world.say(&yoshiko, "痛い");
    assert!(
        world.last(&yoshiko).contains("見守る方に知らせましょうか"),
        "{}",
        world.last(&yoshiko)
    );
    let (mut world, [yoshiko, ..]) = asked();
    world.say(&yoshiko, "招待コード");
    world.say(&yoshiko, "おはようございます");
    assert!(world.round(&yoshiko).is_none(), "any text is a sign of life");
    assert!(world.has(&yoshiko, "このコードは使えませんでした"));
    world.wait(days(1));
    world.say(&yoshiko, "おはようございます");
    assert_eq!(
        world.count(&yoshiko, "このコードは使えませんでした"),
        1,
        "it is over after one try"
    );
}

#[test]
fn a_code_that_is_typed_while_somebody_is_waited_for_is_a_sign_of_life() {
    let (mut world, [yoshiko, ..]) = asked();
    world.say(&yoshiko, "招待コード AAAA-AAAA");
    assert!(world.round(&yoshiko).is_none());
}

#[test]
fn who_says_within_two_minutes_what_is_meant_troubles_nobody_twice() {
    for (label, alerts) in [("まちがえました", 0), ("見守る方に知らせる", 1)] {
        let (mut world, [yoshiko, kenji, _]) = asked();
        world.say(&yoshiko, "こまった");
        world.wait(minutes(1));
        world.press(&yoshiko, label);
        world.wait(minutes(30));
        assert_eq!(world.count(&kenji, CALLED), 0, "{label}");
        assert_eq!(world.count(&kenji, "「こまった」が押されました"), alerts, "{label}");
    }
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.say(&yoshiko, "こまった");
    world.say(&yoshiko, "げんきです");
    world.wait(minutes(30));
    assert_eq!(world.count(&kenji, CALLED), 0);
}

#[test]
fn who_says_later_what_was_meant_is_told_to_those_who_heard_of_the_press() {
    for (label, news) in [("まちがえました", "誤報"), ("げんきです", "無事です")]
    {
        let (mut world, [yoshiko, kenji, _]) = asked();
        world.say(&yoshiko, "こまった");
        world.wait(minutes(5));
        world.press(&yoshiko, label);
        assert_eq!(world.count(&kenji, CALLED), 1);
        assert_eq!(world.count(&kenji, news), 1, "{label}: {:?}", world.texts(&kenji));
    }
}

#[test]
fn who_pressed_trouble_and_nothing_after_it_hears_who_goes() {
    let (mut world, [yoshiko, kenji, michiko]) = asked();
    world.say(&yoshiko, "こまった");
    world.wait(minutes(5));
    world.press(&kenji, "対応します");
    assert!(world.last(&yoshiko).contains("けんじさんが対応します"), "{:?}", world.texts(&yoshiko));
    assert!(world.last(&michiko).contains("けんじさんが対応します"));
}

#[test]
fn pressing_trouble_again_and_again_is_told_once_and_at_night_too() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T02:00:00");
    for _ in 0..5 {
        world.say(&yoshiko, "助けて");
        world.wait(minutes(1));
    }
    assert_eq!(world.times(&kenji, CALLED), [tokyo("2026-11-24T02:02:00")]);
}

#[test]
fn a_press_on_trouble_with_nobody_to_tell_comes_to_the_office_after_two_minutes() {
    let (mut world, [yoshiko, kenji, michiko]) = asked();
    world.press(&yoshiko, "げんきです");
    world.block(&kenji);
    world.block(&michiko);
    world.say(&yoshiko, "こまった");
    world.wait(minutes(1));
    let call = |world: &World| world.person(&yoshiko).unwrap().watch.unwrap().call.unwrap();
    let id = call(&world);
    assert!(world.case(id).unwrap().office_since.is_none());
    world.wait(minutes(1));
    assert!(world.case(id).unwrap().office_since.is_some());
}

#[test]
fn a_cry_for_help_climbs_the_ladder_and_wakes_a_team_that_wants_quiet() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.until_wall("2026-11-23T23:00:00");
    world.say(&yoshiko, "こまった");
    world.press(&yoshiko, "見守る方に知らせる");
    assert_eq!(world.count(&kenji, HELP), 1);
    world.wait(hours(1));
    assert_eq!(world.count(&kenji, "対応する方がいません："), 1);
}

#[test]
fn help_with_nobody_to_tell_goes_to_the_office() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.block(&kenji);
    world.block(&michiko);
    world.say(&yoshiko, "助けて");
    world.press(&yoshiko, "見守る方に知らせる");
    assert!(world.on_the_board(&yoshiko));
    assert!(world.last(&yoshiko).contains("事務局に知らせました"));
}

#[test]
fn someone_who_is_not_watched_over_and_cries_for_help_is_told_to_phone() {
    let mut world = World::new();
    let stranger = world.friend("とおりすがり");
    world.say(&stranger, "助けて");
    assert!(world.last(&stranger).contains("tel:119"));
    assert!(!world.sees_button(&stranger, "見守る方に知らせる"));
}

#[test]
fn unwell_words_are_an_answer_and_ask_whether_to_tell() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.say(&yoshiko, "腰が痛いです");
    assert!(world.round(&yoshiko).is_none());
    assert!(world.last(&yoshiko).contains("見守る方に知らせましょうか"));
    assert_eq!(world.count(&kenji, "調子が悪い"), 0);
    world.press(&yoshiko, "知らせる");
    assert_eq!(world.count(&kenji, "調子が悪い"), 1);
}

#[test]
fn unwell_words_after_an_alert_are_not_told_as_all_is_well() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.say(&yoshiko, "きのうから熱がある");
    assert!(world.open_case(&yoshiko).is_none());
    assert!(!world.has(&kenji, "無事です："));
    assert!(world.has(&kenji, "調子がよくないのかもしれません"));
}

#[test]
fn the_small_answers_count_as_alive_and_open_a_soft_case_in_office_hours() {
    for (label, trouble, seen) in [
        ("すこし調子が悪い", Trouble::Unwell, "調子が悪い："),
        ("話したい", Trouble::WantsTalk, "話したい："),
    ] {
        let (mut world, [yoshiko, kenji, michiko]) = asked();
        world.press(&yoshiko, label);
        assert!(world.round(&yoshiko).is_none());
        assert_eq!(world.count(&kenji, seen), 1, "{label}");
        let soft = world.person(&yoshiko).unwrap().watch.unwrap().soft.unwrap();
        assert_eq!(world.case(soft).unwrap().trouble, trouble);
        world.until_wall("2026-11-23T18:00:00");
        assert_eq!(world.count(&kenji, "対応する方がいません"), 0, "no ladder");
        world.press(&kenji, "声をかけました");
        assert!(world.has(&michiko, "けんじさんが、よしこさんに声をかけました"));
        assert_eq!(world.person(&yoshiko).unwrap().watch.unwrap().soft, None);
    }
}

#[test]
fn a_small_answer_in_the_evening_is_told_the_next_morning() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "20時");
    world.until_wall("2026-11-23T20:30:00");
    world.press(&yoshiko, "話したい");
    assert_eq!(world.count(&kenji, "話したい："), 0);
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(world.times(&kenji, "話したいそうです"), [tokyo("2026-11-24T09:00:00")]);
}

#[test]
fn a_soft_case_does_not_hide_a_later_silence() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.press(&yoshiko, "話したい");
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn pressed_by_mistake_opens_the_round_again_and_its_times_stand() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(5));
    world.press(&yoshiko, "まちがえて押した");
    let round = world.round(&yoshiko).unwrap();
    assert_eq!(round.stage, Stage::Asked);
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T09:00:00")));
    assert_eq!(world.person(&yoshiko).unwrap().watch.unwrap().last_answer_at, None);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_mistake_can_be_taken_back_for_ten_minutes_and_once() {
    let (mut world, [yoshiko, ..]) = asked();
    world.sticker(&yoshiko);
    world.wait(minutes(11));
    world.press(&yoshiko, "ちがいます");
    assert!(world.round(&yoshiko).is_none());
    assert!(world.last(&yoshiko).contains("うまくいきませんでした"));
}

#[test]
fn a_mistake_after_an_alert_tells_those_who_were_told_that_all_is_well_that_it_is_not_known() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.sticker(&yoshiko);
    assert_eq!(world.count(&kenji, "無事です："), 1);
    world.press(&yoshiko, "ちがいます");
    assert!(world.open_case(&yoshiko).is_some());
    assert_eq!(world.count(&kenji, ALERT), 2);
}

#[test]
fn a_mistake_opens_the_case_about_the_earlier_question_again_and_the_later_one_is_still_waited_for()
{
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    let due_at = world.open_case(&yoshiko).unwrap().round_due_at;
    world.until_wall("2026-11-25T10:00:00");
    let asked_at = world.round(&yoshiko).unwrap().due_at;
    assert!(due_at < asked_at);
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, "無事です："), 1);
    world.wait(minutes(5));
    world.press(&yoshiko, "まちがえて押した");
    assert_eq!(world.open_case(&yoshiko).unwrap().round_due_at, due_at);
    assert_eq!(world.count(&kenji, ALERT), 2);
    let round = world.round(&yoshiko).unwrap();
    assert_eq!((round.due_at, round.stage), (asked_at, Stage::Asked));
}

#[test]
fn a_mistake_says_nothing_again_of_a_case_in_which_an_earlier_answer_was_told() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.count(&kenji, "無事です："), 1);
    let case = world.open_case(&yoshiko).unwrap();
    while world.round(&yoshiko).is_none() {
        world.wait(hours(1));
    }
    world.press(&yoshiko, "げんきです");
    world.press(&yoshiko, "まちがえて押した");
    assert_eq!(world.open_case(&yoshiko).unwrap().id, case.id, "whoever called says how it ended");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_mistake_while_the_question_is_on_its_way_is_waited_for_from_there_on() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.platform.faults.refuse_all_5xx_after = true;
    world.until_wall("2026-11-23T09:20:00");
    world.press(&yoshiko, "げんきです");
    world.platform.faults.refuse_all_5xx_after = false;
    world.wait(minutes(5));
    world.press(&yoshiko, "まちがえて押した");
    assert_eq!(world.round(&yoshiko).unwrap().stage, Stage::Asked);
    world.until_wall("2026-11-24T12:24:59");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-24T12:25:00");
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::NoAnswer);
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_cry_for_help_ends_the_waiting_for_an_answer_and_is_no_answer_to_take_back() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.say(&yoshiko, "こまった");
    world.press(&yoshiko, "見守る方に知らせる");
    assert_eq!((world.round(&yoshiko), ending(&world, &yoshiko)), (None, Ending::Answered));
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    assert_eq!((watch.last_answer_at, watch.undo), (Some(world.now), None));
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T09:00:00")));
    world.until_wall("2026-11-24T08:59:00");
    assert_eq!(world.count(&yoshiko, "お返事がまだです"), 0);
    // Whoever cries for help after an answer did not mean that answer otherwise.
    let (mut other, [yoshiko, ..]) = asked();
    other.press(&yoshiko, "げんきです");
    other.say(&yoshiko, "こまった");
    other.press(&yoshiko, "見守る方に知らせる");
    other.press(&yoshiko, "まちがえて押した");
    assert!(other.last(&yoshiko).contains("うまくいきませんでした"));
    assert!(other.round(&yoshiko).is_none() && world.count(&kenji, HELP) == 1);
}

#[test]
fn the_menu_within_12_hours_before_the_due_time_answers_the_coming_round_and_no_push_is_spent() {
    let (mut world, [yoshiko, ..]) = asked();
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-23T21:30:00");
    let pushes = world.pushes(&yoshiko);
    world.say(&yoshiko, "げんきです");
    assert_eq!(ending(&world, &yoshiko), Ending::Early);
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-25T09:00:00")));
    world.until_wall("2026-11-25T08:59:00");
    assert_eq!(world.pushes(&yoshiko), pushes);
}

#[test]
fn the_menu_more_than_12_hours_before_answers_nothing() {
    let (mut world, [yoshiko, ..]) = asked();
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-23T20:59:00");
    world.say(&yoshiko, "げんきです");
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T09:00:00")));
}

#[test]
fn one_press_never_answers_two_rounds() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T22:00:00");
    // Monday's round is open until now: the press answers it, and Tuesday is still asked.
    world.say(&yoshiko, "げんきです");
    assert_eq!(ending(&world, &yoshiko), Ending::Answered);
    world.until_wall("2026-11-24T09:00:00");
    assert_eq!(world.count(&yoshiko, "げんきですか？ ボタン"), 2);
    // A second press of the same evening would have answered it.
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T22:00:00");
    world.say(&yoshiko, "げんきです");
    world.say(&yoshiko, "げんきです");
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-26T09:00:00")), "not two days ahead");
}

#[test]
fn an_old_button_answers_no_coming_round() {
    let (mut world, [yoshiko, ..]) = asked();
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T08:00:00");
    world.press_nth(&yoshiko, "げんきです", 0);
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-24T09:00:00")));
}

#[test]
fn early_presses_every_evening_keep_the_schedule_going_for_weeks_without_a_push() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.press(&yoshiko, "げんきです");
    let pushes = world.pushes(&yoshiko);
    for day in 0..21 {
        world.until(tokyo("2026-11-23T22:00:00") + days(day));
        world.say(&yoshiko, "げんきです");
    }
    assert_eq!(world.pushes(&yoshiko), pushes);
    world.wait(days(3));
    assert_eq!(world.count(&kenji, ALERT), 1, "and silence after it is noticed");
}

#[test]
fn presses_of_two_days_that_arrive_together_answer_both_days() {
    let (mut world, [yoshiko, ..]) = asked();
    world.platform.faults.webhook_held = true;
    world.press(&yoshiko, "げんきです");
    // To her the first press looks lost; she presses again when the second call comes.
    world.until_wall("2026-11-24T09:28:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T09:41:00");
    let bubbles = world.count(&yoshiko, "げんきですか？");
    world.platform.faults.webhook_held = false;
    world.wait(minutes(5));
    world.until_wall("2026-11-25T08:59:00");
    assert_eq!(world.count(&yoshiko, "げんきですか？"), bubbles, "she was heard today");
    world.until_wall("2026-11-25T09:00:30");
    assert_eq!(world.count(&yoshiko, "げんきですか？"), bubbles + 1);
}
