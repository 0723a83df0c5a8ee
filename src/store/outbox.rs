//! Messages that have to leave: the exact bytes of the request, its retry key and when it was
//! first tried, so that a restart goes on where it was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::read::Reading;
use super::schema;
use super::table::ReadableTable;
use crate::domain::decision::Purpose;
use crate::domain::id::{Address, BulletinId, CaseId, GroupId, OutboxId, PersonId, StaffId, Way};
use crate::domain::name::Name;
use crate::domain::time::Moment;

const TABLE: &str = "outbox";

/// A message on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Identity and retry key.
    pub id: OutboxId,
    /// The receiver.
    pub to: Address,
    /// What it is about.
    pub purpose: Purpose,
    /// The request body, byte for byte the same at every attempt.
    pub body: Vec<u8>,
    /// When it was decided.
    pub queued_at: Moment,
    /// When the first attempt began; from here the retry key protects for 24 hours.
    pub first_try_at: Option<Moment>,
}

impl Row {
    /// Whether it tells others of somebody with this name. What stands in a letter is encoded, so every letter may.
    #[must_use]
    pub fn may_tell_of(&self, person: PersonId, name: Option<&Name>) -> bool {
        if self.purpose.receiver() == Some(person) {
            return false;
        }
        let written = name.and_then(|name| serde_json::to_string(name.as_str()).ok());
        let written = written.as_deref().map(|quoted| quoted.trim_matches('"').as_bytes());
        let named = written
            .filter(|bytes| !bytes.is_empty())
            .is_some_and(|bytes| self.body.windows(bytes.len()).any(|window| window == bytes));
        named || self.to.way() == Way::Mail
    }
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<RowV1>("outbox", 1)];

#[derive(Serialize, Deserialize)]
struct RowV1 {
    to: String,
    purpose: (u8, u32, i64),
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
    queued_at: i64,
    first_try_at: Option<i64>,
}

/// The same record, without a copy of what the message says.
#[derive(Deserialize)]
struct RowInBriefV1<'r> {
    to: &'r str,
    purpose: (u8, u32, i64),
    #[serde(rename = "body", with = "serde_bytes")]
    _body: &'r [u8],
    queued_at: i64,
    first_try_at: Option<i64>,
}

fn store_purpose(purpose: Purpose) -> (u8, u32, i64) {
    match purpose {
        Purpose::Alert(case, to) => (1, case.0, i64::from(to.0)),
        Purpose::AllClear(case, to) => (2, case.0, i64::from(to.0)),
        Purpose::Resend(person, due_at) => (3, person.0, due_at.millis()),
        Purpose::Ask(person, due_at) => (4, person.0, due_at.millis()),
        Purpose::Notice(to) => (5, to.0, 0),
        Purpose::Raise(case, to) => (6, case.0, i64::from(to.0)),
        Purpose::Sorry(person, due_at) => (7, person.0, due_at.millis()),
        Purpose::Office => (8, 0, 0),
        Purpose::GroupAsk(group, due_at) => (9, group.0, due_at.millis()),
        Purpose::GroupReport(group, due_at) => (10, group.0, due_at.millis()),
        Purpose::Bulletin(bulletin, to) => (11, bulletin.0, i64::from(to.0)),
        Purpose::GroupBulletin(bulletin, to) => (12, bulletin.0, i64::from(to.0)),
        Purpose::Trial(by) => (13, by.0, 0),
    }
}

fn read_purpose((code, a, b): (u8, u32, i64)) -> Option<Purpose> {
    let person = || u32::try_from(b).ok().map(PersonId);
    Some(match code {
        1 => Purpose::Alert(CaseId(a), person()?),
        2 => Purpose::AllClear(CaseId(a), person()?),
        3 => Purpose::Resend(PersonId(a), Moment::from_millis(b)),
        4 => Purpose::Ask(PersonId(a), Moment::from_millis(b)),
        5 => Purpose::Notice(PersonId(a)),
        6 => Purpose::Raise(CaseId(a), person()?),
        8 => Purpose::Office,
        9 => Purpose::GroupAsk(GroupId(a), Moment::from_millis(b)),
        10 => Purpose::GroupReport(GroupId(a), Moment::from_millis(b)),
        11 => Purpose::Bulletin(BulletinId(a), person()?),
        12 => Purpose::GroupBulletin(BulletinId(a), GroupId(u32::try_from(b).ok()?)),
        13 => Purpose::Trial(StaffId(a)),
        7 => Purpose::Sorry(PersonId(a), Moment::from_millis(b)),
        _ => return None,
    })
}

/// Encodes a row.
pub(super) fn encode(row: &Row) -> Result<Vec<u8>, StoreError> {
    let stored = RowV1 {
        to: row.to.as_str().to_owned(),
        purpose: store_purpose(row.purpose),
        body: row.body.clone(),
        queued_at: row.queued_at.millis(),
        first_try_at: row.first_try_at.map(Moment::millis),
    };
    codec::encode(1, &stored)
}

fn decode(id: [u8; 16], bytes: &[u8]) -> Result<Row, StoreError> {
    let RowV1 { to, purpose, body, queued_at, first_try_at } = codec::decode_v1(TABLE, bytes)?;
    Ok(Row { body, ..row(id, &to, purpose, (queued_at, first_try_at))? })
}

fn decode_in_brief(id: [u8; 16], bytes: &[u8]) -> Result<Row, StoreError> {
    let (1, body) = codec::version(TABLE, bytes)? else { return Err(codec::newer(TABLE)) };
    let RowInBriefV1 { to, purpose, queued_at, first_try_at, .. } =
        codec::borrowed_body(TABLE, body)?;
    row(id, to, purpose, (queued_at, first_try_at))
}

/// A row that says nothing yet.
fn row(
    id: [u8; 16],
    to: &str,
    purpose: (u8, u32, i64),
    (queued_at, first_try_at): (i64, Option<i64>),
) -> Result<Row, StoreError> {
    let damaged = |what| StoreError::Damaged { table: TABLE, what };
    Ok(Row {
        id: OutboxId(id),
        to: Address::new(to).ok_or_else(|| damaged("receiver"))?,
        purpose: read_purpose(purpose).ok_or_else(|| damaged("purpose"))?,
        body: Vec::new(),
        queued_at: Moment::from_millis(queued_at),
        first_try_at: first_try_at.map(Moment::from_millis),
    })
}

/// Reads a row.
pub(super) fn get(
    table: &impl ReadableTable<[u8; 16], &'static [u8]>,
    id: OutboxId,
) -> Result<Option<Row>, StoreError> {
    table.get(id.0)?.map(|guard| decode(id.0, guard.value())).transpose()
}

/// Hands every row to `each`.
pub(super) fn each(
    table: &impl ReadableTable<[u8; 16], &'static [u8]>,
    each: impl FnMut(Row),
) -> Result<(), StoreError> {
    each_by(table, decode, each)
}

/// Hands every row to `each`, without what it says.
pub(super) fn each_in_brief(
    table: &impl ReadableTable<[u8; 16], &'static [u8]>,
    each: impl FnMut(Row),
) -> Result<(), StoreError> {
    each_by(table, decode_in_brief, each)
}

fn each_by(
    table: &impl ReadableTable<[u8; 16], &'static [u8]>,
    decode: fn([u8; 16], &[u8]) -> Result<Row, StoreError>,
    mut each: impl FnMut(Row),
) -> Result<(), StoreError> {
    for item in table.iter()? {
        let (key, value) = item?;
        each(decode(key.value(), value.value())?);
    }
    Ok(())
}

/// All rows, with their bytes.
pub(super) fn all(
    table: &impl ReadableTable<[u8; 16], &'static [u8]>,
) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    each(table, |row| rows.push(row))?;
    Ok(rows)
}

/// What is on its way to LINE, or by mail.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// How many messages.
    pub count: u64,
    /// When the oldest of them was decided.
    pub since: Option<Moment>,
}

impl Waiting {
    fn and(self, row: &Row) -> Self {
        let since = self.since.map_or(row.queued_at, |since| since.min(row.queued_at));
        Self { count: self.count + 1, since: Some(since) }
    }
}

impl Reading {
    /// Hands every message that is on its way to `each`, one at a time: when many wait, all of them with their bytes are
    /// more than a small machine holds.
    pub fn each_row(&self, each: impl FnMut(Row)) -> Result<(), StoreError> {
        self::each(&self.table(schema::OUTBOX)?, each)
    }

    /// Every message that is on its way, with its bytes: where few can wait, as in the demonstration and in tests.
    pub fn rows(&self) -> Result<Vec<Row>, StoreError> {
        all(&self.table(schema::OUTBOX)?)
    }

    /// Every message that is on its way, without its bytes: they are read again when it leaves.
    pub fn rows_in_brief(&self) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        each_in_brief(&self.table(schema::OUTBOX)?, |row| rows.push(row))?;
        Ok(rows)
    }

    /// What waits to leave by each way.
    pub fn waiting(&self) -> Result<BTreeMap<Way, Waiting>, StoreError> {
        let mut all: BTreeMap<Way, Waiting> =
            Way::ALL.into_iter().map(|way| (way, Waiting::default())).collect();
        each_in_brief(&self.table(schema::OUTBOX)?, |row| {
            let waiting = all.entry(row.to.way()).or_default();
            *waiting = waiting.and(&row);
        })?;
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_brief_a_row_is_the_same_but_for_what_it_says_and_damage_is_noticed_all_the_same() {
        let row = Row {
            id: OutboxId([7; 16]),
            to: Address::new(&format!("U{:032x}", 5)).unwrap(),
            purpose: Purpose::Alert(CaseId(3), PersonId(5)),
            body: b"{\"to\":\"somebody\"}".to_vec(),
            queued_at: Moment::from_seconds(1_800_000_000),
            first_try_at: Some(Moment::from_seconds(1_800_000_001)),
        };
        let bytes = encode(&row).unwrap();
        assert_eq!(decode(row.id.0, &bytes).unwrap(), row);
        let brief = decode_in_brief(row.id.0, &bytes).unwrap();
        assert_eq!(brief, Row { body: Vec::new(), ..row.clone() });
        let newer = codec::encode(2, &7_u32).unwrap();
        for broken in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat(), &newer, &[]] {
            assert!(decode_in_brief(row.id.0, broken).is_err());
        }
    }
}
