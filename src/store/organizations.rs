//! Organizations.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::table::ReadableTable;
use crate::domain::id::{OrganizationId, PersonId, TeamId};
use crate::domain::name::Name;
use crate::domain::organization::Organization;
use crate::domain::rules::ORGANIZATIONS_MAX;
use crate::domain::time::Moment;

const TABLE: &str = "organizations";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<OrganizationV1>("organizations", 1)];

#[derive(Serialize, Deserialize)]
struct OrganizationV1 {
    name: String,
    since: i64,
    heads: Vec<u32>,
    teams: Vec<u32>,
}

/// Encodes an organization.
pub(super) fn encode(organization: &Organization) -> Result<Vec<u8>, StoreError> {
    let stored = OrganizationV1 {
        name: organization.name.to_string(),
        since: organization.since.millis(),
        heads: organization.heads.iter().map(|head| head.0).collect(),
        teams: organization.teams.iter().map(|team| team.0).collect(),
    };
    codec::encode(1, &stored)
}

/// Reads an organization.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: OrganizationId,
) -> Result<Option<Organization>, StoreError> {
    let Some(guard) = table.get(id.0)? else { return Ok(None) };
    let stored: OrganizationV1 = codec::decode_v1(TABLE, guard.value())?;
    Ok(Some(Organization {
        id,
        name: Name::stored(stored.name),
        since: Moment::from_millis(stored.since),
        heads: stored.heads.into_iter().map(PersonId).collect(),
        teams: stored.teams.into_iter().map(TeamId).collect(),
    }))
}

/// All organizations, by number, at most [`ORGANIZATIONS_MAX`].
pub(super) fn all(
    table: &impl ReadableTable<u32, &'static [u8]>,
) -> Result<Vec<Organization>, StoreError> {
    let mut all = Vec::new();
    for item in table.range::<u32>(..)?.take(ORGANIZATIONS_MAX) {
        let id = OrganizationId(item?.0.value());
        all.extend(get(table, id)?);
    }
    Ok(all)
}
