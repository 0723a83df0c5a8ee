//! Walks over everyone, a page at a time: whom deafness concerned, who was forgotten, how many
//! there are. Reads only; what is found goes to the writer as events.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::certificate::Concern;
use crate::domain::event::{Census, Event, GroupNews, Upkeep};
use crate::domain::group::Group;
use crate::domain::id::{Address, GroupId, PersonId, Way};
use crate::domain::ladder::Rung;
use crate::domain::person::Person;
use crate::domain::quota::month_in_japan;
use crate::domain::round::Stage;
use crate::domain::rules::{MANAGER_TEST_DAYS, MANAGER_TEST_WAIT, MANAGERS_PER_TEAM_MAX, Rules};
use crate::domain::schedule::{Schedule, Zone};
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::outbox::Inquiry;
use crate::store::{Reading, StoreError};

/// A group is counted again after so long.
const COUNT_AGAIN: Duration = Duration::from_secs(24 * 3600);

/// Persons looked at in one go.
const PAGE: usize = 500;

/// A timer that is overdue by more than this is not being carried out.
const OVERDUE: Duration = Duration::from_secs(15 * 60);

/// So long a message waits until it is called an outage.
const STUCK_AFTER: Duration = Duration::from_secs(3600);

/// Questions that are asked a second time, in percent. An assumption for the forecast, not measured.
const RESENT_PERCENT: u64 = 15;

/// Rounds that end in an alert, in percent of all. An assumption for the forecast, not measured.
const ALERT_PERCENT: u64 = 2;

/// Hands every person to `each`, in order.
pub fn everyone(
    reading: &Reading,
    mut each: impl FnMut(&Person) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut from = 0;
    loop {
        let page = reading.persons_from(from, PAGE)?;
        page.iter().try_for_each(&mut each)?;
        match page.last() {
            Some(last) if page.len() == PAGE && last.id.0 < u32::MAX => from = last.id.0 + 1,
            Some(_) | None => return Ok(()),
        }
    }
}

/// Everyone who is being waited for, for an answer or for the proof of the year: they are looked at again after we were deaf.
pub fn sweep(reading: &Reading) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    everyone(reading, |person| {
        let round = person.watch.as_ref().and_then(|watch| watch.round.as_ref());
        let waits = round.is_some_and(|r| matches!(r.stage, Stage::Asked | Stage::Resent));
        // Whoever is phoned answers nothing that we could have missed.
        if waits && !person.is_phoned() || owes_proof(reading, person)? {
            events.push(Event::Upkeep(Upkeep::Recheck(person.id)));
        }
        Ok(())
    })?;
    if reading.service()?.lag.is_some() {
        let groups = reading.groups(usize::MAX)?.into_iter();
        let asked = groups.filter(|group| group.round.is_some());
        events.extend(asked.map(|group| Event::GroupNews(GroupNews::Behind(group.id))));
    }
    Ok(events)
}

/// Everyone who is asked over LINE, and every open case: what follows after the data came out of a copy.
pub fn make_good(reading: &Reading) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    everyone(reading, |person| {
        if person.watch.is_some() && !person.is_phoned() {
            events.push(Event::Upkeep(Upkeep::AskAfresh(person.id)));
        }
        Ok(())
    })?;
    let cases = reading.open_case_ids(usize::MAX)?.into_iter();
    events.extend(cases.map(|case| Event::Upkeep(Upkeep::RaiseAfresh(case))));
    Ok(events)
}

/// Everyone with a place in a team whom LINE is to be asked about.
pub fn reach(reading: &Reading) -> Result<Vec<(PersonId, Address)>, StoreError> {
    let mut people = Vec::new();
    everyone(reading, |person| {
        if person.watch.is_some() || !reading.places(person.id)?.is_empty() {
            people.extend(person.address.clone().map(|address| (person.id, address)));
        }
        Ok(())
    })?;
    Ok(people)
}

/// Counts everyone, and finds whoever would be forgotten: watched, and without a timer in the
/// future. Also finds who watches and was not tested for a year.
pub fn audit(reading: &Reading, now: Moment, rules: &Rules) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    let census = count(reading, (now, rules), |upkeep| events.push(Event::Upkeep(upkeep)))?;
    let knows = knows_the_time(reading)?;
    for group in reading.groups(usize::MAX)? {
        let due = group.is_here() && group.schedule.is_some();
        let timer = reading.timer(group.id.0)?;
        if due && timer.is_none_or(|due_at| knows && group.is_ahead(due_at, now, rules)) {
            events.push(Event::GroupNews(GroupNews::Stray(group.id)));
        }
    }
    events.push(Event::Upkeep(Upkeep::Audited(census)));
    Ok(events)
}

/// By a clock that is behind every timer is too far ahead.
fn knows_the_time(reading: &Reading) -> Result<bool, StoreError> {
    Ok(reading.service()?.time_doubted.is_none())
}

/// The timers that are being carried out. What came due while we stood still had no time to be.
fn timed(reading: &Reading, now: Moment) -> Result<BTreeMap<u32, Moment>, StoreError> {
    let alive_at = reading.service()?.alive_at.unwrap_or(now).min(now);
    let mut timed = BTreeMap::new();
    reading.timers(|id, due_at| {
        if alive_at.since(due_at) <= OVERDUE {
            timed.insert(id, due_at);
        }
    })?;
    Ok(timed)
}

/// Somebody who watches and was not tested for a year, or whom nothing of today would reach; how many were astray.
fn look_beside_the_watch(
    reading: &Reading,
    person: &Person,
    now: Moment,
    found: &mut impl FnMut(Upkeep),
) -> Result<u32, StoreError> {
    if is_untested(reading, person, now)? {
        found(Upkeep::TestManager(person.id));
    }
    let is_astray = person.was_told_later(now);
    if is_astray {
        found(Upkeep::Stray(person.id));
    }
    Ok(u32::from(is_astray))
}

fn count(
    reading: &Reading,
    (now, rules): (Moment, &Rules),
    mut found: impl FnMut(Upkeep),
) -> Result<Census, StoreError> {
    let mut census = Census::default();
    let (mut alerts, mut reports) = (0_u64, 0_u64);
    let timed = timed(reading, now)?;
    let knows = knows_the_time(reading)?;
    everyone(reading, |person| {
        // By a clock that may be wrong a year passes in a moment.
        if knows {
            census.strays += look_beside_the_watch(reading, person, now, &mut found)?;
        }
        let Some(watch) = &person.watch else { return Ok(()) };
        let timer = timed.get(&person.id.0);
        let has_timer = timer.is_some_and(|due_at| !knows || !person.is_ahead(*due_at, now, rules));
        if person.is_lost() {
            census.unreachable += 1;
            // Nothing is asked of them; a case is open, or they are looked at again some day.
            if watch.case.is_none() && !has_timer {
                census.strays += 1;
                found(Upkeep::Stray(person.id));
            }
            return Ok(());
        }
        census.watched += 1;
        let (watchers, is_watched) = watchers(reading, person.id)?;
        census.unwatched += u32::from(!is_watched);
        if !has_timer {
            census.strays += 1;
            found(Upkeep::Stray(person.id));
        }
        if watch.pause.is_some() {
            census.resting += 1;
            return Ok(());
        }
        // The office phones: no message of the month.
        if person.is_phoned() {
            return Ok(());
        }
        let questions = until_month_ends(&watch.schedule, now);
        let pushes = questions + questions * RESENT_PERCENT / 100;
        census.forecast = census.forecast.saturating_add(u32::try_from(pushes).unwrap_or(0));
        alerts += questions * u64::try_from(watchers).unwrap_or(0);
        Ok(())
    })?;
    for group in reading.groups(usize::MAX)?.into_iter().filter(Group::is_here) {
        let Some(schedule) = &group.schedule else { continue };
        let pushes = until_month_ends(schedule, now) * u64::from(group.size.max(1));
        census.forecast = census.forecast.saturating_add(u32::try_from(pushes).unwrap_or(u32::MAX));
        reports += u64::from(group.size.max(1));
    }
    // An alert is told, repeated, claimed and cleared: four messages to everyone who watches. A group hears once who
    // is missing.
    let alerts = (alerts * ALERT_PERCENT).div_ceil(100).saturating_mul(4).saturating_add(reports);
    census.alerts = u32::try_from(alerts).unwrap_or(u32::MAX);
    for id in reading.open_case_ids(usize::MAX)? {
        census.open += 1;
        let Some(case) = reading.case(id)? else { continue };
        census.board += u32::from(case.office_since.is_some());
        let timer = timed.get(&id.0);
        let has_timer = timer.is_some_and(|due_at| !knows || !case.is_ahead(*due_at, now, rules));
        if case.rung != Rung::Rest && !has_timer {
            census.strays += 1;
            found(Upkeep::StrayCase(id));
        }
    }
    Ok(census)
}

/// What is to be asked about one group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupQuestions {
    /// Which.
    pub group: GroupId,
    /// What.
    pub inquiries: Vec<Inquiry>,
}

impl GroupQuestions {
    /// The people who are asked for.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        let person = |inquiry: &Inquiry| match inquiry {
            Inquiry::GroupName(_, _, person, _) => Some(*person),
            _ => None,
        };
        self.inquiries.iter().filter_map(person).collect()
    }
}

/// Groups whose size is not known or old, and those in which somebody has no name yet.
pub fn groups(reading: &Reading, now: Moment) -> Result<Vec<GroupQuestions>, StoreError> {
    let mut all = Vec::new();
    for group in reading.groups(usize::MAX)?.into_iter().filter(Group::is_here) {
        let mut inquiries = Vec::new();
        if group.counted_at.is_none_or(|at| now.since(at) >= COUNT_AGAIN) {
            inquiries.push(Inquiry::GroupSize(group.id, group.address.clone()));
        }
        if group.nameless {
            for participant in reading.participants(group.id)? {
                let person = reading.person(participant.person)?;
                let Some(person) = person.filter(|_| participant.name.is_none()) else { continue };
                let Some(user) = person.address else { continue };
                let address = group.address.clone();
                inquiries.push(Inquiry::GroupName(group.id, address, person.id, user));
            }
        }
        if !inquiries.is_empty() || group.nameless {
            all.push(GroupQuestions { group: group.id, inquiries });
        }
    }
    Ok(all)
}

/// The daily report, at an hour at which people are awake; and everyone whose membership ends soon or has
/// ended, where that was not told yet.
pub fn report(
    reading: &Reading,
    (now, rules): (Moment, &Rules),
    certificate: Option<Concern>,
) -> Result<Vec<Event>, StoreError> {
    let today = Zone::default().local(now).date();
    let census = count(reading, (now, rules), |_| {})?;
    let mut events = vec![Event::Upkeep(Upkeep::Report(census, certificate))];
    let knows = knows_the_time(reading)?;
    everyone(reading, |person| {
        if knows && person.membership.is_some_and(|membership| membership.news(today).is_some()) {
            events.push(Event::Upkeep(Upkeep::Membership(person.id)));
        }
        Ok(())
    })?;
    Ok(events)
}

/// That LINE takes nothing any more, or takes messages again, where that is news. A letter that waits
/// is no sign of it.
pub fn outage(reading: &Reading, now: Moment) -> Result<Option<Event>, StoreError> {
    let oldest = reading.waiting()?.get(&Way::Line).and_then(|waiting| waiting.since);
    let stuck = oldest.filter(|queued_at| now.since(*queued_at) >= STUCK_AFTER);
    let known = reading.service()?.outage;
    let news = known.is_some() != stuck.is_some();
    Ok(news.then_some(Event::Upkeep(Upkeep::Stuck(stuck))))
}

/// Questions of a schedule until the month ends in Japan, where LINE's quota turns.
fn until_month_ends(schedule: &Schedule, now: Moment) -> u64 {
    let month = month_in_japan(now);
    let mut questions = 0;
    let mut due_at = schedule.next_after(now);
    while month_in_japan(due_at) == month && questions < 31 {
        questions += 1;
        due_at = schedule.next_after(due_at);
    }
    questions
}

/// How many watch over a person, and whether LINE reaches any of them, or the office watches itself.
fn watchers(reading: &Reading, person: PersonId) -> Result<(usize, bool), StoreError> {
    let places = reading.places(person)?.into_iter().filter(|(_, role, _)| *role == Role::Member);
    let (mut count, mut is_watched) = (0, false);
    for (team, _, _) in places {
        let managers = reading.members(team, Role::Manager, MANAGERS_PER_TEAM_MAX)?;
        count += managers.len();
        is_watched |= reading
            .team(team)?
            .is_some_and(|team| team.kind == TeamKind::Office || team.handed_over_at.is_some());
        for manager in managers {
            is_watched =
                is_watched || reading.person(manager.person)?.is_some_and(|p| p.is_reachable());
        }
    }
    Ok((count, is_watched))
}

/// Whether a manager was sent the yearly test and has not pressed since.
fn owes_proof(reading: &Reading, person: &Person) -> Result<bool, StoreError> {
    let Some(tested_at) = person.tested_at else { return Ok(false) };
    let mut owes = false;
    for (team, role, of) in reading.places(person.id)? {
        if role == Role::Manager {
            let place = reading.member((team, role, of))?;
            let Some(proven) = place.and_then(|place| place.receives_since) else { continue };
            if proven >= tested_at {
                return Ok(false);
            }
            owes = true;
        }
    }
    Ok(owes)
}

fn is_untested(reading: &Reading, person: &Person, now: Moment) -> Result<bool, StoreError> {
    let last = person.tested_at.unwrap_or(person.since);
    let year = Duration::from_secs(u64::from(MANAGER_TEST_DAYS) * 86_400);
    let is_waited_for = person.tested_at.is_some_and(|at| now.since(at) >= MANAGER_TEST_WAIT);
    if (now.since(last) < year && !is_waited_for) || !person.is_reachable() {
        return Ok(false);
    }
    for (team, role, of) in reading.places(person.id)? {
        if role != Role::Manager {
            continue;
        }
        let place = reading.member((team, role, of))?;
        let proven = place.and_then(|place| place.receives_since);
        // Whoever has pressed since, or is not counted on anyway, is asked next year.
        if now.since(last) >= year || proven.is_some_and(|at| at < last) {
            return Ok(true);
        }
    }
    Ok(false)
}
