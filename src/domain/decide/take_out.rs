//! Staff take somebody who watches out of a team: they died, moved away, or cannot any more, and press no button. What
//! follows is what follows when somebody goes by themselves; where nobody else watches, the office has to say that it does.

use super::{Step, cases, leave};
use crate::domain::case::Actor;
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId, TeamId};
use crate::domain::message::{Leave, Message};
use crate::domain::person::EndReason;
use crate::domain::staff::{StaffFact, StaffRole, TakingOut};
use crate::domain::team::{Role, TeamKind};

/// Takes somebody out of a team in which they watch. Nothing is done where it would leave members without anyone and the
/// office did not say that it watches: the page has said so.
pub(super) fn take_out(step: &mut Step<'_>, (by, role): (StaffId, StaffRole), taking: &TakingOut) {
    let TakingOut { team, manager, why, hand_over } = *taking;
    let Some(name) = step.scene.teams.get(&team).map(|team| team.name.clone()) else { return };
    let office_watches = cases::is_the_offices(step, team);
    let last = leave::is_last(step, team, manager) && !office_watches;
    let theirs = step.scene.is_in(team, Role::Manager, manager);
    if !theirs || !may(step, role, team) || last && !hand_over {
        return;
    }
    step.facts.push(Fact::Staff(StaffFact::TookOut(by, manager, team, why)));
    if last {
        leave::to_the_office(step, manager, (team, &name), true);
    }
    leave::give_up_place(step, manager, (team, name.clone()), last, true);
    withdraw(step, manager);
    drop_codes(step, manager, team);
    // To a telephone that somebody else holds by now, nothing is said.
    if why != EndReason::Died && step.is_reachable(manager) {
        step.notify(manager, Message::Leave(Leave::TakenOut { team: name }));
    }
}

/// A family looks after its own; only an administrator can help where one of them can do nothing any more.
fn may(step: &Step<'_>, role: StaffRole, team: TeamId) -> bool {
    let family = step
        .scene
        .teams
        .get(&team)
        .is_none_or(|team| team.kind == TeamKind::Personal && team.handed_over_at.is_none());
    role == StaffRole::Admin || !family
}

/// Takes back what still waits to tell them of somebody who is none of theirs any more; of one with no place anywhere,
/// all news. That an alert that arrived has ended well is still said: they would worry.
fn withdraw(step: &mut Step<'_>, manager: PersonId) {
    let placeless = step.scene.places_of(manager).next().is_none();
    for (id, purpose) in step.scene.waiting.clone() {
        let over = match purpose {
            Purpose::Alert(case, _) | Purpose::Raise(case, _) => {
                let case = step.scene.cases.get(&case);
                case.is_some_and(|case| !cases::is_theirs(step, case, manager))
            }
            Purpose::Notice(_) => placeless,
            Purpose::AllClear(..)
            | Purpose::Ask(..)
            | Purpose::Resend(..)
            | Purpose::Sorry(..)
            | Purpose::Bulletin(..)
            | Purpose::GroupAsk(..)
            | Purpose::GroupReport(..)
            | Purpose::GroupBulletin(..)
            | Purpose::Office
            | Purpose::Trial(_) => false,
        };
        if over {
            step.withdraw(id);
        }
    }
}

/// Codes with which they wanted to let others watch open nothing any more.
fn drop_codes(step: &mut Step<'_>, manager: PersonId, team: TeamId) {
    let invitations = step.scene.invitations.iter().map(|(_, invitation)| invitation);
    let theirs = invitations.filter(|invitation| {
        invitation.team == team
            && invitation.by == Actor::Person(manager)
            && invitation.kind.is_single_use()
            && invitation.used_by.is_none()
    });
    let codes: Vec<_> = theirs.map(|invitation| invitation.code).collect();
    for code in codes {
        step.scene.invitations.remove(&code);
    }
}
