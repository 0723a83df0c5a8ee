//! Rounds: the open one lives inside its person, those that ended in a table of their own.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::table::ReadableTable;
use crate::domain::id::PersonId;
use crate::domain::round::{Ending, PastRound, Round, Sorry, Stage};
use crate::domain::time::Moment;

const TABLE: &str = "rounds";

/// The first shape of a round, also as a part of a stored person.
#[derive(Serialize, Deserialize)]
pub(super) struct RoundV1 {
    due_at: i64,
    stage: u8,
    asked_at: Option<i64>,
    resent_at: Option<i64>,
    reported_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct PastRoundV1 {
    round: RoundV1,
    ending: u8,
    ended_at: i64,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<PastRoundV1>("rounds", 1), Shape::of::<PastRoundV2>("rounds", 2)];

/// With the apology.
#[derive(Serialize, Deserialize)]
pub(super) struct RoundV2 {
    due_at: i64,
    stage: u8,
    asked_at: Option<i64>,
    resent_at: Option<i64>,
    reported_at: Option<i64>,
    sorry: Option<SorryV1>,
}

#[derive(Serialize, Deserialize)]
struct SorryV1 {
    count: u8,
    heard_until: i64,
    wait_ms: u64,
    accepted_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct PastRoundV2 {
    round: RoundV2,
    ending: u8,
    ended_at: i64,
    by: Option<u32>,
}

impl From<RoundV1> for RoundV2 {
    fn from(old: RoundV1) -> Self {
        Self {
            due_at: old.due_at,
            stage: old.stage,
            asked_at: old.asked_at,
            resent_at: old.resent_at,
            reported_at: old.reported_at,
            sorry: None,
        }
    }
}

/// Stored by position: new stages go to the end.
const STAGES: [Stage; 5] =
    [Stage::Asking, Stage::Asked, Stage::Resending, Stage::Resent, Stage::Reported];

/// The position of a value in its list of all values, as stored.
pub(super) fn position<T: PartialEq>(all: &[T], value: &T) -> u8 {
    let place = all.iter().position(|candidate| candidate == value);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

pub(super) fn store_round(round: &Round) -> RoundV2 {
    let sorry = |sorry: Sorry| SorryV1 {
        count: sorry.count,
        heard_until: sorry.heard_until.millis(),
        wait_ms: u64::try_from(sorry.wait.as_millis()).unwrap_or(u64::MAX),
        accepted_at: sorry.accepted_at.map(Moment::millis),
    };
    RoundV2 {
        due_at: round.due_at.millis(),
        stage: position(&STAGES, &round.stage),
        asked_at: round.asked_at.map(Moment::millis),
        resent_at: round.resent_at.map(Moment::millis),
        reported_at: round.reported_at.map(Moment::millis),
        sorry: round.sorry.map(sorry),
    }
}

pub(super) fn read_round(stored: RoundV2) -> Result<Round, StoreError> {
    let stage = STAGES.get(usize::from(stored.stage)).copied();
    let sorry = |sorry: SorryV1| Sorry {
        count: sorry.count,
        heard_until: Moment::from_millis(sorry.heard_until),
        wait: Duration::from_millis(sorry.wait_ms),
        accepted_at: sorry.accepted_at.map(Moment::from_millis),
    };
    Ok(Round {
        due_at: Moment::from_millis(stored.due_at),
        stage: stage.ok_or(StoreError::Damaged { table: TABLE, what: "stage" })?,
        asked_at: stored.asked_at.map(Moment::from_millis),
        resent_at: stored.resent_at.map(Moment::from_millis),
        reported_at: stored.reported_at.map(Moment::from_millis),
        sorry: stored.sorry.map(sorry),
    })
}

/// Encodes a round that ended.
pub(super) fn encode(past: &PastRound) -> Result<Vec<u8>, StoreError> {
    let stored = PastRoundV2 {
        round: store_round(&past.round),
        ending: position(&Ending::ALL, &past.ending),
        ended_at: past.ended_at.millis(),
        by: past.by.map(|person| person.0),
    };
    codec::encode(2, &stored)
}

fn decode(bytes: &[u8]) -> Result<PastRound, StoreError> {
    let stored: PastRoundV2 = match codec::version(TABLE, bytes)? {
        (1, body) => {
            let PastRoundV1 { round, ending, ended_at } = codec::body(TABLE, body)?;
            PastRoundV2 { round: round.into(), ending, ended_at, by: None }
        }
        (2, body) => codec::body(TABLE, body)?,
        _ => return Err(codec::newer(TABLE)),
    };
    let ending = Ending::ALL.get(usize::from(stored.ending)).copied();
    Ok(PastRound {
        round: read_round(stored.round)?,
        ending: ending.ok_or(StoreError::Damaged { table: TABLE, what: "ending" })?,
        ended_at: Moment::from_millis(stored.ended_at),
        by: stored.by.map(PersonId),
    })
}

/// The rounds of a person that ended, newest first.
pub(super) fn of_person(
    table: &impl ReadableTable<(u32, i64), &'static [u8]>,
    person: PersonId,
    count_max: usize,
) -> Result<Vec<PastRound>, StoreError> {
    let range = (person.0, i64::MIN)..=(person.0, i64::MAX);
    let newest = table.range(range)?.rev().take(count_max);
    newest.map(|item| decode(item?.1.value())).collect()
}
