//! Invitations, by code and by team.

use serde::{Deserialize, Serialize};

use super::cases::{ActorV1, read_actor, store_actor};
use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::{ReadableTable, Table};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::invitation::{Code, CodeKind, Invitation};
use crate::domain::time::Moment;

const TABLE: &str = "invitations";

#[derive(Serialize, Deserialize)]
struct InvitationV1 {
    kind: u8,
    team: u32,
    by: u32,
    since: i64,
    used_by: Option<u32>,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<InvitationV1>("invitations", 1), Shape::of::<InvitationV2>("invitations", 2)];

/// With staff among those who invite.
#[derive(Serialize, Deserialize)]
struct InvitationV2 {
    kind: u8,
    team: u32,
    by: ActorV1,
    since: i64,
    used_by: Option<u32>,
}

impl From<InvitationV1> for InvitationV2 {
    fn from(old: InvitationV1) -> Self {
        Self {
            kind: old.kind,
            team: old.team,
            by: ActorV1::Person(old.by),
            since: old.since,
            used_by: old.used_by,
        }
    }
}

/// Stored by position: new kinds go to the end.
const KINDS: [CodeKind; 3] = [CodeKind::Leaflet, CodeKind::Manager, CodeKind::Either];

/// The stored form of a kind.
pub(super) fn kind_code(kind: CodeKind) -> u8 {
    position(&KINDS, &kind)
}

/// The kind behind its stored form.
pub(super) fn kind_of(code: u8) -> Option<CodeKind> {
    KINDS.get(usize::from(code)).copied()
}

/// Reads an invitation.
pub(super) fn get(
    table: &impl ReadableTable<[u8; 8], &'static [u8]>,
    code: Code,
) -> Result<Option<Invitation>, StoreError> {
    let Some(guard) = table.get(code.bytes())? else { return Ok(None) };
    let stored: InvitationV2 = match codec::version(TABLE, guard.value())? {
        (1, body) => codec::body::<InvitationV1>(TABLE, body)?.into(),
        (2, body) => codec::body(TABLE, body)?,
        _ => return Err(codec::newer(TABLE)),
    };
    Ok(Some(Invitation {
        code,
        kind: kind_of(stored.kind).ok_or(StoreError::Damaged { table: TABLE, what: "kind" })?,
        team: TeamId(stored.team),
        by: read_actor(stored.by),
        since: Moment::from_millis(stored.since),
        used_by: stored.used_by.map(PersonId),
    }))
}

/// All invitations.
pub(super) fn all(
    table: &impl ReadableTable<[u8; 8], &'static [u8]>,
) -> Result<Vec<Invitation>, StoreError> {
    let mut all = Vec::new();
    for item in table.iter()? {
        all.extend(get(table, Code::stored(item?.0.value()))?);
    }
    Ok(all)
}

/// The codes of a team.
pub(super) fn of_team(
    table: &impl ReadableTable<(u32, [u8; 8]), ()>,
    team: TeamId,
) -> Result<Vec<Code>, StoreError> {
    let mut codes = Vec::new();
    for item in table.range((team.0, [0; 8])..=(team.0, [u8::MAX; 8]))? {
        codes.push(Code::stored(item?.0.value().1));
    }
    Ok(codes)
}

/// Writes an invitation.
pub(super) fn put(
    table: &mut Table<'_, [u8; 8], &'static [u8]>,
    by_team: &mut Table<'_, (u32, [u8; 8]), ()>,
    invitation: &Invitation,
) -> Result<(), StoreError> {
    let stored = InvitationV2 {
        kind: kind_code(invitation.kind),
        team: invitation.team.0,
        by: store_actor(invitation.by),
        since: invitation.since.millis(),
        used_by: invitation.used_by.map(|person| person.0),
    };
    let code = invitation.code.bytes();
    table.insert(code, codec::encode(2, &stored)?.as_slice())?;
    by_team.insert((invitation.team.0, code), ())?;
    Ok(())
}

/// Removes an invitation.
pub(super) fn remove(
    table: &mut Table<'_, [u8; 8], &'static [u8]>,
    by_team: &mut Table<'_, (u32, [u8; 8]), ()>,
    code: Code,
) -> Result<(), StoreError> {
    if let Some(invitation) = get(table, code)? {
        table.remove(code.bytes())?;
        by_team.remove((invitation.team.0, code.bytes()))?;
    }
    Ok(())
}
