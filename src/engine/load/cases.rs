//! Open cases, by those whom they concern. However many are open elsewhere, none of theirs is left out: whoever is lost, comes
//! back or begins to watch may be the only one there.

use super::Loader;
use crate::domain::decide::alert_id;
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::ladder;
use crate::domain::rules::DIGEST_CASES_MAX;
use crate::domain::team::Role;
use crate::store::StoreError;

/// Of so many people, each is asked for their open cases; of more, each open case is asked for its person.
const FEW_PEOPLE: usize = 300;

impl Loader<'_, '_> {
    /// Open cases that are told to the same people: a digest names them all, and comes once a day.
    pub(super) fn open_cases_beside(&mut self, id: CaseId) -> Result<(), StoreError> {
        let Some(receivers) = self.scene.cases.get(&id).map(|case| case.receivers.clone()) else {
            return Ok(());
        };
        let today = ladder::digest_day(self.now);
        for receiver in receivers {
            let known = self.scene.persons.get(&receiver.person);
            if known.and_then(|person| person.digested_on).is_some_and(|day| day >= today) {
                continue;
            }
            let theirs = self.tables.open_cases_concerning(receiver.person)?;
            // With everyone who watches: who does so no longer is not told of it.
            theirs.into_iter().take(DIGEST_CASES_MAX).try_for_each(|other| self.case(other))?;
        }
        Ok(())
    }

    /// Open cases that somebody was told of: others have to be told when that somebody is lost.
    pub(super) fn open_cases_concerning(&mut self, person: PersonId) -> Result<(), StoreError> {
        let theirs = self.tables.open_cases_concerning(person)?;
        theirs.into_iter().try_for_each(|case| self.case(case))
    }

    /// Open cases of everyone whom somebody watches.
    pub(super) fn open_cases_watched_by(&mut self, manager: PersonId) -> Result<(), StoreError> {
        let places = self.tables.places(manager)?.into_iter();
        let teams: Vec<TeamId> =
            places.filter(|(_, role, _)| *role == Role::Manager).map(|(team, ..)| team).collect();
        self.open_cases_in(&teams)
    }

    /// Open cases of everyone who is asked in one of these teams: of a few people through those people, of many through all
    /// that are open.
    pub(super) fn open_cases_in(&mut self, teams: &[TeamId]) -> Result<(), StoreError> {
        let mut people = Vec::new();
        for team in teams {
            let members = self.tables.members(*team, Role::Member, FEW_PEOPLE + 1)?;
            people.extend(members.into_iter().map(|member| member.person));
        }
        if people.len() <= FEW_PEOPLE {
            return people.into_iter().try_for_each(|person| self.open_cases_of(person));
        }
        for id in self.tables.open_cases()? {
            let Some(case) = self.tables.case(id)? else { continue };
            let places = self.tables.places(case.person)?;
            let theirs = |(team, role, _): &(TeamId, Role, PersonId)| {
                *role == Role::Member && teams.contains(team)
            };
            if places.iter().any(theirs) {
                self.case(id)?;
            }
        }
        Ok(())
    }

    /// Open cases that are about somebody.
    fn open_cases_of(&mut self, person: PersonId) -> Result<(), StoreError> {
        for id in self.tables.open_cases_concerning(person)? {
            if self.tables.case(id)?.is_some_and(|case| case.person == person) {
                self.case(id)?;
            }
        }
        Ok(())
    }

    /// The groups of whom a case is about: whoever has died is named in none as missing.
    pub(super) fn groups_around(&mut self, case: CaseId) -> Result<(), StoreError> {
        let person = self.scene.cases.get(&case).map(|case| case.person);
        person.map_or(Ok(()), |person| self.groups_with(person))
    }

    pub(super) fn case(&mut self, id: CaseId) -> Result<(), StoreError> {
        if self.scene.cases.has(&id) {
            return Ok(());
        }
        let Some(case) = self.tables.case(id)? else { return Ok(()) };
        let (person, receivers) = (case.person, case.receivers.clone());
        self.scene.cases.load(id, case);
        if let Some(due_at) = self.tables.timer(id.0)? {
            self.scene.timers.load(id.0, due_at);
        }
        for receiver in receivers {
            self.person(receiver.person)?;
            let alert = alert_id(self.mint, id, receiver.person);
            if let Some(row) = self.tables.row(alert)? {
                self.scene.outbox.insert(alert, row.first_try_at.is_some());
            }
        }
        self.around(person)
    }
}
