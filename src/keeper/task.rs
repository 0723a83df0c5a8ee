//! Runs the chores, until the writer ends.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::plan::{Chore, Plan};
use super::vitals::{self, Findings, Outside};
use super::walk;
use crate::clock::Clock;
use crate::domain::certificate::Concern;
use crate::domain::event::{Event, GroupNews, TimeLook, Upkeep};
use crate::domain::rules::Rules;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};
use crate::outbox::{Inquiry, Transport};
use crate::store::{Reading, Store, StoreError};

/// Events handed to the writer at once.
const BATCH_MAX: usize = 64;

/// On a fast clock chores would never end: real time between two looks at the plan.
const LOOK_EVERY_MIN: Duration = Duration::from_secs(1);

/// Between two questions to LINE about a person: 20 a second, of the 2,000 that it allows.
const REACH_EVERY: Duration = Duration::from_millis(50);

/// What the keeper looks with.
pub struct Eyes {
    /// The data, for reading.
    pub store: Store,
    /// Where findings go.
    pub engine: Handle,
    /// Who is asked about ourselves.
    pub transport: Arc<dyn Transport>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Up to when it is known that the process did not stand still: what the timers say, who look at the clock all the
    /// time.
    pub awake_at: Box<dyn Fn() -> Moment + Send + Sync>,
    /// When the last signed webhook arrived.
    pub webhook_at: Box<dyn Fn() -> Option<Moment> + Send + Sync>,
    /// What about our own certificate somebody should look at.
    pub certificate: Box<dyn Fn() -> Option<Concern> + Send + Sync>,
    /// The waits.
    pub rules: Rules,
    /// Where it is shown what ails.
    pub findings: Findings,
    /// So old may the newest copy of the data be, where copies are made.
    pub backup_life: Option<Duration>,
    /// Since when the process runs.
    pub running_since: Moment,
    /// The data file: space is measured where it is.
    pub store_path: PathBuf,
    /// What its errands tell it.
    pub errands: Errands,
    /// Told when we go by a time that is not the world's: the process has to begin again with theirs.
    pub wrong_time: Arc<Notify>,
}

/// What the chores that take a while, and run beside the others, have to do with each other.
#[derive(Debug, Default)]
pub struct Errands {
    /// LINE gave no answer about somebody whom it was asked about.
    reach_missed: AtomicBool,
    /// What was seen to ail lately.
    ailing: Mutex<vitals::Ailing>,
    /// Whoever holds it asks about groups.
    groups_turn: tokio::sync::Mutex<()>,
    /// Whoever holds it writes the data file anew.
    pub(super) anew_turn: tokio::sync::Mutex<()>,
}

/// A process that began with a wrong time although somebody could be asked does not begin again at once, and again.
const RUNS_AT_LEAST: Duration = Duration::from_secs(60);

/// Why the keeper ends.
pub(super) enum End {
    /// The writer has stopped.
    Stopped,
    /// The data cannot be read.
    Store(StoreError),
}

impl From<Refusal> for End {
    fn from(_: Refusal) -> Self {
        Self::Stopped
    }
}

impl From<StoreError> for End {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

/// Starts the keeper.
pub fn start(eyes: Eyes) {
    let eyes = Arc::new(eyes);
    tokio::spawn(async move { complain(eyes.run().await) });
}

/// The writer that has stopped needs no words: the process is ending.
fn complain(ended: Result<(), End>) {
    if let Err(End::Store(fault)) = ended {
        tracing::error!(%fault, "the keeper cannot read the data");
    }
}

impl Eyes {
    async fn run(self: Arc<Self>) -> Result<(), End> {
        let mut plan = Plan::new(self.clock.now());
        loop {
            let service = self.reading()?.service()?;
            if self.errands.reach_missed.swap(false, Ordering::Relaxed) {
                plan.reach_again(self.clock.now());
            }
            for chore in plan.due(self.clock.now(), &service) {
                self.carry_out(chore).await?;
            }
            tokio::time::sleep(LOOK_EVERY_MIN).await;
            self.clock.sleep_until(plan.wake_at().min(self.soon())).await;
        }
    }

    /// Doubts that come up in between are looked into this soon.
    fn soon(&self) -> Moment {
        self.clock.now() + Duration::from_secs(10)
    }

    pub(super) fn reading(&self) -> Result<Reading, StoreError> {
        self.store.read()
    }

    async fn carry_out(self: &Arc<Self>, chore: Chore) -> Result<(), End> {
        match chore {
            Chore::Beat => self.beat().await,
            Chore::Probe => self.ask(&Inquiry::Hearing).await,
            Chore::Quota => self.ask(&Inquiry::Quota).await,
            Chore::Time if self.clock.is_real() => self.ask(&Inquiry::Time).await,
            Chore::Time => Ok(()),
            Chore::MakeGood => {
                let mut events = walk::make_good(&self.reading()?)?;
                events.push(Event::Upkeep(Upkeep::MadeGood));
                self.tell(events).await
            }
            Chore::Sweep(until) => {
                let mut events = walk::sweep(&self.reading()?)?;
                events.push(Event::Upkeep(Upkeep::Swept(until)));
                self.tell(events).await
            }
            Chore::Audit => {
                let events = walk::audit(&self.reading()?, self.clock.now(), &self.rules)?;
                self.tell(events).await
            }
            Chore::Report => {
                let (now, certificate) = (self.clock.now(), (self.certificate)());
                let events = walk::report(&self.reading()?, (now, &self.rules), certificate)?;
                self.tell(events).await
            }
            Chore::Groups => {
                let eyes = Arc::clone(self);
                tokio::spawn(async move { complain(eyes.groups().await) });
                Ok(())
            }
            Chore::Anew => {
                let eyes = Arc::clone(self);
                tokio::spawn(async move { complain(eyes.write_anew().await) });
                Ok(())
            }
            Chore::Reach => {
                // It takes a while with many people, and beats must not wait for it.
                let eyes = Arc::clone(self);
                tokio::spawn(async move { complain(eyes.reach().await) });
                Ok(())
            }
        }
    }

    async fn beat(&self) -> Result<(), End> {
        let time = self.clock.look();
        let (alive_at, webhook_at) = ((self.awake_at)(), (self.webhook_at)());
        let mut events = vec![Event::Upkeep(Upkeep::Beat { alive_at, webhook_at, time })];
        events.extend(walk::outage(&self.reading()?, self.clock.now())?);
        if time == TimeLook::Stepped {
            tracing::warn!("the time has to be proven");
        }
        self.tell(events).await?;
        let news = self.look()?;
        self.tell(news).await
    }

    /// Behind the beat, so that a writer that takes nothing leaves no fresh look behind.
    /// What is to be told of it now.
    fn look(&self) -> Result<Vec<Event>, End> {
        let busy = Duration::from_millis(u64::try_from(self.engine.lag_ms()).unwrap_or(0));
        let outside = Outside {
            busy,
            real_time: self.clock.is_real(),
            backup_life: self.backup_life,
            running_since: self.running_since,
            certificate: (self.certificate)(),
            space: vitals::space(&self.store_path),
        };
        let now = self.clock.now();
        let ailments = vitals::look(&self.reading()?, outside, now)?;
        let today = Zone::default().local(now).date();
        let mut ailing = self.errands.ailing.lock().unwrap_or_else(PoisonError::into_inner);
        let news = ailing.note(&ailments, today);
        drop(ailing);
        self.findings.note(ailments);
        Ok(news.into_iter().map(|ailment| Event::Upkeep(Upkeep::Ails(ailment))).collect())
    }

    async fn ask(&self, inquiry: &Inquiry) -> Result<(), End> {
        match self.transport.inquire(inquiry).await {
            Some(found) => {
                let must_end = match found {
                    Event::Upkeep(Upkeep::Time(TimeLook::Wrong(_))) => true,
                    // A process before this one lived by another time: whichever is right, the next start sorts it out.
                    Event::Upkeep(Upkeep::Time(TimeLook::Proven)) => {
                        self.reading()?.service()?.contradicted.is_some()
                    }
                    _ => false,
                };
                self.tell(vec![found]).await?;
                let ran_for = self.clock.now().since(self.running_since);
                if must_end && ran_for >= RUNS_AT_LEAST {
                    self.wrong_time.notify_one();
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn reach(&self) -> Result<(), End> {
        let people = walk::reach(&self.reading()?)?;
        for (person, address) in people {
            match self.transport.inquire(&Inquiry::Reach(person, address)).await {
                Some(found) => self.tell(vec![found]).await?,
                None => self.errands.reach_missed.store(true, Ordering::Relaxed),
            }
            tokio::time::sleep(REACH_EVERY).await;
        }
        Ok(())
    }

    /// Learns how many people are in groups, and under which names those who take part are seen there. What LINE
    /// leaves unanswered is asked again the next time; while one round is slow no second one begins.
    async fn groups(&self) -> Result<(), End> {
        let Ok(_only) = self.errands.groups_turn.try_lock() else { return Ok(()) };
        for asked in walk::groups(&self.reading()?, self.clock.now())? {
            for inquiry in &asked.inquiries {
                let Some(found) = self.transport.inquire(inquiry).await else { return Ok(()) };
                self.tell(vec![found]).await?;
            }
            let news = GroupNews::NamedAll(asked.group, asked.people());
            self.tell(vec![Event::GroupNews(news)]).await?;
        }
        Ok(())
    }

    pub(super) async fn tell(&self, events: Vec<Event>) -> Result<(), End> {
        for batch in events.chunks(BATCH_MAX) {
            self.engine.decide_patiently(batch.to_vec()).await?;
        }
        Ok(())
    }
}
