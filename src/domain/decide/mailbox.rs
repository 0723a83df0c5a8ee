//! A mail address as the second way to somebody who watches: given in the chat, and used only after
//! a number from a first letter came back. Otherwise anyone could have letters about people who
//! live alone sent anywhere.

use unicode_normalization::UnicodeNormalization;

use super::talk::set_talk;
use super::{Step, answer};
use crate::domain::decision::{Outgoing, Purpose};
use crate::domain::fact::Fact;
use crate::domain::id::{Address, PersonId};
use crate::domain::mail::MailAddress;
use crate::domain::message::Message;
use crate::domain::person::{Mail, Talk};
use crate::domain::time::Moment;

/// "Mail": asks for the address.
pub(super) fn ask(step: &mut Step<'_>, sender: PersonId) {
    if step.scene.places_of(sender).next().is_none() {
        return step.reply(Message::Greeting);
    }
    if !step.rules.letters {
        return step.reply(Message::MailClosed);
    }
    let known = step.person(sender).is_some_and(|person| person.mailbox().is_some());
    set_talk(step, sender, Talk::Mail);
    step.reply(Message::AskMail { known });
}

/// An address was typed: in any width, with spaces around it. Whatever it is, somebody held the phone.
/// What does not look like an address at all ends the wait for one, so that nobody is stuck in it.
pub(super) fn given(step: &mut Step<'_>, sender: PersonId, at: Moment, text: &str) {
    answer::in_passing(step, sender, at);
    let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).take(300).collect();
    let Ok(address) = MailAddress::parse(&folded) else {
        if !folded.contains('@') {
            set_talk(step, sender, Talk::Idle);
        }
        return step.reply(Message::MailRefused);
    };
    // Nobody has letters sent to strangers without end: an address costs one of the hour's tries.
    let now = step.now;
    let Some(person) = step.scene.persons.change(&sender) else { return };
    if !person.tries.may_try(now) {
        return step.reply(Message::CodeLater);
    }
    person.tries.add(now);
    let code = code(step, sender, &address);
    let id = step.mint.outbox_id(&format!("mailcode/{sender}/{}", step.cause));
    if let Some(person) = step.scene.persons.change(&sender) {
        person.mail_offered = Some(address.clone());
    }
    set_talk(step, sender, Talk::MailCode);
    let (to, purpose) = (Address::Mail(address), Purpose::Notice(sender));
    let messages = vec![Message::MailCode(code)];
    step.effects.outgoing.push(Outgoing { id, to, purpose, messages });
    step.reply(Message::AskMailCode);
}

/// Six digits that only the letter to this address can tell.
fn code(step: &Step<'_>, person: PersonId, address: &MailAddress) -> u32 {
    let id = step.mint.outbox_id(&format!("mailcode/{person}/{}", address.as_str()));
    let bytes = [id.0[0], id.0[1], id.0[2], id.0[3]];
    100_000 + u32::from_be_bytes(bytes) % 900_000
}

/// The number was typed. Guesses are counted like those of invitation codes.
pub(super) fn confirm(step: &mut Step<'_>, sender: PersonId, at: Moment, text: &str) {
    answer::in_passing(step, sender, at);
    let digits: String = text.nfkc().filter(char::is_ascii_digit).take(12).collect();
    if digits.is_empty() {
        return step.reply(Message::AskMailCode);
    }
    let Some(person) = step.person(sender).cloned() else { return };
    let Some(address) = person.mail_offered else { return ask(step, sender) };
    if !person.tries.may_try(step.now) {
        return step.reply(Message::CodeLater);
    }
    let expected = code(step, sender, &address);
    let now = step.now;
    let Some(person) = step.scene.persons.change(&sender) else { return };
    if digits.parse() != Ok(expected) {
        person.tries.add(now);
        return step.reply(Message::MailCodeRefused);
    }
    person.mail = Some(Mail { address, confirmed_at: at });
    person.mail_offered = None;
    set_talk(step, sender, Talk::Idle);
    step.facts.push(Fact::MailConfirmed(sender));
    step.reply(Message::MailThanks);
}

/// No letters any more.
pub(super) fn forget(step: &mut Step<'_>, sender: PersonId) {
    if let Some(person) = step.scene.persons.change(&sender) {
        person.mail = None;
        person.mail_offered = None;
    }
    set_talk(step, sender, Talk::Idle);
    step.reply(Message::MailGone);
}
