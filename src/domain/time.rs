//! Moments. A moment is an argument of every rule; only `clock.rs` reads one from the world.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// An instant in milliseconds since 1970-01-01T00:00:00Z. Arithmetic saturates: no input can make
/// it overflow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From whole seconds since the epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Time that passed since `earlier`; zero if `earlier` lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn millis_of(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

impl Add<Duration> for Moment {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis_of(span)))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis_of(span)))
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC, or the bare number where no calendar date exists for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates_instead_of_overflowing() {
        let last = Moment::from_millis(i64::MAX);
        assert_eq!(last + Duration::from_secs(1), last);
        assert_eq!(Moment::EPOCH.since(last), Duration::ZERO);
        let first = Moment::from_millis(i64::MIN);
        assert_eq!(first - Duration::MAX, first);
    }

    #[test]
    fn spans_are_added_taken_away_and_measured_to_the_millisecond() {
        let moment = Moment::from_seconds(2);
        assert_eq!(moment.millis(), 2_000);
        assert_eq!((moment + Duration::from_millis(7)).millis(), 2_007);
        assert_eq!((moment - Duration::from_millis(7)).millis(), 1_993);
        assert_eq!(moment.since(Moment::EPOCH), Duration::from_secs(2));
        assert_eq!(Moment::EPOCH.since(moment), Duration::ZERO);
        assert_eq!(Moment::from_millis(-1).seconds(), -1, "rounded down, before 1970 too");
        assert_eq!(Moment::from_millis(1_999).seconds(), 1);
    }

    #[test]
    fn a_moment_prints_as_rfc_3339() {
        assert_eq!(Moment::from_millis(1_500).to_string(), "1970-01-01T00:00:01.500Z");
        assert_eq!(format!("{:?}", Moment::from_millis(1_500)), "1970-01-01T00:00:01.500Z");
        assert_eq!(Moment::from_millis(i64::MAX).to_string(), "9223372036854775807 ms");
    }
}
