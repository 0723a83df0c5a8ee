//! Which faults a run has. Each is on or off, drawn from the seed: a run with everything on hides what a run with two
//! of them shows.

use std::time::Duration;

use crate::domain::time::Moment;
use crate::platform::{Dice, Platform};

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

/// A trouble that begins, lasts, and ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trouble {
    /// The power is cut; the server is away for so long.
    Down,
    /// LINE cannot reach the server.
    Deaf,
    /// LINE answers 500 without doing anything.
    Refusing,
    /// LINE does what it is asked, and answers 500.
    FailingAfter,
    /// LINE does what it is asked, and the answer is lost.
    Lost,
    /// No connection to LINE.
    Unconnected,
    /// 429: too fast.
    TooFast,
    /// 429: the month's messages are used up, on what is sent.
    UsedUp,
    /// What people do waits inside LINE.
    Held,
    /// What people do is lost inside LINE.
    Swallowed,
    /// No letter leaves.
    NoMail,
    /// The process stands still, or its machine; whoever calls waits at its door.
    Frozen,
    /// The clock of the machine shows another time.
    Clock,
}

impl Trouble {
    const ALL: [Self; 13] = [
        Self::Down,
        Self::Deaf,
        Self::Refusing,
        Self::FailingAfter,
        Self::Lost,
        Self::Unconnected,
        Self::TooFast,
        Self::UsedUp,
        Self::Held,
        Self::Swallowed,
        Self::NoMail,
        Self::Frozen,
        Self::Clock,
    ];

    /// Turns it on or off at LINE; the server's own troubles are the world's business.
    pub(super) fn turn(self, platform: &mut Platform, on: bool) {
        let faults = &mut platform.faults;
        match self {
            Self::Down | Self::Deaf | Self::NoMail | Self::Frozen | Self::Clock => {}
            Self::Refusing => faults.refuse_all_5xx_before = on,
            Self::FailingAfter => faults.refuse_all_5xx_after = on,
            Self::Lost => faults.lose_all_answers = on,
            Self::Unconnected => faults.drop_connection = on,
            Self::TooFast => faults.rate_limited = on,
            Self::UsedUp => faults.monthly_limit = on,
            Self::Held => faults.webhook_held = on,
            Self::Swallowed => faults.webhook_off = on,
        }
    }
}

/// A trouble with its span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Episode {
    pub(super) trouble: Trouble,
    pub(super) from: Moment,
    pub(super) until: Moment,
}

/// What can go wrong in a run, as the command line names it: troubles in the order of [`Trouble::ALL`], then the rest.
pub const FAULTS: [&str; 21] = [
    "down",
    "deaf",
    "refusing",
    "failing-after",
    "lost",
    "unconnected",
    "too-fast",
    "used-up",
    "held",
    "swallowed",
    "no-mail",
    "frozen",
    "clock",
    "cuts",
    "doubled",
    "reordered",
    "batched",
    "late",
    "noisy",
    "quota",
    "lost-disk",
];

/// The place of the clock among them.
const CLOCK: u32 = 12;

/// Which of the [`FAULTS`] may be drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Faults(u32);

impl Faults {
    /// Everything.
    pub const ALL: Self = Self((1 << FAULTS.len()) - 1);

    /// What goes wrong in most runs: all but the clock of the machine.
    pub const USUAL: Self = Self(Self::ALL.0 & !(1 << CLOCK));

    /// These alone; names that are none of them stand for nothing.
    #[must_use]
    pub fn only<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().fold(0, |all, name| all | Self::bit(name)))
    }

    /// All of these but one.
    #[must_use]
    pub fn without(self, name: &str) -> Self {
        Self(self.0 & !Self::bit(name))
    }

    /// Whether one of them may be drawn.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.0 & Self::bit(name) != 0
    }

    /// Their names.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        FAULTS.into_iter().filter(|name| self.has(name)).collect()
    }

    fn bit(name: &str) -> u32 {
        FAULTS.iter().position(|known| *known == name).map_or(0, |place| 1 << place)
    }
}

/// The disk is lost, and somebody brings the service back out of a copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loss {
    pub(super) copied_at: Moment,
    pub(super) lost_at: Moment,
    pub(super) back_at: Moment,
}

impl Loss {
    fn draw(dice: &mut Dice, from: Moment, until: Moment) -> Option<Self> {
        let copied_at = from + Duration::from_secs(dice.below(until.since(from).as_secs()));
        // The nightly copy, and now and then one that is older.
        let age = if dice.one_in(4) { 7 * 24 * HOUR } else { 24 * HOUR };
        let lost_at = copied_at + Duration::from_secs(1 + dice.below(age));
        let back_at = lost_at + Duration::from_secs(length(dice));
        (dice.one_in(4) && back_at < until).then_some(Self { copied_at, lost_at, back_at })
    }
}

/// The faults of a run.
pub(super) struct Swarm {
    /// Troubles of this run, none of them overlapping itself.
    pub(super) episodes: Vec<Episode>,
    /// Power cuts in the middle of work: at these moments a fuse of so many steps begins to burn.
    pub(super) fuses: Vec<(Moment, u32)>,
    /// The disk is lost.
    pub(super) lost: Option<Loss>,
    /// Webhooks come twice, late, in any order, several at once; each on or off.
    pub(super) doubled: bool,
    pub(super) reordered: bool,
    pub(super) batched: bool,
    pub(super) late: bool,
    pub(super) redelivery: bool,
    pub(super) noisy: bool,
    /// The month's messages, in percent of what questions need.
    pub(super) quota_percent: Option<u64>,
}

impl Swarm {
    /// Leaves out what a run is not to have. It is drawn all the same, so that the rest stays as it is.
    pub(super) fn keep(&mut self, faults: Faults) {
        let place = |trouble: Trouble| Trouble::ALL.iter().position(|known| *known == trouble);
        let named = |trouble| place(trouble).is_some_and(|place| faults.has(FAULTS[place]));
        self.episodes.retain(|episode| named(episode.trouble));
        self.lost = self.lost.filter(|_| faults.has("lost-disk"));
        self.fuses.retain(|_| faults.has("cuts"));
        self.doubled &= faults.has("doubled");
        self.reordered &= faults.has("reordered");
        self.batched &= faults.has("batched");
        self.late &= faults.has("late");
        self.noisy &= faults.has("noisy");
        self.quota_percent = self.quota_percent.filter(|_| faults.has("quota"));
    }

    /// What goes wrong between two moments.
    pub(super) fn draw(dice: &mut Dice, from: Moment, until: Moment) -> Self {
        let mut episodes = Vec::new();
        let lost = Loss::draw(&mut Dice::new(dice.clone().below(u64::MAX)), from, until);
        let days = until.since(from).as_secs() / (24 * HOUR);
        // Some runs are troubled all the time, in most something happens now and then.
        let apart = [10, 30, 30, 90][dice.index(4)];
        for trouble in Trouble::ALL {
            // What came to the list later has dice of its own, so that older runs stay as they were.
            let mut own = Dice::new(dice.clone().below(u64::MAX));
            let mut later = Dice::new(own.clone().below(u64::MAX));
            let dice = match trouble {
                Trouble::Frozen => &mut own,
                Trouble::Clock => &mut later,
                _ => &mut *dice,
            };
            if dice.one_in(2) {
                continue;
            }
            let mut at = from;
            loop {
                at = at + Duration::from_secs(dice.below(2 * apart * 24 * HOUR));
                let end = at + Duration::from_secs(length(dice));
                if end >= until {
                    break;
                }
                episodes.push(Episode { trouble, from: at, until: end });
                at = end;
            }
        }
        let fuses = match dice.one_in(2) {
            true => Vec::new(),
            false => (0..(days / 3).max(30))
                .flat_map(|_| {
                    let at = from + Duration::from_secs(dice.below(days * 24 * HOUR));
                    let steps = u32::try_from(dice.below(12)).unwrap_or(0);
                    // Sometimes it is cut again while the server recovers.
                    let again = dice.one_in(3).then(|| (at + Duration::from_secs(30), 1));
                    [Some((at, steps)), again].into_iter().flatten()
                })
                .collect(),
        };
        Self {
            episodes,
            fuses,
            lost,
            doubled: dice.one_in(2),
            reordered: dice.one_in(2),
            batched: dice.one_in(2),
            late: dice.one_in(4),
            redelivery: dice.one_in(2),
            noisy: dice.one_in(2),
            quota_percent: dice.one_in(8).then(|| [50, 90, 120, 250][dice.index(4)]),
        }
    }
}

/// Most troubles are short; what lasts a day and more is what hurts.
fn length(dice: &mut Dice) -> u64 {
    match dice.below(10) {
        0..=3 => 1 + dice.below(10 * MINUTE),
        4..=7 => 10 * MINUTE + dice.below(3 * HOUR),
        8 => 3 * HOUR + dice.below(21 * HOUR),
        _ => 24 * HOUR + dice.below(36 * HOUR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_most_runs_everything_goes_wrong_but_the_clock() {
        let wished: Vec<&str> =
            FAULTS.into_iter().filter(|name| !Faults::USUAL.has(name)).collect();
        assert_eq!(wished, ["clock"]);
    }
}
