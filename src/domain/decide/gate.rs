//! Whether silence may be reported now. Every report passes here: first the doubts about ourselves
//! are removed, each within a bound, and only then is silence called "no answer".

use std::time::Duration;

use super::Step;
use crate::domain::case::Mark;
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::ladder;
use crate::domain::message::OfficeNotice;
use crate::domain::round::{Round, Stage};
use crate::domain::rules::{APOLOGIES_MAX, BREAKER_HOLD_MAX, DEAF_IGNORED};
use crate::domain::service::RESTORED_WAIT_MAX;
use crate::domain::time::Moment;

/// A hold is looked at again after this, or when it is over.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// A question that leaves so much too late was missed.
const MISSED_AFTER: Duration = Duration::from_secs(3600);

/// A question that waits is looked at again after this.
const QUESTION_LOOK_AGAIN: Duration = Duration::from_secs(5 * 60);

/// A hold by the breaker ends as soon as we have looked at ourselves.
const BREAKER_LOOK_AGAIN: Duration = Duration::from_secs(15);

/// A report this much later than it should have been is told to be late.
const LATE_AFTER: Duration = Duration::from_secs(15 * 60);

/// What came out of a copy is made good so soon after it may be: everyone is walked over.
const MADE_GOOD_WITHIN: Duration = Duration::from_secs(10 * 60);

/// What to do about silence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gate {
    /// It is what it looks like.
    Open(Mark),
    /// Look again then.
    Hold(Moment),
    /// So much of the wait was deaf: apologise, and wait anew.
    Apologise(Duration),
    /// We could not have heard an answer, and may not wait any longer.
    Unheard(Mark),
}

/// Judges the silence of a round whose wait is over.
pub(super) fn silence(step: &mut Step<'_>, person: PersonId, round: &Round) -> Gate {
    let mark = match ourselves(step) {
        Ok(mark) => mark,
        Err(gate) => return gate,
    };
    let deaf = deaf_part(step, round);
    let apologies = round.sorry.map_or(0, |sorry| sorry.count);
    let unanswered = round.sorry.is_some_and(|sorry| sorry.accepted_at.is_none());
    if unanswered {
        // The apology never left, so the person does not know that they were not heard.
        return Gate::Unheard(mark);
    }
    if deaf >= DEAF_IGNORED {
        return if apologies < APOLOGIES_MAX { Gate::Apologise(deaf) } else { Gate::Unheard(mark) };
    }
    match breaker(step, person) {
        Some(until) => Gate::Hold(until),
        None => Gate::Open(late(step, round, mark)),
    }
}

/// Doubts about ourselves that concern every report: time, late redeliveries, hearing.
fn ourselves(step: &Step<'_>) -> Result<Mark, Gate> {
    let service = &step.scene.service;
    let hold_max = step.rules.hold_max;
    let hold = |bound: Moment| Gate::Hold(bound.min(step.now + LOOK_AGAIN));
    let mut mark = Mark::None;
    if let Some(since) = service.time_doubted {
        let bound = since + hold_max;
        if step.now < bound && step.now >= since {
            return Err(hold(bound));
        }
        mark = Mark::TimeUnproven;
    }
    let hearing = &service.hearing;
    let bound = hearing.noticed_at + hold_max;
    if step.now < hearing.settle_until.min(bound) {
        return Err(Gate::Hold(hearing.settle_until.min(bound)));
    }
    // Waits that began while our time was behind are first made as long as any.
    if service.lag.is_some() && step.now < bound {
        return Err(hold(bound));
    }
    if hearing.deaf_since.is_some() {
        return Err(if step.now < bound { hold(bound) } else { Gate::Unheard(mark) });
    }
    Ok(mark)
}

/// Whether everything was heard that a group answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Heard {
    /// It was.
    Yes,
    /// Look again then.
    Hold(Moment),
    /// Not all of it, and there is no more waiting.
    NotAll,
}

/// Judges the silence of some of a group since its question was accepted.
pub(super) fn group(step: &Step<'_>, asked_at: Moment) -> Heard {
    match ourselves(step) {
        Err(Gate::Hold(until)) => Heard::Hold(until),
        Err(Gate::Open(_) | Gate::Apologise(_) | Gate::Unheard(_)) => Heard::NotAll,
        Ok(_) if step.scene.service.hearing.deaf_between(asked_at, step.now) >= DEAF_IGNORED => {
            Heard::NotAll
        }
        Ok(_) => Heard::Yes,
    }
}

/// Until when nothing is concluded from a round that came out of a copy: everyone is asked afresh. Where nobody does that,
/// it goes on in the end as if it were of today.
pub(super) fn out_of_a_copy(step: &Step<'_>, round: &Round) -> Option<Moment> {
    let service = &step.scene.service;
    let restored = service.restored.filter(|restored| !restored.made_good)?;
    let bound = service.hearing.noticed_at + RESTORED_WAIT_MAX + MADE_GOOD_WITHIN;
    let is_held = round.due_at < restored.at && step.now < bound;
    is_held.then(|| bound.min(step.now + LOOK_AGAIN))
}

/// Whether a second call may leave: not while we could not hear what it brings.
pub(super) fn second_call(step: &Step<'_>) -> Option<Moment> {
    match ourselves(step) {
        Err(Gate::Hold(until)) => Some(until),
        Ok(_) | Err(Gate::Open(_) | Gate::Apologise(_) | Gate::Unheard(_)) => None,
    }
}

/// Whether a question may leave: not by a clock that may be wrong, until its time is proven or the doubt has lasted as
/// long as it may.
pub(super) fn question(step: &Step<'_>) -> Option<Moment> {
    let since = step.scene.service.time_doubted?;
    let bound = since + step.rules.hold_max;
    let held = step.now < bound && step.now >= since;
    held.then(|| bound.min(step.now + QUESTION_LOOK_AGAIN))
}

/// Whether a group is left alone for now: as long as the time is doubted. Word reaches it over LINE alone, and where LINE
/// answers, it says what time it is.
pub(super) fn group_waits(step: &Step<'_>) -> Option<Moment> {
    step.scene.service.time_doubted.map(|_| step.now + QUESTION_LOOK_AGAIN)
}

/// Until when a question waits that should have left long ago, because we stood still: nobody is woken for our fault.
pub(super) fn missed(step: &Step<'_>, person: PersonId, due_at: Moment) -> Option<Moment> {
    (step.now.since(due_at) >= MISSED_AFTER).then(|| morning(step, person)).flatten()
}

/// Until when somebody sleeps, if they do now.
pub(super) fn morning(step: &Step<'_>, person: PersonId) -> Option<Moment> {
    let person = step.person(person)?;
    let morning = ladder::quiet_until(step.now, &person.zone)?;
    // Whoever wants to be asked in the night is awake at that hour.
    let regular = person.watch.as_ref()?.schedule.next_after(step.now - MISSED_AFTER);
    (regular > step.now).then(|| morning.min(regular))
}

/// How much of the present wait was deaf and has not been apologised for.
pub(super) fn deaf_part(step: &Step<'_>, round: &Round) -> Duration {
    let Some(since) = round.waiting_since() else { return Duration::ZERO };
    let from = round.sorry.map_or(since, |sorry| since.max(sorry.heard_until));
    step.scene.service.hearing.deaf_between(from, step.now)
}

/// Holds an implausible number of alerts until we have looked at ourselves; the moment of the next
/// look, if it holds.
fn breaker(step: &mut Step<'_>, person: PersonId) -> Option<Moment> {
    let until = breaker_holds(step)?;
    if let Some(name) = step.name(person) {
        step.scene.change_service().breaker.hold(name);
    }
    Some(until)
}

fn breaker_holds(step: &mut Step<'_>) -> Option<Moment> {
    let now = step.now;
    let service = &step.scene.service;
    if !service.breaker.is_implausible(service.watched, now) {
        step.scene.change_service().breaker.note(now);
        return None;
    }
    let proof_at = service.hearing.proof_at;
    match service.breaker.held_since {
        None => {
            step.scene.change_service().breaker.held_since = Some(now);
            step.facts.push(Fact::BreakerHolds);
            step.tell_office(&format!("breaker/{}", now.millis()), OfficeNotice::ManyAlerts);
            Some(now + BREAKER_LOOK_AGAIN)
        }
        Some(since) if now < since + BREAKER_HOLD_MAX && proof_at <= since => {
            Some((since + BREAKER_HOLD_MAX).min(now + BREAKER_LOOK_AGAIN))
        }
        Some(_) => {
            let breaker = &mut step.scene.change_service().breaker;
            let held = breaker.release(now);
            breaker.note(now);
            step.facts.push(Fact::BreakerReleased);
            let digest = OfficeNotice::AlertsLeave(held);
            step.tell_office(&format!("released/{}", now.millis()), digest);
            None
        }
    }
}

/// Marks a report as late where our own stop made it so, and one whose second call never left as that.
fn late(step: &Step<'_>, round: &Round, mark: Mark) -> Mark {
    if round.stage == Stage::Resending && round.sorry.is_none() && mark == Mark::None {
        return Mark::AskedOnce;
    }
    let due_at = match (round.sorry, round.resent_at.or(round.asked_at)) {
        (Some(sorry), _) => sorry.accepted_at.map(|at| at + sorry.wait),
        (None, Some(at)) => Some(at + step.rules.alert_after),
        (None, None) => None,
    };
    let is_late = due_at.is_some_and(|due_at| step.now.since(due_at) > LATE_AFTER);
    if mark == Mark::None && (is_late || round.sorry.is_some()) { Mark::Late } else { mark }
}
