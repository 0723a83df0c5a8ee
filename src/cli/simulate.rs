//! `anshin simulate`: plays the service over years of virtual time with much of what can go wrong, and says whether a
//! promise was broken. What is not modelled is listed in `ARCHITECTURE.md`. Needs no configuration, no network and no account.

use std::io::Write;

use super::complaint::Complaint;
use crate::domain::time::Moment;
use crate::locale::cli::Tongue;
use crate::locale::simulator as words;
use crate::simulator::{self, Outcome};

/// Days of a year of somebody who is asked.
const YEAR_DAYS: u64 = 365;

/// Runs from `seed` on until `years` of people who are asked were played; at least one.
pub(super) fn run(seed: u64, years: u64, tongue: Tongue) -> Result<(), Complaint> {
    let mut out = std::io::stdout();
    let mut sum = words::Sum::default();
    for seed in seed..=u64::MAX {
        let outcome =
            simulator::play(seed).map_err(|fault| Complaint::failed(format!("{fault:?}")))?;
        add(&mut sum, &outcome);
        if !outcome.violations.is_empty() {
            let printed = tell(&mut out, &outcome);
            printed.map_err(|fault| Complaint::failed(fault.to_string()))?;
            return Err(Complaint::failed(words::broken(seed, tongue)));
        }
        if sum.member_days >= years.saturating_mul(YEAR_DAYS) {
            break;
        }
    }
    writeln!(out, "{}", words::held(&sum, tongue))
        .map_err(|fault| Complaint::failed(fault.to_string()))
}

fn add(sum: &mut words::Sum, outcome: &Outcome) {
    sum.runs += 1;
    sum.member_days += outcome.member_days;
    sum.answers += outcome.answers;
    sum.silences += outcome.silences;
    sum.alerts += outcome.alerts;
    sum.all_clears += outcome.all_clears;
    sum.cuts += outcome.cuts;
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
