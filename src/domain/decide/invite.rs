//! Making invitations.

use super::{Step, join};
use crate::domain::case::Actor;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::invitation::{CodeKind, Invitation};
use crate::domain::message::{InviteTeam, Message};
use crate::domain::rules::{INVITATIONS_PER_TEAM_MAX, INVITE_TEAMS_MAX};
use crate::domain::staff::StaffFact;
use crate::domain::team::{Role, TeamKind};

/// Teams shown in one card, with a button each.
pub(super) const TEAMS_SHOWN_MAX: usize = 8;

/// Whether a person may invite into a team: its managers, the heads of its organization, and everyone of a
/// family.
fn may_invite(step: &Step<'_>, person: PersonId, team: TeamId) -> bool {
    let personal = step.scene.teams.get(&team).is_some_and(|t| t.kind == TeamKind::Personal);
    step.scene.is_in(team, Role::Manager, person)
        || step.scene.is_head_of(team, person)
        || personal && step.scene.is_in(team, Role::Member, person)
}

/// Whether a person may invite into any team.
pub(super) fn can_invite_somewhere(step: &Step<'_>, person: PersonId) -> bool {
    teams_of(step, person).into_iter().any(|team| may_invite(step, person, team))
}

/// The teams in which a person has a place, and those of an organization that they head.
fn teams_of(step: &Step<'_>, person: PersonId) -> Vec<TeamId> {
    let headed = step.scene.teams.iter().map(|(team, _)| *team);
    let headed = headed.filter(|team| step.scene.is_head_of(*team, person));
    let placed = step.scene.places_of(person).map(|place| place.team);
    let mut teams: Vec<TeamId> = placed.chain(headed).collect();
    teams.sort_unstable();
    teams.dedup();
    teams
}

/// The codes that make sense for a team now.
fn kinds(step: &Step<'_>, team: TeamId) -> Vec<CodeKind> {
    let mut kinds = Vec::new();
    let personal = step.scene.teams.get(&team).is_some_and(|t| t.kind == TeamKind::Personal);
    if !join::managers_full(step, team) {
        kinds.push(CodeKind::Manager);
    }
    kinds.push(CodeKind::Leaflet);
    if personal && !join::managers_full(step, team) {
        kinds.push(CodeKind::Either);
    }
    kinds
}

/// "Invite": shows the choice for the teams of the sender.
pub(super) fn choose_any(step: &mut Step<'_>, sender: PersonId) {
    let mut teams = teams_of(step, sender);
    teams.retain(|team| may_invite(step, sender, *team));
    if teams.is_empty() {
        return step.reply(Message::Greeting);
    }
    let choices = teams.into_iter().filter_map(|team| {
        let name = step.scene.teams.get(&team)?.name.clone();
        Some(InviteTeam { team, name, kinds: kinds(step, team) })
    });
    let choices = choices.take(INVITE_TEAMS_MAX).collect();
    step.reply(Message::InviteChoice(choices));
}

/// A chosen kind of code.
pub(super) fn make(step: &mut Step<'_>, sender: PersonId, team: TeamId, kind: CodeKind) {
    if !may_invite(step, sender, team) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    if !kinds(step, team).contains(&kind) {
        if let Some(name) = step.scene.teams.get(&team).map(|t| t.name.clone()) {
            step.reply(Message::TeamFull(name));
        }
        return;
    }
    hand_out(step, sender, team, kind);
}

/// Another code for the leaflet, where somebody may have the present one who should not.
pub(super) fn anew(step: &mut Step<'_>, sender: PersonId, team: TeamId) {
    if !may_invite(step, sender, team) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    mint(step, Actor::Person(sender), team, CodeKind::Leaflet);
    hand_out(step, sender, team, CodeKind::Leaflet);
}

/// Replies with an invitation: the present leaflet code of the team, or a fresh single-use code.
pub(super) fn hand_out(step: &mut Step<'_>, sender: PersonId, team: TeamId, kind: CodeKind) {
    let invitation = match present_leaflet(step, team).filter(|_| kind == CodeKind::Leaflet) {
        Some(leaflet) => leaflet,
        None => mint(step, Actor::Person(sender), team, kind),
    };
    let (Some(inviter), Some(name)) =
        (step.name(sender), step.scene.teams.get(&team).map(|t| t.name.clone()))
    else {
        return;
    };
    let expires = invitation.expires_at().map(|end| step.local(sender, end));
    step.reply(Message::Invitation { inviter, team: name, kind, code: invitation.code, expires });
}

/// The leaflet code of a team.
pub(super) fn present_leaflet(step: &Step<'_>, team: TeamId) -> Option<Invitation> {
    let of_team = step.scene.invitations.iter().map(|(_, invitation)| invitation);
    of_team
        .filter(|i| i.team == team && i.kind == CodeKind::Leaflet)
        .max_by_key(|i| i.since)
        .cloned()
}

/// A fresh code; one for a leaflet takes the place of the one before it.
pub(super) fn mint(step: &mut Step<'_>, by: Actor, team: TeamId, kind: CodeKind) -> Invitation {
    if let Some(before) = present_leaflet(step, team).filter(|_| kind == CodeKind::Leaflet) {
        step.scene.invitations.remove(&before.code);
    }
    drop_oldest(step, team);
    let number = step.scene.draw_id();
    let code = step.mint.code(number);
    let invitation = Invitation { code, kind, team, by, since: step.now, used_by: None };
    step.scene.invitations.put(code, invitation.clone());
    match by {
        Actor::Person(by) => step.facts.push(Fact::Invited(by, team, kind)),
        Actor::Staff(by) => step.facts.push(Fact::Staff(StaffFact::Invited(by, team))),
    }
    invitation
}

/// Keeps the invitations of a team bounded: the oldest single-use ones go.
fn drop_oldest(step: &mut Step<'_>, team: TeamId) {
    let mut of_team: Vec<_> = step
        .scene
        .invitations
        .iter()
        .filter(|(_, i)| i.team == team && i.kind.is_single_use())
        .map(|(code, i)| (i.since, *code))
        .collect();
    of_team.sort_unstable();
    let surplus = (of_team.len() + 1).saturating_sub(INVITATIONS_PER_TEAM_MAX);
    for (_, code) in of_team.into_iter().take(surplus) {
        step.scene.invitations.remove(&code);
    }
}
