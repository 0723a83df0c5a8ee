//! What goes wrong in a simulated world, as it was drawn: it begins, it ends, and now and then the power is cut in the
//! middle of work.

use std::time::Duration;

use super::swarm::{Episode, Faults, Loss, Swarm, Trouble};
use super::world::{Act, Done, WATCHFUL_FOR, World};
use crate::domain::time::Moment;

impl World {
    /// From now on things go wrong.
    pub(super) fn unleash(&mut self, until: Moment, faults: Faults) {
        let mut swarm = Swarm::draw(&mut self.dice, self.now, until);
        swarm.keep(faults);
        self.clocks.may_lie = faults.has("clock");
        let faults = &mut self.platform.faults;
        faults.webhook_duplicate = swarm.doubled;
        faults.webhook_reorder = swarm.reordered;
        faults.webhook_batching = if swarm.batched { 5 } else { 1 };
        faults.webhook_delay_ms = if swarm.late { 40_000 } else { 0 };
        faults.unknown_event_noise = swarm.noisy;
        self.platform.set_redelivery(swarm.redelivery);
        if let Some(percent) = swarm.quota_percent {
            let limit = (self.need_a_month() * percent / 100).max(20);
            self.note(format!("{limit} messages a month"));
            self.quota = Some(limit);
            self.platform.set_quota(self.quota);
        }
        for episode in swarm.episodes {
            self.plan(episode.from, Act::Begin(episode));
            self.plan(episode.until, Act::End(episode.trouble));
        }
        for (at, steps) in swarm.fuses {
            self.plan(at, Act::Fuse(steps));
        }
        if let Some(Loss { copied_at, lost_at, back_at }) = swarm.lost {
            self.plan(copied_at, Act::Copies);
            self.plan(lost_at, Act::LosesItsDisk);
            self.plan(back_at, Act::Restores);
        }
        self.plan(self.now, Act::Look);
        self.may_drift();
        self.opens_pages(until);
    }

    pub(super) fn begin(&mut self, episode: Episode) -> Done {
        self.note(format!("begins {:?}", episode.trouble));
        self.keeps_up()?;
        self.on.push(episode.trouble);
        // The clock of the machine is none of ours, unless we go by it.
        if episode.trouble != Trouble::Clock {
            self.truth.troubles.begins(episode.trouble, self.now, episode.until);
        }
        episode.trouble.turn(&mut self.platform, true);
        match episode.trouble {
            Trouble::Down => {
                self.cuts += 1;
                self.cut();
            }
            Trouble::Frozen => self.freeze(),
            Trouble::Clock => self.clock_is_set(episode)?,
            _ => {}
        }
        self.watchful_until = self.watchful_until.max(episode.until + WATCHFUL_FOR);
        Ok(())
    }

    pub(super) fn end(&mut self, trouble: Trouble) -> Done {
        self.note(format!("ends {trouble:?}"));
        self.on.retain(|on| *on != trouble);
        trouble.turn(&mut self.platform, false);
        self.watchful_until = self.watchful_until.max(self.now + WATCHFUL_FOR);
        if trouble == Trouble::Down && !self.server.is_up() && !self.has_lost_its_disk() {
            self.server_starts()?;
        }
        match trouble {
            Trouble::Frozen => self.thaw(),
            Trouble::Clock => self.clock_is_right(),
            _ => Ok(()),
        }
    }

    pub(super) fn server_starts(&mut self) -> Done {
        let time = self.takes_the_time()?;
        self.server.start(self.shown(), time)?;
        self.started_at = self.now;
        self.starts += 1;
        self.watchful_until = self.watchful_until.max(self.now + WATCHFUL_FOR);
        Ok(())
    }

    /// Burns one step of the fuse; `true` when the power was cut by it.
    pub(super) fn burn(&mut self, point: &str) -> Done<bool> {
        match self.fuse {
            Some(0) => {
                self.fuse = None;
                self.revive = true;
                self.cuts += 1;
                self.note(format!("power cut: {point}"));
                let soon = self.now < self.started_at + Duration::from_secs(60);
                let also = if soon { "soon after a start" } else { point };
                for point in [point, also] {
                    *self.marks.entry(format!("cut: {point}")).or_default() += 1;
                }
                self.truth.troubles.begins(Trouble::Down, self.now, self.now);
                self.cut();
                Ok(true)
            }
            Some(left) => {
                self.fuse = Some(left - 1);
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// Ends everything that is wrong, and what was still to go wrong.
    pub(super) fn calm(&mut self) -> Done {
        self.fuse = None;
        self.clocks.drift_ms = 0;
        self.agenda
            .retain(|_, act| !matches!(act, Act::Begin(_) | Act::Fuse(_) | Act::LosesItsDisk));
        for trouble in self.on.clone() {
            self.end(trouble)?;
        }
        self.restores()?;
        self.settle()
    }
}
