//! The time that we went by was ahead of the world's, and the next process goes by the world's. Moments come a second time,
//! and what was decided by those that never came may not be relied on: it is as if the data had come out of a copy.

use std::time::Duration;

use super::error::StoreError;
use super::open::Store;
use super::{meta, outbox, restore, schema};
use crate::domain::time::Moment;

/// A clock that is corrected as it runs may be back by so much at the next start.
const AHEAD_MIN: Duration = Duration::from_secs(120);

impl Store {
    /// Looks whether the service was last known to live long after `now`, which is proven. If so, nothing that waits asks or
    /// reports any more, nothing is noted of later than now, what is decided from here on gets identities that were never
    /// used, and the service asks everyone afresh before it concludes anything.
    pub fn come_back(&self, now: Moment) -> Result<(), StoreError> {
        let alive_at = self.read()?.service()?.alive_at;
        if alive_at.is_none_or(|at| at.since(now) <= AHEAD_MIN) {
            return Ok(());
        }
        let writing = self.write()?;
        {
            let mut tables = writing.tables();
            let mut service = tables.service()?;
            service.begin_afresh(now);
            tables.put_service(&service)?;
        }
        let mut values = writing.txn.table(schema::META);
        let epoch = meta::epoch(&values)?.saturating_add(1);
        meta::set_epoch(&mut values, epoch)?;
        let mut rows = writing.txn.table(schema::OUTBOX);
        let mut odd = Vec::new();
        outbox::each(&rows, |row| {
            let is_ahead = row.queued_at > now || row.first_try_at.is_some_and(|at| at > now);
            if is_ahead || restore::is_overtaken(row.purpose) {
                odd.push(row.id);
            }
        })?;
        for id in odd {
            let Some(row) = outbox::get(&rows, id)? else { continue };
            if restore::is_overtaken(row.purpose) {
                rows.remove(id.0)?;
                continue;
            }
            let first_try_at = row.first_try_at.map(|at| at.min(now));
            let row = outbox::Row { queued_at: row.queued_at.min(now), first_try_at, ..row };
            rows.insert(id.0, outbox::encode(&row)?.as_slice())?;
        }
        drop((values, rows));
        writing.commit()
    }
}
