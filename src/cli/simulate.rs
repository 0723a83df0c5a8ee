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

/// Runs from `seed` on until `years` of people who are asked were played; at least one. As many at a time as there are
/// processors: what comes of each does not depend on the others.
pub(super) fn run(seed: u64, years: u64, redb: bool, tongue: Tongue) -> Result<(), Complaint> {
    let runs = runs(seed, years.saturating_mul(YEAR_DAYS)).map(|run| Options { redb, ..run });
    let (sum, worst) = play_all(runs).map_err(|fault| Complaint::failed(format!("{fault:?}")))?;
    let mut out = std::io::stdout();
    let (printed, result) = match worst {
        Some(outcome) => {
            let broken = Complaint::failed(words::broken(outcome.seed, redb, tongue));
            (tell(&mut out, &outcome), Err(broken))
        }
        None => (writeln!(out, "{}", words::held(&sum, tongue)), Ok(())),
    };
    printed.map_err(|fault| Complaint::failed(fault.to_string()))?;
    result
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

/// Plays all; their sum, and of those that broke a promise the one with the lowest number.
fn play_all(
    runs: impl Iterator<Item = Options> + Send,
) -> Result<(words::Sum, Option<Outcome>), StoreError> {
    let (runs, stop) = (Mutex::new(runs), AtomicBool::new(false));
    let next = || {
        let mut runs = runs.lock().ok()?;
        runs.next().filter(|_| !stop.load(Ordering::Relaxed))
    };
    let work = || {
        let (mut sum, mut worst) = (words::Sum::default(), None);
        while let Some(run) = next() {
            let outcome = simulator::play(run)?;
            add(&mut sum, &outcome);
            if !outcome.violations.is_empty() {
                stop.store(true, Ordering::Relaxed);
                worst = Some(outcome);
                break;
            }
        }
        Ok((sum, worst))
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let done: Vec<Result<_, StoreError>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a run does not panic")).collect()
    });
    let mut all = words::Sum::default();
    let mut worst: Option<Outcome> = None;
    for result in done {
        let (sum, broken) = result?;
        all.add(&sum);
        let found = [worst, broken].into_iter().flatten();
        worst = found.min_by_key(|outcome| outcome.seed);
    }
    Ok((all, worst))
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
