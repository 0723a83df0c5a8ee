//! A team: binds those who are asked (members) to those who are told (managers).

use super::details::Line;
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

/// How much of a person may be written down, besides the nickname, for those who watch and for the office.
/// Each one covers those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Policy {
    /// Nothing.
    Nothing,
    /// A number that team and office agreed on, instead of a name.
    Number,
    /// The name.
    Name,
    /// Everything that helps to find somebody: address, telephone, whom to call.
    Full,
}

impl Policy {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Number, Self::Name, Self::Full];

    /// What a team of this kind begins with.
    #[must_use]
    pub fn of(kind: TeamKind) -> Self {
        match kind {
            TeamKind::Personal | TeamKind::Organization => Self::Nothing,
            TeamKind::Office => Self::Full,
        }
    }
}

/// Longest statement about who a team is for, in characters as a reader counts them.
pub const STATEMENT_CHARS_MAX: usize = 60;

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
    /// How much of its members may be written down. In a family each member decides: [`Member::agreed`].
    pub policy: Policy,
    /// Whom it is for, if not for everyone: whoever joins declares that it is true of them.
    pub statement: Option<Line>,
    /// Whether the office wants a signed form from its members. Never a condition for being asked.
    pub wants_form: bool,
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
            policy: Policy::of(kind),
            statement: None,
            wants_form: false,
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
    /// What a member declared of themselves by joining, in the words of that time.
    pub declared: Option<Line>,
    /// How much a member of a family agreed to have written down. Elsewhere the team's policy holds.
    pub agreed: Policy,
}

/// The key of a membership.
pub type MemberKey = (TeamId, Role, PersonId);

impl Member {
    /// A place as somebody takes it.
    #[must_use]
    pub fn joining(team: TeamId, role: Role, person: PersonId, since: Moment) -> Self {
        let (receives_since, declared, agreed) = (None, None, Policy::Nothing);
        Self { team, role, person, since, receives_since, declared, agreed }
    }

    /// How much of this member may be written down for those who watch in `team`.
    #[must_use]
    pub fn policy(&self, team: &Team) -> Policy {
        match team.kind {
            TeamKind::Personal => self.agreed,
            TeamKind::Organization | TeamKind::Office => team.policy,
        }
    }

    /// The key of this membership.
    #[must_use]
    pub fn key(&self) -> MemberKey {
        (self.team, self.role, self.person)
    }
}
