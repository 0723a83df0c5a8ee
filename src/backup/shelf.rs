//! The folder of copies, as names: what a copy is called, and which ones are no longer wanted. Only files with a name of
//! this form are ever cleared away.

use std::collections::BTreeSet;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// These newest are kept whatever the days say.
const NEWEST_KEPT: usize = 3;

/// What stands before the moment in a name.
const HEAD: &str = "anshin-";

/// A copy of a data file.
pub const PLAIN: &str = ".redb";

/// A copy that is encrypted.
pub const SEALED: &str = ".redb.age";

/// The name of a copy, made of the moment that it shows, by the wall clock in Japan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CopyName {
    /// The moment.
    pub at: DateTime,
    /// Whether it is encrypted.
    pub sealed: bool,
}

impl fmt::Display for CopyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.sealed { SEALED } else { PLAIN };
        write!(f, "{HEAD}{}{end}", self.at.strftime("%Y-%m-%d-%H%M%S"))
    }
}

impl CopyName {
    /// Reads a name; `None` for every other file.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_prefix(HEAD)?;
        let (at, sealed) = match rest.strip_suffix(SEALED) {
            Some(at) => (at, true),
            None => (rest.strip_suffix(PLAIN)?, false),
        };
        let at = DateTime::strptime("%Y-%m-%d-%H%M%S", at).ok()?;
        let copy = Self { at, sealed };
        // One spelling for each: nothing is cleared away that only looks like a name of ours.
        (copy.to_string() == name).then_some(copy)
    }
}

/// Which copies may go: all but the newest ones, the newest of each of so many days, and the newest of each of so many
/// weeks, counted back from `today`.
#[must_use]
pub fn surplus(copies: &[CopyName], today: Date, keep_days: u32, keep_weeks: u32) -> Vec<CopyName> {
    let mut newest_first = copies.to_vec();
    newest_first.sort_unstable_by(|a, b| b.cmp(a));
    let days_back = |count: u32| today.saturating_sub(i64::from(count).days());
    let (first_day, first_week) = (days_back(keep_days), days_back(keep_weeks.saturating_mul(7)));
    let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
    let mut surplus = Vec::new();
    for (place, copy) in newest_first.into_iter().enumerate() {
        let day = copy.at.date();
        // Each is asked of both rules, so that one copy can stand for its day and for its week.
        let of_day = day > first_day && days.insert(day);
        let week = day.iso_week_date();
        let of_week = day > first_week && weeks.insert((week.year(), week.week()));
        if place >= NEWEST_KEPT && !of_day && !of_week {
            surplus.push(copy);
        }
    }
    surplus
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn copy(text: &str) -> CopyName {
        CopyName { at: text.parse().unwrap(), sealed: true }
    }

    #[test]
    fn a_name_shows_the_moment_and_reads_back() {
        let made = copy("2026-11-29T02:00:07");
        assert_eq!(made.to_string(), "anshin-2026-11-29-020007.redb.age");
        assert_eq!(CopyName::parse(&made.to_string()), Some(made));
        let plain = CopyName { sealed: false, ..made };
        assert_eq!(CopyName::parse("anshin-2026-11-29-020007.redb"), Some(plain));
    }

    #[test]
    fn files_of_others_are_no_copies() {
        for name in [
            "anshin.redb",
            "anshin-2026-11-29.redb",
            "anshin-2026-11-29-020007.redb.old",
            "anshin-2026-13-29-020007.redb",
            "anshin-2026-11-29-020007.redb.age.age",
            "my-anshin-2026-11-29-020007.redb",
            "anshin-+2026-11-29-020007.redb",
            "",
        ] {
            assert_eq!(CopyName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_week_of_days_and_four_weeks_are_kept() {
        let today: Date = "2026-11-29".parse().unwrap();
        let days = 0..60_i64;
        let copies: Vec<CopyName> = days
            .map(|back| today.saturating_sub(back.days()).at(2, 0, 0, 0))
            .map(|at| CopyName { at, sealed: true })
            .collect();
        let surplus = surplus(&copies, today, 7, 4);
        let kept = copies.iter().filter(|copy| !surplus.contains(copy));
        let kept: Vec<String> = kept.map(|copy| copy.at.date().to_string()).collect();
        assert_eq!(
            kept,
            [
                "2026-11-29",
                "2026-11-28",
                "2026-11-27",
                "2026-11-26",
                "2026-11-25",
                "2026-11-24",
                "2026-11-23",
                "2026-11-22",
                "2026-11-15",
                "2026-11-08"
            ]
        );
    }

    #[test]
    fn of_several_in_a_day_the_newest_stands_for_it() {
        let today: Date = "2026-11-29".parse().unwrap();
        let copies: Vec<CopyName> = [
            "2026-11-29T02:00:00",
            "2026-11-28T23:00:00",
            "2026-11-28T12:00:00",
            "2026-11-27T11:00:00",
            "2026-11-27T10:00:00",
        ]
        .map(copy)
        .to_vec();
        assert_eq!(surplus(&copies, today, 7, 4), [copy("2026-11-27T10:00:00")]);
    }

    proptest! {
        #[test]
        fn the_newest_copies_never_go_and_a_second_look_finds_no_more(
            backs in prop::collection::vec((0..900_i64, 0..24_i8), 0..60), keep_days in 1..40_u32, keep_weeks in 0..60_u32,
        ) {
            let today: Date = "2026-11-29".parse().unwrap();
            let mut copies: Vec<CopyName> = backs.iter()
                .map(|(back, hour)| today.saturating_sub(back.days()).at(*hour, 0, 0, 0))
                .map(|at| CopyName { at, sealed: false })
                .collect();
            copies.sort_unstable();
            copies.dedup();
            let gone = surplus(&copies, today, keep_days, keep_weeks);
            let kept: Vec<CopyName> = copies.iter().copied().filter(|copy| !gone.contains(copy)).collect();
            for newest in copies.iter().rev().take(NEWEST_KEPT) {
                prop_assert!(kept.contains(newest));
            }
            prop_assert_eq!(surplus(&kept, today, keep_days, keep_weeks), []);
        }
    }
}
