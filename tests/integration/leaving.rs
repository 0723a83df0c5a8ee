//! Leaving, handing over, new times, what a team decides, approval, and how things are.

use anshin::domain::person::EndReason;
use anshin::domain::round::Ending;
use anshin::domain::team::Role;

use crate::world::{World, days, hours, minutes, tokyo};

const ASK: &str = "げんきですか？ ボタン";

fn family() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    (world, family)
}

#[test]
fn whoever_stops_being_watched_over_is_asked_nothing_more_and_those_who_watch_are_told() {
    let (mut world, [yoshiko, kenji, michiko]) = family();
    world.say(&yoshiko, "やめる");
    assert!(world.person(&yoshiko).unwrap().watch.is_some(), "a word alone ends nothing");
    world.press(&yoshiko, "見守りをやめる");
    let person = world.person(&yoshiko).unwrap();
    assert_eq!(person.ended.unwrap().why, EndReason::OwnWish);
    for manager in [&kenji, &michiko] {
        assert!(world.has(manager, "よしこさんが、見守りをやめました"));
    }
    world.wait(days(3));
    assert_eq!((world.count(&yoshiko, ASK), world.timer(&yoshiko)), (0, None));
    world.say(&yoshiko, "はじめる");
    world.say(&yoshiko, "毎日");
    world.say(&yoshiko, "9時");
    assert!(world.person(&yoshiko).unwrap().watch.is_some(), "and may begin again");
}

#[test]
fn a_question_that_is_open_when_somebody_stops_is_answered_by_the_word_that_says_so() {
    let (mut world, [yoshiko, ..]) = family();
    world.until_wall("2026-11-23T09:10:00");
    assert!(world.round(&yoshiko).is_some());
    let id = world.id(&yoshiko);
    world.say(&yoshiko, "やめる");
    world.press(&yoshiko, "見守りをやめる");
    let past = world.store.read().unwrap().past_rounds(id, 9).unwrap();
    let [question] = &past[..] else { panic!("{past:?}") };
    // The word itself proved that she is there.
    assert_eq!((question.ending, question.ended_at), (Ending::Answered, world.now));
}

#[test]
fn an_alert_that_is_still_on_its_way_stays_away_when_they_stop_being_watched_over() {
    let (mut world, [yoshiko, kenji, michiko]) = family();
    world.say(&yoshiko, "やめる");
    world.platform.faults.refuse_all_5xx_before = true;
    world.say(&yoshiko, "助けて");
    world.wait(minutes(3));
    world.press(&yoshiko, "見守りをやめる");
    world.platform.faults.refuse_all_5xx_before = false;
    world.wait(hours(2));
    for manager in [&kenji, &michiko] {
        assert!(
            !world.has(manager, "「こまった」のあと、操作がありません："),
            "{:?}",
            world.last(manager)
        );
        assert!(world.has(manager, "よしこさんが、見守りをやめました"));
    }
}

#[test]
fn an_alert_that_is_still_on_its_way_stays_away_from_whoever_stops_watching() {
    for (hour, alert) in [("9時", "2026-11-24T12:00:00"), ("20時", "2026-11-24T23:00:00")] {
        let mut world = World::new();
        let [yoshiko, kenji, michiko] = world.family("5日", hour);
        world.edit_team(&yoshiko, |team| team.quiet = true);
        world.say(&kenji, "やめる");
        world.press(&kenji, "見守るのをやめる");
        world.until(tokyo(alert) - minutes(1));
        // By day LINE does not take it, by night it waits for the morning.
        world.platform.faults.refuse_all_5xx_before = true;
        world.wait(minutes(10));
        assert!(world.open_case(&yoshiko).is_some());
        world.press(&kenji, "見守る方をやめる");
        world.platform.faults.refuse_all_5xx_before = false;
        world.wait(hours(20));
        assert_eq!(world.count(&kenji, "お返事がありません："), 0, "{:?}", world.texts(&kenji));
        assert_eq!(world.count(&michiko, "お返事がありません："), 1, "{hour}");
    }
}

#[test]
fn a_manager_leaves_and_the_others_and_the_family_are_told() {
    let (mut world, [yoshiko, kenji, michiko]) = family();
    world.say(&kenji, "やめる");
    world.press(&kenji, "見守るのをやめる");
    world.press(&kenji, "見守る方をやめる");
    assert!(world.has(&michiko, "けんじさんが、見守る方をやめました"));
    assert!(world.has(&yoshiko, "けんじさんが、見守る方をやめました"));
    world.until_wall("2026-11-24T12:00:00");
    assert!(!world.has(&kenji, "お返事がありません"));
    assert!(world.has(&michiko, "お返事がありません"));
}

#[test]
fn the_last_manager_cannot_leave_without_a_successor_or_the_office() {
    let (mut world, [yoshiko, kenji, michiko]) = family();
    world.say(&kenji, "やめる");
    world.press(&kenji, "見守るのをやめる");
    world.press(&kenji, "見守る方をやめる");
    world.say(&michiko, "やめる");
    world.press(&michiko, "見守るのをやめる");
    assert!(world.last(&michiko).contains("見守る方は、あなただけです"));
    let id = world.id(&yoshiko);
    let team = world.store.read().unwrap().places(id).unwrap()[0].0;
    let press = anshin::domain::press::Press::LeaveTeamSure(team);
    let data = anshin::line::postback::write(press, &world.mint());
    let postback = serde_json::json!({"postback": {"data": data}});
    let event = world.event("F1", &michiko, "postback", &postback);
    world.post(&[event]);
    let managers = world.store.read().unwrap().members(team, Role::Manager, 9).unwrap();
    assert_eq!(managers.len(), 1, "a forged second step changes nothing");
    world.press(&michiko, "事務局に引き継ぐ");
    assert!(world.has(&yoshiko, "これからは、事務局が見守ります"));
    world.until_wall("2026-11-24T12:00:00");
    assert!(world.on_the_board(&yoshiko), "and alerts go to the office at once");
}

#[test]
fn a_manager_who_leaves_with_a_claim_leaves_the_case_to_the_others() {
    let (mut world, [yoshiko, kenji, michiko]) = family();
    world.until_wall("2026-11-24T12:10:00");
    world.press(&kenji, "対応します");
    world.say(&kenji, "やめる");
    world.press(&kenji, "見守るのをやめる");
    world.press(&kenji, "見守る方をやめる");
    assert_eq!(world.open_case(&yoshiko).unwrap().claim, None);
    assert_eq!(world.count(&michiko, "対応する方がいません："), 1, "asked again at once");
    world.wait(hours(1));
    assert_eq!(world.count(&michiko, "対応する方がいません："), 2, "and then as ever");
}

#[test]
fn new_times_name_the_next_date_and_are_told_and_an_open_round_ends_by_its_own() {
    let (mut world, [yoshiko, kenji, _]) = family();
    world.until_wall("2026-11-23T09:30:00");
    world.say(&yoshiko, "こんにちは");
    world.say(&yoshiko, "日と時刻");
    world.say(&yoshiko, "3日");
    world.say(&yoshiko, "15時");
    assert!(world.last(&yoshiko).contains("次は11月23日（月）午後3時に聞きます"));
    assert!(world.has(&kenji, "よしこさんに聞く日と時刻が変わりました"));
    world.until_wall("2026-11-26T16:00:00");
    assert_eq!(world.times(&yoshiko, ASK)[1], tokyo("2026-11-23T15:00:00"));
}

#[test]
fn new_times_during_an_open_round_begin_after_it() {
    let (mut world, [yoshiko, kenji, _]) = family();
    world.edit_rules(|rules| rules.any_sign_counts = false);
    world.until_wall("2026-11-23T09:30:00");
    world.say(&yoshiko, "日と時刻");
    world.say(&yoshiko, "毎日");
    world.say(&yoshiko, "7時");
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.count(&yoshiko, "お返事がまだです"), 1);
    assert_eq!(world.times(&kenji, "お返事がありません："), [tokyo("2026-11-24T12:00:00")]);
    world.until_wall("2026-11-25T07:00:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-25T07:00:00")));
}

#[test]
fn in_an_organization_a_new_manager_needs_the_word_of_one_who_is_there() {
    let mut world = World::new();
    let kenji = world.organization();
    let hana = world.member(&kenji, "はな", "毎日", "9時");
    world.say(&kenji, "招待");
    world.press(&kenji, "見守る方を招待");
    let code = world.code(&kenji);
    let michiko = world.friend("みちこ");
    world.say(&michiko, &format!("招待コード {code}"));
    world.press(&michiko, "参加する");
    world.press(&michiko, "同意");
    world.say(&michiko, "みちこ");
    assert!(world.last(&michiko).contains("承認を待っています"));
    world.say(&michiko, "ようす");
    assert!(!world.last(&michiko).contains("はなさん"), "an applicant sees nothing");
    world.press(&kenji, "承認する");
    world.press(&michiko, "受け取れます");
    world.until_wall("2026-11-24T12:00:00");
    assert!(world.has(&michiko, "お返事がありません：はなさん"));
    assert!(world.open_case(&hana).is_some());
}

#[test]
fn who_is_not_approved_watches_nobody() {
    let mut world = World::new();
    let kenji = world.organization();
    world.member(&kenji, "はな", "毎日", "9時");
    world.say(&kenji, "招待");
    world.press(&kenji, "見守る方を招待");
    let code = world.code(&kenji);
    let stranger = world.friend("だれか");
    world.say(&stranger, &format!("招待コード {code}"));
    world.press(&stranger, "参加する");
    world.press(&stranger, "同意");
    world.say(&stranger, "だれか");
    world.press(&kenji, "ことわる");
    assert!(world.last(&stranger).contains("参加できませんでした"));
    world.press(&kenji, "承認する");
    world.until_wall("2026-11-24T12:30:00");
    assert!(!world.has(&stranger, "お返事がありません"));
}

#[test]
fn a_manager_sees_how_everyone_is_those_who_need_somebody_first_and_may_answer_for_them() {
    let mut world = World::new();
    let kenji = world.organization();
    let hana = world.member(&kenji, "はな", "毎日", "9時");
    let taro = world.member(&kenji, "たろう", "毎日", "10時");
    world.until_wall("2026-11-23T09:10:00");
    world.press(&hana, "げんきです");
    world.until_wall("2026-11-23T10:10:00");
    world.say(&kenji, "ようす");
    let seen = world.last(&kenji);
    let place = |name: &str| seen.find(name).unwrap();
    assert!(place("たろうさん") < place("はなさん"), "{seen}");
    world.press(&kenji, "たろうさんのようす");
    world.press(&kenji, "会いました、無事です");
    let id = world.id(&taro);
    let past = world.store.read().unwrap().past_rounds(id, 1).unwrap();
    assert_eq!(past[0].ending, Ending::ByProxy);
    assert_eq!(world.timer(&taro), Some(tokyo("2026-11-24T10:00:00")), "asked on his own days");
    world.wait(hours(23));
    assert_eq!(world.count(&taro, "お返事がまだです"), 0);
}

#[test]
fn a_familys_wishes_can_be_changed_and_the_quote_left_out() {
    let (mut world, [yoshiko, kenji, _]) = family();
    world.until_wall("2026-11-23T09:00:00");
    let quote = anshin::locale::quotes::of_day(jiff::civil::date(2026, 11, 24)).unwrap();
    world.press(&yoshiko, "げんきです");
    world.say(&yoshiko, "マイページ");
    world.press(&yoshiko, "今日のことばを出さない");
    world.until_wall("2026-11-24T09:00:00");
    assert!(!world.has(&yoshiko, quote));
    world.say(&kenji, "マイページ");
    world.press(&kenji, "設定");
    world.press(&kenji, "夜の知らせを朝にする");
    world.press(&kenji, "事務局に知らせない");
    let team = world.team(&yoshiko);
    assert!(team.quiet && !team.office_agreed);
}

#[test]
fn a_team_that_wants_no_quote_gets_none_whatever_its_members_like() {
    let (mut world, [yoshiko, kenji, _]) = family();
    world.say(&kenji, "マイページ");
    world.press(&kenji, "設定");
    world.press(&kenji, "今日のことばを出さない");
    world.until_wall("2026-11-23T09:00:00");
    let quote = anshin::locale::quotes::of_day(jiff::civil::date(2026, 11, 23)).unwrap();
    assert!(world.has(&yoshiko, "げんきですか？ ボタン") && !world.has(&yoshiko, quote));
    assert!(world.person(&yoshiko).unwrap().quotes);
}

#[test]
fn the_proposal_of_a_team_can_be_changed_and_newcomers_inherit_it() {
    let mut world = World::new();
    let kenji = world.organization();
    world.say(&kenji, "マイページ");
    world.press(&kenji, "設定");
    world.press(&kenji, "おすすめの日と時刻を変える");
    world.say(&kenji, "3日");
    world.say(&kenji, "8時");
    world.say(&kenji, "招待");
    world.press(&kenji, "見守られる方を招待");
    let code = world.code(&kenji);
    let hana = world.friend("はな");
    world.say(&hana, &format!("招待コード {code}"));
    world.press(&hana, "参加する");
    world.press(&hana, "同意");
    world.say(&hana, "はな");
    world.press(&hana, "3日ごと 8時ではじめる");
    assert_eq!(world.timer(&hana), Some(tokyo("2026-11-24T08:00:00")));
}

#[test]
fn my_page_says_when_nobody_is_known_to_get_alerts() {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    for words in ["見守ってもらう", "同意", "よしこ", "毎日", "9時", "マイページ"]
    {
        world.say(&yoshiko, words);
    }
    let page = world.last(&yoshiko);
    assert!(page.contains("会員番号") && page.contains("知らせが届く方が、まだいません"), "{page}");
}

#[test]
fn a_manager_who_blocks_is_told_to_the_others_and_the_last_one_to_the_family() {
    let (mut world, [yoshiko, kenji, michiko]) = family();
    world.block(&kenji);
    assert!(world.has(&michiko, "けんじさんに届かなくなりました"));
    world.block(&michiko);
    assert!(world.has(&yoshiko, "見守る方に、知らせが届きません"));
}

#[test]
fn a_block_that_line_did_not_tell_is_found_by_asking_every_day() {
    let (mut world, [yoshiko, kenji, _]) = family();
    world.until_wall("2026-11-23T09:05:00");
    world.press(&yoshiko, "げんきです");
    world.platform.faults.webhook_off = true;
    world.block(&yoshiko);
    world.platform.faults.webhook_off = false;
    world.watchful = crate::world::Watchful::ByItself;
    world.until_wall("2026-11-23T10:10:00");
    assert_eq!(world.count(&kenji, "届かなくなりました："), 1);
    assert!(!world.has(&kenji, "お返事がありません"));
}

#[test]
fn whoever_comes_back_unheard_is_found_within_an_hour_of_lines_next_answer() {
    let (mut world, [yoshiko, _, _]) = family();
    world.until_wall("2026-11-23T09:05:00");
    world.press(&yoshiko, "げんきです");
    world.block(&yoshiko);
    world.platform.faults.webhook_off = true;
    world.unblock(&yoshiko);
    world.platform.faults.webhook_off = false;
    world.watchful = crate::world::Watchful::ByItself;
    world.platform.faults.next("/v2/bot/profile", 3, anshin::platform::Trouble::RefuseBefore(500));
    world.until_wall("2026-11-23T10:30:00");
    assert!(!world.person(&yoshiko).unwrap().is_reachable(), "LINE gave no answer at ten");
    world.until_wall("2026-11-23T11:10:00");
    assert!(world.person(&yoshiko).unwrap().is_reachable());
    assert!(world.timer(&yoshiko).is_some());
}

#[test]
fn once_a_year_whoever_watches_proves_again_that_alerts_arrive() {
    let mut world = World::with(
        "2026-11-23T08:00:00",
        anshin::domain::rules::Rules::default(),
        anshin::platform::Settings { quota_messages: None, ..Default::default() },
    );
    let [_, kenji, _] = world.family("30日", "9時");
    let before = world.count(&kenji, "ためしのお知らせです");
    for _ in 0..370 {
        world.wait(days(1));
    }
    world.wait(minutes(1));
    assert_eq!(world.count(&kenji, "ためしのお知らせです"), before + 1);
}
