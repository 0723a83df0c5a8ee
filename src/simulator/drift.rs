//! A machine whose clock nobody corrects: its hours are a little too short or too long, and so are the server's. LINE's
//! clock puts that right before it matters; where LINE does not answer for long, the time is wrong in the end.

use std::time::Duration;

use super::world::{Act, Done, World};
use crate::platform::Dice;

const HOUR: Duration = Duration::from_secs(3600);

/// So much in an hour, which is a lot: cheap clocks do a tenth of the first. More could make a wait noticeably shorter while
/// LINE does not answer for days, and nobody could know.
const DRIFTS_MS: [u64; 3] = [1_000, 2_000, 4_000];

/// A smaller difference from LINE's clock is none.
const DRIFT_MIN_MS: i64 = 10_000;

/// So much is put right at once.
const FOLLOWED_MAX_MS: i64 = 30_000;

/// What is decided is noted by the server's time, and what happens by the world's: of a clock that drifts, or was set
/// by a little, and is not wrong yet, they are so far apart at the most.
const APART: Duration = Duration::from_secs(150);

impl World {
    /// In half of the runs in which clocks may be wrong at all, the machine's drifts.
    pub(super) fn may_drift(&mut self) {
        if !self.clocks.may_lie {
            return;
        }
        self.are_apart();
        let mut own = Dice::new(self.dice.clone().below(u64::MAX));
        if own.one_in(2) {
            return;
        }
        let drift_ms = i64::try_from(DRIFTS_MS[own.index(DRIFTS_MS.len())]).unwrap_or(0);
        self.clocks.drift_ms = if own.one_in(2) { drift_ms } else { -drift_ms };
        self.plan(self.now + HOUR, Act::Drifts);
    }

    /// How far what the server notes may be from what happened. A time that is wrong by no more than an hour, and that nobody
    /// could prove, is not doubted either.
    pub(super) fn are_apart(&mut self) {
        let ours = Duration::from_millis(self.clocks.ours_ms.unsigned_abs());
        self.truth.apart = if ours <= HOUR { ours.max(APART) } else { APART };
    }

    /// Another hour was too short or too long.
    pub(super) fn drifts(&mut self) -> Done {
        let drift_ms = self.clocks.drift_ms;
        if drift_ms == 0 {
            return Ok(());
        }
        self.plan(self.now + HOUR, Act::Drifts);
        self.clocks.wall_ms = self.clocks.wall_ms.saturating_add(drift_ms);
        self.follows(drift_ms)
    }

    /// The server's time moves by a little, with that of the machine.
    pub(super) fn follows(&mut self, step_ms: i64) -> Done {
        if !self.server.is_up() {
            return Ok(());
        }
        let was_off = self.clocks.is_off();
        let ours_ms = self.clocks.ours_ms.saturating_add(step_ms);
        self.clocks.ours_ms = ours_ms;
        self.are_apart();
        if was_off || !self.clocks.is_off() {
            return Ok(());
        }
        *self.marks.entry("the time ran away".to_owned()).or_default() += 1;
        self.goes_by(ours_ms, false)
    }

    /// LINE's clock was read, and ours is not wrong: what it drifted by is put right.
    pub(super) fn is_put_right(&mut self) -> Done {
        let ours_ms = self.clocks.ours_ms;
        let has_drifted = ours_ms.abs() >= DRIFT_MIN_MS;
        if has_drifted {
            *self.marks.entry("the time was put right".to_owned()).or_default() += 1;
        }
        let step_ms = ours_ms.clamp(-FOLLOWED_MAX_MS, FOLLOWED_MAX_MS);
        self.goes_by(if has_drifted { ours_ms - step_ms } else { ours_ms }, true)
    }
}
