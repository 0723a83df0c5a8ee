//! What people do on pages of ours that they opened from their chat: those who watch look after a case there as they could in
//! the chat, and whoever is asked changes something that is no sign of life (`domain::page`).

use std::time::Duration;

use super::folk::Part;
use super::world::{Act, Done, World};
use crate::domain::case::{Case, Outcome};
use crate::domain::details::{LINE_CHARS_MAX, Line};
use crate::domain::event::Event;
use crate::domain::id::PersonId;
use crate::domain::page::{PageAct, PageDeed, PageEvent};
use crate::domain::press::Press;
use crate::domain::time::Moment;
use crate::locale::simulator as words;
use crate::platform::Dice;

/// Somebody opens a page about so often; where many live, more often.
const OPENS_WITHIN_S: u64 = 32 * 3600;
const PEOPLE: usize = 30;

/// How a case can end that somebody looked after on a page, and the watch goes on.
const ENDS: [Outcome; 5] =
    [Outcome::Well, Outcome::Forgot, Outcome::PhoneTrouble, Outcome::Travel, Outcome::FalseAlarm];

impl World {
    /// From now on somebody opens a page now and then.
    pub(super) fn opens_pages(&mut self, until: Moment) {
        let mut dice = Dice::new(self.dice.clone().below(u64::MAX) ^ 0x9a6e);
        let within_s = OPENS_WITHIN_S / (1 + self.folk.len() / PEOPLE) as u64;
        let mut at = self.now;
        while at < until {
            at = at + Duration::from_secs(1 + dice.below(within_s));
            self.plan(at, Act::Page(dice.below(u64::MAX)));
        }
    }

    /// Somebody does something on a page.
    pub(super) fn is_on_a_page(&mut self, chance: u64) -> Done {
        let mut dice = Dice::new(chance);
        if !self.acts() || !self.truth.is_right(self.now) || self.folk.is_empty() {
            return Ok(());
        }
        let human = &self.folk[dice.index(self.folk.len())];
        let (is_gone, watches) = (human.is_gone, human.part == Part::Watches);
        let is_dead = human.ends_at.is_some_and(|at| at <= self.now);
        let user = human.user.clone();
        let Some(by) = self.person(&user)?.filter(|_| !is_gone && !is_dead) else { return Ok(()) };
        // Whoever blocked us gets no link.
        if self.truth.is_blocked(by, self.now) {
            return Ok(());
        }
        self.judge()?;
        if watches {
            self.watches_on_a_page(by, &mut dice)
        } else {
            self.says_nothing(by, &mut dice)
        }
    }

    /// Looks after an open case, or answers for whom they met.
    fn watches_on_a_page(&mut self, by: PersonId, dice: &mut Dice) -> Done {
        let reading = self.server.store.read()?;
        let mut open = Vec::new();
        for id in reading.open_case_ids(usize::MAX)? {
            open.extend(reading.case(id)?.filter(|case| case.receiver(by).is_some()));
        }
        let theirs = |case: &&Case| self.truth.watchers_at(case.person, self.now).contains(&by);
        let open: Vec<Case> = open.iter().filter(theirs).cloned().collect();
        drop(reading);
        if open.is_empty() {
            return self.meets_by_a_page(by, dice);
        }
        let case = &open[dice.index(open.len())];
        let (id, is_soft) = (case.id, case.trouble.is_soft());
        let (act, mark) = match dice.below(8) {
            // What can wait is not offered to be taken.
            _ if is_soft => (PageAct::Settle(id, Outcome::Well), "a page: settles"),
            0 | 1 => (PageAct::Press(Press::Claim(id)), "a page: takes"),
            2 => (PageAct::Press(Press::NoContact(id)), "a page: in vain"),
            3 => (PageAct::Press(Press::Emergency(id)), "a page: calls"),
            _ => (PageAct::Settle(id, ENDS[dice.index(ENDS.len())]), "a page: settles"),
        };
        self.does_on_a_page(by, act, mark)
    }

    fn meets_by_a_page(&mut self, by: PersonId, dice: &mut Dice) -> Done {
        let people: Vec<PersonId> = self.truth.asked.iter().map(|asked| asked.person).collect();
        let watched = |person: &PersonId| {
            self.truth.watchers_at(*person, self.now).contains(&by) && !self.truth.has_left(*person)
        };
        let people: Vec<PersonId> = people.into_iter().filter(watched).collect();
        if people.is_empty() {
            return Ok(());
        }
        let person = people[dice.index(people.len())];
        self.does_on_a_page(by, PageAct::Press(Press::Proxy(person)), "a page: met")?;
        self.truth.met.entry(person.0).or_default().insert(self.now.millis());
        Ok(())
    }

    /// What is done here is no sign of life: somebody else may have opened it for them.
    fn says_nothing(&mut self, by: PersonId, dice: &mut Dice) -> Done {
        let opinion = Line::read(words::NEWS, LINE_CHARS_MAX).ok().flatten();
        let act = match (dice.below(3), opinion) {
            (0, Some(opinion)) => PageAct::Opine(opinion),
            (1, _) => PageAct::Viewed(by),
            _ => PageAct::Press(Press::Quotes(dice.one_in(2))),
        };
        self.does_on_a_page(by, act, "a page: no sign of life")
    }

    fn does_on_a_page(&mut self, by: PersonId, act: PageAct, mark: &str) -> Done {
        self.note(format!("{by} on a page {act:?}"));
        *self.marks.entry(mark.to_owned()).or_default() += 1;
        let at = self.shown();
        let did = PageEvent { at, by, deed: PageDeed::Did(act) };
        self.server.commit(at, &[Event::Page(did)])
    }
}
