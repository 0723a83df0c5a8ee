//! Makes a copy of the data fit to be the data again. Whatever happened after the copy was made is not in it, so nothing
//! that it implies may be relied on: which messages left, which numbers were given away, who is logged in.

use std::time::Duration;

use super::error::StoreError;
use super::open::Store;
use super::table::ReadableTable;
use super::{epoch, schema};
use crate::domain::time::Moment;

/// Numbers that may have been given away since the copy was made are never given again. A country has fewer people than
/// there are numbers; so many can be left out at every restore.
const NUMBERS_SKIPPED: u32 = 1_000_000;

/// LINE knows a retry key for a day, less an hour for clocks.
const KEY_LIFE: Duration = Duration::from_secs(23 * 3600);

impl Store {
    /// Marks a copy as the data of a new epoch, from `now` on: everyone is logged out, messages and entities get
    /// identities that were never used, and the service will ask everyone afresh before it concludes anything.
    pub fn begin_again(&self, now: Moment) -> Result<(), StoreError> {
        let writing = self.write()?;
        {
            let mut tables = writing.tables();
            let next = tables.next_id()?.saturating_add(NUMBERS_SKIPPED);
            tables.set_next_id(next)?;
            let mut service = tables.service()?;
            service.restore(now);
            tables.put_service(&service)?;
        }
        // An untried one may have left since, and LINE does not know its key any more.
        epoch::begin(&writing, now, |row| {
            row.first_try_at.is_none() && now.since(row.queued_at) >= KEY_LIFE
        })?;
        let mut sessions = writing.txn.table(schema::SESSIONS);
        for token in keys(&sessions)? {
            sessions.remove(token)?;
        }
        let mut pages = writing.txn.table(schema::PAGE_SESSIONS);
        for key in keys(&pages)? {
            pages.remove(key)?;
        }
        drop((sessions, pages));
        writing.commit()
    }
}

/// All keys of a table.
fn keys<K>(table: &impl ReadableTable<K, &'static [u8]>) -> Result<Vec<K>, StoreError>
where
    K: redb::Key + for<'k> redb::Value<SelfType<'k> = K> + 'static,
{
    table.iter()?.map(|item| Ok(item?.0.value())).collect()
}
