//! A million members on one server: how large the file is, how soon it is ready after a power cut, what it holds in memory,
//! and how a hundred thousand questions leave that are due at one moment. `ANSHIN_BENCH=scale just bench`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::contestant::{Anshin, Contestant};
use crate::line::Counting;
use crate::members;
use crate::process::{self, Machine, Usage};

const MEMBERS: u32 = 1_000_000;
const DUE_AT_ONCE: u32 = 100_000;

/// As many a second as the way to LINE lets through: three quarters of what LINE allows.
const PACE: f64 = 1_500.0;

/// From writing the due moment into the file to that moment: enough for the server to start.
const LEAD: Duration = Duration::from_secs(25);

/// After this the rest is given up and counted as missing.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) async fn measure() {
    println!("# {MEMBERS} members\n\n{}\n", Machine::describe());
    let line = Arc::new(Counting::default());
    let base = crate::line::counting(Arc::clone(&line)).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let begin = Instant::now();
    members::fill_resting(&data, MEMBERS);
    let filled = begin.elapsed().as_secs_f64();
    let size = std::fs::metadata(&data).unwrap().len();
    println!("| | |\n|---|---|");
    println!("| filled, {:.0} a second | {filled:.1} s |", f64::from(MEMBERS) / filled);
    println!("| file | {} MB, {} bytes a member |", size >> 20, size / u64::from(MEMBERS));
    started("first start", &base, &data, false).await;
    started("start after kill -9", &base, &data, true).await;
    rush(&base, &data, &line).await;
}

/// Starts, says how soon it was ready and what it holds, and kills it.
async fn started(what: &str, line: &str, data: &Path, after_kill: bool) {
    let begin = Instant::now();
    let server = Anshin::over(line, data);
    server.ready().await;
    let ready = begin.elapsed().as_secs_f64();
    let rss = process::rss_mb(server.pid());
    println!("| {what}: ready | {ready:.2} s, {rss:.0} MB RSS |");
    if !after_kill {
        // So that the kill finds it at work on its first chores.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    drop(server);
}

/// A hundred thousand questions due at one moment.
async fn rush(base: &str, data: &Path, line: &Counting) {
    let due_at = members::make_due(data, DUE_AT_ONCE, LEAD);
    let server = Anshin::over(base, data);
    server.ready().await;
    let lead = due_at.since(members::now());
    assert!(!lead.is_zero(), "the start took longer than {LEAD:?}");
    tokio::time::sleep(lead).await;
    let (due, before, machine) = (Instant::now(), Usage::of(server.pid()), Machine::now());
    let mut seen = 0;
    while seen < DUE_AT_ONCE as usize && due.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(200)).await;
        seen = line.pushes();
    }
    let used = (Usage::of(server.pid()) - before).total();
    let others = machine.busy_since();
    let mut late = line.since(due);
    late.sort_by(f64::total_cmp);
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize];
    let floor = f64::from(DUE_AT_ONCE) / PACE;
    println!("| {DUE_AT_ONCE} due at once: left | {seen} |");
    println!("| first, half, last | {:.2} s, {:.1} s, {:.1} s |", at(0.0), at(0.5), at(1.0));
    println!(
        "| against the floor of {PACE:.0} a second | {:.2} times {floor:.1} s |",
        at(1.0) / floor
    );
    println!("| CPU of the server; of the whole machine | {used:.1} s; {others:.1} s |");
    let pid = server.pid();
    println!(
        "| RSS then; at most | {:.0} MB; {:.0} MB |",
        process::rss_mb(pid),
        process::peak_mb(pid)
    );
    drop(server);
    let size = std::fs::metadata(data).unwrap().len();
    println!("| file afterwards | {} MB |", size >> 20);
}
