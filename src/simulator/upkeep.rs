//! The keeper of the simulated world: the plan and the walks of the real one. While nothing is wrong it wakes only when
//! something else happens, so that quiet years pass quickly.

use serde_json::Value;

use super::world::{Done, World};
use crate::domain::event::{Event, Upkeep};
use crate::domain::hearing::Probe;
use crate::keeper::plan::Chore;
use crate::keeper::walk;
use crate::line::call;
use crate::platform::ApiResponse;

impl World {
    pub(super) fn is_watchful(&self) -> bool {
        // Until the power is cut it is as if nothing were wrong: then the keeper has kept up.
        self.now < self.watchful_until || self.fuse.is_some()
    }

    pub(super) fn upkeep(&mut self) -> Done {
        let starts = self.starts;
        for chore in self.server.chores(self.shown())? {
            if !self.server.is_up() || self.starts != starts {
                return Ok(());
            }
            let events = self.carry_out(chore)?;
            self.server.commit(self.shown(), &events)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, chore: Chore) -> Done<Vec<Event>> {
        let reading = self.server.store.read()?;
        Ok(match chore {
            Chore::Beat => {
                drop(reading);
                self.server.beat(self.shown())?;
                self.lists_the_forgotten()?;
                walk::outage(&self.server.store.read()?, self.shown())?.into_iter().collect()
            }
            Chore::Probe => vec![self.probe()?],
            Chore::Quota => {
                let [quota, used] =
                    [call::quota(), call::consumption()].map(|call| self.ask(&call));
                let body = |answer: Option<ApiResponse>| -> Value {
                    answer
                        .and_then(|answer| serde_json::from_slice(&answer.body).ok())
                        .unwrap_or_default()
                };
                call::quota_outcome(&body(quota?), &body(used?))
                    .map(Event::Upkeep)
                    .into_iter()
                    .collect()
            }
            Chore::Time => {
                drop(reading);
                self.compares_clocks()?
            }
            Chore::Anew => self.writes_anew()?,
            Chore::Groups => {
                drop(reading);
                self.learn_groups()?;
                Vec::new()
            }
            Chore::MakeGood => {
                let mut events = walk::make_good(&reading)?;
                events.push(Event::Upkeep(Upkeep::MadeGood));
                events
            }
            Chore::Sweep(until) => {
                let mut events = walk::sweep(&reading)?;
                events.push(Event::Upkeep(Upkeep::Swept(until)));
                events
            }
            Chore::Audit => walk::audit(&reading, self.shown(), self.server.rules())?,
            Chore::Report => walk::report(&reading, (self.shown(), self.server.rules()), None)?,
            Chore::Reach => {
                let asked_at = self.shown();
                let mut events = Vec::new();
                for (person, address) in walk::reach(&reading)? {
                    let answer = self.ask(&call::profile(&address))?;
                    let known = answer.and_then(|answer| call::profile_outcome(answer.status));
                    if known.is_none() {
                        self.server.reach_again(asked_at);
                    }
                    events.extend(known.map(|reachable| {
                        Event::Upkeep(Upkeep::Reach { person, reachable, asked_at })
                    }));
                }
                events
            }
        })
    }

    /// The keeper wakes seldom in quiet times; before something goes wrong, the server's last sign of life is not older
    /// than a minute, and the last proof that it hears not older than some minutes, as the real one's are.
    pub(super) fn keeps_up(&mut self) -> Done {
        if self.is_frozen() {
            return Ok(());
        }
        self.server.beat(self.shown())?;
        let proof = self.probe()?;
        self.server.commit(self.shown(), &[proof])
    }

    fn probe(&mut self) -> Done<Event> {
        let outcome = match self.ask(&call::webhook_test())? {
            Some(answer) => call::webhook_test_outcome(answer.status, &answer.body),
            None => Probe::Unanswered,
        };
        Ok(Event::Upkeep(Upkeep::Probed(outcome)))
    }
}
