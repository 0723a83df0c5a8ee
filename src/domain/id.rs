//! Identifiers. Persons, teams, cases and the like draw from one number space, so that a number names one
//! entity, and a timer can carry the number of the entity it belongs to.

use std::fmt;

use super::mail::{self, MailAddress};

/// Declares a 32-bit identifier: small enough for the timer wheel, never reused.
macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number_id! {
    /// A person: who is asked, who watches, or both.
    PersonId
}
number_id! {
    /// A team: binds those who are asked to those who are told.
    TeamId
}
number_id! {
    /// A case: opened by an alert, closed with an outcome.
    CaseId
}
number_id! {
    /// Somebody of the council's staff, who logs in to the console.
    StaffId
}

number_id! {
    /// An organization: a set of teams with people at its head.
    OrganizationId
}

number_id! {
    /// A group chat on LINE whose people ask each other.
    GroupId
}

number_id! {
    /// A bulletin: what the office says to many, or to one.
    BulletinId
}

/// A way out of the system: what an address belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Way {
    /// The chat on LINE.
    Line,
    /// E-mail.
    Mail,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Line, Self::Mail];
}

/// Where somebody is reached. Never shown to anyone and never written to a log in full.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// The chat on LINE.
    Line(LineId),
    /// A mailbox.
    Mail(MailAddress),
}

impl Address {
    /// Longest address on LINE, in bytes.
    pub const BYTES_MAX: usize = LineId::BYTES_MAX;

    /// Reads the stored form: a mail address behind its mark, else an id of LINE's.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        match text.strip_prefix(mail::MARK) {
            Some(address) => MailAddress::parse(address).ok().map(Self::Mail),
            None => Self::line(text),
        }
    }

    /// The chat on LINE with this id.
    #[must_use]
    pub fn line(id: &str) -> Option<Self> {
        LineId::new(id).map(Self::Line)
    }

    /// The stored form: LINE's id as it is, a mail address behind its mark.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Line(id) => id.as_str(),
            Self::Mail(address) => address.marked(),
        }
    }

    /// The way out that leads there.
    #[must_use]
    pub fn way(&self) -> Way {
        match self {
            Self::Line(_) => Way::Line,
            Self::Mail(_) => Way::Mail,
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(id) => fmt::Debug::fmt(id, f),
            Self::Mail(address) => fmt::Debug::fmt(address, f),
        }
    }
}

/// The opaque user id of a chat on LINE.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(String);

impl LineId {
    /// Longest id taken, in bytes. LINE's own are 33.
    pub const BYTES_MAX: usize = 64;

    /// Takes an id of printable ASCII without spaces that cannot be read as a mail address.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= Self::BYTES_MAX;
        let is_own = fits && !text.starts_with(mail::MARK);
        (is_own && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// The id as LINE wants it in a request.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LineId {
    /// The first five characters: enough to compare two log lines, not enough to reach anyone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.0.get(..5).unwrap_or("?"))
    }
}

/// Name of one message to one person, and its retry key towards the transport: derived from what
/// the message is about, so that a repeated decision names the same message again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId(pub [u8; 16]);

impl fmt::Display for OutboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", uuid::Uuid::from_bytes(self.0))
    }
}

impl fmt::Debug for OutboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_printable_ascii_of_bounded_length() {
        assert!(Address::new("U206d25c2ea6bd87c17655609a1c37cb8").is_some());
        assert!(Address::new("").is_none());
        assert!(Address::new("U 1").is_none());
        assert!(Address::new("Ｕ１").is_none());
        assert!(Address::new(&"U".repeat(Address::BYTES_MAX)).is_some());
        assert!(Address::new(&"U".repeat(Address::BYTES_MAX + 1)).is_none());
    }

    #[test]
    fn the_stored_form_says_which_way_an_address_belongs_to() {
        let mail = Address::new("mailto:kenji@example.jp").unwrap();
        assert!(matches!(&mail, Address::Mail(address) if address.as_str() == "kenji@example.jp"));
        assert_eq!((mail.as_str(), mail.way()), ("mailto:kenji@example.jp", Way::Mail));
        let line = Address::new("U206d25c2ea6bd87c17655609a1c37cb8").unwrap();
        assert_eq!((line.as_str(), line.way()), ("U206d25c2ea6bd87c17655609a1c37cb8", Way::Line));
        for broken in ["mailto:", "mailto:kenji", "mailto:k <kenji@example.jp>"] {
            assert_eq!(Address::new(broken), None, "{broken}");
        }
    }

    #[test]
    fn nothing_that_claims_to_come_from_line_can_become_a_mail_address() {
        assert_eq!(Address::line("mailto:kenji@example.jp"), None);
        assert_eq!(Address::line("kenji@example.jp").map(|address| address.way()), Some(Way::Line));
    }

    proptest::proptest! {
        #[test]
        fn every_address_is_stored_and_read_again_the_same(text in "(mailto:)?[!-~]{1,20}(@[a-z.]{1,20})?") {
            if let Some(address) = Address::new(&text) {
                proptest::prop_assert_eq!(Address::new(address.as_str()), Some(address));
            }
        }
    }

    #[test]
    fn a_log_line_never_holds_a_whole_address() {
        let address = Address::new("U206d25c2ea6bd87c17655609a1c37cb8").unwrap();
        assert_eq!(format!("{address:?}"), "U206d…");
        let address = Address::new("mailto:kenji@example.jp").unwrap();
        assert_eq!(format!("{address:?}"), "mail…");
    }
}
