//! What is due now. Moments come in, chores come out.

use std::time::Duration;

use crate::domain::ladder::hour_after;
use crate::domain::schedule::Zone;
use crate::domain::service::Service;
use crate::domain::time::Moment;

/// The process says that it lives this often.
pub const BEAT_EVERY: Duration = Duration::from_secs(60);

/// Our hearing is tested this often: LINE allows 60 an hour.
const PROBE_EVERY: Duration = Duration::from_secs(300);

/// Our hearing is tested this often while it is in doubt.
const PROBE_IN_DOUBT_EVERY: Duration = Duration::from_secs(75);

/// The month's messages are asked for this often.
const QUOTA_EVERY: Duration = Duration::from_secs(3600);

/// The time is asked for this often, and again while it is doubted.
const TIME_EVERY: Duration = Duration::from_secs(3600);
const TIME_IN_DOUBT_EVERY: Duration = Duration::from_secs(120);

/// The hours in Japan at which everyone is counted, and at which LINE is asked who can be reached:
/// findings of the latter are told at once, so it is done by day.
const AUDIT_HOUR: u8 = 3;
const REACH_HOUR: u8 = 10;

/// Whom LINE gave no answer about is asked about again after this, until this hour in Japan: somebody who came back
/// while we were deaf is asked nothing until it is known.
const REACH_AGAIN: Duration = Duration::from_secs(3600);
const REACH_UNTIL_HOUR: i8 = 20;

/// The hour in Japan at which the office is told how things are.
const REPORT_HOUR: u8 = 9;

/// Everyone is counted so long after the start.
const AUDIT_AFTER_START: Duration = Duration::from_secs(15 * 60);

/// And so long after we settled: after a standstill, too, what is overdue first gets its time.
const AUDIT_AFTER_SETTLING: Duration = Duration::from_secs(5 * 60);

/// Where somebody was forgotten, the data file is written anew so long after the start, and at this hour in Japan, after
/// everyone was counted.
const ANEW_AFTER_START: Duration = Duration::from_secs(120);
const ANEW_HOUR: u8 = 4;

/// Groups are looked at this often: names are wanted soon after somebody takes part.
const GROUPS_EVERY: Duration = Duration::from_secs(60);

/// Something to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chore {
    /// Say that we live.
    Beat,
    /// Have our hearing tested.
    Probe,
    /// Ask for the month's messages.
    Quota,
    /// Ask for the time.
    Time,
    /// Ask everyone afresh, and tell of every open case again: the data came out of a copy.
    MakeGood,
    /// Look at everyone who was being waited for while we were deaf, up to this moment.
    Sweep(Moment),
    /// Count everyone, and look for people without a timer.
    Audit,
    /// Ask LINE who can be reached.
    Reach,
    /// Tell the office how things are.
    Report,
    /// Learn how large groups are, and who is in them.
    Groups,
    /// Write the data file anew, if somebody was forgotten whose bytes are still in it.
    Anew,
}

/// When a chore that is done now comes again.
#[derive(Clone, Copy)]
enum Again {
    After(Duration),
    /// At this hour in Japan.
    At(u8),
}

impl Again {
    fn from(self, now: Moment) -> Moment {
        match self {
            Self::After(span) => now + span,
            Self::At(hour) => hour_after(now + Duration::from_secs(60), &Zone::default(), hour),
        }
    }
}

/// When each chore was last done.
#[derive(Debug)]
pub struct Plan {
    beat_at: Moment,
    probe_at: Moment,
    probed_at: Moment,
    quota_at: Moment,
    time_at: Moment,
    timed_at: Moment,
    audit_at: Moment,
    reach_at: Moment,
    report_at: Moment,
    groups_at: Moment,
    anew_at: Moment,
}

impl Plan {
    /// At the start everything is due but the look at who can be reached, and the count: what is
    /// overdue after a stop first gets the time to be carried out.
    #[must_use]
    pub fn new(now: Moment) -> Self {
        let zone = Zone::default();
        Self {
            beat_at: now,
            probe_at: now,
            probed_at: now - PROBE_EVERY,
            quota_at: now,
            time_at: now,
            timed_at: now - TIME_EVERY,
            audit_at: now + AUDIT_AFTER_START,
            reach_at: hour_after(now, &zone, REACH_HOUR),
            report_at: hour_after(now, &zone, REPORT_HOUR),
            groups_at: now,
            anew_at: now + ANEW_AFTER_START,
        }
    }

    /// What is due now; each is taken as done.
    pub fn due(&mut self, now: Moment, service: &Service) -> Vec<Chore> {
        let mut chores = Vec::new();
        let mut take = |at: &mut Moment, again: Again, chore: Chore| {
            if *at <= now {
                *at = again.from(now);
                chores.push(chore);
            }
        };
        take(&mut self.beat_at, Again::After(BEAT_EVERY), Chore::Beat);
        // What is planned for later may be wanted sooner by now.
        let probe_every = if in_doubt(service) { PROBE_IN_DOUBT_EVERY } else { PROBE_EVERY };
        self.probe_at = self.probe_at.min(self.probed_at + probe_every);
        if service.breaker.held_since.is_some_and(|since| since >= self.probed_at) {
            self.probe_at = now;
        }
        if self.probe_at <= now {
            self.probed_at = now;
        }
        take(&mut self.probe_at, Again::After(probe_every), Chore::Probe);
        take(&mut self.quota_at, Again::After(QUOTA_EVERY), Chore::Quota);
        let time_every = match service.time_doubted {
            Some(_) => TIME_IN_DOUBT_EVERY,
            None => TIME_EVERY,
        };
        self.time_at = self.time_at.min(self.timed_at + time_every);
        if self.time_at <= now {
            self.timed_at = now;
        }
        take(&mut self.time_at, Again::After(time_every), Chore::Time);
        if self.audit_at <= now {
            let settled_at = service.hearing.settle_until + AUDIT_AFTER_SETTLING;
            self.audit_at = self.audit_at.max(settled_at.min(now + AUDIT_AFTER_START));
        }
        take(&mut self.audit_at, Again::At(AUDIT_HOUR), Chore::Audit);
        take(&mut self.reach_at, Again::At(REACH_HOUR), Chore::Reach);
        take(&mut self.report_at, Again::At(REPORT_HOUR), Chore::Report);
        take(&mut self.groups_at, Again::After(GROUPS_EVERY), Chore::Groups);
        take(&mut self.anew_at, Again::At(ANEW_HOUR), Chore::Anew);
        // Before the sweep: whoever is asked afresh needs no other apology.
        if service.to_make_good(now) {
            chores.push(Chore::MakeGood);
        }
        if let Some(until) = service.hearing.to_sweep(now) {
            chores.push(Chore::Sweep(until));
        }
        chores
    }

    /// LINE gave no answer about somebody.
    pub fn reach_again(&mut self, now: Moment) {
        let again = now + REACH_AGAIN;
        if (REACH_HOUR as i8..REACH_UNTIL_HOUR).contains(&Zone::default().local(again).hour()) {
            self.reach_at = self.reach_at.min(again);
        }
    }

    /// When something may be due again.
    #[must_use]
    pub fn wake_at(&self) -> Moment {
        let often = [self.beat_at, self.probe_at, self.quota_at, self.time_at, self.groups_at];
        let daily = [self.audit_at, self.reach_at, self.report_at, self.anew_at];
        often.into_iter().chain(daily).min().unwrap_or(self.beat_at)
    }
}

/// Whether a test of our hearing is wanted sooner.
fn in_doubt(service: &Service) -> bool {
    service.hearing.deaf_since.is_some()
        || service.hearing.unanswered > 0
        || service.breaker.held_since.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn hearing_is_tested_every_five_minutes_and_sooner_in_doubt() {
        let mut plan = Plan::new(at(0));
        let mut service = Service::default();
        assert!(plan.due(at(0), &service).contains(&Chore::Probe));
        assert!(!plan.due(at(299), &service).contains(&Chore::Probe));
        assert!(plan.due(at(300), &service).contains(&Chore::Probe));
        service.hearing.deaf_since = Some(at(0));
        assert!(plan.due(at(600), &service).contains(&Chore::Probe));
        assert!(plan.due(at(675), &service).contains(&Chore::Probe));
        let an_hour =
            (0..3600).filter(|second| plan.due(at(700 + second), &service).contains(&Chore::Probe));
        assert!(an_hour.count() < 60, "LINE allows 60 tests an hour");
    }

    #[test]
    fn a_breaker_that_holds_is_looked_into_at_once() {
        let mut plan = Plan::new(at(0));
        let mut service = Service::default();
        plan.due(at(0), &service);
        service.breaker.held_since = Some(at(10));
        assert!(plan.due(at(11), &service).contains(&Chore::Probe));
        assert!(!plan.due(at(12), &service).contains(&Chore::Probe));
    }

    #[test]
    fn the_data_file_is_looked_at_soon_after_the_start_and_once_a_night() {
        let mut plan = Plan::new(at(0));
        let service = Service::default();
        let minutes = (0..10 * 24 * 60)
            .filter(|minute| plan.due(at(minute * 60), &service).contains(&Chore::Anew));
        let found: Vec<i64> = minutes.collect();
        assert_eq!((found[0], found.len()), (2, 11));
        let hours = found[1..].iter().map(|minute| Zone::default().local(at(minute * 60)).hour());
        assert!(hours.clone().all(|hour| hour == 4), "{:?}", hours.collect::<Vec<_>>());
    }

    #[test]
    fn everyone_is_counted_at_the_start_and_once_a_night() {
        let mut plan = Plan::new(at(0));
        let service = Service::default();
        let days = (0..10 * 24 * 60)
            .filter(|minute| plan.due(at(minute * 60), &service).contains(&Chore::Audit));
        assert_eq!(days.count(), 11);
    }
}
