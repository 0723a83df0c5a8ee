//! What really happened, written down outside of the system, and what must therefore be true of it. Nothing here is
//! taken from the rules: times come from LINE's side and from the world, and the numbers are those that were promised.
//! What was decided is read from the journal after every commit, and held against this.
//!
//! The names of the promises are those of the list of invariants: I1 silence is told, I2 everybody has a timer, I3
//! nobody who was heard is reported, I4 every trouble is called what it is, I6 nothing is seen twice, I8 good news
//! follows bad. This is the book itself, and what is judged as it happens; [`super::decided`] judges what is decided,
//! [`super::silence`], [`super::told`] and [`super::letters`] what came of it by the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;

use super::bulletins::Board;
use super::choices::Choices;
use super::goodbyes::Goodbyes;
use super::groups::Minutes;
use super::letters::Letter;
use super::mailboxes::Post;
use super::spans::{MUTE, Troubles};
pub(super) use super::spans::{Span, overlap};
use super::times::{Asked, Times};
use super::zones::Zones;

use crate::domain::case::{Case, Outcome};
use crate::domain::decision::Purpose;
use crate::domain::id::{CaseId, OrganizationId, OutboxId, PersonId, TeamId};
use crate::domain::ladder::Rung;
use crate::domain::name::Name;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::outbox::Row;
use crate::store::{Reading, StoreError};

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// From LINE's acceptance of the question to the alert, and how much earlier is still no fault.
pub(super) const WAIT: Duration = Duration::from_secs(27 * 3600);
pub(super) const EARLY: Duration = Duration::from_secs(5 * 60);

/// After a stop a step waits for so long at the most.
const SETTLING: Duration = Duration::from_secs(15 * 60);

/// No timer is further away: whoever answers early is asked after two months at the most.
const FAR: Duration = Duration::from_secs(62 * 24 * 3600);

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

/// Somebody who watches over somebody, as the world knows them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watcher {
    pub(super) person: PersonId,
    /// From then on they do not: they said so.
    pub(super) until: Option<Moment>,
}

/// What LINE did with a message.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Brought {
    /// It took it.
    pub(super) accepted: bool,
    /// It appeared.
    pub(super) shown: bool,
    /// The server knows that LINE took it, now or before.
    pub(super) known: bool,
}

/// Which question to whom.
pub(super) type Question = (u32, i64);

/// The book of what happened.
#[derive(Clone, Default)]
pub(super) struct Truth {
    /// When the service last began again out of a copy.
    pub(super) restored_at: Option<Moment>,
    /// From when on everything follows from the right time, after it was wrong; far away while it is.
    pub(super) right_from: Option<Moment>,
    /// How far the server's time may be from the world's where it counts as right.
    pub(super) apart: Duration,
    /// Cases that were open while it was wrong.
    pub(super) odd_cases: BTreeSet<CaseId>,
    /// Cases that ended while it was wrong.
    pub(super) odd_ends: BTreeSet<CaseId>,
    pub(super) asked: Vec<Asked>,
    /// Who is asked on the telephone.
    pub(super) phoned: BTreeSet<PersonId>,
    /// Over whom the office watches no longer, by its own doing.
    pub(super) ended_by_office: BTreeSet<PersonId>,
    /// Over whom the office itself watches.
    pub(super) tenants: BTreeSet<PersonId>,
    /// Who watches over whom.
    pub(super) watchers: BTreeMap<PersonId, Vec<Watcher>>,
    /// Who is watched over in which team by people.
    pub(super) teams: BTreeMap<TeamId, Vec<PersonId>>,
    /// The teams of each organization.
    pub(super) organizations: BTreeMap<OrganizationId, Vec<TeamId>>,
    /// When each message was tried first, by the world's clock.
    pub(super) tries: BTreeMap<OutboxId, Moment>,
    /// Cases in which somebody called an ambulance or the police.
    pub(super) called: BTreeSet<CaseId>,
    /// What they chose for their team.
    pub(super) choices: Choices,
    /// By person: spans in which it is not known that alerts arrive.
    pub(super) unproven: BTreeMap<PersonId, Vec<Span>>,
    /// By person: calls that nobody took, and whether the caller was worried.
    pub(super) calls: BTreeMap<u32, Vec<(Moment, bool)>>,
    /// By person: spans in which they rest.
    pub(super) rests: BTreeMap<u32, Vec<Span>>,
    /// The last day of whoever rests, or rested last.
    pub(super) last_days: BTreeMap<PersonId, Date>,
    /// By which clock people live.
    pub(super) zones: Zones,
    /// Rests that somebody else ended, with their beginning and end.
    pub(super) mistaken: Vec<(PersonId, Moment, Moment)>,
    /// In how many of them an answer was missing.
    pub(super) dropped: u64,
    /// What the office said to everyone.
    pub(super) board: Board,
    /// Who went by the office's hand.
    pub(super) goodbyes: Goodbyes,
    /// What happened in groups.
    pub(super) minutes: Minutes,
    /// By person: spans in which LINE could bring them nothing.
    pub(super) blocked: BTreeMap<u32, Vec<Span>>,
    /// Who has no account any more: LINE tells that to nobody who does not ask.
    pub(super) vanished: BTreeSet<u32>,
    /// Signs of life that were answered with 200, by LINE's timestamp, with the moment at which they came.
    pub(super) heard: BTreeMap<u32, BTreeMap<i64, Moment>>,
    /// When somebody took back their answer to a question.
    pub(super) taken_back: BTreeMap<Question, Moment>,
    /// By person: when somebody who watches said that they had met them.
    pub(super) met: BTreeMap<u32, BTreeSet<i64>>,
    /// Those of them that may answer a question before it is asked.
    pub(super) early: BTreeMap<u32, BTreeSet<i64>>,
    /// When LINE took what a round asked: question, second call, apology.
    pub(super) accepted: BTreeMap<Question, Vec<Moment>>,
    /// When LINE took the question itself.
    pub(super) questions: BTreeMap<Question, Moment>,
    /// Of which questions the server knows that LINE took them.
    pub(super) known: BTreeSet<Question>,
    /// Which questions were left out, because the rest of the month is kept for alerts.
    pub(super) spared: BTreeSet<Question>,
    /// When LINE took the second call, as far as the server knows.
    pub(super) second_calls: BTreeMap<Question, Moment>,
    /// Apologies that were begun, and that LINE took.
    pub(super) apologies: BTreeMap<Question, (u32, u32)>,
    /// What was wrong.
    pub(super) troubles: Troubles,
    /// What appeared on phones, by identity and by what it is about.
    shown: BTreeMap<String, u32>,
    /// By case and reader: when it was first said on their phone.
    pub(super) alerted: BTreeMap<(CaseId, PersonId), Moment>,
    /// By case and reader: when it was said again.
    pub(super) raised: BTreeMap<(CaseId, PersonId), Vec<Moment>>,
    /// By case and reader: when they heard that all is well.
    pub(super) cleared: BTreeMap<(CaseId, PersonId), Vec<Moment>>,
    /// By reader: when anything was said to them that is no question.
    pub(super) said: BTreeMap<PersonId, Vec<Moment>>,
    /// Letters to the office that left, each once, and those of which the server knows it.
    pub(super) letters: Vec<Letter>,
    pub(super) delivered: BTreeSet<OutboxId>,
    /// Letters to those who watch.
    pub(super) post: Post,
    /// The names of those who are asked, by which letters speak of them.
    pub(super) names: BTreeMap<PersonId, Name>,
    pub(super) violations: Vec<Violation>,
    pub(super) alerts: u64,
    pub(super) all_clears: u64,
    pub(super) group_rounds: u64,
    pub(super) answers: u64,
    pub(super) silences: u64,
}

impl Truth {
    pub(super) fn violation(&mut self, promise: &'static str, at: Moment, what: String) {
        self.violations.push(Violation { promise, at_ms: at.millis(), what });
    }

    /// Work at one moment did not end.
    pub(super) fn restless(&mut self, now: Moment) {
        self.violation("rest", now, "the work of one moment does not end".to_owned());
    }

    // --- questions -----------------------------------------------------------------------------

    /// Somebody is asked at other times from now on: by what they pressed themselves, an hour away or more, and not later
    /// than the days they chose.
    pub(super) fn is_asked_anew(
        &mut self,
        person: PersonId,
        now: Moment,
        due: Moment,
        (days, hour): (u64, i8),
    ) {
        let zone = self.zones.last(person);
        let Some(asked) = self.asked.iter_mut().find(|asked| asked.person == person) else {
            return;
        };
        if self.right_from.is_some_and(|from| now < from) {
            // Chosen by a wrong time: nobody promised when that is.
            let first_due = Moment::from_millis(i64::MAX);
            return asked.change(Times { from: now, first_due, days, hour, zone });
        }
        let is_home = zone == Zone::default();
        asked.change(Times { from: now, first_due: due, days, hour, zone });
        // Elsewhere a day may have an hour more.
        let latest = now + HOUR + DAY * u32::try_from(days).unwrap_or(1);
        let latest = if is_home { latest } else { latest + HOUR };
        if due + MINUTE < now + HOUR || due > latest {
            let what = format!("{person} chose to be asked every {days} days, and is due at {due}");
            self.violation("I2", now, what);
        }
    }

    // --- rests and blocks ----------------------------------------------------------------------

    /// Somebody was let rest, or a rest ended: said by a button that the server says it has.
    pub(super) fn heard_of_rest(&mut self, now: Moment, by: PersonId, data: &str) {
        let mut words = data.split(['.', '~']);
        match (words.next().unwrap_or_default(), words.next()) {
            ("ps", Some(day)) => {
                if let Ok(day) = day.parse() {
                    self.begins_to_rest(by, now, day);
                }
            }
            ("pf", Some(person)) => {
                let days = words.next().and_then(|days| days.parse().ok());
                if let (Ok(person), Some(days)) = (person.parse().map(PersonId), days)
                    && self.watchers_at(person, now).contains(&by)
                {
                    self.is_let_rest(person, now, days);
                }
            }
            ("pe", _) => self.ends_rest(by, now),
            ("po", Some(person)) => {
                let Ok(person) = person.parse().map(PersonId) else { return };
                if self.watchers_at(person, now).contains(&by) {
                    self.is_no_rest(person, now);
                }
            }
            _ => {}
        }
    }

    /// Somebody rests for so many days, today included.
    pub(super) fn is_let_rest(&mut self, person: PersonId, now: Moment, days: i64) {
        let today = self.zones.last(person).local(now).date();
        if let Ok(last_day) = today.checked_add((days - 1).days()) {
            self.begins_to_rest(person, now, last_day);
        }
    }

    /// Somebody rests from now until the end of a day.
    pub(super) fn begins_to_rest(&mut self, person: PersonId, now: Moment, last_day: Date) {
        let end = self.day_ends(person, last_day);
        self.last_days.insert(person, last_day);
        self.ends_rest(person, now);
        self.rests.entry(person.0).or_default().push((now, end));
    }

    pub(super) fn ends_rest(&mut self, person: PersonId, now: Moment) {
        if let Some(span) = self.rests.entry(person.0).or_default().last_mut() {
            span.1 = span.1.map(|end| end.min(now)).or(Some(now));
        }
    }

    /// Somebody else says that a rest is over, if it was one.
    pub(super) fn is_no_rest(&mut self, person: PersonId, now: Moment) {
        let rest = self.rests_of(person).last().filter(|_| self.rests_at(person, now));
        if let Some((from, _)) = rest {
            self.mistaken.push((person, *from, now));
        }
        self.ends_rest(person, now);
    }

    pub(super) fn rests_of(&self, person: PersonId) -> &[Span] {
        self.rests.get(&person.0).map_or(&[], Vec::as_slice)
    }

    pub(super) fn rests_at(&self, person: PersonId, now: Moment) -> bool {
        let holds = |(from, until): &Span| *from < now && until.is_none_or(|until| now < until);
        self.rests_of(person).iter().any(holds)
    }

    /// Somebody does not want anything of us for now.
    pub(super) fn blocks(&mut self, person: PersonId, now: Moment) {
        let spans = self.blocked.entry(person.0).or_default();
        // Whoever loses the telephone after a block cannot be reached since the block.
        if spans.last().is_none_or(|(_, end)| end.is_some()) {
            spans.push((now, None));
        }
    }

    /// Somebody lets us write again.
    pub(super) fn unblocks(&mut self, person: PersonId, now: Moment) {
        if let Some(span) = self.blocked.entry(person.0).or_default().last_mut() {
            span.1 = Some(now);
        }
    }

    pub(super) fn blocks_of(&self, person: PersonId) -> &[Span] {
        self.blocked.get(&person.0).map_or(&[], Vec::as_slice)
    }

    /// By when LINE was asked about everybody since `from`: once a day, at an hour when something wakes the keeper, and
    /// again where LINE gave no answer.
    pub(super) fn asked_about_by(&self, from: Moment) -> Moment {
        let mut until = from + 31 * HOUR;
        for _ in 0..4 {
            let wrong = self.troubles.during(super::spans::ASKING, from, until);
            // Whoever is not asked about at ten is asked about the next day at the latest.
            let days = wrong.as_secs().div_ceil(DAY.as_secs());
            until = from + 31 * HOUR + DAY * u32::try_from(days).unwrap_or(0);
        }
        until
    }

    /// Spans in which the server may not know that it can reach somebody. Where the news of the end of a block can have
    /// been lost, LINE is asked about them once a day.
    pub(super) fn unreached(&self, person: PersonId) -> Vec<Span> {
        let known = |end: Moment| {
            let lost = self.troubles.any(super::spans::HEARING, end - MINUTE, end + 2 * MINUTE);
            if lost { self.asked_about_by(end) } else { end + MINUTE }
        };
        self.blocks_of(person).iter().map(|(begin, end)| (*begin, end.map(known))).collect()
    }

    /// The server did nothing that LINE forbids.
    pub(super) fn line_is_content(&mut self, now: Moment, complaints: &[String]) {
        for what in complaints {
            self.violation("LINE", now, what.clone());
        }
    }

    // --- what people do, and what leaves -------------------------------------------------------

    /// Somebody did something, and the server said that it has it.
    pub(super) fn heard(&mut self, person: PersonId, at_ms: i64, now: Moment) {
        self.answers += 1;
        self.heard.entry(person.0).or_default().entry(at_ms).or_insert(now);
    }

    /// The same, by which a question may be answered before it is asked.
    pub(super) fn heard_early(&mut self, person: PersonId, at_ms: i64) {
        self.early.entry(person.0).or_default().insert(at_ms);
    }

    /// Somebody takes back what they answered to a question: they are waited for as if they had not.
    pub(super) fn takes_back(&mut self, person: PersonId, due: Moment, now: Moment) {
        let key = (person.0, due.millis());
        self.taken_back.insert(key, now);
        // What was still on its way is asked by the answer to this.
        if !self.known.contains(&key) {
            self.questions.entry(key).or_insert(now);
            self.accepted.entry(key).or_default().push(now);
            self.known.insert(key);
        }
        if let Some(heard) = self.heard.get_mut(&person.0) {
            heard.retain(|at_ms, _| *at_ms < due.millis() || *at_ms > now.millis());
        }
    }

    /// The first sign of life of a person from a moment on.
    pub(super) fn heard_since(&self, person: PersonId, from: Moment) -> Option<i64> {
        self.heard.get(&person.0)?.range(from.millis()..).next().map(|(at_ms, _)| *at_ms)
    }

    /// A message begins to leave.
    pub(super) fn leaves(
        &mut self,
        now: Moment,
        row: &Row,
        reading: &Reading,
    ) -> Result<(), StoreError> {
        if let Purpose::Ask(person, due)
        | Purpose::Resend(person, due)
        | Purpose::Sorry(person, due) = row.purpose
            && [now, now + self.apart].iter().all(|at| self.rests_at(person, *at))
            && self.is_right(now)
        {
            self.violation("I10", now, format!("{person} rests and is asked for {due}"));
        }
        if let Purpose::Ask(person, due)
        | Purpose::Resend(person, due)
        | Purpose::Sorry(person, due) = row.purpose
            && self.has_left(person)
            && self.is_right(now)
        {
            self.violation("I11", now, format!("{person} has left and is asked for {due}"));
        }
        let (Purpose::Alert(case, to) | Purpose::Raise(case, to)) = row.purpose else {
            return Ok(());
        };
        let Some(case) = reading.case(case)? else { return Ok(()) };
        self.wakes(row, &case, to);
        self.leaves_for_who_went(now, (&case, to), reading)?;
        // Where another case took its place, what is said is still true.
        if case.closed.is_some_and(|closed| closed.outcome != Outcome::HandedOn) {
            self.violation("I3", now, format!("{} is closed, and {to} is told of it", case.id));
        }
        // Where help was called, whoever called it says how it ended.
        if !case.trouble.ends_with_answer() || case.called_emergency || !self.is_right(now) {
            return Ok(());
        }
        // By a wrong time a question may have been due years ago.
        if self.odd_cases.contains(&case.id) {
            return Ok(());
        }
        if let Some(at) = self.heard_since(case.person, case.round_due_at) {
            let (id, person, due) = (case.id, case.person, case.round_due_at);
            let what = format!("{person} was heard at {at}, and {to} is told of {id} for {due}");
            self.violation("I3", now, what);
        }
        Ok(())
    }

    /// LINE was asked to bring a message. Its waits count from its acceptance, as the server can know it.
    pub(super) fn left(&mut self, now: Moment, row: &Row, brought: Brought, counts_from: Moment) {
        match row.purpose {
            Purpose::Ask(person, due)
            | Purpose::Resend(person, due)
            | Purpose::Sorry(person, due) => {
                let key = (person.0, due.millis());
                let is_question = matches!(row.purpose, Purpose::Ask(..));
                if brought.accepted {
                    self.accepted.entry(key).or_default().push(now);
                    if is_question {
                        self.questions.entry(key).or_insert(counts_from);
                    }
                }
                if brought.known && is_question && self.is_right(now) {
                    self.known.insert(key);
                }
                if brought.known && matches!(row.purpose, Purpose::Resend(..)) {
                    self.second_calls.entry(key).or_insert(counts_from);
                }
            }
            _ => {}
        }
        if brought.shown {
            self.appears(now, row);
        }
    }

    fn appears(&mut self, now: Moment, row: &Row) {
        match row.purpose {
            Purpose::Alert(case, to) => {
                self.alerts += 1;
                self.alerted.entry((case, to)).or_insert(now);
            }
            Purpose::Raise(case, to) => {
                self.alerted.entry((case, to)).or_insert(now);
                self.raised.entry((case, to)).or_default().push(now);
            }
            Purpose::AllClear(case, to) => {
                self.all_clears += 1;
                self.hears_good_news(now, (case, to));
            }
            Purpose::Bulletin(id, to) => self.sees_news(now, id, to),
            _ => {}
        }
        if let Purpose::Alert(_, to)
        | Purpose::Raise(_, to)
        | Purpose::AllClear(_, to)
        | Purpose::Notice(to) = row.purpose
        {
            self.said.entry(to).or_default().push(now);
        }
        let once = match row.purpose {
            Purpose::Alert(..) | Purpose::Ask(..) | Purpose::Resend(..) => {
                vec![format!("{:?}", row.purpose), format!("{:?}", row.id)]
            }
            _ => vec![format!("{:?} {:?}", row.purpose, row.id)],
        };
        // Whoever was asked by a wrong time is asked again when it is time.
        let again =
            !self.is_right(now) && matches!(row.purpose, Purpose::Ask(..) | Purpose::Resend(..));
        for key in once.into_iter().filter(|_| !again) {
            let count = self.shown.entry(key.clone()).or_default();
            *count += 1;
            if *count == 2 {
                self.violation("I6", now, format!("{key} was seen twice"));
            }
        }
    }

    /// Good news comes once. If LINE did not say for a day that it brought it, it is rather told twice than never.
    fn hears_good_news(&mut self, now: Moment, (case, to): (CaseId, PersonId)) {
        let before = self.cleared.get(&(case, to)).and_then(|all| all.last()).copied();
        if let Some(before) = before {
            let unknown = self.troubles.during(MUTE, before, now);
            // It may have been tried for most of a day before it appeared: then LINE was mute all the time since.
            let mute = unknown * 10 >= now.since(before) * 9;
            if !mute && (now.since(before) < 22 * HOUR || unknown < HOUR) {
                let what = format!("{to} heard at {before} of the end of {case}, and again");
                self.violation("I8", now, what);
            }
        }
        self.cleared.entry((case, to)).or_default().push(now);
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
            let Some(case) = reading.case(id)? else { continue };
            let timer = reading.timer(id.0)?;
            if !case.trouble.is_soft() && timer.is_none() {
                self.violation("I12", now, format!("{id} is open, and nothing will happen"));
            }
            self.climbs_when_it_says(now, &case, timer);
        }
        let mut timers = Vec::new();
        reading.timers(|id, _| timers.push(CaseId(id)))?;
        for id in timers {
            if reading.case(id)?.is_some_and(|case| !case.is_open()) {
                self.violation("I12", now, format!("{id} is over, and has a timer"));
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
                (_, Some(due)) if due > now + FAR => {
                    self.violation("I2", now, format!("{}: a timer of {due} at {now}", person.id));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The timer of a case is the one that its next step is noted for, unless that is due and waits for us to settle after a
    /// stop.
    fn climbs_when_it_says(&mut self, now: Moment, case: &Case, timer: Option<Moment>) {
        let step_at = Some(case.rung_at).filter(|_| case.rung != Rung::Rest);
        let next = step_at.into_iter().chain(case.deferred_until).min();
        // Timers stand on whole seconds.
        let second = Duration::from_secs(1);
        let is_its_own = match (timer, next) {
            (Some(timer), Some(next)) => timer >= next && timer.since(next) <= second,
            (timer, next) => timer == next,
        };
        let settles_by = now + SETTLING + self.apart;
        let waits = next.is_some_and(|next| next <= now + self.apart)
            && timer.is_some_and(|timer| timer <= settles_by);
        if !is_its_own && !waits && self.is_right(now) {
            let what = format!("{} has a timer of {timer:?} instead of {next:?}", case.id);
            self.violation("I12", now, what);
        }
    }

    pub(super) fn is_blocked(&self, person: PersonId, at: Moment) -> bool {
        // A block at this very moment counts.
        overlap(&self.unreached(person), at - MINUTE, at + Duration::from_millis(1))
            > Duration::ZERO
    }
}
