//! What follows in a round of practice. It knows one phone, and that phone only while its owner has no place in earnest: whoever
//! is watched, or watches, must never have to tell a practice from the real thing.

use super::Step;
use crate::domain::case::Outcome;
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId};
use crate::domain::invitation::Code;
use crate::domain::message::{Message, PracticeMessage};
use crate::domain::practice::{
    PRACTICE_OUTCOMES, PRACTICE_WAIT, Practice, PracticePress, PracticeStage,
};
use crate::domain::staff::{PracticeAct, StaffFact};

/// Somebody of the staff begins or ends one.
pub(super) fn act(step: &mut Step<'_>, by: StaffId, act: PracticeAct) {
    let (under_way, now) = (step.scene.service.practice, step.now);
    match act {
        PracticeAct::Begin if under_way.is_none() => {
            let number = step.scene.draw_id();
            let stage = PracticeStage::Invited;
            let practice = Practice { number, by, begun_at: now, person: None, stage };
            step.set_timer(number, practice.ends_at());
            step.scene.change_service().practice = Some(practice);
            step.facts.push(Fact::Staff(StaffFact::PracticeBegun(by)));
        }
        PracticeAct::Stop => {
            if let Some(practice) = under_way {
                put_away(step, &practice);
                step.facts.push(Fact::Staff(StaffFact::PracticeStopped(by)));
            }
        }
        PracticeAct::Begin => {}
    }
}

/// Whether a code is that of the practice, and its sender was told so.
pub(super) fn takes(step: &mut Step<'_>, sender: PersonId, code: Code) -> bool {
    let Some(practice) = step.scene.service.practice else { return false };
    let taken = practice.person.is_some_and(|person| person != sender);
    if taken || step.mint.code(practice.number) != code {
        return false;
    }
    if is_in_earnest(step, sender) {
        say(step, PracticeMessage::NotForYou);
    } else if practice.person.is_none() {
        let (person, stage) = (Some(sender), PracticeStage::Asked);
        step.scene.change_service().practice = Some(Practice { person, stage, ..practice });
        say(step, PracticeMessage::Ask(practice.number));
    } else {
        say_again(step, &practice);
    }
    true
}

/// A button of a practice was pressed.
pub(super) fn pressed(step: &mut Step<'_>, sender: PersonId, number: u32, press: PracticePress) {
    let Some(practice) = of(step, sender).filter(|practice| practice.number == number) else {
        return say(step, PracticeMessage::NotNow);
    };
    match (practice.stage, press) {
        (PracticeStage::Asked, PracticePress::Well) => {
            wait(step, &practice);
            say(step, PracticeMessage::AskAgain(number));
        }
        (PracticeStage::Silent(_), PracticePress::Well) => {
            wait(step, &practice);
            say(step, PracticeMessage::StillSilent(number));
        }
        (PracticeStage::Alerted, PracticePress::Claim) => {
            let stage = PracticeStage::Claimed;
            step.scene.change_service().practice = Some(Practice { stage, ..practice });
            say(step, PracticeMessage::Claimed(number));
        }
        (PracticeStage::Claimed, PracticePress::Close(outcome)) => {
            close(step, sender, &practice, outcome);
        }
        _ => say_again(step, &practice),
    }
}

/// Whether 「げんきです」 of the menu was meant for a practice: many press it there first.
pub(super) fn takes_well(step: &mut Step<'_>, sender: PersonId) -> bool {
    let waits = |stage| matches!(stage, PracticeStage::Asked | PracticeStage::Silent(_));
    let Some(practice) = of(step, sender).filter(|practice| waits(practice.stage)) else {
        return false;
    };
    pressed(step, sender, practice.number, PracticePress::Well);
    true
}

/// The timer of a practice is due: silence has lasted, or it has all lasted too long.
pub(super) fn timer(step: &mut Step<'_>, practice: &Practice) {
    let waits = matches!(practice.stage, PracticeStage::Silent(_));
    let Some(person) = practice.person.filter(|person| waits && !is_in_earnest(step, *person))
    else {
        return put_away(step, practice);
    };
    let (number, stage) = (practice.number, PracticeStage::Alerted);
    step.scene.change_service().practice = Some(Practice { stage, ..*practice });
    step.set_timer(number, practice.ends_at().max(step.now + PRACTICE_WAIT));
    let alert = vec![Message::Practising(PracticeMessage::Alert(number))];
    step.send(&alert_name(number), Purpose::Notice(person), alert);
}

/// The practice in which somebody takes part; one that the service knows in earnest by now does so no more.
fn of(step: &mut Step<'_>, sender: PersonId) -> Option<Practice> {
    let practice = step.scene.service.practice?;
    if practice.person != Some(sender) {
        return None;
    }
    if is_in_earnest(step, sender) {
        put_away(step, &practice);
        return None;
    }
    Some(practice)
}

/// Whether somebody is watched, or has a place in a team.
fn is_in_earnest(step: &Step<'_>, person: PersonId) -> bool {
    let watched = step.person(person).is_some_and(|person| person.watch.is_some());
    watched || step.scene.places_of(person).next().is_some()
}

fn wait(step: &mut Step<'_>, practice: &Practice) {
    let until = step.now + PRACTICE_WAIT;
    let stage = PracticeStage::Silent(until);
    step.scene.change_service().practice = Some(Practice { stage, ..*practice });
    step.set_timer(practice.number, until);
}

fn close(step: &mut Step<'_>, sender: PersonId, practice: &Practice, outcome: Outcome) {
    if !PRACTICE_OUTCOMES.contains(&outcome) {
        return say(step, PracticeMessage::NotNow);
    }
    put_away(step, practice);
    step.scene.change_service().practised_at = Some(step.now);
    step.facts.push(Fact::Rehearsed(sender));
    say(step, PracticeMessage::Over);
}

/// Nothing is left of it: no timer, no message on its way.
fn put_away(step: &mut Step<'_>, practice: &Practice) {
    step.scene.change_service().practice = None;
    step.scene.timers.remove(&practice.number);
    let alert = step.mint.outbox_id(&alert_name(practice.number));
    step.withdraw(alert);
}

/// Says once more what is to be done now.
fn say_again(step: &mut Step<'_>, practice: &Practice) {
    let number = practice.number;
    say(
        step,
        match practice.stage {
            PracticeStage::Invited => PracticeMessage::NotNow,
            PracticeStage::Asked => PracticeMessage::Ask(number),
            PracticeStage::Silent(_) => PracticeMessage::AskAgain(number),
            PracticeStage::Alerted => PracticeMessage::Alert(number),
            PracticeStage::Claimed => PracticeMessage::Claimed(number),
        },
    );
}

fn say(step: &mut Step<'_>, message: PracticeMessage) {
    step.reply(Message::Practising(message));
}

fn alert_name(number: u32) -> String {
    format!("practice/{number}/alert")
}
