//! Groups: coming and going, who leads and who takes part, the question to all, and a word about who has not
//! answered. Presses are answered with free replies; what costs is the question and, where somebody is
//! missing, one post. A button works for its own round and its own group, and never for somebody else.

use jiff::ToSpan;

use super::{Step, gate, talk};
use crate::domain::decision::{Outgoing, Purpose, Reply};
use crate::domain::event::{GroupAct, GroupEvent};
use crate::domain::fact::Fact;
use crate::domain::group::{
    Answer, GROUP_REST_DAYS_MAX, Group, GroupRound, NAMES_MAX, ORDER_SHOWN_MAX, PARTICIPANTS_MAX,
    Participant,
};
use crate::domain::id::{Address, GroupId, OutboxId, PersonId};
use crate::domain::message::{GroupMessage, Message, OfficeNotice};
use crate::domain::name::Name;
use crate::domain::person::Person;
use crate::domain::press::Press;
use crate::domain::quota::pushes_a_month;
use crate::domain::rules::REPLY_AGE_MAX;
use crate::domain::schedule::{Hour, Interval, Schedule, Zone};
use crate::domain::time::Moment;

/// Something happened in a group.
pub(super) fn event(step: &mut Step<'_>, event: &GroupEvent) {
    if talk::is_too_old(step, event.at) {
        return;
    }
    let at = talk::moment(step, event.at);
    step.cause.clone_from(&event.id);
    super::upkeep::heard(step, step.now);
    let known = step.scene.group_at(&event.group);
    let id = match (known, &event.act) {
        (Some(id), _) => id,
        // What we were never in needs no memory.
        (None, GroupAct::Removed | GroupAct::Went(_)) => return,
        (None, _) => meet(step, event.group.clone()),
    };
    let by = event.by.as_ref().and_then(|address| match event.act {
        GroupAct::Pressed(_) => Some(person(step, address)),
        // Whoever only chats in a group is nobody's business.
        _ => step.scene.person_at(address),
    });
    // Whoever hears something of a group is in it.
    let inside = !matches!(event.act, GroupAct::Removed | GroupAct::Invited);
    if inside
        && step.scene.groups.get(&id).and_then(|group| group.left_at).is_some_and(|left| left < at)
    {
        here(step, id);
    }
    act(step, id, by, at, &event.act);
    let fresh = step.now.since(at) < REPLY_AGE_MAX;
    answer(step, &event.group, event.reply_token.as_ref().filter(|_| fresh));
}

/// Says what there is to say, for free; where that is not possible, nothing.
fn answer(step: &mut Step<'_>, group: &Address, token: Option<&String>) {
    let messages = std::mem::take(&mut step.answer);
    if let Some(token) = token.cloned().filter(|_| !messages.is_empty()) {
        let (to, cause) = (group.clone(), step.cause.clone());
        step.effects.reply = Some(Reply { to, cause, token, messages });
    }
}

fn meet(step: &mut Step<'_>, address: Address) -> GroupId {
    let id = GroupId(step.scene.draw_id());
    step.scene.groups.put(id, Group::met(id, address, step.now));
    step.facts.push(Fact::GroupMet(id));
    id
}

/// Whoever acts in a group is known by their own LINE id, friend of ours or not.
fn person(step: &mut Step<'_>, address: &Address) -> PersonId {
    if let Some(known) = step.scene.person_at(address) {
        return known;
    }
    let id = PersonId(step.scene.draw_id());
    step.scene.persons.put(id, Person::met(id, address.clone(), step.now));
    step.facts.push(Fact::Met(id));
    id
}

fn say(step: &mut Step<'_>, message: GroupMessage) {
    step.reply(Message::Group(message));
}

fn act(step: &mut Step<'_>, id: GroupId, by: Option<PersonId>, at: Moment, act: &GroupAct) {
    match act {
        GroupAct::Invited => invited(step, id, at),
        GroupAct::Removed => removed(step, id, at),
        GroupAct::Came(people) => came(step, id, people.len()),
        GroupAct::Went(people) => went(step, id, people),
        GroupAct::Pressed(press) => match by {
            Some(by) => pressed(step, id, by, at, *press),
            None => say(step, GroupMessage::WhoAreYou),
        },
        GroupAct::PressedUnknown => {}
        GroupAct::Called => say_settings(step, id),
        GroupAct::Spoke => {
            if let Some(by) = by {
                spoke(step, id, by, at);
            }
        }
    }
}

/// We came into the group, for the first time or again: it goes on with who is there.
fn invited(step: &mut Step<'_>, id: GroupId, at: Moment) {
    if let Some(group) = step.scene.groups.change(&id) {
        group.since = group.since.max(at);
    }
    here(step, id);
    let wait = step.rules.group_report_after;
    say(step, GroupMessage::Intro { group: id, wait });
}

/// We are in the group, whatever was thought before.
fn here(step: &mut Step<'_>, id: GroupId) {
    if let Some(group) = step.scene.groups.change(&id) {
        group.left_at = None;
        group.counted_at = None;
    }
    resume(step, id);
}

/// We were removed: nothing is asked any more, and whoever led hears of it. What LINE delivers late, after we were
/// invited again, is over.
fn removed(step: &mut Step<'_>, id: GroupId, at: Moment) {
    let now = step.now;
    let group = step.scene.groups.change(&id);
    let Some(group) = group.filter(|group| group.is_here() && at >= group.since) else { return };
    group.left_at = Some(now);
    group.round = None;
    let leader = group.leader;
    step.scene.timers.remove(&id.0);
    step.facts.push(Fact::GroupLeft(id));
    if let Some(leader) = leader {
        step.notify(leader, Message::Group(GroupMessage::Removed));
    }
    step.tell_office(&format!("group/{id}/{}", now.millis()), OfficeNotice::GroupLost(id));
}

/// LINE says that we are not in it any more.
pub(super) fn lost(step: &mut Step<'_>, id: GroupId) {
    step.cause = format!("group/{id}/lost");
    let now = step.now;
    removed(step, id, now);
}

fn came(step: &mut Step<'_>, id: GroupId, count: usize) {
    if let Some(group) = step.scene.groups.change(&id) {
        group.size = group.size.saturating_add(u32::try_from(count).unwrap_or(0));
        group.counted_at = None;
    }
    say(step, GroupMessage::Welcome(id));
}

fn went(step: &mut Step<'_>, id: GroupId, people: &[Address]) {
    for address in people {
        if let Some(person) = step.scene.person_at(address) {
            gone(step, id, person);
        }
    }
    if let Some(group) = step.scene.groups.change(&id) {
        group.size = group.size.saturating_sub(u32::try_from(people.len()).unwrap_or(0));
        group.counted_at = None;
    }
}

/// Somebody is not in the group any more, and takes part and leads no longer.
pub(super) fn gone(step: &mut Step<'_>, id: GroupId, person: PersonId) {
    if step.scene.participants.has(&(id, person)) {
        step.scene.participants.remove(&(id, person));
        step.facts.push(Fact::PartEnded(person, id));
    }
    if let Some(group) = step.scene.groups.change(&id) {
        group.leader = group.leader.filter(|leader| *leader != person);
        if let Some(round) = group.round.as_mut() {
            round.answers.retain(|answer| answer.person != person);
        }
    }
}

fn pressed(step: &mut Step<'_>, id: GroupId, by: PersonId, at: Moment, press: Press) {
    // A button that was shown elsewhere is none of this group's.
    if press.group() != Some(id) {
        return step.facts.push(Fact::NotTheirs(by));
    }
    match press {
        Press::GroupLead(_) => lead(step, id, by),
        Press::GroupTakePart(_) => takes_part(step, id, by),
        Press::GroupWell(_, due_at) => well(step, id, by, at, due_at),
        Press::GroupCall(_, due_at) => calls(step, id, by, due_at),
        Press::GroupPeople(_) => people(step, id),
        _ if !leads(step, id, by) => leader_only(step, id),
        Press::GroupTimes(_) => {
            let leader = name(step, id, by);
            say(step, GroupMessage::AskInterval { group: id, leader });
        }
        Press::GroupInterval(_, interval) => ask_hour(step, id, interval, false),
        Press::GroupHours(_, interval) => ask_hour(step, id, interval, true),
        Press::GroupHour(_, interval, hour) => schedule(step, id, interval, hour),
        Press::GroupRest(_, days) => rest(step, id, days),
        Press::GroupBack(_) => back(step, id),
        Press::GroupHandOver(_) => {
            if let Some(group) = step.scene.groups.change(&id) {
                group.leader = None;
            }
            say(step, GroupMessage::HandOver(id));
        }
        Press::GroupWords(_, count) => {
            if let Some(group) = step.scene.groups.change(&id) {
                group.words_count = count;
            }
            say_settings(step, id);
        }
        _ => {}
    }
}

/// Whoever leads changes something on a page. Nothing is said into the group: it would cost a message for each of its
/// people.
pub(super) fn on_page(step: &mut Step<'_>, by: PersonId, press: Press) {
    let changes = matches!(
        press,
        Press::GroupHour(..)
            | Press::GroupRest(..)
            | Press::GroupBack(_)
            | Press::GroupHandOver(_)
            | Press::GroupWords(..)
    );
    let Some(id) = press.group().filter(|id| changes && leads(step, *id, by)) else { return };
    if step.scene.groups.get(&id).is_some_and(Group::is_here) {
        let now = step.now;
        pressed(step, id, by, now, press);
    }
}

fn leads(step: &Step<'_>, id: GroupId, person: PersonId) -> bool {
    step.scene.groups.get(&id).is_some_and(|group| group.leader == Some(person))
}

fn leader_only(step: &mut Step<'_>, id: GroupId) {
    let leader = step.scene.groups.get(&id).and_then(|group| group.leader);
    let open = leader.is_none().then_some(id);
    let leader = leader.and_then(|leader| name(step, id, leader));
    say(step, GroupMessage::LeaderOnly { leader, open });
}

/// The first press leads. A group whose leader went keeps its days and hours.
fn lead(step: &mut Step<'_>, id: GroupId, by: PersonId) {
    let Some(group) = step.scene.groups.get(&id) else { return };
    if group.leader.is_some_and(|leader| leader != by) {
        return leader_only(step, id);
    }
    let begun = group.schedule.is_some();
    join(step, id, by);
    if let Some(group) = step.scene.groups.change(&id) {
        group.leader = Some(by);
    }
    step.facts.push(Fact::GroupLed(id, by));
    let name = name(step, id, by);
    if begun {
        say(step, GroupMessage::Leads { name });
    } else {
        say(step, GroupMessage::AskInterval { group: id, leader: name });
    }
}

/// Somebody takes part from here on; `false` if the group is full.
fn join(step: &mut Step<'_>, id: GroupId, by: PersonId) -> bool {
    if step.scene.participants.has(&(id, by)) {
        return true;
    }
    if participants(step, id).len() >= PARTICIPANTS_MAX {
        return false;
    }
    let participant = Participant { group: id, person: by, name: None, since: step.now };
    step.scene.participants.put((id, by), participant);
    if let Some(group) = step.scene.groups.change(&id) {
        group.nameless = true;
    }
    step.facts.push(Fact::TakesPart(by, id));
    true
}

fn takes_part(step: &mut Step<'_>, id: GroupId, by: PersonId) {
    join(step, id, by);
    let (count, next) = (participants(step, id).len(), next(step, id));
    say(step, GroupMessage::TakesPart { count, next });
}

fn participants(step: &Step<'_>, id: GroupId) -> Vec<PersonId> {
    let of_group = step.scene.participants.iter().filter(|((group, _), _)| *group == id);
    of_group.map(|((_, person), _)| *person).collect()
}

fn name(step: &Step<'_>, id: GroupId, person: PersonId) -> Option<Name> {
    step.scene.participants.get(&(id, person)).and_then(|participant| participant.name.clone())
}

/// The next question, on the wall of the group.
fn next(step: &Step<'_>, id: GroupId) -> Option<jiff::civil::DateTime> {
    let group = step.scene.groups.get(&id)?;
    let schedule = group.schedule.as_ref()?;
    Some(schedule.zone.local(next_due(step, group, schedule)))
}

fn next_due(step: &Step<'_>, group: &Group, schedule: &Schedule) -> Moment {
    let rested = group.rests_until.and_then(|day| day.tomorrow().ok()).map(|day| {
        let morning = schedule.zone.moment(day, 0);
        schedule.next_after(morning - std::time::Duration::from_millis(1))
    });
    rested.unwrap_or(Moment::EPOCH).max(schedule.next_after(step.now))
}

fn ask_hour(step: &mut Step<'_>, id: GroupId, interval: Interval, all: bool) {
    let (size, wait) = (size(step, id), step.rules.group_report_after);
    say(step, GroupMessage::AskHour { group: id, interval, all, size, wait });
}

fn size(step: &Step<'_>, id: GroupId) -> Option<u32> {
    step.scene.groups.get(&id).map(|group| group.size).filter(|size| *size > 0)
}

/// Days and hours, chosen by whoever leads. An open round goes on by its own times.
fn schedule(step: &mut Step<'_>, id: GroupId, interval: Interval, hour: Hour) {
    let zone = Zone::default();
    let schedule = Schedule::starting(interval, hour, zone, step.now);
    let due_at = schedule.first_due();
    if let Some(group) = step.scene.groups.change(&id) {
        group.schedule = Some(schedule);
        group.rests_until = None;
    }
    step.facts.push(Fact::GroupScheduled(id, due_at));
    resume(step, id);
    let Some(next) = next(step, id) else { return };
    let participants = participants(step, id).len();
    let monthly = size(step, id).map(|size| size.saturating_mul(pushes_a_month(interval)));
    say(step, GroupMessage::Ready { group: id, interval, hour, next, participants, monthly });
}

fn rest(step: &mut Step<'_>, id: GroupId, days: u8) {
    let zone = Zone::default();
    let days = days.clamp(1, GROUP_REST_DAYS_MAX);
    let today = zone.local(step.now).date();
    let last_day = today.checked_add(i64::from(days - 1).days()).unwrap_or(today);
    if let Some(group) = step.scene.groups.change(&id) {
        group.rests_until = Some(last_day);
        group.round = None;
    }
    step.facts.push(Fact::GroupRests(id));
    resume(step, id);
    if let Some(next) = next(step, id) {
        say(step, GroupMessage::Rests { last_day, next });
    }
}

fn back(step: &mut Step<'_>, id: GroupId) {
    if let Some(group) = step.scene.groups.change(&id) {
        group.rests_until = None;
    }
    step.facts.push(Fact::GroupBack(id));
    resume(step, id);
    if let Some(next) = next(step, id) {
        say(step, GroupMessage::Back { next });
    }
}

/// Sets the timer to the next question, unless a round is open whose end it waits for.
pub(super) fn resume(step: &mut Step<'_>, id: GroupId) {
    let Some(group) = step.scene.groups.get(&id) else { return };
    let open = group.round.as_ref().is_some_and(|round| round.reported_at.is_none());
    let Some(schedule) = group.schedule.as_ref().filter(|_| group.is_here() && !open) else {
        return;
    };
    let due_at = next_due(step, group, schedule);
    step.set_timer(id.0, due_at);
}

fn say_settings(step: &mut Step<'_>, id: GroupId) {
    let Some(group) = step.scene.groups.get(&id) else { return };
    let schedule = group.schedule.as_ref().map(|s| (s.interval, s.hour));
    let (resting, words_count) = (group.rests_until, group.words_count);
    say(step, GroupMessage::Settings { group: id, schedule, resting, words_count });
}

fn people(step: &mut Step<'_>, id: GroupId) {
    let all = participants(step, id);
    let (names, more) = named(step, id, &all);
    let unknown = unknown(step, id);
    say(step, GroupMessage::People { names, more, unknown });
}

/// The first few names, and how many more there are.
fn named(step: &Step<'_>, id: GroupId, people: &[PersonId]) -> (Vec<Name>, usize) {
    let names: Vec<Name> =
        people.iter().filter_map(|person| name(step, id, *person)).take(NAMES_MAX).collect();
    let more = people.len() - names.len();
    (names, more)
}

/// People in the group who take no part, as far as LINE said how many there are.
fn unknown(step: &Step<'_>, id: GroupId) -> u32 {
    let known = u32::try_from(participants(step, id).len()).unwrap_or(u32::MAX);
    step.scene.groups.get(&id).map_or(0, |group| group.size.saturating_sub(known))
}

// --- the round -----------------------------------------------------------------------------------

/// The timer of a group is due; the caller has seen that it is the present one.
pub(super) fn timer(step: &mut Step<'_>, id: GroupId, due_at: Moment) {
    let Some(group) = step.scene.groups.get(&id).cloned() else { return };
    if !group.is_here() || group.schedule.is_none() {
        return step.scene.timers.remove(&id.0);
    }
    if let Some(until) = gate::group_waits(step) {
        return step.set_timer(id.0, until);
    }
    match &group.round {
        Some(round) if round.reported_at.is_none() => match round.asked_at {
            Some(asked_at) => report(step, &group, round, asked_at),
            // It never left. What was not asked is not missed; the next question follows.
            None => end_unasked(step, id),
        },
        Some(_) | None => ask(step, &group, due_at),
    }
}

fn ask(step: &mut Step<'_>, group: &Group, due_at: Moment) {
    let (id, due_at) = (group.id, step.asked_for(due_at));
    let percent = step.rules.alert_reserve_percent;
    let allowed = step.scene.service.quota.allows_round_of(step.now, percent, group.size.max(1));
    if let Some(group) = step.scene.groups.change(&id) {
        group.round = Some(GroupRound::asking(due_at));
        group.rests_until = None;
    }
    // LINE is tried for as long as a report would be waited for.
    step.set_timer(id.0, due_at.max(step.now) + step.rules.group_report_after);
    step.facts.push(Fact::GroupAsking(id, due_at));
    if !allowed {
        return not_asked_for_quota(step, id);
    }
    let zone = group.schedule.as_ref().map(|s| s.zone.clone()).unwrap_or_default();
    let (local, leaderless) = (zone.local(step.now), group.leader.is_none());
    let question = GroupMessage::Ask { round: (id, due_at), local, leaderless };
    send(step, group, &ask_name(id, due_at), Purpose::GroupAsk(id, due_at), question);
}

/// What is left of the month is for alerts. The group cannot be told, so the office is, once a month.
fn not_asked_for_quota(step: &mut Step<'_>, id: GroupId) {
    step.facts.push(Fact::GroupNotAskedForQuota(id));
    let quota = step.scene.service.quota;
    if !quota.groups_told {
        step.scene.change_service().quota.groups_told = true;
        step.tell_office(
            &format!("groups-unasked/{}", quota.month),
            OfficeNotice::GroupNotAsked(id),
        );
    }
}

fn send(step: &mut Step<'_>, group: &Group, name: &str, purpose: Purpose, message: GroupMessage) {
    let (id, to) = (step.mint.outbox_id(name), group.address.clone());
    let messages = vec![Message::Group(message)];
    step.effects.outgoing.push(Outgoing { id, to, purpose, messages });
}

fn ask_name(id: GroupId, due_at: Moment) -> String {
    format!("group/{id}/{}", due_at.millis())
}

/// The identity of the question of a round.
fn ask_id(step: &Step<'_>, id: GroupId, due_at: Moment) -> OutboxId {
    step.mint.outbox_id(&ask_name(id, due_at))
}

/// LINE accepted the question: its 23 hours begin.
pub(super) fn asked(step: &mut Step<'_>, id: GroupId, due_at: Moment, at: Moment) {
    let wait = step.rules.group_report_after;
    let open = |round: &&mut GroupRound| round.due_at == due_at && round.asked_at.is_none();
    let round = step.scene.groups.change(&id).and_then(|group| group.round.as_mut()).filter(open);
    let Some(round) = round else { return };
    round.asked_at = Some(at);
    step.set_timer(id.0, at + wait);
    step.facts.push(Fact::GroupAsked(id, due_at));
}

fn end_unasked(step: &mut Step<'_>, id: GroupId) {
    let due_at = step.scene.groups.get(&id).and_then(|group| group.round.as_ref());
    if let Some(due_at) = due_at.map(|round| round.due_at) {
        let question = ask_id(step, id, due_at);
        step.withdraw(question);
    }
    if let Some(group) = step.scene.groups.change(&id) {
        group.round = None;
    }
    resume(step, id);
}

/// The 23 hours are over: where somebody is missing, the group hears who, once.
fn report(step: &mut Step<'_>, group: &Group, round: &GroupRound, asked_at: Moment) {
    let id = group.id;
    let deaf = match gate::group(step, asked_at) {
        gate::Heard::Hold(until) => {
            step.set_timer(id.0, until);
            return;
        }
        gate::Heard::Yes => false,
        gate::Heard::NotAll => true,
    };
    let (now, due_at) = (step.now, round.due_at);
    let mut missing = participants(step, id);
    // Whoever answered in another group since then is well: nobody here needs to worry.
    let elsewhere = |person: &PersonId| step.person(*person).and_then(|p| p.in_group_at);
    missing.retain(|person| !round.has(*person) && elsewhere(person) < Some(due_at));
    if let Some(round) = step.scene.groups.change(&id).and_then(|group| group.round.as_mut()) {
        round.reported_at = Some(now);
    }
    step.facts.push(Fact::GroupReported(id, u32::try_from(missing.len()).unwrap_or(u32::MAX)));
    resume(step, id);
    if missing.is_empty() {
        return;
    }
    let (names, more) = named(step, id, &missing);
    let unknown = unknown(step, id);
    let post = GroupMessage::Missing { round: (id, due_at), names, more, unknown, deaf };
    let name = format!("group/{id}/{}/missing", due_at.millis());
    send(step, group, &name, Purpose::GroupReport(id, due_at), post);
}

/// "I am well", on the question of a round. Whoever presses it takes part.
fn well(step: &mut Step<'_>, id: GroupId, by: PersonId, at: Moment, due_at: Moment) {
    let open = step.scene.groups.get(&id).and_then(|group| group.round.as_ref());
    if open.is_none_or(|round| round.due_at != due_at) {
        let next = next(step, id);
        return say(step, GroupMessage::Stale { next });
    }
    answered(step, id, by, at);
}

/// Something said in the chat is an answer where the leader wanted that, once, and nothing is said back.
fn spoke(step: &mut Step<'_>, id: GroupId, by: PersonId, at: Moment) {
    let Some(group) = step.scene.groups.get(&id).filter(|group| group.words_count) else { return };
    let waited = group.round.as_ref().is_some_and(|round| !round.has(by) && at >= round.due_at);
    if waited && step.scene.participants.has(&(id, by)) {
        note(step, id, by, at);
    }
}

fn note(step: &mut Step<'_>, id: GroupId, by: PersonId, at: Moment) {
    let round = step.scene.groups.change(&id).and_then(|group| group.round.as_mut());
    let Some(round) = round.filter(|round| !round.has(by)) else { return };
    round.answers.push(Answer { person: by, at });
    step.facts.push(Fact::GroupAnswered(by, id));
    if let Some(person) = step.scene.persons.change(&by) {
        person.in_group_at = person.in_group_at.max(Some(at));
    }
}

fn answered(step: &mut Step<'_>, id: GroupId, by: PersonId, at: Moment) {
    if !join(step, id, by) {
        return;
    }
    let before = step.scene.groups.get(&id).and_then(|group| group.round.clone());
    let Some(before) = before.filter(|round| !round.has(by)) else { return };
    note(step, id, by, at);
    let all = participants(step, id);
    let Some(round) = step.scene.groups.get(&id).and_then(|group| group.round.as_ref()) else {
        return;
    };
    let answered = all.iter().filter(|person| round.has(**person)).count();
    let (of, left) = (all.len(), all.len() - answered);
    let name = name(step, id, by);
    if before.reported_at.is_some() {
        say(step, GroupMessage::Late { name, left });
    } else if left == 0 && of > 1 {
        say(step, GroupMessage::All);
    } else if of <= ORDER_SHOWN_MAX {
        say(step, GroupMessage::Nth { name, place: answered, left });
    } else if answered == of.div_ceil(2) {
        say(step, GroupMessage::Half { answered, of });
    }
}

/// "I will call them": the first press does.
fn calls(step: &mut Step<'_>, id: GroupId, by: PersonId, due_at: Moment) {
    let round = step.scene.groups.change(&id).and_then(|group| group.round.as_mut());
    let Some(round) = round.filter(|round| round.due_at == due_at) else {
        let next = next(step, id);
        return say(step, GroupMessage::Stale { next });
    };
    let caller = *round.caller.get_or_insert(by);
    if caller == by {
        step.facts.push(Fact::GroupCalls(id, by));
    }
    let name = name(step, id, caller);
    say(step, GroupMessage::Calls { name });
}
