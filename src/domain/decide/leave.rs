//! Stopping: to be watched over, or to watch. Nobody is lost on the way: everyone concerned is told,
//! and the last one who watches cannot go without a successor or the office.

use super::{Step, cases, check, invite, office};
use crate::domain::case::{Actor, Case};
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::message::{Leave, Message, OfficeNotice};
use crate::domain::person::EndReason;
use crate::domain::round::Ending;
use crate::domain::team::{Role, TeamKind, TeamName};

/// "Stop": what?
pub(super) fn ask(step: &mut Step<'_>, sender: PersonId) {
    let watched = step.person(sender).is_some_and(|person| person.watch.is_some());
    let teams = watching(step, sender);
    if !watched && teams.is_empty() {
        return step.reply(Message::Greeting);
    }
    step.reply(Message::Leave(Leave::Ask { watched, teams }));
}

fn watching(step: &Step<'_>, sender: PersonId) -> Vec<(TeamId, TeamName)> {
    let managed = step.scene.places_of(sender).filter(|place| place.role == Role::Manager);
    let teams = managed.filter_map(|place| {
        step.scene.teams.get(&place.team).map(|team| (place.team, team.name.clone()))
    });
    teams.take(invite::TEAMS_SHOWN_MAX).collect()
}

/// To be watched over no longer.
pub(super) fn stop_being_watched(step: &mut Step<'_>, sender: PersonId) {
    if step.person(sender).is_none_or(|person| person.watch.is_none()) {
        return step.reply(Message::Leave(Leave::Bye));
    }
    tell_of_end(step, sender, Actor::Person(sender), EndReason::OwnWish);
    check::end_watch(step, sender, EndReason::OwnWish, Ending::Left);
    step.reply(Message::Leave(Leave::Bye));
}

/// Everyone concerned hears that the watch over somebody ends: who watches, the office where it watches, and the person,
/// who would else believe that somebody still looks. Called before it ends, while it is known who that is.
pub(super) fn tell_of_end(step: &mut Step<'_>, person: PersonId, by: Actor, why: EndReason) {
    let Some(name) = step.name(person) else { return };
    let own_wish = by == Actor::Person(person);
    let who = step.who(by);
    for watcher in cases::can_be_told(step, person) {
        if Some(watcher) == by.person() {
            continue;
        }
        let (name, who) = (name.clone(), who.clone());
        let news = if own_wish {
            Leave::MemberLeft { name }
        } else {
            Leave::WatchEnded { name, who, why }
        };
        step.notify(watcher, Message::Leave(news));
    }
    // To a telephone that somebody else holds by now, nothing is said.
    if !own_wish && why != EndReason::Died {
        step.notify(person, Message::Leave(Leave::NoLongerWatched { who: who.clone(), why }));
    }
    let on_the_board =
        step.scene.cases.iter().any(|(_, case)| {
            case.person == person && case.is_open() && case.office_since.is_some()
        });
    if by.person().is_some() && (on_the_board || office::watches_itself(step, person)) {
        let who = Some(who).filter(|_| !own_wish);
        let notice = OfficeNotice::WatchEnded { name, number: person, why, who };
        step.tell_office(&format!("ended/{person}/{}", step.now.millis()), notice);
    }
}

/// Who else watches in a team, reachable or not.
fn others(step: &Step<'_>, team: TeamId, manager: PersonId) -> Vec<PersonId> {
    step.scene.managers(team).filter(|other| *other != manager).collect()
}

/// How many rely on a team.
fn relying(step: &Step<'_>, team: TeamId) -> usize {
    step.scene.relying.get(&team).copied().unwrap_or(0)
}

/// Whether somebody relies on a team in which nobody else watches.
pub(super) fn is_last(step: &Step<'_>, team: TeamId, manager: PersonId) -> bool {
    others(step, team, manager).is_empty() && relying(step, team) > 0
}

fn managed(step: &mut Step<'_>, sender: PersonId, team: TeamId) -> Option<TeamName> {
    let name = step.scene.teams.get(&team).map(|team| team.name.clone());
    let theirs = step.scene.is_in(team, Role::Manager, sender);
    if !theirs {
        step.reply(Message::Leave(Leave::Bye));
    }
    name.filter(|_| theirs)
}

/// To watch no longer in a team: sure?
pub(super) fn confirm_team(step: &mut Step<'_>, sender: PersonId, team: TeamId) {
    let Some(name) = managed(step, sender, team) else { return };
    step.reply(Message::Leave(if is_last(step, team, sender) {
        Leave::LastManager { team, name }
    } else {
        Leave::ConfirmTeam { team, name }
    }));
}

/// To watch no longer in a team, confirmed.
pub(super) fn leave_team(step: &mut Step<'_>, sender: PersonId, team: TeamId) {
    let Some(name) = managed(step, sender, team) else { return };
    if is_last(step, team, sender) {
        return step.reply(Message::Leave(Leave::LastManager { team, name }));
    }
    go(step, sender, team, name, false);
}

/// The office watches from here on.
pub(super) fn hand_over(step: &mut Step<'_>, sender: PersonId, team: TeamId) {
    let Some(name) = managed(step, sender, team) else { return };
    to_the_office(step, sender, (team, &name), false);
    go(step, sender, team, name, true);
}

/// Gives a team to the office, which hears of it; `by_office`: it was taken, not given.
pub(super) fn to_the_office(
    step: &mut Step<'_>,
    manager: PersonId,
    (team, name): (TeamId, &TeamName),
    by_office: bool,
) {
    let now = step.now;
    if let Some(team) = step.scene.teams.change(&team) {
        team.handed_over_at = Some(now);
        team.office_agreed = true;
    }
    step.facts.push(Fact::HandedOver(team, manager));
    if let Some(by) = step.name(manager) {
        let (people, at) = (relying(step, team), step.now.millis());
        let notice = OfficeNotice::HandedOver { team: name.clone(), by, people, by_office };
        step.tell_office(&format!("handed/{team}/{at}"), notice);
    }
}

fn go(step: &mut Step<'_>, sender: PersonId, team: TeamId, name: TeamName, handed_over: bool) {
    step.reply(Message::Leave(Leave::ByeManager { name: name.clone(), handed_over }));
    give_up_place(step, sender, (team, name), handed_over, false);
}

/// Somebody watches no longer in a team: the others hear of it, a family also those who are watched, and what was still
/// open in their hands is in others' now.
pub(super) fn give_up_place(
    step: &mut Step<'_>,
    manager: PersonId,
    (team, name): (TeamId, TeamName),
    handed_over: bool,
    by_office: bool,
) {
    step.scene.members.remove(&(team, Role::Manager, manager));
    step.facts.push(Fact::ManagerLeft(manager, team));
    let others = others(step, team, manager);
    let personal = step.scene.teams.get(&team).is_some_and(|t| t.kind == TeamKind::Personal);
    let members: Vec<PersonId> = step
        .scene
        .members
        .iter()
        .filter(|((of, role, _), _)| *of == team && *role == Role::Member && personal)
        .map(|((_, _, person), _)| *person)
        .collect();
    let Some(who) = step.name(manager) else { return };
    for other in others.into_iter().chain(members).filter(|other| *other != manager) {
        let (name, team) = (who.clone(), name.clone());
        let news = Leave::ManagerLeft { name, team, handed_over, by_office };
        step.notify(other, Message::Leave(news));
    }
    // Where both are in another team as well, nothing changes.
    let open: Vec<Case> = step
        .scene
        .cases
        .iter()
        .map(|(_, case)| case)
        .filter(|case| case.is_open() && case.receiver(manager).is_some())
        .filter(|case| !cases::is_theirs(step, case, manager))
        .cloned()
        .collect();
    for case in open {
        if let Some(receiver) = case.receiver(manager) {
            cases::take_back_alert(step, case.id, receiver);
        }
        super::care::drop_claim(step, case.id, manager);
        cases::nobody_left(step, case.id);
    }
}
