//! The time that we went by was ahead of the world's, and the next process goes by the world's. Moments come a second time,
//! and what was decided by those that never came may not be relied on: it is as if the data had come out of a copy.

use super::epoch;
use super::error::StoreError;
use super::open::Store;
use super::outbox::Row;
use crate::domain::id::Way;
use crate::domain::time::Moment;

impl Store {
    /// Looks whether the service lived by a time that was ahead of the world's, which is proven to be `now`. If so, nothing
    /// that waits asks or reports any more, nothing is noted of later than now, what is decided from here on gets identities
    /// that were never used, and the service asks everyone afresh before it concludes anything.
    pub fn come_back(&self, now: Moment) -> Result<(), StoreError> {
        let service = self.read()?.service()?;
        if !service.ran_ahead(now) {
            return Ok(());
        }
        // Of what was tried by then nobody knows when that was.
        let odd_until = service.contradicted;
        let has_no_key = |row: &Row| {
            let tried_at = row.first_try_at.filter(|_| row.to.way() == Way::Line);
            tried_at.is_some_and(|at| odd_until.is_some_and(|until| at <= until))
        };
        let writing = self.write()?;
        {
            let mut tables = writing.tables();
            let mut service = tables.service()?;
            service.begin_afresh(now);
            tables.put_service(&service)?;
        }
        epoch::begin(&writing, now, has_no_key)?;
        writing.commit()
    }
}
