//! The timer wheel against two plain maps: the same timers fire at the same moments in the same order, whatever was
//! set, cancelled and waited for, also while the clock goes back.

use std::collections::{BTreeMap, BTreeSet};

use anshin::timer::wheel::{REACH_AHEAD_S, REACH_BACK_S, Wheel};

const NOW_S: u64 = 1_800_000_000;

/// The slow truth.
#[derive(Default)]
struct Model {
    by_due: BTreeSet<(u64, u32)>,
    due_of: BTreeMap<u32, u64>,
}

impl Model {
    fn set(&mut self, id: u32, due_s: u64) {
        self.cancel(id);
        let due_s = due_s.clamp(NOW_S - REACH_BACK_S, NOW_S + REACH_AHEAD_S);
        self.by_due.insert((due_s, id));
        self.due_of.insert(id, due_s);
    }

    fn cancel(&mut self, id: u32) -> bool {
        let due_s = self.due_of.remove(&id);
        due_s.is_some_and(|due_s| self.by_due.remove(&(due_s, id)))
    }

    fn advance(&mut self, now_s: u64) -> Vec<(u32, u64)> {
        let later = self.by_due.split_off(&(now_s + 1, 0));
        let fired = std::mem::replace(&mut self.by_due, later);
        fired
            .into_iter()
            .map(|(due_s, id)| (id, due_s))
            .inspect(|(id, _)| {
                self.due_of.remove(id);
            })
            .collect()
    }
}

/// Six bytes a step: what, for whom, and a span that is short, long or very long.
pub(crate) fn run(bytes: &[u8]) {
    let (mut wheel, mut model) = (Wheel::new(NOW_S), Model::default());
    let mut clock_s = NOW_S;
    for step in bytes.chunks_exact(6).take(400) {
        let &[what, id, s0, s1, s2, s3] = step else { break };
        let id = u32::from(id);
        let span = i64::from(i32::from_le_bytes([s0, s1, s2, s3]));
        let span = match what >> 4 & 3 {
            0 => span % 100,
            1 => span % 200_000,
            2 => span,
            _ => span * 3,
        };
        match what & 3 {
            0 | 1 => {
                let due_s = clock_s.saturating_add_signed(span);
                wheel.set(id, due_s);
                model.set(id, due_s);
            }
            2 => assert_eq!(wheel.cancel(id), model.cancel(id)),
            _ => {
                clock_s = clock_s.saturating_add_signed(span);
                let mut fired = Vec::new();
                wheel.advance(clock_s, |id, due_s| fired.push((id, due_s)));
                assert_eq!(fired, model.advance(clock_s), "at {clock_s}");
            }
        }
        assert_eq!(wheel.next_due(), model.by_due.first().map(|(due_s, _)| *due_s));
        assert_eq!(wheel.len(), model.due_of.len());
        assert_eq!(wheel.due_of(id), model.due_of.get(&id).copied());
    }
}
