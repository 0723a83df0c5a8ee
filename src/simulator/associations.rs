//! Associations of the simulated world, of a neighbourhood or a building: one who made the team and heads it, mostly another
//! one who asked to watch and was let, and some whom all of them watch. Where nobody comes, the head hears with the office.

use super::arrivals::{DAYS, Life};
use super::folk::Part;
use super::world::{Done, World};
use crate::domain::id::PersonId;
use crate::locale::simulator as words;

/// People who are asked in each.
pub const ASKED_IN_AN_ASSOCIATION: usize = 4;

impl World {
    /// An association, all of whose people join in the chat.
    pub(super) fn association(&mut self, n: usize, life: Life) -> Done {
        let head = self.heads(n, life)?;
        let mut wardens: Vec<PersonId> = self.person(&head)?.into_iter().collect();
        if !self.dice.one_in(3) {
            wardens.extend(self.is_let_watch(&head, n, life)?);
        }
        let code = self.invites_as(&head, ".l")?;
        let mut people = Vec::new();
        for m in 0..ASKED_IN_AN_ASSOCIATION {
            let name = words::resident(n, m);
            let user = self.friend(&name)?;
            self.joins(&user, &code, &name)?;
            let days = DAYS[self.dice.index(DAYS.len())];
            let hour = self.dice.below(24);
            self.press(&user, "ct")?;
            self.press(&user, &format!("i.{days}~"))?;
            self.say(&user, &words::hour(hour))?;
            self.comes(user.clone(), Part::Asked, life);
            self.is_asked(&user, days)?;
            people.extend(self.person(&user)?);
        }
        self.are_watched(&people, &wardens)
    }

    fn heads(&mut self, n: usize, life: Life) -> Done<String> {
        let name = words::warden(n, 0);
        let user = self.friend(&name)?;
        self.press(&user, "kw")?;
        self.press(&user, "ag")?;
        self.say(&user, &name)?;
        self.say(&user, &words::association(n))?;
        self.press(&user, "k.o")?;
        self.press(&user, "rx.")?;
        self.gives_a_mailbox(&user)?;
        self.comes(user.clone(), Part::Watches, life);
        Ok(user)
    }

    /// Somebody who has a code asks to watch, and whoever watches lets them.
    fn is_let_watch(&mut self, head: &str, n: usize, life: Life) -> Done<Option<PersonId>> {
        let code = self.invites_as(head, ".g")?;
        let name = words::warden(n, 1);
        let user = self.friend(&name)?;
        self.joins(&user, &code, &name)?;
        self.press(head, "ok.")?;
        self.press(&user, "rx.")?;
        self.gives_a_mailbox(&user)?;
        self.comes(user.clone(), Part::Watches, life);
        self.person(&user)
    }
}
