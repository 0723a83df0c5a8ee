//! Staff of the council: who may open the console, how they prove who they are, and the sessions
//! they are in. Secrets come in as hashes, or opaque, and none of them can be printed by accident.

mod act;
mod desk;
mod scope;

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::id::StaffId;
use super::mail::MailAddress;
use super::name::{Name, NameFault};
use super::rules::CLOCK_SLACK;
use super::time::Moment;

pub use act::{Deed, Factor, Proof, StaffAct, StaffFact};
pub use desk::{
    DeskAct, NEW_MEMBERS_MAX, NewMember, Phoned, PracticeAct, SavedList, SetUp, TakingOut,
    TeamPlan, Told,
};
pub use scope::{SCOPE_MAX, Scope};

/// Accounts, those that were stopped included: bounds what one look at a name has to read.
pub const STAFF_MAX: usize = 500;

/// Sessions of one account; with one more the oldest ends.
pub const SESSIONS_PER_STAFF_MAX: usize = 5;

/// How long the link of an invitation works.
pub const INVITATION_LIFE: Duration = Duration::from_secs(24 * 3600);

/// A session in which nothing is done for so long has ended.
pub const IDLE_MAX: Duration = Duration::from_secs(30 * 60);

/// A session ends after this, whatever is done in it.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 3600);

/// That a session is in use is written down at most this often.
pub const SEEN_EVERY: Duration = Duration::from_secs(60);

/// Recovery codes handed out at once.
pub const RECOVERY_CODES: usize = 10;

/// Failed log-ins without a wait.
const FREE_FAILURES: u32 = 5;

/// The wait after one more, doubled with each further one up to the last.
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Failures are forgotten after this long without another.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What somebody of the staff may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StaffRole {
    /// Everything, accounts of others included.
    Admin,
    /// The daily work.
    Worker,
    /// Looking.
    Viewer,
}

impl StaffRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Worker, Self::Viewer];
}

/// The SHA-256 of a random token or code of 112 bits and more: what is stored instead of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of a token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A hashed password as a PHC string, made and checked outside.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// The secret that an authenticator app shares with us.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FactorSecret(pub [u8; 20]);

impl fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorSecret(…)")
    }
}

/// A second factor: numbers that an app shows, a new one every half minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecondFactor {
    /// What the numbers are made from.
    pub secret: FactorSecret,
    /// The half minute of the last number that was used: it and older ones work no more.
    pub last_step: u64,
}

/// A link with which somebody sets password and second factor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StaffInvitation {
    /// The hash of its token.
    pub token: TokenHash,
    /// From then on it does not work.
    pub expires_at: Moment,
}

/// Failed log-ins since the last one that succeeded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// The last one.
    pub last_at: Moment,
}

impl Default for Failures {
    fn default() -> Self {
        Self { count: 0, last_at: Moment::EPOCH }
    }
}

impl Failures {
    /// Counts one more.
    pub fn add(&mut self, now: Moment) {
        if now.since(self.last_at) >= FORGOTTEN_AFTER {
            self.count = 0;
        }
        *self = Self { count: self.count.saturating_add(1), last_at: now };
    }

    /// One that was counted came to nothing: it was never judged.
    pub fn take_back(&mut self) {
        self.count = self.count.saturating_sub(1);
    }

    /// How long the next try has to wait; zero if it need not.
    #[must_use]
    pub fn wait(&self, now: Moment) -> Duration {
        let doublings = match self.count.checked_sub(FREE_FAILURES) {
            Some(more) if now.since(self.last_at) < FORGOTTEN_AFTER => more,
            _ => return Duration::ZERO,
        };
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_WAIT);
        (self.last_at + wait).since(now)
    }
}

/// An account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Staff {
    /// The number of this account.
    pub id: StaffId,
    /// The name, with which its owner logs in too.
    pub name: Name,
    /// What it may do.
    pub role: StaffRole,
    /// Whose affairs it is for.
    pub scope: Scope,
    /// Where its owner gets mail.
    pub mail: Option<String>,
    /// When it was made.
    pub since: Moment,
    /// Whether it may be used.
    pub active: bool,
    /// The password; `None` until it is set.
    pub password: Option<PasswordHash>,
    /// The second factor; `None` until it is confirmed.
    pub second_factor: Option<SecondFactor>,
    /// The link that was handed out and not used yet.
    pub invitation: Option<StaffInvitation>,
    /// Recovery codes that were not used yet.
    pub recovery: Vec<TokenHash>,
    /// Failed log-ins.
    pub failures: Failures,
}

impl Staff {
    /// Whether the link with this token can be used now.
    #[must_use]
    pub fn is_invited_by(&self, token: TokenHash, now: Moment) -> bool {
        self.active && self.invitation.is_some_and(|i| i.token == token && now < i.expires_at)
    }

    /// Where letters to its owner go.
    #[must_use]
    pub fn mailbox(&self) -> Option<MailAddress> {
        self.mail.as_deref().and_then(|mail| MailAddress::parse(mail).ok())
    }

    /// Where its owner hears what the office hears: whoever is there for a part of it alone does not.
    #[must_use]
    pub fn hears_by_letter(&self) -> Option<MailAddress> {
        self.mailbox().filter(|_| self.is_ready() && self.scope.is_everything())
    }

    /// Whether its owner has set it up and may log in.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.active && self.password.is_some() && self.second_factor.is_some()
    }

    /// Whether it is in use under this name, however that is written.
    #[must_use]
    pub fn answers_to(&self, key: &str) -> bool {
        self.active && name_key(self.name.as_str()) == key
    }
}

/// Why the name of an account was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffNameFault {
    /// It is no name that can be shown.
    Name(NameFault),
    /// It is a number, and could be taken for that of an account.
    Number,
}

/// Cleans and takes the name of an account.
pub fn staff_name(text: &str) -> Result<Name, StaffNameFault> {
    let name = Name::of_person(text).map_err(StaffNameFault::Name)?;
    let key = name_key(name.as_str());
    if key.chars().all(|c| c.is_ascii_digit()) { Err(StaffNameFault::Number) } else { Ok(name) }
}

/// A name as it is compared: any width and case, spaces left out.
#[must_use]
pub fn name_key(text: &str) -> String {
    let folded = text.chars().take(256).nfkc().filter(|c| !c.is_whitespace());
    folded.flat_map(char::to_lowercase).collect()
}

/// Somebody who is logged in, in one browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    /// The hash of its token.
    pub token: TokenHash,
    /// Who.
    pub staff: StaffId,
    /// When they logged in.
    pub since: Moment,
    /// When they last did something, to the minute.
    pub seen_at: Moment,
}

impl Session {
    /// When it ends if nothing more is done in it.
    #[must_use]
    pub fn ends_at(&self) -> Moment {
        (self.seen_at + IDLE_MAX).min(self.since + SESSION_LIFE)
    }

    /// Whether it goes on. One from the future was made before the clock was set back, and could
    /// last too long.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.seen_at - CLOCK_SLACK <= now && now < self.ends_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Moment {
        Moment::from_seconds(1_800_000_000)
    }

    #[test]
    fn waits_grow_so_that_ten_thousand_tries_are_few_evaluated_ones() {
        let mut failures = Failures::default();
        let mut evaluated = 0;
        for n in 0..10_000 {
            let now = start() + Duration::from_millis(n * 360);
            if failures.wait(now).is_zero() {
                evaluated += 1;
                failures.add(now);
            }
        }
        assert!((10..=20).contains(&evaluated), "{evaluated} in an hour");
        let last = start() + Duration::from_secs(3600);
        assert!(failures.wait(last) <= LONGEST_WAIT);
        assert!(failures.wait(last + FORGOTTEN_AFTER).is_zero());
    }

    #[test]
    fn a_few_failures_cost_no_wait_and_are_forgotten_after_a_day() {
        let mut failures = Failures::default();
        for _ in 0..4 {
            failures.add(start());
            assert!(failures.wait(start()).is_zero());
        }
        failures.add(start());
        assert_eq!(failures.wait(start()), FIRST_WAIT);
        failures.add(start() + FORGOTTEN_AFTER);
        assert_eq!(failures.count, 1);
    }

    #[test]
    fn a_session_ends_after_half_an_hour_of_nothing_and_after_twelve_hours_in_any_case() {
        let token = TokenHash::of("x");
        let mut session = Session { token, staff: StaffId(1), since: start(), seen_at: start() };
        assert!(session.is_live(start() + IDLE_MAX - Duration::from_millis(1)));
        assert!(!session.is_live(start() + IDLE_MAX));
        session.seen_at = start() + SESSION_LIFE - Duration::from_secs(1);
        assert!(session.is_live(session.seen_at));
        assert!(!session.is_live(start() + SESSION_LIFE));
        assert!(!session.is_live(start()), "the clock was set back by hours");
    }

    #[test]
    fn a_name_is_compared_in_any_width_and_case_and_is_no_number() {
        assert_eq!(name_key("山田 花子"), name_key("山田\u{3000}花子"));
        assert_eq!(name_key("Ｙａｍａｄａ"), name_key("yamada"));
        assert_eq!(staff_name("１２３"), Err(StaffNameFault::Number));
        assert_eq!(staff_name(" "), Err(StaffNameFault::Name(NameFault::Empty)));
        assert_eq!(staff_name(" 山田  2 ").unwrap().as_str(), "山田 2");
    }

    #[test]
    fn nothing_secret_is_printed() {
        let factor = SecondFactor { secret: FactorSecret([77; 20]), last_step: 5 };
        let proof = Proof {
            password: PasswordHash("$argon2id$canary".to_owned()),
            factor: Factor::Number(factor),
        };
        let session = TokenHash::of("canary");
        let deed = Deed::LoggedIn { staff: StaffId(1), proof, session, instead_of: Some(session) };
        let text = format!("{:?}", StaffAct { at: start(), deed });
        let byte = session.0[0].to_string();
        assert!(!text.contains("canary") && !text.contains("77, 77"), "{text}");
        assert!(!text.contains(&format!("[{byte}, ")), "{text}");
    }
}
