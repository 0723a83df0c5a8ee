//! Every case that came to the office, as a file: what it was, who went, how it ended.

use super::lists::{Asked, Table};
use super::people;
use crate::domain::case::{Actor, Case};
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::locale::lists as words;
use crate::locale::people::csv_moment;
use crate::locale::{desk, staff};
use crate::store::{Reading, StoreError};
use crate::web::known;

/// Cases that a file can hold; the newest.
const CASES_MAX: usize = 20_000;

/// All cases that came to the office, the newest first.
pub(super) fn table(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let mut rows = Vec::new();
    for case in asked.reading.newest_cases(CASES_MAX)? {
        let within = people::is_within(asked.reading, &asked.by.staff.scope, case.person)?;
        if case.office_since.is_some() && within {
            rows.push(row(asked.reading, &case)?);
        }
    }
    Ok(Table { columns: words::CASE_COLUMNS.to_vec(), rows })
}

fn row(reading: &Reading, case: &Case) -> Result<Vec<String>, StoreError> {
    let moment = |at: Moment| csv_moment(Zone::default().local(at));
    let who = |actor: Actor| -> Result<String, StoreError> {
        match actor {
            Actor::Person(person) => known::name(reading, person),
            Actor::Staff(by) => {
                let name = reading.staff(by)?.map(|staff| staff.name.to_string());
                Ok(desk::called(staff::OFFICE, name.as_deref()))
            }
        }
    };
    let closed = case.closed;
    let by = closed.and_then(|closed| closed.by).or(case.claimer());
    Ok(vec![
        case.id.to_string(),
        case.person.to_string(),
        known::name(reading, case.person)?,
        staff::trouble(case.trouble).to_owned(),
        moment(case.opened_at),
        case.office_since.map(moment).unwrap_or_default(),
        by.map(who).transpose()?.unwrap_or_default(),
        closed.map(|closed| moment(closed.at)).unwrap_or_default(),
        closed.map(|closed| desk::outcome(closed.outcome)).unwrap_or(words::OPEN).to_owned(),
    ])
}
