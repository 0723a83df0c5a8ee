//! The real binary, killed, stopped and left without room on its disk at random moments while people
//! live with it. The modelled LINE runs in this process on the same scaled clock; everything between
//! is real: HTTP, signatures, the data file, SIGKILL, SIGSTOP. Nothing is judged by how long it really
//! took.
//!
//! `ANSHIN_SEED=n` repeats the people and the plan of faults; what a fault meets still depends on the
//! machine. `ANSHIN_KILLS=n` kills more often than the usual fifty times, and stops and fills the disk
//! more often with it.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]
#![expect(clippy::print_stdout, reason = "the seed of a failure is needed to repeat it")]

mod audit;
mod courier;
mod disk;
mod killer;
mod people;
mod server;
mod town;
mod years;

use std::time::Duration;

use anshin::platform::Dice;

use server::Server;
use town::Town;

/// Kills of the one long story.
const KILLS: u32 = 50;

/// First starts that are cut off.
const FIRST_STARTS: u32 = 40;

/// So many looks at a data file in the making before the kill, at most: a few milliseconds.
const LOOKS_MAX: u64 = 600;

/// Only a test that hangs takes so long, and so much longer for each kill.
const HANGS: Duration = Duration::from_secs(300);
const HANGS_PER_KILL: Duration = Duration::from_secs(6);

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().expect("a whole number"))
}

fn seed() -> u64 {
    let seed = number("ANSHIN_SEED").unwrap_or_else(|| {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes) % 1_000_000
    });
    println!("ANSHIN_SEED={seed}");
    seed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_stops_and_full_disks_lose_no_acknowledged_press_and_send_nothing_twice() {
    let kills = number("ANSHIN_KILLS").map_or(KILLS, |kills| u32::try_from(kills).unwrap());
    let story = async {
        let mut town = Town::new(Dice::new(seed())).await;
        town.found().await;
        town.live_and_suffer(kills).await;
        town.come_to_rest().await;
        let report = audit::check(&town);
        println!("{}", report.summary);
        assert!(
            report.faults.is_empty(),
            "{}\n{}",
            report.faults.join("\n"),
            town.server.last_words()
        );
    };
    tokio::time::timeout(HANGS + HANGS_PER_KILL * kills, story)
        .await
        .expect("the story comes to an end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_that_is_killed_leaves_a_file_that_the_next_start_opens() {
    let mut dice = Dice::new(seed());
    for turn in 0..FIRST_STARTS {
        let mut server = Server::new(["http://127.0.0.1:9"; 2], 1);
        server.start();
        while !server.has_begun() {
            assert!(!server.has_ended());
            tokio::task::yield_now().await;
        }
        for _ in 0..dice.below(LOOKS_MAX) {
            assert!(server.has_begun());
        }
        server.kill();
        server.start();
        let opened = tokio::time::timeout(HANGS, server.wait_until_ready()).await;
        assert!(matches!(opened, Ok(Ok(()))), "turn {turn}: {}", server.last_words());
    }
}
