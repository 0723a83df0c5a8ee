//! The program under attack: log-ins from everywhere, connections that say nothing or not enough, heads that are too large.
//! Meanwhile LINE posts what people press, and each of these has to be heard in time.
//!
//! With `ANSHIN_PROGRAM` the attack is played on that program with its whole force, as `tests/run` does with the release
//! binary; without it on the debug build, beside all other tests, with some of it.

mod line;
mod place;
mod strangers;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use crate::program::shipped;
use line::{Waits, posts};
use place::Place;

/// Nobody at LINE waits longer than this, and LINE itself gives up after two seconds. It is the release binary's promise.
const ANSWER_MS_MAX: i64 = 1_500;

/// A debug build among other tests, on a machine that is busy with them, may take longer; that each webhook is heard is asked
/// of it all the same.
const ANSWER_MS_MAX_AMONG_OTHERS: i64 = 6_000;

/// What the program may ever have needed, in KiB.
const MEMORY_KIB_MAX: u64 = 256 * 1024;

/// What is played with the whole force, and beside other tests.
struct Force {
    /// Log-ins, a second.
    log_ins: usize,
    /// Connections at a time that say what they want byte by byte.
    drippers: usize,
    /// How long it goes on.
    span: Duration,
    /// How long a webhook may wait meanwhile, in milliseconds.
    answer_ms_max: i64,
}

impl Force {
    fn here() -> Self {
        let seconds = Duration::from_secs;
        if shipped() {
            let (span, answer_ms_max) = (seconds(25), ANSWER_MS_MAX);
            Self { log_ins: 500, drippers: 1_000, span, answer_ms_max }
        } else {
            let (span, answer_ms_max) = (seconds(12), ANSWER_MS_MAX_AMONG_OTHERS);
            Self { log_ins: 100, drippers: 600, span, answer_ms_max }
        }
    }
}

/// That the promises were kept, and by how much.
fn heard(place: &Place, waits: &Waits, about: &str) -> String {
    let memory = place.memory_kib();
    let figures = format!("{about}: {waits}; {memory} KiB");
    assert!(waits.longest() < Force::here().answer_ms_max, "{figures}");
    assert!(memory < MEMORY_KIB_MAX, "{figures}");
    figures
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_log_ins_keeps_no_webhook_waiting() {
    let (place, force) = (Place::open().await, Force::here());
    let flood = tokio::spawn(strangers::log_ins(Arc::clone(&place), force.log_ins, force.span));
    let waits = posts(&place, force.span).await;
    let answers = flood.await.unwrap();
    let (judged, refused) = (answers.judged.load(Relaxed), answers.refused.load(Relaxed));
    println!(
        "{}",
        heard(&place, &waits, &format!("log-ins, {judged} judged and {refused} refused"))
    );
    assert!(judged > 50, "the attack came as far as passwords: {judged}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_say_too_little_keep_no_webhook_waiting() {
    let (place, force) = (Place::open().await, Force::here());
    let flood = strangers::drippers(Arc::clone(&place), force.drippers, force.span);
    let flood = tokio::spawn(flood);
    let held = strangers::holders(&place, 0..12, 40).await;
    let waits = posts(&place, force.span).await;
    let ended = flood.await.unwrap();
    println!("{}", heard(&place, &waits, &format!("slow connections, {ended} times ended")));
    assert!(ended >= force.drippers, "they came to their end: {ended}");
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_it_at_once_and_encrypted_keeps_no_webhook_waiting() {
    let (place, force) = (Place::encrypted().await, Force::here());
    let (log_ins, span) = (force.log_ins / 2, force.span);
    let held = strangers::holders(&place, 0..6, 40).await;
    let flood = [
        tokio::spawn(log_ins_of(Arc::clone(&place), log_ins, span)),
        tokio::spawn(strangers::drippers(Arc::clone(&place), force.drippers / 4, span)),
        tokio::spawn(strangers::bombers(Arc::clone(&place), 0..6, 25)),
        tokio::spawn(strangers::silent(Arc::clone(&place), force.drippers / 4, span)),
    ];
    let waits = posts(&place, span).await;
    let mut came = Vec::new();
    for stranger in flood {
        came.push(stranger.await.unwrap());
    }
    println!("{}", heard(&place, &waits, &format!("everything, over TLS, {came:?} acts")));
    assert!(came.iter().all(|acts| *acts > 20), "every kind took part: {came:?}");
    drop(held);
}

async fn log_ins_of(place: Arc<Place>, a_second: usize, span: Duration) -> usize {
    strangers::log_ins(place, a_second, span).await.judged.load(Relaxed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_says_too_little_is_ended_in_its_time() {
    let place = Place::open().await;
    let host = format!("Host: {}", place.host);
    let head = format!("GET / HTTP/1.1\r\n{host}\r\nX-Slow: ");
    let webhook =
        format!("POST /line/webhook HTTP/1.1\r\n{host}\r\nContent-Length: 9000\r\n\r\n{{");
    let asked = format!("GET /healthz HTTP/1.1\r\n{host}\r\n\r\n");
    let told = [
        // Silence, a head that does not end, a body that does not come or comes by and by, and then silence again.
        ("", false, 10.0, ""),
        (&head, false, 10.0, ""),
        (&head, true, 10.0, ""),
        (&webhook, false, 20.0, "HTTP/1.1 408"),
        (&webhook, true, 20.0, "HTTP/1.1 408"),
        (&asked, false, 15.0, "HTTP/1.1 200"),
    ];
    let lasts = told.map(|(said, dripping, _, _)| {
        let (place, said) = (Arc::clone(&place), said.to_owned());
        tokio::spawn(async move { strangers::lasts(&place, &said, dripping).await })
    });
    for (lasted, (said, dripping, seconds, start)) in lasts.into_iter().zip(told) {
        let (lasted, answer) = lasted.await.unwrap();
        let about = format!("{said:?}, dripping: {dripping}: {lasted} s, {answer}");
        assert!((seconds - 0.5..seconds + 6.0).contains(&lasted), "{about}");
        assert!(answer.starts_with(start) && answer.is_empty() == start.is_empty(), "{about}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_its_share_of_connections_and_all_together_make_room() {
    let place = Place::open().await;
    let mut held = strangers::holders(&place, 0..1, 64).await;
    let mut refused = strangers::holders(&place, 0..1, 1).await.remove(0);
    let mut answer = String::new();
    refused.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    // As many as there are places and more. The eldest go, and nobody who asks is kept out.
    held.extend(strangers::holders(&place, 1..12, 60).await);
    let waits = posts(&place, Duration::from_secs(2)).await;
    println!("{}", heard(&place, &waits, &format!("{} connections held", held.len())));
    let mut answer = Vec::new();
    let ended = held[0].read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "ended without a word: {ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let place = Place::open().await;
    let host = format!("Host: {}", place.host);
    let post = |length: usize| {
        format!("POST /line/webhook HTTP/1.1\r\n{host}\r\nContent-Length: {length}\r\n\r\n")
    };
    for (head, status) in [
        (format!("GET / HTTP/1.1\r\n{host}\r\nX: {}\r\n\r\n", "x".repeat(16 * 1024)), "431"),
        (format!("GET / HTTP/1.1\r\n{host}\r\n{}\r\n", "X: y\r\n".repeat(100)), "431"),
        (format!("GET /{} HTTP/1.1\r\n{host}\r\n\r\n", "x".repeat(4 * 1024)), "414"),
        (post(256 * 1024 + 1), "413"),
    ] {
        let answer = place.exchange(Ipv4Addr::new(127, 14, 1, 1), head.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {answer}");
    }
}
