//! Drives the wheel: sleeps until the next timer is due, and hands what is due to the writer. The
//! wheel is a memory of the timers table; a timer that is lost here comes back at the next start.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use super::wheel::Wheel;
use crate::clock::{self, Clock};
use crate::domain::event::{Event, TimeLook, Upkeep};
use crate::domain::time::Moment;
use crate::engine::{Handle, Look, Refusal};

/// Timers given to the writer at once.
const BATCH_MAX: usize = 256;

/// Waking so much too late shows that the process stood still, and heard nothing meanwhile.
const STOOD_STILL: Duration = Duration::from_secs(120);

/// The timers wake at least this often, to know that the process did not stand still.
const TICK: Duration = Duration::from_secs(10);

/// On a fast clock minutes are a hiccup of the machine: so much real time is let go there, unless it is
/// too much on that clock.
const HICCUP_REAL: Duration = Duration::from_secs(1);
const HICCUP_MAX: Duration = Duration::from_secs(45 * 60);

/// On a fast clock they wake less often: after so much real time.
const TICK_REAL: Duration = Duration::from_millis(50);

/// Shows how the timers get on.
#[derive(Clone, Debug)]
pub struct Gauge(Arc<Shown>);

#[derive(Debug)]
struct Shown {
    overdue: AtomicUsize,
    awake_ms: AtomicI64,
}

impl Gauge {
    /// Of timers that begin now.
    #[must_use]
    pub fn new(now: Moment) -> Self {
        Self(Arc::new(Shown { overdue: AtomicUsize::new(0), awake_ms: now.millis().into() }))
    }

    /// Timers that are due and wait for the writer.
    #[must_use]
    pub fn overdue(&self) -> usize {
        self.0.overdue.load(Ordering::Relaxed)
    }

    /// Up to here the process is known not to have stood still, unless it was told of that already.
    #[must_use]
    pub fn awake_at(&self) -> Moment {
        Moment::from_millis(self.0.awake_ms.load(Ordering::Relaxed))
    }

    fn wake(&self, now: Moment) {
        self.0.awake_ms.store(now.millis(), Ordering::Relaxed);
    }
}

/// A wheel over the timers of the data file.
#[must_use]
pub fn wheel(now: Moment) -> Wheel {
    Wheel::new(seconds(now))
}

/// Sets a timer of the data file in the wheel.
pub fn set(wheel: &mut Wheel, id: u32, due_at: Option<Moment>) {
    match due_at {
        Some(due_at) => wheel.set(id, seconds(due_at)),
        None => {
            wheel.cancel(id);
        }
    }
}

/// Timers stand on whole seconds (see `domain::decide`), so nothing is lost here.
fn seconds(moment: Moment) -> u64 {
    u64::try_from(moment.seconds()).unwrap_or(0)
}

/// Takes everything that is due from the wheel, as events.
pub fn due(wheel: &mut Wheel, now: Moment) -> Vec<Event> {
    let mut events = Vec::new();
    wheel.advance(seconds(now), |id, due_s| {
        let due_at = Moment::from_seconds(i64::try_from(due_s).unwrap_or(i64::MAX));
        events.push(Event::Timer { id, due_at });
    });
    events
}

/// Starts the timers. They end with the writer.
pub fn start(
    wheel: Wheel,
    changes: mpsc::UnboundedReceiver<Vec<(u32, Option<Moment>)>>,
    engine: Handle,
    clock: Arc<dyn Clock>,
) -> Gauge {
    let gauge = Gauge::new(clock.now());
    let shown = gauge.clone();
    tokio::spawn(async move {
        // The writer has stopped; the process is ending.
        let _ = run(wheel, changes, engine, clock, shown).await;
    });
    gauge
}

/// Later than this by so much real time shows a standstill, on a clock of this pace.
fn late_max(pace: u32) -> Duration {
    HICCUP_REAL.min(HICCUP_MAX / pace).max(STOOD_STILL / pace)
}

/// Whether waking `at` shows that the process stood still, when it was `wanted` earlier. Both are times for which the machine
/// has been up: clocks are set, and one for practice also jumps.
fn stood_still(wanted: Duration, at: Duration, pace: u32) -> bool {
    at.saturating_sub(wanted) > late_max(pace)
}

async fn run(
    mut wheel: Wheel,
    mut changes: mpsc::UnboundedReceiver<Vec<(u32, Option<Moment>)>>,
    engine: Handle,
    clock: Arc<dyn Clock>,
    gauge: Gauge,
) -> Result<(), Refusal> {
    let mut wanted = None;
    loop {
        let (now, up) = (clock.now(), clock::up());
        let mut events = due(&mut wheel, now);
        // Ahead of what is due, too: nothing is concluded by a clock that was just set.
        if clock.look() == TimeLook::Stepped {
            events.insert(0, Event::Upkeep(Upkeep::Time(TimeLook::Stepped)));
        }
        if wanted.is_some_and(|wanted| stood_still(wanted, up, clock.pace())) {
            // Ahead of what is due: a silence that fell into the standstill is not to be believed.
            events.insert(0, Event::Upkeep(Upkeep::StoodStill(gauge.awake_at())));
        }
        hand_over(&events, now, &engine, &*clock, &gauge).await?;
        // Only now, so that nobody says of the standstill that we lived before it is decided.
        gauge.wake(now);
        let next = wheel.next_due().and_then(|due_s| i64::try_from(due_s).ok());
        // Counted from before the decisions: a writer that takes minutes heard nothing either.
        let tick_at = now + TICK.max(TICK_REAL * clock.pace());
        let at = next.map_or(tick_at, |due_s| Moment::from_seconds(due_s).clamp(now, tick_at));
        wanted = Some(up + at.since(now) / clock.pace());
        tokio::select! {
            news = changes.recv() => match news {
                Some(news) => news.into_iter().for_each(|(id, due_at)| set(&mut wheel, id, due_at)),
                None => return Ok(()),
            },
            () = clock.sleep_until(at) => {}
        }
    }
}

/// Hands what was due at `now` to the writer, who looks whether we stood still since.
async fn hand_over(
    events: &[Event],
    now: Moment,
    engine: &Handle,
    clock: &dyn Clock,
    gauge: &Gauge,
) -> Result<(), Refusal> {
    let overdue = &gauge.0.overdue;
    overdue.store(events.len(), Ordering::Relaxed);
    let mut at = now;
    for batch in events.chunks(BATCH_MAX) {
        let good_for = late_max(clock.pace()) * clock.pace();
        engine.decide_timely(batch.to_vec(), Look { at, good_until: at + good_for }).await?;
        overdue.fetch_sub(batch.len(), Ordering::Relaxed);
        let after = clock.now();
        // One that took too long stays the last look: the next batch is then behind a standstill.
        if after.since(at) <= good_for {
            at = after;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(1_000 + seconds)
    }

    #[test]
    fn waking_minutes_too_late_is_a_standstill_and_a_hiccup_of_a_fast_clock_is_none() {
        assert!(!stood_still(at(0), at(30), 1));
        assert!(stood_still(at(0), at(121), 1));
        let millis = |millis| at(0) + Duration::from_millis(millis);
        assert!(!stood_still(at(0), millis(200), 3600));
        assert!(!stood_still(at(0), millis(60), 30_000));
        assert!(stood_still(at(0), millis(360), 30_000));
        assert!(!stood_still(at(100), at(0), 1), "early is not late");
    }
}
