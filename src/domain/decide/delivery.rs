//! What it means that a message was accepted, or never will be. The clock of the next step starts
//! when LINE accepts a message, not when it was queued.

use super::{Step, bulletin, cases, check, checkup, group, join, upkeep};
use crate::domain::bulletin::Delivery;
use crate::domain::case::Told;
use crate::domain::decision::Purpose;
use crate::domain::event::Failure;
use crate::domain::fact::Fact;
use crate::domain::id::{Address, CaseId, OutboxId, PersonId, Way};
use crate::domain::message::Message;
use crate::domain::round::{Sorry, Stage};
use crate::domain::service::Fate;
use crate::domain::time::Moment;

/// LINE accepted a message.
pub(super) fn accepted(step: &mut Step<'_>, message: OutboxId, at: Moment) {
    if step.scene.delivered_by == Some(Way::Mail) {
        // A mail server took the letter; nothing waits for that, but whoever tried it wants to know.
        if let Some(Purpose::Trial(_)) = step.scene.delivered {
            checkup::letter_ended(step, message, Fate::Taken(at));
        }
        return step.withdraw(message);
    }
    if step.scene.delivered.is_some() {
        let (now, people) = (step.now, addressed(step));
        step.scene.change_service().quota.count(now, people);
        upkeep::warn_of_quota(step);
    }
    // What was tried while our time was behind was tried later than was noted.
    let at = step.scene.service.lag.map_or(at, |lag| lag.truly(at));
    match step.scene.delivered {
        Some(Purpose::Ask(person, due_at)) => asked(step, person, due_at, at),
        Some(Purpose::Resend(person, due_at)) => resent(step, person, due_at, at),
        Some(Purpose::Alert(case, person)) => {
            cases::set_told(step, case, person, Told::Accepted);
            step.facts.push(Fact::Alerted(case, person));
        }
        Some(Purpose::Raise(case, person)) => {
            cases::set_told(step, case, person, Told::Accepted);
        }
        Some(Purpose::Sorry(person, due_at)) => apologised(step, person, due_at, at),
        Some(Purpose::GroupAsk(id, due_at)) => group::asked(step, id, due_at, at),
        Some(Purpose::Bulletin(id, to)) => {
            bulletin::delivered(step, id, to.0, Delivery::Arrived);
        }
        Some(Purpose::GroupBulletin(id, to)) => {
            bulletin::delivered(step, id, to.0, Delivery::Arrived);
        }
        Some(
            Purpose::AllClear(..)
            | Purpose::Notice(_)
            | Purpose::Office
            | Purpose::Trial(_)
            | Purpose::GroupReport(..),
        ) => {}
        // Taken back meanwhile: whoever took it back has reckoned with this.
        None => return,
    }
    step.withdraw(message);
}

/// How many messages the one that was accepted counts: one for each person of a group.
fn addressed(step: &Step<'_>) -> u32 {
    match step.scene.delivered {
        Some(
            Purpose::GroupAsk(id, _) | Purpose::GroupReport(id, _) | Purpose::GroupBulletin(_, id),
        ) => step.scene.groups.get(&id).map_or(1, |group| group.size.max(1)),
        _ => 1,
    }
}

fn asked(step: &mut Step<'_>, person: PersonId, due_at: Moment, at: Moment) {
    let open = check::open_round(step, person)
        .is_some_and(|round| round.due_at == due_at && round.stage == Stage::Asking);
    if !open {
        return;
    }
    check::change_round(step, person, |round| {
        round.stage = Stage::Asked;
        round.asked_at = Some(at);
    });
    step.set_timer(person.0, at + step.rules.resend_after);
    step.facts.push(Fact::Asked(person, due_at));
}

fn resent(step: &mut Step<'_>, person: PersonId, due_at: Moment, at: Moment) {
    let open = check::open_round(step, person)
        .is_some_and(|round| round.due_at == due_at && round.stage == Stage::Resending);
    if !open {
        return;
    }
    check::change_round(step, person, |round| {
        round.stage = Stage::Resent;
        round.resent_at = Some(at);
    });
    step.set_timer(person.0, at + step.rules.alert_after);
    step.facts.push(Fact::Resent(person, due_at));
}

/// The wait begins anew: never shorter than it would have been without the apology.
fn apologised(step: &mut Step<'_>, person: PersonId, due_at: Moment, at: Moment) {
    let Some(round) = check::open_round(step, person).filter(|round| round.due_at == due_at) else {
        return;
    };
    let waiting = matches!(round.stage, Stage::Asked | Stage::Resending | Stage::Resent);
    let Some(sorry) = round.sorry.filter(|sorry| waiting && sorry.accepted_at.is_none()) else {
        return;
    };
    check::change_round(step, person, |round| {
        round.sorry = Some(Sorry { accepted_at: Some(at), ..sorry });
    });
    let next = (at + sorry.wait).max(check::wait_ends(step, &round).unwrap_or(at));
    step.set_timer(person.0, next);
    step.facts.push(Fact::Apologised(person, due_at));
}

/// A message will never be accepted. Nothing waits for it: the timer of the round stands where a
/// human is told in any case.
pub(super) fn failed(step: &mut Step<'_>, message: OutboxId, why: Failure) {
    let Some(purpose) = step.scene.delivered else { return };
    step.withdraw(message);
    if let Some(receiver) = purpose.receiver() {
        step.facts.push(Fact::Undelivered(receiver, why));
    }
    if step.scene.delivered_by == Some(Way::Mail) {
        if let Purpose::Trial(_) = purpose {
            checkup::letter_ended(step, message, Fate::Failed(why));
        }
        return;
    }
    if let Purpose::Alert(case, person) = purpose {
        let told = if why == Failure::OutOfTime { Told::Unsure } else { Told::Failed };
        cases::set_told(step, case, person, told);
        by_mail_instead(step, case, person);
    }
    if let Some(receiver) = purpose.receiver().filter(|_| why == Failure::UnknownReceiver) {
        join::unknown_to_line(step, receiver);
    }
    match purpose {
        Purpose::Bulletin(id, to) => bulletin::delivered(step, id, to.0, Delivery::Failed),
        Purpose::GroupBulletin(id, to) => bulletin::delivered(step, id, to.0, Delivery::Failed),
        Purpose::Notice(to) if why == Failure::OutOfTime => join::test_lost(step, to),
        Purpose::AllClear(case, to) if why == Failure::OutOfTime => {
            cases::clear_again(step, case, to);
        }
        _ => {}
    }
    if let (
        Purpose::GroupAsk(id, _) | Purpose::GroupReport(id, _) | Purpose::GroupBulletin(_, id),
        Failure::UnknownReceiver,
    ) = (purpose, why)
    {
        group::lost(step, id);
    }
    if let Purpose::Alert(case, _) | Purpose::Raise(case, _) = purpose {
        cases::nobody_left(step, case);
    }
}

/// An alert that LINE will never bring goes by letter at once, where there is an address.
fn by_mail_instead(step: &mut Step<'_>, id: CaseId, person: PersonId) {
    let Some(case) = step.scene.cases.get(&id).filter(|case| case.is_open()).cloned() else {
        return;
    };
    if cases::alert_by_mail(step, &case, person) {
        cases::set_told(step, id, person, Told::ByMail);
    }
}

/// LINE refused a reply; what matters goes as a push.
pub(super) fn reply_refused(step: &mut Step<'_>, to: &Address, cause: &str, messages: &[Message]) {
    cause.clone_into(&mut step.cause);
    if let Some(person) = step.scene.person_at(to) {
        step.push_what_matters(person, messages.to_vec());
    }
}
