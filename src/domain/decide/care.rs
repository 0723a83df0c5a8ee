//! What people do about a case: take it, look, say what they found. The first press wins, and
//! everyone who was alerted hears of it.

use jiff::civil::DateTime;

use super::{Step, cases, check, climb, leave, office};
use crate::domain::case::{Actor, Case, Claim, Outcome, Told, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::ladder::{self, Rung};
use crate::domain::message::{Message, Rest, Who};
use crate::domain::name::Name;
use crate::domain::page::Page;
use crate::domain::pause::Why;
use crate::domain::person::EndReason;
use crate::domain::round::Ending;
use crate::domain::time::Moment;

/// The case and the name of its person, if it concerns the sender. Otherwise the sender is told
/// that the button is not for them.
fn concerning(step: &mut Step<'_>, sender: PersonId, id: CaseId) -> Option<(Case, Name)> {
    let found = step.scene.cases.get(&id).cloned().filter(|case| {
        // One who left the team keeps the old button but not the right.
        case.receiver(sender).is_some() && cases::is_theirs(step, case, sender)
    });
    let found = found.and_then(|case| step.name(case.person).map(|name| (case, name)));
    if found.is_none() {
        step.facts.push(Fact::NotTheirs(sender));
        step.reply(Message::TryAgain);
    }
    found
}

/// As [`concerning`], for acts that need an open case.
pub(super) fn open_case(step: &mut Step<'_>, sender: PersonId, id: CaseId) -> Option<(Case, Name)> {
    let (case, name) = concerning(step, sender, id)?;
    if case.is_open() {
        return Some((case, name));
    }
    step.reply(Message::CaseOver { name });
    None
}

/// Tells everyone else whom the alert reached or will.
pub(super) fn tell_others(step: &mut Step<'_>, case: &Case, by: Actor, message: &Message) {
    for receiver in &case.receivers {
        let told =
            matches!(receiver.told, Told::Accepted | Told::Queued | Told::ByMail | Told::Unsure);
        let theirs = cases::is_theirs(step, case, receiver.person);
        if Some(receiver.person) != by.person() && told && theirs {
            step.notify(receiver.person, message.clone());
        }
    }
}

/// "I will look": the first press wins.
pub(super) fn claim(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    let by = Actor::Person(sender);
    match case.claimer() {
        Some(known) if known == by => {
            let link = step.link(sender, Page::Case(id));
            step.reply(Message::ClaimedByYou { case: id, name, link });
        }
        Some(known) => {
            let who = step.who(known);
            step.reply(Message::ClaimedAlready { who });
        }
        None => {
            let link = step.link(sender, Page::Case(id));
            step.reply(Message::ClaimedByYou { case: id, name, link });
            claim_by(step, &case, by, at);
        }
    }
}

/// Takes a case that nobody has taken, and tells everyone whom it concerns who goes.
pub(super) fn claim_by(step: &mut Step<'_>, case: &Case, by: Actor, at: Moment) {
    let Some(name) = step.name(case.person) else { return };
    take(step, by, at, case.id);
    let who = step.who(by);
    // Whoever pressed nothing further may be lying there and waiting.
    if matches!(case.trouble, Trouble::Help | Trouble::Called) {
        step.notify(case.person, Message::HelpTaken { who: who.clone() });
    }
    tell_others(step, case, by, &Message::ClaimedBy { who, name });
}

/// Gives a case back: everyone is asked again at once.
pub(super) fn release(step: &mut Step<'_>, case: &Case) {
    climb::lapse(step, case);
    cases::set_timer(step, case.id);
}

/// Takes a case, and waits for an outcome from now on. A press that arrives late counts from its
/// arrival: the wait must not be over before it began.
pub(super) fn take(step: &mut Step<'_>, by: Actor, at: Moment, id: CaseId) {
    let waits_from = at.max(step.now);
    let Some(case) = step.scene.cases.change(&id) else { return };
    case.claim = Some(Claim { by, at: waits_from });
    step.facts.push(Fact::Claimed(id, by));
    wait_for_outcome(step, id, waits_from);
}

/// Where help was called nobody is hurried: the outcome is asked for once a day as it is.
fn wait_for_outcome(step: &mut Step<'_>, id: CaseId, from: Moment) {
    if step.scene.cases.get(&id).is_some_and(|case| case.called_emergency) {
        return;
    }
    climb::set_rung(step, id, ladder::claimed(from, step.rules));
    cases::set_timer(step, id);
}

/// Whoever is at work on a case has not forgotten it: the wait for an outcome begins anew.
pub(super) fn renew(step: &mut Step<'_>, id: CaseId) {
    let now = step.now;
    let Some(claim) = step.scene.cases.change(&id).and_then(|case| case.claim.as_mut()) else {
        return;
    };
    claim.at = now;
    wait_for_outcome(step, id, now);
}

/// One who leaves, or cannot be reached any more, takes their promise along: everyone else is asked
/// again at once.
pub(super) fn drop_claim(step: &mut Step<'_>, id: CaseId, person: PersonId) {
    let Some(case) = step.scene.cases.get(&id).cloned() else { return };
    if case.claim.is_some_and(|claim| claim.by == Actor::Person(person)) {
        climb::lapse(step, &case);
        cases::set_timer(step, id);
    }
}

/// "How do things stand?"
pub(super) fn look(step: &mut Step<'_>, sender: PersonId, id: CaseId) {
    let Some((case, _)) = concerning(step, sender, id) else { return };
    let Some(silence) = cases::silence(step, sender, case.person) else { return };
    let claimer = case.claimer().map(|by| step.who(by));
    let (open, link) = (case.is_open(), step.link(sender, Page::Case(id)));
    step.reply(Message::Standing { case: id, silence, claimer, open, link: Some(link) });
}

/// A manager found the person well.
pub(super) fn found_well(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    settle(step, &case, Actor::Person(sender), at, Outcome::Well);
    step.reply(Message::AskReason { case: id, name });
}

/// Closes a case with what somebody found, answers the open round for the person, and tells the
/// others. An alert that has not left is taken back: there is nothing to be alarmed about any more.
pub(super) fn settle(step: &mut Step<'_>, case: &Case, by: Actor, at: Moment, outcome: Outcome) {
    if case.claim.is_none() {
        take(step, by, at, case.id);
    }
    cases::close(step, case.id, Some(by), at, outcome);
    if let Some(case) = step.scene.cases.change(&case.id) {
        case.cleared = true;
    }
    // A cry for help belongs to no round: whoever was found has been found whatever they were being asked.
    let of = if case.trouble == Trouble::Called { Moment::EPOCH } else { case.round_due_at };
    check::answered_by_proxy(step, case.person, (by, at), of);
    let Some(name) = step.name(case.person) else { return };
    let who = step.who(by);
    // Who watches hears that the watch ends, which says more.
    let watchers = cases::can_be_told(step, case.person);
    let hears_more = |person: &PersonId| outcome.ends_watch() && watchers.contains(person);
    for receiver in &case.receivers {
        // Whoever closes it is not reminded of it either.
        let reached = cases::reached_by_alert(step, case.id, receiver);
        let closes = Some(receiver.person) == by.person();
        if reached && !closes && !hears_more(&receiver.person) {
            let (who, name) = (who.clone(), name.clone());
            let at = step.local(receiver.person, at);
            step.notify(receiver.person, found(who, name, outcome, at));
        }
    }
}

fn found(who: Who, name: Name, outcome: Outcome, at: DateTime) -> Message {
    if outcome == Outcome::Well {
        Message::FoundWell { who, name, at }
    } else {
        Message::ClosedBy { who, name, outcome, at }
    }
}

/// A manager could not reach the person: whoever could help hears of it, the office too.
pub(super) fn no_contact(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    step.reply(Message::NoContactAdvice { case: id, name: name.clone() });
    if case.no_contact {
        return;
    }
    let by = Actor::Person(sender);
    // Whoever tries has not forgotten: the claim begins anew, unless it is another's.
    if case.claim.is_none_or(|claim| claim.by == by) {
        take(step, by, at, id);
    }
    if let Some(case) = step.scene.cases.change(&id) {
        case.no_contact = true;
    }
    step.facts.push(Fact::NoContact(id, sender));
    if office::may_be_told(step, case.person) {
        office::tell(step, id);
    }
    let who = step.who(by);
    tell_others(step, &case, by, &Message::NoContactBy { case: id, who, name });
}

/// A manager called ambulance or police. The case is in good hands and needs no claim; it is asked
/// for once a day until somebody says how it ended.
pub(super) fn emergency(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    step.reply(Message::EmergencyNoted { case: id, name: name.clone() });
    if case.called_emergency {
        return;
    }
    emergency_by(step, &case, Actor::Person(sender), at);
}

/// Somebody called ambulance or police: everyone hears of it, the office too.
pub(super) fn emergency_by(step: &mut Step<'_>, case: &Case, by: Actor, at: Moment) {
    let id = case.id;
    let Some(name) = step.name(case.person) else { return };
    if case.claim.is_none() {
        take(step, by, at, id);
    }
    if let Some(case) = step.scene.cases.change(&id) {
        case.called_emergency = true;
    }
    let next = (Rung::Digest, climb::digest_at(step, case));
    climb::set_rung(step, id, next);
    cases::set_timer(step, id);
    step.facts.push(Fact::EmergencyCalled(id, by));
    if office::may_be_told(step, case.person) {
        office::tell(step, id);
    }
    let who = step.who(by);
    tell_others(step, case, by, &Message::EmergencyBy { who, name });
}

/// What it turned out to be, from the list. Closes an open case; says more of one that the sender
/// closed.
pub(super) fn reason(
    step: &mut Step<'_>,
    sender: PersonId,
    at: Moment,
    id: CaseId,
    outcome: Outcome,
) {
    let Some((case, name)) = concerning(step, sender, id) else { return };
    let by = Actor::Person(sender);
    let offered = Outcome::REASONS.contains(&outcome) || Outcome::MORE.contains(&outcome);
    let theirs = case.closed.is_none_or(|closed| closed.by == Some(by));
    if !theirs || !offered {
        return step.reply(Message::TryAgain);
    }
    if outcome.ends_watch() {
        return step.reply(Message::ConfirmEnd { case: id, name, outcome });
    }
    record(step, &case, by, at, outcome);
    step.reply(Message::ReasonThanks(outcome));
    let why = match outcome {
        Outcome::Travel => Why::Travel,
        Outcome::Hospital => Why::Hospital,
        _ => return,
    };
    step.reply(Message::Rest(Rest::Offer { person: case.person, name, why }));
}

/// Records an outcome of an open case, or another one of a closed case.
fn record(step: &mut Step<'_>, case: &Case, by: Actor, at: Moment, outcome: Outcome) {
    if case.is_open() {
        return settle(step, case, by, at, outcome);
    }
    if let Some(closed) = step.scene.cases.change(&case.id).and_then(|case| case.closed.as_mut())
        && closed.outcome != outcome
    {
        closed.outcome = outcome;
        step.facts.push(Fact::Closed(case.id, by, outcome));
    }
}

/// Shows the rest of the list.
pub(super) fn more_reasons(step: &mut Step<'_>, sender: PersonId, id: CaseId) {
    let Some((_, name)) = concerning(step, sender, id) else { return };
    step.reply(Message::MoreReasons { case: id, name });
}

/// An outcome that ends the watch, confirmed in a second step.
pub(super) fn end(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId, outcome: Outcome) {
    let Some((case, _)) = concerning(step, sender, id) else { return };
    let by = Actor::Person(sender);
    let theirs = case.closed.is_none_or(|closed| closed.by == Some(by));
    let Some(why) = EndReason::of(outcome) else { return step.reply(Message::TryAgain) };
    if !theirs {
        return step.reply(Message::TryAgain);
    }
    record(step, &case, by, at, outcome);
    leave::tell_of_end(step, case.person, by, why);
    check::end_watch(step, case.person, why, Ending::Left);
    step.reply(Message::ReasonThanks(outcome));
}
