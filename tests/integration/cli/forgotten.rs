//! A copy that is put back brings back whoever was forgotten after it was made: they are forgotten in it again, before
//! anybody can be asked.

use std::path::{Path, PathBuf};

use anshin::backup::erased;
use anshin::domain::erasure::{Erasure, ErasureReason, Forgotten};
use anshin::domain::fact::Fact;
use anshin::domain::id::{PersonId, StaffId};
use anshin::domain::person::Person;
use anshin::domain::time::Moment;
use anshin::store::Store;

use super::copies::Place;
use crate::program::{run, serving, wait_for};

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// What is looked for in tables and bytes: each is found nowhere else.
const NAME: &str = "かなりやよしこ";
const ADDRESS: &str = "U0badc0de0badc0de0badc0de0badc0de";

fn open(data: &Path) -> Store {
    Store::open(data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap()
}

/// Somebody who is asked, with a name and an account of their own; and everyone else.
fn watched(data: &Path) -> (Person, Vec<Person>) {
    let store = open(data);
    let mut people = store.read().unwrap().persons_from(0, 100).unwrap();
    let place = people.iter().position(|person| person.watch.is_some()).unwrap();
    let mut person = people.remove(place);
    person.name = Some(anshin::domain::name::Name::of_person(NAME).unwrap());
    person.address = anshin::domain::id::Address::new(ADDRESS);
    let writing = store.write().unwrap();
    writing.tables().put_person(&person).unwrap();
    writing.commit().unwrap();
    (person, people)
}

fn receipt(person: PersonId, met_at: Moment) -> Erasure {
    Erasure {
        person,
        at: Moment::from_seconds(1_800_000_000),
        by: StaffId(1),
        reason: ErasureReason::Family,
        was_asked: true,
        removed: Vec::new(),
        file_clean_at: None,
        met_at,
        first_at: None,
    }
}

/// Forgets somebody in the data, as a page would have it done.
fn forget(data: &Path, person: &Person) {
    let store = open(data);
    let writing = store.write().unwrap();
    writing.tables().erase(&receipt(person.id, person.since)).unwrap();
    writing.commit().unwrap();
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Whether anything of them is in a table, or in the bytes of the file.
fn is_in(data: &Path) -> bool {
    let mut found = [NAME, ADDRESS].iter().any(|word| has(&std::fs::read(data).unwrap(), word));
    let store = Store::look(data).unwrap();
    let look = |_: &str, key: &[u8], value: &[u8]| {
        found |= [NAME, ADDRESS].iter().any(|word| has(key, word) || has(value, word));
    };
    store.read().unwrap().every_record(look).unwrap();
    found
}

fn beside_copies(place: &Place) -> PathBuf {
    place.folder.path().join("backup").join(erased::IN_FOLDER)
}

#[tokio::test]
async fn whoever_was_forgotten_after_the_copy_is_forgotten_in_it_again_and_the_rest_is_unharmed() {
    let place = Place::new();
    let (person, others) = watched(&place.data);
    place.back_up(&[]).await;
    forget(&place.data, &person);
    // The service that runs writes it into both lists.
    let (server, _) = serving(&place.data, NO_LINE).await;
    let listed =
        |path: &Path| std::fs::read_to_string(path).is_ok_and(|text| text.lines().count() == 2);
    let beside = erased::beside(&place.data);
    wait_for(|| (listed(&beside_copies(&place)) && listed(&beside)).then_some(())).await;
    drop(server);
    let text = std::fs::read_to_string(&beside).unwrap();
    assert!(!text.contains(NAME) && text.contains(&format!("\n{} ", person.id)), "{text}");
    // The disk is lost, and all that is left is the folder of copies.
    std::fs::remove_file(&place.data).unwrap();
    std::fs::remove_file(&beside).unwrap();
    let said = place.done(&["restore", &place.copy()]).await;
    assert!(said.contains("1 of those in it had been erased"), "{said}");
    assert!(!is_in(&place.data));
    let store = Store::look(&place.data).unwrap();
    let reading = store.read().unwrap();
    assert!(reading.person(person.id).unwrap().is_none());
    assert!(reading.timer(person.id.0).unwrap().is_none());
    let receipt = reading.erasure(person.id).unwrap().unwrap();
    assert_eq!(receipt.first_at, Some(Moment::from_seconds(1_800_000_000)));
    assert!(receipt.reason == ErasureReason::CameBack && receipt.file_clean_at.is_some());
    for id in reading.open_case_ids(100).unwrap() {
        assert_ne!(reading.case(id).unwrap().unwrap().person, person.id);
    }
    let facts: Vec<Fact> =
        reading.journal_after(0, 100_000).unwrap().into_iter().map(|entry| entry.fact).collect();
    assert!(facts.contains(&Fact::ErasedAgain(person.id)));
    let now = reading.persons_from(0, 100).unwrap();
    assert_eq!(now, others, "nobody else is changed");
    // And the list stands beside the data again, for the next copy that is put back.
    drop((reading, store));
    assert!(listed(&beside));
    std::fs::remove_file(beside_copies(&place)).unwrap();
    let said = place.done(&["restore", &place.copy()]).await;
    assert!(said.contains("1 of those in it had been erased"), "{said}");
    assert!(!is_in(&place.data));
}

#[tokio::test]
async fn what_the_data_knows_that_is_replaced_counts_where_there_is_no_list() {
    let place = Place::new();
    let (person, _) = watched(&place.data);
    place.back_up(&[]).await;
    forget(&place.data, &person);
    std::fs::remove_file(beside_copies(&place)).unwrap();
    let said = place.done(&["restore", &place.copy()]).await;
    assert!(said.contains("1 of those") && !said.contains("no list"), "{said}");
    assert!(!is_in(&place.data));
}

#[tokio::test]
async fn without_any_list_it_says_so_and_what_to_do() {
    let place = Place::new();
    let (person, _) = watched(&place.data);
    place.back_up(&[]).await;
    std::fs::remove_file(&place.data).unwrap();
    std::fs::remove_file(beside_copies(&place)).unwrap();
    for (lang, words) in
        [("C", "no list of erased people was found"), ("ja", "削除の一覧が見つかりません")]
    {
        let said = run(place.anshin(&["restore", &place.copy()]).env("LANG", lang)).await;
        assert!(said.code == Some(0) && said.out.contains(words), "{said:?}");
        assert!(said.out.contains(erased::IN_FOLDER), "{said:?}");
        std::fs::remove_file(erased::beside(&place.data)).unwrap();
        let store = Store::look(&place.data).unwrap();
        assert!(store.read().unwrap().person(person.id).unwrap().is_some());
        drop(store);
        std::fs::remove_file(&place.data).unwrap();
    }
}

#[tokio::test]
async fn lines_that_say_nothing_are_named_and_whoever_was_met_at_another_moment_stays() {
    let place = Place::new();
    let (person, others) = watched(&place.data);
    let store = open(&place.data);
    let mint = store.read().unwrap().mint().unwrap();
    drop(store);
    place.back_up(&[]).await;
    std::fs::remove_file(&place.data).unwrap();
    let list = beside_copies(&place);
    let line = |person: PersonId, met_at: Moment| {
        let at = Moment::from_seconds(1_800_000_000);
        let path = place.folder.path().join("one");
        erased::complete(&path, &mint, &[Forgotten { person, met_at, at }].into()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        text.lines().nth(1).unwrap().to_owned()
    };
    let other = &others[0];
    let later = other.since + std::time::Duration::from_millis(1);
    let forged = line(PersonId(4_000), other.since).replace("4000", &other.id.to_string());
    let torn = line(other.id, other.since);
    let torn = &torn[..torn.len() - 2];
    let text =
        format!("{}\n{forged}\n{}\n{torn}", line(other.id, later), line(person.id, person.since));
    std::fs::write(&list, text).unwrap();
    let said = place.done(&["restore", &place.copy()]).await;
    assert!(said.contains("1 of those"), "{said}");
    for words in
        ["line 2 of", "is of other data, or was changed", "line 4 of", "is torn", "/staff/erasures"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("line 1 of") && !said.contains("line 3 of"), "{said}");
    let store = Store::look(&place.data).unwrap();
    let reading = store.read().unwrap();
    assert_eq!(reading.persons_from(0, 100).unwrap(), others, "whoever is somebody else stays");
}

#[tokio::test]
async fn an_old_export_that_is_read_in_brings_nobody_back_either() {
    let place = Place::new();
    let (person, _) = watched(&place.data);
    let out = place.path("out.jsonl");
    place.done(&["export", &out]).await;
    forget(&place.data, &person);
    place.back_up(&[]).await;
    std::fs::remove_file(&place.data).unwrap();
    let said = place.done(&["import", &out]).await;
    assert!(said.contains("1 of those in it"), "{said}");
    assert!(!is_in(&place.data));
}

#[tokio::test]
async fn what_was_put_back_and_forgotten_is_said_even_where_the_list_cannot_be_kept() {
    let place = Place::new();
    let (person, _) = watched(&place.data);
    place.back_up(&[]).await;
    forget(&place.data, &person);
    let beside = erased::beside(&place.data);
    // Nothing can be read from there, and nothing written.
    std::fs::create_dir(&beside).unwrap();
    let said = run(&mut place.anshin(&["restore", &place.copy()])).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("1 of those in it had been erased"), "{said:?}");
    assert!(said.sentence().contains(beside.to_str().unwrap()), "{said:?}");
    assert!(!is_in(&place.data));
}
