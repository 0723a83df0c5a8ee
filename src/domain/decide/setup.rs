//! Registration in the chat: one question at a time, each answered by a button or a few words.
//! Every step can be repeated; an old button of an earlier step changes nothing that is finished.

use super::talk::{self, set_talk};
use super::{Step, invite, join, office, settings};
use crate::domain::event::{Meaning, Said};
use crate::domain::fact::Fact;
use crate::domain::id::{OrganizationId, PersonId, TeamId};
use crate::domain::invitation::CodeKind;
use crate::domain::message::{Message, WatchedBy};
use crate::domain::name::Name;
use crate::domain::organization::Organization;
use crate::domain::person::{Aim, CHOSEN_KINDS, Consent, Setup, SetupStep, Talk, Watch};
use crate::domain::rules::{ORGANIZATION_TEAMS_MAX, TEAMS_PER_PERSON_MAX};
use crate::domain::schedule::{Hour, Interval, Schedule};
use crate::domain::team::{Member, Role, Team, TeamKind, TeamName};
use crate::domain::time::Moment;

/// Hours shown first: an alert then comes in daylight.
const RECOMMENDED_HOURS: std::ops::RangeInclusive<u8> = 6..=9;

/// Begins a registration, or begins it again.
pub(super) fn start(step: &mut Step<'_>, person: PersonId, aim: Aim) {
    if step.scene.places_of(person).count() >= TEAMS_PER_PERSON_MAX {
        return step.reply(Message::TryAgain);
    }
    if aim == Aim::BeWatched && has_own_team(step, person) {
        return nothing_to_do(step, person);
    }
    proceed(step, person, aim);
}

/// Whether a person made a team for themselves already: the old button of the greeting makes no
/// second one.
fn has_own_team(step: &Step<'_>, person: PersonId) -> bool {
    step.scene.teams_watching(person).any(|team| {
        let team = step.scene.teams.get(&team);
        team.is_some_and(|team| matches!(team.name, TeamName::Of(_)))
    })
}

/// Asks for what is missing, or finishes.
fn proceed(step: &mut Step<'_>, person: PersonId, aim: Aim) {
    let Some(p) = step.person(person) else { return };
    let (consented, named, watched) =
        (p.has_consented(step.scene.service.terms_version), p.name.is_some(), p.watch.is_some());
    let missing = if !consented {
        Some(SetupStep::Consent)
    } else if !named {
        Some(SetupStep::Name)
    } else {
        match &aim {
            Aim::KeepWatch => Some(SetupStep::TeamName),
            Aim::BeWatched | Aim::Join { role: Role::Member, .. } if !watched => {
                Some(SetupStep::Interval)
            }
            Aim::BeWatched | Aim::Join { .. } => None,
        }
    };
    match missing {
        Some(missing) => enter(step, person, aim, missing),
        None => finish(step, person, &aim, None),
    }
}

/// Enters a step and asks its question.
fn enter(step: &mut Step<'_>, person: PersonId, aim: Aim, next: SetupStep) {
    let question = match &next {
        SetupStep::Consent => Message::AskConsent,
        SetupStep::Name => Message::AskName,
        SetupStep::TeamName => Message::AskTeamName,
        SetupStep::TeamKind(name) => {
            Message::AskTeamKind(name.clone(), step.rules.family_managers_max)
        }
        SetupStep::Interval => ask_interval(step, &aim),
        SetupStep::Hour(interval) => ask_hour(step, *interval, false),
    };
    set_talk(step, person, Talk::Setup(Setup { aim, step: next }));
    step.reply(question);
}

fn ask_interval(step: &Step<'_>, aim: &Aim) -> Message {
    let team = match aim {
        Aim::Join { code, .. } => step.scene.invitations.get(code).map(|i| i.team),
        Aim::BeWatched | Aim::KeepWatch => None,
    };
    let proposal = team
        .and_then(|team| step.scene.teams.get(&team))
        .map(|team| (team.interval, team.hour, step.alert_time(team.hour)));
    Message::AskInterval { proposal }
}

pub(super) fn ask_hour(step: &Step<'_>, interval: Interval, all: bool) -> Message {
    let hours = if all { 0..=23 } else { RECOMMENDED_HOURS };
    let alerts = hours.filter_map(Hour::new).map(|hour| (hour, step.alert_time(hour))).collect();
    Message::AskHour { interval, all, alerts }
}

fn current(step: &Step<'_>, person: PersonId) -> Option<Setup> {
    match &step.person(person)?.talk {
        Talk::Setup(setup) => Some(setup.clone()),
        Talk::Idle
        | Talk::Code
        | Talk::Retime(_)
        | Talk::Zone
        | Talk::TeamRetime(..)
        | Talk::Mail
        | Talk::MailCode => None,
    }
}

/// The terms were agreed to.
pub(super) fn agree(step: &mut Step<'_>, person: PersonId, at: Moment) {
    consent(step, person, at);
    again(step, person);
}

/// Notes that the present terms were agreed to, once.
pub(super) fn consent(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let version = step.scene.service.terms_version;
    if step.person(person).is_some_and(|p| p.has_consented(version)) {
        return;
    }
    if let Some(p) = step.scene.persons.change(&person) {
        p.consent = Some(Consent { version, at });
    }
    step.facts.push(Fact::Consented(person));
}

/// Asks the present question again, or goes on where it has been answered.
pub(super) fn again(step: &mut Step<'_>, person: PersonId) {
    match current(step, person) {
        None => nothing_to_do(step, person),
        Some(Setup { aim, step: SetupStep::Consent | SetupStep::Name }) => {
            proceed(step, person, aim)
        }
        Some(Setup { aim, step: SetupStep::Hour(_) | SetupStep::Interval }) => {
            enter(step, person, aim, SetupStep::Interval);
        }
        Some(Setup { aim, step: at }) => enter(step, person, aim, at),
    }
}

/// A button of a registration that is over.
fn nothing_to_do(step: &mut Step<'_>, person: PersonId) {
    if step.scene.places_of(person).next().is_some() {
        talk::usage(step, person);
    } else {
        step.reply(Message::Greeting);
    }
}

/// A text while a registration waits for an answer.
pub(super) fn typed(step: &mut Step<'_>, person: PersonId, setup: &Setup, said: &Said) {
    match (&setup.step, said.meaning) {
        (SetupStep::Name, _) => name_typed(step, person, setup, &said.text),
        (SetupStep::TeamName, _) => team_name_typed(step, person, setup, &said.text),
        (SetupStep::Interval | SetupStep::Hour(_), Meaning::Interval(interval)) => {
            choose_interval(step, person, interval);
        }
        (SetupStep::Hour(_), Meaning::Hour(hour)) => choose_hour(step, person, hour),
        _ => again(step, person),
    }
}

fn name_typed(step: &mut Step<'_>, person: PersonId, setup: &Setup, text: &str) {
    match Name::of_person(text) {
        Err(fault) => step.reply(Message::NameRefused(fault)),
        Ok(name) => {
            if let Some(p) = step.scene.persons.change(&person) {
                p.name = Some(name);
            }
            proceed(step, person, setup.aim.clone());
        }
    }
}

fn team_name_typed(step: &mut Step<'_>, person: PersonId, setup: &Setup, text: &str) {
    match Name::of_team(text) {
        Err(fault) => step.reply(Message::NameRefused(fault)),
        Ok(name) => enter(step, person, setup.aim.clone(), SetupStep::TeamKind(name)),
    }
}

/// Family or organization.
pub(super) fn choose_kind(step: &mut Step<'_>, person: PersonId, kind: TeamKind) {
    match current(step, person) {
        Some(Setup { step: SetupStep::TeamKind(name), .. }) if CHOSEN_KINDS.contains(&kind) => {
            finish_team(step, person, name, kind);
        }
        _ => again(step, person),
    }
}

/// Days between questions.
pub(super) fn choose_interval(step: &mut Step<'_>, person: PersonId, interval: Interval) {
    match current(step, person) {
        Some(Setup { aim, step: SetupStep::Interval | SetupStep::Hour(_) }) => {
            enter(step, person, aim, SetupStep::Hour(interval));
        }
        _ if settings::interval_chosen(step, person, interval) => {}
        _ => again(step, person),
    }
}

/// All 24 hours instead of the recommended ones.
pub(super) fn show_all_hours(step: &mut Step<'_>, person: PersonId) {
    match current(step, person) {
        Some(Setup { step: SetupStep::Hour(interval), .. }) => {
            let question = ask_hour(step, interval, true);
            step.reply(question);
        }
        _ if settings::all_hours(step, person) => {}
        _ => again(step, person),
    }
}

/// The hour of the questions.
pub(super) fn choose_hour(step: &mut Step<'_>, person: PersonId, hour: Hour) {
    match current(step, person) {
        Some(Setup { aim, step: SetupStep::Hour(interval) }) => {
            finish(step, person, &aim, Some((interval, hour)));
        }
        _ if settings::hour_chosen(step, person, hour) => {}
        _ => again(step, person),
    }
}

/// Interval and hour as the team proposes.
pub(super) fn as_proposed(step: &mut Step<'_>, person: PersonId) {
    let Some(Setup { aim: Aim::Join { code, role }, step: SetupStep::Interval }) =
        current(step, person)
    else {
        return again(step, person);
    };
    let proposal = step
        .scene
        .invitations
        .get(&code)
        .and_then(|invitation| step.scene.teams.get(&invitation.team))
        .map(|team| (team.interval, team.hour));
    finish(step, person, &Aim::Join { code, role }, proposal);
}

/// Everything is known: carries the registration out.
fn finish(step: &mut Step<'_>, person: PersonId, aim: &Aim, time: Option<(Interval, Hour)>) {
    set_talk(step, person, Talk::Idle);
    match aim {
        Aim::BeWatched => finish_own(step, person, time),
        Aim::Join { code, role } => join::finish(step, person, *code, *role, time),
        // A team is finished by its kind, see `choose_kind`.
        Aim::KeepWatch => {}
    }
}

/// A person made a team for themselves.
fn finish_own(step: &mut Step<'_>, person: PersonId, time: Option<(Interval, Hour)>) {
    let Some(name) = step.name(person) else { return };
    let proposal = time.unwrap_or((Interval::DAILY, Hour::DEFAULT));
    let team = make_team(step, TeamName::Of(name), TeamKind::Personal, proposal);
    add_member(step, team, Role::Member, person);
    begin_watch(step, person, time);
    ready(step, person);
    invite::hand_out(step, person, team, CodeKind::Manager);
    step.reply(Message::AskOffice(team));
}

/// Someone made a team to watch over others.
fn finish_team(step: &mut Step<'_>, person: PersonId, name: Name, kind: TeamKind) {
    set_talk(step, person, Talk::Idle);
    let organization = (kind == TeamKind::Organization).then(|| headed(step, person, &name));
    let name = TeamName::Given(name);
    let team = make_team(step, name.clone(), kind, (Interval::DAILY, Hour::DEFAULT));
    if let Some(organization) = organization {
        join_organization(step, team, organization);
    }
    add_member(step, team, Role::Manager, person);
    let personal = kind == TeamKind::Personal;
    step.reply(Message::TeamMade { team, name, personal });
    invite::hand_out(step, person, team, CodeKind::Leaflet);
    join::test_alert(step, team);
    if personal {
        step.reply(Message::AskOffice(team));
    }
}

/// The organization that a person heads: one that they head already, or a new one of this name.
fn headed(step: &mut Step<'_>, person: PersonId, name: &Name) -> OrganizationId {
    let known = step.scene.organizations.iter().find(|(_, o)| o.heads.contains(&person));
    if let Some((id, _)) = known {
        return *id;
    }
    let id = OrganizationId(step.scene.draw_id());
    let (since, heads) = (step.now, vec![person]);
    let organization = Organization { id, name: name.clone(), since, heads, teams: Vec::new() };
    step.scene.organizations.put(id, organization);
    id
}

/// Puts a team into an organization, if there is room.
pub(super) fn join_organization(step: &mut Step<'_>, team: TeamId, organization: OrganizationId) {
    let Some(known) = step.scene.organizations.change(&organization) else { return };
    if !known.teams.contains(&team) {
        if known.teams.len() >= ORGANIZATION_TEAMS_MAX {
            return;
        }
        known.teams.push(team);
    }
    if let Some(team) = step.scene.teams.change(&team) {
        team.organization = Some(organization);
    }
}

/// A team as it begins.
pub(super) fn make_team(
    step: &mut Step<'_>,
    name: TeamName,
    kind: TeamKind,
    proposal: (Interval, Hour),
) -> TeamId {
    let id = TeamId(step.scene.draw_id());
    let team = Team::made(id, kind, name, step.now, proposal);
    step.scene.teams.put(id, team);
    step.facts.push(Fact::TeamMade(id, kind));
    id
}

/// Puts a person into a team.
pub(super) fn add_member(step: &mut Step<'_>, team: TeamId, role: Role, person: PersonId) {
    let statement = step.scene.teams.get(&team).and_then(|team| team.statement.clone());
    let declared = statement.filter(|_| role == Role::Member);
    let member = Member { declared, ..Member::joining(team, role, person, step.now) };
    step.scene.members.put(member.key(), member);
    step.facts.push(Fact::Joined(person, team, role));
}

/// Begins the watch over a person. Someone who is asked already keeps their own schedule.
pub(super) fn begin_watch(step: &mut Step<'_>, person: PersonId, time: Option<(Interval, Hour)>) {
    let now = step.now;
    let Some(p) = step.person(person) else { return };
    if p.watch.is_some() {
        return;
    }
    let (interval, hour) = time.unwrap_or((Interval::DAILY, Hour::DEFAULT));
    let schedule = Schedule::starting(interval, hour, p.zone.clone(), now);
    let due_at = schedule.first_due();
    if let Some(p) = step.scene.persons.change(&person) {
        p.watch = Some(Watch::starting(schedule, now));
    }
    step.set_timer(person.0, due_at);
    step.facts.push(Fact::Scheduled(person, due_at));
}

/// Says when the first question comes.
pub(super) fn ready(step: &mut Step<'_>, person: PersonId) {
    let Some(p) = step.person(person) else { return };
    let (Some(name), Some(watch)) = (p.name.clone(), p.watch.as_ref()) else { return };
    let schedule = watch.schedule.clone();
    let first = step.local(person, schedule.next_after(step.now));
    let alert = step.alert_time(schedule.hour);
    let watchers = step.scene.watchers(person);
    let watched_by = if office::watches_itself(step, person) {
        WatchedBy::Office
    } else if watchers.is_empty() {
        WatchedBy::Nobody(has_own_team(step, person))
    } else {
        WatchedBy::People(step.watchers_named(&watchers))
    };
    step.reply(Message::Ready {
        name,
        interval: schedule.interval,
        hour: schedule.hour,
        first,
        alert,
        watched_by,
    });
}
