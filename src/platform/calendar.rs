//! Unix milliseconds to civil dates, as far as the model needs them: the quota's month and one ISO string.
//!
//! It must not know time zone rules: Japan has had no summer time since 1951, so a fixed offset is exact.

const DAY_MS: i64 = 86_400_000;
const JST_OFFSET_MS: i64 = 9 * 3_600_000;

/// Months since year 0 in Japan: two moments share a quota exactly when this number is equal.
pub(super) fn month_in_japan(at_ms: i64) -> i64 {
    let (year, month, _) = civil(at_ms.saturating_add(JST_OFFSET_MS).div_euclid(DAY_MS));
    year * 12 + month - 1
}

/// `2020-09-30T05:38:20.031Z`, the form of the webhook test's `timestamp`.
pub(super) fn iso_utc(at_ms: i64) -> String {
    let (year, month, day) = civil(at_ms.div_euclid(DAY_MS));
    let ms = at_ms.rem_euclid(DAY_MS);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1_000)
}

/// Year, month 1-12, day 1-31 of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(day: i64) -> (i64, i64, i64) {
    // Counting from 1 March of year 0 puts the leap day last, so that months fall out of one division.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

/// Whether the text is a real date `2026-04-01`.
pub(super) fn is_date(text: &str) -> bool {
    let Some((year, month, day)) = digits(text, '-') else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    text.len() == 10 && (1..=last).contains(&day)
}

/// Whether the text is a time of day `23:59`.
pub(super) fn is_time(text: &str) -> bool {
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once(':')
        .is_some_and(|(hour, minute)| two(hour) && two(minute) && hour < "24" && minute < "60")
}

fn digits(text: &str, separator: char) -> Option<(i64, i64, i64)> {
    let mut parts = text.split(separator).map(|part| {
        let plain = part.bytes().all(|b| b.is_ascii_digit()) && matches!(part.len(), 2 | 4);
        plain.then(|| part.parse::<i64>().ok()).flatten()
    });
    let triple = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(triple)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_prints_as_iso() {
        assert_eq!(iso_utc(1_601_444_300_031), "2020-09-30T05:38:20.031Z");
        assert_eq!(iso_utc(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso_utc(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(iso_utc(951_782_400_000), "2000-02-29T00:00:00.000Z");
    }

    #[test]
    fn the_month_turns_at_midnight_in_japan() {
        // 2026-04-01T00:00 in Japan is 2026-03-31T15:00Z.
        let midnight = 1_774_969_200_000;
        assert_eq!(month_in_japan(midnight), month_in_japan(midnight - 1) + 1);
        assert_eq!(month_in_japan(midnight), 2026 * 12 + 3);
    }

    #[test]
    fn dates_and_times_are_checked_like_a_picker_makes_them() {
        for good in ["2026-04-01", "2024-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2026-4-1",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "",
            "2026-04-01-02",
            "04-01-2026",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
        for (text, good) in
            [("00:00", true), ("23:59", true), ("24:00", false), ("7:30", false), ("12:60", false)]
        {
            assert_eq!(is_time(text), good, "{text}");
        }
    }

    #[test]
    fn extreme_moments_do_not_panic() {
        month_in_japan(i64::MAX);
        month_in_japan(i64::MIN);
        iso_utc(i64::MAX);
        iso_utc(i64::MIN);
    }
}
