//! Mail as the second way: to those who watch when LINE fails them, and to the office. Every rule of
//! "Telling people" that is about letters, and of the month's messages.

use anshin::domain::case::Trouble;
use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::id::{OrganizationId, StaffId};
use anshin::domain::mail::MailAddress;
use anshin::domain::name::Name;
use anshin::domain::rules::Rules;
use anshin::domain::staff::{
    Deed, FactorSecret, Failures, PasswordHash, Scope, SecondFactor, Staff, StaffAct, StaffRole,
};
use anshin::outbox::Outcome;
use anshin::platform::Settings;

use crate::world::{Refusal, World, minutes, tokyo};

const KENJI: &str = "kenji@example.jp";
const OFFICE: &str = "welfare@example.jp";
const ALERT: &str = "お返事がありません";

/// A world whose office has a mailbox.
fn with_office(wall: &str, messages: Option<u64>) -> World {
    let office_mail = vec![MailAddress::parse(OFFICE).unwrap()];
    let settings = Settings { quota_messages: messages, ..Settings::default() };
    World::with(wall, Rules { office_mail, ..Rules::default() }, settings)
}

fn subjects(world: &World, to: &str) -> Vec<String> {
    world.letters(to).iter().map(|letter| letter.subject.clone()).collect()
}

/// How many letters to a mailbox name this in their subject.
fn letters(world: &World, to: &str, words: &str) -> usize {
    subjects(world, to).iter().filter(|subject| subject.contains(words)).count()
}

/// The number in the last letter to a mailbox.
fn number(world: &World, to: &str) -> String {
    let subject = subjects(world, to).pop().unwrap();
    subject.chars().filter(char::is_ascii_digit).collect()
}

fn give_mail(world: &mut World, user: &str, mailbox: &str) {
    world.say(user, "メール");
    world.say(user, mailbox);
    let number = number(world, mailbox);
    world.say(user, &number);
    assert!(world.last(user).contains("メールを登録しました"));
}

/// よしこ is asked on Monday at nine and stays silent; けんじ gave a mail address, みちこ none.
fn silent() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("5日", "9時");
    give_mail(&mut world, &family[1], KENJI);
    world.until_wall("2026-11-24T11:59:00");
    (world, family)
}

#[test]
fn an_address_is_used_only_after_the_number_of_a_first_letter_came_back() {
    let mut world = World::new();
    let [_, kenji, _] = world.family("5日", "9時");
    world.say(&kenji, "メール");
    world.say(&kenji, "けんじ");
    assert!(world.last(&kenji).contains("メールアドレスが読めませんでした"));
    world.press(&kenji, "メール");
    world.say(&kenji, " ｋｅｎｊｉ@example.jp ");
    assert!(world.last(&kenji).contains("メールを送りました"));
    let number = number(&world, KENJI);
    world.say(&kenji, "000000");
    assert!(world.last(&kenji).contains("番号がちがいます"));
    assert!(world.person(&kenji).unwrap().mailbox().is_none());
    world.say(&kenji, &number);
    assert!(world.last(&kenji).contains("メールを登録しました"));
    assert_eq!(world.person(&kenji).unwrap().mailbox().unwrap().as_str(), KENJI);
}

#[test]
fn without_a_mail_server_nobody_is_asked_for_an_address() {
    let rules = Rules { letters: false, ..Rules::default() };
    let mut world = World::at("2026-11-23T08:00:00", rules);
    let [_, kenji, _] = world.family("5日", "9時");
    world.say(&kenji, "メール");
    assert!(world.last(&kenji).contains("メールは、使えません"));
    world.say(&kenji, "マイページ");
    assert!(!world.sees_button(&kenji, "メールを登録・変更する"));
}

#[test]
fn whatever_is_typed_instead_of_an_address_or_a_number_is_a_sign_of_life_all_the_same() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.say(&yoshiko, "メール");
    world.until_wall("2026-11-24T09:00:00");
    assert!(world.round(&yoshiko).is_some());
    world.say(&yoshiko, "おはようございます");
    assert!(world.round(&yoshiko).is_none());
    world.say(&yoshiko, "yoshiko@example.jp");
    world.until_wall("2026-11-25T09:00:00");
    world.say(&yoshiko, "よく寝ました");
    assert!(world.round(&yoshiko).is_none());
    world.until_wall("2026-11-27T09:00:00");
    world.say(&yoshiko, "しんどい");
    assert!(world.sees_button(&yoshiko, "知らせる"));
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn a_text_that_is_no_address_ends_the_wait_for_one() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.say(&yoshiko, "メール");
    world.say(&yoshiko, "やっぱりいいです");
    assert!(world.last(&yoshiko).contains("メールアドレスが読めませんでした"));
    world.say(&yoshiko, "きょうは寒いですね");
    assert!(!world.last(&yoshiko).contains("メール"), "{}", world.last(&yoshiko));
    // With a slip in an address, the next try counts.
    world.say(&yoshiko, "メール");
    world.say(&yoshiko, "yoshiko@@example.jp");
    world.say(&yoshiko, "yoshiko@example.jp");
    assert_eq!(world.letters("yoshiko@example.jp").len(), 1);
}

#[test]
fn a_new_address_takes_the_place_of_the_old_one_only_once_it_is_proven() {
    let (mut world, [_, kenji, _]) = silent();
    world.say(&kenji, "メール");
    world.say(&kenji, "kenji@new.example.jp");
    world.block(&kenji);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1, "the old one still counts");
    assert_eq!(letters(&world, "kenji@new.example.jp", ALERT), 0);
    world.unblock(&kenji);
    let number = number(&world, "kenji@new.example.jp");
    world.say(&kenji, &number);
    assert_eq!(world.person(&kenji).unwrap().mailbox().unwrap().as_str(), "kenji@new.example.jp");
}

#[test]
fn who_was_alerted_by_letter_and_comes_back_to_line_gets_the_alert_with_its_buttons() {
    let (mut world, [_, kenji, _]) = silent();
    world.block(&kenji);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
    world.unblock(&kenji);
    assert_eq!(world.count(&kenji, ALERT), 1);
    world.press(&kenji, "対応します");
    assert!(world.last(&kenji).contains("ありがとうございます"));
}

#[test]
fn who_had_the_alert_on_line_and_then_letters_is_told_once_more_on_line_when_they_come_back() {
    let (mut world, [_, kenji, _]) = silent();
    world.until_wall("2026-11-24T12:00:30");
    assert_eq!(world.count(&kenji, ALERT), 1);
    world.block(&kenji);
    world.until_wall("2026-11-26T13:00:00");
    assert!(letters(&world, KENJI, ALERT) > 0, "what followed came by letter");
    world.unblock(&kenji);
    assert_eq!(world.count(&kenji, ALERT), 2);
    assert_eq!(world.platform.violations(), [""; 0]);
    world.press(&kenji, "対応します");
    assert!(world.last(&kenji).contains("ありがとうございます"));
}

#[test]
fn who_had_the_alert_on_line_and_blocked_us_since_hears_by_letter_that_all_is_well() {
    let (mut world, [yoshiko, kenji, _]) = silent();
    world.until_wall("2026-11-24T12:00:30");
    assert_eq!(world.count(&kenji, ALERT), 1);
    world.block(&kenji);
    world.wait(minutes(5));
    world.press(&yoshiko, "げんきです");
    assert_eq!(letters(&world, KENJI, "無事です"), 1);
}

#[test]
fn nobody_has_letters_sent_to_strangers_without_end() {
    let mut world = World::new();
    let [_, kenji, _] = world.family("5日", "9時");
    for n in 0..40 {
        world.say(&kenji, "メール");
        world.say(&kenji, &format!("stranger{n}@example.jp"));
    }
    assert_eq!(world.post.letters.len(), 10);
}

#[test]
fn an_alert_that_was_told_by_letter_is_taken_back_on_line_when_the_person_answers() {
    let (mut world, [yoshiko, kenji, michiko]) = silent();
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone(), michiko]));
    world.until_wall("2026-11-24T12:10:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
    world.press(&yoshiko, "げんきです");
    assert_eq!(letters(&world, KENJI, "無事です"), 1);
    world.refusal = None;
    world.until_wall("2026-11-24T18:00:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn guessing_the_number_is_stopped_after_a_few_tries() {
    let mut world = World::new();
    let [_, kenji, _] = world.family("5日", "9時");
    world.say(&kenji, "メール");
    world.say(&kenji, KENJI);
    let number = number(&world, KENJI);
    for guess in 0..12 {
        world.say(&kenji, &format!("{}", 111_111 + guess));
    }
    world.say(&kenji, &number);
    assert!(world.person(&kenji).unwrap().mailbox().is_none());
    world.wait(minutes(24 * 60));
    world.say(&kenji, &number);
    assert!(world.person(&kenji).unwrap().mailbox().is_some());
}

#[test]
fn whoever_takes_the_address_back_gets_no_letters_any_more() {
    let (mut world, [_, kenji, _]) = silent();
    world.say(&kenji, "メール");
    world.press(&kenji, "メールをやめる");
    let before = world.letters(KENJI).len();
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone()]));
    world.until_wall("2026-11-24T13:00:00");
    assert_eq!(world.letters(KENJI).len(), before);
}

#[test]
fn an_alert_that_line_took_comes_by_line_alone() {
    let (mut world, [yoshiko, kenji, _]) = silent();
    let before = world.letters(KENJI).len();
    world.until_wall("2026-11-24T13:00:00");
    world.press(&kenji, "対応します");
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.letters(KENJI).len(), before);
}

#[test]
fn an_alert_that_line_has_not_taken_after_5_minutes_goes_by_letter_too_and_once() {
    let (mut world, [_, kenji, michiko]) = silent();
    world.refusal = Some(Refusal::Unavailable(vec![kenji.clone(), michiko]));
    world.until_wall("2026-11-24T12:04:00");
    assert_eq!(letters(&world, KENJI, ALERT), 0);
    world.until_wall("2026-11-24T12:06:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
    let text = &world.letters(KENJI).last().unwrap().text;
    assert!(text.contains("よしこさん") && text.contains("確認をお願いします"), "{text}");
    world.until_wall("2026-11-24T12:59:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
}

#[test]
fn an_alert_to_someone_who_blocked_us_goes_by_letter_at_once() {
    let (mut world, [_, kenji, _]) = silent();
    world.block(&kenji);
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
}

#[test]
fn an_alert_that_line_refuses_for_good_goes_by_letter_at_once() {
    let (mut world, [_, kenji, _]) = silent();
    world.refusal = Some(Refusal::UnknownReceiver(vec![kenji]));
    world.until_wall("2026-11-24T12:00:30");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
}

#[test]
fn who_was_alerted_by_letter_gets_the_all_clear_by_letter() {
    let (mut world, [yoshiko, kenji, _]) = silent();
    world.block(&kenji);
    world.until_wall("2026-11-24T12:30:00");
    world.press(&yoshiko, "げんきです");
    assert_eq!(letters(&world, KENJI, "無事です"), 1);
}

#[test]
fn a_mail_server_that_is_away_gets_the_letter_when_it_is_back() {
    let (mut world, [_, kenji, _]) = silent();
    world.block(&kenji);
    world.post.answer = Outcome::Unavailable;
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(letters(&world, KENJI, ALERT), 0);
    world.post.answer = Outcome::Accepted;
    world.until_wall("2026-11-24T12:59:00");
    assert_eq!(letters(&world, KENJI, ALERT), 1);
}

#[test]
fn the_office_gets_a_letter_about_a_case_that_nobody_takes_after_3_hours() {
    let mut world = with_office("2026-11-23T08:00:00", None);
    let [yoshiko, ..] = world.family("5日", "9時");
    world.until_wall("2026-11-24T14:59:00");
    assert_eq!(letters(&world, OFFICE, "よしこさん"), 0);
    world.until_wall("2026-11-24T15:01:00");
    assert_eq!(letters(&world, OFFICE, "よしこさん：お返事がありません"), 1);
    assert!(world.on_the_board(&yoshiko));
}

#[test]
fn the_office_gets_one_letter_when_line_takes_nothing_for_an_hour_and_one_when_it_does_again() {
    let mut world = with_office("2026-11-23T08:00:00", None);
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.until_wall("2026-11-23T08:59:00");
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko, kenji, michiko]));
    world.until_wall("2026-11-23T09:59:00");
    assert_eq!(letters(&world, OFFICE, "LINEで送れなくなっています"), 0);
    world.until_wall("2026-11-23T10:01:30");
    assert_eq!(letters(&world, OFFICE, "LINEで送れなくなっています"), 1);
    world.until_wall("2026-11-23T11:00:00");
    world.refusal = None;
    world.until_wall("2026-11-23T13:00:00");
    assert_eq!(letters(&world, OFFICE, "LINEで送れるようになりました"), 1);
    assert_eq!(letters(&world, OFFICE, "LINEで送れなくなっています"), 1);
}

#[test]
fn whoever_of_the_staff_gave_an_address_hears_what_the_office_hears_as_long_as_they_are_there() {
    const OWN: &str = "suzuki@example.jp";
    let mut world = with_office("2026-11-23T08:00:00", None);
    let account = |id, mail: Option<&str>, scope| Staff {
        id: StaffId(id),
        name: Name::of_person(&format!("職員{id}")).unwrap(),
        role: StaffRole::Admin,
        scope,
        mail: mail.map(str::to_owned),
        since: tokyo("2026-11-23T08:00:00"),
        active: true,
        password: Some(PasswordHash("x".to_owned())),
        second_factor: Some(SecondFactor { secret: FactorSecret([1; 20]), last_step: 1 }),
        invitation: None,
        recovery: Vec::new(),
        failures: Failures::default(),
    };
    let part = Scope::Only(vec![OrganizationId(1)]);
    world.edit(|tables| {
        tables.put_staff(&account(900_001, Some(OWN), Scope::Everything)).unwrap();
        tables.put_staff(&account(900_002, None, Scope::Everything)).unwrap();
        tables.put_staff(&account(900_003, Some("part@example.jp"), part)).unwrap();
    });
    world.family("5日", "9時");
    world.until_wall("2026-11-24T10:00:00");
    assert_eq!(letters(&world, OWN, "のようす"), letters(&world, OFFICE, "のようす"));
    assert_eq!(letters(&world, OWN, "のようす"), 2);
    assert_eq!(letters(&world, "part@example.jp", "のようす"), 0, "it is about everyone");
    let deed = Deed::Stop { staff: StaffId(900_001), by: StaffId(900_002) };
    world.happen(&[Event::Staff(StaffAct { at: world.now, deed })]);
    world.until_wall("2026-11-25T10:00:00");
    assert_eq!((letters(&world, OWN, "のようす"), letters(&world, OFFICE, "のようす")), (2, 3));
}

#[test]
fn the_office_hears_every_morning_how_things_are() {
    let mut world = with_office("2026-11-23T08:00:00", None);
    let [yoshiko, ..] = world.family("毎日", "10時");
    for day in 24..27 {
        world.until_wall(&format!("2026-11-{day}T10:00:00"));
        world.press(&yoshiko, "げんきです");
    }
    let daily = letters(&world, OFFICE, "のようす");
    assert!((3..=4).contains(&daily), "{:?}", subjects(&world, OFFICE));
    let text = &world.letters(OFFICE).last().unwrap().text;
    assert!(text.contains("見守られる方：1人") && text.contains("対応中の知らせ：0件"), "{text}");
}

#[test]
fn the_office_is_warned_once_at_each_part_of_the_months_messages() {
    let mut world = with_office("2026-11-01T08:00:00", Some(30));
    let [yoshiko, ..] = world.family("毎日", "9時");
    for day in 2..31 {
        world.until_wall(&format!("2026-11-{day:02}T09:10:00"));
        if world.sees_button(&yoshiko, "げんきです") {
            world.press(&yoshiko, "げんきです");
        }
    }
    // The rest of it goes to alerts.
    world.happen(&[Event::Upkeep(Upkeep::Quota { limit: Some(30), used: 30 })]);
    let warned: Vec<_> =
        subjects(&world, OFFICE).into_iter().filter(|s| s.contains("通数が")).collect();
    let at = |percent| format!("【見守り】今月のLINEの通数が{percent}％になりました");
    assert_eq!(warned, [at(70), at(85), at(100)]);
}

#[test]
fn the_office_hears_once_of_everything_that_ails_the_service() {
    let mut world = with_office("2026-11-23T08:00:00", None);
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    let heard = |world: &World, words: &str| letters(world, OFFICE, words);
    world.happen(&[Event::Upkeep(Upkeep::Time(TimeLook::Stepped))]);
    world.wait(minutes(30));
    assert_eq!(heard(&world, "サーバーの時計が合っているか、わかりません"), 1);
    world.block(&kenji);
    assert_eq!(heard(&world, "知らせの届く方がいません"), 0);
    world.block(&michiko);
    assert_eq!(heard(&world, "よしこさんのチームに、知らせの届く方がいません"), 1);
    world.until_wall("2026-11-23T12:00:00");
    let id = world.id(&yoshiko).0;
    world.edit(|tables| tables.put_timer(id, None).unwrap());
    world.until_wall("2026-11-24T04:00:00");
    assert_eq!(heard(&world, "1人の予定がぬけていました"), 1);
}

#[test]
fn what_is_left_for_alerts_is_not_spent_on_questions_and_nobody_is_silent_for_it() {
    let mut world = with_office("2026-11-23T08:00:00", Some(40));
    let [yoshiko, kenji, _] = world.family("5日", "9時");
    world.happen(&[Event::Upkeep(Upkeep::Quota { limit: Some(40), used: 37 })]);
    world.until_wall("2026-11-23T09:10:00");
    let nine = tokyo("2026-11-23T09:00:00");
    assert!(world.times(&yoshiko, "げんきですか").iter().all(|at| *at < nine));
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::NotSent);
    assert_eq!(world.times(&kenji, "未確認です（送信できず）"), [tokyo("2026-11-24T12:00:00")]);
}

#[test]
fn a_letter_tells_nothing_of_anyone_but_the_nickname() {
    let (mut world, [yoshiko, kenji, michiko]) = silent();
    world.block(&kenji);
    world.until_wall("2026-11-24T12:30:00");
    for letter in world.letters(KENJI) {
        for secret in [&yoshiko, &kenji, &michiko] {
            assert!(!letter.text.contains(secret.as_str()), "{}", letter.text);
        }
    }
}
