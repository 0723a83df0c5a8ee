//! Answers: what an act proves, and what it brings to an end. LINE's timestamp is the time of an
//! answer, not its arrival; a late-arriving answer counts as if it had come in time.

use std::time::Duration;

use super::{Step, cases, check, help};
use crate::domain::case::{Mark, Outcome, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::message::Message;
use crate::domain::person::{Undo, Watch};
use crate::domain::round::{Ending, PastRound, Round, Stage};
use crate::domain::rules::{EARLY_ANSWER, MISTAKE_WINDOW};
use crate::domain::time::Moment;

/// How somebody showed that they live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    /// The button of a question.
    Button,
    /// "I am well" on the menu, or these words typed: it may also answer the coming question.
    Menu,
    /// A text, a sticker, a photo.
    Other,
    /// A text that says the person is not well.
    Unwell,
}

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
    alive(step, sender, at_least(step, at, due_at), Sign::Button);
}

/// A press on the very question of a round cannot be older than the round, whatever two clocks say.
pub(super) fn at_least(step: &Step<'_>, at: Moment, due_at: Moment) -> Moment {
    at.max(due_at.min(step.now))
}

/// A sign of life at `at`, with thanks.
pub(super) fn alive(step: &mut Step<'_>, person: PersonId, at: Moment, sign: Sign) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else {
        return step.reply(Message::GladAnyway);
    };
    let thanks = match prove(step, person, at, sign) {
        Proof::Answered => thanks(step, person, watch.case, sign),
        Proof::Early(left_out) => Message::EarlyThanks {
            left_out: step.local(person, left_out),
            next: step.next_due(person),
        },
        Proof::Nothing => nothing_open(step, person, &watch, at),
    };
    match cases::all_clear(step, person, at, sign == Sign::Unwell) {
        Some(told) => {
            let told = step.watchers_named(&told);
            let (undo, by_other) = (undo(step, person, watch.case), is_by_other(sign));
            step.reply(Message::LateThanks { told, undo, by_other });
        }
        None => step.reply(thanks),
    }
}

fn thanks(step: &Step<'_>, person: PersonId, case: Option<CaseId>, sign: Sign) -> Message {
    let (undo, by_other) = (undo(step, person, case), is_by_other(sign));
    Message::Thanks { next: step.next_due(person), undo, by_other }
}

/// The answer that can be taken back, and the case that was open before it.
fn undo(
    step: &Step<'_>,
    person: PersonId,
    case: Option<CaseId>,
) -> Option<(Moment, Option<CaseId>)> {
    let undo = step.person(person)?.watch.as_ref()?.undo.as_ref()?;
    Some((undo.at, case.filter(|_| undo.trouble.is_some())))
}

/// Whether it may have been meant otherwise: by a helper, or about something else.
fn is_by_other(sign: Sign) -> bool {
    matches!(sign, Sign::Other | Sign::Unwell)
}

/// An act in the chat that is about something else: it proves life all the same where any act does.
/// Says thanks only if somebody was waiting, or worries.
pub(super) fn in_passing(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let waited_for = is_waited_for(step, person, at);
    let case = step.person(person).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    let worried_about = case.and_then(|id| step.scene.cases.get(&id)).is_some_and(|case| {
        case.is_open() && case.trouble.ends_with_answer() && at >= case.round_due_at
    });
    if step.rules.any_sign_counts && (waited_for || worried_about) {
        alive(step, person, at, Sign::Other);
    }
}

/// Whether a question was due by `at`, asked or not: what waited at our door while we stood still may come in ahead of it.
fn is_waited_for(step: &Step<'_>, person: PersonId, at: Moment) -> bool {
    let Some(watch) = step.person(person).and_then(|p| p.watch.as_ref()) else { return false };
    match &watch.round {
        Some(round) => at >= round.due_at,
        None if watch.pause.is_some() => false,
        None => step.scene.timers.get(&person.0).is_some_and(|due_at| *due_at <= at),
    }
}

/// As [`alive`], without a word to the person.
pub(super) fn note(step: &mut Step<'_>, person: PersonId, at: Moment, sign: Sign) {
    if step.person(person).is_some_and(|p| p.watch.is_some()) {
        prove(step, person, at, sign);
        cases::all_clear(step, person, at, sign == Sign::Unwell);
    }
}

/// What a sign of life did.
enum Proof {
    /// It answered the open round.
    Answered,
    /// It answered the question that would have come then.
    Early(Moment),
    /// Nothing was waiting for it.
    Nothing,
}

fn prove(step: &mut Step<'_>, person: PersonId, at: Moment, sign: Sign) -> Proof {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else {
        return Proof::Nothing;
    };
    check::change_watch(step, person, |watch| {
        watch.last_answer_at = watch.last_answer_at.max(Some(at));
    });
    if matches!(sign, Sign::Button | Sign::Menu) {
        help::end_call(step, person, at, Outcome::Answered);
    }
    let early = |round: &Round| sign == Sign::Menu && at + EARLY_ANSWER >= round.due_at;
    match &watch.round {
        Some(round) if at >= round.due_at || early(round) => {
            close(step, person, &watch, at, round);
            Proof::Answered
        }
        Some(round) => {
            step.facts.push(Fact::StalePress(person, round.due_at));
            Proof::Nothing
        }
        None if watch.pause.is_some() => Proof::Nothing,
        // A question that is due by now and was not asked yet: acts that were late on their way come all at once.
        None => match step.scene.timers.get(&person.0).copied() {
            Some(due_at) if due_at <= at => not_asked(step, person, &watch, (due_at, at)),
            Some(due_at) if was_missing(step, &watch, due_at, at) => came(step, person, &watch),
            _ if sign == Sign::Menu => ahead(step, person, &watch, at),
            _ => Proof::Nothing,
        },
    }
}

/// Closes the open round and sets the next regular question. For a while it can be taken back.
fn close(step: &mut Step<'_>, person: PersonId, before: &Watch, at: Moment, round: &Round) {
    let due_at = round.due_at;
    let timer_at = step.scene.timers.get(&person.0).copied().unwrap_or(step.now);
    let open = before.case.and_then(|id| step.scene.cases.get(&id));
    let cleared = open.filter(|case| cases::is_cleared_by(case, at) && !case.cleared);
    let trouble = cleared.map(|case| case.trouble);
    let last_answer_at = before.last_answer_at;
    let undo = Undo { at, round: round.clone(), timer_at, last_answer_at, trouble };
    check::end_round(step, person, Ending::Answered, at);
    check::change_watch(step, person, |watch| {
        watch.answered_due_at = Some(due_at);
        watch.undo = Some(undo);
    });
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

/// Whether a question that waits to be asked out of turn is for an answer that has come now: one to the last regular
/// question, or, after a start on a copy, any since then.
fn was_missing(step: &Step<'_>, watch: &Watch, due_at: Moment, at: Moment) -> bool {
    let last = watch.schedule.last_until(step.now);
    let known_from = last.max(step.scene.service.restored.map(|restored| restored.at));
    last.is_some() && !watch.schedule.asks_at(due_at) && Some(at) >= known_from
}

/// What would have been asked out of turn has been answered of one's own accord.
fn came(step: &mut Step<'_>, person: PersonId, watch: &Watch) -> Proof {
    step.set_timer(person.0, watch.schedule.next_after(step.now));
    Proof::Nothing
}

/// Nothing is open, but a question comes within hours: it is answered already, and not asked.
fn ahead(step: &mut Step<'_>, person: PersonId, watch: &Watch, at: Moment) -> Proof {
    let due_at = watch.schedule.next_after(step.now);
    let answered = watch.answered_due_at.is_some_and(|answered| answered >= due_at);
    if answered || at + EARLY_ANSWER < due_at {
        return Proof::Nothing;
    }
    // Whoever answered today's question late answers no second one with the same press, and a
    // press tells nothing of the days before it.
    if watch.undo.as_ref().is_some_and(|undo| undo.at == at) {
        return Proof::Nothing;
    }
    not_asked(step, person, watch, (due_at, at))
}

/// A question is answered before it was asked, and is left out.
fn not_asked(
    step: &mut Step<'_>,
    person: PersonId,
    watch: &Watch,
    (due_at, at): (Moment, Moment),
) -> Proof {
    let round = Round::asking(due_at);
    let ending = Ending::Early;
    step.scene.past.push((person, PastRound { round, ending, ended_at: at, by: None }));
    check::change_watch(step, person, |watch| watch.answered_due_at = Some(due_at));
    let next = watch.schedule.next_after(due_at.max(at));
    step.set_timer(person.0, next);
    step.facts.push(Fact::AnsweredEarly(person, due_at));
    Proof::Early(due_at)
}

/// Nothing was open: an old button, a second press, or a greeting of one's own accord. `before` is
/// the watch as it was before this press.
fn nothing_open(step: &mut Step<'_>, person: PersonId, before: &Watch, at: Moment) -> Message {
    step.facts.push(Fact::WellAnyway(person));
    // Until the next question is due, the last answer stands.
    let answered = before.answered_due_at.and(before.last_answer_at);
    match answered.filter(|last| before.schedule.next_after(*last) > at) {
        Some(_) => Message::Already(step.next_due(person)),
        None => Message::GladAnyway,
    }
}

/// "That was not meant", or pressed by mistake: the round is open again and waits on as before.
/// Those who were told that all is well are told that it is not known: of the question that their case was about, which
/// may be an earlier one than that which was answered.
pub(super) fn not_meant(
    step: &mut Step<'_>,
    person: PersonId,
    answered_at: Moment,
    ended: Option<CaseId>,
) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else {
        return step.reply(Message::TryAgain);
    };
    let undo = watch.undo.filter(|undo| {
        undo.at == answered_at && step.now.since(undo.at) <= MISTAKE_WINDOW && watch.round.is_none()
    });
    let Some(undo) = undo else { return step.reply(Message::TryAgain) };
    let due_at = undo.round.due_at;
    let ended = ended.and_then(|id| step.scene.cases.get(&id));
    let ended = ended.filter(|case| case.person == person).map(|case| case.round_due_at);
    let told_of = ended.unwrap_or(due_at);
    let mut round = undo.round;
    let mut waits_until = undo.timer_at.max(step.now + Duration::from_secs(60));
    if undo.trouble.is_some() && told_of >= due_at {
        round.stage = Stage::Reported;
    } else if is_asked_here(step, &mut round) {
        waits_until = check::wait_ends(step, &round).unwrap_or(waits_until);
    }
    check::change_watch(step, person, |watch| {
        watch.round = Some(round);
        watch.last_answer_at = undo.last_answer_at;
        watch.answered_due_at = None;
        watch.undo = None;
    });
    step.set_timer(person.0, waits_until);
    step.facts.push(Fact::TakenBack(person, due_at));
    if let Some(trouble) = undo.trouble {
        cases::report(step, person, trouble, told_of, Mark::None);
    }
    step.reply(Message::Undone);
}

/// A question that was still on its way was taken back with the answer, and will not arrive. That the answer was a mistake
/// is said in words that ask as well: the wait begins with them.
fn is_asked_here(step: &Step<'_>, round: &mut Round) -> bool {
    match round.stage {
        Stage::Asking => (round.stage, round.asked_at) = (Stage::Asked, Some(step.now)),
        Stage::Resending => (round.stage, round.resent_at) = (Stage::Resent, Some(step.now)),
        Stage::Asked | Stage::Resent | Stage::Reported => return false,
    }
    true
}

/// "Not quite well" or "I would like to talk", under the big button: alive, and somebody should
/// speak to them.
pub(super) fn small(
    step: &mut Step<'_>,
    sender: PersonId,
    at: Moment,
    (person, due_at): (PersonId, Moment),
    trouble: Trouble,
) {
    if sender != person {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    let at = at_least(step, at, due_at);
    note(step, sender, at, Sign::Unwell);
    super::soft::open(step, sender, trouble);
    step.reply(Message::SoftNoted(trouble));
}

/// Shows the practice question.
pub(super) fn practise(step: &mut Step<'_>, person: PersonId) {
    match step.name(person) {
        Some(name) => step.reply(Message::Practice(name)),
        None => step.reply(Message::Greeting),
    }
}

/// The practice button was pressed. Whoever is waited for has answered by it all the same.
pub(super) fn practised(step: &mut Step<'_>, person: PersonId, at: Moment) {
    if check::open_round(step, person).is_some() {
        return alive(step, person, at, Sign::Button);
    }
    let next = step.next_due(person);
    step.reply(Message::Practised { next });
}
