//! Teams.

use redb::ReadableTable;
use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::rounds::position;
use crate::domain::id::TeamId;
use crate::domain::name::Name;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Role, Team, TeamKind, TeamName};
use crate::domain::time::Moment;

const TABLE: &str = "teams";

#[derive(Serialize, Deserialize)]
struct TeamV1 {
    kind: u8,
    name: String,
    /// The name is that of the person who made the team for themselves.
    own: bool,
    since: i64,
    interval_days: u8,
    hour: u8,
}

/// Stored by position: new kinds go to the end.
const KINDS: [TeamKind; 3] = [TeamKind::Personal, TeamKind::Organization, TeamKind::Office];

/// Stored by position: new roles go to the end.
const ROLES: [Role; 2] = [Role::Manager, Role::Member];

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
    let stored = TeamV1 {
        kind: kind_code(team.kind),
        name: name.to_string(),
        own,
        since: team.since.millis(),
        interval_days: team.interval.as_days(),
        hour: team.hour.get(),
    };
    codec::encode(1, &stored)
}

/// Reads a team.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: TeamId,
) -> Result<Option<Team>, StoreError> {
    let Some(guard) = table.get(id.0)? else { return Ok(None) };
    let stored: TeamV1 = codec::decode_v1(TABLE, guard.value())?;
    let damaged = |what| StoreError::Damaged { table: TABLE, what };
    let name = Name::stored(stored.name);
    Ok(Some(Team {
        id,
        kind: kind_of(stored.kind).ok_or_else(|| damaged("kind"))?,
        name: if stored.own { TeamName::Of(name) } else { TeamName::Given(name) },
        since: Moment::from_millis(stored.since),
        interval: Interval::days(stored.interval_days).ok_or_else(|| damaged("interval"))?,
        hour: Hour::new(stored.hour).ok_or_else(|| damaged("hour"))?,
    }))
}
