//! The only reader of time. Everything else is given the moment, or a [`Clock`] to wait on.

use std::future::Future;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::domain::event::TimeLook;
use crate::domain::time::Moment;

/// A wait for a moment.
pub type Wait<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and waits.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Moment;

    /// Returns at `at`, or a little later; at once if it has passed. It may also return early when
    /// the clock was set: callers look at [`Clock::now`] and wait again.
    fn sleep_until(&self, at: Moment) -> Wait<'_>;

    /// Whether the clock went as it should since the last look.
    fn look(&self) -> TimeLook;

    /// How many times faster than the world it runs, at least once as fast.
    fn pace(&self) -> u32 {
        1
    }

    /// Whether the clock is the world's own, so that somebody else's can be compared with it.
    fn is_real(&self) -> bool;
}

/// Longest single sleep: a clock that is set forward is noticed within this.
const SLEEP_MAX: Duration = Duration::from_secs(30);

/// A difference between the wall clock and the time that really passed which is worth a word.
const STEP_MIN_MS: i64 = 120_000;

/// The machine's wall clock less the stopwatch at the last look, in milliseconds.
static AHEAD_MS: Mutex<Option<i64>> = Mutex::new(None);

/// Compares the machine's clock with somebody else's.
#[must_use]
pub fn compare(theirs: Moment) -> TimeLook {
    agree(real_now(), theirs)
}

fn agree(ours: Moment, theirs: Moment) -> TimeLook {
    let apart_ms = ours.millis().saturating_sub(theirs.millis()).saturating_abs();
    if apart_ms <= STEP_MIN_MS { TimeLook::Proven } else { TimeLook::Stepped }
}

/// What it means that the wall clock is so far ahead of the stopwatch, and was so far ahead at the last look.
fn step(before_ms: Option<i64>, ahead_ms: i64) -> TimeLook {
    let step_ms = before_ms.map_or(0, |before| ahead_ms.saturating_sub(before));
    if step_ms.saturating_abs() <= STEP_MIN_MS { TimeLook::Steady } else { TimeLook::Stepped }
}

/// The clock of the machine. Notices when somebody sets it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        real_now()
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        Box::pin(tokio::time::sleep(at.since(real_now()).min(SLEEP_MAX)))
    }

    /// A step of the wall clock against the stopwatch. The stopwatch stands still with a suspended
    /// machine, so waking up looks like a step too; either way the time has to be proven.
    fn look(&self) -> TimeLook {
        let ahead_ms = real_now().millis().saturating_sub(stopwatch_ms());
        let mut last = AHEAD_MS.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = step(last.replace(ahead_ms), ahead_ms);
        if seen == TimeLook::Stepped {
            tracing::warn!("the clock was set");
        }
        seen
    }

    fn is_real(&self) -> bool {
        true
    }
}

/// The moment on the machine's own clock, whatever clock the program runs on.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this file is where the moment is read")]
pub fn real_now() -> Moment {
    Moment::from_millis(chrono::Utc::now().timestamp_millis())
}

/// Real milliseconds since the first call: for measuring how long something takes.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this file is where time is read")]
pub fn stopwatch_ms() -> i64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// A clock that runs faster than the world, for demonstration, training and tests:
/// `now = shown + (real − real at the anchor) × speed`.
#[derive(Debug)]
pub struct ScaledClock {
    anchor: RwLock<Anchor>,
    changed: watch::Sender<()>,
}

/// A point at which a scaled clock and the world are tied together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The real moment.
    pub real: Moment,
    /// The moment shown then.
    pub shown: Moment,
    /// How many times faster it runs from there; 0 stands still.
    pub speed: u32,
}

impl Anchor {
    /// An anchor at the present real moment.
    #[must_use]
    pub fn now(shown: Moment, speed: u32) -> Self {
        Self { real: real_now(), shown, speed }
    }

    fn at(&self, real: Moment) -> Moment {
        self.shown + real.since(self.real) * self.speed
    }
}

impl ScaledClock {
    /// A clock that follows `anchor`.
    #[must_use]
    pub fn new(anchor: Anchor) -> Self {
        Self { anchor: RwLock::new(anchor), changed: watch::Sender::new(()) }
    }

    /// How many times faster it runs.
    #[must_use]
    pub fn speed(&self) -> u32 {
        self.anchor().speed
    }

    /// Changes the speed from here on.
    pub fn set_speed(&self, speed: u32) {
        self.set(|now| Anchor::now(now, speed));
    }

    /// Jumps forward to `moment`; never back.
    pub fn jump_to(&self, moment: Moment) {
        let speed = self.speed();
        self.set(|now| Anchor::now(now.max(moment), speed));
    }

    fn anchor(&self) -> Anchor {
        *self.anchor.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, change: impl FnOnce(Moment) -> Anchor) {
        let mut anchor = self.anchor.write().unwrap_or_else(PoisonError::into_inner);
        let now = anchor.at(real_now());
        *anchor = change(now);
        drop(anchor);
        self.changed.send_replace(());
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Moment {
        self.anchor().at(real_now())
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        let mut changed = self.changed.subscribe();
        Box::pin(async move {
            let speed = self.speed();
            let left = at.since(self.now());
            // What has passed is not waited for, even where time stands still.
            if left.is_zero() {
                return;
            }
            // A millisecond more, so that rounding does not wake just before the moment.
            let wait = left.checked_div(speed).unwrap_or(SLEEP_MAX).min(SLEEP_MAX);
            let wait = wait + Duration::from_millis(1);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = changed.changed() => {}
            }
        })
    }

    fn pace(&self) -> u32 {
        self.speed().max(1)
    }

    /// It jumps where somebody wants it to.
    fn look(&self) -> TimeLook {
        TimeLook::Steady
    }

    fn is_real(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_two_minutes_off_somebody_elses_is_wrong_and_less_is_proof() {
        let ours = Moment::from_seconds(1_800_000_000);
        for (apart_ms, seen) in
            [(0, TimeLook::Proven), (120_000, TimeLook::Proven), (120_001, TimeLook::Stepped)]
        {
            let span = Duration::from_millis(apart_ms);
            assert_eq!([agree(ours, ours + span), agree(ours, ours - span)], [seen; 2]);
        }
    }

    #[test]
    fn a_clock_that_was_set_by_more_than_two_minutes_either_way_is_noticed_once() {
        assert_eq!(step(None, 5_000_000), TimeLook::Steady, "nothing to compare with");
        for (moved_ms, seen) in
            [(0, TimeLook::Steady), (120_000, TimeLook::Steady), (120_001, TimeLook::Stepped)]
        {
            assert_eq!([step(Some(7), 7 + moved_ms), step(Some(7), 7 - moved_ms)], [seen; 2]);
        }
    }

    #[test]
    fn a_scaled_clock_runs_from_its_anchor_and_only_forward() {
        let shown = Moment::from_seconds(1_800_000_000);
        let anchor = Anchor { real: Moment::from_seconds(100), shown, speed: 3600 };
        assert_eq!(anchor.at(Moment::from_seconds(101)), shown + Duration::from_secs(3600));
        assert_eq!(anchor.at(Moment::from_seconds(99)), shown);
        let clock = ScaledClock::new(Anchor::now(shown, 0));
        clock.jump_to(shown + Duration::from_secs(60));
        clock.jump_to(shown);
        assert_eq!(clock.now(), shown + Duration::from_secs(60));
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for_even_where_time_stands_still() {
        let shown = Moment::from_seconds(1_800_000_000);
        let clock = ScaledClock::new(Anchor::now(shown, 0));
        let past = clock.sleep_until(shown);
        assert!(tokio::time::timeout(Duration::from_secs(9), past).await.is_ok());
        let ahead = clock.sleep_until(shown + Duration::from_millis(1));
        assert!(tokio::time::timeout(Duration::ZERO, ahead).await.is_err());
    }
}
