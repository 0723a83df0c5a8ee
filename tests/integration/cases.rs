//! What managers do after an alert: claim, look, report an outcome; and who may not.

use anshin::domain::case::{Actor, Case, Outcome};
use anshin::domain::team::Role;
use expect_test::expect;
use serde_json::json;

use crate::world::{Refusal, World, days, hours, minutes};

/// よしこ was silent; けんじ and みちこ have the alert since half an hour.
fn alerted() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.hush();
    (world, family)
}

fn case(world: &World, yoshiko: &str) -> Case {
    world.open_case(yoshiko).expect("an open case")
}

#[test]
fn the_first_claim_wins_and_everyone_knows_who_goes() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&michiko, "対応します");
    world.wait(minutes(1));
    world.press(&kenji, "対応します");
    world.wait(minutes(1));
    world.press(&michiko, "対応します");
    world.wait(minutes(10));
    assert_eq!(case(&world, &yoshiko).claimer(), Some(Actor::Person(world.id(&michiko))));
    world.expect(expect![[r#"
        11-24 12:30 みちこ → 対応します
        11-24 12:30 みちこ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 12:30 けんじ ⇐ みちこさんが対応します
        11-24 12:31 けんじ → 対応します
        11-24 12:31 けんじ ← もう、みちこさんが対応しています
        11-24 12:32 みちこ → 対応します
        11-24 12:32 みちこ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
    "#]]);
}

#[test]
fn who_found_the_person_well_closes_the_case_tells_the_others_and_says_why() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    let id = case(&world, &yoshiko).id;
    world.press(&kenji, "対応します");
    world.wait(minutes(20));
    world.press(&kenji, "無事でした");
    world.wait(minutes(1));
    world.press(&kenji, "押し忘れ");
    assert!(world.open_case(&yoshiko).is_none());
    let closed = world.case(id).unwrap().closed.unwrap();
    assert_eq!(
        (closed.by, closed.outcome),
        (Some(Actor::Person(world.id(&kenji))), Outcome::Forgot)
    );
    world.expect(expect![[r#"
        11-24 12:30 けんじ → 対応します
        11-24 12:30 けんじ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 12:30 みちこ ⇐ けんじさんが対応します
        11-24 12:50 けんじ → 無事でした
        11-24 12:50 けんじ ← 無事でよかったです [押し忘れ] [スマホの不調] [旅行] [その他] [ほかの結果]
        11-24 12:50 みちこ ⇐ 無事でした：よしこさん（けんじさんが確認）
        11-24 12:51 けんじ → 押し忘れ
        11-24 12:51 けんじ ← ありがとうございました
    "#]]);
}

#[test]
fn an_answer_after_a_manager_found_the_person_well_brings_no_second_all_clear() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    world.wait(minutes(5));
    world.press(&yoshiko, "げんきです");
    world.wait(days(1));
    for manager in [&kenji, &michiko] {
        assert!(!world.has(manager, "ご本人からお返事がありました"));
    }
    assert!(world.last(&yoshiko).contains("お元気で何よりです"));
}

#[test]
fn the_schedule_goes_on_after_a_case_was_closed_and_a_new_silence_opens_a_new_case() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    let first = case(&world, &yoshiko).id;
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    world.until_wall("2026-11-27T12:00:00");
    assert_ne!(case(&world, &yoshiko).id, first);
    assert_eq!(world.count(&kenji, "お返事がありません：よしこさん"), 2);
}

#[test]
fn only_the_one_who_closed_the_case_says_why() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    let id = case(&world, &yoshiko).id;
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    let data = world.data(&kenji, "旅行");
    let event = world.event("M1", &michiko, "postback", &json!({ "postback": { "data": data } }));
    world.post(&[event]);
    assert_eq!(world.case(id).unwrap().closed.unwrap().outcome, Outcome::Well);
}

#[test]
fn a_reason_can_be_corrected_and_pressed_twice() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    let id = case(&world, &yoshiko).id;
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    for label in ["旅行", "スマホの不調", "スマホの不調"] {
        world.press(&kenji, label);
    }
    assert_eq!(world.case(id).unwrap().closed.unwrap().outcome, Outcome::PhoneTrouble);
}

#[test]
fn no_contact_gives_advice_and_asks_the_others_for_help_once() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.wait(minutes(30));
    world.press(&kenji, "連絡がつきません");
    world.wait(minutes(1));
    world.press(&kenji, "連絡がつきません");
    world.wait(minutes(10));
    assert!(case(&world, &yoshiko).no_contact);
    assert!(world.last(&kenji).contains("tel:119"));
    assert_eq!(world.count(&michiko, "連絡がつきません："), 1);
    world.press(&yoshiko, "げんきです");
    assert!(world.open_case(&yoshiko).is_none());
    assert_eq!(world.count(&kenji, "無事です："), 1);
    assert_eq!(world.count(&michiko, "無事です："), 1);
}

#[test]
fn after_an_emergency_call_an_answer_is_told_but_a_manager_has_to_close_the_case() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    world.press(&kenji, "救急・警察に連絡");
    world.wait(minutes(15));
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(1));
    world.press(&yoshiko, "げんきです");
    assert!(case(&world, &yoshiko).called_emergency);
    world.press(&kenji, "無事でした");
    assert!(world.open_case(&yoshiko).is_none());
    assert_eq!(world.count(&michiko, "救急・警察に連絡しました"), 1);
    for manager in [&kenji, &michiko] {
        assert_eq!(world.count(manager, "無事です："), 1);
    }
}

#[test]
fn looking_shows_the_times_who_goes_and_the_end() {
    let (mut world, [_, kenji, michiko]) = alerted();
    world.press(&michiko, "ようすを見る");
    let unclaimed = world.last(&michiko);
    for text in
        ["11月23日（月）午前9時", "11月24日（火）午前9時", "まだ、対応する方が決まっていません"]
    {
        assert!(unclaimed.contains(text), "{text}: {unclaimed}");
    }
    world.press(&kenji, "対応します");
    world.press(&michiko, "ようすを見る");
    assert!(world.last(&michiko).contains("けんじさんが対応しています"));
    world.press(&kenji, "無事でした");
    world.press(&michiko, "ようすを見る");
    assert!(world.last(&michiko).contains("もう終わっています"));
}

#[test]
fn every_button_of_a_case_that_is_over_says_so_and_changes_nothing() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    let id = case(&world, &yoshiko).id;
    world.press(&kenji, "対応します");
    world.press(&yoshiko, "げんきです");
    let over = world.case(id);
    world.wait(days(1));
    let pushed = world.pushes(&michiko);
    for label in ["無事でした", "連絡がつきません", "救急・警察に連絡"] {
        world.press(&kenji, label);
        assert!(world.last(&kenji).contains("この件は、もう終わっています"), "{label}");
    }
    world.press(&michiko, "対応します");
    assert!(world.last(&michiko).contains("この件は、もう終わっています"));
    assert_eq!(world.case(id), over);
    assert_eq!(world.pushes(&michiko), pushed);
}

#[test]
fn a_stranger_with_a_managers_button_learns_and_changes_nothing() {
    let (mut world, [yoshiko, kenji, _]) = alerted();
    let before = case(&world, &yoshiko);
    let stranger = world.friend("だれか");
    for label in ["対応します", "ようすを見る"] {
        let data = world.data(&kenji, label);
        let extra = json!({ "postback": { "data": data }, "replyToken": "x" });
        let event = world.event(label, &stranger, "postback", &extra);
        world.post(&[event]);
    }
    assert_eq!(case(&world, &yoshiko), before);
    assert!(world.texts(&stranger).iter().all(|text| !text.contains("よしこ")));
}

#[test]
fn one_who_left_the_team_keeps_the_old_button_but_not_the_right() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    let (person, kenji_id) = (world.id(&yoshiko), world.id(&kenji));
    world.edit(|tables| {
        let place = tables.places(person).unwrap()[0];
        tables.remove_member((place.0, Role::Manager, kenji_id)).unwrap();
    });
    for label in ["対応します", "ようすを見る"] {
        world.press(&kenji, label);
        assert!(world.last(&kenji).contains("うまくいきませんでした"), "{label}");
    }
    assert_eq!(case(&world, &yoshiko).claimer(), None);
    world.press(&michiko, "対応します");
    world.press(&michiko, "無事でした");
    world.until_wall("2026-11-27T13:00:00");
    assert_eq!(world.count(&michiko, "お返事がありません：よしこさん"), 2);
    assert_eq!(world.count(&kenji, "お返事がありません：よしこさん"), 1);
}

#[test]
fn the_cases_of_two_people_do_not_mix() {
    let mut world = World::new();
    let kenji = world.organization();
    let hana = world.member(&kenji, "はな", "毎日", "9時");
    let taro = world.member(&kenji, "たろう", "毎日", "10時");
    world.until_wall("2026-11-24T13:30:00");
    assert_eq!(world.count(&kenji, "お返事がありません：はなさん"), 1);
    assert_eq!(world.count(&kenji, "お返事がありません：たろうさん"), 1);
    world.press(&hana, "げんきです");
    assert!(world.open_case(&hana).is_none());
    assert!(world.open_case(&taro).is_some());
    assert_eq!(world.count(&kenji, "無事です："), 1);
}

#[test]
fn an_alert_carries_the_nickname_and_never_the_name_on_line() {
    let mut world = World::new();
    let hanako = world.friend("山田花子");
    world.press(&hanako, "見守ってもらう");
    world.press(&hanako, "同意");
    world.say(&hanako, "はなちゃん");
    world.say(&hanako, "毎日");
    world.say(&hanako, "9時");
    let kenji = world.watcher(&hanako, "けんじ");
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.press(&kenji, "ようすを見る");
    assert!(world.has(&kenji, "はなちゃんさん"));
    let texts = world.texts(&kenji);
    assert!(texts.iter().all(|text| !text.contains("山田") && !text.contains(&hanako)));
}

#[test]
fn an_alert_says_its_act_in_the_first_twenty_characters() {
    let (world, [_, kenji, _]) = alerted();
    let alert = world.received(&kenji).into_iter().rev();
    let notice = alert.filter_map(|item| item.notification.clone()).next().unwrap();
    let start: String = notice.chars().take(20).collect();
    assert!(start.contains("お返事がありません"), "{notice}");
}

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
