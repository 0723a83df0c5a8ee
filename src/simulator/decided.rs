//! What is decided, read from the journal after every commit and held against what really happened: a case is opened
//! for nobody who was heard (I3) or rests (I10), its trouble is the true one (I4), somebody is there to hear of it
//! (I13), and nothing is set aside (I24) or forgotten (I2).

use std::time::Duration;

use super::spans::{ANY, AWAY, DEAF, MUTE, SENDING};
use super::truth::{EARLY, HOUR, MINUTE, Truth, WAIT};
use crate::domain::case::{Case, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::schedule::Schedule;
use crate::domain::time::Moment;
use crate::store::{Entry, Reading, StoreError};

/// From LINE's acceptance of the second call to the alert.
const SECOND_WAIT: Duration = Duration::from_secs(3 * 3600);

/// From LINE's acceptance of the question to the second call.
const FIRST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Deafness that may go unnoticed within a wait: ten minutes are let go, a test of our hearing comes every five, and a
/// stop of a minute and a half is no stop.
const DEAF_UNNOTICED: Duration = Duration::from_secs(17 * 60);

/// What is a stop, and how long after it nobody is said to be silent, less what a beat may be old.
const A_STOP: Duration = Duration::from_secs(4 * 60);
const SETTLING: Duration = Duration::from_secs(9 * 60);

/// The yearly test is waited for so long.
const TESTED: Duration = Duration::from_secs(16 * 24 * 3600);

/// And while LINE does not answer our tests, so much more.
const DEAF_UNPROVEN: Duration = Duration::from_secs(15 * 60);

/// Ten minutes of deafness are what it takes. Ours is reckoned from the last proof before it to the first after it.
const DEAF_ENOUGH: Duration = Duration::from_secs(3 * 60);

impl Truth {
    /// What was written into the journal since the last look.
    pub(super) fn decided(
        &mut self,
        now: Moment,
        entries: &[Entry],
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let is_right = self.is_right(now);
        for entry in entries {
            // What is decided by a wrong time is judged by the world's.
            let entry = Entry { at: if is_right { entry.at } else { now }, ..*entry };
            if !is_right {
                self.decides_oddly(entry.fact);
            }
            match entry.fact {
                // Whoever was forgotten by a wrong time is found.
                Fact::Stray(_) | Fact::StrayCase(_) | Fact::GroupStray(_) if !is_right => {}
                Fact::SetAside => {
                    self.violation("I24", entry.at, "a step failed and was set aside".to_owned());
                }
                Fact::Stray(person) => {
                    self.violation("I2", entry.at, format!("{person} was forgotten"));
                }
                Fact::StrayCase(id) => {
                    self.violation("I12", entry.at, format!("{id} was forgotten"));
                }
                Fact::GroupStray(group) => {
                    self.violation("I2", entry.at, format!("{group} was forgotten"));
                }
                Fact::NotAskedForQuota(person) => {
                    let asking = entries.iter().find_map(|entry| match entry.fact {
                        Fact::Asking(asked, due) if asked == person => Some(due),
                        _ => None,
                    });
                    self.spared.extend(asking.map(|due| (person.0, due.millis())));
                }
                Fact::GroupNotAskedForQuota(group) => {
                    self.minutes.spared.insert((group.0, entry.at.millis()));
                }
                Fact::Apologising(person, due) => {
                    self.apologies.entry((person.0, due.millis())).or_default().0 += 1;
                }
                Fact::Apologised(person, due) => {
                    self.apologies.entry((person.0, due.millis())).or_default().1 += 1;
                }
                Fact::EmergencyCalled(id, _) => {
                    self.called.insert(id);
                }
                Fact::Nudged(id) | Fact::Reminded(id) | Fact::Escalated(id) => {
                    self.is_hurried(id, &entry);
                }
                Fact::TestUnanswered(person) => self.is_counted_out(person, entry.at),
                Fact::Receives(person, _) => {
                    let spans = self.unproven.get_mut(&person).and_then(|spans| spans.last_mut());
                    spans.into_iter().for_each(|(_, end)| *end = end.or(Some(entry.at)));
                }
                Fact::Scheduled(person, due) => self.has_chosen(person, entry.at, due, reading)?,
                // By the world's clock, as what was heard: ours may be some seconds apart.
                Fact::TakenBack(person, due) => self.takes_back(person, due, now),
                Fact::CaseOpened(id, ..) => {
                    self.case_is_opened((now, is_right), id, entries, reading)?
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn has_chosen(
        &mut self,
        person: PersonId,
        at: Moment,
        due: Moment,
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let watch = reading.person(person)?.and_then(|person| person.watch);
        let times = watch.map_or((1, 0), |watch| {
            let Schedule { interval, hour, .. } = watch.schedule;
            (u64::from(interval.as_days()), i8::try_from(hour.get()).unwrap_or(0))
        });
        self.is_asked_anew(person, at, due, times);
        Ok(())
    }

    /// Where help was called nobody is hurried, and nobody else is asked to go.
    fn is_hurried(&mut self, id: CaseId, entry: &Entry) {
        if self.called.contains(&id) {
            let what = format!("help was called in {id}, and {:?}", entry.fact);
            self.violation("called", entry.at, what);
        }
    }

    /// What is decided by a wrong time is of no case that is judged.
    fn decides_oddly(&mut self, fact: Fact) {
        self.odd_cases.extend(super::told::case_of(fact));
        if let Fact::Closed(id, ..) = fact {
            self.odd_ends.insert(id);
        }
    }

    /// I13: whoever watches is counted out for what they did not press in two weeks. In this world everybody presses at once,
    /// and only what is between them and us excuses it.
    fn is_counted_out(&mut self, person: PersonId, now: Moment) {
        self.unproven.entry(person).or_default().push((now, None));
        let from = now - TESTED;
        let wrong = self.troubles.any(ANY, from, now);
        if !wrong && !self.is_away(person, from, now) {
            let what = format!("{person} is not counted on any more, and everything arrived");
            self.violation("I13", now, what);
        }
    }

    fn case_is_opened(
        &mut self,
        (now, is_right): (Moment, bool),
        id: CaseId,
        entries: &[Entry],
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let Some(case) = reading.case(id)? else { return Ok(()) };
        self.is_waited_for(now, &case);
        if !is_right || !self.is_right(case.round_due_at) {
            return Ok(());
        }
        let told = entries.iter().any(|entry| entry.fact == Fact::OfficeTold(id));
        let is_anew = |fact| matches!(fact, Fact::TakenBack(of, _) if of == case.person);
        if entries.iter().any(|entry| is_anew(entry.fact)) {
            return self.opens_anew(&case, reading);
        }
        self.opens(&case, told);
        Ok(())
    }

    /// I4: where an answer was a mistake, what it ended is said again, and nothing else.
    fn opens_anew(&mut self, case: &Case, reading: &Reading) -> Result<(), StoreError> {
        let known = reading.cases_of(case.person, usize::MAX, usize::MAX)?;
        let said = known.iter().any(|known| {
            known.id != case.id
                && known.round_due_at == case.round_due_at
                && known.trouble == case.trouble
        });
        if !said {
            let what = format!("nobody was told before of {case:?}");
            self.violation("I4", case.opened_at, what);
        }
        Ok(())
    }

    /// A case is opened; `office`: the office is told in the same breath.
    fn opens(&mut self, case: &Case, office: bool) {
        let (now, person, due) = (case.opened_at, case.person, case.round_due_at);
        if case.trouble.is_soft() {
            return;
        }
        if self.has_left(person) && case.trouble.ends_with_answer() {
            let what = format!("{person} has left, and is {:?} for {due}", case.trouble);
            return self.violation("I11", now, what);
        }
        self.somebody_hears(case, office);
        self.is_of_today(case);
        if !case.trouble.ends_with_answer() {
            return;
        }
        if let Some(at) = self.heard_since(person, due) {
            let trouble = case.trouble;
            let what = format!("{person} was heard at {at}, and is {trouble:?} for {due}");
            self.violation("I3", now, what);
        }
        if case.trouble != Trouble::Unreachable && self.rests_at(person, now) {
            let what = format!("{person} rests, and is {:?} for {due}", case.trouble);
            self.violation("I10", now, what);
        }
        // After a stop late presses are waited for.
        let settling = now - SETTLING;
        if case.trouble == Trouble::NoAnswer
            && !self.phoned.contains(&person)
            && self.troubles.ended(AWAY, A_STOP, (settling, now))
        {
            let what = format!("{person} is {:?} for {due} before we have settled", case.trouble);
            self.violation("I3", now, what);
        }
        let untrue = match case.trouble {
            Trouble::NoAnswer if self.phoned.contains(&person) => self.untrue_call(case),
            Trouble::NoAnswer => self.untrue_silence(case),
            Trouble::Unheard => self.untrue_deafness(case),
            Trouble::NotSent => self.untrue_failure(case),
            Trouble::Unreachable => self.untrue_block(case),
            Trouble::NotPhoned => self.untrue_neglect(case),
            _ => None,
        };
        if let Some(why) = untrue {
            let what = format!("{person} is {:?} for {due}: {why}", case.trouble);
            self.violation("I4", now, what);
        }
    }

    /// I13: where nobody who watches can be reached, and where the office watches itself, the office hears at once.
    fn somebody_hears(&mut self, case: &Case, office: bool) {
        // Whoever pressed that they are in trouble has two minutes before anybody is told.
        if office || case.trouble == Trouble::Called {
            return;
        }
        let (now, person) = (case.opened_at, case.person);
        let is_long_gone = |watcher: &PersonId| self.is_long_gone(*watcher, now);
        let watchers = self.watchers_at(person, now);
        if self.tenants.contains(&person) || watchers.iter().all(is_long_gone) {
            let what = format!("{} was opened, and the office was not told", case.id);
            self.violation("I13", now, what);
        }
    }

    /// Whether somebody cannot be reached since so long that this is known.
    pub(super) fn is_long_gone(&self, person: PersonId, now: Moment) -> bool {
        let holds = |(from, until): &super::spans::Span| {
            self.asked_about_by(*from) < now && until.is_none_or(|until| until > now)
        };
        self.blocks_of(person).iter().any(holds)
    }

    fn untrue_silence(&self, case: &Case) -> Option<String> {
        let (now, person, due) = (case.opened_at, case.person, case.round_due_at);
        let key = (person.0, due.millis());
        let Some(asked_at) = self.questions.get(&key).copied() else {
            return Some("LINE took no question".to_owned());
        };
        if now.since(asked_at) + EARLY < WAIT {
            return Some(format!("asked at {asked_at}"));
        }
        match self.second_calls.get(&key) {
            Some(called_at) if now.since(*called_at) + EARLY < SECOND_WAIT => {
                return Some(format!("called a second time at {called_at}"));
            }
            None if self.troubles.during(SENDING, asked_at + FIRST_WAIT - EARLY, now).is_zero() => {
                return Some("there was no second call".to_owned());
            }
            _ => {}
        }
        let accepted = self.accepted.get(&key);
        let before = accepted.and_then(|all| all.iter().filter(|at| **at <= now).max()).copied();
        let since = before.unwrap_or(asked_at);
        let deaf = self.troubles.during(DEAF, since, now);
        let mute = !self.troubles.during(MUTE, since - DEAF_UNPROVEN, now).is_zero();
        let unnoticed = if mute { DEAF_UNNOTICED + DEAF_UNPROVEN } else { DEAF_UNNOTICED };
        if deaf > unnoticed {
            return Some(format!("{} minutes of the wait were deaf", deaf.as_secs() / 60));
        }
        let all_day = now - 32 * HOUR;
        let gone = super::truth::overlap(self.blocks_of(person), all_day, now) == 32 * HOUR;
        (gone && self.troubles.during(ANY, all_day, now).is_zero())
            .then(|| "LINE could bring them nothing all the while".to_owned())
    }

    /// Nobody took a call of the office three hours ago, or whoever called is worried.
    fn untrue_call(&self, case: &Case) -> Option<String> {
        let calls = self.calls.get(&case.person.0).map_or(&[][..], Vec::as_slice);
        let opened_at = case.opened_at + self.apart;
        let mut since = calls.iter().filter(|(at, _)| *at + self.apart >= case.round_due_at);
        let enough = since.any(|(at, worried)| {
            *worried && *at <= opened_at
                || opened_at.since(*at) + EARLY >= SECOND_WAIT
                || opened_at.since(case.round_due_at) + EARLY >= WAIT && *at <= opened_at
        });
        (!enough).then(|| "nobody called them in vain".to_owned())
    }

    fn untrue_neglect(&self, case: &Case) -> Option<String> {
        let calls = self.calls.get(&case.person.0).map_or(&[][..], Vec::as_slice);
        if calls.iter().any(|(at, _)| *at >= case.round_due_at && *at < case.opened_at) {
            return Some("somebody called them".to_owned());
        }
        let early = case.opened_at.since(case.round_due_at) + EARLY < WAIT;
        early.then(|| "there was still time to call".to_owned())
    }

    fn untrue_deafness(&self, case: &Case) -> Option<String> {
        let key = (case.person.0, case.round_due_at.millis());
        let Some(asked_at) = self.questions.get(&key).copied() else {
            return Some("LINE took no question".to_owned());
        };
        let (begun, taken) = self.apologies.get(&key).copied().unwrap_or_default();
        let kinds: Vec<_> = DEAF.iter().chain(MUTE).copied().collect();
        let deaf = self.troubles.during(&kinds, asked_at, case.opened_at);
        (begun <= taken && deaf < DEAF_ENOUGH).then(|| "everything could be heard".to_owned())
    }

    fn untrue_failure(&self, case: &Case) -> Option<String> {
        let (now, due) = (case.opened_at, case.round_due_at);
        if self.known.contains(&(case.person.0, due.millis())) {
            return Some("LINE took the question, and said so".to_owned());
        }
        if now.since(due) + EARLY < WAIT {
            return Some("there was still time to ask".to_owned());
        }
        if self.spared.contains(&(case.person.0, due.millis())) {
            return None;
        }
        let wrong = self.troubles.during(SENDING, due - MINUTE, now);
        (wrong + 15 * MINUTE < SECOND_WAIT).then(|| "nothing kept it from leaving".to_owned())
    }

    /// LINE could bring them nothing at the moment of which this is said.
    fn untrue_block(&self, case: &Case) -> Option<String> {
        let at = case.round_due_at;
        let holds = |(from, until): &super::spans::Span| {
            *from <= at + self.apart && until.is_none_or(|until| at <= until + self.apart)
        };
        // As far as the news of its end can have come.
        let blocked = self.unreached(case.person).iter().any(holds);
        (!blocked).then(|| "LINE could bring them anything".to_owned())
    }
}
