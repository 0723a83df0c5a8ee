//! The ladder after an alert: what happens next while nobody has settled a case, and when. Pure
//! arithmetic; what a rung does is in `decide/climb`.
//!
//! Unclaimed: mail where LINE is slow, again to all, then the heads and the office, then every
//! day. Claimed: a nudge, then the claim lapses and it begins again. It has no last rung.

use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;

use super::rules::{MAIL_AFTER, NUDGE_AFTER, OFFICE_HOURS, QUIET_HOURS, Rules};
use super::schedule::Zone;
use super::time::Moment;

/// What the timer of a case does when it is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rung {
    /// Whoever has not got the alert on LINE by now gets it by mail.
    Mail,
    /// Everyone is asked again.
    Remind,
    /// The heads of the organization and the office are told.
    Escalate,
    /// Everyone is told again each day.
    Digest,
    /// Whoever claimed it is asked how it stands.
    Nudge,
    /// The claim lapses, and everyone is asked again.
    Lapse,
    /// A soft case is told, in office hours.
    Tell,
    /// Nothing: a soft case that was told waits for a human.
    Rest,
}

impl Rung {
    /// All rungs, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 8] = [
        Self::Mail,
        Self::Remind,
        Self::Escalate,
        Self::Digest,
        Self::Nudge,
        Self::Lapse,
        Self::Tell,
        Self::Rest,
    ];
}

/// When mail takes the place of an alert that LINE has not taken: before the first reminder even
/// where that comes early.
#[must_use]
pub fn mail_at(raised_at: Moment, rules: &Rules) -> Moment {
    raised_at + MAIL_AFTER.min(rules.remind_after / 2)
}

/// What follows an alert that nobody has claimed, seen at `now`. A rung whose successor is due as
/// well is passed over: two calls in one minute say no more than one.
#[must_use]
pub fn unclaimed(raised_at: Moment, now: Moment, rules: &Rules) -> (Rung, Moment) {
    let escalate = reminded(raised_at, now, rules);
    let remind_at = raised_at + rules.remind_after;
    if remind_at > now && remind_at < escalate.1 { (Rung::Remind, remind_at) } else { escalate }
}

/// What follows the reminder, seen at `now`: also one that came before its time, as after a clock that ran ahead.
#[must_use]
pub fn reminded(raised_at: Moment, now: Moment, rules: &Rules) -> (Rung, Moment) {
    let escalate_at = raised_at + rules.escalate_after.max(rules.remind_after);
    (Rung::Escalate, escalate_at.max(now))
}

/// What follows an alert of which nobody was reminded yet, seen at `now`: the reminder, at once if we stood still when it was
/// due; what comes after it, if that is due by now.
#[must_use]
pub fn unreminded(raised_at: Moment, now: Moment, rules: &Rules) -> (Rung, Moment) {
    let missed = raised_at + rules.remind_after <= now;
    match unclaimed(raised_at, now, rules) {
        (Rung::Escalate, at) if at > now && missed => (Rung::Remind, now),
        next => next,
    }
}

/// What follows a claim.
#[must_use]
pub fn claimed(claimed_at: Moment, rules: &Rules) -> (Rung, Moment) {
    (Rung::Nudge, claimed_at + NUDGE_AFTER.min(rules.claim_lapses_after / 2))
}

/// When a claim lapses.
#[must_use]
pub fn lapses_at(claimed_at: Moment, rules: &Rules) -> Moment {
    claimed_at + rules.claim_lapses_after
}

/// The next daily digest: the next opening hour at least so far away that nobody is told twice
/// within half a day.
#[must_use]
pub fn digest_at(now: Moment, zone: &Zone) -> Moment {
    next_opening(now + Duration::from_secs(12 * 3600), zone)
}

/// The day of which a digest is. By one clock for everyone: whoever moves to the west lives the same day twice.
#[must_use]
pub fn digest_day(now: Moment) -> Date {
    Zone::default().local(now).date()
}

/// The next moment at which a soft case may be told: now in office hours, else when they begin.
#[must_use]
pub fn tell_at(now: Moment, zone: &Zone) -> Moment {
    let (begin, end) = OFFICE_HOURS;
    let hour = u8::try_from(zone.local(now).hour()).unwrap_or(0);
    if (begin..end).contains(&hour) { now } else { next_opening(now, zone) }
}

/// Until when the night lasts, if `now` is in it.
#[must_use]
pub fn quiet_until(now: Moment, zone: &Zone) -> Option<Moment> {
    let hour = u8::try_from(zone.local(now).hour()).ok()?;
    let (begin, end) = QUIET_HOURS;
    (hour >= begin || hour < end).then(|| hour_after(now, zone, end))
}

/// The first opening hour at or after `moment`.
fn next_opening(moment: Moment, zone: &Zone) -> Moment {
    hour_after(moment, zone, OFFICE_HOURS.0)
}

/// The first `hour` on the wall at or after `moment`.
#[must_use]
pub fn hour_after(moment: Moment, zone: &Zone, hour: u8) -> Moment {
    let today = zone.local(moment).date();
    (0..3_i64)
        .filter_map(|days| today.checked_add(days.days()).ok())
        .map(|day| zone.moment(day, hour))
        .find(|at| *at >= moment)
        .unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokyo(text: &str) -> Moment {
        let wall: jiff::civil::DateTime = text.parse().unwrap();
        let day = Zone::default().moment(wall.date(), 0);
        day + Duration::from_secs(
            u64::try_from(wall.hour()).unwrap() * 3600 + u64::try_from(wall.minute()).unwrap() * 60,
        )
    }

    #[test]
    fn an_unclaimed_alert_is_repeated_after_60_minutes_and_climbs_after_3_hours() {
        let rules = Rules::default();
        let raised = tokyo("2026-11-24T12:00");
        let next = unclaimed(raised, raised, &rules);
        assert_eq!(next, (Rung::Remind, tokyo("2026-11-24T13:00")));
        let next = unclaimed(raised, next.1, &rules);
        assert_eq!(next, (Rung::Escalate, tokyo("2026-11-24T15:00")));
    }

    #[test]
    fn a_reminder_that_is_as_late_as_the_next_rung_is_passed_over() {
        let rules = Rules::default();
        let raised = tokyo("2026-11-24T12:00");
        let now = tokyo("2026-11-24T18:00");
        assert_eq!(unclaimed(raised, now, &rules), (Rung::Escalate, now));
    }

    #[test]
    fn after_a_reminder_there_is_no_other_one_however_early_it_came() {
        let rules = Rules::default();
        let raised = tokyo("2026-11-24T12:00");
        for now in ["2026-11-24T12:01", "2026-11-24T13:00", "2026-11-24T14:59"] {
            let next = reminded(raised, tokyo(now), &rules);
            assert_eq!(next, (Rung::Escalate, tokyo("2026-11-24T15:00")), "{now}");
        }
    }

    #[test]
    fn a_claim_is_nudged_after_60_minutes_and_lapses_after_3_hours() {
        let rules = Rules::default();
        let at = tokyo("2026-11-24T12:00");
        assert_eq!(claimed(at, &rules), (Rung::Nudge, tokyo("2026-11-24T13:00")));
        assert_eq!(lapses_at(at, &rules), tokyo("2026-11-24T15:00"));
    }

    #[test]
    fn a_digest_comes_at_nine_and_not_twice_in_half_a_day() {
        let zone = Zone::default();
        assert_eq!(digest_at(tokyo("2026-11-24T15:00"), &zone), tokyo("2026-11-25T09:00"));
        assert_eq!(digest_at(tokyo("2026-11-25T09:00"), &zone), tokyo("2026-11-26T09:00"));
        assert_eq!(digest_at(tokyo("2026-11-25T03:00"), &zone), tokyo("2026-11-26T09:00"));
    }

    #[test]
    fn a_soft_case_is_told_in_office_hours() {
        let zone = Zone::default();
        assert_eq!(tell_at(tokyo("2026-11-24T17:59"), &zone), tokyo("2026-11-24T17:59"));
        assert_eq!(tell_at(tokyo("2026-11-24T18:00"), &zone), tokyo("2026-11-25T09:00"));
        assert_eq!(tell_at(tokyo("2026-11-24T05:00"), &zone), tokyo("2026-11-24T09:00"));
    }
}
