//! The check-in cycle, driven by the one timer of a person: ask, ask again, tell the managers, ask
//! the next regular question. What the timer means follows from the stage of the open round.

use super::gate::{self, Gate};
use super::{Step, ask_name, cases, group, join, office, phoned, resend_name, rest, sorry_name};
use crate::domain::case::{Actor, Mark, Trouble};
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::{GroupId, PersonId};
use crate::domain::message::{Hears, Message};
use crate::domain::name::Name;
use crate::domain::person::{EndReason, Ended, Person, Watch};
use crate::domain::round::{Ending, PastRound, Round, Sorry, Stage};
use crate::domain::rules::{APOLOGY_WAIT_MAX, APOLOGY_WAIT_MIN, DEAF_IGNORED};
use crate::domain::team::Role;
use crate::domain::time::Moment;

/// The timer of a person is due; the caller has seen that it is the present one.
pub(super) fn timer(step: &mut Step<'_>, person: PersonId, due_at: Moment) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else {
        // Nobody is watched here any more: the timer has no owner.
        return step.scene.timers.remove(&person.0);
    };
    if step.person(person).is_some_and(Person::is_lost) {
        return still_lost(step, person, &watch);
    }
    if watch.pause.is_some() {
        if let Some(resumed_at) = rest::timer(step, person, &watch) {
            ask(step, person, resumed_at);
        }
        return;
    }
    let Some(round) = &watch.round else {
        // By a clock that may be wrong nobody is asked, for a while; and what we missed is made good in the morning.
        return match gate::question(step).or_else(|| gate::missed(step, person, due_at)) {
            Some(until) => hold(step, person, until),
            None => ask(step, person, due_at),
        };
    };
    if let Some(until) = gate::out_of_a_copy(step, round) {
        return hold(step, person, until);
    }
    match round.stage {
        Stage::Reported => {
            end_round(step, person, Ending::Superseded, step.now);
            ask(step, person, due_at);
        }
        Stage::Asked => second_call(step, person, round),
        Stage::Asking => {
            let by_phone = phoned::is_asked_by_phone(step, person);
            let trouble = if by_phone { Trouble::NotPhoned } else { Trouble::NotSent };
            report(step, person, &watch, trouble, Mark::None);
        }
        // A call that nobody took has nothing to do with how well we hear.
        Stage::Resending | Stage::Resent if phoned::is_asked_by_phone(step, person) => {
            report(step, person, &watch, Trouble::NoAnswer, Mark::None);
        }
        Stage::Resending | Stage::Resent => silent(step, person, &watch, round),
    }
}

/// LINE does not reach somebody, and whoever looked has closed the case: nothing is asked of them, so that somebody has to
/// look again.
fn still_lost(step: &mut Step<'_>, person: PersonId, watch: &Watch) {
    step.scene.timers.remove(&person.0);
    if watch.case.is_none() {
        let now = step.now;
        cases::open(step, person, Trouble::Unreachable, now, Mark::None);
    }
}

/// Opens a round and sends its question. Until LINE accepts it, the timer stands at the moment
/// when a human has to be told that nothing is known.
fn ask(step: &mut Step<'_>, person: PersonId, due_at: Moment) {
    let due_at = step.asked_for(due_at);
    ask_in(step, person, due_at, |name, round, step| {
        let (local, quote) = (step.local(person, step.now), wants_quote(step, person));
        Message::Ask { name, round, local, quote }
    });
}

/// Asks in the words that are handed in.
fn ask_in(
    step: &mut Step<'_>,
    person: PersonId,
    due_at: Moment,
    words: impl FnOnce(Name, (PersonId, Moment), &Step<'_>) -> Message,
) {
    change_watch(step, person, |watch| watch.round = Some(Round::asking(due_at)));
    let guard = due_at + step.rules.not_sent_after();
    // A question that is long overdue still gets its time to be delivered.
    let guard = guard.max(step.now + step.rules.alert_after);
    step.set_timer(person.0, guard);
    step.facts.push(Fact::Asking(person, due_at));
    if phoned::is_asked_by_phone(step, person) {
        return;
    }
    let percent = step.rules.alert_reserve_percent;
    if !step.scene.service.quota.allows_question(step.now, percent) {
        // What is left of the month is for alerts. The timer stands where a human is told that
        // nothing is known of the person.
        return step.facts.push(Fact::NotAskedForQuota(person));
    }
    let Some(name) = step.name(person) else { return };
    let question = words(name, (person, due_at), step);
    step.send(&ask_name(person, due_at), Purpose::Ask(person, due_at), vec![question]);
}

/// Whether the day's quote stands under a question: neither the person nor a team left it out.
fn wants_quote(step: &Step<'_>, person: PersonId) -> bool {
    let by_teams = step
        .scene
        .teams_watching(person)
        .all(|team| step.scene.teams.get(&team).is_none_or(|team| team.quotes));
    by_teams && step.person(person).is_some_and(|person| person.quotes)
}

/// Sends the second call, as soon as we can hear what it brings.
fn second_call(step: &mut Step<'_>, person: PersonId, round: &Round) {
    match gate::second_call(step) {
        Some(until) => hold(step, person, until),
        None => {
            let sorry = gate::deaf_part(step, round) >= DEAF_IGNORED;
            resend(step, person, sorry);
        }
    }
}

/// Looks again later.
pub(super) fn hold(step: &mut Step<'_>, person: PersonId, until: Moment) {
    step.set_timer(person.0, until);
    step.facts.push(Fact::Held(person));
}

/// Sends the second call. Whether or not it can be delivered, the managers are told in time.
/// `sorry`: the person may have answered without our hearing it.
fn resend(step: &mut Step<'_>, person: PersonId, sorry: bool) {
    let Some(round) = open_round(step, person) else { return };
    let due_at = round.due_at;
    let alert_at = step.now + step.rules.alert_after;
    change_round(step, person, |round| round.stage = Stage::Resending);
    step.set_timer(person.0, alert_at);
    step.facts.push(Fact::Resending(person, due_at));
    let Some(name) = step.name(person) else { return };
    let alert = step.local(person, alert_at);
    let told = match cases::can_be_told(step, person).is_empty() {
        false => Hears::Watchers,
        true if office::watches_itself(step, person) => Hears::Office,
        true => Hears::Nobody,
    };
    let call = Message::Resend { name, round: (person, due_at), alert, told, sorry };
    step.send(&resend_name(person, due_at), Purpose::Resend(person, due_at), vec![call]);
}

/// The last wait of a round is over and nothing came.
fn silent(step: &mut Step<'_>, person: PersonId, watch: &Watch, round: &Round) {
    match gate::silence(step, person, round) {
        Gate::Hold(until) => hold(step, person, until),
        Gate::Apologise(deaf) => apologise(step, person, round, deaf),
        Gate::Unheard(mark) => report(step, person, watch, Trouble::Unheard, mark),
        Gate::Open(mark) => report(step, person, watch, Trouble::NoAnswer, mark),
    }
}

/// Somebody was being waited for while we were deaf: apologises at once instead of when the wait is
/// over, so that whoever pressed in vain need not wonder.
pub(super) fn recheck(step: &mut Step<'_>, person: PersonId) {
    join::test_lost(step, person);
    wait_as_long(step, person);
    let Some(round) = open_round(step, person) else { return };
    if gate::second_call(step).is_some() {
        return;
    }
    let deaf = gate::deaf_part(step, &round);
    let apologies = round.sorry.map_or(0, |sorry| sorry.count);
    if deaf < DEAF_IGNORED || apologies >= crate::domain::rules::APOLOGIES_MAX {
        return;
    }
    step.cause = format!("recheck/{person}/{}", step.now.millis());
    match round.stage {
        // The second call is due anyway: it apologises itself.
        Stage::Asked if wait_ends(step, &round).is_some_and(|end| end <= step.now) => {
            resend(step, person, true);
        }
        Stage::Asked | Stage::Resent => apologise(step, person, &round, deaf),
        // A call to press is on its way, or humans are looking already.
        Stage::Asking | Stage::Resending | Stage::Reported => {}
    }
}

/// The data came out of a copy, and whatever it says of somebody may be old: they are asked afresh, with an apology,
/// and nothing is concluded from the round in the copy. By night they are asked in the morning.
pub(super) fn ask_afresh(step: &mut Step<'_>, person: PersonId) {
    let now = step.now;
    let Some(restored) = step.scene.service.restored else { return };
    let Some(asked) = step.person(person) else { return };
    let Some(watch) = &asked.watch else { return };
    // Nothing is known of days to come, whatever was noted of them.
    let is_since = |at: Moment| at >= restored.at && at <= now;
    let is_fresh = watch.round.as_ref().is_some_and(|round| is_since(round.due_at))
        || watch.last_answer_at.is_some_and(is_since);
    if is_fresh || rest::holds(step, watch) || asked.is_lost() || asked.is_phoned() {
        return;
    }
    step.cause = format!("afresh/{person}/{}", restored.at.millis());
    rest::forget_over(step, person);
    end_round(step, person, Ending::Superseded, now);
    match gate::question(step).or_else(|| gate::morning(step, person)) {
        Some(until) => hold(step, person, until),
        None => {
            ask_in(step, person, now, |name, round, _| Message::Sorry { name, round, alert: None })
        }
    }
}

/// Where our time was behind, the wait of whoever was asked meanwhile began later than was noted: it is as long as any.
fn wait_as_long(step: &mut Step<'_>, person: PersonId) {
    let Some(lag) = step.scene.service.lag else { return };
    let Some(before) = open_round(step, person) else { return };
    change_round(step, person, |round| {
        let sorry_at = round.sorry.as_mut().and_then(|sorry| sorry.accepted_at.as_mut());
        let moments = [round.asked_at.as_mut(), round.resent_at.as_mut(), sorry_at];
        moments.into_iter().flatten().for_each(|at| *at = lag.truly(*at));
    });
    let Some(round) = open_round(step, person).filter(|round| *round != before) else { return };
    let timer = step.scene.timers.get(&person.0).copied();
    let sorry_ends = round.sorry.and_then(|sorry| Some(sorry.accepted_at? + sorry.wait));
    if let (Some(timer), Some(ends)) = (timer, wait_ends(step, &round).max(sorry_ends)) {
        step.set_timer(person.0, timer.max(ends));
    }
}

/// "We could not hear you." The wait begins anew when LINE accepts it: as long as we were deaf,
/// within bounds, and never shorter than it would have been.
fn apologise(step: &mut Step<'_>, person: PersonId, round: &Round, deaf: std::time::Duration) {
    let due_at = round.due_at;
    let count = round.sorry.map_or(0, |sorry| sorry.count).saturating_add(1);
    let wait = deaf.clamp(APOLOGY_WAIT_MIN, APOLOGY_WAIT_MAX);
    let sorry = Sorry { count, heard_until: step.now, wait, accepted_at: None };
    change_round(step, person, |round| round.sorry = Some(sorry));
    let next = (step.now + wait).max(wait_ends(step, round).unwrap_or(step.now));
    step.set_timer(person.0, next);
    step.facts.push(Fact::Apologising(person, due_at));
    let Some(name) = step.name(person) else { return };
    let alert = (round.stage != Stage::Asked).then(|| step.local(person, next));
    let call = Message::Sorry { name, round: (person, due_at), alert };
    let name = sorry_name(person, due_at, count);
    step.send(&name, Purpose::Sorry(person, due_at), vec![call]);
}

/// When the present wait of a round ends by itself.
pub(super) fn wait_ends(step: &Step<'_>, round: &Round) -> Option<Moment> {
    match round.stage {
        Stage::Asked => round.asked_at.map(|at| at + step.rules.resend_after),
        Stage::Resent => round.resent_at.map(|at| at + step.rules.alert_after),
        Stage::Asking | Stage::Resending | Stage::Reported => None,
    }
}

/// Tells the managers, once: while a case is open, another silent round opens no second one.
pub(super) fn report(
    step: &mut Step<'_>,
    person: PersonId,
    watch: &Watch,
    trouble: Trouble,
    mark: Mark,
) {
    let Some(round) = watch.round.as_ref() else { return };
    let (due_at, now) = (round.due_at, step.now);
    withdraw_calls(step, person, round);
    change_round(step, person, |round| {
        round.stage = Stage::Reported;
        round.reported_at = Some(now);
    });
    step.set_timer(person.0, watch.schedule.next_after(now));
    cases::report(step, person, trouble, due_at, mark);
}

/// Takes back what is still to leave for a round.
fn withdraw_calls(step: &mut Step<'_>, person: PersonId, round: &Round) {
    step.withdraw(step.ask_id(person, round.due_at));
    step.withdraw(step.resend_id(person, round.due_at));
    for count in 1..=round.sorry.map_or(0, |sorry| sorry.count) {
        let name = sorry_name(person, round.due_at, count);
        step.withdraw(step.mint.outbox_id(&name));
    }
}

/// Ends the open round, if there is one, and takes back what was still to leave for it.
pub(super) fn end_round(step: &mut Step<'_>, person: PersonId, ending: Ending, ended_at: Moment) {
    end_round_by(step, person, (ending, None), ended_at);
}

fn end_round_by(
    step: &mut Step<'_>,
    person: PersonId,
    (ending, by): (Ending, Option<PersonId>),
    ended_at: Moment,
) {
    let Some(round) = open_round(step, person) else { return };
    withdraw_calls(step, person, &round);
    change_watch(step, person, |watch| watch.round = None);
    step.scene.past.push((person, PastRound { round, ending, ended_at, by }));
}

/// Somebody who watches answers for a person: the round of that time is over, and shows who ended it.
pub(super) fn answered_by_proxy(
    step: &mut Step<'_>,
    person: PersonId,
    (by, at): (Actor, Moment),
    round_due_at: Moment,
) {
    let theirs = open_round(step, person).is_some_and(|round| round.due_at >= round_due_at);
    if theirs {
        end_round_by(step, person, (Ending::ByProxy, by.person()), at);
        rest::set_timer(step, person);
    }
}

/// A cry for help ends the waiting: the person lives, and humans are told.
pub(super) fn answered_by_help(step: &mut Step<'_>, person: PersonId, at: Moment) {
    change_watch(step, person, |watch| {
        watch.last_answer_at = watch.last_answer_at.max(Some(at));
        watch.undo = None;
    });
    if open_round(step, person).is_some_and(|round| at >= round.due_at) {
        end_round(step, person, Ending::Answered, at);
        rest::set_timer(step, person);
    }
}

/// Ends the watch over a person: no greeting follows. Places in teams as one who is asked go with
/// it; what one watches over oneself stays.
pub(super) fn end_watch(step: &mut Step<'_>, person: PersonId, why: EndReason, ending: Ending) {
    let now = step.now;
    let cases =
        step.person(person).and_then(|p| p.watch.as_ref()).map(|w| [w.case, w.soft, w.call]);
    end_round(step, person, ending, now);
    for case in cases.into_iter().flatten().flatten() {
        cases::close(step, case, None, now, crate::domain::case::Outcome::Other);
        cases::take_back_alerts(step, case);
    }
    step.scene.timers.remove(&person.0);
    let teams: Vec<_> = step.scene.teams_watching(person).collect();
    for team in teams {
        step.scene.members.remove(&(team, Role::Member, person));
    }
    if why == EndReason::Died {
        let groups: Vec<GroupId> = step
            .scene
            .participants
            .iter()
            .filter(|((_, of), _)| *of == person)
            .map(|((group, _), _)| *group)
            .collect();
        for id in groups {
            group::gone(step, id, person);
        }
    }
    if let Some(p) = step.scene.persons.change(&person) {
        p.watch = None;
        p.ended = Some(Ended { at: now, why });
    }
    step.facts.push(Fact::WatchEnded(person, why));
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
