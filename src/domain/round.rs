//! One question and what became of it: sent, sent again, reported, answered.

use std::time::Duration;

use super::id::PersonId;
use super::rules::{Rules, TIMER_SLACK};
use super::time::Moment;

/// Where a round stands. Each stage says what its timer will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// The question is on its way; the timer reports it as not sent.
    Asking,
    /// LINE accepted the question; the timer sends it again.
    Asked,
    /// The resend is on its way; the timer alerts.
    Resending,
    /// LINE accepted the resend; the timer alerts.
    Resent,
    /// The managers were told; the timer asks the next regular question.
    Reported,
}

/// A round of one person. There is never more than one open round per person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Round {
    /// The due time on the schedule: together with the person it names the round.
    pub due_at: Moment,
    /// Where it stands.
    pub stage: Stage,
    /// When LINE accepted the question.
    pub asked_at: Option<Moment>,
    /// When LINE accepted the resend.
    pub resent_at: Option<Moment>,
    /// When the managers were told.
    pub reported_at: Option<Moment>,
    /// The apology for not having heard, if one was sent.
    pub sorry: Option<Sorry>,
}

/// An apology: "we could not hear you, please press again".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sorry {
    /// How many were sent in this round.
    pub count: u8,
    /// Deafness up to here is reckoned with.
    pub heard_until: Moment,
    /// The wait that begins anew when LINE accepts it.
    pub wait: Duration,
    /// When LINE accepted it.
    pub accepted_at: Option<Moment>,
}

impl Round {
    /// When the present wait began: when LINE accepted what was last asked.
    #[must_use]
    pub fn waiting_since(&self) -> Option<Moment> {
        match self.stage {
            Stage::Asking | Stage::Reported => None,
            Stage::Asked | Stage::Resending => self.asked_at,
            Stage::Resent => self.resent_at,
        }
    }

    /// Whether it is of days to come: noted by a clock that ran ahead of `now`.
    #[must_use]
    pub fn is_ahead(&self, now: Moment) -> bool {
        let sorry_at = self.sorry.and_then(|sorry| sorry.accepted_at);
        let known = [Some(self.due_at), self.asked_at, self.resent_at, self.reported_at, sorry_at];
        known.into_iter().flatten().any(|at| at > now)
    }

    /// Whether its second call came before its time: by a clock that ran ahead of `now`.
    #[must_use]
    pub fn is_hasty(&self, now: Moment, rules: &Rules) -> bool {
        matches!(self.stage, Stage::Resending | Stage::Resent)
            && self.asked_at.is_some_and(|at| at + rules.resend_after > now + TIMER_SLACK)
    }

    /// A round whose question is about to leave.
    #[must_use]
    pub fn asking(due_at: Moment) -> Self {
        Self {
            due_at,
            stage: Stage::Asking,
            asked_at: None,
            resent_at: None,
            reported_at: None,
            sorry: None,
        }
    }
}

/// How a round ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The person answered.
    Answered,
    /// The next regular question took its place, unanswered.
    Superseded,
    /// The person can no longer be reached on LINE.
    Unreachable,
    /// A rest began.
    Paused,
    /// The watch ended.
    Left,
    /// Answered before it was asked.
    Early,
    /// A manager answered for the person.
    ByProxy,
}

impl Ending {
    /// All endings, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 7] = [
        Self::Answered,
        Self::Superseded,
        Self::Unreachable,
        Self::Paused,
        Self::Left,
        Self::Early,
        Self::ByProxy,
    ];
}

/// A finished round, kept for the person's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastRound {
    /// The round as it was when it ended.
    pub round: Round,
    /// How it ended.
    pub ending: Ending,
    /// When: LINE's timestamp of the answer, or the moment of the other endings.
    pub ended_at: Moment,
    /// Who of those who watch answered for the person.
    pub by: Option<PersonId>,
}
