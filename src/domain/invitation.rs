//! Invitations: short codes that bring a person into a team.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

use super::case::Actor;
use super::id::{OutboxId, PersonId, StaffId, TeamId};
use super::rules::MANAGER_CODE_LIFE;
use super::team::Role;
use super::time::Moment;

/// The characters of a code: no 0 and O, no 1 and I, which look alike on paper.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters of a code: 8 × 5 bits, a million million codes at ten guesses an hour.
const CODE_CHARS: usize = 8;

/// An invitation code of eight characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Code([u8; CODE_CHARS]);

impl Code {
    /// Reads a code that is the whole of `text`: any width and case, with or without hyphen or
    /// spaces.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let folded: Vec<char> = text
            .chars()
            .take(64)
            .nfkc()
            .filter(|c| !is_separator(*c))
            .flat_map(char::to_uppercase)
            .collect();
        let bytes: Vec<u8> = folded.iter().filter_map(|c| u8::try_from(*c).ok()).collect();
        let code: [u8; CODE_CHARS] = bytes.try_into().ok()?;
        let valid = folded.len() == CODE_CHARS && code.iter().all(|b| ALPHABET.contains(b));
        valid.then_some(Self(code))
    }

    /// Finds a code behind `mark` (the word for it, or the path of the invitation page) in a
    /// longer text, such as a whole invitation that was copied.
    #[must_use]
    pub fn find_behind(text: &str, mark: &str) -> Option<Self> {
        let (_, rest) = text.split_once(mark)?;
        let word: String = rest
            .trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '\u{FF1A}' | '\u{300C}' | '/')
            })
            .chars()
            .take_while(|c| c.nfkc().all(|f| f.is_ascii_alphanumeric()) || is_hyphen(*c))
            .collect();
        Self::read(&word)
    }

    /// The eight characters without hyphen, as in `/i/<code>`.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(|b| char::from(*b)).collect()
    }

    /// The bytes of the code, as stored.
    #[must_use]
    pub fn bytes(&self) -> [u8; CODE_CHARS] {
        self.0
    }

    /// A code read back from the data file.
    #[must_use]
    pub fn stored(bytes: [u8; CODE_CHARS]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Code {
    /// Two groups of four, as it is printed and read aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        write!(f, "{}-{}", &plain[..4], &plain[4..])
    }
}

fn is_hyphen(c: char) -> bool {
    // Hyphens, dashes, the minus sign, and the long vowel marks that a Japanese keyboard gives.
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{30FC}' | '\u{FF0D}' | '\u{FF70}'
    )
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_hyphen(c)
}

/// What a code allows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CodeKind {
    /// On a leaflet: makes members only, does not expire, can be used by many.
    Leaflet,
    /// For one manager, within a week.
    Manager,
    /// For one person of a family who chooses the role, within a week.
    Either,
}

impl CodeKind {
    /// Whether the code may be used once only.
    #[must_use]
    pub fn is_single_use(self) -> bool {
        match self {
            Self::Leaflet => false,
            Self::Manager | Self::Either => true,
        }
    }

    /// Whether the code lets someone take this role.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        match (self, role) {
            (Self::Leaflet, Role::Member) | (Self::Manager, Role::Manager) | (Self::Either, _) => {
                true
            }
            (Self::Leaflet, Role::Manager | Role::Applicant)
            | (Self::Manager, Role::Member | Role::Applicant) => false,
        }
    }
}

/// An invitation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// The code.
    pub code: Code,
    /// What it allows.
    pub kind: CodeKind,
    /// Into which team.
    pub team: TeamId,
    /// Who invites.
    pub by: Actor,
    /// When it was made.
    pub since: Moment,
    /// Who used a single-use code.
    pub used_by: Option<PersonId>,
}

impl Invitation {
    /// When it stops working; `None` for a leaflet.
    #[must_use]
    pub fn expires_at(&self) -> Option<Moment> {
        self.kind.is_single_use().then(|| self.since + MANAGER_CODE_LIFE)
    }

    /// Whether `person` can still use it now. The person who used a single-use code may come back
    /// to it until it expires: a registration can be interrupted.
    #[must_use]
    pub fn works_for(&self, person: Option<PersonId>, now: Moment) -> bool {
        let unused = self.used_by.is_none() || self.used_by == person;
        unused && self.expires_at().is_none_or(|end| now < end)
    }
}

/// Derives what must not be guessed, and what must come out the same again, from the secret of the
/// data file.
#[derive(Clone)]
pub struct Mint {
    key: Hmac<Sha256>,
    epoch: u32,
}

impl Mint {
    /// A mint over the secret of the data file.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { key: Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"), epoch: 0 }
    }

    /// The same after the data came out of a copy so many times. Under the identities of before, LINE may have
    /// taken messages of which the copy knows nothing, and would show nothing of what is sent under them again.
    #[must_use]
    pub fn in_epoch(self, epoch: u32) -> Self {
        Self { epoch, ..self }
    }

    /// The code number `n` of this data file.
    #[must_use]
    pub fn code(&self, n: u32) -> Code {
        let mut code = [0; CODE_CHARS];
        for (place, byte) in code.iter_mut().zip(self.derive(b"code", &n.to_be_bytes())) {
            *place = ALPHABET[usize::from(byte % 32)];
        }
        Code(code)
    }

    /// The identity of the message called `name`.
    #[must_use]
    pub fn outbox_id(&self, name: &str) -> OutboxId {
        let mut space = [0; 16];
        let epoch = self.epoch.to_be_bytes();
        let named: &[u8] = if self.epoch == 0 { b"" } else { &epoch };
        space.copy_from_slice(&self.derive(b"outbox", named)[..16]);
        let id = uuid::Uuid::new_v5(&uuid::Uuid::from_bytes(space), name.as_bytes());
        OutboxId(id.into_bytes())
    }

    /// A seal over `data`, 72 bits, that only this data file can make.
    #[must_use]
    pub fn seal(&self, data: &str) -> [u8; 9] {
        let mut seal = [0; 9];
        seal.copy_from_slice(&self.derive(b"seal", data.as_bytes())[..9]);
        seal
    }

    /// What a form must carry that belongs to the session with this token.
    #[must_use]
    pub fn form(&self, token: &str) -> [u8; 32] {
        self.derive(b"form", token.as_bytes())
    }

    /// The seal of a link into a page. Other seals are shorter and open nothing.
    #[must_use]
    pub fn link(&self, words: &str) -> [u8; 32] {
        self.derive(b"link", words.as_bytes())
    }

    /// What a browser shows in which this account has logged in before.
    #[must_use]
    pub fn known(&self, staff: StaffId) -> [u8; 32] {
        self.derive(b"known", &staff.0.to_be_bytes())
    }

    fn derive(&self, purpose: &[u8], data: &[u8]) -> [u8; 32] {
        let mut mac = self.key.clone();
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mint() -> Mint {
        Mint::new(&[7; 32])
    }

    #[test]
    fn a_code_is_read_in_any_width_case_and_grouping() {
        let code = Code::read("K7M4-2QXY").unwrap();
        for text in [
            "k7m42qxy",
            "Ｋ７Ｍ４－２ＱＸＹ",
            "ｋ７ｍ４２ｑｘｙ",
            " K7M4 2QXY\n",
            "K7M4ー2QXY",
            "K7M4—2QXY",
            "K7M4　2QXY",
        ] {
            assert_eq!(Code::read(text), Some(code), "{text}");
        }
        assert_eq!(code.to_string(), "K7M4-2QXY");
    }

    #[test]
    fn what_is_no_code_is_not_read_as_one() {
        for text in [
            "",
            "K7M4-2QX",
            "K7M4-2QXYZ",
            "K7M4-2QX0",
            "K7M4-2QXI",
            "げんきです",
            "ありがとうございます",
        ] {
            assert_eq!(Code::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_is_found_in_a_copied_invitation() {
        let code = Code::read("K7M42QXY");
        assert_eq!(Code::find_behind("招待コード K7M4-2QXY", "招待コード"), code);
        assert_eq!(Code::find_behind("招待コード：Ｋ７Ｍ４－２ＱＸＹ です", "招待コード"), code);
        assert_eq!(Code::find_behind("見て https://a.example/i/K7M42QXY より", "/i/"), code);
        assert_eq!(Code::find_behind("招待コードがある", "招待コード"), None);
    }

    #[test]
    fn a_leaflet_makes_members_only_and_a_managers_code_works_once_for_a_week() {
        let start = Moment::from_seconds(1_800_000_000);
        let mut invitation = Invitation {
            code: mint().code(1),
            kind: CodeKind::Manager,
            team: TeamId(2),
            by: Actor::Person(PersonId(1)),
            since: start,
            used_by: None,
        };
        assert!(!CodeKind::Leaflet.allows(Role::Manager));
        assert!(!CodeKind::Manager.allows(Role::Member));
        assert!(invitation.works_for(Some(PersonId(5)), start));
        assert!(!invitation.works_for(Some(PersonId(5)), start + MANAGER_CODE_LIFE));
        invitation.used_by = Some(PersonId(4));
        assert!(!invitation.works_for(Some(PersonId(5)), start));
        invitation.kind = CodeKind::Leaflet;
        invitation.used_by = None;
        assert!(invitation.works_for(None, start + MANAGER_CODE_LIFE * 1000));
    }

    #[test]
    fn the_same_name_gives_the_same_retry_key_and_another_file_another() {
        let first = mint().outbox_id("ask/1/2");
        assert_eq!(first, mint().outbox_id("ask/1/2"));
        assert_ne!(first, mint().outbox_id("ask/1/3"));
        assert_ne!(first, Mint::new(&[8; 32]).outbox_id("ask/1/2"));
        assert_ne!(
            first,
            mint().in_epoch(1).outbox_id("ask/1/2"),
            "after the data came out of a copy"
        );
        assert_eq!(first.to_string().len(), 36);
    }

    proptest! {
        #[test]
        fn every_minted_code_reads_back(n in any::<u32>()) {
            let code = mint().code(n);
            prop_assert_eq!(Code::read(&code.to_string()), Some(code));
            prop_assert_eq!(Code::read(&code.plain().to_lowercase()), Some(code));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,80}") {
            let _ = Code::read(&text);
            let _ = Code::find_behind(&text, "招待コード");
        }
    }
}
