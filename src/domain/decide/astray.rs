//! Who would be forgotten: watched, and without a timer, or with one that nobody carries out, or one that lies further
//! ahead than any rule sets it, as a clock that ran ahead leaves behind. Found by whoever counts everyone; repaired here,
//! and never silently.

use std::time::Duration;

use super::{Step, cases, check, climb, group, rest};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, GroupId, PersonId};
use crate::domain::ladder::Rung;
use crate::domain::person::Person;
use crate::domain::round::{Ending, Stage};
use crate::domain::time::Moment;

/// A timer that is past by more than this is not being carried out.
const TIMER_LATE: Duration = Duration::from_secs(180);

/// What is repaired is carried out so soon.
const SOON: Duration = Duration::from_secs(60);

/// Someone who should be asked.
pub(super) fn person(step: &mut Step<'_>, person: PersonId) {
    let Some(p) = step.person(person) else { return };
    if p.was_told_later(step.now) && knows_the_time(step) {
        come_back(step, person);
        return step.facts.push(Fact::Stray(person));
    }
    if p.watch.is_none() || p.is_lost() && !has_no_case(p) {
        return;
    }
    let due_at = step.scene.timers.get(&person.0).copied();
    let is_ahead = due_at.is_some_and(|due_at| p.is_ahead(due_at, step.now, step.rules));
    let is_ahead = is_ahead && knows_the_time(step);
    if due_at.is_none_or(|due_at| is_overdue(step, due_at)) {
        step.set_timer(person.0, step.now + SOON);
    } else if is_ahead {
        come_back(step, person);
    } else {
        return;
    }
    step.facts.push(Fact::Stray(person));
}

/// What is noted of days to come never happened. Whoever is being waited for is waited for as long as any; the others are
/// asked at their next hour.
fn come_back(step: &mut Step<'_>, person: PersonId) {
    let now = step.now;
    if let Some(person) = step.scene.persons.change(&person) {
        person.come_back(now);
    }
    if step.person(person).is_none_or(|p| p.watch.is_none() || p.is_lost() && !has_no_case(p)) {
        return;
    }
    if check::open_round(step, person).is_some_and(|round| round.is_ahead(now)) {
        check::end_round(step, person, Ending::Superseded, now);
    }
    // The second call that came before its time is made again when it is time.
    let too_soon = step.person(person).is_some_and(|p| p.was_called_too_soon(now, step.rules));
    if let Some(round) = check::open_round(step, person).filter(|_| too_soon) {
        step.withdraw(step.resend_id(person, round.due_at));
        check::change_round(step, person, |round| {
            (round.stage, round.resent_at) = (Stage::Asked, None);
        });
    }
    if step.person(person).is_some_and(Person::is_lost) {
        return step.set_timer(person.0, now + SOON);
    }
    let ends = match check::open_round(step, person) {
        Some(round) if round.stage == Stage::Asking => round.due_at + step.rules.not_sent_after(),
        Some(round) if round.stage == Stage::Resending => now + step.rules.alert_after,
        Some(round) if round.stage != Stage::Reported => {
            check::wait_ends(step, &round).unwrap_or(now)
        }
        Some(_) | None => return rest::set_timer(step, person),
    };
    step.set_timer(person.0, ends.max(now + SOON));
}

/// A case in which somebody still has to look: nobody would be reminded of it any more.
pub(super) fn case(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id) else { return };
    if !case.is_open() || case.rung == Rung::Rest {
        return;
    }
    let (rung, now, soon) = (case.rung, step.now, step.now + SOON);
    let due_at = step.scene.timers.get(&id.0).copied();
    let is_ahead = |due_at| case.is_ahead(due_at, step.now, step.rules);
    if due_at.is_some_and(is_ahead) && knows_the_time(step) {
        if let Some(case) = step.scene.cases.change(&id) {
            case.come_back(now);
        }
        climb::set_rung(step, id, (rung, soon));
        cases::set_timer(step, id);
    } else if due_at.is_none_or(|due_at| is_overdue(step, due_at)) {
        step.set_timer(id.0, soon);
    } else {
        return;
    }
    step.facts.push(Fact::StrayCase(id));
}

/// A group that should be asked.
pub(super) fn group(step: &mut Step<'_>, id: GroupId) {
    let Some(group) = step.scene.groups.get(&id) else { return };
    if !group.is_here() || group.schedule.is_none() {
        return;
    }
    let due_at = step.scene.timers.get(&id.0).copied();
    match due_at {
        None => step.set_timer(id.0, step.now + SOON),
        Some(due_at) if group.is_ahead(due_at, step.now, step.rules) && knows_the_time(step) => {
            group_comes_back(step, id);
        }
        Some(_) => return,
    }
    step.facts.push(Fact::GroupStray(id));
}

/// The time that we went by was ahead: a round of days to come was none, and one that is being waited for ends no later
/// than a whole wait from here.
fn group_comes_back(step: &mut Step<'_>, id: GroupId) {
    let now = step.now;
    let Some(group) = step.scene.groups.change(&id) else { return };
    group.round = group.round.take().filter(|round| !round.is_ahead(now));
    let asked_at = group.round.as_ref().and_then(|round| round.asked_at);
    step.set_timer(id.0, asked_at.unwrap_or(now) + step.rules.group_report_after);
    group::resume(step, id);
}

/// Where our time was behind, the wait of a group that was asked meanwhile began later than was noted: it is as long as any.
pub(super) fn group_waits_as_long(step: &mut Step<'_>, id: GroupId) {
    let Some(lag) = step.scene.service.lag else { return };
    let wait = step.rules.group_report_after;
    let round = step.scene.groups.change(&id).and_then(|group| group.round.as_mut());
    let Some(round) = round.filter(|round| round.reported_at.is_none()) else { return };
    let Some(asked_at) = &mut round.asked_at else { return };
    *asked_at = lag.truly(*asked_at);
    let ends = *asked_at + wait;
    step.set_timer(id.0, ends);
}

/// By a clock that is behind everything is of days to come: nothing is put right by one that may be wrong.
fn knows_the_time(step: &Step<'_>) -> bool {
    step.scene.service.time_doubted.is_none()
}

/// Whether a timer is not being carried out. What came due while we stood still, unnoticed yet, had no time to be.
fn is_overdue(step: &Step<'_>, due_at: Moment) -> bool {
    let alive_at = step.scene.service.alive_at.unwrap_or(step.now);
    alive_at.min(step.now).since(due_at) > TIMER_LATE
}

/// Whether nobody is looking at somebody whom LINE does not reach.
fn has_no_case(person: &Person) -> bool {
    person.watch.as_ref().is_some_and(|watch| watch.case.is_none())
}
