//! Cases.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::{ReadableTable, Table};
use crate::domain::case::{Actor, Case, Claim, Closed, Mark, Outcome, Receiver, Told, Trouble};
use crate::domain::id::{CaseId, PersonId, StaffId};
use crate::domain::ladder::Rung;
use crate::domain::time::Moment;

const TABLE: &str = "cases";

/// (person, case): open cases by those whom they concern.
pub(super) type Concerns<'t> = Table<'t, (u32, u32), ()>;

#[derive(Serialize, Deserialize)]
struct CaseV1 {
    person: u32,
    trouble: u8,
    opened_at: i64,
    round_due_at: i64,
    receivers: Vec<(u32, u8)>,
    claim: Option<(u32, i64)>,
    no_contact: bool,
    called_emergency: bool,
    cleared: bool,
    closed: Option<(i64, Option<u32>, u8)>,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<CaseV1>("cases", 1), Shape::of::<CaseV2>("cases", 2)];

/// With the ladder, the office, and staff among those who act.
#[derive(Serialize, Deserialize)]
struct CaseV2 {
    person: u32,
    trouble: u8,
    opened_at: i64,
    round_due_at: i64,
    receivers: Vec<(u32, u8)>,
    claim: Option<(ActorV1, i64)>,
    no_contact: bool,
    called_emergency: bool,
    cleared: bool,
    closed: Option<(i64, Option<ActorV1>, u8)>,
    rung: u8,
    rung_at: i64,
    raised_at: i64,
    escalated_at: Option<i64>,
    office_since: Option<i64>,
    nobody: bool,
    mark: u8,
    deferred_until: Option<i64>,
}

/// Variants are stored by position: new ones go to the end.
#[derive(Serialize, Deserialize)]
pub(super) enum ActorV1 {
    Person(u32),
    Staff(u32),
}

/// A case of the first shape knew no ladder: it is repeated as one that was raised when it was
/// opened, which the migration gives a timer.
impl From<CaseV1> for CaseV2 {
    fn from(old: CaseV1) -> Self {
        let rung = if old.claim.is_some() { Rung::Nudge } else { Rung::Remind };
        Self {
            person: old.person,
            trouble: old.trouble,
            opened_at: old.opened_at,
            round_due_at: old.round_due_at,
            receivers: old.receivers,
            claim: old.claim.map(|(by, at)| (ActorV1::Person(by), at)),
            no_contact: old.no_contact,
            called_emergency: old.called_emergency,
            cleared: old.cleared,
            closed: old.closed.map(|(at, by, what)| (at, by.map(ActorV1::Person), what)),
            rung: position(&Rung::ALL, &rung),
            rung_at: old.opened_at,
            raised_at: old.opened_at,
            escalated_at: None,
            office_since: None,
            nobody: false,
            mark: position(&Mark::ALL, &Mark::None),
            deferred_until: None,
        }
    }
}

/// Stored by position: new values go to the end.
const TOLD: [Told; 7] = [
    Told::Queued,
    Told::Accepted,
    Told::Failed,
    Told::Withdrawn,
    Told::Deferred,
    Told::ByMail,
    Told::Unsure,
];

/// The stored form of a trouble.
pub(super) fn trouble_code(trouble: Trouble) -> u8 {
    position(&Trouble::ALL, &trouble)
}

/// The trouble behind its stored form.
pub(super) fn trouble_of(code: u8) -> Option<Trouble> {
    Trouble::ALL.get(usize::from(code)).copied()
}

/// The stored form of an outcome.
pub(super) fn outcome_code(outcome: Outcome) -> u8 {
    position(&Outcome::ALL, &outcome)
}

/// The outcome behind its stored form.
pub(super) fn outcome_of(code: u8) -> Option<Outcome> {
    Outcome::ALL.get(usize::from(code)).copied()
}

/// The stored form of who did something.
pub(super) fn store_actor(actor: Actor) -> ActorV1 {
    match actor {
        Actor::Person(person) => ActorV1::Person(person.0),
        Actor::Staff(staff) => ActorV1::Staff(staff.0),
    }
}

/// Who is behind its stored form.
pub(super) fn read_actor(actor: ActorV1) -> Actor {
    match actor {
        ActorV1::Person(person) => Actor::Person(PersonId(person)),
        ActorV1::Staff(staff) => Actor::Staff(StaffId(staff)),
    }
}

/// Encodes a case.
pub(super) fn encode(case: &Case) -> Result<Vec<u8>, StoreError> {
    let receivers = case.receivers.iter().map(|r| (r.person.0, position(&TOLD, &r.told)));
    let closed = |c: Closed| (c.at.millis(), c.by.map(store_actor), outcome_code(c.outcome));
    let stored = CaseV2 {
        person: case.person.0,
        trouble: trouble_code(case.trouble),
        opened_at: case.opened_at.millis(),
        round_due_at: case.round_due_at.millis(),
        receivers: receivers.collect(),
        claim: case.claim.map(|claim| (store_actor(claim.by), claim.at.millis())),
        no_contact: case.no_contact,
        called_emergency: case.called_emergency,
        cleared: case.cleared,
        closed: case.closed.map(closed),
        rung: position(&Rung::ALL, &case.rung),
        rung_at: case.rung_at.millis(),
        raised_at: case.raised_at.millis(),
        escalated_at: case.escalated_at.map(Moment::millis),
        office_since: case.office_since.map(Moment::millis),
        nobody: case.nobody,
        mark: position(&Mark::ALL, &case.mark),
        deferred_until: case.deferred_until.map(Moment::millis),
    };
    codec::encode(2, &stored)
}

fn decode(id: CaseId, bytes: &[u8]) -> Result<Case, StoreError> {
    let stored: CaseV2 = match codec::version(TABLE, bytes)? {
        (1, body) => codec::body::<CaseV1>(TABLE, body)?.into(),
        (2, body) => codec::body(TABLE, body)?,
        _ => return Err(codec::newer(TABLE)),
    };
    let damaged = |what| StoreError::Damaged { table: TABLE, what };
    let receiver = |(person, told): (u32, u8)| -> Result<Receiver, StoreError> {
        let told = TOLD.get(usize::from(told)).copied().ok_or_else(|| damaged("told"))?;
        Ok(Receiver { person: PersonId(person), told })
    };
    let closed = |(at, by, outcome): (i64, Option<ActorV1>, u8)| -> Result<Closed, StoreError> {
        let outcome = outcome_of(outcome).ok_or_else(|| damaged("outcome"))?;
        Ok(Closed { at: Moment::from_millis(at), by: by.map(read_actor), outcome })
    };
    let claim = |(by, at)| Claim { by: read_actor(by), at: Moment::from_millis(at) };
    let rung = Rung::ALL.get(usize::from(stored.rung)).copied();
    let mark = Mark::ALL.get(usize::from(stored.mark)).copied();
    Ok(Case {
        id,
        person: PersonId(stored.person),
        trouble: trouble_of(stored.trouble).ok_or_else(|| damaged("trouble"))?,
        opened_at: Moment::from_millis(stored.opened_at),
        round_due_at: Moment::from_millis(stored.round_due_at),
        receivers: stored.receivers.into_iter().map(receiver).collect::<Result<_, _>>()?,
        claim: stored.claim.map(claim),
        no_contact: stored.no_contact,
        called_emergency: stored.called_emergency,
        cleared: stored.cleared,
        closed: stored.closed.map(closed).transpose()?,
        rung: rung.ok_or_else(|| damaged("rung"))?,
        rung_at: Moment::from_millis(stored.rung_at),
        raised_at: Moment::from_millis(stored.raised_at),
        escalated_at: stored.escalated_at.map(Moment::from_millis),
        office_since: stored.office_since.map(Moment::from_millis),
        nobody: stored.nobody,
        mark: mark.ok_or_else(|| damaged("mark"))?,
        deferred_until: stored.deferred_until.map(Moment::from_millis),
    })
}

/// Reads a case.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: CaseId,
) -> Result<Option<Case>, StoreError> {
    table.get(id.0)?.map(|guard| decode(id, guard.value())).transpose()
}

/// The newest cases, the newest first.
pub(super) fn newest(
    table: &impl ReadableTable<u32, &'static [u8]>,
    count_max: usize,
) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    for item in table.range::<u32>(..)?.rev().take(count_max) {
        let (id, value) = item?;
        found.push(decode(CaseId(id.value()), value.value())?);
    }
    Ok(found)
}

/// The newest cases of a person, the newest first. There is no table of cases by person: whoever looks at one person
/// waits a little for it, and nobody else does.
pub(super) fn of_person(
    table: &impl ReadableTable<u32, &'static [u8]>,
    person: PersonId,
    count_max: usize,
    look_max: usize,
) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    for item in table.range::<u32>(..)?.rev().take(look_max) {
        let (id, value) = item?;
        let case = decode(CaseId(id.value()), value.value())?;
        if case.person == person {
            found.push(case);
        }
        if found.len() == count_max {
            break;
        }
    }
    Ok(found)
}

/// Writes a case, and notes whether it is open.
pub(super) fn put(
    table: &mut Table<'_, u32, &'static [u8]>,
    (open, concerns): (&mut Table<'_, u32, ()>, &mut Concerns<'_>),
    case: &Case,
) -> Result<(), StoreError> {
    let before = get(table, case.id)?.as_ref().map(concerned).unwrap_or_default();
    let now = concerned(case);
    for person in before.difference(&now) {
        concerns.remove((*person, case.id.0))?;
    }
    for person in now.difference(&before) {
        concerns.insert((*person, case.id.0), ())?;
    }
    table.insert(case.id.0, encode(case)?.as_slice())?;
    if case.is_open() {
        open.insert(case.id.0, ())?;
    } else {
        open.remove(case.id.0)?;
    }
    Ok(())
}

/// Notes whom a case concerns.
pub(super) fn note_concerns(concerns: &mut Concerns<'_>, case: &Case) -> Result<(), StoreError> {
    concerned(case).into_iter().try_for_each(|person| {
        concerns.insert((person, case.id.0), ())?;
        Ok(())
    })
}

/// Whom a case concerns as long as it is open: the person, and whoever is told of it.
fn concerned(case: &Case) -> BTreeSet<u32> {
    let people = std::iter::once(case.person).chain(case.receivers.iter().map(|r| r.person));
    people.filter(|_| case.is_open()).map(|person| person.0).collect()
}

/// The open cases that are about somebody, or of which they are told, oldest first.
pub(super) fn concerning(
    table: &impl ReadableTable<(u32, u32), ()>,
    person: PersonId,
) -> Result<Vec<CaseId>, StoreError> {
    let theirs = table.range((person.0, 0)..=(person.0, u32::MAX))?;
    theirs.map(|item| Ok(CaseId(item?.0.value().1))).collect()
}

/// The numbers of open cases, oldest first, at most `count_max`.
pub(super) fn open(
    table: &impl ReadableTable<u32, ()>,
    count_max: usize,
) -> Result<Vec<CaseId>, StoreError> {
    table.iter()?.take(count_max).map(|item| Ok(CaseId(item?.0.value()))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::open::Store;
    use super::*;

    fn case(told: &[u32]) -> Case {
        let now = Moment::from_seconds(1_800_000_000);
        let (id, person) = (CaseId(7), PersonId(1));
        let receiver = |person: &u32| Receiver { person: PersonId(*person), told: Told::Queued };
        Case {
            receivers: told.iter().map(receiver).collect(),
            ..Case::opened((id, person), Trouble::NoAnswer, now, now, (Rung::Remind, now))
        }
    }

    #[test]
    fn an_open_case_is_found_by_its_person_and_by_whoever_is_told_of_it_by_now_and_no_longer_than_it_is_open()
     {
        let store = Store::in_memory([0; 32]).unwrap();
        let at = Moment::from_seconds(1_800_000_000);
        let closed = Some(Closed { at, by: None, outcome: Outcome::Answered });
        let over = Case { closed, ..case(&[3, 4]) };
        let states: [(Case, &[u32]); 5] = [
            (case(&[2]), &[1, 2]),
            (case(&[2, 3]), &[1, 2, 3]),
            (case(&[3, 4]), &[1, 3, 4]),
            (over.clone(), &[]),
            (Case { closed: None, ..over }, &[1, 3, 4]),
        ];
        for (case, concerned) in states {
            let writing = store.write().unwrap();
            let mut tables = writing.tables();
            tables.put_case(&case).unwrap();
            let found: Vec<u32> = (0..9)
                .filter(|n| tables.open_cases_concerning(PersonId(*n)).unwrap() == [case.id])
                .collect();
            assert_eq!(found, concerned);
            drop(tables);
            writing.commit().unwrap();
        }
    }
}
