//! Rounds: the open one lives inside its person, those that ended in a table of their own.

use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use crate::domain::id::PersonId;
use crate::domain::round::{Ending, PastRound, Round, Stage};
use crate::domain::time::Moment;

const TABLE: &str = "rounds";

/// The frozen shape of a round, also as a part of a stored person.
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

/// Stored by position: new stages go to the end.
const STAGES: [Stage; 5] =
    [Stage::Asking, Stage::Asked, Stage::Resending, Stage::Resent, Stage::Reported];

/// Stored by position: new endings go to the end.
const ENDINGS: [Ending; 3] = [Ending::Answered, Ending::Superseded, Ending::Unreachable];

/// The position of a value in its list of all values, as stored.
pub(super) fn position<T: PartialEq>(all: &[T], value: &T) -> u8 {
    let place = all.iter().position(|candidate| candidate == value);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

pub(super) fn store_round(round: &Round) -> RoundV1 {
    RoundV1 {
        due_at: round.due_at.millis(),
        stage: position(&STAGES, &round.stage),
        asked_at: round.asked_at.map(Moment::millis),
        resent_at: round.resent_at.map(Moment::millis),
        reported_at: round.reported_at.map(Moment::millis),
    }
}

pub(super) fn read_round(stored: RoundV1) -> Result<Round, StoreError> {
    let stage = STAGES.get(usize::from(stored.stage)).copied();
    Ok(Round {
        due_at: Moment::from_millis(stored.due_at),
        stage: stage.ok_or(StoreError::Damaged { table: TABLE, what: "stage" })?,
        asked_at: stored.asked_at.map(Moment::from_millis),
        resent_at: stored.resent_at.map(Moment::from_millis),
        reported_at: stored.reported_at.map(Moment::from_millis),
    })
}

/// Encodes a round that ended.
pub(super) fn encode(past: &PastRound) -> Result<Vec<u8>, StoreError> {
    let stored = PastRoundV1 {
        round: store_round(&past.round),
        ending: position(&ENDINGS, &past.ending),
        ended_at: past.ended_at.millis(),
    };
    codec::encode(1, &stored)
}

/// The rounds of a person that ended, newest first.
pub(super) fn of_person(
    table: &impl ReadableTable<(u32, i64), &'static [u8]>,
    person: PersonId,
    count_max: usize,
) -> Result<Vec<PastRound>, StoreError> {
    let range = (person.0, i64::MIN)..=(person.0, i64::MAX);
    let mut rounds = Vec::new();
    for item in table.range(range)?.rev().take(count_max) {
        let (_, guard) = item?;
        let stored: PastRoundV1 = codec::decode_v1(TABLE, guard.value())?;
        let ending = ENDINGS.get(usize::from(stored.ending)).copied();
        rounds.push(PastRound {
            round: read_round(stored.round)?,
            ending: ending.ok_or(StoreError::Damaged { table: TABLE, what: "ending" })?,
            ended_at: Moment::from_millis(stored.ended_at),
        });
    }
    Ok(rounds)
}
