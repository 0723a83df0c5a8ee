//! Who and what is the business of somebody at the desk, and how much of a person the office may write down.

use crate::domain::bulletin::Audience;
use crate::domain::id::PersonId;
use crate::domain::staff::Scope;
use crate::domain::team::{Policy, Role, TeamKind};
use crate::store::{Reading, StoreError};
use crate::web::known;
use crate::web::session::SignedIn;

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

/// Whether a person is the business of somebody at the desk: asked in a team of the office or of an
/// organization, or with a case that has come to the office. A family that looks after itself is not, and
/// neither is whoever is outside of what this account is for.
pub(super) fn concerns(
    reading: &Reading,
    by: &SignedIn,
    person: PersonId,
) -> Result<bool, StoreError> {
    for (team, role, _) in reading.places(person)? {
        let Some(team) = reading.team(team)?.filter(|_| role == Role::Member) else { continue };
        let ours = team.kind != TeamKind::Personal || team.handed_over_at.is_some();
        if ours && by.staff.scope.has(team.organization) {
            return Ok(true);
        }
    }
    Ok(by.staff.scope.is_everything() && has_case_here(reading, person)?)
}

/// Whether somebody is asked in a team within the scope.
pub(super) fn is_within(
    reading: &Reading,
    scope: &Scope,
    person: PersonId,
) -> Result<bool, StoreError> {
    if scope.is_everything() {
        return Ok(true);
    }
    for (team, role, _) in reading.places(person)? {
        let team = reading.team(team)?.filter(|_| role == Role::Member);
        if team.is_some_and(|team| scope.has(team.organization)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a bulletin is for nobody outside the scope.
pub(super) fn is_audience_within(
    reading: &Reading,
    scope: &Scope,
    audience: Audience,
) -> Result<bool, StoreError> {
    Ok(scope.is_everything()
        || match audience {
            Audience::Everyone | Audience::Age(..) | Audience::Group(_) => false,
            Audience::Organization(id) => scope.has(Some(id)),
            Audience::Team(id) => {
                reading.team(id)?.is_some_and(|team| scope.has(team.organization))
            }
            Audience::Person(id) => is_within(reading, scope, id)?,
        })
}
