//! A LINE group whose people ask each other whether they are well: one question to all of them, and 23 hours
//! later a gentle word about who has not answered. It needs no names but those that its people see of each
//! other anyway, and no telephone, address or illness at all.

use jiff::civil::Date;

use super::id::{Address, GroupId, PersonId};
use super::name::Name;
use super::rules::{Rules, TIMER_SLACK};
use super::schedule::Schedule;
use super::time::Moment;

/// People of one group who take part; LINE's own groups are no larger.
pub const PARTICIPANTS_MAX: usize = 500;

/// In a group of at most so many who take part, each press is answered with its place in the order.
pub const ORDER_SHOWN_MAX: usize = 12;

/// Names in one post; more are counted.
pub const NAMES_MAX: usize = 20;

/// Longest rest of a group, in days.
pub const GROUP_REST_DAYS_MAX: u8 = 30;

/// A group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// The number of this group.
    pub id: GroupId,
    /// Its chat.
    pub address: Address,
    /// When we came into it, the last time.
    pub since: Moment,
    /// When we were removed.
    pub left_at: Option<Moment>,
    /// Who decides about it.
    pub leader: Option<PersonId>,
    /// When it is asked; `None` until its leader chose.
    pub schedule: Option<Schedule>,
    /// The last day of a rest.
    pub rests_until: Option<Date>,
    /// Whether any word in the chat is an answer, and not only the button.
    pub words_count: bool,
    /// How many people are in it, us left out, as LINE last said; 0 before that.
    pub size: u32,
    /// When LINE was last asked for that.
    pub counted_at: Option<Moment>,
    /// Whether somebody takes part whose name LINE has not told yet.
    pub nameless: bool,
    /// The open round.
    pub round: Option<GroupRound>,
}

impl Group {
    /// A group into which we just came.
    #[must_use]
    pub fn met(id: GroupId, address: Address, now: Moment) -> Self {
        Self {
            id,
            address,
            since: now,
            left_at: None,
            leader: None,
            schedule: None,
            rests_until: None,
            words_count: false,
            size: 0,
            counted_at: None,
            nameless: false,
            round: None,
        }
    }

    /// Whether we are in it.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.left_at.is_none()
    }

    /// Whether its timer, or what is noted of its round, is of days to come: left behind by a clock that ran ahead of `now`.
    #[must_use]
    pub fn is_ahead(&self, due_at: Moment, now: Moment, rules: &Rules) -> bool {
        let latest = self.schedule.as_ref().map(|schedule| {
            let begins = self.rests_until.and_then(|day| schedule.zone.at(day.at(23, 59, 59, 0)));
            schedule.next_after(begins.unwrap_or(now).max(now)).max(now + rules.round_timer_max())
        });
        latest.is_some_and(|latest| due_at > latest + TIMER_SLACK)
            || self.round.as_ref().is_some_and(|round| round.is_ahead(now))
    }
}

/// One question to a group, and who answered it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupRound {
    /// The due time on the schedule; together with the group it names the round.
    pub due_at: Moment,
    /// When LINE accepted the question.
    pub asked_at: Option<Moment>,
    /// When its 23 hours were over.
    pub reported_at: Option<Moment>,
    /// Who answered, in the order of their presses.
    pub answers: Vec<Answer>,
    /// Who said that they would call those who are missing.
    pub caller: Option<PersonId>,
}

impl GroupRound {
    /// A round whose question is about to leave.
    #[must_use]
    pub fn asking(due_at: Moment) -> Self {
        Self { due_at, asked_at: None, reported_at: None, answers: Vec::new(), caller: None }
    }

    /// Whether it is of days to come: noted by a clock that ran ahead of `now`.
    #[must_use]
    pub fn is_ahead(&self, now: Moment) -> bool {
        let known = [Some(self.due_at), self.asked_at, self.reported_at];
        known.into_iter().flatten().any(|at| at > now)
    }

    /// Whether somebody answered.
    #[must_use]
    pub fn has(&self, person: PersonId) -> bool {
        self.answers.iter().any(|answer| answer.person == person)
    }
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Whose.
    pub person: PersonId,
    /// When, by LINE's timestamp.
    pub at: Moment,
}

/// Somebody who takes part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Participant {
    /// In which group.
    pub group: GroupId,
    /// Who.
    pub person: PersonId,
    /// As everyone in the group sees them; `None` until LINE told it. Used in this group alone.
    pub name: Option<Name>,
    /// Since when.
    pub since: Moment,
}
