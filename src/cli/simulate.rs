//! `anshin simulate`: plays the service over years of virtual time with much of what can go wrong, and says whether a
//! promise was broken. What is not modelled is listed in `ARCHITECTURE.md`. Needs no configuration, no network and no account.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::builder::PossibleValuesParser;

use super::complaint::Complaint;
use crate::domain::time::Moment;
use crate::locale::cli::Tongue;
use crate::locale::simulator as words;
use crate::simulator::{self, Faults, Options, Outcome};
use crate::store::StoreError;

/// Days of a year of somebody who is asked.
const YEAR_DAYS: u64 = 365;

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The run to begin with.
    pub(super) seed: u64,
    /// Years of people who are asked.
    pub(super) years: u64,
    /// Tables of redb instead of plain maps.
    pub(super) redb: bool,
    /// Say how often rare states were reached.
    pub(super) states: bool,
    /// What every run has less of.
    pub(super) less: Less,
}

/// What a run has less of than its number says: what made it small after a promise was broken.
#[derive(clap::Args, Clone, Default, Debug)]
pub(super) struct Less {
    /// So many families.
    #[arg(long, value_name = "N")]
    families: Option<usize>,
    /// So many groups.
    #[arg(long, value_name = "N")]
    groups: Option<usize>,
    /// So many associations.
    #[arg(long, value_name = "N")]
    associations: Option<usize>,
    /// So many people whom the office phones.
    #[arg(long, value_name = "N")]
    phoned: Option<usize>,
    /// So many people whom the office asks over LINE.
    #[arg(long, value_name = "N")]
    tenants: Option<usize>,
    /// Everything that goes wrong ends after so many days.
    #[arg(long, value_name = "N")]
    days: Option<u64>,
    /// Only this goes wrong, or nothing.
    #[arg(long, value_name = "FAULT,..", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(simulator::FAULTS.into_iter().chain(["nothing"])))]
    only: Option<Vec<String>>,
    /// In every run somebody may set the machine's clock, not only in one of four.
    #[arg(long, conflicts_with = "only")]
    clock: bool,
    /// After a broken promise, do not look for less that breaks it as well.
    #[arg(long)]
    as_is: bool,
}

impl Less {
    fn of(&self, run: Options) -> Options {
        let only = self.only.as_ref();
        let usual = if self.clock { Faults::ALL } else { run.faults };
        Options {
            families: self.families.unwrap_or(run.families),
            groups: self.groups.unwrap_or(run.groups),
            associations: self.associations.unwrap_or(run.associations),
            phoned: self.phoned.unwrap_or(run.phoned),
            tenants: self.tenants.unwrap_or(run.tenants),
            until: self.days.or(run.until),
            faults: only.map_or(usual, |only| Faults::only(only.iter().map(String::as_str))),
            ..run
        }
    }
}

/// The command line that plays a run again.
fn again(run: Options) -> String {
    let usual = Options::of(run.seed);
    let mut line = format!("anshin simulate --seed {} --years 0", run.seed);
    let numbers = [
        ("families", run.families, usual.families),
        ("groups", run.groups, usual.groups),
        ("associations", run.associations, usual.associations),
        ("phoned", run.phoned, usual.phoned),
        ("tenants", run.tenants, usual.tenants),
    ];
    for (option, n, _) in numbers.into_iter().filter(|(_, n, usual)| n != usual) {
        line += &format!(" --{option} {n}");
    }
    if let Some(days) = run.until {
        line += &format!(" --days {days}");
    }
    if run.faults != usual.faults {
        let names = run.faults.names();
        line += &match names.as_slice() {
            [] => " --only nothing".to_owned(),
            _ if run.faults == Faults::ALL => " --clock".to_owned(),
            names => format!(" --only {}", names.join(",")),
        };
    }
    if run.redb {
        line += " --redb";
    }
    line
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
    let Wanted { seed, years, redb, states, ref less } = *wanted;
    let as_asked = |run: Options| less.of(Options { redb, ..run });
    let runs = runs(seed, years.saturating_mul(YEAR_DAYS), as_asked);
    let failed = |fault: StoreError| Complaint::failed(format!("{fault:?}"));
    let Played { sum, marks, worst } = play_all(runs).map_err(failed)?;
    let mut out = std::io::stdout();
    if let Some(outcome) = worst {
        let run = as_asked(Options::of(outcome.seed));
        let promise = outcome.violations.first().map_or("", |first| first.promise);
        let (small, found) = match less.as_is {
            true => (run, outcome),
            false => simulator::smaller(run, outcome, simulator::play).map_err(failed)?,
        };
        tell(&mut out, &found).map_err(|fault| Complaint::failed(fault.to_string()))?;
        let lines = words::Again { whole: again(run), small: again(small) };
        return Err(Complaint::failed(words::broken(promise, &lines, tongue)));
    }
    let held = writeln!(out, "{}", words::held(&sum, tongue));
    held.map_err(|fault| Complaint::failed(fault.to_string()))?;
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

/// The usual runs from a number on, as they are asked for, until they have so many days of people.
fn runs(
    seed: u64,
    member_days: u64,
    as_asked: impl Fn(Options) -> Options + Send,
) -> impl Iterator<Item = Options> + Send {
    let mut left = Some(member_days);
    (seed..=u64::MAX).map_while(move |seed| {
        let before = left?;
        let run = as_asked(Options::of(seed));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_repeats_a_run_names_what_it_has_less_of_than_usual() {
        let run = Options { families: 6, groups: 1, phoned: 3, tenants: 2, ..Options::of(5) };
        let usual = Options::of(5);
        assert_eq!(again(usual), "anshin simulate --seed 5 --years 0");
        let small = Options {
            families: usual.families + 1,
            until: Some(12),
            faults: Faults::only(["down", "late"]),
            ..usual
        };
        let families = usual.families + 1;
        let line = format!(
            "anshin simulate --seed 5 --years 0 --families {families} --days 12 --only down,late"
        );
        assert_eq!(again(small), line);
        let less = Less {
            families: Some(families),
            days: Some(12),
            only: Some(vec!["down".to_owned(), "late".to_owned()]),
            ..Less::default()
        };
        assert_eq!(less.of(usual), small);
        let nothing = Less { only: Some(vec!["nothing".to_owned()]), ..Less::default() };
        assert!(again(nothing.of(run)).ends_with("--only nothing"));
    }
}
