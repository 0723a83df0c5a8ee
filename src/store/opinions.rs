//! What people said of the service, in the order in which they did.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::table::{ReadableTable, Table};
use crate::domain::details::Line;
use crate::domain::id::PersonId;
use crate::domain::opinion::Opinion;
use crate::domain::time::Moment;

const TABLE: &str = "opinions";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<OpinionV1>("opinions", 1)];

#[derive(Serialize, Deserialize)]
struct OpinionV1 {
    at: i64,
    by: u32,
    text: String,
}

/// Writes one behind all others.
pub(super) fn add(
    table: &mut Table<'_, u64, &'static [u8]>,
    opinion: &Opinion,
) -> Result<(), StoreError> {
    let next = table.last()?.map_or(1, |(key, _)| key.value().saturating_add(1));
    let text = opinion.text.as_str().to_owned();
    let stored = OpinionV1 { at: opinion.at.millis(), by: opinion.by.0, text };
    table.insert(next, codec::encode(1, &stored)?.as_slice())?;
    Ok(())
}

/// The newest, the newest first, at most `count_max`.
pub(super) fn newest(
    table: &impl ReadableTable<u64, &'static [u8]>,
    count_max: usize,
) -> Result<Vec<Opinion>, StoreError> {
    let mut found = Vec::new();
    for item in table.iter()?.rev().take(count_max) {
        found.push(decode(item?.1.value())?);
    }
    Ok(found)
}

/// What one person said, each with its place in the order.
pub(super) fn of_person(
    table: &impl ReadableTable<u64, &'static [u8]>,
    person: PersonId,
) -> Result<Vec<(u64, Opinion)>, StoreError> {
    let mut found = Vec::new();
    for item in table.iter()? {
        let (number, value) = item?;
        let opinion = decode(value.value())?;
        if opinion.by == person {
            found.push((number.value(), opinion));
        }
    }
    Ok(found)
}

pub(super) fn decode(bytes: &[u8]) -> Result<Opinion, StoreError> {
    let OpinionV1 { at, by, text } = codec::decode_v1(TABLE, bytes)?;
    let (at, text) = (Moment::from_millis(at), Line::stored(text));
    Ok(Opinion { at, by: PersonId(by), text })
}
