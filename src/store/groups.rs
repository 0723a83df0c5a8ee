//! Groups, and everyone who takes part in them.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::persons::{day_number, day_of};
use super::table::{ReadableTable, Table};
use crate::domain::group::{Answer, Group, GroupRound, Participant};
use crate::domain::id::{Address, GroupId, PersonId};
use crate::domain::name::Name;
use crate::domain::schedule::{Hour, Interval, Schedule, Zone};
use crate::domain::time::Moment;

const TABLE: &str = "groups";
const PARTICIPANTS: &str = "participants";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<GroupV1>("groups", 1), Shape::of::<ParticipantV1>("participants", 1)];

#[derive(Serialize, Deserialize)]
struct GroupV1 {
    address: String,
    since: i64,
    left_at: Option<i64>,
    leader: Option<u32>,
    schedule: Option<ScheduleV1>,
    rests_until: Option<i32>,
    words_count: bool,
    size: u32,
    counted_at: Option<i64>,
    nameless: bool,
    round: Option<GroupRoundV1>,
}

#[derive(Serialize, Deserialize)]
struct ScheduleV1 {
    interval: u8,
    hour: u8,
    zone: String,
    first_day: i32,
}

#[derive(Serialize, Deserialize)]
struct GroupRoundV1 {
    due_at: i64,
    asked_at: Option<i64>,
    reported_at: Option<i64>,
    answers: Vec<(u32, i64)>,
    caller: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct ParticipantV1 {
    name: Option<String>,
    since: i64,
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: TABLE, what }
}

/// Encodes a group.
pub(super) fn encode(group: &Group) -> Result<Vec<u8>, StoreError> {
    let schedule = |schedule: &Schedule| ScheduleV1 {
        interval: schedule.interval.as_days(),
        hour: schedule.hour.get(),
        zone: schedule.zone.name().to_owned(),
        first_day: day_number(schedule.first_day),
    };
    let round = |round: &GroupRound| GroupRoundV1 {
        due_at: round.due_at.millis(),
        asked_at: round.asked_at.map(Moment::millis),
        reported_at: round.reported_at.map(Moment::millis),
        answers: round.answers.iter().map(|a| (a.person.0, a.at.millis())).collect(),
        caller: round.caller.map(|person| person.0),
    };
    let stored = GroupV1 {
        address: group.address.as_str().to_owned(),
        since: group.since.millis(),
        left_at: group.left_at.map(Moment::millis),
        leader: group.leader.map(|person| person.0),
        schedule: group.schedule.as_ref().map(schedule),
        rests_until: group.rests_until.map(day_number),
        words_count: group.words_count,
        size: group.size,
        counted_at: group.counted_at.map(Moment::millis),
        nameless: group.nameless,
        round: group.round.as_ref().map(round),
    };
    codec::encode(1, &stored)
}

/// Decodes a group.
pub(super) fn decode(id: GroupId, bytes: &[u8]) -> Result<Group, StoreError> {
    let stored: GroupV1 = codec::decode_v1(TABLE, bytes)?;
    let moment = Moment::from_millis;
    let round = |round: GroupRoundV1| GroupRound {
        due_at: moment(round.due_at),
        asked_at: round.asked_at.map(moment),
        reported_at: round.reported_at.map(moment),
        answers: round.answers.into_iter().map(answer).collect(),
        caller: round.caller.map(PersonId),
    };
    Ok(Group {
        id,
        address: Address::line(&stored.address).ok_or_else(|| damaged("address"))?,
        since: moment(stored.since),
        left_at: stored.left_at.map(moment),
        leader: stored.leader.map(PersonId),
        schedule: stored.schedule.map(read_schedule).transpose()?,
        rests_until: stored.rests_until.and_then(day_of),
        words_count: stored.words_count,
        size: stored.size,
        counted_at: stored.counted_at.map(moment),
        nameless: stored.nameless,
        round: stored.round.map(round),
    })
}

fn answer((person, at): (u32, i64)) -> Answer {
    Answer { person: PersonId(person), at: Moment::from_millis(at) }
}

fn read_schedule(stored: ScheduleV1) -> Result<Schedule, StoreError> {
    Ok(Schedule {
        interval: Interval::days(stored.interval).ok_or_else(|| damaged("interval"))?,
        hour: Hour::new(stored.hour).ok_or_else(|| damaged("hour"))?,
        zone: Zone::named(&stored.zone).ok_or_else(|| damaged("zone"))?,
        first_day: day_of(stored.first_day).ok_or_else(|| damaged("first day"))?,
    })
}

/// Reads a group.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: GroupId,
) -> Result<Option<Group>, StoreError> {
    table.get(id.0)?.map(|guard| decode(id, guard.value())).transpose()
}

/// All groups, by number, at most `count_max`.
pub(super) fn all(
    table: &impl ReadableTable<u32, &'static [u8]>,
    count_max: usize,
) -> Result<Vec<Group>, StoreError> {
    let mut groups = Vec::new();
    for item in table.range::<u32>(..)?.take(count_max) {
        let (id, value) = item?;
        groups.push(decode(GroupId(id.value()), value.value())?);
    }
    Ok(groups)
}

type Participants<'t> = Table<'t, (u32, u32), &'static [u8]>;

/// Writes somebody who takes part.
pub(super) fn put_participant(
    table: &mut Participants<'_>,
    participant: &Participant,
) -> Result<(), StoreError> {
    let Participant { group, person, name, since } = participant;
    let name = name.as_ref().map(Name::to_string);
    let stored = ParticipantV1 { name, since: since.millis() };
    table.insert((group.0, person.0), codec::encode(1, &stored)?.as_slice())?;
    Ok(())
}

/// The groups in which somebody takes part. There is no table of groups by person: people are in few groups, and groups
/// are few.
pub(super) fn of_person(
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
    person: PersonId,
) -> Result<Vec<GroupId>, StoreError> {
    let mut found = Vec::new();
    for item in table.range::<(u32, u32)>(..)? {
        let (key, _) = item?;
        let (group, of) = key.value();
        if of == person.0 {
            found.push(GroupId(group));
        }
    }
    Ok(found)
}

/// Everyone who takes part in a group.
pub(super) fn participants(
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
    group: GroupId,
) -> Result<Vec<Participant>, StoreError> {
    let mut found = Vec::new();
    for item in table.range((group.0, 0)..=(group.0, u32::MAX))? {
        let (key, value) = item?;
        let stored: ParticipantV1 = codec::decode_v1(PARTICIPANTS, value.value())?;
        found.push(Participant {
            group,
            person: PersonId(key.value().1),
            name: stored.name.map(Name::stored),
            since: Moment::from_millis(stored.since),
        });
    }
    Ok(found)
}
