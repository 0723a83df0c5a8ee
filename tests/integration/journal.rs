//! What the journal says of what people did: whoever asks later what happened has nothing else.

use anshin::domain::case::Outcome;
use anshin::domain::fact::Fact;
use anshin::domain::id::CaseId;
use anshin::locale::dossier::told_of_case;
use expect_test::{Expect, expect};
use serde_json::json;

use crate::world::{World, hours, minutes};

fn asked() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    (world, family)
}

fn press_of(world: &World, id: &str, user: &str, data: &str) -> serde_json::Value {
    let extra = json!({ "postback": { "data": data } });
    world.event(id, user, "postback", &extra)
}

#[test]
fn every_press_on_a_question_is_written_down_as_what_it_was() {
    let (mut world, [yoshiko, ..]) = asked();
    let id = world.id(&yoshiko);
    let due = world.round(&yoshiko).unwrap().due_at;
    let noted = |world: &mut World, act: &dyn Fn(&mut World)| {
        let before = world.journal_length();
        act(world);
        world.facts_since(before)
    };
    let press = |world: &mut World| world.press(&yoshiko, "げんきです");
    assert_eq!(noted(&mut world, &press), [Fact::Answered(id, due)]);
    assert_eq!(noted(&mut world, &press), [Fact::WellAnyway(id)], "the same button again");
    let mistake = |world: &mut World| world.press(&yoshiko, "まちがえて押した");
    assert_eq!(noted(&mut world, &mistake), [Fact::TakenBack(id, due)]);
    assert_eq!(noted(&mut world, &press), [Fact::Answered(id, due)]);
    // In the evening she says so ahead of the next question.
    world.until_wall("2026-11-23T21:30:00");
    let tomorrow = world.timer(&yoshiko).unwrap();
    let says = |world: &mut World| world.say(&yoshiko, "げんきです");
    assert_eq!(noted(&mut world, &says), [Fact::AnsweredEarly(id, tomorrow)]);
    assert_eq!(noted(&mut world, &says), [Fact::WellAnyway(id)], "it is answered already");
}

#[test]
fn a_word_that_was_said_within_12_hours_before_a_question_answers_it_though_it_comes_after_it() {
    for (ahead, answers) in [(hours(1), true), (hours(12), true), (hours(12) + minutes(1), false)] {
        let (mut world, [yoshiko, ..]) = asked();
        let id = world.id(&yoshiko);
        let due = world.round(&yoshiko).unwrap().due_at;
        let before = world.journal_length();
        let said = json!({ "type": "text", "id": "400000000000000001", "text": "げんきです" });
        let extra = json!({ "timestamp": (due - ahead).millis(), "message": said });
        let event = world.event("E1", &yoshiko, "message", &extra);
        world.post(&[event]);
        assert_eq!(world.round(&yoshiko).is_none(), answers, "{ahead:?}");
        let fact = if answers { Fact::Answered(id, due) } else { Fact::StalePress(id, due) };
        assert!(
            world.facts_since(before).contains(&fact),
            "{ahead:?}: {:?}",
            world.facts_since(before)
        );
    }
}

#[test]
fn the_button_of_somebody_elses_question_answers_nothing_for_anybody() {
    for label in ["げんきです", "すこし調子が悪い"] {
        let (mut world, [yoshiko, kenji, _]) = asked();
        let data = world.data(&yoshiko, label);
        let before = world.journal_length();
        let event = press_of(&world, "E1", &kenji, &data);
        world.post(&[event]);
        assert!(world.round(&yoshiko).is_some(), "{label}");
        assert_eq!(world.facts_since(before), [Fact::NotTheirs(world.id(&kenji))], "{label}");
        assert!(
            world.open_case(&yoshiko).is_none() && world.open_case(&kenji).is_none(),
            "{label}"
        );
    }
}

// --- whole stories, as people saw them and as they are written down ------------------------------

/// What people saw since the last look, and below it what the journal says of the same time.
fn tells(world: &mut World, since_entry: &mut u64, expected: Expect) {
    let seen = world.read().join("\n");
    let facts = world.facts_since(*since_entry);
    *since_entry = world.journal_length();
    let facts: Vec<String> = facts.iter().map(|fact| format!("{fact:?}")).collect();
    expected.assert_eq(&format!("{seen}\n---\n{}\n", facts.join("\n")));
}

fn alerted() -> (World, [String; 3], u64) {
    let (mut world, family) = asked();
    world.until_wall("2026-11-24T12:30:00");
    world.hush();
    let length = world.journal_length();
    (world, family, length)
}

#[test]
fn an_alert_that_somebody_cannot_settle_and_for_which_an_ambulance_is_called() {
    let (mut world, [yoshiko, kenji, michiko], mut since) = alerted();
    world.press(&kenji, "対応します");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:30 けんじ → 対応します
        11-24 12:30 けんじ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 12:30 みちこ ⇐ けんじさんが対応します
        ---
        Claimed(CaseId(8), Person(PersonId(5)))
    "#]],
    );
    world.wait(minutes(20));
    world.press(&kenji, "連絡がつきません");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:50 けんじ → 連絡がつきません
        11-24 12:50 けんじ ← わかりました。記録しました [無事でした] [救急・警察に連絡] [119に電話]
        11-24 12:50 みちこ ⇐ 連絡がつきません：よしこさん。手伝いをお願いします [ようすを見る]
        ---
        Claimed(CaseId(8), Person(PersonId(5)))
        NoContact(CaseId(8), PersonId(5))
        OfficeTold(CaseId(8))
    "#]],
    );
    world.wait(minutes(20));
    world.press(&michiko, "ようすを見る");
    world.press(&kenji, "救急・警察に連絡");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 13:10 みちこ → ようすを見る
        11-24 13:10 みちこ ← よしこさんのようす [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果] [くわしく見る]
        11-24 13:10 けんじ → 救急・警察に連絡
        11-24 13:10 けんじ ← わかりました。記録しました [無事でした] [119に電話]
        11-24 13:10 みちこ ⇐ 救急・警察に連絡しました：よしこさん
        ---
        EmergencyCalled(CaseId(8), Person(PersonId(5)))
    "#]],
    );
    let case = world.open_case(&yoshiko).unwrap();
    assert_eq!(world.case_timer(&yoshiko), Some(case.rung_at), "asked after once a day");
    world.wait(hours(3));
    world.press(&kenji, "ほかの結果");
    world.press(&kenji, "入院");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 16:10 けんじ → ほかの結果
        11-24 16:10 けんじ ← 結果を選んでください [入院] [転倒・体調不良] [救急] [誤報] [転出] [施設に入所] [死亡]
        11-24 16:10 けんじ → 入院
        11-24 16:10 けんじ ← ありがとうございました
        11-24 16:10 けんじ ← よしこさんを、お休みにしますか？ [1週間お休みにする] [30日お休みにする] [お休みにしない]
        11-24 16:10 みちこ ⇐ よしこさんの件は終わりました（入院）
        ---
        Closed(CaseId(8), Person(PersonId(5)), Hospital)
    "#]],
    );
}

#[test]
fn an_alert_that_is_looked_at_taken_and_ended_and_a_press_that_comes_after_it() {
    let (mut world, [yoshiko, kenji, michiko], mut since) = alerted();
    world.press(&kenji, "ようすを見る");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:30 けんじ → ようすを見る
        11-24 12:30 けんじ ← よしこさんのようす [対応します] [くわしく見る]
        ---

    "#]],
    );
    world.press(&kenji, "対応します");
    world.wait(minutes(10));
    world.press(&kenji, "無事でした");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:30 けんじ → 対応します
        11-24 12:30 けんじ ← ありがとうございます。お願いします [電話番号・手順を見る] [無事でした] [連絡がつきません] [救急・警察に連絡] [ほかの結果]
        11-24 12:30 みちこ ⇐ けんじさんが対応します
        11-24 12:40 けんじ → 無事でした
        11-24 12:40 けんじ ← 無事でよかったです [押し忘れ] [スマホの不調] [旅行] [その他] [ほかの結果]
        11-24 12:40 みちこ ⇐ 無事でした：よしこさん（けんじさんが確認）
        ---
        Claimed(CaseId(8), Person(PersonId(5)))
        Closed(CaseId(8), Person(PersonId(5)), Well)
    "#]],
    );
    assert!(world.open_case(&yoshiko).is_none() && world.case_timer(&yoshiko).is_none());
    world.press(&kenji, "押し忘れ");
    world.press(&michiko, "対応します");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:40 けんじ → 押し忘れ
        11-24 12:40 けんじ ← ありがとうございました
        11-24 12:40 みちこ → 対応します
        11-24 12:40 みちこ ← この件は、もう終わっています
        ---
        Closed(CaseId(8), Person(PersonId(5)), Forgot)
    "#]],
    );
}

#[test]
fn a_small_trouble_is_told_and_looked_after() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    let mut since = world.journal_length();
    world.hush();
    world.press(&yoshiko, "すこし調子が悪い");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-23 09:30 よしこ → すこし調子が悪い
        11-23 09:30 よしこ ← 調子がよくないと、見守る方に伝えます [119に電話]
        11-23 09:30 けんじ ⇐ 調子が悪い：よしこさん [声をかけました]
        11-23 09:30 みちこ ⇐ 調子が悪い：よしこさん [声をかけました]
        ---
        Answered(PersonId(1), 2026-11-23T00:00:00.000Z)
        CaseOpened(CaseId(8), PersonId(1), Unwell)
    "#]],
    );
    world.wait(minutes(5));
    world.press(&yoshiko, "げんきです");
    world.press(&kenji, "声をかけました");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-23 09:35 よしこ → げんきです
        11-23 09:35 よしこ ← もう受け取っています
        11-23 09:35 けんじ → 声をかけました
        11-23 09:35 けんじ ← わかりました
        11-23 09:35 みちこ ⇐ けんじさんが、よしこさんに声をかけました
        ---
        WellAnyway(PersonId(1))
        Closed(CaseId(8), Person(PersonId(5)), Well)
    "#]],
    );
}

#[test]
fn an_answer_that_was_a_mistake_is_taken_back_from_everybody_who_heard_of_it() {
    let (mut world, [yoshiko, ..], mut since) = alerted();
    world.press(&yoshiko, "げんきです");
    world.press(&yoshiko, "まちがえて押した");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
            11-24 12:30 よしこ → げんきです
            11-24 12:30 よしこ ← お返事ありがとうございます [まちがえて押した]
            11-24 12:30 けんじ ⇐ 無事です：よしこさんからお返事がありました
            11-24 12:30 みちこ ⇐ 無事です：よしこさんからお返事がありました
            11-24 12:30 よしこ → まちがえて押した
            11-24 12:30 よしこ ← 取り消しました
            11-24 12:30 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
            11-24 12:30 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
            ---
            Answered(PersonId(1), 2026-11-23T00:00:00.000Z)
            AllClear(CaseId(8), 2)
            Closed(CaseId(8), Person(PersonId(1)), Answered)
            TakenBack(PersonId(1), 2026-11-23T00:00:00.000Z)
            CaseOpened(CaseId(9), PersonId(1), NoAnswer)
            Alerting(CaseId(9), PersonId(5))
            Alerting(CaseId(9), PersonId(7))
            Alerted(CaseId(9), PersonId(5))
            Alerted(CaseId(9), PersonId(7))
        "#]],
    );
    world.until_wall("2026-11-25T12:10:00");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
            11-24 13:30 けんじ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
            11-24 13:30 みちこ ⇐ 対応する方がいません：よしこさん。お願いできますか [対応します] [ようすを見る]
            11-25 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
            11-25 09:00 けんじ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
            11-25 09:00 みちこ ⇐ まだ終わっていない件が1件あります。確認をお願いします [よしこさんのようす]
            ---
            Reminded(CaseId(9))
            Escalated(CaseId(9))
            OfficeTold(CaseId(9))
            Audited(1, 0)
            Asking(PersonId(1), 2026-11-25T00:00:00.000Z)
            Digested(CaseId(9))
            Asked(PersonId(1), 2026-11-25T00:00:00.000Z)
        "#]],
    );
}

#[test]
fn a_silence_that_is_told_on_line_and_by_letter_and_ends_with_an_answer() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.say(&michiko, "メール");
    world.say(&michiko, "michiko@example.jp");
    let letter = world.letters("michiko@example.jp")[0].subject.clone();
    let number: String = letter.chars().filter(char::is_ascii_digit).collect();
    world.say(&michiko, &number);
    world.block(&michiko);
    world.until_wall("2026-11-23T08:59:00");
    world.hush();
    let mut since = world.journal_length();
    world.until_wall("2026-11-24T12:30:00");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-23 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 12:00 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:00 michiko@example.jp ✉ 【見守り】よしこさんのお返事がありません
        ---
        Asking(PersonId(1), 2026-11-23T00:00:00.000Z)
        Asked(PersonId(1), 2026-11-23T00:00:00.000Z)
        Audited(1, 0)
        Resending(PersonId(1), 2026-11-23T00:00:00.000Z)
        Resent(PersonId(1), 2026-11-23T00:00:00.000Z)
        CaseOpened(CaseId(8), PersonId(1), NoAnswer)
        Alerting(CaseId(8), PersonId(5))
        AlertedByMail(CaseId(8), PersonId(7))
        Alerted(CaseId(8), PersonId(5))
    "#]],
    );
    world.press(&yoshiko, "げんきです");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:30 よしこ → げんきです
        11-24 12:30 よしこ ← お返事ありがとうございます [まちがえて押した]
        11-24 12:30 けんじ ⇐ 無事です：よしこさんからお返事がありました
        11-24 12:30 michiko@example.jp ✉ 【見守り】よしこさんは無事です
        ---
        Answered(PersonId(1), 2026-11-23T00:00:00.000Z)
        AllClear(CaseId(8), 2)
        Closed(CaseId(8), Person(PersonId(1)), Answered)
    "#]],
    );
    let subjects = world.letters("michiko@example.jp").into_iter().map(|letter| &letter.subject);
    expect![[r#"
        [
            "【見守り】確認の番号は 960243 です",
            "【見守り】よしこさんのお返事がありません",
            "【見守り】よしこさんは無事です",
        ]
    "#]]
    .assert_debug_eq(&subjects.collect::<Vec<_>>());
    assert_eq!(world.count(&kenji, "無事です"), 1);
}

#[test]
fn a_silence_of_which_nobody_can_be_told_is_the_offices_at_once() {
    let (mut world, [yoshiko, kenji, michiko]) = asked();
    world.block(&michiko);
    world.until_wall("2026-11-24T12:00:00");
    world.hush();
    let mut since = world.journal_length();
    world.block(&kenji);
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:00 よしこ ⇐ 見守る方に、知らせが届きません [招待する]
        ---
        Unreachable(PersonId(5))
        NobodyToTell(CaseId(8))
        OfficeTold(CaseId(8))
        TeamUnwatched(TeamId(2))
    "#]],
    );
    world.press(&yoshiko, "げんきです");
    assert!(!world.last(&yoshiko).contains("知らせました"), "{}", world.last(&yoshiko));
    world.until_wall("2026-11-26T12:00:00");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:00 よしこ → げんきです
        11-24 12:00 よしこ ← ありがとうございます [まちがえて押した]
        11-25 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-26 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        ---
        Answered(PersonId(1), 2026-11-23T00:00:00.000Z)
        AllClear(CaseId(8), 0)
        Closed(CaseId(8), Person(PersonId(1)), Answered)
        Audited(1, 0)
        Asking(PersonId(1), 2026-11-25T00:00:00.000Z)
        Asked(PersonId(1), 2026-11-25T00:00:00.000Z)
        Audited(1, 0)
        Resending(PersonId(1), 2026-11-25T00:00:00.000Z)
        Resent(PersonId(1), 2026-11-25T00:00:00.000Z)
        CaseOpened(CaseId(9), PersonId(1), NoAnswer)
        NobodyToTell(CaseId(9))
        OfficeTold(CaseId(9))
    "#]],
    );
}

#[test]
fn an_answer_that_comes_before_its_alert_has_left() {
    let (mut world, [yoshiko, kenji, _]) = asked();
    world.until_wall("2026-11-24T11:58:00");
    // A refused reply has to be pushed; the month is used up, so everything is held until 12:03.
    world.platform.faults.monthly_limit = true;
    world.platform.faults.reply_token_life_ms = Some(-1);
    world.say(&kenji, "招待");
    world.platform.faults.reply_token_life_ms = None;
    world.hush();
    let mut since = world.journal_length();
    world.until_wall("2026-11-24T12:01:00");
    world.press(&yoshiko, "げんきです");
    tells(
        &mut world,
        &mut since,
        expect![[r#"
        11-24 12:01 よしこ → げんきです
        11-24 12:01 よしこ ← ありがとうございます [まちがえて押した]
        ---
        CaseOpened(CaseId(8), PersonId(1), NoAnswer)
        Alerting(CaseId(8), PersonId(5))
        Alerting(CaseId(8), PersonId(7))
        Answered(PersonId(1), 2026-11-23T00:00:00.000Z)
        AlertWithdrawn(CaseId(8), PersonId(5))
        AlertWithdrawn(CaseId(8), PersonId(7))
        AllClear(CaseId(8), 0)
        Closed(CaseId(8), Person(PersonId(1)), Answered)
    "#]],
    );
    world.platform.faults.monthly_limit = false;
    world.wait(hours(1));
    assert_eq!(world.count(&kenji, "無事です"), 0);
    let (_, words) = told_of_case(Fact::AllClear(CaseId(8), 0)).unwrap();
    assert!(!words.contains("伝えました"), "nobody was told: {words}");
}

#[test]
fn a_cry_for_help_of_somebody_for_whom_an_ambulance_was_called_is_a_case_of_its_own() {
    for called in [false, true] {
        let (mut world, [yoshiko, kenji, _], _) = alerted();
        let first = world.open_case(&yoshiko).unwrap().id;
        if called {
            world.press(&kenji, "対応します");
            world.press(&kenji, "救急・警察に連絡");
        }
        world.say(&yoshiko, "こまった");
        world.press(&yoshiko, "見守る方に知らせる");
        assert_ne!(world.open_case(&yoshiko).unwrap().id, first);
        let outcome = world.case(first).unwrap().closed.map(|closed| closed.outcome);
        // Somebody still has to say how that ended.
        let expected = if called { None } else { Some(Outcome::HandedOn) };
        assert_eq!(outcome, expected);
    }
}
