//! Input that was once mishandled: data files that are not ours, odd configurations, odd bodies.

use anshin::config::{self, ConfigError, Surroundings};
use anshin::store::{SCHEMA_VERSION, Store};
use redb::{Database, TableDefinition};

use crate::program::{Program, anshin, free_address, run, serve};
use crate::receiver::probe;

const NO_LINE: &str = "http://127.0.0.1:9";
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const SONGS: TableDefinition<'_, &str, u64> = TableDefinition::new("songs");
const OTHER: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

fn data() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    drop(Store::open(&data, Store::CACHE_BYTES_MIN, [7; 32]).unwrap());
    (folder, data)
}

#[tokio::test]
async fn an_empty_data_file_is_refused_and_stays_empty() {
    let (_folder, data) = data();
    std::fs::write(&data, b"").unwrap();
    let mut program = Program::start(&mut serve(&data, &free_address().to_string(), NO_LINE));
    assert!(!program.runs().await, "it runs on an empty file as if there had never been anybody");
    program.said().await.assert_failed(1);
    assert_eq!(std::fs::read(&data).unwrap(), b"");
}

#[tokio::test]
async fn a_newer_data_file_is_not_changed() {
    let (_folder, data) = data();
    let db = Database::open(&data).unwrap();
    let writing = db.begin_write().unwrap();
    let newer = (SCHEMA_VERSION + 1).to_le_bytes();
    writing.open_table(META).unwrap().insert("schema", newer.as_slice()).unwrap();
    writing.commit().unwrap();
    drop(db);
    let before = std::fs::read(&data).unwrap();
    run(&mut serve(&data, &free_address().to_string(), NO_LINE)).await.assert_failed(1);
    let after = std::fs::read(&data).unwrap();
    let differing: Vec<usize> =
        (0..before.len().min(after.len())).filter(|n| before[*n] != after[*n]).collect();
    assert!(
        before == after,
        "{} -> {} bytes, {} differ, first {:?}",
        before.len(),
        after.len(),
        differing.len(),
        differing.first()
    );
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("songs.redb");
    let db = Database::create(&data).unwrap();
    let writing = db.begin_write().unwrap();
    writing.open_table(SONGS).unwrap().insert("songs", 7).unwrap();
    writing.commit().unwrap();
    drop(db);
    let mut program = Program::start(&mut serve(&data, &free_address().to_string(), NO_LINE));
    assert!(!program.runs().await, "it made its tables in a database of another program");
}

#[tokio::test]
async fn a_database_with_another_meta_table_is_called_no_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("songs.redb");
    let db = Database::create(&data).unwrap();
    let writing = db.begin_write().unwrap();
    writing.open_table(OTHER).unwrap().insert("songs", 7).unwrap();
    writing.commit().unwrap();
    drop(db);
    let said = run(&mut serve(&data, &free_address().to_string(), NO_LINE)).await;
    let sentence = said.assert_failed(1);
    assert!(sentence.contains("songs.redb"), "{sentence}");
}

#[test]
fn a_fault_at_the_beginning_of_a_line_is_told_with_that_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.toml");
    for (text, expected) in [
        ("[server]\n= 3\n", 2),
        ("[server]\nlisten = \"a\"\nlisten = \"b\"\n", 3),
        ("\n\n\n[server]\n[server]\n", 5),
    ] {
        std::fs::write(&file, text).unwrap();
        let Err(ConfigError::Syntax { line, .. }) =
            config::read(Some(&file), &Surroundings::default())
        else {
            panic!()
        };
        assert_eq!(line, expected, "{text:?}");
    }
}

#[tokio::test]
async fn an_unknown_key_with_a_line_break_is_still_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.toml");
    std::fs::write(&file, "[line]\n\"a\\nb\\u001b[31m\" = 1\n").unwrap();
    let said = run(&mut anshin(&["config", "check", "--config", file.to_str().unwrap()])).await;
    said.assert_failed(2);
}

#[test]
fn fast_time_is_refused_with_the_real_line_in_any_case_of_letters() {
    let variables = [
        ("ANSHIN_SERVER__PUBLIC_URL", "https://a.example"),
        ("ANSHIN_LINE__CHANNEL_ID", "1"),
        ("ANSHIN_LINE__CHANNEL_SECRET", "s"),
        ("ANSHIN_TRAINING__CLOCK_SPEED", "60"),
        ("ANSHIN_LINE__API_BASE", "https://API.LINE.ME"),
    ];
    let variables = variables.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let read = config::read(None, &Surroundings { variables, credentials: None });
    assert_eq!(read.map(|_| ()), Err(ConfigError::TrainingOnLine));
}

#[test]
fn surroundings_do_not_print_secrets() {
    let variables = [("ANSHIN_LINE__CHANNEL_SECRET".to_owned(), "canary".to_owned())].into();
    let printed = format!("{:?}", Surroundings { variables, credentials: None });
    assert!(!printed.contains("canary"), "{printed}");
}

#[tokio::test]
async fn a_wrong_command_line_is_one_sentence_in_the_language_of_the_terminal() {
    let said = run(anshin(&["bogus"]).env("LANG", "ja_JP.UTF-8")).await;
    let sentence = said.assert_failed(2);
    assert!(!sentence.is_ascii(), "{sentence}");
}

#[test]
fn a_credential_that_cannot_be_read_is_not_passed_over_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("line.channel_secret"), [0xff, 0xfe]).unwrap();
    let variables =
        [("ANSHIN_SERVER__PUBLIC_URL", "https://a.example"), ("ANSHIN_LINE__CHANNEL_ID", "1")];
    let file = folder.path().join("a.toml");
    std::fs::write(&file, "line.channel_secret = \"the-old-one\"\n").unwrap();
    let variables = variables.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let around = Surroundings { variables, credentials: Some(folder.path().to_owned()) };
    let read = config::read(Some(&file), &around);
    assert!(read.is_err(), "used {}", read.unwrap().line.secret);
}

#[tokio::test]
async fn a_damaged_data_file_that_is_refused_is_not_changed() {
    use anshin::domain::{id::*, person::Person, time::Moment};
    let (_folder, data) = data();
    let store = Store::open(&data, Store::CACHE_BYTES_MIN, [7; 32]).unwrap();
    let writing = store.write().unwrap();
    for n in 1..=300 {
        let address = Address::new(&format!("U{n:032x}")).unwrap();
        writing.tables().put_person(&Person::met(PersonId(n), address, Moment::EPOCH)).unwrap();
    }
    writing.commit().unwrap();
    drop(store);
    let whole = std::fs::read(&data).unwrap();
    let mut changed = Vec::new();
    let places = (0..512).step_by(8).chain((4096..whole.len()).step_by(whole.len() / 60));
    for place in places {
        let mut bytes = whole.clone();
        let end = (place + 16).min(bytes.len());
        bytes[place..end].iter_mut().for_each(|byte| *byte ^= 0xa5);
        std::fs::write(&data, &bytes).unwrap();
        let mut program = Program::start(&mut serve(&data, &free_address().to_string(), NO_LINE));
        if program.runs().await {
            continue;
        }
        let said = program.said().await;
        assert!(
            !said.err.contains("panicked") && !said.out.contains("panicked"),
            "{place}: {said:?}"
        );
        said.assert_failed(1);
        if std::fs::read(&data).unwrap() != bytes {
            changed.push((place, said.err));
        }
    }
    assert!(changed.is_empty(), "{} places: {:?}", changed.len(), &changed[..changed.len().min(3)]);
}

#[tokio::test]
async fn a_public_url_with_the_default_port_answers_browsers_that_leave_it_out() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (_folder, data) = data();
    let address = free_address();
    let mut command = serve(&data, &address.to_string(), NO_LINE);
    command.env("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp:443");
    let mut program = Program::start(&mut command);
    assert!(program.runs().await);
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    client
        .write_all(
            b"GET /p/terms HTTP/1.1\r\nHost: mimamori.example.jp\r\nConnection: close\r\n\r\n",
        )
        .await
        .unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{}", &answer[..30]);
}

#[tokio::test]
async fn a_signed_array_is_no_webhook() {
    assert_eq!(probe(b"[[]]").await, (400, vec![]));
}

fn short(n: usize) -> serde_json::Value {
    serde_json::json!({"type":"follow","webhookEventId":n.to_string(),"timestamp":32_503_680_000_000_i64,"source":{"type":"user","userId":format!("U{n}")}})
}

#[tokio::test]
async fn no_event_is_dropped_when_200_is_answered() {
    let events: Vec<_> = (1..=1001).map(short).collect();
    let body = serde_json::json!({"events": events}).to_string();
    assert!(body.len() < 256 * 1024);
    let (status, found) = probe(body.as_bytes()).await;
    assert!(
        status != 200 || found.contains(&"U1001".to_owned()),
        "status {status} and the last event is gone"
    );
}

#[tokio::test]
async fn an_event_with_half_a_character_or_a_huge_number_does_not_cost_the_others() {
    for odd in [
        r#"{"type":"message","message":{"type":"text","text":"\ud83d"}}"#,
        r#"{"type":"x","timestamp":1e999}"#,
    ] {
        let body = format!(r#"{{"events":[{odd},{}]}}"#, short(1));
        assert_eq!(probe(body.as_bytes()).await, (200, vec!["U1".to_owned()]), "{odd}");
    }
}
