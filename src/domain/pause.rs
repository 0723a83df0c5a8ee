//! A rest: no question for some days, always with an end. What can go wrong with a rest is that it
//! is forgotten and a life behind it; so it ends by itself, is told to everyone who watches, and is
//! asked about every week.

use jiff::ToSpan;
use jiff::civil::Date;

use super::case::Actor;
use super::rules::{PAUSE_DAYS_MAX, PAUSE_PING_DAYS, STAFF_PAUSE_DAYS_MAX};
use super::schedule::Schedule;
use super::time::Moment;

/// Why somebody rests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// Not said.
    Unsaid,
    /// Travelling.
    Travel,
    /// In hospital, the end unknown.
    Hospital,
}

impl Why {
    /// All reasons, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 3] = [Self::Unsaid, Self::Travel, Self::Hospital];
}

/// A rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pause {
    /// When it was agreed.
    pub since: Moment,
    /// The first day, on the wall of the person.
    pub first_day: Date,
    /// The last day without a question.
    pub last_day: Date,
    /// Why.
    pub why: Why,
    /// Who asked for it.
    pub by: Actor,
    /// Weekly questions to those who watch, so far.
    pub pings: u8,
    /// Whether the end was announced.
    pub announced: bool,
}

/// What a rest does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Those who watch are asked whether the rest still holds.
    Ping(Moment),
    /// The person is told that questions begin again.
    Announce(Moment),
    /// The rest is over; the next regular question is due then.
    Resume(Moment),
}

impl Next {
    /// When.
    #[must_use]
    pub fn at(self) -> Moment {
        match self {
            Self::Ping(at) | Self::Announce(at) | Self::Resume(at) => at,
        }
    }
}

impl Pause {
    /// The same rest, agreed `now` and beginning `today`.
    pub fn begin_at(&mut self, now: Moment, today: Date) {
        let lasts = self.last_day - self.first_day;
        self.last_day = today.saturating_add(lasts);
        (self.since, self.first_day) = (now, today);
        (self.pings, self.announced) = (0, false);
    }

    /// The first question after the rest: the first regular one after its last day.
    #[must_use]
    pub fn resumes_at(&self, schedule: &Schedule) -> Moment {
        let end = self.last_day.tomorrow().unwrap_or(self.last_day);
        let last = schedule.zone.moment(end, 0);
        schedule.next_after(last - std::time::Duration::from_millis(1))
    }

    /// What comes next. Always something: a rest that waits for nothing would never end.
    #[must_use]
    pub fn next(&self, schedule: &Schedule) -> Next {
        let hour = schedule.hour.get();
        let days = |count: u8| self.first_day.checked_add(i64::from(count).days());
        let ping = PAUSE_PING_DAYS.checked_mul(self.pings.saturating_add(1)).map(days);
        if let Some(Ok(day)) = ping
            && day < self.last_day
        {
            return Next::Ping(schedule.zone.moment(day, hour));
        }
        // One day of rest needs no announcement: the person has just asked for it.
        if !self.announced && self.last_day > self.first_day {
            return Next::Announce(schedule.zone.moment(self.last_day, hour));
        }
        Next::Resume(self.resumes_at(schedule))
    }
}

/// The last day of a rest of so many days that begins on `first_day`; `None` where people may not
/// rest that long.
#[must_use]
pub fn last_day(first_day: Date, days: u8) -> Option<Date> {
    within(first_day, days, PAUSE_DAYS_MAX)
}

/// The same for a rest that staff agree with somebody.
#[must_use]
pub fn last_day_by_staff(first_day: Date, days: u8) -> Option<Date> {
    within(first_day, days, STAFF_PAUSE_DAYS_MAX)
}

fn within(first_day: Date, days: u8, days_max: u8) -> Option<Date> {
    let fits = (1..=days_max).contains(&days);
    fits.then(|| first_day.checked_add((i64::from(days) - 1).days()).ok()).flatten()
}

/// Whether a rest from `first_day` may last until `last_day`.
#[must_use]
pub fn is_allowed(first_day: Date, last_day: Date) -> bool {
    let longest = self::last_day(first_day, PAUSE_DAYS_MAX);
    last_day >= first_day && longest.is_some_and(|longest| last_day <= longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::{Hour, Interval, Zone};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn schedule(days: u8) -> Schedule {
        Schedule {
            interval: Interval::days(days).unwrap(),
            hour: Hour::new(9).unwrap(),
            zone: Zone::default(),
            first_day: date(2026, 11, 1),
        }
    }

    fn pause(last_day: Date) -> Pause {
        Pause {
            since: Moment::EPOCH,
            first_day: date(2026, 11, 23),
            last_day,
            why: Why::Unsaid,
            by: Actor::Person(crate::domain::id::PersonId(1)),
            pings: 0,
            announced: false,
        }
    }

    #[test]
    fn a_rest_of_more_than_thirty_days_is_not_taken() {
        let first = date(2026, 11, 23);
        assert_eq!(last_day(first, 1), Some(first));
        assert_eq!(last_day(first, 30), Some(date(2026, 12, 22)));
        assert_eq!(last_day(first, 31), None);
        assert_eq!(last_day(first, 0), None);
        assert!(is_allowed(first, date(2026, 12, 22)));
        assert!(!is_allowed(first, date(2026, 12, 23)));
        assert!(!is_allowed(first, date(2026, 11, 22)));
    }

    #[test]
    fn a_long_rest_asks_every_week_announces_its_end_and_ends() {
        let mut pause = pause(date(2026, 12, 12));
        let schedule = schedule(1);
        let mut seen = Vec::new();
        loop {
            let next = pause.next(&schedule);
            seen.push(schedule.zone.local(next.at()).to_string());
            match next {
                Next::Ping(_) => pause.pings += 1,
                Next::Announce(_) => pause.announced = true,
                Next::Resume(_) => break,
            }
        }
        assert_eq!(
            seen,
            [
                "2026-11-30T09:00:00",
                "2026-12-07T09:00:00",
                "2026-12-12T09:00:00",
                "2026-12-13T09:00:00"
            ]
        );
    }

    #[test]
    fn staff_may_agree_to_ninety_days_and_no_more() {
        let first = date(2026, 11, 23);
        assert_eq!(last_day_by_staff(first, 90), Some(date(2027, 2, 20)));
        assert_eq!(last_day_by_staff(first, 91), None);
    }

    proptest! {
        #[test]
        fn every_rest_ends_within_a_period_after_its_last_day(
            length in 1_u8..=90, every in prop::sample::select(vec![1_u8, 2, 3, 5, 7, 14, 30]),
        ) {
            let schedule = schedule(every);
            let mut pause = pause(last_day_by_staff(date(2026, 11, 23), length).unwrap());
            let mut steps = 0;
            let resumed = loop {
                match pause.next(&schedule) {
                    Next::Ping(_) => pause.pings += 1,
                    Next::Announce(_) => pause.announced = true,
                    Next::Resume(at) => break at,
                }
                steps += 1;
                prop_assert!(steps < 20);
            };
            let after = schedule.zone.moment(pause.last_day.tomorrow().unwrap(), 0);
            prop_assert!(resumed >= after);
            let period = std::time::Duration::from_secs(u64::from(every) * 86_400 + 86_400);
            prop_assert!(resumed <= after + period);
        }
    }
}
