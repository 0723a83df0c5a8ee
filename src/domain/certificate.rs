//! The certificate of our own HTTPS: when it is renewed, when its end is a worry, and when an order
//! that failed is made again. It knows no file and no authority. Moments are those of the world, also
//! where practice runs faster: the rest of the world does not run along.

use std::time::Duration;

use super::time::Moment;

const DAY: Duration = Duration::from_secs(86_400);

/// So long before its end a certificate that nobody renewed is worth a word. One of 90 days is renewed
/// 30 days before.
const AGEING: Duration = DAY.saturating_mul(20);

/// So long before its end it is an alarm.
const ENDING: Duration = DAY.saturating_mul(3);

/// The lifetime that the spans above are meant for; those of a shorter one are shorter in proportion.
const USUAL_LIFE: Duration = DAY.saturating_mul(90);

/// What to wait after the first, second, … failed order; the last counts for all that follow. Let's
/// Encrypt allows five failures an hour.
const WAITS_MINUTES: [u64; 8] = [2, 10, 20, 40, 60, 120, 240, 360];

/// A wish of the authority is not followed more often than this part of a certificate's life: two days of ninety. One that
/// always wishes "now" must not use up what it allows.
const EARLIEST_PART: u32 = 45;

/// The authority is asked for its wish again after this, if it does not say.
const ASK_AGAIN: Duration = Duration::from_secs(6 * 3600);

/// The shortest and the longest wait that it can say.
const ASK_AGAIN_WITHIN: (Duration, Duration) = (Duration::from_secs(3600), DAY);

/// From and until when the authority would like a certificate to be renewed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// From.
    pub from: Moment,
    /// Until.
    pub until: Moment,
}

/// How long until the authority is asked for its wish again.
#[must_use]
pub fn ask_again_after(wanted: Option<Duration>) -> Duration {
    let (shortest, longest) = ASK_AGAIN_WITHIN;
    wanted.unwrap_or(ASK_AGAIN).clamp(shortest, longest)
}

/// From and until when a certificate is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Validity {
    /// From.
    pub from: Moment,
    /// Until.
    pub until: Moment,
}

impl Validity {
    /// When it is renewed: after two thirds of its life.
    #[must_use]
    pub fn renew_at(self) -> Moment {
        self.until - self.life() / 3
    }

    /// When it is renewed where the authority has a wish: at its own place in that window, a part of 65,536, and never later
    /// than without one.
    #[must_use]
    pub fn renew_within(self, wish: Option<Window>, place: u16) -> Moment {
        let latest = self.renew_at();
        let Some(window) = wish.filter(|window| window.from < window.until) else { return latest };
        let part = window.until.since(window.from).as_secs() / 65_536 * u64::from(place);
        let earliest = self.from + self.life() / EARLIEST_PART;
        (window.from + Duration::from_secs(part)).max(earliest).min(latest)
    }

    /// Whether it is good at this moment.
    #[must_use]
    pub fn is_good(self, now: Moment) -> bool {
        self.from <= now && now < self.until
    }

    fn life(self) -> Duration {
        self.until.since(self.from)
    }

    /// The moment that lies so long before the end of a certificate with the usual life.
    fn before_end(self, span: Duration) -> Moment {
        let life = self.life().min(USUAL_LIFE);
        let part = span.as_secs() * life.as_secs() / USUAL_LIFE.as_secs();
        self.until - Duration::from_secs(part)
    }
}

/// How the certificate stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    /// HTTPS is somebody else's work.
    #[default]
    NotOurs,
    /// The first one has been ordered, and nothing has gone wrong yet.
    Awaited,
    /// There is none, and the order of one failed.
    Missing,
    /// One is in service.
    Serves {
        /// From and until when it is good.
        validity: Validity,
        /// Another one was put in its place that cannot be used.
        refused: bool,
    },
}

/// What about the certificate somebody should look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Concern {
    /// There is none, or it ends within days or has ended: nobody reaches us then, LINE included.
    Lost(Option<Moment>),
    /// It ends then, and should have been renewed by now.
    Ageing(Moment),
    /// The new one cannot be used; the one before it serves, until then.
    Refused(Moment),
}

impl Concern {
    /// The end of the certificate, where there is one.
    #[must_use]
    pub fn until(self) -> Option<Moment> {
        match self {
            Self::Lost(until) => until,
            Self::Ageing(until) | Self::Refused(until) => Some(until),
        }
    }
}

impl Standing {
    /// What somebody should look at.
    #[must_use]
    pub fn concern(self, now: Moment) -> Option<Concern> {
        match self {
            Self::NotOurs | Self::Awaited => None,
            Self::Missing => Some(Concern::Lost(None)),
            Self::Serves { validity: Validity { from, until }, .. } if now < from => {
                Some(Concern::Lost(Some(until)))
            }
            Self::Serves { validity, refused } => {
                let until = validity.until;
                if now >= validity.before_end(ENDING) {
                    Some(Concern::Lost(Some(until)))
                } else if refused {
                    Some(Concern::Refused(until))
                } else {
                    (now >= validity.before_end(AGEING)).then_some(Concern::Ageing(until))
                }
            }
        }
    }
}

/// Orders that failed since the last one that did not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// The last of them.
    pub last_at: Option<Moment>,
}

impl Failures {
    /// After an order that brought this certificate. One that would have to be renewed at once counts as
    /// failed: some clock is wrong, and one order after the other would not set it right.
    #[must_use]
    pub fn after(self, brought: Validity, now: Moment) -> Self {
        if now < brought.renew_at() { Self::default() } else { self.and_one(now) }
    }

    /// As seen at this moment. One that lies ahead shows that the clock was set back: it counts as one of
    /// now, or the next order would wait until the clock has caught up.
    #[must_use]
    pub fn seen(self, now: Moment) -> Self {
        Self { last_at: self.last_at.map(|last_at| last_at.min(now)), ..self }
    }

    /// One more.
    #[must_use]
    pub fn and_one(self, now: Moment) -> Self {
        Self { count: self.count.saturating_add(1), last_at: Some(now) }
    }
}

/// When the next order is made, where the one in service is to be renewed then. What has passed is due.
#[must_use]
pub fn order_at(renew_at: Option<Moment>, failures: Failures) -> Moment {
    let wanted = renew_at.unwrap_or(Moment::EPOCH);
    match (failures.count, failures.last_at) {
        (0, _) | (_, None) => wanted,
        (count, Some(last_at)) => wanted.max(last_at + wait_after(count)),
    }
}

fn wait_after(failures: u32) -> Duration {
    let index = usize::try_from(failures).unwrap_or(usize::MAX).saturating_sub(1);
    let minutes = WAITS_MINUTES.get(index).or(WAITS_MINUTES.last()).copied().unwrap_or(360);
    Duration::from_secs(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u64) -> Moment {
        Moment::from_seconds(1_800_000_000) + DAY * u32::try_from(number).expect("a few days")
    }

    fn validity(days: u64) -> Validity {
        Validity { from: day(0), until: day(days) }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_is_renewed_after_two_thirds_of_its_life() {
        assert_eq!(validity(90).renew_at(), day(60));
        assert_eq!(validity(6).renew_at(), day(4));
        assert_eq!(order_at(Some(validity(90).renew_at()), Failures::default()), day(60));
        assert!(order_at(None, Failures::default()) <= day(0), "without one, now");
    }

    #[test]
    fn a_wish_of_the_authority_makes_it_earlier_and_never_later() {
        let wish = |from, until| Some(Window { from: day(from), until: day(until) });
        let at = |wish, place| validity(90).renew_within(wish, place);
        // At its place in the window.
        assert_eq!(at(wish(10, 20), 0), day(10));
        let middle = at(wish(10, 20), 1 << 15);
        assert!(middle > day(14) && middle <= day(15), "{middle}");
        assert!(at(wish(10, 20), u16::MAX) < day(20));
        // None, or nonsense: as without one.
        for nonsense in [None, wish(20, 10), wish(5, 5), wish(70, 80), wish(4000, 9000)] {
            for place in [0, 1 << 15, u16::MAX] {
                assert_eq!(at(nonsense, place), day(60), "{nonsense:?}");
            }
        }
        assert_eq!(at(wish(50, 70), u16::MAX), day(60), "its end may lie behind");
        // "Now", each time: no more often than every other day.
        let past = Some(Window { from: Moment::EPOCH, until: day(0) });
        assert_eq!(at(past, 7), day(2));
        let (widest, end) = (Moment::from_millis(i64::MIN), Moment::from_millis(i64::MAX));
        let at = at(Some(Window { from: widest, until: end }), u16::MAX);
        assert!(at >= day(2) && at <= day(60));
    }

    #[test]
    fn the_authority_is_asked_again_as_it_says_within_an_hour_and_a_day() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        for (wanted, waits) in [
            (None, 6),
            (Some(Duration::ZERO), 1),
            (Some(hours(5)), 5),
            (Some(hours(9000)), 24),
            (Some(Duration::MAX), 24),
        ] {
            assert_eq!(ask_again_after(wanted), hours(waits), "{wanted:?}");
        }
    }

    #[test]
    fn its_end_is_told_twenty_days_before_and_is_an_alarm_three_days_before() {
        let standing = |life, refused| Standing::Serves { validity: validity(life), refused };
        for life in [90, 398, 3650] {
            let (serves, end) = (standing(life, false), day(life));
            assert_eq!(serves.concern(day(life - 20) - SECOND), None, "{life}");
            assert_eq!(serves.concern(day(life - 20)), Some(Concern::Ageing(end)));
            assert_eq!(serves.concern(day(life - 3) - SECOND), Some(Concern::Ageing(end)));
            assert_eq!(serves.concern(day(life - 3)), Some(Concern::Lost(Some(end))));
            assert_eq!(serves.concern(day(life + 9)), Some(Concern::Lost(Some(end))));
        }
        assert_eq!(
            standing(90, false).concern(day(0) - SECOND),
            Some(Concern::Lost(Some(day(90))))
        );
        // Renewed in time, a short one is never worth a word.
        for life in [6, 45] {
            let renewed = validity(life).renew_at();
            assert_eq!(standing(life, false).concern(renewed + DAY / 2), None, "{life}");
            assert!(standing(life, false).concern(day(life) - DAY / 10).is_some(), "{life}");
        }
    }

    #[test]
    fn a_refused_one_is_told_at_once_and_a_missing_one_once_it_was_tried_in_vain() {
        let refused = Standing::Serves { validity: validity(90), refused: true };
        assert_eq!(refused.concern(day(1)), Some(Concern::Refused(day(90))));
        assert_eq!(refused.concern(day(89)), Some(Concern::Lost(Some(day(90)))));
        assert_eq!(Standing::Missing.concern(day(0)), Some(Concern::Lost(None)));
        assert_eq!(Standing::Awaited.concern(day(0)), None);
        assert_eq!(Standing::NotOurs.concern(day(0)), None);
    }

    #[test]
    fn failed_orders_come_again_ever_later_and_never_five_times_an_hour() {
        let (mut now, mut failures, mut tries) = (day(0), Failures::default(), Vec::new());
        for _ in 0..40 {
            tries.push(now);
            failures = failures.and_one(now);
            now = order_at(None, failures);
        }
        for four in tries.windows(5) {
            assert!(four[4].since(four[0]) > Duration::from_secs(3600), "{four:?}");
        }
        assert_eq!(tries[39].since(tries[38]), Duration::from_secs(6 * 3600));
    }

    #[test]
    fn a_certificate_that_is_old_when_it_comes_is_not_ordered_again_at_once() {
        let failures = Failures { count: 2, last_at: Some(day(1)) };
        assert_eq!(failures.after(validity(90), day(59)), Failures::default());
        let late = failures.after(validity(90), day(60));
        assert_eq!(late, Failures { count: 3, last_at: Some(day(60)) });
        assert!(order_at(Some(validity(90).renew_at()), late) > day(60));
    }

    #[test]
    fn a_failed_renewal_is_not_repeated_before_it_is_due_and_a_clock_set_back_stops_none() {
        let failures = Failures { count: 3, last_at: Some(day(61)) };
        let twenty_minutes = Duration::from_secs(1200);
        assert_eq!(order_at(Some(validity(90).renew_at()), failures), day(61) + twenty_minutes);
        assert_eq!(failures.seen(day(62)), failures);
        assert_eq!(order_at(None, failures.seen(day(2))), day(2) + twenty_minutes);
        let early = Failures { count: 1, last_at: Some(day(1)) };
        assert_eq!(order_at(Some(validity(90).renew_at()), early), day(60));
    }
}
