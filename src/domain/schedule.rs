//! When a person is asked: every so many days, at an hour of their own zone, counted on the
//! calendar from the first day. A person can so know that "today is a LINE day".

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::time::Moment;

/// The zone of a person: an IANA name that this program knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Zone(String);

impl Zone {
    /// Where nothing else was chosen.
    pub const DEFAULT: &'static str = "Asia/Tokyo";

    /// Looks an IANA name up, e.g. `America/Toronto`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(|_| Self(name.to_owned()))
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The date and time on the wall at `moment`.
    #[must_use]
    pub fn local(&self, moment: Moment) -> DateTime {
        Timestamp::from_millisecond(moment.millis())
            .map(|timestamp| timestamp.to_zoned(self.rules()).datetime())
            .unwrap_or(DateTime::MIN)
    }

    /// The moment at which this wall shows a time; a time that is skipped is the next valid one. `None`
    /// beyond the years that can be reckoned.
    #[must_use]
    pub fn at(&self, wall: DateTime) -> Option<Moment> {
        let timestamp = self.rules().to_ambiguous_timestamp(wall).compatible().ok()?;
        Some(Moment::from_millis(timestamp.as_millisecond()))
    }

    /// The moment at which the wall shows `date` and `hour`. A time that daylight saving skips
    /// becomes the first valid instant after the gap; one that comes twice is the first of both.
    #[must_use]
    pub fn moment(&self, date: Date, hour: u8) -> Moment {
        let wall = date.at(i8::try_from(hour.min(23)).unwrap_or(0), 0, 0, 0);
        let rules = self.rules();
        let ambiguous = rules.to_ambiguous_timestamp(wall);
        let offset = ambiguous.offset();
        let Ok(instant) = ambiguous.compatible() else {
            return Moment::from_millis(Timestamp::MAX.as_millisecond());
        };
        let instant = match offset {
            // `compatible` goes past the gap by the gap's own length; the gap's end may be earlier.
            AmbiguousOffset::Gap { .. } => rules
                .preceding(instant.saturating_add(1.second()).unwrap_or(instant))
                .next()
                .map_or(instant, |change| change.timestamp()),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => instant,
        };
        Moment::from_millis(instant.as_millisecond())
    }

    fn rules(&self) -> TimeZone {
        // `named` has seen this name in the same built-in data, so the alternative never happens.
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

/// Days between two questions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Interval(u8);

impl Interval {
    /// All intervals on offer, in days (7 weekly, 14 fortnightly).
    pub const ALL: [Self; 7] = [Self(1), Self(2), Self(3), Self(5), Self(7), Self(14), Self(30)];

    /// Every day.
    pub const DAILY: Self = Self(1);

    /// Takes one of [`Interval::ALL`], or nothing.
    #[must_use]
    pub fn days(days: u8) -> Option<Self> {
        Self::ALL.contains(&Self(days)).then_some(Self(days))
    }

    /// Length in days.
    #[must_use]
    pub fn as_days(self) -> u8 {
        self.0
    }
}

/// Hour of the day on the wall, 0–23.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hour(u8);

impl Hour {
    /// Where nothing else was chosen: an alert then comes at midday.
    pub const DEFAULT: Self = Self(9);

    /// Takes 0–23, or nothing.
    #[must_use]
    pub fn new(hour: u8) -> Option<Self> {
        (hour < 24).then_some(Self(hour))
    }

    /// The hour as a number, 0–23.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

/// The earliest a first question may come after someone joined: time to put the phone away.
pub const FIRST_DUE_AFTER: Duration = Duration::from_secs(3600);

/// And the latest: the hour is there every day, and a day more where a wall is ahead.
const FIRST_DUE_WITHIN: Duration = Duration::from_secs(3 * 24 * 3600);

/// Interval, hour, zone and first day of a person's questions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// Days between two questions.
    pub interval: Interval,
    /// Hour on the wall.
    pub hour: Hour,
    /// The person's zone.
    pub zone: Zone,
    /// The first day; all others are counted from it on the calendar.
    pub first_day: Date,
}

impl Schedule {
    /// A schedule whose first question is the next such hour at least [`FIRST_DUE_AFTER`] away.
    #[must_use]
    pub fn starting(interval: Interval, hour: Hour, zone: Zone, now: Moment) -> Self {
        let earliest = now + FIRST_DUE_AFTER;
        let today = zone.local(now).date();
        let first_day =
            days_from(today).find(|day| zone.moment(*day, hour.get()) >= earliest).unwrap_or(today);
        Self { interval, hour, zone, first_day }
    }

    /// The first question.
    #[must_use]
    pub fn first_due(&self) -> Moment {
        self.zone.moment(self.first_day, self.hour.get())
    }

    /// Whether it begins later than any schedule does that is made `now` or before: made by a clock that ran ahead.
    #[must_use]
    pub fn is_ahead(&self, now: Moment) -> bool {
        self.first_due() > now + FIRST_DUE_WITHIN
    }

    /// Whether a question is due at this very moment.
    #[must_use]
    pub fn asks_at(&self, moment: Moment) -> bool {
        self.next_after(moment - Duration::from_millis(1)) == moment
    }

    /// The first question strictly after `moment`. It does not depend on answers, only on the
    /// calendar.
    #[must_use]
    pub fn next_after(&self, moment: Moment) -> Moment {
        let today = self.zone.local(moment).date();
        let elapsed = today.since(self.first_day).map_or(0, |span| i64::from(span.get_days()));
        let every = i64::from(self.interval.as_days());
        let first = (elapsed.div_euclid(every) * every).max(0);
        // One step back covers a zone whose date runs ahead of the due instant.
        (0..4)
            .filter_map(|step| self.day(first + (step - 1) * every))
            .map(|day| self.zone.moment(day, self.hour.get()))
            .find(|due| *due > moment)
            .unwrap_or(Moment::from_millis(i64::MAX))
    }

    /// The last question at `moment` or before; `None` before the first one.
    #[must_use]
    pub fn last_until(&self, moment: Moment) -> Option<Moment> {
        let today = self.zone.local(moment).date();
        let elapsed = today.since(self.first_day).map_or(0, |span| i64::from(span.get_days()));
        let every = i64::from(self.interval.as_days());
        let last = elapsed.div_euclid(every) * every;
        // Today's may be still to come; and one step ahead covers a zone whose date runs behind the due instant.
        (-1..=2)
            .filter_map(|step| self.day(last - step * every))
            .map(|day| self.zone.moment(day, self.hour.get()))
            .find(|due| *due <= moment)
    }

    /// The next time that it is this hour after `moment`, whether or not it is a day with a question.
    #[must_use]
    pub fn next_hour_after(&self, moment: Moment) -> Moment {
        days_from(self.zone.local(moment).date())
            .map(|day| self.zone.moment(day, self.hour.get()))
            .find(|due| *due > moment)
            .unwrap_or_else(|| self.next_after(moment))
    }

    fn day(&self, offset: i64) -> Option<Date> {
        (offset >= 0).then(|| self.first_day.checked_add(offset.days()).ok()).flatten()
    }
}

fn days_from(day: Date) -> impl Iterator<Item = Date> {
    (0..3_i64).filter_map(move |offset| day.checked_add(offset.days()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(zone: &str, text: &str) -> Moment {
        let wall: DateTime = text.parse().unwrap();
        let zoned = wall.to_zoned(TimeZone::get(zone).unwrap()).unwrap();
        Moment::from_millis(zoned.timestamp().as_millisecond())
    }

    fn schedule(days: u8, hour: u8, zone: &str, from: Moment) -> Schedule {
        let zone = Zone::named(zone).unwrap();
        Schedule::starting(Interval::days(days).unwrap(), Hour::new(hour).unwrap(), zone, from)
    }

    fn walls(schedule: &Schedule, mut from: Moment, count: usize) -> Vec<String> {
        let mut out = Vec::new();
        for _ in 0..count {
            from = schedule.next_after(from);
            out.push(schedule.zone.local(from).to_string());
        }
        out
    }

    #[test]
    fn only_the_seven_intervals_and_24_hours_exist() {
        let days: Vec<u8> = (0..=255).filter(|d| Interval::days(*d).is_some()).collect();
        assert_eq!(days, [1, 2, 3, 5, 7, 14, 30]);
        assert_eq!((0..=255).filter(|h| Hour::new(*h).is_some()).count(), 24);
    }

    #[test]
    fn a_zone_keeps_its_name_and_finds_the_moment_of_a_time_on_the_wall() {
        let toronto = Zone::named("America/Toronto").unwrap();
        assert_eq!(toronto.name(), "America/Toronto");
        assert_eq!(Zone::named("Mars/Olympus"), None);
        assert_eq!(Zone::default().name(), Zone::DEFAULT);
        let wall = |text: &str| text.parse::<DateTime>().unwrap();
        let noon = toronto.at(wall("2026-03-07T12:00:00"));
        assert_eq!(noon, Some(at("UTC", "2026-03-07T17:00:00")));
        // In the night after, half past two is skipped: what would have been is half past three.
        let skipped = toronto.at(wall("2026-03-08T02:30:00"));
        assert_eq!(skipped, Some(at("America/Toronto", "2026-03-08T03:30:00")));
        assert_eq!(toronto.at(DateTime::MAX), None);
    }

    #[test]
    fn the_first_question_is_at_least_an_hour_away() {
        let early = schedule(1, 9, "Asia/Tokyo", at("Asia/Tokyo", "2026-11-23T08:00:00"));
        assert_eq!(early.first_due(), at("Asia/Tokyo", "2026-11-23T09:00:00"));
        let late = schedule(1, 9, "Asia/Tokyo", at("Asia/Tokyo", "2026-11-23T08:00:01"));
        assert_eq!(late.first_due(), at("Asia/Tokyo", "2026-11-24T09:00:00"));
    }

    #[test]
    fn days_are_counted_on_the_calendar_through_month_and_leap_day() {
        let from = at("Asia/Tokyo", "2028-02-26T12:00:00");
        let three = schedule(3, 9, "Asia/Tokyo", from);
        assert_eq!(
            walls(&three, from, 3),
            ["2028-02-27T09:00:00", "2028-03-01T09:00:00", "2028-03-04T09:00:00"]
        );
        let thirty = schedule(30, 0, "Asia/Tokyo", at("Asia/Tokyo", "2026-12-30T12:00:00"));
        assert_eq!(
            walls(&thirty, thirty.first_due() - Duration::from_millis(1), 3),
            ["2026-12-31T00:00:00", "2027-01-30T00:00:00", "2027-03-01T00:00:00"]
        );
    }

    #[test]
    fn an_hour_that_daylight_saving_skips_fires_at_the_next_valid_instant() {
        let from = at("America/Toronto", "2026-03-07T03:00:00");
        let nightly = schedule(1, 2, "America/Toronto", from);
        assert_eq!(walls(&nightly, from, 2), ["2026-03-08T03:00:00", "2026-03-09T02:00:00"]);
        // Lord Howe moves by half an hour: the gap ends at 02:30, not at 03:00.
        let from = at("Australia/Lord_Howe", "2026-10-03T03:00:00");
        let howe = schedule(1, 2, "Australia/Lord_Howe", from);
        assert_eq!(walls(&howe, from, 2), ["2026-10-04T02:30:00", "2026-10-05T02:00:00"]);
    }

    #[test]
    fn an_hour_that_comes_twice_fires_once() {
        let from = at("America/Toronto", "2026-10-31T02:00:00");
        let nightly = schedule(1, 1, "America/Toronto", from);
        let first = nightly.next_after(from);
        let second = nightly.next_after(first);
        assert_eq!(nightly.zone.local(first).to_string(), "2026-11-01T01:00:00");
        assert_eq!(nightly.zone.local(second).to_string(), "2026-11-02T01:00:00");
        assert_eq!(second.since(first), Duration::from_secs(25 * 3600));
    }

    /// The naive second calculation: walk day by day from the first and take what comes after.
    fn naive_next(schedule: &Schedule, after: Moment) -> Moment {
        let mut day = schedule.first_day;
        let mut counter = 0;
        loop {
            let due = schedule.zone.moment(day, schedule.hour.get());
            if counter % schedule.interval.as_days() == 0 && due > after {
                return due;
            }
            day = day.tomorrow().unwrap();
            counter = (counter + 1) % schedule.interval.as_days();
        }
    }

    proptest! {
        #[test]
        fn next_after_agrees_with_walking_day_by_day(
            start in 1_700_000_000_i64..1_900_000_000,
            later in -3_000_000_i64..40_000_000,
            interval in 0_usize..7,
            hour in 0_u8..24,
            zone in prop::sample::select(vec![
                "Asia/Tokyo", "America/Toronto", "Australia/Lord_Howe", "Europe/London",
                "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Pacific/Chatham",
            ]),
        ) {
            let schedule = Schedule::starting(
                Interval::ALL[interval], Hour::new(hour).unwrap(),
                Zone::named(zone).unwrap(), Moment::from_seconds(start));
            let probe = Moment::from_seconds(start + later);
            prop_assert!(schedule.first_due() >= Moment::from_seconds(start) + FIRST_DUE_AFTER);
            prop_assert_eq!(schedule.next_after(probe), naive_next(&schedule, probe));
            match schedule.last_until(probe) {
                Some(last) => {
                    prop_assert!(last <= probe && schedule.asks_at(last));
                    prop_assert_eq!(schedule.next_after(last), naive_next(&schedule, probe));
                }
                None => prop_assert!(probe < schedule.first_due()),
            }
            let daily = Schedule { interval: Interval::DAILY, ..schedule.clone() };
            let hour = schedule.next_hour_after(probe);
            prop_assert!(hour > probe && hour.since(probe) <= Duration::from_secs(49 * 3600));
            if probe >= schedule.first_due() {
                prop_assert_eq!(hour, naive_next(&daily, probe));
            }
        }
    }
}
