//! The people of the simulation: who is asked, who watches, and how they act. They know only what stands on their
//! own phone.

use std::time::Duration;

use crate::domain::time::Moment;
use crate::locale::simulator as words;
use crate::platform::{ChatItem, Dice};

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

/// What somebody does on their phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Deed {
    /// Presses a button of a message.
    Press(String, usize),
    Sticker,
    Say(&'static str),
    Block,
    Unblock,
}

/// What somebody is here for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Asked,
    Watches,
}

/// Somebody.
#[derive(Clone, Debug)]
pub(super) struct Human {
    pub(super) user: String,
    pub(super) part: Part,
    /// So many of a hundred questions or alerts are not seen in time.
    misses: u64,
    /// From then on they do nothing any more.
    pub(super) ends_at: Option<Moment>,
}

impl Human {
    pub(super) fn new(user: String, part: Part, dice: &mut Dice, life: (Moment, Moment)) -> Self {
        let misses = [2, 10, 30, 60][dice.index(4)];
        let days = life.1.since(life.0).as_secs() / (24 * HOUR);
        let dies = part == Part::Asked && dice.one_in(5);
        let ends_at =
            dies.then(|| life.0 + Duration::from_secs(dice.below(days.max(1) * 24 * HOUR)));
        Self { user, part, misses, ends_at }
    }

    /// What somebody does about a new message, and when.
    pub(super) fn react(&self, item: &ChatItem, dice: &mut Dice) -> Vec<(Duration, Deed)> {
        let actions = item.actions();
        let find = |word: &str| {
            let begins = |data: &str| data.starts_with(word);
            let found =
                actions.iter().find(|view| view.action["data"].as_str().is_some_and(begins));
            found.map(|view| Deed::Press(item.id.clone(), view.index))
        };
        match self.part {
            Part::Asked => find("w.").map(|press| self.answer(press, dice)).unwrap_or_default(),
            Part::Watches => {
                let deed =
                    [("rx.", 1, 0), ("c.", 5 * HOUR, 30), ("fw.", 4 * HOUR, 25), ("r.", MINUTE, 5)];
                let found = deed
                    .iter()
                    .find_map(|(word, within, misses)| Some((find(word)?, *within, *misses)));
                let Some((press, within, misses)) = found else { return Vec::new() };
                if dice.below(100) < misses {
                    return Vec::new();
                }
                vec![(Duration::from_secs(30 + dice.below(within)), press)]
            }
        }
    }

    fn answer(&self, press: Deed, dice: &mut Dice) -> Vec<(Duration, Deed)> {
        if dice.below(100) < self.misses {
            return Vec::new();
        }
        let after = match dice.below(10) {
            0..=5 => dice.below(30 * MINUTE),
            6..=8 => dice.below(5 * HOUR),
            // Just before or long after somebody else is told.
            _ => 20 * HOUR + dice.below(12 * HOUR),
        };
        let after = Duration::from_secs(1 + after);
        match dice.below(10) {
            0 => vec![(after, Deed::Sticker)],
            1 => vec![(after, Deed::Say(words::WELL))],
            2 => vec![(after, press.clone()), (after + Duration::from_secs(1), press)],
            _ => vec![(after, press)],
        }
    }
}
