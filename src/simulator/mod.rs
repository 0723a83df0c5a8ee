//! The whole service over months of virtual time, with people, LINE and faults that follow from one number.
//!
//! The real rules, writer, data file (in memory), wheel, outbox rules and keeper run in one thread over the modelled
//! LINE. [`truth`] writes down what really happened outside of them, and holds the promises against it. The same seed
//! gives the same run to the last byte of the journal.
//!
//! Not modelled yet: groups, office teams with staff at the desk, rests, clocks that jump, letters that do not leave,
//! a disk that forgets; see `ARCHITECTURE.md`.

mod folk;
mod server;
mod swarm;
mod truth;
mod upkeep;
mod world;

use std::time::Duration;

use sha2::{Digest, Sha256};

pub use truth::Violation;

use crate::domain::time::Moment;
use crate::store::StoreError;
use world::World;

/// Families of a run.
const FAMILIES: usize = 6;

/// Days of a run with faults, and the days after them in which everything has to come right.
const DAYS: u64 = 90;
const CALM_DAYS: u64 = 6;

const DAY: Duration = Duration::from_secs(86_400);

/// The first of January 2026 in Japan; runs begin within a year of it.
const FIRST_DAY_S: i64 = 1_767_193_200;

/// What came of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The number it follows from.
    pub seed: u64,
    /// People who were asked, times days.
    pub member_days: u64,
    /// Signs of life that were heard.
    pub answers: u64,
    /// Questions that were due and that nobody answered.
    pub silences: u64,
    /// Alerts that appeared on phones.
    pub alerts: u64,
    /// Notices that all is well that appeared on phones.
    pub all_clears: u64,
    /// Times that the power was cut.
    pub cuts: u64,
    /// Promises that were broken; empty in a good run.
    pub violations: Vec<Violation>,
    /// The last things that happened before the end, or before the first broken promise.
    pub trace: Vec<String>,
    /// SHA-256 over the journal.
    pub journal: [u8; 32],
}

/// Plays one run of the usual length.
///
/// # Errors
///
/// Only if the data file in memory fails, which is a fault of the program.
pub fn play(seed: u64) -> Result<Outcome, StoreError> {
    play_for(seed, DAYS)
}

/// Plays one run with so many days of faults.
///
/// # Errors
///
/// As [`play`].
pub fn play_for(seed: u64, days: u64) -> Result<Outcome, StoreError> {
    let begin = Moment::from_seconds(FIRST_DAY_S) + DAY * (seed % 365) as u32;
    let end = begin + Duration::from_secs(days * 86_400);
    let mut world = World::new(seed, begin)?;
    for n in 0..FAMILIES {
        world.family(n, (begin, end))?;
    }
    let from = world.now;
    world.unleash(end);
    let mut day = from;
    while day < end && world.truth.violations.is_empty() {
        day = (day + DAY).min(end);
        world.until(day)?;
    }
    if world.truth.violations.is_empty() {
        world.calm()?;
        world.until(end + DAY * CALM_DAYS as u32)?;
        let reading = world.server.store.read()?;
        world.truth.at_the_end((from, end), &reading)?;
        world.truth.line_is_content(world.now, world.platform.violations());
    }
    let reading = world.server.store.read()?;
    let mut hash = Sha256::new();
    for entry in reading.journal_after(0, usize::MAX)? {
        hash.update(format!("{entry:?}"));
    }
    let truth = world.truth;
    Ok(Outcome {
        seed,
        member_days: truth.asked.len() as u64 * world.now.since(from).as_secs() / 86_400,
        answers: truth.answers,
        silences: truth.silences,
        alerts: truth.alerts,
        all_clears: truth.all_clears,
        cuts: world.cuts,
        violations: truth.violations,
        trace: world.trace,
        journal: hash.finalize().into(),
    })
}
