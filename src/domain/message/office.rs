//! What the office is told by mail.

use jiff::civil::{Date, DateTime};

use super::Who;
use crate::domain::case::{Outcome, Trouble};
use crate::domain::certificate::Concern;
use crate::domain::id::{GroupId, PersonId};
use crate::domain::name::Name;
use crate::domain::person::EndReason;
use crate::domain::service::BackupFault;
use crate::domain::team::TeamName;
use crate::domain::vitals::Ailment;

/// One letter to the office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OfficeNotice {
    /// A case has come to the office.
    Case {
        /// Whom it is about.
        name: Name,
        /// Their teams.
        teams: Vec<TeamName>,
        /// Why.
        trouble: Trouble,
        /// Since when.
        since: DateTime,
        /// There was nobody who could be told.
        nobody: bool,
    },
    /// Nobody has taken a case that the office has to look into.
    CaseAgain {
        /// Whom it is about.
        name: Name,
        /// Why.
        trouble: Trouble,
        /// Since when.
        since: DateTime,
        /// Somebody had taken it, and no outcome came.
        lapsed: bool,
    },
    /// A case that came to the office is over.
    CaseOver {
        /// Whom it was about.
        name: Name,
        /// Who ended it, if it was not the person.
        who: Option<Who>,
        /// What it was.
        outcome: Outcome,
        /// When.
        at: DateTime,
    },
    /// Somebody whom the office watches is watched no longer.
    WatchEnded {
        /// Who.
        name: Name,
        /// Their number.
        number: PersonId,
        /// Why.
        why: EndReason,
        /// Who said so, if it was not the person.
        who: Option<Who>,
    },
    /// Somebody whom the office watches rests.
    Rests {
        /// Who.
        name: Name,
        /// The last day.
        last_day: Date,
        /// Who said so, if it was not the person.
        who: Option<Who>,
    },
    /// The office watches over a team from now on.
    HandedOver {
        /// The team.
        team: TeamName,
        /// Who handed it over.
        by: Name,
        /// How many are watched there.
        people: usize,
        /// Whoever watched there was taken out at the desk.
        by_office: bool,
    },
    /// A group was not asked: what is left of the month is for alerts.
    GroupNotAsked(GroupId),
    /// A rule failed over something, and it was put aside; about whom, if that is known.
    SetAside(Option<PersonId>),
    /// The data came out of a copy.
    Restored {
        /// The copy shows how things were then.
        from: DateTime,
        /// What happened from then until here is lost.
        until: DateTime,
        /// So many had come back who were forgotten in between, and were forgotten again.
        forgotten: usize,
    },
    /// Somebody of the staff tries whether letters leave; this one goes to them alone.
    Trial,
    /// No copy of the data could be made.
    NotBackedUp {
        /// Why.
        why: BackupFault,
        /// The last one that was made, if any.
        last: Option<DateTime>,
    },
    /// Something keeps the service from its work.
    Ails(Ailment),
    /// LINE takes no messages since then.
    CannotSend(DateTime),
    /// LINE takes messages again.
    SendsAgain,
    /// Nothing is heard since then.
    Deaf(DateTime),
    /// Answers are heard again.
    HearsAgain,
    /// The time of the machine is doubted.
    TimeDoubted,
    /// An implausible number of alerts came at once.
    ManyAlerts,
    /// The alerts that were held leave now: about these, among others.
    AlertsLeave(Vec<Name>),
    /// So many people had no timer, and were found.
    Strays(u32),
    /// The month's messages.
    Quota {
        /// Used, in percent of the cap.
        percent: u8,
        /// Used.
        used: u32,
        /// The cap.
        limit: u32,
        /// Messages that the schedules still need this month.
        forecast: u32,
        /// Questions stop, so that alerts can still leave.
        stopped: bool,
    },
    /// A team has nobody left who can be reached.
    TeamUnwatched(TeamName),
    /// The office took a case, and no outcome has come.
    Nudge {
        /// Whom it is about.
        name: Name,
        /// Since when the office has it.
        since: DateTime,
    },
    /// Somebody for whom the office answers has rested for a week, or one more.
    StillResting {
        /// Who.
        name: Name,
        /// The first day.
        since: Date,
        /// The last day.
        last_day: Date,
    },
    /// Somebody who is not asked otherwise said to a bulletin that they are not safe.
    NeedsHelp {
        /// Who, if they have a name.
        name: Option<Name>,
        /// Their number.
        number: PersonId,
        /// They are hurt, rather than in need of help.
        hurt: bool,
    },
    /// We were removed from a group.
    GroupLost(GroupId),
    /// The membership of somebody has ended.
    Expired {
        /// Who.
        name: Name,
        /// The number of the member.
        number: PersonId,
        /// The last day.
        until: Date,
    },
    /// How things are, once a day.
    Daily(Daily),
}

/// The daily report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Daily {
    /// The day.
    pub day: Date,
    /// People watched.
    pub watched: u32,
    /// Cases that are open.
    pub open: u32,
    /// Of them, on the office's board.
    pub board: u32,
    /// People who cannot be reached.
    pub unreachable: u32,
    /// People whom nobody watches who can be reached.
    pub unwatched: u32,
    /// People who rest.
    pub resting: u32,
    /// When LINE was last heard.
    pub heard_at: Option<DateTime>,
    /// Messages used this month, and the cap.
    pub quota: (u32, Option<u32>),
    /// Messages that the schedules still need this month.
    pub forecast: u32,
    /// What about our own certificate somebody should look at, and the day on which it ends.
    pub certificate: Option<(Concern, Option<Date>)>,
}
