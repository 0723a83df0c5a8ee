//! What follows from what is done on the page of the set-up: something is confirmed, and a letter tries the way out by mail.

use std::time::Duration;

use super::Step;
use crate::domain::decision::{Outgoing, Purpose};
use crate::domain::fact::Fact;
use crate::domain::id::{Address, OutboxId, StaffId};
use crate::domain::message::{Message, OfficeNotice};
use crate::domain::service::{Fate, Trial};
use crate::domain::staff::{SetUp, Staff, StaffFact};

/// One letter of a trial comes so long after another at the earliest: a mail server that is asked in vain is not pressed.
const TRIAL_EVERY: Duration = Duration::from_secs(60);

/// Something about the set-up was done; what only a human can see is remembered.
pub(super) fn set_up(step: &mut Step<'_>, by: StaffId, done: SetUp) {
    match done {
        SetUp::Connected => note(step, StaffFact::Connected(by)),
        SetUp::Told => note(step, StaffFact::WebhookTold(by)),
        SetUp::Confirmed(point) if point.is_by_hand() => {
            step.scene.change_service().confirmed |= point.bit();
            note(step, StaffFact::Confirmed(by, point.bit()));
        }
        SetUp::Confirmed(_) => {}
        SetUp::TryMail => try_mail(step, by),
    }
}

fn note(step: &mut Step<'_>, fact: StaffFact) {
    step.facts.push(Fact::Staff(fact));
}

/// Sends one letter to whoever wants to see whether letters leave, as every letter leaves.
fn try_mail(step: &mut Step<'_>, by: StaffId) {
    let now = step.now;
    let before = step.scene.service.trial;
    let staff = step.scene.staff.get(&by);
    let Some(to) = staff.and_then(Staff::mailbox) else { return };
    if before.is_some_and(|before| now.since(before.at) < TRIAL_EVERY) {
        return;
    }
    // The one before may still wait: of two, the later one says how things stand.
    if let Some(before) = before.filter(|before| before.fate == Fate::Waits) {
        let id = letter(step, &before);
        step.withdraw(id);
    }
    let trial = Trial { by, at: now, fate: Fate::Waits };
    let (id, to) = (letter(step, &trial), Address::Mail(to));
    let messages = vec![Message::Office(OfficeNotice::Trial)];
    step.effects.outgoing.push(Outgoing { id, to, purpose: Purpose::Trial(by), messages });
    step.scene.change_service().trial = Some(trial);
    note(step, StaffFact::MailTried(by));
}

fn letter(step: &Step<'_>, trial: &Trial) -> OutboxId {
    step.mint.outbox_id(&format!("trial/{}/{}", trial.by, trial.at.millis()))
}

/// A letter of a trial was taken, or never will be.
pub(super) fn letter_ended(step: &mut Step<'_>, message: OutboxId, fate: Fate) {
    let known = step.scene.service.trial.filter(|trial| letter(step, trial) == message);
    if let Some(trial) = known {
        step.scene.change_service().trial = Some(Trial { fate, ..trial });
    }
}
