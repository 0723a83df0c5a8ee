//! Proof that the service turns, for whoever would end it and start it anew: the writer commits an empty
//! step, and nothing that became due is left lying. Only what a new start can mend counts. That LINE or a
//! mail server cannot be reached does not, nor that the clock is doubted: that is what [`vitals`] is for.
//!
//! [`vitals`]: super::vitals

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{self, Clock};
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};
use crate::store::{Store, StoreError};

/// So long, in real time, may the oldest timer that is due stay the same one. Even all timers of a town at
/// once are decided in seconds, and each group of them brings another one to the front.
const DUE_WAIT: Duration = Duration::from_secs(300);

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum Stuck {
    /// The writer takes nothing more.
    #[error(transparent)]
    Writer(#[from] Refusal),
    /// The data cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer does not answer.
    #[error("the writer does not answer")]
    Silent,
    /// A timer is due and nobody decides it.
    #[error("a timer is due and was not decided for {0} s")]
    Timers(u64),
}

/// Who proves it.
pub struct Proof {
    engine: Handle,
    store: Store,
    clock: Arc<dyn Clock>,
    due: Due,
}

impl Proof {
    /// A proof of the service that starts now.
    #[must_use]
    pub fn new(engine: Handle, store: Store, clock: Arc<dyn Clock>) -> Self {
        let due = Due { start_at: clock.now(), oldest: None };
        Self { engine, store, clock, due }
    }

    /// Returns when the service turns. Where the writer is stuck, on a disk that does not answer for one, it
    /// does not return: a proof that does not come in time is none.
    pub async fn give(&mut self) -> Result<(), Stuck> {
        // A transaction with nothing in it goes to the disk all the same.
        self.engine.decide_patiently(Vec::new()).await?;
        let mut timers = Vec::new();
        self.store.read()?.timers(|id, due_at| timers.push((due_at, id)))?;
        let waits = self.due.look(timers, self.clock.now(), clock::stopwatch_ms());
        if waits > DUE_WAIT { Err(Stuck::Timers(waits.as_secs())) } else { Ok(()) }
    }
}

/// The oldest timer that is due, over several looks.
#[derive(Debug)]
struct Due {
    /// What was due before counts for nothing: where a start did not decide it, neither does the next one,
    /// and a service that is started again and again does less than one that forgets something.
    start_at: Moment,
    /// It, and the reading of the stopwatch when it was first seen. A clock that is set forward makes
    /// timers due that nobody had the time to decide.
    oldest: Option<((Moment, u32), i64)>,
}

impl Due {
    /// For how long the oldest one has been the same.
    fn look(
        &mut self,
        timers: impl IntoIterator<Item = (Moment, u32)>,
        now: Moment,
        stopwatch_ms: i64,
    ) -> Duration {
        let is_due = |(due_at, _): &(Moment, u32)| *due_at > self.start_at && *due_at <= now;
        let oldest = timers.into_iter().filter(is_due).min();
        let since_ms = match self.oldest {
            Some((known, since_ms)) if oldest == Some(known) => since_ms,
            Some(_) | None => stopwatch_ms,
        };
        self.oldest = oldest.map(|oldest| (oldest, since_ms));
        let waits_ms = stopwatch_ms.saturating_sub(since_ms);
        Duration::from_millis(u64::try_from(waits_ms).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_seconds(1_800_000_000 + seconds)
    }

    /// Looks each minute at what is due then; the longest wait that was seen, in seconds.
    fn longest(minutes: i64, timers: impl Fn(i64) -> Vec<(Moment, u32)>) -> u64 {
        let mut due = Due { start_at: at(0), oldest: None };
        let looks = (0..minutes)
            .map(|minute| due.look(timers(minute), at(60 * minute), 60_000 * minute).as_secs());
        looks.max().unwrap_or(0)
    }

    #[test]
    fn a_timer_that_nobody_decides_is_noticed_and_one_to_come_is_not_waited_for() {
        assert_eq!(longest(20, |_| vec![(at(120), 7), (at(180), 8)]), 17 * 60);
        assert_eq!(longest(20, |_| vec![(at(9_999), 7)]), 0);
    }

    #[test]
    fn many_that_are_due_are_no_standstill_while_they_become_fewer() {
        let left = |minute: i64| (minute..60).map(|n| (at(n), 7)).collect();
        assert_eq!(longest(60, left), 0);
    }

    #[test]
    fn what_was_due_before_the_start_does_not_end_one_start_after_the_other() {
        assert_eq!(longest(60, |_| vec![(at(-5), 7), (at(0), 8)]), 0);
    }

    #[test]
    fn a_clock_that_is_set_forward_gives_the_timers_their_time() {
        let mut due = Due { start_at: at(0), oldest: None };
        assert_eq!(due.look([(at(60), 7)], at(90_000), 1_000), Duration::ZERO);
        assert_eq!(due.look([], at(90_030), 31_000), Duration::ZERO);
    }
}
