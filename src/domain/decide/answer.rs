//! Answers: what a press proves, and what it brings to an end. LINE's timestamp is the time of an
//! answer, not its arrival; a late-arriving answer counts as if it had come in time.

use super::{Step, cases, check};
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::message::Message;
use crate::domain::person::Watch;
use crate::domain::round::Ending;
use crate::domain::time::Moment;

/// "I am well", pressed on the question of a round, perhaps long ago.
pub(super) fn pressed(
    step: &mut Step<'_>,
    sender: PersonId,
    at: Moment,
    person: PersonId,
    due_at: Moment,
) {
    if sender != person {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    // A press on the very question of a round cannot be older than the round, whatever two clocks
    // say.
    alive(step, sender, at.max(due_at.min(step.now)));
}

/// A sign of life at `at`.
pub(super) fn alive(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else {
        return step.reply(Message::GladAnyway);
    };
    check::change_watch(step, person, |watch| {
        watch.last_answer_at = watch.last_answer_at.max(Some(at));
    });
    let thanks = match &watch.round {
        Some(round) if at >= round.due_at => {
            close(step, person, at, round.due_at);
            Message::Thanks { next: step.next_due(person) }
        }
        Some(round) => {
            step.facts.push(Fact::StalePress(person, round.due_at));
            nothing_open(step, person, &watch, at)
        }
        None => nothing_open(step, person, &watch, at),
    };
    match cases::all_clear(step, person, at) {
        Some(told) => {
            let told = step.watchers_named(&told);
            step.reply(Message::LateThanks { told });
        }
        None => step.reply(thanks),
    }
}

/// Closes the open round and sets the next regular question.
fn close(step: &mut Step<'_>, person: PersonId, at: Moment, due_at: Moment) {
    check::end_round(step, person, Ending::Answered, at);
    check::change_watch(step, person, |watch| watch.answered_due_at = Some(due_at));
    step.facts.push(Fact::Answered(person, due_at));
    // Reckoned from the answer, not from its arrival: a question that became due in between is
    // asked at once.
    let next = step
        .person(person)
        .and_then(|p| p.watch.as_ref())
        .map(|watch| watch.schedule.next_after(at.max(due_at)));
    if let Some(next) = next {
        step.set_timer(person.0, next);
    }
}

/// Nothing was open: an old button, a second press, or a greeting of one's own accord. `before` is
/// the watch as it was before this press.
fn nothing_open(step: &mut Step<'_>, person: PersonId, before: &Watch, at: Moment) -> Message {
    step.facts.push(Fact::WellAnyway(person));
    // Until the next question is due, the last answer stands.
    let answered = before.answered_due_at.and(before.last_answer_at);
    match answered.filter(|last| before.schedule.next_after(*last) > at) {
        Some(_) => Message::Already { next: step.next_due(person) },
        None => Message::GladAnyway,
    }
}

/// Shows the practice question.
pub(super) fn practise(step: &mut Step<'_>, person: PersonId) {
    match step.name(person) {
        Some(name) => step.reply(Message::Practice { name }),
        None => step.reply(Message::Greeting),
    }
}

/// The practice button was pressed. Whoever is waited for has answered by it all the same.
pub(super) fn practised(step: &mut Step<'_>, person: PersonId, at: Moment) {
    if check::open_round(step, person).is_some() {
        return alive(step, person, at);
    }
    let next = step.next_due(person);
    step.reply(Message::Practised { next });
}
