//! A case: something about a person that a human has to look at. Opened by an alert, claimed by
//! one manager, closed with an outcome or by the person's own answer.

use super::id::{CaseId, PersonId, StaffId};
use super::ladder::Rung;
use super::rules::{Rules, TIMER_SLACK};
use super::time::Moment;

/// Why a case was opened. Different troubles; they are never mixed up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Trouble {
    /// The question and the resend were accepted by LINE, and nothing came back.
    NoAnswer,
    /// The question could not be handed to LINE: nothing is known about the person.
    NotSent,
    /// LINE cannot bring messages to the person any more (blocked, deleted).
    Unreachable,
    /// Nothing came back, but we could not have heard it: nothing is known about the person.
    Unheard,
    /// The person asks for help.
    Help,
    /// The person does not feel well.
    Unwell,
    /// The person would like to talk.
    WantsTalk,
    /// The person pressed "I am in trouble", and nothing after it.
    Called,
    /// The person has no LINE, and nobody has phoned them.
    NotPhoned,
}

impl Trouble {
    /// All troubles, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 9] = [
        Self::NoAnswer,
        Self::NotSent,
        Self::Unreachable,
        Self::Unheard,
        Self::Help,
        Self::Unwell,
        Self::WantsTalk,
        Self::Called,
        Self::NotPhoned,
    ];

    /// Whether it is told once and climbs no ladder.
    #[must_use]
    pub fn is_soft(self) -> bool {
        match self {
            Self::Unwell | Self::WantsTalk => true,
            Self::NoAnswer
            | Self::NotSent
            | Self::Unreachable
            | Self::Unheard
            | Self::Help
            | Self::Called
            | Self::NotPhoned => false,
        }
    }

    /// Whether it is told at any hour: somebody may lie on the floor.
    #[must_use]
    pub fn breaks_the_night(self) -> bool {
        matches!(self, Self::Help | Self::Called)
    }

    /// Whether the person's own sign of life ends it. Someone who asks for help is alive, and
    /// still needs help.
    #[must_use]
    pub fn ends_with_answer(self) -> bool {
        match self {
            Self::NoAnswer
            | Self::NotSent
            | Self::Unreachable
            | Self::Unheard
            | Self::NotPhoned => true,
            Self::Help | Self::Unwell | Self::WantsTalk | Self::Called => false,
        }
    }
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
    /// What its timer does next.
    pub rung: Rung,
    /// When that is.
    pub rung_at: Moment,
    /// When everyone was last asked to take it.
    pub raised_at: Moment,
    /// When the heads of the organization were told.
    pub escalated_at: Option<Moment>,
    /// Since when the office sees it.
    pub office_since: Option<Moment>,
    /// Whether there was nobody who could be told.
    pub nobody: bool,
    /// What a reader has to know about how it came about.
    pub mark: Mark,
    /// When those are told who want no alert at night.
    pub deferred_until: Option<Moment>,
}

/// What a reader has to know about how a case came about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// It is late, because our service stood still.
    Late,
    /// The time of our machine could not be proven.
    TimeUnproven,
    /// The second call did not arrive: the person was asked once.
    AskedOnce,
}

impl Mark {
    /// All marks, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::None, Self::Late, Self::TimeUnproven, Self::AskedOnce];
}

/// Who does something with a case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Actor {
    /// Somebody on LINE.
    Person(PersonId),
    /// One of the staff, at the board.
    Staff(StaffId),
}

impl Actor {
    /// The person, if it is one.
    #[must_use]
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Staff(_) => None,
        }
    }
}

impl Case {
    /// Whether its timer, or its alert, is of days to come: left behind by a clock that ran ahead of `now`.
    #[must_use]
    pub fn is_ahead(&self, due_at: Moment, now: Moment, rules: &Rules) -> bool {
        due_at > now + rules.case_timer_max() + TIMER_SLACK || self.raised_at > now
    }

    /// What is noted of days to come is of `now`, so that it climbs from here, and an answer of today ends it.
    pub fn come_back(&mut self, now: Moment) {
        let back = |at: &mut Moment| *at = (*at).min(now);
        back(&mut self.opened_at);
        back(&mut self.round_due_at);
        back(&mut self.raised_at);
        self.escalated_at.as_mut().map(back);
        self.office_since.as_mut().map(back);
        if let Some(claim) = &mut self.claim {
            back(&mut claim.at);
        }
    }

    /// Whether someone still has to look.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// A case as it begins: nobody has taken it, and its timer does `rung` next.
    #[must_use]
    pub fn opened(
        (id, person): (CaseId, PersonId),
        trouble: Trouble,
        now: Moment,
        round_due_at: Moment,
        (rung, rung_at): (Rung, Moment),
    ) -> Self {
        Self {
            id,
            person,
            trouble,
            opened_at: now,
            round_due_at,
            receivers: Vec::new(),
            claim: None,
            no_contact: false,
            called_emergency: false,
            cleared: false,
            closed: None,
            rung,
            rung_at,
            raised_at: now,
            escalated_at: None,
            office_since: None,
            nobody: false,
            mark: Mark::None,
            deferred_until: None,
        }
    }

    /// Who claimed it.
    #[must_use]
    pub fn claimer(&self) -> Option<Actor> {
        self.claim.as_ref().map(|claim| claim.by)
    }

    /// The receiver's entry, if this person was to be told.
    #[must_use]
    pub fn receiver(&self, person: PersonId) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.person == person)
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
    /// Not told yet, because the team wants no alert at night.
    Deferred,
    /// A letter was sent, because LINE cannot bring it or has not taken it in time.
    ByMail,
    /// Tried for as long as LINE's retry key protects, and no answer ever came that says whether it arrived.
    Unsure,
}

/// "I will look."
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Who.
    pub by: Actor,
    /// When, by LINE's timestamp.
    pub at: Moment,
}

/// The end of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed {
    /// When.
    pub at: Moment,
    /// Who closed it; `None` when the person's own answer did.
    pub by: Option<Actor>,
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
    /// Has moved away.
    Moved,
    /// Lives in a care home now.
    CareHome,
}

impl Outcome {
    /// Every outcome, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 14] = [
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
        Self::Moved,
        Self::CareHome,
    ];

    /// The reasons a manager is offered first after "was well".
    pub const REASONS: [Self; 4] = [Self::Forgot, Self::PhoneTrouble, Self::Travel, Self::Other];

    /// The outcomes behind "other": what it turned out to be, in the order of a list.
    pub const MORE: [Self; 8] = [
        Self::Hospital,
        Self::Unwell,
        Self::Ambulance,
        Self::HandedOn,
        Self::FalseAlarm,
        Self::Moved,
        Self::CareHome,
        Self::Died,
    ];

    /// Whether it ends the watch over the person: no greeting may follow.
    #[must_use]
    pub fn ends_watch(self) -> bool {
        matches!(self, Self::Died | Self::Moved | Self::CareHome)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Moment = Moment::from_seconds(1_800_000_000);
    const HOUR: Duration = Duration::from_secs(3600);
    const INSTANT: Duration = Duration::from_millis(1);

    fn case(at: Moment) -> Case {
        let ids = (CaseId(7), PersonId(3));
        Case::opened(ids, Trouble::NoAnswer, at, at - 27 * HOUR, (Rung::Remind, at + HOUR))
    }

    #[test]
    fn a_case_is_ahead_if_no_timer_of_now_is_that_far_or_its_alert_is_to_come() {
        let rules = Rules::default();
        let latest = NOW + rules.case_timer_max() + TIMER_SLACK;
        let here = case(NOW);
        assert!(
            !here.is_ahead(latest, NOW, &rules) && here.is_ahead(latest + INSTANT, NOW, &rules)
        );
        let to_come = case(NOW + INSTANT);
        assert!(to_come.is_ahead(NOW, NOW, &rules), "its alert is of a moment to come");
    }

    #[test]
    fn what_a_case_notes_of_days_to_come_is_of_now_and_the_past_stays() {
        let later = NOW + 1000 * HOUR;
        let by = Actor::Person(PersonId(9));
        let at = |moment: Moment| Case {
            round_due_at: moment,
            escalated_at: Some(moment),
            office_since: Some(moment),
            claim: Some(Claim { by, at: moment }),
            ..case(moment)
        };
        let mut ahead = at(later);
        ahead.come_back(NOW);
        assert_eq!(ahead, Case { rung_at: later + HOUR, ..at(NOW) });
        let mut past = at(NOW - HOUR);
        past.come_back(NOW);
        assert_eq!(past, at(NOW - HOUR));
    }
}
