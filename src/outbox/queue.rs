//! What leaves next. Pure: moments come in, identities come out.
//!
//! Alerts go first, then all-clears, resends, questions and the rest; within one kind the older.
//! What goes to one person leaves in this order: while a row waits to be tried again, later and less
//! urgent ones to the same person wait with it, and nobody else does. Only something more urgent may
//! leave while a row to the same person is on the wire.

use std::collections::{BTreeMap, BTreeSet};

use super::rate::Bucket;
use super::retry::{self, Attempts, KEY_LIFE, Next};
use super::{Outcome, Pace};
use crate::domain::event::{Event, Failure};
use crate::domain::id::{Address, OutboxId};
use crate::domain::time::Moment;
use crate::store::Row;

/// After so many attempts in a row without an answer, one at a time probes the way.
const UNAVAILABLE_MAX: u32 = 10;

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

/// What to do now.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Rows to attempt; each is in flight until [`Queue::done`] or [`Queue::gone`].
    pub attempts: Vec<OutboxId>,
    /// What the writer has to know of rows that are not tried any more.
    pub over: Vec<Event>,
}

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
    lines: BTreeMap<Address, BTreeSet<Rank>>,
    wire_max: usize,
    in_flight: usize,
    unavailable: u32,
    held_until: Option<Moment>,
    bucket: Bucket,
    age: u64,
}

impl Queue {
    /// An empty queue to a way out of this pace.
    #[must_use]
    pub fn new(pace: Pace, now: Moment) -> Self {
        Self {
            entries: BTreeMap::new(),
            ready: BTreeSet::new(),
            waiting: BTreeSet::new(),
            lines: BTreeMap::new(),
            wire_max: pace.wire_max.max(1),
            in_flight: 0,
            unavailable: 0,
            held_until: None,
            bucket: Bucket::full(pace.per_second, now),
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
        if self.entries.contains_key(&row.id) {
            return;
        }
        self.lines.entry(row.to.clone()).or_default().insert(rank);
        let entry = Entry {
            to: row.to.clone(),
            rank,
            tries: u32::from(row.first_try_at.is_some()),
            first_at: row.first_try_at,
            place: Spot::Ready,
        };
        self.entries.insert(row.id, entry);
        self.ready.insert((rank, row.id));
    }

    /// Takes a row out. One that is on the wire stays until it comes back; should it then be tried
    /// again, it is no longer on disk and goes.
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
        self.forget(id);
    }

    /// Takes an entry out of everything that lists it, apart from `ready` and `waiting`.
    fn forget(&mut self, id: OutboxId) {
        let Some(entry) = self.entries.remove(&id) else { return };
        if let Some(line) = self.lines.get_mut(&entry.to) {
            line.remove(&entry.rank);
            if line.is_empty() {
                self.lines.remove(&entry.to);
            }
        }
    }

    /// What to do now.
    pub fn next(&mut self, now: Moment) -> Turn {
        let mut turn = Turn::default();
        if self.held_until.is_some_and(|until| now < until) {
            return turn;
        }
        self.held_until = None;
        self.wake(now);
        let wire = if self.unavailable >= UNAVAILABLE_MAX { 1 } else { self.wire_max };
        let free = wire.saturating_sub(self.in_flight).min(self.bucket.free(now));
        let mut chosen = Vec::new();
        let mut expired = Vec::new();
        for (rank, id) in &self.ready {
            if chosen.len() == free {
                break;
            }
            let Some(entry) = self.entries.get(id) else { continue };
            if entry.first_at.is_some_and(|first_at| now >= first_at + KEY_LIFE) {
                expired.push((*rank, *id));
            } else if self.lines.get(&entry.to).and_then(BTreeSet::first) == Some(rank) {
                chosen.push((*rank, *id));
            }
        }
        self.bucket.take(chosen.len());
        for (rank, id) in expired {
            self.ready.remove(&(rank, id));
            self.forget(id);
            turn.over.push(Event::Failed { message: id, why: Failure::OutOfTime });
        }
        for (rank, id) in chosen {
            self.ready.remove(&(rank, id));
            if let Some(entry) = self.entries.get_mut(&id) {
                entry.place = Spot::InFlight;
                self.in_flight += 1;
                turn.attempts.push(id);
            }
        }
        turn
    }

    /// A row that was to be attempted is not on disk any more.
    pub fn gone(&mut self, id: OutboxId) {
        self.land(id);
        self.forget(id);
    }

    /// The attempt of a row ended; returns what the writer has to know.
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
                self.forget(id);
                Some(Event::Accepted { message: id, at })
            }
            Next::GiveUp(why) => {
                self.forget(id);
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
        if self.entries.get(&id).is_some_and(|entry| entry.place == Spot::InFlight) {
            self.in_flight = self.in_flight.saturating_sub(1);
        }
    }
}
