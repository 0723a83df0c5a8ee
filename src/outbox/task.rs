//! Runs the outbox: begins attempts through the writer, makes them, reports what became of them.
//! Replies go beside it, at once, and are not repeated.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::queue::{Queue, Turn};
use super::{Outcome, RowNews, Transport};
use crate::clock::Clock;
use crate::domain::decision::Reply;
use crate::domain::event::Event;
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};
use crate::store::Row;

/// Replies on the wire at once; others wait, as their tokens allow.
const REPLIES_MAX: usize = 64;

/// Shows how many messages have to leave, and what the last attempt came to.
#[derive(Clone, Debug, Default)]
pub struct Gauge {
    counts: Vec<Arc<AtomicUsize>>,
    last: Arc<Mutex<Option<Outcome>>>,
}

impl Gauge {
    /// Messages in outboxes, and replies on the wire.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// What the last attempt of this outbox came to; `None` before the first one.
    #[must_use]
    pub fn last(&self) -> Option<Outcome> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what waits here and in another one together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.counts.extend(other.counts);
        self
    }

    fn note(&self, outcome: Outcome) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }
}

/// Starts the outbox of one way out, with the rows that were on their way when the process last
/// ended, and whether how long ago that is may be wrong.
pub fn start(
    (rows, doubts_time): (&[Row], bool),
    news: mpsc::UnboundedReceiver<RowNews>,
    transport: Arc<dyn Transport>,
    engine: Handle,
    clock: Arc<dyn Clock>,
) -> Gauge {
    let mut queue = Queue::new(transport.pace(), clock.now());
    rows.iter().for_each(|row| queue.offer(row));
    queue.doubt(doubts_time);
    let count = Arc::new(AtomicUsize::new(queue.len()));
    let gauge = Gauge { counts: vec![Arc::clone(&count)], last: Arc::default() };
    let shown = gauge.clone();
    tokio::spawn(async move {
        let tries = JoinSet::new();
        let sender = Sender { queue, transport, engine, clock, count, gauge: shown, tries };
        // The writer has stopped; the process is ending.
        let _ = sender.run(news).await;
    });
    gauge
}

/// Starts to send replies.
pub fn start_replies(
    replies: mpsc::UnboundedReceiver<Vec<Reply>>,
    transport: Arc<dyn Transport>,
    engine: Handle,
) -> Gauge {
    let wire = Arc::new(AtomicUsize::new(0));
    tokio::spawn(answer(replies, transport, engine, Arc::clone(&wire)));
    Gauge { counts: vec![wire], last: Arc::default() }
}

struct Sender {
    queue: Queue,
    transport: Arc<dyn Transport>,
    engine: Handle,
    clock: Arc<dyn Clock>,
    count: Arc<AtomicUsize>,
    gauge: Gauge,
    tries: JoinSet<(Row, Outcome)>,
}

impl Sender {
    async fn run(mut self, mut rows: mpsc::UnboundedReceiver<RowNews>) -> Result<(), Refusal> {
        loop {
            self.begin().await?;
            self.count.store(self.queue.len(), Ordering::Relaxed);
            let wake_at = self.queue.wake_at();
            let clock = Arc::clone(&self.clock);
            tokio::select! {
                news = rows.recv() => match news {
                    Some(news) => self.note(&news),
                    None => return Ok(()),
                },
                Some(ended) = self.tries.join_next() => self.report(ended).await?,
                () = sleep(clock.as_ref(), wake_at) => {}
            }
        }
    }

    fn note(&mut self, news: &RowNews) {
        // A withdrawal in the same commit as a row concerns an older row.
        news.withdrawn.iter().for_each(|id| self.queue.withdraw(*id));
        news.rows.iter().for_each(|row| self.queue.offer(row));
        if let Some(doubts_time) = news.doubts_time {
            self.queue.doubt(doubts_time);
        }
    }

    /// Begins the attempts that are due: first on disk, then on the wire.
    async fn begin(&mut self) -> Result<(), Refusal> {
        let Turn { attempts: chosen, over } = self.queue.next(self.clock.now());
        if !over.is_empty() {
            self.engine.decide_patiently(over).await?;
        }
        if chosen.is_empty() {
            return Ok(());
        }
        let rows = self.engine.begin(chosen.clone()).await?;
        for id in chosen {
            if !rows.iter().any(|row| row.id == id) {
                self.queue.gone(id);
            }
        }
        for row in rows {
            self.tries.spawn(attempt(Arc::clone(&self.transport), row));
        }
        Ok(())
    }

    /// Reports the attempt that ended, and others that ended with it.
    async fn report(
        &mut self,
        ended: Result<(Row, Outcome), tokio::task::JoinError>,
    ) -> Result<(), Refusal> {
        let mut events = Vec::new();
        let mut next = Some(ended);
        while let Some(ended) = next {
            match ended {
                Ok((row, outcome)) => {
                    tracing::info!(id = %row.id, ?outcome, "message");
                    self.gauge.note(outcome);
                    events.extend(self.queue.done(&row, outcome, self.clock.now()));
                }
                Err(fault) => tracing::error!(%fault, "an attempt broke off"),
            }
            next = self.tries.try_join_next();
        }
        if events.is_empty() {
            return Ok(());
        }
        self.engine.decide_patiently(events).await
    }
}

/// Makes one attempt. One that breaks off may have been accepted, like one without an answer.
async fn attempt(transport: Arc<dyn Transport>, row: Row) -> (Row, Outcome) {
    let sent = row.clone();
    let outcome = tokio::spawn(async move { transport.push(&sent).await }).await;
    (row, outcome.unwrap_or(Outcome::Unavailable))
}

async fn sleep(clock: &dyn Clock, until: Option<Moment>) {
    match until {
        Some(at) => clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Sends replies. One that LINE certainly refused goes back to the writer, which pushes what
/// matters of it.
async fn answer(
    mut replies: mpsc::UnboundedReceiver<Vec<Reply>>,
    transport: Arc<dyn Transport>,
    engine: Handle,
    wire: Arc<AtomicUsize>,
) {
    let permits = Arc::new(Semaphore::new(REPLIES_MAX));
    while let Some(batch) = replies.recv().await {
        for reply in batch {
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            let (transport, engine) = (Arc::clone(&transport), engine.clone());
            let wire = Arc::clone(&wire);
            wire.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let arrived_or_unknown = transport.reply(&reply).await;
                wire.fetch_sub(1, Ordering::Relaxed);
                drop(permit);
                if !arrived_or_unknown {
                    let Reply { to, cause, messages, .. } = reply;
                    let refused = Event::ReplyRefused { to, cause, messages };
                    // The writer has stopped; the process is ending.
                    let _ = engine.decide_patiently(vec![refused]).await;
                }
            });
        }
    }
}
