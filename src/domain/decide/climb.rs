//! What time does to an open case: the rungs of the ladder, each driven by the case's one timer. A
//! timer that is stale or fires twice finds another due time and does nothing. Every rung but the
//! resting one sets the next: a case never falls off by itself.

use std::time::Duration;

use jiff::civil::Date;

use super::{Raise, Step, cases, office, soft};
use crate::domain::case::{Actor, Case, Receiver, Told};
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::ladder::{self, Rung};
use crate::domain::message::{Message, OfficeNotice, OpenCase, Who};
use crate::domain::time::Moment;

/// So long before its end a night was one, by whatever clock.
const NIGHT_LASTED: Duration = Duration::from_secs(60);

/// Cases that a digest names.
const DIGEST_NAMED_MAX: usize = 5;

/// The timer of a case is due; the caller has seen that it is the present one.
pub(super) fn timer(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id).filter(|case| case.is_open()).cloned() else {
        return step.scene.timers.remove(&id.0);
    };
    step.cause = format!("climb/{id}/{}", step.now.millis());
    // Presses of a stop may still arrive: a claim, or the person's own answer. Who called for help does not wait for that:
    // whatever was lost, they did call.
    let settle_until = step.scene.service.hearing.settle_until;
    let is_call = case.rung == Rung::Tell && !case.trouble.is_soft();
    if step.now < settle_until && !is_call {
        return step.set_timer(id.0, settle_until);
    }
    if case.deferred_until.is_some_and(|until| until <= step.now) {
        wake_deferred(step, &case);
    }
    // What the morning began anew is not due yet.
    if let Some(case) = step.scene.cases.get(&id).filter(|case| case.rung_at <= step.now).cloned() {
        climb(step, &case);
    }
    cases::set_timer(step, id);
}

fn climb(step: &mut Step<'_>, case: &Case) {
    match case.rung {
        Rung::Mail => {
            mail_the_rest(step, case);
            let next = ladder::unreminded(case.raised_at, step.now, step.rules);
            set_rung(step, case.id, next);
        }
        Rung::Remind => {
            if raise(step, case, &Again::Unclaimed) {
                step.facts.push(Fact::Reminded(case.id));
            }
            let next = ladder::reminded(case.raised_at, step.now, step.rules);
            set_rung(step, case.id, next);
        }
        Rung::Escalate => escalate(step, case),
        Rung::Digest => digest(step, case),
        Rung::Nudge => nudge(step, case),
        Rung::Lapse => lapse(step, case),
        Rung::Tell if case.trouble.is_soft() => soft::tell(step, case.id),
        // Two minutes after "I am in trouble", and nothing more was pressed.
        Rung::Tell => cases::tell_all(step, case.id),
        Rung::Rest => {}
    }
}

/// Sets the next rung.
pub(super) fn set_rung(step: &mut Step<'_>, id: CaseId, (rung, at): (Rung, Moment)) {
    if let Some(case) = step.scene.cases.change(&id) {
        case.rung = rung;
        case.rung_at = at;
    }
}

/// LINE has not taken the alert: whoever gave a mail address is told by letter as well.
fn mail_the_rest(step: &mut Step<'_>, case: &Case) {
    for receiver in &case.receivers {
        if matches!(receiver.told, Told::Queued | Told::Failed | Told::Unsure)
            && cases::is_theirs(step, case, receiver.person)
            && cases::alert_by_mail(step, case, receiver.person)
        {
            cases::set_told(step, case.id, receiver.person, Told::ByMail);
        }
    }
}

/// The data came out of a copy: who looks after a case is not known any more, so everyone is told of it again, and whoever
/// had taken it is asked.
pub(super) fn raise_afresh(step: &mut Step<'_>, id: CaseId) {
    let now = step.now;
    let Some(restored) = step.scene.service.restored else { return };
    let open = step.scene.cases.get(&id).filter(|case| case.is_open() && case.rung != Rung::Rest);
    let Some(case) = open.cloned() else { return };
    // Told since, or not told at all before the night is over; and where help was called, nobody is hurried.
    let is_told = case.raised_at >= restored.at || case.deferred_until.is_some();
    if is_told || case.trouble.is_soft() || case.called_emergency {
        return;
    }
    step.cause = format!("afresh/{id}/{}", restored.at.millis());
    if let Some(claim) = case.claim {
        // Whoever took it since then knows what is so today, and is asked when it is time; so is who was asked since then.
        let asked_at = ladder::claimed(claim.at, step.rules).1;
        let was_asked = case.rung == Rung::Lapse && asked_at >= restored.at;
        if claim.at >= restored.at || was_asked {
            return;
        }
        nudge(step, &case);
    } else {
        withdraw_raises(step, &case);
        if let Some(case) = step.scene.cases.change(&id) {
            case.raised_at = now;
        }
        let again = Case { raised_at: now, ..case };
        raise(step, &again, &Again::Afresh);
        next_unclaimed(step, &again);
    }
    cases::set_timer(step, id);
}

/// What still waits of the last call must not outlive the case under a name that nobody knows any more.
fn withdraw_raises(step: &mut Step<'_>, case: &Case) {
    for receiver in &case.receivers {
        step.withdraw_raises(case.id, receiver.person);
    }
}

/// What comes next while nobody has the case. Where help was called, nobody has to: it is asked for once a day.
fn next_unclaimed(step: &mut Step<'_>, case: &Case) {
    let next = match case.called_emergency {
        true if case.rung == Rung::Digest => return,
        true => (Rung::Digest, digest_at(step, case)),
        false => ladder::unclaimed(case.raised_at, step.now, step.rules),
    };
    set_rung(step, case.id, next);
}

/// The night is over: those who want no alert in it are told now, and whoever was told before it is asked again. What
/// follows an alert is counted from here, unless it was day for one of those who were told before. Where we were down in the
/// morning they are told at once when we are back, if need be at night: it has waited for too long already.
fn wake_deferred(step: &mut Step<'_>, case: &Case) {
    let (now, mail_at) = (step.now, ladder::mail_at(step.now, step.rules));
    let morning = case.deferred_until.unwrap_or(now);
    let sleeps = |step: &Step<'_>, receiver: &Receiver, at: Moment| {
        cases::sleeps_at(step, case, receiver.person, at)
    };
    let slept = |receiver: &&Receiver| {
        receiver.told == Told::Deferred
            || cases::is_theirs(step, case, receiver.person)
                && step.is_reachable(receiver.person)
                && sleeps(step, receiver, morning - NIGHT_LASTED).is_some()
    };
    let sleepers: Vec<Receiver> = case.receivers.iter().filter(slept).copied().collect();
    let (asleep, awake): (Vec<_>, Vec<_>) = sleepers
        .into_iter()
        .map(|receiver| (receiver, sleeps(step, &receiver, morning)))
        .partition(|(_, until)| until.is_some());
    let next = asleep.into_iter().filter_map(|(_, until)| until).min();
    let is_nobodys = case.claim.is_none() && !case.called_emergency;
    let is_awake = |receiver: &Receiver| {
        receiver.told != Told::Deferred
            && cases::is_theirs(step, case, receiver.person)
            && step.person(receiver.person).is_some_and(|person| {
                let at = morning - NIGHT_LASTED;
                person.is_reachable() && ladder::quiet_until(at, &person.zone).is_none()
            })
    };
    let was_asked = case.receivers.iter().any(is_awake);
    // The office, where it looks after the case, was told in the night.
    let begins_anew = is_nobodys && !was_asked && !office::looks_after(step, case);
    if begins_anew {
        withdraw_raises(step, case);
    }
    if let Some(case) = step.scene.cases.change(&case.id) {
        case.deferred_until = next;
        if begins_anew {
            case.raised_at = now;
            (case.rung, case.rung_at) = (Rung::Mail, mail_at);
        }
    }
    step.facts.push(Fact::DeferredTold(case.id));
    let raised_at = if begins_anew { now } else { case.raised_at };
    let raised = Case { raised_at, ..case.clone() };
    for (receiver, _) in awake {
        if receiver.told == Told::Deferred {
            cases::set_told(step, case.id, receiver.person, Told::Queued);
            cases::alert(step, case, receiver.person);
        } else if is_nobodys {
            raise_to(step, &raised, receiver.person, &Again::Morning);
        }
    }
}

/// Why everyone is asked again.
enum Again {
    /// Nobody has taken the case.
    Unclaimed,
    /// The data came out of a copy.
    Afresh,
    /// Whoever had taken it said nothing more.
    Lapsed(Who),
    /// The night is over.
    Morning,
}

/// Asks everyone again who watches and can be told, also those who came since; the office too, where it is the one who
/// watches or the only one who was told. `false` if all of them sleep: they are asked in the morning.
fn raise(step: &mut Step<'_>, case: &Case, why: &Again) -> bool {
    let mut everyone = cases::can_be_told(step, case.person);
    let heads = step.scene.heads(case.person);
    let told = |person: &PersonId| case.receiver(*person).is_some();
    everyone.extend(heads.into_iter().filter(|head| told(head)));
    everyone.sort_unstable();
    everyone.dedup();
    let (asleep, awake): (Vec<_>, Vec<_>) = everyone
        .into_iter()
        .map(|receiver| {
            // A letter wakes nobody.
            let until = cases::asleep_until(step, case, receiver);
            (receiver, until.filter(|_| step.is_reachable(receiver)))
        })
        .partition(|(_, until)| until.is_some());
    let all_sleep = awake.is_empty() && !asleep.is_empty();
    for (receiver, until) in asleep {
        sleep_on(step, case.id, receiver, until);
    }
    for (receiver, _) in awake {
        // Whoever is told in the morning, by their own clock, is awake by then.
        if case.receiver(receiver).is_none_or(|known| known.told != Told::Deferred) {
            raise_to(step, case, receiver, why);
        }
    }
    // Where the next step is due as well, that is the one that tells the office.
    let (_, next_at) = ladder::unclaimed(case.raised_at, step.now, step.rules);
    if next_at > step.now {
        office::tell_again(step, case.id, matches!(why, Again::Lapsed(_)));
    }
    !all_sleep
}

/// Somebody who sleeps is told in the morning: of the case, or again.
fn sleep_on(step: &mut Step<'_>, id: CaseId, receiver: PersonId, until: Option<Moment>) {
    let Some(case) = step.scene.cases.change(&id) else { return };
    if case.receiver(receiver).is_none() {
        case.receivers.push(Receiver { person: receiver, told: Told::Deferred });
    }
    case.deferred_until = [case.deferred_until, until].into_iter().flatten().min();
}

/// Asks one of them again.
fn raise_to(step: &mut Step<'_>, case: &Case, receiver: PersonId, why: &Again) {
    let (kind, lapsed) = match why {
        Again::Unclaimed => (Raise::Unclaimed, None),
        Again::Afresh => (Raise::Afresh, None),
        Again::Morning => (Raise::Morning, None),
        Again::Lapsed(who) => (Raise::Lapsed, Some(who.clone())),
    };
    let Some(silence) = cases::silence(step, receiver, case.person) else { return };
    let (id, trouble) = (case.id, case.trouble);
    let message = Message::AlertAgain { case: id, trouble, silence, lapsed };
    if case.receiver(receiver).is_none() {
        cases::add_receiver(step, id, receiver);
    }
    let name = super::raise_name(id, case.raised_at, kind, receiver);
    let purpose = Purpose::Raise(id, receiver);
    // Where LINE did not bring the alert, what follows it goes by letter as well.
    let by_letter = case.receiver(receiver).is_some_and(|known| known.told == Told::ByMail);
    let reachable = step.is_reachable(receiver);
    if (by_letter || !reachable) && step.send_mail(&name, purpose, vec![message.clone()]) {
        cases::set_told(step, id, receiver, Told::ByMail);
    }
    if reachable {
        step.send(&name, purpose, vec![message]);
    }
}

/// Nobody took it: the heads of the organization and the office are told, and from here on
/// everyone is told once a day.
fn escalate(step: &mut Step<'_>, case: &Case) {
    let now = step.now;
    if let Some(case) = step.scene.cases.change(&case.id) {
        case.escalated_at = case.escalated_at.or(Some(now));
    }
    step.facts.push(Fact::Escalated(case.id));
    for head in step.scene.heads(case.person) {
        let known = case.receiver(head).is_some_and(|receiver| receiver.told != Told::Failed);
        if known {
            continue;
        }
        cases::add_receiver(step, case.id, head);
        if step.is_reachable(head) {
            cases::alert(step, case, head);
        } else if cases::alert_by_mail(step, case, head) {
            cases::set_told(step, case.id, head, Told::ByMail);
        } else {
            cases::set_told(step, case.id, head, Told::Failed);
        }
    }
    office::tell_again(step, case.id, false);
    if office::may_be_told(step, case.person) {
        office::tell(step, case.id);
    }
    let next = digest_at(step, case);
    set_rung(step, case.id, (Rung::Digest, next));
}

/// When everyone is told again of what is still open: in the morning of the first who hears of it, and where others want quiet
/// nights and it is night for them then, when they wake.
pub(super) fn digest_at(step: &Step<'_>, case: &Case) -> Moment {
    let zone = cases::readers_zone(step, case.person);
    let wakes = |at: Moment| {
        // A letter wakes nobody.
        let reached = |receiver: &&Receiver| {
            cases::is_theirs(step, case, receiver.person) && step.is_reachable(receiver.person)
        };
        let receivers = case.receivers.iter().filter(reached);
        receivers.filter_map(|receiver| cases::sleeps_at(step, case, receiver.person, at)).max()
    };
    let morning = ladder::digest_at(step.now, &zone);
    // Two of three may sleep one after the other; who waits for more than that waits too long.
    (0..2).fold(morning, |at, _| wakes(at).unwrap_or(at))
}

/// Tells everyone once a day what is still open: one message a reader, however many cases.
fn digest(step: &mut Step<'_>, case: &Case) {
    let today = ladder::digest_day(step.now);
    let again = digest_at(step, case);
    set_rung(step, case.id, (Rung::Digest, again));
    step.facts.push(Fact::Digested(case.id));
    office::tell_again(step, case.id, false);
    for receiver in &case.receivers {
        if cases::is_theirs(step, case, receiver.person) {
            digest_to(step, receiver.person, today);
        }
    }
}

fn digest_to(step: &mut Step<'_>, reader: PersonId, today: Date) {
    let told = step.person(reader).and_then(|person| person.digested_on);
    if told.is_some_and(|day| day >= today) {
        return;
    }
    let mut open: Vec<OpenCase> = step
        .scene
        .cases
        .iter()
        .map(|(_, case)| case)
        .filter(|case| case.is_open() && !case.trouble.is_soft())
        .filter(|case| case.receiver(reader).is_some() && cases::is_theirs(step, case, reader))
        .filter_map(|case| {
            let claimer = case.claimer().map(|by| step.who(by));
            let (name, since) = (step.name(case.person)?, step.local(reader, case.opened_at));
            Some(OpenCase { case: case.id, name, trouble: case.trouble, since, claimer })
        })
        .collect();
    let more = open.len().saturating_sub(DIGEST_NAMED_MAX);
    open.truncate(DIGEST_NAMED_MAX);
    if let Some(person) = step.scene.persons.change(&reader) {
        person.digested_on = Some(today);
    }
    let name = format!("digest/{reader}/{today}");
    let (purpose, message) = (Purpose::Notice(reader), Message::Digest { cases: open, more });
    if step.is_reachable(reader) {
        step.send(&name, purpose, vec![message]);
    } else {
        step.send_mail(&name, purpose, vec![message]);
    }
}

/// Asks whoever claimed it how it stands.
fn nudge(step: &mut Step<'_>, case: &Case) {
    let Some(claim) = case.claim else { return next_unclaimed(step, case) };
    set_rung(step, case.id, (Rung::Lapse, ladder::lapses_at(claim.at, step.rules)));
    step.facts.push(Fact::Nudged(case.id));
    let Some(name) = step.name(case.person) else { return };
    match claim.by {
        Actor::Person(claimer) => step.notify(claimer, Message::Nudge { case: case.id, name }),
        Actor::Staff(_) => {
            let since = office::wall(claim.at);
            let letter = format!("nudge/{}/{}", case.id, claim.at.millis());
            step.tell_office(&letter, OfficeNotice::Nudge { name, since });
        }
    }
}

/// The claim lapses: it is as if nobody had taken the alert, and everyone is asked again, but where help was called.
pub(super) fn lapse(step: &mut Step<'_>, case: &Case) {
    let Some(claim) = case.claim else { return next_unclaimed(step, case) };
    let now = step.now;
    withdraw_raises(step, case);
    let Some(changed) = step.scene.cases.change(&case.id) else { return };
    changed.claim = None;
    step.facts.push(Fact::ClaimLapsed(case.id, claim.by));
    if case.called_emergency {
        return next_unclaimed(step, case);
    }
    changed.raised_at = now;
    let again = changed.clone();
    let who = step.who(claim.by);
    raise(step, &again, &Again::Lapsed(who));
    next_unclaimed(step, &again);
}
