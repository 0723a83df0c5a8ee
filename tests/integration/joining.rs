//! Joining from either side, by chat buttons alone.

use anshin::domain::service::FIRST_TERMS;
use expect_test::expect;

use crate::world::{World, minutes, tokyo};

#[test]
fn a_person_makes_a_team_of_their_own_and_invites_who_shall_watch() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.press(&yoshiko, "同意");
    world.say(&yoshiko, "よしこさん");
    world.press(&yoshiko, "3日");
    world.press(&yoshiko, "8時");
    world.press(&yoshiko, "ためし");
    world.press(&yoshiko, "げんきです");
    world.expect(expect![[r#"
        11-23 08:00 よしこ ← どちらで使いますか？ ボタンを押してください [見守ってもらう] [見守る] [招待コードがある]
        11-23 08:00 よしこ → 見守ってもらう
        11-23 08:00 よしこ ← はじめる前に、約束ごとを読んでください [同意してはじめる] [約束ごとを読む] [個人情報の扱いを読む]
        11-23 08:00 よしこ → 同意してはじめる
        11-23 08:00 よしこ ← お名前（呼び名）を送ってください
        11-23 08:00 よしこ → よしこさん
        11-23 08:00 よしこ ← 何日ごとに聞きますか？ [毎日] [2日ごと] [3日ごと] [5日ごと] [毎週] [隔週] [30日ごと]
        11-23 08:00 よしこ → 3日ごと
        11-23 08:00 よしこ ← 何時に聞きますか？ [6時] [7時] [8時] [9時] [ほかの時間]
        11-23 08:00 よしこ → 8時
        11-23 08:00 よしこ ← 準備ができました [ためしに押してみる]
        11-23 08:00 よしこ ← よしこさんから、見守りサービスへの招待です（見守る方）。
        11-23 08:00 よしこ ← だれも対応できないとき、事務局に知らせてよいですか？ [はい] [いいえ]
        11-23 08:00 よしこ → ためしに押してみる
        11-23 08:00 よしこ ← げんきですか？（ためし）ボタンを押してください [げんきです]
        11-23 08:00 よしこ → げんきです
        11-23 08:00 よしこ ← じょうずに押せました
    "#]]);
}

#[test]
fn a_family_that_says_no_to_the_office_when_it_begins_is_not_told_to_it() {
    for (label, agreed) in [("いいえ", false), ("はい", true)] {
        let mut world = World::new();
        let yoshiko = world.friend("よしこ");
        for words in ["見守ってもらう", "同意", "よしこ", "3日", "8時"] {
            world.say(&yoshiko, words);
        }
        world.press(&yoshiko, label);
        assert_eq!(world.team(&yoshiko).office_agreed, agreed, "{label}");
    }
}

#[test]
fn someone_who_watches_makes_a_team_and_a_member_joins_by_the_invitation() {
    let mut world = World::new();
    let kenji = world.friend("けんじ");
    world.press(&kenji, "見守る");
    world.press(&kenji, "同意");
    world.say(&kenji, "けんじ");
    world.say(&kenji, "田中家");
    world.press(&kenji, "個人");
    world.press(&kenji, "受け取れます");
    let code = world.code(&kenji);
    let hana = world.stranger("はな");
    world.say(&hana, &format!("招待コード {code}"));
    world.press(&hana, "参加する");
    world.press(&hana, "同意");
    world.say(&hana, "はな");
    world.press(&hana, "毎日 9時ではじめる");
    world.expect(expect![[r#"
        11-23 08:00 けんじ ← どちらで使いますか？ ボタンを押してください [見守ってもらう] [見守る] [招待コードがある]
        11-23 08:00 けんじ → 見守る
        11-23 08:00 けんじ ← はじめる前に、約束ごとを読んでください [同意してはじめる] [約束ごとを読む] [個人情報の扱いを読む]
        11-23 08:00 けんじ → 同意してはじめる
        11-23 08:00 けんじ ← お名前（呼び名）を送ってください
        11-23 08:00 けんじ → けんじ
        11-23 08:00 けんじ ← チームの名前を送ってください
        11-23 08:00 けんじ → 田中家
        11-23 08:00 けんじ ← どんなチームですか？ [家族など（個人）] [町会・団体など]
        11-23 08:00 けんじ → 家族など（個人）
        11-23 08:00 けんじ ← 「田中家」ができました [見守る方も招待する]
        11-23 08:00 けんじ ← けんじさんから、見守りサービスへの招待です（見守られる方）。
        11-23 08:00 けんじ ← ためしのお知らせです。あなたは「田中家」の見守る方です [受け取れます]
        11-23 08:00 けんじ ← だれも対応できないとき、事務局に知らせてよいですか？ [はい] [いいえ]
        11-23 08:00 けんじ → 受け取れます
        11-23 08:00 けんじ ← ありがとうございます
        11-23 08:00 はな → 招待コード WES9-5PQC
        11-23 08:00 はな ← 参加しますか？ 田中家への招待です [参加する] [ちがいます]
        11-23 08:00 はな → 参加する
        11-23 08:00 はな ← はじめる前に、約束ごとを読んでください [同意してはじめる] [約束ごとを読む] [個人情報の扱いを読む]
        11-23 08:00 はな → 同意してはじめる
        11-23 08:00 はな ← お名前（呼び名）を送ってください
        11-23 08:00 はな → はな
        11-23 08:00 はな ← 何日ごとに聞きますか？ [毎日 9時ではじめる] [毎日] [2日ごと] [3日ごと] [5日ごと] [毎週] [隔週] [30日ごと]
        11-23 08:00 はな → 毎日 9時ではじめる
        11-23 08:00 はな ← 準備ができました [ためしに押してみる]
        11-23 08:00 けんじ ⇐ はなさんが参加しました
    "#]]);
}

#[test]
fn whoever_adds_the_account_is_shown_three_ways_in() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for label in ["見守ってもらう", "見守る", "招待コードがある"] {
        assert!(world.sees_button(&yoshiko, label), "{label}");
    }
}

#[test]
fn whoever_writes_first_without_adding_the_account_is_shown_the_same() {
    let mut world = World::new();
    let yoshiko = world.stranger("よしこ");
    world.say(&yoshiko, "こんにちは");
    let hana = world.stranger("はな");
    world.sticker(&hana);
    for user in [&yoshiko, &hana] {
        assert!(world.last(user).contains("どちらで使いますか？"));
    }
}

#[test]
fn the_whole_registration_can_be_typed() {
    let mut world = World::new();
    let yoshiko = world.stranger("よしこ");
    for text in ["見守ってもらう", "同意する", "よしこ", "３日ごと", "午後3時"]
    {
        world.say(&yoshiko, text);
    }
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    assert_eq!((watch.schedule.interval.as_days(), watch.schedule.hour.get()), (3, 15));
    assert_eq!(world.timer(&yoshiko), Some(tokyo("2026-11-23T15:00:00")));
}

#[test]
fn every_hour_is_offered_with_the_time_at_which_an_alert_would_come() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for text in ["見守ってもらう", "同意", "よしこ", "毎日"] {
        world.say(&yoshiko, text);
    }
    let recommended = world.last(&yoshiko);
    assert!(recommended.contains("朝の6時から9時がおすすめです"));
    world.press(&yoshiko, "ほかの時間");
    let all = world.last(&yoshiko);
    for hour in 0..24 {
        let day = if hour + 27 >= 48 { "翌々日の" } else { "次の日の" };
        assert!(all.contains(&format!("{day}{}時ごろ", (hour + 27) % 24)), "{hour}");
    }
    world.press(&yoshiko, "21時");
    assert!(world.has(&yoshiko, "お知らせは翌々日の0時ごろです"), "{:?}", world.texts(&yoshiko));
}

#[test]
fn what_is_no_interval_or_hour_is_asked_again() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for text in ["見守ってもらう", "同意", "よしこ"] {
        world.say(&yoshiko, text);
    }
    for text in ["4日", "9時", "たまに", "0日", "999999999日"] {
        world.say(&yoshiko, text);
        assert!(world.last(&yoshiko).contains("何日ごとに聞きますか？"), "{text}");
    }
    world.say(&yoshiko, "毎週");
    for text in ["24時", "朝", "9"] {
        world.say(&yoshiko, text);
        assert!(world.person(&yoshiko).unwrap().watch.is_none(), "{text}");
    }
}

#[test]
fn a_name_is_cleaned_and_an_endless_or_empty_one_asked_again() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.say(&yoshiko, "見守ってもらう");
    world.say(&yoshiko, "同意");
    for text in ["あ".repeat(10_000), "\u{202E}\u{200B}".to_owned(), "\u{0007}".to_owned()] {
        world.say(&yoshiko, &text);
        assert!(world.last(&yoshiko).contains("もう一度、名前を送ってください"));
    }
    world.say(&yoshiko, "\u{202E}よし\u{0007}こ\u{200B}さん");
    assert_eq!(world.person(&yoshiko).unwrap().name.unwrap().as_str(), "よしこ");
}

#[test]
fn nothing_is_asked_before_consent_and_its_time_and_version_are_kept() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.say(&yoshiko, "よしこ");
    assert_eq!(world.person(&yoshiko).unwrap().name, None);
    assert!(world.last(&yoshiko).contains("同意してはじめる"));
    world.wait(minutes(3));
    world.press(&yoshiko, "同意");
    let consent = world.person(&yoshiko).unwrap().consent.unwrap();
    assert_eq!((consent.version, consent.at), (FIRST_TERMS, tokyo("2026-11-23T08:03:00")));
    world.press(&yoshiko, "同意");
    assert_eq!(world.person(&yoshiko).unwrap().consent.unwrap(), consent);
}

#[test]
fn buttons_of_earlier_steps_change_nothing_that_is_finished() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.press(&yoshiko, "同意");
    world.say(&yoshiko, "よしこ");
    world.press(&yoshiko, "3日");
    world.press(&yoshiko, "8時");
    let watch = world.person(&yoshiko).unwrap().watch;
    for label in ["同意", "毎日", "9時", "ほかの時間"] {
        world.press(&yoshiko, label);
        assert_eq!(world.person(&yoshiko).unwrap().watch, watch, "{label}");
    }
}

#[test]
fn an_interval_can_be_chosen_anew_while_the_hour_is_asked() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for text in ["見守ってもらう", "同意", "よしこ"] {
        world.say(&yoshiko, text);
    }
    world.press(&yoshiko, "毎週");
    world.press(&yoshiko, "2日");
    world.press(&yoshiko, "7時");
    let schedule = world.person(&yoshiko).unwrap().watch.unwrap().schedule;
    assert_eq!((schedule.interval.as_days(), schedule.hour.get()), (2, 7));
}

#[test]
fn a_code_in_the_middle_of_a_registration_leads_into_that_team() {
    let mut world = World::new();
    let kenji = world.organization();
    let code = world.code(&kenji);
    let hana = world.friend("はな");
    world.press(&hana, "見守ってもらう");
    world.press(&hana, "同意");
    world.say(&hana, &format!("招待コード {code}"));
    world.press(&hana, "参加する");
    world.say(&hana, "はな");
    world.press(&hana, "毎日 9時ではじめる");
    let places = world.store.read().unwrap().places(world.id(&hana)).unwrap();
    assert_eq!(places.len(), 1);
    assert!(world.has(&kenji, "はなさんが参加しました"));
}

#[test]
fn every_manager_is_tested_and_told_whom_they_watch() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    assert!(world.has(&kenji, "あなたはよしこさんの見守る方です"));
    assert!(world.has(&yoshiko, "けんじさんが見守る方として参加しました"));
    let team = world.store.read().unwrap().places(world.id(&kenji)).unwrap()[0];
    let managers = world.store.read().unwrap().members(team.0, team.1, 10).unwrap();
    assert!(managers.iter().all(|manager| manager.receives_since.is_some()));
}

#[test]
fn the_answers_of_a_registration_arrive_even_where_no_reply_is_possible() {
    let mut world = World::new();
    world.platform.faults.reply_token_life_ms = Some(-1);
    let yoshiko = world.friend("よしこ");
    for label in ["見守ってもらう", "同意"] {
        world.press(&yoshiko, label);
    }
    world.say(&yoshiko, "よしこ");
    world.press(&yoshiko, "毎日");
    world.press(&yoshiko, "9時");
    assert!(world.has(&yoshiko, "準備ができました"));
    assert_eq!(world.code(&yoshiko).len(), 9);
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn the_button_of_the_greeting_pressed_again_makes_no_second_team() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    let id = world.id(&yoshiko);
    let before = world.store.read().unwrap().places(id).unwrap().len();
    for _ in 0..3 {
        world.press_nth(&yoshiko, "見守ってもらう", 0);
    }
    assert_eq!(world.store.read().unwrap().places(id).unwrap().len(), before);
}

#[test]
fn who_is_watched_does_not_become_their_own_manager() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.press(&yoshiko, "同意");
    world.say(&yoshiko, "よしこ");
    world.say(&yoshiko, "毎日");
    world.say(&yoshiko, "9時");
    let code = world.code(&yoshiko);
    world.say(&yoshiko, &format!("招待コード {code}"));
    if world.tap(&yoshiko, "参加する") {
        world.settle();
    }
    let kenji = world.friend("けんじ");
    world.say(&kenji, &format!("招待コード {code}"));
    assert!(world.has(&kenji, "参加しますか"), "the invitation is used up by the inviter");
}
