//! `anshin serve`: the composition root, and the life of the process from start to stop.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::complaint::Complaint;
use super::errand::{self, Porter};
use super::https;
use super::introduction::{Introduction, introduce};
use super::life::{self, Life};
use super::socket::Socket;
use super::staff::Counter;
use super::standing::Standing;
use crate::backup::{self, Maker};
use crate::clock::{self, Anchor, Clock, ScaledClock, SystemClock, real_now};
use crate::config::{self, Config, Surroundings, Tls};
use crate::doctor::{self, Doctor};
use crate::domain::checkup::Copies as CopiesKept;
use crate::domain::decision::Reply;
use crate::domain::event::{Event, TimeLook, Upkeep};
use crate::domain::id::Address;
use crate::domain::invitation::Mint;
use crate::domain::mail::MailAddress;
use crate::domain::time::Moment;
use crate::engine::{self, Engine, Handle, RowNews, Sinks, Stopped};
use crate::heartbeat::Heartbeat;
use crate::http::{HostPolicy, Limits, Server};
use crate::keeper::{self, Errands, Eyes, Findings, Proof};
use crate::line::client::{self, Channel, Client};
use crate::line::keys::Keys;
use crate::line::render;
use crate::line::webhook::Receiver;
use crate::locale::Voice;
use crate::locale::cli::{self as words, Tongue};
use crate::mail::{self, Mailer};
use crate::outbox::{self, Transport};
use crate::routes::{Gauges, Routes};
use crate::store::{Account, ChannelKeys, Store, StoreError, clear_unfinished};
use crate::timer::task as timer;
use crate::tls::shelf::Shelf;
use crate::web::gate::Gate;
use crate::web::staff::Office;
use crate::web::{Checkup, Copies, Site};

/// Where the configuration is looked for when none is named.
pub(super) const CONFIG_PATH: &str = "/etc/anshin/anshin.toml";

/// How long the parts get to end.
const STOP_WAIT: Duration = Duration::from_secs(3);

/// Reads the configuration as every command does.
pub(super) fn read_config(path: Option<&Path>, tongue: Tongue) -> Result<Config, Complaint> {
    config::read(config_path(path), &Surroundings::of_process())
        .map_err(|fault| Complaint::config(&fault, tongue))
}

/// The file that was named, or the usual one if there is one.
pub(super) fn config_path(named: Option<&Path>) -> Option<&Path> {
    let standard = Path::new(CONFIG_PATH);
    named.or_else(|| standard.exists().then_some(standard))
}

/// Runs the command until a signal, or until the data file fails.
pub(super) fn run(path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let config = read_config(path, tongue)?;
    let inherited = life::inherited(tongue)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|fault| Complaint::failed(fault.to_string()))?;
    let ended = runtime.block_on(serve(&config, inherited, tongue));
    // The writer ends when the last task that could call it is gone.
    runtime.shutdown_timeout(STOP_WAIT);
    ended
}

async fn serve(
    config: &Config,
    inherited: Option<std::net::TcpListener>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let stop = life::stop_signal();
    let store = open_store(config, tongue)?;
    let clock = clock(config, &store).await.map_err(|fault| Complaint::store(&fault, tongue))?;
    let listening = life::listener(inherited, config.listen, tongue).await?;
    live(config, (clock, store), listening, stop, tongue).await
}

/// Serves by a clock, on a data file and a socket, until it is told to stop, the data file fails, or the clock turns out to
/// be wrong.
pub async fn live(
    config: &Config,
    (clock, store): (Arc<dyn Clock>, Store),
    (listener, address): (TcpListener, SocketAddr),
    stop: impl Future<Output = ()>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let assembly = assemble(config, Arc::clone(&clock), store, tongue)?;
    backups(config, &assembly, &clock).map_err(|fault| Complaint::store(&fault, tongue))?;
    if clock.is_real() {
        assembly.doctor.start();
        let folder = config.backup.as_ref().map(|backup| backup.folder.as_path());
        let (store, clock) = (assembly.store.clone(), Arc::clone(&clock));
        backup::erased::keep(store, &config.store_path, folder, clock);
    }
    show_metrics(config, assembly.routes.clone(), tongue).await?;
    let commands = commands(config, &assembly);
    tracing::info!(listen = %address, url = %config.public_url, "anshin is running");
    let life = Life::new(address, tongue);
    life.ready();
    let proof = Proof::new(assembly.engine.clone(), assembly.store.clone(), clock);
    let watched = tokio::spawn(life.watched(proof));
    let stop = async {
        stop.await;
        life.stopping();
    };
    let encryption = (config.tls != Tls::Off).then(|| assembly.certificates.encryption());
    let stopped = run_server(config, listener, assembly.routes, encryption, stop);
    let ended = tokio::select! {
        () = stopped => Ok(()),
        () = assembly.wrong_time.notified() => Err(Complaint::failed(words::wrong_time(tongue))),
        fault = assembly.writer => Err(match fault {
            Ok(Err(fault)) => Complaint::store(&fault, tongue),
            Ok(Ok(())) | Err(_) => Complaint::failed(words::store_unwritable("-", tongue)),
        }),
    };
    watched.abort();
    // The socket goes before the data file is free for another process, which makes its own.
    if let Some(commands) = commands {
        commands.abort();
        let _ = commands.await;
    }
    ended
}

/// Shows figures about the machinery on an address of their own, where one is named.
async fn show_metrics(config: &Config, routes: Routes, tongue: Tongue) -> Result<(), Complaint> {
    let Some(address) = config.metrics else { return Ok(()) };
    let listener = listen(address, tongue).await?;
    let server = Server::new(routes.metrics_handler(), Limits::default());
    tokio::spawn(server.serve(listener, std::future::pending()));
    Ok(())
}

/// Answers commands of this machine while the data file is ours. The watch goes on without them.
fn commands(config: &Config, assembly: &Assembly) -> Option<JoinHandle<()>> {
    let opened = Socket::open(&config.store_path).inspect_err(|fault| {
        tracing::warn!(%fault, "commands such as `anshin staff` cannot reach this server");
    });
    let socket = opened.ok()?;
    errand::clear_snapshots(&config.store_path);
    let (engine, store) = (assembly.engine.clone(), assembly.store.clone());
    let counter = Counter { engine, store, public_url: config.public_url.clone() };
    let (maker, doctor) = (assembly.maker.clone(), assembly.doctor.clone());
    let porter = Porter { counter, maker, doctor, store_path: config.store_path.clone() };
    let answer = move |asked| {
        let porter = porter.clone();
        async move { porter.reply(asked).await }
    };
    Some(tokio::spawn(socket.serve(answer)))
}

/// Makes copies of the data by themselves, unless that is switched off or time runs faster for practice.
fn backups(config: &Config, assembly: &Assembly, clock: &Arc<dyn Clock>) -> Result<(), StoreError> {
    let (Some(settings), Some(maker)) = (&config.backup, &assembly.maker) else { return Ok(()) };
    if clock.is_real() {
        let last = assembly.store.read()?.service()?.backup_at;
        let (engine, clock) = (assembly.engine.clone(), Arc::clone(clock));
        backup::start(maker.clone(), settings.every, last, engine, clock);
    }
    Ok(())
}

/// Whether an address is reached over HTTPS, or from this machine alone.
fn is_secure(url: &str) -> bool {
    let here = own_name(url).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    url.starts_with("https://") || here
}

/// Whoever looks whether everything is set up.
fn doctor(
    config: &Config,
    (client, keys, voice): (Arc<Client>, Keys, Arc<RwLock<Voice>>),
    (store, engine, clock): (&Store, &Handle, &Arc<dyn Clock>),
    (findings, maker, mail): (&Findings, Option<Maker>, outbox::Gauge),
) -> Doctor {
    let copies = config.backup.as_ref().map(|backup| CopiesKept {
        life: backup.life(),
        leave: !backup.recipients.is_empty() && !backup.upload.is_empty(),
    });
    let settings = doctor::Settings {
        endpoint: format!("{}/line/webhook", config.public_url),
        secure: is_secure(&config.public_url),
        store_path: config.store_path.clone(),
        configured: !config.line.channel_id.is_empty(),
        mail: config.mail.as_ref().map(|_| !config.rules.office_mail.is_empty()),
        copies,
        heartbeat: config.heartbeat.is_some(),
        reserve_percent: config.rules.alert_reserve_percent,
    };
    Doctor::new(doctor::Parts {
        client,
        keys,
        store: store.clone(),
        engine: engine.clone(),
        clock: Arc::clone(clock),
        voice,
        findings: findings.clone(),
        mail,
        maker,
        settings,
        last: std::sync::Mutex::default(),
    })
}

/// Where the data stands besides the data file.
fn copies(config: &Config) -> Copies {
    let backup = config.backup.as_ref();
    Copies {
        days: backup.map(|backup| backup.longest_days()),
        leave: backup.is_some_and(|backup| !backup.upload.is_empty()),
        store_path: config.store_path.clone(),
    }
}

/// The same, as the page of the set-up sees it.
fn checkup(doctor: &Doctor, config: &Config) -> Arc<Checkup> {
    let (looks, acts) = (doctor.clone(), doctor.clone());
    Arc::new(Checkup {
        report: Box::new(move || looks.last()),
        act: Box::new(move |wish| {
            let doctor = acts.clone();
            Box::pin(async move { doctor.carry_out(wish).await })
        }),
        configured: !config.line.channel_id.is_empty(),
    })
}

/// Opens or makes the data file.
fn open_store(config: &Config, tongue: Tongue) -> Result<Store, Complaint> {
    let store = Store::open(&config.store_path, config.cache_bytes, fresh_secret(tongue)?)
        .map_err(|fault| Complaint::store(&fault, tongue))?;
    // The data file is held from here on: whatever was being written anew is a dead process's.
    clear_unfinished(&config.store_path);
    Ok(store)
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
        let (address, cause) = (address.to_string(), fault.to_string());
        Complaint::failed(match fault.kind() {
            ErrorKind::PermissionDenied => words::no_right_to_listen(&address, tongue),
            _ => words::no_listen(&address, &cause, tongue),
        })
    })
}

/// The clock of the machine, or LINE's where the machine's is wrong; or a training clock anchored in the data file, so
/// that its time runs on while we are stopped.
async fn clock(config: &Config, store: &Store) -> Result<Arc<dyn Clock>, StoreError> {
    if config.clock_speed == 1 {
        let roots = config.line.extra_roots.as_deref();
        let theirs = client::their_time(&config.line.api_base, roots).await;
        return Ok(Arc::new(SystemClock::begin(theirs)));
    }
    let known = store.read()?.training()?;
    let (real, shown) = match known {
        Some(anchor) => anchor,
        None => {
            let now = real_now().millis();
            let writing = store.write()?;
            writing.tables().set_training((now, now))?;
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
    /// Makes copies of the data, where they are made.
    maker: Option<Maker>,
    /// Looks whether everything is set up.
    doctor: Doctor,
    /// Ends when the writer ends.
    pub writer: oneshot::Receiver<Stopped>,
    /// The certificate of our own HTTPS, where that is ours to do.
    pub certificates: Shelf,
    /// Told when we go by a time that is not the world's.
    wrong_time: Arc<Notify>,
}

/// What the data file says about ourselves.
struct Known {
    mint: Mint,
    voice: Arc<RwLock<Voice>>,
    keys: Keys,
    last_at: Option<Moment>,
}

impl Known {
    fn read(config: &Config, store: &Store, clock: &dyn Clock) -> Result<Self, StoreError> {
        if clock.at_start() == TimeLook::Proven {
            store.come_back(clock.now())?;
        }
        let reading = store.read()?;
        let mut voice = voice(config, reading.account()?);
        voice.dress(&reading.face()?);
        Ok(Self {
            mint: reading.mint()?,
            voice: Arc::new(RwLock::new(voice)),
            keys: keys(config, reading.channel()?),
            last_at: reading.journal_last()?.map(|entry| entry.at),
        })
    }
}

/// Puts the parts together and starts their tasks.
pub fn assemble(
    config: &Config,
    clock: Arc<dyn Clock>,
    store: Store,
    tongue: Tongue,
) -> Result<Assembly, Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let known = Known::read(config, &store, &*clock).map_err(store_fault)?;
    let Known { mint, voice, keys, last_at } = known;
    let channel = channel(config, keys.clone());
    let client = Client::new(channel, Arc::clone(&clock), mint.clone(), Arc::clone(&voice))
        .map_err(|fault| Complaint::failed(words::no_client(&fault.to_string(), tongue)))?;
    let client = Arc::new(client);
    let (sinks, news) = sinks();
    let render = renderer(config.mail.as_ref().map(|mail| mail.from.clone()), &voice, &mint);
    let engine = begun(config, &store, render, (&*clock, last_at)).map_err(store_fault)?;
    let standing = Standing::read(&store, clock.now()).map_err(store_fault)?;
    let now = Arc::clone(&clock);
    let (handle, writer) = engine::start(engine, move || now.now(), clock::stopwatch_ms, sinks);
    let timers = timer::start(standing.wheel, news.timers, handle.clone(), Arc::clone(&clock));
    let line: Arc<dyn Transport> = Arc::<Client>::clone(&client);
    let replies = outbox::start_replies(news.replies, Arc::clone(&line), handle.clone());
    let mail = mail_way(config, tongue)?;
    let waits = (&standing.mail[..], false);
    let mail = outbox::start(waits, news.mail, mail, handle.clone(), Arc::clone(&clock));
    let waits = (&standing.line[..], standing.doubts_time);
    let outbox =
        outbox::start(waits, news.line, Arc::clone(&line), handle.clone(), Arc::clone(&clock))
            .and(mail.clone())
            .and(replies);
    Introduction::start(config, &client, &mint, &voice, &handle);
    let receiver = Receiver::new(keys.clone(), mint.clone(), handle.clone());
    let findings = Findings::default();
    let certificates = https::open(config, tongue)?;
    let parts = (&store, &handle, &clock);
    let ears = (timers.clone(), receiver.clone());
    let wrong_time = keep(config, parts, (line, ears), (&findings, &certificates));
    heartbeat(config, &findings)?;
    let gate = Arc::new(gate(config, &clock, &handle, mint));
    let maker = config.backup.clone().map(|settings| Maker::new(store.clone(), settings));
    let parts = (Arc::clone(&client), keys, Arc::clone(&voice));
    let doctor = doctor(config, parts, (&store, &handle, &clock), (&findings, maker.clone(), mail));
    let looked = findings.clone();
    let site = Site {
        store: store.clone(),
        clock,
        voice,
        guesses: Arc::default(),
        office: Arc::new(Office::new(Arc::clone(&gate))),
        gate,
        ailments: Arc::new(move || looked.now()),
        checkup: checkup(&doctor, config),
        rules: Arc::new(config.rules.clone()),
        copies: Arc::new(copies(config)),
    };
    let gauges = Gauges { timers, outbox: outbox.clone() };
    let routes = Routes::new(receiver, site, gauges, handle.clone());
    Ok(Assembly {
        routes,
        engine: handle,
        store,
        outbox,
        maker,
        doctor,
        writer,
        certificates,
        wrong_time,
    })
}

/// Starts the keeper; what it gives back is told when we go by a time that is not the world's.
fn keep(
    config: &Config,
    (store, engine, clock): (&Store, &Handle, &Arc<dyn Clock>),
    (line, (timers, receiver)): (Arc<dyn Transport>, (timer::Gauge, Receiver)),
    (findings, certificates): (&Findings, &Shelf),
) -> Arc<Notify> {
    let wrong_time = Arc::new(Notify::new());
    keeper::start(Eyes {
        store: store.clone(),
        engine: engine.clone(),
        transport: line,
        clock: Arc::clone(clock),
        awake_at: Box::new(move || timers.awake_at()),
        webhook_at: Box::new(move || receiver.last_at()),
        certificate: https::concern(certificates),
        rules: config.rules.clone(),
        findings: findings.clone(),
        backup_life: config.backup.as_ref().map(|backup| backup.life()),
        running_since: clock.now(),
        store_path: config.store_path.clone(),
        errands: Errands::default(),
        wrong_time: Arc::clone(&wrong_time),
    });
    wrong_time
}

/// A writer that has decided before anything else how long nobody was here.
fn begun(
    config: &Config,
    store: &Store,
    render: engine::Render,
    (clock, last_at): (&dyn Clock, Option<Moment>),
) -> Result<Engine, StoreError> {
    let mut engine = Engine::new(store.clone(), config.rules.clone(), render)?;
    let started = Upkeep::Started { last_at, time: clock.at_start() };
    engine.commit(clock.now(), &[Event::Upkeep(started)])?;
    Ok(engine)
}

/// The keys of the channel: those of the configuration, or those that were entered on the page of the set-up.
fn keys(config: &Config, entered: Option<ChannelKeys>) -> Keys {
    let line = &config.line;
    match entered.filter(|_| line.channel_id.is_empty()) {
        Some(ChannelKeys { id, secret }) => Keys::new(&id, &secret, None, None),
        None => Keys::new(
            &line.channel_id,
            &line.secret,
            line.previous_secret.as_deref(),
            line.token.as_deref(),
        ),
    }
}

/// The other ends of the writer's sinks.
pub(super) struct News {
    timers: mpsc::UnboundedReceiver<Vec<(u32, Option<Moment>)>>,
    line: mpsc::UnboundedReceiver<RowNews>,
    mail: mpsc::UnboundedReceiver<RowNews>,
    replies: mpsc::UnboundedReceiver<Vec<Reply>>,
}

pub(super) fn sinks() -> (Sinks, News) {
    let (timers, timer_news) = mpsc::unbounded_channel();
    let (line, line_news) = mpsc::unbounded_channel();
    let (mail, mail_news) = mpsc::unbounded_channel();
    let (replies, reply_news) = mpsc::unbounded_channel();
    let news = News { timers: timer_news, line: line_news, mail: mail_news, replies: reply_news };
    (Sinks { timers, line, mail, replies }, news)
}

/// What all pages with forms share. Authenticator apps and people follow the time of the world, so pages do
/// too, even where time runs faster for practice.
fn gate(config: &Config, clock: &Arc<dyn Clock>, engine: &Handle, mint: Mint) -> Gate {
    let clock: Arc<dyn Clock> =
        if clock.is_real() { Arc::clone(clock) } else { Arc::new(SystemClock) };
    Gate::new(engine.clone(), mint, clock, &config.public_url, config.listen)
}

/// Calls somebody else's address while nothing ails, where one is named.
fn heartbeat(config: &Config, findings: &Findings) -> Result<(), Complaint> {
    let Some(settings) = &config.heartbeat else { return Ok(()) };
    let findings = findings.clone();
    let heartbeat = Heartbeat::new(settings.url.clone(), Box::new(move || findings.now()))
        .map_err(|fault| Complaint::failed(fault.to_string()))?;
    tokio::spawn(heartbeat.run(settings.every));
    Ok(())
}

/// What leaves on each way. Without a sender there is no letter: its row is empty, and refused.
pub(super) fn renderer(
    from: Option<MailAddress>,
    voice: &Arc<RwLock<Voice>>,
    mint: &Mint,
) -> engine::Render {
    let (voice, mint) = (Arc::clone(voice), mint.clone());
    Box::new(move |outgoing, now| {
        let voice = voice.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &outgoing.to {
            Address::Line(_) => render::push_body(&outgoing.to, &outgoing.messages, &voice, &mint),
            Address::Mail(to) => from.as_ref().map_or_else(Vec::new, |from| {
                mail::render::letter(outgoing, to, from, &voice, now)
            }),
        }
    })
}

/// The way out by mail, or the one that is closed.
fn mail_way(config: &Config, tongue: Tongue) -> Result<Arc<dyn Transport>, Complaint> {
    let Some(mail) = &config.mail else { return Ok(Arc::new(mail::Closed)) };
    let mailer = Mailer::new(mail, own_name(&config.public_url), mail::Waits::default())
        .map_err(|fault| Complaint::failed(words::mail::no_mailer(&fault.to_string(), tongue)))?;
    Ok(Arc::new(mailer))
}

/// The name or address in our public URL, without a port or brackets.
fn own_name(url: &str) -> &str {
    let (_, host) = url.split_once("://").unwrap_or(("", url));
    match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

fn channel(config: &Config, keys: Keys) -> Channel {
    Channel {
        api_base: config.line.api_base.clone(),
        data_api_base: config.line.data_api_base.clone(),
        keys,
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
        payment_url: config.payment_url.clone(),
        training: config.clock_speed > 1,
        configured: (config.office_name.clone(), config.office_phone.clone()),
        ..Voice::default()
    };
    if let Some(account) = account {
        introduce(&mut voice, config, &account);
    }
    voice
}

/// Serves until `stop`, then lets requests that are under way finish.
async fn run_server(
    config: &Config,
    listener: TcpListener,
    routes: Routes,
    encryption: Option<Arc<ServerConfig>>,
    stop: impl Future<Output = ()>,
) {
    let hosts = HostPolicy::only([public_host(&config.public_url), config.listen.to_string()]);
    let server = Server::new(routes.handler(), Limits::default())
        .hosts(hosts)
        .trusted_proxies(config.trusted_proxies.clone())
        .strict_transport(config.public_url.starts_with("https://"))
        .encryption(encryption);
    let stopped = server.serve(listener, stop).await;
    tracing::info!(finished = stopped.finished, cut_off = stopped.cut_off, "anshin has stopped");
}

/// The host of our address as browsers send it: without the port that goes without saying.
fn public_host(url: &str) -> String {
    let (scheme, host) = url.split_once("://").unwrap_or(("", url));
    let usual = if scheme == "https" { ":443" } else { ":80" };
    host.trim_end_matches(usual).to_owned()
}
