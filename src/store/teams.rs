//! Teams.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::ReadableTable;
use crate::domain::details::Line;
use crate::domain::id::{OrganizationId, TeamId};
use crate::domain::name::Name;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Policy, Role, Team, TeamKind, TeamName};
use crate::domain::time::Moment;

const TABLE: &str = "teams";

#[derive(Serialize, Deserialize)]
struct TeamV1 {
    kind: u8,
    name: String,
    own: bool,
    since: i64,
    interval_days: u8,
    hour: u8,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<TeamV1>("teams", 1), Shape::of::<TeamV2>("teams", 2)];

/// With the office, the organization and the team's own wishes.
#[derive(Serialize, Deserialize)]
struct TeamV2 {
    kind: u8,
    name: String,
    /// The name is that of the person who made the team for themselves.
    own: bool,
    since: i64,
    interval_days: u8,
    hour: u8,
    organization: Option<u32>,
    office_agreed: bool,
    handed_over_at: Option<i64>,
    quiet: bool,
    quotes: bool,
    policy: u8,
    statement: Option<String>,
    wants_form: bool,
}

/// Nobody was asked about the office then. The product's answer is yes unless somebody says no.
impl From<TeamV1> for TeamV2 {
    fn from(old: TeamV1) -> Self {
        Self {
            kind: old.kind,
            name: old.name,
            own: old.own,
            since: old.since,
            interval_days: old.interval_days,
            hour: old.hour,
            organization: None,
            office_agreed: true,
            handed_over_at: None,
            quiet: false,
            quotes: true,
            policy: position(&Policy::ALL, &Policy::Nothing),
            statement: None,
            wants_form: false,
        }
    }
}

/// Stored by position: new kinds go to the end.
const KINDS: [TeamKind; 3] = [TeamKind::Personal, TeamKind::Organization, TeamKind::Office];

/// Stored by position: new roles go to the end.
const ROLES: [Role; 3] = [Role::Manager, Role::Member, Role::Applicant];

/// The stored form of a role, also a part of keys.
pub(super) fn role_code(role: Role) -> u8 {
    position(&ROLES, &role)
}

/// The role behind its stored form.
pub(super) fn role_of(code: u8) -> Option<Role> {
    ROLES.get(usize::from(code)).copied()
}

/// The stored form of a kind.
pub(super) fn kind_code(kind: TeamKind) -> u8 {
    position(&KINDS, &kind)
}

/// The kind behind its stored form.
pub(super) fn kind_of(code: u8) -> Option<TeamKind> {
    KINDS.get(usize::from(code)).copied()
}

/// Encodes a team.
pub(super) fn encode(team: &Team) -> Result<Vec<u8>, StoreError> {
    let (name, own) = match &team.name {
        TeamName::Of(name) => (name, true),
        TeamName::Given(name) => (name, false),
    };
    let stored = TeamV2 {
        kind: kind_code(team.kind),
        name: name.to_string(),
        own,
        since: team.since.millis(),
        interval_days: team.interval.as_days(),
        hour: team.hour.get(),
        organization: team.organization.map(|id| id.0),
        office_agreed: team.office_agreed,
        handed_over_at: team.handed_over_at.map(Moment::millis),
        quiet: team.quiet,
        quotes: team.quotes,
        policy: position(&Policy::ALL, &team.policy),
        statement: team.statement.as_ref().map(|line| line.as_str().to_owned()),
        wants_form: team.wants_form,
    };
    codec::encode(2, &stored)
}

/// Teams from a number on, at most `count_max`.
pub(super) fn from(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: u32,
    count_max: usize,
) -> Result<Vec<Team>, StoreError> {
    let mut teams = Vec::new();
    for item in table.range(id..)?.take(count_max) {
        teams.extend(get(table, TeamId(item?.0.value()))?);
    }
    Ok(teams)
}

/// Reads a team.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: TeamId,
) -> Result<Option<Team>, StoreError> {
    let Some(guard) = table.get(id.0)? else { return Ok(None) };
    let stored: TeamV2 = match codec::version(TABLE, guard.value())? {
        (1, body) => codec::body::<TeamV1>(TABLE, body)?.into(),
        (2, body) => codec::body(TABLE, body)?,
        _ => return Err(codec::newer(TABLE)),
    };
    let damaged = |what| StoreError::Damaged { table: TABLE, what };
    let name = Name::stored(stored.name);
    let policy = Policy::ALL.get(usize::from(stored.policy)).copied();
    Ok(Some(Team {
        id,
        kind: kind_of(stored.kind).ok_or_else(|| damaged("kind"))?,
        name: if stored.own { TeamName::Of(name) } else { TeamName::Given(name) },
        since: Moment::from_millis(stored.since),
        interval: Interval::days(stored.interval_days).ok_or_else(|| damaged("interval"))?,
        hour: Hour::new(stored.hour).ok_or_else(|| damaged("hour"))?,
        organization: stored.organization.map(OrganizationId),
        office_agreed: stored.office_agreed,
        handed_over_at: stored.handed_over_at.map(Moment::from_millis),
        quiet: stored.quiet,
        quotes: stored.quotes,
        policy: policy.ok_or_else(|| damaged("policy"))?,
        statement: stored.statement.map(Line::stored),
        wants_form: stored.wants_form,
    }))
}
