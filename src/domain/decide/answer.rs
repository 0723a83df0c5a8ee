//! Answers: what a press proves, and what it brings to an end. LINE's timestamp is the time of an
//! answer, not its arrival; a late-arriving answer counts as if it had come in time.

use super::{Step, cases, check};
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::message::Message;
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
    let told = cases::all_clear(step, person, at);
    let round = watch.round.filter(|round| {
        let counts = at >= round.due_at;
        if !counts {
            step.facts.push(Fact::StalePress(person, round.due_at));
        }
        counts
    });
    check::change_watch(step, person, |watch| {
        watch.last_answer_at = watch.last_answer_at.max(Some(at));
    });
    match round {
        Some(round) => close(step, person, at, round.due_at, told),
        None => nothing_open(step, person, at, told),
    }
}

/// Closes the open round and sets the next regular question.
fn close(
    step: &mut Step<'_>,
    person: PersonId,
    at: Moment,
    due_at: Moment,
    told: Option<Vec<PersonId>>,
) {
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
        step.set_timer(person, next);
    }
    let next = step.next_due(person);
    thank(step, told, Message::Thanks { next });
}

/// Nothing was open: an old button, a second press, or a greeting of one's own accord.
fn nothing_open(step: &mut Step<'_>, person: PersonId, at: Moment, told: Option<Vec<PersonId>>) {
    step.facts.push(Fact::WellAnyway(person));
    let today = step.local(person, at).date();
    let answered_due_at =
        step.person(person).and_then(|p| p.watch.as_ref()).and_then(|w| w.answered_due_at);
    let answered_today = answered_due_at.is_some_and(|due| step.local(person, due).date() == today);
    let reply = if answered_today {
        Message::Already { next: step.next_due(person) }
    } else {
        Message::GladAnyway
    };
    thank(step, told, reply);
}

fn thank(step: &mut Step<'_>, told: Option<Vec<PersonId>>, otherwise: Message) {
    match told {
        Some(told) => {
            let told = step.watchers_named(&told);
            step.reply(Message::LateThanks { told });
        }
        None => step.reply(otherwise),
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
