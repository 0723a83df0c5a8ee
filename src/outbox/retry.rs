//! When to try again, and when never. Pure.

use std::time::Duration;

use super::Outcome;
use crate::domain::event::Failure;
use crate::domain::id::OutboxId;
use crate::domain::time::Moment;

/// A retry key protects against a second delivery for 24 hours after its first use; an hour
/// before that nothing is tried any more.
pub const KEY_LIFE: Duration = Duration::from_secs(23 * 3600);

/// First wait after LINE was unavailable; doubles with every attempt.
const BACKOFF_FIRST: Duration = Duration::from_secs(1);

/// Longest wait between two attempts of a row.
const BACKOFF_MAX: Duration = Duration::from_secs(300);

/// Longest wait after "too fast": the way is open, only narrow.
const RATE_BACKOFF_MAX: Duration = Duration::from_secs(60);

/// What follows from an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Done: accepted at this moment.
    Accepted(Moment),
    /// Done: will never be accepted.
    GiveUp(Failure),
    /// Try this row again then.
    Again(Moment),
    /// Nothing at all can be sent before then; try this row again after it.
    HoldAll(Moment),
}

/// What is known about the attempts of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempts {
    /// How many were made.
    pub count: u32,
    /// When the first began.
    pub first_at: Moment,
}

/// Judges the outcome of an attempt that ended `now`.
#[must_use]
pub fn judge(id: OutboxId, attempts: Attempts, outcome: Outcome, now: Moment) -> Next {
    match outcome {
        Outcome::Accepted => Next::Accepted(now),
        // Which attempt it was is not known; the person may have had it since the first.
        Outcome::AcceptedBefore => Next::Accepted(attempts.first_at),
        Outcome::UnknownReceiver => Next::GiveUp(Failure::UnknownReceiver),
        Outcome::Refused => Next::GiveUp(Failure::Refused),
        Outcome::Unavailable => {
            within_key_life(attempts, Next::Again(now + backoff(id, attempts.count)))
        }
        Outcome::RateLimited => {
            let wait = backoff(id, attempts.count).min(RATE_BACKOFF_MAX);
            within_key_life(attempts, Next::HoldAll(now + wait))
        }
        Outcome::Unauthorized => {
            within_key_life(attempts, Next::HoldAll(now + Duration::from_secs(30)))
        }
        Outcome::Forbidden | Outcome::MonthlyLimit => {
            within_key_life(attempts, Next::HoldAll(now + BACKOFF_MAX))
        }
    }
}

fn within_key_life(attempts: Attempts, next: Next) -> Next {
    match next {
        Next::Again(at) | Next::HoldAll(at) if at >= attempts.first_at + KEY_LIFE => {
            Next::GiveUp(Failure::OutOfTime)
        }
        other => other,
    }
}

/// Doubling waits, each between half and all of its length, so that many rows that failed
/// together do not come back together. The place within is drawn from the row's own identity.
fn backoff(id: OutboxId, count: u32) -> Duration {
    let full = BACKOFF_FIRST.saturating_mul(1 << count.saturating_sub(1).min(16)).min(BACKOFF_MAX);
    let drawn =
        id.0.iter().fold(count, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    let half = full / 2;
    half + half.mul_f64(f64::from(drawn % 1000) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attempts(count: u32, first_at: Moment) -> Attempts {
        Attempts { count, first_at }
    }

    #[test]
    fn a_repeated_attempt_that_had_been_accepted_counts_from_the_first() {
        let first = Moment::from_seconds(1_800_000_000);
        let now = first + Duration::from_secs(600);
        let next = judge(OutboxId([1; 16]), attempts(3, first), Outcome::AcceptedBefore, now);
        assert_eq!(next, Next::Accepted(first));
    }

    #[test]
    fn nothing_is_tried_when_the_key_no_longer_protects() {
        let first = Moment::from_seconds(1_800_000_000);
        for outcome in [Outcome::Unavailable, Outcome::RateLimited, Outcome::MonthlyLimit] {
            let late = first + KEY_LIFE;
            let next = judge(OutboxId([1; 16]), attempts(300, first), outcome, late);
            assert_eq!(next, Next::GiveUp(Failure::OutOfTime), "{outcome:?}");
        }
    }

    #[test]
    fn a_message_that_line_refuses_is_not_sent_again() {
        let now = Moment::from_seconds(1_800_000_000);
        let next = judge(OutboxId([1; 16]), attempts(1, now), Outcome::Refused, now);
        assert_eq!(next, Next::GiveUp(Failure::Refused));
    }

    #[test]
    fn what_was_accepted_now_counts_from_now_and_an_unknown_receiver_is_given_up() {
        let now = Moment::from_seconds(1_800_000_000);
        let judged = |outcome| judge(OutboxId([1; 16]), attempts(2, now), outcome, now);
        assert_eq!(judged(Outcome::Accepted), Next::Accepted(now));
        assert_eq!(judged(Outcome::UnknownReceiver), Next::GiveUp(Failure::UnknownReceiver));
    }

    #[test]
    fn what_holds_up_one_row_holds_up_it_alone_and_what_holds_up_the_way_holds_up_all() {
        let now = Moment::from_seconds(1_800_000_000);
        let after = |seconds| now + Duration::from_secs(seconds);
        let judged = |outcome| judge(OutboxId([0; 16]), attempts(1, now), outcome, now);
        let Next::Again(at) = judged(Outcome::Unavailable) else { panic!("not tried again") };
        assert!((now + BACKOFF_FIRST / 2..=after(1)).contains(&at), "{at}");
        let Next::HoldAll(at) = judged(Outcome::RateLimited) else { panic!("not held") };
        assert!((now + BACKOFF_FIRST / 2..=after(1)).contains(&at), "{at}");
        assert_eq!(judged(Outcome::Unauthorized), Next::HoldAll(after(30)));
        assert_eq!(judged(Outcome::Forbidden), Next::HoldAll(after(300)));
        assert_eq!(judged(Outcome::MonthlyLimit), Next::HoldAll(after(300)));
        // Too fast is never as bad as not there: after many attempts a minute at most.
        let many = judge(OutboxId([0; 16]), attempts(50, now), Outcome::RateLimited, now);
        assert_eq!(many, Next::HoldAll(after(60)));
    }

    #[test]
    fn the_last_attempt_comes_before_the_key_stops_protecting_and_not_at_that_moment() {
        let first = Moment::from_seconds(1_800_000_000);
        let held = |now| judge(OutboxId([1; 16]), attempts(9, first), Outcome::MonthlyLimit, now);
        let last = first + Duration::from_secs(23 * 3600) - Duration::from_secs(300);
        assert_eq!(held(last), Next::GiveUp(Failure::OutOfTime));
        let before = last - Duration::from_millis(1);
        assert_eq!(held(before), Next::HoldAll(before + BACKOFF_MAX));
    }

    #[test]
    fn waits_double_from_a_second_to_five_minutes_each_drawn_from_the_rows_own_identity() {
        let within = |count, seconds: u64| {
            let wait = backoff(OutboxId([7; 16]), count);
            let full = Duration::from_secs(seconds);
            assert!((full / 2..full).contains(&wait), "{count}: {wait:?}");
        };
        for (count, seconds) in [(0, 1), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (99, 300)] {
            within(count, seconds);
        }
        // Worked out by hand once, so that a row keeps its place from version to version.
        let mut id = [0; 16];
        id[15] = 9;
        assert_eq!(backoff(OutboxId(id), 0), Duration::from_micros(504_500));
        id[14] = 1;
        assert_eq!(backoff(OutboxId(id), 0), Duration::from_millis(520));
        let waits: std::collections::BTreeSet<Duration> =
            (0..50).map(|n| backoff(OutboxId([n; 16]), 5)).collect();
        assert!(waits.len() > 40, "rows that failed together do not come back together");
    }

    proptest! {
        #[test]
        fn waits_grow_and_stay_bounded(id in any::<[u8; 16]>(), count in 1_u32..100) {
            let wait = backoff(OutboxId(id), count);
            prop_assert!(wait >= BACKOFF_FIRST / 2);
            prop_assert!(wait <= BACKOFF_MAX);
        }
    }
}
