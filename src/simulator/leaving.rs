//! Who leaves: to be watched over, or to watch (I11). Whoever left is asked nothing and nobody is told of them; and nobody
//! is watched over by nobody without the office's knowing.

use super::truth::{Truth, Watcher};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::time::Moment;

impl Truth {
    /// Somebody leaves: said by a button that the server says it has.
    pub(super) fn heard_of_leaving(&mut self, now: Moment, by: PersonId, data: &str) {
        let mut words = data.split(['.', '~']);
        let (word, team) = (words.next().unwrap_or_default(), words.next());
        let team = team.and_then(|team| team.parse().ok()).map(TeamId);
        match (word, team) {
            ("ls", _) => self.leaves_the_watch(by, now),
            ("lx" | "ho", Some(team)) => self.watches_no_longer(by, team, (now, word == "ho")),
            _ => {}
        }
    }

    pub(super) fn leaves_the_watch(&mut self, person: PersonId, now: Moment) {
        if let Some(asked) = self.asked.iter_mut().find(|asked| asked.person == person) {
            asked.left_at = asked.left_at.or(Some(now));
        }
    }

    /// The last one who watches can go only if nobody relies on the team any more, or if the office watches from then on.
    fn watches_no_longer(
        &mut self,
        watcher: PersonId,
        team: TeamId,
        (now, to_the_office): (Moment, bool),
    ) {
        let people = self.teams.get(&team).cloned().unwrap_or_default();
        let may_go = to_the_office || people.iter().all(|person| self.has_left(*person));
        for person in people {
            let Some(watchers) = self.watchers.get_mut(&person) else { continue };
            let stays = |other: &&Watcher| other.until.is_none() && other.person != watcher;
            if !may_go && !watchers.iter().any(|other| stays(&other)) {
                continue;
            }
            for own in watchers.iter_mut().filter(|own| own.person == watcher) {
                own.until = own.until.or(Some(now));
            }
        }
    }

    /// Whether somebody is watched over no longer, because they said so.
    pub(super) fn has_left(&self, person: PersonId) -> bool {
        self.left_at(person).is_some()
    }

    pub(super) fn left_at(&self, person: PersonId) -> Option<Moment> {
        self.asked.iter().find(|asked| asked.person == person)?.left_at
    }

    /// Who watches over somebody at a moment.
    pub(super) fn watchers_at(&self, person: PersonId, at: Moment) -> Vec<PersonId> {
        let all = self.watchers.get(&person).into_iter().flatten();
        let there = all.filter(|watcher| watcher.until.is_none_or(|until| until > at));
        there.map(|watcher| watcher.person).collect()
    }

    /// Whether somebody who watched over a person does not by then.
    pub(super) fn has_gone(&self, watcher: PersonId, person: PersonId, by: Moment) -> bool {
        let all = self.watchers.get(&person).into_iter().flatten();
        let mut own = all.filter(|other| other.person == watcher);
        own.any(|own| own.until.is_some_and(|until| until <= by))
    }

    /// Whether somebody who watches over a person has gone within a span, or the person has: whoever had to be told of what
    /// was open is another one.
    pub(super) fn changed_hands(&self, person: PersonId, from: Moment, until: Moment) -> bool {
        let all = self.watchers.get(&person).into_iter().flatten();
        let mut gone = all.filter_map(|watcher| watcher.until).chain(self.left_at(person));
        gone.any(|at| at >= from && at <= until)
    }
}
