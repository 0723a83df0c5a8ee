//! The disk is lost, and the service begins again out of a copy (I21): what happened since the copy was made is gone for
//! the server, and so it is for whoever judges it. What people did to their telephones stays as it is.

use std::collections::BTreeSet;

use super::swarm::Trouble;
use super::truth::{HOUR, Truth};
use super::world::{Done, World};
use crate::domain::case::{Case, Trouble as Cause};
use crate::domain::erasure::Forgotten;
use crate::domain::time::Moment;
use crate::store::Store;

/// Everybody is asked afresh so long after the service is back, at the latest: an hour in which it looks whether it
/// hears, and the night.
pub(super) const AFRESH: std::time::Duration = HOUR.saturating_mul(17);

/// The disk, and what lies elsewhere.
#[derive(Default)]
pub(super) struct Disk {
    is_lost: bool,
    copy: Option<Box<Copy>>,
    /// Beside the copies: whoever was forgotten.
    pub(super) forgotten: BTreeSet<Forgotten>,
}

/// What is known to have been so at a moment.
struct Copy {
    at: Moment,
    store: Store,
    truth: Truth,
    heard_ids: BTreeSet<String>,
}

impl World {
    pub(super) fn has_lost_its_disk(&self) -> bool {
        self.disk.is_lost
    }

    /// A copy of the data is made, where somebody can make one.
    pub(super) fn copies(&mut self) -> Done {
        if !self.acts() {
            return Ok(());
        }
        self.keeps_up()?;
        self.settle()?;
        if !self.acts() {
            return Ok(());
        }
        self.note("begins to be copied".to_owned());
        let store = self.server.store.read()?.copy_in_memory()?;
        let (at, truth, heard_ids) = (self.now, self.truth.clone(), self.heard_ids.clone());
        self.disk.copy = Some(Box::new(Copy { at, store, truth, heard_ids }));
        Ok(())
    }

    pub(super) fn loses_its_disk(&mut self) {
        if self.disk.copy.is_some() {
            self.note("ends: the disk is lost".to_owned());
            self.disk.is_lost = true;
            self.fuse = None;
            self.cut();
        }
    }

    /// Out of the copy, as `anshin restore` and the next start do it.
    pub(super) fn restores(&mut self) -> Done {
        let is_lost = std::mem::take(&mut self.disk.is_lost);
        let Some(copy) = self.disk.copy.take().filter(|_| is_lost) else { return Ok(()) };
        let Copy { at, store, truth, heard_ids } = *copy;
        self.note(format!("begins again out of a copy of {at}"));
        let before = self.truth.begin_again(truth, at, self.now);
        self.truth.remembers(&before, &self.disk.forgotten);
        self.heard_ids = heard_ids;
        self.read_up_to = store.read()?.journal_last()?.map_or(0, |entry| entry.number);
        store.begin_again(self.now)?;
        self.server.store = store;
        self.forgets_again()?;
        self.server_starts()
    }
}

impl Truth {
    /// Of what happened since the copy was made nothing is known but what went wrong and whom LINE reaches; the book as it
    /// was.
    fn begin_again(&mut self, copied: Self, copied_at: Moment, now: Moment) -> Self {
        let before = std::mem::replace(self, copied);
        self.troubles = before.troubles.clone();
        self.troubles.covers(Trouble::Down, copied_at, now);
        (self.blocked, self.vanished) = (before.blocked.clone(), before.vanished.clone());
        (self.answers, self.silences) = (before.answers, before.silences);
        (self.alerts, self.all_clears) = (before.alerts, before.all_clears);
        (self.group_rounds, self.violations) = (before.group_rounds, before.violations.clone());
        self.restored_at = Some(now);
        self.right_from = before.right_from;
        self.odd_cases.extend(&before.odd_cases);
        self.odd_ends.extend(&before.odd_ends);
        before
    }

    /// I21: nothing is concluded about somebody from what a copy says of them.
    pub(super) fn is_of_today(&mut self, case: &Case) {
        let Some(restored_at) = self.restored_at else { return };
        let is_concluded =
            matches!(case.trouble, Cause::NoAnswer | Cause::NotSent | Cause::Unheard);
        let is_old = case.round_due_at < restored_at && !self.phoned.contains(&case.person);
        if is_concluded && is_old {
            let what =
                format!("{case:?} is concluded from a copy that began again at {restored_at}");
            self.violation("I21", case.opened_at, what);
        }
    }
}
