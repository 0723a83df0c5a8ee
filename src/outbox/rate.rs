//! A token bucket on given moments: how fast we send. Pure.

use std::time::Duration;

use crate::domain::time::Moment;

/// Sends at most so many a second, with a burst of the same size.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    per_second: u32,
    /// Thousandths of a send.
    level: u64,
    filled_at: Moment,
}

impl Bucket {
    /// A full bucket. At least one a second.
    #[must_use]
    pub fn full(per_second: u32, now: Moment) -> Self {
        let per_second = per_second.max(1);
        Self { per_second, level: u64::from(per_second) * 1000, filled_at: now }
    }

    /// How many sends are free now.
    pub fn free(&mut self, now: Moment) -> usize {
        let gained = now.since(self.filled_at).as_millis() * u128::from(self.per_second);
        let gained = u64::try_from(gained).unwrap_or(u64::MAX);
        self.level = self.level.saturating_add(gained).min(u64::from(self.per_second) * 1000);
        // A clock that stepped back fills nothing until it has caught up with itself.
        self.filled_at = now;
        usize::try_from(self.level / 1000).unwrap_or(usize::MAX)
    }

    /// Takes sends that [`Bucket::free`] said were free.
    pub fn take(&mut self, count: usize) {
        let taken = u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(1000);
        self.level = self.level.saturating_sub(taken);
    }

    /// Whether no send is free, as of the last look.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.level < 1000
    }

    /// When the next send is free.
    #[must_use]
    pub fn next_free_at(&self) -> Moment {
        let missing = 1000_u64.saturating_sub(self.level);
        self.filled_at + Duration::from_millis(missing.div_ceil(u64::from(self.per_second)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_rate_and_no_more() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut bucket = Bucket::full(10, start);
        assert_eq!(bucket.free(start), 10);
        bucket.take(10);
        assert_eq!(bucket.free(start), 0);
        assert_eq!(bucket.next_free_at(), start + Duration::from_millis(100));
        assert_eq!(bucket.free(start + Duration::from_millis(250)), 2);
        assert_eq!(bucket.free(start + Duration::from_secs(60)), 10);
    }

    #[test]
    fn a_bucket_is_empty_until_a_whole_send_is_free_again() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut bucket = Bucket::full(3, start);
        bucket.take(2);
        assert!(!bucket.is_empty());
        assert_eq!(bucket.next_free_at(), start, "one is free at once");
        bucket.take(1);
        assert!(bucket.is_empty());
        let free_at = start + Duration::from_millis(334);
        assert_eq!(bucket.next_free_at(), free_at, "rounded up, never down");
        assert_eq!(bucket.free(free_at - Duration::from_millis(1)), 0);
        assert!(bucket.is_empty());
        assert_eq!(bucket.free(free_at), 1);
        assert!(!bucket.is_empty());
    }

    #[test]
    fn taking_more_than_is_there_leaves_nothing_and_no_debt() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut bucket = Bucket::full(2, start);
        bucket.take(usize::MAX);
        assert_eq!(bucket.free(start + Duration::from_millis(500)), 1);
    }

    #[test]
    fn a_bucket_without_a_rate_still_gives_one_a_second() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut bucket = Bucket::full(0, start);
        assert_eq!(bucket.free(start), 1);
        bucket.take(1);
        assert_eq!(bucket.next_free_at(), start + Duration::from_secs(1));
    }

    #[test]
    fn a_clock_that_steps_back_does_not_fill_the_bucket() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut bucket = Bucket::full(10, start);
        bucket.take(10);
        assert_eq!(bucket.free(start - Duration::from_secs(3600)), 0);
    }
}
