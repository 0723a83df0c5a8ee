//! Somebody is forgotten: whether that may be, and what else has to know. Their rows are removed in the same transaction
//! without being read here; whatever somebody does under their LINE account from then on is a stranger's.

use super::{Step, group};
use crate::domain::erasure::{Erasure, ErasureReason, Kind};
use crate::domain::fact::Fact;
use crate::domain::id::{GroupId, PersonId, StaffId};
use crate::domain::staff::StaffFact;

/// Forgets somebody, unless something stands in the way; the page has said what.
pub(super) fn erase(step: &mut Step<'_>, by: StaffId, person: PersonId, reason: ErasureReason) {
    let Some(was_asked) = step.person(person).map(|known| known.ended.is_some()) else { return };
    if step.scene.hindrance.is_some() {
        return;
    }
    let mut erasure = Erasure {
        person,
        at: step.now,
        by,
        reason,
        was_asked,
        removed: Vec::new(),
        file_clean_at: None,
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
    step.facts.push(Fact::Staff(StaffFact::Erased(by, person)));
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
