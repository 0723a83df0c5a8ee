//! What happens next on the stage, and when: what the timers will do, what waits for LINE, and what will not happen because
//! the server is off. Only looks; [`Stage::jump`] moves the clock there.

use std::time::Duration;

use super::stage::Stage;
use crate::clock::Clock;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::round::Stage as RoundStage;
use crate::domain::time::Moment;
use crate::locale::demo::{self as words, trouble};
use crate::store::{Row, StoreError};

/// What could not be sent is tried again within this, however often it failed.
const RETRY_WITHIN: Duration = Duration::from_secs(300);

/// What takes longer than this, in real time, is not merely under way.
const GRACE: Duration = Duration::from_secs(3);

/// How far the clock goes at once while nothing can happen.
const IDLE_STEP: Duration = Duration::from_secs(3600);

/// What happens next, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upcoming {
    /// When.
    pub at: Moment,
    /// What.
    pub what: String,
}

impl Stage {
    /// What happens next. While the server is off nothing does; then it is the time that goes on.
    pub fn upcoming(&self) -> Result<Option<Upcoming>, StoreError> {
        self.upcoming_after(self.in_real_time(GRACE))
    }

    /// The same when everything has come to rest: what is still there now waits.
    pub(super) fn upcoming_at_rest(&self) -> Result<Option<Upcoming>, StoreError> {
        self.upcoming_after(Duration::ZERO)
    }

    /// Whatever is older than `grace` is not merely under way.
    fn upcoming_after(&self, grace: Duration) -> Result<Option<Upcoming>, StoreError> {
        let now = self.clock.now();
        if !self.machine.is_on() {
            return self.upcoming_without_server(now).map(Some);
        }
        let timer = self.next_timer(Moment::EPOCH)?.map(|next| {
            // What was due and has not happened is being held back: it is looked at again a little later.
            let held = next.at + grace < now;
            if held { Upcoming { at: now + RETRY_WITHIN, ..next } } else { next }
        });
        // What cannot succeed is not waited for.
        let waits = self.messages_leave() && self.tried_before(now, grace)? > 0;
        let retry = || Upcoming { at: now + RETRY_WITHIN, what: trouble::NEXT_RETRY.to_owned() };
        let settled = self.settled_after(now)?;
        let all = timer.into_iter().chain(waits.then(retry)).chain(settled);
        Ok(all.min_by_key(|next| next.at))
    }

    /// After a stop the server waits for what people pressed meanwhile, and then asks again whom it may have missed.
    fn settled_after(&self, now: Moment) -> Result<Option<Upcoming>, StoreError> {
        let at = self.store.read()?.service()?.hearing.settle_until;
        let next = || Upcoming { at, what: trouble::NEXT_SETTLED.to_owned() };
        Ok((at > now).then(next))
    }

    fn upcoming_without_server(&self, now: Moment) -> Result<Upcoming, StoreError> {
        let missed =
            |next: Upcoming| Upcoming { what: trouble::next_without_server(&next.what), ..next };
        let hour = || Upcoming { at: now + IDLE_STEP, what: trouble::NEXT_HOUR.to_owned() };
        Ok(self.next_timer(now)?.map_or_else(hour, missed))
    }

    /// The first timer after a moment.
    fn next_timer(&self, after: Moment) -> Result<Option<Upcoming>, StoreError> {
        let reading = self.store.read()?;
        let mut first: Option<(Moment, u32)> = None;
        reading.timers(|id, at| {
            if at > after && first.is_none_or(|(earliest, _)| at < earliest) {
                first = Some((at, id));
            }
        })?;
        let Some((at, id)) = first else { return Ok(None) };
        let person = reading.person(PersonId(id))?;
        // Persons are not alone in having timers; whoever else has one is no reason to stand still.
        let what = person.map_or_else(|| words::NEXT_OTHER.to_owned(), |person| what_next(&person));
        Ok(Some(Upcoming { at, what }))
    }

    /// Whether a timer was due and has not been answered yet, or whoever was missed was not asked again.
    pub(super) fn is_overdue(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        if self.store.read()?.service()?.hearing.to_sweep(now).is_some() {
            return Ok(true);
        }
        Ok(self.next_timer(Moment::EPOCH)?.is_some_and(|next| next.at <= now))
    }

    /// How many messages were tried and could not be sent.
    pub fn waiting(&self) -> Result<usize, StoreError> {
        self.tried_before(self.clock.now(), self.in_real_time(GRACE))
    }

    fn tried_before(&self, now: Moment, grace: Duration) -> Result<usize, StoreError> {
        let failed = |row: &&Row| row.first_try_at.is_some_and(|first| first + grace < now);
        Ok(self.store.read()?.rows()?.iter().filter(failed).count())
    }

    /// A time that passes in the world, on the clock.
    fn in_real_time(&self, time: Duration) -> Duration {
        time * self.clock.speed().max(1)
    }
}

fn what_next(person: &Person) -> String {
    let name = person.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let round = person.watch.as_ref().and_then(|watch| watch.round.as_ref());
    match round.map(|round| round.stage) {
        None | Some(RoundStage::Reported) => words::next_ask(&name),
        Some(RoundStage::Asked) => words::next_resend(&name),
        Some(RoundStage::Resending | RoundStage::Resent) => words::next_alert(&name),
        Some(RoundStage::Asking) => words::next_not_sent(&name),
    }
}
