//! What has to have come of silence by the end: whoever was due and not heard is the subject of a case in time (I1), and
//! so is whoever cannot be reached (I5), up to the last moment at which that could be judged.

use std::collections::BTreeMap;
use std::time::Duration;

use super::lost::AFRESH;
use super::spans::{ANY, ASKING, AWAY, DEAF, HEARING, MUTE, NOT_DEAF, SENDING, Span, overlap};
use super::swarm::Trouble as Fault;
use super::times::Asked;
use super::truth::{EARLY, HOUR, MINUTE, Truth, WAIT};
use crate::domain::case::{Actor, Case, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::time::Moment;
use crate::store::{Entry, Reading, StoreError};

/// How late word of silence may be where nothing was wrong.
const LATE: Duration = Duration::from_secs(10 * 60);

/// What deafness, or LINE's silence, costs beyond its own length: the hour of a hold and two apologies of three hours.
const APOLOGIES: Duration = Duration::from_secs(7 * 3600);

/// What any trouble costs beyond its own length: late redeliveries are waited for, and what failed is tried again within
/// minutes.
const SETTLING: Duration = Duration::from_secs(20 * 60);

/// Whoever should have been asked while we were away, and sleeps when we are back, is asked in the morning.
const NIGHT: Duration = Duration::from_secs(9 * 3600);

/// So much of either makes no difference.
const NEGLIGIBLE: Duration = Duration::from_secs(3 * 60);

/// Within so long we know that we are deaf: our hearing is tested every five minutes.
const DEAF_KNOWN: Duration = Duration::from_secs(40 * 60);

/// An answer may come so long before its question.
const EARLY_ANSWER: Duration = Duration::from_secs(12 * 3600);

/// When it was decided that a case is over.
type Closings = BTreeMap<CaseId, Moment>;

impl Truth {
    /// At the end, with every fault over.
    pub(super) fn silence_at_the_end(
        &mut self,
        (from, now): (Moment, Moment),
        journal: &[Entry],
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let mut closings = Closings::new();
        for entry in journal {
            // By a wrong time nobody knows when it was over.
            if let Fact::Closed(id, ..) = entry.fact
                && !self.odd_ends.contains(&id)
            {
                closings.entry(id).or_insert(entry.at);
            }
        }
        let cases = reading.newest_cases(usize::MAX)?;
        for asked in self.asked.clone() {
            let theirs = |case: &&Case| case.person == asked.person;
            let own: Vec<&Case> = cases.iter().filter(theirs).collect();
            let dues = asked.dues(now).into_iter().filter(|due| *due >= from);
            for due in dues.filter(|due| self.is_right(*due)).collect::<Vec<_>>() {
                self.silence_is_told(&asked, due, now, (&own, &closings));
                self.deafness_is_told(asked.person, due, (&own, &closings));
            }
            // Whoever is asked only every few days is asked afresh.
            if self.restored_at == Some(from) && !self.phoned.contains(&asked.person) {
                self.silence_is_told(&asked, from, now, (&own, &closings));
            }
            self.block_is_told((from, now), asked.person, (&own, &closings));
            for (person, begin, end) in self.mistaken.clone() {
                if person == asked.person && begin >= from {
                    self.no_rest_drops_a_question(&asked, (begin, end), now, (&own, &closings));
                }
            }
        }
        let can_leave = self.troubles.clear_for(SENDING, 2 * LATE, now - 2 * LATE) <= now;
        if reading.row_count()? > 0 && can_leave {
            let what = format!("{} messages never left", reading.row_count()?);
            self.violation("I1", now, what);
        }
        Ok(())
    }

    /// By when a human has to know of silence from a due time on, and whether nothing at all was wrong until then.
    fn told_until(&self, due: Moment) -> (Moment, bool) {
        let missed = self.troubles.any(AWAY, due - MINUTE, due + MINUTE);
        let night = if missed { NIGHT } else { Duration::ZERO };
        let mut until = due + WAIT + LATE;
        for _ in 0..8 {
            let during = |kinds| self.troubles.during(kinds, due - HOUR, until);
            let wrong = during(ANY);
            let anew = during(DEAF) >= NEGLIGIBLE || during(MUTE) >= NEGLIGIBLE;
            let settling = if during(ASKING).is_zero() { Duration::ZERO } else { SETTLING };
            let apologies = if anew { APOLOGIES } else { Duration::ZERO };
            let afresh = if self.restored_at == Some(due) { AFRESH } else { Duration::ZERO };
            let next = due + WAIT + LATE + wrong + settling + apologies + afresh + night;
            if next == until {
                return (until, wrong.is_zero());
            }
            until = next;
        }
        (until, false)
    }

    /// Whether LINE could bring somebody everything from a due time on, who does not rest, and nothing was heard of them.
    fn is_silent(&self, person: PersonId, due: Moment, until: Moment) -> bool {
        if overlap(&self.unreached(person), due - HOUR, until) > Duration::ZERO {
            return false;
        }
        let heard = self.heard.get(&person.0);
        if heard.is_some_and(|all| {
            all.range((due - self.apart).millis()..until.millis()).next().is_some()
        }) {
            return false;
        }
        let met = self.met.get(&person.0);
        if met.is_some_and(|all| {
            all.range((due - self.apart).millis()..until.millis()).next().is_some()
        }) {
            return false;
        }
        let early = (due - EARLY_ANSWER).millis();
        let first = self.early.get(&person.0);
        if first.is_some_and(|all| all.range(early..due.millis()).next().is_some()) {
            return false;
        }
        // A rest ends the waiting, also one that is over at once.
        let begins = |(from, _): &Span| *from >= due && *from <= until;
        let rests = self.rests_of(person);
        overlap(rests, due - HOUR, until).is_zero() && !rests.iter().any(begins)
    }

    /// I10: whose answer was missing when somebody else said that they rest, and then that they do not, is asked again within
    /// a day.
    fn no_rest_drops_a_question(
        &mut self,
        asked: &Asked,
        (begin, end): (Moment, Moment),
        now: Moment,
        (cases, closings): (&[&Case], &Closings),
    ) {
        let person = asked.person;
        let due = asked.dues(begin).into_iter().filter(|due| *due <= begin).max();
        let Some(due) = due.filter(|due| self.is_right(*due)) else { return };
        let by = self.told_until(asked.hour_after(end)).0;
        let since = due - EARLY_ANSWER - self.apart;
        let heard = self.heard.get(&person.0).and_then(|all| all.range(since.millis()..).next());
        let heard = heard.is_some_and(|(at, _)| *at < by.millis());
        let met = self.met.get(&person.0).and_then(|all| all.range(since.millis()..).next());
        let met = met.is_some_and(|at| *at < by.millis());
        let anew = self.rests_of(person).iter().any(|(from, _)| *from > begin && *from <= by);
        let excused = overlap(&self.unreached(person), due - HOUR, by) > Duration::ZERO
            || self.taken_back.contains_key(&(person.0, due.millis()))
            || self.restored_at.is_some_and(|at| at >= due)
            || self.left_at(person).is_some_and(|at| at <= by)
            || asked.chose_between(due, by);
        if by > now || heard || met || anew || excused {
            return;
        }
        self.dropped += 1;
        if !self.is_known(end, (end + WAIT, by), false, (cases, closings), person) {
            let what = format!(
                "{person} was asked at {due}, did not rest until {end}, and nobody knew by {by}"
            );
            self.violation("I10", by, what);
        }
    }

    /// I1: a wait that ends while we know that we are deaf is held for an hour, and then a human is told that nothing is
    /// known.
    fn deafness_is_told(
        &mut self,
        person: PersonId,
        due: Moment,
        (cases, closings): (&[&Case], &Closings),
    ) {
        let key = (person.0, due.millis());
        let Some(over_at) = self.second_calls.get(&key).map(|called_at| *called_at + 3 * HOUR)
        else {
            return;
        };
        let by = over_at + HOUR + LATE;
        let deaf = self.troubles.lasts(Fault::Deaf, over_at - DEAF_KNOWN, by);
        let wrong = self.troubles.any(NOT_DEAF, due - HOUR, by);
        let left = self.left_at(person).is_some_and(|at| at <= by);
        if !deaf
            || wrong
            || left
            || self.apologies.contains_key(&key)
            || !self.is_silent(person, due, by)
        {
            return;
        }
        let told = cases.iter().any(|case| {
            let ended = closings.get(&case.id).is_some_and(|at| *at < due);
            case.opened_at <= by && !ended
        });
        if !told {
            let what = format!("the silence of {person} from {due} on was still held at {by}");
            self.violation("I1", by, what);
        }
    }

    /// I1: whoever is due and not heard is the subject of a case in time, whatever was wrong meanwhile.
    fn silence_is_told(
        &mut self,
        asked: &Asked,
        due: Moment,
        now: Moment,
        (cases, closings): (&[&Case], &Closings),
    ) {
        let person = asked.person;
        let (mut told_until, calm) = self.told_until(due);
        // An answer that was taken back may have stood for ten minutes; or the wait begins with that.
        let taken_back = self.taken_back.get(&(person.0, due.millis())).copied();
        if let Some(at) = taken_back.filter(|at| *at < told_until) {
            let begins_at = self.questions.get(&(person.0, due.millis())).copied();
            let anew = begins_at.is_some_and(|begins_at| begins_at >= at);
            told_until = if anew { self.told_until(at).0 } else { told_until + LATE };
        }
        let told_from = due + WAIT - EARLY;
        if told_until > now || self.left_at(person).is_some_and(|at| at <= told_until) {
            return;
        }
        if !self.is_silent(person, due, told_until) {
            return;
        }
        self.silences += 1;
        let within = (told_from, told_until);
        let told = self.is_known(due, within, calm, (cases, closings), person);
        if !told {
            let next = cases.iter().filter(|case| case.opened_at >= due).map(|case| case.opened_at);
            let next = next.min().map_or("never".to_owned(), |at| at.to_string());
            let what = format!(
                "{person} was silent from {due} on, and nobody was told by {told_until} but {next}"
            );
            self.violation("I1", told_until, what);
        }
    }

    /// Whether somebody from whom nothing has come since a moment is the subject of a case in time.
    fn is_known(
        &self,
        due: Moment,
        (told_from, told_until): (Moment, Moment),
        calm: bool,
        (cases, closings): (&[&Case], &Closings),
        person: PersonId,
    ) -> bool {
        cases.iter().any(|case| {
            let closed_at = closings.get(&case.id).copied();
            // Whoever was found well on account of something small is not waited for any more either.
            let found = closed_at.is_some_and(|at| at >= due && at <= told_until);
            if case.trouble.is_soft() {
                let by = case.closed.and_then(|closed| closed.by);
                return found && by.is_some_and(|by| by != Actor::Person(person));
            }
            // What was wrong then says nothing of now.
            let fits = match case.trouble {
                Trouble::NoAnswer | Trouble::Help | Trouble::NotPhoned => true,
                // Whoever is asked every day and was not asked yesterday is not asked today either.
                Trouble::NotSent | Trouble::Unheard => {
                    let yesterday = (due - WAIT).millis();
                    let mut spared =
                        self.spared.range((person.0, yesterday)..=(person.0, due.millis()));
                    spared.next().is_some() || (due - WAIT..=due).contains(&case.round_due_at)
                }
                _ => false,
            };
            let open = closed_at.is_none_or(|at| at >= told_from) && (fits || !calm);
            case.opened_at <= told_until && (open || found)
        })
    }

    /// I5: whoever cannot be reached is the subject of a case: at once where LINE could say so, else by the day's look.
    fn block_is_told(
        &mut self,
        (from, now): (Moment, Moment),
        person: PersonId,
        (cases, closings): (&[&Case], &Closings),
    ) {
        for (begin, end) in self.blocks_of(person).to_vec() {
            let late = self.block_known_by(person, (begin, end));
            let is_short = end.is_some_and(|end| end < late) || late > now;
            let is_short = is_short || begin < from || !self.is_right(begin);
            let is_short = is_short || self.left_at(person).is_some_and(|at| at <= late);
            let concerns = |case: &&Case| {
                let closed_at = closings.get(&case.id);
                !case.trouble.is_soft()
                    && case.opened_at <= late
                    && closed_at.is_none_or(|at| *at > begin)
            };
            if !is_short && !cases.iter().any(concerns) {
                let what =
                    format!("{person} cannot be reached since {begin}, and nobody knew by {late}");
                self.violation("I5", late, what);
            }
        }
    }

    fn block_known_by(&self, person: PersonId, (begin, end): Span) -> Moment {
        let late = begin + 5 * MINUTE;
        let lost = self.troubles.any(HEARING, begin - MINUTE, late);
        // A lost account is no event.
        let unsaid = self.vanished.contains(&person.0) && end.is_none();
        if lost || unsaid { self.asked_about_by(begin) } else { late }
    }
}
