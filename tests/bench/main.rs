//! Measurements of the durable webhook path, against the way it is usually built: Express, LINE's
//! own SDK and SQLite, doing the same job in the same interleaved run. No test: `just bench`.
//!
//! `ANSHIN_BENCH_TURNS=n` sets how often the contestants take turns; `ANSHIN_BENCH=scale` measures a million members instead.

#![expect(clippy::unwrap_used, reason = "a measurement that meets the unexpected ends")]
#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

mod contestant;
mod line;
mod load;
mod members;
mod process;
mod scale;

use std::time::Duration;

use contestant::{Anshin, Contestant, Peer};
use load::{Load, Outcome};
use process::{Machine, Usage};

/// Connections that are kept open, each with one request at a time.
const CONNECTIONS: usize = 32;

/// Members in the data; a press of each of the first ones is sent, once.
const MEMBERS: u32 = 100_000;

/// Requests of one turn. The peer gets fewer, so that turns are about equally long.
const REQUESTS: u32 = 20_000;
const PEER_REQUESTS: u32 = 6_000;

const TURNS: u32 = 4;

/// A turn during which others used more of the machine than this does not count.
const OTHERS_MAX: f64 = 0.3;

/// How often the machine is asked, a second each, whether it is calm before a turn.
const CALM_LOOKS: u32 = 60;

/// One turn of one contestant.
struct Turn {
    name: &'static str,
    outcome: Outcome,
    server: Usage,
    rss_mb: f64,
    /// To the disk, per event.
    written_kib: f64,
    others: f64,
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match std::env::var("ANSHIN_BENCH").as_deref() {
        Ok("scale") => runtime.block_on(scale::measure()),
        _ => runtime.block_on(measure()),
    }
}

async fn measure() {
    let line = line::silent().await;
    println!("# Durable webhook, {CONNECTIONS} connections, {MEMBERS} members\n");
    println!("{}\n", Machine::describe());
    let (fast, slow) = process::sync_rate();
    println!(
        "4 KiB write + fdatasync: {fast:.0} us preallocated, {slow:.0} us appended (medians)\n"
    );
    idle(&line).await;
    let peer_folder = Peer::install();
    let turns = std::env::var("ANSHIN_BENCH_TURNS").ok();
    let turns = turns.map_or(TURNS, |text| text.parse().expect("a whole number"));
    println!(
        "| contestant | events/s | p50 ms | p99 ms | max ms | CPU s per 1k | RSS MB | KiB written per event | others' cores |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut all = Vec::new();
    for _ in 0..turns {
        let ours = Anshin::start("anshin", &line, MEMBERS);
        all.push(turn(ours, REQUESTS, false).await);
        all.push(turn(Peer::start(&peer_folder, MEMBERS), PEER_REQUESTS, false).await);
        let ours = Anshin::start("anshin, with a reply each", &line, MEMBERS);
        all.push(turn(ours, REQUESTS, true).await);
    }
    ratios(&all);
}

async fn idle(line: &str) {
    let server = Anshin::start("anshin", line, 1000);
    server.ready().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = Usage::of(server.pid());
    tokio::time::sleep(Duration::from_secs(20)).await;
    let used = Usage::of(server.pid()) - before;
    let (rss, share) = (process::rss_mb(server.pid()), used.total() / 20.0 * 100.0);
    println!("Idle with 1,000 members: {rss:.1} MB RSS, {share:.2} % CPU\n");
}

async fn turn(server: impl Contestant, requests: u32, reply: bool) -> Turn {
    server.ready().await;
    let load = Load::prepare(&server, requests, reply);
    wait_for_calm().await;
    let (machine, before) = (Machine::now(), Usage::of(server.pid()));
    let (own, written) = (Usage::of(std::process::id()), process::written_kib(server.pid()));
    let outcome = load.send(server.address(), CONNECTIONS).await;
    let used = Usage::of(server.pid()) - before;
    let ours = used.total() + (Usage::of(std::process::id()) - own).total();
    let others = (machine.busy_since() - ours).max(0.0) / outcome.seconds;
    let turn = Turn {
        name: server.name(),
        server: used,
        rss_mb: process::rss_mb(server.pid()),
        written_kib: (process::written_kib(server.pid()) - written) / f64::from(requests),
        others,
        outcome,
    };
    server.stop_and_check(requests).await;
    print(&turn);
    turn
}

/// Waits until others leave the machine alone, or for a while; what the start left behind is over
/// by then as well.
async fn wait_for_calm() {
    for _ in 0..CALM_LOOKS {
        let machine = Machine::now();
        tokio::time::sleep(Duration::from_secs(1)).await;
        if machine.busy_since() < OTHERS_MAX / 2.0 {
            return;
        }
    }
}

fn print(turn: &Turn) {
    let Turn { name, outcome, rss_mb, written_kib, others, .. } = turn;
    let void = if *others > OTHERS_MAX { " (void)" } else { "" };
    println!(
        "| {name} | {:.0} | {:.2} | {:.2} | {:.1} | {:.4} | {rss_mb:.1} | {written_kib:.1} | {others:.2}{void} |",
        outcome.per_second(),
        outcome.quantile_ms(0.5),
        outcome.quantile_ms(0.99),
        outcome.quantile_ms(1.0),
        turn.server.total() / f64::from(outcome.count()) * 1000.0,
    );
}

/// Medians over the turns that count, and ours in relation to the peer's.
fn ratios(all: &[Turn]) {
    let peer = Peer::NAME;
    let counted = |name| {
        let of_name = all.iter().filter(move |turn: &&Turn| turn.name == name);
        let calm: Vec<&Turn> = of_name.clone().filter(|turn| turn.others <= OTHERS_MAX).collect();
        if calm.is_empty() { of_name.collect() } else { calm }
    };
    let median = |name, value: fn(&Turn) -> f64| {
        let mut values: Vec<f64> = counted(name).into_iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let rate = |turn: &Turn| turn.outcome.per_second();
    let p99 = |turn: &Turn| turn.outcome.quantile_ms(0.99);
    let cpu = |turn: &Turn| turn.server.total() / f64::from(turn.outcome.count());
    println!();
    for name in ["anshin", "anshin, with a reply each"] {
        println!(
            "{name} against {peer} (medians of {} and {} turns): {:.1} times the events/s, 1/{:.1} of the p99, 1/{:.1} of the CPU",
            counted(name).len(),
            counted(peer).len(),
            median(name, rate) / median(peer, rate),
            median(peer, p99) / median(name, p99),
            median(peer, cpu) / median(name, cpu),
        );
    }
}
