//! Ages as statistics count them: whole years, in bands of ten.

use jiff::civil::Date;

/// From this age on the council counts somebody among the elderly.
pub const ELDERLY_FROM: u16 = 60;

/// Ten years of age, by the first of them; the last band has no end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Band(u16);

impl Band {
    /// All bands, the youngest first. The first one begins at birth.
    pub const ALL: [Self; 9] =
        [Self(10), Self(20), Self(30), Self(40), Self(50), Self(60), Self(70), Self(80), Self(90)];

    /// The band of an age.
    #[must_use]
    pub fn of(age: u16) -> Self {
        Self((age / 10 * 10).clamp(10, 90))
    }

    /// Its first year, as people call it.
    #[must_use]
    pub fn first(self) -> u16 {
        self.0
    }

    /// Whether it has no end.
    #[must_use]
    pub fn is_last(self) -> bool {
        self.0 == 90
    }
}

/// How old somebody is on a day; nothing for a birth that is still to come.
#[must_use]
pub fn on(today: Date, born_on: Date) -> Option<u16> {
    let years = today.year() - born_on.year();
    // Whoever is born on 29 February has a birthday in every year: on 1 March where there is no such day.
    let had_birthday = (today.month(), today.day()) >= (born_on.month(), born_on.day());
    u16::try_from(if had_birthday { years } else { years - 1 }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_is_added_on_the_birthday_and_not_before() {
        let born = date(1940, 3, 2);
        for (today, age) in [
            (date(2026, 3, 1), Some(85)),
            (date(2026, 3, 2), Some(86)),
            (date(1940, 3, 2), Some(0)),
            (date(1940, 3, 1), None),
            (date(1900, 1, 1), None),
        ] {
            assert_eq!(on(today, born), age, "{today}");
        }
        let leap = date(1944, 2, 29);
        assert_eq!(on(date(2026, 2, 28), leap), Some(81));
        assert_eq!(on(date(2026, 3, 1), leap), Some(82));
    }

    #[test]
    fn bands_have_ten_years_and_the_first_and_the_last_take_the_rest() {
        for (age, first) in
            [(0, 10), (15, 10), (19, 10), (20, 20), (69, 60), (89, 80), (90, 90), (105, 90)]
        {
            assert_eq!(Band::of(age).first(), first, "{age}");
            assert!(Band::ALL.contains(&Band::of(age)));
        }
    }
}
