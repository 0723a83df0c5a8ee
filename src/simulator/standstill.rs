//! A server that stands still, or its machine: it does nothing, whoever calls waits at its door, and when it goes on, what
//! comes first is chance. Whatever it is, no silence of that time may be believed.

use std::time::Duration;

use super::swarm::Trouble;
use super::world::{Done, World};
use crate::domain::event::{Event, TimeLook, Upkeep};
use crate::domain::time::Moment;
use crate::platform::Delivery;

/// So many wait at the door; LINE gives up on the others.
const DOOR_MAX: usize = 64;

/// The timers look at the clock this often, and know no better since when they stood still.
const LOOK_EVERY_S: u64 = 10;

/// Whether it stands still.
#[derive(Default)]
pub(super) struct Standstill {
    since: Option<Moment>,
    door: Vec<Delivery>,
}

impl World {
    pub(super) fn is_frozen(&self) -> bool {
        self.standstill.since.is_some()
    }

    /// Whether the server does anything.
    pub(super) fn acts(&self) -> bool {
        self.server.is_up() && !self.is_frozen()
    }

    pub(super) fn freeze(&mut self) {
        if self.server.is_up() {
            self.standstill.since = Some(self.now);
        } else {
            self.truth.troubles.ends(Trouble::Frozen, self.now);
        }
    }

    /// LINE has no answer in time, and the server will read it all the same.
    pub(super) fn waits(&mut self, delivery: Delivery) {
        self.platform.webhook_done(self.now.millis(), delivery.id, None);
        if self.standstill.door.len() < DOOR_MAX {
            self.standstill.door.push(delivery);
        }
    }

    /// The power is cut, also of a server that stood still: the next one does not.
    pub(super) fn cut(&mut self) {
        self.server.cut();
        self.truth.troubles.ends(Trouble::Frozen, self.now);
        self.standstill = Standstill::default();
    }

    /// It goes on. The timers say that it stood still ahead of what is due; webhooks and the keeper may be quicker.
    pub(super) fn thaw(&mut self) -> Done {
        self.truth.troubles.ends(Trouble::Frozen, self.now);
        let Standstill { since, door } = std::mem::take(&mut self.standstill);
        let Some(since) = since else { return Ok(()) };
        *self.marks.entry("a standstill is over".to_owned()).or_default() += 1;
        if self.was_suspended(since)? {
            self.judge()?;
            return self.come_in(&door);
        }
        let known_at = self.ours(since) - Duration::from_secs(self.dice.below(LOOK_EVERY_S));
        let quicker = if self.dice.one_in(2) { door.len() } else { 0 };
        let (first, later) = door.split_at(quicker);
        self.come_in(first)?;
        if self.dice.one_in(2) {
            let (alive_at, webhook_at) = (known_at, first.last().map(|_| self.shown()));
            let beat = Upkeep::Beat { alive_at, webhook_at, time: TimeLook::Steady };
            self.server.commit(self.shown(), &[Event::Upkeep(beat)])?;
        }
        if self.burn("the end of a standstill")? {
            return Ok(());
        }
        let mut events = vec![Event::Upkeep(Upkeep::StoodStill(known_at))];
        events.extend(self.server.due(self.shown()));
        self.server.commit(self.shown(), &events)?;
        // Whoever still waits at the door was not heard by then.
        self.judge()?;
        self.come_in(later)
    }

    fn come_in(&mut self, door: &[Delivery]) -> Done {
        for delivery in door {
            self.take_in(delivery)?;
        }
        Ok(())
    }
}
