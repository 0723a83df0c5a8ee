//! The writer on a thread of its own. Callers hand commands to a bounded queue and are answered
//! after the commit; a full queue refuses at once, which the webhook passes on as "later".

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::{mpsc, oneshot};

use super::commit::{Engine, Published};
use crate::domain::decision::Reply;
use crate::domain::event::{Event, Upkeep};
use crate::domain::id::{OutboxId, Way};
use crate::domain::time::Moment;
use crate::store::{Account, Anew, ChannelKeys, Row, StoreError};

/// Commands that wait at most. Beyond it the system is overloaded, and saying so early is kinder
/// than answering late.
const QUEUE_MAX: usize = 1024;

/// Commands that share one commit: enough to share the cost of the disk, few enough to stay quick.
const GROUP_MAX: usize = 64;

/// Something for the writer.
#[derive(Debug)]
pub enum Command {
    /// Decide events; answered when they are on disk.
    Decide {
        /// The events, in their order.
        events: Vec<Event>,
        /// Until when they may be decided as if the process had not stood still; `None` if that is no matter.
        look: Option<Look>,
        /// Answered after the commit.
        done: oneshot::Sender<()>,
    },
    /// Attempts to send begin.
    Begin {
        /// Which messages.
        ids: Vec<OutboxId>,
        /// Answered with those that still have to leave.
        rows: oneshot::Sender<Vec<Row>>,
    },
    /// Something that is no event has to be remembered.
    Remember {
        /// What.
        memory: Memory,
        /// Answered after the commit.
        done: oneshot::Sender<()>,
    },
    /// A data file that was written anew is to take the place of the data.
    TakeOver {
        /// The file.
        anew: Box<Anew>,
        /// Answered when it has, or with why it has not.
        done: oneshot::Sender<Result<(), String>>,
    },
}

/// A look at the clock from which events follow.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// When it was.
    pub at: Moment,
    /// Whoever comes to the events later than this stood still in between.
    pub good_until: Moment,
}

/// What is remembered about our place on LINE.
#[derive(Clone, Debug)]
pub enum Memory {
    /// Our account, as LINE tells it.
    Account(Account),
    /// The keys of the channel, as they were entered.
    Channel(ChannelKeys),
}

/// Why the writer did not take a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// Too much is waiting; try again.
    #[error("the writer is overloaded")]
    Overloaded,
    /// The writer has ended.
    #[error("the writer has stopped")]
    Stopped,
}

/// Gives commands to the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    queue: mpsc::Sender<Command>,
    busy_since: Arc<AtomicI64>,
    stopwatch: Stopwatch,
}

/// Real milliseconds from some fixed point on: a training clock must not make a stuck writer look
/// busier than it is.
pub type Stopwatch = fn() -> i64;

impl Handle {
    /// Has events decided; returns when everything that follows from them is on disk. Refuses at
    /// once when the queue is full.
    pub async fn decide(&self, events: Vec<Event>) -> Result<(), Refusal> {
        let (done, committed) = oneshot::channel();
        let command = Command::Decide { events, look: None, done };
        self.queue.try_send(command).map_err(|fault| match fault {
            mpsc::error::TrySendError::Full(_) => Refusal::Overloaded,
            mpsc::error::TrySendError::Closed(_) => Refusal::Stopped,
        })?;
        committed.await.map_err(|_| Refusal::Stopped)
    }

    /// As [`Handle::decide`], but waits for a place in the queue: for our own tasks, which must
    /// not drop what they know.
    pub async fn decide_patiently(&self, events: Vec<Event>) -> Result<(), Refusal> {
        self.decide_in_turn(events, None).await
    }

    /// As [`Handle::decide_patiently`], for what followed from a look at the clock: if the process stands still between
    /// that look and the decision, that is decided first.
    pub async fn decide_timely(&self, events: Vec<Event>, look: Look) -> Result<(), Refusal> {
        self.decide_in_turn(events, Some(look)).await
    }

    async fn decide_in_turn(&self, events: Vec<Event>, look: Option<Look>) -> Result<(), Refusal> {
        let (done, committed) = oneshot::channel();
        let command = Command::Decide { events, look, done };
        self.queue.send(command).await.map_err(|_| Refusal::Stopped)?;
        committed.await.map_err(|_| Refusal::Stopped)
    }

    /// Notes that attempts begin; returns the messages that still have to leave.
    pub async fn begin(&self, ids: Vec<OutboxId>) -> Result<Vec<Row>, Refusal> {
        let (rows, begun) = oneshot::channel();
        let command = Command::Begin { ids, rows };
        self.queue.send(command).await.map_err(|_| Refusal::Stopped)?;
        begun.await.map_err(|_| Refusal::Stopped)
    }

    /// Has the writer remember something that is no event.
    pub async fn remember(&self, memory: Memory) -> Result<(), Refusal> {
        let (done, committed) = oneshot::channel();
        let command = Command::Remember { memory, done };
        self.queue.send(command).await.map_err(|_| Refusal::Stopped)?;
        committed.await.map_err(|_| Refusal::Stopped)
    }

    /// Has the writer put a data file that was written anew in the place of the data; the cause, where it did not.
    pub async fn take_over(&self, anew: Anew) -> Result<Result<(), String>, Refusal> {
        let (done, taken) = oneshot::channel();
        let command = Command::TakeOver { anew: Box::new(anew), done };
        self.queue.send(command).await.map_err(|_| Refusal::Stopped)?;
        taken.await.map_err(|_| Refusal::Stopped)
    }

    /// How long the writer has been busy with one group, in ticks of its stopwatch; 0 while idle.
    #[must_use]
    pub fn lag_ms(&self) -> i64 {
        match self.busy_since.load(Ordering::Relaxed) {
            i64::MIN => 0,
            since => (self.stopwatch)().saturating_sub(since).max(0),
        }
    }
}

/// What an outbox has to know of a commit.
#[derive(Debug, Default)]
pub struct RowNews {
    /// Messages that have to leave.
    pub rows: Vec<Row>,
    /// Messages that must not leave any more, by whichever way.
    pub withdrawn: Vec<OutboxId>,
    /// Whether the time is doubted from now on, if that changed.
    pub doubts_time: Option<bool>,
}

/// Where the writer publishes what it committed. Unbounded, because the writer must never wait for
/// a task that may be waiting for the writer; what they hold is bounded by the data itself.
#[derive(Clone, Debug)]
pub struct Sinks {
    /// Timers set or removed.
    pub timers: mpsc::UnboundedSender<Vec<(u32, Option<Moment>)>>,
    /// News for the outbox to LINE.
    pub line: mpsc::UnboundedSender<RowNews>,
    /// News for the outbox of mail.
    pub mail: mpsc::UnboundedSender<RowNews>,
    /// Answers for free.
    pub replies: mpsc::UnboundedSender<Vec<Reply>>,
}

impl Sinks {
    fn rows(&self, way: Way) -> &mpsc::UnboundedSender<RowNews> {
        match way {
            Way::Line => &self.line,
            Way::Mail => &self.mail,
        }
    }
}

/// How the writer ended: with the fault of the data file, or because nobody can call it any more.
pub type Stopped = Result<(), StoreError>;

/// Starts the writer. It ends when every handle is gone, or with the first fault of the data file:
/// after a failed sync nothing may be acknowledged.
pub fn start(
    engine: Engine,
    now: impl Fn() -> Moment + Send + 'static,
    stopwatch: Stopwatch,
    sinks: Sinks,
) -> (Handle, oneshot::Receiver<Stopped>) {
    let (queue, commands) = mpsc::channel(QUEUE_MAX);
    let busy_since = Arc::new(AtomicI64::new(i64::MIN));
    let handle = Handle { queue, busy_since: Arc::clone(&busy_since), stopwatch };
    let (ended, stopped) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let result = run(engine, &now, stopwatch, &sinks, commands, &busy_since);
        // Nobody waits for the end any more when the process is stopping.
        let _ = ended.send(result);
    });
    (handle, stopped)
}

fn run(
    mut engine: Engine,
    now: &impl Fn() -> Moment,
    stopwatch: Stopwatch,
    sinks: &Sinks,
    mut commands: mpsc::Receiver<Command>,
    busy_since: &AtomicI64,
) -> Stopped {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while commands.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        busy_since.store(stopwatch(), Ordering::Relaxed);
        commit_group(&mut engine, now(), sinks, &mut group)?;
        busy_since.store(i64::MIN, Ordering::Relaxed);
    }
    Ok(())
}

/// Commits what is waiting: all events as one transaction, then the beginnings of attempts.
fn commit_group(
    engine: &mut Engine,
    now: Moment,
    sinks: &Sinks,
    group: &mut Vec<Command>,
) -> Result<(), StoreError> {
    let mut deciding = Vec::new();
    let mut beginning = Vec::new();
    for command in group.drain(..) {
        match command {
            Command::Decide { mut events, look, done } => {
                if let Some(look) = look.filter(|look| look.good_until < now) {
                    events.insert(0, Event::Upkeep(Upkeep::StoodStill(look.at)));
                }
                deciding.push((events, done));
            }
            Command::Begin { ids, rows } => beginning.push((ids, rows)),
            Command::Remember { memory, done } => {
                engine.remember(&memory)?;
                let _ = done.send(());
            }
            Command::TakeOver { anew, done } => {
                let taken = engine.take_over(&anew)?;
                let _ = done.send(taken.map_err(|fault| fault.to_string()));
            }
        }
    }
    if !deciding.is_empty() {
        let published = engine.commit(now, deciding.iter().flat_map(|(events, _)| events))?;
        publish(sinks, published);
        for (_, done) in deciding {
            // A caller that went away (a closed connection) needs no answer.
            let _ = done.send(());
        }
    }
    if !beginning.is_empty() {
        let ids: Vec<OutboxId> = beginning.iter().flat_map(|(ids, _)| ids.clone()).collect();
        let mut rows = engine.begin_attempts(now, &ids)?;
        for (ids, answer) in beginning {
            let (theirs, rest) = rows.into_iter().partition(|row| ids.contains(&row.id));
            rows = rest;
            let _ = answer.send(theirs);
        }
    }
    Ok(())
}

/// Tells the tasks what to keep in mind. One that has ended needs no news.
fn publish(sinks: &Sinks, published: Published) {
    let Published { timers, mut rows, withdrawn, replies, doubts_time } = published;
    if !timers.is_empty() {
        let _ = sinks.timers.send(timers);
    }
    for way in Way::ALL {
        let (theirs, rest) = rows.into_iter().partition::<Vec<Row>, _>(|row| row.to.way() == way);
        rows = rest;
        // Which way a withdrawn row would have taken is not known any more: every outbox hears.
        // Letters have no keys that LINE forgets.
        let doubts_time = doubts_time.filter(|_| way == Way::Line);
        if !theirs.is_empty() || !withdrawn.is_empty() || doubts_time.is_some() {
            let news = RowNews { rows: theirs, withdrawn: withdrawn.clone(), doubts_time };
            let _ = sinks.rows(way).send(news);
        }
    }
    if !replies.is_empty() {
        let _ = sinks.replies.send(replies);
    }
}
