//! Rate limits: one token bucket per endpoint, filled at LINE's documented pace, and the flood guard per person.
//!
//! It only counts; the answer 429 is given by the caller.

use std::collections::{BTreeMap, VecDeque};

/// So many requests in so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) requests: i64,
    pub(super) period_ms: i64,
}

impl Rate {
    pub(super) const fn per_second(requests: i64) -> Self {
        Self { requests, period_ms: 1_000 }
    }

    pub(super) const fn per_minute(requests: i64) -> Self {
        Self { requests, period_ms: 60_000 }
    }

    pub(super) const fn per_hour(requests: i64) -> Self {
        Self { requests, period_ms: 3_600_000 }
    }
}

/// A bucket's level in requests x period: whole numbers keep the refill exact.
#[derive(Debug)]
struct Bucket {
    level: i64,
    at_ms: i64,
}

/// The buckets of the channel, by endpoint.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    buckets: BTreeMap<(&'static str, &'static str), Bucket>,
    pushes: BTreeMap<String, VecDeque<i64>>,
}

impl Buckets {
    /// Takes one request from the endpoint's bucket; false when it is empty.
    pub(super) fn take(
        &mut self,
        now_ms: i64,
        endpoint: (&'static str, &'static str),
        rate: Rate,
    ) -> bool {
        let full = rate.requests.saturating_mul(rate.period_ms);
        let bucket = self.buckets.entry(endpoint).or_insert(Bucket { level: full, at_ms: now_ms });
        // A clock that jumps back must not empty the bucket.
        let elapsed_ms = now_ms.saturating_sub(bucket.at_ms).clamp(0, rate.period_ms);
        bucket.level = bucket.level.saturating_add(elapsed_ms * rate.requests).min(full);
        bucket.at_ms = now_ms;
        let enough = bucket.level >= rate.period_ms;
        if enough {
            bucket.level -= rate.period_ms;
        }
        enough
    }

    /// Counts a push to one person; false when there were `max` within the last minute.
    pub(super) fn push_to(&mut self, now_ms: i64, user: &str, max: u32) -> bool {
        let times = self.pushes.entry(user.to_owned()).or_default();
        while times.front().is_some_and(|at_ms| now_ms.saturating_sub(*at_ms) >= 60_000) {
            times.pop_front();
        }
        let fits = times.len() < usize::try_from(max).unwrap_or(usize::MAX);
        if fits {
            times.push_back(now_ms);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bucket_serves_its_number_and_refills_with_time() {
        let mut buckets = Buckets::default();
        let rate = Rate::per_hour(60);
        let mut take = |now_ms| buckets.take(now_ms, ("POST", "/test"), rate);
        assert!((0..60).all(|_| take(0)));
        assert!(!take(0));
        assert!(!take(59_999));
        assert!(take(60_000));
        assert!(!take(60_000));
    }

    #[test]
    fn endpoints_do_not_share_their_buckets_and_time_may_jump() {
        let mut buckets = Buckets::default();
        let rate = Rate::per_second(1);
        assert!(buckets.take(0, ("GET", "/a"), rate));
        assert!(!buckets.take(0, ("GET", "/a"), rate));
        assert!(buckets.take(0, ("POST", "/a"), rate));
        assert!(!buckets.take(i64::MIN, ("GET", "/a"), rate));
        assert!(buckets.take(i64::MAX, ("GET", "/a"), rate));
    }

    #[test]
    fn a_person_can_be_pushed_to_so_often_a_minute() {
        let mut buckets = Buckets::default();
        assert!(buckets.push_to(0, "U1", 2) && buckets.push_to(1_000, "U1", 2));
        assert!(!buckets.push_to(59_999, "U1", 2));
        assert!(buckets.push_to(59_999, "U2", 2));
        assert!(buckets.push_to(60_000, "U1", 2));
    }
}
