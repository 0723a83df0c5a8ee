//! Receipts of erasures, by the number of whoever was forgotten: numbers and moments, never a word of who that was.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::read::Reading;
use super::rounds::position;
use super::table::ReadableTable;
use super::{bulletins, invitations, opinions, schema};
use crate::domain::bulletin::{Audience, Receipt};
use crate::domain::case::Case;
use crate::domain::erasure::{Erasure, ErasureReason, Hindrance, Kind, Mention};
use crate::domain::id::{BulletinId, CaseId, PersonId, StaffId};
use crate::domain::invitation::Invitation;
use crate::domain::opinion::Opinion;
use crate::domain::time::Moment;

const TABLE: &str = "erasures";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<ErasureV1>("erasures", 1)];

#[derive(Serialize, Deserialize)]
struct ErasureV1 {
    at: i64,
    by: u32,
    reason: u8,
    was_asked: bool,
    removed: Vec<(u8, u32)>,
    file_clean_at: Option<i64>,
    met_at: i64,
    first_at: Option<i64>,
}

/// Encodes a receipt.
pub(super) fn encode(erasure: &Erasure) -> Result<Vec<u8>, StoreError> {
    let removed = erasure.removed.iter();
    let stored = ErasureV1 {
        at: erasure.at.millis(),
        by: erasure.by.0,
        reason: position(&ErasureReason::ALL, &erasure.reason),
        was_asked: erasure.was_asked,
        removed: removed.map(|(kind, count)| (position(&Kind::ALL, kind), *count)).collect(),
        file_clean_at: erasure.file_clean_at.map(Moment::millis),
        met_at: erasure.met_at.millis(),
        first_at: erasure.first_at.map(Moment::millis),
    };
    codec::encode(1, &stored)
}

fn decode(person: PersonId, bytes: &[u8]) -> Result<Erasure, StoreError> {
    let stored: ErasureV1 = codec::decode_v1(TABLE, bytes)?;
    let damaged = |what| StoreError::Damaged { table: TABLE, what };
    let kind = |(kind, count): (u8, u32)| -> Result<(Kind, u32), StoreError> {
        let kind = Kind::ALL.get(usize::from(kind)).copied();
        Ok((kind.ok_or_else(|| damaged("kind"))?, count))
    };
    let reason = ErasureReason::ALL.get(usize::from(stored.reason)).copied();
    Ok(Erasure {
        person,
        at: Moment::from_millis(stored.at),
        by: StaffId(stored.by),
        reason: reason.ok_or_else(|| damaged("reason"))?,
        was_asked: stored.was_asked,
        removed: stored.removed.into_iter().map(kind).collect::<Result<_, _>>()?,
        file_clean_at: stored.file_clean_at.map(Moment::from_millis),
        met_at: Moment::from_millis(stored.met_at),
        first_at: stored.first_at.map(Moment::from_millis),
    })
}

/// Reads a receipt.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    person: PersonId,
) -> Result<Option<Erasure>, StoreError> {
    table.get(person.0)?.map(|guard| decode(person, guard.value())).transpose()
}

/// All receipts, by number.
pub(super) fn all(
    table: &impl ReadableTable<u32, &'static [u8]>,
) -> Result<Vec<Erasure>, StoreError> {
    let mut all = Vec::new();
    for item in table.iter()? {
        let (person, value) = item?;
        all.push(decode(PersonId(person.value()), value.value())?);
    }
    Ok(all)
}

/// What one person said, sent and was sent, for whoever asks what is kept about them.
impl Reading {
    /// What they said of the service, oldest first.
    pub fn opinions_of(&self, person: PersonId) -> Result<Vec<Opinion>, StoreError> {
        let found = opinions::of_person(&self.table(schema::OPINIONS)?, person)?;
        Ok(found.into_iter().map(|(_, opinion)| opinion).collect())
    }

    /// Invitations that they made.
    pub fn invitations_of(&self, person: PersonId) -> Result<Vec<Invitation>, StoreError> {
        let all = invitations::all(&self.table(schema::INVITATIONS)?)?.into_iter();
        Ok(all.filter(|invitation| invitation.by.person() == Some(person)).collect())
    }

    /// What came of a bulletin at somebody.
    pub fn receipt(&self, id: BulletinId, to: u32) -> Result<Option<Receipt>, StoreError> {
        bulletins::receipt(&self.table(schema::RECEIPTS)?, id, to)
    }
}

impl Reading {
    /// What stands in the way of forgetting somebody, if anything does: the same as the rules will find.
    pub fn hindrance(&self, id: PersonId) -> Result<Option<Hindrance>, StoreError> {
        let Some(person) = self.person(id)? else { return Ok(None) };
        let open = self.open_case_ids(usize::MAX)?.into_iter().map(|case| self.case(case));
        let open: Vec<Case> = open.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let mut under_way = false;
        self.each_row(|row| under_way |= row.may_tell_of(id, person.name.as_ref()))?;
        let (places, organizations) = (self.places(id)?, self.organizations()?);
        Ok(Hindrance::of(&person, &places, &open, &organizations, under_way))
    }
}

impl Reading {
    /// Where in what is kept about others one of these words stands, at most `count_max` places.
    pub fn mentions(
        &self,
        person: PersonId,
        words: &[String],
        count_max: usize,
    ) -> Result<Vec<Mention>, StoreError> {
        let named = |bytes: &[u8]| {
            let has = |word: &String| bytes.windows(word.len()).any(|part| part == word.as_bytes());
            words.iter().any(has)
        };
        let mut found = BTreeSet::new();
        for item in self.table(schema::DETAILS)?.iter()? {
            let (of, value) = item?;
            if of.value() != person.0 && named(value.value()) {
                found.insert(Mention::Details(PersonId(of.value())));
            }
        }
        for item in self.table(schema::RECORDS)?.iter()? {
            let (key, value) = item?;
            let case = CaseId(key.value().0);
            let theirs = || self.case(case).map(|case| case.is_some_and(|c| c.person == person));
            if named(value.value()) && !theirs()? {
                found.insert(Mention::Record(case));
            }
        }
        for item in self.table(schema::BULLETINS)?.iter()? {
            let (id, value) = item?;
            let id = BulletinId(id.value());
            let alone = || {
                let sent = self.bulletin(id)?.map(|bulletin| bulletin.draft.audience);
                Ok::<_, StoreError>(sent == Some(Audience::Person(person)))
            };
            if named(value.value()) && !alone()? {
                found.insert(Mention::Bulletin(id));
            }
        }
        for item in self.table(schema::OPINIONS)?.iter()? {
            let bytes = item?.1;
            if named(bytes.value()) && opinions::decode(bytes.value())?.by != person {
                found.insert(Mention::Opinion);
            }
        }
        Ok(found.into_iter().take(count_max).collect())
    }
}
