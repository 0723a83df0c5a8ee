//! The month's messages of the simulated world: LINE's plan stops everything when they are used up, and what is left for
//! alerts is not spent on questions (I16).

use std::time::Duration;

use jiff::ToSpan;

use super::spans::MUTE;
use super::swarm::Trouble;
use super::times::Asked;
use super::world::{Act, World};
use crate::domain::fact::Fact;
use crate::domain::schedule::Zone;
use crate::store::Entry;

/// When nothing is left of the month, the council takes a larger plan after this.
const LARGER_PLAN_AFTER: Duration = Duration::from_secs(30 * 3600);

impl World {
    /// Questions of a month, to people and to groups.
    pub(super) fn need_a_month(&self) -> u64 {
        let on_line = |asked: &&Asked| !self.truth.phoned.contains(&asked.person);
        let people =
            self.truth.asked.iter().filter(on_line).map(|asked| 30_u64.div_ceil(asked.days()));
        let groups = self
            .meetings
            .iter()
            .map(|meeting| 30_u64.div_ceil(meeting.days) * (meeting.people.len() as u64 + 1));
        people.chain(groups).sum()
    }

    /// LINE brings nothing any more until the month ends.
    pub(super) fn is_used_up(&mut self) {
        if self.quota.is_none() || self.on.contains(&Trouble::UsedUp) || self.now < self.dry_until {
            return;
        }
        let today = Zone::default().local(self.now).date();
        let next = today.first_of_month().checked_add(1.month()).unwrap_or(today);
        // Or until the council takes a larger plan.
        self.dry_until = Zone::default().moment(next, 0).min(self.now + LARGER_PLAN_AFTER);
        self.plan(self.dry_until, Act::LargerPlan);
        self.note("the month is used up".to_owned());
        self.truth.troubles.begins(Trouble::UsedUp, self.now, self.dry_until);
        *self.marks.entry("the month is used up".to_owned()).or_default() += 1;
    }

    /// I16: what is left for alerts is not spent on questions.
    pub(super) fn spares_the_reserve(&mut self, entries: &[Entry]) {
        let Some(limit) = self.quota.filter(|_| self.truth.is_right(self.now)) else { return };
        let used = self.platform.usage_at(self.now.millis());
        let day = self.now - Duration::from_secs(26 * 3600);
        if used + limit / 10 < limit || !self.truth.troubles.during(MUTE, day, self.now).is_zero() {
            return;
        }
        for entry in entries {
            let Fact::Asking(person, due) = entry.fact else { continue };
            let is_spared = entries.iter().any(|e| e.fact == Fact::NotAskedForQuota(person));
            if !is_spared && !self.truth.phoned.contains(&person) {
                let what = format!("{person} is asked for {due}, and {used} of {limit} are used");
                self.truth.violation("I16", self.now, what);
            }
        }
    }
}
