//! What a visitor may break: the switches of the page, and what each turns at LINE. What breaking means to the server
//! is not known here.

use std::time::Duration;

use crate::locale::demo::trouble::{self as words, Switch};
use crate::platform::Platform;

/// A reply token's life on the model, at the clock's usual speed.
const TOKEN_LIFE: Duration = Duration::from_secs(60);

/// How much later events and answers come while LINE is slow, in real time.
const SLOW_EVENT: Duration = Duration::from_secs(5);
const SLOW_ANSWER: Duration = Duration::from_secs(2);

/// LINE does not say how often it delivers again. So often, a visitor has the time to start the server, even on a
/// fast clock.
const REDELIVERIES_MAX: u32 = 100;

/// A switch for something at LINE.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// LINE does nothing at all.
    LineDown,
    /// Messages arrive, and LINE does not say so.
    AnswersLost,
    /// The month's messages are used up.
    QuotaOut,
    /// LINE wants us to be slower.
    RateLimited,
    /// Everything takes a while.
    Slow,
    /// LINE delivers again what did not reach us: a setting rather than a fault.
    Redelivery,
}

impl Fault {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::LineDown,
        Self::AnswersLost,
        Self::RateLimited,
        Self::Slow,
        Self::QuotaOut,
        Self::Redelivery,
    ];

    /// The name by which the page asks for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LineDown => "line_down",
            Self::AnswersLost => "answers_lost",
            Self::QuotaOut => "quota_out",
            Self::RateLimited => "rate_limited",
            Self::Slow => "slow",
            Self::Redelivery => "redelivery",
        }
    }

    /// Finds one by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// What the page says of it.
    #[must_use]
    pub fn words(self) -> &'static Switch {
        match self {
            Self::LineDown => &words::LINE_DOWN,
            Self::AnswersLost => &words::ANSWERS_LOST,
            Self::QuotaOut => &words::QUOTA_OUT,
            Self::RateLimited => &words::RATE_LIMITED,
            Self::Slow => &words::SLOW,
            Self::Redelivery => &words::REDELIVERY,
        }
    }

    /// Whether everything would be well without it.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        self != Self::Redelivery
    }

    /// Whether messages cannot leave, or nobody learns that they did.
    #[must_use]
    pub fn stops_messages(self) -> bool {
        !matches!(self, Self::Slow | Self::Redelivery)
    }

    /// Whether it is on.
    pub fn is_on(self, platform: &mut Platform, now_ms: i64) -> bool {
        match self {
            Self::LineDown => platform.faults.refuse_all_5xx_before,
            Self::AnswersLost => platform.faults.lose_sending_answers,
            Self::QuotaOut => {
                let used = platform.usage_at(now_ms);
                platform.settings().quota_messages.is_some_and(|limit| used >= limit)
            }
            Self::RateLimited => platform.faults.rate_limited,
            Self::Slow => platform.faults.delay_ms > 0,
            Self::Redelivery => platform.settings().redelivery,
        }
    }

    /// Turns it. An error says in words why it cannot be turned.
    pub fn turn(
        self,
        platform: &mut Platform,
        now_ms: i64,
        on: bool,
        speed: u32,
    ) -> Result<(), &'static str> {
        match self {
            Self::LineDown => {
                platform.faults.refuse_all_5xx_before = on;
                platform.faults.webhook_held = on;
            }
            Self::AnswersLost => platform.faults.lose_sending_answers = on,
            Self::QuotaOut => return turn_quota(platform, now_ms, on),
            Self::RateLimited => platform.faults.rate_limited = on,
            Self::Slow => slow_down(platform, on, speed),
            Self::Redelivery => {
                platform.faults.redeliveries_max = Some(REDELIVERIES_MAX);
                platform.set_redelivery(on);
            }
        }
        Ok(())
    }
}

fn turn_quota(platform: &mut Platform, now_ms: i64, on: bool) -> Result<(), &'static str> {
    match on {
        true if platform.settings().quota_messages.is_none() => return Err(words::NO_LIMIT),
        true => platform.use_up_quota(now_ms),
        false => platform.give_back_quota(),
    }
    if Fault::QuotaOut.is_on(platform, now_ms) == on { Ok(()) } else { Err(words::REALLY_OUT) }
}

/// On a fast clock everything that takes real time takes more of the clock's.
pub fn at_speed(platform: &mut Platform, speed: u32) {
    platform.faults.reply_token_life_ms = Some(scaled(TOKEN_LIFE, speed));
    let slow = platform.faults.delay_ms > 0;
    slow_down(platform, slow, speed);
}

fn slow_down(platform: &mut Platform, on: bool, speed: u32) {
    let late = |by| if on { scaled(by, speed) } else { 0 };
    platform.faults.delay_ms = late(SLOW_ANSWER);
    platform.faults.webhook_delay_ms = late(SLOW_EVENT);
}

fn scaled(time: Duration, speed: u32) -> i64 {
    i64::try_from((time * speed.max(1)).as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_turns_on_and_off_and_disturbs_no_other() {
        for fault in Fault::ALL {
            assert_eq!(Fault::named(fault.name()), Some(fault));
            let mut platform = Platform::default();
            let all = |platform: &mut Platform| Fault::ALL.map(|other| other.is_on(platform, 0));
            let before = all(&mut platform);
            assert_eq!(fault.turn(&mut platform, 0, true, 60), Ok(()), "{fault:?}");
            let expected = Fault::ALL.map(|other| other == fault);
            assert_eq!(all(&mut platform), expected, "{fault:?}");
            assert_eq!(fault.turn(&mut platform, 0, false, 60), Ok(()), "{fault:?}");
            assert_eq!(all(&mut platform), before, "{fault:?}");
        }
    }

    #[test]
    fn a_larger_plan_or_a_new_month_ends_a_quota_that_was_used_up() {
        const MONTH_MS: i64 = 32 * 24 * 3_600_000;
        let mut platform = Platform::default();
        Fault::QuotaOut.turn(&mut platform, 0, true, 1).unwrap();
        assert!(!Fault::QuotaOut.is_on(&mut platform, MONTH_MS));
        Fault::QuotaOut.turn(&mut platform, MONTH_MS, true, 1).unwrap();
        platform.set_quota(Some(5_000));
        assert!(!Fault::QuotaOut.is_on(&mut platform, MONTH_MS));
        platform.set_quota(None);
        assert_eq!(Fault::QuotaOut.turn(&mut platform, MONTH_MS, true, 1), Err(words::NO_LIMIT));
    }

    #[test]
    fn a_change_of_speed_keeps_line_as_slow_as_it_was_and_no_slower() {
        let mut platform = Platform::default();
        at_speed(&mut platform, 60);
        assert!(!Fault::Slow.is_on(&mut platform, 0));
        Fault::Slow.turn(&mut platform, 0, true, 60).unwrap();
        at_speed(&mut platform, 1);
        assert_eq!(platform.faults.webhook_delay_ms, 5_000);
        assert_eq!(platform.faults.reply_token_life_ms, Some(60_000));
    }
}
