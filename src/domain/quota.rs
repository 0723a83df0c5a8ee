//! The month's messages. LINE's plans stop *everything* at the monthly cap, alerts too; so what is
//! left is reckoned all the time, and questions stop before the last of it is gone.

use super::schedule::Interval;
use super::time::Moment;

/// Parts of the limit, in percent, at which the office is warned.
pub const WARN_AT_PERCENT: [u8; 3] = [70, 85, 100];

/// What is known about the month's messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quota {
    /// The cap, if the plan has one and LINE told it.
    pub limit: Option<u32>,
    /// Used this month, as LINE last told.
    pub used: u32,
    /// When LINE told.
    pub counted_at: Moment,
    /// Counted messages that LINE accepted from us since then.
    pub since: u32,
    /// The month (year × 12 + month, in Japan) of these figures.
    pub month: i32,
    /// Messages that the schedules still need this month, as last reckoned.
    pub forecast: u32,
    /// Alerts to be expected this month, as last reckoned.
    pub alerts: u32,
    /// The highest of [`WARN_AT_PERCENT`] that was told this month.
    pub warned_percent: u8,
    /// Whether the office was told this month that a group is not asked.
    pub groups_told: bool,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            limit: None,
            used: 0,
            counted_at: Moment::from_millis(i64::MIN),
            since: 0,
            month: 0,
            forecast: 0,
            alerts: 0,
            warned_percent: 0,
            groups_told: false,
        }
    }
}

impl Quota {
    /// LINE told how things stand.
    pub fn tell(&mut self, limit: Option<u32>, used: u32, now: Moment) {
        self.turn(now);
        // LINE's figure is approximate and may lag behind what it accepted from us.
        self.used = used.max(if self.counted_at.millis() == i64::MIN { 0 } else { self.used });
        self.limit = limit;
        self.since = 0;
        self.counted_at = now;
    }

    /// The time that we went by was ahead, and it is `now`: LINE's next word is about this month.
    pub fn went_ahead(&mut self, now: Moment) {
        if self.counted_at <= now {
            return;
        }
        if self.month == month_in_japan(now) {
            self.counted_at = now;
        } else {
            *self = Self { limit: self.limit, alerts: self.alerts, ..Self::default() };
        }
    }

    /// LINE accepted a message to so many people: each of them is counted.
    pub fn count(&mut self, now: Moment, people: u32) {
        self.turn(now);
        self.since = self.since.saturating_add(people);
    }

    /// Begins a new month at midnight in Japan.
    fn turn(&mut self, now: Moment) {
        let month = month_in_japan(now);
        if month != self.month {
            *self = Self { limit: self.limit, month, alerts: self.alerts, ..Self::default() };
        }
    }

    /// Used so far, with our own since LINE's last word.
    #[must_use]
    pub fn used_now(&self, now: Moment) -> u32 {
        if month_in_japan(now) == self.month { self.used.saturating_add(self.since) } else { 0 }
    }

    /// What is left; `None` where there is no cap.
    #[must_use]
    pub fn left(&self, now: Moment) -> Option<u32> {
        self.limit.map(|limit| limit.saturating_sub(self.used_now(now)))
    }

    /// What is kept for alerts: the larger of a part of the cap and the alerts to be expected.
    #[must_use]
    pub fn reserve(&self, percent: u8) -> u32 {
        let limit = self.limit.unwrap_or(0);
        let part = u64::from(limit) * u64::from(percent.min(100)) / 100;
        u32::try_from(part).unwrap_or(u32::MAX).max(self.alerts).min(limit)
    }

    /// Whether a question may still be asked.
    #[must_use]
    pub fn allows_question(&self, now: Moment, percent: u8) -> bool {
        self.left(now).is_none_or(|left| left > self.reserve(percent))
    }

    /// Whether a question to a group of so many people may still be asked: it must be possible to tell all of them
    /// afterwards who is missing, and not at the cost of what is kept for alerts.
    #[must_use]
    pub fn allows_round_of(&self, now: Moment, percent: u8, people: u32) -> bool {
        let wanted = self.reserve(percent).saturating_add(people.saturating_mul(2));
        self.left(now).is_none_or(|left| left >= wanted)
    }

    /// Whether everything will fit until the month ends; `None` where there is no cap.
    #[must_use]
    pub fn fits(&self, now: Moment, percent: u8) -> Option<bool> {
        let left = self.left(now)?;
        Some(self.forecast.saturating_add(self.reserve(percent)) <= left)
    }

    /// The warning that is due now and was not given this month.
    #[must_use]
    pub fn warning(&self, now: Moment) -> Option<u8> {
        let limit = u64::from(self.limit?);
        let used = u64::from(self.used_now(now));
        let reached = |percent: &&u8| limit == 0 || used * 100 >= limit * u64::from(**percent);
        let highest = WARN_AT_PERCENT.iter().filter(reached).max().copied()?;
        (highest > self.warned_percent).then_some(highest)
    }
}

/// Questions of a schedule in a month of thirty days.
#[must_use]
pub fn pushes_a_month(interval: Interval) -> u32 {
    30_u32.div_ceil(u32::from(interval.as_days()))
}

/// The month of a moment in Japan, where LINE's months turn.
#[must_use]
pub fn month_in_japan(now: Moment) -> i32 {
    let wall = super::schedule::Zone::default().local(now);
    i32::from(wall.year()) * 12 + i32::from(wall.month()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// 2026-04-01T00:00 in Japan.
    const APRIL: Moment = Moment::from_seconds(1_774_969_200);

    fn quota(limit: u32, used: u32) -> Quota {
        let mut quota = Quota::default();
        quota.tell(Some(limit), used, APRIL);
        quota
    }

    #[test]
    fn questions_stop_where_the_reserve_for_alerts_begins() {
        let mut quota = quota(200, 178);
        assert!(quota.allows_question(APRIL, 10));
        quota.count(APRIL, 1);
        quota.count(APRIL, 1);
        assert_eq!(quota.left(APRIL), Some(20));
        assert!(!quota.allows_question(APRIL, 10));
    }

    #[test]
    fn the_reserve_is_the_larger_of_percent_and_expected_alerts() {
        let mut quota = quota(200, 0);
        assert_eq!(quota.reserve(10), 20);
        quota.alerts = 50;
        assert_eq!(quota.reserve(10), 50);
        quota.alerts = 5_000;
        assert_eq!(quota.reserve(10), 200);
    }

    #[test]
    fn each_threshold_is_warned_of_once_a_month() {
        let mut quota = quota(200, 139);
        assert_eq!(quota.warning(APRIL), None);
        quota.count(APRIL, 1);
        assert_eq!(quota.warning(APRIL), Some(70));
        quota.warned_percent = 70;
        assert_eq!(quota.warning(APRIL), None);
        quota.tell(Some(200), 200, APRIL);
        assert_eq!(quota.warning(APRIL), Some(100));
    }

    #[test]
    fn a_new_month_begins_at_zero_at_midnight_in_japan() {
        let mut quota = Quota::default();
        let before = APRIL - Duration::from_millis(1);
        quota.tell(Some(200), 200, before);
        assert!(!quota.allows_question(before, 10));
        assert!(quota.allows_question(APRIL, 10));
        quota.count(APRIL, 1);
        assert_eq!((quota.used_now(APRIL), quota.warned_percent), (1, 0));
    }

    #[test]
    fn a_figure_of_line_that_lags_behind_takes_nothing_back() {
        let mut quota = quota(200, 100);
        quota.tell(Some(200), 90, APRIL);
        assert_eq!(quota.used_now(APRIL), 100);
    }

    #[test]
    fn a_figure_of_a_time_that_ran_ahead_holds_in_its_month_alone() {
        let hour = Duration::from_secs(3600);
        let mut quota = quota(200, 180);
        quota.warned_percent = 85;
        quota.went_ahead(APRIL - hour);
        assert_eq!((quota.warned_percent, quota.used), (0, 0), "it is March");
        let mut quota = self::quota(200, 180);
        (quota.warned_percent, quota.counted_at) = (85, APRIL + hour);
        quota.went_ahead(APRIL);
        assert_eq!((quota.warned_percent, quota.used), (85, 180));
        assert_eq!(quota.counted_at, APRIL);
    }

    #[test]
    fn without_a_cap_nothing_stops() {
        let mut quota = Quota::default();
        quota.tell(None, 40_000, APRIL);
        assert!(quota.allows_question(APRIL, 10));
        assert_eq!((quota.fits(APRIL, 10), quota.warning(APRIL)), (None, None));
    }
}
