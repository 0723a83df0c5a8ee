//! Who is the office's business, and how much of them it may write down.

use crate::domain::id::PersonId;
use crate::domain::team::{Policy, Role, TeamKind};
use crate::store::{Reading, StoreError};
use crate::web::known;

/// How much of a person the office may write down, as the rules decide it.
pub(super) fn policy(reading: &Reading, person: PersonId) -> Result<Policy, StoreError> {
    if has_case_here(reading, person)? { Ok(Policy::Full) } else { known::policy(reading, person) }
}

fn has_case_here(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    let watch = reading.person(person)?.and_then(|person| person.watch);
    let Some(watch) = watch else { return Ok(false) };
    for case in [watch.case, watch.soft, watch.call].into_iter().flatten() {
        if reading.case(case)?.is_some_and(|c| c.is_open() && c.office_since.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a person is the office's business: asked in one of its teams or of an organization's, or with
/// a case that has come to it. A family that looks after itself is not.
pub(super) fn concerns_office(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    for (team, role, _) in reading.places(person)? {
        let Some(team) = reading.team(team)?.filter(|_| role == Role::Member) else { continue };
        if team.kind != TeamKind::Personal || team.handed_over_at.is_some() {
            return Ok(true);
        }
    }
    has_case_here(reading, person)
}
