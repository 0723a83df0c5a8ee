//! The check-in cycle: ask, resend, alert, claim, answer, all-clear.

use std::time::Duration;

use anshin::domain::round::Ending;
use anshin::domain::rules::Rules;
use anshin::domain::schedule::Zone;
use anshin::locale::quotes;
use expect_test::expect;

use crate::world::{World, tokyo};

#[test]
fn an_answer_closes_the_round_and_names_the_next_question() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:05:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T08:59:59");
    world.expect(expect![[r#"
        11-23 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-23 09:05 よしこ → げんきです
        11-23 09:05 よしこ ← ありがとうございます [まちがえて押した]
    "#]]);
}

#[test]
fn silence_is_asked_again_then_told_to_every_manager_and_a_late_answer_clears_it() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.wait(Duration::from_secs(600));
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T09:00:00");
    world.expect(expect![[r#"
        11-23 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 12:00 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:00 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:30 けんじ → 対応します
        11-24 12:30 けんじ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 12:30 みちこ ⇐ けんじさんが対応します
        11-24 12:40 よしこ → げんきです
        11-24 12:40 よしこ ← お返事ありがとうございます [まちがえて押した]
        11-24 12:40 けんじ ⇐ 無事です：よしこさんからお返事がありました
        11-24 12:40 みちこ ⇐ 無事です：よしこさんからお返事がありました
        11-26 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
    "#]]);
}

const ASK: &str = "げんきですか？ ボタン";

fn seen(world: &World, user: &str, text: &str) -> String {
    world.texts(user).into_iter().rev().find(|seen| seen.contains(text)).expect("such a message")
}

#[test]
fn the_question_has_a_name_a_quote_and_one_big_button_in_its_body() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:00:00");
    let question = world.received(&yoshiko).into_iter().last().unwrap();
    let notice = question.notification.clone().unwrap();
    assert!(notice.contains("げんきですか？ ボタンを押してください"), "{notice}");
    let question = question.content.to_string();
    for text in ["よしこさん、おはようございます。", "げんきですか？", "げんきです", "scaling"]
    {
        assert!(question.contains(text), "{text}: {question}");
    }
    let today = tokyo("2026-11-23T09:00:00");
    let quote = quotes::of_day(Zone::default().local(today).date()).unwrap();
    assert!(question.contains(quote), "{question}");
    assert!(!question.contains("quickReply"));
}

#[test]
fn the_second_call_says_until_when_and_that_managers_will_be_told() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T09:00:00");
    let call = seen(&world, &yoshiko, "お返事がまだです");
    assert!(call.contains("までに返事がないと、見守る方に知らせます。"), "{call}");
    assert!(call.contains("11月24日（火）"), "{call}");
}

#[test]
fn the_alert_says_when_was_asked_and_when_the_last_answer_came() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:12:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T12:00:00");
    let alert = seen(&world, &kenji, "お返事がありません：");
    for text in [
        "11月24日（火）午前9時",
        "11月25日（水）午前9時",
        "11月23日（月）午前9時12分",
        "よしこさんのチーム",
    ] {
        assert!(alert.contains(text), "{text}: {alert}");
    }
}

#[test]
fn an_answer_after_the_second_call_closes_the_round_and_nobody_is_told() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("3日", "9時");
    world.until_wall("2026-11-24T11:59:59");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T08:00:00");
    for manager in [&kenji, &michiko] {
        assert!(!world.has(manager, "お返事がありません") && !world.has(manager, "無事です"));
    }
}

#[test]
fn the_button_of_the_first_question_still_answers_after_the_second_call_and_the_alert() {
    for wall in ["2026-11-24T10:00:00", "2026-11-24T13:00:00", "2026-11-25T13:00:00"] {
        let mut world = World::new();
        let [yoshiko, ..] = world.family("3日", "9時");
        world.until_wall(wall);
        world.press_nth(&yoshiko, "げんきです", 0);
        assert_eq!(world.round(&yoshiko), None, "{wall}");
        assert_eq!(world.open_case(&yoshiko), None, "{wall}");
    }
}

#[test]
fn a_sticker_a_word_of_health_and_the_practice_button_are_answers_too() {
    for n in 0..4 {
        let mut world = World::new();
        let [yoshiko, kenji, _] = world.family("毎日", "9時");
        world.say(&yoshiko, "ためし");
        world.until_wall("2026-11-23T10:00:00");
        match n {
            0 => world.sticker(&yoshiko),
            1 => world.say(&yoshiko, "元気です！"),
            2 => world.say(&yoshiko, "げんきです"),
            // The practice question is the older of the two buttons.
            _ => world.press_nth(&yoshiko, "げんきです", 0),
        }
        world.until_wall("2026-11-24T08:00:00");
        assert_eq!(world.round(&yoshiko), None, "{n}");
        assert!(!world.has(&kenji, "お返事がありません"), "{n}");
    }
}

#[test]
fn where_only_the_button_counts_a_sticker_is_no_answer() {
    let rules = Rules { any_sign_counts: false, ..Rules::default() };
    let mut world = World::at("2026-11-23T08:00:00", rules);
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T10:00:00");
    world.sticker(&yoshiko);
    assert!(world.round(&yoshiko).is_some());
    world.press(&yoshiko, "げんきです");
    assert!(world.round(&yoshiko).is_none());
}

#[test]
fn a_question_that_stays_unanswered_gives_way_to_the_next_one_and_is_kept_as_that() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("2日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    let round = world.round(&yoshiko).unwrap();
    assert_eq!(round.reported_at, Some(tokyo("2026-11-24T12:00:00")));
    world.until_wall("2026-11-25T09:30:00");
    assert_eq!(world.round(&yoshiko).unwrap().due_at, tokyo("2026-11-25T09:00:00"));
    let past = world.store.read().unwrap().past_rounds(world.id(&yoshiko), 9).unwrap();
    let [first] = &past[..] else { panic!("{past:?}") };
    assert_eq!((first.round.due_at, first.ending), (round.due_at, Ending::Superseded));
    assert_eq!(first.ended_at, tokyo("2026-11-25T09:00:00"));
}

#[test]
fn other_waits_can_be_configured_and_the_messages_say_so() {
    let (day, hour) = (Duration::from_secs(2 * 3600), Duration::from_secs(3600));
    let rules = Rules { resend_after: day, alert_after: hour, ..Rules::default() };
    let mut world = World::at("2026-11-23T08:00:00", rules);
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    assert!(world.has(&yoshiko, "その日の12時ごろ"));
    world.until_wall("2026-11-23T12:00:00");
    assert_eq!(world.times(&kenji, "お返事がありません："), [tokyo("2026-11-23T12:00:00")]);
}

#[test]
fn a_person_in_two_teams_is_asked_once_and_all_their_managers_are_told_once() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    let head = world.organization();
    world.say(&head, "招待");
    world.press(&head, "見守られる方を招待");
    let code = world.code(&head);
    world.say(&yoshiko, &code);
    world.press(&yoshiko, "参加する");
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-23T09:00:00")));
    // Someone who watches in both teams is one receiver.
    world.say(&head, "招待");
    world.press(&head, "見守る方を招待");
    let code = world.code(&head);
    world.say(&kenji, &code);
    world.press(&kenji, "参加する");
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
    for manager in [&kenji, &michiko, &head] {
        assert_eq!(world.count(manager, "お返事がありません：よしこさん"), 1);
    }
    world.press(&yoshiko, "げんきです");
    for manager in [&kenji, &michiko, &head] {
        assert_eq!(world.count(manager, "無事です："), 1);
    }
}

#[test]
fn one_who_watches_and_is_watched_is_not_told_of_their_own_silence() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    // けんじ joins his mother's team to be asked as well.
    world.say(&yoshiko, "招待");
    world.press(&yoshiko, "見守られる方を招待");
    let code = world.code(&yoshiko);
    world.say(&kenji, &code);
    world.press(&kenji, "参加する");
    world.say(&kenji, "毎日");
    world.say(&kenji, "9時");
    world.until_wall("2026-11-23T10:00:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.count(&michiko, "お返事がありません：けんじさん"), 1);
    assert_eq!(world.count(&kenji, "お返事がありません："), 0);
}

#[test]
fn the_late_answer_names_who_was_told() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.press(&yoshiko, "げんきです");
    assert!(world.last(&yoshiko).contains("けんじさん、みちこさんにも「無事」と知らせました"));
}
