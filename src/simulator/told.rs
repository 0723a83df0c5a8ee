//! Whether word reached those who watch, on their phones and in time: of a case when it is opened, again while nobody
//! takes it (I12), and how it ended (I8). What was decided is read from the journal; what appeared was written down.

use std::collections::BTreeMap;
use std::time::Duration;

use super::spans::{AWAY, SENDING, overlap};
use super::truth::{DAY, HOUR, MINUTE, Truth};
use crate::domain::case::{Actor, Case, Outcome};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::store::{Entry, Reading, StoreError};

/// Within so long LINE brings what it can bring.
pub(super) const SOON: Duration = Duration::from_secs(15 * 60);

/// A message that LINE does not take for so long may be given up.
pub(super) const GIVEN_UP: Duration = Duration::from_secs(22 * 3600);

/// Good news that is given up is told anew for two days from the sign of life on; the sign itself may have come late.
const GOOD_NEWS_FOR: Duration = Duration::from_secs(40 * 3600);

/// Nobody takes a case: again to all, then to the office, then every day.
pub(super) const REMINDED: Duration = Duration::from_secs(3600);
pub(super) const ESCALATED: Duration = Duration::from_secs(3 * 3600);

/// Somebody took it: a question how it went, and then it is nobody's again.
pub(super) const NUDGED: Duration = Duration::from_secs(3600);
const LAPSED: Duration = Duration::from_secs(3 * 3600);

/// The word of the day comes at nine, and not within half a day of the last word.
pub(super) const FIRST_DIGEST: Duration = Duration::from_secs(37 * 3600);
/// Where those who watch live by other clocks, it may wait for two of their nights.
const NIGHTS: Duration = Duration::from_secs(16 * 3600);
const DIGESTED: Duration = Duration::from_secs(25 * 3600);
const DIGEST_HOUR: i8 = 9;

/// A time in which a case is somebody's, or nobody's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) taken_by: Option<Actor>,
    pub(super) from: Moment,
    pub(super) until: Moment,
    /// Nobody may have been asked in it, or was for certain: all who watch slept.
    pub(super) may_sleep: bool,
    pub(super) sleeps: bool,
    /// It begins with the end of a quiet night.
    wakes: bool,
}

/// Whose case was opened when.
type Opening = (PersonId, Moment);

/// What was decided about one case, in order.
pub(super) type Story = Vec<(Moment, Fact)>;

pub(super) fn case_of(fact: Fact) -> Option<CaseId> {
    match fact {
        Fact::CaseOpened(id, ..)
        | Fact::Reminded(id)
        | Fact::Escalated(id)
        | Fact::OfficeTold(id)
        | Fact::ClaimLapsed(id, _)
        | Fact::Nudged(id)
        | Fact::Digested(id)
        | Fact::DeferredTold(id)
        | Fact::Claimed(id, _)
        | Fact::EmergencyCalled(id, _)
        | Fact::NoContact(id, _)
        | Fact::AllClear(id, _)
        | Fact::Closed(id, ..) => Some(id),
        _ => None,
    }
}

/// The first of these facts at or after a moment.
pub(super) fn first(story: &Story, from: Moment, is: impl Fn(Fact) -> bool) -> Option<Moment> {
    story.iter().find(|(at, fact)| *at >= from && is(*fact)).map(|(at, _)| *at)
}

impl Truth {
    /// At the end, with every fault over.
    pub(super) fn word_at_the_end(
        &mut self,
        now: Moment,
        journal: &[Entry],
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let mut stories: BTreeMap<CaseId, Story> = BTreeMap::new();
        let mut openings: Vec<Opening> = Vec::new();
        for entry in journal {
            if let Fact::CaseOpened(_, person, _) = entry.fact {
                openings.push((person, entry.at));
            }
            if let Some(id) = case_of(entry.fact) {
                stories.entry(id).or_default().push((entry.at, entry.fact));
            }
            // It concerns every case there is.
            if entry.fact == Fact::MadeGood {
                stories.values_mut().for_each(|story| story.push((entry.at, entry.fact)));
            }
        }
        for (id, story) in &stories {
            let Some(case) = reading.case(*id)?.filter(|_| !self.odd_cases.contains(id)) else {
                continue;
            };
            let over_at = case.closed.map_or(now, |closed| closed.at);
            if self.changed_hands(case.person, case.opened_at - HOUR, over_at) {
                continue;
            }
            if !case.trouble.is_soft() {
                self.alert_appears(now, &case, story);
                self.end_is_told(now, &case, story, &openings);
            }
            let Some(stretches) = self.stretches(&case, story, now) else { continue };
            // Letters name the person and the moment: of two cases of one second nobody can say which one is meant.
            let twins = openings.iter().filter(|(person, at)| {
                *person == case.person && at.seconds() == case.opened_at.seconds()
            });
            if twins.count() == 1 {
                self.office_is_written(now, (&case, story), &stretches);
            }
            if !case.trouble.is_soft() {
                self.ladder_goes_on(&case, story, &stretches);
            }
        }
        Ok(())
    }

    /// Whose a case was, from its beginning to its end or to a call for help, from which on it needs nobody; `None` if nobody
    /// here can say from when on what follows is counted.
    fn stretches(&self, case: &Case, story: &Story, now: Moment) -> Option<Vec<Stretch>> {
        let (mut taken_by, mut from) = (None, case.opened_at);
        let is_theirs = !self.is_the_offices(case);
        let mut may_sleep = is_theirs && self.may_sleep(case, from).is_some();
        let mut sleeps = is_theirs && self.surely_sleep(case, from).is_some();
        let mut wakes = false;
        let mut stretches = Vec::new();
        for (at, fact) in story {
            let next = match fact {
                Fact::Claimed(_, by) => Some(Some(*by)),
                Fact::ClaimLapsed(..) => Some(None),
                // Out of a copy everyone is told afresh of what nobody has taken, and it climbs from there.
                Fact::MadeGood
                    if taken_by.is_none() && self.restored_at.is_some_and(|at| from < at) =>
                {
                    Some(None)
                }
                // So it does in the morning.
                Fact::DeferredTold(_) if taken_by.is_none() && is_theirs => {
                    // Whoever heads them may live elsewhere, and was asked by day.
                    let heads =
                        first(story, Moment::EPOCH, |fact| matches!(fact, Fact::Escalated(_)));
                    let has_heads = heads.is_some_and(|heads| heads < *at);
                    if has_heads && self.zones.moves() > 0 {
                        return None;
                    }
                    if !self.all_slept_before(case.person, *at)? {
                        continue;
                    }
                    Some(None)
                }
                Fact::EmergencyCalled(..) | Fact::Closed(..) => None,
                _ => continue,
            };
            stretches.push(Stretch { taken_by, from, until: *at, may_sleep, sleeps, wakes });
            let Some(next) = next else { return Some(stretches) };
            (taken_by, from, may_sleep, sleeps) = (next, *at, false, false);
            wakes = matches!(fact, Fact::DeferredTold(_));
        }
        stretches.push(Stretch { taken_by, from, until: now, may_sleep, sleeps, wakes });
        Some(stretches)
    }

    /// By when something that LINE is asked to bring from a moment on has to have appeared; `None` if it may have been
    /// given up.
    pub(super) fn brought_by(&self, from: Moment) -> Option<Moment> {
        let by = self.troubles.clear_for(SENDING, SOON, from);
        (by.since(from) < GIVEN_UP).then_some(by)
    }

    /// By when good news has to have appeared: it is told anew when it was given up, unless they are silent again.
    fn good_news_by(&self, of: PersonId, from: Moment, openings: &[Opening]) -> Option<Moment> {
        let by = self.troubles.clear_for(SENDING, SOON, from);
        let again = |(person, at): &Opening| *person == of && *at > from && *at <= by;
        let may_end = by.since(from) >= GIVEN_UP && openings.iter().any(again);
        (!may_end && by.since(from) < GOOD_NEWS_FOR).then_some(by)
    }

    /// Whether it may be that somebody is not told between two moments: they cannot be reached, or move to another clock.
    pub(super) fn is_away(&self, reader: PersonId, from: Moment, until: Moment) -> bool {
        let from = from - MINUTE - self.apart;
        overlap(&self.unreached(reader), from, until) > Duration::ZERO
            || self.zones.moves_between(reader, from, until)
    }

    pub(super) fn said_within(&self, reader: PersonId, from: Moment, until: Moment) -> bool {
        let said = self.said.get(&reader).map_or(&[][..], Vec::as_slice);
        said.iter().any(|at| *at >= from && *at <= until)
    }

    /// I1: everybody who watches has it on their phone, unless it was over before.
    fn alert_appears(&mut self, now: Moment, case: &Case, story: &Story) {
        let opened_at = case.opened_at;
        let closed = |fact| matches!(fact, Fact::Closed(..) | Fact::AllClear(..));
        let over_at = first(story, opened_at, closed).unwrap_or(now);
        for reader in self.watchers_at(case.person, over_at) {
            self.letter_tells(reader, case, over_at);
        }
        // What was given up is told with the next word of the day.
        let told_at = self.may_sleep(case, opened_at).map(|morning| self.step_by(morning));
        let told_at = told_at.unwrap_or(opened_at);
        let by = self.troubles.clear_for(SENDING, SOON, told_at);
        let lost = by.since(told_at) >= GIVEN_UP;
        let by = if lost { by + FIRST_DIGEST } else { by };
        if over_at <= by {
            return;
        }
        for reader in self.watchers_at(case.person, by) {
            let alerted = self.alerted.get(&(case.id, reader)).copied();
            let told = alerted.is_some_and(|at| at <= by)
                || lost && self.said_within(reader, opened_at - self.apart, by);
            if !told && !self.is_away(reader, opened_at, by) {
                let id = case.id;
                let what = format!(
                    "{reader} watches, and was not told of {id} by {by} but {alerted:?}: {case:?}"
                );
                self.violation("I1", by, what);
            }
        }
    }

    /// I8: whoever was told of a case hears how it ended.
    fn end_is_told(&mut self, now: Moment, case: &Case, story: &Story, openings: &[Opening]) {
        let answered = first(story, case.opened_at, |fact| matches!(fact, Fact::AllClear(..)));
        let closing = story.iter().find_map(|(at, fact)| match fact {
            Fact::Closed(_, by, outcome) => Some((*at, *by, *outcome)),
            _ => None,
        });
        let (at, by_person, as_good_news) = match (answered, closing) {
            (Some(at), _) => (at, None, true),
            (None, Some((at, by, Outcome::Answered))) => (at, by.person(), false),
            // Another case takes its place, of which they are told anew.
            (None, Some((_, Actor::Person(by), _))) if by == case.person => return,
            (None, Some((at, by, _))) => (at, by.person(), false),
            (None, None) => return,
        };
        self.letter_tells_the_end(now, case, (at, by_person));
        let by = if as_good_news {
            self.good_news_by(case.person, at, openings)
        } else {
            self.brought_by(at)
        };
        let Some(by) = by.filter(|by| *by <= now) else { return };
        let told = self
            .alerted
            .iter()
            .filter(|((id, _), told)| *id == case.id && **told + self.apart <= at);
        let told: Vec<PersonId> = told.map(|((_, to), _)| *to).collect();
        for to in told {
            let has_gone = self.has_gone(to, case.person, by);
            if Some(to) == by_person || has_gone || self.is_away(to, at, by) {
                continue;
            }
            let cleared = self.cleared.get(&(case.id, to)).and_then(|all| all.first());
            let heard = if as_good_news {
                cleared.is_some_and(|cleared| *cleared <= by)
            } else {
                self.said_within(to, at - self.apart, by)
            };
            if !heard {
                let what = format!(
                    "{to} was told of {}, and not by {by} how it ended at {at}: {case:?}",
                    case.id
                );
                self.violation("I8", by, what);
            }
        }
    }

    /// I12: while nobody has settled a case it climbs.
    fn ladder_goes_on(&mut self, case: &Case, story: &Story, stretches: &[Stretch]) {
        // Whose it is by the morning if those who watch came back in the night, nobody here can say.
        let woke = story.iter().any(|(_, fact)| matches!(fact, Fact::DeferredTold(_)));
        if case.nobody && woke {
            return;
        }
        for Stretch { taken_by, from, until, may_sleep, wakes, .. } in stretches {
            if *wakes {
                self.morning_reaches(case, *from, *until);
            }
            match taken_by {
                Some(_) => self.claim_is_asked_after(case.id, story, *from, *until),
                None if *may_sleep => self.morning_comes(case, *from, *until),
                None => self.case_is_told_again(case, story, *from, *until),
            }
        }
    }

    /// A step that is due at a moment is carried out soon, unless we are down.
    pub(super) fn step_by(&self, due: Moment) -> Moment {
        // Two minutes more for whoever pressed that they are in trouble.
        let due = due + 3 * MINUTE;
        // While we settle after a stop a ladder stands still.
        self.troubles.clear_for(AWAY, SOON + self.apart, due - SOON).max(due)
    }

    fn claim_is_asked_after(&mut self, id: CaseId, story: &Story, from: Moment, until: Moment) {
        let by = self.step_by(from + NUDGED);
        let nudged = |fact| matches!(fact, Fact::Nudged(_));
        if until > by && first(story, from, nudged).is_none_or(|at| at > by) {
            self.violation("I12", by, format!("{id} was taken at {from}, and nobody asked"));
        }
        let by = self.step_by(from + LAPSED);
        if until > by {
            self.violation("I12", by, format!("{id} was taken at {from}, and is still"));
        }
    }

    fn case_is_told_again(&mut self, case: &Case, story: &Story, from: Moment, until: Moment) {
        let id = case.id;
        let remind_at = from + REMINDED;
        let by = self.step_by(remind_at);
        // One that is late is passed over if the next is due as well.
        let in_time = by < from + ESCALATED;
        let sleeps = [remind_at, by].into_iter().any(|at| self.may_sleep(case, at).is_some());
        if sleeps {
            // Of the office's own those who came back meanwhile may sleep.
            if !self.is_the_offices(case) {
                self.morning_comes(case, remind_at, until);
            }
        } else if until > by && in_time {
            let reminded = first(story, from, |fact| matches!(fact, Fact::Reminded(_)));
            match reminded.filter(|at| *at <= by) {
                Some(at) => self.reminder_appears(case, at, until),
                None => {
                    self.violation("I12", by, format!("{id} is nobody's since {from}"));
                }
            }
        }
        let by = self.step_by(from + ESCALATED);
        if until <= by {
            return;
        }
        let escalated = first(story, from, |fact| matches!(fact, Fact::Escalated(_)));
        let Some(mut last) = escalated.filter(|at| *at <= by) else {
            let what = format!("{id} is nobody's since {from}, and went no further");
            return self.violation("I12", by, what);
        };
        let mut gap = FIRST_DIGEST.max(self.told_again_within(case.person, last));
        loop {
            let by = self.step_by(last + gap);
            if until <= by {
                return;
            }
            let next = first(story, last + MINUTE, |fact| matches!(fact, Fact::Digested(_)));
            let Some(next) = next.filter(|at| *at <= by) else {
                let what = format!("{id} is open, and was not told since {last}");
                return self.violation("I12", by, what);
            };
            self.digest_appears(case, next, until);
            (last, gap) = (next, self.told_again_within(case.person, next));
        }
    }

    /// Within how long after one word of the day the next one comes.
    pub(super) fn told_again_within(&self, person: PersonId, last: Moment) -> Duration {
        if !self.share_a_clock(person, last) {
            return FIRST_DIGEST + NIGHTS;
        }
        // After one that came late there is less time.
        let usual = Zone::default().local(last).hour() == DIGEST_HOUR;
        if usual { DIGESTED } else { FIRST_DIGEST }
    }

    fn reminder_appears(&mut self, case: &Case, at: Moment, until: Moment) {
        if self.may_sleep(case, at).is_some() {
            return;
        }
        let Some(by) = self.brought_by(at).filter(|by| *by < until) else { return };
        for reader in self.watchers_at(case.person, by) {
            let raised = self.raised.get(&(case.id, reader)).map_or(&[][..], Vec::as_slice);
            let told = raised.iter().any(|raised| *raised >= at - self.apart && *raised <= by);
            if !told && !self.is_away(reader, at, by) {
                let what = format!("{reader} was not reminded of {} by {by}", case.id);
                self.violation("I12", by, what);
            }
        }
    }

    /// Whoever slept is told in the morning of what is nobody's, or asked again.
    fn morning_reaches(&mut self, case: &Case, at: Moment, until: Moment) {
        let night = at - HOUR;
        let Some(by) = self.brought_by(at).filter(|by| *by < until) else { return };
        for reader in self.watchers_at(case.person, by) {
            // It may still be night for them.
            let until = self.surely_sleeps(case, reader, night);
            if until.is_none_or(|until| until > at + MINUTE + self.apart) {
                continue;
            }
            let raised = self.raised.get(&(case.id, reader)).map_or(&[][..], Vec::as_slice);
            let told = self.alerted.get(&(case.id, reader)).into_iter().chain(raised);
            let told = told.into_iter().any(|told| *told >= at - self.apart && *told <= by);
            if !told && !self.is_away(reader, night - 10 * HOUR, by) {
                let what = format!("{reader} slept and was not told of {case:?} by {by}");
                self.violation("I12", by, what);
            }
        }
    }

    /// One word a day names all that is open: it may have come with another case.
    fn digest_appears(&mut self, case: &Case, at: Moment, until: Moment) {
        let Some(by) = self.brought_by(at).filter(|by| *by < until) else { return };
        for reader in self.watchers_at(case.person, by) {
            // Who lives elsewhere hears of others at another hour of the day; and of one word a day another may be given up.
            let (since, lost) = match self.zones.moves() {
                0 => (at - 10 * HOUR, false),
                _ => (at - DAY, self.troubles.any(SENDING, at - DAY, by)),
            };
            let told = lost || self.said_within(reader, since, by);
            // Whoever came back meanwhile is told with the next.
            if !told && !self.is_away(reader, at - 2 * DAY, by) {
                let what = format!("{reader} was not told again of {} by {by}", case.id);
                self.violation("I12", by, what);
            }
        }
    }
}
