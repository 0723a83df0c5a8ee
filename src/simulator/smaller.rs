//! Makes a run that broke a promise smaller: fewer people, fewer faults, an earlier end, as long as the same promise is
//! broken. What is tried is bounded by what is played, so that it ends the same way on every machine.

use super::{Options, Outcome};
use crate::store::StoreError;

/// Days of people that are played in search of a smaller run.
const DAYS_PLAYED_MAX: u64 = 60 * 365;

/// What a broken promise needs at least.
struct Search<P> {
    play: P,
    run: Options,
    outcome: Outcome,
    left: u64,
}

/// A smaller run that breaks the same promise as the first one that `outcome` of `run` names, and what comes of it.
///
/// # Errors
///
/// Only if the data file in memory fails.
pub fn smaller(
    run: Options,
    outcome: Outcome,
    play: impl FnMut(Options) -> Result<Outcome, StoreError>,
) -> Result<(Options, Outcome), StoreError> {
    let mut search = Search { play, run, outcome, left: DAYS_PLAYED_MAX };
    loop {
        let before = search.run;
        search.end_early()?;
        search.leave_out_people()?;
        search.leave_out_faults()?;
        if search.run == before {
            return Ok((search.run, search.outcome));
        }
    }
}

impl<P: FnMut(Options) -> Result<Outcome, StoreError>> Search<P> {
    /// Plays another run, and keeps it if the same promise is broken first.
    fn attempt(&mut self, run: Options) -> Result<bool, StoreError> {
        let Some(left) = self.left.checked_sub(run.member_days()).filter(|_| run != self.run)
        else {
            return Ok(false);
        };
        self.left = left;
        let outcome = (self.play)(run)?;
        let promise = |outcome: &Outcome| outcome.violations.first().map(|first| first.promise);
        let same = promise(&outcome).is_some() && promise(&outcome) == promise(&self.outcome);
        if same {
            (self.run, self.outcome) = (run, outcome);
        }
        Ok(same)
    }

    /// Faults end on the day of the broken promise.
    fn end_early(&mut self) -> Result<(), StoreError> {
        let Some(first) = self.outcome.violations.first() else { return Ok(()) };
        let since = first.at_ms - self.run.begins_at().millis();
        let days = u64::try_from(since / 86_400_000).unwrap_or(0) + 1;
        for days in [days.saturating_sub(3), days] {
            let until = Some(days.max(1));
            if days < self.run.days_with_faults() && self.attempt(Options { until, ..self.run })? {
                break;
            }
        }
        Ok(())
    }

    fn leave_out_people(&mut self) -> Result<(), StoreError> {
        for families in [0, 1, 2, self.run.families / 4, self.run.families / 2] {
            if families < self.run.families && self.attempt(Options { families, ..self.run })? {
                break;
            }
        }
        self.attempt(Options { phoned: 0, tenants: 0, ..self.run })?;
        self.attempt(Options { phoned: 0, ..self.run })?;
        self.attempt(Options { tenants: 0, ..self.run })?;
        self.attempt(Options { groups: 0, ..self.run })?;
        self.attempt(Options { associations: 0, ..self.run })?;
        Ok(())
    }

    /// Whole parts of them first: each run that is played costs as much as the last.
    fn leave_out_faults(&mut self) -> Result<(), StoreError> {
        let mut part = self.run.faults.names().len();
        while part > 0 {
            for names in self.run.faults.names().chunks(part) {
                let left = names.iter().fold(self.run.faults, |faults, name| faults.without(name));
                self.attempt(Options { faults: left, ..self.run })?;
            }
            part /= 2;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::{Faults, Marks, Violation};

    const DAY_MS: i64 = 86_400_000;

    fn outcome(run: Options, promise: Option<&'static str>) -> Outcome {
        let at_ms = run.begins_at().millis() + 6 * DAY_MS;
        let broken = |promise| Violation { promise, at_ms, what: String::new() };
        Outcome {
            seed: run.seed,
            member_days: 0,
            answers: 0,
            silences: 0,
            alerts: 0,
            all_clears: 0,
            cuts: 0,
            marks: Marks::default(),
            violations: promise.map(broken).into_iter().collect(),
            trace: Vec::new(),
            journal: [0; 32],
        }
    }

    fn wide() -> Options {
        let usual = Options::of(7);
        Options {
            days: 90,
            families: 30,
            groups: 3,
            associations: 1,
            phoned: 3,
            tenants: 2,
            ..usual
        }
    }

    #[test]
    fn what_a_broken_promise_does_not_need_is_left_out() {
        let needs = |run: Options| {
            let enough = run.phoned > 0;
            let faults = run.faults.has("down") && run.faults.has("cuts");
            let promise = (enough && faults && run.days_with_faults() >= 7).then_some("I1");
            Ok(outcome(run, promise))
        };
        let (run, found) = smaller(wide(), outcome(wide(), Some("I1")), needs).unwrap();
        let faults = Faults::only(["down", "cuts"]);
        let nobody = Options { families: 0, groups: 0, associations: 0, tenants: 0, ..wide() };
        let least = Options { until: Some(7), faults, ..nobody };
        assert_eq!(run, least);
        assert_eq!(found.violations.len(), 1);
    }

    #[test]
    fn another_promise_that_is_broken_is_not_taken_for_the_one_that_is_looked_for() {
        let other = |run: Options| Ok(outcome(run, Some("I2")));
        let (run, _) = smaller(wide(), outcome(wide(), Some("I1")), other).unwrap();
        assert_eq!(run, wide());
    }

    #[test]
    fn the_search_ends_although_every_run_breaks_the_promise_and_although_each_is_long() {
        let long = Options { days: 100_000, ..wide() };
        let mut played = 0;
        let count = |run: Options| {
            played += run.member_days();
            Ok(outcome(run, Some("I1")))
        };
        smaller(long, outcome(long, Some("I1")), count).unwrap();
        assert!(played <= DAYS_PLAYED_MAX);
    }
}
