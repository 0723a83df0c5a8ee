//! Invitations, by code and by team.

use redb::{ReadableTable, Table};
use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::rounds::position;
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
    let stored: InvitationV1 = codec::decode_v1(TABLE, guard.value())?;
    Ok(Some(Invitation {
        code,
        kind: kind_of(stored.kind).ok_or(StoreError::Damaged { table: TABLE, what: "kind" })?,
        team: TeamId(stored.team),
        by: PersonId(stored.by),
        since: Moment::from_millis(stored.since),
        used_by: stored.used_by.map(PersonId),
    }))
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
    let stored = InvitationV1 {
        kind: kind_code(invitation.kind),
        team: invitation.team.0,
        by: invitation.by.0,
        since: invitation.since.millis(),
        used_by: invitation.used_by.map(|person| person.0),
    };
    let code = invitation.code.bytes();
    table.insert(code, codec::encode(1, &stored)?.as_slice())?;
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
