//! The office of the simulated world: one worker who comes every day, looks at the board, and phones those who have no
//! LINE; who forgets some of it, and lets people rest who are away.

use std::time::Duration;

use super::arrivals::DAYS;
use super::server::Server;
use super::world::{Act, Done, World};
use crate::domain::case::{Actor, Case, Outcome};
use crate::domain::event::Event;
use crate::domain::id::{PersonId, StaffId};
use crate::domain::name::Name;
use crate::domain::pause::Why;
use crate::domain::person::EndReason;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::{
    Deed, DeskAct, FactorSecret, PasswordHash, Phoned, Scope, SecondFactor, StaffAct, StaffRole,
    TokenHash, Told,
};
use crate::domain::time::Moment;
use crate::locale::simulator as words;
use crate::platform::Dice;

/// How often in a day the worker looks.
const LOOKS_A_DAY: u64 = 3;

const HOUR: u64 = 3600;

/// The worker lets the wrong one rest, of those whose answer is awaited: one look in so many.
const WRONG_ONE_IN: u64 = 12;

/// Within so long the worker sees that it was the wrong one.
const SEEN_WITHIN_S: u64 = 1_200;

/// Who works there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Office {
    staff: StaffId,
}

impl Office {
    /// An office with one worker, who got a link and set up the account.
    pub(super) fn new(server: &mut Server, now: Moment) -> Done<Self> {
        let invitation = TokenHash::of("invitation");
        let act = |deed: Deed| Event::Staff(StaffAct { at: now, deed });
        let add = Deed::Add {
            name: Name::of_person(words::WORKER).expect("a name"),
            role: StaffRole::Admin,
            scope: Scope::Everything,
            mail: None,
            invitation,
            by: None,
        };
        server.commit(now, &[act(add)])?;
        let all = server.store.read()?.all_staff()?;
        let staff = all.first().map_or(StaffId(0), |staff| staff.id);
        let accept = Deed::Accept {
            staff,
            invitation,
            password: PasswordHash("-".to_owned()),
            factor: SecondFactor { secret: FactorSecret([7; 20]), last_step: 1 },
            recovery: Vec::new(),
            session: TokenHash::of("session"),
        };
        server.commit(now, &[act(accept)])?;
        Ok(Self { staff })
    }
}

impl World {
    /// Does something at the desk; whether the desk was there at all, and stayed there.
    pub(super) fn desk(&mut self, act: DeskAct) -> Done<bool> {
        let Some(office) = self.office.filter(|_| self.acts()) else { return Ok(false) };
        self.note(format!("desk {act:?}"));
        let deed = Deed::Desk { by: office.staff, act };
        self.server.commit(self.shown(), &[Event::Staff(StaffAct { at: self.shown(), deed })])?;
        Ok(true)
    }

    /// The worker will come every day.
    pub(super) fn opens_every_day(&mut self, (from, until): (Moment, Moment)) {
        let mut at = from;
        while at < until {
            at = at + Duration::from_secs(24 * HOUR / LOOKS_A_DAY / 2 + self.dice.below(8 * HOUR));
            self.plan(at, Act::Desk);
        }
    }

    /// The worker looks at what there is to do.
    pub(super) fn works(&mut self) -> Done {
        if !self.acts() {
            return Ok(());
        }
        let board = self.server.store.read()?.board(usize::MAX)?;
        for case in board.cases {
            self.handles(&case)?;
        }
        for person in self.truth.phoned.clone() {
            self.phones(person)?;
        }
        for person in self.truth.tenants.clone() {
            self.arranges(person)?;
            self.lets_the_wrong_one_rest(person)?;
        }
        self.has_news()?;
        self.says_goodbye()
    }

    /// Now and then somebody is let rest who is waited for, instead of another, which is undone when it is seen.
    fn lets_the_wrong_one_rest(&mut self, person: PersonId) -> Done {
        let mut dice = Dice::new(self.dice.clone().below(u64::MAX) ^ u64::from(person.0));
        if self.truth.phoned.contains(&person) || !dice.one_in(WRONG_ONE_IN) {
            return Ok(());
        }
        let watch = self.server.store.read()?.person(person)?.and_then(|person| person.watch);
        let is_awaited = watch.is_some_and(|watch| watch.round.is_some() && watch.pause.is_none());
        if !is_awaited || self.truth.has_left(person) || !self.truth.is_right(self.now) {
            return Ok(());
        }
        let days = 7;
        let told = Told::Number(person.0);
        if self.desk(DeskAct::Rest { person, days, why: Why::Travel, told })? {
            self.truth.is_let_rest(person, self.now, i64::from(days));
            self.plan(
                self.now + Duration::from_secs(1 + dice.below(SEEN_WITHIN_S)),
                Act::NoRest(person),
            );
        }
        Ok(())
    }

    /// The worker sees that somebody else was meant.
    pub(super) fn undoes_a_rest(&mut self, person: PersonId) -> Done {
        self.judge()?;
        let can = !self.truth.has_left(person) && self.truth.is_right(self.now);
        if can && self.desk(DeskAct::EndRest(person))? {
            self.truth.is_no_rest(person, self.now);
        }
        Ok(())
    }

    /// Now and then something else is arranged with one of those over whom the office watches: a rest is over, they are
    /// phoned at other times, or not any more.
    fn arranges(&mut self, person: PersonId) -> Done {
        // What was done at the desk just now is judged before they leave.
        self.judge()?;
        let is_phoned = self.truth.phoned.contains(&person);
        let act = match self.dice.below(800) {
            0..=9 => DeskAct::EndRest(person),
            10..=14 if is_phoned => {
                let days = DAYS[self.dice.index(DAYS.len())];
                let hour = 9 + u8::try_from(self.dice.below(7)).unwrap_or(0);
                let interval = Interval::days(days).unwrap_or(Interval::DAILY);
                DeskAct::Retime(person, interval, Hour::new(hour).unwrap_or(Hour::DEFAULT))
            }
            15 => DeskAct::EndWatch(person, EndReason::CareHome),
            _ => return Ok(()),
        };
        let (is_rest, is_end) =
            (matches!(act, DeskAct::EndRest(_)), matches!(act, DeskAct::EndWatch(..)));
        if self.truth.has_left(person) || !self.truth.is_right(self.now) || !self.desk(act)? {
            return Ok(());
        }
        if is_rest {
            self.truth.is_no_rest(person, self.now);
        }
        if is_end {
            self.truth.ended_by_office.insert(person);
            self.truth.leaves_the_watch(person, self.now);
        }
        Ok(())
    }

    fn handles(&mut self, case: &Case) -> Done {
        let ours = case.claim.is_some_and(|claim| matches!(claim.by, Actor::Staff(_)));
        let outcomes = [Outcome::Forgot, Outcome::Well, Outcome::Hospital, Outcome::PhoneTrouble];
        let act = match self.dice.below(10) {
            0..=2 => return Ok(()),
            3 if ours => DeskAct::Release(case.id),
            4 if ours => DeskAct::Emergency(case.id),
            _ if ours => DeskAct::Close(case.id, outcomes[self.dice.index(outcomes.len())]),
            _ => DeskAct::Claim(case.id),
        };
        self.desk(act).map(drop)
    }

    /// Phones somebody whose day it is, mostly.
    fn phones(&mut self, person: PersonId) -> Done {
        let reading = self.server.store.read()?;
        let watch = reading.person(person)?.and_then(|person| person.watch);
        drop(reading);
        let Some(watch) = watch else { return Ok(()) };
        // Nobody agrees on days while the calendar of the desk shows another year.
        let may_rest =
            watch.pause.is_none() && self.dice.one_in(80) && self.truth.is_right(self.now);
        if may_rest {
            let days = u8::try_from(1 + self.dice.below(20)).unwrap_or(1);
            let told = Told::PhoneEnd(words::PHONE_END.to_owned());
            let rest = DeskAct::Rest { person, days, why: Why::Travel, told };
            if self.desk(rest)? {
                self.truth.is_let_rest(person, self.now, i64::from(days));
            }
            return Ok(());
        }
        if watch.round.is_none() && watch.case.is_none() {
            return Ok(());
        }
        let phoned = match self.dice.below(20) {
            0..=9 => Phoned::Well,
            10..=13 => Phoned::InVain,
            14 => Phoned::Worried,
            _ => return Ok(()),
        };
        if !self.desk(DeskAct::Phoned(person, phoned))? {
            return Ok(());
        }
        let now = self.now;
        if phoned == Phoned::Well {
            self.truth.heard(person, now.millis(), now);
            self.truth.heard_early(person, now.millis());
        } else {
            let worried = phoned == Phoned::Worried;
            self.truth.calls.entry(person.0).or_default().push((now, worried));
        }
        Ok(())
    }
}
