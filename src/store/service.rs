//! What the service knows about itself: one record among the values of the file.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::open_form::Shape;
use super::persons::{day_number, day_of};
use super::table::{ReadableTable, Table};
use super::{codec, journal};
use crate::domain::hearing::{Hearing, Span};
use crate::domain::id::{PersonId, StaffId};
use crate::domain::name::Name;
use crate::domain::practice::{Practice, PracticeStage};
use crate::domain::quota::Quota;
use crate::domain::service::{Breaker, Fate, Lag, Outage, Restored, Service, Trial};
use crate::domain::time::Moment;

const NAME: &str = "service";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<ServiceV1>("service", 1), Shape::of::<ServiceV2>("service", 2)];

#[derive(Serialize, Deserialize)]
struct ServiceV2 {
    first: ServiceV1,
    trial: Option<TrialV2>,
    practice: Option<PracticeV2>,
    practised_at: Option<i64>,
    /// Since and until when our time was behind, and by how many milliseconds.
    lag: Option<(i64, i64, u64)>,
    contradicted: Option<i64>,
}

impl From<ServiceV1> for ServiceV2 {
    fn from(first: ServiceV1) -> Self {
        let (trial, practice, practised_at, lag, contradicted) = (None, None, None, None, None);
        Self { first, trial, practice, practised_at, lag, contradicted }
    }
}

#[derive(Serialize, Deserialize)]
struct PracticeV2 {
    number: u32,
    by: u32,
    begun_at: i64,
    person: Option<u32>,
    stage: u8,
    /// When its silence ends, in the stage of silence.
    until: i64,
}

#[derive(Serialize, Deserialize)]
struct TrialV2 {
    by: u32,
    at: i64,
    /// `None` while it waits, else when it was taken, or the code of why it never will be.
    fate: Option<Result<i64, i64>>,
}

#[derive(Serialize, Deserialize)]
struct ServiceV1 {
    alive_at: Option<i64>,
    hearing: HearingV1,
    time_doubted: Option<i64>,
    breaker: BreakerV1,
    outage: Option<(i64, Option<i64>)>,
    quota: QuotaV1,
    watched: u32,
    audited_at: Option<i64>,
    reported_on: Option<i32>,
    terms_version: u16,
    confirmed: u32,
    backup_at: Option<i64>,
    restored: Option<(i64, i64, bool, bool)>,
}

#[derive(Serialize, Deserialize)]
struct HearingV1 {
    proof_at: i64,
    unanswered: u8,
    deaf_since: Option<i64>,
    noticed_at: i64,
    settle_until: i64,
    spans: Vec<(i64, i64)>,
    swept_until: i64,
}

#[derive(Serialize, Deserialize)]
struct BreakerV1 {
    recent: Vec<i64>,
    held_since: Option<i64>,
    released_until: i64,
    held: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct QuotaV1 {
    limit: Option<u32>,
    used: u32,
    counted_at: i64,
    since: u32,
    month: i32,
    forecast: u32,
    alerts: u32,
    warned_percent: u8,
    groups_told: bool,
}

fn at(millis: i64) -> Moment {
    Moment::from_millis(millis)
}

fn store_hearing(hearing: &Hearing) -> HearingV1 {
    let spans = hearing.spans.iter().map(|span| (span.from.millis(), span.until.millis()));
    HearingV1 {
        proof_at: hearing.proof_at.millis(),
        unanswered: hearing.unanswered,
        deaf_since: hearing.deaf_since.map(Moment::millis),
        noticed_at: hearing.noticed_at.millis(),
        settle_until: hearing.settle_until.millis(),
        spans: spans.collect(),
        swept_until: hearing.swept_until.millis(),
    }
}

fn read_hearing(stored: HearingV1) -> Hearing {
    let span = |(from, until)| Span { from: at(from), until: at(until) };
    Hearing {
        proof_at: at(stored.proof_at),
        unanswered: stored.unanswered,
        deaf_since: stored.deaf_since.map(at),
        noticed_at: at(stored.noticed_at),
        settle_until: at(stored.settle_until),
        spans: stored.spans.into_iter().map(span).collect(),
        swept_until: at(stored.swept_until),
    }
}

fn store_breaker(breaker: &Breaker) -> BreakerV1 {
    BreakerV1 {
        recent: breaker.recent.iter().map(|at| at.millis()).collect(),
        held_since: breaker.held_since.map(Moment::millis),
        released_until: breaker.released_until.millis(),
        held: breaker.held.iter().map(|name| name.as_str().to_owned()).collect(),
    }
}

fn read_breaker(stored: BreakerV1) -> Breaker {
    Breaker {
        recent: stored.recent.into_iter().map(at).collect(),
        held_since: stored.held_since.map(at),
        released_until: at(stored.released_until),
        held: stored.held.into_iter().map(Name::stored).collect(),
    }
}

fn store_quota(quota: Quota) -> QuotaV1 {
    let Quota { limit, used, since, month, forecast, alerts, warned_percent, .. } = quota;
    let (counted_at, groups_told) = (quota.counted_at.millis(), quota.groups_told);
    QuotaV1 { limit, used, counted_at, since, month, forecast, alerts, warned_percent, groups_told }
}

fn read_quota(stored: QuotaV1) -> Quota {
    let QuotaV1 { limit, used, since, month, forecast, alerts, warned_percent, .. } = stored;
    let (counted_at, groups_told) = (at(stored.counted_at), stored.groups_told);
    Quota { limit, used, counted_at, since, month, forecast, alerts, warned_percent, groups_told }
}

fn store_trial(trial: Trial) -> TrialV2 {
    let fate = match trial.fate {
        Fate::Waits => None,
        Fate::Taken(at) => Some(Ok(at.millis())),
        Fate::Failed(why) => Some(Err(journal::failure_code(why))),
    };
    TrialV2 { by: trial.by.0, at: trial.at.millis(), fate }
}

fn read_trial(stored: TrialV2) -> Result<Trial, StoreError> {
    let fate = match stored.fate {
        None => Fate::Waits,
        Some(Ok(taken)) => Fate::Taken(at(taken)),
        Some(Err(code)) => Fate::Failed(
            journal::failure_of(code)
                .ok_or(StoreError::Damaged { table: "meta", what: "failure" })?,
        ),
    };
    Ok(Trial { by: StaffId(stored.by), at: at(stored.at), fate })
}

fn store_practice(practice: Practice) -> PracticeV2 {
    let (stage, until) = match practice.stage {
        PracticeStage::Invited => (0, 0),
        PracticeStage::Asked => (1, 0),
        PracticeStage::Silent(until) => (2, until.millis()),
        PracticeStage::Alerted => (3, 0),
        PracticeStage::Claimed => (4, 0),
    };
    let (by, begun_at) = (practice.by.0, practice.begun_at.millis());
    let person = practice.person.map(|person| person.0);
    PracticeV2 { number: practice.number, by, begun_at, person, stage, until }
}

fn read_practice(stored: PracticeV2) -> Result<Practice, StoreError> {
    let stage = match stored.stage {
        0 => PracticeStage::Invited,
        1 => PracticeStage::Asked,
        2 => PracticeStage::Silent(at(stored.until)),
        3 => PracticeStage::Alerted,
        4 => PracticeStage::Claimed,
        _ => return Err(StoreError::Damaged { table: "meta", what: "practice" }),
    };
    let (by, begun_at) = (StaffId(stored.by), at(stored.begun_at));
    let person = stored.person.map(PersonId);
    Ok(Practice { number: stored.number, by, begun_at, person, stage })
}

/// Reads the state of the service; that of a new file is empty.
pub(super) fn get(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Service, StoreError> {
    let Some(guard) = table.get(NAME)? else { return Ok(Service::default()) };
    let lifted: ServiceV2 = match codec::version("meta", guard.value())? {
        (1, body) => codec::body::<ServiceV1>("meta", body)?.into(),
        (2, body) => codec::body("meta", body)?,
        _ => return Err(codec::newer("meta")),
    };
    let ServiceV2 { first: stored, trial, practice, practised_at, lag, contradicted } = lifted;
    let outage = |(since, told)| Outage { since: at(since), told_at: Option::map(told, at) };
    Ok(Service {
        alive_at: stored.alive_at.map(at),
        hearing: read_hearing(stored.hearing),
        time_doubted: stored.time_doubted.map(at),
        breaker: read_breaker(stored.breaker),
        outage: stored.outage.map(outage),
        quota: read_quota(stored.quota),
        watched: stored.watched,
        audited_at: stored.audited_at.map(at),
        reported_on: stored.reported_on.and_then(day_of),
        terms_version: stored.terms_version,
        confirmed: stored.confirmed,
        backup_at: stored.backup_at.map(at),
        restored: stored.restored.map(|(copied_at, restored_at, told, made_good)| Restored {
            copied_at: at(copied_at),
            at: at(restored_at),
            told,
            made_good,
        }),
        trial: trial.map(read_trial).transpose()?,
        practice: practice.map(read_practice).transpose()?,
        practised_at: practised_at.map(at),
        contradicted: contradicted.map(at),
        lag: lag.map(|(since, until, by)| Lag {
            since: at(since),
            until: at(until),
            by: Duration::from_millis(by),
        }),
    })
}

/// Writes the state of the service.
pub(super) fn put(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    service: &Service,
) -> Result<(), StoreError> {
    let outage = |outage: Outage| (outage.since.millis(), outage.told_at.map(Moment::millis));
    let first = ServiceV1 {
        alive_at: service.alive_at.map(Moment::millis),
        hearing: store_hearing(&service.hearing),
        time_doubted: service.time_doubted.map(Moment::millis),
        breaker: store_breaker(&service.breaker),
        outage: service.outage.map(outage),
        quota: store_quota(service.quota),
        watched: service.watched,
        audited_at: service.audited_at.map(Moment::millis),
        reported_on: service.reported_on.map(day_number),
        terms_version: service.terms_version,
        confirmed: service.confirmed,
        backup_at: service.backup_at.map(Moment::millis),
        restored: service.restored.map(|restored| {
            let Restored { copied_at, at, told, made_good } = restored;
            (copied_at.millis(), at.millis(), told, made_good)
        }),
    };
    let stored = ServiceV2 {
        first,
        trial: service.trial.map(store_trial),
        practice: service.practice.map(store_practice),
        practised_at: service.practised_at.map(Moment::millis),
        contradicted: service.contradicted.map(Moment::millis),
        lag: service.lag.map(|Lag { since, until, by }| {
            (since.millis(), until.millis(), u64::try_from(by.as_millis()).unwrap_or(u64::MAX))
        }),
    };
    table.insert(NAME, codec::encode(2, &stored)?.as_slice())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Store, schema};
    use super::*;
    use crate::domain::event::Failure;

    fn read(store: &Store) -> Service {
        store.read().unwrap().service().unwrap()
    }

    #[test]
    fn trials_and_rounds_of_practice_read_back_as_they_were_written() {
        let store = Store::in_memory([1; 32]).unwrap();
        let (by, begun_at) = (StaffId(3), at(5));
        let fates = [
            Fate::Waits,
            Fate::Taken(at(7)),
            Fate::Failed(Failure::UnknownReceiver),
            Fate::Failed(Failure::OutOfTime),
        ];
        let stages = [
            PracticeStage::Invited,
            PracticeStage::Asked,
            PracticeStage::Silent(at(9)),
            PracticeStage::Alerted,
            PracticeStage::Claimed,
        ];
        for (place, stage) in stages.into_iter().enumerate() {
            let person = (place > 0).then_some(PersonId(8));
            let fate = fates[place % fates.len()];
            let service = Service {
                trial: Some(Trial { by, at: at(6), fate }),
                practice: Some(Practice { number: 4, by, begun_at, person, stage }),
                practised_at: person.map(|_| at(11)),
                lag: person.map(|_| Lag {
                    since: at(1),
                    until: at(2),
                    by: Duration::from_millis(3),
                }),
                contradicted: person.map(|_| at(12)),
                ..Service::default()
            };
            let writing = store.write().unwrap();
            writing.tables().put_service(&service).unwrap();
            writing.commit().unwrap();
            assert_eq!(read(&store), service);
        }
    }

    #[test]
    fn what_the_first_shape_says_is_lifted() {
        let store = Store::in_memory([1; 32]).unwrap();
        let known = Service { watched: 12, confirmed: 5, ..Service::default() };
        let writing = store.write().unwrap();
        writing.tables().put_service(&known).unwrap();
        {
            let mut values = writing.txn.table(schema::META);
            let bytes = values.get(NAME).unwrap().unwrap().value().to_vec();
            let (_, body) = codec::version("meta", &bytes).unwrap();
            let ServiceV2 { first, .. } = codec::body("meta", body).unwrap();
            let first = codec::encode(1, &first).unwrap();
            values.insert(NAME, first.as_slice()).unwrap();
        }
        writing.commit().unwrap();
        assert_eq!(read(&store), known);
    }
}
