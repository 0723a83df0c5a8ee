//! Cases.

use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::rounds::position;
use crate::domain::case::{Case, Claim, Closed, Outcome, Receiver, Told, Trouble};
use crate::domain::id::{CaseId, PersonId};
use crate::domain::time::Moment;

const TABLE: &str = "cases";

#[derive(Serialize, Deserialize)]
struct CaseV1 {
    person: u32,
    trouble: u8,
    opened_at: i64,
    round_due_at: i64,
    receivers: Vec<(u32, u8)>,
    claim: Option<(u32, i64)>,
    no_contact: bool,
    called_emergency: bool,
    cleared: bool,
    closed: Option<(i64, Option<u32>, u8)>,
}

/// Stored by position: new troubles go to the end.
const TROUBLES: [Trouble; 3] = [Trouble::NoAnswer, Trouble::NotSent, Trouble::Unreachable];

/// Stored by position: new values go to the end.
const TOLD: [Told; 4] = [Told::Queued, Told::Accepted, Told::Failed, Told::Withdrawn];

/// The stored form of a trouble.
pub(super) fn trouble_code(trouble: Trouble) -> u8 {
    position(&TROUBLES, &trouble)
}

/// The trouble behind its stored form.
pub(super) fn trouble_of(code: u8) -> Option<Trouble> {
    TROUBLES.get(usize::from(code)).copied()
}

/// The stored form of an outcome.
pub(super) fn outcome_code(outcome: Outcome) -> u8 {
    position(&Outcome::ALL, &outcome)
}

/// The outcome behind its stored form.
pub(super) fn outcome_of(code: u8) -> Option<Outcome> {
    Outcome::ALL.get(usize::from(code)).copied()
}

/// Encodes a case.
pub(super) fn encode(case: &Case) -> Result<Vec<u8>, StoreError> {
    let receivers = case.receivers.iter().map(|r| (r.person.0, position(&TOLD, &r.told)));
    let stored = CaseV1 {
        person: case.person.0,
        trouble: trouble_code(case.trouble),
        opened_at: case.opened_at.millis(),
        round_due_at: case.round_due_at.millis(),
        receivers: receivers.collect(),
        claim: case.claim.map(|claim| (claim.by.0, claim.at.millis())),
        no_contact: case.no_contact,
        called_emergency: case.called_emergency,
        cleared: case.cleared,
        closed: case.closed.map(|c| (c.at.millis(), c.by.map(|by| by.0), outcome_code(c.outcome))),
    };
    codec::encode(1, &stored)
}

/// Reads a case.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: CaseId,
) -> Result<Option<Case>, StoreError> {
    let Some(guard) = table.get(id.0)? else { return Ok(None) };
    let stored: CaseV1 = codec::decode_v1(TABLE, guard.value())?;
    let damaged = |what| StoreError::Damaged { table: TABLE, what };
    let receiver = |(person, told): (u32, u8)| -> Result<Receiver, StoreError> {
        let told = TOLD.get(usize::from(told)).copied().ok_or_else(|| damaged("told"))?;
        Ok(Receiver { person: PersonId(person), told })
    };
    let closed = |(at, by, outcome): (i64, Option<u32>, u8)| -> Result<Closed, StoreError> {
        let outcome = outcome_of(outcome).ok_or_else(|| damaged("outcome"))?;
        Ok(Closed { at: Moment::from_millis(at), by: by.map(PersonId), outcome })
    };
    Ok(Some(Case {
        id,
        person: PersonId(stored.person),
        trouble: trouble_of(stored.trouble).ok_or_else(|| damaged("trouble"))?,
        opened_at: Moment::from_millis(stored.opened_at),
        round_due_at: Moment::from_millis(stored.round_due_at),
        receivers: stored.receivers.into_iter().map(receiver).collect::<Result<_, _>>()?,
        claim: stored.claim.map(|(by, at)| Claim { by: PersonId(by), at: Moment::from_millis(at) }),
        no_contact: stored.no_contact,
        called_emergency: stored.called_emergency,
        cleared: stored.cleared,
        closed: stored.closed.map(closed).transpose()?,
    }))
}
