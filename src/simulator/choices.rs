//! What those who watch choose for their team: quiet nights, in which an alert waits for the morning, and whether the office
//! may be told of what nobody takes (I19). It is written down as they press it.

use std::collections::BTreeMap;

use jiff::ToSpan;

use super::spans::AWAY;
use super::truth::{DAY, HOUR, MINUTE, Truth};
use crate::domain::case::Case;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::outbox::Row;

/// From when to when a quiet night lasts, by the clock of whoever is told.
const NIGHT: (i8, i8) = (22, 6);

/// What a team chose, from a moment on.
#[derive(Clone, Copy, Debug)]
struct Choice {
    from: Moment,
    quiet: bool,
    office: bool,
}

/// By whom it is about.
#[derive(Clone, Default)]
pub(super) struct Choices(BTreeMap<PersonId, Vec<Choice>>);

impl Choices {
    fn of(&self, person: PersonId) -> &[Choice] {
        self.0.get(&person).map_or(&[], Vec::as_slice)
    }

    /// What held at a moment: at the beginning no night is quiet, and the office may be told.
    fn at(&self, person: PersonId, at: Moment) -> Choice {
        let before = self.of(person).iter().rev().find(|choice| choice.from <= at);
        before.copied().unwrap_or(Choice { from: Moment::EPOCH, quiet: false, office: true })
    }

    fn changed(&self, person: PersonId, from: Moment, until: Moment) -> bool {
        self.of(person).iter().any(|choice| choice.from >= from && choice.from <= until)
    }
}

/// The end of the night that a moment is in.
fn morning_of(at: Moment, zone: &Zone) -> Option<Moment> {
    let local = zone.local(at);
    let (begin, end) = NIGHT;
    if local.hour() < begin && local.hour() >= end {
        return None;
    }
    let days = if local.hour() >= begin { 1 } else { 0 };
    let day = local.date().checked_add(days.days()).ok()?;
    Some(zone.moment(day, u8::try_from(end).unwrap_or(0)))
}

impl Truth {
    /// Somebody chooses: said by a button that the server says it has.
    pub(super) fn heard_of_choice(&mut self, now: Moment, by: PersonId, data: &str) {
        let mut words = data.split(['.', '~']);
        let (word, team) = (words.next().unwrap_or_default(), words.next());
        let team = team.and_then(|team| team.parse().ok()).map(TeamId);
        let people = team.and_then(|team| self.teams.get(&team)).cloned().unwrap_or_default();
        let on = words.next() == Some("1");
        for person in people {
            if !self.watchers_at(person, now).contains(&by) {
                continue;
            }
            let before = self.choices.at(person, now);
            let choice = match word {
                "tq" => Choice { from: now, quiet: on, ..before },
                "to" => Choice { from: now, office: on, ..before },
                _ => return,
            };
            self.choices.0.entry(person).or_default().push(choice);
        }
    }

    /// How often anybody chose.
    pub(super) fn chosen(&self) -> u64 {
        self.choices.0.values().map(|all| all.len() as u64).sum()
    }

    /// Until when those who watch over somebody may sleep through a case at a moment.
    pub(super) fn may_sleep(&self, case: &Case, at: Moment) -> Option<Moment> {
        let about = MINUTE + self.apart;
        let (from, until) = (at - about, at + about);
        let may = self.choices.at(case.person, from).quiet
            || self.choices.at(case.person, until).quiet
            || self.choices.changed(case.person, from, until);
        let may = may && !case.trouble.breaks_the_night();
        let mornings = [from, at, until].into_iter().flat_map(|at| {
            let zones = self.clocks_of_watchers(case.person, at).into_iter();
            zones.filter_map(move |zone| morning_of(at, &zone)).collect::<Vec<_>>()
        });
        mornings.max().filter(|_| may)
    }

    /// The same, if all of them do without a doubt: until the last of them wakes.
    pub(super) fn surely_sleep(&self, case: &Case, at: Moment) -> Option<Moment> {
        let about = MINUTE + self.apart;
        let all = [at - about, at + about].into_iter();
        let all = all.flat_map(|at| self.watchers_at(case.person, at));
        let mornings: Option<Vec<Moment>> =
            all.map(|watcher| self.surely_sleeps(case, watcher, at)).collect();
        mornings?.into_iter().max()
    }

    /// Until when one who watches sleeps through a case at a moment, if they do without a doubt.
    pub(super) fn surely_sleeps(
        &self,
        case: &Case,
        watcher: PersonId,
        at: Moment,
    ) -> Option<Moment> {
        let about = MINUTE + self.apart;
        let (from, until) = (at - about, at + about);
        let wants = self.choices.at(case.person, at).quiet
            && !self.choices.changed(case.person, from, until);
        let morning = |at| morning_of(at, &self.zones.at(watcher, at));
        let night = [from, until].into_iter().all(|at| morning(at).is_some());
        morning(at).filter(|_| wants && night && !case.trouble.breaks_the_night())
    }

    /// Whether it was night for all who watch over somebody until just before a moment, at which some of them were told; `None`
    /// if it is not certain.
    pub(super) fn all_slept_before(&self, person: PersonId, at: Moment) -> Option<bool> {
        if self.clocks_of_watchers(person, at).len() < 2 {
            return Some(true);
        }
        let before = at - 2 * MINUTE;
        let watchers = self.watchers_at(person, at);
        let are_there = watchers.iter().all(|watcher| !self.is_away(*watcher, at - 2 * DAY, at));
        let was_late = self.troubles.any(AWAY, before - HOUR, at);
        let mut nights = watchers.iter().map(|watcher| {
            let zone = self.zones.at(*watcher, at);
            morning_of(before - self.apart, &zone).is_some()
        });
        let is_certain = are_there && !was_late && self.apart < MINUTE;
        is_certain.then(|| nights.all(|is_night| is_night))
    }

    /// From when on the office may be told of a family's case that would be its affair from a moment on: at once, or when
    /// those who had said no say yes. `None` if they do not, or if it is not certain.
    pub(super) fn agreed_from(&self, person: PersonId, due: Moment) -> Option<Moment> {
        let about = MINUTE + self.apart;
        if self.choices.changed(person, due - about, due + about) {
            return None;
        }
        if self.choices.at(person, due).office {
            return Some(due);
        }
        let mut later = self.choices.of(person).iter().filter(|choice| choice.from > due);
        later.find(|choice| choice.office).map(|choice| choice.from)
    }

    /// Whether the office may have been told of it at a moment.
    pub(super) fn may_have_agreed(&self, person: PersonId, from: Moment, until: Moment) -> bool {
        let about = MINUTE + self.apart;
        self.choices.at(person, from - about).office
            || self.choices.of(person).iter().any(|choice| {
                choice.office && choice.from >= from - about && choice.from <= until + about
            })
    }

    /// Nobody is woken whose team wants quiet nights: not by an alert, and not by the word that nobody takes it.
    pub(super) fn wakes(&mut self, row: &Row, case: &Case, to: PersonId) {
        let at = row.queued_at;
        let Some(morning) = self.surely_sleeps(case, to, at).filter(|_| self.is_right(at)) else {
            return;
        };
        // What we kept from the morning before is told as soon as we are back.
        let last = morning - DAY;
        let is_late = case.opened_at < last && self.troubles.any(AWAY, last - HOUR, at);
        // Whoever comes back is awake.
        let came = self.is_away(to, at - 31 * HOUR, at);
        let watches = self.watchers_at(case.person, at).contains(&to);
        if watches && !is_late && !came {
            let what = format!("{to} wants a quiet night, and {:?} was written", row.purpose);
            self.violation("night", at, what);
        }
    }

    /// Whoever slept is told in the morning, if nobody has taken the case by then.
    pub(super) fn morning_comes(&mut self, case: &Case, slept_at: Moment, until: Moment) {
        let Some(morning) = self.surely_sleep(case, slept_at) else { return };
        let by = self.step_by(morning);
        let is_there = |watcher: &PersonId| !self.is_away(*watcher, slept_at - HOUR, by);
        let watchers = self.watchers_at(case.person, slept_at);
        if until > by && watchers.iter().any(is_there) {
            let what = format!("the night of {slept_at} is over, and nobody was told of {case:?}");
            self.violation("night", by, what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_lasts_from_ten_to_six() {
        let at = |text: &str| {
            let at: jiff::Timestamp = text.parse().unwrap();
            Moment::from_seconds(at.as_second())
        };
        let six = at("2026-11-25T06:00:00+09:00");
        for text in ["2026-11-24T22:00:00+09:00", "2026-11-25T05:59:59+09:00"] {
            assert_eq!(morning_of(at(text), &Zone::default()), Some(six), "{text}");
        }
        for text in ["2026-11-24T21:59:59+09:00", "2026-11-25T06:00:00+09:00"] {
            assert_eq!(morning_of(at(text), &Zone::default()), None, "{text}");
        }
    }
}
