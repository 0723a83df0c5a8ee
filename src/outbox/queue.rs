//! What leaves next. Pure: moments come in, identities come out.
//!
//! Alerts go first, then all-clears, resends, questions and the rest; within one kind the older.
//! A row that fails waits for itself alone: others, also to other people, go on. Two rows to one
//! person are never on the wire at the same time, so that they arrive in order.

use std::collections::{BTreeMap, BTreeSet};

use super::Outcome;
use super::rate::Bucket;
use super::retry::{self, Attempts, Next};
use crate::domain::event::Event;
use crate::domain::id::{Address, OutboxId};
use crate::domain::time::Moment;
use crate::store::Row;

/// Attempts on the wire at once.
const IN_FLIGHT_MAX: usize = 128;

/// After so many attempts in a row without an answer, one at a time probes the way.
const UNAVAILABLE_MAX: u32 = 10;

/// Sends a second, below LINE's own limit of 2,000.
const SENDS_PER_SECOND: u32 = 1_500;

#[derive(Debug)]
struct Entry {
    to: Address,
    rank: Rank,
    tries: u32,
    first_at: Option<Moment>,
    place: Spot,
}

/// Priority, then age.
type Rank = (u8, u64);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Spot {
    Ready,
    Waiting(Moment),
    InFlight,
}

/// The rows that have to leave.
#[derive(Debug)]
pub struct Queue {
    entries: BTreeMap<OutboxId, Entry>,
    ready: BTreeSet<(Rank, OutboxId)>,
    waiting: BTreeSet<(Moment, OutboxId)>,
    busy: BTreeSet<Address>,
    in_flight: usize,
    unavailable: u32,
    held_until: Option<Moment>,
    bucket: Bucket,
    age: u64,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(now: Moment) -> Self {
        Self {
            entries: BTreeMap::new(),
            ready: BTreeSet::new(),
            waiting: BTreeSet::new(),
            busy: BTreeSet::new(),
            in_flight: 0,
            unavailable: 0,
            held_until: None,
            bucket: Bucket::full(SENDS_PER_SECOND, now),
            age: 0,
        }
    }

    /// How many rows have to leave.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing has to leave.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a row.
    pub fn offer(&mut self, row: &Row) {
        self.age += 1;
        let rank = (row.purpose.priority(), self.age);
        let entry = Entry {
            to: row.to.clone(),
            rank,
            tries: u32::from(row.first_try_at.is_some()),
            first_at: row.first_try_at,
            place: Spot::Ready,
        };
        if self.entries.insert(row.id, entry).is_none() {
            self.ready.insert((rank, row.id));
        }
    }

    /// Takes a row out. One that is on the wire is forgotten when it comes back.
    pub fn withdraw(&mut self, id: OutboxId) {
        let Some(entry) = self.entries.get(&id) else { return };
        match entry.place {
            Spot::Ready => {
                self.ready.remove(&(entry.rank, id));
            }
            Spot::Waiting(at) => {
                self.waiting.remove(&(at, id));
            }
            Spot::InFlight => return,
        }
        self.entries.remove(&id);
    }

    /// The rows to attempt now. Each is in flight until [`Queue::done`] or [`Queue::gone`].
    pub fn next(&mut self, now: Moment) -> Vec<OutboxId> {
        if self.held_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        self.held_until = None;
        self.wake(now);
        let wire = if self.unavailable >= UNAVAILABLE_MAX { 1 } else { IN_FLIGHT_MAX };
        let free = wire.saturating_sub(self.in_flight).min(self.bucket.free(now));
        let mut chosen = Vec::new();
        for (rank, id) in &self.ready {
            if chosen.len() == free {
                break;
            }
            let Some(entry) = self.entries.get(id) else { continue };
            if self.busy.insert(entry.to.clone()) {
                chosen.push((*rank, *id));
            }
        }
        self.bucket.take(chosen.len());
        for (rank, id) in &chosen {
            self.ready.remove(&(*rank, *id));
            if let Some(entry) = self.entries.get_mut(id) {
                entry.place = Spot::InFlight;
                self.in_flight += 1;
            }
        }
        chosen.into_iter().map(|(_, id)| id).collect()
    }

    /// A row that was to be attempted is not on disk any more.
    pub fn gone(&mut self, id: OutboxId) {
        self.land(id);
        self.entries.remove(&id);
    }

    /// The attempt of a row that began at `first_at` for the first time ended; returns what the
    /// writer has to know.
    pub fn done(&mut self, row: &Row, outcome: Outcome, now: Moment) -> Option<Event> {
        let id = row.id;
        self.land(id);
        self.unavailable =
            if outcome == Outcome::Unavailable { self.unavailable.saturating_add(1) } else { 0 };
        let entry = self.entries.get_mut(&id)?;
        entry.tries = entry.tries.saturating_add(1);
        let first_at = *entry.first_at.get_or_insert(row.first_try_at.unwrap_or(now));
        let attempts = Attempts { count: entry.tries, first_at };
        match retry::judge(id, attempts, outcome, now) {
            Next::Accepted(at) => {
                self.entries.remove(&id);
                Some(Event::Accepted { message: id, at })
            }
            Next::GiveUp(why) => {
                self.entries.remove(&id);
                Some(Event::Failed { message: id, why })
            }
            Next::Again(at) => {
                self.park(id, at);
                None
            }
            Next::HoldAll(until) => {
                self.held_until = Some(until);
                self.park(id, until);
                None
            }
        }
    }

    /// When [`Queue::next`] may have something new, as far as time alone decides it. What waits for
    /// the end of an attempt is not reckoned.
    #[must_use]
    pub fn wake_at(&self) -> Option<Moment> {
        let limited = !self.ready.is_empty() && self.bucket.is_empty();
        let free = limited.then(|| self.bucket.next_free_at());
        let waiting = self.waiting.first().map(|(at, _)| *at);
        let held = self.held_until.filter(|_| !self.ready.is_empty());
        let earliest = [free, waiting, held].into_iter().flatten().min()?;
        Some(self.held_until.map_or(earliest, |until| earliest.max(until)))
    }

    fn wake(&mut self, now: Moment) {
        while let Some((at, id)) = self.waiting.first().copied().filter(|(at, _)| *at <= now) {
            self.waiting.remove(&(at, id));
            if let Some(entry) = self.entries.get_mut(&id) {
                entry.place = Spot::Ready;
                self.ready.insert((entry.rank, id));
            }
        }
    }

    fn park(&mut self, id: OutboxId, at: Moment) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.place = Spot::Waiting(at);
            self.waiting.insert((at, id));
        }
    }

    /// Takes a row off the wire.
    fn land(&mut self, id: OutboxId) {
        if let Some(entry) = self.entries.get(&id).filter(|entry| entry.place == Spot::InFlight) {
            self.busy.remove(&entry.to);
            self.in_flight = self.in_flight.saturating_sub(1);
        }
    }
}
