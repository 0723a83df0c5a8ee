//! The story in the golden file: how it was written, what has to be found, and how it goes on.

use std::path::Path;
use std::time::Duration;

use anshin::domain::case::{Actor, Told, Trouble};
use anshin::domain::decision::Purpose;
use anshin::domain::fact::Fact;
use anshin::domain::id::{Address, CaseId, PersonId, TeamId};
use anshin::domain::invitation::{Code, CodeKind, Mint};
use anshin::domain::person::{Person, SetupStep, Talk};
use anshin::domain::round::{Ending, Stage};
use anshin::domain::team::{Role, TeamKind};
use anshin::domain::time::Moment;
use anshin::store::{Account, Reading, SCHEMA_VERSION, Store};
use redb::Database;

use super::open_copy;
use crate::world::{World, tokyo};

/// When the story stops.
const END: &str = "2026-11-25T09:30:00";

/// The secret of the file: codes and identities derive from it.
const SECRET: [u8; 32] = [42; 32];

/// Everyone, in the order in which they came: the modelled LINE gives the same ids again.
const PEOPLE: [&str; 7] = ["よしこ", "けんじ", "みちこ", "たろう", "はるこ", "みどり", "さくら"];

/// Writes the file.
pub(super) fn write(path: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.redb");
    let mut world = World::new();
    world.stop();
    world.store = Store::open(&draft, Store::CACHE_BYTES_MIN, SECRET).unwrap();
    world.start();
    play(&mut world);
    remember(&world.store);
    drop(world);
    let mut database = Database::open(&draft).unwrap();
    database.compact().unwrap();
    drop(database);
    std::fs::copy(&draft, path).unwrap();
}

/// Monday to Wednesday: an alert that somebody takes up, a question that cannot leave.
fn play(world: &mut World) {
    let [_, kenji, _] = world.family("3日", "9時");
    let taro = world.friend(PEOPLE[3]);
    for words in ["見守ってもらう", "同意", "たろう", "毎日", "9時"] {
        world.say(&taro, words);
    }
    world.say(&taro, "招待");
    world.press(&taro, "役割は相手が選ぶ");
    world.say(&taro, "招待");
    world.press(&taro, "見守る方を招待");
    let haruko = world.friend(PEOPLE[4]);
    for words in ["見守る", "同意", "はるこ", "みどり町会"] {
        world.say(&haruko, words);
    }
    world.press(&haruko, "町会・団体");
    world.press(&haruko, "受け取れます");
    let midori = world.friend(PEOPLE[5]);
    for words in ["見守ってもらう", "同意", "みどり", "隔週"] {
        world.say(&midori, words);
    }
    let sakura = world.friend(PEOPLE[6]);
    world.say(&sakura, "招待コード AAAA-AAAA");
    world.say(&sakura, "招待コードがある");
    world.block(&sakura);
    world.until_wall("2026-11-24T12:30:00");
    world.press(&taro, "げんきです");
    world.press(&kenji, "対応します");
    world.press(&kenji, "連絡がつきません");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall(END);
}

fn remember(store: &Store) {
    let writing = store.write().unwrap();
    let account =
        Account { basic_id: "@123abcde".to_owned(), name: "みどり市社協".to_owned() };
    writing.tables().set_account(&account).unwrap();
    writing.tables().set_training((1_000, 2_000)).unwrap();
    writing.commit().unwrap();
}

/// The people of the modelled LINE, as they were when the file was written.
fn users(world: &mut World) -> Vec<String> {
    PEOPLE.map(|name| world.stranger(name)).to_vec()
}

fn person(reading: &Reading, user: &str) -> Person {
    let id = reading.person_at(&Address::new(user).unwrap()).unwrap().unwrap();
    reading.person(id).unwrap().unwrap()
}

fn codes(store: &Store) -> Vec<(Code, CodeKind, bool)> {
    let writing = store.write().unwrap();
    let tables = writing.tables();
    let codes = (1..tables.next_id().unwrap()).flat_map(|team| tables.codes(TeamId(team)).unwrap());
    codes
        .map(|code| {
            let invitation = tables.invitation(code).unwrap().unwrap();
            (code, invitation.kind, invitation.used_by.is_some())
        })
        .collect()
}

#[test]
fn every_person_is_found_by_their_address_as_they_were() {
    let (_folder, store) = open_copy(1);
    let reading = store.read().unwrap();
    let mut world = World::new();
    let users = users(&mut world);
    for (user, name) in users.iter().zip(PEOPLE).take(6) {
        let person = person(&reading, user);
        assert_eq!(person.name.as_ref().unwrap().as_str(), name);
        assert!(person.has_consented(1) && person.reach.reachable);
        assert_eq!(person.zone.name(), "Asia/Tokyo");
        assert_eq!(person.since.since(tokyo("2026-11-23T08:00:00")), Duration::ZERO);
    }
    let yoshiko = person(&reading, &users[0]).watch.unwrap();
    assert_eq!((yoshiko.schedule.interval.as_days(), yoshiko.schedule.hour.get()), (3, 9));
    assert_eq!(yoshiko.schedule.first_due(), tokyo("2026-11-23T09:00:00"));
    let round = yoshiko.round.unwrap();
    assert_eq!((round.stage, round.due_at), (Stage::Reported, tokyo("2026-11-23T09:00:00")));
    assert_eq!(round.asked_at, Some(tokyo("2026-11-23T09:00:00")));
    assert_eq!(round.resent_at, Some(tokyo("2026-11-24T09:00:00")));
    assert_eq!(round.reported_at, Some(tokyo("2026-11-24T12:00:00")));
    let taro = person(&reading, &users[3]).watch.unwrap();
    assert_eq!(taro.round.unwrap().stage, Stage::Asking);
    assert_eq!(taro.last_answer_at, Some(tokyo("2026-11-24T12:30:00")));
    let midori = person(&reading, &users[5]);
    assert!(
        matches!(midori.talk, Talk::Setup(ref s) if matches!(s.step, SetupStep::Hour(days) if days.as_days() == 14))
    );
    let sakura = person(&reading, &users[6]);
    assert_eq!((sakura.talk, sakura.tries.count, sakura.name), (Talk::Code, 1, None));
    assert!(!sakura.reach.reachable);
}

#[test]
fn teams_members_and_their_roles_are_found_from_both_sides() {
    let (_folder, store) = open_copy(1);
    let reading = store.read().unwrap();
    let mut world = World::new();
    let users = users(&mut world);
    let ids: Vec<PersonId> = users.iter().map(|user| person(&reading, user).id).collect();
    let place = |person: usize| reading.places(ids[person]).unwrap()[0];
    let (family, role, _) = place(0);
    assert_eq!(role, Role::Member);
    for manager in [1, 2] {
        assert_eq!(place(manager), (family, Role::Manager, ids[manager]));
    }
    let managers = reading.members(family, Role::Manager, 10).unwrap();
    assert_eq!(managers.iter().map(|m| m.person).collect::<Vec<_>>(), ids[1..3]);
    assert!(managers.iter().all(|m| m.receives_since == Some(tokyo("2026-11-23T08:00:00"))));
    let kind = |team| reading.team(team).unwrap().unwrap().kind;
    assert_eq!(kind(family), TeamKind::Personal);
    assert_eq!(kind(place(4).0), TeamKind::Organization);
    assert!(reading.places(ids[6]).unwrap().is_empty());
}

#[test]
fn the_open_case_is_found_with_who_was_told_and_who_took_it_up() {
    let (_folder, store) = open_copy(1);
    let reading = store.read().unwrap();
    let mut world = World::new();
    let users = users(&mut world);
    let ids: Vec<PersonId> = users.iter().map(|user| person(&reading, user).id).collect();
    let id: CaseId = person(&reading, &users[0]).watch.unwrap().case.unwrap();
    let case = reading.case(id).unwrap().unwrap();
    assert_eq!((case.person, case.trouble), (ids[0], Trouble::NoAnswer));
    assert_eq!(case.opened_at, tokyo("2026-11-24T12:00:00"));
    let told: Vec<PersonId> = case.receivers.iter().map(|receiver| receiver.person).collect();
    assert_eq!(told, ids[1..3]);
    assert!(case.receivers.iter().all(|receiver| receiver.told == Told::Accepted));
    assert_eq!(case.claimer(), Some(Actor::Person(ids[1])));
    assert!(case.no_contact && !case.called_emergency && !case.cleared && case.is_open());
    // The first schema kept no stories; they are found in its journal.
    let story = reading.story(id, 100).unwrap();
    assert!(matches!(story[0].fact, Fact::CaseOpened(..)), "{story:?}");
    assert!(story.iter().any(|entry| matches!(entry.fact, Fact::Claimed(..))), "{story:?}");
}

#[test]
fn the_open_case_of_every_older_file_is_found_by_whom_it_concerns() {
    for schema in 1..=SCHEMA_VERSION {
        let (_folder, store) = open_copy(schema);
        let open = store.read().unwrap().open_case_ids(usize::MAX).unwrap();
        assert!(!open.is_empty(), "schema {schema}");
        for id in open {
            let case = store.read().unwrap().case(id).unwrap().unwrap();
            let receivers = case.receivers.iter().map(|receiver| receiver.person);
            let writing = store.write().unwrap();
            let tables = writing.tables();
            for person in receivers.chain([case.person]) {
                let found = tables.open_cases_concerning(person).unwrap();
                assert!(found.contains(&id), "schema {schema}: {id} {person}");
            }
        }
    }
}

#[test]
fn messages_on_their_way_timers_past_rounds_and_the_journal_are_found() {
    let (_folder, store) = open_copy(1);
    let reading = store.read().unwrap();
    let mut world = World::new();
    let users = users(&mut world);
    let taro = person(&reading, &users[3]).id;
    let rows = reading.rows().unwrap();
    let due_at = tokyo("2026-11-25T09:00:00");
    let ask = rows.iter().find(|row| row.purpose == Purpose::Ask(taro, due_at)).unwrap();
    assert_eq!((ask.to.as_str(), ask.first_try_at), (users[3].as_str(), Some(due_at)));
    let body: serde_json::Value = serde_json::from_slice(&ask.body).unwrap();
    assert_eq!(body["to"], users[3]);
    let mint = Mint::new(&reading.secret().unwrap());
    assert_eq!(ask.id, mint.outbox_id(&format!("ask/{taro}/{}", due_at.millis())));
    let mut timers: Vec<(u32, Moment)> = Vec::new();
    reading.timers(|id, due_at| timers.push((id, due_at))).unwrap();
    let yoshiko = person(&reading, &users[0]).id;
    assert!(timers.contains(&(yoshiko.0, tokyo("2026-11-26T09:00:00"))), "{timers:?}");
    assert!(timers.iter().any(|(id, _)| *id == taro.0));
    let past = reading.past_rounds(taro, 10).unwrap();
    let answered = past.iter().find(|past| past.ending == Ending::Answered).unwrap();
    assert_eq!(answered.ended_at, tokyo("2026-11-24T12:30:00"));
    let journal = reading.journal_after(0, 10_000).unwrap();
    assert!(journal.iter().map(|entry| entry.number).eq(1..=journal.len() as u64));
    let facts: Vec<Fact> = journal.iter().map(|entry| entry.fact).collect();
    assert!(facts.contains(&Fact::Asking(taro, due_at)));
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Claimed(..))));
    assert!(facts.iter().any(|fact| matches!(fact, Fact::WrongCode(..))));
    let account = reading.account().unwrap().unwrap();
    assert_eq!((account.basic_id.as_str(), account.name.as_str()), ("@123abcde", "みどり市社協"));
    assert_eq!(reading.training().unwrap(), Some((1_000, 2_000)));
    assert_eq!(reading.secret().unwrap(), SECRET);
}

#[test]
fn an_event_that_was_processed_is_still_known() {
    let (folder, store) = open_copy(1);
    let writing = store.write().unwrap();
    let tables = writing.tables();
    assert!(tables.next_id().unwrap() > 12);
    drop(tables);
    drop(writing);
    drop(store);
    let path = folder.path().join("anshin.redb");
    let seen = super::records::seen(&path);
    assert!(seen.len() > 30, "{}", seen.len());
    let store = Store::open(&path, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let writing = store.write().unwrap();
    let mut tables = writing.tables();
    for (at, id) in &seen {
        assert!(!tables.note_seen(Moment::from_millis(*at), id).unwrap());
    }
    assert!(tables.note_seen(tokyo(END), "01NEVERSEEN").unwrap());
}

#[test]
fn every_kind_of_code_still_works_or_has_been_used() {
    let (_folder, store) = open_copy(1);
    let codes = codes(&store);
    for kind in [CodeKind::Leaflet, CodeKind::Manager, CodeKind::Either] {
        assert!(codes.iter().any(|(_, is, used)| *is == kind && !used), "{kind:?}: {codes:?}");
    }
    assert!(codes.iter().any(|(_, kind, used)| *kind == CodeKind::Manager && *used));
    for (code, kind, used) in codes {
        let mut world = going_on(open_copy(1).1);
        let name = "まこと";
        let user = world.friend(name);
        world.say(&user, &format!("招待コード {code}"));
        assert_eq!(world.has(&user, "参加しますか"), !used, "{kind:?} {used}");
    }
}

/// The world over a copy of the file, half an hour after it was written, with everyone a friend.
fn going_on(store: Store) -> World {
    let mut world = World::at(END, anshin::domain::rules::Rules::default());
    world.stop();
    world.store = store;
    world.platform.faults.webhook_off = true;
    for user in users(&mut world) {
        let now = world.now.millis();
        world.platform.add_friend(now, &user);
    }
    world.platform.faults.webhook_off = false;
    world.start();
    world.settle();
    world
}

#[test]
fn the_story_goes_on_from_the_file() {
    let (_folder, store) = open_copy(1);
    let mut world = going_on(store);
    let [yoshiko, kenji, michiko, taro, _, midori, _]: [String; 7] =
        world.platform.users().to_vec().try_into().unwrap();
    world.until_wall("2026-11-25T10:30:00");
    assert!(world.has(&taro, "げんきですか"), "the question that could not leave has left");
    assert!(world.store.read().unwrap().rows().unwrap().is_empty());
    world.press(&taro, "げんきです");
    assert!(world.person(&taro).unwrap().watch.unwrap().round.is_none());
    world.say(&yoshiko, "げんきです");
    for manager in [&kenji, &michiko] {
        assert_eq!(world.count(manager, "無事です："), 1);
    }
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    assert_eq!((watch.round, watch.case), (None, None));
    world.say(&midori, "8時");
    assert!(world.person(&midori).unwrap().watch.is_some());
    world.until_wall("2026-11-26T09:00:00");
    assert!(world.has(&yoshiko, "げんきですか"), "the next question comes on its day");
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}
