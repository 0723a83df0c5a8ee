//! What a button says when it is pressed. Buttons in a chat never expire: any of these can come
//! back months later, many times, or from someone who was shown the message by another.

use super::case::Outcome;
use super::id::{CaseId, PersonId, TeamId};
use super::invitation::{Code, CodeKind};
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
    /// "Something is wrong", on the menu that is always there.
    Trouble,
    /// "No questions for a while", on the menu.
    Pause,
}
