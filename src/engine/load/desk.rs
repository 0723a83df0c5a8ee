//! What an act at the desk is about.

use super::Loader;
use crate::domain::bulletin::Audience;
use crate::domain::id::{OrganizationId, PersonId, TeamId};
use crate::domain::staff::{DeskAct, NEW_MEMBERS_MAX, TakingOut};
use crate::domain::team::Role;
use crate::store::StoreError;

/// Bulletins among which the same form sent twice is noticed.
const BULLETINS_COMPARED: usize = 20;

impl Loader<'_, '_> {
    /// What somebody at the desk is about to change.
    pub(super) fn desk(&mut self, act: &DeskAct) -> Result<(), StoreError> {
        match act {
            DeskAct::Claim(case) | DeskAct::Release(case) | DeskAct::Emergency(case) => {
                self.case(*case)
            }
            DeskAct::Close(case, _) => {
                self.case(*case)?;
                self.groups_around(*case)
            }
            DeskAct::Record(case, _) => {
                self.scene.last_record = self.tables.last_record(*case)?;
                self.case(*case)
            }
            DeskAct::Details(person, _)
            | DeskAct::Rest { person, .. }
            | DeskAct::EndRest(person)
            | DeskAct::Phoned(person, _)
            | DeskAct::Retime(person, ..) => {
                self.details(*person)?;
                self.around(*person)
            }
            DeskAct::EndWatch(person, _) => {
                self.details(*person)?;
                self.around(*person)?;
                self.groups_with(*person)
            }
            DeskAct::Register(people) => people.iter().try_for_each(|new| self.team(new.team)),
            DeskAct::Unregister(first, count) => self.newcomers(*first, *count),
            DeskAct::MakeTeam(plan) => self.organizations([plan.organization]),
            DeskAct::ChangeTeam(team, plan) => {
                self.team(*team)?;
                self.organizations([plan.organization])
            }
            DeskAct::Invite(team, _) => self.team_with_codes(*team),
            DeskAct::TakeOut(taking) => self.taking_out(taking),
            DeskAct::RenameOrganization(id, _) => self.organization(*id),
            DeskAct::Head(id, person, _) => {
                self.organization(*id)?;
                self.person(*person)
            }
            DeskAct::MakeOrganization(_) => self.all_organizations(),
            DeskAct::Membership(person, _) => self.around(*person),
            DeskAct::SendBulletin(draft) => {
                for bulletin in self.tables.newest_bulletins(BULLETINS_COMPARED)? {
                    self.scene.bulletins.load(bulletin.id, bulletin);
                }
                self.audience(draft.audience)
            }
            DeskAct::TestBulletin(person, draft) => {
                self.person(*person)?;
                self.audience(draft.audience)
            }
            DeskAct::StopBulletin(id) | DeskAct::BulletinAgain(id, _) => {
                self.bulletin(*id)?;
                let bulletin = self.scene.bulletins.get(id).map(|b| b.draft.audience);
                bulletin.map_or(Ok(()), |audience| self.audience(audience))
            }
            DeskAct::Practice(_) => self.practice(),
            DeskAct::Erase(person, _) => self.whom_to_erase(*person),
            DeskAct::Face(..) => self.face(),
            DeskAct::Publish(..)
            | DeskAct::SetUp(_)
            | DeskAct::Viewed(_)
            | DeskAct::Dossier(_)
            | DeskAct::Listed(_)
            | DeskAct::Exported(_)
            | DeskAct::Saved(..) => Ok(()),
        }
    }

    fn organizations(
        &mut self,
        ids: impl IntoIterator<Item = Option<OrganizationId>>,
    ) -> Result<(), StoreError> {
        ids.into_iter().flatten().try_for_each(|id| self.organization(id))
    }

    /// The receipt of an erasure, for what is to be noted on it.
    pub(super) fn erasure(&mut self, person: PersonId) -> Result<(), StoreError> {
        if let Some(erasure) = self.tables.erasure(person)? {
            self.scene.erasures.load(person, erasure);
        }
        Ok(())
    }

    fn relying(&mut self, team: TeamId) -> Result<(), StoreError> {
        let count = self.tables.member_count(team, Role::Member)?;
        self.scene.relying.insert(team, count);
        Ok(())
    }

    /// Somebody who was forgotten and is back, with everything that has to go on without them.
    pub(super) fn whom_to_erase_again(&mut self, id: PersonId) -> Result<(), StoreError> {
        self.around(id)?;
        self.groups_with(id)?;
        self.all_organizations()?;
        for (team, ..) in self.tables.places(id)? {
            self.team(team)?;
            self.relying(team)?;
        }
        self.open_cases_concerning(id)?;
        let name = self.scene.persons.get(&id).and_then(|person| person.name.clone());
        let rows = self.tables.rows_telling_of(id, name.as_ref())?;
        self.scene.waiting.extend(rows.into_iter().map(|row| (row.id, row.purpose)));
        Ok(())
    }

    /// Who was forgotten again since the data came out of a copy, for whoever tells the office of that.
    pub(super) fn forgotten_again(&mut self) -> Result<(), StoreError> {
        if self.scene.service.restored.is_some_and(|restored| !restored.told) {
            let all = self.tables.all_erasures()?.into_iter();
            for erasure in all.filter(|erasure| erasure.first_at.is_some()) {
                self.scene.erasures.load(erasure.person, erasure);
            }
        }
        Ok(())
    }

    /// Somebody who is to be forgotten, with what may stand in the way, and the groups that have to go on without them.
    fn whom_to_erase(&mut self, id: PersonId) -> Result<(), StoreError> {
        self.scene.hindrance = self.tables.hindrance(id)?;
        self.person(id)?;
        self.groups_with(id)
    }

    fn face(&mut self) -> Result<(), StoreError> {
        self.scene.face = self.tables.face()?;
        Ok(())
    }

    /// One who watches in a team, with all that is still in their hands and on its way to them.
    fn taking_out(&mut self, taking: &TakingOut) -> Result<(), StoreError> {
        self.around(taking.manager)?;
        self.team_with_codes(taking.team)?;
        self.team_to_leave(taking.team, taking.manager)?;
        let rows = self.tables.rows_for(taking.manager)?;
        self.scene.waiting.extend(rows.into_iter().map(|row| (row.id, row.purpose)));
        Ok(())
    }

    /// A team in which somebody is to watch no longer: how many rely on it, and what is open.
    pub(super) fn team_to_leave(
        &mut self,
        team: TeamId,
        manager: PersonId,
    ) -> Result<(), StoreError> {
        self.team(team)?;
        self.relying(team)?;
        self.open_cases_concerning(manager)
    }

    fn all_organizations(&mut self) -> Result<(), StoreError> {
        for organization in self.tables.all_organizations()? {
            self.scene.organizations.load(organization.id, organization);
        }
        Ok(())
    }

    /// People who were written down at once.
    fn newcomers(&mut self, first: PersonId, count: u32) -> Result<(), StoreError> {
        let count_max = u32::try_from(NEW_MEMBERS_MAX).unwrap_or(u32::MAX);
        let ids = first.0..first.0.saturating_add(count.min(count_max));
        ids.map(PersonId).try_for_each(|id| {
            self.details(id)?;
            self.around(id)
        })
    }

    /// Whose affair a bulletin is.
    fn audience(&mut self, audience: Audience) -> Result<(), StoreError> {
        match audience {
            Audience::Team(team) => self.team(team),
            Audience::Person(person) => self.around(person),
            Audience::Everyone
            | Audience::Organization(_)
            | Audience::Group(_)
            | Audience::Age(..) => Ok(()),
        }
    }
}
