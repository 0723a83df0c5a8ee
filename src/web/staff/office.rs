//! What the pages for staff share besides the gate: what is remembered between requests.

use std::sync::Arc;

use super::draft::{ChannelDraft, Draft, Drafts};
use super::password::Hasher;
use crate::domain::event::Event;
use crate::domain::staff::{Deed, StaffAct};
use crate::domain::time::Moment;
use crate::web::backoff::Backoff;
use crate::web::gate::Gate;
use crate::web::trouble::Trouble;

/// Shared by all pages for staff.
pub struct Office {
    /// The way to the writer, cookies, words of forms.
    pub(super) gate: Arc<Gate>,
    /// Hashes passwords.
    pub(super) hasher: Hasher,
    /// Failed log-ins.
    pub(super) backoff: Backoff,
    /// What was entered and not confirmed yet.
    pub(super) drafts: Drafts<Draft>,
    /// Channels of LINE that were tried and not taken yet.
    pub(super) channels: Drafts<ChannelDraft>,
}

impl Office {
    /// An office behind a gate.
    #[must_use]
    pub fn new(gate: Arc<Gate>) -> Self {
        Self {
            gate,
            hasher: Hasher::default(),
            backoff: Backoff::default(),
            drafts: Drafts::default(),
            channels: Drafts::default(),
        }
    }

    /// The present moment at the desk.
    #[must_use]
    pub(super) fn now(&self) -> Moment {
        self.gate.now()
    }

    /// Does something; returns when it is on disk, whether or not the rules let it happen.
    pub(super) async fn act(&self, at: Moment, deed: Deed) -> Result<(), Trouble> {
        self.gate.decide(Event::Staff(StaffAct { at, deed })).await
    }

    /// Does something for which nobody waits.
    pub(super) fn act_later(&self, at: Moment, deed: Deed) {
        self.gate.decide_later(Event::Staff(StaffAct { at, deed }));
    }
}
