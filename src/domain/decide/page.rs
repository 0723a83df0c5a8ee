//! What follows from what somebody does on a page of ours. Most of it is what a button of the chat does as
//! well, and is decided in the same place; here are the sessions, and what only pages have. Nothing is said
//! back: the page shows how things are. And nothing done here is a sign of life.

use super::{Step, care, cases, group, settings, setup, soft, talk};
use crate::domain::case::Outcome;
use crate::domain::details::{CONTACTS_MAX, Details, Line};
use crate::domain::fact::Fact;
use crate::domain::id::{CaseId, PersonId, TeamId};
use crate::domain::message::Message;
use crate::domain::name::Name;
use crate::domain::opinion::{OPINIONS_A_DAY_MAX, Opinion};
use crate::domain::page::{PAGE_SESSIONS_MAX, PageAct, PageDeed, PageEvent, PageSession};
use crate::domain::press::Press;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::TokenHash;
use crate::domain::team::{Policy, Role, TeamKind, TeamName};
use crate::domain::time::Moment;

/// Somebody did something.
pub(super) fn event(step: &mut Step<'_>, event: &PageEvent) {
    let PageEvent { at, by, deed } = event;
    let (at, by) = (*at, *by);
    if !step.scene.persons.has(&by) {
        return;
    }
    match deed {
        PageDeed::Entered { session, .. } => enter(step, by, at, *session),
        PageDeed::Seen(token) => {
            if let Some(session) = step.scene.page_sessions.change(&(by, *token)) {
                session.seen_at = at.max(session.seen_at);
            }
        }
        PageDeed::Left(token) => end(step, by, |session| session == *token),
        PageDeed::LeftOthers(token) => end(step, by, |session| session != *token),
        PageDeed::Did(act) => {
            // The clock of the rules may stand still in a demonstration; this one never does.
            step.cause = format!("page/{by}/{}/{}", at.millis(), subject(act));
            did(step, by, act);
            step.answer.clear();
        }
    }
}

/// A session begins. What has ended goes, and the oldest where there would be too many.
fn enter(step: &mut Step<'_>, by: PersonId, at: Moment, token: TokenHash) {
    if !step.is_reachable(by) {
        return;
    }
    let known = step.scene.page_sessions.iter().map(|(_, session)| *session);
    let (mut live, over): (Vec<_>, Vec<_>) = known.partition(|session| session.is_live(at));
    live.sort_by_key(|session| std::cmp::Reverse(session.since));
    let surplus = live.split_off(live.len().min(PAGE_SESSIONS_MAX - 1));
    for session in over.into_iter().chain(surplus) {
        step.scene.page_sessions.remove(&(by, session.token));
    }
    let session = PageSession { token, person: by, since: at, seen_at: at };
    step.scene.page_sessions.put((by, token), session);
    step.facts.push(Fact::PageEntered(by));
}

/// Ends some of a person's sessions.
fn end(step: &mut Step<'_>, person: PersonId, which: impl Fn(TokenHash) -> bool) {
    let theirs = step.scene.page_sessions.iter().map(|(key, _)| *key);
    let ended: Vec<_> = theirs.filter(|(of, token)| *of == person && which(*token)).collect();
    for key in &ended {
        step.scene.page_sessions.remove(key);
    }
    if !ended.is_empty() {
        let count = u32::try_from(ended.len()).unwrap_or(u32::MAX);
        step.facts.push(Fact::PagesLeft(person, count));
    }
}

/// What an act is: two of one moment must not take each other's messages for their own.
fn subject(act: &PageAct) -> String {
    match act {
        PageAct::Press(press) => format!("{press:?}"),
        PageAct::Retime(interval, hour) => format!("time/{}/{}", interval.as_days(), hour.get()),
        PageAct::TeamRetime(team, ..) => format!("team/{team}"),
        PageAct::Settle(case, outcome) => format!("settle/{case}/{outcome:?}"),
        PageAct::Agree => "agree".to_owned(),
        PageAct::Opine(_) => "opinion".to_owned(),
        PageAct::Rename(_) => "name".to_owned(),
        PageAct::Write(person, _) => format!("write/{person}"),
        PageAct::Allow(team, policy) => format!("allow/{team}/{policy:?}"),
        PageAct::Viewed(person) => format!("viewed/{person}"),
    }
}

fn did(step: &mut Step<'_>, by: PersonId, act: &PageAct) {
    match act {
        PageAct::Press(press) if press.group().is_some() => group::on_page(step, by, *press),
        PageAct::Press(press) if stands_on_pages(*press) => talk::meant(step, by, step.now, *press),
        PageAct::Press(_) => {}
        PageAct::Retime(interval, hour) => retime(step, by, *interval, *hour),
        PageAct::TeamRetime(team, interval, hour) => {
            settings::change_proposal(step, by, *team, *interval, *hour);
        }
        PageAct::Settle(case, outcome) => settle(step, by, *case, *outcome),
        PageAct::Agree => {
            let now = step.now;
            setup::consent(step, by, now);
        }
        PageAct::Opine(text) => opine(step, by, text),
        PageAct::Rename(name) => rename(step, by, name),
        PageAct::Write(person, details) => write(step, by, *person, details),
        PageAct::Allow(team, policy) => allow(step, by, *team, *policy),
        PageAct::Viewed(person) => {
            if by != *person && step.scene.policy_for(by, *person) > Policy::Nothing {
                step.facts.push(Fact::DetailsSeen(*person, by));
            }
        }
    }
}

/// Buttons of the chat that stand on pages too. None of them is an answer to a question.
fn stands_on_pages(press: Press) -> bool {
    matches!(
        press,
        Press::Claim(_)
            | Press::NoContact(_)
            | Press::Emergency(_)
            | Press::Proxy(_)
            | Press::StillPaused(_)
            | Press::PauseOver(_)
            | Press::PauseFor(..)
            | Press::PauseSure(..)
            | Press::PauseEnd
            | Press::Quotes(_)
            | Press::LiveIn(_)
            | Press::TeamQuiet(..)
            | Press::TeamOffice(..)
            | Press::TeamQuotes(..)
            | Press::Invite(..)
            | Press::NewLeaflet(_)
            | Press::Approve(..)
            | Press::Refuse(..)
            | Press::LeaveTeamSure(_)
            | Press::HandOver(_)
            | Press::LeaveSure
    )
}

fn retime(step: &mut Step<'_>, by: PersonId, interval: Interval, hour: Hour) {
    let known = step.person(by).and_then(|person| person.watch.as_ref());
    let same = |schedule: &crate::domain::schedule::Schedule| {
        (schedule.interval, schedule.hour) == (interval, hour)
    };
    // Saved again as it was: the days would begin to be counted anew, for nothing.
    if known.is_some_and(|watch| !same(&watch.schedule)) {
        settings::change_schedule(step, by, interval, hour);
    }
}

/// A case is over. What ends the watch was asked twice by the page.
fn settle(step: &mut Step<'_>, by: PersonId, id: CaseId, outcome: Outcome) {
    let now = step.now;
    let soft = step.scene.cases.get(&id).is_some_and(|case| case.trouble.is_soft());
    match outcome {
        Outcome::Answered => {}
        _ if outcome.ends_watch() => care::end(step, by, now, id, outcome),
        _ if soft => soft::done(step, by, now, id),
        Outcome::Well => care::found_well(step, by, now, id),
        _ => care::reason(step, by, now, id, outcome),
    }
}

/// Something said of the service, a few times a day.
fn opine(step: &mut Step<'_>, by: PersonId, text: &Line) {
    let today = step.local(by, step.now).date();
    let said = step
        .scene
        .opinions
        .iter()
        .filter(|known| known.by == by && step.local(by, known.at).date() == today);
    if said.count() >= OPINIONS_A_DAY_MAX {
        return;
    }
    step.scene.opinion = Some(Opinion { at: step.now, by, text: text.clone() });
    step.facts.push(Fact::Opined(by));
}

/// Is called otherwise from here on; those who watch have to know whom the next alert is about.
fn rename(step: &mut Step<'_>, by: PersonId, name: &Name) {
    let Some(before) = step.name(by).filter(|before| before != name) else { return };
    if let Some(person) = step.scene.persons.change(&by) {
        person.name = Some(name.clone());
    }
    step.facts.push(Fact::Renamed(by));
    let theirs: Vec<TeamId> = step.scene.places_of(by).map(|place| place.team).collect();
    for team in theirs {
        let named_after = step.scene.teams.get(&team).is_some_and(|team| {
            team.kind == TeamKind::Personal && team.name == TeamName::Of(before.clone())
        });
        if let Some(team) = step.scene.teams.change(&team).filter(|_| named_after) {
            team.name = TeamName::Of(name.clone());
        }
    }
    for watcher in cases::reachable_watchers(step, by) {
        let (before, name) = (before.clone(), name.clone());
        step.notify(watcher, Message::Renamed { before, name });
    }
}

/// How much of a person somebody may read and write: of oneself, all that may be kept at all.
fn open_to(step: &Step<'_>, by: PersonId, person: PersonId) -> Policy {
    if by == person { step.scene.policy(person) } else { step.scene.policy_for(by, person) }
}

/// What is known about somebody, changed by themselves or by one who watches. Of two who change it at once,
/// the second is told.
fn write(step: &mut Step<'_>, by: PersonId, person: PersonId, typed: &Details) {
    let policy = open_to(step, by, person);
    let known = step.scene.details.get(&person).cloned().unwrap_or_default();
    let fits = typed.contacts.len() <= CONTACTS_MAX && typed.needs() <= policy;
    if typed.version != known.version || !fits {
        return;
    }
    let version = known.version.saturating_add(1);
    step.scene.details.put(person, Details { version, ..known.with(typed, policy) });
    step.facts.push(Fact::DetailsWritten(person, by));
}

/// How much a member of a family wants to have written down. What is more than all their teams agreed to is
/// erased at once.
fn allow(step: &mut Step<'_>, by: PersonId, team: TeamId, policy: Policy) {
    let key = (team, Role::Member, by);
    let family = step.scene.teams.get(&team).is_some_and(|t| t.kind == TeamKind::Personal);
    let before = step.scene.members.get(&key).map(|member| member.agreed);
    let Some(before) = before.filter(|before| family && *before != policy) else { return };
    if let Some(member) = step.scene.members.change(&key) {
        member.agreed = policy;
    }
    step.facts.push(Fact::Allowed(by, team, policy));
    let kept = step.scene.policy(by);
    if let Some(known) = step.scene.details.get(&by).filter(|known| known.needs() > kept).cloned() {
        let version = known.version.saturating_add(1);
        step.scene.details.put(by, Details { version, ..known.within(kept) });
        step.facts.push(Fact::DetailsWritten(by, by));
    }
    let Some(name) = step.name(by).filter(|_| policy > before) else { return };
    let managers: Vec<PersonId> = step.scene.managers(team).filter(|m| *m != by).collect();
    for manager in managers {
        step.notify(manager, Message::Allowed { name: name.clone(), policy });
    }
}
