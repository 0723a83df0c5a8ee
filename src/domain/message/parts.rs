//! What messages are made of besides names and moments.

use jiff::civil::{Date, DateTime};

use crate::domain::case::{Case, Trouble};
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::invitation::CodeKind;
use crate::domain::name::Name;
use crate::domain::page::PageLink;
use crate::domain::person::Person;
use crate::domain::round::Stage;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Policy, TeamName};

/// When an alert would reach the managers, for a question at a chosen hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AlertTime {
    /// Days after the question.
    pub days: u8,
    /// Hour on the wall.
    pub hour: u8,
}

/// Names of the people who watch, for "…さんに知らせました": the first few and how many more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Watchers {
    /// At most three names.
    pub names: Vec<Name>,
    /// How many more there are.
    pub more: usize,
}

/// Who watches over somebody who has just come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WatchedBy {
    /// The office itself.
    Office,
    /// These.
    People(Watchers),
    /// Nobody yet; whether an invitation to pass on follows.
    Nobody(bool),
}

/// A team into which the reader can invite.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InviteTeam {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: TeamName,
    /// Codes that make sense for it now.
    pub kinds: Vec<CodeKind>,
}

/// One question, resend or alert in the reader's own time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Silence {
    /// Who did not answer.
    pub name: Name,
    /// The teams of this person that the reader manages.
    pub teams: Vec<TeamName>,
    /// When LINE accepted the question.
    pub asked_at: Option<DateTime>,
    /// When LINE accepted the resend.
    pub resent_at: Option<DateTime>,
    /// The last sign of life.
    pub last_answer_at: Option<DateTime>,
}

/// Who is told if the second call is not answered either.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hears {
    /// Those who watch.
    Watchers,
    /// The office, which watches itself.
    Office,
    /// Nobody who is known.
    Nobody,
}

/// Somebody who does something about a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// One of those who watch.
    Named(Name),
    /// The office; no name of its staff travels in a message.
    Office,
}

/// How somebody is, as those who watch may know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Who.
    pub person: PersonId,
    /// How they are called.
    pub name: Name,
    /// How.
    pub state: State,
    /// The last sign of life, in the reader's time.
    pub last_answer_at: Option<DateTime>,
}

/// See [`Standing`]. In the order in which somebody is needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// A case is open.
    Open(Trouble),
    /// LINE brings nothing.
    Unreachable,
    /// Somebody without LINE was phoned, and did not take the call.
    PhonedInVain,
    /// Somebody without LINE is to be phoned.
    ToPhone,
    /// The second call is out.
    CalledAgain,
    /// The question is out.
    Waiting,
    /// Resting.
    Resting(Date),
    /// Answered.
    Well,
    /// Not asked yet.
    New,
}

impl State {
    /// How a person is, with the case that is open about them.
    #[must_use]
    pub fn of(person: &Person, case: Option<&Case>) -> Self {
        let Some(watch) = &person.watch else { return Self::New };
        if let Some(case) = case.filter(|case| case.is_open()) {
            return Self::Open(case.trouble);
        }
        if person.is_lost() {
            return Self::Unreachable;
        }
        let phoned = person.is_phoned();
        match watch.round.as_ref().map(|round| round.stage) {
            Some(Stage::Asking) if phoned => Self::ToPhone,
            Some(Stage::Resending | Stage::Resent | Stage::Reported) if phoned => {
                Self::PhonedInVain
            }
            Some(Stage::Resending | Stage::Resent | Stage::Reported) => Self::CalledAgain,
            Some(Stage::Asking | Stage::Asked) => Self::Waiting,
            None => match &watch.pause {
                Some(pause) => Self::Resting(pause.last_day),
                None if watch.last_answer_at.is_some() => Self::Well,
                None => Self::New,
            },
        }
    }
}

/// What is known about a reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MyPage {
    /// The member's number.
    pub id: PersonId,
    /// How they are called.
    pub name: Name,
    /// Since when they are known.
    pub since: DateTime,
    /// Interval and hour, if they are asked.
    pub schedule: Option<(Interval, Hour)>,
    /// The zone, where it is not Japan's.
    pub zone: Option<String>,
    /// The next question.
    pub next: Option<DateTime>,
    /// The last day of a rest.
    pub resting: Option<Date>,
    /// The last day of their membership, where that has an end.
    pub member_until: Option<Date>,
    /// The last sign of life.
    pub last_answer_at: Option<DateTime>,
    /// Who watches.
    pub watchers: Watchers,
    /// How much of them may be written down, where they are asked.
    pub policy: Option<Policy>,
    /// Whether the office watches too.
    pub office: bool,
    /// Whether somebody of them is known to get alerts.
    pub someone_receives: bool,
    /// The day's quote.
    pub quotes: bool,
    /// Teams in which they watch.
    pub watches: Vec<(TeamId, TeamName)>,
    /// Whether letters reach them, where letters can be sent at all.
    pub mail: Option<bool>,
    /// Leads to the page with everything that can be changed.
    pub link: PageLink,
}

/// What a team can decide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamSettings {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: TeamName,
    /// The proposal for new members.
    pub proposal: (Interval, Hour),
    /// No alerts at night.
    pub quiet: bool,
    /// The office may be told, where it can be chosen.
    pub office: Option<bool>,
    /// The day's quote.
    pub quotes: bool,
    /// Leads to the page of the team.
    pub link: PageLink,
    /// Somebody else of the team has just changed it.
    pub changed_by: Option<Name>,
}

/// One line of a digest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenCase {
    /// The case.
    pub case: CaseId,
    /// Whom it is about.
    pub name: Name,
    /// Why.
    pub trouble: Trouble,
    /// Since when, in the reader's time.
    pub since: DateTime,
    /// Who has claimed it.
    pub claimer: Option<Who>,
}
