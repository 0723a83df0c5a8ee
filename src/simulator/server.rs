//! The server of the simulation: the real writer, data file, wheel, outbox rules and keeper, without tasks and without
//! a network. It knows nothing of people and faults.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use crate::domain::decision::{Outgoing, Reply};
use crate::domain::event::{Event, TimeLook, Upkeep};
use crate::domain::id::{Address, OutboxId, Way};
use crate::domain::invitation::Mint;
use crate::domain::mail::MailAddress;
use crate::domain::message::{Message, OfficeNotice};
use crate::domain::rules::Rules;
use crate::domain::service::Service;
use crate::domain::time::Moment;
use crate::engine::{Engine, Published};
use crate::keeper::plan::{Chore, Plan};
use crate::line::signature::Secrets;
use crate::line::{call, render, wire};
use crate::locale::Voice;
use crate::mail;
use crate::outbox::queue::{Queue, Turn};
use crate::outbox::{Outcome, Pace, Row};
use crate::platform::{Delivery, Settings};
use crate::store::{Store, StoreError};
use crate::timer::task as timer;
use crate::timer::wheel::Wheel;

/// As fast as the real way to LINE.
const LINE_PACE: Pace = Pace { wire_max: 128, per_second: 1_500 };

fn mail_address() -> Option<MailAddress> {
    MailAddress::parse("anshin@example.jp").ok()
}

/// The data file, and what runs on it.
pub(super) struct Server {
    pub(super) store: Store,
    rules: Rules,
    voice: Voice,
    secrets: Secrets,
    running: Option<Running>,
    /// What letters to the office say, by the name of the letter: noted where their bytes are made.
    notices: Notices,
    /// What the letter to a mailbox says that has to be typed, likewise.
    codes: Codes,
    /// How often something was decided.
    pub(super) commits: u64,
}

type Notices = Arc<Mutex<BTreeMap<OutboxId, OfficeNotice>>>;

type Codes = Arc<Mutex<BTreeMap<String, u32>>>;

/// What lives only while the server runs.
struct Running {
    engine: Engine,
    mint: Mint,
    wheel: Wheel,
    line: Queue,
    mail: Queue,
    replies: VecDeque<Reply>,
    plan: Plan,
    /// The state of the service as of the last commit; read again after the next one.
    service: Option<Service>,
}

impl Running {
    fn queue(&mut self, way: Way) -> &mut Queue {
        match way {
            Way::Line => &mut self.line,
            Way::Mail => &mut self.mail,
        }
    }
}

impl Server {
    /// A server that has not been started, with an empty data file in memory.
    pub(super) fn new(
        settings: &Settings,
        secret: [u8; 32],
        redb: bool,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            store: if redb { Store::in_memory(secret)? } else { Store::in_maps(secret)? },
            rules: Rules { office_mail: mail_address().into_iter().collect(), ..Rules::default() },
            voice: Voice {
                org: "Simulation".to_owned(),
                phone: Some("0120-000-000".to_owned()),
                public_url: "https://anshin.example.jp".to_owned(),
                basic_id: Some(settings.basic_id.clone()),
                ..Voice::default()
            },
            secrets: Secrets::new([settings.channel_secret.as_str()]),
            running: None,
            notices: Notices::default(),
            codes: Codes::default(),
            commits: 0,
        })
    }

    pub(super) fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Starts on the data file as it is.
    pub(super) fn start(&mut self, now: Moment, time: TimeLook) -> Result<(), StoreError> {
        if time == TimeLook::Proven {
            self.store.come_back(now)?;
        }
        let last_at = self.store.read()?.journal_last()?.map(|entry| entry.at);
        let (mut engine, mint) = self.engine()?;
        engine.commit(now, &[Event::Upkeep(Upkeep::Started { last_at, time })])?;
        self.commits += 1;
        let reading = self.store.read()?;
        let mut wheel = timer::wheel(now);
        reading.timers(|id, due_at| timer::set(&mut wheel, id, Some(due_at)))?;
        let [line, mail] = [LINE_PACE, mail::PACE].map(|pace| Queue::new(pace, now));
        let (replies, plan) = (VecDeque::new(), Plan::new(now));
        let service = None;
        let mut running = Running { engine, mint, wheel, line, mail, replies, plan, service };
        for row in reading.rows_in_brief()? {
            running.queue(row.to.way()).offer(&row);
        }
        running.line.doubt(reading.service()?.time_doubted.is_some());
        self.running = Some(running);
        Ok(())
    }

    /// Decides something on data that nothing runs on, as a command does.
    pub(super) fn decides_alone(
        &mut self,
        now: Moment,
        events: &[Event],
    ) -> Result<(), StoreError> {
        self.commits += 1;
        self.engine()?.0.commit(now, events).map(drop)
    }

    fn engine(&self) -> Result<(Engine, Mint), StoreError> {
        let mint = self.store.read()?.mint()?;
        let (voice, seal) = (self.voice.clone(), mint.clone());
        let (from, notices) = (mail_address().expect("a mail address"), self.notices.clone());
        let codes = self.codes.clone();
        let render = Box::new(move |outgoing: &Outgoing, now: Moment| match &outgoing.to {
            Address::Line(_) => render::push_body(&outgoing.to, &outgoing.messages, &voice, &seal),
            Address::Mail(to) => {
                if let (Some(Message::Office(notice)), Ok(mut notices)) =
                    (outgoing.messages.first(), notices.lock())
                {
                    notices.insert(outgoing.id, notice.clone());
                }
                if let (Some(Message::MailCode(code)), Ok(mut codes)) =
                    (outgoing.messages.first(), codes.lock())
                {
                    codes.insert(to.as_str().to_owned(), *code);
                }
                mail::render::letter(outgoing, to, &from, &voice, now)
            }
        });
        Ok((Engine::new(self.store.clone(), self.rules.clone(), render)?, mint))
    }

    /// What a letter to the office says.
    pub(super) fn notice(&self, id: OutboxId) -> Option<OfficeNotice> {
        self.notices.lock().ok()?.get(&id).cloned()
    }

    /// What was written to a mailbox, to be typed in the chat.
    pub(super) fn code(&self, mailbox: &str) -> Option<u32> {
        self.codes.lock().ok()?.get(mailbox).copied()
    }

    /// The waits.
    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Ends as in a power cut: what is not on disk is gone.
    pub(super) fn cut(&mut self) {
        self.running = None;
    }

    /// Decides events and tells wheel and outboxes what came of it, as the writer's task does.
    pub(super) fn commit(&mut self, now: Moment, events: &[Event]) -> Result<(), StoreError> {
        let Some(running) = self.running.as_mut().filter(|_| !events.is_empty()) else {
            return Ok(());
        };
        running.service = None;
        self.commits += 1;
        let published: Published = running.engine.commit(now, events)?;
        for (id, due_at) in published.timers {
            timer::set(&mut running.wheel, id, due_at);
        }
        for way in Way::ALL {
            published.withdrawn.iter().for_each(|id| running.queue(way).withdraw(*id));
        }
        published.rows.iter().for_each(|row| running.queue(row.to.way()).offer(row));
        if let Some(doubts_time) = published.doubts_time {
            running.line.doubt(doubts_time);
        }
        running.replies.extend(published.replies);
        Ok(())
    }

    /// A webhook arrives; whether it is answered with 200.
    pub(super) fn hear(&mut self, now: Moment, delivery: &Delivery) -> Result<bool, StoreError> {
        let Some(running) = &self.running else { return Ok(false) };
        let signature = delivery.headers.iter().find_map(|(name, value)| {
            name.eq_ignore_ascii_case("x-line-signature").then_some(value.as_str())
        });
        if !self.secrets.verify(&delivery.body, signature.unwrap_or_default()) {
            return Ok(false);
        }
        let Ok(received) = wire::read(&delivery.body, &running.mint) else { return Ok(false) };
        self.commit(now, &received.events)?;
        Ok(true)
    }

    /// What a webhook that came before may not change: journal, messages that wait, answers that wait.
    pub(super) fn footprint(&self) -> Result<(u64, u64, usize), StoreError> {
        let reading = self.store.read()?;
        let journal = reading.journal_last()?.map_or(0, |entry| entry.number);
        let replies = self.running.as_ref().map_or(0, |running| running.replies.len());
        Ok((journal, reading.row_count()?, replies))
    }

    /// The next answer for free, with the call that brings it.
    pub(super) fn reply(&mut self) -> Option<(Reply, call::Call)> {
        let running = self.running.as_mut()?;
        let reply = running.replies.pop_front()?;
        let body = render::reply_body(&reply.token, &reply.messages, &self.voice, &running.mint);
        Some((reply, call::reply(body)))
    }

    /// What leaves now, each noted as begun on disk; `true` if anything was done at all.
    pub(super) fn turn(&mut self, now: Moment, way: Way) -> Result<(bool, Vec<Row>), StoreError> {
        let Some(running) = self.running.as_mut() else { return Ok((false, Vec::new())) };
        let Turn { attempts, over } = running.queue(way).next(now);
        let busy = !attempts.is_empty() || !over.is_empty();
        let rows = match attempts.is_empty() {
            true => Vec::new(),
            false => running.engine.begin_attempts(now, &attempts)?,
        };
        for id in attempts.iter().filter(|id| !rows.iter().any(|row| row.id == **id)) {
            running.queue(way).gone(*id);
        }
        self.commit(now, &over)?;
        Ok((busy, rows))
    }

    /// An attempt ended.
    pub(super) fn done(
        &mut self,
        now: Moment,
        row: &Row,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let Some(running) = self.running.as_mut() else { return Ok(()) };
        let event = running.queue(row.to.way()).done(row, outcome, now);
        self.commit(now, event.as_slice())
    }

    /// Timers that are due.
    pub(super) fn due(&mut self, now: Moment) -> Vec<Event> {
        self.running.as_mut().map(|running| timer::due(&mut running.wheel, now)).unwrap_or_default()
    }

    /// What the keeper has to do.
    pub(super) fn chores(&mut self, now: Moment) -> Result<Vec<Chore>, StoreError> {
        let Some(running) = self.running.as_mut() else { return Ok(Vec::new()) };
        let service = match running.service.take() {
            Some(service) => service,
            None => self.store.read()?.service()?,
        };
        let chores = running.plan.due(now, &service);
        running.service = Some(service);
        Ok(chores)
    }

    /// LINE gave no answer about somebody.
    pub(super) fn reach_again(&mut self, now: Moment) {
        if let Some(running) = self.running.as_mut() {
            running.plan.reach_again(now);
        }
    }

    /// Says that it lives, as the real one does every minute.
    pub(super) fn beat(&mut self, now: Moment) -> Result<(), StoreError> {
        let beat = Upkeep::Beat { alive_at: now, webhook_at: None, time: TimeLook::Steady };
        self.commit(now, &[Event::Upkeep(beat)])
    }

    /// When it does something by itself; `watchful` if the keeper's plan counts.
    pub(super) fn wake_at(&mut self, watchful: bool) -> Option<Moment> {
        let running = self.running.as_mut()?;
        let seconds = |due_s: u64| Moment::from_seconds(i64::try_from(due_s).unwrap_or(i64::MAX));
        let timer = running.wheel.next_due().map(seconds);
        let keeper = watchful.then(|| running.plan.wake_at());
        [timer, keeper, running.line.wake_at(), running.mail.wake_at()].into_iter().flatten().min()
    }
}
