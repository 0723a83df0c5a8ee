//! `anshin simulate`: plays the service over years of virtual time with much of what can go wrong, and says whether a
//! promise was broken. What is not modelled is listed in `ARCHITECTURE.md`. Needs no configuration, no network and no account.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::complaint::Complaint;
use crate::domain::time::Moment;
use crate::locale::cli::Tongue;
use crate::locale::simulator as words;
use crate::simulator::{self, Options, Outcome};
use crate::store::StoreError;

/// Days of a year of somebody who is asked.
const YEAR_DAYS: u64 = 365;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The run to begin with.
    pub(super) seed: u64,
    /// Years of people who are asked.
    pub(super) years: u64,
    /// Tables of redb instead of plain maps.
    pub(super) redb: bool,
    /// Say how often rare states were reached.
    pub(super) states: bool,
}

/// What came of all runs.
#[derive(Default)]
struct Played {
    sum: words::Sum,
    marks: simulator::Marks,
    worst: Option<Outcome>,
}

impl Played {
    fn add(&mut self, outcome: Outcome) {
        add(&mut self.sum, &outcome);
        add_marks(&mut self.marks, &outcome.marks);
        if !outcome.violations.is_empty() {
            self.worst = Some(outcome);
        }
    }

    fn join(&mut self, other: Self) {
        self.sum.add(&other.sum);
        add_marks(&mut self.marks, &other.marks);
        let found = [self.worst.take(), other.worst].into_iter().flatten();
        self.worst = found.min_by_key(|outcome| outcome.seed);
    }
}

fn add_marks(marks: &mut simulator::Marks, others: &simulator::Marks) {
    for (mark, hits) in others {
        *marks.entry(mark.clone()).or_default() += hits;
    }
}

/// Runs from `seed` on until `years` of people who are asked were played; at least one. As many at a time as there are
/// processors: what comes of each does not depend on the others.
pub(super) fn run(wanted: &Wanted, tongue: Tongue) -> Result<(), Complaint> {
    let Wanted { seed, years, redb, states } = *wanted;
    let runs = runs(seed, years.saturating_mul(YEAR_DAYS)).map(|run| Options { redb, ..run });
    let Played { sum, marks, worst } =
        play_all(runs).map_err(|fault| Complaint::failed(format!("{fault:?}")))?;
    let mut out = std::io::stdout();
    let (printed, result) = match worst {
        Some(outcome) => {
            let broken = Complaint::failed(words::broken(outcome.seed, redb, tongue));
            (tell(&mut out, &outcome), Err(broken))
        }
        None => (writeln!(out, "{}", words::held(&sum, tongue)), Ok(())),
    };
    printed.map_err(|fault| Complaint::failed(fault.to_string()))?;
    result?;
    if states { tell_states(&mut out, &marks, tongue) } else { Ok(()) }
}

/// How often the rare states were reached; it is a failure if one was not.
fn tell_states(
    out: &mut impl Write,
    marks: &simulator::Marks,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let mut missed = 0;
    for (mark, what) in simulator::STATES {
        let hits = marks.get(*mark).copied().unwrap_or(0);
        missed += usize::from(hits == 0);
        writeln!(out, "{hits:>9}  {what}").map_err(|fault| Complaint::failed(fault.to_string()))?;
    }
    if missed == 0 { Ok(()) } else { Err(Complaint::failed(words::unreached(missed, tongue))) }
}

/// The usual runs from a number on, until they have so many days of people.
fn runs(seed: u64, member_days: u64) -> impl Iterator<Item = Options> + Send {
    let mut left = Some(member_days);
    (seed..=u64::MAX).map_while(move |seed| {
        let before = left?;
        let run = Options::of(seed);
        left = before.checked_sub(run.member_days()).filter(|left| *left > 0);
        Some(run)
    })
}

/// Plays all; of those that broke a promise the one with the lowest number is kept.
fn play_all(runs: impl Iterator<Item = Options> + Send) -> Result<Played, StoreError> {
    let (runs, stop) = (Mutex::new(runs), AtomicBool::new(false));
    let next = || {
        let mut runs = runs.lock().ok()?;
        runs.next().filter(|_| !stop.load(Ordering::Relaxed))
    };
    let work = || {
        let mut played = Played::default();
        while let Some(run) = next() {
            played.add(simulator::play(run)?);
            if played.worst.is_some() {
                stop.store(true, Ordering::Relaxed);
                break;
            }
        }
        Ok(played)
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let done: Vec<Result<_, StoreError>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a run does not panic")).collect()
    });
    let mut all = Played::default();
    for played in done {
        all.join(played?);
    }
    Ok(all)
}

fn add(sum: &mut words::Sum, outcome: &Outcome) {
    sum.add(&words::Sum {
        runs: 1,
        member_days: outcome.member_days,
        answers: outcome.answers,
        silences: outcome.silences,
        alerts: outcome.alerts,
        all_clears: outcome.all_clears,
        cuts: outcome.cuts,
    });
}

/// What led to it, and what was broken.
fn tell(out: &mut impl Write, outcome: &Outcome) -> std::io::Result<()> {
    for line in &outcome.trace {
        writeln!(out, "{line}")?;
    }
    for violation in &outcome.violations {
        let at = Moment::from_millis(violation.at_ms);
        writeln!(out, "{} {at}: {}", violation.promise, violation.what)?;
    }
    Ok(())
}
