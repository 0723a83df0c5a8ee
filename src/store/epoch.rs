//! A new epoch: what the data implies of messages that left and of identities that were given away may not be relied on,
//! because they came out of a copy or were decided by a wrong time. What is decided from here on gets identities that were
//! never used.

use super::error::StoreError;
use super::write::Writing;
use super::{meta, outbox, schema};
use crate::domain::case::Told;
use crate::domain::decision::Purpose;
use crate::domain::id::{CaseId, OutboxId, PersonId, Way};
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;

/// Begins one at `now`. What waits asks and reports nothing any more; a message of which LINE may have forgotten the key
/// since it left, as `has_no_key` says, becomes another one, and is at worst shown twice.
pub(super) fn begin(
    writing: &Writing,
    now: Moment,
    has_no_key: impl Fn(&outbox::Row) -> bool,
) -> Result<(), StoreError> {
    let mut values = writing.txn.table(schema::META);
    let epoch = meta::epoch(&values)?.saturating_add(1);
    meta::set_epoch(&mut values, epoch)?;
    let mint = Mint::new(&meta::secret(&values)?).in_epoch(epoch);
    let mut rows = writing.txn.table(schema::OUTBOX);
    let mut odd: Vec<OutboxId> = Vec::new();
    outbox::each_in_brief(&rows, |row| {
        let is_ahead = row.queued_at > now || row.first_try_at.is_some_and(|at| at > now);
        if is_ahead || is_overtaken(row.purpose) || has_no_key(&row) {
            odd.push(row.id);
        }
    })?;
    let mut perhaps_seen: Vec<(CaseId, PersonId)> = Vec::new();
    for id in odd {
        let Some(mut row) = outbox::get(&rows, id)? else { continue };
        rows.remove(id.0)?;
        if let Purpose::Alert(case, to) = row.purpose
            && row.first_try_at.is_some()
        {
            perhaps_seen.push((case, to));
        }
        if is_overtaken(row.purpose) {
            continue;
        }
        // By a time that is ahead of now nobody knows how old a key is. Letters have none.
        let tried_ahead = row.first_try_at.is_some_and(|at| at > now);
        if has_no_key(&row) || tried_ahead && row.to.way() == Way::Line {
            row.id = mint.outbox_id(&format!("restored/{id}"));
            row.first_try_at = None;
        }
        row.queued_at = row.queued_at.min(now);
        row.first_try_at = row.first_try_at.map(|at| at.min(now));
        rows.insert(row.id.0, outbox::encode(&row)?.as_slice())?;
    }
    drop((values, rows));
    perhaps_seen.into_iter().try_for_each(|(case, to)| may_have_seen(writing, case, to))
}

/// An alert was tried, and LINE's answer is not known: whoever it was for may have seen it, hears how it ends, and is not
/// shown it as a new one.
fn may_have_seen(writing: &Writing, case: CaseId, to: PersonId) -> Result<(), StoreError> {
    let mut tables = writing.tables();
    let Some(mut case) = tables.case(case)? else { return Ok(()) };
    let mut receivers = case.receivers.iter_mut();
    if let Some(known) = receivers.find(|known| known.person == to && known.told == Told::Queued) {
        known.told = Told::Unsure;
        tables.put_case(&case)?;
    }
    Ok(())
}

/// Whether a message that waits must not leave any more: what it asks or claims may not be so by now, and the service asks
/// and tells afresh. Good news, answers, letters and bulletins do no harm twice.
fn is_overtaken(purpose: Purpose) -> bool {
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
