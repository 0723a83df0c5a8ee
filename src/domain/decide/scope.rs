//! What somebody of the staff may do anything about, where they look after some organizations only. The pages do
//! not show them the rest; here it is refused whatever was sent.

use super::Step;
use crate::domain::bulletin::Audience;
use crate::domain::id::{BulletinId, CaseId, OrganizationId, PersonId, TeamId};
use crate::domain::staff::{DeskAct, Scope};

/// Whether an act is about something within the scope.
pub(super) fn has(step: &Step<'_>, scope: &Scope, act: &DeskAct) -> bool {
    if scope.is_everything() {
        return true;
    }
    match act {
        DeskAct::Claim(case)
        | DeskAct::Release(case)
        | DeskAct::Emergency(case)
        | DeskAct::Close(case, _)
        | DeskAct::Record(case, _) => has_case(step, scope, *case),
        DeskAct::Details(person, _)
        | DeskAct::Rest { person, .. }
        | DeskAct::EndRest(person)
        | DeskAct::Phoned(person, _)
        | DeskAct::EndWatch(person, _)
        | DeskAct::Retime(person, ..)
        | DeskAct::Membership(person, _) => has_person(step, scope, *person),
        DeskAct::Register(people) => people.iter().all(|new| has_team(step, scope, new.team)),
        DeskAct::Unregister(first, count) => {
            let mut ids = first.0..first.0.saturating_add(*count);
            ids.all(|id| has_person(step, scope, PersonId(id)))
        }
        DeskAct::MakeTeam(plan) => scope.has(plan.organization),
        DeskAct::ChangeTeam(team, plan) => {
            has_team(step, scope, *team) && scope.has(plan.organization)
        }
        DeskAct::Invite(team, _) => has_team(step, scope, *team),
        DeskAct::TakeOut(taking) => has_team(step, scope, taking.team),
        DeskAct::MakeOrganization(_)
        | DeskAct::Face(..)
        | DeskAct::Publish(..)
        | DeskAct::SetUp(_)
        | DeskAct::Practice(_)
        // Whoever is in no team any more is in none of an organization.
        | DeskAct::Erase(..) => false,
        DeskAct::RenameOrganization(id, _) => has_organization(scope, *id),
        DeskAct::Head(id, ..) => has_organization(scope, *id),
        DeskAct::SendBulletin(draft) | DeskAct::TestBulletin(_, draft) => {
            has_audience(step, scope, draft.audience)
        }
        DeskAct::StopBulletin(id) | DeskAct::BulletinAgain(id, _) => has_bulletin(step, scope, *id),
        // What was looked at is written down in any case.
        DeskAct::Viewed(_)
        | DeskAct::Listed(_)
        | DeskAct::Exported(_)
        | DeskAct::Saved(..)
        | DeskAct::Dossier(_) => true,
    }
}

fn has_organization(scope: &Scope, id: OrganizationId) -> bool {
    scope.has(Some(id))
}

fn has_team(step: &Step<'_>, scope: &Scope, id: TeamId) -> bool {
    step.scene.teams.get(&id).is_some_and(|team| scope.has(team.organization))
}

fn has_person(step: &Step<'_>, scope: &Scope, person: PersonId) -> bool {
    step.scene.teams_watching(person).any(|team| has_team(step, scope, team))
}

fn has_case(step: &Step<'_>, scope: &Scope, id: CaseId) -> bool {
    step.scene.cases.get(&id).is_some_and(|case| has_person(step, scope, case.person))
}

fn has_bulletin(step: &Step<'_>, scope: &Scope, id: BulletinId) -> bool {
    let audience = step.scene.bulletins.get(&id).map(|bulletin| bulletin.draft.audience);
    audience.is_some_and(|audience| has_audience(step, scope, audience))
}

/// A bulletin of which nobody outside is a receiver.
fn has_audience(step: &Step<'_>, scope: &Scope, audience: Audience) -> bool {
    match audience {
        Audience::Everyone | Audience::Age(..) | Audience::Group(_) => false,
        Audience::Organization(id) => has_organization(scope, id),
        Audience::Team(id) => has_team(step, scope, id),
        Audience::Person(id) => has_person(step, scope, id),
    }
}
