//! The watch over a person: a part of the person's record.

use serde::{Deserialize, Serialize};

use super::cases::{ActorV1, read_actor, store_actor, trouble_code, trouble_of};
use super::error::StoreError;
use super::persons::{day_number, day_of};
use super::rounds::{self, RoundV1, RoundV2, position};
use crate::domain::id::CaseId;
use crate::domain::pause::{Pause, Why};
use crate::domain::person::{Undo, Watch};
use crate::domain::schedule::{Hour, Interval, Schedule, Zone};
use crate::domain::time::Moment;

/// The first shape.
#[derive(Serialize, Deserialize)]
pub(super) struct WatchV1 {
    interval_days: u8,
    hour: u8,
    zone: Option<String>,
    first_day: i32,
    since: i64,
    round: Option<RoundV1>,
    case: Option<u32>,
    last_answer_at: Option<i64>,
    answered_due_at: Option<i64>,
}

/// With rests, soft cases and answers that can be taken back.
#[derive(Serialize, Deserialize)]
pub(super) struct WatchV2 {
    interval_days: u8,
    hour: u8,
    /// Where it is not the person's own.
    zone: Option<String>,
    first_day: i32,
    since: i64,
    round: Option<RoundV2>,
    case: Option<u32>,
    last_answer_at: Option<i64>,
    answered_due_at: Option<i64>,
    pause: Option<PauseV1>,
    soft: Option<u32>,
    call: Option<u32>,
    undo: Option<UndoV1>,
}

#[derive(Serialize, Deserialize)]
struct PauseV1 {
    since: i64,
    first_day: i32,
    last_day: i32,
    why: u8,
    by: ActorV1,
    pings: u8,
    announced: bool,
}

#[derive(Serialize, Deserialize)]
struct UndoV1 {
    at: i64,
    round: RoundV2,
    timer_at: i64,
    last_answer_at: Option<i64>,
    trouble: Option<u8>,
}

impl From<WatchV1> for WatchV2 {
    fn from(old: WatchV1) -> Self {
        Self {
            interval_days: old.interval_days,
            hour: old.hour,
            zone: old.zone,
            first_day: old.first_day,
            since: old.since,
            round: old.round.map(Into::into),
            case: old.case,
            last_answer_at: old.last_answer_at,
            answered_due_at: old.answered_due_at,
            pause: None,
            soft: None,
            call: None,
            undo: None,
        }
    }
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: "persons", what }
}

/// The stored form of a watch over someone whose own zone is `own_zone`.
pub(super) fn store(watch: &Watch, own_zone: &Zone) -> WatchV2 {
    let Schedule { interval, hour, zone, first_day } = &watch.schedule;
    let undo = |undo: &Undo| UndoV1 {
        at: undo.at.millis(),
        round: rounds::store_round(&undo.round),
        timer_at: undo.timer_at.millis(),
        last_answer_at: undo.last_answer_at.map(Moment::millis),
        trouble: undo.trouble.map(trouble_code),
    };
    WatchV2 {
        interval_days: interval.as_days(),
        hour: hour.get(),
        zone: (zone != own_zone).then(|| zone.name().to_owned()),
        first_day: day_number(*first_day),
        since: watch.since.millis(),
        round: watch.round.as_ref().map(rounds::store_round),
        case: watch.case.map(|case| case.0),
        last_answer_at: watch.last_answer_at.map(Moment::millis),
        answered_due_at: watch.answered_due_at.map(Moment::millis),
        pause: watch.pause.as_ref().map(store_pause),
        soft: watch.soft.map(|case| case.0),
        call: watch.call.map(|case| case.0),
        undo: watch.undo.as_ref().map(undo),
    }
}

fn store_pause(pause: &Pause) -> PauseV1 {
    PauseV1 {
        since: pause.since.millis(),
        first_day: day_number(pause.first_day),
        last_day: day_number(pause.last_day),
        why: position(&Why::ALL, &pause.why),
        by: store_actor(pause.by),
        pings: pause.pings,
        announced: pause.announced,
    }
}

/// The watch behind its stored form.
pub(super) fn read(stored: WatchV2, own_zone: &Zone) -> Result<Watch, StoreError> {
    let zone = match stored.zone {
        Some(name) => Zone::named(&name).ok_or_else(|| damaged("unknown zone"))?,
        None => own_zone.clone(),
    };
    let schedule = Schedule {
        interval: Interval::days(stored.interval_days).ok_or_else(|| damaged("interval"))?,
        hour: Hour::new(stored.hour).ok_or_else(|| damaged("hour"))?,
        zone,
        first_day: day_of(stored.first_day).ok_or_else(|| damaged("first day"))?,
    };
    Ok(Watch {
        schedule,
        since: Moment::from_millis(stored.since),
        round: stored.round.map(rounds::read_round).transpose()?,
        case: stored.case.map(CaseId),
        last_answer_at: stored.last_answer_at.map(Moment::from_millis),
        answered_due_at: stored.answered_due_at.map(Moment::from_millis),
        pause: stored.pause.map(read_pause).transpose()?,
        soft: stored.soft.map(CaseId),
        call: stored.call.map(CaseId),
        undo: stored.undo.map(read_undo).transpose()?,
    })
}

fn read_pause(stored: PauseV1) -> Result<Pause, StoreError> {
    Ok(Pause {
        since: Moment::from_millis(stored.since),
        first_day: day_of(stored.first_day).ok_or_else(|| damaged("pause"))?,
        last_day: day_of(stored.last_day).ok_or_else(|| damaged("pause"))?,
        why: Why::ALL.get(usize::from(stored.why)).copied().ok_or_else(|| damaged("pause"))?,
        by: read_actor(stored.by),
        pings: stored.pings,
        announced: stored.announced,
    })
}

fn read_undo(stored: UndoV1) -> Result<Undo, StoreError> {
    Ok(Undo {
        at: Moment::from_millis(stored.at),
        round: rounds::read_round(stored.round)?,
        timer_at: Moment::from_millis(stored.timer_at),
        last_answer_at: stored.last_answer_at.map(Moment::from_millis),
        trouble: stored
            .trouble
            .map(|t| trouble_of(t).ok_or_else(|| damaged("undo")))
            .transpose()?,
    })
}
