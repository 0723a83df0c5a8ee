//! Every stop is told to a human: to those who watch, to the person, and to the office where it is the one who watches.

use anshin::domain::case::Trouble;
use anshin::domain::id::TeamId;
use anshin::domain::invitation::CodeKind;
use anshin::domain::mail::MailAddress;
use anshin::domain::person::EndReason;
use anshin::domain::round::Ending;
use anshin::domain::rules::Rules;
use anshin::domain::staff::DeskAct;
use anshin::domain::team::Role;
use anshin::domain::time::Moment;
use anshin::platform::Settings;

use crate::districts::{join, team};
use crate::world::{OFFICE, Watchful, World, days, hours, minutes};

/// Letters to the office whose subject says this.
fn letters(world: &World, words: &str) -> usize {
    world.letters(OFFICE).iter().filter(|letter| letter.subject.contains(words)).count()
}

fn last_letter(world: &World) -> String {
    world.letters(OFFICE).last().unwrap().text.clone()
}

/// よしこ is watched by the office itself, every day at nine.
fn tenant() -> (World, TeamId, String) {
    let mut world = World::with_desk();
    let team = team(&mut world, true, None);
    let yoshiko = join(&mut world, team, CodeKind::Leaflet, "よしこ");
    (world, team, yoshiko)
}

/// よしこ was silent; けんじ and みちこ have the alert since noon.
fn alerted() -> (World, [String; 3]) {
    let mut world = World::with_desk();
    let family = world.family("5日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    (world, family)
}

#[test]
fn the_office_hears_that_somebody_whom_it_watches_stops() {
    let (mut world, _, yoshiko) = tenant();
    world.say(&yoshiko, "やめる");
    world.press(&yoshiko, "見守りをやめる");
    assert_eq!(letters(&world, "よしこさんの見守りが終わりました"), 1);
    assert!(last_letter(&world).contains("本人の希望") && last_letter(&world).contains("ご本人"));
}

#[test]
fn the_office_hears_that_somebody_whom_it_watches_rests() {
    let (mut world, _, yoshiko) = tenant();
    world.say(&yoshiko, "お休み");
    world.press(&yoshiko, "3日");
    world.press(&yoshiko, "お休みにする");
    assert_eq!(letters(&world, "よしこさんが、お休みになりました"), 1);
}

#[test]
fn the_office_hears_that_a_team_is_handed_to_it() {
    let mut world = World::with_desk();
    let yoshiko = world.friend("よしこ");
    for words in ["見守ってもらう", "同意", "よしこ", "5日", "9時", "招待"] {
        world.say(&yoshiko, words);
    }
    let kenji = world.watcher(&yoshiko, "けんじ");
    world.say(&kenji, "やめる");
    world.press(&kenji, "よしこさんのチームを見守るのをやめる");
    world.press(&kenji, "事務局に引き継ぐ");
    assert_eq!(letters(&world, "引き継がれました"), 1, "{:?}", world.letters(OFFICE));
    assert!(last_letter(&world).contains("見守られる方は1人"));
}

#[test]
fn a_move_found_out_by_one_is_told_to_the_others_to_the_person_and_to_no_office_that_does_not_watch()
 {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "ほかの結果");
    world.press(&kenji, "転出");
    world.press(&kenji, "「転出」で終える");
    world.wait(minutes(5));
    assert_eq!(world.person(&yoshiko).unwrap().ended.unwrap().why, EndReason::Moved);
    assert_eq!(world.count(&michiko, "よしこさんの見守りが終わりました"), 1);
    assert_eq!(world.count(&michiko, "よしこさんの件は終わりました"), 0, "one message says it all");
    assert!(world.last(&yoshiko).contains("けんじさんが「転出」と知らせました"));
    assert!(world.sees_button(&yoshiko, "はじめる"), "if it was a mistake");
    assert_eq!(letters(&world, "見守りが終わりました"), 0);
}

#[test]
fn whoever_was_told_that_all_is_well_hears_when_the_watch_ends_after_all() {
    let (mut world, [yoshiko, kenji, michiko]) = alerted();
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    assert_eq!(world.count(&michiko, "無事でした："), 1);
    world.press(&kenji, "その他");
    world.press(&kenji, "ほかの結果");
    world.press(&kenji, "死亡");
    let said = world.received(&yoshiko).len();
    world.press(&kenji, "「死亡」で終える");
    world.wait(minutes(5));
    assert_eq!(world.count(&michiko, "よしこさんの見守りが終わりました"), 1);
    assert_eq!(world.received(&yoshiko).len(), said, "to the telephone of a dead person, nothing");
}

#[test]
fn the_office_that_watches_is_asked_again_after_60_minutes_after_3_hours_and_daily() {
    let (mut world, _, yoshiko) = tenant();
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(letters(&world, "よしこさん"), 1);
    let again = |world: &World| letters(world, "（もう一度）");
    world.until_wall("2026-11-24T13:00:00");
    assert_eq!(again(&world), 1);
    world.until_wall("2026-11-24T15:00:00");
    assert_eq!(again(&world), 2);
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(again(&world), 3);
    let case = world.open_case(&yoshiko).unwrap().id;
    world.desk(DeskAct::Claim(case));
    world.wait(minutes(170));
    assert_eq!(again(&world), 3, "who is at work is not called again");
    world.wait(minutes(10));
    assert_eq!(again(&world), 4, "and when it lapses, everyone is");
}

#[test]
fn of_two_calls_that_a_stop_swallowed_the_office_hears_the_later_one_once() {
    let (mut world, _, yoshiko) = tenant();
    world.until_wall("2026-11-24T12:00:00");
    let case = world.open_case(&yoshiko).unwrap().id;
    world.desk(DeskAct::Claim(case));
    world.until_wall("2026-11-24T15:30:00");
    assert_eq!(letters(&world, "（もう一度）"), 1, "nobody said what came of it");
    world.stop();
    world.until_wall("2026-11-24T19:00:00");
    world.start();
    world.until_wall("2026-11-24T19:30:00");
    assert_eq!(letters(&world, "（もう一度）"), 2);
}

#[test]
fn the_office_hears_that_a_case_of_its_own_is_over_by_an_answer_or_by_another_hand() {
    let (mut world, _, yoshiko) = tenant();
    world.until_wall("2026-11-24T12:30:00");
    world.press(&yoshiko, "げんきです");
    assert_eq!(letters(&world, "よしこさんの件は、終わりました"), 1);
    assert!(last_letter(&world).contains("ご本人からお返事がありました"));
    let (mut world, [_, kenji, _]) = alerted();
    world.wait(hours(4));
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    assert_eq!(letters(&world, "よしこさんの件は、終わりました"), 1);
    assert!(last_letter(&world).contains("けんじさんが確かめました"));
}

#[test]
fn a_cry_for_help_after_a_press_that_meant_trouble_is_no_end_of_it_for_the_office() {
    let (mut world, _, yoshiko) = tenant();
    world.say(&yoshiko, "助けて");
    world.wait(minutes(3));
    assert_eq!(letters(&world, "よしこさん"), 1);
    world.press(&yoshiko, "見守る方に知らせる");
    world.wait(minutes(1));
    assert_eq!(letters(&world, "よしこさんの件は、終わりました"), 0, "{:?}", world.letters(OFFICE));
    assert_eq!(letters(&world, "よしこさん"), 2);
}

#[test]
fn what_somebody_takes_back_themselves_is_told_to_the_office_as_their_word_and_once() {
    let (mut world, _, yoshiko) = tenant();
    world.until_wall("2026-11-24T09:30:00");
    world.press(&yoshiko, "すこし調子が悪い");
    world.say(&yoshiko, "助けて");
    world.press(&yoshiko, "見守る方に知らせる");
    world.wait(minutes(10));
    world.press(&yoshiko, "まちがえました");
    world.wait(minutes(1));
    assert_eq!(letters(&world, "よしこさんの件は、終わりました"), 1, "{:?}", world.letters(OFFICE));
    let letter = last_letter(&world);
    assert!(letter.contains("ご本人から") && !letter.contains("確かめました"), "{letter}");
}

#[test]
fn whoever_does_not_feel_well_comes_to_the_office_that_watches() {
    let (mut world, _, yoshiko) = tenant();
    world.until_wall("2026-11-24T10:00:00");
    world.press(&yoshiko, "すこし調子が悪い");
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    let case = world.case(watch.soft.unwrap()).unwrap();
    assert_eq!(case.trouble, Trouble::Unwell);
    assert!(case.office_since.is_some() && !case.nobody, "the office is somebody");
    assert_eq!(letters(&world, "よしこさん：調子が悪い"), 1);
}

#[test]
fn a_manager_who_is_reached_by_letter_alone_hears_of_all_that_follows_an_alert() {
    let mut world = World::with_desk();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    let mailbox = "kenji@example.jp";
    world.say(&kenji, "メール");
    world.say(&kenji, mailbox);
    let first = world.letters(mailbox).last().unwrap().subject.clone();
    let number: String = first.chars().filter(char::is_ascii_digit).collect();
    world.say(&kenji, &number);
    world.block(&kenji);
    let theirs = |world: &World, words: &str| {
        world.letters(mailbox).iter().filter(|letter| letter.text.contains(words)).count()
    };
    world.until_wall("2026-11-24T13:00:00");
    assert_eq!(theirs(&world, "まだ、対応する方が決まっていません"), 1);
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(theirs(&world, "まだ終わっていない件"), 1);
    world.press(&michiko, "対応します");
    world.wait(hours(3));
    assert_eq!(theirs(&world, "みちこさんから、結果の知らせがありません"), 1);
    world.press(&yoshiko, "げんきです");
    world.wait(days(1));
    world.say(&yoshiko, "お休み");
    world.press(&yoshiko, "3日");
    world.press(&yoshiko, "お休みにする");
    assert_eq!(theirs(&world, "までお休みです"), 1);
}

#[test]
fn the_second_call_of_whom_the_office_watches_says_until_when_and_who_will_look() {
    let (mut world, _, yoshiko) = tenant();
    world.until_wall("2026-11-24T09:00:00");
    let call = world.last(&yoshiko);
    assert!(call.contains("正午までに返事がないと、事務局から電話などで確かめます"), "{call}");
}

#[test]
fn a_change_of_who_hears_what_when_is_told_to_everyone_who_decides_it_and_other_changes_are_not() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    let heard = |world: &World, user: &str| {
        world.count(user, "けんじさんが、よしこさんのチームの設定を変えました")
    };
    world.say(&kenji, "マイページ");
    world.press(&kenji, "よしこさんのチームの設定");
    world.press(&kenji, "今日のことばを出さない");
    assert_eq!(heard(&world, &michiko), 0);
    world.press(&kenji, "事務局に知らせない");
    assert_eq!([heard(&world, &michiko), heard(&world, &yoshiko)], [1, 1]);
    assert!(world.last(&michiko).contains("事務局に知らせる：いいえ"));
    assert!(world.sees_button(&michiko, "事務局に知らせる"), "and may change it back");
    assert_eq!(heard(&world, &kenji), 0);
}

#[test]
fn whoever_watches_somebody_overseas_is_told_of_what_can_wait_by_their_own_clock() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    world.say(&yoshiko, "時差");
    world.say(&yoshiko, "ニューヨーク");
    world.until_wall("2026-11-25T02:00:00");
    world.say(&yoshiko, "しんどい");
    world.press(&yoshiko, "知らせる");
    world.until_wall("2026-11-25T08:59:00");
    assert_eq!(world.count(&kenji, "すこし調子が悪いそうです"), 0, "noon there, and night here");
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(world.count(&kenji, "すこし調子が悪いそうです"), 1);
}

#[test]
fn whoever_has_died_is_named_in_no_group_as_missing() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    let (hana, taro) = (world.stranger("はな"), world.stranger("たろう"));
    let group = world.group("ひまわり会", &[&yoshiko, &hana, &taro]);
    world.press_in(&group, &hana, "代表者になる");
    world.press_in(&group, &hana, "毎日");
    world.press_in(&group, &hana, "9時");
    for user in [&yoshiko, &taro] {
        world.press_in(&group, user, "参加します");
    }
    assert_eq!(world.participants(&group).len(), 3);
    world.until_wall("2026-11-24T12:00:00");
    for label in ["対応します", "ほかの結果", "死亡", "「死亡」で終える"] {
        world.press(&kenji, label);
    }
    assert_eq!(world.participants(&group).len(), 2);
    world.until_wall("2026-11-27T12:00:00");
    let said = world.said_in(&group);
    let missing = said.iter().rfind(|text| text.contains("まだお返事のない方")).unwrap();
    assert!(missing.contains("たろう") && !missing.contains("よしこ"), "{missing}");
}

#[test]
fn the_office_hears_every_morning_how_many_would_reach_nobody() {
    let mut world = World::with_desk();
    let [_, kenji, michiko] = world.family("5日", "9時");
    world.block(&kenji);
    world.until_wall("2026-11-24T09:05:00");
    assert!(
        last_letter(&world).contains("見守る方に知らせが届かない方：0人"),
        "{}",
        last_letter(&world)
    );
    world.block(&michiko);
    world.until_wall("2026-11-25T09:00:30");
    let daily = world.letters(OFFICE).into_iter().rfind(|l| l.text.contains("見守られる方：1人"));
    assert!(daily.unwrap().text.contains("見守る方に知らせが届かない方：1人"));
}

/// Since when it is known that alerts about somebody arrive with a manager.
fn receives_since(world: &World, asked: &str, manager: &str) -> Option<Moment> {
    let place = (world.team(asked).id, Role::Manager, world.id(manager));
    world.store.read().unwrap().member(place).unwrap().unwrap().receives_since
}

#[test]
fn whoever_does_not_answer_the_yearly_test_is_not_counted_on_and_the_others_hear_of_it() {
    const UNSURE: &str = "けんじさんに届いているか、わかりません";
    let settings = Settings { quota_messages: None, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let [yoshiko, kenji, michiko] = world.family("30日", "9時");
    world.until_wall("2027-11-24T12:00:00");
    assert_eq!(world.count(&kenji, "受け取れます"), 2, "{:?}", world.texts(&kenji));
    world.press(&michiko, "受け取れます");
    world.until_wall("2027-12-06T12:00:00");
    assert_eq!(world.times(&michiko, UNSURE), []);
    world.until_wall("2027-12-08T12:00:00");
    assert_eq!(world.count(&michiko, UNSURE), 1);
    let receives = |world: &World, user: &str| receives_since(world, &yoshiko, user);
    assert_eq!(receives(&world, &kenji), None);
    assert!(receives(&world, &michiko).is_some());
    world.press(&kenji, "受け取れます");
    assert!(receives(&world, &kenji).is_some(), "it is never too late");
    world.wait(days(30));
    assert_eq!(world.count(&michiko, UNSURE), 1);
}

#[test]
fn a_yearly_test_that_line_never_took_is_sent_again_and_counts_nobody_out() {
    let settings = Settings { quota_messages: None, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let [yoshiko, kenji, _] = world.family("30日", "9時");
    world.until_wall("2027-11-23T00:00:00");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2027-11-25T00:00:00");
    world.platform.faults.refuse_all_5xx_before = false;
    assert_eq!(world.count(&kenji, "受け取れます"), 1, "{:?}", world.texts(&kenji));
    world.until_wall("2027-11-27T12:00:00");
    // Once because it was given up, and once because nothing could be heard of the next one.
    assert_eq!(world.count(&kenji, "受け取れます"), 3, "{:?}", world.texts(&kenji));
    world.until_wall("2027-12-08T12:00:00");
    assert!(
        receives_since(&world, &yoshiko, &kenji).is_some(),
        "the two weeks began with what arrived"
    );
}

#[test]
fn whoever_may_have_pressed_the_yearly_test_while_we_were_deaf_is_asked_again() {
    let settings = Settings { quota_messages: None, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let [yoshiko, kenji, _] = world.family("30日", "9時");
    world.until_wall("2027-11-23T00:00:00");
    world.watchful = Watchful::ByItself;
    world.deaf = true;
    world.until_wall("2027-11-24T12:00:00");
    assert_eq!(world.count(&kenji, "受け取れます"), 2, "{:?}", world.texts(&kenji));
    world.deaf = false;
    world.until_wall("2027-11-26T12:00:00");
    assert_eq!(world.count(&kenji, "受け取れます"), 3, "{:?}", world.texts(&kenji));
    world.until_wall("2027-12-08T12:00:00");
    assert!(
        receives_since(&world, &yoshiko, &kenji).is_some(),
        "the two weeks began with what could be heard"
    );
}

#[test]
fn whoever_takes_a_case_has_proved_that_alerts_arrive() {
    const UNSURE: &str = "けんじさんに届いているか、わかりません";
    let settings = Settings { quota_messages: None, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let [yoshiko, kenji, michiko] = world.family("30日", "9時");
    world.until_wall("2027-11-24T12:00:00");
    assert_eq!(world.count(&kenji, "受け取れます"), 2, "{:?}", world.texts(&kenji));
    world.say(&yoshiko, "助けて");
    world.press(&yoshiko, "見守る方に知らせる");
    world.wait(minutes(3));
    world.press(&kenji, "対応します");
    world.until_wall("2027-12-20T12:00:00");
    assert_eq!(world.count(&michiko, UNSURE), 0, "{:?}", world.texts(&michiko));
    assert_eq!(world.count(&kenji, "みちこさんに届いているか、わかりません"), 1);
}

#[test]
fn whoever_answered_for_somebody_is_named_in_the_history() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    world.say(&kenji, "ようす");
    world.press(&kenji, "よしこさん");
    world.press(&kenji, "会いました");
    let past = world.store.read().unwrap().past_rounds(world.id(&yoshiko), 1).unwrap();
    assert_eq!((past[0].ending, past[0].by), (Ending::ByProxy, Some(world.id(&kenji))));
}

#[test]
fn the_office_hears_once_a_month_that_a_group_is_not_asked() {
    let office_mail = vec![MailAddress::parse(OFFICE).unwrap()];
    let rules = Rules { office_mail, ..Rules::default() };
    let settings = Settings { quota_messages: Some(44), ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", rules, settings);
    let people: Vec<String> = (0..10).map(|n| world.stranger(&format!("さん{n}"))).collect();
    let members: Vec<&str> = people.iter().map(String::as_str).collect();
    let group = world.group("大きい会", &members);
    world.press_in(&group, &people[0], "代表者になる");
    world.wait(minutes(2));
    world.press_in(&group, &people[0], "毎日");
    world.press_in(&group, &people[0], "9時");
    world.until_wall("2026-11-25T08:00:00");
    assert_eq!(letters(&world, "今日は聞いていません"), 0);
    world.until_wall("2026-11-28T12:00:00");
    assert_eq!(letters(&world, "今日は聞いていません"), 1, "not every day");
}
