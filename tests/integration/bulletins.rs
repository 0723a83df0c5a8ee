//! What the office says to many, or to one: what arrives on whose telephone, what can be said to it, and what comes of
//! that.

use anshin::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Side, Stage, Text, Whom, Word,
};
use anshin::domain::case::Trouble;
use anshin::domain::details::Details;
use anshin::domain::fact::Fact;
use anshin::domain::id::{BulletinId, GroupId, PersonId};
use anshin::domain::person::{EndReason, Ended};
use anshin::domain::rules::Rules;
use anshin::domain::staff::{DeskAct, StaffFact};
use anshin::domain::team::{Policy, TeamKind};
use anshin::platform::Settings;
use expect_test::expect;
use jiff::civil::date;

use crate::world::{OFFICE, Refusal, World, days, hours, minutes};

/// A bulletin as the desk sends it; `n` tells one form from another.
fn draft(world: &World, kind: Kind, audience: Audience) -> Draft {
    let text = Text::read("台風が近づいています。\n早めにひなんしてください。").unwrap();
    Draft { shown_at: world.now, kind, text, audience, side: Side::Both, urgent: false }
}

fn send(world: &mut World, draft: &Draft) -> BulletinId {
    world.desk(DeskAct::SendBulletin(Box::new(draft.clone())));
    newest(world).id
}

fn newest(world: &World) -> Bulletin {
    world.store.read().unwrap().newest_bulletins(1).unwrap().remove(0)
}

fn receipts(world: &World, id: BulletinId) -> Vec<(u32, Receipt)> {
    world.store.read().unwrap().receipts(id).unwrap()
}

fn delivery(world: &World, id: BulletinId, user: &str) -> Option<Delivery> {
    let to = world.id(user).0;
    receipts(world, id).into_iter().find(|(at, _)| *at == to).map(|(_, receipt)| receipt.delivery)
}

fn word(world: &World, id: BulletinId, user: &str) -> Option<Word> {
    let to = world.id(user).0;
    receipts(world, id).into_iter().find(|(at, _)| *at == to)?.1.word.map(|(word, _)| word)
}

fn end(world: &World) -> Option<End> {
    match newest(world).stage {
        Stage::Over(_, end) => Some(end),
        Stage::Waiting | Stage::Sending(_) => None,
    }
}

/// A desk, a family and its watchers.
fn family() -> (World, [String; 3]) {
    let mut world = World::with_desk();
    let [yoshiko, kenji, michiko] = world.family("3日ごと", "9時");
    world.hush();
    world.read();
    (world, [yoshiko, michiko, kenji])
}

/// More people than a step looks at.
const CROWD: usize = 330;

/// よしこ with many others, and a plan without a limit.
fn crowd() -> (World, String) {
    let settings = Settings { quota_messages: None, ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    world.sit_at_the_desk();
    let yoshiko = world.family("3日ごと", "9時")[0].clone();
    let team = world.team(&yoshiko).id;
    world.crowd(team, CROWD);
    world.hush();
    (world, yoshiko)
}

#[test]
fn a_bulletin_waits_a_minute_and_then_reaches_everyone_once() {
    let (mut world, [yoshiko, michiko, kenji]) = family();
    let stranger = world.friend("とおりすがり");
    world.read();
    let id = {
        let draft = draft(&world, Kind::Notice, Audience::Everyone);
        // The same form sent twice makes one bulletin.
        world.desk(DeskAct::SendBulletin(Box::new(draft.clone())));
        send(&mut world, &draft)
    };
    assert_eq!(world.store.read().unwrap().newest_bulletins(9).unwrap().len(), 1);
    world.wait(std::time::Duration::from_secs(59));
    assert_eq!(world.count(&yoshiko, "台風"), 0, "it can still be taken back");
    world.wait(minutes(2));
    for user in [&yoshiko, &michiko, &kenji] {
        assert_eq!(world.count(user, "台風"), 1);
        assert_eq!(delivery(&world, id, user), Some(Delivery::Arrived));
    }
    assert_eq!(world.count(&stranger, "台風"), 0, "who is in no team is not written to");
    assert_eq!((end(&world), newest(&world).on_their_way), (Some(End::Complete), 0));
    world.press(&yoshiko, "読みました");
    assert_eq!(word(&world, id, &yoshiko), Some(Word::Read));
    assert_eq!(word(&world, id, &kenji), None);
    world.expect(expect![[r#"
        11-23 08:01 よしこ ⇐ お知らせ：台風が近づいています。（みどり市社協） [読みました]
        11-23 08:01 けんじ ⇐ お知らせ：台風が近づいています。（みどり市社協） [読みました]
        11-23 08:01 みちこ ⇐ お知らせ：台風が近づいています。（みどり市社協） [読みました]
        11-23 08:02 よしこ → 読みました
        11-23 08:02 よしこ ← 読んでくださって、ありがとうございます
    "#]]);
    world.wait(days(1));
    assert_eq!(world.count(&yoshiko, "台風"), 1);
}

#[test]
fn what_is_taken_back_within_the_minute_reaches_nobody() {
    let (mut world, [yoshiko, ..]) = family();
    let draft = draft(&world, Kind::Notice, Audience::Everyone);
    let id = send(&mut world, &draft);
    world.wait(std::time::Duration::from_secs(30));
    world.desk(DeskAct::StopBulletin(id));
    world.wait(hours(1));
    assert_eq!(world.count(&yoshiko, "台風"), 0);
    assert_eq!(end(&world), Some(End::TakenBack));
    // Pressing it twice, or after the end, changes nothing.
    world.desk(DeskAct::StopBulletin(id));
    assert_eq!(end(&world), Some(End::TakenBack));
}

#[test]
fn it_is_for_those_who_are_asked_for_those_who_watch_or_for_one_of_them() {
    let (mut world, [yoshiko, michiko, kenji]) = family();
    let person = world.id(&michiko);
    for (side, audience, expected) in [
        (Side::Asked, Audience::Everyone, vec![&yoshiko]),
        (Side::Watching, Audience::Everyone, vec![&michiko, &kenji]),
        (Side::Asked, Audience::Team(world.team(&yoshiko).id), vec![&yoshiko]),
        (Side::Both, Audience::Person(person), vec![&michiko]),
        (Side::Both, Audience::Person(PersonId(999_999)), vec![]),
        (Side::Both, Audience::Age(0, 150), vec![]),
    ] {
        let draft = Draft { side, ..draft(&world, Kind::Notice, audience) };
        let id = send(&mut world, &draft);
        world.wait(minutes(2));
        let mut got: Vec<u32> = receipts(&world, id).into_iter().map(|(to, _)| to).collect();
        got.sort_unstable();
        let mut wanted: Vec<u32> = expected.iter().map(|user| world.id(user).0).collect();
        wanted.sort_unstable();
        assert_eq!(got, wanted, "{side:?} {audience:?}");
    }
}

#[test]
fn an_age_is_known_only_where_the_team_agreed_to_it_and_never_from_a_familys_own_notes() {
    let (mut world, [yoshiko, ..]) = family();
    let (person, team) = (world.id(&yoshiko), world.team(&yoshiko));
    let known = Details { born_on: Some(date(1940, 3, 2)), ..Details::default() };
    world.edit(|tables| tables.put_details(person, &known).unwrap());
    let reaches = |world: &mut World, audience| {
        let draft = draft(world, Kind::Notice, audience);
        let id = send(world, &draft);
        world.wait(minutes(2));
        receipts(world, id).len()
    };
    assert_eq!(reaches(&mut world, Audience::Age(80, 89)), 0, "her family's own note");
    let open =
        anshin::domain::team::Team { kind: TeamKind::Organization, policy: Policy::Full, ..team };
    world.edit(|tables| tables.put_team(&open).unwrap());
    assert_eq!(reaches(&mut world, Audience::Age(80, 89)), 1);
    assert_eq!(reaches(&mut world, Audience::Age(60, 79)), 0);
}

#[test]
fn whom_line_does_not_reach_is_listed_and_can_be_sent_to_again_once_it_does() {
    let (mut world, [yoshiko, michiko, kenji]) = family();
    world.block(&michiko);
    let draft = draft(&world, Kind::Notice, Audience::Everyone);
    let id = send(&mut world, &draft);
    world.wait(minutes(2));
    assert_eq!(delivery(&world, id, &michiko), Some(Delivery::Unreachable));
    assert_eq!(delivery(&world, id, &yoshiko), Some(Delivery::Arrived));
    world.unblock(&michiko);
    world.wait(hours(3));
    let (journal, written_at) = (world.journal_length(), world.now);
    world.desk(DeskAct::BulletinAgain(id, Whom::Unreached));
    assert_eq!(newest(&world).since, written_at, "it can be taken back from here on");
    let [Fact::Staff(StaffFact::BulletinAgain(_, of))] = world.facts_since(journal)[..] else {
        panic!("{:?}", world.facts_since(journal))
    };
    assert_eq!(of, id);
    world.wait(minutes(2));
    assert_eq!(delivery(&world, id, &michiko), Some(Delivery::Arrived));
    assert_eq!(world.count(&michiko, "台風"), 1);
    for user in [&yoshiko, &kenji] {
        assert_eq!(world.count(user, "台風"), 1, "those who have it get it once");
    }
}

#[test]
fn after_a_disaster_whoever_needs_help_comes_to_the_board_at_once_and_only_the_silent_are_asked_again()
 {
    let (mut world, [yoshiko, michiko, kenji]) = family();
    let draft = draft(&world, Kind::Check, Audience::Everyone);
    let id = send(&mut world, &draft);
    world.wait(minutes(2));
    world.press(&kenji, "無事です");
    assert!(world.last(&kenji).contains("無事と受け取りました"));
    world.press(&yoshiko, "助けがいる");
    assert_eq!(word(&world, id, &yoshiko), Some(Word::Help));
    assert_eq!(world.open_case(&yoshiko).unwrap().trouble, Trouble::Help);
    assert!(world.on_the_board(&yoshiko), "the office asked, so the office looks");
    assert!(world.last(&yoshiko).contains("119"), "{}", world.last(&yoshiko));
    assert!(world.texts(&michiko).iter().any(|text| text.contains("対応します")));
    world.desk(DeskAct::BulletinAgain(id, Whom::Silent));
    world.wait(minutes(2));
    assert_eq!(world.count(&michiko, "だいじょうぶですか"), 2);
    assert_eq!(world.count(&kenji, "だいじょうぶですか"), 1);
    assert_eq!(world.count(&yoshiko, "だいじょうぶですか"), 1);
    // Better now: the newest word counts, and an older one that arrives late does not.
    world.press(&yoshiko, "無事です");
    assert_eq!(word(&world, id, &yoshiko), Some(Word::Safe));
}

#[test]
fn of_one_who_only_watches_and_needs_help_the_office_gets_a_letter() {
    let (mut world, [_, michiko, _]) = family();
    let check = draft(&world, Kind::Check, Audience::Everyone);
    let id = send(&mut world, &check);
    world.wait(minutes(2));
    world.press(&michiko, "けがをしました");
    assert_eq!(word(&world, id, &michiko), Some(Word::Hurt));
    let reply = world.last(&michiko);
    assert!(reply.contains("みどり市社協に伝えました") && reply.contains("tel:119"), "{reply}");
    let letters = world.letters(OFFICE);
    assert!(
        letters.iter().any(|l| l.text.contains("みちこさんから「けがをしました」")),
        "{letters:?}"
    );
}

#[test]
fn nobody_writes_to_somebody_who_has_died() {
    let (mut world, [yoshiko, michiko, _]) = family();
    let mut person = world.person(&yoshiko).unwrap();
    person.ended = Some(Ended { at: world.now, why: EndReason::Died });
    let number = person.id;
    world.edit(|tables| tables.put_person(&person).unwrap());
    for audience in [Audience::Everyone, Audience::Person(number)] {
        let notice = draft(&world, Kind::Notice, audience);
        send(&mut world, &notice);
        world.wait(minutes(2));
    }
    assert_eq!((world.count(&yoshiko, "台風"), world.count(&michiko, "台風")), (0, 1));
}

#[test]
fn in_an_exercise_nobody_is_alarmed_by_any_answer() {
    let (mut world, [yoshiko, michiko, _]) = family();
    let draft = draft(&world, Kind::Drill, Audience::Everyone);
    let id = send(&mut world, &draft);
    world.wait(minutes(2));
    assert!(world.texts(&yoshiko).iter().any(|text| text.contains("これは訓練です")));
    let before = world.pushes(&michiko);
    let journal = world.journal_length();
    world.press(&yoshiko, "助けがいる");
    assert_eq!(word(&world, id, &yoshiko), Some(Word::Help));
    assert!(world.open_case(&yoshiko).is_none() && !world.on_the_board(&yoshiko));
    assert!(world.last(&yoshiko).contains("訓練でした"));
    assert_eq!(world.pushes(&michiko), before);
    assert_eq!(world.facts_since(journal)[0], Fact::BulletinHeard(world.id(&yoshiko), id));
}

#[test]
fn in_an_exercise_every_word_answers_the_question_that_is_open() {
    for label in ["助けがいる", "けがをしました", "無事です"] {
        let (mut world, [yoshiko, ..]) = family();
        world.until_wall("2026-11-23T09:00:10");
        let drill = draft(&world, Kind::Drill, Audience::Everyone);
        send(&mut world, &drill);
        world.wait(minutes(2));
        assert!(world.round(&yoshiko).is_some());
        world.press(&yoshiko, label);
        assert!(world.round(&yoshiko).is_none(), "{label}");
    }
}

#[test]
fn a_word_to_a_bulletin_is_a_sign_of_life_and_a_call_for_help_is_not_taken_for_well_being() {
    let (mut world, [yoshiko, _, kenji]) = family();
    world.until_wall("2026-11-23T09:00:10");
    assert!(world.round(&yoshiko).is_some());
    let notice = draft(&world, Kind::Notice, Audience::Everyone);
    send(&mut world, &notice);
    world.wait(minutes(2));
    world.press(&yoshiko, "読みました");
    assert!(world.round(&yoshiko).is_none(), "whoever reads is alive");
    world.until_wall("2026-11-26T09:00:10");
    let check = draft(&world, Kind::Check, Audience::Everyone);
    send(&mut world, &check);
    world.wait(minutes(2));
    world.press(&yoshiko, "けがをしました");
    assert!(world.texts(&kenji).iter().all(|text| !text.contains("無事です：")));
    assert!(world.on_the_board(&yoshiko));
}

#[test]
fn what_is_kept_for_alerts_and_needed_for_questions_is_not_spent_on_bulletins() {
    let settings = Settings { quota_messages: Some(40), ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    world.sit_at_the_desk();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T12:00:00");
    world.press(&yoshiko, "げんきです");
    let notice = draft(&world, Kind::Notice, Audience::Everyone);
    // Thirty of forty are gone: what is left is needed for the questions of the month.
    world.edit_quota(30);
    let before = world.pushes(&yoshiko);
    send(&mut world, &notice);
    world.wait(minutes(2));
    assert_eq!((end(&world), world.pushes(&yoshiko)), (Some(End::NoMessages), before));
    // Somebody decides that this is more urgent than the questions; the alerts' part stays.
    let urgent = Draft { urgent: true, ..draft(&world, Kind::Notice, Audience::Everyone) };
    send(&mut world, &urgent);
    world.wait(minutes(2));
    assert_eq!((end(&world), world.pushes(&yoshiko)), (Some(End::Complete), before + 1));
    world.edit_quota(36);
    let urgent = Draft { urgent: true, ..draft(&world, Kind::Notice, Audience::Everyone) };
    send(&mut world, &urgent);
    world.wait(minutes(2));
    assert_eq!((end(&world), world.pushes(&yoshiko)), (Some(End::NoMessages), before + 1));
}

#[test]
fn what_line_has_not_taken_yet_counts_as_on_its_way() {
    let (mut world, [yoshiko, michiko, _]) = family();
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko.clone(), michiko]));
    let notice = draft(&world, Kind::Notice, Audience::Everyone);
    let id = send(&mut world, &notice);
    world.wait(minutes(2));
    assert_eq!((newest(&world).on_their_way, end(&world)), (2, Some(End::Complete)));
    assert_eq!(delivery(&world, id, &yoshiko), Some(Delivery::OnItsWay));
    world.refusal = None;
    world.wait(hours(1));
    assert_eq!(newest(&world).on_their_way, 0);
    assert_eq!(delivery(&world, id, &yoshiko), Some(Delivery::Arrived));
}

#[test]
fn hundreds_get_it_a_few_at_a_time_through_a_power_cut_once_each() {
    let (mut world, _) = crowd();
    let draft = Draft { side: Side::Asked, ..draft(&world, Kind::Notice, Audience::Everyone) };
    let id = send(&mut world, &draft);
    world.wait(std::time::Duration::from_secs(64));
    let on_the_way = receipts(&world, id).len();
    assert!((1..CROWD).contains(&on_the_way), "{on_the_way} at once");
    world.stop();
    world.wait(minutes(5));
    world.start();
    world.wait(minutes(2));
    let got = receipts(&world, id);
    assert_eq!(got.len(), CROWD + 1);
    assert!(got.iter().all(|(_, receipt)| receipt.delivery == Delivery::Arrived));
    let users: Vec<String> = world.platform.users().to_vec();
    let many = users.iter().filter(|user| world.count(user, "台風") != 1).count();
    // Those who watch are not meant.
    assert_eq!(many, 2);
    assert_eq!(end(&world), Some(End::Complete));
}

#[test]
fn hundreds_of_one_team_get_it_whichever_side_of_it_they_are_on() {
    for (side, expected) in [(Side::Asked, CROWD + 1), (Side::Both, CROWD + 3)] {
        let (mut world, yoshiko) = crowd();
        let audience = Audience::Team(world.team(&yoshiko).id);
        let draft = Draft { side, ..draft(&world, Kind::Notice, audience) };
        let id = send(&mut world, &draft);
        world.wait(minutes(3));
        let got = receipts(&world, id);
        assert_eq!((got.len(), end(&world)), (expected, Some(End::Complete)));
        assert!(got.iter().all(|(_, receipt)| receipt.delivery == Delivery::Arrived));
    }
}

#[test]
fn one_that_is_stopped_on_its_way_reaches_nobody_further() {
    let (mut world, yoshiko) = crowd();
    let draft = draft(&world, Kind::Notice, Audience::Everyone);
    let id = send(&mut world, &draft);
    world.wait(std::time::Duration::from_secs(64));
    world.desk(DeskAct::StopBulletin(id));
    let stopped_at = receipts(&world, id).len();
    world.wait(hours(1));
    assert_eq!((receipts(&world, id).len(), end(&world)), (stopped_at, Some(End::Stopped)));
    world.desk(DeskAct::BulletinAgain(id, Whom::Unreached));
    world.wait(minutes(3));
    assert_eq!(receipts(&world, id).len(), CROWD + 3, "the others get it after all");
    assert_eq!(world.count(&yoshiko, "台風"), 1);
}

#[test]
fn a_group_gets_it_in_its_chat_for_as_many_messages_as_it_has_people() {
    let mut world = World::with_desk();
    let [sachiko, hanako] = ["さちこ", "はなこ"].map(|name| world.friend(name));
    let group = world.group("なかよし会", &[&sachiko, &hanako]);
    world.wait(minutes(2));
    let id = world.stored_group(&group).id;
    let before = world.store.read().unwrap().service().unwrap().quota.used_now(world.now);
    let draft = draft(&world, Kind::Notice, Audience::Group(id));
    let bulletin = send(&mut world, &draft);
    world.wait(minutes(2));
    assert!(world.last_in(&group).contains("台風"));
    assert_eq!(receipts(&world, bulletin)[0].1.delivery, Delivery::Arrived);
    let after = world.store.read().unwrap().service().unwrap().quota.used_now(world.now);
    assert_eq!((after - before, end(&world)), (2, Some(End::Complete)));
    world.platform.remove_account(world.now.millis(), &group);
    world.settle();
    let next = self::draft(&world, Kind::Notice, Audience::Group(id));
    let gone = send(&mut world, &next);
    world.wait(minutes(2));
    assert_eq!(receipts(&world, gone)[0].1.delivery, Delivery::Unreachable);
    let nowhere = self::draft(&world, Kind::Notice, Audience::Group(GroupId(999_999)));
    let nowhere = Draft { shown_at: world.now + minutes(1), ..nowhere };
    send(&mut world, &nowhere);
    world.wait(minutes(2));
    assert_eq!(end(&world), Some(End::Complete));
}

#[test]
fn what_a_group_would_use_up_of_the_messages_for_alerts_is_not_sent_to_it() {
    let settings = Settings { quota_messages: Some(40), ..Settings::default() };
    let mut world = World::with("2026-11-23T08:00:00", Rules::default(), settings);
    world.sit_at_the_desk();
    let [sachiko, hanako] = ["さちこ", "はなこ"].map(|name| world.friend(name));
    let group = world.group("なかよし会", &[&sachiko, &hanako]);
    world.wait(minutes(2));
    let id = world.stored_group(&group).id;
    world.edit_quota(36);
    let said = world.said_in(&group).len();
    let urgent = Draft { urgent: true, ..draft(&world, Kind::Notice, Audience::Group(id)) };
    let bulletin = send(&mut world, &urgent);
    world.wait(hours(1));
    assert_eq!((end(&world), world.said_in(&group).len()), (Some(End::NoMessages), said));
    assert_eq!(receipts(&world, bulletin), []);
}

#[test]
fn a_bulletin_that_is_over_waits_for_nothing() {
    let (mut world, _) = family();
    let waits =
        |world: &World, id: BulletinId| world.store.read().unwrap().timer(id.0).unwrap().is_some();
    for taken_back in [false, true] {
        let notice = draft(&world, Kind::Notice, Audience::Everyone);
        let id = send(&mut world, &notice);
        assert!(waits(&world, id));
        if taken_back {
            world.desk(DeskAct::StopBulletin(id));
        } else {
            world.wait(minutes(5));
        }
        assert!(!waits(&world, id), "{taken_back}");
    }
}

#[test]
fn whoever_writes_it_can_see_it_first_on_their_own_telephone() {
    let (mut world, [yoshiko, _, kenji]) = family();
    let person = world.id(&kenji);
    let draft = draft(&world, Kind::Check, Audience::Everyone);
    world.desk(DeskAct::TestBulletin(person, Box::new(draft)));
    assert!(world.last(&kenji).contains("ためし") && world.last(&kenji).contains("台風"));
    assert!(!world.sees_button(&kenji, "助けがいる"), "nothing can be set off by a test");
    assert_eq!(world.count(&yoshiko, "台風"), 0);
}

#[test]
fn a_bulletin_that_one_did_not_get_takes_no_word_and_alerts_go_first() {
    let (mut world, [yoshiko, michiko, kenji]) = family();
    let person = world.id(&kenji);
    let draft = draft(&world, Kind::Check, Audience::Person(person));
    let id = send(&mut world, &draft);
    world.wait(minutes(2));
    // Somebody passes on the message, and another presses.
    let data = world.data(&kenji, "助けがいる");
    let event = world.event(
        "forwarded",
        &michiko,
        "postback",
        &serde_json::json!({"postback": {"data": data}}),
    );
    let journal = world.journal_length();
    assert!(world.post(&[event]));
    assert_eq!(world.facts_since(journal)[0], Fact::NotTheirs(world.id(&michiko)));
    assert_eq!(receipts(&world, id).len(), 1);
    assert_eq!(word(&world, id, &kenji), None);
    assert!(world.open_case(&yoshiko).is_none());
}
