//! Memberships, reachable from the team and from the person.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::{ReadableTable, Table};
use super::teams::{role_code, role_of};
use crate::domain::details::Line;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::team::{Member, MemberKey, Policy, Role};
use crate::domain::time::Moment;

const TABLE: &str = "members";

#[derive(Serialize, Deserialize)]
struct MemberV1 {
    since: i64,
    receives_since: Option<i64>,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<MemberV1>("members", 1), Shape::of::<MemberV2>("members", 2)];

/// With what a member declared by joining, and agreed to.
#[derive(Serialize, Deserialize)]
struct MemberV2 {
    since: i64,
    receives_since: Option<i64>,
    declared: Option<String>,
    agreed: u8,
}

impl From<MemberV1> for MemberV2 {
    fn from(old: MemberV1) -> Self {
        Self { since: old.since, receives_since: old.receives_since, declared: None, agreed: 0 }
    }
}

type Members<'t> = Table<'t, (u32, u8, u32), &'static [u8]>;
type Places<'t> = Table<'t, (u32, u32, u8), ()>;

/// Writes a membership on both sides.
pub(super) fn put(
    members: &mut Members<'_>,
    places: &mut Places<'_>,
    member: &Member,
) -> Result<(), StoreError> {
    let Member { team, role, person, .. } = member;
    let stored = MemberV2 {
        since: member.since.millis(),
        receives_since: member.receives_since.map(Moment::millis),
        declared: member.declared.as_ref().map(|line| line.as_str().to_owned()),
        agreed: position(&Policy::ALL, &member.agreed),
    };
    let role = role_code(*role);
    members.insert((team.0, role, person.0), codec::encode(2, &stored)?.as_slice())?;
    places.insert((person.0, team.0, role), ())?;
    Ok(())
}

/// Removes a membership on both sides.
pub(super) fn remove(
    members: &mut Members<'_>,
    places: &mut Places<'_>,
    (team, role, person): MemberKey,
) -> Result<(), StoreError> {
    let role = role_code(role);
    members.remove((team.0, role, person.0))?;
    places.remove((person.0, team.0, role))?;
    Ok(())
}

/// The teams and roles of a person.
pub(super) fn places(
    table: &impl ReadableTable<(u32, u32, u8), ()>,
    person: PersonId,
) -> Result<Vec<MemberKey>, StoreError> {
    let mut places = Vec::new();
    for item in table.range((person.0, 0, 0)..=(person.0, u32::MAX, u8::MAX))? {
        let (_, team, role) = item?.0.value();
        let role = role_of(role).ok_or(StoreError::Damaged { table: "places", what: "role" })?;
        places.push((TeamId(team), role, person));
    }
    Ok(places)
}

/// Those who have a role in a team, at most `count_max`, from a number on.
pub(super) fn of_team(
    table: &impl ReadableTable<(u32, u8, u32), &'static [u8]>,
    (team, role): (TeamId, Role),
    from: u32,
    count_max: usize,
) -> Result<Vec<Member>, StoreError> {
    let code = role_code(role);
    let mut members = Vec::new();
    for item in table.range((team.0, code, from)..=(team.0, code, u32::MAX))?.take(count_max) {
        let (key, value) = item?;
        let stored = decode(value.value())?;
        members.push(read(team, role, PersonId(key.value().2), stored)?);
    }
    Ok(members)
}

/// How many have a role in a team.
pub(super) fn count(
    table: &impl ReadableTable<(u32, u8, u32), &'static [u8]>,
    team: TeamId,
    role: Role,
) -> Result<usize, StoreError> {
    let code = role_code(role);
    Ok(table.range((team.0, code, 0)..=(team.0, code, u32::MAX))?.count())
}

/// One membership.
pub(super) fn get(
    table: &impl ReadableTable<(u32, u8, u32), &'static [u8]>,
    (team, role, person): MemberKey,
) -> Result<Option<Member>, StoreError> {
    let Some(guard) = table.get((team.0, role_code(role), person.0))? else { return Ok(None) };
    let stored = decode(guard.value())?;
    read(team, role, person, stored).map(Some)
}

fn decode(bytes: &[u8]) -> Result<MemberV2, StoreError> {
    match codec::version(TABLE, bytes)? {
        (1, body) => Ok(codec::body::<MemberV1>(TABLE, body)?.into()),
        (2, body) => codec::body(TABLE, body),
        _ => Err(codec::newer(TABLE)),
    }
}

fn read(
    team: TeamId,
    role: Role,
    person: PersonId,
    stored: MemberV2,
) -> Result<Member, StoreError> {
    let agreed = Policy::ALL.get(usize::from(stored.agreed)).copied();
    Ok(Member {
        team,
        role,
        person,
        since: Moment::from_millis(stored.since),
        receives_since: stored.receives_since.map(Moment::from_millis),
        declared: stored.declared.map(Line::stored),
        agreed: agreed.ok_or(StoreError::Damaged { table: TABLE, what: "agreed" })?,
    })
}
