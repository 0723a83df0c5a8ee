//! Persons, and the way from a LINE user id to a person.

use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::rounds::{self, RoundV1};
use super::teams::{role_code, role_of};
use crate::domain::id::{Address, CaseId, PersonId};
use crate::domain::invitation::Code;
use crate::domain::name::Name;
use crate::domain::person::{Aim, Consent, Person, Reach, Setup, SetupStep, Talk, Tries, Watch};
use crate::domain::schedule::{Hour, Interval, Schedule, Zone};
use crate::domain::time::Moment;

const TABLE: &str = "persons";

#[derive(Serialize, Deserialize)]
struct PersonV1 {
    address: String,
    name: Option<String>,
    zone: String,
    since: i64,
    consent: Option<(u16, i64)>,
    reachable: bool,
    reach_changed_at: i64,
    watch: Option<WatchV1>,
    talk: TalkV1,
    tries_since: i64,
    tries: u8,
}

#[derive(Serialize, Deserialize)]
struct WatchV1 {
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

/// Variants are stored by position: new ones go to the end.
#[derive(Serialize, Deserialize)]
enum TalkV1 {
    Idle,
    Code,
    Setup(AimV1, StepV1),
}

/// Variants are stored by position: new ones go to the end.
#[derive(Serialize, Deserialize)]
enum AimV1 {
    BeWatched,
    KeepWatch,
    Join([u8; 8], u8),
}

/// Variants are stored by position: new ones go to the end.
#[derive(Serialize, Deserialize)]
enum StepV1 {
    Consent,
    Name,
    TeamName,
    TeamKind(String),
    Interval,
    Hour(u8),
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: TABLE, what }
}

/// Encodes a person.
pub(super) fn encode(person: &Person) -> Result<Vec<u8>, StoreError> {
    let stored = PersonV1 {
        address: person.address.as_str().to_owned(),
        name: person.name.as_ref().map(Name::to_string),
        zone: person.zone.name().to_owned(),
        since: person.since.millis(),
        consent: person.consent.as_ref().map(|c| (c.version, c.at.millis())),
        reachable: person.reach.reachable,
        reach_changed_at: person.reach.changed_at.millis(),
        watch: person.watch.as_ref().map(|watch| store_watch(watch, &person.zone)),
        talk: store_talk(&person.talk),
        tries_since: person.tries.since.millis(),
        tries: person.tries.count,
    };
    codec::encode(1, &stored)
}

fn store_watch(watch: &Watch, own_zone: &Zone) -> WatchV1 {
    let Schedule { interval, hour, zone, first_day } = &watch.schedule;
    let epoch = jiff::civil::date(1970, 1, 1);
    WatchV1 {
        interval_days: interval.as_days(),
        hour: hour.get(),
        zone: (zone != own_zone).then(|| zone.name().to_owned()),
        first_day: first_day.since(epoch).map_or(0, |span| span.get_days()),
        since: watch.since.millis(),
        round: watch.round.as_ref().map(rounds::store_round),
        case: watch.case.map(|case| case.0),
        last_answer_at: watch.last_answer_at.map(Moment::millis),
        answered_due_at: watch.answered_due_at.map(Moment::millis),
    }
}

fn store_talk(talk: &Talk) -> TalkV1 {
    match talk {
        Talk::Idle => TalkV1::Idle,
        Talk::Code => TalkV1::Code,
        Talk::Setup(Setup { aim, step }) => {
            let aim = match aim {
                Aim::BeWatched => AimV1::BeWatched,
                Aim::KeepWatch => AimV1::KeepWatch,
                Aim::Join { code, role } => AimV1::Join(code.bytes(), role_code(*role)),
            };
            let step = match step {
                SetupStep::Consent => StepV1::Consent,
                SetupStep::Name => StepV1::Name,
                SetupStep::TeamName => StepV1::TeamName,
                SetupStep::TeamKind(name) => StepV1::TeamKind(name.to_string()),
                SetupStep::Interval => StepV1::Interval,
                SetupStep::Hour(interval) => StepV1::Hour(interval.as_days()),
            };
            TalkV1::Setup(aim, step)
        }
    }
}

/// Decodes a person.
pub(super) fn decode(id: PersonId, bytes: &[u8]) -> Result<Person, StoreError> {
    let stored: PersonV1 = codec::decode_v1(TABLE, bytes)?;
    let zone = Zone::named(&stored.zone).ok_or_else(|| damaged("unknown zone"))?;
    Ok(Person {
        id,
        address: Address::new(&stored.address).ok_or_else(|| damaged("address"))?,
        name: stored.name.map(Name::stored),
        since: Moment::from_millis(stored.since),
        consent: stored
            .consent
            .map(|(version, at)| Consent { version, at: Moment::from_millis(at) }),
        reach: Reach {
            reachable: stored.reachable,
            changed_at: Moment::from_millis(stored.reach_changed_at),
        },
        watch: stored.watch.map(|watch| read_watch(watch, &zone)).transpose()?,
        talk: read_talk(stored.talk)?,
        tries: Tries { since: Moment::from_millis(stored.tries_since), count: stored.tries },
        zone,
    })
}

fn read_watch(stored: WatchV1, own_zone: &Zone) -> Result<Watch, StoreError> {
    let zone = match stored.zone {
        Some(name) => Zone::named(&name).ok_or_else(|| damaged("unknown zone"))?,
        None => own_zone.clone(),
    };
    let first_day = jiff::civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().days(stored.first_day))
        .map_err(|_| damaged("first day"))?;
    let schedule = Schedule {
        interval: Interval::days(stored.interval_days).ok_or_else(|| damaged("interval"))?,
        hour: Hour::new(stored.hour).ok_or_else(|| damaged("hour"))?,
        zone,
        first_day,
    };
    Ok(Watch {
        schedule,
        since: Moment::from_millis(stored.since),
        round: stored.round.map(rounds::read_round).transpose()?,
        case: stored.case.map(CaseId),
        last_answer_at: stored.last_answer_at.map(Moment::from_millis),
        answered_due_at: stored.answered_due_at.map(Moment::from_millis),
    })
}

fn read_talk(stored: TalkV1) -> Result<Talk, StoreError> {
    let (aim, step) = match stored {
        TalkV1::Idle => return Ok(Talk::Idle),
        TalkV1::Code => return Ok(Talk::Code),
        TalkV1::Setup(aim, step) => (aim, step),
    };
    let aim = match aim {
        AimV1::BeWatched => Aim::BeWatched,
        AimV1::KeepWatch => Aim::KeepWatch,
        AimV1::Join(code, role) => Aim::Join {
            code: Code::stored(code),
            role: role_of(role).ok_or_else(|| damaged("role"))?,
        },
    };
    let interval = |days| Interval::days(days).ok_or_else(|| damaged("interval"));
    let step = match step {
        StepV1::Consent => SetupStep::Consent,
        StepV1::Name => SetupStep::Name,
        StepV1::TeamName => SetupStep::TeamName,
        StepV1::TeamKind(name) => SetupStep::TeamKind(Name::stored(name)),
        StepV1::Interval => SetupStep::Interval,
        StepV1::Hour(days) => SetupStep::Hour(interval(days)?),
    };
    Ok(Talk::Setup(Setup { aim, step }))
}

/// Reads a person.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: PersonId,
) -> Result<Option<Person>, StoreError> {
    table.get(id.0)?.map(|guard| decode(id, guard.value())).transpose()
}

/// Finds the person with an address.
pub(super) fn at(
    table: &impl ReadableTable<&'static str, u32>,
    address: &Address,
) -> Result<Option<PersonId>, StoreError> {
    Ok(table.get(address.as_str())?.map(|guard| PersonId(guard.value())))
}
