//! What staff wrote down about cases: (case, running number), and which entries of the journal belong to a
//! case.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::{ReadableTable, Table};
use crate::domain::details::Line;
use crate::domain::id::{CaseId, StaffId};
use crate::domain::record::{Finding, Means, Next, Note, Party, Record};
use crate::domain::time::Moment;

const TABLE: &str = "records";

/// The key of a record.
pub(super) type Key = (u32, u32);

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<RecordV1>("records", 1)];

#[derive(Serialize, Deserialize)]
struct RecordV1 {
    at: i64,
    by: u32,
    means: u8,
    party: u8,
    result: u8,
    text: Option<String>,
    next: Option<(String, Option<i64>)>,
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: TABLE, what }
}

pub(super) fn encode(record: &Record) -> Result<Vec<u8>, StoreError> {
    let Note { means, party, result, text, next } = &record.note;
    let next = next.as_ref();
    let stored = RecordV1 {
        at: record.at.millis(),
        by: record.by.0,
        means: position(&Means::ALL, means),
        party: position(&Party::ALL, party),
        result: position(&Finding::ALL, result),
        text: text.as_ref().map(|text| text.as_str().to_owned()),
        next: next.map(|next| (next.what.as_str().to_owned(), next.due_at.map(Moment::millis))),
    };
    codec::encode(1, &stored)
}

fn decode(bytes: &[u8]) -> Result<Record, StoreError> {
    let stored: RecordV1 = codec::decode_v1(TABLE, bytes)?;
    let next = |(what, due_at): (String, Option<i64>)| Next {
        what: Line::stored(what),
        due_at: due_at.map(Moment::from_millis),
    };
    let [means, party, result] = [stored.means, stored.party, stored.result].map(usize::from);
    let note = Note {
        means: Means::ALL.get(means).copied().ok_or_else(|| damaged("means"))?,
        party: Party::ALL.get(party).copied().ok_or_else(|| damaged("party"))?,
        result: Finding::ALL.get(result).copied().ok_or_else(|| damaged("result"))?,
        text: stored.text.map(Line::stored),
        next: stored.next.map(next),
    };
    Ok(Record { at: Moment::from_millis(stored.at), by: StaffId(stored.by), note })
}

/// Adds a record behind the others of its case.
pub(super) fn add(
    table: &mut Table<'_, Key, &'static [u8]>,
    case: CaseId,
    record: &Record,
) -> Result<(), StoreError> {
    let last = last_key(table, case)?;
    let number = last.map_or(0, |number| number.saturating_add(1));
    table.insert((case.0, number), encode(record)?.as_slice())?;
    Ok(())
}

fn last_key(
    table: &impl ReadableTable<Key, &'static [u8]>,
    case: CaseId,
) -> Result<Option<u32>, StoreError> {
    let last = table.range((case.0, 0)..=(case.0, u32::MAX))?.next_back();
    Ok(last.transpose()?.map(|(key, _)| key.value().1))
}

/// The last record of a case.
pub(super) fn last(
    table: &impl ReadableTable<Key, &'static [u8]>,
    case: CaseId,
) -> Result<Option<Record>, StoreError> {
    let last = table.range((case.0, 0)..=(case.0, u32::MAX))?.next_back();
    last.transpose()?.map(|(_, value)| decode(value.value())).transpose()
}

/// The newest records of a case, oldest first, at most `count_max`.
pub(super) fn of_case(
    table: &impl ReadableTable<Key, &'static [u8]>,
    case: CaseId,
    count_max: usize,
) -> Result<Vec<Record>, StoreError> {
    let items = table.range((case.0, 0)..=(case.0, u32::MAX))?.rev().take(count_max);
    let mut records = items.map(|item| decode(item?.1.value())).collect::<Result<Vec<_>, _>>()?;
    records.reverse();
    Ok(records)
}

/// The records of a case that have words in them, each without them.
pub(super) fn without_words(
    table: &impl ReadableTable<Key, &'static [u8]>,
    case: CaseId,
) -> Result<Vec<(Key, Record)>, StoreError> {
    let mut found = Vec::new();
    for item in table.range((case.0, 0)..=(case.0, u32::MAX))? {
        let (key, value) = item?;
        let mut record = decode(value.value())?;
        if record.note.text.take().is_some() | record.note.next.take().is_some() {
            found.push((key.value(), record));
        }
    }
    Ok(found)
}

/// The numbers of a case's newest entries in the journal, oldest first, at most `count_max`.
pub(super) fn story(
    table: &impl ReadableTable<(u32, u64), ()>,
    case: CaseId,
    count_max: usize,
) -> Result<Vec<u64>, StoreError> {
    let mut numbers = Vec::new();
    for item in table.range((case.0, 0)..=(case.0, u64::MAX))?.rev().take(count_max) {
        numbers.push(item?.0.value().1);
    }
    numbers.reverse();
    Ok(numbers)
}
