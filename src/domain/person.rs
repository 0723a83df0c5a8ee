//! A person: who is asked, who watches, or both; and where the conversation with them stands.

use jiff::civil::Date;

use super::case::{Outcome, Trouble};
use super::id::{Address, CaseId, PersonId, TeamId};
use super::invitation::Code;
use super::mail::MailAddress;
use super::membership::Membership;
use super::name::Name;
use super::pause::Pause;
use super::round::Round;
use super::rules::{
    CLOCK_SLACK, CODE_TRIES_MAX, CODE_TRIES_WINDOW, DAY, LOST_AGAIN, Rules, TIMER_SLACK,
};
use super::schedule::{Interval, Schedule, Zone};
use super::team::{Role, TeamKind};
use super::time::Moment;

/// A person: known from their own act on LINE, or registered by the office because they have no LINE.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The number of this person.
    pub id: PersonId,
    /// Their chat on LINE; `None` for somebody who has none and whom the office phones.
    pub address: Option<Address>,
    /// How they want to be called; `None` until they said so.
    pub name: Option<Name>,
    /// Their zone.
    pub zone: Zone,
    /// When they were first seen.
    pub since: Moment,
    /// The consent they gave, if any.
    pub consent: Option<Consent>,
    /// Whether messages can arrive.
    pub reach: Reach,
    /// The watch over this person, if they are asked.
    pub watch: Option<Watch>,
    /// What the conversation is waiting for.
    pub talk: Talk,
    /// Wrong codes sent lately.
    pub tries: Tries,
    /// Whether the day's quote stands under the question.
    pub quotes: bool,
    /// The day of the last digest of open cases to this person.
    pub digested_on: Option<Date>,
    /// When this person, as one who watches, was last asked to prove that alerts arrive.
    pub tested_at: Option<Moment>,
    /// When they last answered in a group: whoever is in several has shown in one that they are well.
    pub in_group_at: Option<Moment>,
    /// How the watch over this person ended, if it did.
    pub ended: Option<Ended>,
    /// The mail address they proved to be theirs.
    pub mail: Option<Mail>,
    /// A mail address they gave, before a number from a first letter came back. The one that was proven
    /// before stays until then.
    pub mail_offered: Option<MailAddress>,
    /// Until when they are a member, where that has an end.
    pub membership: Option<Membership>,
}

impl Person {
    /// Where mail reaches this person, if they confirmed that it does.
    #[must_use]
    pub fn mailbox(&self) -> Option<&MailAddress> {
        self.mail.as_ref().map(|mail| &mail.address)
    }

    /// Whether the watch ended because they died: nobody writes to them any more.
    #[must_use]
    pub fn has_died(&self) -> bool {
        self.ended.is_some_and(|ended| ended.why == EndReason::Died)
    }

    /// Someone who was just seen for the first time.
    #[must_use]
    pub fn met(id: PersonId, address: Address, now: Moment) -> Self {
        let reach = Reach { reachable: true, changed_at: Moment::from_millis(i64::MIN) };
        Self { address: Some(address), reach, ..Self::blank(id, now) }
    }

    fn blank(id: PersonId, now: Moment) -> Self {
        Self {
            id,
            address: None,
            name: None,
            zone: Zone::default(),
            since: now,
            consent: None,
            reach: Reach { reachable: false, changed_at: Moment::from_millis(i64::MIN) },
            watch: None,
            talk: Talk::Idle,
            tries: Tries::default(),
            quotes: true,
            digested_on: None,
            tested_at: None,
            in_group_at: None,
            ended: None,
            mail: None,
            mail_offered: None,
            membership: None,
        }
    }

    /// Somebody without LINE, as the office writes them down.
    #[must_use]
    pub fn phoned(id: PersonId, name: Name, now: Moment) -> Self {
        Self { name: Some(name), ..Self::blank(id, now) }
    }

    /// Whether they have no LINE and are phoned.
    #[must_use]
    pub fn is_phoned(&self) -> bool {
        self.address.is_none()
    }

    /// Whether LINE brings messages to them.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.address.is_some() && self.reach.reachable
    }

    /// Whether they are on LINE and it brings nothing to them any more.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.address.is_some() && !self.reach.reachable
    }

    /// Whether something that was told them, or what LINE said of them, is noted of days to come: nothing of today would count.
    #[must_use]
    pub fn was_told_later(&self, now: Moment) -> bool {
        // Their zone may have been another one on that day.
        let latest = self.zone.local(now + DAY).date();
        self.digested_on.is_some_and(|day| day > latest)
            || self.reach.changed_at > now + CLOCK_SLACK
    }

    /// What is noted of days to come is of `now`, and what was agreed by a clock that ran ahead holds from here on.
    pub fn come_back(&mut self, now: Moment) {
        let today = self.zone.local(now).date();
        self.digested_on = self.digested_on.filter(|day| *day <= today);
        self.reach.changed_at = self.reach.changed_at.min(now);
        if let Some(watch) = &mut self.watch {
            watch.come_back(now);
        }
    }

    /// Whether their timer, or what is noted of their round, is of days to come: left behind by a clock that ran ahead of
    /// `now`.
    #[must_use]
    pub fn is_ahead(&self, due_at: Moment, now: Moment, rules: &Rules) -> bool {
        match &self.watch {
            // They are looked at again some day.
            Some(_) if self.is_lost() => due_at > now + LOST_AGAIN + TIMER_SLACK,
            Some(watch) => {
                watch.is_ahead(due_at, now, rules) || self.was_called_too_soon(now, rules)
            }
            None => false,
        }
    }

    /// Whether their second call came before its time. Whoever is phoned is called whenever somebody can.
    #[must_use]
    pub fn was_called_too_soon(&self, now: Moment, rules: &Rules) -> bool {
        let round = self.watch.as_ref().and_then(|watch| watch.round.as_ref());
        !self.is_phoned() && round.is_some_and(|round| round.is_hasty(now, rules))
    }

    /// Whether terms were agreed to, of this version or a newer one.
    #[must_use]
    pub fn has_consented(&self, version: u16) -> bool {
        self.consent.as_ref().is_some_and(|consent| consent.version >= version)
    }
}

/// A mail address as the second way to reach somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mail {
    /// The address.
    pub address: MailAddress,
    /// When the number in a first letter came back.
    pub confirmed_at: Moment,
}

/// The end of a watch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// When.
    pub at: Moment,
    /// Why.
    pub why: EndReason,
}

/// Why a watch ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EndReason {
    /// The person wanted it.
    OwnWish,
    /// Has died.
    Died,
    /// Has moved away.
    Moved,
    /// Lives in a care home now.
    CareHome,
}

impl EndReason {
    /// All reasons, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::OwnWish, Self::Died, Self::Moved, Self::CareHome];

    /// The end that an outcome means, if it means one.
    #[must_use]
    pub fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Died => Some(Self::Died),
            Outcome::Moved => Some(Self::Moved),
            Outcome::CareHome => Some(Self::CareHome),
            Outcome::Answered
            | Outcome::Well
            | Outcome::Forgot
            | Outcome::PhoneTrouble
            | Outcome::Travel
            | Outcome::Hospital
            | Outcome::Unwell
            | Outcome::Ambulance
            | Outcome::HandedOn
            | Outcome::FalseAlarm
            | Outcome::Other => None,
        }
    }
}

/// An agreement to the terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consent {
    /// Which text.
    pub version: u16,
    /// When, by LINE's timestamp of the press.
    pub at: Moment,
}

/// Whether LINE brings our messages to the person. A push to someone who blocked the account
/// *succeeds*, so this is known only from LINE's events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reach {
    /// Whether messages can arrive.
    pub reachable: bool,
    /// LINE's timestamp of the newest event that said anything about it; older ones are ignored.
    pub changed_at: Moment,
}

/// The watch over a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watch {
    /// When they are asked.
    pub schedule: Schedule,
    /// When the watch began.
    pub since: Moment,
    /// The open round.
    pub round: Option<Round>,
    /// The open case.
    pub case: Option<CaseId>,
    /// The last sign of life, by LINE's timestamp.
    pub last_answer_at: Option<Moment>,
    /// The due time of the last round that was answered.
    pub answered_due_at: Option<Moment>,
    /// The rest, if one was agreed.
    pub pause: Option<Pause>,
    /// The open soft case.
    pub soft: Option<CaseId>,
    /// The open case of a press on "I am in trouble" that nothing followed.
    pub call: Option<CaseId>,
    /// The last answer, while it can still be taken back as a mistake.
    pub undo: Option<Undo>,
}

/// A round that an answer closed, kept for a while in case it was pressed by mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undo {
    /// When it was answered.
    pub at: Moment,
    /// The round as it was.
    pub round: Round,
    /// When its timer was due.
    pub timer_at: Moment,
    /// The sign of life before.
    pub last_answer_at: Option<Moment>,
    /// The trouble that it cleared, if it did.
    pub trouble: Option<Trouble>,
}

impl Watch {
    /// When they are asked next, if their timer stands at `timer`: after a rest, out of turn, or later than on the next
    /// regular day because of an answer ahead of it.
    #[must_use]
    pub fn asked_next(&self, timer: Option<Moment>, now: Moment) -> Moment {
        match (&self.pause, &self.round, timer) {
            (Some(pause), ..) => pause.resumes_at(&self.schedule),
            (None, None, Some(timer)) => timer,
            (None, ..) => self.schedule.next_after(now),
        }
    }

    fn is_ahead(&self, due_at: Moment, now: Moment, rules: &Rules) -> bool {
        let next = self.schedule.next_after(now);
        let latest = match (&self.pause, &self.round) {
            (Some(pause), _) => pause.next(&self.schedule).at().max(next),
            // Whoever answered before the next question is asked the one after it.
            (None, None) if self.schedule.asks_at(due_at) => self.schedule.next_after(next),
            // Held back for a while, and never past the next question.
            (None, None) => next,
            (None, Some(_)) => self.schedule.next_after(next).max(now + rules.round_timer_max()),
        };
        due_at > latest + TIMER_SLACK
            || self.schedule.is_ahead(now)
            || self.pause.as_ref().is_some_and(|pause| pause.since > now)
            || self.round.as_ref().is_some_and(|round| round.is_ahead(now))
    }

    /// What was agreed by a clock that ran ahead holds from `now` on: the same days and hours, a rest as long.
    fn come_back(&mut self, now: Moment) {
        if self.schedule.is_ahead(now) {
            let Schedule { interval, hour, zone, .. } = self.schedule.clone();
            self.schedule = Schedule::starting(interval, hour, zone, now);
        }
        if let Some(pause) = self.pause.as_mut().filter(|pause| pause.since > now) {
            pause.begin_at(now, self.schedule.zone.local(now).date());
        }
    }

    /// A watch that begins now.
    #[must_use]
    pub fn starting(schedule: Schedule, now: Moment) -> Self {
        Self {
            schedule,
            since: now,
            round: None,
            case: None,
            last_answer_at: None,
            answered_due_at: None,
            pause: None,
            soft: None,
            call: None,
            undo: None,
        }
    }
}

/// What the conversation with a person is waiting for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Talk {
    /// Nothing.
    Idle,
    /// An invitation code.
    Code,
    /// The next answer of a registration.
    Setup(Setup),
    /// A new interval and hour: the interval first, then the hour.
    Retime(Option<Interval>),
    /// A new zone.
    Zone,
    /// A mail address.
    Mail,
    /// The number from the letter to a new mail address.
    MailCode,
    /// A new proposal of a team for its members.
    TeamRetime(TeamId, Option<Interval>),
}

/// A registration in progress.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setup {
    /// What it leads to.
    pub aim: Aim,
    /// What is asked now.
    pub step: SetupStep,
}

/// What a registration leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Aim {
    /// To be asked, in a new team of one's own.
    BeWatched,
    /// To watch others, in a new team.
    KeepWatch,
    /// To join a team by a code.
    Join {
        /// The code.
        code: Code,
        /// As what.
        role: Role,
    },
}

/// The questions of a registration, in the order in which they can come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SetupStep {
    /// Agree to the terms.
    Consent,
    /// How to be called.
    Name,
    /// The name of a new team.
    TeamName,
    /// Family or organization.
    TeamKind(Name),
    /// Days between questions.
    Interval,
    /// Hour of the day.
    Hour(Interval),
}

/// Kinds a person can choose for a team of their own; offices are made by staff.
pub const CHOSEN_KINDS: [TeamKind; 2] = [TeamKind::Personal, TeamKind::Organization];

/// Counts wrong codes, so that nobody can guess one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tries {
    /// Begin of the window.
    pub since: Moment,
    /// Wrong codes in it.
    pub count: u8,
}

impl Default for Tries {
    fn default() -> Self {
        Self { since: Moment::EPOCH, count: 0 }
    }
}

impl Tries {
    /// Whether another code may be tried now.
    #[must_use]
    pub fn may_try(&self, now: Moment) -> bool {
        self.count < CODE_TRIES_MAX || now.since(self.since) >= CODE_TRIES_WINDOW
    }

    /// Counts a wrong code, or a letter with a number that was asked for.
    pub fn add(&mut self, now: Moment) {
        if now.since(self.since) >= CODE_TRIES_WINDOW {
            *self = Self { since: now, count: 0 };
        }
        self.count = self.count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn ten_wrong_codes_an_hour_and_no_more() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut tries = Tries::default();
        for n in 0..10 {
            let now = start + Duration::from_secs(n);
            assert!(tries.may_try(now));
            tries.add(now);
        }
        assert!(!tries.may_try(start + Duration::from_secs(3599)));
        assert!(tries.may_try(start + Duration::from_secs(3600)));
    }
}
