//! Bulletins, and what came of them at each receiver.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::ReadableTable;
use crate::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Side, Stage, Text, Whom, Word,
};
use crate::domain::id::{BulletinId, GroupId, OrganizationId, PersonId, StaffId, TeamId};
use crate::domain::time::Moment;

const TABLE: &str = "bulletins";
const RECEIPTS: &str = "receipts";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<BulletinV1>("bulletins", 1), Shape::of::<ReceiptV1>("receipts", 1)];

#[derive(Serialize, Deserialize)]
struct BulletinV1 {
    by: u32,
    since: i64,
    shown_at: i64,
    kind: u8,
    text: String,
    audience: (u8, u32, u32),
    side: u8,
    urgent: bool,
    run: u16,
    whom: u8,
    stage: (u8, i64, u8),
    on_their_way: u32,
}

#[derive(Serialize, Deserialize)]
struct ReceiptV1 {
    delivery: u8,
    word: Option<(u8, i64)>,
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: TABLE, what }
}

fn at<T: Copy>(all: &[T], code: u8, what: &'static str) -> Result<T, StoreError> {
    all.get(usize::from(code)).copied().ok_or_else(|| damaged(what))
}

fn audience_code(audience: Audience) -> (u8, u32, u32) {
    match audience {
        Audience::Everyone => (0, 0, 0),
        Audience::Organization(id) => (1, id.0, 0),
        Audience::Team(id) => (2, id.0, 0),
        Audience::Group(id) => (3, id.0, 0),
        Audience::Age(from, to) => (4, from.into(), to.into()),
        Audience::Person(id) => (5, id.0, 0),
    }
}

fn audience_of((code, a, b): (u8, u32, u32)) -> Result<Audience, StoreError> {
    let age = |years: u32| u16::try_from(years).map_err(|_| damaged("age"));
    Ok(match code {
        0 => Audience::Everyone,
        1 => Audience::Organization(OrganizationId(a)),
        2 => Audience::Team(TeamId(a)),
        3 => Audience::Group(GroupId(a)),
        4 => Audience::Age(age(a)?, age(b)?),
        5 => Audience::Person(PersonId(a)),
        _ => return Err(damaged("audience")),
    })
}

fn stage_code(stage: Stage) -> (u8, i64, u8) {
    match stage {
        Stage::Waiting => (0, 0, 0),
        Stage::Sending(to) => (1, to.into(), 0),
        Stage::Over(at, end) => (2, at.millis(), position(&End::ALL, &end)),
    }
}

fn stage_of((code, number, end): (u8, i64, u8)) -> Result<Stage, StoreError> {
    Ok(match code {
        0 => Stage::Waiting,
        1 => Stage::Sending(u32::try_from(number).map_err(|_| damaged("stage"))?),
        2 => Stage::Over(Moment::from_millis(number), at(&End::ALL, end, "end")?),
        _ => return Err(damaged("stage")),
    })
}

/// Encodes a bulletin.
pub(super) fn encode(bulletin: &Bulletin) -> Result<Vec<u8>, StoreError> {
    let draft = &bulletin.draft;
    let stored = BulletinV1 {
        by: bulletin.by.0,
        since: bulletin.since.millis(),
        shown_at: draft.shown_at.millis(),
        kind: position(&Kind::ALL, &draft.kind),
        text: draft.text.as_str().to_owned(),
        audience: audience_code(draft.audience),
        side: position(&Side::ALL, &draft.side),
        urgent: draft.urgent,
        run: bulletin.run,
        whom: position(&Whom::ALL, &bulletin.whom),
        stage: stage_code(bulletin.stage),
        on_their_way: bulletin.on_their_way,
    };
    codec::encode(1, &stored)
}

fn decode(id: BulletinId, bytes: &[u8]) -> Result<Bulletin, StoreError> {
    let stored: BulletinV1 = codec::decode_v1(TABLE, bytes)?;
    let draft = Draft {
        shown_at: Moment::from_millis(stored.shown_at),
        kind: at(&Kind::ALL, stored.kind, "kind")?,
        text: Text::stored(stored.text),
        audience: audience_of(stored.audience)?,
        side: at(&Side::ALL, stored.side, "side")?,
        urgent: stored.urgent,
    };
    Ok(Bulletin {
        id,
        by: StaffId(stored.by),
        since: Moment::from_millis(stored.since),
        draft,
        run: stored.run,
        whom: at(&Whom::ALL, stored.whom, "whom")?,
        stage: stage_of(stored.stage)?,
        on_their_way: stored.on_their_way,
    })
}

/// Reads a bulletin.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: BulletinId,
) -> Result<Option<Bulletin>, StoreError> {
    table.get(id.0)?.map(|guard| decode(id, guard.value())).transpose()
}

/// The newest bulletins, the newest first, at most `count_max`.
pub(super) fn newest(
    table: &impl ReadableTable<u32, &'static [u8]>,
    count_max: usize,
) -> Result<Vec<Bulletin>, StoreError> {
    let mut found = Vec::new();
    for item in table.range::<u32>(..)?.rev().take(count_max) {
        let (id, value) = item?;
        found.push(decode(BulletinId(id.value()), value.value())?);
    }
    Ok(found)
}

/// Encodes what came of a bulletin at a receiver.
pub(super) fn encode_receipt(receipt: &Receipt) -> Result<Vec<u8>, StoreError> {
    let stored = ReceiptV1 {
        delivery: position(&Delivery::ALL, &receipt.delivery),
        word: receipt.word.map(|(word, at)| (position(&Word::ALL, &word), at.millis())),
    };
    codec::encode(1, &stored)
}

fn decode_receipt(bytes: &[u8]) -> Result<Receipt, StoreError> {
    let stored: ReceiptV1 = codec::decode_v1(RECEIPTS, bytes)?;
    let word = |(code, moment): (u8, i64)| -> Result<(Word, Moment), StoreError> {
        Ok((at(&Word::ALL, code, "word")?, Moment::from_millis(moment)))
    };
    Ok(Receipt {
        delivery: at(&Delivery::ALL, stored.delivery, "delivery")?,
        word: stored.word.map(word).transpose()?,
    })
}

/// Reads what came of a bulletin at a receiver.
pub(super) fn receipt(
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
    id: BulletinId,
    to: u32,
) -> Result<Option<Receipt>, StoreError> {
    table.get((id.0, to))?.map(|guard| decode_receipt(guard.value())).transpose()
}

/// What came of a bulletin, by the number of the receiver.
pub(super) fn receipts(
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
    id: BulletinId,
) -> Result<Vec<(u32, Receipt)>, StoreError> {
    let mut found = Vec::new();
    for item in table.range((id.0, 0)..=(id.0, u32::MAX))? {
        let (key, value) = item?;
        found.push((key.value().1, decode_receipt(value.value())?));
    }
    Ok(found)
}
