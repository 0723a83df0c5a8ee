//! Soft cases: somebody answered, and does not feel well or would like to talk. Told in office
//! hours, without a ladder, and open until somebody has spoken to them.

use super::{Step, care, cases, check, climb, office};
use crate::domain::case::{Actor, Case, Outcome, Receiver, Told, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::ladder::{self, Rung};
use crate::domain::message::Message;
use crate::domain::time::Moment;

/// Opens a soft case. While one is open, more of the same is no news.
pub(super) fn open(step: &mut Step<'_>, person: PersonId, trouble: Trouble) {
    let Some(p) = step.person(person) else { return };
    let Some(watch) = &p.watch else { return };
    let known = watch.soft.and_then(|id| step.scene.cases.get(&id));
    if known.is_some_and(|case| case.trouble == trouble && case.is_open()) {
        return;
    }
    let zone = cases::readers_zone(step, person);
    let (now, tell_at) = (step.now, ladder::tell_at(step.now, &zone));
    let before = watch.soft;
    if let Some(before) = before {
        cases::close(step, before, None, now, Outcome::Other);
    }
    let id = begin(step, person, trouble, (now, tell_at));
    check::change_watch(step, person, |watch| watch.soft = Some(id));
    if tell_at <= now {
        tell(step, id);
    }
    cases::set_timer(step, id);
}

fn begin(
    step: &mut Step<'_>,
    person: PersonId,
    trouble: Trouble,
    (said_at, tell_at): (Moment, Moment),
) -> CaseId {
    let id = CaseId(step.scene.draw_id());
    let nobody = cases::has_nobody(step, person);
    let case = Case {
        nobody,
        ..Case::opened((id, person), trouble, step.now, said_at, (Rung::Tell, tell_at))
    };
    step.scene.cases.put(id, case);
    step.facts.push(Fact::CaseOpened(id, person, trouble));
    id
}

/// Tells those who watch, once, and rests. Where the office watches, or nobody does, the office.
pub(super) fn tell(step: &mut Step<'_>, id: CaseId) {
    let now = step.now;
    climb::set_rung(step, id, (Rung::Rest, now));
    let Some(case) = step.scene.cases.get(&id).cloned() else { return };
    let nobody = cases::has_nobody(step, case.person);
    let watchers = cases::can_be_told(step, case.person);
    if let Some(case) = step.scene.cases.change(&id) {
        case.nobody = nobody;
        let told = |person: &PersonId| Receiver { person: *person, told: Told::Accepted };
        case.receivers = watchers.iter().map(told).collect();
    }
    if nobody || office::watches_itself(step, case.person) {
        office::tell(step, id);
    }
    let Some(name) = step.name(case.person) else { return };
    for watcher in watchers {
        let at = step.local(watcher, case.opened_at);
        let (name, trouble) = (name.clone(), case.trouble);
        step.notify(watcher, Message::SoftAlert { case: id, name, trouble, at });
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
