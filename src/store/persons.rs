//! Persons, and the way from a LINE user id to a person.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::ReadableTable;
use super::teams::{role_code, role_of};
use super::watches::{self, WatchV1, WatchV2};
use crate::domain::id::{Address, PersonId, TeamId};
use crate::domain::invitation::Code;
use crate::domain::mail::MailAddress;
use crate::domain::membership::{Membership, Told};
use crate::domain::name::Name;
use crate::domain::person::{
    Aim, Consent, EndReason, Ended, Mail, Person, Reach, Setup, SetupStep, Talk, Tries,
};
use crate::domain::schedule::{Interval, Zone};
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

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<PersonV1>("persons", 1), Shape::of::<PersonV2>("persons", 2)];

/// With wishes, digests and tests of those who watch, and the end of a watch.
#[derive(Serialize, Deserialize)]
struct PersonV2 {
    /// Empty for somebody without LINE.
    address: String,
    name: Option<String>,
    zone: String,
    since: i64,
    consent: Option<(u16, i64)>,
    reachable: bool,
    reach_changed_at: i64,
    watch: Option<WatchV2>,
    talk: TalkV1,
    tries_since: i64,
    tries: u8,
    quotes: bool,
    digested_on: Option<i32>,
    tested_at: Option<i64>,
    ended: Option<(i64, u8)>,
    mail: Option<(String, i64)>,
    mail_offered: Option<String>,
    membership: Option<(i32, u8)>,
    in_group_at: Option<i64>,
}

impl From<PersonV1> for PersonV2 {
    fn from(old: PersonV1) -> Self {
        Self {
            address: old.address,
            name: old.name,
            zone: old.zone,
            since: old.since,
            consent: old.consent,
            reachable: old.reachable,
            reach_changed_at: old.reach_changed_at,
            watch: old.watch.map(Into::into),
            talk: old.talk,
            tries_since: old.tries_since,
            tries: old.tries,
            quotes: true,
            digested_on: None,
            in_group_at: None,
            tested_at: None,
            ended: None,
            mail: None,
            mail_offered: None,
            membership: None,
        }
    }
}

/// Variants are stored by position: new ones go to the end.
#[derive(Serialize, Deserialize)]
enum TalkV1 {
    Idle,
    Code,
    Setup(AimV1, StepV1),
    Retime(Option<u8>),
    Zone,
    TeamRetime(u32, Option<u8>),
    Mail,
    MailCode,
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
    let stored = PersonV2 {
        address: person.address.as_ref().map_or("", Address::as_str).to_owned(),
        name: person.name.as_ref().map(Name::to_string),
        zone: person.zone.name().to_owned(),
        since: person.since.millis(),
        consent: person.consent.as_ref().map(|c| (c.version, c.at.millis())),
        reachable: person.reach.reachable,
        reach_changed_at: person.reach.changed_at.millis(),
        watch: person.watch.as_ref().map(|watch| watches::store(watch, &person.zone)),
        talk: store_talk(&person.talk),
        tries_since: person.tries.since.millis(),
        tries: person.tries.count,
        quotes: person.quotes,
        digested_on: person.digested_on.map(day_number),
        tested_at: person.tested_at.map(Moment::millis),
        in_group_at: person.in_group_at.map(Moment::millis),
        mail: person.mail.as_ref().map(store_mail),
        mail_offered: person.mail_offered.as_ref().map(|mail| mail.as_str().to_owned()),
        membership: person.membership.map(|m| (day_number(m.until), position(&Told::ALL, &m.told))),
        ended: person.ended.map(|end| (end.at.millis(), position(&EndReason::ALL, &end.why))),
    };
    codec::encode(2, &stored)
}

fn store_mail(mail: &Mail) -> (String, i64) {
    (mail.address.as_str().to_owned(), mail.confirmed_at.millis())
}

fn read_mail((address, confirmed_at): (String, i64)) -> Result<Mail, StoreError> {
    let (address, confirmed_at) = (read_address(&address)?, Moment::from_millis(confirmed_at));
    Ok(Mail { address, confirmed_at })
}

fn read_address(text: &str) -> Result<MailAddress, StoreError> {
    MailAddress::parse(text).map_err(|_| damaged("mail address"))
}

fn read_membership((until, told): (i32, u8)) -> Result<Membership, StoreError> {
    let until = day_of(until).ok_or_else(|| damaged("membership"))?;
    let told = Told::ALL.get(usize::from(told)).copied().ok_or_else(|| damaged("membership"))?;
    Ok(Membership { until, told })
}

/// Days since 1970, as stored.
pub(super) fn day_number(day: Date) -> i32 {
    day.since(date(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// The day behind its number.
pub(super) fn day_of(number: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(i64::from(number).days()).ok()
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
        Talk::Retime(interval) => TalkV1::Retime(interval.map(Interval::as_days)),
        Talk::Zone => TalkV1::Zone,
        Talk::Mail => TalkV1::Mail,
        Talk::MailCode => TalkV1::MailCode,
        Talk::TeamRetime(team, interval) => {
            TalkV1::TeamRetime(team.0, interval.map(Interval::as_days))
        }
    }
}

/// Decodes a person.
pub(super) fn decode(id: PersonId, bytes: &[u8]) -> Result<Person, StoreError> {
    let stored: PersonV2 = match codec::version(TABLE, bytes)? {
        (1, body) => codec::body::<PersonV1>(TABLE, body)?.into(),
        (2, body) => codec::body(TABLE, body)?,
        _ => return Err(codec::newer(TABLE)),
    };
    let ended = |(at, why): (i64, u8)| -> Result<Ended, StoreError> {
        let why = EndReason::ALL.get(usize::from(why)).copied();
        Ok(Ended { at: Moment::from_millis(at), why: why.ok_or_else(|| damaged("end"))? })
    };
    let zone = Zone::named(&stored.zone).ok_or_else(|| damaged("unknown zone"))?;
    Ok(Person {
        id,
        address: match stored.address.as_str() {
            "" => None,
            known => Some(Address::new(known).ok_or_else(|| damaged("address"))?),
        },
        name: stored.name.map(Name::stored),
        since: Moment::from_millis(stored.since),
        consent: stored
            .consent
            .map(|(version, at)| Consent { version, at: Moment::from_millis(at) }),
        reach: Reach {
            reachable: stored.reachable,
            changed_at: Moment::from_millis(stored.reach_changed_at),
        },
        watch: stored.watch.map(|watch| watches::read(watch, &zone)).transpose()?,
        talk: read_talk(stored.talk)?,
        tries: Tries { since: Moment::from_millis(stored.tries_since), count: stored.tries },
        quotes: stored.quotes,
        digested_on: stored.digested_on.and_then(day_of),
        tested_at: stored.tested_at.map(Moment::from_millis),
        in_group_at: stored.in_group_at.map(Moment::from_millis),
        ended: stored.ended.map(ended).transpose()?,
        mail: stored.mail.map(read_mail).transpose()?,
        mail_offered: stored.mail_offered.as_deref().map(read_address).transpose()?,
        membership: stored.membership.map(read_membership).transpose()?,
        zone,
    })
}

fn read_talk(stored: TalkV1) -> Result<Talk, StoreError> {
    let interval = |days| Interval::days(days).ok_or_else(|| damaged("interval"));
    let (aim, step) = match stored {
        TalkV1::Idle => return Ok(Talk::Idle),
        TalkV1::Code => return Ok(Talk::Code),
        TalkV1::Setup(aim, step) => (aim, step),
        TalkV1::Retime(days) => return Ok(Talk::Retime(days.map(interval).transpose()?)),
        TalkV1::Zone => return Ok(Talk::Zone),
        TalkV1::Mail => return Ok(Talk::Mail),
        TalkV1::MailCode => return Ok(Talk::MailCode),
        TalkV1::TeamRetime(team, days) => {
            return Ok(Talk::TeamRetime(TeamId(team), days.map(interval).transpose()?));
        }
    };
    let aim = match aim {
        AimV1::BeWatched => Aim::BeWatched,
        AimV1::KeepWatch => Aim::KeepWatch,
        AimV1::Join(code, role) => Aim::Join {
            code: Code::stored(code),
            role: role_of(role).ok_or_else(|| damaged("role"))?,
        },
    };
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

/// Persons from a number on, at most `count_max`.
pub(super) fn from(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: u32,
    count_max: usize,
) -> Result<Vec<Person>, StoreError> {
    let items = table.range(id..)?.take(count_max);
    items
        .map(|item| {
            let (key, value) = item?;
            decode(PersonId(key.value()), value.value())
        })
        .collect()
}

/// Finds the person with an address.
pub(super) fn at(
    table: &impl ReadableTable<&'static str, u32>,
    address: &Address,
) -> Result<Option<PersonId>, StoreError> {
    Ok(table.get(address.as_str())?.map(|guard| PersonId(guard.value())))
}
