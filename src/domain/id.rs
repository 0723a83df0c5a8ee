//! Identifiers. Persons, teams and cases draw from one number space, so that a number names one
//! entity, and a timer can carry the number of the entity it belongs to.

use std::fmt;

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

/// Where a person is reached on LINE: the opaque user id of the chat, never shown to anyone and
/// never written to a log in full.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// Longest address taken, in bytes. LINE's own are 33.
    pub const BYTES_MAX: usize = 64;

    /// Takes an address of printable ASCII without spaces, or nothing.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= Self::BYTES_MAX;
        (fits && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// The address as LINE wants it in a request.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
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
    fn a_log_line_never_holds_a_whole_address() {
        let address = Address::new("U206d25c2ea6bd87c17655609a1c37cb8").unwrap();
        assert_eq!(format!("{address:?}"), "U206d…");
    }
}
