//! How time passes in the world, and what the server takes it for where that is not everybody else's time.

use std::time::Duration;

use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::time::Moment;

use super::{World, tokyo};

impl World {
    /// What time the server believes it is.
    pub(crate) fn shown(&self) -> Moment {
        Moment::from_millis(self.now.millis() + self.ahead_ms)
    }

    /// Starts it with a time that is so far ahead, which LINE cannot be asked about.
    pub(crate) fn start_ahead(&mut self, ahead_ms: i64) {
        self.ahead_ms = ahead_ms;
        self.start_with(TimeLook::Steady);
    }

    /// LINE can be asked: it ends, and starts again by LINE's time.
    pub(crate) fn finds_out(&mut self) {
        let is_right = self.ahead_ms == 0;
        let look = if is_right { TimeLook::Proven } else { TimeLook::Wrong(self.now) };
        self.commit(&[Event::Upkeep(Upkeep::Time(look))]);
        self.running = None;
        self.ahead_ms = 0;
        self.start();
        self.settle();
    }

    /// Lets time pass until `moment`, event by event.
    pub(crate) fn until(&mut self, moment: Moment) {
        self.settle();
        while let Some(next) = self.next_moment().filter(|next| *next <= moment) {
            self.now = self.now.max(next);
            self.settle();
        }
        self.now = self.now.max(moment);
        self.settle();
    }

    /// Lets time pass until this wall time in Tokyo.
    pub(crate) fn until_wall(&mut self, wall: &str) {
        self.until(tokyo(wall));
    }

    pub(crate) fn wait(&mut self, span: Duration) {
        self.until(self.now + span);
    }
}
