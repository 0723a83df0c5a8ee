//! Teams and organizations that staff make and look after: what a council sets up before anyone is asked. A
//! family's team is its own; nothing here touches it.

use super::{Step, invite, join, setup};
use crate::domain::case::Actor;
use crate::domain::fact::Fact;
use crate::domain::id::{OrganizationId, PersonId, StaffId, TeamId};
use crate::domain::invitation::CodeKind;
use crate::domain::message::Message;
use crate::domain::name::Name;
use crate::domain::organization::Organization;
use crate::domain::rules::{HEADS_MAX, ORGANIZATIONS_MAX};
use crate::domain::staff::{StaffFact, TeamPlan};
use crate::domain::team::{TeamKind, TeamName};

fn note(step: &mut Step<'_>, fact: StaffFact) {
    step.facts.push(Fact::Staff(fact));
}

/// Makes a team, with a code for its leaflet: nobody can join without one.
pub(super) fn make_team(step: &mut Step<'_>, by: StaffId, plan: &TeamPlan) {
    let kind = if plan.office { TeamKind::Office } else { TeamKind::Organization };
    let name = TeamName::Given(plan.name.clone());
    let team = setup::make_team(step, name, kind, (plan.interval, plan.hour));
    if let Some(organization) = plan.organization {
        setup::join_organization(step, team, organization);
    }
    agree(step, team, plan);
    note(step, StaffFact::TeamMade(by, team));
    invite::mint(step, Actor::Staff(by), team, CodeKind::Leaflet);
}

/// What the office may know of the members, and whom the team is for.
fn agree(step: &mut Step<'_>, team: TeamId, plan: &TeamPlan) {
    if let Some(team) = step.scene.teams.change(&team) {
        team.policy = plan.policy;
        team.statement = plan.statement.clone();
        team.wants_form = plan.wants_form;
    }
}

/// A team that is no family's.
fn ours(step: &Step<'_>, team: TeamId) -> bool {
    step.scene.teams.get(&team).is_some_and(|team| team.kind != TeamKind::Personal)
}

/// Changes name, organization and what new members are offered. Whoever is asked already keeps their own
/// days and hour; the kind stays, because members agreed to it.
pub(super) fn change_team(step: &mut Step<'_>, by: StaffId, team: TeamId, plan: &TeamPlan) {
    if !ours(step, team) {
        return;
    }
    let before = step.scene.teams.get(&team).and_then(|team| team.organization);
    if let Some(known) = step.scene.teams.change(&team) {
        known.name = TeamName::Given(plan.name.clone());
        known.interval = plan.interval;
        known.hour = plan.hour;
    }
    agree(step, team, plan);
    if before != plan.organization {
        leave_organization(step, team, before);
        if let Some(organization) = plan.organization {
            setup::join_organization(step, team, organization);
        }
    }
    note(step, StaffFact::TeamChanged(by, team));
}

fn leave_organization(step: &mut Step<'_>, team: TeamId, before: Option<OrganizationId>) {
    if let Some(organization) = before.and_then(|id| step.scene.organizations.change(&id)) {
        organization.teams.retain(|known| *known != team);
    }
    if let Some(team) = step.scene.teams.change(&team) {
        team.organization = None;
    }
}

/// Makes a code for one who shall watch, or a new one for the leaflet.
pub(super) fn invite(step: &mut Step<'_>, by: StaffId, team: TeamId, kind: CodeKind) {
    let wanted = match kind {
        CodeKind::Leaflet => true,
        CodeKind::Manager => !join::managers_full(step, team),
        CodeKind::Either => false,
    };
    if ours(step, team) && wanted {
        invite::mint(step, Actor::Staff(by), team, kind);
    }
}

/// Makes an organization, if there is room.
pub(super) fn make_organization(step: &mut Step<'_>, by: StaffId, name: &Name) {
    if step.scene.organizations.iter().count() >= ORGANIZATIONS_MAX {
        return;
    }
    let id = OrganizationId(step.scene.draw_id());
    let (name, since) = (name.clone(), step.now);
    let (heads, teams) = (Vec::new(), Vec::new());
    step.scene.organizations.put(id, Organization { id, name, since, heads, teams });
    note(step, StaffFact::OrganizationMade(by, id));
}

/// Another name.
pub(super) fn rename(step: &mut Step<'_>, by: StaffId, id: OrganizationId, name: &Name) {
    if let Some(organization) = step.scene.organizations.change(&id) {
        organization.name = name.clone();
        note(step, StaffFact::OrganizationChanged(by, id));
    }
}

/// Somebody heads an organization, or no longer. They are told either way: a head gets alerts that nobody
/// takes.
pub(super) fn head(
    step: &mut Step<'_>,
    by: StaffId,
    (id, person): (OrganizationId, PersonId),
    heads: bool,
) {
    if step.name(person).is_none() {
        return;
    }
    let Some(organization) = step.scene.organizations.change(&id) else { return };
    let is_head = organization.heads.contains(&person);
    if is_head == heads || heads && organization.heads.len() >= HEADS_MAX {
        return;
    }
    if heads {
        organization.heads.push(person);
    } else {
        organization.heads.retain(|known| *known != person);
    }
    let name = organization.name.clone();
    note(step, StaffFact::OrganizationChanged(by, id));
    step.notify(person, Message::HeadOf { organization: name, heads });
}
