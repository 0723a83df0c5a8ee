//! Who acts in a chat, and what they mean. Decides nothing itself beyond meeting someone new.

use super::{Step, answer, cases, invite, join, setup};
use crate::domain::event::{Act, Chat, Meaning, Said};
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::message::Message;
use crate::domain::person::{Aim, Person, Talk};
use crate::domain::press::Press;
use crate::domain::rules::{CLOCK_SLACK, EVENT_AGE_MAX, REPLY_AGE_MAX};
use crate::domain::time::Moment;

/// An act in a 1:1 chat.
pub(super) fn chat(step: &mut Step<'_>, chat: &Chat) {
    if step.now.since(chat.at) > EVENT_AGE_MAX {
        return;
    }
    // LINE's clock may run ahead of ours a little; further ahead it proves nothing but "now".
    let at = if chat.at > step.now + CLOCK_SLACK { step.now } else { chat.at };
    step.cause.clone_from(&chat.id);
    let sender = match step.scene.sender {
        Some(known) => known,
        // Someone unknown who blocks us stays unknown.
        None if chat.act == Act::Blocked => return,
        None => meet(step, chat),
    };
    act(step, sender, at, &chat.act);
    let fresh = step.now.since(at) < REPLY_AGE_MAX;
    step.answer(sender, chat.reply_token.as_ref().filter(|_| fresh));
}

fn meet(step: &mut Step<'_>, chat: &Chat) -> PersonId {
    let id = PersonId(step.scene.draw_id());
    step.scene.persons.put(id, Person::met(id, chat.from.clone(), step.now));
    step.scene.sender = Some(id);
    step.facts.push(Fact::Met(id));
    id
}

fn act(step: &mut Step<'_>, sender: PersonId, at: Moment, act: &Act) {
    match act {
        Act::Followed => {
            reached(step, sender, at);
            greet(step, sender);
        }
        Act::Blocked => join::blocked(step, sender, at),
        Act::Pressed(press) => {
            reached(step, sender, at);
            pressed(step, sender, at, *press);
        }
        Act::PressedUnknown => {
            step.facts.push(Fact::NotTheirs(sender));
            step.reply(Message::TryAgain);
        }
        Act::Said(said) => {
            reached(step, sender, at);
            heard(step, sender, at, said);
        }
        Act::Showed => {
            reached(step, sender, at);
            showed(step, sender, at);
        }
        Act::Other => {}
    }
}

/// An act in the chat proves that the chat works again.
fn reached(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    join::reached(step, sender, at);
}

/// LINE's word for a return is not reliable; whoever has a place in a team is one who returns.
fn greet(step: &mut Step<'_>, sender: PersonId) {
    if step.scene.places_of(sender).next().is_some() {
        let next = step.next_due(sender);
        step.reply(Message::WelcomeBack { next });
    } else {
        step.reply(Message::Greeting);
    }
}

fn pressed(step: &mut Step<'_>, sender: PersonId, at: Moment, press: Press) {
    match press {
        Press::BeWatched => setup::start(step, sender, Aim::BeWatched),
        Press::KeepWatch => setup::start(step, sender, Aim::KeepWatch),
        Press::HaveCode => {
            set_talk(step, sender, Talk::Code);
            step.reply(Message::AskCode);
        }
        Press::Agree => setup::agree(step, sender, at),
        Press::Kind(kind) => setup::choose_kind(step, sender, kind),
        Press::Interval(interval) => setup::choose_interval(step, sender, interval),
        Press::AllHours => setup::show_all_hours(step, sender),
        Press::Hour(hour) => setup::choose_hour(step, sender, hour),
        Press::AsProposed => setup::as_proposed(step, sender),
        Press::ChangeTime => setup::again(step, sender),
        Press::Join(code, role) => join::choose(step, sender, code, role),
        Press::Decline(_) => {
            set_talk(step, sender, Talk::Idle);
            step.reply(Message::Declined);
        }
        Press::Practise => answer::practise(step, sender),
        Press::Practised => answer::practised(step, sender, at),
        Press::Well(person, due_at) => answer::pressed(step, sender, at, person, due_at),
        Press::WellNow => answer::alive(step, sender, at),
        Press::Claim(case) => cases::claim(step, sender, at, case),
        Press::Look(case) => cases::look(step, sender, case),
        Press::FoundWell(case) => cases::found_well(step, sender, at, case),
        Press::NoContact(case) => cases::no_contact(step, sender, at, case),
        Press::Emergency(case) => cases::emergency(step, sender, at, case),
        Press::Reason(case, outcome) => cases::reason(step, sender, case, outcome),
        Press::Receives(team) => join::receives(step, sender, at, team),
        Press::InviteAny => invite::choose_any(step, sender),
        Press::Invite(team, kind) => invite::make(step, sender, team, kind),
        Press::Usage => usage(step, sender),
        Press::Trouble => usage(step, sender),
        Press::Pause => usage(step, sender),
    }
}

fn heard(step: &mut Step<'_>, sender: PersonId, at: Moment, said: &Said) {
    match said.meaning {
        Meaning::Code(code) => return join::try_code(step, sender, code),
        Meaning::BrokenCode => return join::wrong_code(step, sender),
        Meaning::Command(press) => return pressed(step, sender, at, press),
        Meaning::Free | Meaning::Interval(_) | Meaning::Hour(_) => {}
    }
    match step.person(sender).map(|person| person.talk.clone()) {
        Some(Talk::Setup(setup)) => setup::typed(step, sender, &setup, said),
        Some(Talk::Code) => join::wrong_code(step, sender),
        Some(Talk::Idle) | None => stray_text(step, sender),
    }
}

/// A text that answers nothing: a newcomer is shown the way in.
fn stray_text(step: &mut Step<'_>, sender: PersonId) {
    if step.scene.places_of(sender).next().is_some() {
        step.reply(Message::Unknown);
    } else {
        step.reply(Message::Greeting);
    }
}

/// A sticker, a photo, a voice: somebody held the phone.
fn showed(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    let watched = step.person(sender).is_some_and(|person| person.watch.is_some());
    if watched && step.rules.any_sign_counts {
        answer::alive(step, sender, at);
    } else {
        stray_text(step, sender);
    }
}

fn usage(step: &mut Step<'_>, sender: PersonId) {
    let next = step.next_due(sender);
    let can_invite = invite::can_invite_somewhere(step, sender);
    step.reply(Message::Usage { next, can_invite });
}

/// Sets what the conversation waits for.
pub(super) fn set_talk(step: &mut Step<'_>, person: PersonId, talk: Talk) {
    if step.person(person).is_some_and(|p| p.talk != talk)
        && let Some(person) = step.scene.persons.change(&person)
    {
        person.talk = talk;
    }
}
