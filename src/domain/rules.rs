//! The lengths and limits that the rules use. The standard values are the product's promise;
//! a configuration may change the waits, and the program says so where they differ.

use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Waits of the check-in. All positive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// From the acceptance of the question to the resend.
    pub resend_after: Duration,
    /// From the acceptance of the resend to the alert.
    pub alert_after: Duration,
    /// Whether a sticker, a photo or a voice message is a sign of life, or the button (and its words,
    /// typed) alone. Other texts are not: they may say the contrary.
    pub any_sign_counts: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { resend_after: DAY, alert_after: 3 * HOUR, any_sign_counts: true }
    }
}

impl Rules {
    /// From the due time to the moment when a person whose question never left is reported.
    #[must_use]
    pub fn not_sent_after(&self) -> Duration {
        self.resend_after + self.alert_after
    }
}

/// A LINE timestamp may run ahead of our clock by this much before it is clamped to receipt.
pub const CLOCK_SLACK: Duration = Duration::from_secs(5 * 60);

/// Events whose own timestamp is older than this have no effect: their identity may already have
/// left the list of seen events.
pub const EVENT_AGE_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// A reply token can work up to this long after its event (LINE: "20 minutes").
pub const REPLY_AGE_MAX: Duration = Duration::from_secs(20 * 60);

/// Wrong invitation codes a person may send within [`CODE_TRIES_WINDOW`].
pub const CODE_TRIES_MAX: u8 = 10;

/// See [`CODE_TRIES_MAX`].
pub const CODE_TRIES_WINDOW: Duration = HOUR;

/// How long an invitation for a manager stays valid.
pub const MANAGER_CODE_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Managers of a personal team.
pub const PERSONAL_MANAGERS_MAX: usize = 2;

/// Teams one person can be in, as member or manager: bounds what one step has to load.
pub const TEAMS_PER_PERSON_MAX: usize = 30;

/// Managers of one team: each gets every alert of the team.
pub const MANAGERS_PER_TEAM_MAX: usize = 30;

/// Open invitations of one team: old ones are withdrawn when this many are exceeded.
pub const INVITATIONS_PER_TEAM_MAX: usize = 20;

/// Teams among which a person chooses at once when inviting (LINE shows twelve cards side by side).
pub const INVITE_TEAMS_MAX: usize = 12;

/// Messages that fit into one reply (LINE's limit).
pub const REPLY_MESSAGES_MAX: usize = 5;
