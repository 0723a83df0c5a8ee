//! What can be wrong with the configuration. The sentences for people are in `locale/`.

use std::path::PathBuf;

use super::smtp::SmtpFault;
use crate::domain::mail::MailFault;
use crate::tls::files::{Files, FilesFault};

/// A fault of the configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        cause: String,
    },
    /// The file is no TOML.
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What the parser says.
        cause: String,
    },
    /// A key that does not exist.
    Unknown {
        /// The key.
        key: String,
        /// The key that is most like it.
        nearest: &'static str,
    },
    /// A key that must be set and is not.
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A value that is not of the key's kind, or makes no sense.
    Bad {
        /// The key.
        key: &'static str,
        /// What is expected.
        expected: Expected,
    },
    /// `mail.smtp_url` is no URL of a mail server.
    Smtp(SmtpFault),
    /// A value is no mail address.
    MailAddress {
        /// The key.
        key: &'static str,
        /// Why not.
        fault: MailFault,
    },
    /// A training clock would send faster than time to real people.
    TrainingOnLine,
    /// The same by mail.
    TrainingOnMail,
    /// What is carried away has to be encrypted.
    UploadInClear,
    /// HTTPS is ours to do, and people are to reach us without it.
    TlsWithoutHttps,
    /// The files of the certificate cannot be used.
    TlsFiles(Files, FilesFault),
}

/// What a value should have been.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// Text in quotes.
    Text,
    /// A whole number within bounds.
    Number(u32, u32),
    /// A length such as "24h".
    Length,
    /// A list of texts.
    List,
    /// `address:port`, no name.
    SocketAddress,
    /// `http://host` or `https://host`, nothing behind it.
    Url,
    /// The same with anything behind it.
    Page,
    /// The same, with `https` alone.
    SecurePage,
    /// `address/bits`.
    Network,
    /// One of these words.
    OneOf(&'static str),
    /// A readable file of certificates.
    CertificateFile,
    /// Public keys of age or SSH.
    AgeKeys,
    /// The full path of a program.
    Program,
    /// The host of `server.public_url`.
    PublicHost,
    /// The same, and a name in it that an authority knows.
    Domain,
    /// A list of no more than so many.
    AtMost(usize),
}
