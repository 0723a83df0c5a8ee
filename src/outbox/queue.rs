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
    doubts_time: bool,
    began_at: Moment,
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
            doubts_time: false,
            began_at: now,
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

    /// Whether the time is doubted. As long as it is, nobody knows how old a retry key is: what was tried before is not tried
    /// again, and is not given up for what it seems to be by a time that may be years off; what was tried before this run
    /// ages from its beginning on. LINE tells the time as soon as it answers at all, and whatever could leave then can leave.
    pub fn doubt(&mut self, doubts_time: bool) {
        self.doubts_time = doubts_time;
        if doubts_time {
            return;
        }
        let waiting = self.waiting.iter().copied();
        let held: Vec<(Moment, OutboxId)> =
            waiting.filter(|(at, id)| self.is_held(*at, *id)).collect();
        for (at, id) in held {
            self.waiting.remove(&(at, id));
            self.make_ready(id);
        }
    }

    /// Whether a row that waits until then waits for the end of a doubt: it would be given up by then.
    fn is_held(&self, until: Moment, id: OutboxId) -> bool {
        let first_at = self.entries.get(&id).and_then(|entry| entry.first_at);
        first_at.is_some_and(|first_at| until >= first_at + KEY_LIFE)
    }

    /// When a row that was tried is given up.
    fn over_at(&self, entry: &Entry) -> Option<Moment> {
        let first_at = entry.first_at?;
        let from = if self.doubts_time { first_at.max(self.began_at) } else { first_at };
        Some(from + KEY_LIFE)
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
        let (mut expired, mut held) = (Vec::new(), Vec::new());
        for (rank, id) in &self.ready {
            if chosen.len() == free {
                break;
            }
            let Some(entry) = self.entries.get(id) else { continue };
            let over_at = self.over_at(entry);
            if over_at.is_some_and(|over_at| now >= over_at) {
                expired.push((*rank, *id));
            } else if self.doubts_time && entry.tries > 0 {
                held.push((*rank, *id, over_at.unwrap_or(now + KEY_LIFE)));
            } else if self.lines.get(&entry.to).and_then(BTreeSet::first) == Some(rank) {
                chosen.push((*rank, *id));
            }
        }
        self.bucket.take(chosen.len());
        for (rank, id, over_at) in held {
            self.ready.remove(&(rank, id));
            self.park(id, over_at);
        }
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
            self.make_ready(id);
        }
    }

    fn make_ready(&mut self, id: OutboxId) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.place = Spot::Ready;
            self.ready.insert((entry.rank, id));
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::decision::Purpose;
    use crate::domain::id::{CaseId, PersonId};

    /// No row leaves.
    const NONE: [u8; 0] = [];

    const PACE: Pace = Pace { wire_max: 2, per_second: 100 };

    fn start() -> Moment {
        Moment::from_seconds(1_800_000_000)
    }

    fn after(millis: u64) -> Moment {
        start() + Duration::from_millis(millis)
    }

    /// A row with this number, to the person with that one.
    fn row(number: u8, to: u32, purpose: Purpose) -> Row {
        Row {
            id: OutboxId([number; 16]),
            to: Address::new(&format!("U{to:032x}")).unwrap(),
            purpose,
            body: vec![number],
            queued_at: start(),
            first_try_at: None,
        }
    }

    fn notice(number: u8, to: u32) -> Row {
        row(number, to, Purpose::Notice(PersonId(to)))
    }

    fn alert(number: u8, to: u32) -> Row {
        row(number, to, Purpose::Alert(CaseId(1), PersonId(to)))
    }

    fn queue(pace: Pace, rows: &[Row]) -> Queue {
        let mut queue = Queue::new(pace, start());
        rows.iter().for_each(|row| queue.offer(row));
        queue
    }

    /// The numbers of the rows that are attempted now.
    fn leaving(queue: &mut Queue, now: Moment) -> Vec<u8> {
        queue.next(now).attempts.iter().map(|id| id.0[0]).collect()
    }

    #[test]
    fn alerts_go_first_and_within_one_kind_the_older() {
        let rows = [notice(1, 1), notice(2, 2), alert(3, 3), alert(4, 4)];
        let mut queue = queue(Pace { wire_max: 3, ..PACE }, &rows);
        assert_eq!((queue.len(), queue.is_empty()), (4, false));
        assert_eq!(leaving(&mut queue, start()), [3, 4, 1]);
    }

    #[test]
    fn a_row_that_is_offered_twice_leaves_once() {
        let mut queue = queue(PACE, &[notice(1, 1), notice(1, 1)]);
        assert_eq!(queue.len(), 1);
        assert_eq!(leaving(&mut queue, start()), [1]);
        assert_eq!(leaving(&mut queue, start()), NONE);
        queue.done(&notice(1, 1), Outcome::Accepted, start());
        assert!(queue.is_empty());
        assert_eq!(leaving(&mut queue, start()), NONE);
    }

    #[test]
    fn no_more_is_on_the_wire_than_it_carries_and_an_end_makes_room() {
        let mut queue = queue(PACE, &[notice(1, 1), notice(2, 2), notice(3, 3), notice(4, 4)]);
        assert_eq!(leaving(&mut queue, start()), [1, 2]);
        assert_eq!(leaving(&mut queue, start()), NONE);
        queue.gone(OutboxId([1; 16]));
        assert_eq!(leaving(&mut queue, start()), [3]);
        let done = queue.done(&notice(2, 2), Outcome::Accepted, after(5));
        assert_eq!(done, Some(Event::Accepted { message: OutboxId([2; 16]), at: after(5) }));
        assert_eq!(leaving(&mut queue, start()), [4]);
        assert_eq!(queue.len(), 2);
    }

    #[test]
    fn no_more_leaves_in_a_second_than_the_pace_allows() {
        let pace = Pace { wire_max: 9, per_second: 2 };
        let mut queue = queue(pace, &[notice(1, 1), notice(2, 2), notice(3, 3)]);
        assert_eq!(queue.wake_at(), None, "nothing waits for time");
        assert_eq!(leaving(&mut queue, start()), [1, 2]);
        assert_eq!(queue.wake_at(), Some(after(500)));
        assert_eq!(leaving(&mut queue, after(499)), NONE);
        assert_eq!(leaving(&mut queue, after(500)), [3]);
        assert_eq!(queue.wake_at(), None);
    }

    #[test]
    fn what_goes_to_one_person_keeps_its_order_and_only_something_more_urgent_overtakes() {
        let mut queue = queue(PACE, &[notice(1, 1), notice(2, 1)]);
        assert_eq!(leaving(&mut queue, start()), [1]);
        queue.offer(&alert(3, 1));
        assert_eq!(leaving(&mut queue, start()), [3]);
        queue.done(&alert(3, 1), Outcome::Accepted, start());
        assert_eq!(queue.done(&notice(1, 1), Outcome::Unavailable, start()), None);
        // The first waits to be tried again, and the second waits with it.
        assert_eq!(leaving(&mut queue, start()), NONE);
        let again_at = queue.wake_at().unwrap();
        assert!((after(500)..=after(1_000)).contains(&again_at), "{again_at}");
        assert_eq!(leaving(&mut queue, again_at), [1]);
        queue.done(&notice(1, 1), Outcome::Accepted, again_at);
        assert_eq!(leaving(&mut queue, again_at), [2]);
    }

    #[test]
    fn a_withdrawn_row_does_not_leave_whether_it_was_ready_or_waited() {
        let mut queue = queue(PACE, &[notice(1, 1), notice(2, 1), notice(3, 3)]);
        queue.withdraw(OutboxId([1; 16]));
        assert_eq!(leaving(&mut queue, start()), [2, 3], "the next to the same person moves up");
        queue.done(&notice(2, 1), Outcome::Unavailable, start());
        queue.withdraw(OutboxId([2; 16]));
        assert_eq!((queue.len(), queue.wake_at()), (1, None));
        // On the wire it stays until it comes back.
        queue.withdraw(OutboxId([3; 16]));
        assert_eq!(queue.len(), 1);
        let done = queue.done(&notice(3, 3), Outcome::Accepted, start());
        assert!(done.is_some() && queue.is_empty());
        assert_eq!(leaving(&mut queue, after(60_000)), NONE);
    }

    #[test]
    fn what_holds_up_the_way_holds_up_everything_until_then() {
        let mut queue = queue(Pace { wire_max: 1, ..PACE }, &[notice(1, 1), alert(2, 2)]);
        assert_eq!(leaving(&mut queue, start()), [2]);
        assert_eq!(queue.done(&alert(2, 2), Outcome::Unauthorized, start()), None);
        assert_eq!(queue.wake_at(), Some(after(30_000)));
        assert_eq!(leaving(&mut queue, after(29_999)), NONE);
        assert_eq!(leaving(&mut queue, after(30_000)), [2]);
        queue.done(&alert(2, 2), Outcome::Accepted, after(30_000));
        assert_eq!(leaving(&mut queue, after(30_000)), [1]);
    }

    #[test]
    fn a_hold_lasts_although_the_row_that_met_it_is_withdrawn() {
        let mut queue = queue(Pace { wire_max: 1, ..PACE }, &[notice(1, 1), notice(2, 2)]);
        assert_eq!(leaving(&mut queue, start()), [1]);
        queue.done(&notice(1, 1), Outcome::Unauthorized, start());
        queue.withdraw(OutboxId([1; 16]));
        assert_eq!(queue.wake_at(), Some(after(30_000)));
        assert_eq!(leaving(&mut queue, after(29_999)), NONE);
        queue.withdraw(OutboxId([2; 16]));
        assert_eq!(queue.wake_at(), None, "nobody is left to wake up for");
    }

    #[test]
    fn after_ten_attempts_without_an_answer_one_at_a_time_probes_the_way() {
        let rows: Vec<Row> = (1..=12).map(|n| notice(n, n.into())).collect();
        let mut queue = queue(Pace { wire_max: 9, per_second: 1000 }, &rows);
        for row in leaving(&mut queue, start()) {
            queue.done(&rows[usize::from(row) - 1], Outcome::Unavailable, start());
        }
        // Nine have failed: still as many as the way carries.
        assert_eq!(leaving(&mut queue, start()), [10, 11, 12]);
        queue.done(&rows[9], Outcome::Unavailable, start());
        // Ten have: two are on the wire, and nothing joins them.
        assert_eq!(leaving(&mut queue, after(60_000)), NONE);
        queue.done(&rows[10], Outcome::Unavailable, after(60_000));
        queue.done(&rows[11], Outcome::Unavailable, after(60_000));
        let probe = leaving(&mut queue, after(60_000));
        assert_eq!(probe.len(), 1);
        queue.done(&rows[usize::from(probe[0]) - 1], Outcome::Accepted, after(60_000));
        assert_eq!(leaving(&mut queue, after(120_000)).len(), 9, "the way is open again");
    }

    #[test]
    fn a_row_whose_key_no_longer_protects_is_given_up_unsent() {
        let mut old = notice(1, 1);
        old.first_try_at = Some(start());
        let mut queue = queue(PACE, &[old, notice(2, 1)]);
        let turn = queue.next(start() + KEY_LIFE);
        let failed = Event::Failed { message: OutboxId([1; 16]), why: Failure::OutOfTime };
        assert_eq!((turn.over, turn.attempts.len()), (vec![failed], 0));
        assert_eq!(leaving(&mut queue, start() + KEY_LIFE), [2], "nobody waits behind it");
    }

    #[test]
    fn while_the_time_is_doubted_what_was_tried_is_not_tried_again_and_what_is_new_leaves() {
        let mut tried = notice(1, 1);
        tried.first_try_at = Some(start());
        let mut queue = queue(PACE, &[tried, notice(2, 2)]);
        queue.doubt(true);
        assert_eq!(leaving(&mut queue, start()), [2]);
        queue.done(&notice(2, 2), Outcome::Unavailable, start());
        assert_eq!(leaving(&mut queue, after(60_000)), NONE);
        assert_eq!(queue.wake_at(), Some(start() + KEY_LIFE), "then they are given up");
        queue.doubt(false);
        assert_eq!(leaving(&mut queue, after(60_000)), [1, 2]);
    }

    #[test]
    fn what_is_not_tried_again_while_the_time_is_doubted_is_given_up_by_the_time_we_go_by() {
        let mut tried = notice(1, 1);
        tried.first_try_at = Some(start());
        let mut queue = queue(PACE, &[tried]);
        queue.doubt(true);
        assert_eq!((leaving(&mut queue, start()), queue.len()), (vec![], 1));
        let turn = queue.next(queue.wake_at().unwrap());
        assert_eq!((turn.over.len(), queue.is_empty()), (1, true));
    }

    #[test]
    fn a_start_years_ahead_gives_up_nothing_until_the_time_is_known_or_a_key_has_lived_its_life() {
        let mut tried = notice(1, 1);
        tried.first_try_at = Some(start());
        let ahead = start() + Duration::from_secs(3 * 365 * 24 * 3600);
        let begun = || {
            let mut queue = Queue::new(PACE, ahead);
            queue.offer(&tried);
            queue.doubt(true);
            assert_eq!(queue.next(ahead), Turn::default());
            queue
        };
        let mut doubtful = begun();
        assert_eq!(doubtful.wake_at(), Some(ahead + KEY_LIFE));
        assert_eq!(doubtful.next(ahead + KEY_LIFE).over.len(), 1);
        // Where those years have gone by, it is as old as it seems.
        let mut proven = begun();
        proven.doubt(false);
        assert_eq!(proven.next(ahead).over.len(), 1);
    }

    #[test]
    fn an_attempt_of_an_earlier_run_counts_as_one_so_that_the_next_wait_is_longer() {
        let mut tried = notice(1, 1);
        tried.first_try_at = Some(start());
        let mut queue = queue(PACE, std::slice::from_ref(&tried));
        assert_eq!(leaving(&mut queue, after(10)), [1]);
        queue.done(&tried, Outcome::Unavailable, after(10));
        let again_at = queue.wake_at().unwrap();
        assert!((after(1_010)..=after(2_010)).contains(&again_at), "{again_at}");
        // LINE may have had it since the first attempt of all.
        assert_eq!(leaving(&mut queue, again_at), [1]);
        let done = queue.done(&tried, Outcome::AcceptedBefore, again_at);
        assert_eq!(done, Some(Event::Accepted { message: OutboxId([1; 16]), at: start() }));
    }

    #[test]
    fn a_refused_row_is_given_up_and_leaves_nothing_behind() {
        let mut queue = queue(PACE, &[notice(1, 1)]);
        assert_eq!(leaving(&mut queue, start()), [1]);
        let done = queue.done(&notice(1, 1), Outcome::Refused, start());
        assert_eq!(done, Some(Event::Failed { message: OutboxId([1; 16]), why: Failure::Refused }));
        assert_eq!((queue.len(), queue.wake_at()), (0, None));
    }
}
