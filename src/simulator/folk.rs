//! The people of the simulation: who is asked, who watches, who meets in a group, and how they act. They know only what
//! stands on their own phone.

use std::time::Duration;

use crate::domain::time::Moment;
use crate::locale::simulator as words;
use crate::platform::{ActionView, ChatItem, Dice};

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// What somebody does on their phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Deed {
    /// Presses a button of a message.
    Press(String, usize),
    /// Presses a button of a message in a group.
    PressIn(String, String, usize),
    Sticker,
    Say(&'static str),
    Block,
    Unblock,
    /// Has no LINE any more: a lost phone, a new account.
    Vanish,
}

/// What somebody is here for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Asked,
    Watches,
    /// Takes part in a group, and is nobody's business otherwise.
    Meets,
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
    /// Has no LINE any more.
    pub(super) is_gone: bool,
}

impl Human {
    pub(super) fn new(user: String, part: Part, dice: &mut Dice, life: (Moment, Moment)) -> Self {
        let misses = [2, 10, 30, 60][dice.index(4)];
        let dies = part == Part::Asked && dice.one_in(5);
        let ends_at = dies.then(|| within(life, dice));
        Self { user, part, misses, ends_at, is_gone: false }
    }

    /// What somebody does by themselves in their time, and when.
    pub(super) fn plans(&self, dice: &mut Dice, life: (Moment, Moment)) -> Vec<(Moment, Deed)> {
        let mut plans = Vec::new();
        if dice.one_in(6) {
            let at = within(life, dice);
            plans.push((at, Deed::Block));
            plans.push((at + Duration::from_secs(HOUR + dice.below(9 * DAY)), Deed::Unblock));
        }
        if dice.one_in(12) {
            plans.push((within(life, dice), Deed::Vanish));
        }
        if self.part == Part::Asked {
            for (text, often) in [(words::REST, 3), (words::HELP, 8)] {
                if dice.one_in(often) {
                    plans.push((within(life, dice), Deed::Say(text)));
                }
            }
        }
        // What came to the list later has dice of its own, so that older runs stay as they were.
        let mut own = Dice::new(dice.clone().below(u64::MAX));
        while self.part == Part::Asked && own.one_in(3) {
            plans.push((within(life, &mut own), Deed::Say(words::SETTINGS)));
        }
        let mut later = Dice::new(own.clone().below(u64::MAX));
        while self.part == Part::Watches && !later.one_in(3) {
            plans.push((within(life, &mut later), Deed::Say(words::SETTINGS)));
            plans.push((within(life, &mut later), Deed::Say(words::OVERVIEW)));
        }
        let mut moves = Dice::new(later.clone().below(u64::MAX));
        while self.part != Part::Meets && moves.one_in(6) {
            plans.push((within(life, &mut moves), Deed::Say(words::ELSEWHERE)));
        }
        if self.part != Part::Meets && own.one_in(8) {
            plans.push((within(life, &mut own), Deed::Say(words::LEAVE)));
        }
        plans
    }

    /// What somebody does about a new message, and when.
    pub(super) fn react(&self, item: &ChatItem, dice: &mut Dice) -> Vec<(Duration, Deed)> {
        let actions = item.actions();
        let press = |view: &ActionView| Deed::Press(item.id.clone(), view.index);
        let find = |word: &str| actions.iter().find(|view| does(view, word)).map(press);
        // Whoever has moved says where they live by now.
        let places: Vec<&ActionView> = actions.iter().filter(|view| does(view, "li.")).collect();
        if !places.is_empty() {
            let after = Duration::from_secs(5 + dice.below(10 * MINUTE));
            return vec![(after, press(places[dice.index(places.len())]))];
        }
        // To what the office says to everyone: mostly the first of the words, read or safe.
        let words: Vec<&ActionView> = actions.iter().filter(|view| does(view, "b.")).collect();
        if !words.is_empty() {
            let word = if dice.one_in(8) { dice.index(words.len()) } else { 0 };
            let says = dice.below(100) >= self.misses;
            let after = Duration::from_secs(5 + dice.below(5 * HOUR));
            return says.then(|| (after, press(words[word]))).into_iter().collect();
        }
        match self.part {
            Part::Asked => {
                // Not well, or lonely: said on the question itself, and alive all the same.
                let small = ["uw.", "wt."][dice.index(2)];
                if let Some(well) = find("w.") {
                    let small = find(small).filter(|_| dice.one_in(20));
                    return self.answer(small.unwrap_or(well), dice);
                }
                // Now and then it was a mistake, and mostly that is noticed in time.
                if let Some(mistake) = find("nm.").filter(|_| dice.one_in(40)) {
                    return vec![(Duration::from_secs(5 + dice.below(12 * MINUTE)), mistake)];
                }
                // Other days and another hour, or the settings left as they are.
                if let Some(times) = choose(&actions, dice).map(press) {
                    let after = Duration::from_secs(5 + dice.below(20 * MINUTE));
                    return vec![(after, times)];
                }
                if let Some(leave) = find("ls") {
                    let after = Duration::from_secs(5 + dice.below(5 * MINUTE));
                    return if dice.one_in(5) { Vec::new() } else { vec![(after, leave)] };
                }
                // A rest, for days that are chosen and then confirmed; a cry for help, or a mistake.
                let rest = ["pl.1.", "pl.3.", "pl.7.", "pl.30."][dice.index(4)];
                let help = if dice.one_in(3) { "hm" } else { "th" };
                let next = [rest, "ps.", help, "tu"].iter().find_map(|word| find(word));
                let next = next.filter(|_| !dice.one_in(6));
                let after = Duration::from_secs(5 + dice.below(2 * MINUTE));
                next.map(|press| (after, press)).into_iter().collect()
            }
            Part::Watches => match set_up(&actions, dice).map(press) {
                Some(choice) => vec![(Duration::from_secs(5 + dice.below(5 * MINUTE)), choice)],
                None => self.watch(find, dice),
            },
            Part::Meets => Vec::new(),
        }
    }

    fn watch(&self, find: impl Fn(&str) -> Option<Deed>, dice: &mut Dice) -> Vec<(Duration, Deed)> {
        let deeds = [
            ("rx.", 1, 0),
            // To watch no longer: sure, or the last one, or in which team.
            ("lx.", 5 * MINUTE, 10),
            ("ho.", 5 * MINUTE, 20),
            ("lt.", 5 * MINUTE, 10),
            ("c.", 5 * HOUR, 30),
            // What comes of a visit: mostly all is well.
            (["fw.", "fw.", "fw.", "fw.", "fw.", "nc.", "nc.", "em."][dice.index(8)], 4 * HOUR, 25),
            ("fw.", 4 * HOUR, 25),
            ("r.", MINUTE, 5),
            ("sd.", 8 * HOUR, 50),
            // Looks how somebody is, and has met them.
            ("la.", 5 * MINUTE, 10),
            ("px.", 5 * MINUTE, 30),
            // Whoever turned out to travel, or to be in hospital, is let rest.
            ("pf.", 5 * MINUTE, 30),
            // A rest that somebody took: mostly it still holds.
            (if dice.one_in(4) { "po." } else { "sp." }, 9 * HOUR, 40),
        ];
        let found =
            deeds.iter().find_map(|(word, hours, misses)| Some((find(word)?, *hours, *misses)));
        let Some((press, within, misses)) = found else { return Vec::new() };
        if dice.below(100) < misses {
            return Vec::new();
        }
        vec![(Duration::from_secs(30 + dice.below(within)), press)]
    }

    /// What somebody in a group does about a new message there, and when.
    pub(super) fn react_in(
        &self,
        group: &str,
        item: &ChatItem,
        dice: &mut Dice,
    ) -> Option<(Duration, Deed)> {
        let actions = item.actions();
        let find = |word: &str| actions.iter().find(|view| does(view, word)).map(|view| view.index);
        let (index, within) = match find("gc.").filter(|_| dice.one_in(4)) {
            Some(index) => (index, 4 * HOUR),
            None if dice.below(100) < self.misses => return None,
            None => (find("gw.")?, if dice.one_in(4) { 26 * HOUR } else { 3 * HOUR }),
        };
        let after = Duration::from_secs(1 + dice.below(within));
        Some((after, Deed::PressIn(group.to_owned(), item.id.clone(), index)))
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

/// One of the buttons by which somebody chooses when they are asked, if a message has any.
fn choose<'a>(actions: &'a [ActionView], dice: &mut Dice) -> Option<&'a ActionView> {
    let offered = |view: &&ActionView| ["rt", "i.", "h."].iter().any(|word| does(view, word));
    let buttons: Vec<&ActionView> = actions.iter().filter(offered).collect();
    (!buttons.is_empty()).then(|| buttons[dice.index(buttons.len())])
}

/// One of the buttons by which somebody chooses for their team, if a message has any. Mostly they leave it as it is: what
/// one of them chooses the others are shown with the same buttons, and that has to end.
fn set_up<'a>(actions: &'a [ActionView], dice: &mut Dice) -> Option<&'a ActionView> {
    let offered = |words: &[&str]| -> Vec<&'a ActionView> {
        actions.iter().filter(|view| words.iter().any(|word| does(view, word))).collect()
    };
    let (teams, choices) = (offered(&["ts."]), offered(&["tq.", "to."]));
    let (buttons, one_in) = if choices.is_empty() { (teams, 1) } else { (choices, 4) };
    (!buttons.is_empty() && dice.one_in(one_in)).then(|| buttons[dice.index(buttons.len())])
}

/// Whether a button does what begins like this.
pub(super) fn does(view: &ActionView, word: &str) -> bool {
    view.action["data"].as_str().is_some_and(|data| data.starts_with(word))
}

/// Some moment of a span.
pub(super) fn within((from, until): (Moment, Moment), dice: &mut Dice) -> Moment {
    from + Duration::from_secs(dice.below(until.since(from).as_secs().max(1)))
}
