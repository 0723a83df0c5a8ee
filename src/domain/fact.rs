//! What was decided, for the journal: ids and moments only, never a name or a text.

use super::case::{Outcome, Trouble};
use super::event::Failure;
use super::id::{CaseId, PersonId, TeamId};
use super::invitation::CodeKind;
use super::staff::StaffFact;
use super::team::{Role, TeamKind};
use super::time::Moment;

/// One entry of the journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A person was seen for the first time.
    Met(PersonId),
    /// A person agreed to the terms.
    Consented(PersonId),
    /// A team was made.
    TeamMade(TeamId, TeamKind),
    /// A person joined a team.
    Joined(PersonId, TeamId, Role),
    /// A schedule was set; its next question is due then.
    Scheduled(PersonId, Moment),
    /// An invitation was made.
    Invited(PersonId, TeamId, CodeKind),
    /// A wrong code was sent.
    WrongCode(PersonId),
    /// A question is due and on its way; the due time names the round.
    Asking(PersonId, Moment),
    /// LINE accepted the question of the round.
    Asked(PersonId, Moment),
    /// The resend is on its way.
    Resending(PersonId, Moment),
    /// LINE accepted the resend.
    Resent(PersonId, Moment),
    /// An answer closed the round.
    Answered(PersonId, Moment),
    /// A sign of life when nothing was open.
    WellAnyway(PersonId),
    /// A press from before the question of the open round.
    StalePress(PersonId, Moment),
    /// A case was opened.
    CaseOpened(CaseId, PersonId, Trouble),
    /// A manager was to be told of a case.
    Alerting(CaseId, PersonId),
    /// LINE accepted the alert to a manager.
    Alerted(CaseId, PersonId),
    /// An alert was taken back before it left.
    AlertWithdrawn(CaseId, PersonId),
    /// A case has nobody who could be told.
    NobodyToTell(CaseId),
    /// A case is still open while another round went unanswered.
    StillSilent(CaseId, PersonId),
    /// A manager claimed a case.
    Claimed(CaseId, PersonId),
    /// A manager reported that the person cannot be reached.
    NoContact(CaseId, PersonId),
    /// A manager called ambulance or police.
    EmergencyCalled(CaseId, PersonId),
    /// A case was closed, by this person.
    Closed(CaseId, PersonId, Outcome),
    /// Everyone alerted is told that the person is well; this many.
    AllClear(CaseId, u32),
    /// A manager confirmed that test alerts arrive.
    Receives(PersonId, TeamId),
    /// LINE cannot bring messages to a person any more.
    Unreachable(PersonId),
    /// It can again.
    ReachableAgain(PersonId),
    /// A message could not be delivered to a person.
    Undelivered(PersonId, Failure),
    /// A button was pressed by somebody whom it does not concern, or was forged.
    NotTheirs(PersonId),
    /// The step of an event failed and was set aside.
    SetAside,
    /// Something about an account of staff.
    Staff(StaffFact),
}
