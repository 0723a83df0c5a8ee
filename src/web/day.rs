//! Reads a day as people write it, in the calendar of the council's papers or the world's.

use jiff::civil::{Date, date};
use unicode_normalization::UnicodeNormalization;

use crate::domain::details::Fault;
use crate::locale::words::{ERAS, FIRST_YEAR};

/// Reads a day: `1940-03-02`, `1940/3/2`, or a year of an era, by its name or its letter. `None` if nothing
/// was typed.
pub fn read(text: &str) -> Result<Option<Date>, Fault> {
    let folded: String = text.chars().take(64).nfkc().filter(|c| !c.is_whitespace()).collect();
    if folded.is_empty() {
        return Ok(None);
    }
    let upper = folded.to_uppercase();
    let era = ERAS.iter().find_map(|(letter, name, before)| {
        let rest = upper.strip_prefix(name).or_else(|| upper.strip_prefix(letter))?;
        Some((rest, *before))
    });
    let (rest, before) = era.unwrap_or((upper.as_str(), 0));
    let rest = rest.replacen(FIRST_YEAR, "1", 1);
    let parts: Vec<i16> = rest
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| Fault::Day))
        .collect::<Result<_, _>>()?;
    let [year, month, day] = parts.as_slice() else { return Err(Fault::Day) };
    let (Ok(month), Ok(day)) = (i8::try_from(*month), i8::try_from(*day)) else {
        return Err(Fault::Day);
    };
    let year = year.checked_add(before).ok_or(Fault::Day)?;
    let read = Date::new(year, month, day).map_err(|_| Fault::Day)?;
    // Before and after these, somebody slipped.
    if read < date(1900, 1, 1) || read > date(2100, 12, 31) {
        return Err(Fault::Day);
    }
    Ok(Some(read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_of_birth_is_read_as_people_write_it() {
        let day = Some(date(1940, 3, 2));
        for text in [
            "1940-03-02",
            "1940/3/2",
            "１９４０年３月２日",
            "S15.3.2",
            "s15/3/2",
            "昭和15年3月2日",
            " 昭和 15 年 3 月 2 日 ",
        ] {
            assert_eq!(read(text), Ok(day), "{text}");
        }
        assert_eq!(read("平成元年1月8日"), Ok(Some(date(1989, 1, 8))));
        assert_eq!(read("  "), Ok(None));
        for text in ["昭和15年", "1940-02-30", "15.3.2", "3.2", "きのう", "99999/1/1", "2940-1-1"]
        {
            assert_eq!(read(text), Err(Fault::Day), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader_and_a_day_reads_the_same_again(text in "\\PC{0,80}") {
            if let Ok(Some(day)) = read(&text) {
                prop_assert_eq!(read(&day.to_string()), Ok(Some(day)));
            }
        }

        #[test]
        fn every_day_is_read_as_it_is_written(year in 1900_i16..2100, month in 1_i8..13, day in 1_i8..29) {
            let day = date(year, month, day);
            prop_assert_eq!(read(&day.to_string()), Ok(Some(day)));
        }
    }
}
