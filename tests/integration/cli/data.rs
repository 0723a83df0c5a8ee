//! `anshin serve` on data files that are not what they should be: one sentence, exit code 1, and
//! not a byte changed.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anshin::domain::id::{Address, PersonId};
use anshin::domain::person::Person;
use anshin::domain::time::Moment;
use anshin::store::{SCHEMA_VERSION, Store};
use redb::{Database, ReadableDatabase, ReadableTableMetadata, TableDefinition};
use tempfile::TempDir;

use crate::program::{Program, contents, free_address, run, serve, serving};

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// A user of this machine that owns nothing of ours.
const NOBODY: u32 = 65_534;

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const PERSONS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("persons");
const OTHER: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

/// A folder with a data file of a few hundred persons in it.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data/anshin.redb");
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let store = Store::open(&data, Store::CACHE_BYTES_MIN, [7; 32]).unwrap();
    let writing = store.write().unwrap();
    {
        let mut tables = writing.tables();
        for n in 1..=300 {
            let address = Address::new(&format!("U{n:032x}")).unwrap();
            tables.put_person(&Person::met(PersonId(n), address, Moment::EPOCH)).unwrap();
        }
        tables.set_next_id(301).unwrap();
    }
    writing.commit().unwrap();
    (folder, data)
}

/// Starts the program on a data file and looks whether it refuses it in one sentence that names it,
/// in both languages, and leaves the whole folder as it was.
async fn assert_refused(data: &Path, words: [&str; 2]) {
    let folder = data.parent().filter(|folder| folder.is_dir());
    for (lang, word) in ["C", "ja_JP.UTF-8"].into_iter().zip(words) {
        let before = folder.map(contents);
        let listen = free_address().to_string();
        let said = run(serve(data, &listen, NO_LINE).env("LANG", lang)).await;
        let sentence = said.assert_failed(1);
        assert!(sentence.contains(data.to_str().unwrap()), "{sentence}");
        assert!(sentence.contains(word), "{sentence}");
        assert!(folder.map(contents) == before, "the data was changed: {sentence}");
    }
}

const CANNOT_OPEN: [&str; 2] = ["cannot open", "開けません"];
const CANNOT_READ: [&str; 2] = ["cannot be read as a data file", "読めません"];

#[tokio::test]
async fn a_data_file_in_a_missing_folder_is_refused() {
    let (folder, data) = place();
    assert_refused(&folder.path().join("missing/anshin.redb"), CANNOT_OPEN).await;
    assert_refused(&data.join("anshin.redb"), CANNOT_OPEN).await;
    assert_refused(&folder.path().join("data"), CANNOT_OPEN).await;
}

#[tokio::test]
async fn a_data_file_that_may_not_be_read_is_refused() {
    let (folder, data) = place();
    let open_to_all = std::fs::Permissions::from_mode(0o755);
    for folder in [folder.path(), &folder.path().join("data")] {
        std::fs::set_permissions(folder, open_to_all.clone()).unwrap();
    }
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o000)).unwrap();
    let before = std::fs::metadata(&data).unwrap();
    let mut command = serve(&data, &free_address().to_string(), NO_LINE);
    // The superuser may read everything, so another user has to try, with a binary within reach.
    if before.uid() == 0 {
        let binary = folder.path().join("anshin");
        // Copied by another process: one that this process writes to could be busy when it starts.
        let mut copy = Command::new("/bin/cp");
        copy.arg(env!("CARGO_BIN_EXE_anshin")).arg(&binary);
        assert!(copy.status().unwrap().success());
        std::fs::set_permissions(&binary, open_to_all).unwrap();
        let mut other = Command::new(&binary);
        other.args(command.get_args()).env_clear().uid(NOBODY);
        other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command = other;
    }
    let said = run(&mut command).await;
    let sentence = said.assert_failed(1);
    assert!(sentence.contains("cannot open") && sentence.contains(data.to_str().unwrap()));
    assert_eq!(std::fs::metadata(&data).unwrap().len(), before.len());
}

#[tokio::test]
async fn a_data_file_that_is_cut_short_is_refused() {
    let (_folder, data) = place();
    let whole = std::fs::read(&data).unwrap();
    for length in [1, 9, 100, 512, 4096, 8192, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&data, &whole[..length]).unwrap();
        assert_refused(&data, CANNOT_READ).await;
    }
}

#[tokio::test]
async fn a_file_that_is_no_data_file_is_refused() {
    let (_folder, data) = place();
    let noise = |n: usize| -> Vec<u8> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let next = std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as u8
        });
        next.take(n).collect()
    };
    let text = "氏名,電話\n".repeat(10_000).into_bytes();
    for bytes in [noise(100), noise(4096), noise(1_000_000), text, vec![0; 70_000]] {
        std::fs::write(&data, &bytes).unwrap();
        assert_refused(&data, CANNOT_READ).await;
    }
}

#[tokio::test]
async fn a_data_file_with_noise_in_any_of_its_pages_is_refused_or_works_and_nothing_panics() {
    let (_folder, data) = place();
    let whole = std::fs::read(&data).unwrap();
    for place in (0..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        let end = (place + 64).min(bytes.len());
        bytes[place..end].iter_mut().for_each(|byte| *byte ^= 0xa5);
        std::fs::write(&data, &bytes).unwrap();
        let listen = free_address().to_string();
        let mut program = Program::start(&mut serve(&data, &listen, NO_LINE));
        // Noise in free pages is no damage: then it runs.
        if program.runs().await {
            continue;
        }
        let said = program.said().await;
        let sentence = said.assert_failed(1);
        assert!(sentence.contains("restore"), "{sentence}");
        assert!(std::fs::read(&data).unwrap() == bytes, "byte {place}: the data was changed");
    }
}

#[tokio::test]
async fn a_data_file_of_a_newer_program_is_refused() {
    let (_folder, data) = place();
    let newer = (SCHEMA_VERSION + 1).to_le_bytes();
    let db = Database::open(&data).unwrap();
    let writing = db.begin_write().unwrap();
    writing.open_table(META).unwrap().insert("schema", newer.as_slice()).unwrap();
    writing.commit().unwrap();
    drop(db);
    let found = (SCHEMA_VERSION + 1).to_string();
    for lang in ["C", "ja_JP.UTF-8"] {
        let mut command = serve(&data, &free_address().to_string(), NO_LINE);
        let said = run(command.env("LANG", lang)).await;
        let sentence = said.assert_failed(1);
        assert!(sentence.contains(&found) && sentence.contains(data.to_str().unwrap()));
    }
    // Nothing that is stored was changed.
    let db = Database::open(&data).unwrap();
    let reading = db.begin_read().unwrap();
    let schema = reading.open_table(META).unwrap().get("schema").unwrap().unwrap();
    assert_eq!(schema.value(), newer);
    let persons = reading.open_table(PERSONS).unwrap();
    assert_eq!(persons.len().unwrap(), 300);
}

#[tokio::test]
async fn a_database_of_something_else_is_refused() {
    let (_folder, data) = place();
    std::fs::remove_file(&data).unwrap();
    let db = Database::create(&data).unwrap();
    let writing = db.begin_write().unwrap();
    writing.open_table(OTHER).unwrap().insert("songs", 7).unwrap();
    writing.commit().unwrap();
    drop(db);
    let said = run(&mut serve(&data, &free_address().to_string(), NO_LINE)).await;
    said.assert_failed(1);
}

#[tokio::test]
async fn a_data_file_that_another_anshin_uses_is_refused() {
    let (_folder, data) = place();
    let (first, address) = serving(&data, NO_LINE).await;
    // The other one writes into its file meanwhile; what matters is that this one does not begin.
    for (lang, word) in [("C", "in use by another anshin"), ("ja_JP.UTF-8", "ほかのanshin")] {
        let listen = free_address().to_string();
        let said = run(serve(&data, &listen, NO_LINE).env("LANG", lang)).await;
        let sentence = said.assert_failed(1);
        assert!(sentence.contains(data.to_str().unwrap()) && sentence.contains(word), "{sentence}");
    }
    first.terminate();
    assert_eq!(first.said().await.code, Some(0));
    // Free again.
    let (second, _) = serving(&data, NO_LINE).await;
    assert!(second.err().is_empty() && address.port() > 0);
}

#[tokio::test]
async fn an_address_that_is_taken_or_not_ours_is_refused() {
    let (_folder, data) = place();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = (taken.local_addr().unwrap().to_string(), taken);
    for listen in [taken.0.as_str(), "192.0.2.1:8080"] {
        for (lang, word) in [("C", "cannot listen"), ("ja", "待ち受けできません")] {
            let said = run(serve(&data, listen, NO_LINE).env("LANG", lang)).await;
            let sentence = said.assert_failed(1);
            assert!(sentence.contains(listen) && sentence.contains(word), "{sentence}");
        }
    }
    // The data is whole all the same.
    let store = Store::open(&data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    assert!(store.read().unwrap().person(PersonId(300)).unwrap().is_some());
}
