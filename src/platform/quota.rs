//! The monthly quota: people addressed are counted, messages in one request are not.
//!
//! Months turn at midnight in Japan. Replies never come here, they are free.

use super::calendar::month_in_japan;

/// Messages counted in one month.
#[derive(Debug, Default)]
pub(super) struct Quota {
    /// What the server sent.
    used: u64,
    /// What somebody else sent with the same account, by hand.
    by_others: u64,
    month: i64,
}

impl Quota {
    pub(super) fn used(&self) -> u64 {
        self.used.saturating_add(self.by_others)
    }

    /// Messages counted in the month of `now_ms`.
    pub(super) fn used_at(&mut self, now_ms: i64) -> u64 {
        let month = month_in_japan(now_ms);
        // Only forwards: a clock set back must not give the month's messages away twice.
        if month > self.month {
            *self = Self { month, ..Self::default() };
        }
        self.used()
    }

    /// Somebody else sends whatever is left of `limit`.
    pub(super) fn use_up(&mut self, now_ms: i64, limit: u64) {
        let used = self.used_at(now_ms);
        self.by_others += limit.saturating_sub(used);
    }

    /// What somebody else sent is taken back, as if it had not been.
    pub(super) fn give_back(&mut self) {
        self.by_others = 0;
    }

    /// Whether a message to `people` fits. A message that would reach nobody still needs an open quota.
    pub(super) fn allows(
        &mut self,
        now_ms: i64,
        people: u64,
        limit: Option<u64>,
        reserved: u64,
    ) -> bool {
        let used = self.used_at(now_ms);
        limit.is_none_or(|limit| {
            limit.saturating_sub(used).saturating_sub(reserved) >= people.max(1)
        })
    }

    pub(super) fn count(&mut self, now_ms: i64, people: u64) {
        self.used_at(now_ms);
        self.used = self.used.saturating_add(people);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-04-01T00:00 in Japan.
    const APRIL_MS: i64 = 1_774_969_200_000;

    #[test]
    fn the_last_message_of_the_quota_fits_and_the_next_does_not() {
        let mut quota = Quota::default();
        quota.count(APRIL_MS, 198);
        assert!(quota.allows(APRIL_MS, 2, Some(200), 0));
        assert!(!quota.allows(APRIL_MS, 3, Some(200), 0));
        assert!(!quota.allows(APRIL_MS, 2, Some(200), 1));
        quota.count(APRIL_MS, 2);
        assert!(!quota.allows(APRIL_MS, 0, Some(200), 0));
        assert!(quota.allows(APRIL_MS, 1_000, None, 0));
    }

    #[test]
    fn others_can_use_up_the_month_and_give_it_back() {
        let mut quota = Quota::default();
        quota.count(APRIL_MS, 12);
        quota.use_up(APRIL_MS, 200);
        assert_eq!(quota.used_at(APRIL_MS), 200);
        assert!(!quota.allows(APRIL_MS, 1, Some(200), 0));
        assert!(quota.allows(APRIL_MS, 1, Some(5_000), 0));
        quota.use_up(APRIL_MS, 100);
        assert_eq!(quota.used_at(APRIL_MS), 200);
        quota.give_back();
        assert_eq!(quota.used_at(APRIL_MS), 12);
    }

    #[test]
    fn a_new_month_starts_at_zero() {
        let mut quota = Quota::default();
        quota.count(APRIL_MS - 1, 150);
        quota.use_up(APRIL_MS - 1, 200);
        assert!(!quota.allows(APRIL_MS - 1, 1, Some(200), 0));
        assert!(quota.allows(APRIL_MS, 200, Some(200), 0));
        assert_eq!(quota.used_at(APRIL_MS - 1), 0);
    }
}
