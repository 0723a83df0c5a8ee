//! Waits that grow with every failed log-in, by where it came from and by whose name was typed. Names
//! that do not exist wait as those that do, so that nobody learns which are which.
//!
//! Every try counts as failed when it begins, so that many at once are no way around; one that
//! succeeds is taken back.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::id::StaffId;
use crate::domain::staff::{Failures, TokenHash, name_key};
use crate::domain::time::Moment;

/// Whose tries are remembered; when more come, the oldest are forgotten.
const WHO_MAX: usize = 10_000;

/// Who tries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Who {
    /// Somebody at this address, or in this /64 network of IPv6.
    At(IpAddr),
    /// Somebody who typed this name, kept as its hash.
    Named(TokenHash),
    /// Somebody in a browser in which this account has logged in before: what strangers do at the
    /// same address, or under the same name, does not keep them out.
    Known(StaffId),
}

impl Who {
    /// By address; a household has a whole /64 of IPv6 addresses.
    #[must_use]
    pub fn at(from: IpAddr) -> Self {
        match from.to_canonical() {
            IpAddr::V4(_) => Self::At(from.to_canonical()),
            IpAddr::V6(address) => Self::At(IpAddr::V6((u128::from(address) >> 64 << 64).into())),
        }
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::Named(TokenHash::of(&name_key(name)))
    }
}

/// Failed tries. Memory only, except that each account keeps its own number in the data file too.
#[derive(Debug, Default)]
pub struct Backoff(Mutex<BTreeMap<Who, Failures>>);

impl Backoff {
    /// Begins a try, or says how long to wait. `stored` are the failures that the account remembers.
    pub fn begin(&self, all: &[Who], stored: Failures, now: Moment) -> Result<(), Duration> {
        let mut failures = self.lock();
        let remembered = all.iter().filter_map(|who| failures.get(who).copied());
        let wait = remembered.chain([stored]).map(|f| f.wait(now)).max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for who in all {
            make_room(&mut failures);
            failures.entry(*who).or_default().add(now);
        }
        Ok(())
    }

    /// The try succeeded.
    pub fn forgive(&self, all: &[Who]) {
        let mut failures = self.lock();
        for who in all {
            failures.remove(who);
        }
    }

    /// The try was never judged. What failed before goes on counting, or whoever makes us busy would begin anew each time.
    pub fn take_back(&self, all: &[Who]) {
        let mut failures = self.lock();
        for who in all {
            if let Some(failures) = failures.get_mut(who) {
                failures.take_back();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Who, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(failures: &mut BTreeMap<Who, Failures>) {
    if failures.len() >= WHO_MAX {
        let oldest = failures.iter().min_by_key(|(_, failures)| failures.last_at);
        oldest.map(|(who, _)| *who).and_then(|who| failures.remove(&who));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Moment {
        Moment::from_seconds(1_800_000_000)
    }

    #[test]
    fn tries_at_once_count_before_they_end() {
        let backoff = Backoff::default();
        let who = [Who::at("192.0.2.1".parse().unwrap()), Who::named("山田")];
        let begun = (0..20).filter(|_| backoff.begin(&who, Failures::default(), start()).is_ok());
        assert_eq!(begun.count(), 5);
        let elsewhere = [Who::at("192.0.2.2".parse().unwrap()), Who::named(" 山 田")];
        assert!(backoff.begin(&elsewhere, Failures::default(), start()).is_err());
        let known = [Who::Known(StaffId(1))];
        assert!(backoff.begin(&known, Failures::default(), start()).is_ok());
    }

    #[test]
    fn success_forgives_and_what_the_account_remembers_counts_too() {
        let backoff = Backoff::default();
        let who = [Who::at("2001:db8::1".parse().unwrap())];
        for _ in 0..50 {
            assert!(backoff.begin(&who, Failures::default(), start()).is_ok());
            backoff.forgive(&who);
        }
        let stored = Failures { count: 9, last_at: start() };
        assert_eq!(backoff.begin(&who, stored, start()), Err(Duration::from_secs(480)));
        assert_eq!(
            Who::at("2001:db8::1".parse().unwrap()),
            Who::at("2001:db8::2".parse().unwrap())
        );
        assert_eq!(
            Who::at("::ffff:192.0.2.1".parse().unwrap()),
            Who::at("192.0.2.1".parse().unwrap())
        );
    }

    #[test]
    fn a_try_that_was_not_judged_takes_back_itself_alone() {
        let backoff = Backoff::default();
        let who = [Who::at("192.0.2.1".parse().unwrap()), Who::named("山田")];
        for _ in 0..4 {
            backoff.begin(&who, Failures::default(), start()).unwrap();
        }
        for _ in 0..10 {
            backoff.begin(&who, Failures::default(), start()).unwrap();
            backoff.take_back(&who);
        }
        backoff.begin(&who, Failures::default(), start()).unwrap();
        assert!(backoff.begin(&who, Failures::default(), start()).is_err());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let backoff = Backoff::default();
        for n in 0..WHO_MAX + 10 {
            let now = start() + Duration::from_millis(n as u64);
            backoff.begin(&[Who::named(&n.to_string())], Failures::default(), now).unwrap();
        }
        assert_eq!(backoff.lock().len(), WHO_MAX);
    }
}
