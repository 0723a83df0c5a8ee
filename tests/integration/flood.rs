//! The program under attack: log-ins from everywhere, connections that say nothing or not enough, heads that are too large.
//! Meanwhile LINE posts what people press, and each of these has to be heard. All attackers are bounded in number and acts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anshin::clock::stopwatch_ms;
use anshin::domain::id::StaffId;
use anshin::domain::name::Name;
use anshin::domain::staff::{
    FactorSecret, Failures, PasswordHash, Scope, SecondFactor, Staff, StaffRole,
};
use anshin::domain::time::Moment;
use anshin::platform::sign;
use anshin::store::{SCHEMA_VERSION, Store};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::program::serving;

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// The secret with which [`serving`] starts the program.
const CHANNEL_SECRET: &str = "5f0e2c9a1b7d43f6a8e4c0d2b6917f35";

/// Where LINE calls from: no test listens there, so no port is taken from one.
const LINE: Ipv4Addr = Ipv4Addr::new(127, 1, 4, 1);

/// The hash of a password that nobody has.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$a1HnC5bW2dW9Xo0G0mQxKA$\
                    Y0aUnQGZxS7rUQxJx0u1t4m2sVfXx5x0S8m1mH0m3mE";

/// Addresses from which somebody tries to log in, and how often each: enough for the slow work of comparing passwords to wait
/// in a queue the whole time.
const INTRUDERS: usize = 60;
const TRIES: usize = 8;

/// Addresses that hold connections, and how many each.
const HOLDERS: usize = 12;
const HELD: usize = 40;

/// Heads that are too large, from each of as many addresses.
const BOMBS: usize = 25;

/// Webhooks that are posted, at least and at most: as long as the attack lasts.
const WEBHOOKS: std::ops::RangeInclusive<usize> = 150..=3_000;

/// Nobody at LINE waits longer than this, and LINE itself gives up after two seconds.
const ANSWER_MS_MAX: i64 = 1_500;

/// The attack ends then, whatever came of it.
const END: Duration = Duration::from_secs(15);

/// What the program may ever have needed, in KiB.
const MEMORY_KIB_MAX: u64 = 256 * 1024;

/// A connection from an address of its own.
async fn connect(from: Ipv4Addr, to: SocketAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.ok()
}

/// Sends a request on a fresh connection and reads the answer to its end; empty where the other side hangs up.
async fn exchange(from: Ipv4Addr, to: SocketAddr, request: &[u8]) -> String {
    let Some(mut stream) = connect(from, to).await else { return String::new() };
    let mut answer = Vec::new();
    // Whoever is refused in the middle may be cut off.
    let _ = stream.write_all(request).await;
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}

/// Somebody who tries names and passwords, as a browser would post them; how many were judged.
async fn intruder(n: usize, to: SocketAddr, name: String) -> usize {
    let from = Ipv4Addr::new(127, 1, 1, u8::try_from(n).unwrap());
    let get = format!("GET /staff/login HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n");
    let form = exchange(from, to, get.as_bytes()).await;
    let cookie = between(&form, "set-cookie: ", ";").unwrap_or_default();
    let word = between(&form, "name=\"form_token\" value=\"", "\"").unwrap_or_default();
    let mut judged = 0;
    for attempt in 0..TRIES {
        let name = if n.is_multiple_of(2) { name.clone() } else { format!("{n}-{attempt}") };
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("form_token", word), ("name", &name), ("number", "123456")])
            .append_pair("password", &format!("not the password {attempt}"))
            .finish();
        let post = format!(
            "POST /staff/login HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        let answer = exchange(from, to, post.as_bytes()).await;
        judged += usize::from(answer.contains("ログインできませんでした"));
    }
    judged
}

/// Connections that begin to say something and do not end: a head, a webhook, a form.
async fn holder(n: usize, to: SocketAddr) -> Vec<TcpStream> {
    let from = Ipv4Addr::new(127, 1, 2, u8::try_from(n).unwrap());
    let beginnings = [
        "GET /staff/login HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_owned(),
        String::new(),
        format!("POST /line/webhook HTTP/1.1\r\nHost: {to}\r\nContent-Length: 200000\r\n\r\n{{"),
        format!("POST /staff/login HTTP/1.1\r\nHost: {to}\r\nContent-Length: 60000\r\n\r\nname="),
    ];
    let mut held = Vec::new();
    for place in 0..HELD {
        let Some(mut stream) = connect(from, to).await else { continue };
        let _ = stream.write_all(beginnings[place % beginnings.len()].as_bytes()).await;
        held.push(stream);
    }
    held
}

/// Heads that are too large, or of too many lines.
async fn bomber(n: usize, to: SocketAddr) {
    let from = Ipv4Addr::new(127, 1, 3, u8::try_from(n).unwrap());
    let (large, many) = ("x".repeat(60_000), "X-A: b\r\n".repeat(5_000));
    for _ in 0..BOMBS {
        for lines in [format!("X-Large: {large}\r\n"), many.clone()] {
            let head = format!("GET / HTTP/1.1\r\nHost: {to}\r\n{lines}\r\n");
            let answer = exchange(from, to, head.as_bytes()).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        }
    }
}

/// LINE posts what somebody writes, on a connection of its own; the status.
async fn webhook(n: usize, to: SocketAddr) -> String {
    let body = json!({
        "destination": "U8e742f61d673b39c7fff3cecb7536ef0",
        "events": [{
            "type": "message", "mode": "active",
            "webhookEventId": format!("01FLOOD{n:019}"),
            "deliveryContext": {"isRedelivery": false},
            "timestamp": 1_800_000_000_000_i64 + i64::try_from(n).unwrap(),
            "source": {"type": "user", "userId": "U0123456789abcdef0123456789abcdef"},
            "message": {"id": n.to_string(), "type": "text", "text": "げんきです"},
        }],
    })
    .to_string();
    let head = format!(
        "POST /line/webhook HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nX-Line-Signature: {}\r\n\
         Content-Length: {}\r\n\r\n",
        sign(CHANNEL_SECRET, body.as_bytes()),
        body.len()
    );
    let answer = exchange(LINE, to, (head + &body).as_bytes()).await;
    answer.split(' ').nth(1).unwrap_or("none").to_owned()
}

/// The most memory that a process ever had, in KiB.
fn memory_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse().unwrap()
}

/// The data of a council with an account in it; its name.
fn council(data: &Path) -> String {
    let golden = format!("tests/fixtures/db/v{SCHEMA_VERSION:04}.redb");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(golden), data).unwrap();
    let store = Store::open(data, Store::CACHE_BYTES_MIN, [7; 32]).unwrap();
    let writing = store.write().unwrap();
    let staff = Staff {
        id: StaffId(900_000),
        name: Name::of_person("山田花子").unwrap(),
        role: StaffRole::Admin,
        scope: Scope::Everything,
        mail: None,
        since: Moment::EPOCH,
        active: true,
        password: Some(PasswordHash(HASH.to_owned())),
        second_factor: Some(SecondFactor { secret: FactorSecret([7; 20]), last_step: 0 }),
        invitation: None,
        recovery: Vec::new(),
        failures: Failures::default(),
    };
    writing.tables().put_staff(&staff).unwrap();
    writing.commit().unwrap();
    staff.name.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_strangers_do_every_webhook_is_heard_in_time_and_memory_stays_small() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let name = council(&data);
    let (server, to) = serving(&data, NO_LINE).await;
    let (over, judged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (mut attack, mut held) = (JoinSet::new(), JoinSet::new());
    (1..=HOLDERS).for_each(|n| drop(held.spawn(holder(n, to))));
    let held = held.join_all().await;
    (1..=HOLDERS).for_each(|n| drop(attack.spawn(bomber(n, to))));
    for n in 1..=INTRUDERS {
        let (name, judged) = (name.clone(), Arc::clone(&judged));
        attack.spawn(async move {
            judged.fetch_add(intruder(n, to, name).await, Ordering::Relaxed);
        });
    }
    let ended = Arc::clone(&over);
    let attacking = tokio::spawn(async move {
        let _ = timeout(END, async { while attack.join_next().await.is_some() {} }).await;
        ended.store(true, Ordering::Relaxed);
    });
    let mut waits = Vec::new();
    while waits.len() < *WEBHOOKS.end()
        && (waits.len() < *WEBHOOKS.start() || !over.load(Ordering::Relaxed))
    {
        let began = stopwatch_ms();
        assert_eq!(webhook(waits.len(), to).await, "200", "webhook {}", waits.len());
        waits.push(stopwatch_ms() - began);
    }
    attacking.await.unwrap();
    let judged = judged.load(Ordering::Relaxed);
    waits.sort();
    let (half, longest) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    let memory = memory_kib(server.id());
    println!(
        "{} webhooks, half within {half} ms, all within {longest} ms; {judged} log-ins judged; {memory} KiB",
        waits.len()
    );
    assert!(longest < ANSWER_MS_MAX, "a webhook waited for {longest} ms");
    assert!(memory < MEMORY_KIB_MAX, "{memory} KiB");
    assert!(judged > 50, "the attack came as far as passwords: {judged}");
    drop(held);
}
