//! Drives the wheel: sleeps until the next timer is due, and hands what is due to the writer. The
//! wheel is a memory of the timers table; a timer that is lost here comes back at the next start.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;

use super::wheel::Wheel;
use crate::clock::Clock;
use crate::domain::event::Event;
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};

/// Timers given to the writer at once.
const BATCH_MAX: usize = 256;

/// Shows how many timers are due and not yet decided.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<AtomicUsize>);

impl Gauge {
    /// Timers that are due and wait for the writer.
    #[must_use]
    pub fn overdue(&self) -> usize {
        self.0.load(Ordering::Relaxed)
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
    let gauge = Gauge::default();
    let shown = gauge.clone();
    tokio::spawn(async move {
        // The writer has stopped; the process is ending.
        let _ = run(wheel, changes, engine, clock, shown).await;
    });
    gauge
}

async fn run(
    mut wheel: Wheel,
    mut changes: mpsc::UnboundedReceiver<Vec<(u32, Option<Moment>)>>,
    engine: Handle,
    clock: Arc<dyn Clock>,
    gauge: Gauge,
) -> Result<(), Refusal> {
    loop {
        let events = due(&mut wheel, clock.now());
        gauge.0.store(events.len(), Ordering::Relaxed);
        for batch in events.chunks(BATCH_MAX) {
            engine.decide_patiently(batch.to_vec()).await?;
            gauge.0.fetch_sub(batch.len(), Ordering::Relaxed);
        }
        let next = wheel.next_due().and_then(|due_s| i64::try_from(due_s).ok());
        let wait = async {
            match next {
                Some(due_s) => clock.sleep_until(Moment::from_seconds(due_s)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            news = changes.recv() => match news {
                Some(news) => news.into_iter().for_each(|(id, due_at)| set(&mut wheel, id, due_at)),
                None => return Ok(()),
            },
            () = wait => {}
        }
    }
}
