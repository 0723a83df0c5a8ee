//! A case: something about a person that a human has to look at. Opened by an alert, claimed by
//! one manager, closed with an outcome or by the person's own answer.

use super::id::{CaseId, PersonId};
use super::time::Moment;

/// Why a case was opened. Three different troubles; they are never mixed up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The question and the resend were accepted by LINE, and nothing came back.
    NoAnswer,
    /// The question could not be handed to LINE: nothing is known about the person.
    NotSent,
    /// LINE cannot bring messages to the person any more (blocked, deleted).
    Unreachable,
}

/// A case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The number of this case.
    pub id: CaseId,
    /// Whom it is about.
    pub person: PersonId,
    /// Why it was opened.
    pub trouble: Trouble,
    /// When it was opened.
    pub opened_at: Moment,
    /// The due time of the round that led to it: an answer at or after it is good news.
    pub round_due_at: Moment,
    /// Who was to be told, and how that went.
    pub receivers: Vec<Receiver>,
    /// Who goes.
    pub claim: Option<Claim>,
    /// Whether a manager reported that the person cannot be reached.
    pub no_contact: bool,
    /// Whether a manager called ambulance or police. The person's own answer then no longer
    /// closes the case.
    pub called_emergency: bool,
    /// Whether everyone alerted has been told that the person is well.
    pub cleared: bool,
    /// The end.
    pub closed: Option<Closed>,
}

impl Case {
    /// Whether someone still has to look.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The person who claimed it.
    #[must_use]
    pub fn claimer(&self) -> Option<PersonId> {
        self.claim.as_ref().map(|claim| claim.by)
    }
}

/// One who was to be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receiver {
    /// Who.
    pub person: PersonId,
    /// How that went.
    pub told: Told,
}

/// How telling someone went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// On its way.
    Queued,
    /// Accepted by LINE. That it was *seen* is known only when somebody presses.
    Accepted,
    /// Will never arrive this way.
    Failed,
    /// Taken back before it left.
    Withdrawn,
}

/// "I will look."
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Who.
    pub by: PersonId,
    /// When, by LINE's timestamp.
    pub at: Moment,
}

/// The end of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed {
    /// When.
    pub at: Moment,
    /// Who closed it; `None` when the person's own answer did.
    pub by: Option<PersonId>,
    /// What it was.
    pub outcome: Outcome,
}

/// What a case turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// The person answered.
    Answered,
    /// Found well; why is not (yet) said.
    Well,
    /// Forgot to press.
    Forgot,
    /// The phone had trouble.
    PhoneTrouble,
    /// Was travelling.
    Travel,
    /// Is in hospital.
    Hospital,
    /// Fell or was ill.
    Unwell,
    /// An ambulance came.
    Ambulance,
    /// Has died.
    Died,
    /// Could not be reached; handed on.
    HandedOn,
    /// A false alarm.
    FalseAlarm,
    /// Something else.
    Other,
}

impl Outcome {
    /// Every outcome, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 12] = [
        Self::Answered,
        Self::Well,
        Self::Forgot,
        Self::PhoneTrouble,
        Self::Travel,
        Self::Hospital,
        Self::Unwell,
        Self::Ambulance,
        Self::Died,
        Self::HandedOn,
        Self::FalseAlarm,
        Self::Other,
    ];

    /// The reasons a manager is offered after "was well".
    pub const REASONS: [Self; 4] = [Self::Forgot, Self::PhoneTrouble, Self::Travel, Self::Other];
}
