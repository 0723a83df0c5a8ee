//! The office of the council: when it sees a case, and who of it is told.

use jiff::civil::DateTime;

use super::{Step, cases};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::message::OfficeNotice;
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

/// The office's own wall.
pub(super) fn wall(moment: Moment) -> DateTime {
    Zone::default().local(moment)
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
