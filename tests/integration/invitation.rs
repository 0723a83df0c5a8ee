//! Invitations: codes as people type and copy them, what each kind allows, and when it ends.

use anshin::domain::invitation::{Code, CodeKind, Mint};
use anshin::domain::press::Press;
use anshin::domain::rules::Rules;
use anshin::domain::team::Role;
use anshin::line::postback;
use serde_json::json;

use crate::world::{World, days, hours, minutes};

/// よしこ with a team of her own, and the text of her invitation for a manager.
fn with_invitation() -> (World, String, String) {
    let mut world = World::new();
    let yoshiko = world.friend("よしこ");
    world.press(&yoshiko, "見守ってもらう");
    world.press(&yoshiko, "同意");
    world.say(&yoshiko, "よしこ");
    world.say(&yoshiko, "毎日");
    world.say(&yoshiko, "9時");
    let text = invitation_text(&world, &yoshiko);
    (world, yoshiko, text)
}

fn invitation_text(world: &World, user: &str) -> String {
    let texts = world.received(user).into_iter().rev();
    let text = texts.filter_map(|item| item.content["text"].as_str()).next();
    text.expect("an invitation").to_owned()
}

fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap();
    text.chars().map(|c| if c.is_ascii_graphic() { wide(c) } else { c }).collect()
}

fn unpercent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Joins as a manager, who still has to agree and to say a name.
fn complete(world: &mut World, user: &str, name: &str) {
    world.press(user, "参加する");
    world.press(user, "同意");
    world.say(user, name);
}

fn roles(world: &World, user: &str) -> Vec<Role> {
    let places = world.store.read().unwrap().places(world.id(user)).unwrap();
    places.into_iter().map(|(_, role, _)| role).collect()
}

#[test]
fn an_invitation_carries_the_chat_link_the_page_and_the_code_and_is_ready_to_pass_on() {
    let (world, _, text) = with_invitation();
    let code = text.split("招待コード ").nth(1).unwrap()[..9].to_owned();
    let plain = code.replace('-', "");
    assert!(text.contains(&format!("https://mimamori.example.jp/i/{plain}")), "{text}");
    let id = world.platform.settings().basic_id.replace('@', "%40");
    let link = format!("https://line.me/R/oaMessage/{id}/?");
    let typed = text.split(&link).nth(1).unwrap().lines().next().unwrap();
    assert_eq!(unpercent(typed), format!("招待コード {code}"));
    assert!(text.contains("（1人だけ使えます。11月30日（月）まで）"), "{text}");
}

#[test]
fn a_code_is_taken_in_any_width_case_and_grouping_and_inside_a_copied_text() {
    let (mut world, yoshiko, whole) = with_invitation();
    let code = world.code(&yoshiko);
    let plain = code.replace('-', "");
    let typed = [
        code.clone(),
        plain.clone(),
        plain.to_lowercase(),
        full_width(&code),
        full_width(&plain.to_lowercase()),
        format!(" {} {} ", &plain[..4], &plain[4..]),
        format!("{}ー{}", &plain[..4], &plain[4..]),
        format!("招待コード {code}"),
        format!("招待コード：{}です", full_width(&code)),
        format!("https://mimamori.example.jp/i/{plain}"),
        whole,
    ];
    for (n, text) in typed.iter().enumerate() {
        let user = world.stranger(&format!("{n}"));
        world.say(&user, text);
        assert!(world.last(&user).contains("参加しますか？ よしこさんのチーム"), "{text}");
    }
}

#[test]
fn a_code_follows_the_button_for_it() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    let kenji = world.friend("けんじ");
    world.press(&kenji, "招待コードがある");
    assert!(world.last(&kenji).contains("招待コードを送ってください"));
    world.say(&kenji, &code.to_lowercase());
    complete(&mut world, &kenji, "けんじ");
    assert_eq!(roles(&world, &kenji), [Role::Manager]);
}

#[test]
fn a_managers_code_works_for_seven_days_and_not_a_moment_longer() {
    for (wait, works) in [(days(7) - minutes(1), true), (days(7), false)] {
        let (mut world, yoshiko, _) = with_invitation();
        let code = world.code(&yoshiko);
        world.wait(wait);
        let kenji = world.friend("けんじ");
        world.say(&kenji, &code);
        assert_eq!(world.has(&kenji, "参加しますか？"), works);
        assert_eq!(world.has(&kenji, "このコードは使えませんでした"), !works);
    }
}

#[test]
fn a_code_that_ends_during_the_registration_makes_nobody_a_manager() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    world.wait(days(7) - minutes(1));
    let kenji = world.friend("けんじ");
    world.say(&kenji, &code);
    world.press(&kenji, "参加する");
    world.press(&kenji, "同意");
    world.wait(minutes(2));
    world.say(&kenji, "けんじ");
    assert!(world.last(&kenji).contains("このコードは使えませんでした"));
    assert_eq!(roles(&world, &kenji), []);
}

#[test]
fn a_managers_code_works_for_one_person() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    let kenji = world.friend("けんじ");
    world.say(&kenji, &code);
    let michiko = world.friend("みちこ");
    world.say(&michiko, &code);
    complete(&mut world, &kenji, "けんじ");
    // Both were asked whether they want to join; the code is used up now.
    world.press(&michiko, "参加する");
    let third = world.friend("さぶろう");
    world.say(&third, &code);
    assert_eq!(roles(&world, &kenji), [Role::Manager]);
    assert_eq!(roles(&world, &michiko), []);
    assert!(world.last(&michiko).contains("このコードは使えませんでした"));
    assert!(world.last(&third).contains("このコードは使えませんでした"));
}

#[test]
fn the_code_of_a_team_one_is_in_says_so() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    let kenji = world.friend("けんじ");
    world.say(&kenji, &code);
    complete(&mut world, &kenji, "けんじ");
    world.say(&kenji, &code);
    assert!(world.last(&kenji).contains("もう参加しています"));
    world.press_nth(&kenji, "参加する", 0);
    assert!(world.last(&kenji).contains("もう参加しています"));
    assert_eq!(roles(&world, &kenji), [Role::Manager]);
}

#[test]
fn declining_changes_nothing_and_leaves_the_code_to_others() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    let kenji = world.friend("けんじ");
    world.say(&kenji, &code);
    world.press(&kenji, "ちがいます");
    assert_eq!(roles(&world, &kenji), []);
    let michiko = world.friend("みちこ");
    world.say(&michiko, &code);
    assert!(world.has(&michiko, "参加しますか？"));
}

#[test]
fn a_leaflet_makes_members_only_does_not_expire_and_serves_many() {
    let mut world = World::new();
    let kenji = world.organization();
    let code = world.code(&kenji);
    world.wait(days(400));
    world.say(&kenji, "招待");
    world.press(&kenji, "見守られる方を招待");
    assert_eq!(world.code(&kenji), code, "the leaflet on the wall stays the same");
    for name in ["はな", "たろう"] {
        let user = world.friend(name);
        world.say(&user, &code);
        assert!(!world.sees_button(&user, "見守る方で参加する"));
        complete(&mut world, &user, name);
        world.say(&user, "毎日");
        world.say(&user, "9時");
        assert_eq!(roles(&world, &user), [Role::Member]);
        assert!(!world.has(&user, "ためしのお知らせ"));
    }
}

#[test]
fn even_a_sealed_button_turns_no_leaflet_into_a_manager() {
    let mut world = World::new();
    let kenji = world.organization();
    let code = Code::read(&world.code(&kenji)).unwrap();
    let mint = Mint::new(&world.store.read().unwrap().secret().unwrap());
    let data = postback::write(Press::Join(code, Role::Manager), &mint);
    let thief = world.friend("だれか");
    let event = world.event("T1", &thief, "postback", &json!({ "postback": { "data": data } }));
    world.post(&[event]);
    assert!(world.last(&thief).contains("このコードは使えませんでした"));
    assert_eq!(roles(&world, &thief), []);
}

#[test]
fn ten_wrong_codes_an_hour_then_even_the_right_one_has_to_wait() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    let guesser = world.friend("だれか");
    for n in 0..10 {
        world.say(&guesser, &format!("招待コード AAAA-AAA{}", char::from(b'A' + n)));
        assert!(world.last(&guesser).contains("このコードは使えませんでした"), "{n}");
    }
    world.wait(minutes(59));
    world.say(&guesser, &code);
    assert!(world.last(&guesser).contains("1時間ほどあとで"));
    world.wait(hours(1));
    world.say(&guesser, &code);
    assert!(world.last(&guesser).contains("参加しますか？"));
}

#[test]
fn the_guesses_of_one_person_hold_up_nobody_else() {
    let (mut world, yoshiko, _) = with_invitation();
    let code = world.code(&yoshiko);
    let guesser = world.friend("だれか");
    for _ in 0..12 {
        world.say(&guesser, "招待コード AAAA-AAAA");
    }
    let kenji = world.friend("けんじ");
    world.say(&kenji, &code);
    assert!(world.has(&kenji, "参加しますか？"));
}

#[test]
fn a_family_has_two_managers_at_most() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.say(&yoshiko, "招待");
    let choice = world.last(&yoshiko);
    assert!(choice.contains("見守られる方を招待"), "{choice}");
    assert!(!choice.contains("見守る方を招待") && !choice.contains("役割は相手が選ぶ"), "{choice}");
    // The button of an earlier choice is still on the phone.
    world.press(&yoshiko, "見守る方を招待");
    assert!(world.last(&yoshiko).contains("もういっぱいです"));
}

#[test]
fn a_setting_lets_more_than_two_watch_in_a_family() {
    let rules = Rules { family_managers_max: 3, ..Rules::default() };
    let mut world = World::at("2026-11-23T08:00:00", rules);
    let [yoshiko, ..] = world.family("毎日", "9時");
    let third = world.watcher(&yoshiko, "さぶろう");
    assert_eq!(roles(&world, &third), [Role::Manager]);
    world.press(&yoshiko, "見守る方を招待");
    assert!(world.last(&yoshiko).contains("もういっぱいです"));
    let kenji = world.friend("けんぞう");
    world.press(&kenji, "見守る");
    world.press(&kenji, "同意");
    world.say(&kenji, "けんぞう");
    world.say(&kenji, "けんぞうの家");
    assert!(world.last(&kenji).contains("3人まで"), "{}", world.last(&kenji));
}

#[test]
fn a_third_manager_is_told_that_the_family_is_full_and_an_organization_takes_more() {
    let (mut world, yoshiko, _) = with_invitation();
    let mut codes = vec![world.code(&yoshiko)];
    for _ in 0..2 {
        world.say(&yoshiko, "招待");
        world.press(&yoshiko, "見守る方を招待");
        codes.push(world.code(&yoshiko));
    }
    let names = ["けんじ", "みちこ", "さぶろう"];
    let users: Vec<String> = names.iter().map(|name| world.friend(name)).collect();
    for ((user, name), code) in users.iter().zip(names).zip(&codes) {
        world.say(user, code);
        complete(&mut world, user, name);
    }
    assert_eq!(roles(&world, &users[1]), [Role::Manager]);
    assert_eq!(roles(&world, &users[2]), []);
    assert!(world.last(&users[2]).contains("もういっぱいです"));

    let mut world = World::new();
    let kenji = world.organization();
    for name in ["みちこ", "さぶろう", "しろう"] {
        let user = world.watcher(&kenji, name);
        assert_eq!(roles(&world, &user), [Role::Manager]);
    }
}

#[test]
fn who_gets_a_code_for_both_roles_chooses_one() {
    for (label, role) in
        [("見守られる方で参加する", Role::Member), ("見守る方で参加する", Role::Manager)]
    {
        let (mut world, yoshiko, _) = with_invitation();
        world.say(&yoshiko, "招待");
        world.press(&yoshiko, "役割は相手が選ぶ招待");
        let code = world.code(&yoshiko);
        let kenji = world.friend("けんじ");
        world.say(&kenji, &code);
        assert!(world.last(&kenji).contains("あなたの役割を選んでください"));
        world.press(&kenji, label);
        world.press(&kenji, "同意");
        world.say(&kenji, "けんじ");
        if role == Role::Member {
            world.press(&kenji, "毎日 9時ではじめる");
        }
        assert_eq!(roles(&world, &kenji), [role]);
        let other = world.friend("みちこ");
        world.say(&other, &code);
        assert!(world.last(&other).contains("このコードは使えませんでした"));
    }
}

#[test]
fn only_those_who_may_invite_can() {
    let mut world = World::new();
    let kenji = world.organization();
    let hana = world.member(&kenji, "はな", "毎日", "9時");
    world.say(&hana, "招待");
    assert!(!world.sees_button(&hana, "見守る方を招待"));
    let team = world.store.read().unwrap().places(world.id(&hana)).unwrap()[0].0;
    let mint = Mint::new(&world.store.read().unwrap().secret().unwrap());
    let data = postback::write(Press::Invite(team, CodeKind::Manager), &mint);
    let event = world.event("T1", &hana, "postback", &json!({ "postback": { "data": data } }));
    world.post(&[event]);
    assert!(!world.has(&hana, "見守りサービスへの招待です"));
    world.say(&kenji, "招待");
    assert!(!world.last(&kenji).contains("役割は相手が選ぶ"), "a code for both is for families");
}

#[test]
fn everyone_with_several_teams_chooses_the_team_to_invite_into() {
    let (mut world, yoshiko, _) = with_invitation();
    let kenji = world.organization();
    world.say(&yoshiko, "招待");
    world.press(&yoshiko, "見守る方を招待");
    let code = world.code(&yoshiko);
    world.say(&kenji, &code);
    world.press(&kenji, "参加する");
    world.hush();
    world.say(&kenji, "招待");
    let lines = world.read();
    let choice: Vec<&String> =
        lines.iter().filter(|line| line.contains("どなたを招待しますか？")).collect();
    assert_eq!(choice.len(), 1);
    assert_eq!(choice[0].matches("[見守られる方を招待]").count(), 2, "one card a team");
}
