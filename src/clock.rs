//! The only reader of time. Everything else is given the moment, or a [`Clock`] to wait on.

use std::future::Future;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
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

    /// What somebody else's clock said of it when it began; steady where nobody could be asked.
    fn at_start(&self) -> TimeLook;

    /// Somebody else's clock shows `theirs`, as we heard within `took` of asking. A clock that runs a little too fast or too
    /// slow may be put right by it.
    fn told(&self, theirs: Moment, _took: Duration) -> TimeLook {
        compare(self.now(), theirs)
    }

    /// How many times faster than the world it runs, at least once as fast.
    fn pace(&self) -> u32 {
        1
    }

    /// Whether the clock is the world's own, so that somebody else's can be compared with it.
    fn is_real(&self) -> bool;
}

/// Longest single sleep: a clock that is set forward is noticed within this.
const SLEEP_MAX: Duration = Duration::from_secs(30);

/// A difference between two clocks which is worth a word. Below it a clock is being corrected as it runs, and is followed.
const STEP_MIN_MS: i64 = 120_000;

/// So far two clocks may be apart for no other reason than that one shows whole seconds and tells them over a network.
const DRIFT_MIN_MS: i64 = 10_000;

/// So much is put right at once: nothing that waits notices it.
const FOLLOWED_MAX_MS: i64 = 30_000;

/// An answer that took longer says too little of when its time was read.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

/// What it means that somebody else's clock shows `theirs` while we go by `ours`.
#[must_use]
pub fn compare(ours: Moment, theirs: Moment) -> TimeLook {
    let apart_ms = ours.millis().saturating_sub(theirs.millis()).saturating_abs();
    if apart_ms <= STEP_MIN_MS { TimeLook::Proven } else { TimeLook::Wrong(theirs) }
}

/// The time that the process goes by: what the machine's clock showed when it began, carried on by how long the machine has
/// been up. Whoever sets the clock of the machine meanwhile cannot make a wait of a day end now, or in a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Timepiece {
    /// Our time, and the machine's clock at the last look, less the time that the machine has been up; in milliseconds.
    ours_ahead_ms: i64,
    wall_ahead_ms: i64,
    at_start: TimeLook,
}

impl Timepiece {
    fn begun(wall_ms: i64, up_ms: i64) -> Self {
        let ahead_ms = wall_ms.saturating_sub(up_ms);
        let at_start = TimeLook::Steady;
        Self { ours_ahead_ms: ahead_ms, wall_ahead_ms: ahead_ms, at_start }
    }

    fn now_ms(self, up_ms: i64) -> i64 {
        self.ours_ahead_ms.saturating_add(up_ms)
    }

    /// Looks how far the machine's clock has moved by itself. A machine that is suspended as a whole, by whoever runs it,
    /// does not count the time: waking up looks like a step as well.
    fn look(&mut self, wall_ms: i64, up_ms: i64) -> TimeLook {
        let ahead_ms = wall_ms.saturating_sub(up_ms);
        let step_ms = ahead_ms.saturating_sub(self.wall_ahead_ms);
        self.wall_ahead_ms = ahead_ms;
        if step_ms.saturating_abs() > STEP_MIN_MS {
            return TimeLook::Stepped;
        }
        self.ours_ahead_ms = self.ours_ahead_ms.saturating_add(step_ms);
        TimeLook::Steady
    }

    /// Somebody else's clock shows `theirs`. A machine whose clock nobody corrects runs some seconds a day too fast or too slow:
    /// left alone, our time would be wrong after some weeks, and finding that out costs everybody a question.
    fn told(&mut self, theirs: Moment, took: Duration, up_ms: i64) -> TimeLook {
        let ours = Moment::from_millis(self.now_ms(up_ms));
        let seen = compare(ours, theirs);
        let apart_ms = theirs.millis().saturating_sub(ours.millis());
        let drifted = apart_ms.saturating_abs() >= DRIFT_MIN_MS && took <= TOLD_WITHIN;
        if seen == TimeLook::Proven && drifted {
            let step_ms = apart_ms.clamp(-FOLLOWED_MAX_MS, FOLLOWED_MAX_MS);
            self.ours_ahead_ms = self.ours_ahead_ms.saturating_add(step_ms);
        }
        seen
    }

    /// Begins with what somebody else's clock shows: where the machine's is wrong, theirs is gone by. Whether it was.
    fn begin(&mut self, theirs: Moment, up_ms: i64) -> bool {
        let ours = Moment::from_millis(self.now_ms(up_ms));
        self.at_start = TimeLook::Proven;
        let is_wrong = compare(ours, theirs) != TimeLook::Proven;
        if is_wrong {
            self.ours_ahead_ms = theirs.millis().saturating_sub(up_ms);
        }
        is_wrong
    }
}

/// The one of this process.
static TIMEPIECE: LazyLock<Mutex<Timepiece>> =
    LazyLock::new(|| Mutex::new(Timepiece::begun(real_now().millis(), up_ms())));

fn timepiece() -> MutexGuard<'static, Timepiece> {
    TIMEPIECE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clock of the machine, as it was when the process began. Notices when somebody sets it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Compares it with somebody else's clock, which is right where both differ. Only for a process that has not decided
    /// anything yet: time must never jump under what waits.
    #[must_use]
    pub fn begin(theirs: Option<Moment>) -> Self {
        if theirs.is_some_and(|theirs| timepiece().begin(theirs, up_ms())) {
            tracing::warn!(
                "the clock of the machine is wrong by more than two minutes; we go by LINE's"
            );
        }
        Self
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::from_millis(timepiece().now_ms(up_ms()))
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        Box::pin(tokio::time::sleep(at.since(self.now()).min(SLEEP_MAX)))
    }

    fn look(&self) -> TimeLook {
        let seen = timepiece().look(real_now().millis(), up_ms());
        if seen == TimeLook::Stepped {
            tracing::warn!(
                "the clock of the machine was set; we go on by our own until somebody else's agrees"
            );
        }
        seen
    }

    fn at_start(&self) -> TimeLook {
        timepiece().at_start
    }

    fn told(&self, theirs: Moment, took: Duration) -> TimeLook {
        let before = self.now();
        let seen = timepiece().told(theirs, took, up_ms());
        let moved_ms = self.now().millis().saturating_sub(before.millis());
        if moved_ms.saturating_abs() >= DRIFT_MIN_MS / 2 {
            tracing::info!(seconds = moved_ms / 1000, "our time follows LINE's");
        }
        seen
    }

    fn is_real(&self) -> bool {
        true
    }
}

/// Milliseconds since the machine was started, also those in which it slept.
fn up_ms() -> i64 {
    let up = clock_gettime(ClockId::Boottime);
    up.tv_sec.saturating_mul(1000).saturating_add(up.tv_nsec / 1_000_000)
}

/// How long the machine has been up, also while it slept: for measuring how long we were away.
#[must_use]
pub fn up() -> Duration {
    Duration::from_millis(u64::try_from(up_ms()).unwrap_or(0))
}

/// The moment on the machine's own clock, whatever clock the program runs on: for certificates, names of files, and whatever
/// else is compared with the world and waited for by nobody.
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

    /// Nobody else's shows its time.
    fn at_start(&self) -> TimeLook {
        TimeLook::Proven
    }

    fn is_real(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;
    const WALL_MS: i64 = 1_800_000_000_000;
    const UP_MS: i64 = 700_000;

    #[test]
    fn a_clock_that_is_two_minutes_off_somebody_elses_is_wrong_and_less_is_proof() {
        let ours = Moment::from_millis(WALL_MS);
        for (apart_ms, is_proof) in [(0, true), (120_000, true), (120_001, false)] {
            let span = Duration::from_millis(apart_ms);
            for theirs in [ours + span, ours - span] {
                let seen = if is_proof { TimeLook::Proven } else { TimeLook::Wrong(theirs) };
                assert_eq!(compare(ours, theirs), seen);
            }
        }
    }

    #[test]
    fn whoever_sets_the_machines_clock_is_noticed_once_and_moves_ours_not_at_all() {
        for step_ms in [120_001, -120_001, 10 * 365 * 24 * HOUR_MS, -WALL_MS] {
            let mut ours = Timepiece::begun(WALL_MS, UP_MS);
            let after_an_hour = (WALL_MS + HOUR_MS + step_ms, UP_MS + HOUR_MS);
            assert_eq!(ours.look(after_an_hour.0, after_an_hour.1), TimeLook::Stepped);
            assert_eq!(ours.look(after_an_hour.0, after_an_hour.1), TimeLook::Steady);
            assert_eq!(ours.now_ms(UP_MS + HOUR_MS), WALL_MS + HOUR_MS);
        }
    }

    #[test]
    fn a_clock_that_nobody_corrects_follows_somebody_elses_before_it_is_wrong() {
        for (drift_ms, hours) in [(20_000, 1), (-500, 20), (30_000, 1)] {
            let mut ours = Timepiece::begun(WALL_MS, UP_MS);
            let up_ms = UP_MS + hours * HOUR_MS;
            // What is drifting are the seconds themselves: wall and time since the start alike.
            let theirs_ms = WALL_MS + hours * (HOUR_MS - drift_ms);
            let (theirs, soon) = (Moment::from_millis(theirs_ms), Duration::from_millis(80));
            assert_eq!(ours.look(WALL_MS + hours * HOUR_MS, up_ms), TimeLook::Steady);
            assert_eq!(ours.told(theirs, soon, up_ms), TimeLook::Proven);
            assert_eq!(ours.now_ms(up_ms), theirs_ms);
        }
    }

    #[test]
    fn what_is_nearly_two_minutes_off_is_put_right_bit_by_bit() {
        let mut ours = Timepiece::begun(WALL_MS, UP_MS);
        let theirs = Moment::from_millis(WALL_MS - 119_000);
        let seen = [(); 5].map(|()| {
            ours.told(theirs, Duration::ZERO, UP_MS);
            ours.now_ms(UP_MS) - theirs.millis()
        });
        assert_eq!(seen, [89_000, 59_000, 29_000, 0, 0]);
    }

    #[test]
    fn a_late_answer_a_small_difference_and_a_wrong_time_move_ours_not_at_all() {
        let soon = Duration::from_secs(2);
        for (apart_ms, took) in [
            (9_999, soon),
            (60_000, soon + Duration::from_millis(1)),
            (120_001, soon),
            (HOUR_MS, soon),
        ] {
            let mut ours = Timepiece::begun(WALL_MS, UP_MS);
            ours.told(Moment::from_millis(WALL_MS - apart_ms), took, UP_MS);
            assert_eq!(ours.now_ms(UP_MS), WALL_MS);
        }
    }

    #[test]
    fn a_clock_that_is_corrected_as_it_runs_is_followed() {
        let mut ours = Timepiece::begun(WALL_MS, UP_MS);
        for n in 1..=10 {
            let (wall_ms, up_ms) = (WALL_MS + n * (10_000 + 90), UP_MS + n * 10_000);
            assert_eq!(ours.look(wall_ms, up_ms), TimeLook::Steady);
            assert_eq!(ours.now_ms(up_ms), wall_ms);
        }
    }

    #[test]
    fn a_process_begins_with_somebody_elses_time_where_the_machines_is_wrong() {
        for (off_ms, is_wrong) in [(HOUR_MS, true), (-HOUR_MS, true), (1_000, false)] {
            let mut ours = Timepiece::begun(WALL_MS + off_ms, UP_MS);
            assert_eq!(ours.at_start, TimeLook::Steady, "nobody was asked");
            assert_eq!(ours.begin(Moment::from_millis(WALL_MS), UP_MS), is_wrong);
            assert_eq!(ours.at_start, TimeLook::Proven);
            let kept_ms = if is_wrong { 0 } else { off_ms };
            assert_eq!(ours.now_ms(UP_MS + 5), WALL_MS + kept_ms + 5);
            // The machine's clock stays as wrong as it is, which is no news.
            assert_eq!(ours.look(WALL_MS + off_ms + 5, UP_MS + 5), TimeLook::Steady);
            assert_eq!(ours.now_ms(UP_MS + 5), WALL_MS + kept_ms + 5);
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
