//! Makes a copy of the data fit to be the data again. Whatever happened after the copy was made is not in it, so nothing
//! that it implies may be relied on: which messages left, which numbers were given away, who is logged in.

use std::time::Duration;

use super::error::StoreError;
use super::open::Store;
use super::table::ReadableTable;
use super::{meta, outbox, schema};
use crate::domain::decision::Purpose;
use crate::domain::invitation::Mint;
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
        let mut values = writing.txn.table(schema::META);
        let epoch = meta::epoch(&values)?.saturating_add(1);
        meta::set_epoch(&mut values, epoch)?;
        let mut outbox = writing.txn.table(schema::OUTBOX);
        let mint = Mint::new(&meta::secret(&values)?).in_epoch(epoch);
        for row in outbox::all(&outbox)? {
            let untried_for = row.first_try_at.is_none().then(|| now.since(row.queued_at));
            if is_overtaken(row.purpose) {
                outbox.remove(row.id.0)?;
            } else if untried_for.is_some_and(|time| time >= KEY_LIFE) {
                // It may have left since, and LINE does not know its key any more: as another message it is at worst shown twice.
                outbox.remove(row.id.0)?;
                let id = mint.outbox_id(&format!("restored/{}", row.id));
                outbox.insert(id.0, outbox::encode(&outbox::Row { id, ..row })?.as_slice())?;
            }
        }
        let mut sessions = writing.txn.table(schema::SESSIONS);
        for token in keys(&sessions)? {
            sessions.remove(token)?;
        }
        let mut pages = writing.txn.table(schema::PAGE_SESSIONS);
        for key in keys(&pages)? {
            pages.remove(key)?;
        }
        drop((values, outbox, sessions, pages));
        writing.commit()
    }
}

/// Whether a message that waits in a copy must not leave any more: what it asks or claims may not be so by now, and the
/// service asks and tells afresh. Good news, answers, letters and bulletins do no harm twice.
pub(super) fn is_overtaken(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Alert(..)
        | Purpose::Raise(..)
        | Purpose::Ask(..)
        | Purpose::Resend(..)
        | Purpose::Sorry(..)
        | Purpose::GroupReport(..) => true,
        Purpose::AllClear(..)
        | Purpose::Notice(..)
        | Purpose::Office
        | Purpose::Trial(_)
        | Purpose::GroupAsk(..)
        | Purpose::Bulletin(..)
        | Purpose::GroupBulletin(..) => false,
    }
}

/// All keys of a table.
fn keys<K>(table: &impl ReadableTable<K, &'static [u8]>) -> Result<Vec<K>, StoreError>
where
    K: redb::Key + for<'k> redb::Value<SelfType<'k> = K> + 'static,
{
    table.iter()?.map(|item| Ok(item?.0.value())).collect()
}
