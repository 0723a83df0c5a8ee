//! People without LINE: the office writes them down, phones them when they are due, and says what came of it. The
//! same rounds, the same waits and the same cases as for everyone; only the question is a call.

use super::{Step, answer, check, leave, settings, setup};
use crate::domain::case::{Actor, Mark, Trouble};
use crate::domain::details::Details;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId, TeamId};
use crate::domain::person::{EndReason, Person};
use crate::domain::round::{Ending, Stage};
use crate::domain::schedule::{Hour, Interval, Schedule};
use crate::domain::staff::{NEW_MEMBERS_MAX, NewMember, Phoned, StaffFact};
use crate::domain::team::{Role, TeamKind};

fn note(step: &mut Step<'_>, fact: StaffFact) {
    step.facts.push(Fact::Staff(fact));
}

/// Writes down people who are phoned, all of them or none.
pub(super) fn register(step: &mut Step<'_>, by: StaffId, people: &[NewMember]) {
    let fits = |new: &NewMember| {
        let team = step.scene.teams.get(&new.team);
        let details = &new.details;
        let can_be_phoned = details.phone.is_some() || details.mobile.is_some();
        let allowed = team
            .is_some_and(|team| team.kind == TeamKind::Office && details.needs() <= team.policy);
        can_be_phoned && allowed
    };
    if people.is_empty() || people.len() > NEW_MEMBERS_MAX || !people.iter().all(fits) {
        return;
    }
    let first = step.scene.next_id;
    for new in people {
        let id = PersonId(step.scene.draw_id());
        step.scene.persons.put(id, Person::phoned(id, new.name.clone(), step.now));
        step.scene.details.put(id, Details { version: 1, ..new.details.clone() });
        setup::add_member(step, new.team, Role::Member, id);
        setup::begin_watch(step, id, Some((new.interval, new.hour)));
    }
    let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
    note(step, StaffFact::Registered(by, PersonId(first), count));
}

/// Takes people back who were written down by mistake: all of them, as long as nothing has happened to any.
pub(super) fn unregister(step: &mut Step<'_>, by: StaffId, (first, count): (PersonId, u32)) {
    let ids = first.0..first.0.saturating_add(count);
    let untouched = |id: u32| {
        step.person(PersonId(id)).is_some_and(|person| {
            let fresh = person.watch.as_ref().is_some_and(|watch| {
                watch.round.is_none() && watch.case.is_none() && watch.last_answer_at.is_none()
            });
            person.is_phoned() && fresh
        })
    };
    if count == 0 || !ids.clone().all(untouched) {
        return;
    }
    for id in ids.map(PersonId) {
        let teams: Vec<TeamId> = step.scene.teams_watching(id).collect();
        for team in teams {
            step.scene.members.remove(&(team, Role::Member, id));
        }
        step.scene.timers.remove(&id.0);
        step.scene.details.remove(&id);
        step.scene.persons.remove(&id);
    }
    note(step, StaffFact::Unregistered(by, first, count));
}

/// Somebody is due: they stand on the list of those to phone. `true` if this is how they are asked.
pub(super) fn is_asked_by_phone(step: &Step<'_>, person: PersonId) -> bool {
    step.person(person).is_some_and(Person::is_phoned)
}

/// Somebody was phoned.
pub(super) fn phoned(step: &mut Step<'_>, by: StaffId, person: PersonId, what: Phoned) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else { return };
    let now = step.now;
    match what {
        // They spoke to us: a sign of life as good as a press.
        Phoned::Well => {
            step.facts.push(Fact::AnsweredFor(person, Actor::Staff(by)));
            answer::note(step, person, now, answer::Sign::Menu);
        }
        Phoned::InVain => {
            if !is_asked_by_phone(step, person) {
                return;
            }
            note(step, StaffFact::PhonedInVain(by, person));
            // The first call begins the wait; further ones do not put it off, and one that comes late does not put off
            // what would have been said of somebody whom nobody phoned.
            if watch.round.is_some_and(|round| round.stage == Stage::Asking) {
                check::change_round(step, person, |round| {
                    round.stage = Stage::Resent;
                    round.asked_at = Some(now);
                    round.resent_at = Some(now);
                });
                let wait_ends = now + step.rules.alert_after;
                let anyway = step.scene.timers.get(&person.0).copied().unwrap_or(wait_ends);
                step.set_timer(person.0, wait_ends.min(anyway));
            }
        }
        Phoned::Worried => {
            let waits = watch.round.as_ref().is_some_and(|round| round.stage != Stage::Reported);
            if is_asked_by_phone(step, person) && waits {
                note(step, StaffFact::PhonedInVain(by, person));
                check::report(step, person, &watch, Trouble::NoAnswer, Mark::None);
            }
        }
    }
}

/// The watch over somebody ends because the office heard that it has to; the page has asked twice.
pub(super) fn end(step: &mut Step<'_>, by: StaffId, person: PersonId, why: EndReason) {
    if step.person(person).is_some_and(|p| p.watch.is_some()) {
        leave::tell_of_end(step, person, Actor::Staff(by), why);
        check::end_watch(step, person, why, Ending::Left);
        note(step, StaffFact::EndedWatch(by, person));
    }
}

/// Other days and another hour for somebody who is phoned: everyone else changes them on their own telephone.
pub(super) fn retime(
    step: &mut Step<'_>,
    by: StaffId,
    person: PersonId,
    (interval, hour): (Interval, Hour),
) {
    let known = step.person(person).filter(|p| p.is_phoned() && p.watch.is_some());
    let Some(zone) = known.map(|p| p.zone.clone()) else { return };
    settings::put_schedule(step, person, Schedule::starting(interval, hour, zone, step.now));
    note(step, StaffFact::Retimed(by, person));
}
