//! What the service knows about itself: whether it lives, hears, can send, and knows the time. Every
//! decision that would call silence an alarm asks here first.

use std::time::Duration;

use jiff::civil::Date;

use super::event::Failure;
use super::hearing::Hearing;
use super::id::StaffId;
use super::name::Name;
use super::practice::Practice;
use super::quota::Quota;
use super::rules::{BREAKER_ALERTS_MIN, BREAKER_PERCENT, BREAKER_WINDOW};
use super::time::Moment;

/// The version of the terms that the program brings along.
pub const FIRST_TERMS: u16 = 1;

/// Moments the breaker remembers at most.
const RECENT_MAX: usize = 64;

/// A clock that is corrected as it runs may be back by so much at the next start, and is right.
const CLOCK_STEP: Duration = Duration::from_secs(120);

/// What came out of a copy is made good so soon at the latest, whether or not we hear again by then.
pub const RESTORED_WAIT_MAX: Duration = Duration::from_secs(3600);

/// The state of the service. There is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// When the process was last known to live. `None` in a new file.
    pub alive_at: Option<Moment>,
    /// Whether answers can be heard.
    pub hearing: Hearing,
    /// Since when the time of the machine is doubted, if so.
    pub time_doubted: Option<Moment>,
    /// The process before lived by this time, and the present one began by an earlier one that nobody has proven: one of
    /// the two is wrong, and a proven start says which.
    pub contradicted: Option<Moment>,
    /// For how much our time was behind, until that is made good.
    pub lag: Option<Lag>,
    /// Holds an implausible number of alerts back.
    pub breaker: Breaker,
    /// Sending has failed for a while.
    pub outage: Option<Outage>,
    /// The month's messages.
    pub quota: Quota,
    /// How many people are watched, as last counted.
    pub watched: u32,
    /// When everyone was last counted and checked.
    pub audited_at: Option<Moment>,
    /// The day of the last report to the office.
    pub reported_on: Option<Date>,
    /// The version of the terms that newcomers agree to.
    pub terms_version: u16,
    /// What only a human can see of the set-up, and one has: bits of `checkup::Point`.
    pub confirmed: u32,
    /// When a copy of the data was last made and found sound.
    pub backup_at: Option<Moment>,
    /// The data came out of a copy: the last time.
    pub restored: Option<Restored>,
    /// The last letter with which somebody tried whether letters leave.
    pub trial: Option<Trial>,
    /// The round of practice that is under way.
    pub practice: Option<Practice>,
    /// When somebody last lived through a whole one.
    pub practised_at: Option<Moment>,
}

/// A letter that somebody of the staff sent to themselves, to see whether letters leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trial {
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: Moment,
    /// What became of it.
    pub fate: Fate,
}

/// What became of such a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is on its way.
    Waits,
    /// The mail server took it then.
    Taken(Moment),
    /// It will never be taken.
    Failed(Failure),
}

/// The data came out of a copy. What happened since it was made is lost, so nothing may be concluded from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The copy shows how things were then.
    pub copied_at: Moment,
    /// When it was put in place.
    pub at: Moment,
    /// The office was told.
    pub told: bool,
    /// Everyone was asked afresh, and open cases were told again.
    pub made_good: bool,
}

/// Why there is no new copy of the data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BackupFault {
    /// It could not be written.
    Disk,
    /// What was written is not what the data is.
    Damaged,
    /// It could not be encrypted, or not be opened again.
    Seal,
    /// It is here, and the command that carries it away failed.
    Upload,
}

/// The time that we went by was behind the world's: what was noted of it happened later than it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lag {
    /// From here on, by our time, as far as is known.
    pub since: Moment,
    /// Until here, when we found out.
    pub until: Moment,
    /// By so much.
    pub by: Duration,
}

impl Lag {
    /// When something really happened that was noted of a moment.
    #[must_use]
    pub fn truly(&self, noted: Moment) -> Moment {
        let is_late = noted >= self.since && noted <= self.until;
        if is_late { noted + self.by } else { noted }
    }
}

impl Service {
    /// Somebody else's clock shows `theirs` at our `now`. Where it is ahead, we are behind since we came to doubt the time,
    /// or else since we began.
    pub fn fell_behind(&mut self, theirs: Moment, now: Moment) {
        let since = self.time_doubted.unwrap_or(self.hearing.noticed_at);
        let by = theirs.since(now);
        self.lag = (!by.is_zero()).then_some(Lag { since, until: now, by });
        // It is we who were wrong, and not the one before.
        self.contradicted = self.contradicted.filter(|by| *by > theirs || theirs <= now);
    }

    /// A process begins at `now`, by a time that is proven or not; the one before was last known to live at `alive_at`. If the
    /// time of that one was in doubt until its end, it may have been behind by as much as nobody has been here since.
    pub fn begins(&mut self, (alive_at, now): (Moment, Moment), is_proven: bool) {
        if !is_proven {
            let is_contradicted = alive_at.since(now) > CLOCK_STEP;
            let by = Some(alive_at).filter(|_| is_contradicted);
            self.contradicted = self.contradicted.max(by);
            return;
        }
        let was_in_doubt = self.time_doubted.is_some() || self.contradicted.is_some();
        if was_in_doubt && self.lag.is_none() && alive_at < now {
            self.fell_behind(now, alive_at);
        }
        self.contradicted = None;
    }

    /// Whether we lived by a time that was ahead of the world's, which is proven to be `now`: by one that is long after it;
    /// or by one that the process after it did not believe, of which nobody has said that it was behind.
    #[must_use]
    pub fn ran_ahead(&self, now: Moment) -> bool {
        self.contradicted.is_some() || self.is_long_before(now)
    }

    fn is_long_before(&self, now: Moment) -> bool {
        let latest = self.alive_at.max(self.contradicted);
        latest.is_some_and(|latest| latest.since(now) > CLOCK_STEP)
    }

    /// The data comes out of a copy at `now`. Since the copy was made nothing was heard, as far as anybody knows.
    pub fn restore(&mut self, now: Moment) {
        let copied_at = self.alive_at.unwrap_or(now).min(now);
        let deaf_since = self.hearing.deaf_since.map_or(copied_at, |since| since.min(copied_at));
        self.hearing.deaf_since = Some(deaf_since);
        self.breaker = Breaker::default();
        self.practice = None;
        self.restored = Some(Restored { copied_at, at: now, told: false, made_good: false });
    }

    /// The time that we went by was ahead, and it is proven to be `now`: nothing is concluded from what was decided by it.
    pub fn begin_afresh(&mut self, now: Moment) {
        self.went_ahead(now);
        self.contradicted = None;
        self.restore(now);
        // Whoever reads our letters knows that the time was wrong, and no data were lost.
        if let Some(restored) = &mut self.restored {
            restored.told = true;
        }
    }

    /// The time that we went by was ahead, and it is `now`: no moment of what the service knows about itself has come from
    /// beyond that. What was heard meanwhile is not known.
    pub fn went_ahead(&mut self, now: Moment) {
        // Of the day after tomorrow nothing was reported; of a clock that is corrected as it runs, the day's report was.
        if self.is_long_before(now) {
            self.reported_on = None;
        }
        let back = |at: &mut Option<Moment>| *at = at.map(|at| at.min(now));
        back(&mut self.alive_at);
        back(&mut self.time_doubted);
        back(&mut self.audited_at);
        back(&mut self.backup_at);
        back(&mut self.breaker.held_since);
        self.hearing.went_ahead(now);
        self.breaker.recent.retain(|at| *at <= now);
        self.breaker.released_until = self.breaker.released_until.min(now);
        if let Some(outage) = &mut self.outage {
            outage.since = outage.since.min(now);
        }
        if let Some(restored) = &mut self.restored {
            restored.at = restored.at.min(now);
        }
        self.quota.went_ahead(now);
    }

    /// Whether what came out of a copy is to be made good now: once we hear again and late presses have arrived.
    #[must_use]
    pub fn to_make_good(&self, now: Moment) -> bool {
        let hears = self.hearing.deaf_since.is_none() && now >= self.hearing.settle_until;
        let waited = now >= self.hearing.noticed_at + RESTORED_WAIT_MAX;
        self.restored.is_some_and(|restored| !restored.made_good) && (hears || waited)
    }
}

impl Default for Service {
    fn default() -> Self {
        Self {
            alive_at: None,
            hearing: Hearing::default(),
            time_doubted: None,
            contradicted: None,
            lag: None,
            breaker: Breaker::default(),
            outage: None,
            quota: Quota::default(),
            watched: 0,
            audited_at: None,
            reported_on: None,
            terms_version: FIRST_TERMS,
            confirmed: 0,
            backup_at: None,
            restored: None,
            trial: None,
            practice: None,
            practised_at: None,
        }
    }
}

/// LINE has taken nothing for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outage {
    /// Since when messages wait.
    pub since: Moment,
    /// When people were told: once an outage.
    pub told_at: Option<Moment>,
}

/// Holds alerts back when more would leave at once than is plausible: it is then likelier that
/// something is wrong with us than with everyone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breaker {
    /// When alerts were opened lately, oldest first.
    pub recent: Vec<Moment>,
    /// Since when alerts are held, if so.
    pub held_since: Option<Moment>,
    /// Until here alerts pass, because we looked at ourselves and found nothing wrong.
    pub released_until: Moment,
    /// Whose alerts are held, as far as a letter names them.
    pub held: Vec<Name>,
}

/// Names that are kept of those whose alerts are held.
const HELD_NAMED_MAX: usize = 50;

impl Default for Breaker {
    fn default() -> Self {
        let released_until = Moment::from_millis(i64::MIN);
        Self { recent: Vec::new(), held_since: None, released_until, held: Vec::new() }
    }
}

impl Breaker {
    /// Whether one more alert now would be implausible among so many watched.
    #[must_use]
    pub fn is_implausible(&self, watched: u32, now: Moment) -> bool {
        let within = self.recent.iter().filter(|at| now.since(**at) < BREAKER_WINDOW).count();
        let part = u64::from(watched) * u64::from(BREAKER_PERCENT) / 100;
        let limit = usize::try_from(part).unwrap_or(usize::MAX).max(BREAKER_ALERTS_MIN);
        now >= self.released_until && within + 1 >= limit
    }

    /// An alert was opened.
    pub fn note(&mut self, now: Moment) {
        self.recent.retain(|at| now.since(*at) < BREAKER_WINDOW);
        self.recent.push(now);
        let surplus = self.recent.len().saturating_sub(RECENT_MAX);
        self.recent.drain(..surplus);
    }

    /// The alert of somebody is held.
    pub fn hold(&mut self, name: Name) {
        if self.held.len() < HELD_NAMED_MAX && !self.held.contains(&name) {
            self.held.push(name);
        }
    }

    /// We looked at ourselves, or held for as long as is allowed: alerts pass.
    pub fn release(&mut self, now: Moment) -> Vec<Name> {
        self.held_since = None;
        self.released_until = now + BREAKER_WINDOW;
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_alert_within_an_hour_is_implausible_among_few() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut breaker = Breaker::default();
        for minute in 0..4 {
            let now = start + Duration::from_secs(minute * 60);
            assert!(!breaker.is_implausible(10, now));
            breaker.note(now);
        }
        let now = start + Duration::from_secs(240);
        assert!(breaker.is_implausible(10, now));
        assert!(!breaker.is_implausible(100, now), "a fifth of a hundred is twenty");
        assert!(!breaker.is_implausible(10, start + Duration::from_secs(3601)));
        breaker.release(now);
        assert!(!breaker.is_implausible(10, now));
    }
}
