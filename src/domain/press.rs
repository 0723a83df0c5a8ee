//! What a button says when it is pressed. Buttons in a chat never expire: any of these can come
//! back months later, many times, or from someone who was shown the message by another.

use jiff::civil::Date;

use super::bulletin::Word;
use super::case::Outcome;
use super::id::{BulletinId, CaseId, GroupId, PersonId, TeamId};
use super::invitation::{Code, CodeKind};
use super::pause::Why;
use super::practice::PracticePress;
use super::schedule::{Hour, Interval};
use super::team::{Role, TeamKind};
use super::time::Moment;

/// The meaning of a button.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Press {
    /// "Watch over me."
    BeWatched,
    /// "I want to watch over someone."
    KeepWatch,
    /// "I have a code."
    HaveCode,
    /// Agree to the terms.
    Agree,
    /// The kind of a new team.
    Kind(TeamKind),
    /// Days between questions.
    Interval(Interval),
    /// Show all 24 hours.
    AllHours,
    /// The hour of the questions.
    Hour(Hour),
    /// Interval and hour as the team proposes them.
    AsProposed,
    /// Choose interval and hour anew.
    ChangeTime,
    /// Join by a code in a role.
    Join(Code, Role),
    /// Not what I wanted.
    Decline(Code),
    /// Try the button out.
    Practise,
    /// The button of the practice question.
    Practised,
    /// A button of the round of practice with this number.
    Practice(u32, PracticePress),
    /// "I am well", on the question of a round.
    Well(PersonId, Moment),
    /// "I am well", on the menu that is always there.
    WellNow,
    /// "I will look."
    Claim(CaseId),
    /// Show how things stand.
    Look(CaseId),
    /// Found well.
    FoundWell(CaseId),
    /// Could not be reached.
    NoContact(CaseId),
    /// Ambulance or police were called.
    Emergency(CaseId),
    /// Why there was no answer, after found well.
    Reason(CaseId, Outcome),
    /// A test alert arrived.
    Receives(TeamId),
    /// Choose whom to invite, in any of my teams.
    InviteAny,
    /// Make an invitation into a team.
    Invite(TeamId, CodeKind),
    /// How this works.
    Usage,
    /// Further outcomes of a case.
    MoreReasons(CaseId),
    /// An outcome that ends the watch, confirmed.
    End(CaseId, Outcome),
    /// "I am in trouble", on the menu.
    Trouble,
    /// "I would like to rest", on the menu.
    Pause,
    /// "Not quite well", on the question of a round.
    Unwell(PersonId, Moment),
    /// "I would like to talk", on the question of a round.
    WantsTalk(PersonId, Moment),
    /// In trouble: tell those who watch.
    TellHelp,
    /// In trouble: pressed by mistake.
    HelpMistake,
    /// Not well: tell those who watch.
    TellUnwell,
    /// Not well: it is all right.
    AllRight,
    /// The answer of this moment was not meant as one, and neither was the end of the case that it ended.
    NotMeant(Moment, Option<CaseId>),
    /// Rest for so many days from today.
    PauseDays(u8, Why),
    /// Choose the last day of a rest; the day comes with the press.
    PausePick(Why),
    /// Rest until this day, confirmed.
    PauseSure(Date, Why),
    /// Rest no longer.
    PauseEnd,
    /// Somebody's rest still holds.
    StillPaused(PersonId),
    /// Somebody's rest is over.
    PauseOver(PersonId),
    /// Let somebody rest for so many days.
    PauseFor(PersonId, u8, Why),
    /// Stop.
    Leave,
    /// Stop being watched over, confirmed.
    LeaveSure,
    /// Stop watching in a team.
    LeaveTeam(TeamId),
    /// Stop watching in a team, confirmed.
    LeaveTeamSure(TeamId),
    /// Stop watching in a team, and let the office watch.
    HandOver(TeamId),
    /// Do not stop.
    Stay,
    /// Another interval and hour.
    Retime,
    /// How those whom I watch are.
    Overview,
    /// How one of them is.
    LookAt(PersonId),
    /// I met them, they are well.
    Proxy(PersonId),
    /// What is known about me.
    MyPage,
    /// The day's quote: show or leave out.
    Quotes(bool),
    /// What a team can decide.
    TeamSettings(TeamId),
    /// No alerts at night, or also then.
    TeamQuiet(TeamId, bool),
    /// Whether the office is told when nobody takes an alert.
    TeamOffice(TeamId, bool),
    /// The day's quote for a team's members.
    TeamQuotes(TeamId, bool),
    /// Another code for the leaflet of a team; the present one works no longer.
    NewLeaflet(TeamId),
    /// Another proposal of interval and hour for new members.
    TeamRetime(TeamId),
    /// Let somebody watch in a team.
    Approve(TeamId, PersonId),
    /// Do not.
    Refuse(TeamId, PersonId),
    /// A soft case: done.
    SoftDone(CaseId),
    /// A mail address as the second way.
    Mail,
    /// No mail any more.
    NoMail,
    /// I live somewhere else, by another clock.
    Zone,
    /// There: the IANA name of its zone.
    LiveIn(&'static str),
    /// Said to a bulletin.
    Bulletin(BulletinId, Word),
    /// In a group: I lead.
    GroupLead(GroupId),
    /// In a group: I take part.
    GroupTakePart(GroupId),
    /// In a group: other days and hours.
    GroupTimes(GroupId),
    /// In a group: days between questions.
    GroupInterval(GroupId, Interval),
    /// In a group: show all 24 hours.
    GroupHours(GroupId, Interval),
    /// In a group: days between questions, and the hour.
    GroupHour(GroupId, Interval, Hour),
    /// "I am well", on the question to a group.
    GroupWell(GroupId, Moment),
    /// "I will call them", on the word about who is missing.
    GroupCall(GroupId, Moment),
    /// In a group: who takes part.
    GroupPeople(GroupId),
    /// In a group: rest for so many days from today.
    GroupRest(GroupId, u8),
    /// In a group: rest no longer.
    GroupBack(GroupId),
    /// In a group: somebody else may lead.
    GroupHandOver(GroupId),
    /// In a group: words in the chat count as answers, or the button alone.
    GroupWords(GroupId, bool),
}

impl Press {
    /// The group for whose chat it was made, if it was made for one.
    #[must_use]
    pub fn group(self) -> Option<GroupId> {
        match self {
            Self::GroupLead(group)
            | Self::GroupTakePart(group)
            | Self::GroupTimes(group)
            | Self::GroupInterval(group, _)
            | Self::GroupHours(group, _)
            | Self::GroupHour(group, ..)
            | Self::GroupWell(group, _)
            | Self::GroupCall(group, _)
            | Self::GroupPeople(group)
            | Self::GroupRest(group, _)
            | Self::GroupBack(group)
            | Self::GroupHandOver(group)
            | Self::GroupWords(group, _) => Some(group),
            _ => None,
        }
    }
}
