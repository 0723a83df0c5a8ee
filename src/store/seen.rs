//! Identities of events that were processed. Kept longer than events have an effect, and pruned by
//! the event's own time.

use std::time::Duration;

use super::error::StoreError;
use super::table::{ReadableTable, Table};
use crate::domain::rules::EVENT_AGE_MAX;
use crate::domain::time::Moment;

/// A day more than an event can have an effect.
const KEPT: Duration = Duration::from_secs(EVENT_AGE_MAX.as_secs() + 24 * 3600);

/// Identities removed at once, so that no commit gets long.
const PRUNED_MAX: usize = 2_000;

/// Notes an event; `false` if it was noted before.
pub(super) fn note(
    table: &mut Table<'_, (i64, &'static str), ()>,
    at: Moment,
    id: &str,
) -> Result<bool, StoreError> {
    Ok(!table.insert((at.millis(), id), ())?)
}

/// Forgets what is too old to matter.
pub(super) fn prune(
    table: &mut Table<'_, (i64, &'static str), ()>,
    now: Moment,
) -> Result<usize, StoreError> {
    let end = (now - KEPT).millis();
    let mut old = Vec::new();
    for item in table.range((i64::MIN, "")..(end, ""))?.take(PRUNED_MAX) {
        let (at, id) = item.map(|(key, _)| (key.value().0, key.value().1.to_owned()))?;
        old.push((at, id));
    }
    for (at, id) in &old {
        table.remove((*at, id.as_str()))?;
    }
    Ok(old.len())
}
