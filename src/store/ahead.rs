//! The time that we went by was ahead of the world's, and the next process goes by the world's: what waits to leave must
//! not ask for days to come, and moments that come a second time must not give anything the name of something else.

use super::error::StoreError;
use super::open::Store;
use super::{meta, outbox, schema};
use crate::domain::decision::Purpose;
use crate::domain::time::Moment;

impl Store {
    /// Looks whether the service was last known to live after `now`. If so, what is decided from here on gets identities that
    /// were never used. Where `now` is proven, questions that were decided later are taken back, and no message was queued
    /// or tried later; else it may be now that is wrong.
    pub fn come_back(&self, now: Moment, is_proven: bool) -> Result<(), StoreError> {
        if self.read()?.service()?.alive_at.is_none_or(|at| at <= now) {
            return Ok(());
        }
        let writing = self.write()?;
        {
            let mut values = writing.txn.table(schema::META);
            let epoch = meta::epoch(&values)?.saturating_add(1);
            meta::set_epoch(&mut values, epoch)?;
            let mut rows = writing.txn.table(schema::OUTBOX);
            let mut odd = Vec::new();
            outbox::each(&rows, |row| {
                if !is_proven {
                    return;
                }
                if row.queued_at > now || row.first_try_at.is_some_and(|at| at > now) {
                    odd.push(row.id);
                }
            })?;
            for id in odd {
                let Some(row) = outbox::get(&rows, id)? else { continue };
                if row.queued_at > now && is_hasty(row.purpose, now) {
                    rows.remove(id.0)?;
                    continue;
                }
                let first_try_at = row.first_try_at.map(|at| at.min(now));
                let row = outbox::Row { queued_at: row.queued_at.min(now), first_try_at, ..row };
                rows.insert(id.0, outbox::encode(&row)?.as_slice())?;
            }
        }
        writing.commit()
    }
}

/// Whether a message that was decided by a time that has not come must not leave: it belongs to a round that is not due
/// yet, or is a second call, of which nobody knows here when it is due.
fn is_hasty(purpose: Purpose, now: Moment) -> bool {
    match purpose {
        Purpose::Resend(..) => true,
        Purpose::Ask(_, due_at)
        | Purpose::Sorry(_, due_at)
        | Purpose::GroupAsk(_, due_at)
        | Purpose::GroupReport(_, due_at) => due_at > now,
        Purpose::Alert(..)
        | Purpose::Raise(..)
        | Purpose::AllClear(..)
        | Purpose::Notice(_)
        | Purpose::Office
        | Purpose::Trial(_)
        | Purpose::Bulletin(..)
        | Purpose::GroupBulletin(..) => false,
    }
}
