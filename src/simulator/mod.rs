//! The whole service over months of virtual time, with people, LINE and faults that follow from one number.
//!
//! The real rules, writer, tables (in memory), wheel, outbox rules and keeper run in one thread over the modelled
//! LINE. [`truth`] writes down what really happened outside of them, and holds the promises against it. The same seed
//! gives the same run to the last byte of the journal.
//!
//! What is not modelled is listed in `ARCHITECTURE.md`.

mod arrivals;
mod associations;
mod bulletins;
mod choices;
mod clock;
mod decided;
mod drift;
mod ears;
mod folk;
mod goodbyes;
mod groups;
mod leaving;
mod letters;
mod lost;
mod mailboxes;
mod month;
mod office;
mod pages;
mod server;
mod silence;
mod smaller;
mod spans;
mod standstill;
mod states;
mod swarm;
mod times;
mod told;
mod trouble;
mod truth;
mod upkeep;
mod world;
mod zones;

use std::time::Duration;

use sha2::{Digest, Sha256};

pub use associations::ASKED_IN_AN_ASSOCIATION;
pub use smaller::smaller;
pub use states::{Marks, STATES};
pub use swarm::{FAULTS, Faults};
pub use truth::Violation;

use crate::domain::time::Moment;
use crate::platform::Dice;
use crate::store::{Reading, StoreError};
use times::Asked;
use world::World;

/// Days of a usual run with faults, and the days after them in which everything has to come right.
const DAYS: [u64; 4] = [30, 90, 90, 400];
const CALM_DAYS: u64 = 6;

/// The clock of the machine may be wrong in so many runs: while it is, much of what is promised is not judged.
const CLOCK_SET_ONE_IN: u64 = 4;

/// Families of a usual run: a few, so that what goes wrong is easily seen, or so many that much happens at one moment, and
/// that more of them are played in the same time.
const FAMILIES: [usize; 5] = [2, 6, 6, 30, 100];

/// More families than these are many.
const MANY: usize = 30;

/// So many families can join at one moment: what is said to more does not leave within it, and they press what is there.
const JOIN_AT_ONCE: usize = 100;
const JOIN_WITHIN: Duration = Duration::from_secs(2);

/// Lines of what led to a broken promise.
const TRACE_MAX: usize = 60;

const DAY: Duration = Duration::from_secs(86_400);

/// The first of January 2026 in Japan; runs begin within four years of it, a leap day among them.
const FIRST_DAY_S: i64 = 1_767_193_200;
const FIRST_DAYS: u64 = 1_461;

/// What a run is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// The number that everything follows from.
    pub seed: u64,
    /// Days with faults.
    pub days: u64,
    /// An earlier end of the faults, in days; until then it is the same run.
    pub until: Option<u64>,
    /// What may go wrong.
    pub faults: Faults,
    /// Families at the beginning.
    pub families: usize,
    /// Groups of neighbours.
    pub groups: usize,
    /// Associations, each with [`ASKED_IN_AN_ASSOCIATION`] people whom all of its wardens watch.
    pub associations: usize,
    /// People whom the office phones, and those whom it asks over LINE; there is an office if there are any.
    pub phoned: usize,
    /// See above.
    pub tenants: usize,
    /// Whether tables are those of redb, which is what the product stands on; else plain maps, which are many times
    /// faster and, by a property of their own, the same.
    pub redb: bool,
}

impl Options {
    /// The usual run of a number.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x5eed);
        let families = FAMILIES[dice.index(FAMILIES.len())];
        // Where many live, a month is enough: what happens rarely wants many runs.
        let days = if families > MANY { DAYS[0] } else { DAYS[dice.index(DAYS.len())] };
        let groups = [0, 0, 1, 3][dice.index(4)];
        let [phoned, tenants] = [[0, 0], [0, 0], [3, 2], [0, 6]][dice.index(4)];
        let (until, faults) =
            (None, if dice.one_in(CLOCK_SET_ONE_IN) { Faults::ALL } else { Faults::USUAL });
        let associations = [0, 0, 1, 2][dice.index(4)];
        let redb = false;
        Self { seed, days, until, faults, families, groups, associations, phoned, tenants, redb }
    }

    /// People who are asked, times days.
    #[must_use]
    pub fn member_days(self) -> u64 {
        let in_associations = self.associations * ASKED_IN_AN_ASSOCIATION;
        let asked = self.families + in_associations + self.phoned + self.tenants;
        asked as u64 * (self.days_with_faults() + CALM_DAYS)
    }

    /// Days until the end of the faults.
    #[must_use]
    pub fn days_with_faults(self) -> u64 {
        self.until.map_or(self.days, |until| until.min(self.days))
    }

    /// When it begins.
    #[must_use]
    pub fn begins_at(self) -> Moment {
        Moment::from_seconds(FIRST_DAY_S) + DAY * (self.seed % FIRST_DAYS) as u32
    }
}

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
    /// How often what happened, by the marks of [`STATES`] among others.
    pub marks: Marks,
    /// Promises that were broken; empty in a good run.
    pub violations: Vec<Violation>,
    /// What happened before the first broken promise; empty in a good run.
    pub trace: Vec<String>,
    /// SHA-256 over the journal.
    pub journal: [u8; 32],
}

/// Plays a run.
///
/// # Errors
///
/// Only if the data file in memory fails, which is a fault of the program.
pub fn play(options: Options) -> Result<Outcome, StoreError> {
    let Options { seed, days, redb, .. } = options;
    let begin = options.begins_at();
    let end = begin + Duration::from_secs(days * 86_400);
    let mut world = World::new(seed, redb, begin)?;
    world.fills(options, (begin, end))?;
    let from = world.now;
    world.unleash(end, options.faults);
    let end = begin + Duration::from_secs(options.days_with_faults() * 86_400);
    let mut day = from;
    while day < end && world.truth.violations.is_empty() {
        day = (day + DAY).min(end);
        world.until(day)?;
    }
    if world.truth.violations.is_empty() {
        world.calm()?;
        world.until(end + DAY * CALM_DAYS as u32)?;
        let reading = world.server.store.read()?;
        let journal = reading.journal_after(0, usize::MAX)?;
        let lived = (world.truth.restored_at.unwrap_or(from), world.now);
        world.truth.silence_at_the_end(lived, &journal, &reading)?;
        world.truth.word_at_the_end(world.now, &journal, &reading)?;
        let right_from = world.truth.right_from.unwrap_or(from);
        world.truth.groups_at_the_end((lived.0.max(right_from), lived.1), &world.meetings);
        world.truth.news_at_the_end(lived, &reading)?;
        world.truth.goodbyes_at_the_end((lived.0.max(right_from), lived.1), &reading)?;
        world.truth.time_at_the_end(world.now);
        world.truth.line_is_content(world.now, world.platform.violations());
    }
    let reading = world.server.store.read()?;
    let mut hash = Sha256::new();
    let mut marks = std::mem::take(&mut world.marks);
    for entry in reading.journal_after(0, usize::MAX)? {
        hash.update(format!("{entry:?}"));
        *marks.entry(states::mark(entry.fact)).or_default() += 1;
    }
    let changes = world.truth.asked.iter().map(Asked::changes).sum();
    marks.insert("other times were chosen".to_owned(), changes);
    marks.insert("a rest was a mistake".to_owned(), world.truth.dropped);
    marks.insert("somebody lives elsewhere".to_owned(), world.truth.zones.moves());
    marks.insert("the month does not do for news".to_owned(), world.truth.unsaid());
    marks.insert("a team chose".to_owned(), world.truth.chosen());
    let trace = trace(&world, &reading)?;
    let truth = world.truth;
    Ok(Outcome {
        seed,
        member_days: options.member_days(),
        answers: truth.answers,
        silences: truth.silences,
        alerts: truth.alerts,
        all_clears: truth.all_clears,
        cuts: world.cuts,
        marks,
        violations: truth.violations,
        trace,
        journal: hash.finalize().into(),
    })
}

impl World {
    /// Everybody comes.
    fn fills(&mut self, options: Options, life: (Moment, Moment)) -> Result<(), StoreError> {
        let Options { families, groups, associations, phoned, tenants, .. } = options;
        for n in 0..families {
            if n > 0 && n % JOIN_AT_ONCE == 0 {
                self.until(self.now + JOIN_WITHIN)?;
            }
            self.family(n, life)?;
        }
        for n in 0..groups {
            self.group(n, life)?;
        }
        for n in 0..associations {
            self.association(n, life)?;
        }
        if phoned + tenants > 0 {
            self.office(phoned, tenants, life)?;
        }
        Ok(())
    }
}

/// What went wrong before the first broken promise, and what happened to and was decided about those whom it concerns.
fn trace(world: &World, reading: &Reading) -> Result<Vec<String>, StoreError> {
    let Some(first) = world.truth.violations.first() else { return Ok(Vec::new()) };
    let until = Moment::from_millis(first.at_ms);
    let near = |at: Moment| at >= until - 3 * DAY && at <= until;
    let ids = ids_in(&first.what);
    let concerns = |line: &str| ids.iter().any(|id| line.contains(id.as_str()));
    let goes_wrong = |line: &str| {
        ["begins", "ends", "power", "the month"].iter().any(|word| line.starts_with(word))
    };
    let mut lines: Vec<(Moment, String)> = Vec::new();
    for (at, line) in world.trace.iter().filter(|(at, _)| near(*at)) {
        if concerns(line) || goes_wrong(line) {
            lines.push((*at, line.clone()));
        }
    }
    for entry in reading.journal_after(0, usize::MAX)?.into_iter().filter(|entry| near(entry.at)) {
        let line = format!("decided {:?}", entry.fact);
        if concerns(&line) {
            lines.push((entry.at, line));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    let last = lines.len().saturating_sub(TRACE_MAX);
    Ok(lines.into_iter().skip(last).map(|(at, line)| format!("{at} {line}")).collect())
}

/// Numbers of people, cases and groups in a sentence about a broken promise, as they stand in the journal.
fn ids_in(what: &str) -> Vec<String> {
    let tokens = what.split([' ', ',', '[', '{']).filter(|token| !token.contains([':', '.']));
    let numbers = tokens.filter_map(|token| {
        let digits = token.split_once("Id(").map_or(token, |(_, id)| id);
        digits.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().ok()
    });
    numbers.map(|number| format!("Id({number})")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_broken_promise_concerns_is_read_from_what_is_said_of_it() {
        let what =
            "12 was silent from 2026-01-02T20:00:00.000Z on: Case { id: CaseId(50), round: 3.5 }";
        assert_eq!(ids_in(what), ["Id(12)", "Id(50)"]);
    }
}
