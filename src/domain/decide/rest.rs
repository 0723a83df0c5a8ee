//! Rests: asked for, confirmed by a second press, told to everyone who watches, asked about every
//! week, announced before they end, and over by themselves. A rest never closes an open case.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Step, cases, check, gate, office};
use crate::domain::case::Actor;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId};
use crate::domain::message::{Message, OfficeNotice, Rest};
use crate::domain::pause::{self, Next, Pause, Why};
use crate::domain::person::Watch;
use crate::domain::round::Ending;
use crate::domain::rules::EARLY_ANSWER;
use crate::domain::time::Moment;

/// "I would like to rest."
pub(super) fn ask(step: &mut Step<'_>, sender: PersonId) {
    match step.person(sender).and_then(|p| p.watch.clone()) {
        None => step.reply(Message::Greeting),
        Some(watch) => match &watch.pause {
            Some(pause) => agreed(step, sender, &watch, pause),
            None => {
                let today = today(step, sender);
                step.reply(Message::Rest(Rest::Ask { today, latest: latest(today) }));
            }
        },
    }
}

fn agreed(step: &mut Step<'_>, reader: PersonId, watch: &Watch, pause: &Pause) {
    let next = step.local(reader, pause.resumes_at(&watch.schedule));
    step.reply(Message::Rest(Rest::Agreed { last_day: pause.last_day, next }));
}

fn today(step: &Step<'_>, person: PersonId) -> Date {
    step.local(person, step.now).date()
}

/// For so many days from today.
pub(super) fn propose_days(step: &mut Step<'_>, sender: PersonId, days: u8, why: Why) {
    let today = today(step, sender);
    match pause::last_day(today, days) {
        Some(last_day) => propose(step, sender, last_day, why),
        None => step.reply(Message::Rest(Rest::TooLong)),
    }
}

/// Until a chosen day: shows what that means, and asks for a second press.
pub(super) fn propose(step: &mut Step<'_>, sender: PersonId, last_day: Date, why: Why) {
    let Some(watch) = step.person(sender).and_then(|p| p.watch.clone()) else {
        return step.reply(Message::Greeting);
    };
    let first_day = first_day(step, sender, &watch);
    if !pause::is_allowed(first_day, last_day) {
        return step.reply(Message::Rest(Rest::TooLong));
    }
    let planned = plan(step, first_day, last_day, why, Actor::Person(sender));
    let next = step.local(sender, planned.resumes_at(&watch.schedule));
    step.reply(Message::Rest(Rest::Confirm { last_day, next, why }));
}

/// A rest that is made longer still counts from its first day: thirty days are thirty days.
fn first_day(step: &Step<'_>, person: PersonId, watch: &Watch) -> Date {
    watch.pause.as_ref().map_or_else(|| today(step, person), |pause| pause.first_day)
}

fn plan(step: &Step<'_>, first_day: Date, last_day: Date, why: Why, by: Actor) -> Pause {
    Pause { since: step.now, first_day, last_day, why, by, pings: 0, announced: false }
}

/// Confirmed: the rest begins.
pub(super) fn begin(step: &mut Step<'_>, sender: PersonId, last_day: Date, why: Why) {
    let Some(watch) = step.person(sender).and_then(|p| p.watch.clone()) else {
        return step.reply(Message::Greeting);
    };
    let first_day = first_day(step, sender, &watch);
    if !pause::is_allowed(first_day, last_day) || last_day < today(step, sender) {
        return step.reply(Message::Rest(Rest::TooLong));
    }
    let planned = plan(step, first_day, last_day, why, Actor::Person(sender));
    start(step, sender, planned);
    if let Some(watch) = step.person(sender).and_then(|p| p.watch.clone())
        && let Some(pause) = &watch.pause
    {
        agreed(step, sender, &watch, pause);
    }
}

/// A rest for somebody, by one who watches and found out why there was no answer.
pub(super) fn begin_for(
    step: &mut Step<'_>,
    sender: PersonId,
    person: PersonId,
    days: u8,
    why: Why,
) {
    if !step.scene.watchers(person).contains(&sender) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    let first_day = today(step, person);
    let Some(last_day) = pause::last_day(first_day, days) else {
        return step.reply(Message::Rest(Rest::TooLong));
    };
    let planned = plan(step, first_day, last_day, why, Actor::Person(sender));
    start(step, person, planned);
    step.reply(Message::Noted);
    let who = step.who(Actor::Person(sender));
    step.notify(person, Message::Rest(Rest::AgreedBy { who, last_day }));
}

/// A rest that staff agreed with somebody, or with who speaks for them.
pub(super) fn begin_by_staff(
    step: &mut Step<'_>,
    by: StaffId,
    person: PersonId,
    days: u8,
    why: Why,
) {
    if step.person(person).is_none_or(|p| p.watch.is_none()) {
        return;
    }
    let (first_day, by) = (today(step, person), Actor::Staff(by));
    let Some(last_day) = pause::last_day_by_staff(first_day, days) else { return };
    start(step, person, plan(step, first_day, last_day, why, by));
    let who = step.who(by);
    step.notify(person, Message::Rest(Rest::AgreedBy { who, last_day }));
}

/// Staff say that somebody's rest is over.
pub(super) fn end_by_staff(step: &mut Step<'_>, by: StaffId, person: PersonId) {
    end_by_other(step, Actor::Staff(by), person);
}

/// Begins a rest and tells everyone who watches. A question that is out is taken back.
fn start(step: &mut Step<'_>, person: PersonId, pause: Pause) {
    let (by, last_day, why) = (pause.by, pause.last_day, pause.why);
    check::end_round(step, person, Ending::Paused, step.now);
    check::change_watch(step, person, |watch| {
        watch.pause = Some(pause);
        watch.undo = None;
    });
    set_timer(step, person);
    step.facts.push(Fact::PauseBegan(person, by));
    let Some(name) = step.name(person) else { return };
    for watcher in cases::can_be_told(step, person) {
        if Some(watcher) != by.person() {
            let name = name.clone();
            step.notify(watcher, Message::Rest(Rest::MemberRests { name, last_day, why }));
        }
    }
    if by.person().is_some() && office::watches_itself(step, person) {
        let who = Some(step.who(by)).filter(|_| by != Actor::Person(person));
        let notice = OfficeNotice::Rests { name, last_day, who };
        step.tell_office(&format!("rest/{person}/{}", step.now.millis()), notice);
    }
}

/// Sets the timer to what a rest does next, or to the next regular question where there is none.
pub(super) fn set_timer(step: &mut Step<'_>, person: PersonId) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.as_ref()) else { return };
    let next = match &watch.pause {
        Some(pause) => pause.next(&watch.schedule).at(),
        None => watch.schedule.next_after(step.now),
    };
    let next = next.max(step.now);
    step.set_timer(person.0, next);
}

/// The timer of somebody who rests is due. Returns the due time of a question if the rest is over.
pub(super) fn timer(step: &mut Step<'_>, person: PersonId, watch: &Watch) -> Option<Moment> {
    let pause = watch.pause.as_ref()?;
    match pause.next(&watch.schedule) {
        Next::Ping(at) if at <= step.now => ping(step, person, pause),
        Next::Announce(at) if at <= step.now => announce(step, person, watch, pause),
        Next::Resume(at) if at <= step.now => {
            // Nobody is asked by a clock that may be wrong, or woken because we stood still: the rest lasts until then.
            let Some(until) = gate::question(step).or_else(|| gate::missed(step, person, at))
            else {
                over(step, person, at.max(step.now));
                return Some(at);
            };
            check::hold(step, person, until);
            return None;
        }
        Next::Ping(_) | Next::Announce(_) | Next::Resume(_) => {}
    }
    set_timer(step, person);
    None
}

fn ping(step: &mut Step<'_>, person: PersonId, pause: &Pause) {
    check::change_watch(step, person, |watch| {
        if let Some(pause) = watch.pause.as_mut() {
            pause.pings = pause.pings.saturating_add(1);
        }
    });
    step.facts.push(Fact::PausePinged(person));
    let Some(name) = step.name(person) else { return };
    let (since, last_day) = (pause.first_day, pause.last_day);
    if office::watches_itself(step, person) || cases::reachable_watchers(step, person).is_empty() {
        let notice = OfficeNotice::StillResting { name: name.clone(), since, last_day };
        step.tell_office(&format!("rests/{person}/{}/{}", since, pause.pings), notice);
    }
    for watcher in cases::can_be_told(step, person) {
        let name = name.clone();
        step.notify(watcher, Message::Rest(Rest::Ping { person, name, since, last_day }));
    }
}

fn announce(step: &mut Step<'_>, person: PersonId, watch: &Watch, pause: &Pause) {
    check::change_watch(step, person, |watch| {
        if let Some(pause) = watch.pause.as_mut() {
            pause.announced = true;
        }
    });
    let next = step.local(person, pause.resumes_at(&watch.schedule));
    step.notify(person, Message::Rest(Rest::Ending { next }));
}

/// Whether somebody rests, or will as was agreed. One whose last day is past is over, although nobody says so before the
/// next question.
pub(super) fn holds(step: &Step<'_>, watch: &Watch) -> bool {
    let today = watch.schedule.zone.local(step.now).date();
    watch.pause.as_ref().is_some_and(|pause| today <= pause.last_day)
}

/// What is left of a rest that is over goes, ahead of a question out of turn. Those who watch know its last day.
pub(super) fn forget_over(step: &mut Step<'_>, person: PersonId) {
    let watch = step.person(person).and_then(|p| p.watch.as_ref());
    if watch.is_some_and(|watch| watch.pause.is_some() && !holds(step, watch)) {
        check::change_watch(step, person, |watch| watch.pause = None);
        step.facts.push(Fact::PauseEnded(person));
    }
}

/// The rest is over, and the next question is due at `next`: everyone who watches hears of it.
fn over(step: &mut Step<'_>, person: PersonId, next: Moment) {
    check::change_watch(step, person, |watch| watch.pause = None);
    step.facts.push(Fact::PauseEnded(person));
    let Some(name) = step.name(person) else { return };
    for watcher in cases::can_be_told(step, person) {
        let next = Some(step.local(watcher, next));
        let name = name.clone();
        step.notify(watcher, Message::Rest(Rest::MemberBack { name, next }));
    }
}

/// "I am back", before the rest is over.
pub(super) fn end(step: &mut Step<'_>, sender: PersonId) {
    let rests = step.person(sender).and_then(|p| p.watch.as_ref()).filter(|w| w.pause.is_some());
    if let Some(next) = rests.map(|watch| watch.schedule.next_after(step.now)) {
        over(step, sender, next);
        step.set_timer(sender.0, next);
    }
    let next = step.next_due(sender);
    step.reply(Message::Rest(Rest::Back { next, by: None }));
}

/// One who watches says that somebody's rest is over.
pub(super) fn end_for(step: &mut Step<'_>, sender: PersonId, person: PersonId) {
    if !step.scene.watchers(person).contains(&sender) {
        step.facts.push(Fact::NotTheirs(sender));
        return step.reply(Message::TryAgain);
    }
    step.reply(Message::Noted);
    end_by_other(step, Actor::Person(sender), person);
}

/// Somebody else says that a rest is over, perhaps because it was never one: an answer that was being waited for when it
/// began is still missing, and is asked for at the person's next hour, whatever day that is.
fn end_by_other(step: &mut Step<'_>, by: Actor, person: PersonId) {
    let Some(watch) = step.person(person).and_then(|p| p.watch.clone()) else { return };
    let Some(pause) = &watch.pause else { return };
    let next = match was_waited_for(&watch, pause) {
        true => watch.schedule.next_hour_after(step.now),
        false => watch.schedule.next_after(step.now),
    };
    over(step, person, next);
    step.set_timer(person.0, next);
    let (next, by) = (Some(step.local(person, next)), Some(step.who(by)));
    step.notify(person, Message::Rest(Rest::Back { next, by }));
}

/// Whether a rest took a question back that was never answered.
fn was_waited_for(watch: &Watch, pause: &Pause) -> bool {
    let asked_at = watch.schedule.last_until(pause.since);
    asked_at.is_some_and(|asked_at| {
        watch.last_answer_at.is_none_or(|heard_at| heard_at + EARLY_ANSWER < asked_at)
    })
}

/// One who watches says that somebody's rest still holds.
pub(super) fn still(step: &mut Step<'_>, sender: PersonId, person: PersonId) {
    if step.scene.watchers(person).contains(&sender) {
        step.facts.push(Fact::PauseHolds(person, sender));
        step.reply(Message::Noted);
    } else {
        step.facts.push(Fact::NotTheirs(sender));
        step.reply(Message::TryAgain);
    }
}

/// The latest day that may be chosen for a rest that begins today.
fn latest(today: Date) -> Date {
    let days = i64::from(crate::domain::rules::PAUSE_DAYS_MAX) - 1;
    today.checked_add(days.days()).unwrap_or(today)
}
