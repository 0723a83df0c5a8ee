//! What is said about rests, and about stopping for good.

use jiff::civil::{Date, DateTime};

use super::Who;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::name::Name;
use crate::domain::pause::Why;
use crate::domain::person::EndReason;
use crate::domain::team::TeamName;

/// About rests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rest {
    /// For how long would you like to rest?
    Ask {
        /// The first day that can be chosen as the last one.
        today: Date,
        /// The last day that can be chosen.
        latest: Date,
    },
    /// That is longer than people may rest.
    TooLong,
    /// Rest until then?
    Confirm {
        /// The last day without a question.
        last_day: Date,
        /// The next question.
        next: DateTime,
        /// Why.
        why: Why,
    },
    /// The rest is agreed, or holds already.
    Agreed {
        /// The last day without a question.
        last_day: Date,
        /// The next question.
        next: DateTime,
    },
    /// Questions begin again soon.
    Ending {
        /// The next question.
        next: DateTime,
    },
    /// The rest is over.
    Back {
        /// The next question.
        next: Option<DateTime>,
        /// Who ended it, if it was not the reader.
        by: Option<Who>,
    },
    /// Somebody who watches agreed a rest for the reader.
    AgreedBy {
        /// Who.
        who: Who,
        /// The last day without a question.
        last_day: Date,
    },
    /// Somebody rests (to managers).
    MemberRests {
        /// Who.
        name: Name,
        /// The last day without a question.
        last_day: Date,
        /// Why.
        why: Why,
    },
    /// Does the rest still hold (to managers)?
    Ping {
        /// Who rests.
        person: PersonId,
        /// How they are called.
        name: Name,
        /// Since when.
        since: Date,
        /// The last day without a question.
        last_day: Date,
    },
    /// The rest of somebody is over (to managers).
    MemberBack {
        /// Who.
        name: Name,
        /// The next question.
        next: Option<DateTime>,
    },
    /// Shall we let the person rest (to the manager who found out)?
    Offer {
        /// Who.
        person: PersonId,
        /// How they are called.
        name: Name,
        /// Why.
        why: Why,
    },
}

/// About stopping.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leave {
    /// What would you like to stop?
    Ask {
        /// The reader is watched over.
        watched: bool,
        /// Teams in which the reader watches.
        teams: Vec<(TeamId, TeamName)>,
    },
    /// Stop watching in this team?
    ConfirmTeam {
        /// The team.
        team: TeamId,
        /// Its name.
        name: TeamName,
    },
    /// The last one who watches cannot leave just so.
    LastManager {
        /// The team.
        team: TeamId,
        /// Its name.
        name: TeamName,
    },
    /// Stopped.
    Bye,
    /// Stopped watching in a team.
    ByeManager {
        /// The team.
        name: TeamName,
        /// The office watches instead.
        handed_over: bool,
    },
    /// Somebody is no longer watched over (to managers).
    MemberLeft {
        /// Who.
        name: Name,
    },
    /// The watch over somebody ended, because of what was found out (to the others who watch).
    WatchEnded {
        /// Who.
        name: Name,
        /// Who said so.
        who: Who,
        /// Why.
        why: EndReason,
    },
    /// You are no longer asked, because of what somebody said (to the person).
    NoLongerWatched {
        /// Who said so.
        who: Who,
        /// What they said.
        why: EndReason,
    },
    /// Somebody no longer watches (to the others of the team).
    ManagerLeft {
        /// Who.
        name: Name,
        /// The team.
        team: TeamName,
        /// The office watches instead.
        handed_over: bool,
        /// The office took them out.
        by_office: bool,
    },
    /// The office took you out of a team in which you watched (to the one who did).
    TakenOut {
        /// The team.
        team: TeamName,
    },
}
