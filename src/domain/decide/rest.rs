//! Rests: asked for, confirmed by a second press, told to everyone who watches, asked about every
//! week, announced before they end, and over by themselves. A rest never closes an open case.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Step, cases, check, office};
use crate::domain::case::Actor;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId};
use crate::domain::message::{Message, OfficeNotice, Rest};
use crate::domain::pause::{self, Next, Pause, Why};
use crate::domain::person::Watch;
use crate::domain::round::Ending;
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
    if step.person(person).is_some_and(|p| p.watch.as_ref().is_some_and(|w| w.pause.is_some())) {
        over(step, person);
        set_timer(step, person);
        let (next, by) = (step.next_due(person), Some(step.who(Actor::Staff(by))));
        step.notify(person, Message::Rest(Rest::Back { next, by }));
    }
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
            over(step, person);
            return Some(at);
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

/// The rest is over: everyone who watches hears of it.
fn over(step: &mut Step<'_>, person: PersonId) {
    check::change_watch(step, person, |watch| watch.pause = None);
    step.facts.push(Fact::PauseEnded(person));
    let Some(name) = step.name(person) else { return };
    let due_at = step
        .person(person)
        .and_then(|p| p.watch.as_ref())
        .map(|watch| watch.schedule.next_after(step.now - std::time::Duration::from_secs(1)));
    for watcher in cases::can_be_told(step, person) {
        let next = due_at.map(|due_at| step.local(watcher, due_at));
        let name = name.clone();
        step.notify(watcher, Message::Rest(Rest::MemberBack { name, next }));
    }
}

/// "I am back", before the rest is over.
pub(super) fn end(step: &mut Step<'_>, sender: PersonId) {
    if step.person(sender).is_some_and(|p| p.watch.as_ref().is_some_and(|w| w.pause.is_some())) {
        over(step, sender);
        set_timer(step, sender);
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
    if step.person(person).is_some_and(|p| p.watch.as_ref().is_some_and(|w| w.pause.is_some())) {
        over(step, person);
        set_timer(step, person);
        let (next, by) = (step.next_due(person), Some(step.who(Actor::Person(sender))));
        step.notify(person, Message::Rest(Rest::Back { next, by }));
    }
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
