//! What was decided, for the journal: ids and moments only, never a name or a text.

mod about;

use super::case::{Actor, Outcome, Trouble};
use super::event::Failure;
use super::id::{BulletinId, CaseId, GroupId, PersonId, TeamId};
use super::invitation::CodeKind;
use super::person::EndReason;
use super::service::BackupFault;
use super::staff::StaffFact;
use super::team::{Policy, Role, TeamKind};
use super::time::Moment;
use super::vitals::Ailment;

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
    /// Somebody claimed a case.
    Claimed(CaseId, Actor),
    /// A manager reported that the person cannot be reached.
    NoContact(CaseId, PersonId),
    /// Somebody called ambulance or police.
    EmergencyCalled(CaseId, Actor),
    /// A case was closed, by one of those who look after it, or by the person's own answer.
    Closed(CaseId, Actor, Outcome),
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
    /// Everyone was asked again to take a case.
    Reminded(CaseId),
    /// The heads of the organization were told of a case.
    Escalated(CaseId),
    /// The office sees a case from here on.
    OfficeTold(CaseId),
    /// A claim lapsed; by whom it was made.
    ClaimLapsed(CaseId, Actor),
    /// Whoever claimed a case was asked how it stands.
    Nudged(CaseId),
    /// A case was told again in a daily digest.
    Digested(CaseId),
    /// Those who want no alert at night were told of a case.
    DeferredTold(CaseId),
    /// The process started, after it was last known to live at this moment.
    Started(Moment),
    /// Nothing could be heard since this moment.
    Deaf(Moment),
    /// What people say is heard again.
    HearsAgain(Moment),
    /// An apology for not having heard is on its way, within the round of this due time.
    Apologising(PersonId, Moment),
    /// LINE accepted the apology.
    Apologised(PersonId, Moment),
    /// The report of a person was held back.
    Held(PersonId),
    /// The time of the machine is doubted.
    TimeDoubted,
    /// The time of the machine is believed again.
    TimeProven,
    /// An implausible number of alerts is held back.
    BreakerHolds,
    /// Alerts pass again.
    BreakerReleased,
    /// The watch over a person ended.
    WatchEnded(PersonId, EndReason),
    /// People were told that nothing can be sent, since this moment.
    OutageTold(Moment),
    /// What waited since this moment can be sent again.
    OutageOver(Moment),
    /// Someone who would have been forgotten was found, and is asked.
    Stray(PersonId),
    /// Whoever watches did not answer the yearly test: it is not known whether alerts arrive.
    TestUnanswered(PersonId),
    /// A case in which somebody still has to look had no timer, and got one.
    StrayCase(CaseId),
    /// The data came out of a copy of this moment.
    Restored(Moment),
    /// The office was told that something keeps the service from its work.
    Ails(Ailment),
    /// Everyone was asked afresh after that.
    MadeGood,
    /// A copy of the data as of this moment was made and found sound.
    BackedUp(Moment),
    /// No copy of the data could be made.
    NotBackedUp(BackupFault),
    /// Somebody lived through a whole round of practice on this phone.
    Rehearsed(PersonId),
    /// Everyone was counted: so many are watched, so many were found without a timer.
    Audited(u32, u32),
    /// One who watches is to prove again that alerts arrive.
    TestedAgain(PersonId),
    /// Nobody who watches in a team can be reached any more.
    TeamUnwatched(TeamId),
    /// The question of this due time was answered before it was asked.
    AnsweredEarly(PersonId, Moment),
    /// The answer to the question of this due time was taken back.
    TakenBack(PersonId, Moment),
    /// Somebody answered for a person.
    AnsweredFor(PersonId, Actor),
    /// A person said that they are in trouble.
    InTrouble(PersonId),
    /// A rest began; who asked for it.
    PauseBegan(PersonId, Actor),
    /// Those who watch were asked whether a rest still holds.
    PausePinged(PersonId),
    /// Somebody who watches said that it does.
    PauseHolds(PersonId, PersonId),
    /// A rest is over.
    PauseEnded(PersonId),
    /// Letters to somebody who watches arrive.
    MailConfirmed(PersonId),
    /// Somebody who watches is told of a case by letter.
    AlertedByMail(CaseId, PersonId),
    /// The office was warned that so many percent of the month's messages are used.
    QuotaWarned(u32),
    /// A question was not asked, because the rest of the month's messages is kept for alerts.
    NotAskedForQuota(PersonId),
    /// A team was handed over to the office.
    HandedOver(TeamId, PersonId),
    /// A manager left a team.
    ManagerLeft(PersonId, TeamId),
    /// Somebody changed what a team can decide.
    TeamChanged(TeamId, PersonId),
    /// Something about an account of staff.
    Staff(StaffFact),
    /// We came into a group that was not known.
    GroupMet(GroupId),
    /// We are in a group no more.
    GroupLeft(GroupId),
    /// Somebody leads a group.
    GroupLed(GroupId, PersonId),
    /// Somebody takes part in a group.
    TakesPart(PersonId, GroupId),
    /// Somebody takes part in a group no more.
    PartEnded(PersonId, GroupId),
    /// The days and hours of a group were set; its next question is due then.
    GroupScheduled(GroupId, Moment),
    /// A group rests.
    GroupRests(GroupId),
    /// A group rests no longer.
    GroupBack(GroupId),
    /// The question to a group is on its way; the due time names the round.
    GroupAsking(GroupId, Moment),
    /// LINE accepted the question to a group.
    GroupAsked(GroupId, Moment),
    /// Somebody answered in a group.
    GroupAnswered(PersonId, GroupId),
    /// The 23 hours of a group are over; so many who take part are missing.
    GroupReported(GroupId, u32),
    /// Somebody calls those who are missing in a group.
    GroupCalls(GroupId, PersonId),
    /// A group was not asked, because the rest of the month's messages is kept for alerts.
    GroupNotAskedForQuota(GroupId),
    /// A group that would have been forgotten was found, and is asked.
    GroupStray(GroupId),
    /// Said something to a bulletin.
    BulletinHeard(PersonId, BulletinId),
    /// Was told that the membership ends, or has ended.
    MembershipTold(PersonId),
    /// Came to the pages by a link.
    PageEntered(PersonId),
    /// So many of a person's browsers have no way to the pages any more.
    PagesLeft(PersonId, u32),
    /// What is known about the first was changed by the second.
    DetailsWritten(PersonId, PersonId),
    /// What is known about the first was looked at by the second.
    DetailsSeen(PersonId, PersonId),
    /// Is called otherwise from here on.
    Renamed(PersonId),
    /// Said something of the service.
    Opined(PersonId),
    /// The data file was written anew, and somebody who was forgotten is in none of its bytes.
    FileClean(PersonId),
    /// Somebody who was forgotten had come back with a copy, and was forgotten again.
    ErasedAgain(PersonId),
    /// Everything that is kept about somebody was taken out at the server's command line, for themselves.
    DossierTyped(PersonId),
    /// Everything that is kept about everyone was written out at the server's command line.
    ExportTyped,
    /// Agreed that so much may be written down in a family's team.
    Allowed(PersonId, TeamId, Policy),
}

impl Fact {
    /// The case whose story it belongs to, if it does.
    #[must_use]
    pub fn case(self) -> Option<CaseId> {
        match self {
            Self::CaseOpened(case, ..)
            | Self::Alerting(case, _)
            | Self::Alerted(case, _)
            | Self::AlertWithdrawn(case, _)
            | Self::NobodyToTell(case)
            | Self::StillSilent(case, _)
            | Self::Claimed(case, _)
            | Self::NoContact(case, _)
            | Self::EmergencyCalled(case, _)
            | Self::Closed(case, ..)
            | Self::AllClear(case, _)
            | Self::Reminded(case)
            | Self::Escalated(case)
            | Self::OfficeTold(case)
            | Self::ClaimLapsed(case, _)
            | Self::Nudged(case)
            | Self::Digested(case)
            | Self::DeferredTold(case)
            | Self::AlertedByMail(case, _) => Some(case),
            _ => None,
        }
    }
}
