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
    let numbers = candidates(tables, bulletin, after)?;
    let mut batch =
        Batch { people: Vec::new(), looked_to: after, more: numbers.len() == LOOKED_AT_MAX };
    for id in numbers {
        if batch.people.len() == BATCH_MAX {
            batch.more = true;
            break;
        }
        batch.looked_to = id.0;
        let Some(person) = tables.person(id)? else { continue };
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
) -> Result<BTreeSet<PersonId>, StoreError> {
    let side = bulletin.draft.side;
    let next = |team| in_team(tables, team, side, after);
    let numbers = match bulletin.draft.audience {
        Audience::Everyone | Audience::Age(..) => {
            let next = tables.persons_from(after.saturating_add(1), LOOKED_AT_MAX)?;
            next.into_iter().map(|person| person.id).collect()
        }
        Audience::Group(_) => BTreeSet::new(),
        Audience::Person(person) => BTreeSet::from([person]),
        Audience::Team(team) => next(team)?,
        Audience::Organization(id) => {
            let mut numbers = BTreeSet::new();
            for team in tables.organization(id)?.map(|o| o.teams).unwrap_or_default() {
                numbers.extend(next(team)?);
            }
            numbers
        }
    };
    // Of several teams the first few of each: the first few of all are among them.
    Ok(numbers.into_iter().filter(|person| person.0 > after).take(LOOKED_AT_MAX).collect())
}

/// The next few of a team.
fn in_team(
    tables: &Tables<'_>,
    team: TeamId,
    side: Side,
    after: u32,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut people = BTreeSet::new();
    let roles = [(Role::Member, Side::Watching), (Role::Manager, Side::Asked)];
    for (role, _) in roles.into_iter().filter(|(_, without)| side != *without) {
        let members = tables.members_after(team, role, (PersonId(after), LOOKED_AT_MAX))?;
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
