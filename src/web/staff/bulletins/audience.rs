//! For whom a bulletin can be: the choices of the form, what they are called, and how many people that is now.

use std::collections::BTreeSet;

use crate::domain::age;
use crate::domain::bulletin::{Addressee, Audience, Side};
use crate::domain::group::Group;
use crate::domain::id::{GroupId, OrganizationId, PersonId, TeamId};
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::team::{Role, TeamKind};
use crate::domain::time::Moment;
use crate::locale::bulletins as words;
use crate::locale::page;
use crate::store::{Reading, StoreError};
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::staff::people;

/// Teams and groups among the choices.
const CHOICES_MAX: usize = 300;

/// People who are counted.
const COUNTED_MAX: usize = 20_000;

/// People who are read at a time.
const READ_AT_ONCE: usize = 500;

/// Ages among the choices: from, to.
const AGES: [(u16, u16); 8] =
    [(60, 199), (65, 199), (75, 199), (90, 199), (80, 89), (70, 79), (60, 69), (0, 59)];

/// What stands in the form for an audience.
pub(super) fn key(audience: Audience) -> String {
    match audience {
        Audience::Everyone => "all".to_owned(),
        Audience::Organization(id) => format!("area.{id}"),
        Audience::Team(id) => format!("team.{id}"),
        Audience::Group(id) => format!("group.{id}"),
        Audience::Age(from, to) => format!("age.{from}.{to}"),
        Audience::Person(_) => "one".to_owned(),
    }
}

/// The audience that the form names; `None` if there is none, or no such person.
pub(super) fn read(
    reading: &Reading,
    by: &SignedIn,
    key: &str,
    number: &str,
) -> Result<Option<Audience>, StoreError> {
    let parts: Vec<&str> = key.split('.').collect();
    let audience = match parts.as_slice() {
        ["all"] => Some(Audience::Everyone),
        ["area", id] => id.parse().ok().map(|id| Audience::Organization(OrganizationId(id))),
        ["team", id] => id.parse().ok().map(|id| Audience::Team(TeamId(id))),
        ["group", id] => id.parse().ok().map(|id| Audience::Group(GroupId(id))),
        ["age", from, to] => match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) => Some(Audience::Age(from, to)),
            _ => None,
        },
        ["one"] => known::number(number).map(Audience::Person),
        _ => None,
    };
    let is_there = match audience {
        Some(Audience::Organization(id)) => reading.organization(id)?.is_some(),
        Some(Audience::Team(id)) => reading.team(id)?.is_some(),
        Some(Audience::Group(id)) => group(reading, id)?.is_some(),
        Some(Audience::Person(id)) => reading.person(id)?.is_some(),
        Some(Audience::Everyone | Audience::Age(..)) => true,
        None => false,
    };
    let Some(audience) = audience.filter(|_| is_there) else { return Ok(None) };
    let within = people::is_audience_within(reading, &by.staff.scope, audience)?;
    Ok(within.then_some(audience))
}

fn group(reading: &Reading, id: GroupId) -> Result<Option<Group>, StoreError> {
    let groups = reading.groups(usize::MAX)?;
    Ok(groups.into_iter().find(|group| group.id == id && group.is_here()))
}

/// The choices of the form: what stands in it, and what it is called.
pub(super) fn choices(
    reading: &Reading,
    by: &SignedIn,
) -> Result<Vec<(String, String)>, StoreError> {
    let mut all = vec![Audience::Everyone];
    all.extend(reading.organizations()?.into_iter().map(|o| Audience::Organization(o.id)));
    let teams = reading.teams_from(0, CHOICES_MAX * 10)?.into_iter();
    let teams = teams.filter(|team| team.kind != TeamKind::Personal).take(CHOICES_MAX);
    all.extend(teams.map(|team| Audience::Team(team.id)));
    let groups = reading.groups(CHOICES_MAX)?.into_iter().filter(|group| group.is_here());
    all.extend(groups.map(|group| Audience::Group(group.id)));
    all.extend(AGES.map(|(from, to)| Audience::Age(from, to)));
    let mut choices = Vec::new();
    for audience in all {
        if people::is_audience_within(reading, &by.staff.scope, audience)? {
            choices.push((key(audience), name(reading, by, audience)?));
        }
    }
    choices.push(("one".to_owned(), words::ONE.to_owned()));
    Ok(choices)
}

/// What an audience is called.
pub(super) fn name(
    reading: &Reading,
    by: &SignedIn,
    audience: Audience,
) -> Result<String, StoreError> {
    Ok(match audience {
        Audience::Everyone => words::EVERYONE.to_owned(),
        Audience::Organization(id) => {
            let organization = reading.organization(id)?;
            words::organization(&organization.map(|o| o.name.to_string()).unwrap_or_default())
        }
        Audience::Team(id) => {
            let team = reading.team(id)?;
            words::team(&team.map(|team| page::team(&team.name)).unwrap_or_default())
        }
        Audience::Group(id) => {
            let leader = group(reading, id)?.and_then(|group| group.leader);
            let people = reading.participants(id)?;
            let leader = people.into_iter().find(|p| Some(p.person) == leader);
            let leader = leader.and_then(|p| p.name).map(|name| name.to_string());
            words::group(id, leader.as_deref())
        }
        Audience::Age(from, to) => words::age(from, (to < 150).then_some(to)),
        Audience::Person(id) => {
            // Numbers can be tried out: who is only a family's business stays a number.
            let ours = people::concerns(reading, by, id)?;
            let name = if ours { Some(known::name(reading, id)?) } else { None };
            words::person(name.as_deref(), id)
        }
    })
}

/// How many people an audience is now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Count {
    /// Whom LINE reaches.
    pub(super) reached: u32,
    /// Whom it does not.
    pub(super) unreachable: u32,
    /// There may be more.
    pub(super) more: bool,
}

/// Counts an audience. A group counts as many as it has people: each is a message.
pub(super) fn count(
    reading: &Reading,
    audience: Audience,
    side: Side,
    now: Moment,
) -> Result<Count, StoreError> {
    let mut count = Count::default();
    let mut add = |person: &Person| {
        if person.has_died() {
            return;
        }
        let field = if person.is_reachable() { &mut count.reached } else { &mut count.unreachable };
        *field = field.saturating_add(1);
    };
    match audience {
        Audience::Group(id) => {
            let size = group(reading, id)?.map_or(0, |group| group.size.max(1));
            return Ok(Count { reached: size, ..Count::default() });
        }
        Audience::Person(id) => {
            if let Some(person) = reading.person(id)? {
                add(&person);
            }
        }
        Audience::Team(_) | Audience::Organization(_) => {
            for id in in_teams(reading, audience, side)? {
                if let Some(person) = reading.person(id)? {
                    add(&person);
                }
            }
        }
        Audience::Everyone | Audience::Age(..) => {
            let (mut from, mut seen) = (0, 0);
            loop {
                let people = reading.persons_from(from, READ_AT_ONCE)?;
                for person in &people {
                    if audience.includes(side, &addressee(reading, person, audience, now)?) {
                        add(person);
                    }
                }
                seen += people.len();
                let Some(last) = people.last().filter(|_| people.len() == READ_AT_ONCE) else {
                    break;
                };
                from = last.id.0.saturating_add(1);
                if seen >= COUNTED_MAX {
                    count.more = true;
                    break;
                }
            }
        }
    }
    Ok(count)
}

fn in_teams(
    reading: &Reading,
    audience: Audience,
    side: Side,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let teams = match audience {
        Audience::Team(id) => vec![id],
        Audience::Organization(id) => {
            reading.organization(id)?.map(|o| o.teams).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let mut people = BTreeSet::new();
    for team in teams {
        for (role, without) in [(Role::Member, Side::Watching), (Role::Manager, Side::Asked)] {
            if side != without {
                let members = reading.members(team, role, COUNTED_MAX)?;
                people.extend(members.into_iter().map(|member| member.person));
            }
        }
    }
    Ok(people)
}

fn addressee(
    reading: &Reading,
    person: &Person,
    audience: Audience,
    now: Moment,
) -> Result<Addressee, StoreError> {
    let mut who = Addressee::default();
    for key in reading.places(person.id)? {
        if let (Some(team), Some(member)) = (reading.team(key.0)?, reading.member(key)?) {
            let policy = member.policy(&team);
            who.places.push((key.1, team, policy));
        }
    }
    if matches!(audience, Audience::Age(..)) {
        let born_on = reading.details(person.id)?.and_then(|details| details.born_on);
        let today = Zone::default().local(now).date();
        who.age = born_on.and_then(|born_on| age::on(today, born_on));
    }
    Ok(who)
}
