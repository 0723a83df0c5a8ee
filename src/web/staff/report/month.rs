//! A month, and what the journal says about it: a fold over its facts, without names.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Span;
use jiff::civil::{Date, Weekday};

use crate::domain::case::{Outcome, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::person::EndReason;
use crate::domain::rules::OFFICE_HOURS;
use crate::domain::schedule::Zone;
use crate::domain::staff::StaffFact;
use crate::domain::team::Role;
use crate::domain::time::Moment;

/// A month in Japan, by its first day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Month(Date);

impl Month {
    /// The month of a moment.
    pub(super) fn of(now: Moment) -> Self {
        Self(Zone::default().local(now).date().first_of_month())
    }

    /// The month that an address names, `2026-11`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        (2020..=2100).contains(&date.year()).then_some(Self(date))
    }

    /// As an address names it.
    pub(super) fn key(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    /// Its first day.
    pub(super) fn first(self) -> Date {
        self.0
    }

    /// When it begins.
    pub(super) fn begins_at(self) -> Moment {
        Zone::default().moment(self.0, 0)
    }

    /// When the next one begins.
    pub(super) fn ends_at(self) -> Moment {
        self.after().begins_at()
    }

    /// The one before.
    pub(super) fn before(self) -> Self {
        Self(self.0.checked_sub(Span::new().months(1)).unwrap_or(self.0))
    }

    /// The one behind.
    pub(super) fn after(self) -> Self {
        Self(self.0.checked_add(Span::new().months(1)).unwrap_or(self.0))
    }
}

/// What happened in a month.
#[derive(Clone, Default)]
pub(super) struct Happened {
    /// Questions that LINE took.
    pub(super) asked: usize,
    /// Second calls.
    pub(super) resent: usize,
    /// Answers to questions, early ones too.
    pub(super) answered: usize,
    /// Answers by somebody else who met the person.
    pub(super) by_others: usize,
    /// Cases, as [`Trouble::ALL`].
    pub(super) opened: [usize; 8],
    /// Cases opened in the evening, at night, on Saturdays and Sundays.
    pub(super) out_of_hours: usize,
    /// Ends of cases, as [`Outcome::ALL`].
    pub(super) closed: [usize; 14],
    /// Cases of which staff wrote something down.
    pub(super) recorded: BTreeSet<CaseId>,
    /// Rests that began.
    pub(super) rests: usize,
    /// Ends of watches, as [`EndReason::ALL`].
    pub(super) ended: [usize; 4],
    /// Who came to be asked in a team.
    pub(super) joined: BTreeSet<PersonId>,
    /// Bulletins.
    pub(super) bulletins: usize,
    /// Questions to groups.
    pub(super) groups_asked: usize,
    /// Of these, those in which somebody was missing.
    pub(super) groups_missed: usize,
    opened_at: BTreeMap<CaseId, Moment>,
    acted_at: BTreeMap<CaseId, Moment>,
}

fn count<T: PartialEq, const N: usize>(counts: &mut [usize; N], all: &[T], what: &T) {
    let place = all.iter().position(|known| known == what);
    if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
        *count += 1;
    }
}

impl Happened {
    /// Adds a fact; in any order.
    pub(super) fn add(&mut self, at: Moment, fact: Fact) {
        match fact {
            Fact::Asked(..) => self.asked += 1,
            Fact::Resent(..) => self.resent += 1,
            Fact::Answered(..) | Fact::AnsweredEarly(..) => self.answered += 1,
            Fact::AnsweredFor(..) => self.by_others += 1,
            Fact::CaseOpened(case, _, trouble) => {
                count(&mut self.opened, &Trouble::ALL, &trouble);
                self.out_of_hours += usize::from(is_out_of_hours(at));
                self.opened_at.insert(case, at);
            }
            Fact::Claimed(case, _) | Fact::NoContact(case, _) | Fact::EmergencyCalled(case, _) => {
                self.acted(case, at);
            }
            Fact::Closed(case, _, outcome) => {
                count(&mut self.closed, &Outcome::ALL, &outcome);
                self.acted(case, at);
            }
            Fact::PauseBegan(..) => self.rests += 1,
            Fact::WatchEnded(_, why) => count(&mut self.ended, &EndReason::ALL, &why),
            Fact::Joined(person, _, Role::Member) => {
                self.joined.insert(person);
            }
            Fact::GroupAsked(..) => self.groups_asked += 1,
            Fact::GroupReported(_, missing) => self.groups_missed += usize::from(missing > 0),
            Fact::Staff(StaffFact::Recorded(_, case)) => {
                self.recorded.insert(case);
                self.acted(case, at);
            }
            Fact::Staff(StaffFact::BulletinMade(..)) => self.bulletins += 1,
            _ => {}
        }
    }

    fn acted(&mut self, case: CaseId, at: Moment) {
        let first = self.acted_at.entry(case).or_insert(at);
        *first = (*first).min(at);
    }

    /// From the opening of a case to the first thing that somebody did about it: the middle of all.
    pub(super) fn first_act(&self) -> Option<Duration> {
        let waits = self
            .opened_at
            .iter()
            .filter_map(|(case, opened)| Some(self.acted_at.get(case)?.since(*opened)));
        let mut waits: Vec<Duration> = waits.collect();
        waits.sort_unstable();
        waits.get(waits.len() / 2).copied()
    }
}

/// In the evening, at night, on Saturdays and Sundays nobody is in the office.
fn is_out_of_hours(at: Moment) -> bool {
    let wall = Zone::default().local(at);
    let (begin, end) = OFFICE_HOURS;
    let hour = u8::try_from(wall.hour()).unwrap_or(0);
    matches!(wall.date().weekday(), Weekday::Saturday | Weekday::Sunday)
        || !(begin..end).contains(&hour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::Actor;

    #[test]
    fn a_month_begins_at_midnight_in_japan_and_leads_to_those_beside_it() {
        let month = Month::read("2026-12").unwrap();
        assert_eq!(month.begins_at(), Moment::from_seconds(1_796_050_800));
        assert_eq!(
            (month.before().key(), month.after().key()),
            ("2026-11".into(), "2027-01".into())
        );
        assert_eq!(Month::of(month.ends_at()), month.after());
        for text in ["", "2026", "2026-13", "2026-00", "1999-01", "x-1", "2026-12-01"] {
            assert_eq!(Month::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_act_about_each_case_counts_whatever_the_order() {
        let at = |minutes: i64| Moment::from_seconds(1_800_000_000 + minutes * 60);
        let mut happened = Happened::default();
        assert_eq!(happened.first_act(), None);
        let claimed = |case| Fact::Claimed(CaseId(case), Actor::Person(PersonId(1)));
        // The newest first, as the journal is read.
        happened.add(at(90), claimed(1));
        happened.add(at(30), claimed(1));
        happened.add(at(10), claimed(2));
        happened.add(at(5), claimed(3));
        for case in 1..=4 {
            happened.add(at(0), Fact::CaseOpened(CaseId(case), PersonId(1), Trouble::NoAnswer));
        }
        assert_eq!(happened.first_act(), Some(Duration::from_secs(600)), "5, 10 and 30 minutes");
        assert_eq!(happened.opened[0], 4);
    }
}
