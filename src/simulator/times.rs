//! When whom a question is due, as the world knows it from what people chose: on the calendar, by their own clocks.

use jiff::ToSpan;

use crate::domain::id::PersonId;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;

/// Somebody who is asked, as the world knows them.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) person: PersonId,
    /// Never empty; the last ones hold.
    times: Vec<Times>,
    /// From then on nobody asks them any more: they said so.
    pub(super) left_at: Option<Moment>,
}

/// When somebody is asked, from a moment on.
#[derive(Clone, Debug)]
pub(super) struct Times {
    pub(super) from: Moment,
    pub(super) first_due: Moment,
    pub(super) days: u64,
    pub(super) hour: i8,
    pub(super) zone: Zone,
}

impl Times {
    /// The moments at which a question is due: on the calendar, at an hour by the clock of whoever is asked.
    fn dues(&self) -> impl Iterator<Item = Moment> {
        let first_day = self.zone.local(self.first_due).date();
        let days = i64::try_from(self.days).unwrap_or(1);
        let later = (1..).map_while(move |n: i64| {
            let day = first_day.checked_add((n * days).days()).ok()?;
            self.zone.at(day.at(self.hour, 0, 0, 0))
        });
        std::iter::once(self.first_due).chain(later)
    }
}

impl Asked {
    /// Somebody in Japan.
    pub(super) fn starting(person: PersonId, from: Moment, first_due: Moment, days: u64) -> Self {
        let zone = Zone::default();
        let hour = zone.local(first_due).hour();
        Self { person, times: vec![Times { from, first_due, days, hour, zone }], left_at: None }
    }

    /// Other times hold from now on.
    pub(super) fn change(&mut self, times: Times) {
        self.times.push(times);
    }

    /// How often other times were chosen.
    pub(super) fn changes(&self) -> u64 {
        self.times.len() as u64 - 1
    }

    /// Whether other times were chosen between two moments.
    pub(super) fn chose_between(&self, from: Moment, until: Moment) -> bool {
        self.times.iter().skip(1).any(|times| times.from >= from && times.from <= until)
    }

    /// Days between two questions.
    pub(super) fn days(&self) -> u64 {
        self.times.last().map_or(1, |times| times.days)
    }

    /// The next time that it is their hour, on whatever day.
    pub(super) fn hour_after(&self, at: Moment) -> Moment {
        let holds = self.times.iter().rfind(|times| times.from <= at).or(self.times.first());
        let daily = holds.map(|times| Times { days: 1, ..times.clone() });
        daily.and_then(|daily| daily.dues().find(|due| *due > at)).unwrap_or(at)
    }

    /// Every moment at which a question was due before another one.
    pub(super) fn dues(&self, until: Moment) -> Vec<Moment> {
        let until = self.left_at.map_or(until, |left_at| left_at.min(until));
        let ends = self.times.iter().skip(1).map(|next| next.from).chain([until]);
        let spans = self.times.iter().zip(ends);
        let dues = spans.flat_map(|(times, end)| times.dues().take_while(move |due| *due < end));
        dues.collect()
    }
}
