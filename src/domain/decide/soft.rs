//! Soft cases: somebody answered, and does not feel well or would like to talk. Told in office
//! hours, without a ladder, and open until somebody has spoken to them. One is told at any hour: that
//! somebody pressed "I am in trouble", and then nothing.

use super::{Step, care, cases, check, climb, office};
use crate::domain::case::{Actor, Case, Outcome, Receiver, Told, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::ladder::{self, Rung};
use crate::domain::message::Message;
use crate::domain::rules::CALL_WAIT;
use crate::domain::time::Moment;

/// Opens a soft case. While one is open, more of the same is no news.
pub(super) fn open(step: &mut Step<'_>, person: PersonId, trouble: Trouble) {
    let Some(p) = step.person(person) else { return };
    let Some(watch) = &p.watch else { return };
    let known = watch.soft.and_then(|id| step.scene.cases.get(&id));
    if known.is_some_and(|case| case.trouble == trouble && case.is_open()) {
        return;
    }
    let (now, tell_at) = (step.now, ladder::tell_at(step.now, &p.zone));
    let before = watch.soft;
    if let Some(before) = before {
        cases::close(step, before, None, now, Outcome::Other);
    }
    let id = begin(step, person, trouble, (now, tell_at));
    check::change_watch(step, person, |watch| watch.soft = Some(id));
    if step.scene.cases.get(&id).is_some_and(|case| case.nobody) {
        office::tell(step, id);
    }
    if tell_at <= now {
        tell(step, id);
    }
    cases::set_timer(step, id);
}

/// Somebody pressed "I am in trouble" at `at`: they have a moment to say what they want.
pub(super) fn open_call(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let tell_at = (at + CALL_WAIT).max(step.now);
    let id = begin(step, person, Trouble::Called, (at, tell_at));
    check::change_watch(step, person, |watch| watch.call = Some(id));
    cases::set_timer(step, id);
}

fn begin(
    step: &mut Step<'_>,
    person: PersonId,
    trouble: Trouble,
    (said_at, tell_at): (Moment, Moment),
) -> CaseId {
    let id = CaseId(step.scene.draw_id());
    let watchers = cases::reachable_watchers(step, person);
    let receivers =
        watchers.iter().map(|w| Receiver { person: *w, told: Told::Deferred }).collect();
    let case = Case {
        receivers,
        nobody: watchers.is_empty(),
        ..Case::opened((id, person), trouble, step.now, said_at, (Rung::Tell, tell_at))
    };
    step.scene.cases.put(id, case);
    step.facts.push(Fact::CaseOpened(id, person, trouble));
    id
}

/// Tells those who watch, once, and rests. Where there is nobody, the office.
pub(super) fn tell(step: &mut Step<'_>, id: CaseId) {
    let now = step.now;
    climb::set_rung(step, id, (Rung::Rest, now));
    if step.scene.cases.get(&id).is_some_and(|case| case.nobody) {
        office::tell(step, id);
    }
    let Some(case) = step.scene.cases.get(&id).cloned() else { return };
    let Some(name) = step.name(case.person) else { return };
    for receiver in &case.receivers {
        let at = step.local(receiver.person, case.opened_at);
        let (name, trouble) = (name.clone(), case.trouble);
        cases::set_told(step, id, receiver.person, Told::Accepted);
        step.notify(receiver.person, Message::SoftAlert { case: id, name, trouble, at });
    }
}

/// Somebody has spoken to the person.
pub(super) fn done(step: &mut Step<'_>, sender: PersonId, at: Moment, id: CaseId) {
    let Some((case, _)) = care::open_case(step, sender, id) else { return };
    if !case.trouble.is_soft() {
        return step.reply(Message::TryAgain);
    }
    step.reply(Message::Noted);
    done_by(step, &case, Actor::Person(sender), at, Outcome::Well);
}

/// Somebody has spoken to the person; the others hear of it.
pub(super) fn done_by(step: &mut Step<'_>, case: &Case, by: Actor, at: Moment, outcome: Outcome) {
    cases::close(step, case.id, Some(by), at, outcome);
    let Some(name) = step.name(case.person) else { return };
    let who = step.who(by);
    care::tell_others(step, case, by, &Message::SoftDoneBy { who, name });
}
