//! The stage: the whole server and the modelled LINE in one process, on one clock that can be
//! speeded up and moved forward. The server may be off; LINE, the phones and the clock never are.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::cli::complaint::Complaint;
use crate::cli::serve::fresh_secret;
use crate::clock::{Anchor, Clock, ScaledClock, real_now};
use crate::config::{Config, Line, Tls};
use crate::domain::id::Address;
use crate::domain::person::Person;
use crate::domain::rules::Rules;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::http::{Handler, handler};
use crate::locale::cli::Tongue;
use crate::locale::demo as words;
use crate::platform::{Host, Platform, Pressed, Settings};
use crate::store::{Store, StoreError};

use super::machine::Machine;
use super::standin::{StandIn, free_port};
use super::trouble::{Fault, at_speed};

/// One look at whether everything has come to rest.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Looks in a row without a change that count as rest.
const LOOKS: u32 = 8;

/// Looks after which rest is not waited for any longer: ten seconds.
const LOOKS_MAX: u32 = 2_000;

/// The same while messages cannot leave, and so never come to rest: a second.
const LOOKS_IN_TROUBLE: u32 = 200;

/// The stage.
#[derive(Clone)]
pub struct Stage {
    /// LINE.
    pub standin: StandIn,
    /// The clock of everything.
    pub clock: Arc<ScaledClock>,
    /// The data, for reading. It outlives the server.
    pub store: Store,
    /// What the server runs on.
    pub machine: Arc<Machine>,
    /// LINE was put right since the clock was last moved: what waited for it may be leaving.
    mended: Arc<AtomicBool>,
}

impl Stage {
    /// Sets the stage: nobody is registered yet. `url` is where people reach the server's pages.
    pub async fn set(
        url: &str,
        listen: SocketAddr,
        folder: Option<&Path>,
        speed: u32,
        tongue: Tongue,
    ) -> Result<Self, Complaint> {
        let failed = |fault: &dyn std::fmt::Display| Complaint::failed(fault.to_string());
        let store = open(folder, tongue)?;
        let shown = beginning(&store).map_err(|fault| Complaint::store(&fault, tongue))?;
        let clock = Arc::new(ScaledClock::new(Anchor::now(shown, speed)));
        let settings = Settings { long_lived_token: None, ..Settings::default() };
        let platform = Platform::new(settings.clone());
        let standin = StandIn::new(platform, Arc::<ScaledClock>::clone(&clock))
            .map_err(|fault| failed(&fault))?;
        let (api, api_address) = free_port().await.map_err(|fault| failed(&fault))?;
        standin.serve(Host::Api, api);
        let (data_api, data_address) = free_port().await.map_err(|fault| failed(&fault))?;
        standin.serve(Host::Data, data_api);
        let config = config(&settings, url, listen, api_address, data_address);
        let machine = Machine::new(config, Arc::clone(&clock), store.clone(), tongue);
        let machine = Arc::new(machine);
        let stage = Self { standin, clock, store, machine, mended: Arc::default() };
        stage.set_speed(speed);
        stage.machine.start().await?;
        Ok(stage)
    }

    /// The server's own handler, whether the server runs or not.
    #[must_use]
    pub fn handler(&self) -> Handler {
        let machine = Arc::clone(&self.machine);
        handler(move |request| {
            let machine = Arc::clone(&machine);
            async move { machine.answer(request).await }
        })
    }

    /// Lets the modelled LINE post webhooks to this address.
    pub fn connect(&self, address: SocketAddr) {
        let url = format!("http://{address}/line/webhook");
        self.standin.platform().set_webhook_endpoint(Some(url.clone()));
        self.standin.deliver_to(url);
    }

    /// Sets how many times faster than the world time runs. A reply takes real milliseconds, so its
    /// token lives longer on a fast clock.
    pub fn set_speed(&self, speed: u32) {
        self.clock.set_speed(speed);
        at_speed(&mut self.standin.platform(), speed);
    }

    /// Turns a switch at LINE. An error says in words why it cannot be turned.
    pub fn turn(&self, fault: Fault, on: bool) -> Result<(), &'static str> {
        let speed = self.clock.speed();
        self.mended.fetch_or(!on, Ordering::Relaxed);
        self.standin.act(|platform, now_ms| fault.turn(platform, now_ms, on, speed))
    }

    /// Gives the account another plan: messages a month, `None` is unlimited.
    pub fn set_quota(&self, limit: Option<u64>) {
        self.mended.store(true, Ordering::Relaxed);
        self.standin.act(|platform, _| platform.set_quota(limit));
    }

    /// The switches that are on.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let now_ms = self.clock.now().millis();
        let mut platform = self.standin.platform();
        Fault::ALL.into_iter().filter(|fault| fault.is_on(&mut platform, now_ms)).collect()
    }

    /// Whether messages that have to leave can.
    pub(super) fn messages_leave(&self) -> bool {
        self.machine.is_on() && !self.faults().into_iter().any(Fault::stops_messages)
    }

    /// Returns when nothing moves any more: no webhook, no message, no new bubble.
    pub async fn rest(&self) {
        let looks = if self.messages_leave() { LOOKS_MAX } else { LOOKS_IN_TROUBLE };
        self.rest_within(looks).await;
    }

    async fn rest_within(&self, looks: u32) {
        let mut same = 0;
        let mut last = self.signs();
        for _ in 0..looks {
            tokio::time::sleep(LOOK_EVERY).await;
            let signs = self.signs();
            let quiet = signs == last && signs.1 == 0;
            same = if quiet { same + 1 } else { 0 };
            if same >= LOOKS {
                return;
            }
            last = signs;
        }
    }

    fn signs(&self) -> (usize, usize) {
        let platform = self.standin.platform();
        let now_ms = self.clock.now().millis();
        let due = platform.next_webhook_at().is_some_and(|at| at <= now_ms);
        let moved = platform.requests().len() + platform.bubble_count();
        // What is on disk and not yet in the queue of the outbox is on its way too.
        let rows = match self.machine.is_on() {
            true => {
                self.store.read().and_then(|reading| reading.rows()).map_or(0, |rows| rows.len())
            }
            false => 0,
        };
        let going = rows + self.machine.pending() + usize::from(due);
        (moved, going + platform.webhooks_in_flight())
    }

    /// Moves the clock to what happens next, and waits until it has happened.
    pub async fn jump(&self) -> Result<bool, StoreError> {
        // Whoever has just put LINE right does not mean to go past what waited for it.
        if self.mended.swap(false, Ordering::Relaxed) && self.leaves_by_itself().await {
            return Ok(true);
        }
        let Some(upcoming) = self.upcoming_at_rest()? else { return Ok(false) };
        self.clock.jump_to(upcoming.at);
        self.begun().await?;
        self.rest().await;
        Ok(true)
    }

    /// Waits until the server has begun what is due, or holds it back: a busy machine needs a moment, and before it
    /// everything seems to be at rest.
    async fn begun(&self) -> Result<(), StoreError> {
        for _ in 0..LOOKS_IN_TROUBLE {
            if !self.machine.is_on() || !self.is_overdue()? {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Waits a little for what is on its way; whether anything appeared on a phone.
    async fn leaves_by_itself(&self) -> bool {
        let before = self.standin.platform().bubble_count();
        self.rest_within(LOOKS_IN_TROUBLE).await;
        self.standin.platform().bubble_count() > before
    }

    /// Moves the clock to a little before the first question that is still to come, so that the
    /// story begins in the morning and a newcomer has time to look around.
    pub async fn to_morning(&self) -> Result<(), StoreError> {
        if let Some(upcoming) = self.upcoming()? {
            self.clock.jump_to(upcoming.at - Duration::from_secs(1800));
            self.rest().await;
        }
        Ok(())
    }

    /// The person behind a phone.
    pub fn person(&self, user: &str) -> Result<Option<Person>, StoreError> {
        let reading = self.store.read()?;
        let Some(address) = Address::new(user) else { return Ok(None) };
        let Some(id) = reading.person_at(&address)? else { return Ok(None) };
        reading.person(id)
    }

    /// Somebody types a text; returns when everything that follows has happened.
    pub async fn say(&self, user: &str, text: &str) {
        self.standin.act(|platform, now_ms| platform.say(now_ms, user, text));
        self.rest().await;
    }

    /// Somebody presses the newest button whose label contains `label`; returns when everything
    /// that follows has happened. `false` if there is no such button.
    pub async fn press(&self, user: &str, label: &str) -> bool {
        let pressed = self.standin.act(|platform, now_ms| press(platform, now_ms, user, label));
        self.rest().await;
        pressed
    }
}

fn press(platform: &mut Platform, now_ms: i64, user: &str, label: &str) -> bool {
    let Some(phone) = platform.phone(user) else { return false };
    let ids: Vec<String> = phone.items.iter().rev().map(|item| item.id.clone()).collect();
    for id in ids {
        let view = platform.actions(user, &id).into_iter().find(|view| view.label.contains(label));
        if let Some(view) = view {
            let pressed = platform.press(now_ms, user, &id, view.index);
            return matches!(pressed, Ok(Pressed::Posted | Pressed::Said));
        }
    }
    false
}

fn open(folder: Option<&Path>, tongue: Tongue) -> Result<Store, Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let secret = fresh_secret(tongue)?;
    let Some(folder) = folder else { return Store::in_memory(secret).map_err(store_fault) };
    std::fs::create_dir_all(folder)
        .map_err(|cause| store_fault(StoreError::Unopenable { path: folder.to_owned(), cause }))?;
    Store::open(&folder.join("anshin.redb"), Store::CACHE_BYTES_MIN, secret).map_err(store_fault)
}

/// Yesterday at ten in Tokyo, so that whoever registers is first asked this morning; never before
/// what the data file has seen.
fn beginning(store: &Store) -> Result<Moment, StoreError> {
    let zone = Zone::default();
    let yesterday = zone.local(real_now() - Duration::from_secs(24 * 3600)).date();
    let last = store.read()?.journal_last()?.map(|entry| entry.at);
    Ok(zone.moment(yesterday, 10).max(last.unwrap_or(Moment::EPOCH)))
}

fn config(
    settings: &Settings,
    url: &str,
    listen: SocketAddr,
    api: SocketAddr,
    data_api: SocketAddr,
) -> Config {
    Config {
        listen,
        public_url: url.to_owned(),
        tls: Tls::Off,
        trusted_proxies: Vec::new(),
        store_path: std::path::PathBuf::new(),
        cache_bytes: Store::CACHE_BYTES_MIN,
        line: Line {
            channel_id: settings.channel_id.clone(),
            secret: settings.channel_secret.clone(),
            previous_secret: None,
            token: None,
            api_base: format!("http://{api}"),
            data_api_base: format!("http://{data_api}"),
            extra_roots: None,
        },
        mail: None,
        backup: None,
        metrics: None,
        heartbeat: None,
        office_name: words::OFFICE.to_owned(),
        office_phone: Some(words::OFFICE_PHONE.to_owned()),
        payment_url: None,
        // The demonstration has no mail server.
        rules: Rules { letters: false, ..Rules::default() },
        clock_speed: 1,
    }
}
