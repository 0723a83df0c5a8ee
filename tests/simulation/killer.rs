//! Chooses the faults and their moments: some at random, some just after something began to happen,
//! some while the server is still starting.

use anshin::domain::time::Moment;
use anshin::platform::Dice;

use crate::disk::Room;

/// So long without traffic is not waited for: a day and a half.
const SILENCE_MS: i64 = 36 * 3_600_000;

/// For a hundred kills the process is stopped and the disk is full so many times.
const STOPS_PERCENT: u32 = 40;
const FILLS_PERCENT: u32 = 20;

/// What happens to the server; spans in shown milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Strike {
    /// SIGKILL, and a new start after `down_ms`.
    Kill { down_ms: i64 },
    /// SIGSTOP, and SIGCONT after `ms`.
    Stop { ms: i64 },
    /// No room on the disk until `ms` are over.
    Fill { ms: i64, room: Room },
}

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
    kills_left: u32,
    stops_left: u32,
    fills_left: u32,
    wish: Wish,
}

impl Killer {
    pub(crate) fn new(dice: Dice, speed: u32, kills: u32, now: Moment) -> Self {
        let mut killer = Self {
            dice,
            speed: speed.into(),
            kills_left: kills,
            stops_left: kills * STOPS_PERCENT / 100,
            fills_left: kills * FILLS_PERCENT / 100,
            wish: Wish::At(now.millis()),
        };
        killer.choose(now);
        killer
    }

    fn left(&self) -> u32 {
        self.kills_left + self.stops_left + self.fills_left
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left() == 0
    }

    /// Whether to strike now; `busy` is whether anything is on its way between LINE and the server.
    pub(crate) fn strikes(&mut self, now: Moment, busy: bool) -> Option<Strike> {
        if self.is_done() {
            return None;
        }
        if let Wish::Traffic { from_ms, then_ms } = self.wish
            && (busy || now.millis() >= from_ms + SILENCE_MS)
            && now.millis() >= from_ms
        {
            self.wish = Wish::At(now.millis() + then_ms);
        }
        let Wish::At(at_ms) = self.wish else { return None };
        (now.millis() >= at_ms).then(|| {
            self.choose(now);
            self.draw()
        })
    }

    /// One of those that are left.
    fn draw(&mut self) -> Strike {
        let drawn = self.dice.below(self.left().into());
        if drawn < self.kills_left.into() {
            self.kills_left -= 1;
            let real_ms = if self.dice.percent(70) { 0 } else { self.dice.below(60) };
            Strike::Kill { down_ms: self.shown(real_ms) }
        } else if drawn < (self.kills_left + self.stops_left).into() {
            self.stops_left -= 1;
            // Now and then longer than LINE waits for the answer to a webhook.
            let longest = if self.dice.percent(4) { 2500 } else { 600 };
            let real_ms = self.dice.between(longest / 20, longest);
            Strike::Stop { ms: self.shown(real_ms) }
        } else {
            self.fills_left -= 1;
            // As long as free pages within the data file last, nobody notices: kills go on meanwhile.
            let (room, longest) = if self.dice.percent(50) {
                (Room::Pages(self.dice.below(6)), 4000)
            } else {
                (Room::Part(self.dice.below(100)), 900)
            };
            let real_ms = self.dice.between(100, longest);
            Strike::Fill { ms: self.shown(real_ms), room }
        }
    }

    fn choose(&mut self, now: Moment) {
        self.wish = match self.dice.below(100) {
            // Usually a whole part of a day passes in peace, so that the story gets on.
            0..30 => Wish::At(now.millis() + self.shown_between(200, 1000)),
            30..88 => Wish::Traffic {
                from_ms: now.millis() + self.shown_between(150, 800),
                then_ms: i64::try_from(self.dice.below(10 * self.speed)).unwrap(),
            },
            // While it starts, or just after.
            _ => Wish::At(now.millis() + i64::try_from(self.dice.below(60 * self.speed)).unwrap()),
        };
    }

    fn shown_between(&mut self, from_real_ms: u64, to_real_ms: u64) -> i64 {
        let drawn = self.dice.between(from_real_ms * self.speed, to_real_ms * self.speed);
        i64::try_from(drawn).unwrap()
    }

    fn shown(&self, real_ms: u64) -> i64 {
        i64::try_from(real_ms * self.speed).unwrap()
    }
}
