//! Mail addresses, read strictly: what is taken can stand in an envelope and in a header as it is.
//!
//! Only the plain form `name@example.jp` is taken: no display name, no comment, no quotes, no
//! address of a machine, nothing outside ASCII. One leniency: dots may be doubled or stand before
//! the `@`, because Japanese carriers once gave out such addresses and people still have them; they
//! are quoted where they are written ([`MailAddress::quoted`]).

use std::fmt;

/// Longest address, in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const ADDRESS_BYTES_MAX: usize = 254;

/// Longest part before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
pub const LOCAL_BYTES_MAX: usize = 64;

/// Longest part of a domain between two dots, in bytes (RFC 1035, 2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// Stands before a mail address where LINE's ids may stand as well.
pub(super) const MARK: &str = "mailto:";

/// A mail address. Two of the same mailbox are the same: the domain is in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress {
    /// With the mark before it, as it is stored.
    marked: String,
}

/// Why a text is no mail address that we take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MailFault {
    /// Nothing, or more than [`ADDRESS_BYTES_MAX`] bytes.
    Length,
    /// A name, brackets, quotes, a comment or a space beside the address itself.
    MoreThanAddress,
    /// Characters that no address has, such as full-width ones.
    Characters,
    /// No `@`, or more than one.
    At,
    /// The part before the `@`.
    Local,
    /// The part behind the `@`.
    Domain,
}

impl MailAddress {
    /// Reads an address that is the whole of `text`. Stored addresses are read by this as well, so what
    /// it takes today it has to take for ever.
    pub fn parse(text: &str) -> Result<Self, MailFault> {
        if text.is_empty() || text.len() > ADDRESS_BYTES_MAX {
            return Err(MailFault::Length);
        }
        if text.contains(['<', '>', '(', ')', '"', ',', ';', ' ']) {
            return Err(MailFault::MoreThanAddress);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(MailFault::Characters);
        }
        let (local, domain) = text.split_once('@').ok_or(MailFault::At)?;
        if domain.contains('@') {
            return Err(MailFault::At);
        }
        if !is_local(local) {
            return Err(MailFault::Local);
        }
        if !is_domain(domain) {
            return Err(MailFault::Domain);
        }
        Ok(Self { marked: format!("{MARK}{local}@{}", domain.to_ascii_lowercase()) })
    }

    /// The address, without the mark.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.marked.strip_prefix(MARK).unwrap_or_default()
    }

    /// The address with the mark, as it is stored.
    pub(super) fn marked(&self) -> &str {
        &self.marked
    }

    /// The part before the `@` as a protocol wants it: in quotes where its dots demand it.
    #[must_use]
    pub fn quoted_local(&self) -> String {
        let local = self.parts().0;
        if local.ends_with('.') || local.contains("..") {
            format!("\"{local}\"")
        } else {
            local.to_owned()
        }
    }

    /// The part behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.parts().1
    }

    /// The address as a protocol wants it.
    #[must_use]
    pub fn quoted(&self) -> String {
        format!("{}@{}", self.quoted_local(), self.domain())
    }

    fn parts(&self) -> (&str, &str) {
        self.as_str().split_once('@').unwrap_or_default()
    }
}

impl fmt::Debug for MailAddress {
    /// Nothing of it: even a part of a mail address can name a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mail…")
    }
}

/// "atext" of RFC 5322 and dots, the first character no dot.
fn is_local(local: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    (1..=LOCAL_BYTES_MAX).contains(&local.len())
        && !local.starts_with('.')
        && local.bytes().all(plain)
}

/// A name of at least two labels, the last one not of digits alone.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit_once('.').map(|(_, top)| top);
    let named = top.is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    named && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(text: &str) -> Option<MailFault> {
        MailAddress::parse(text).err()
    }

    #[test]
    fn plain_addresses_are_taken_and_those_of_carriers_with_odd_dots_too() {
        for (text, quoted) in [
            ("kenji@example.jp", "kenji@example.jp"),
            ("a@b.c", "a@b.c"),
            ("Kenji.Sato+anshin@Mail.Example.JP", "Kenji.Sato+anshin@mail.example.jp"),
            (
                "o'brien_{x}~=?/#!$%&*^|`-@ex-ample.co.jp",
                "o'brien_{x}~=?/#!$%&*^|`-@ex-ample.co.jp",
            ),
            ("k..j@docomo.ne.jp", "\"k..j\"@docomo.ne.jp"),
            ("kj.@ezweb.ne.jp", "\"kj.\"@ezweb.ne.jp"),
            ("a@xn--p8j9a0d9c9a.xn--q9jyb4c", "a@xn--p8j9a0d9c9a.xn--q9jyb4c"),
        ] {
            assert_eq!(MailAddress::parse(text).map(|a| a.quoted()), Ok(quoted.to_owned()));
        }
    }

    #[test]
    fn what_is_no_plain_address_is_refused_with_its_reason() {
        let long = format!("{}@{}.jp", "a".repeat(64), "b.".repeat(100));
        for (text, reason) in [
            ("", MailFault::Length),
            (long.as_str(), MailFault::Length),
            ("けんじ <kenji@example.jp>", MailFault::MoreThanAddress),
            ("<kenji@example.jp>", MailFault::MoreThanAddress),
            ("kenji@example.jp, b@example.jp", MailFault::MoreThanAddress),
            ("kenji(home)@example.jp", MailFault::MoreThanAddress),
            ("\"kenji\"@example.jp", MailFault::MoreThanAddress),
            (" kenji@example.jp", MailFault::MoreThanAddress),
            ("kenji@example.jp\r\nBcc:x@example.jp", MailFault::Characters),
            ("kenji@example.jp\n", MailFault::Characters),
            ("kenji\0@example.jp", MailFault::Characters),
            ("kenji\t@example.jp", MailFault::Characters),
            ("ｋｅｎｊｉ@example.jp", MailFault::Characters),
            ("kenji@みどり.jp", MailFault::Characters),
            ("kenji＠example.jp", MailFault::Characters),
            ("kenji.example.jp", MailFault::At),
            ("kenji@home@example.jp", MailFault::At),
            ("@example.jp", MailFault::Local),
            (".kenji@example.jp", MailFault::Local),
            ("ken\\ji@example.jp", MailFault::Local),
            ("ken:ji@example.jp", MailFault::Local),
            ("kenji@", MailFault::Domain),
            ("kenji@localhost", MailFault::Domain),
            ("kenji@192.0.2.1", MailFault::Domain),
            ("kenji@[192.0.2.1]", MailFault::Domain),
            ("kenji@example..jp", MailFault::Domain),
            ("kenji@example.jp.", MailFault::Domain),
            ("kenji@-example.jp", MailFault::Domain),
            ("kenji@exam_ple.jp", MailFault::Domain),
        ] {
            assert_eq!(fault(text), Some(reason), "{text}");
        }
        assert_eq!(fault(&format!("{}@example.jp", "a".repeat(65))), Some(MailFault::Local));
        assert_eq!(fault(&format!("a@{}.jp", "b".repeat(64))), Some(MailFault::Domain));
        assert_eq!(fault(&format!("{}@{}.jp", "a".repeat(64), "b".repeat(63))), None);
    }

    #[test]
    fn a_log_line_never_holds_a_part_of_an_address() {
        assert_eq!(format!("{:?}", MailAddress::parse("kenji@example.jp").unwrap()), "mail…");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_taken_as_it_is_and_read_again_the_same(
            text in "[ -~\\r\\n]{0,20}@?[a-zA-Z0-9.@<>\\-]{0,30}|\\PC{0,40}"
        ) {
            if let Ok(address) = MailAddress::parse(&text) {
                prop_assert!(address.as_str().eq_ignore_ascii_case(&text));
                prop_assert!(text.len() <= ADDRESS_BYTES_MAX);
                prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(text.matches('@').count(), 1);
                prop_assert_eq!(MailAddress::parse(address.as_str()), Ok(address));
            }
        }
    }
}
