//! The data in an open form: one JSON object a line and record, with the table, the key, and the fields of its frozen
//! shape by name. It is the way out if this program, or its database, should once be no more; and reading all of it is
//! how a copy is known to be readable.

use std::io::{BufRead, Write};

use redb::{Key, TableDefinition, TableHandle, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::codec;
use super::error::StoreError;
use super::read::Reading;
use super::table::ReadableTable;
use super::whole::{EachTable, each_table};
use super::write::Writing;
use super::{
    bulletins, cases, details, erasures, face, groups, invitations, journal, members, meta,
    opinions, organizations, outbox, page_sessions, persons, records, rounds, service, sessions,
    staff, teams,
};

/// Version of the form, in its first line.
const FORM: u32 = 1;

/// The schema of the first program that wrote such files.
const FIRST_EXPORTED: u32 = 2;

/// Longest line that is read in, in bytes: a picture of the office fits.
const LINE_BYTES_MAX: usize = 16 << 20;

/// One version of the shape of a table's records.
pub(super) struct Shape {
    table: &'static str,
    version: u16,
    open: fn(&[u8]) -> Result<Json, StoreError>,
    close: fn(Json) -> Option<Vec<u8>>,
}

impl Shape {
    /// The shape `T` of the records of a table, or of the value with this name in `meta`.
    pub(super) const fn of<T: Serialize + DeserializeOwned>(
        table: &'static str,
        version: u16,
    ) -> Self {
        Self { table, version, open: open::<T>, close: close::<T> }
    }
}

fn open<T: Serialize + DeserializeOwned>(body: &[u8]) -> Result<Json, StoreError> {
    let record: T = codec::body("record", body)?;
    serde_json::to_value(record).map_err(|fault| StoreError::Unwritable(fault.to_string()))
}

fn close<T: Serialize + DeserializeOwned>(record: Json) -> Option<Vec<u8>> {
    let record: T = serde_json::from_value(record).ok()?;
    codec::body_of(&record).ok()
}

/// Every shape that was ever written.
const SHAPES: &[&[Shape]] = &[
    bulletins::SHAPES,
    cases::SHAPES,
    details::SHAPES,
    erasures::SHAPES,
    face::SHAPES,
    groups::SHAPES,
    invitations::SHAPES,
    journal::SHAPES,
    members::SHAPES,
    meta::SHAPES,
    opinions::SHAPES,
    organizations::SHAPES,
    outbox::SHAPES,
    page_sessions::SHAPES,
    persons::SHAPES,
    records::SHAPES,
    rounds::SHAPES,
    service::SHAPES,
    sessions::SHAPES,
    staff::SHAPES,
    teams::SHAPES,
];

fn shape(table: &str, version: u16) -> Option<&'static Shape> {
    SHAPES.iter().copied().flatten().find(|s| s.table == table && s.version == version)
}

/// A kind of key, as JSON and back.
pub(super) trait OpenKey: Key {
    /// As JSON.
    fn open(key: &Self::SelfType<'_>) -> Json;
    /// The bytes of a key from its JSON.
    fn close(open: &Json) -> Option<Vec<u8>>;
}

/// Keys of numbers.
macro_rules! number_keys {
    ($($key:ty),+) => {$(
        impl OpenKey for $key {
            fn open(key: &Self::SelfType<'_>) -> Json {
                json!(key)
            }

            fn close(open: &Json) -> Option<Vec<u8>> {
                let key: $key = serde_json::from_value(open.clone()).ok()?;
                Some(bytes_of::<$key>(&key))
            }
        }
    )+};
}

number_keys!(u32, u64, (u32, u32), (u32, u64), (u32, i64), (u32, u8, u32), (u32, u32, u8));

impl<const N: usize> OpenKey for [u8; N] {
    fn open(key: &Self) -> Json {
        Json::String(hex(key))
    }

    fn close(open: &Json) -> Option<Vec<u8>> {
        unhex(open.as_str()?).filter(|bytes| bytes.len() == N)
    }
}

impl<const N: usize> OpenKey for (u32, [u8; N]) {
    fn open((number, bytes): &(u32, [u8; N])) -> Json {
        json!([number, hex(bytes)])
    }

    fn close(open: &Json) -> Option<Vec<u8>> {
        let (number, text): (u32, String) = serde_json::from_value(open.clone()).ok()?;
        let bytes: [u8; N] = unhex(&text)?.try_into().ok()?;
        Some(bytes_of::<Self>(&(number, bytes)))
    }
}

impl OpenKey for &str {
    fn open(key: &&str) -> Json {
        json!(key)
    }

    fn close(open: &Json) -> Option<Vec<u8>> {
        Some(bytes_of::<&str>(&open.as_str()?))
    }
}

impl OpenKey for (i64, &str) {
    fn open(key: &(i64, &str)) -> Json {
        json!(key)
    }

    fn close(open: &Json) -> Option<Vec<u8>> {
        let (number, text): (i64, String) = serde_json::from_value(open.clone()).ok()?;
        Some(bytes_of::<(i64, &str)>(&(number, text.as_str())))
    }
}

/// A kind of value, as JSON and back.
pub(super) trait OpenValue: Value {
    /// As JSON; `of` is the table, or in `meta` the name of the value.
    fn open(of: &str, value: &Self::SelfType<'_>) -> Result<Json, StoreError>;
    /// The bytes of a value from its JSON.
    fn close(of: &str, open: Json) -> Option<Vec<u8>>;
}

/// Values of numbers, and none at all.
macro_rules! number_values {
    ($($value:ty),+) => {$(
        impl OpenValue for $value {
            fn open(_: &str, value: &$value) -> Result<Json, StoreError> {
                Ok(json!(value))
            }

            fn close(_: &str, open: Json) -> Option<Vec<u8>> {
                let value: $value = serde_json::from_value(open).ok()?;
                Some(bytes_of::<$value>(&value))
            }
        }
    )+};
}

number_values!(u32, i64, ());

impl OpenValue for &[u8] {
    fn open(of: &str, bytes: &&[u8]) -> Result<Json, StoreError> {
        if meta::is_plain(of) {
            return Ok(json!({ "bytes": hex(bytes) }));
        }
        let (version, body) = codec::version("record", bytes)?;
        let shape = shape(of, version).ok_or_else(|| codec::newer("record"))?;
        Ok(json!({ "version": version, "record": (shape.open)(body)? }))
    }

    fn close(of: &str, mut open: Json) -> Option<Vec<u8>> {
        if meta::is_plain(of) {
            return unhex(open.get("bytes")?.as_str()?);
        }
        let version = u16::try_from(open.get("version")?.as_u64()?).ok()?;
        let body = (shape(of, version)?.close)(open.get_mut("record")?.take())?;
        Some(codec::with_head(version, &body))
    }
}

/// The stored bytes of a key or value.
fn bytes_of<T: Value>(value: &T::SelfType<'_>) -> Vec<u8> {
    let bytes = T::as_bytes(value);
    let bytes: &[u8] = bytes.as_ref();
    bytes.to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// What a value is called by: in `meta`, each has a shape of its own.
fn named(table: &'static str, key: &Json) -> String {
    match (table, key.as_str()) {
        ("meta", Some(name)) => name.to_owned(),
        _ => table.to_owned(),
    }
}

impl Reading {
    /// Writes everything, one line a record. Reading it all is a test as well: a record that cannot be understood is an
    /// error that names its table.
    pub fn export(&self, to: impl Write) -> Result<(), ExportError> {
        let mut export = Export { reading: self, to, fault: None };
        let head = json!({ "anshin": FORM, "schema": super::SCHEMA_VERSION });
        let begun = writeln!(export.to, "{head}");
        begun.map_err(ExportError::Write)?;
        let done = each_table(&mut export);
        match export.fault.take() {
            Some(fault) => Err(ExportError::Write(fault)),
            None => done.map_err(ExportError::Store),
        }
    }
}

/// Why an export failed.
#[derive(Debug)]
pub enum ExportError {
    /// The data cannot be read.
    Store(StoreError),
    /// The file cannot be written.
    Write(std::io::Error),
}

struct Export<'r, W> {
    reading: &'r Reading,
    to: W,
    /// A table cannot tell of it in its own words.
    fault: Option<std::io::Error>,
}

impl<W: Write> EachTable for Export<'_, W> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        if self.fault.is_some() {
            return Ok(());
        }
        let name = known_name(table.name());
        for item in self.reading.table(table)?.range::<K::SelfType<'_>>(..)? {
            let (key, value) = item?;
            let key = K::open(&key.value());
            let value = V::open(&named(name, &key), &value.value())
                .map_err(|fault| in_table(fault, name))?;
            let line = json!({ "table": name, "key": key, "value": value });
            if let Err(fault) = writeln!(self.to, "{line}") {
                self.fault = Some(fault);
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The name as the list of all tables has it, which lives as long as the program.
fn known_name(name: &str) -> &'static str {
    super::schema::TABLE_NAMES.into_iter().find(|known| *known == name).unwrap_or("table")
}

/// A record is read without knowing in which table it stands.
fn in_table(fault: StoreError, table: &'static str) -> StoreError {
    match fault {
        StoreError::Damaged { what, .. } => StoreError::Damaged { table, what },
        other => other,
    }
}

/// Why a file cannot be read in.
#[derive(Debug)]
pub enum ImportError {
    /// It cannot be read.
    Read(std::io::Error),
    /// Its first line is not that of a file of ours, or of a newer program.
    Head,
    /// A line, counted from 1, is not what it should be.
    Line(usize),
    /// The data file cannot be written.
    Store(StoreError),
}

impl From<StoreError> for ImportError {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl Writing {
    /// Reads an export into an empty file, all of it or nothing.
    pub fn import(self, mut from: impl BufRead) -> Result<u64, ImportError> {
        let mut line = String::new();
        let head: Json = match read_line(&mut from, &mut line) {
            Ok(true) => serde_json::from_str(&line).map_err(|_| ImportError::Head)?,
            Ok(false) => return Err(ImportError::Head),
            Err(fault) => return Err(ImportError::Read(fault)),
        };
        let is_ours = head.get("anshin") == Some(&json!(FORM));
        // What an older program wrote is lifted when the file is opened.
        let known = FIRST_EXPORTED..=super::SCHEMA_VERSION;
        let schema = head.get("schema").and_then(Json::as_u64);
        let schema = schema.and_then(|schema| u32::try_from(schema).ok());
        if !is_ours || !schema.is_some_and(|schema| known.contains(&schema)) {
            return Err(ImportError::Head);
        }
        self.tables().create()?;
        let mut count = 0;
        for number in 2.. {
            match read_line(&mut from, &mut line) {
                Ok(true) => {}
                Ok(false) => break,
                Err(fault) => return Err(ImportError::Read(fault)),
            }
            let parsed: Json =
                serde_json::from_str(&line).map_err(|_| ImportError::Line(number))?;
            let mut import = Import { writing: &self, line: parsed, done: false };
            each_table(&mut import)?;
            if !import.done {
                return Err(ImportError::Line(number));
            }
            count += 1;
        }
        self.commit()?;
        Ok(count)
    }
}

/// Reads a line of bounded length; whether there was one.
fn read_line(from: &mut impl BufRead, line: &mut String) -> std::io::Result<bool> {
    use std::io::Read;
    line.clear();
    let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
    let read = from.by_ref().take(limit).read_line(line)?;
    Ok(read > 0)
}

struct Import<'w> {
    writing: &'w Writing,
    line: Json,
    done: bool,
}

impl EachTable for Import<'_> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let name = known_name(table.name());
        if self.line.get("table").and_then(Json::as_str) != Some(name) {
            return Ok(());
        }
        let key = self.line.get("key").cloned().unwrap_or_default();
        let value = self.line.get_mut("value").map(Json::take).unwrap_or_default();
        let (Some(key_bytes), Some(value)) = (K::close(&key), V::close(&named(name, &key), value))
        else {
            return Ok(());
        };
        let mut to = self.writing.txn.table(table);
        to.insert(K::from_bytes(&key_bytes), V::from_bytes(&value))?;
        self.done = true;
        Ok(())
    }
}
