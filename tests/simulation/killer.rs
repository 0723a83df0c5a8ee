//! Chooses the moments to kill: some at random, some just after something began to happen, some
//! while the server is still starting.

use anshin::domain::time::Moment;

use crate::dice::Dice;

/// So long without traffic is not waited for: a day and a half.
const SILENCE_MS: i64 = 36 * 3_600_000;

/// What the killer waits for.
#[derive(Clone, Copy, Debug)]
enum Wish {
    /// A moment.
    At(i64),
    /// Traffic after this moment, and then a little longer. A town where nothing happens is not
    /// waited for.
    Traffic { from_ms: i64, then_ms: i64 },
}

#[derive(Debug)]
pub(crate) struct Killer {
    dice: Dice,
    /// Shown milliseconds in a real one.
    speed: u64,
    left: u32,
    wish: Wish,
}

impl Killer {
    pub(crate) fn new(dice: Dice, speed: u32, kills: u32, now: Moment) -> Self {
        let wish = Wish::At(now.millis());
        let mut killer = Self { dice, speed: speed.into(), left: kills, wish };
        killer.choose(now);
        killer
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Whether to kill now; `busy` is whether anything is on its way between LINE and the server.
    pub(crate) fn strikes(&mut self, now: Moment, busy: bool) -> bool {
        if self.left == 0 {
            return false;
        }
        if let Wish::Traffic { from_ms, then_ms } = self.wish
            && (busy || now.millis() >= from_ms + SILENCE_MS)
            && now.millis() >= from_ms
        {
            self.wish = Wish::At(now.millis() + then_ms);
        }
        let Wish::At(at_ms) = self.wish else { return false };
        let strikes = now.millis() >= at_ms;
        if strikes {
            self.left -= 1;
            self.choose(now);
        }
        strikes
    }

    fn choose(&mut self, now: Moment) {
        let real = |ms: u64| i64::try_from(ms).unwrap();
        let speed = self.speed;
        self.wish = match self.dice.below(100) {
            // Usually a whole part of a day passes in peace, so that the story gets on.
            0..30 => Wish::At(now.millis() + real(self.dice.between(200, 1000) * speed)),
            30..88 => Wish::Traffic {
                from_ms: now.millis() + real(self.dice.between(150, 800) * speed),
                then_ms: real(self.dice.below(10 * speed)),
            },
            // While it starts, or just after.
            _ => Wish::At(now.millis() + real(self.dice.below(60 * speed))),
        };
    }

    /// How long the server stays down, in shown milliseconds.
    pub(crate) fn down_for(&mut self) -> i64 {
        let real_ms = if self.dice.percent(70) { 0 } else { self.dice.below(60) };
        i64::try_from(real_ms * self.speed).unwrap()
    }
}
