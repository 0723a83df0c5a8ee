//! An organization: a neighbourhood association, a district, a care centre with several teams. Its
//! heads are the next step when nobody in a team takes an alert.

use super::id::{OrganizationId, PersonId, TeamId};
use super::name::Name;
use super::time::Moment;

/// A set of teams with people at its head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Organization {
    /// The number of this organization.
    pub id: OrganizationId,
    /// Its name.
    pub name: Name,
    /// When it was made.
    pub since: Moment,
    /// Who heads it, at most [`super::rules::HEADS_MAX`].
    pub heads: Vec<PersonId>,
    /// Its teams, at most [`super::rules::ORGANIZATION_TEAMS_MAX`].
    pub teams: Vec<TeamId>,
}
