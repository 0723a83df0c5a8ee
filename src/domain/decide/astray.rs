//! Who would be forgotten: watched, and without a timer, or with one that nobody carries out, or one that lies further
//! ahead than any rule sets it, as a clock that ran ahead leaves behind. Found by whoever counts everyone; repaired here,
//! and never silently.

use std::time::Duration;

use super::{Step, cases, check, climb, group, rest};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, GroupId, PersonId};
use crate::domain::ladder::Rung;
use crate::domain::person::Person;
use crate::domain::round::Ending;
use crate::domain::time::Moment;

/// A timer that is past by more than this is not being carried out.
const TIMER_LATE: Duration = Duration::from_secs(180);

/// What is repaired is carried out so soon.
const SOON: Duration = Duration::from_secs(60);

/// Someone who should be asked.
pub(super) fn person(step: &mut Step<'_>, person: PersonId) {
    let Some(p) = step.person(person) else { return };
    if p.watch.is_none() || p.is_lost() && !has_no_case(p) {
        return;
    }
    let due_at = step.scene.timers.get(&person.0).copied();
    let is_ahead = due_at.is_some_and(|due_at| p.is_ahead(due_at, step.now, step.rules));
    if due_at.is_none_or(|due_at| is_overdue(step, due_at)) {
        step.set_timer(person.0, step.now + SOON);
    } else if is_ahead {
        come_back(step, person);
    } else {
        return;
    }
    step.facts.push(Fact::Stray(person));
}

/// What is noted of days to come never happened. Whoever is being waited for is waited for no longer than a whole wait
/// from here; the others are asked at their next hour.
fn come_back(step: &mut Step<'_>, person: PersonId) {
    let now = step.now;
    if check::open_round(step, person).is_some_and(|round| round.is_ahead(now)) {
        check::end_round(step, person, Ending::Superseded, now);
    }
    if step.person(person).is_some_and(Person::is_lost) {
        step.set_timer(person.0, now + SOON);
    } else if check::open_round(step, person).is_some() {
        step.set_timer(person.0, now + step.rules.resend_after);
    } else {
        rest::set_timer(step, person);
    }
}

/// A case in which somebody still has to look: nobody would be reminded of it any more.
pub(super) fn case(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id) else { return };
    if !case.is_open() || case.rung == Rung::Rest {
        return;
    }
    let (rung, soon) = (case.rung, step.now + SOON);
    let due_at = step.scene.timers.get(&id.0).copied();
    let is_ahead = |due_at| case.is_ahead(due_at, step.now, step.rules);
    if due_at.is_some_and(is_ahead) {
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
        Some(due_at) if group.is_ahead(due_at, step.now, step.rules) => group::come_back(step, id),
        Some(_) => return,
    }
    step.facts.push(Fact::GroupStray(id));
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
