//! The day's quote: one short saying for each day of the year, fitting the season.

use jiff::civil::{Date, date};

const LINES: &str = include_str!("../../assets/quotes/ja.txt");

/// The quote of a day. The same day gives the same quote, two days in a row never the same.
#[must_use]
pub fn of_day(day: Date) -> Option<&'static str> {
    let key = format!("{:02}-{:02}\t", day.month(), day.day());
    LINES.lines().find_map(|line| line.strip_prefix(key.as_str()))
}

/// Every day of a leap year, for whoever checks the list.
pub fn days() -> impl Iterator<Item = Date> {
    date(2028, 1, 1).series(jiff::Span::new().days(1)).take(366)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_day_of_a_leap_year_has_a_short_quote_of_its_own() {
        let quotes: Vec<&str> = days().map(|day| of_day(day).unwrap()).collect();
        assert_eq!(quotes.len(), 366);
        assert!(quotes.iter().all(|quote| (8..=40).contains(&quote.chars().count())));
        assert_eq!(quotes.iter().collect::<BTreeSet<_>>().len(), 366);
    }
}
