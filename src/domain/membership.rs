//! How long somebody is a member, where the council wants that to have an end. The end is told beforehand and
//! when it has passed, and stops nothing: whoever is watched over is asked as before, until a human says
//! otherwise.

use jiff::civil::Date;

/// Until when somebody is a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Membership {
    /// The last day.
    pub until: Date,
    /// What was told of its end.
    pub told: Told,
}

/// What was told of the end of a membership, in the order in which it comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// It ends within thirty days.
    Month,
    /// It ends within seven days.
    Week,
    /// It ends tomorrow or today.
    Day,
    /// It is over.
    Over,
}

impl Told {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 5] = [Self::Nothing, Self::Month, Self::Week, Self::Day, Self::Over];

    /// What there is to tell on a day of a membership that ends on another.
    #[must_use]
    pub fn on(today: Date, until: Date) -> Self {
        match today.until(until).map_or(0, |span| span.get_days()) {
            ..0 => Self::Over,
            0..=1 => Self::Day,
            2..=7 => Self::Week,
            8..=30 => Self::Month,
            _ => Self::Nothing,
        }
    }
}

impl Membership {
    /// One that ends on a day.
    #[must_use]
    pub fn ending(until: Date) -> Self {
        Self { until, told: Told::Nothing }
    }

    /// What there is to tell today that was not told yet.
    #[must_use]
    pub fn news(&self, today: Date) -> Option<Told> {
        Some(Told::on(today, self.until)).filter(|told| *told > self.told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_end_is_told_thirty_seven_and_one_days_before_and_when_it_has_passed() {
        let until = date(2027, 3, 31);
        for (today, told) in [
            (date(2027, 2, 28), Told::Nothing),
            (date(2027, 3, 1), Told::Month),
            (date(2027, 3, 23), Told::Month),
            (date(2027, 3, 24), Told::Week),
            (date(2027, 3, 29), Told::Week),
            (date(2027, 3, 30), Told::Day),
            (date(2027, 3, 31), Told::Day),
            (date(2027, 4, 1), Told::Over),
            (date(2099, 1, 1), Told::Over),
        ] {
            assert_eq!(Told::on(today, until), told, "{today}");
        }
    }

    #[test]
    fn each_is_told_once_and_what_was_missed_is_not_made_up_for() {
        let mut membership = Membership::ending(date(2027, 3, 31));
        assert_eq!(membership.news(date(2027, 3, 26)), Some(Told::Week));
        membership.told = Told::Week;
        assert_eq!(membership.news(date(2027, 3, 27)), None);
        assert_eq!(membership.news(date(2027, 4, 2)), Some(Told::Over));
    }
}
