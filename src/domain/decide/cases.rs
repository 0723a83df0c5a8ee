//! Cases: telling the managers, who goes, what they found, and the all-clear.

use super::{Step, check};
use crate::domain::case::{Case, Claim, Closed, Outcome, Receiver, Told, Trouble};
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::message::{Message, Silence};
use crate::domain::name::Name;
use crate::domain::team::Role;
use crate::domain::time::Moment;

/// Reports trouble, once. While a case is open, more of the same is no news; but a person who
/// answered since and fell silent again, or whose question could not be sent and who now does not
/// answer, is a new case.
pub(super) fn report(step: &mut Step<'_>, person: PersonId, trouble: Trouble, due_at: Moment) {
    let open_case = step.person(person).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    let Some(known) = open_case.and_then(|id| step.scene.cases.get(&id)).cloned() else {
        return open(step, person, trouble, due_at);
    };
    let heard_of = known.trouble == trouble || known.trouble == Trouble::NoAnswer;
    if heard_of && !known.cleared {
        return step.facts.push(Fact::StillSilent(known.id, person));
    }
    if !known.called_emergency {
        let now = step.now;
        close(step, known.id, None, now, Outcome::HandedOn);
    }
    open(step, person, trouble, due_at);
}

/// Everyone who watches a person and can be reached on LINE.
pub(super) fn reachable_watchers(step: &Step<'_>, person: PersonId) -> Vec<PersonId> {
    let mut watchers = step.scene.watchers(person);
    watchers.retain(|id| step.person(*id).is_some_and(|p| p.reach.reachable));
    watchers
}

/// Opens a case and tells every reachable manager.
pub(super) fn open(step: &mut Step<'_>, person: PersonId, trouble: Trouble, round_due_at: Moment) {
    let id = CaseId(step.scene.draw_id());
    let watchers = reachable_watchers(step, person);
    let receivers =
        watchers.iter().map(|w| Receiver { person: *w, told: Told::Queued }).collect::<Vec<_>>();
    let case = Case {
        id,
        person,
        trouble,
        opened_at: step.now,
        round_due_at,
        receivers,
        claim: None,
        no_contact: false,
        called_emergency: false,
        cleared: false,
        closed: None,
    };
    step.scene.cases.put(id, case.clone());
    check::change_watch(step, person, |watch| watch.case = Some(id));
    step.facts.push(Fact::CaseOpened(id, person, trouble));
    if watchers.is_empty() {
        step.facts.push(Fact::NobodyToTell(id));
    }
    for watcher in watchers {
        alert(step, &case, watcher);
    }
}

/// A person with an open case can no longer be reached: that is news of its own.
pub(super) fn tell_unreachable(step: &mut Step<'_>, id: CaseId) {
    let Some(person) = step.scene.cases.get(&id).map(|case| case.person) else { return };
    for watcher in reachable_watchers(step, person) {
        if let Some(silence) = silence(step, watcher, person) {
            let trouble = Trouble::Unreachable;
            step.notify(watcher, Message::Alert { case: id, trouble, silence });
        }
    }
}

/// The chat works again: a case that was opened because it did not is over, and those whom its
/// alert reached are told. One in which help was called stays with whoever called it.
pub(super) fn back_in_reach(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let case = step.person(person).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    let Some(case) = case.and_then(|id| step.scene.cases.get(&id)).cloned() else { return };
    let Some(name) = step.name(person) else { return };
    if case.trouble == Trouble::Unreachable && !case.called_emergency {
        close_by_answer(step, case.id, at);
    }
    for receiver in &case.receivers {
        let theirs =
            case.trouble != Trouble::Unreachable || reached_by_alert(step, case.id, receiver);
        if theirs {
            step.notify(receiver.person, Message::ReachableAgain { name: name.clone() });
        }
    }
}

/// Tells someone who came to watch, or came back, of cases that are open and that they were never
/// told of: there may be nobody else.
pub(super) fn brief(step: &mut Step<'_>, manager: PersonId) {
    let open: Vec<Case> = step
        .scene
        .cases
        .iter()
        .map(|(_, case)| case)
        .filter(|case| case.is_open() && !case.cleared)
        .filter(|case| case.receivers.iter().all(|receiver| receiver.person != manager))
        .filter(|case| step.scene.watchers(case.person).contains(&manager))
        .cloned()
        .collect();
    for case in open {
        if let Some(case) = step.scene.cases.change(&case.id) {
            case.receivers.push(Receiver { person: manager, told: Told::Queued });
        }
        alert(step, &case, manager);
    }
}

fn alert(step: &mut Step<'_>, case: &Case, watcher: PersonId) {
    let Some(silence) = silence(step, watcher, case.person) else { return };
    let message = Message::Alert { case: case.id, trouble: case.trouble, silence };
    let name = super::alert_name(case.id, watcher);
    step.send(&name, Purpose::Alert(case.id, watcher), vec![message]);
    step.facts.push(Fact::Alerting(case.id, watcher));
}

/// What one reader may know of a person's silence, in the reader's own time.
fn silence(step: &Step<'_>, reader: PersonId, person: PersonId) -> Option<Silence> {
    let p = step.person(person)?;
    let watch = p.watch.as_ref()?;
    let round = watch.round.as_ref();
    let teams = step
        .scene
        .teams_watching(person)
        .filter(|team| step.scene.is_in(*team, Role::Manager, reader))
        .filter_map(|team| step.scene.teams.get(&team).map(|team| team.name.clone()))
        .collect();
    let local = |moment: Option<Moment>| moment.map(|moment| step.local(reader, moment));
    Some(Silence {
        name: p.name.clone()?,
        teams,
        asked_at: local(round.and_then(|round| round.asked_at)),
        resent_at: local(round.and_then(|round| round.resent_at)),
        last_answer_at: local(watch.last_answer_at),
    })
}

/// The person answered at `at`. If a case was opened for something at or before that time, tells
/// everyone whom its alert reached, once, and closes it. Returns who was told.
pub(super) fn all_clear(
    step: &mut Step<'_>,
    person: PersonId,
    at: Moment,
) -> Option<Vec<PersonId>> {
    let id = step.person(person)?.watch.as_ref()?.case?;
    let case = step.scene.cases.get(&id)?.clone();
    if at < case.round_due_at || !case.is_open() {
        return None;
    }
    let told = tell_cleared(step, &case, person, at);
    if !case.called_emergency {
        close_by_answer(step, id, at);
    }
    (!told.is_empty()).then_some(told)
}

fn tell_cleared(step: &mut Step<'_>, case: &Case, person: PersonId, at: Moment) -> Vec<PersonId> {
    let mut told = Vec::new();
    if case.cleared {
        return told;
    }
    let Some(name) = step.name(person) else { return told };
    for receiver in &case.receivers {
        if !reached_by_alert(step, case.id, receiver) {
            continue;
        }
        let at = step.local(receiver.person, at);
        let message = Message::AllClear { name: name.clone(), at };
        let purpose = Purpose::AllClear(case.id, receiver.person);
        step.send(&format!("clear/{}/{}", case.id, receiver.person), purpose, vec![message]);
        told.push(receiver.person);
    }
    if let Some(case) = step.scene.cases.change(&case.id) {
        case.cleared = true;
    }
    let count = u32::try_from(told.len()).unwrap_or(u32::MAX);
    step.facts.push(Fact::AllClear(case.id, count));
    told
}

/// Whether the alert arrived at a receiver or may have. One that never left is taken back here.
fn reached_by_alert(step: &mut Step<'_>, case: CaseId, receiver: &Receiver) -> bool {
    match receiver.told {
        Told::Accepted => true,
        Told::Failed | Told::Withdrawn => false,
        Told::Queued => {
            let id = step.alert_id(case, receiver.person);
            let attempted = step.scene.outbox.get(&id).copied().unwrap_or(false);
            step.withdraw(id);
            if !attempted {
                set_told(step, case, receiver.person, Told::Withdrawn);
                step.facts.push(Fact::AlertWithdrawn(case, receiver.person));
            }
            attempted
        }
    }
}

/// Notes how telling a receiver went.
pub(super) fn set_told(step: &mut Step<'_>, case: CaseId, person: PersonId, told: Told) {
    if let Some(case) = step.scene.cases.change(&case)
        && let Some(receiver) = case.receivers.iter_mut().find(|r| r.person == person)
    {
        receiver.told = told;
    }
}

/// The person's own act closes a case.
fn close_by_answer(step: &mut Step<'_>, id: CaseId, at: Moment) {
    close(step, id, None, at, Outcome::Answered);
}

fn close(step: &mut Step<'_>, id: CaseId, by: Option<PersonId>, at: Moment, outcome: Outcome) {
    let Some(case) = step.scene.cases.change(&id) else { return };
    let person = case.person;
    case.closed = Some(Closed { at, by, outcome });
    check::change_watch(step, person, |watch| {
        watch.case = watch.case.filter(|open| *open != id);
    });
    step.facts.push(Fact::Closed(id, by.unwrap_or(person), outcome));
}

/// The case and the name of its person, if it concerns the sender. Otherwise the sender is told
/// that the button is not for them.
fn concerning(step: &mut Step<'_>, sender: PersonId, id: CaseId) -> Option<(Case, Name)> {
    let found = step.scene.cases.get(&id).cloned().filter(|case| {
        let alerted = case.receivers.iter().any(|receiver| receiver.person == sender);
        // One who left the team keeps the old button but not the right.
        alerted && step.scene.watchers(case.person).contains(&sender)
    });
    let found = found.and_then(|case| step.name(case.person).map(|name| (case, name)));
    if found.is_none() {
        step.facts.push(Fact::NotTheirs(sender));
        step.reply(Message::TryAgain);
    }
    found
}

/// As [`concerning`], for acts that need an open case.
fn open_case(step: &mut Step<'_>, sender: PersonId, id: CaseId) -> Option<(Case, Name)> {
    let (case, name) = concerning(step, sender, id)?;
    if case.is_open() {
        return Some((case, name));
    }
    step.reply(Message::CaseOver { name });
    None
}

/// Tells everyone else who was alerted.
fn tell_others(step: &mut Step<'_>, case: &Case, sender: PersonId, message: &Message) {
    for receiver in &case.receivers {
        if receiver.person != sender && matches!(receiver.told, Told::Accepted | Told::Queued) {
            step.notify(receiver.person, message.clone());
        }
    }
}

/// "I will look": the first press wins.
pub(super) fn claim(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    match case.claimer() {
        Some(by) if by == sender => step.reply(Message::ClaimedByYou { case: id, name }),
        Some(by) => {
            if let Some(who) = step.name(by) {
                step.reply(Message::ClaimedAlready { who });
            }
        }
        None => {
            take(step, sender, at, id);
            step.reply(Message::ClaimedByYou { case: id, name: name.clone() });
            let Some(who) = step.name(sender) else { return };
            tell_others(step, &case, sender, &Message::ClaimedBy { who, name });
        }
    }
}

fn take(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    if let Some(case) = step.scene.cases.change(&id) {
        case.claim = Some(Claim { by: sender, at });
        step.facts.push(Fact::Claimed(id, sender));
    }
}

/// "How do things stand?"
pub(super) fn look(step: &mut Step<'_>, sender: PersonId, id: CaseId) {
    let Some((case, _)) = concerning(step, sender, id) else { return };
    let Some(silence) = silence(step, sender, case.person) else { return };
    let claimer = case.claimer().and_then(|by| step.name(by));
    step.reply(Message::Standing { case: id, silence, claimer, open: case.is_open() });
}

/// A manager found the person well.
pub(super) fn found_well(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    if case.claim.is_none() {
        take(step, sender, at, id);
    }
    close(step, id, Some(sender), at, Outcome::Well);
    if let Some(case) = step.scene.cases.change(&id) {
        case.cleared = true;
    }
    step.reply(Message::AskReason { case: id, name: name.clone() });
    let Some(who) = step.name(sender) else { return };
    for receiver in case.receivers.iter().filter(|receiver| receiver.person != sender) {
        // An alert that has not left is taken back: there is nothing to be alarmed about any more.
        if reached_by_alert(step, id, receiver) {
            let (who, name) = (who.clone(), name.clone());
            let at = step.local(receiver.person, at);
            step.notify(receiver.person, Message::FoundWell { who, name, at });
        }
    }
}

/// A manager could not reach the person.
pub(super) fn no_contact(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    step.reply(Message::NoContactAdvice { case: id, name: name.clone() });
    if case.no_contact {
        return;
    }
    if case.claim.is_none() {
        take(step, sender, at, id);
    }
    if let Some(case) = step.scene.cases.change(&id) {
        case.no_contact = true;
    }
    step.facts.push(Fact::NoContact(id, sender));
    let Some(who) = step.name(sender) else { return };
    tell_others(step, &case, sender, &Message::NoContactBy { case: id, who, name });
}

/// A manager called ambulance or police.
pub(super) fn emergency(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, name)) = open_case(step, sender, id) else { return };
    step.reply(Message::EmergencyNoted { case: id, name: name.clone() });
    if case.called_emergency {
        return;
    }
    if case.claim.is_none() {
        take(step, sender, at, id);
    }
    if let Some(case) = step.scene.cases.change(&id) {
        case.called_emergency = true;
    }
    step.facts.push(Fact::EmergencyCalled(id, sender));
    let Some(who) = step.name(sender) else { return };
    tell_others(step, &case, sender, &Message::EmergencyBy { who, name });
}

/// Why there was no answer, from the manager who found the person well.
pub(super) fn reason(step: &mut Step<'_>, sender: PersonId, id: CaseId, outcome: Outcome) {
    let Some((case, _)) = concerning(step, sender, id) else { return };
    let theirs = case.closed.is_some_and(|closed| closed.by == Some(sender));
    if !theirs || !Outcome::REASONS.contains(&outcome) {
        return step.reply(Message::TryAgain);
    }
    if let Some(closed) = step.scene.cases.change(&id).and_then(|case| case.closed.as_mut())
        && closed.outcome != outcome
    {
        closed.outcome = outcome;
        step.facts.push(Fact::Closed(id, sender, outcome));
    }
    step.reply(Message::ReasonThanks(outcome));
}
