//! From an older schema to the present one: a list that only grows, each step one transaction that
//! also writes its version, so that a step that was cut off runs again.
//!
//! Records are not rewritten here: each carries its own version and is lifted when it is read. A
//! step makes what a new schema needs besides: tables, indexes, timers.

use super::error::StoreError;
use super::schema::SCHEMA_VERSION;
use super::write::{Tables, Writing};
use crate::domain::id::CaseId;

/// A step from the version before it.
struct Migration {
    to: u32,
    run: fn(&mut Tables<'_>) -> Result<(), StoreError>,
}

/// Order is important. New ones go to the end, and none that was released is ever changed.
const MIGRATIONS: &[Migration] =
    &[Migration { to: 2, run: ladders }, Migration { to: 3, run: concerns }];

/// Whether a file of this schema has to be lifted first.
pub(super) fn is_needed(found: u32) -> bool {
    found < SCHEMA_VERSION
}

/// Runs one step of a file of schema `found`, and returns its new schema.
pub(super) fn step(writing: Writing, found: u32) -> Result<u32, StoreError> {
    let Some(next) = MIGRATIONS.iter().find(|step| step.to == found + 1) else {
        return Err(StoreError::Damaged { table: "meta", what: "schema" });
    };
    {
        let mut tables = writing.tables();
        tables.create()?;
        (next.run)(&mut tables)?;
        tables.set_schema(next.to)?;
    }
    writing.commit()?;
    Ok(next.to)
}

/// 2: cases have a ladder, and a story. Open ones of the first schema get their timers, due at once:
/// nobody repeated them, so a human hears of them again.
fn ladders(tables: &mut Tables<'_>) -> Result<(), StoreError> {
    for id in 1..tables.next_id()? {
        let Some(case) = tables.case(CaseId(id))? else { continue };
        if case.is_open() {
            tables.put_case(&case)?;
            tables.put_timer(id, Some(case.rung_at))?;
        }
    }
    tables.index_stories()
}

/// 3: open cases are found by those whom they concern.
fn concerns(tables: &mut Tables<'_>) -> Result<(), StoreError> {
    tables.index_concerns()
}
