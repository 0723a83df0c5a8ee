//! `anshin export`: what is written out, of one person or of everyone, and what the log says of it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

use anshin::domain::fact::Fact;
use anshin::domain::id::PersonId;
use anshin::store::Store;

use super::copies::{NO_LINE, Place};
use crate::program::{run, serving, wait_for};

#[tokio::test]
async fn everything_about_one_person_goes_out_by_their_number() {
    let place = Place::new();
    let out = place.path("one.json");
    let store = Store::look(&place.data).unwrap();
    let people = store.read().unwrap().persons_from(0, 100).unwrap();
    let watched = people.into_iter().find(|person| person.watch.is_some()).unwrap();
    drop(store);
    let number = watched.id.to_string();
    let said = place.done(&["export", "--person", &number, &out]).await;
    assert!(said.contains("show it to nobody else"), "{said}");
    assert_eq!(std::fs::metadata(&out).unwrap().mode() & 0o7777, 0o600);
    let read: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(read["person"], watched.id.0);
    let name = watched.name.unwrap().to_string();
    assert!(read["name"].as_str().unwrap().contains(&name));
    let other = place.path("other.json");
    let said = run(&mut place.anshin(&["export", "--person", "4000000000", &other])).await;
    assert!(said.assert_failed(1).contains("there is no person 4000000000"));
    assert!(!Path::new(&other).exists(), "nothing is left of what was not found");
}

/// What the log says of what was taken out by a command: of whom, or of everyone.
fn taken_out(data: &Path) -> Vec<Option<PersonId>> {
    let store = Store::look(data).unwrap();
    let journal = store.read().unwrap().journal_after(0, 100_000).unwrap();
    let typed = journal.into_iter().filter_map(|entry| match entry.fact {
        Fact::DossierTyped(person) => Some(Some(person)),
        Fact::ExportTyped => Some(None),
        _ => None,
    });
    typed.collect()
}

#[tokio::test]
async fn a_dossier_made_on_the_command_line_is_in_the_log_with_a_server_and_without() {
    let place = Place::new();
    let store = Store::look(&place.data).unwrap();
    let person = store.read().unwrap().persons_from(0, 1).unwrap()[0].id;
    drop(store);
    let number = person.to_string();
    place.done(&["export", "--person", &number, &place.path("one.json")]).await;
    assert_eq!(taken_out(&place.data), [Some(person)]);
    let (server, _) = serving(&place.data, NO_LINE).await;
    wait_for(|| Path::new(&format!("{}.sock", place.data.display())).exists().then_some(())).await;
    place.done(&["export", "--person", &number, &place.path("two.json")]).await;
    let missing = place.path("three.json");
    run(&mut place.anshin(&["export", "--person", "4000000000", &missing])).await.assert_failed(1);
    // A file that is there is not written over, and then nothing was taken out.
    let taken = place.path("two.json");
    run(&mut place.anshin(&["export", "--person", &number, &taken])).await.assert_failed(1);
    drop(server);
    wait_for(|| Store::look(&place.data).ok().map(drop)).await;
    assert_eq!(taken_out(&place.data), [Some(person), Some(person)]);
    for out in ["one.json", "two.json"] {
        let text = std::fs::read_to_string(place.path(out)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{out}");
    }
}

#[tokio::test]
async fn an_export_of_everything_is_in_the_log_with_a_server_and_without() {
    let place = Place::new();
    place.done(&["export", &place.path("one.jsonl")]).await;
    assert_eq!(taken_out(&place.data), [None]);
    let (server, _) = serving(&place.data, NO_LINE).await;
    wait_for(|| Path::new(&format!("{}.sock", place.data.display())).exists().then_some(())).await;
    place.done(&["export", &place.path("two.jsonl")]).await;
    // Where nothing can be written, nothing was taken out.
    let taken = place.path("two.jsonl");
    run(&mut place.anshin(&["export", &taken])).await.assert_failed(1);
    drop(server);
    wait_for(|| Store::look(&place.data).ok().map(drop)).await;
    assert_eq!(taken_out(&place.data), [None, None]);
    // Whoever reads the file in has the log with it.
    std::fs::rename(&place.data, place.path("kept.redb")).unwrap();
    place.done(&["import", &taken]).await;
    assert_eq!(taken_out(&place.data), [None, None]);
}

#[tokio::test]
async fn an_export_where_there_is_no_data_makes_none_and_leaves_nothing() {
    let place = Place::new();
    std::fs::remove_file(&place.data).unwrap();
    let out = place.path("out.jsonl");
    run(&mut place.anshin(&["export", &out])).await.assert_failed(1);
    assert!(!place.data.exists() && !Path::new(&out).exists());
    std::fs::write(&place.data, "no data").unwrap();
    run(&mut place.anshin(&["export", &out])).await.assert_failed(1);
    assert_eq!(std::fs::read(&place.data).unwrap(), b"no data");
    assert!(!Path::new(&out).exists());
}

#[tokio::test]
async fn what_cannot_be_written_into_the_log_is_not_taken_out() {
    let place = Place::new();
    let person = {
        let store = Store::look(&place.data).unwrap();
        store.read().unwrap().persons_from(0, 1).unwrap()[0].id.to_string()
    };
    let (out, snapshot) = (place.path("out"), place.path("anshin.redb.snapshot-7"));
    // A server that writes the data out, and knows nothing of a log of that.
    let listener = UnixListener::bind(format!("{}.sock", place.data.display())).unwrap();
    let written = format!(r#"{{"server":"7.0.1","outcome":{{"snapshot":"{snapshot}"}}}}"#);
    let server = std::thread::spawn(move || {
        for stream in listener.incoming().take(3) {
            let mut stream = stream.unwrap();
            let mut asked = String::new();
            BufReader::new(&stream).read_line(&mut asked).unwrap();
            let knows = asked.contains("snapshot");
            let unknown = r#"{"server":"7.0.1","outcome":"unknown"}"#;
            writeln!(stream, "{}", if knows { &written } else { unknown }).unwrap();
        }
    });
    std::fs::copy(&place.data, &snapshot).unwrap();
    for arguments in [&["export", "--person", &person, &out][..], &["export", &out]] {
        let said = run(&mut place.anshin(arguments)).await;
        assert!(said.assert_failed(1).contains("7.0.1"), "{said:?}");
        assert!(!Path::new(&out).exists() && !Path::new(&snapshot).exists());
    }
    server.join().unwrap();
}
