//! When a person is asked: against walking over the calendar day by day, in every zone, and without a panic at moments
//! that no calendar has.

use std::sync::LazyLock;
use std::time::Duration;

use anshin::domain::schedule::{FIRST_DUE_AFTER, Hour, Interval, Schedule, Zone};
use anshin::domain::time::Moment;

static ZONES: LazyLock<Vec<Zone>> = LazyLock::new(|| {
    jiff::tz::db().available().filter_map(|name| Zone::named(name.as_str())).collect()
});

/// From 1972 on, where all zones count whole seconds, for a hundred years.
const FIRST_S: i64 = 63_072_000;
const SPAN_S: i64 = 100 * 31_557_600;

/// A probe is so far before or behind the start at most: the naive way walks there.
const REACH_S: i64 = 3 * 31_557_600;

pub(crate) fn run(bytes: &[u8]) {
    let &[interval, hour, zone_low, zone_high, s0, s1, s2, s3, s4, p0, p1, p2, p3, ref rest @ ..] =
        bytes
    else {
        return;
    };
    let interval = Interval::ALL[usize::from(interval) % Interval::ALL.len()];
    let hour = Hour::new(hour % 24).expect("an hour");
    let zone = ZONES[usize::from(u16::from_le_bytes([zone_low, zone_high])) % ZONES.len()].clone();
    let start = i64::from_le_bytes([s0, s1, s2, s3, s4, 0, 0, 0]) % (SPAN_S * 1000);
    let start = Moment::from_millis(FIRST_S * 1000 + start);
    let probe = i64::from(i32::from_le_bytes([p0, p1, p2, p3])) % REACH_S;
    let probe = Moment::from_millis(start.millis() + probe * 1000);
    let schedule = Schedule::starting(interval, hour, zone, start);
    let first = schedule.first_due();
    assert!(first >= start + FIRST_DUE_AFTER);
    assert!(first <= start + Duration::from_secs(3 * 86_400), "the first is soon: {schedule:?}");
    assert_eq!(schedule.next_after(probe), naive_next(&schedule, probe), "{schedule:?} {probe}");
    if let Some(far) = rest.first_chunk::<8>() {
        let far = Moment::from_millis(i64::from_le_bytes(*far));
        assert!(schedule.next_after(far) > far || far.millis() == i64::MAX);
        let beyond = Schedule::starting(interval, hour, schedule.zone.clone(), far);
        let _ = (beyond.first_due(), beyond.next_after(probe));
    }
}

/// Walks from the first day on and takes what comes after.
fn naive_next(schedule: &Schedule, after: Moment) -> Moment {
    let mut day = schedule.first_day;
    for counter in 0_u32.. {
        let due = schedule.zone.moment(day, schedule.hour.get());
        if counter.is_multiple_of(u32::from(schedule.interval.as_days())) && due > after {
            return due;
        }
        day = day.tomorrow().expect("a hundred years and a bit");
    }
    unreachable!("the calendar has no end here")
}
