//! Joining a team by a code, becoming a manager, and being reachable at all.

use std::time::Duration;

use super::talk::set_talk;
use super::{Step, care, cases, check, practice, rest, setup};
use crate::domain::case::{Actor, Mark, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::invitation::{Code, Invitation};
use crate::domain::message::{MembershipNotice, Message, OfficeNotice, Who};
use crate::domain::page::Page;
use crate::domain::person::{Aim, Talk};
use crate::domain::round::Ending;
use crate::domain::rules::{MANAGER_TEST_DAYS, MANAGER_TEST_WAIT, MANAGERS_PER_TEAM_MAX};
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Policy, Role, TeamKind};
use crate::domain::time::Moment;

/// A code was sent.
pub(super) fn try_code(step: &mut Step<'_>, sender: PersonId, code: Code) {
    if !may_try(step, sender) {
        return step.reply(Message::CodeLater);
    }
    if practice::takes(step, sender, code) {
        return set_talk(step, sender, Talk::Idle);
    }
    let Some(invitation) = working(step, sender, code) else {
        return wrong_code(step, sender);
    };
    set_talk(step, sender, Talk::Idle);
    let Some(known) = step.scene.teams.get(&invitation.team) else {
        return wrong_code(step, sender);
    };
    let (team, policy, statement) = (known.name.clone(), known.policy, known.statement.clone());
    let roles: Vec<Role> = [Role::Member, Role::Manager]
        .into_iter()
        .filter(|role| invitation.kind.allows(*role))
        .filter(|role| may_become(step, sender, invitation.team, *role))
        .collect();
    if roles.is_empty() {
        return step.reply(Message::AlreadyIn(team));
    }
    let inviter = match invitation.by {
        Actor::Staff(_) => Who::Office,
        Actor::Person(by) => match step.name(by) {
            Some(name) => Who::Named(name),
            None => return wrong_code(step, sender),
        },
    };
    step.reply(Message::ConfirmJoin { code, team, inviter, roles, policy, statement });
}

/// Nobody takes a place twice, and nobody watches over themselves in their own family.
fn may_become(step: &Step<'_>, person: PersonId, team: TeamId, role: Role) -> bool {
    let family = step.scene.teams.get(&team).is_some_and(|t| t.kind == TeamKind::Personal);
    let own = family && role == Role::Manager && step.scene.is_in(team, Role::Member, person);
    let applied = role == Role::Manager && step.scene.is_in(team, Role::Applicant, person);
    !own && !applied && !step.scene.is_in(team, role, person)
}

fn may_try(step: &Step<'_>, sender: PersonId) -> bool {
    step.person(sender).is_some_and(|person| person.tries.may_try(step.now))
}

fn working(step: &Step<'_>, sender: PersonId, code: Code) -> Option<Invitation> {
    let invitation = step.scene.invitations.get(&code)?;
    invitation.works_for(Some(sender), step.now).then(|| invitation.clone())
}

/// A code that is none, or works no longer.
pub(super) fn wrong_code(step: &mut Step<'_>, sender: PersonId) {
    if !may_try(step, sender) {
        return step.reply(Message::CodeLater);
    }
    let now = step.now;
    if let Some(person) = step.scene.persons.change(&sender) {
        person.tries.add(now);
    }
    step.facts.push(Fact::WrongCode(sender));
    step.reply(Message::CodeRefused);
}

/// "Join", in a role.
pub(super) fn choose(step: &mut Step<'_>, sender: PersonId, code: Code, role: Role) {
    let Some(invitation) = working(step, sender, code) else {
        return step.reply(Message::CodeRefused);
    };
    let Some(name) = step.scene.teams.get(&invitation.team).map(|team| team.name.clone()) else {
        return step.reply(Message::CodeRefused);
    };
    if !may_become(step, sender, invitation.team, role) {
        return step.reply(Message::AlreadyIn(name));
    }
    if !invitation.kind.allows(role) {
        return step.reply(Message::CodeRefused);
    }
    setup::start(step, sender, Aim::Join { code, role });
}

/// The registration is complete: into the team.
pub(super) fn finish(
    step: &mut Step<'_>,
    person: PersonId,
    code: Code,
    role: Role,
    time: Option<(Interval, Hour)>,
) {
    let Some(invitation) = working(step, person, code).filter(|i| i.kind.allows(role)) else {
        return step.reply(Message::CodeRefused);
    };
    let team = invitation.team;
    if role == Role::Manager && managers_full(step, team) {
        if let Some(name) = step.scene.teams.get(&team).map(|team| team.name.clone()) {
            step.reply(Message::TeamFull(name));
        }
        return;
    }
    if invitation.kind.is_single_use()
        && let Some(invitation) = step.scene.invitations.change(&code)
    {
        invitation.used_by = Some(person);
    }
    let asked = needs_approval(step, &invitation, role);
    let role = if asked { Role::Applicant } else { role };
    setup::add_member(step, team, role, person);
    match role {
        Role::Member => member_joined(step, person, team, time),
        Role::Manager => manager_joined(step, person, team),
        Role::Applicant => applied(step, person, team),
    }
}

/// In an organization those who watch already agree first: whoever watches reads about people who
/// live alone. A team without anyone takes whom it can get. Whom the office adds, or a head of the
/// organization who has no voice in this team, needs no further word; those who watch hear of it.
fn needs_approval(step: &Step<'_>, invitation: &Invitation, role: Role) -> bool {
    let team = invitation.team;
    let family = step.scene.teams.get(&team).is_none_or(|t| t.kind == TeamKind::Personal);
    let trusted = match invitation.by {
        Actor::Staff(_) => true,
        Actor::Person(by) => {
            step.scene.is_head_of(team, by) && !step.scene.is_in(team, Role::Manager, by)
        }
    };
    role == Role::Manager && !family && !trusted && step.scene.managers(team).next().is_some()
}

fn applied(step: &mut Step<'_>, person: PersonId, team: TeamId) {
    let (Some(called), Some(name)) =
        (step.name(person), step.scene.teams.get(&team).map(|team| team.name.clone()))
    else {
        return;
    };
    step.reply(Message::WaitApproval(name.clone()));
    let managers: Vec<PersonId> = step.scene.managers(team).collect();
    for manager in managers {
        let (name, called) = (name.clone(), called.clone());
        step.notify(manager, Message::AskApproval { team, name, who: person, called });
    }
}

/// A manager agrees that somebody may watch, or does not. The first word counts.
pub(super) fn approve(
    step: &mut Step<'_>,
    sender: PersonId,
    team: TeamId,
    person: PersonId,
    agreed: bool,
) {
    let key = (team, Role::Applicant, person);
    let theirs = step.scene.is_in(team, Role::Manager, sender);
    let name = step.scene.teams.get(&team).map(|team| team.name.clone());
    let Some(name) = name.filter(|_| theirs && step.scene.members.has(&key)) else {
        return step.reply(Message::TryAgain);
    };
    step.scene.members.remove(&key);
    if !agreed || managers_full(step, team) {
        step.notify(person, Message::NotApproved(name));
        return step.reply(Message::Noted);
    }
    setup::add_member(step, team, Role::Manager, person);
    step.reply(Message::Noted);
    let members = step.watchers_named(&members(step, team));
    step.notify(person, Message::TestAlert { team, name, members });
    cases::brief(step, person);
    if let Some(name) = step.name(person) {
        let news = |other: &PersonId| *other != person && *other != sender;
        let others: Vec<PersonId> = step.scene.managers(team).filter(news).collect();
        for other in others {
            step.notify(other, Message::ManagerJoined { name: name.clone() });
        }
    }
}

/// Whether a team has as many managers as it can have.
pub(super) fn managers_full(step: &Step<'_>, team: TeamId) -> bool {
    let max = match step.scene.teams.get(&team).map(|team| team.kind) {
        Some(TeamKind::Personal) => step.rules.family_managers_max,
        Some(TeamKind::Organization | TeamKind::Office) | None => MANAGERS_PER_TEAM_MAX,
    };
    step.scene.managers(team).count() >= max
}

fn member_joined(
    step: &mut Step<'_>,
    person: PersonId,
    team: TeamId,
    time: Option<(Interval, Hour)>,
) {
    setup::begin_watch(step, person, time);
    setup::ready(step, person);
    if step
        .scene
        .teams
        .get(&team)
        .is_some_and(|team| team.kind == TeamKind::Office && team.policy == Policy::Full)
    {
        let link = step.link(person, Page::Own);
        step.reply(Message::Membership(MembershipNotice::WriteDown { link }));
    }
    let (Some(name), Some(team_name)) =
        (step.name(person), step.scene.teams.get(&team).map(|team| team.name.clone()))
    else {
        return;
    };
    let due_at = step
        .person(person)
        .and_then(|p| p.watch.as_ref())
        .map(|watch| watch.schedule.next_after(step.now));
    let managers: Vec<PersonId> = step.scene.managers(team).filter(|m| *m != person).collect();
    for manager in managers {
        let next = due_at.map(|due_at| step.local(manager, due_at));
        let (name, team) = (name.clone(), team_name.clone());
        step.notify(manager, Message::MemberJoined { name, team, next });
    }
}

fn manager_joined(step: &mut Step<'_>, person: PersonId, team: TeamId) {
    test_alert(step, team);
    cases::brief(step, person);
    let Some(name) = step.name(person) else { return };
    // Only a family's members are told by name: in an organization it would cost a message each.
    if step.scene.teams.get(&team).is_some_and(|team| team.kind == TeamKind::Personal) {
        for member in members(step, team).into_iter().filter(|member| *member != person) {
            step.notify(member, Message::ManagerJoined { name: name.clone() });
        }
        return;
    }
    // There those who watch hear of it: nobody reads about people who live alone unseen.
    let others: Vec<PersonId> = step.scene.managers(team).filter(|m| *m != person).collect();
    for other in others {
        step.notify(other, Message::ManagerJoined { name: name.clone() });
    }
}

fn members(step: &Step<'_>, team: TeamId) -> Vec<PersonId> {
    let of_team = step.scene.members.iter().map(|(key, _)| *key);
    of_team
        .filter(|(of, role, _)| *of == team && *role == Role::Member)
        .map(|(_, _, p)| p)
        .collect()
}

/// Asks a manager to press that this arrives.
pub(super) fn test_alert(step: &mut Step<'_>, team: TeamId) {
    let Some(name) = step.scene.teams.get(&team).map(|team| team.name.clone()) else { return };
    let members = step.watchers_named(&members(step, team));
    step.reply(Message::TestAlert { team, name, members });
}

/// Once a year, whoever watches is asked again to prove that alerts arrive. For two weeks they count as before; then it is
/// not known any more, and the others hear of it.
pub(super) fn test_again(step: &mut Step<'_>, person: PersonId) {
    let now = step.now;
    let managed: Vec<TeamId> = step
        .scene
        .places_of(person)
        .filter(|place| place.role == Role::Manager)
        .map(|place| place.team)
        .collect();
    let Some((tested_at, since)) = step.person(person).map(|p| (p.tested_at, p.since)) else {
        return;
    };
    if tested_at.is_some_and(|at| now.since(at) >= MANAGER_TEST_WAIT) {
        test_unanswered(step, person, &managed, tested_at);
    }
    let year = Duration::from_secs(u64::from(MANAGER_TEST_DAYS) * 86_400);
    let due = now.since(tested_at.unwrap_or(since)) >= year;
    let Some(team) = managed.first().copied().filter(|_| due && step.is_reachable(person)) else {
        return;
    };
    let Some(name) = step.scene.teams.get(&team).map(|team| team.name.clone()) else { return };
    if let Some(p) = step.scene.persons.change(&person) {
        p.tested_at = Some(now);
    }
    step.cause = format!("test/{person}/{}", now.millis());
    step.facts.push(Fact::TestedAgain(person));
    let members = step.watchers_named(&members(step, team));
    step.notify(person, Message::TestAlert { team, name, members });
}

/// Nobody pressed that the test arrived: from now on it is as if they had never pressed.
fn test_unanswered(
    step: &mut Step<'_>,
    person: PersonId,
    managed: &[TeamId],
    tested_at: Option<Moment>,
) {
    let place = |team: &TeamId| (*team, Role::Manager, person);
    let proven = |step: &Step<'_>, team: &TeamId| {
        step.scene.members.get(&place(team)).and_then(|member| member.receives_since)
    };
    let answered = managed.iter().any(|team| proven(step, team) >= tested_at);
    let counted: Vec<TeamId> =
        managed.iter().filter(|team| proven(step, team).is_some()).copied().collect();
    if answered || counted.is_empty() {
        return;
    }
    step.cause = format!("untested/{person}/{}", step.now.millis());
    step.facts.push(Fact::TestUnanswered(person));
    for team in &counted {
        if let Some(member) = step.scene.members.change(&place(team)) {
            member.receives_since = None;
        }
        let name = step.scene.teams.get(team).map(|team| team.name.clone());
        let (Some(who), Some(name)) = (step.name(person), name) else { continue };
        let others: Vec<PersonId> =
            step.scene.managers(*team).filter(|other| *other != person).collect();
        for other in others {
            let (who, team) = (who.clone(), name.clone());
            step.notify(other, Message::ManagerUnreachable { who, team, blocked: false });
        }
    }
}

/// LINE did not take a message for a day, which may have been the yearly test; or we were deaf, and the proof may be lost.
/// Nobody is counted out for what they never saw or have done: they are asked again.
pub(super) fn test_lost(step: &mut Step<'_>, person: PersonId) {
    let Some(tested_at) = step.person(person).and_then(|p| p.tested_at) else { return };
    let proven = |team: TeamId| {
        step.scene.members.get(&(team, Role::Manager, person)).and_then(|m| m.receives_since)
    };
    let is_answered = step
        .scene
        .places_of(person)
        .filter(|place| place.role == Role::Manager)
        .any(|place| proven(place.team) >= Some(tested_at));
    if is_answered || step.now.since(tested_at) >= MANAGER_TEST_WAIT {
        return;
    }
    if let Some(p) = step.scene.persons.change(&person) {
        p.tested_at = None;
    }
}

/// Whoever says what becomes of an alert has got it: that is proof enough, where there was one before, or a yearly test.
pub(super) fn handles_alerts(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    let was_tested = step.person(sender).is_some_and(|person| person.tested_at.is_some());
    let places: Vec<_> = step.scene.places_of(sender).map(|place| place.key()).collect();
    for key in places.into_iter().filter(|(_, role, _)| *role == Role::Manager) {
        let proven = step.scene.members.get(&key).and_then(|member| member.receives_since);
        let is_proof = proven.map_or(was_tested, |since| since < at);
        let Some(member) = step.scene.members.change(&key).filter(|_| is_proof) else { continue };
        member.receives_since = Some(at);
        if proven.is_none() {
            step.facts.push(Fact::Receives(sender, key.0));
        }
    }
}

/// "I receive this."
pub(super) fn receives(step: &mut Step<'_>, sender: PersonId, at: Moment, team: TeamId) {
    let key = (team, Role::Manager, sender);
    let Some(name) = step.scene.teams.get(&team).map(|team| team.name.clone()) else {
        return step.reply(Message::TryAgain);
    };
    let Some(member) = step.scene.members.get(&key) else {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    };
    // Each press is a proof anew: the yearly test asks for it.
    if member.receives_since.is_none_or(|since| since < at) {
        if let Some(member) = step.scene.members.change(&key) {
            member.receives_since = Some(at);
        }
        step.facts.push(Fact::Receives(sender, team));
    }
    step.reply(Message::ReceivesThanks(name));
}

/// The person blocked the account: nothing arrives any more, and pushes will still succeed.
pub(super) fn blocked(step: &mut Step<'_>, person: PersonId, at: Moment) {
    if set_reach(step, person, false, at) {
        lost(step, person, at);
    }
}

/// LINE says that it does not know the person.
pub(super) fn unknown_to_line(step: &mut Step<'_>, person: PersonId) {
    let now = step.now;
    blocked(step, person, now);
}

/// Ends the asking and tells whoever watches, at once and as what it is: not silence.
fn lost(step: &mut Step<'_>, person: PersonId, at: Moment) {
    step.facts.push(Fact::Unreachable(person));
    manager_lost(step, person);
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else { return };
    check::end_round(step, person, Ending::Unreachable, step.now);
    step.scene.timers.remove(&person.0);
    match watch.case {
        // An answer from before the block is no news about what came after it.
        None => cases::open(step, person, Trouble::Unreachable, at, Mark::None),
        Some(case) => cases::tell_unreachable(step, case),
    }
}

/// One who watches can no longer be reached: their alerts have to reach somebody else, and whoever
/// relies on them has to know.
fn manager_lost(step: &mut Step<'_>, manager: PersonId) {
    let told: Vec<CaseId> = step
        .scene
        .cases
        .iter()
        .filter(|(_, case)| case.is_open() && case.receiver(manager).is_some())
        .map(|(id, _)| *id)
        .collect();
    for case in told {
        care::drop_claim(step, case, manager);
        cases::nobody_left(step, case);
    }
    let managed: Vec<TeamId> = step
        .scene
        .places_of(manager)
        .filter(|place| place.role == Role::Manager)
        .map(|place| place.team)
        .collect();
    for team in managed {
        team_lost(step, manager, team);
    }
}

/// Tells the other managers of a team, or, where there are none, a family itself.
fn team_lost(step: &mut Step<'_>, manager: PersonId, team: TeamId) {
    let Some(name) = step.scene.teams.get(&team).map(|team| team.name.clone()) else { return };
    let Some(who) = step.name(manager) else { return };
    let others: Vec<PersonId> = step
        .scene
        .managers(team)
        .filter(|other| *other != manager && step.is_reachable(*other))
        .collect();
    if others.is_empty() {
        step.facts.push(Fact::TeamUnwatched(team));
        let name_of_letter = format!("unwatched/{team}/{}", step.now.millis());
        step.tell_office(&name_of_letter, OfficeNotice::TeamUnwatched(name.clone()));
        for member in members(step, team) {
            step.notify(member, Message::NobodyWatches { team: name.clone() });
        }
    }
    for other in others {
        let (who, team) = (who.clone(), name.clone());
        step.notify(other, Message::ManagerUnreachable { who, team, blocked: true });
    }
}

/// The person acted: the chat works.
pub(super) fn reached(step: &mut Step<'_>, person: PersonId, at: Moment) {
    if !set_reach(step, person, true, at) {
        return;
    }
    step.facts.push(Fact::ReachableAgain(person));
    cases::brief(step, person);
    if step.person(person).is_none_or(|p| p.watch.is_none()) {
        return;
    }
    rest::set_timer(step, person);
    cases::back_in_reach(step, person, at);
}

/// Notes what an event says about reach. Events older than the last one say nothing new; `true`
/// if it changed.
fn set_reach(step: &mut Step<'_>, person: PersonId, reachable: bool, at: Moment) -> bool {
    let Some(reach) = step.person(person).map(|p| p.reach) else { return false };
    if at < reach.changed_at {
        return false;
    }
    if let Some(p) = step.scene.persons.change(&person) {
        p.reach.reachable = reachable;
        p.reach.changed_at = at;
    }
    reach.reachable != reachable
}
