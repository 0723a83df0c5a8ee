//! By which clock people live, in a world where some move: written down as they press the place. Days of questions, rests
//! and quiet nights are counted by it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::truth::Truth;
use crate::domain::id::PersonId;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;

/// By whose clock, from when on.
#[derive(Clone, Default)]
pub(super) struct Zones {
    lived: BTreeMap<PersonId, Vec<(Moment, Zone)>>,
    /// How often anybody moved.
    moves: u64,
}

impl Zones {
    /// Where somebody lives at a moment: in Japan, if they never moved.
    pub(super) fn at(&self, person: PersonId, at: Moment) -> Zone {
        let lived = self.lived.get(&person).map_or(&[][..], Vec::as_slice);
        let last = lived.iter().rev().find(|(from, _)| *from <= at);
        last.map(|(_, zone)| zone.clone()).unwrap_or_default()
    }

    /// Where somebody lives now.
    pub(super) fn last(&self, person: PersonId) -> Zone {
        let lived = self.lived.get(&person).and_then(|lived| lived.last());
        lived.map(|(_, zone)| zone.clone()).unwrap_or_default()
    }

    /// Whether somebody moved between two moments.
    pub(super) fn moves_between(&self, person: PersonId, from: Moment, until: Moment) -> bool {
        let lived = self.lived.get(&person).map_or(&[][..], Vec::as_slice);
        lived.iter().any(|(at, _)| *at >= from && *at <= until)
    }

    /// How often anybody moved.
    pub(super) fn moves(&self) -> u64 {
        self.moves
    }
}

impl Truth {
    /// Somebody says where they live: by a button that the server says it has. A rest ends with its last day, wherever that is;
    /// whether one that is just over begins again with the day is as the server has it.
    pub(super) fn heard_of_place(&mut self, now: Moment, by: PersonId, data: &str, rests: bool) {
        let place = data.strip_prefix("li.").and_then(|rest| rest.split('~').next());
        let Some(zone) = place.and_then(Zone::named) else { return };
        if self.zones.last(by) == zone {
            return;
        }
        self.zones.moves += 1;
        self.zones.lived.entry(by).or_default().push((now, zone));
        let last_day = self.last_days.get(&by).copied().filter(|_| rests);
        let end = last_day.and_then(|last_day| self.day_ends(by, last_day));
        if let (Some(end), Some(rest)) = (end, self.rests.entry(by.0).or_default().last_mut()) {
            rest.1 = Some(end.max(now));
        }
    }

    /// When a day is over for somebody.
    pub(super) fn day_ends(&self, person: PersonId, day: Date) -> Option<Moment> {
        day.tomorrow().ok().map(|day| self.zones.last(person).moment(day, 0))
    }

    /// By which clocks those live who watch over somebody.
    pub(super) fn clocks_of_watchers(&self, person: PersonId, at: Moment) -> Vec<Zone> {
        let watchers = self.watchers_at(person, at).into_iter();
        let zones: BTreeSet<Zone> = watchers.map(|watcher| self.zones.at(watcher, at)).collect();
        zones.into_iter().collect()
    }

    /// Whether everyone who hears of somebody lives by the office's clock.
    pub(super) fn share_a_clock(&self, person: PersonId, at: Moment) -> bool {
        self.clocks_of_watchers(person, at).iter().all(|zone| *zone == Zone::default())
    }
}
