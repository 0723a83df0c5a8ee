//! Cases: opening one, telling those who watch, and what an answer of the person does to it. What
//! people do about a case is in `care`, what time does in `climb`.

use super::{Step, check, office};
use crate::domain::case::{Actor, Case, Closed, Mark, Outcome, Receiver, Told, Trouble};
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::ladder::{self, Rung};
use crate::domain::message::{Message, Silence};
use crate::domain::person::Person;
use crate::domain::rules::{CLEAR_TRIED_FOR, DIGEST_CASES_MAX, LOST_AGAIN};
use crate::domain::schedule::Zone;
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;

const HOUR_S: i64 = 3600;

/// Reports trouble, once. While a case is open, more of the same is no news; but a person who
/// answered since and fell silent again, or whose question could not be sent and who now does not
/// answer, is a new case.
pub(super) fn report(
    step: &mut Step<'_>,
    person: PersonId,
    trouble: Trouble,
    due_at: Moment,
    mark: Mark,
) {
    let open_case = step.person(person).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    let Some(known) = open_case.and_then(|id| step.scene.cases.get(&id)).cloned() else {
        return open(step, person, trouble, due_at, mark);
    };
    let stronger = |trouble| matches!(trouble, Trouble::NoAnswer | Trouble::Help);
    // A cry for help is news whatever was known before.
    let heard_of = known.trouble == trouble || stronger(known.trouble) && trouble != Trouble::Help;
    if heard_of && !known.cleared {
        return step.facts.push(Fact::StillSilent(known.id, person));
    }
    // What the new alert says takes the place of what has not left about the old one.
    for receiver in &known.receivers {
        reached_by_alert(step, known.id, receiver);
    }
    if !known.called_emergency {
        let now = step.now;
        close(step, known.id, None, now, Outcome::HandedOn);
    }
    open(step, person, trouble, due_at, mark);
}

/// Everyone who watches a person and can be reached on LINE.
pub(super) fn reachable_watchers(step: &Step<'_>, person: PersonId) -> Vec<PersonId> {
    let mut watchers = step.scene.watchers(person);
    watchers.retain(|id| step.person(*id).is_some_and(|p| p.is_reachable()));
    watchers
}

/// Everyone who watches a person and can be reached, on LINE or by letter.
pub(super) fn can_be_told(step: &Step<'_>, person: PersonId) -> Vec<PersonId> {
    let mut watchers = step.scene.watchers(person);
    let by_letter = |p: &Person| p.mailbox().is_some();
    watchers.retain(|id| step.person(*id).is_some_and(|p| p.is_reachable() || by_letter(p)));
    watchers
}

/// By whose clock office hours are kept for what is said about a person: of the first who watches, else the office's.
pub(super) fn readers_zone(step: &Step<'_>, person: PersonId) -> Zone {
    let first = can_be_told(step, person).into_iter().next();
    first.and_then(|id| step.person(id)).map(|reader| reader.zone.clone()).unwrap_or_default()
}

/// Whether somebody is there of whom it is known that alerts arrive. A team in which nobody ever
/// pressed that they do counts as having nobody.
pub(super) fn someone_receives(step: &Step<'_>, person: PersonId) -> bool {
    let confirmed = |team: TeamId, manager: PersonId| {
        let place = step.scene.members.get(&(team, Role::Manager, manager));
        place.is_some_and(|place| place.receives_since.is_some())
    };
    let reachable = reachable_watchers(step, person);
    step.scene
        .teams_watching(person)
        .any(|team| reachable.iter().any(|manager| confirmed(team, *manager)))
}

/// Whether nobody is there who could be told: neither a manager of whom it is known that alerts arrive, nor the office as
/// the one who watches.
pub(super) fn has_nobody(step: &Step<'_>, person: PersonId) -> bool {
    !someone_receives(step, person) && !office::watches_itself(step, person)
}

/// Opens a case and tells every reachable manager; the office as well where there is none.
pub(super) fn open(
    step: &mut Step<'_>,
    person: PersonId,
    trouble: Trouble,
    round_due_at: Moment,
    mark: Mark,
) {
    let id = CaseId(step.scene.draw_id());
    let first = (Rung::Mail, step.now);
    let case = Case { mark, ..Case::opened((id, person), trouble, step.now, round_due_at, first) };
    step.scene.cases.put(id, case);
    check::change_watch(step, person, |watch| watch.case = Some(id));
    step.facts.push(Fact::CaseOpened(id, person, trouble));
    tell_all(step, id);
}

/// Tells everyone of a case of whom nobody has been told; its ladder begins here.
pub(super) fn tell_all(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id).cloned() else { return };
    let person = case.person;
    let watchers = reachable_watchers(step, person);
    let asleep = |watcher: &PersonId| asleep_until(step, &case, *watcher);
    let told = |w: &PersonId| if asleep(w).is_some() { Told::Deferred } else { Told::Queued };
    let mut receivers: Vec<Receiver> =
        watchers.iter().map(|w| Receiver { person: *w, told: told(w) }).collect();
    let deferred_until = watchers.iter().filter_map(asleep).min();
    // Whom LINE does not reach, a letter may.
    let by_mail = only_by_mail(step, person);
    receivers.extend(by_mail.iter().map(|w| Receiver { person: *w, told: Told::ByMail }));
    let case = Case { nobody: has_nobody(step, person), ..case };
    let is_the_offices = office::looks_after(step, &case);
    // Where all of them sleep nobody was asked yet, for a letter wakes nobody: what follows an alert waits with it.
    let all_sleep =
        receivers.iter().all(|receiver| asleep_until(step, &case, receiver.person).is_some());
    let waits = all_sleep && !is_the_offices;
    let begins_at = deferred_until.filter(|_| waits).unwrap_or(step.now);
    let case = Case {
        receivers,
        deferred_until,
        raised_at: step.now,
        rung: Rung::Mail,
        rung_at: ladder::mail_at(begins_at, step.rules),
        ..case
    };
    step.scene.cases.put(id, case.clone());
    for receiver in case.receivers.iter().filter(|receiver| receiver.told == Told::Queued) {
        take_back_late_news(step, person, receiver.person);
        alert(step, &case, receiver.person);
    }
    for watcher in by_mail {
        alert_by_mail(step, &case, watcher);
    }
    if case.nobody {
        step.facts.push(Fact::NobodyToTell(id));
    }
    if is_the_offices {
        office::tell(step, id);
    }
    set_timer(step, id);
}

/// Until when somebody who watches wants no alert: by their own clock, in teams that want quiet nights.
pub(super) fn asleep_until(step: &Step<'_>, case: &Case, watcher: PersonId) -> Option<Moment> {
    sleeps_at(step, case, watcher, step.now)
}

/// The same, of another moment.
pub(super) fn sleeps_at(
    step: &Step<'_>,
    case: &Case,
    watcher: PersonId,
    at: Moment,
) -> Option<Moment> {
    if case.trouble.breaks_the_night() || !wants_quiet(step, case.person, watcher) {
        return None;
    }
    ladder::quiet_until(at, &step.person(watcher)?.zone)
}

/// Whether somebody watches over a person, and every team in which they do wants quiet at night.
fn wants_quiet(step: &Step<'_>, person: PersonId, watcher: PersonId) -> bool {
    let theirs = |team: &TeamId| step.scene.is_in(*team, Role::Manager, watcher);
    let mut shared = step.scene.teams_watching(person).filter(theirs).peekable();
    let is_quiet = |team: TeamId| step.scene.teams.get(&team).is_some_and(|team| team.quiet);
    shared.peek().is_some() && shared.all(is_quiet)
}

/// Somebody who was to be told in the morning does not want to wait for it any more: they are told at once.
pub(super) fn wakes_early(step: &mut Step<'_>, id: CaseId) {
    let now = step.now;
    let Some(case) = step.scene.cases.get(&id) else { return };
    let is_awake = |receiver: &Receiver| {
        receiver.told == Told::Deferred && asleep_until(step, case, receiver.person).is_none()
    };
    if case.receivers.iter().any(is_awake)
        && let Some(case) = step.scene.cases.change(&id)
    {
        case.deferred_until = Some(now);
        set_timer(step, id);
    }
}

/// Sets the timer of an open case to what comes first, and takes that of a closed one away.
pub(super) fn set_timer(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id) else { return };
    let rung_at = Some(case.rung_at).filter(|_| case.rung != Rung::Rest);
    let next = [rung_at, case.deferred_until].into_iter().flatten().min();
    match next.filter(|_| case.is_open()) {
        Some(at) => step.set_timer(id.0, at),
        None => step.scene.timers.remove(&id.0),
    }
}

/// A person with an open case can no longer be reached: that is news of its own.
pub(super) fn tell_unreachable(step: &mut Step<'_>, id: CaseId) {
    let Some(person) = step.scene.cases.get(&id).map(|case| case.person) else { return };
    for watcher in reachable_watchers(step, person) {
        if let Some(silence) = silence(step, watcher, person) {
            let (trouble, mark) = (Trouble::Unreachable, Mark::None);
            let alert = Message::Alert { case: id, trouble, silence, mark, next_step: false };
            step.notify(watcher, alert);
        }
    }
}

/// The chat works again: a case that was opened because it did not is over, and those whom its
/// alert reached are told. One in which help was called stays with whoever called it.
pub(super) fn back_in_reach(step: &mut Step<'_>, person: PersonId, at: Moment) {
    let case = step.person(person).and_then(|p| p.watch.as_ref()).and_then(|watch| watch.case);
    let Some(case) = case.and_then(|id| step.scene.cases.get(&id)).cloned() else { return };
    let Some(name) = step.name(person) else { return };
    if case.trouble == Trouble::Unreachable && !case.called_emergency {
        close_by_answer(step, case.id, at);
    }
    for receiver in &case.receivers {
        let theirs =
            case.trouble != Trouble::Unreachable || reached_by_alert(step, case.id, receiver);
        if theirs {
            step.notify(receiver.person, Message::ReachableAgain { name: name.clone() });
        }
    }
}

/// Tells someone who came to watch, or came back, of the cases that are open there: there may be nobody
/// else. What LINE took while they could not see it is said once more.
pub(super) fn brief(step: &mut Step<'_>, manager: PersonId) {
    let open: Vec<Case> = step
        .scene
        .cases
        .iter()
        .map(|(_, case)| case)
        .filter(|case| case.is_open() && !case.cleared && !case.trouble.is_soft())
        // Whoever pressed "I am in trouble" still has their two minutes.
        .filter(|case| case.rung != Rung::Tell)
        .filter(|case| case.receiver(manager).is_none_or(|r| r.told != Told::Deferred))
        .filter(|case| step.scene.watchers(case.person).contains(&manager))
        .take(DIGEST_CASES_MAX)
        .cloned()
        .collect();
    for case in open {
        match case.receiver(manager).map(|receiver| receiver.told) {
            // Where it may have arrived, its name is used up: under it nothing more would be shown. Whoever is told by letter by
            // now may have had it on LINE before.
            Some(Told::Accepted | Told::Unsure | Told::ByMail) => remind(step, &case, manager),
            Some(_) | None => {
                add_receiver(step, case.id, manager);
                alert(step, &case, manager);
            }
        }
    }
}

/// Says once more to one reader that a case is open.
fn remind(step: &mut Step<'_>, case: &Case, manager: PersonId) {
    let Some(silence) = silence(step, manager, case.person) else { return };
    let (id, trouble, lapsed) = (case.id, case.trouble, None);
    step.notify(
        manager,
        match case.claimer() {
            None => Message::AlertAgain { case: id, trouble, silence, lapsed },
            Some(by) => {
                let claimer = Some(step.who(by));
                Message::Standing { case: id, silence, claimer, open: true, link: None }
            }
        },
    );
}

/// Notes that somebody is to be told of a case.
pub(super) fn add_receiver(step: &mut Step<'_>, id: CaseId, person: PersonId) {
    let Some(case) = step.scene.cases.change(&id) else { return };
    match case.receivers.iter_mut().find(|receiver| receiver.person == person) {
        Some(known) => known.told = Told::Queued,
        None => case.receivers.push(Receiver { person, told: Told::Queued }),
    }
}

/// Sends the alert of a case to one of those who watch, or to a head as the next step.
pub(super) fn alert(step: &mut Step<'_>, case: &Case, watcher: PersonId) {
    let Some(message) = alert_message(step, case, watcher) else { return };
    let name = super::alert_name(case.id, watcher);
    let messages = [Some(message), in_hand(step, case, watcher)].into_iter().flatten().collect();
    step.send(&name, Purpose::Alert(case.id, watcher), messages);
    step.facts.push(Fact::Alerting(case.id, watcher));
}

/// Who looks already, for somebody who is told later than the others.
fn in_hand(step: &Step<'_>, case: &Case, watcher: PersonId) -> Option<Message> {
    let by = case.claimer().filter(|by| by.person() != Some(watcher))?;
    let (who, name) = (step.who(by), step.name(case.person)?);
    Some(match case.called_emergency {
        true => Message::EmergencyBy { who, name },
        false => Message::ClaimedBy { who, name },
    })
}

fn alert_message(step: &Step<'_>, case: &Case, watcher: PersonId) -> Option<Message> {
    Some(Message::Alert {
        case: case.id,
        trouble: case.trouble,
        silence: silence(step, watcher, case.person)?,
        mark: case.mark,
        next_step: !step.scene.watchers(case.person).contains(&watcher),
    })
}

/// Everyone who watches a person, is not reached by LINE, and confirmed a mail address.
fn only_by_mail(step: &Step<'_>, person: PersonId) -> Vec<PersonId> {
    let mut watchers = step.scene.watchers(person);
    watchers
        .retain(|id| step.person(*id).is_some_and(|p| !p.is_reachable() && p.mailbox().is_some()));
    watchers
}

/// Tells somebody of a case by letter; `false` if they gave no address.
pub(super) fn alert_by_mail(step: &mut Step<'_>, case: &Case, watcher: PersonId) -> bool {
    let Some(message) = alert_message(step, case, watcher) else { return false };
    let name = super::alert_name(case.id, watcher);
    let sent = step.send_mail(&name, Purpose::Alert(case.id, watcher), vec![message]);
    if sent {
        step.facts.push(Fact::AlertedByMail(case.id, watcher));
    }
    sent
}

/// What one reader may know of a person's silence, in the reader's own time.
pub(super) fn silence(step: &Step<'_>, reader: PersonId, person: PersonId) -> Option<Silence> {
    let p = step.person(person)?;
    let watch = p.watch.as_ref()?;
    let round = watch.round.as_ref();
    let theirs = |team: &TeamId| {
        step.scene.is_in(*team, Role::Manager, reader) || step.scene.heads(person).contains(&reader)
    };
    let teams = step
        .scene
        .teams_watching(person)
        .filter(theirs)
        .filter_map(|team| step.scene.teams.get(&team).map(|team| team.name.clone()))
        .collect();
    let local = |moment: Option<Moment>| moment.map(|moment| step.local(reader, moment));
    Some(Silence {
        name: p.name.clone()?,
        teams,
        asked_at: local(round.and_then(|round| round.asked_at)),
        resent_at: local(round.and_then(|round| round.resent_at)),
        last_answer_at: local(watch.last_answer_at),
    })
}

/// The person answered at `at`. If a case was opened for something at or before that time, tells
/// everyone whom its alert reached, once, and closes it. Returns who was told.
pub(super) fn all_clear(
    step: &mut Step<'_>,
    person: PersonId,
    at: Moment,
    unwell: bool,
) -> Option<Vec<PersonId>> {
    let id = step.person(person)?.watch.as_ref()?.case?;
    let case = step.scene.cases.get(&id)?.clone();
    if !is_cleared_by(&case, at) {
        return None;
    }
    let told = tell_cleared(step, &case, person, at, unwell);
    if !case.called_emergency {
        close_by_answer(step, id, at);
        // An act from before a block that arrives after it says nothing about the block.
        let lost = step.person(person).filter(|person| person.is_lost());
        if let Some(since) = lost.map(|person| person.reach.changed_at) {
            open(step, person, Trouble::Unreachable, since, Mark::None);
        }
    }
    (!told.is_empty()).then_some(told)
}

/// Whether a sign of life is good news for whoever was told of a case.
pub(super) fn is_cleared_by(case: &Case, at: Moment) -> bool {
    at >= case.round_due_at && case.is_open() && case.trouble.ends_with_answer()
}

fn tell_cleared(
    step: &mut Step<'_>,
    case: &Case,
    person: PersonId,
    at: Moment,
    unwell: bool,
) -> Vec<PersonId> {
    let mut told = Vec::new();
    if case.cleared {
        return told;
    }
    let Some(name) = step.name(person) else { return told };
    for receiver in &case.receivers {
        if !reached_by_alert(step, case.id, receiver) {
            continue;
        }
        let at = step.local(receiver.person, at);
        let message = Message::AllClear { name: name.clone(), at, unwell };
        let purpose = Purpose::AllClear(case.id, receiver.person);
        let name = format!("clear/{}/{}", case.id, receiver.person);
        let is_reachable = step.is_reachable(receiver.person);
        // Whoever had the alert on LINE may have blocked us since, and gave no address.
        let by_letter = receiver.told == Told::ByMail || !is_reachable;
        let is_written = by_letter && step.send_mail(&name, purpose, vec![message.clone()]);
        if is_reachable {
            step.send(&name, purpose, vec![message]);
        }
        if is_reachable || is_written {
            told.push(receiver.person);
        }
    }
    if let Some(case) = step.scene.cases.change(&case.id) {
        case.cleared = true;
    }
    let count = u32::try_from(told.len()).unwrap_or(u32::MAX);
    step.facts.push(Fact::AllClear(case.id, count));
    told
}

/// LINE did not take the good news for as long as one key protects. Whoever was alerted still waits for it: it goes by
/// letter, and anew on LINE, unless it is no news any more.
pub(super) fn clear_again(step: &mut Step<'_>, id: CaseId, to: PersonId) {
    let Some(case) = step.scene.cases.get(&id).cloned() else { return };
    let Some(watch) = step.person(case.person).and_then(|p| p.watch.clone()) else { return };
    let silent_again = watch.case.is_some_and(|open| open != id);
    let (Some(at), Some(name)) = (watch.last_answer_at, step.name(case.person)) else { return };
    if silent_again || step.now.since(at) > CLEAR_TRIED_FOR {
        return;
    }
    let soft = watch.soft.and_then(|soft| step.scene.cases.get(&soft));
    let unwell = soft.is_some_and(|soft| soft.is_open() && soft.trouble == Trouble::Unwell);
    let message = Message::AllClear { name, at: step.local(to, at), unwell };
    let purpose = Purpose::AllClear(id, to);
    let days = step.now.since(at).as_secs() / 86_400;
    if days == 0 {
        step.send_mail(&format!("clear/{id}/{to}"), purpose, vec![message.clone()]);
    }
    if step.is_reachable(to) {
        let hour = step.now.seconds().div_euclid(HOUR_S);
        step.send(&late_news(case.person, to, hour), purpose, vec![message]);
    }
}

/// Good news that is sent anew, in this hour since 1970. Named by the person and not by the case, so that the next case
/// can take it back; and by the hour, because what was said of a case before must not stand for what is said of this one.
fn late_news(person: PersonId, to: PersonId, hour: i64) -> String {
    format!("clear-late/{person}/{to}/{hour}")
}

/// Old good news must not arrive behind a new alert.
fn take_back_late_news(step: &mut Step<'_>, person: PersonId, to: PersonId) {
    let now = step.now.seconds().div_euclid(HOUR_S);
    let oldest = (step.now - CLEAR_TRIED_FOR).seconds().div_euclid(HOUR_S);
    // It is sent anew until the last moment, and then tried for another day.
    for hour in oldest - 24..=now {
        let id = step.mint.outbox_id(&late_news(person, to, hour));
        step.withdraw(id);
    }
}

/// A case is over and nobody is to be alarmed any more: what is still on its way stays away.
pub(super) fn take_back_alerts(step: &mut Step<'_>, id: CaseId) {
    let receivers = step.scene.cases.get(&id).map(|case| case.receivers.clone());
    for receiver in receivers.unwrap_or_default() {
        reached_by_alert(step, id, &receiver);
    }
}

/// Whether the alert arrived at a receiver or may have. One that never left is taken back here,
/// and so is a repetition that still waits.
pub(super) fn reached_by_alert(step: &mut Step<'_>, case: CaseId, receiver: &Receiver) -> bool {
    step.withdraw_raises(case, receiver.person);
    match receiver.told {
        Told::Accepted | Told::Unsure => true,
        Told::ByMail => {
            // LINE may still have the alert on its way; the letter was enough.
            let id = step.alert_id(case, receiver.person);
            step.withdraw(id);
            true
        }
        Told::Failed | Told::Withdrawn | Told::Deferred => false,
        Told::Queued => {
            let id = step.alert_id(case, receiver.person);
            let attempted = step.scene.outbox.get(&id).copied().unwrap_or(false);
            step.withdraw(id);
            if !attempted {
                set_told(step, case, receiver.person, Told::Withdrawn);
                step.facts.push(Fact::AlertWithdrawn(case, receiver.person));
            }
            attempted
        }
    }
}

/// Whether a case is somebody's affair: they watch over whom it is about, or head an organization that does. Who left
/// keeps the old button, and no more of what follows.
pub(super) fn is_theirs(step: &Step<'_>, case: &Case, person: PersonId) -> bool {
    step.scene.watchers(case.person).contains(&person)
        || step.scene.heads(case.person).contains(&person)
}

/// What still waits to tell somebody of a case for whom it is none any more is taken back. Where the alert arrived, they
/// hear how it ends, and nothing in between.
pub(super) fn take_back_alert(step: &mut Step<'_>, case: CaseId, receiver: &Receiver) {
    reached_by_alert(step, case, receiver);
    if receiver.told == Told::Deferred {
        set_told(step, case, receiver.person, Told::Withdrawn);
    }
}

/// Notes how telling a receiver went.
pub(super) fn set_told(step: &mut Step<'_>, case: CaseId, person: PersonId, told: Told) {
    if let Some(case) = step.scene.cases.change(&case)
        && let Some(receiver) = case.receivers.iter_mut().find(|r| r.person == person)
    {
        receiver.told = told;
    }
}

/// The person's own act closes a case.
pub(super) fn close_by_answer(step: &mut Step<'_>, id: CaseId, at: Moment) {
    close(step, id, None, at, Outcome::Answered);
}

/// Ends a case. Its ladder ends with it.
pub(super) fn close(
    step: &mut Step<'_>,
    id: CaseId,
    by: Option<Actor>,
    at: Moment,
    outcome: Outcome,
) {
    let Some(case) = step.scene.cases.change(&id) else { return };
    let person = case.person;
    case.closed = Some(Closed { at, by, outcome });
    office::hears_of_the_end(step, id);
    // Nobody can ask them anything: unless they come back, a human has to look again some day.
    if step.person(person).is_some_and(Person::is_lost) {
        step.set_timer(person.0, step.now + LOST_AGAIN);
    }
    check::change_watch(step, person, |watch| {
        watch.case = watch.case.filter(|open| *open != id);
        watch.soft = watch.soft.filter(|open| *open != id);
        watch.call = watch.call.filter(|open| *open != id);
    });
    set_timer(step, id);
    step.facts.push(Fact::Closed(id, by.unwrap_or(Actor::Person(person)), outcome));
}

/// Somebody who was to be told cannot be. Where nobody else is left, the office is told at once.
pub(super) fn nobody_left(step: &mut Step<'_>, id: CaseId) {
    let Some(case) = step.scene.cases.get(&id).filter(|case| case.is_open()) else { return };
    if case.nobody || !reachable_watchers(step, case.person).is_empty() {
        return;
    }
    if let Some(case) = step.scene.cases.change(&id) {
        case.nobody = true;
    }
    step.facts.push(Fact::NobodyToTell(id));
    office::tell(step, id);
}

/// Whether a team's alerts go to the office from the start: its own teams, and those handed over.
pub(super) fn is_the_offices(step: &Step<'_>, team: TeamId) -> bool {
    step.scene
        .teams
        .get(&team)
        .is_some_and(|team| team.kind == TeamKind::Office || team.handed_over_at.is_some())
}
