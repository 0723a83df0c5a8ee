//! The lengths and limits that the rules use. The standard values are the product's promise;
//! a configuration may change the waits, and the program says so where they differ.

use std::time::Duration;

use super::mail::MailAddress;
use super::message::AlertTime;
use super::schedule::Hour;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// Waits of the check-in. All positive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// From the acceptance of the question to the resend.
    pub resend_after: Duration,
    /// From the acceptance of the resend to the alert.
    pub alert_after: Duration,
    /// From the acceptance of the question to a group to the word about who is missing.
    pub group_report_after: Duration,
    /// Whether any act in the chat is a sign of life (sticker, photo, voice, text), or the button (and
    /// its words, typed) alone.
    pub any_sign_counts: bool,
    /// From an alert that nobody takes to its repetition.
    pub remind_after: Duration,
    /// From an alert that nobody takes to the next people: heads of the organization, the office.
    pub escalate_after: Duration,
    /// A promise to look lapses when no outcome comes for so long.
    pub claim_lapses_after: Duration,
    /// After a start, nobody is reported for so long: presses of the meantime may still arrive.
    pub settle_after_start: Duration,
    /// No report is ever held back longer than this.
    pub hold_max: Duration,
    /// Part of the month's messages that questions must leave for alerts, in percent.
    pub alert_reserve_percent: u8,
    /// How many may watch in a family's team.
    pub family_managers_max: usize,
    /// Whether letters can leave at all.
    pub letters: bool,
    /// Mailboxes of the office: cases that come to it, alarms about the service, the daily report.
    pub office_mail: Vec<MailAddress>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            resend_after: DAY,
            alert_after: 3 * HOUR,
            group_report_after: 23 * HOUR,
            any_sign_counts: true,
            remind_after: HOUR,
            escalate_after: 3 * HOUR,
            claim_lapses_after: 3 * HOUR,
            settle_after_start: 10 * MINUTE,
            hold_max: HOUR,
            alert_reserve_percent: 10,
            family_managers_max: 2,
            letters: true,
            office_mail: Vec::new(),
        }
    }
}

impl Rules {
    /// From the due time to the moment when a person whose question never left is reported.
    #[must_use]
    pub fn not_sent_after(&self) -> Duration {
        self.resend_after + self.alert_after
    }

    /// The timer of an open round of a person or a group is never further ahead than this, unless it waits for the next
    /// question: apologies wait for some hours more than a second call does.
    #[must_use]
    pub fn round_timer_max(&self) -> Duration {
        let wait = self.resend_after.max(self.not_sent_after()).max(self.group_report_after);
        wait + APOLOGY_WAIT_MAX
    }

    /// The timer of a case is never further ahead than this: somebody is told again half a day later and then in the morning,
    /// which may have to wait for the end of two nights elsewhere, and a clock may be put back by an hour.
    #[must_use]
    pub fn case_timer_max(&self) -> Duration {
        let wait = self.remind_after.max(self.escalate_after).max(self.claim_lapses_after);
        wait.max(Duration::from_secs((12 + 24 + 2 * 8 + 1) * 3600))
    }

    /// When an alert would reach those who watch for a question at this hour.
    #[must_use]
    pub fn alert_time(&self, hour: Hour) -> AlertTime {
        after(hour, self.not_sent_after())
    }

    /// When a group would hear who is missing for a question at this hour.
    #[must_use]
    pub fn report_time(&self, hour: Hour) -> AlertTime {
        after(hour, self.group_report_after)
    }
}

fn after(hour: Hour, wait: Duration) -> AlertTime {
    let total = u64::from(hour.get()) * 3600 + wait.as_secs();
    AlertTime {
        days: u8::try_from(total / 86_400).unwrap_or(u8::MAX),
        hour: u8::try_from(total % 86_400 / 3600).unwrap_or(0),
    }
}

/// Whoever presses "I am in trouble" and then nothing for so long is told of.
pub const CALL_WAIT: Duration = Duration::from_secs(120);

/// Whoever watches and does not answer the yearly test for so long is not counted on any more.
pub const MANAGER_TEST_WAIT: Duration = Duration::from_secs(14 * 24 * 3600);

/// Somebody whom LINE does not reach, and whose case is closed, is looked at again after this: they are asked nothing.
pub const LOST_AGAIN: Duration = Duration::from_secs(7 * 24 * 3600);

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

/// A claimer is asked how it stands after this, or after half of a shorter lapse.
pub const NUDGE_AFTER: Duration = HOUR;

/// Deafness of less than this within a wait takes nothing from it.
pub const DEAF_IGNORED: Duration = Duration::from_secs(10 * 60);

/// After an apology the wait begins anew for as long as we were deaf, at least this.
pub const APOLOGY_WAIT_MIN: Duration = HOUR;

/// See [`APOLOGY_WAIT_MIN`]: and at most this.
pub const APOLOGY_WAIT_MAX: Duration = Duration::from_secs(3 * 3600);

/// Apologies within one round: whoever was not heard twice is reported as unknown.
pub const APOLOGIES_MAX: u8 = 2;

/// The receiver counts as hearing for so long after it was proven to hear.
pub const PROOF_LIFE: Duration = Duration::from_secs(15 * 60);

/// Probes without any answer after which an old proof is not believed any more.
pub const PROBES_UNANSWERED_MAX: u8 = 3;

/// How long an implausible number of alerts is held back for a look at ourselves.
pub const BREAKER_HOLD_MAX: Duration = Duration::from_secs(30 * 60);

/// Alerts within this are "at once" for the breaker.
pub const BREAKER_WINDOW: Duration = HOUR;

/// So many alerts at once are implausible, however few people are watched.
pub const BREAKER_ALERTS_MIN: usize = 5;

/// This part of all people watched, in percent, is implausible.
pub const BREAKER_PERCENT: u32 = 20;

/// An alert that LINE has not taken after this goes by mail as well.
pub const MAIL_AFTER: Duration = Duration::from_secs(5 * 60);

/// Good news that LINE does not take is sent anew for so long after it. Not longer: LINE may have brought it each time
/// and only failed to say so.
pub const CLEAR_TRIED_FOR: Duration = Duration::from_secs(2 * 24 * 3600);

/// Longest rest that people give themselves, in days.
pub const PAUSE_DAYS_MAX: u8 = 30;

/// Longest rest that staff agree with somebody.
pub const STAFF_PAUSE_DAYS_MAX: u8 = 90;

/// During a rest, those who watch are asked after so many days whether it still holds.
pub const PAUSE_PING_DAYS: u8 = 7;

/// An answer may come so long before its question, and none is asked then.
pub const EARLY_ANSWER: Duration = Duration::from_secs(12 * 3600);

/// How long "pressed by mistake" can take an answer back.
pub const MISTAKE_WINDOW: Duration = Duration::from_secs(10 * 60);

/// The wall hours in which a soft case is told and a digest sent: begin and end.
pub const OFFICE_HOURS: (u8, u8) = (9, 18);

/// The wall hours in which a team may want no alert: begin, and end.
pub const QUIET_HOURS: (u8, u8) = (22, 6);

/// Heads of one organization.
pub const HEADS_MAX: usize = 10;

/// Teams of one organization.
pub const ORGANIZATION_TEAMS_MAX: usize = 200;

/// Organizations of one service, as many as a list holds; staff make no more.
pub const ORGANIZATIONS_MAX: usize = 1000;

/// A manager is tested again after this many days.
pub const MANAGER_TEST_DAYS: u16 = 365;

/// Of so many open cases, the oldest ones, somebody hears at once: in the digest, and when they come to watch.
pub const DIGEST_CASES_MAX: usize = 200;

/// Mailboxes of the office.
pub const OFFICE_MAIL_MAX: usize = 20;

/// LINE takes nothing for so long: people are told, once an outage.
pub const OUTAGE_TOLD_AFTER: Duration = HOUR;

/// So much later than it should at most be may a timer stand.
pub const TIMER_SLACK: Duration = Duration::from_secs(10 * 60);
