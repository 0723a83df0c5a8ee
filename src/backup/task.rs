//! Makes copies by themselves, at night or as often as is wished.

use std::sync::Arc;
use std::time::Duration;

use super::make::{Made, Maker, copy};
use crate::clock::Clock;
use crate::domain::ladder::hour_after;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::engine::Handle;

/// The first copy is made so long after the start: first the service does what it is for.
const AFTER_START: Duration = Duration::from_secs(15 * 60);

/// One that failed is tried again after this.
const AGAIN: Duration = Duration::from_secs(3600);

/// The hour in Japan at which a daily copy is made: nobody is asked then.
const HOUR: u8 = 2;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Starts making copies. It ends when the writer has stopped.
pub fn start(
    maker: Maker,
    every: Duration,
    last: Option<Moment>,
    engine: Handle,
    clock: Arc<dyn Clock>,
) {
    let started_at = clock.now();
    tokio::spawn(async move {
        let mut due_at = next(last, every).max(started_at + AFTER_START);
        loop {
            while clock.now() < due_at {
                clock.sleep_until(due_at).await;
            }
            let Ok(copied) = copy(&maker, &engine, clock.now()).await else { return };
            due_at = match copied {
                Some(Ok(Made { not_carried: None, .. })) | None => next(Some(clock.now()), every),
                Some(Ok(_) | Err(_)) => clock.now() + AGAIN,
            };
        }
    });
}

/// When the copy after the last one is made: whole days go to the same hour of the night.
fn next(last: Option<Moment>, every: Duration) -> Moment {
    let Some(last) = last else { return Moment::EPOCH };
    let whole_days = every.as_secs().is_multiple_of(DAY.as_secs());
    match whole_days {
        // Half a day early, so that a copy made by day does not push those of the night away.
        true => hour_after(last + every.saturating_sub(DAY / 2), &Zone::default(), HOUR),
        false => last + every,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daily_copy_is_made_at_night_and_others_as_often_as_is_wished() {
        let zone = Zone::default();
        let noon = hour_after(Moment::from_seconds(1_800_000_000), &zone, 12);
        let night = hour_after(noon, &zone, HOUR);
        assert_eq!(next(Some(noon), DAY), night);
        assert_eq!(next(Some(night + Duration::from_secs(40)), DAY), night + DAY);
        assert_eq!(next(Some(night), DAY * 7), night + DAY * 7);
        assert_eq!(next(Some(noon), Duration::from_secs(3600)), noon + Duration::from_secs(3600));
        assert_eq!(next(None, DAY), Moment::EPOCH);
    }
}
