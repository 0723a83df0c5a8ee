//! The office of the council: when it sees a case, and who of it is told.

use jiff::civil::DateTime;

use super::{Step, cases};
use crate::domain::case::{Actor, Case, Closed, Outcome};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::message::{OfficeNotice, Who};
use crate::domain::schedule::Zone;
use crate::domain::team::TeamKind;
use crate::domain::time::Moment;

/// Puts a case on the office's board, once.
pub(super) fn tell(step: &mut Step<'_>, id: CaseId) {
    let now = step.now;
    let Some(case) = step.scene.cases.change(&id).filter(|case| case.office_since.is_none()) else {
        return;
    };
    case.office_since = Some(now);
    let (person, trouble, nobody, opened_at) =
        (case.person, case.trouble, case.nobody, case.opened_at);
    step.facts.push(Fact::OfficeTold(id));
    let Some(name) = step.name(person) else { return };
    let teams = step
        .scene
        .teams_watching(person)
        .filter_map(|team| step.scene.teams.get(&team).map(|team| team.name.clone()))
        .collect();
    let since = wall(opened_at);
    let notice = OfficeNotice::Case { name, teams, trouble, since, nobody };
    step.tell_office(&format!("case/{id}"), notice);
}

/// Says again that nobody has taken a case, where the office is the one who has to: it watches itself, or there is nobody
/// else. `lapsed`: somebody had taken it.
pub(super) fn tell_again(step: &mut Step<'_>, id: CaseId, lapsed: bool) {
    let Some(case) = step.scene.cases.get(&id).filter(|case| case.office_since.is_some()) else {
        return;
    };
    let (person, trouble, opened_at) = (case.person, case.trouble, case.opened_at);
    let is_theirs = looks_after(step, case);
    let is_taken = case.claim.is_some() || case.called_emergency;
    let Some(name) = step.name(person).filter(|_| is_theirs && !is_taken) else { return };
    let notice = OfficeNotice::CaseAgain { name, trouble, since: wall(opened_at), lapsed };
    let again = format!("case/{id}/again/{}", step.now.millis());
    step.tell_office(&again, notice);
}

/// A case that the office was told of is over, and not by its own hand: nobody there has to look any more.
pub(super) fn hears_of_the_end(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id).filter(|case| case.office_since.is_some()) else {
        return;
    };
    let Some(Closed { at, by, outcome }) = case.closed else { return };
    let who = match by {
        // What goes on as another case is not over, whoever said so: it is told anew.
        _ if outcome == Outcome::HandedOn => return,
        Some(Actor::Person(by)) if by == case.person => None,
        Some(Actor::Person(by)) => step.name(by).map(Who::Named),
        None if outcome == Outcome::Answered => None,
        // The office knows what it did; and one small trouble gave way to another.
        Some(Actor::Staff(_)) | None => return,
    };
    let person = case.person;
    // That the watch ends says more.
    let says_more = outcome.ends_watch() && watches_itself(step, person);
    let Some(name) = step.name(person).filter(|_| !says_more) else { return };
    let notice = OfficeNotice::CaseOver { name, who, outcome, at: wall(at) };
    step.tell_office(&format!("case/{id}/over"), notice);
}

/// The office's own wall.
pub(super) fn wall(moment: Moment) -> DateTime {
    Zone::default().local(moment)
}

/// Whether the office is the one who has to look after a case: it watches itself, or there was nobody else.
pub(super) fn looks_after(step: &Step<'_>, case: &Case) -> bool {
    case.nobody || watches_itself(step, case.person)
}

/// Whether the office watches over a person itself: in a team of its own, or one handed to it.
pub(super) fn watches_itself(step: &Step<'_>, person: PersonId) -> bool {
    step.scene.teams_watching(person).any(|team| cases::is_the_offices(step, team))
}

/// Whether the office may be told of a case that nobody takes: a family only where it agreed.
pub(super) fn may_be_told(step: &Step<'_>, person: PersonId) -> bool {
    step.scene.teams_watching(person).any(|team| {
        step.scene
            .teams
            .get(&team)
            .is_some_and(|team| team.kind != TeamKind::Personal || team.office_agreed)
    })
}

/// A family that said no says yes: the office is told of what it would have been told of before.
pub(super) fn may_be_told_now(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id) else { return };
    let was_due = case.escalated_at.is_some() || case.no_contact || case.called_emergency;
    if case.is_open() && was_due && may_be_told(step, case.person) {
        tell(step, id);
    }
}
