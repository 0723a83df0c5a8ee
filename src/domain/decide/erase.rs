//! Somebody is forgotten: whether that may be, and what else has to know. Their rows are removed in the same transaction
//! without being read here; whatever somebody does under their LINE account from then on is a stranger's.

use super::{Step, cases, group};
use crate::domain::case::{Actor, Closed, Outcome};
use crate::domain::erasure::{Erasure, ErasureReason, Forgotten, Kind};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, GroupId, OrganizationId, PersonId, StaffId, TeamId};
use crate::domain::staff::StaffFact;
use crate::domain::team::Role;
use crate::domain::time::Moment;

/// Nobody of the staff.
const NOBODY: StaffId = StaffId(0);

/// Forgets somebody, unless something stands in the way; the page has said what.
pub(super) fn erase(step: &mut Step<'_>, by: StaffId, person: PersonId, reason: ErasureReason) {
    if step.person(person).is_none() || step.scene.hindrance.is_some() {
        return;
    }
    forget(step, person, (by, reason), None);
    step.facts.push(Fact::Staff(StaffFact::Erased(by, person)));
}

/// Somebody who was forgotten has come back with a copy. What would stand in the way of forgetting them stands in no way
/// here: it was seen to before they were forgotten, and that is only not in the copy. They may have died; so nobody is
/// asked, alerted or told. Whoever has their number and was met at another moment is somebody else, and stays.
pub(super) fn erase_again(step: &mut Step<'_>, forgotten: Forgotten) {
    let Forgotten { person, met_at, at } = forgotten;
    if step.person(person).is_none_or(|known| known.since != met_at) {
        return;
    }
    let open = step.scene.cases.iter().filter(|(_, case)| case.is_open());
    let (theirs, others): (Vec<(CaseId, PersonId)>, Vec<_>) =
        open.map(|(id, case)| (*id, case.person)).partition(|(_, of)| *of == person);
    for (id, _) in theirs {
        end_case(step, id, person);
    }
    for (id, _) in others {
        // Nobody's again: everyone is asked afresh once the service is back.
        if let Some(case) = step.scene.cases.change(&id)
            && case.claimer() == Some(Actor::Person(person))
        {
            case.claim = None;
            step.facts.push(Fact::ClaimLapsed(id, Actor::Person(person)));
        }
    }
    hand_on(step, person);
    for (id, _) in std::mem::take(&mut step.scene.waiting) {
        step.withdraw(id);
    }
    forget(step, person, (NOBODY, ErasureReason::CameBack), Some(at));
    step.facts.push(Fact::ErasedAgain(person));
}

/// Ends a case about somebody of whom nobody has to hear any more.
fn end_case(step: &mut Step<'_>, id: CaseId, person: PersonId) {
    let (now, outcome) = (step.now, Outcome::Other);
    if let Some(case) = step.scene.cases.change(&id) {
        case.closed = Some(Closed { at: now, by: None, outcome });
        step.scene.timers.remove(&id.0);
        step.facts.push(Fact::Closed(id, Actor::Person(person), outcome));
    }
}

/// Teams in which nobody else watches are the office's from here on, as when the last one is taken out; and whoever headed
/// an organization heads it no more.
fn hand_on(step: &mut Step<'_>, person: PersonId) {
    let managed = step.scene.places_of(person).filter(|place| place.role == Role::Manager);
    let managed: Vec<TeamId> = managed.map(|place| place.team).collect();
    for team in managed {
        if super::leave::is_last(step, team, person) && !cases::is_the_offices(step, team) {
            let now = step.now;
            if let Some(team) = step.scene.teams.change(&team) {
                team.handed_over_at = Some(now);
                team.office_agreed = true;
            }
            step.facts.push(Fact::HandedOver(team, person));
        }
    }
    let headed = step.scene.organizations.iter().filter(|(_, o)| o.heads.contains(&person));
    let headed: Vec<OrganizationId> = headed.map(|(id, _)| *id).collect();
    for id in headed {
        if let Some(organization) = step.scene.organizations.change(&id) {
            organization.heads.retain(|head| *head != person);
        }
    }
}

/// Takes somebody out of what goes on without them, and has the rest removed.
fn forget(
    step: &mut Step<'_>,
    person: PersonId,
    (by, reason): (StaffId, ErasureReason),
    first_at: Option<Moment>,
) {
    let Some(known) = step.person(person) else { return };
    let mut erasure = Erasure {
        person,
        at: step.now,
        by,
        reason,
        was_asked: known.ended.is_some() || known.watch.is_some(),
        removed: Vec::new(),
        file_clean_at: None,
        met_at: known.since,
        first_at,
    };
    let groups = step.scene.participants.iter().filter(|((_, of), _)| *of == person);
    let groups: Vec<GroupId> = groups.map(|((group, _), _)| *group).collect();
    erasure.count(Kind::Groups, groups.len());
    for id in groups {
        group::gone(step, id, person);
    }
    // One name for several people: whoever else bears it is held all the same, a letter only names them less.
    if let Some(name) = step.name(person)
        && step.scene.service.breaker.held.contains(&name)
    {
        step.scene.change_service().breaker.held.retain(|held| *held != name);
    }
    step.scene.erasing = Some(erasure);
}

/// The data file was written anew, and somebody who was forgotten is in none of its bytes.
pub(super) fn file_is_clean(step: &mut Step<'_>, person: PersonId) {
    let now = step.now;
    let waits = step.scene.erasures.get(&person).is_some_and(|e| e.file_clean_at.is_none());
    if let Some(erasure) = step.scene.erasures.change(&person).filter(|_| waits) {
        erasure.file_clean_at = Some(now);
        step.facts.push(Fact::FileClean(person));
    }
}
