//! Loads the next few of those for whom a bulletin is. Bounded: a step looks at no more than so many people, and comes
//! back for the others.

use std::collections::BTreeSet;

use crate::domain::age;
use crate::domain::bulletin::{Addressee, Audience, Bulletin, Side, Stage};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::person::Person;
use crate::domain::scene::{Batch, Scene};
use crate::domain::schedule::Zone;
use crate::domain::team::Role;
use crate::store::{StoreError, Tables};

/// People who are looked at in a step.
const LOOKED_AT_MAX: usize = 300;

/// Messages that a step makes.
const BATCH_MAX: usize = 60;

/// Members of a team that a bulletin can be for.
const MEMBERS_MAX: usize = 20_000;

/// Fills the batch of a scene.
pub(super) fn next(
    tables: &Tables<'_>,
    scene: &mut Scene,
    bulletin: &Bulletin,
) -> Result<(), StoreError> {
    let after = match bulletin.stage {
        Stage::Waiting => 0,
        Stage::Sending(after) => after,
        Stage::Over(..) => return Ok(()),
    };
    let candidates = candidates(tables, bulletin, after)?;
    let mut batch =
        Batch { people: Vec::new(), looked_to: after, more: candidates.len() == LOOKED_AT_MAX };
    for person in candidates {
        if batch.people.len() == BATCH_MAX {
            batch.more = true;
            break;
        }
        batch.looked_to = person.id.0;
        if !is_for(tables, bulletin, &person)? {
            continue;
        }
        let receipt = tables.receipt(bulletin.id, person.id.0)?;
        if !bulletin.whom.has(receipt.as_ref()) {
            continue;
        }
        if let Some(receipt) = receipt {
            scene.receipts.load((bulletin.id, person.id.0), receipt);
        }
        batch.people.push(person.id);
        scene.persons.load(person.id, person);
    }
    scene.batch = batch;
    Ok(())
}

/// The next people who come into question, by number.
fn candidates(
    tables: &Tables<'_>,
    bulletin: &Bulletin,
    after: u32,
) -> Result<Vec<Person>, StoreError> {
    let side = bulletin.draft.side;
    let numbers = match bulletin.draft.audience {
        Audience::Everyone | Audience::Age(..) => {
            return tables.persons_from(after.saturating_add(1), LOOKED_AT_MAX);
        }
        Audience::Group(_) => return Ok(Vec::new()),
        Audience::Person(person) => BTreeSet::from([person]),
        Audience::Team(team) => in_team(tables, team, side)?,
        Audience::Organization(id) => {
            let mut numbers = BTreeSet::new();
            for team in tables.organization(id)?.map(|o| o.teams).unwrap_or_default() {
                numbers.extend(in_team(tables, team, side)?);
            }
            numbers
        }
    };
    let next = numbers.into_iter().filter(|person| person.0 > after).take(LOOKED_AT_MAX);
    let found = next.map(|person| tables.person(person)).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

fn in_team(
    tables: &Tables<'_>,
    team: TeamId,
    side: Side,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut people = BTreeSet::new();
    let roles = [(Role::Member, Side::Watching), (Role::Manager, Side::Asked)];
    for (role, _) in roles.into_iter().filter(|(_, without)| side != *without) {
        let members = tables.members(team, role, MEMBERS_MAX)?;
        people.extend(members.into_iter().map(|member| member.person));
    }
    Ok(people)
}

fn is_for(tables: &Tables<'_>, bulletin: &Bulletin, person: &Person) -> Result<bool, StoreError> {
    if person.has_died() {
        return Ok(false);
    }
    if let Audience::Person(id) = bulletin.draft.audience {
        return Ok(id == person.id);
    }
    let mut who = Addressee::default();
    for key in tables.places(person.id)? {
        if let (Some(team), Some(member)) = (tables.team(key.0)?, tables.member(key)?) {
            let policy = member.policy(&team);
            who.places.push((key.1, team, policy));
        }
    }
    if matches!(bulletin.draft.audience, Audience::Age(..)) {
        let born_on = tables.details(person.id)?.and_then(|details| details.born_on);
        let today = Zone::default().local(bulletin.since).date();
        who.age = born_on.and_then(|born_on| age::on(today, born_on));
    }
    Ok(bulletin.draft.audience.includes(bulletin.draft.side, &who))
}
