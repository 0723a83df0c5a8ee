//! What was under way when the process last ended: timers, and messages on their way.

use crate::domain::id::Way;
use crate::domain::time::Moment;
use crate::store::{Row, Store, StoreError};
use crate::timer::task as timer;
use crate::timer::wheel::Wheel;

/// See the module.
pub(super) struct Standing {
    pub(super) wheel: Wheel,
    /// Messages to LINE, and letters.
    pub(super) line: Vec<Row>,
    pub(super) mail: Vec<Row>,
    /// Whether how long ago something happened may be wrong.
    pub(super) doubts_time: bool,
}

impl Standing {
    /// Reads it out of the data file.
    pub(super) fn read(store: &Store, now: Moment) -> Result<Self, StoreError> {
        let reading = store.read()?;
        let mut wheel = timer::wheel(now);
        reading.timers(|id, due_at| timer::set(&mut wheel, id, Some(due_at)))?;
        let rows = reading.rows_in_brief()?.into_iter();
        let (mail, line) = rows.partition(|row| row.to.way() == Way::Mail);
        let doubts_time = reading.service()?.time_doubted.is_some();
        Ok(Self { wheel, line, mail, doubts_time })
    }
}
