//! The stage: the whole server and the modelled LINE in one process, on one clock that can be
//! speeded up and moved forward.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::complaint::Complaint;
use crate::cli::serve::{Assembly, assemble, fresh_secret};
use crate::clock::{Anchor, Clock, ScaledClock, real_now};
use crate::config::{Config, Line};
use crate::domain::id::{Address, PersonId};
use crate::domain::person::Person;
use crate::domain::round::Stage as RoundStage;
use crate::domain::rules::Rules;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::http::Handler;
use crate::locale::cli::Tongue;
use crate::locale::demo as words;
use crate::platform::{Host, Platform, Pressed, Settings};
use crate::store::{Store, StoreError};

use super::standin::{StandIn, free_port};

/// One look at whether everything has come to rest.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Looks in a row without a change that count as rest.
const LOOKS: u32 = 6;

/// Looks after which rest is not waited for any longer: ten seconds.
const LOOKS_MAX: u32 = 2_000;

/// A reply token's life on the model, at the clock's usual speed.
const TOKEN_LIFE_MS: i64 = 60_000;

/// The stage.
#[derive(Clone)]
pub struct Stage {
    /// LINE.
    pub standin: StandIn,
    /// The clock of everything.
    pub clock: Arc<ScaledClock>,
    /// The data, for reading.
    pub store: Store,
    /// The server's own pages and webhook.
    pub routes: crate::routes::Routes,
    outbox: crate::outbox::Gauge,
}

/// What happens next, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upcoming {
    /// When.
    pub at: Moment,
    /// To whom.
    pub person: PersonId,
    /// What.
    pub what: String,
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
        let shared: Arc<dyn Clock> = Arc::<ScaledClock>::clone(&clock);
        let Assembly { routes, outbox, .. } = assemble(&config, shared, store.clone(), tongue)?;
        let stage = Self { standin, clock, store, routes, outbox };
        stage.set_speed(speed);
        Ok(stage)
    }

    /// The server's own handler.
    #[must_use]
    pub fn handler(&self) -> Handler {
        self.routes.clone().handler()
    }

    /// Lets the modelled LINE post webhooks to this address.
    pub fn connect(&self, address: SocketAddr) {
        self.standin.deliver_to(format!("http://{address}/line/webhook"));
    }

    /// Sets how many times faster than the world time runs. A reply takes real milliseconds, so its
    /// token lives longer on a fast clock.
    pub fn set_speed(&self, speed: u32) {
        self.clock.set_speed(speed);
        let life_ms = TOKEN_LIFE_MS.saturating_mul(i64::from(speed.max(1)));
        self.standin.platform().faults.reply_token_life_ms = Some(life_ms);
    }

    /// Returns when nothing moves any more: no webhook, no message, no new bubble.
    pub async fn rest(&self) {
        let mut same = 0;
        let mut last = self.signs();
        for _ in 0..LOOKS_MAX {
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
        (moved, self.outbox.pending() + usize::from(due) + platform.webhooks_in_flight())
    }

    /// What the timers will do next.
    pub fn upcoming(&self) -> Result<Option<Upcoming>, StoreError> {
        let reading = self.store.read()?;
        let mut first: Option<(Moment, u32)> = None;
        reading.timers(|id, at| {
            if first.is_none_or(|(earliest, _)| at < earliest) {
                first = Some((at, id));
            }
        })?;
        let Some((at, id)) = first else { return Ok(None) };
        let Some(person) = reading.person(PersonId(id))? else { return Ok(None) };
        Ok(Some(Upcoming { at, person: person.id, what: what_next(&person) }))
    }

    /// Moves the clock to what happens next, and waits until it has happened.
    pub async fn jump(&self) -> Result<bool, StoreError> {
        let Some(upcoming) = self.upcoming()? else { return Ok(false) };
        self.clock.jump_to(upcoming.at);
        self.rest().await;
        Ok(true)
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
        office_name: words::OFFICE.to_owned(),
        office_phone: Some(words::OFFICE_PHONE.to_owned()),
        rules: Rules::default(),
        clock_speed: 1,
        not_yet: Vec::new(),
    }
}

fn what_next(person: &Person) -> String {
    let name = person.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let round = person.watch.as_ref().and_then(|watch| watch.round.as_ref());
    match round.map(|round| round.stage) {
        None | Some(RoundStage::Reported) => words::next_ask(&name),
        Some(RoundStage::Asked) => words::next_resend(&name),
        Some(RoundStage::Resending | RoundStage::Resent) => words::next_alert(&name),
        Some(RoundStage::Asking) => words::next_not_sent(&name),
    }
}
