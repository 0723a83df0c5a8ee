//! Who leaves: to be watched over, or to watch (I11). Whoever left is asked nothing and nobody is told of them; and nobody
//! is watched over by nobody without the office's knowing.

use super::truth::{Truth, Watcher};
use crate::domain::case::Case;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::time::Moment;
use crate::store::{Reading, StoreError};

impl Truth {
    /// Somebody leaves: said by a button that the server says it has.
    pub(super) fn heard_of_leaving(&mut self, now: Moment, by: PersonId, data: &str) {
        let mut words = data.split(['.', '~']);
        let (word, team) = (words.next().unwrap_or_default(), words.next());
        let team = team.and_then(|team| team.parse().ok()).map(TeamId);
        match (word, team) {
            ("ls", _) => self.leaves_the_watch(by, now),
            ("lx", Some(team)) => self.watches_no_longer(by, team, (now, false)),
            ("ho", Some(team)) => {
                self.is_handed_over(team);
                self.watches_no_longer(by, team, (now, true));
            }
            _ => {}
        }
    }

    pub(super) fn leaves_the_watch(&mut self, person: PersonId, now: Moment) {
        if let Some(asked) = self.asked.iter_mut().find(|asked| asked.person == person) {
            asked.left_at = asked.left_at.or(Some(now));
        }
    }

    /// The last one who watches can go only if nobody relies on the team any more, or if the office watches from then on.
    pub(super) fn watches_no_longer(
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

    /// Whoever watches no longer is told nothing of them, unless they head the others.
    pub(super) fn leaves_for_who_went(
        &mut self,
        now: Moment,
        (case, to): (&Case, PersonId),
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let went = self.has_gone(to, case.person, now - self.apart)
            && !self.watchers_at(case.person, now).contains(&to);
        if went && self.is_right(now) {
            let heads = reading.organizations()?.iter().any(|all| all.heads.contains(&to));
            if !heads {
                let what = format!(
                    "{to} watches over {} no longer, and is told of {}",
                    case.person, case.id
                );
                self.violation("I11", now, what);
            }
        }
        Ok(())
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
