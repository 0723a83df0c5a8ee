//! The real server in this process, on a loopback port, with LINE's stand-in behind it: everything
//! bad that can come in through HTTP, and the pages that anybody can open. This file holds the
//! server and the client that the tests beside it share.

mod answers;
mod content;
mod pages;
mod refusals;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anshin::cli::serve::{Assembly, assemble};
use anshin::clock::{Anchor, ScaledClock};
use anshin::config::{self, Surroundings};
use anshin::demo::standin::{StandIn, free_port};
use anshin::domain::case::Actor;
use anshin::domain::id::{Address, PersonId, TeamId};
use anshin::domain::invitation::{Code, CodeKind, Invitation, Mint};
use anshin::domain::name::Name;
use anshin::domain::person::Person;
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::team::{Team, TeamKind, TeamName};
use anshin::domain::time::Moment;
use anshin::http::{HostPolicy, Limits, Server};
use anshin::locale::cli::Tongue;
use anshin::platform::{Host, Platform, sign};
use anshin::store::{Row, Store};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::tokyo;

/// When a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

const CHANNEL_SECRET: &str = "5f0e2c9a1b7d43f6a8e4c0d2b6917f35";
const PHONE: &str = "0120-000-000";
const USER: &str = "U0123456789abcdef0123456789abcdef";

/// A server that runs on a data file of its own.
struct Live {
    address: SocketAddr,
    clock: Arc<ScaledClock>,
    store: Store,
    outbox: anshin::outbox::Gauge,
    folder: TempDir,
}

/// What differs from one live server to another.
struct Setting {
    limits: Limits,
    /// Whether LINE answers.
    line: bool,
    /// The data file to begin with.
    data: Option<Vec<u8>>,
}

impl Default for Setting {
    fn default() -> Self {
        Self { limits: Limits::default(), line: true, data: None }
    }
}

/// One event on Monday morning.
fn start() -> Moment {
    tokyo("2026-11-23T08:00:00")
}

impl Live {
    async fn new() -> Self {
        Self::with(Setting::default()).await
    }

    /// A server that LINE does not answer: what happens comes from webhooks alone.
    async fn alone() -> Self {
        Self::with(Setting { line: false, ..Setting::default() }).await
    }

    async fn with(setting: Setting) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anshin.redb");
        if let Some(data) = setting.data {
            std::fs::write(&path, data).unwrap();
        }
        let store = Store::open(&path, Store::CACHE_BYTES_MIN, [42; 32]).unwrap();
        let clock = Arc::new(ScaledClock::new(Anchor::now(start(), 1)));
        let api_base = if setting.line { line(&clock).await } else { "http://127.0.0.1:9".into() };
        let (listener, address) = free_port().await.unwrap();
        let config = configuration(address, &api_base);
        let Assembly { routes, store, outbox, .. } =
            assemble(&config, clock.clone(), store, Tongue::En).unwrap();
        let server = Server::new(routes.handler(), setting.limits)
            .strict_transport(true)
            .hosts(HostPolicy::only(["mimamori.example.jp".to_owned(), address.to_string()]));
        tokio::spawn(server.serve(listener, std::future::pending()));
        Self { address, clock, store, outbox, folder }
    }

    /// Sends raw bytes and reads until the server closes.
    async fn exchange(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        read_answer(&mut stream).await
    }

    async fn ask(&self, method: &str, target: &str) -> Answer {
        let host = self.address;
        let head =
            format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        self.exchange(head.as_bytes()).await
    }

    async fn get(&self, target: &str) -> Answer {
        self.ask("GET", target).await
    }

    /// Posts a body to the webhook with a signature.
    async fn post(&self, body: &[u8], signature: &str) -> Answer {
        let lines = format!("X-Line-Signature: {signature}\r\nContent-Length: {}\r\n", body.len());
        let mut request = self.post_head(&lines).into_bytes();
        request.extend_from_slice(body);
        self.exchange(&request).await
    }

    async fn post_signed(&self, body: &[u8]) -> Answer {
        self.post(body, &sign(CHANNEL_SECRET, body)).await
    }

    fn post_head(&self, lines: &str) -> String {
        let host = self.address;
        format!("POST /line/webhook HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n")
    }

    /// Posts events, signed.
    async fn events(&self, events: &[Value]) -> u16 {
        let body = json!({"destination": "U0", "events": events}).to_string();
        self.post_signed(body.as_bytes()).await.status
    }

    fn person(&self, user: &str) -> Option<Person> {
        person(&self.store, user)
    }

    /// Number of journal entries: whatever is decided leaves one.
    fn entries(&self) -> usize {
        self.store.read().unwrap().journal_after(0, usize::MAX).unwrap().len()
    }

    /// Everything about people: who they are, what waits for them, what was decided.
    fn everything(&self) -> Everything {
        let reading = self.store.read().unwrap();
        let mut timers = Vec::new();
        reading.timers(|id, due_at| timers.push((id, due_at))).unwrap();
        let persons = reading.persons_from(0, usize::MAX).unwrap();
        (persons, reading.rows().unwrap(), timers, self.entries())
    }

    async fn health(&self) -> Value {
        serde_json::from_slice(&self.get("/healthz").await.body).unwrap()
    }

    /// Waits until LINE has told who we are, and that is on disk.
    async fn known(&self) {
        let waiting = async {
            let stored = || self.store.read().unwrap().account().unwrap().is_some();
            while self.health().await["status"] != "ok" || !stored() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    }

    /// Invitations of every kind into one team, as stored: leaflet, manager, either.
    fn invitations(&self) -> [Code; 3] {
        let mint = Mint::new(&self.store.read().unwrap().secret().unwrap());
        let codes = [1, 2, 3].map(|n| mint.code(n));
        let writing = self.store.write().unwrap();
        {
            let mut tables = writing.tables();
            let address = Address::new("U11111111111111111111111111111111").unwrap();
            let mut person = Person::met(PersonId(1), address, start());
            person.name = Some(Name::of_person("けんじ").unwrap());
            tables.put_person(&person).unwrap();
            tables.put_team(&team()).unwrap();
            let kinds = [CodeKind::Leaflet, CodeKind::Manager, CodeKind::Either];
            for (code, kind) in codes.into_iter().zip(kinds) {
                tables.put_invitation(&invitation(code, kind)).unwrap();
            }
            tables.set_next_id(10).unwrap();
        }
        writing.commit().unwrap();
        codes
    }
}

fn team() -> Team {
    let name = TeamName::Given(Name::of_team("<田中>家").unwrap());
    let proposal = (Interval::DAILY, Hour::DEFAULT);
    Team::made(TeamId(2), TeamKind::Personal, name, start(), proposal)
}

fn invitation(code: Code, kind: CodeKind) -> Invitation {
    Invitation {
        code,
        kind,
        team: TeamId(2),
        by: Actor::Person(PersonId(1)),
        since: start(),
        used_by: None,
    }
}

fn person(store: &Store, user: &str) -> Option<Person> {
    let reading = store.read().unwrap();
    let id = reading.person_at(&Address::new(user).unwrap()).unwrap()?;
    reading.person(id).unwrap()
}

/// LINE's stand-in; returns where its API is.
async fn line(clock: &Arc<ScaledClock>) -> String {
    let standin = StandIn::new(Platform::default(), clock.clone()).unwrap();
    let (listener, address) = free_port().await.unwrap();
    standin.serve(Host::Api, listener);
    format!("http://{address}")
}

fn configuration(address: SocketAddr, api_base: &str) -> config::Config {
    let listen = address.to_string();
    let variables = [
        ("ANSHIN_SERVER__LISTEN", listen.as_str()),
        ("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp"),
        ("ANSHIN_LINE__CHANNEL_ID", "2008123456"),
        ("ANSHIN_LINE__CHANNEL_SECRET", CHANNEL_SECRET),
        ("ANSHIN_LINE__API_BASE", api_base),
        ("ANSHIN_OFFICE__NAME", "みどり市社協"),
        ("ANSHIN_OFFICE__PHONE", PHONE),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    config::read(None, &Surroundings { variables: variables.into(), credentials: None }).unwrap()
}

/// An answer as it came.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

async fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes));
    read.await.expect("an answer in time").expect("closed, not reset");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pairs = lines.map(|line| line.split_once(": ").unwrap());
    let headers = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Answer { status, headers, body: bytes[end + 4..].to_vec() }
}

/// An event of a 1:1 chat; `n` makes its identity.
fn event(n: usize, user: &str, at: Moment, extra: &Value) -> Value {
    let mut event = json!({
        "webhookEventId": format!("01EVENT{n:019}"),
        "deliveryContext": {"isRedelivery": false},
        "timestamp": at.millis(),
        "source": {"type": "user", "userId": user},
        "replyToken": format!("{n:032x}"),
        "mode": "active",
    });
    for (name, value) in extra.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn follow(n: usize, user: &str) -> Value {
    event(n, user, start(), &json!({"type": "follow", "follow": {"isUnblocked": false}}))
}

fn says(n: usize, user: &str, text: &str) -> Value {
    let message = json!({"id": n.to_string(), "type": "text", "text": text});
    event(n, user, start(), &json!({"type": "message", "message": message}))
}

/// See [`Live::everything`].
type Everything = (Vec<Person>, Vec<Row>, Vec<(u32, Moment)>, usize);

/// The data file as a power cut would leave it now.
fn cut_off(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("anshin.redb")).unwrap()
}

/// Posts a signed body to a fresh server; the status, and which of the users U1 to U1001 it knows
/// then (the last few of many).
pub(crate) async fn probe(body: &[u8]) -> (u16, Vec<String>) {
    let live = Live::alone().await;
    let status = live.post_signed(body).await.status;
    let users = (1..=1001).map(|n| format!("U{n}")).filter(|u| live.person(u).is_some());
    (status, if users.clone().count() > 10 { users.skip(999).collect() } else { users.collect() })
}
