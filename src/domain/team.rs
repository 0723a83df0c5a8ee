//! A team: binds those who are asked (members) to those who are told (managers).

use super::id::{OrganizationId, PersonId, TeamId};
use super::name::Name;
use super::schedule::{Hour, Interval};
use super::time::Moment;

/// What a team is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TeamKind {
    /// A family: a person and at most two who watch.
    Personal,
    /// A neighbourhood, a building, a welfare commissioner: many members, several managers.
    Organization,
    /// Watched by the staff of the council itself.
    Office,
}

/// What a person is in a team.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Is told when a member does not answer.
    Manager,
    /// Is asked.
    Member,
    /// Would like to watch; a manager has to agree first.
    Applicant,
}

/// What a team is called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TeamName {
    /// After the person who made it for themselves: "the team of …", in the reader's language.
    Of(Name),
    /// As somebody typed it.
    Given(Name),
}

/// A team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// The number of this team.
    pub id: TeamId,
    /// What it is for.
    pub kind: TeamKind,
    /// Its name.
    pub name: TeamName,
    /// When it was made.
    pub since: Moment,
    /// The interval that new members are offered.
    pub interval: Interval,
    /// The hour that new members are offered.
    pub hour: Hour,
    /// The organization it belongs to.
    pub organization: Option<OrganizationId>,
    /// Whether the office is told when nobody takes an alert.
    pub office_agreed: bool,
    /// Since when the office watches instead of a manager who left.
    pub handed_over_at: Option<Moment>,
    /// Whether alerts wait until the morning.
    pub quiet: bool,
    /// Whether the day's quote stands under the questions of this team's members.
    pub quotes: bool,
}

impl Team {
    /// A team as it is made: it proposes `interval` and `hour`, the office may be told of alerts
    /// that nobody takes, alerts come at any hour.
    #[must_use]
    pub fn made(
        id: TeamId,
        kind: TeamKind,
        name: TeamName,
        since: Moment,
        (interval, hour): (Interval, Hour),
    ) -> Self {
        Self {
            id,
            kind,
            name,
            since,
            interval,
            hour,
            organization: None,
            office_agreed: true,
            handed_over_at: None,
            quiet: false,
            quotes: true,
        }
    }
}

/// The place of a person in a team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The team.
    pub team: TeamId,
    /// As what.
    pub role: Role,
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub since: Moment,
    /// When a manager pressed that test alerts arrive.
    pub receives_since: Option<Moment>,
}

/// The key of a membership.
pub type MemberKey = (TeamId, Role, PersonId);

impl Member {
    /// The key of this membership.
    #[must_use]
    pub fn key(&self) -> MemberKey {
        (self.team, self.role, self.person)
    }
}
