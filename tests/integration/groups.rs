//! Groups: from the invitation to the word about who is missing, as their people see it.

use anshin::domain::fact::Fact;
use anshin::domain::group::GroupRound;
use anshin::domain::rules::Rules;
use anshin::platform::Settings;
use expect_test::expect;

use crate::world::{World, days, hours, minutes};

/// A group of four, led by さちこ, with three who take part, asked every day at nine. たろう never presses.
fn world() -> (World, String, [String; 4]) {
    let mut world = World::new();
    let people = ["さちこ", "はなこ", "じろう", "たろう"].map(|name| world.stranger(name));
    let members: Vec<&str> = people.iter().map(String::as_str).collect();
    let group = world.group("なかよし会", &members);
    world.press_in(&group, &people[0], "代表者になる");
    world.press_in(&group, &people[0], "毎日");
    world.press_in(&group, &people[0], "9時");
    world.press_in(&group, &people[1], "参加します");
    world.press_in(&group, &people[2], "参加します");
    world.wait(minutes(2));
    world.hush();
    (world, group, people)
}

fn round(world: &World, group: &str) -> Option<GroupRound> {
    world.stored_group(group).round
}

fn facts(world: &World) -> Vec<Fact> {
    let entries = world.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
    entries.into_iter().map(|entry| entry.fact).collect()
}

#[test]
fn a_group_invites_us_somebody_leads_and_the_others_take_part() {
    let mut world = World::new();
    let [sachiko, hanako] = ["さちこ", "はなこ"].map(|name| world.stranger(name));
    let group = world.group("なかよし会", &[&sachiko, &hanako]);
    world.wait(minutes(1));
    world.press_in(&group, &hanako, "参加します");
    world.press_in(&group, &sachiko, "代表者になる");
    world.wait(minutes(1));
    world.press_in(&group, &sachiko, "2日ごと");
    world.press_in(&group, &sachiko, "ほかの時刻");
    world.press_in(&group, &sachiko, "20時");
    world.expect(expect![[r#"
        11-23 08:00 なかよし会 ← 見守りのおてつだいをします [代表者になる] [参加します]
        11-23 08:01 なかよし会 はなこ → 参加します
        11-23 08:01 なかよし会 ← 参加を受け付けました
        11-23 08:01 なかよし会 さちこ → 代表者になる
        11-23 08:01 なかよし会 ← 何日ごとに聞きますか？ [毎日] [2日ごと] [3日ごと] [5日ごと] [毎週] [隔週] [30日ごと]
        11-23 08:02 なかよし会 さちこ → 2日ごと
        11-23 08:02 なかよし会 ← 何時に聞きますか？ [6時] [7時] [8時] [9時] [10時] [17時] [ほかの時刻]
        11-23 08:02 なかよし会 さちこ → ほかの時刻
        11-23 08:02 なかよし会 ← 何時に聞きますか？ [0時] [1時] [2時] [3時] [4時] [5時] [6時] [7時] [8時] [9時] [10時] [11時] [12時] [13時] [14時] [15時] [16時] [17時] [18時] [19時] [20時] [21時] [22時] [23時]
        11-23 08:02 なかよし会 さちこ → 20時
        11-23 08:02 なかよし会 ← 準備ができました [参加します]
    "#]]);
    let stored = world.stored_group(&group);
    assert_eq!((stored.leader, stored.size), (Some(world.id(&sachiko)), 2));
    let names: Vec<_> = world.participants(&group).into_iter().map(|p| p.name.unwrap()).collect();
    assert_eq!(names.len(), 2, "both are known by the name that everyone in the group sees");
    assert_eq!(world.pushes_into(&group), 0, "all of it was free");
}

#[test]
fn each_press_gets_its_place_in_the_order_and_the_last_one_completes_it() {
    let (mut world, group, [sachiko, hanako, jiro, _]) = world();
    world.until_wall("2026-11-24T09:00:00");
    world.press_in(&group, &hanako, "げんきです");
    world.press_in(&group, &sachiko, "げんきです");
    world.press_in(&group, &hanako, "げんきです");
    world.press_in(&group, &jiro, "げんきです");
    world.expect(expect![[r#"
        11-23 09:00 なかよし会 ⇐ げんきですか？ ボタンを押してください（グループのみなさん） [げんきです]
        11-24 08:00 なかよし会 ⇐ まだお返事のない方がいます。声をかけてください [わたしが連絡します] [げんきです]
        11-24 09:00 なかよし会 ⇐ げんきですか？ ボタンを押してください（グループのみなさん） [げんきです]
        11-24 09:00 なかよし会 はなこ → げんきです
        11-24 09:00 なかよし会 ← はなこさん 1番目です（あと2人）
        11-24 09:00 なかよし会 さちこ → げんきです
        11-24 09:00 なかよし会 ← さちこさん 2番目です（あと1人）
        11-24 09:00 なかよし会 はなこ → げんきです
        11-24 09:00 なかよし会 じろう → げんきです
        11-24 09:00 なかよし会 ← 全員そろいました。よい一日を。
    "#]]);
    // Nobody is missing: nothing is posted, and nothing is paid for.
    let pushes = world.pushes_into(&group);
    world.until_wall("2026-11-25T08:30:00");
    assert_eq!(world.pushes_into(&group), pushes);
    assert!(facts(&world).contains(&Fact::GroupReported(world.stored_group(&group).id, 0)));
}

#[test]
fn twenty_three_hours_later_the_group_hears_who_is_missing_and_somebody_calls() {
    let (mut world, group, [sachiko, hanako, jiro, _]) = world();
    world.until_wall("2026-11-24T09:00:00");
    world.press_in(&group, &sachiko, "げんきです");
    let said = world.said_in(&group).len();
    world.until_wall("2026-11-25T07:59:00");
    assert_eq!(world.said_in(&group).len(), said, "not a word before its hour");
    world.hush();
    world.until_wall("2026-11-25T08:00:30");
    assert!(world.last_in(&group).contains("名前のわからない方：1人"), "{}", world.last_in(&group));
    world.press_in(&group, &sachiko, "わたしが連絡します");
    world.press_in(&group, &hanako, "わたしが連絡します");
    world.press_in(&group, &jiro, "げんきです");
    world.press_in(&group, &hanako, "げんきです");
    world.expect(expect![[r#"
        11-25 08:00 なかよし会 ⇐ まだお返事のない方がいます。声をかけてください [わたしが連絡します] [げんきです]
        11-25 08:00 なかよし会 さちこ → わたしが連絡します
        11-25 08:00 なかよし会 ← さちこさんが連絡してくれます
        11-25 08:00 なかよし会 はなこ → わたしが連絡します
        11-25 08:00 なかよし会 ← さちこさんが連絡してくれます
        11-25 08:00 なかよし会 じろう → げんきです
        11-25 08:00 なかよし会 ← じろうさん、お返事ありがとう。あと1人です。
        11-25 08:00 なかよし会 はなこ → げんきです
        11-25 08:00 なかよし会 ← はなこさん、お返事ありがとう。全員そろいました。
    "#]]);
    assert_eq!(round(&world, &group).unwrap().caller, Some(world.id(&sachiko)));
}

#[test]
fn a_button_works_for_its_own_round_and_its_own_group_alone() {
    let (mut world, group, [sachiko, hanako, ..]) = world();
    let other = world.group("べつの会", &[&sachiko, &hanako]);
    world.until_wall("2026-11-24T09:00:00");
    world.until_wall("2026-11-25T09:00:00");
    world.hush();
    // Yesterday's button.
    assert!(world.tap_in(&group, &hanako, "げんきです", 1));
    world.settle();
    assert!(world.last_in(&group).contains("前の回のものです"), "{}", world.last_in(&group));
    assert!(!round(&world, &group).unwrap().has(world.id(&hanako)));
    // A button of one group whose data comes from another.
    let shown = world.platform.group(&group).unwrap().items.iter().rev();
    let data = shown
        .flat_map(|shown| world.platform.actions_in(&group, &shown.item.id))
        .find(|view| view.label == "げんきです")
        .unwrap();
    let event = serde_json::json!({
        "postback": { "data": data.action["data"] },
        "source": { "type": "group", "groupId": other, "userId": hanako },
    });
    let event = world.event("01FORGED", &hanako, "postback", &event);
    world.post(&[event]);
    assert!(!round(&world, &group).unwrap().has(world.id(&hanako)));
    assert!(facts(&world).contains(&Fact::NotTheirs(world.id(&hanako))));
    // In the 1:1 chat it is nobody's either.
    let event = serde_json::json!({ "postback": { "data": data.action["data"] } });
    let event = world.event("01FORGED2", &hanako, "postback", &event);
    world.post(&[event]);
    assert!(!round(&world, &group).unwrap().has(world.id(&hanako)));
}

#[test]
fn only_who_leads_changes_days_rests_and_hands_over() {
    let (mut world, group, [sachiko, hanako, ..]) = world();
    world.say_in(&group, &hanako, "安否");
    for label in ["日と時刻を変える", "3日間お休みする", "ゆずる", "話した人も"]
    {
        world.press_in(&group, &hanako, label);
        assert!(world.last_in(&group).contains("代表のさちこさんだけができます"), "{label}");
    }
    world.press_in(&group, &hanako, "代表者になる");
    assert!(world.last_in(&group).contains("代表のさちこさんだけができます"));
    world.press_in(&group, &sachiko, "3日間お休みする");
    assert!(
        world.last_in(&group).contains("11月25日（水）までお休み"),
        "{}",
        world.last_in(&group)
    );
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.pushes_into(&group), 0, "resting");
    world.until_wall("2026-11-26T09:01:00");
    assert_eq!(world.pushes_into(&group), 1);
    world.say_in(&group, &sachiko, "安否");
    world.press_in(&group, &sachiko, "ゆずる");
    world.press_in(&group, &hanako, "代表者になる");
    assert_eq!(world.stored_group(&group).leader, Some(world.id(&hanako)));
    assert!(world.last_in(&group).contains("日と時刻は、これまでどおりです"));
    world.say_in(&group, &hanako, "安否");
    world.press_in(&group, &hanako, "日と時刻を変える");
    world.press_in(&group, &hanako, "毎週");
    world.press_in(&group, &hanako, "10時");
    let schedule = world.stored_group(&group).schedule.unwrap();
    assert_eq!((schedule.interval.as_days(), schedule.hour.get()), (7, 10));
}

#[test]
fn a_rest_ends_by_a_press_too() {
    let (mut world, group, [sachiko, ..]) = world();
    world.say_in(&group, &sachiko, "安否");
    world.press_in(&group, &sachiko, "30日間お休みする");
    world.say_in(&group, &sachiko, "安否");
    world.press_in(&group, &sachiko, "お休みを終わる");
    assert!(
        world.last_in(&group).contains("次は11月23日（月）午前9時です"),
        "{}",
        world.last_in(&group)
    );
    world.until_wall("2026-11-23T09:01:00");
    assert_eq!(world.pushes_into(&group), 1);
}

#[test]
fn when_the_leader_leaves_the_question_goes_on_and_asks_for_another() {
    let (mut world, group, [sachiko, hanako, jiro, _]) = world();
    world.platform.go(world.now.millis(), &group, &sachiko);
    world.settle();
    let stored = world.stored_group(&group);
    assert_eq!((stored.leader, stored.size), (None, 3));
    world.until_wall("2026-11-24T09:01:00");
    assert!(world.last_in(&group).contains("代表の方がいません"), "{}", world.last_in(&group));
    world.press_in(&group, &hanako, "げんきです");
    world.press_in(&group, &jiro, "げんきです");
    assert!(world.last_in(&group).contains("全員そろいました"), "who left is not waited for");
    world.press_in(&group, &jiro, "代表者になる");
    assert_eq!(world.stored_group(&group).leader, Some(world.id(&jiro)));
}

#[test]
fn who_comes_is_greeted_for_free_and_who_goes_is_not_missed() {
    let (mut world, group, [sachiko, hanako, jiro, _]) = world();
    let goro = world.stranger("ごろう");
    world.platform.come(world.now.millis(), &group, &[&goro]);
    world.settle();
    assert!(world.last_in(&group).contains("ようこそ"));
    world.press_in(&group, &goro, "参加します");
    world.until_wall("2026-11-24T09:01:00");
    for user in [&sachiko, &hanako] {
        world.press_in(&group, user, "げんきです");
    }
    world.platform.go(world.now.millis(), &group, &goro);
    world.settle();
    world.press_in(&group, &jiro, "げんきです");
    assert!(world.last_in(&group).contains("全員そろいました"), "{}", world.last_in(&group));
    assert_eq!(world.participants(&group).len(), 3);
}

#[test]
fn who_takes_part_while_names_are_asked_for_is_asked_for_too() {
    let (mut world, group, [sachiko, hanako, jiro, _]) = world();
    let goro = world.stranger("ごろう");
    world.platform.come(world.now.millis(), &group, &[&goro]);
    world.settle();
    world.press_in(&group, &goro, "参加します");
    world.asked_for(&group, &[&sachiko, &hanako, &jiro]);
    world.wait(minutes(2));
    let names: Vec<_> = world.participants(&group).into_iter().filter_map(|p| p.name).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(!world.stored_group(&group).nameless);
}

#[test]
fn being_removed_stops_everything_and_is_told_and_coming_back_begins_again() {
    let mut world = World::new();
    let sachiko = world.friend("さちこ");
    let hanako = world.stranger("はなこ");
    let group = world.group("なかよし会", &[&sachiko, &hanako]);
    world.press_in(&group, &sachiko, "代表者になる");
    world.press_in(&group, &sachiko, "毎日");
    world.press_in(&group, &sachiko, "9時");
    world.platform.remove_account(world.now.millis(), &group);
    world.settle();
    assert!(world.last(&sachiko).contains("グループから外れました"), "{}", world.last(&sachiko));
    world.wait(days(3));
    assert_eq!(world.pushes_into(&group), 0);
    assert!(world.platform.invite_account(world.now.millis(), &group));
    world.settle();
    assert!(world.last_in(&group).contains("見守りのおてつだいをします"));
    world.wait(hours(2));
    assert_eq!(world.pushes_into(&group), 1, "the same group, with its days and its leader");
}

#[test]
fn a_removal_that_arrives_after_the_next_invitation_is_over() {
    let (mut world, group, _) = world();
    let removed_at = world.now;
    world.wait(minutes(10));
    // The invitation of now was delivered, the removal before it comes late.
    world.platform.remove_account(world.now.millis(), &group);
    world.intercept();
    assert!(world.platform.invite_account(world.now.millis(), &group));
    world.settle();
    let event = serde_json::json!({ "timestamp": removed_at.millis(),
        "source": { "type": "group", "groupId": group } });
    let event = world.event("01LATE", "", "leave", &event);
    world.post(&[event]);
    assert!(world.stored_group(&group).is_here());
    world.until_wall("2026-11-23T09:01:00");
    assert_eq!(world.pushes_into(&group), 1);
}

#[test]
fn a_group_that_was_given_up_and_speaks_goes_on() {
    let (mut world, group, [_, hanako, ..]) = world();
    world.platform.remove_account(world.now.millis(), &group);
    world.settle();
    assert!(!world.stored_group(&group).is_here());
    world.wait(minutes(1));
    // Invited again, which nobody heard.
    assert!(world.platform.invite_account(world.now.millis(), &group));
    world.intercept();
    world.say_in(&group, &hanako, "おはよう");
    assert!(world.stored_group(&group).is_here());
    world.until_wall("2026-11-23T09:01:00");
    assert_eq!(world.pushes_into(&group), 1);
}

#[test]
fn a_group_that_is_gone_without_a_word_is_noticed_when_line_refuses() {
    let (mut world, group, _) = world();
    let lost = world.intercept();
    assert!(lost.is_empty());
    world.platform.remove_account(world.now.millis(), &group);
    world.intercept();
    world.until_wall("2026-11-24T09:05:00");
    assert!(world.stored_group(&group).left_at.is_some());
    let pushes = world.pushes_into(&group);
    world.wait(days(3));
    assert_eq!(world.pushes_into(&group), pushes);
}

#[test]
fn whom_line_does_not_name_is_asked_to_become_a_friend() {
    let (mut world, group, [_, hanako, ..]) = world();
    world.until_wall("2026-11-24T09:00:00");
    world.platform.faults.group_without_user_ids = true;
    world.press_in(&group, &hanako, "げんきです");
    assert!(world.last_in(&group).contains("わかりませんでした"), "{}", world.last_in(&group));
    assert!(round(&world, &group).unwrap().answers.is_empty());
}

#[test]
fn words_count_only_where_the_leader_says_so_and_are_never_answered() {
    let (mut world, group, [sachiko, hanako, ..]) = world();
    world.until_wall("2026-11-24T09:00:00");
    let said = world.said_in(&group).len();
    world.say_in(&group, &hanako, "きょうはいい天気ですね");
    assert!(!round(&world, &group).unwrap().has(world.id(&hanako)));
    world.say_in(&group, &sachiko, "安否");
    world.press_in(&group, &sachiko, "話した人も");
    world.say_in(&group, &hanako, "散歩してきます");
    assert!(round(&world, &group).unwrap().has(world.id(&hanako)));
    assert_eq!(world.said_in(&group).len(), said + 2, "the two cards that were asked for");
}

#[test]
fn somebody_in_two_groups_answers_in_each_and_is_missed_in_neither_after_one_press() {
    let (mut world, group, [sachiko, hanako, ..]) = world();
    let other = world.group("べつの会", &[&hanako, &sachiko]);
    world.press_in(&other, &hanako, "代表者になる");
    world.press_in(&other, &hanako, "毎日");
    world.press_in(&other, &hanako, "9時");
    world.until_wall("2026-11-24T09:00:30");
    world.press_in(&other, &hanako, "げんきです");
    assert!(round(&world, &other).unwrap().has(world.id(&hanako)));
    assert!(!round(&world, &group).unwrap().has(world.id(&hanako)));
    world.until_wall("2026-11-25T08:30:00");
    let said = world.said_in(&group);
    let missing = said.iter().rfind(|text| text.contains("まだお返事のない方")).unwrap();
    assert!(missing.contains("さちこ") && !missing.contains("はなこ"), "{missing}");
    // What was answered there yesterday is no answer to today's question here.
    world.until_wall("2026-11-26T08:30:00");
    let said = world.said_in(&group);
    let missing = said.iter().rfind(|text| text.contains("まだお返事のない方")).unwrap();
    assert!(missing.contains("はなこ"), "{missing}");
}

#[test]
fn in_a_larger_group_the_order_is_not_called_out_but_half_and_all_are() {
    let mut world = World::new();
    let people: Vec<String> = (0..14).map(|n| world.stranger(&format!("さん{n}"))).collect();
    let members: Vec<&str> = people.iter().map(String::as_str).collect();
    let group = world.group("大きい会", &members);
    world.press_in(&group, &people[0], "代表者になる");
    world.press_in(&group, &people[0], "毎日");
    world.press_in(&group, &people[0], "9時");
    for user in &people[1..] {
        world.press_in(&group, user, "参加します");
    }
    world.until_wall("2026-11-24T09:00:00");
    let before = world.said_in(&group).len();
    for user in &people {
        assert!(world.tap_in(&group, user, "げんきです", 0));
        world.settle();
    }
    let said = world.said_in(&group).split_off(before);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("14人中7人がそろいました") && said[1].contains("全員そろいました"));
}

#[test]
fn where_the_months_messages_would_not_do_the_group_is_not_asked_and_not_blamed() {
    let settings = Settings { quota_messages: Some(44), ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    let people: Vec<String> = (0..10).map(|n| world.stranger(&format!("さん{n}"))).collect();
    let members: Vec<&str> = people.iter().map(String::as_str).collect();
    let group = world.group("大きい会", &members);
    world.press_in(&group, &people[0], "代表者になる");
    world.wait(minutes(2));
    world.press_in(&group, &people[0], "毎日");
    assert!(world.last_in(&group).contains("10通使います"), "{}", world.last_in(&group));
    world.press_in(&group, &people[0], "9時");
    assert!(world.last_in(&group).contains("約300通"), "{}", world.last_in(&group));
    world.until_wall("2026-11-26T12:00:00");
    // A question, the word about who is missing, and ten that are kept for the next such word: another round, which
    // could end without that word, does not begin.
    let count = |word| world.said_in(&group).iter().filter(|text| text.contains(word)).count();
    assert_eq!((count("げんきですか？ ボタン"), count("まだお返事のない方")), (1, 1));
    assert!(facts(&world).contains(&Fact::GroupNotAskedForQuota(world.stored_group(&group).id)));
    world.wait(days(1));
    assert!(world.platform.violations().is_empty());
}

#[test]
fn an_answer_that_we_could_not_hear_is_not_blamed_on_anybody() {
    let (mut world, group, [sachiko, hanako, jiro, _]) = world();
    world.until_wall("2026-11-24T09:00:00");
    world.press_in(&group, &sachiko, "げんきです");
    world.press_in(&group, &hanako, "げんきです");
    world.stop();
    world.wait(hours(3));
    assert!(world.tap_in(&group, &jiro, "げんきです", 0), "while nobody hears");
    world.wait(minutes(1));
    world.start();
    world.until_wall("2026-11-25T08:30:00");
    assert!(world.last_in(&group).contains("申し訳ありません"), "{}", world.last_in(&group));
}

#[test]
fn a_power_cut_between_question_and_report_loses_nothing_and_doubles_nothing() {
    for fuse in 0..12 {
        let (mut world, group, [sachiko, ..]) = world();
        world.until_wall("2026-11-24T08:59:59");
        let before = world.said_in(&group).len();
        world.fuse = Some(fuse);
        world.until_wall("2026-11-24T09:10:00");
        world.press_in(&group, &sachiko, "げんきです");
        world.until_wall("2026-11-25T08:59:00");
        let said = world.said_in(&group).split_off(before);
        let count = |text: &str| said.iter().filter(|said| said.contains(text)).count();
        assert_eq!((count("げんきですか？"), count("まだの方")), (1, 1), "fuse {fuse}: {said:#?}");
    }
}

#[test]
fn whoever_only_takes_part_in_a_group_gets_a_link_to_its_page_in_their_own_chat() {
    let mut world = World::new();
    let [kenji, hana] = ["けんじ", "はな"].map(|name| world.friend(name));
    let group = world.group("ひまわり会", &[&kenji, &hana]);
    world.press_in(&group, &kenji, "代表者になる");
    world.say(&kenji, "マイページ");
    assert!(world.last(&kenji).contains("つながりグループのページ"), "{}", world.last(&kenji));
    world.say(&hana, "マイページ");
    assert!(world.last(&hana).contains("どちらで使いますか"), "{}", world.last(&hana));
}
