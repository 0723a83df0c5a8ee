//! What people can change about their own watch, and managers about their team: interval and hour,
//! quotes, quiet nights, whether the office may be told. Everything that concerns others is told
//! to them.

use super::talk::set_talk;
use super::{Step, answer, cases, office, rest, setup};
use crate::domain::case::Case;
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::message::{Message, TeamSettings};
use crate::domain::page::Page;
use crate::domain::person::Talk;
use crate::domain::round::Stage;
use crate::domain::schedule::{Hour, Interval, Schedule, Zone};
use crate::domain::team::{Role, Team, TeamKind};
use crate::domain::time::Moment;

/// Another interval and hour.
pub(super) fn retime(step: &mut Step<'_>, sender: PersonId) {
    if step.person(sender).is_none_or(|person| person.watch.is_none()) {
        return step.reply(Message::Greeting);
    }
    set_talk(step, sender, Talk::Retime(None));
    step.reply(Message::AskInterval { proposal: None });
}

/// An interval was chosen, outside a registration. `false` if nothing waits for one.
pub(super) fn interval_chosen(step: &mut Step<'_>, sender: PersonId, interval: Interval) -> bool {
    let next = match step.person(sender).map(|person| &person.talk) {
        Some(Talk::Retime(_)) => Talk::Retime(Some(interval)),
        Some(Talk::TeamRetime(team, _)) => Talk::TeamRetime(*team, Some(interval)),
        _ => return false,
    };
    set_talk(step, sender, next);
    let question = setup::ask_hour(step, interval, false);
    step.reply(question);
    true
}

/// All hours are wanted, outside a registration. `false` if nothing waits for one.
pub(super) fn all_hours(step: &mut Step<'_>, sender: PersonId) -> bool {
    let interval = match step.person(sender).map(|person| &person.talk) {
        Some(Talk::Retime(Some(interval)) | Talk::TeamRetime(_, Some(interval))) => *interval,
        _ => return false,
    };
    let question = setup::ask_hour(step, interval, true);
    step.reply(question);
    true
}

/// An hour was chosen, outside a registration. `false` if nothing waits for one.
pub(super) fn hour_chosen(step: &mut Step<'_>, sender: PersonId, hour: Hour) -> bool {
    match step.person(sender).map(|person| person.talk.clone()) {
        Some(Talk::Retime(Some(interval))) => {
            set_talk(step, sender, Talk::Idle);
            change_schedule(step, sender, interval, hour);
            true
        }
        Some(Talk::TeamRetime(team, Some(interval))) => {
            set_talk(step, sender, Talk::Idle);
            change_proposal(step, sender, team, interval, hour);
            true
        }
        _ => false,
    }
}

/// A new schedule: an open round ends by its own times, and what comes after is new.
pub(super) fn change_schedule(
    step: &mut Step<'_>,
    person: PersonId,
    interval: Interval,
    hour: Hour,
) {
    let now = step.now;
    let Some(p) = step.person(person) else { return };
    let schedule = Schedule::starting(interval, hour, p.zone.clone(), now);
    put_schedule(step, person, schedule);
    let alert = step.alert_time(hour);
    if let Some(next) = step.next_due(person) {
        step.reply(Message::Retimed { interval, hour, next, alert });
    }
}

/// Puts a new schedule in place, and tells those who watch.
pub(super) fn put_schedule(step: &mut Step<'_>, person: PersonId, schedule: Schedule) {
    let (interval, hour, due_at) = (schedule.interval, schedule.hour, schedule.first_due());
    let mut waits = false;
    super::check::change_watch(step, person, |watch| {
        // After a report nothing is waited for but the next question, and that is another one now.
        waits = watch.round.as_ref().is_some_and(|round| round.stage != Stage::Reported);
        watch.schedule = schedule;
    });
    if !waits {
        rest::set_timer(step, person);
    }
    step.facts.push(Fact::Scheduled(person, due_at));
    let Some(name) = step.name(person) else { return };
    for watcher in cases::reachable_watchers(step, person) {
        let (name, next) = (name.clone(), step.local(watcher, due_at));
        step.notify(watcher, Message::MemberRetimed { name, interval, hour, next });
    }
}

/// By which clock somebody lives.
pub(super) fn ask_zone(step: &mut Step<'_>, sender: PersonId) {
    if step.scene.places_of(sender).next().is_none() {
        return step.reply(Message::Greeting);
    }
    let zone = step.person(sender).map(|person| person.zone.clone()).unwrap_or_default();
    set_talk(step, sender, Talk::Zone);
    step.reply(Message::AskZone(zone));
}

/// A place was typed, or something else: that shows a sign of life all the same.
pub(super) fn zone_typed(
    step: &mut Step<'_>,
    sender: PersonId,
    at: Moment,
    place: Option<&'static str>,
) {
    answer::in_passing(step, sender, at);
    match place {
        Some(zone) => live_in(step, sender, zone),
        None => step.reply(Message::ZoneRefused),
    }
}

/// From the next question on, the same hour by another clock.
pub(super) fn live_in(step: &mut Step<'_>, sender: PersonId, zone: &str) {
    let Some(zone) = Zone::named(zone) else { return step.reply(Message::ZoneRefused) };
    if step.scene.places_of(sender).next().is_none() {
        return step.reply(Message::Greeting);
    }
    set_talk(step, sender, Talk::Idle);
    let before = step.person(sender).map(|person| person.zone.clone());
    if let Some(person) = step.scene.persons.change(&sender) {
        person.zone = zone.clone();
    }
    step.reply(Message::ZoneSet(zone.clone()));
    let watch = step.person(sender).and_then(|person| person.watch.as_ref());
    let times = watch.map(|watch| (watch.schedule.interval, watch.schedule.hour));
    if let Some((interval, hour)) = times.filter(|_| before != Some(zone)) {
        change_schedule(step, sender, interval, hour);
    }
}

/// The day's quote: shown or left out.
pub(super) fn quotes(step: &mut Step<'_>, sender: PersonId, wanted: bool) {
    if let Some(person) = step.scene.persons.change(&sender) {
        person.quotes = wanted;
    }
    step.reply(Message::Noted);
}

/// Whether a person decides about a team: who watches in it, and everyone of a family.
fn may_decide(step: &Step<'_>, sender: PersonId, team: TeamId) -> bool {
    let personal = step.scene.teams.get(&team).is_some_and(|t| t.kind == TeamKind::Personal);
    step.scene.is_in(team, Role::Manager, sender)
        || personal && step.scene.is_in(team, Role::Member, sender)
}

/// Shows what a team can decide.
pub(super) fn show_team(step: &mut Step<'_>, sender: PersonId, id: TeamId) {
    match settings(step, sender, id).filter(|_| may_decide(step, sender, id)) {
        Some(settings) => step.reply(Message::TeamSettings(settings)),
        None => {
            step.facts.push(Fact::NotTheirs(sender));
            step.reply(Message::TryAgain);
        }
    }
}

fn settings(step: &Step<'_>, reader: PersonId, id: TeamId) -> Option<TeamSettings> {
    let team = step.scene.teams.get(&id).cloned()?;
    // An organization cannot keep its alerts from the office: it has nobody else above it.
    let office = (team.kind == TeamKind::Personal).then_some(team.office_agreed);
    let Team { name, interval, hour, quiet, quotes, .. } = team;
    let proposal = (interval, hour);
    let link = step.link(reader, Page::Team(id));
    Some(TeamSettings { team: id, name, proposal, quiet, office, quotes, link, changed_by: None })
}

/// Who hears what when is decided together: everyone else who may decide is told what one of them has changed.
fn tell_deciders(step: &mut Step<'_>, sender: PersonId, id: TeamId) {
    let members = step.scene.members.iter().map(|((team, _, person), _)| (*team, *person));
    let mut others: Vec<PersonId> =
        members.filter(|(team, _)| *team == id).map(|(_, person)| person).collect();
    others.retain(|person| *person != sender && may_decide(step, *person, id));
    others.sort_unstable();
    others.dedup();
    let changed_by = step.name(sender);
    for other in others {
        if let Some(settings) = settings(step, other, id) {
            let changed_by = changed_by.clone();
            step.notify(other, Message::TeamSettings(TeamSettings { changed_by, ..settings }));
        }
    }
}

/// Changes something about a team and shows it anew.
pub(super) fn change_team(
    step: &mut Step<'_>,
    sender: PersonId,
    id: TeamId,
    change: impl FnOnce(&mut Team),
) {
    let who_hears =
        |step: &Step<'_>| step.scene.teams.get(&id).map(|team| (team.quiet, team.office_agreed));
    let before = who_hears(step);
    if may_decide(step, sender, id)
        && let Some(team) = step.scene.teams.change(&id)
    {
        change(team);
        step.facts.push(Fact::TeamChanged(id, sender));
    }
    if who_hears(step) != before {
        tell_deciders(step, sender, id);
    }
    show_team(step, sender, id);
}

/// Whether alerts wait until the morning. Where they need not any more, what waits is told at once.
pub(super) fn quiet_nights(step: &mut Step<'_>, sender: PersonId, id: TeamId, quiet: bool) {
    change_team(step, sender, id, |team| team.quiet = quiet);
    for case in open_cases_of(step, id) {
        cases::wakes_early(step, case);
    }
}

/// Whether the office may be told of what nobody takes. Where that is so of a case already, it is told at once.
pub(super) fn office_agreed(step: &mut Step<'_>, sender: PersonId, id: TeamId, agreed: bool) {
    change_team(step, sender, id, |team| team.office_agreed = agreed);
    for case in open_cases_of(step, id) {
        office::may_be_told_now(step, case);
    }
}

fn open_cases_of(step: &Step<'_>, team: TeamId) -> Vec<CaseId> {
    let cases = step.scene.cases.iter().map(|(_, case)| case);
    let theirs = |case: &&Case| step.scene.is_in(team, Role::Member, case.person);
    cases.filter(|case| case.is_open()).filter(theirs).map(|case| case.id).collect()
}

/// Another proposal for those who will join.
pub(super) fn team_retime(step: &mut Step<'_>, sender: PersonId, team: TeamId) {
    if !may_decide(step, sender, team) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    set_talk(step, sender, Talk::TeamRetime(team, None));
    step.reply(Message::AskInterval { proposal: None });
}

pub(super) fn change_proposal(
    step: &mut Step<'_>,
    sender: PersonId,
    team: TeamId,
    interval: Interval,
    hour: Hour,
) {
    change_team(step, sender, team, |team| {
        team.interval = interval;
        team.hour = hour;
    });
}
