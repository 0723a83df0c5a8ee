//! The time that we went by was ahead of the world's, and the next process goes by the world's. Moments come a second time,
//! and what was decided by those that never came may not be relied on: it is as if the data had come out of a copy.

use super::epoch;
use super::error::StoreError;
use super::open::Store;
use crate::domain::time::Moment;

impl Store {
    /// Looks whether the service was last known to live long after `now`, which is proven. If so, nothing that waits asks or
    /// reports any more, nothing is noted of later than now, what is decided from here on gets identities that were never
    /// used, and the service asks everyone afresh before it concludes anything.
    pub fn come_back(&self, now: Moment) -> Result<(), StoreError> {
        if !self.read()?.service()?.ran_ahead(now) {
            return Ok(());
        }
        let writing = self.write()?;
        {
            let mut tables = writing.tables();
            let mut service = tables.service()?;
            service.begin_afresh(now);
            tables.put_service(&service)?;
        }
        epoch::begin(&writing, now, |_| false)?;
        writing.commit()
    }
}
