//! The property that the wheel answers exactly like a sorted map, whatever is done to it and however
//! the clock steps. Tests only.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const NOW: u64 = 1_800_000_000;
const YEAR: i64 = 31_557_600;
const BLOCK: i64 = BLOCK_S as i64;

fn fired(wheel: &mut Wheel, now_s: u64) -> Vec<(u32, u64)> {
    let mut out = Vec::new();
    wheel.advance(now_s, |id, due_s| out.push((id, due_s)));
    out
}

/// The id of the test's n-th timer: on either side of where one page of nodes ends, and far away from both.
fn id_of(n: u32) -> u32 {
    if n % 3 == 2 { 3_000_000 + n } else { 1_000 + n }
}

/// What the wheel promises to be: a map sorted by due second and id.
#[derive(Default)]
struct Model {
    by_due: BTreeSet<(u64, u32)>,
    due_of: BTreeMap<u32, u64>,
}

impl Model {
    fn set(&mut self, id: u32, due_s: u64) {
        self.cancel(id);
        let due_s = due_s.clamp(NOW - REACH_BACK_S, NOW + REACH_AHEAD_S);
        self.due_of.insert(id, due_s);
        self.by_due.insert((due_s, id));
    }

    fn cancel(&mut self, id: u32) -> bool {
        let due_s = self.due_of.remove(&id);
        due_s.is_some_and(|due_s| self.by_due.remove(&(due_s, id)))
    }

    fn advance(&mut self, now_s: u64) -> Vec<(u32, u64)> {
        let later = self.by_due.split_off(&(now_s.saturating_add(1), 0));
        let due = std::mem::replace(&mut self.by_due, later);
        self.due_of.retain(|_, due_s| *due_s > now_s);
        due.into_iter().map(|(due_s, id)| (id, due_s)).collect()
    }
}

#[derive(Clone, Debug)]
enum Op {
    /// Due this many seconds from the test's clock.
    Set(u32, i64),
    /// The same second for many ids.
    Burst(Range<u32>, i64),
    Cancel(u32),
    /// Moves the test's clock and advances to it.
    Step(i64),
}

fn near_span() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => -5..120i64,
        4 => -BLOCK..3 * BLOCK,
        3 => (1..4i64, -2..3i64).prop_map(|(blocks, by)| blocks * BLOCK + by),
        2 => 0..40 * 86_400i64,
    ]
}

fn span() -> impl Strategy<Value = i64> {
    prop_oneof![15 => near_span(), 1 => -12 * YEAR..150 * YEAR]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => (0..40u32, span()).prop_map(|(id, by)| Op::Set(id, by)),
        1 => (0..20u32, 1..30u32, span()).prop_map(|(id, n, by)| Op::Burst(id..id + n, by)),
        4 => (0..60u32).prop_map(Op::Cancel),
        5 => near_span().prop_map(Op::Step),
        1 => (-2 * YEAR..3 * YEAR).prop_map(Op::Step),
    ]
}

/// Does one operation to both; true when they agree on what it answered.
fn agree(op: &Op, clock: &mut u64, wheel: &mut Wheel, model: &mut Model) -> bool {
    match op {
        Op::Set(n, by) => {
            wheel.set(id_of(*n), clock.saturating_add_signed(*by));
            model.set(id_of(*n), clock.saturating_add_signed(*by));
            true
        }
        Op::Burst(some, by) => some.clone().all(|n| agree(&Op::Set(n, *by), clock, wheel, model)),
        Op::Cancel(n) => wheel.cancel(id_of(*n)) == model.cancel(id_of(*n)),
        Op::Step(by) => {
            *clock = clock.saturating_add_signed(*by);
            fired(wheel, *clock) == model.advance(*clock)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn behaves_like_a_sorted_map(ops in prop::collection::vec(op(), 1..150)) {
        let (mut clock, mut latest) = (NOW, NOW);
        let (mut wheel, mut model) = (Wheel::new(NOW), Model::default());
        for op in &ops {
            prop_assert!(agree(op, &mut clock, &mut wheel, &mut model), "at {:?}", op);
            latest = latest.max(clock);
            prop_assert_eq!(wheel.next_due(), model.by_due.first().map(|(due_s, _)| *due_s));
            prop_assert_eq!(wheel.len(), model.due_of.len());
            prop_assert_eq!(wheel.now_s(), latest.min(NOW + REACH_AHEAD_S));
            for id in (0..60).map(id_of) {
                prop_assert_eq!(wheel.due_of(id), model.due_of.get(&id).copied());
            }
        }
    }
}
