//! The timer wheel: which ids are due by a given second. Holds no clock, does no IO, and knows
//! nothing about what a timer means; it must never be the only place where a timer is kept.
//!
//! Two rings of doubly linked lists over one array of 12-byte nodes, which has room only where ids are:
//!
//! - the **near** ring has one slot a second for the current block of 2^16 seconds (18.2 hours)
//!   and the block after it;
//! - the **far** ring has one slot a block, for every block the wheel can name (136 years), so
//!   nothing wraps around and a moment in the past is a block like any other.
//!
//! Where a timer lies follows from its due second and the current block alone. A timer therefore
//! moves at most once in its life, when its block becomes near.

use super::bitmap::Bitmap;
use super::nodes::{ABSENT, NO_LINK, Node, Nodes, VACANT};
use std::fmt;
use std::ops::Range;

/// How far before the moment of [`Wheel::new`] a due second is kept exactly: about 10 years.
/// Anything older is kept as the oldest second the wheel can name.
pub const REACH_BACK_S: u64 = 10 * 31_557_600;

/// How far after the moment of [`Wheel::new`] a due second is kept exactly: about 126 years.
/// Anything later is kept as the last second the wheel can name.
pub const REACH_AHEAD_S: u64 = u32::MAX as u64 - REACH_BACK_S;

const BLOCK_BITS: u32 = 16;
const BLOCK_S: usize = 1 << BLOCK_BITS;
const BLOCKS: usize = 1 << (u32::BITS - BLOCK_BITS);
/// Slots `0..FAR` are seconds of the two near blocks, slots `FAR..SLOTS` are blocks.
const FAR: usize = 2 * BLOCK_S;
const SLOTS: usize = FAR + BLOCKS;

/// The earliest due second of one far slot and how many timers share it. It is only valid for the
/// slot it names, and dropped when the last of those timers leaves.
#[derive(Clone, Copy)]
struct FarMin {
    slot: usize,
    due: u32,
    sharers: u32,
}

/// Timers for ids that the caller chooses, at most one an id.
///
/// Seconds are whole seconds since the Unix epoch. Ids index an array: keep them dense where they are
/// (it costs 12 KiB for each 1,024 ids of which one was ever set, plus about 0.8 MB for the slots,
/// which is paid page by page as they are first used), and below `u32::MAX - 1`.
///
/// The wheel answers exactly like a sorted map of (due, id): [`advance`](Wheel::advance) hands out
/// whatever is due at the second it is told, in order of due second and then id, each once. Being
/// told an earlier second than before is harmless: it hands out only what was set into that past.
///
/// | operation | cost |
/// |---|---|
/// | `set`, `cancel` | O(1) |
/// | `due_of`, `len` | O(1) |
/// | `next_due` | O(1), but see there |
/// | `advance` | O(1) for each timer handed out or brought near, plus sorting those of one slot |
pub struct Wheel {
    nodes: Nodes,
    heads: Vec<u32>,
    occupied: Bitmap,
    far_min: Option<FarMin>,
    /// The Unix second that internal second 0 stands for.
    base_s: u64,
    /// The latest second `advance` was told, counted from the base. Its block and the next are near.
    now: u32,
    len: usize,
}

impl Wheel {
    /// An empty wheel whose time is `now_s`. It reaches [`REACH_BACK_S`] back and
    /// [`REACH_AHEAD_S`] ahead of that second.
    #[must_use]
    pub fn new(now_s: u64) -> Wheel {
        let base_s = now_s.saturating_sub(REACH_BACK_S);
        Wheel {
            nodes: Nodes::default(),
            heads: vec![NO_LINK; SLOTS],
            occupied: Bitmap::new(SLOTS),
            far_min: None,
            base_s,
            now: clamp(now_s - base_s),
            len: 0,
        }
    }

    /// Sets the timer of `id` to `due_s`, replacing the one it had. A second that has passed is
    /// allowed: the timer then fires at the next [`advance`](Wheel::advance), or, while a clock that
    /// stepped back has not reached `due_s` again, once it has.
    pub fn set(&mut self, id: u32, due_s: u64) {
        let due = clamp(due_s.saturating_sub(self.base_s));
        match self.nodes.get(id) {
            node if node.prev == ABSENT => self.len += 1,
            node if node.due == due => return,
            _ => self.unlink(id),
        }
        self.link(id, due);
    }

    /// Removes the timer of `id`; false if it had none.
    pub fn cancel(&mut self, id: u32) -> bool {
        if self.due_of(id).is_none() {
            return false;
        }
        self.unlink(id);
        self.len -= 1;
        true
    }

    /// The second at which the timer of `id` is due, if it has one.
    #[must_use]
    pub fn due_of(&self, id: u32) -> Option<u64> {
        let node = self.nodes.get(id);
        (node.prev != ABSENT).then(|| self.base_s + u64::from(node.due))
    }

    /// How many timers are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no timer is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The latest second the wheel was told. It never goes back.
    #[must_use]
    pub fn now_s(&self) -> u64 {
        self.base_s + u64::from(self.now)
    }

    /// The exact second of the earliest timer, due or not.
    ///
    /// O(1) while something is due within the near blocks (at least the next 18 hours). Otherwise
    /// the earliest far block is searched, one step for each of its timers, and the answer is
    /// remembered until the last timer of that second leaves: hence `&mut`.
    pub fn next_due(&mut self) -> Option<u64> {
        let current = block_of(self.now);
        let due = if let Some(slot) = self.occupied.first_in(FAR..FAR + current) {
            self.earliest_in_far(slot)
        } else if let Some(due) = self.earliest_near() {
            due
        } else {
            let slot = self.occupied.first_in(FAR + current + 2..SLOTS)?;
            self.earliest_in_far(slot)
        };
        Some(self.base_s + u64::from(due))
    }

    /// Moves the wheel's time to `now_s` and hands every timer with a due second of at most `now_s`
    /// to `fire` as (id, due second), in order of due second, then id. Those timers are gone from
    /// the wheel. The time in between costs nothing, however long it was.
    pub fn advance(&mut self, now_s: u64, mut fire: impl FnMut(u32, u64)) {
        let Some(elapsed_s) = now_s.checked_sub(self.base_s) else {
            return; // Before everything the wheel can name.
        };
        let until = clamp(elapsed_s);
        let (current, target) = (block_of(self.now), block_of(until));
        self.drain_far(0..current, until, &mut fire);
        self.drain_near(until, &mut fire);
        if target > current {
            self.drain_far(current + 2..target, until, &mut fire);
            self.now = until;
            self.bring_near(target);
            self.bring_near(target + 1);
            self.drain_near(until, &mut fire);
        }
        self.now = self.now.max(until);
    }

    fn slot_of(&self, due: u32) -> usize {
        let block = block_of(due);
        // Behind the current block the subtraction wraps to something huge: far as well.
        if block.wrapping_sub(block_of(self.now)) <= 1 { due as usize % FAR } else { FAR + block }
    }

    fn link(&mut self, id: u32, due: u32) {
        let slot = self.slot_of(due);
        let next = std::mem::replace(&mut self.heads[slot], id + 1);
        if next == NO_LINK {
            self.occupied.insert(slot);
        } else {
            self.nodes.at(next - 1).prev = id + 1;
        }
        *self.nodes.at(id) = Node { next, prev: NO_LINK, due };
        if let Some(min) = self.far_min.as_mut().filter(|min| min.slot == slot) {
            if due < min.due {
                *min = FarMin { slot, due, sharers: 1 };
            } else if due == min.due {
                min.sharers += 1;
            }
        }
    }

    fn unlink(&mut self, id: u32) {
        let Node { next, prev, due } = std::mem::replace(self.nodes.at(id), VACANT);
        let slot = self.slot_of(due);
        if next != NO_LINK {
            self.nodes.at(next - 1).prev = prev;
        }
        if prev != NO_LINK {
            self.nodes.at(prev - 1).next = next;
        } else {
            self.heads[slot] = next;
            if next == NO_LINK {
                self.occupied.remove(slot);
            }
        }
        if let Some(min) = self.far_min.as_mut().filter(|min| min.slot == slot && min.due == due) {
            min.sharers -= 1;
            if min.sharers == 0 {
                self.far_min = None;
            }
        }
    }

    /// Empties a slot and returns its first link; the caller walks and clears the nodes.
    fn take_list(&mut self, slot: usize) -> u32 {
        let head = std::mem::replace(&mut self.heads[slot], NO_LINK);
        if head != NO_LINK {
            self.occupied.remove(slot);
        }
        self.far_min = self.far_min.filter(|min| min.slot != slot);
        head
    }

    /// Moves a block that has become near from its one far slot to its seconds.
    fn bring_near(&mut self, block: usize) {
        if block >= BLOCKS {
            return; // The last block has none after it.
        }
        let mut link = self.take_list(FAR + block);
        while link != NO_LINK {
            let id = link - 1;
            let Node { next, due, .. } = self.nodes.get(id);
            self.link(id, due);
            link = next;
        }
    }

    fn drain_near(&mut self, until: u32, fire: &mut impl FnMut(u32, u64)) {
        let (current, target) = (block_of(self.now), block_of(until));
        for block in current..=target.min(current + 1) {
            let start = block % 2 * BLOCK_S;
            let seconds = if block == target { until as usize % BLOCK_S + 1 } else { BLOCK_S };
            while let Some(slot) = self.occupied.first_in(start..start + seconds) {
                self.drain_slot(slot, until, fire);
            }
        }
    }

    fn drain_far(&mut self, blocks: Range<usize>, until: u32, fire: &mut impl FnMut(u32, u64)) {
        let end = blocks.end.min(block_of(until) + 1);
        let mut from = blocks.start;
        while let Some(slot) = self.occupied.first_in(FAR + from..FAR + end) {
            // Asked first because a block behind the wheel's time (its clock was once ahead) would
            // otherwise be walked at every call.
            if self.earliest_in_far(slot) <= until {
                self.drain_slot(slot, until, fire);
            }
            from = slot - FAR + 1;
        }
    }

    /// Hands out what is due in one slot and puts the rest back.
    fn drain_slot(&mut self, slot: usize, until: u32, fire: &mut impl FnMut(u32, u64)) {
        let mut due_and_id = Vec::new();
        let mut link = self.take_list(slot);
        while link != NO_LINK {
            let id = link - 1;
            let Node { next, due, .. } = std::mem::replace(self.nodes.at(id), VACANT);
            if due <= until {
                due_and_id.push(u64::from(due) << u32::BITS | u64::from(id));
            } else {
                self.link(id, due);
            }
            link = next;
        }
        due_and_id.sort_unstable();
        self.len -= due_and_id.len();
        for packed in due_and_id {
            // The low half is the id, exactly.
            fire(packed as u32, self.base_s + (packed >> u32::BITS));
        }
    }

    fn earliest_near(&self) -> Option<u32> {
        let current = block_of(self.now);
        [current, current + 1].into_iter().find_map(|block| {
            let start = block % 2 * BLOCK_S;
            let slot = self.occupied.first_in(start..start + BLOCK_S)?;
            Some((block * BLOCK_S + slot - start) as u32)
        })
    }

    /// The earliest due second of an occupied far slot.
    fn earliest_in_far(&mut self, slot: usize) -> u32 {
        if let Some(min) = self.far_min.filter(|min| min.slot == slot) {
            return min.due;
        }
        let mut min = FarMin { slot, due: u32::MAX, sharers: 0 };
        let mut link = self.heads[slot];
        while link != NO_LINK {
            let node = self.nodes.get(link - 1);
            if node.due < min.due {
                min = FarMin { slot, due: node.due, sharers: 0 };
            }
            min.sharers += u32::from(node.due == min.due);
            link = node.next;
        }
        self.far_min = Some(min);
        min.due
    }
}

impl fmt::Debug for Wheel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wheel").field("now_s", &self.now_s()).field("len", &self.len).finish()
    }
}

/// A span of seconds from the base, at most the last second the wheel can name.
fn clamp(span_s: u64) -> u32 {
    u32::try_from(span_s).unwrap_or(u32::MAX)
}

fn block_of(second: u32) -> usize {
    (second >> BLOCK_BITS) as usize
}

#[cfg(test)]
mod sorted_map;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;
    const DAY: u64 = 86_400;
    const YEAR: u64 = 31_557_600;
    const BLOCK: u64 = BLOCK_S as u64;

    fn fired(wheel: &mut Wheel, now_s: u64) -> Vec<(u32, u64)> {
        let mut out = Vec::new();
        wheel.advance(now_s, |id, due_s| out.push((id, due_s)));
        out
    }

    /// The first second of the block that follows the one of `NOW`, for a wheel made at `NOW`.
    fn next_block_start() -> u64 {
        let base_s = NOW - REACH_BACK_S;
        base_s + (REACH_BACK_S / BLOCK + 1) * BLOCK
    }

    #[test]
    fn fires_at_its_second_and_not_before() {
        let mut wheel = Wheel::new(NOW);
        wheel.set(7, NOW + 10);
        assert_eq!(fired(&mut wheel, NOW + 9), []);
        assert_eq!(fired(&mut wheel, NOW + 10), [(7, NOW + 10)]);
        assert_eq!(fired(&mut wheel, NOW + 11), []);
        assert!(wheel.is_empty());
    }

    #[test]
    fn setting_again_replaces_and_cancelling_removes() {
        let mut wheel = Wheel::new(NOW);
        wheel.set(1, NOW + 5);
        wheel.set(1, NOW + 3 * DAY);
        wheel.set(0, NOW + 5);
        assert_eq!((wheel.len(), wheel.due_of(1)), (2, Some(NOW + 3 * DAY)));
        assert!(wheel.cancel(0));
        assert!(!wheel.cancel(0));
        assert!(!wheel.cancel(99));
        assert_eq!(wheel.next_due(), Some(NOW + 3 * DAY));
        assert_eq!(fired(&mut wheel, NOW + 4 * DAY), [(1, NOW + 3 * DAY)]);
        assert_eq!(wheel.next_due(), None);
    }

    #[test]
    fn one_second_is_handed_out_in_order_of_id() {
        let mut wheel = Wheel::new(NOW);
        for id in [5, 1, 9, 3] {
            wheel.set(id, NOW + DAY);
        }
        wheel.set(4, NOW + DAY - 1);
        let ids: Vec<u32> = fired(&mut wheel, NOW + 2 * DAY).iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [4, 1, 3, 5, 9]);
    }

    #[test]
    fn a_passed_second_is_due_at_the_next_advance() {
        let mut wheel = Wheel::new(NOW);
        wheel.set(1, NOW - 5 * DAY);
        wheel.set(2, NOW - 1);
        wheel.set(3, NOW);
        assert_eq!(wheel.next_due(), Some(NOW - 5 * DAY));
        assert_eq!(fired(&mut wheel, NOW), [(1, NOW - 5 * DAY), (2, NOW - 1), (3, NOW)]);
    }

    #[test]
    fn a_clock_that_steps_back_repeats_nothing_and_fires_nothing_early() {
        let mut wheel = Wheel::new(NOW);
        wheel.set(1, NOW + YEAR);
        assert_eq!(fired(&mut wheel, NOW + 2 * YEAR), [(1, NOW + YEAR)]);
        // The clock was two years ahead and has been put right.
        wheel.set(2, NOW + 60);
        wheel.set(3, NOW + 61);
        assert_eq!(wheel.next_due(), Some(NOW + 60));
        assert_eq!(fired(&mut wheel, NOW + 59), []);
        assert_eq!(wheel.now_s(), NOW + 2 * YEAR);
        assert_eq!(fired(&mut wheel, NOW + 60), [(2, NOW + 60)]);
        assert_eq!(fired(&mut wheel, NOW + 61), [(3, NOW + 61)]);
        assert_eq!(fired(&mut wheel, 0), []);
    }

    #[test]
    fn timers_around_a_block_boundary_fire_at_their_own_second() {
        let edge = next_block_start();
        for blocks_ahead in 0..4 {
            let edge = edge + blocks_ahead * BLOCK;
            let mut wheel = Wheel::new(NOW);
            for (id, due_s) in (0u32..).zip(edge - 2..edge + 3) {
                wheel.set(id, due_s);
            }
            for (id, due_s) in (0u32..).zip(edge - 2..edge + 3) {
                assert_eq!(wheel.next_due(), Some(due_s));
                assert_eq!(fired(&mut wheel, due_s), [(id, due_s)]);
            }
        }
    }

    #[test]
    fn a_timer_two_blocks_ahead_can_be_moved_after_its_block_came_near() {
        let edge = next_block_start();
        let mut wheel = Wheel::new(NOW);
        wheel.set(1, edge + BLOCK + 1);
        wheel.set(2, edge + BLOCK + 1);
        assert_eq!(fired(&mut wheel, edge), []);
        assert!(wheel.cancel(1));
        wheel.set(2, edge + BLOCK);
        assert_eq!(wheel.next_due(), Some(edge + BLOCK));
        assert_eq!(fired(&mut wheel, edge + BLOCK), [(2, edge + BLOCK)]);
    }

    #[test]
    fn the_ends_of_the_reach_hold_exactly_and_beyond_them_is_clamped() {
        let mut wheel = Wheel::new(NOW);
        let (first, last) = (NOW - REACH_BACK_S, NOW + REACH_AHEAD_S);
        wheel.set(0, first);
        wheel.set(1, 3);
        wheel.set(2, last - 1);
        wheel.set(3, u64::MAX);
        wheel.set(4, NOW + 100 * YEAR);
        assert_eq!((wheel.due_of(1), wheel.due_of(3)), (Some(first), Some(last)));
        assert_eq!(fired(&mut wheel, first - 1), []);
        assert_eq!(fired(&mut wheel, first), [(0, first), (1, first)]);
        assert_eq!(fired(&mut wheel, last - 1), [(4, NOW + 100 * YEAR), (2, last - 1)]);
        assert_eq!(wheel.next_due(), Some(last));
        assert_eq!(fired(&mut wheel, u64::MAX), [(3, last)]);
    }

    #[test]
    fn a_century_of_idleness_is_crossed_in_one_step() {
        let mut wheel = Wheel::new(NOW);
        let dues: Vec<(u32, u64)> = (0..100).map(|n| (n, NOW + u64::from(n) * YEAR + 7)).collect();
        for (id, due_s) in dues.iter().rev() {
            wheel.set(*id, *due_s);
        }
        assert_eq!(fired(&mut wheel, NOW + 101 * YEAR), dues);
    }

    #[test]
    fn the_earliest_far_second_survives_cancels_of_its_sharers() {
        let mut wheel = Wheel::new(NOW);
        for id in 0..3 {
            wheel.set(id, NOW + 9 * DAY);
        }
        wheel.set(3, NOW + 9 * DAY + 1);
        for id in 0..3 {
            assert_eq!(wheel.next_due(), Some(NOW + 9 * DAY));
            assert!(wheel.cancel(id));
        }
        assert_eq!(wheel.next_due(), Some(NOW + 9 * DAY + 1));
        wheel.set(0, NOW + 9 * DAY - 1);
        assert_eq!(wheel.next_due(), Some(NOW + 9 * DAY - 1));
    }
}
