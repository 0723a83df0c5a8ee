//! What really happened, written down outside of the system, and what must therefore be true of it. Nothing here is
//! taken from the rules: times come from LINE's side and from the world, and the numbers are those that were promised.
//!
//! The names of the promises are those of the list of invariants: I2 everybody has a timer, I3 nobody who was heard is
//! reported, I4 "no answer" is said only where it is true, I6 nothing is seen twice, I8 good news follows bad.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::Date;

use super::groups::Minutes;

use crate::domain::case::{Case, Closed, Outcome as End, Trouble};
use crate::domain::decision::Purpose;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::outbox::Row;
use crate::store::{Reading, StoreError};

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// From LINE's acceptance of the question to the alert, and how much earlier is still no fault.
const WAIT: Duration = Duration::from_secs(27 * 3600);
pub(super) const EARLY: Duration = Duration::from_secs(5 * 60);

/// Deafness that may go unnoticed within a wait: ten minutes are let go, and a test of our hearing comes every five.
const DEAF_UNNOTICED: Duration = Duration::from_secs(25 * 60);

/// A promise that was broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Which promise.
    pub promise: &'static str,
    /// When, in Unix milliseconds of the simulated time.
    pub at_ms: i64,
    /// What happened.
    pub what: String,
}

/// Somebody who is asked, as the world knows them.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) person: PersonId,
    pub(super) first_due: Moment,
    pub(super) days: u64,
}

/// What LINE did with a message.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Brought {
    /// It took it.
    pub(super) accepted: bool,
    /// It appeared.
    pub(super) shown: bool,
}

/// From a moment on, until another one if it has come.
pub(super) type Span = (Moment, Option<Moment>);

/// The book of what happened.
#[derive(Default)]
pub(super) struct Truth {
    pub(super) asked: Vec<Asked>,
    /// Who is asked on the telephone.
    pub(super) phoned: BTreeSet<PersonId>,
    /// By person: spans in which they rest.
    rests: BTreeMap<u32, Vec<Span>>,
    /// What happened in groups.
    pub(super) minutes: Minutes,
    /// By person: spans in which LINE could bring them nothing.
    blocked: BTreeMap<u32, Vec<Span>>,
    /// Signs of life that were answered with 200, by LINE's timestamp.
    heard: BTreeMap<u32, BTreeSet<i64>>,
    /// When LINE took what a round asked: question, second call, apology.
    accepted: BTreeMap<(u32, i64), Vec<Moment>>,
    /// When LINE took the question itself.
    questions: BTreeMap<(u32, i64), Moment>,
    /// Spans in which nothing could be heard, and in which anything at all was wrong.
    pub(super) deaf: Vec<Span>,
    pub(super) trouble: Vec<Span>,
    /// What appeared on phones, by identity and by what it is about.
    shown: BTreeMap<String, u32>,
    alerted: BTreeSet<(CaseId, PersonId)>,
    cleared: BTreeSet<(CaseId, PersonId)>,
    pub(super) violations: Vec<Violation>,
    pub(super) alerts: u64,
    pub(super) all_clears: u64,
    pub(super) group_rounds: u64,
    pub(super) answers: u64,
    pub(super) silences: u64,
}

/// How much of a span overlaps these.
pub(super) fn overlap(spans: &[Span], from: Moment, until: Moment) -> Duration {
    let parts = spans.iter().map(|(begin, end)| {
        let (begin, end) = ((*begin).max(from), end.unwrap_or(until).min(until));
        if end > begin { end.since(begin) } else { Duration::ZERO }
    });
    parts.sum()
}

impl Truth {
    pub(super) fn violation(&mut self, promise: &'static str, at: Moment, what: String) {
        self.violations.push(Violation { promise, at_ms: at.millis(), what });
    }

    /// Work at one moment did not end.
    pub(super) fn restless(&mut self, now: Moment) {
        self.violation("rest", now, "the work of one moment does not end".to_owned());
    }

    /// Somebody was let rest, or a rest ended: said by a button that the server says it has.
    pub(super) fn heard_of_rest(&mut self, now: Moment, by: PersonId, data: &str) {
        let mut words = data.split(['.', '~']);
        match (words.next().unwrap_or_default(), words.next()) {
            ("ps", Some(day)) => {
                if let Ok(day) = day.parse() {
                    self.begins_to_rest(by, now, day);
                }
            }
            ("pe", _) => self.ends_rest(by, now),
            ("po", Some(person)) => {
                person.parse().into_iter().for_each(|id| self.ends_rest(PersonId(id), now));
            }
            _ => {}
        }
    }

    /// Somebody rests from now until the end of a day.
    pub(super) fn begins_to_rest(&mut self, person: PersonId, now: Moment, last_day: Date) {
        let end = last_day.tomorrow().ok().map(|day| Zone::default().moment(day, 0));
        self.ends_rest(person, now);
        self.rests.entry(person.0).or_default().push((now, end));
    }

    fn ends_rest(&mut self, person: PersonId, now: Moment) {
        if let Some(span) = self.rests.entry(person.0).or_default().last_mut() {
            span.1 = span.1.map(|end| end.min(now)).or(Some(now));
        }
    }

    fn rests_at(&self, person: PersonId, now: Moment) -> bool {
        let rests = self.rests.get(&person.0).map_or(&[][..], Vec::as_slice);
        rests.iter().any(|(from, until)| *from < now && until.is_none_or(|until| now < until))
    }

    /// Somebody does not want anything of us for now.
    pub(super) fn blocks(&mut self, person: PersonId, now: Moment) {
        self.blocked.entry(person.0).or_default().push((now, None));
    }

    /// Somebody lets us write again.
    pub(super) fn unblocks(&mut self, person: PersonId, now: Moment) {
        if let Some(span) = self.blocked.entry(person.0).or_default().last_mut() {
            span.1 = Some(now);
        }
    }

    fn blocks_of(&self, person: PersonId) -> &[Span] {
        self.blocked.get(&person.0).map_or(&[], Vec::as_slice)
    }

    /// The server did nothing that LINE forbids.
    pub(super) fn line_is_content(&mut self, now: Moment, complaints: &[String]) {
        for what in complaints {
            self.violation("LINE", now, what.clone());
        }
    }

    /// Somebody did something, and the server said that it has it.
    pub(super) fn heard(&mut self, person: PersonId, at_ms: i64) {
        self.answers += 1;
        self.heard.entry(person.0).or_default().insert(at_ms);
    }

    /// A message begins to leave.
    pub(super) fn leaves(
        &mut self,
        now: Moment,
        row: &Row,
        reading: &Reading,
    ) -> Result<(), StoreError> {
        if let Purpose::Ask(person, due) = row.purpose
            && row.first_try_at == Some(now)
            && self.rests_at(person, now)
        {
            self.violation("I10", now, format!("{person} rests and is asked for {due}"));
        }
        let Purpose::Alert(case, _) = row.purpose else { return Ok(()) };
        let Some(case) = reading.case(case)? else { return Ok(()) };
        if case.trouble != Trouble::NoAnswer || row.first_try_at != Some(now) {
            return Ok(());
        }
        let (person, due) = (case.person, case.round_due_at);
        let heard = self.heard.get(&person.0);
        if let Some(at) = heard.and_then(|heard| heard.range(due.millis()..).next()) {
            let what = format!("{person} was heard at {at} and is reported for {due}");
            self.violation("I3", now, what);
        }
        // Whoever comes back to watch is told of an older case: it had to be true when it was opened.
        self.is_true_silence(case.opened_at, person, due);
        Ok(())
    }

    fn is_true_silence(&mut self, now: Moment, person: PersonId, due: Moment) {
        let key = (person.0, due.millis());
        let Some(asked_at) = self.questions.get(&key).copied() else {
            let what =
                format!("{person} is reported as silent for {due}, and LINE took no question");
            return self.violation("I4", now, what);
        };
        if now.since(asked_at) + EARLY < WAIT {
            let what = format!("{person} was asked at {asked_at} and is reported at {now}");
            self.violation("I4", now, what);
        }
        let before = |at: &&Moment| **at <= now;
        let accepted = self.accepted.get(&key);
        let last = accepted.and_then(|all| all.iter().filter(before).max()).copied();
        let deaf = overlap(&self.deaf, last.unwrap_or(asked_at), now);
        if deaf > DEAF_UNNOTICED {
            let what = format!(
                "{person} is reported as silent for {due}, and {} minutes of the wait were deaf",
                deaf.as_secs() / 60
            );
            self.violation("I4", now, what);
        }
    }

    /// LINE was asked to bring a message. Its waits count from its acceptance, as the server can know it.
    pub(super) fn left(&mut self, now: Moment, row: &Row, brought: Brought, counts_from: Moment) {
        let Brought { accepted, shown } = brought;
        match row.purpose {
            Purpose::Ask(person, due)
            | Purpose::Resend(person, due)
            | Purpose::Sorry(person, due)
                if accepted =>
            {
                let key = (person.0, due.millis());
                self.accepted.entry(key).or_default().push(now);
                if matches!(row.purpose, Purpose::Ask(..)) {
                    self.questions.entry(key).or_insert(counts_from);
                }
            }
            _ => {}
        }
        if !shown {
            return;
        }
        match row.purpose {
            Purpose::Alert(case, to) => {
                self.alerts += 1;
                self.alerted.insert((case, to));
            }
            Purpose::AllClear(case, to) => {
                self.all_clears += 1;
                self.cleared.insert((case, to));
            }
            _ => {}
        }
        let once = match row.purpose {
            // Good news that may have arrived and was not acknowledged for a day is rather told twice than never.
            Purpose::Alert(..) | Purpose::Ask(..) | Purpose::Resend(..) => {
                vec![format!("{:?}", row.purpose), format!("{:?}", row.id)]
            }
            _ => vec![format!("{:?} {:?}", row.purpose, row.id)],
        };
        for key in once {
            let count = self.shown.entry(key.clone()).or_default();
            *count += 1;
            if *count == 2 {
                self.violation("I6", now, format!("{key} was seen twice"));
            }
        }
    }

    /// Everybody who is watched over has one timer, and none of them is long past. Whom LINE cannot reach has none: a
    /// human was told, and LINE is asked about them once a day.
    pub(super) fn everybody_has_a_timer(
        &mut self,
        now: Moment,
        reading: &Reading,
    ) -> Result<(), StoreError> {
        // I12: a ladder goes on until somebody ends it.
        for id in reading.open_case_ids(usize::MAX)? {
            let is_soft = reading.case(id)?.is_none_or(|case| case.trouble.is_soft());
            if !is_soft && reading.timer(id.0)?.is_none() {
                self.violation("I12", now, format!("{id} is open, and nothing will happen"));
            }
        }
        for person in reading.persons_from(0, usize::MAX)? {
            let timer = reading.timer(person.id.0)?;
            match (&person.watch, timer) {
                (Some(_), None) if !self.is_blocked(person.id, now) => {
                    self.violation("I2", now, format!("no timer: {person:?}"));
                }
                (Some(_), Some(due)) if due + 5 * MINUTE < now => {
                    self.violation("I2", now, format!("{}: a timer of {due} at {now}", person.id));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// At the end, with every fault over: whoever was silent was told of to a human, and whoever was told of somebody
    /// that answered heard that too.
    pub(super) fn at_the_end(
        &mut self,
        (from, until): (Moment, Moment),
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let cases = reading.newest_cases(usize::MAX)?;
        for asked in self.asked.clone() {
            let own: Vec<&Case> = cases.iter().filter(|case| case.person == asked.person).collect();
            let step = Duration::from_secs(asked.days * 24 * 3600);
            let mut due = asked.first_due;
            while due + 3 * WAIT < until {
                if due >= from {
                    self.silence_is_told(&asked, due, &own);
                }
                due = due + step;
            }
            self.block_is_told((from, until), &asked, &own);
        }
        for case in &cases {
            // A block that ends is told in other words; a case that another one took the place of ends with that.
            let answered = |closed: &Closed| closed.by.is_none() && closed.outcome == End::Answered;
            if !case.closed.as_ref().is_some_and(answered) || case.trouble == Trouble::Unreachable {
                continue;
            }
            // Good news that waits is taken back once there is bad news again.
            let later = |other: &&Case| {
                other.person == case.person
                    && other.opened_at > case.opened_at
                    && other.opened_at.since(case.opened_at) < 5 * DAY
            };
            if cases.iter().any(|other| later(&other)) {
                continue;
            }
            let told = self.alerted.iter().filter(|(id, _)| *id == case.id);
            let end = case.closed.as_ref().map_or(until, |closed| closed.at) + 2 * DAY;
            for to in told.map(|(_, to)| *to).collect::<Vec<_>>() {
                if !self.cleared.contains(&(case.id, to)) && !self.is_blocked(to, end) {
                    let what =
                        format!("{to} was told of {}, and not how it ended: {case:?}", case.id);
                    self.violation("I8", until, what);
                }
            }
        }
        if reading.row_count()? > 0 {
            let what = format!("{} messages never left", reading.row_count()?);
            self.violation("I1", until, what);
        }
        Ok(())
    }

    pub(super) fn is_blocked(&self, person: PersonId, at: Moment) -> bool {
        // LINE is asked about them once a day, unless something is wrong then.
        let wrong = overlap(&self.trouble, at - 5 * DAY, at);
        overlap(self.blocks_of(person), at - 2 * WAIT - wrong, at) > Duration::ZERO
    }

    /// Spans in which somebody is not asked because of a block. Where the news of its end can have been lost, LINE is
    /// asked about them once a day.
    fn unreached(&self, person: PersonId) -> Vec<Span> {
        let known = |end: Moment| match overlap(&self.trouble, end - HOUR, end + HOUR) {
            Duration::ZERO => end,
            _ => end + 2 * WAIT,
        };
        self.blocks_of(person).iter().map(|(begin, end)| (*begin, end.map(known))).collect()
    }

    /// I5: whoever cannot be reached for long is the subject of a case.
    fn block_is_told(&mut self, (from, until): (Moment, Moment), asked: &Asked, cases: &[&Case]) {
        for (begin, end) in self.blocks_of(asked.person).to_vec() {
            let late = begin + 2 * WAIT;
            let is_short = end.is_some_and(|end| end < late) || late > until || begin < from;
            let wrong = overlap(&self.trouble, begin - HOUR, late);
            let concerns = |case: &&Case| {
                let closed_at = case.closed.as_ref().map(|closed| closed.at);
                case.opened_at < late && closed_at.is_none_or(|at| at > begin)
            };
            if !is_short && wrong.is_zero() && !cases.iter().any(concerns) {
                let what = format!(
                    "{} cannot be reached since {begin}, and nobody was told",
                    asked.person
                );
                self.violation("I5", late, what);
            }
        }
    }

    /// I1: whoever is due and not heard is the subject of a case in time, whatever was wrong meanwhile.
    fn silence_is_told(&mut self, asked: &Asked, due: Moment, cases: &[&Case]) {
        let wrong = overlap(&self.trouble, due - HOUR, due + 6 * WAIT);
        // What was wrong may cost its own length, the hour of a hold, and two apologies of three hours.
        let slack = if wrong.is_zero() { 30 * MINUTE } else { wrong + 8 * HOUR };
        let (told_from, told_until) = (due + WAIT - EARLY, due + WAIT + slack);
        if overlap(&self.unreached(asked.person), due - HOUR, told_until) > Duration::ZERO {
            return;
        }
        let early = (due - 12 * HOUR).millis();
        let heard = self.heard.get(&asked.person.0);
        if heard.is_some_and(|heard| heard.range(early..told_until.millis()).next().is_some()) {
            return;
        }
        let rests = self.rests.get(&asked.person.0).map_or(&[][..], Vec::as_slice);
        if overlap(rests, due - HOUR, told_until) > Duration::ZERO {
            return;
        }
        self.silences += 1;
        let told = cases.iter().any(|case| {
            let closed_at = case.closed.as_ref().map(|closed| closed.at);
            let found = closed_at.is_some_and(|at| at >= due && at <= told_until);
            let open = closed_at.is_none_or(|at| at >= told_from);
            case.opened_at <= told_until && (open || found)
        });
        if !told {
            let next = cases.iter().filter(|case| case.opened_at >= due).map(|case| case.opened_at);
            let next = next.min().map_or("never".to_owned(), |at| at.to_string());
            let what = format!(
                "{} was silent from {due} on, and nobody was told in time but {next}",
                asked.person
            );
            self.violation("I1", told_until, what);
        }
    }
}
