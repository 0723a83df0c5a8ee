//! "I am in trouble": what to do is asked first, because a call to the ambulance is quicker than we
//! are; telling opens a case at once, and says plainly that nobody is sure to come.

use super::answer::{self, Sign};
use super::{Step, cases, check, soft};
use crate::domain::case::{Actor, Case, Mark, Outcome, Receiver, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::ladder::Rung;
use crate::domain::message::{Message, Who};
use crate::domain::rules::CALL_WAIT;
use crate::domain::time::Moment;

/// "I am in trouble", pressed or written. Proves no well-being: whoever presses nothing further is
/// still being waited for, and those who watch hear of it soon.
pub(super) fn ask(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    step.facts.push(Fact::InTrouble(sender));
    let watch = step.person(sender).and_then(|person| person.watch.clone());
    step.reply(Message::AskHelp { watched: watch.is_some() });
    let Some(watch) = watch else { return };
    let open = [watch.case, watch.call].into_iter().flatten();
    let known = open
        .filter_map(|id| step.scene.cases.get(&id))
        .any(|case| matches!(case.trouble, Trouble::Help | Trouble::Called) && case.is_open());
    if !known {
        open_call(step, sender, at);
    }
}

/// They have a moment to say what they want. After it, whoever watches is alerted as by any other cry for help.
fn open_call(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let id = CaseId(step.scene.draw_id());
    let tell_at = (at + CALL_WAIT).max(step.now);
    let next = (Rung::Tell, tell_at);
    step.scene.cases.put(id, Case::opened((id, person), Trouble::Called, step.now, at, next));
    step.facts.push(Fact::CaseOpened(id, person, Trouble::Called));
    check::change_watch(step, person, |watch| watch.call = Some(id));
    cases::set_timer(step, id);
}

/// What was meant by the press has become clear at `at`. Whoever was told that nobody knows hears what
/// it was; before that, nobody is troubled.
pub(super) fn end_call(step: &mut Step<'_>, person: PersonId, at: Moment, outcome: Outcome) {
    let call = step.person(person).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.call);
    let Some(case) = call.and_then(|id| step.scene.cases.get(&id)).cloned() else { return };
    // A press from before it, arriving late, says nothing about it.
    if at < case.round_due_at {
        return;
    }
    let by = Actor::Person(person);
    cases::close(step, case.id, Some(by), at, outcome);
    let Some(name) = step.name(person) else { return };
    for receiver in &case.receivers {
        if !cases::reached_by_alert(step, case.id, receiver) {
            continue;
        }
        let (name, at) = (name.clone(), step.local(receiver.person, at));
        let message = match outcome {
            Outcome::Answered => Message::AllClear { name, at, unwell: false },
            // What follows says more.
            Outcome::HandedOn => continue,
            _ => Message::ClosedBy { who: Who::Named(name.clone()), name, outcome, at },
        };
        step.notify(receiver.person, message);
    }
}

/// Tell those who watch.
pub(super) fn tell(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    let Some(watch) = step.person(sender).and_then(|p| p.watch.clone()) else {
        return step.reply(Message::AskHelp { watched: false });
    };
    let open = watch.case.and_then(|id| step.scene.cases.get(&id));
    let told = open.is_some_and(|case| case.trouble == Trouble::Help && case.is_open());
    if !told {
        // Alive, and not well: silence is over, and what is asked for now is help.
        check::answered_by_help(step, sender, at);
        end_call(step, sender, at, Outcome::HandedOn);
        cases::report(step, sender, Trouble::Help, at, Mark::None);
    }
    let told = step.watchers_named(&cases::reachable_watchers(step, sender));
    step.reply(Message::HelpSent { told });
}

/// Pressed by mistake: nobody is troubled, and whoever was told hears so.
pub(super) fn cancel(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    let case = step.person(sender).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    let open = case.and_then(|id| step.scene.cases.get(&id)).cloned();
    if let Some(case) = open.filter(|case| case.trouble == Trouble::Help) {
        cases::close(step, case.id, Some(Actor::Person(sender)), at, Outcome::FalseAlarm);
        let Some(name) = step.name(sender) else { return };
        let receivers: Vec<Receiver> = case.receivers.clone();
        for receiver in receivers {
            if cases::reached_by_alert(step, case.id, &receiver) {
                let who = Who::Named(name.clone());
                let at = step.local(receiver.person, at);
                let (name, outcome) = (name.clone(), Outcome::FalseAlarm);
                step.notify(receiver.person, Message::ClosedBy { who, name, outcome, at });
            }
        }
    }
    end_call(step, sender, at, Outcome::FalseAlarm);
    answer::note(step, sender, at, Sign::Button);
    step.reply(Message::HelpCancelled);
}

/// A text that says the person is not well: alive, and perhaps somebody should know.
pub(super) fn unwell(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    if step.rules.any_sign_counts {
        answer::note(step, sender, at, Sign::Unwell);
    }
    step.reply(Message::AskUnwell);
}

/// Not well: tell those who watch.
pub(super) fn tell_unwell(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    answer::note(step, sender, at, Sign::Unwell);
    end_call(step, sender, at, Outcome::HandedOn);
    if step.person(sender).is_some_and(|person| person.watch.is_some()) {
        soft::open(step, sender, Trouble::Unwell);
        step.reply(Message::SoftNoted(Trouble::Unwell));
    } else {
        step.reply(Message::AskHelp { watched: false });
    }
}

/// Not well, but all right: nobody is told.
pub(super) fn all_right(step: &mut Step<'_>, sender: PersonId, at: Moment) {
    answer::note(step, sender, at, Sign::Button);
    step.reply(Message::Noted);
}
