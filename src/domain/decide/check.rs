//! The check-in cycle, driven by the one timer of a person: ask, ask again, tell the managers, ask
//! the next regular question. What the timer means follows from the stage of the open round.
//!
//! A timer that was reset since, or that fires twice, finds another due time in the scene and does
//! nothing.

use super::{Step, ask_name, cases, resend_name};
use crate::domain::case::Trouble;
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::message::Message;
use crate::domain::person::Watch;
use crate::domain::round::{Ending, PastRound, Round, Stage};
use crate::domain::time::Moment;

/// The timer of a person is due.
pub(super) fn timer(step: &mut Step<'_>, id: u32, due_at: Moment) {
    let person = PersonId(id);
    if step.scene.timers.get(&id) != Some(&due_at) {
        return;
    }
    if due_at > step.now {
        // The clock was set back between the wheel and here: the wheel gets the timer again.
        return step.scene.timers.put(id, due_at);
    }
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else {
        // Nobody is watched here any more: the timer has no owner.
        return step.scene.timers.remove(&id);
    };
    step.cause = format!("timer/{id}/{}", due_at.millis());
    match watch.round.as_ref().map(|round| round.stage) {
        None => ask(step, person, due_at),
        Some(Stage::Reported) => {
            end_round(step, person, Ending::Superseded, step.now);
            ask(step, person, due_at);
        }
        Some(Stage::Asked) => resend(step, person),
        Some(Stage::Asking) => report(step, person, &watch, Trouble::NotSent),
        Some(Stage::Resending | Stage::Resent) => report(step, person, &watch, Trouble::NoAnswer),
    }
}

/// Opens a round and sends its question. Until LINE accepts it, the timer stands at the moment
/// when a human has to be told that nothing is known.
fn ask(step: &mut Step<'_>, person: PersonId, due_at: Moment) {
    change_watch(step, person, |watch| watch.round = Some(Round::asking(due_at)));
    let guard = due_at + step.rules.not_sent_after();
    // A question that is long overdue still gets its time to be delivered.
    let guard = guard.max(step.now + step.rules.alert_after);
    step.set_timer(person, guard);
    step.facts.push(Fact::Asking(person, due_at));
    let Some(name) = step.name(person) else { return };
    let local = step.local(person, step.now);
    let question = Message::Ask { name, round: (person, due_at), local };
    step.send(&ask_name(person, due_at), Purpose::Ask(person, due_at), vec![question]);
}

/// Sends the second call. Whether or not it can be delivered, the managers are told in time.
fn resend(step: &mut Step<'_>, person: PersonId) {
    let Some(round) = open_round(step, person) else { return };
    let due_at = round.due_at;
    let alert_at = step.now + step.rules.alert_after;
    change_round(step, person, |round| round.stage = Stage::Resending);
    step.set_timer(person, alert_at);
    step.facts.push(Fact::Resending(person, due_at));
    let Some(name) = step.name(person) else { return };
    let alert = step.local(person, alert_at);
    let watched = !cases::reachable_watchers(step, person).is_empty();
    let call = Message::Resend { name, round: (person, due_at), alert, watched };
    step.send(&resend_name(person, due_at), Purpose::Resend(person, due_at), vec![call]);
}

/// Tells the managers, once: while a case is open, another silent round opens no second one.
fn report(step: &mut Step<'_>, person: PersonId, watch: &Watch, trouble: Trouble) {
    let Some(round) = watch.round.as_ref() else { return };
    let (due_at, now) = (round.due_at, step.now);
    step.withdraw(step.ask_id(person, due_at));
    step.withdraw(step.resend_id(person, due_at));
    change_round(step, person, |round| {
        round.stage = Stage::Reported;
        round.reported_at = Some(now);
    });
    step.set_timer(person, watch.schedule.next_after(now));
    cases::report(step, person, trouble, due_at);
}

/// Ends the open round, if there is one, and takes back what was still to leave for it.
pub(super) fn end_round(step: &mut Step<'_>, person: PersonId, ending: Ending, ended_at: Moment) {
    let Some(round) = open_round(step, person) else { return };
    step.withdraw(step.ask_id(person, round.due_at));
    step.withdraw(step.resend_id(person, round.due_at));
    change_watch(step, person, |watch| watch.round = None);
    step.scene.past.push((person, PastRound { round, ending, ended_at }));
}

/// The open round of a person.
pub(super) fn open_round(step: &Step<'_>, person: PersonId) -> Option<Round> {
    step.person(person)?.watch.as_ref()?.round.clone()
}

/// Changes the watch of a person.
pub(super) fn change_watch(step: &mut Step<'_>, person: PersonId, change: impl FnOnce(&mut Watch)) {
    if let Some(watch) = step.scene.persons.change(&person).and_then(|p| p.watch.as_mut()) {
        change(watch);
    }
}

/// Changes the open round of a person.
pub(super) fn change_round(step: &mut Step<'_>, person: PersonId, change: impl FnOnce(&mut Round)) {
    change_watch(step, person, |watch| {
        if let Some(round) = watch.round.as_mut() {
            change(round);
        }
    });
}
