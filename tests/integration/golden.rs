//! The golden data file: written once by the first version of the schema, and opened by every later
//! one. A family in the middle of its story stands in it, and the story goes on from there.
//!
//! `ANSHIN_WRITE_GOLDEN=1` writes the file of the present schema anew; a released one never changes.

mod bulletins;
mod desk;
mod groups;
mod records;
mod staff;
mod story;

use std::path::PathBuf;
use std::sync::Once;

use anshin::store::{SCHEMA_VERSION, Store};
use tempfile::TempDir;

/// The largest the file may be, in bytes.
const BYTES_MAX: u64 = 300_000;

fn golden(schema: u32) -> PathBuf {
    let name = format!("tests/fixtures/db/v{schema:04}.redb");
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The file of a schema; that of the present one is written first when it is asked for.
fn file(schema: u32) -> PathBuf {
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(|| {
        if std::env::var_os("ANSHIN_WRITE_GOLDEN").is_some_and(|value| value == "1") {
            story::write(&golden(SCHEMA_VERSION));
        }
    });
    golden(schema)
}

/// A copy of the file of a schema, opened as the server would.
fn open_copy(schema: u32) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("anshin.redb");
    std::fs::copy(file(schema), &copy).unwrap();
    let store = Store::open(&copy, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    (folder, store)
}

#[test]
fn every_schema_up_to_the_present_one_has_its_file_and_it_is_small() {
    for schema in 1..=SCHEMA_VERSION {
        let bytes = std::fs::metadata(file(schema)).unwrap().len();
        assert!(bytes < BYTES_MAX, "schema {schema}: {bytes} bytes");
    }
    let written = std::fs::read_dir(golden(1).parent().unwrap()).unwrap().count();
    assert_eq!(written, SCHEMA_VERSION as usize);
}
