//! `anshin serve`: the composition root, and the life of the process from start to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::complaint::Complaint;
use crate::clock::{self, Anchor, Clock, ScaledClock, SystemClock, real_now};
use crate::config::{self, Config, Surroundings};
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;
use crate::engine::{self, Engine, Handle, Sinks, Stopped};
use crate::http::{HostPolicy, Limits, Server};
use crate::line::client::{Channel, Client};
use crate::line::render;
use crate::line::richmenu::{self, Made};
use crate::line::signature::Secrets;
use crate::line::webhook::Receiver;
use crate::locale::Voice;
use crate::locale::cli::{self as words, Tongue};
use crate::outbox::{self, Inlets, Transport};
use crate::routes::{Gauges, Routes};
use crate::store::{Account, Store, StoreError};
use crate::timer::task as timer;
use crate::web::Site;

/// Where the configuration is looked for when none is named.
const CONFIG_PATH: &str = "/etc/anshin/anshin.toml";

/// How long the parts get to end.
const STOP_WAIT: Duration = Duration::from_secs(3);

/// First and longest wait between two tries to learn who we are on LINE.
const ACCOUNT_WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Our account is asked for again after this, in case its name changed.
const ACCOUNT_EVERY: Duration = Duration::from_secs(6 * 3600);

/// A menu that could not be shown is tried again after this: LINE takes 100 new ones an hour.
const MENU_AGAIN: Duration = Duration::from_secs(300);

/// Reads the configuration as every command does.
pub(super) fn read_config(path: Option<&Path>, tongue: Tongue) -> Result<Config, Complaint> {
    let standard = Path::new(CONFIG_PATH);
    let path = path.or_else(|| standard.exists().then_some(standard));
    config::read(path, &Surroundings::of_process())
        .map_err(|fault| Complaint::config(&fault, tongue))
}

/// Runs the command until a signal, or until the data file fails.
pub(super) fn run(path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let config = read_config(path, tongue)?;
    for key in &config.not_yet {
        tracing::warn!(key, "this setting has no effect in this version yet");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|fault| Complaint::failed(fault.to_string()))?;
    let ended = runtime.block_on(serve(&config, tongue));
    // The writer ends when the last task that could call it is gone.
    runtime.shutdown_timeout(STOP_WAIT);
    ended
}

async fn serve(config: &Config, tongue: Tongue) -> Result<(), Complaint> {
    let store = open_store(config, tongue)?;
    let clock = clock(config, &store).map_err(|fault| Complaint::store(&fault, tongue))?;
    let listener = listen(config.listen, tongue).await?;
    let assembly = assemble(config, clock, store, tongue)?;
    tracing::info!(listen = %config.listen, url = %config.public_url, "anshin is running");
    let stopped = run_server(config, listener, assembly.routes, stop_signal());
    tokio::select! {
        () = stopped => Ok(()),
        fault = assembly.writer => {
            let sentence = match fault {
                Ok(Err(fault)) => return Err(Complaint::store(&fault, tongue)),
                Ok(Ok(())) | Err(_) => words::store_unwritable("-", tongue),
            };
            Err(Complaint::failed(sentence))
        }
    }
}

/// Opens or makes the data file.
fn open_store(config: &Config, tongue: Tongue) -> Result<Store, Complaint> {
    Store::open(&config.store_path, config.cache_bytes, fresh_secret(tongue)?)
        .map_err(|fault| Complaint::store(&fault, tongue))
}

/// Random bytes for the secret of a new data file.
pub fn fresh_secret(tongue: Tongue) -> Result<[u8; 32], Complaint> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|_| Complaint::failed(words::no_random(tongue)))?;
    Ok(secret)
}

/// Listens.
pub async fn listen(address: SocketAddr, tongue: Tongue) -> Result<TcpListener, Complaint> {
    TcpListener::bind(address).await.map_err(|fault| {
        Complaint::failed(words::no_listen(&address.to_string(), &fault.to_string(), tongue))
    })
}

/// The clock of the machine, or a training clock anchored in the data file, so that its time runs
/// on while we are stopped.
fn clock(config: &Config, store: &Store) -> Result<Arc<dyn Clock>, StoreError> {
    if config.clock_speed == 1 {
        return Ok(Arc::new(SystemClock));
    }
    let known = store.read()?.training()?;
    let (real, shown) = match known {
        Some(anchor) => anchor,
        None => {
            let now = real_now().millis();
            let writing = store.write()?;
            writing.tables()?.set_training((now, now))?;
            writing.commit()?;
            (now, now)
        }
    };
    let anchor = Anchor {
        real: Moment::from_millis(real),
        shown: Moment::from_millis(shown),
        speed: config.clock_speed,
    };
    Ok(Arc::new(ScaledClock::new(anchor)))
}

/// Everything that runs, put together.
pub struct Assembly {
    /// Answers requests.
    pub routes: Routes,
    /// Calls the writer.
    pub engine: Handle,
    /// The data, for reading.
    pub store: Store,
    /// Messages on their way.
    pub outbox: outbox::Gauge,
    /// Ends when the writer ends.
    pub writer: oneshot::Receiver<Stopped>,
}

/// Puts the parts together and starts their tasks.
pub fn assemble(
    config: &Config,
    clock: Arc<dyn Clock>,
    store: Store,
    tongue: Tongue,
) -> Result<Assembly, Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let reading = store.read().map_err(store_fault)?;
    let mint = Mint::new(&reading.secret().map_err(store_fault)?);
    let voice = Arc::new(RwLock::new(voice(config, reading.account().map_err(store_fault)?)));
    let rows = reading.rows().map_err(store_fault)?;
    let mut wheel = timer::wheel(clock.now());
    reading.timers(|id, due_at| timer::set(&mut wheel, id, Some(due_at))).map_err(store_fault)?;
    drop(reading);

    let client = Client::new(channel(config), Arc::clone(&clock), mint.clone(), Arc::clone(&voice))
        .map_err(|fault| Complaint::failed(words::no_client(&fault.to_string(), tongue)))?;
    let client = Arc::new(client);
    let (sinks, timer_changes, inlets) = sinks();
    let engine = Engine::new(store.clone(), config.rules.clone(), renderer(&voice, &mint));
    let now = Arc::clone(&clock);
    let (handle, writer) =
        engine::start(engine.map_err(store_fault)?, move || now.now(), clock::stopwatch_ms, sinks);
    let transport: Arc<dyn Transport> = Arc::<Client>::clone(&client);
    let outbox = outbox::start(&rows, inlets, transport, handle.clone(), Arc::clone(&clock));
    let timers = timer::start(wheel, timer_changes, handle.clone(), Arc::clone(&clock));
    let introduction = Introduction { client, mint: mint.clone(), voice: Arc::clone(&voice) };
    tokio::spawn(introduction.run(handle.clone(), config.clone()));
    let previous = config.line.previous_secret.as_deref().unwrap_or_default();
    let secrets = Secrets::new([config.line.secret.as_str(), previous]);
    let receiver = Receiver::new(secrets, mint, handle.clone());
    let site = Site { store: store.clone(), clock, voice, guesses: Arc::default() };
    let gauges = Gauges { timers, outbox: outbox.clone() };
    let routes = Routes::new(receiver, site, gauges, handle.clone());
    Ok(Assembly { routes, engine: handle, store, outbox, writer })
}

type TimerChanges = mpsc::UnboundedReceiver<Vec<(u32, Option<Moment>)>>;

fn sinks() -> (Sinks, TimerChanges, Inlets) {
    let (timers, timer_changes) = mpsc::unbounded_channel();
    let (outbox, rows) = mpsc::unbounded_channel();
    let (replies, reply_inlet) = mpsc::unbounded_channel();
    let sinks = Sinks { timers, outbox, replies };
    (sinks, timer_changes, Inlets { rows, replies: reply_inlet })
}

fn renderer(voice: &Arc<RwLock<Voice>>, mint: &Mint) -> engine::Render {
    let (voice, mint) = (Arc::clone(voice), mint.clone());
    Box::new(move |to, messages| {
        let voice = voice.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        render::push_body(to, messages, &voice, &mint)
    })
}

fn channel(config: &Config) -> Channel {
    Channel {
        api_base: config.line.api_base.clone(),
        data_api_base: config.line.data_api_base.clone(),
        id: config.line.channel_id.clone(),
        secret: config.line.secret.clone(),
        token: config.line.token.clone(),
        extra_roots: config.line.extra_roots.clone(),
    }
}

/// Who speaks, as far as it is known before LINE answers.
fn voice(config: &Config, account: Option<Account>) -> Voice {
    let mut voice = Voice {
        org: config.office_name.clone(),
        phone: config.office_phone.clone(),
        public_url: config.public_url.clone(),
        basic_id: None,
    };
    if let Some(account) = account {
        introduce(&mut voice, config, &account);
    }
    voice
}

fn introduce(voice: &mut Voice, config: &Config, account: &Account) {
    voice.basic_id = Some(account.basic_id.clone());
    if config.office_name.is_empty() {
        voice.org.clone_from(&account.name);
    }
}

/// Learns who we are on LINE, and shows our menu there: at the start, and now and then again.
struct Introduction {
    client: Arc<Client>,
    mint: Mint,
    voice: Arc<RwLock<Voice>>,
}

impl Introduction {
    async fn run(self, engine: Handle, config: Config) {
        let (mut wait, wait_max) = ACCOUNT_WAITS;
        loop {
            match self.client.account().await {
                Ok(Some(account)) => {
                    let account = Account { basic_id: account.basic_id, name: account.name };
                    self.introduce(&config, &account);
                    if engine.remember(account).await.is_err() {
                        return;
                    }
                    let shown = self.show_menu().await;
                    wait = ACCOUNT_WAITS.0;
                    tokio::time::sleep(if shown { ACCOUNT_EVERY } else { MENU_AGAIN }).await;
                    continue;
                }
                Ok(None) => tracing::warn!("LINE does not say who we are"),
                Err(fault) => tracing::warn!(%fault, "LINE could not be asked who we are"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(wait_max);
        }
    }

    fn introduce(&self, config: &Config, account: &Account) {
        let mut voice = self.voice.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        introduce(&mut voice, config, account);
    }

    /// Everything works without the menu, so nothing waits for it.
    async fn show_menu(&self) -> bool {
        match richmenu::ensure(&self.client, &self.mint).await {
            Ok(Made::Refused(status)) => tracing::warn!(status, "LINE refused the menu"),
            Ok(made) => {
                tracing::info!(?made, "menu");
                return true;
            }
            Err(fault) => tracing::warn!(%fault, "the menu could not be shown"),
        }
        false
    }
}

/// Serves until `stop`, then lets requests that are under way finish.
async fn run_server(
    config: &Config,
    listener: TcpListener,
    routes: Routes,
    stop: impl Future<Output = ()>,
) {
    let hosts = HostPolicy::only([public_host(&config.public_url), config.listen.to_string()]);
    let server = Server::new(routes.handler(), Limits::default())
        .hosts(hosts)
        .trusted_proxies(config.trusted_proxies.clone());
    let stopped = server.serve(listener, stop).await;
    tracing::info!(finished = stopped.finished, cut_off = stopped.cut_off, "anshin has stopped");
}

/// The host of our address as browsers send it: without the port that goes without saying.
fn public_host(url: &str) -> String {
    let (scheme, host) = url.split_once("://").unwrap_or(("", url));
    let usual = if scheme == "https" { ":443" } else { ":80" };
    host.trim_end_matches(usual).to_owned()
}

/// Returns when the process is asked to stop.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
