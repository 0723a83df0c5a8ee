//! What strangers do to the program. All of it is bounded in number and acts, so that a run ends.

use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anshin::clock::stopwatch_ms;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::place::{Place, Stream};

/// Nobody waits longer than this for the end of a connection.
const PATIENCE: Duration = Duration::from_secs(40);

/// How often each address tries to log in: before more is compared, it would have to wait.
const TRIES: usize = 5;

/// Between two bytes of those who say what they want as slowly as they may.
const DRIP_EVERY: Duration = Duration::from_millis(700);

/// How long whoever was sent away stays away. Strangers that come back faster than this are a crowd that no single server
/// stands, and one that stays away longer does less.
const BACK_AFTER: Duration = Duration::from_millis(500);

/// One of many addresses, `kind` apart from those of other strangers.
fn address(kind: u8, n: usize) -> Ipv4Addr {
    let [high, low] = u16::try_from(n + 1).unwrap().to_be_bytes();
    Ipv4Addr::new(127, kind, high, low)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}

/// What the program said to those who tried to log in.
#[derive(Default)]
pub(super) struct Answers {
    /// Name and password were compared, and were wrong.
    pub(super) judged: AtomicUsize,
    /// Nothing was compared: they have to wait, or too many others do.
    pub(super) refused: AtomicUsize,
}

/// Log-ins at a pace that no answer slows down, five from each address, half of them with the name of somebody.
pub(super) async fn log_ins(place: Arc<Place>, a_second: usize, span: Duration) -> Arc<Answers> {
    let answers = Arc::<Answers>::default();
    let each = Duration::from_secs(1) / u32::try_from(a_second / TRIES).unwrap();
    let mut due = interval(each);
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut intruders = JoinSet::new();
    for n in 0..usize::try_from(span.as_millis() / each.as_millis()).unwrap() {
        due.tick().await;
        let (place, answers) = (Arc::clone(&place), Arc::clone(&answers));
        intruders.spawn(async move { intruder(&place, n, &answers).await });
    }
    intruders.join_all().await;
    answers
}

/// Somebody who tries names and passwords, as a browser would post them, all at the same time.
async fn intruder(place: &Arc<Place>, n: usize, answers: &Arc<Answers>) {
    let (from, host) = (address(10, n), &place.host);
    let get = format!("GET /staff/login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let form = place.exchange(from, get.as_bytes()).await;
    let cookie = between(&form, "set-cookie: ", ";").unwrap_or_default();
    // Without the word of the form, the connection made room for somebody else's.
    let Some(word) = between(&form, "name=\"form_token\" value=\"", "\"") else { return };
    let mut tries = JoinSet::new();
    for attempt in 0..TRIES {
        let somebody = n == 0 && attempt == 0;
        let name = if somebody { place.name.clone() } else { format!("{n}-{attempt}") };
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("form_token", word), ("name", &name), ("number", "123456")])
            .append_pair("password", &format!("not the password {attempt}"))
            .finish();
        let post = format!(
            "POST /staff/login HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            place.origin,
            body.len()
        );
        let (place, answers) = (Arc::clone(place), Arc::clone(answers));
        tries.spawn(async move {
            let answer = place.exchange(from, post.as_bytes()).await;
            let count = match answer.split(' ').nth(1) {
                Some("422") => &answers.judged,
                Some("429" | "503") => &answers.refused,
                // Their connection made room for somebody else's.
                None => return,
                Some(_) => panic!("{answer}"),
            };
            count.fetch_add(1, Ordering::Relaxed);
        });
    }
    tries.join_all().await;
}

/// Beginnings of what never comes to its end.
fn beginnings(host: &str) -> [String; 4] {
    [
        String::new(),
        format!("GET /staff/login HTTP/1.1\r\nHost: {host}\r\nX-Slow: "),
        format!("POST /line/webhook HTTP/1.1\r\nHost: {host}\r\nContent-Length: 200000\r\n\r\n{{"),
        format!("POST /staff/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 60000\r\n\r\nname="),
    ]
}

/// Connections, `each` from every address, that begin to say something and then nothing any more. They stay until dropped.
pub(super) async fn holders(
    place: &Arc<Place>,
    addresses: Range<usize>,
    each: usize,
) -> Vec<Stream> {
    let mut holders = JoinSet::new();
    for n in addresses {
        let place = Arc::clone(place);
        holders.spawn(async move {
            let (beginnings, mut held) = (beginnings(&place.host), Vec::new());
            for turn in 0..each {
                let Some(mut stream) = place.connect(address(11, n)).await else { continue };
                let _ = stream.write_all(beginnings[turn % beginnings.len()].as_bytes()).await;
                held.push(stream);
            }
            held
        });
    }
    holders.join_all().await.into_iter().flatten().collect()
}

/// So many connections at a time that say what they want byte by byte; one that was ended comes again, until the span is over.
/// How often they were ended.
pub(super) async fn drippers(place: Arc<Place>, at_once: usize, span: Duration) -> usize {
    let mut drippers = JoinSet::new();
    for n in 0..at_once {
        let place = Arc::clone(&place);
        drippers.spawn(async move {
            let (end, mut ended) = (stopwatch_ms() + i64::try_from(span.as_millis()).unwrap(), 0);
            while stopwatch_ms() < end {
                drip(&place, address(12, n / 40), &beginnings(&place.host)[1 + n % 3], end).await;
                ended += 1;
                sleep(BACK_AFTER).await;
            }
            ended
        });
    }
    drippers.join_all().await.into_iter().sum()
}

/// Says a beginning, and after it one byte now and then, until the other side ends it or `end` has come.
async fn drip(place: &Place, from: Ipv4Addr, beginning: &str, end: i64) {
    let Some(mut stream) = place.connect(from).await else { return };
    let mut said = stream.write_all(beginning.as_bytes()).await;
    let mut byte = [0];
    while said.is_ok() && stopwatch_ms() < end {
        match timeout(DRIP_EVERY, stream.read(&mut byte)).await {
            Ok(Ok(0) | Err(_)) => return,
            Ok(Ok(_)) => {}
            Err(_) => said = stream.write_all(b"a").await,
        }
    }
}

/// So many connections at a time that never say hello, where the program waits for it; one that was ended comes again. How
/// often they were ended.
pub(super) async fn silent(place: Arc<Place>, at_once: usize, span: Duration) -> usize {
    let (mut silent, ended) = (JoinSet::new(), Arc::<AtomicUsize>::default());
    for n in 0..at_once {
        let place = Arc::clone(&place);
        let ended = Arc::clone(&ended);
        silent.spawn(timeout(span, async move {
            let mut bytes = Vec::new();
            loop {
                let Some(mut stream) = place.reach(address(15, n / 40)).await else { continue };
                // The beginning of a hello, of which half never says more.
                let hello = if n % 2 == 0 { &[0x16, 3, 1, 2, 0, 1][..] } else { &[] };
                let _ = stream.write_all(hello).await;
                let _ = stream.read_to_end(&mut bytes).await;
                ended.fetch_add(1, Ordering::Relaxed);
                sleep(BACK_AFTER).await;
            }
        }));
    }
    let _: Vec<Result<(), _>> = silent.join_all().await;
    ended.load(Ordering::Relaxed)
}

/// Heads that are too large, or of too many lines, from `addresses`, each so often. How many there were.
pub(super) async fn bombers(place: Arc<Place>, addresses: Range<usize>, each: usize) -> usize {
    let bombs = addresses.len() * each * 2;
    let mut bombers = JoinSet::new();
    for n in addresses {
        let place = Arc::clone(&place);
        bombers.spawn(async move {
            let (large, many) = ("x".repeat(60_000), "X-A: b\r\n".repeat(5_000));
            for _ in 0..each {
                for lines in [format!("X-Large: {large}\r\n"), many.clone()] {
                    let head = format!("GET / HTTP/1.1\r\nHost: {}\r\n{lines}\r\n", place.host);
                    let answer = place.exchange(address(13, n), head.as_bytes()).await;
                    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
                }
            }
        });
    }
    bombers.join_all().await;
    bombs
}

/// How long a connection lasts that says this and then nothing, or one byte now and then, in seconds; and what it is answered.
pub(super) async fn lasts(place: &Place, said: &str, dripping: bool) -> (f64, String) {
    let began = stopwatch_ms();
    let mut stream = place.connect(address(14, 0)).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let ended = async {
        let mut bytes = [0; 4096];
        loop {
            match timeout(DRIP_EVERY, stream.read(&mut bytes)).await {
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(length)) => answer.extend_from_slice(&bytes[..length]),
                // Whoever was answered says no more: what was said behind an answer would cut it off.
                Err(_) if dripping && answer.is_empty() => {
                    let _ = stream.write_all(b"a").await;
                }
                Err(_) => {}
            }
        }
    };
    timeout(PATIENCE, ended).await.expect("it is ended");
    let milliseconds = i32::try_from(stopwatch_ms() - began).unwrap();
    (f64::from(milliseconds) / 1000.0, String::from_utf8(answer).unwrap())
}
