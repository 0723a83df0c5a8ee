//! Why a command failed: one sentence and an exit code.

use std::io::Write;
use std::process::ExitCode;

use crate::backup::{Cause, ProgramFault};
use crate::config::smtp::SmtpFault;
use crate::config::{ConfigError, Expected};
use crate::locale::cli::{self as words, Tongue};
use crate::store::StoreError;
use crate::tls::files::{Files, FilesFault};
use crate::tls::pair::Flaw;

/// A failed command.
#[derive(Debug)]
pub struct Complaint {
    /// What to tell.
    pub sentence: String,
    /// 1 failed, 2 usage or configuration.
    pub code: u8,
}

impl Complaint {
    /// Something failed while running.
    #[must_use]
    pub fn failed(sentence: String) -> Self {
        Self { sentence, code: 1 }
    }

    /// A fault of the configuration.
    #[must_use]
    pub fn config(fault: &ConfigError, tongue: Tongue) -> Self {
        Self { sentence: config(fault, tongue), code: 2 }
    }

    /// A fault of the data file.
    #[must_use]
    pub fn store(fault: &StoreError, tongue: Tongue) -> Self {
        Self::failed(store(fault, tongue))
    }
}

/// Prints a sentence to standard error.
pub(super) fn print(sentence: &str) {
    // Nobody reads it when standard error is closed.
    let _ = writeln!(std::io::stderr(), "anshin: {sentence}");
}

/// Help and version are answers; everything else is a wrong command line, told in one sentence.
pub(super) fn usage(fault: &clap::Error, tongue: Tongue) -> ExitCode {
    if !fault.use_stderr() {
        // Nobody reads it when standard output is closed.
        let _ = fault.print();
        return ExitCode::SUCCESS;
    }
    if fault.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Nothing was asked for: the whole help says more than a sentence.
        let _ = fault.print();
        return ExitCode::from(2);
    }
    print(&words::usage(&cause(&fault.to_string()), tongue));
    ExitCode::from(2)
}

/// The first sentence of clap's complaint, with the list that may follow it.
fn cause(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ");
    if !first.ends_with(':') {
        return first.to_owned();
    }
    let listed: Vec<&str> = lines.take_while(|line| !line.is_empty()).map(str::trim).collect();
    format!("{first} {}", listed.join(", "))
}

fn config(fault: &ConfigError, tongue: Tongue) -> String {
    match fault {
        ConfigError::Unreadable { path, cause } => {
            words::config_unreadable(&path.display().to_string(), cause, tongue)
        }
        ConfigError::Syntax { path, line, cause } => {
            words::config_syntax(&path.display().to_string(), *line, cause, tongue)
        }
        ConfigError::Unknown { key, nearest } => words::config_unknown(key, nearest, tongue),
        ConfigError::Missing { key } => {
            let variable = format!("ANSHIN_{}", key.replacen('.', "__", 1).to_uppercase());
            words::config_missing(key, &variable, tongue)
        }
        ConfigError::Bad { key, expected: value } => {
            words::config_bad(key, &expected(*value, tongue), tongue)
        }
        ConfigError::Smtp(fault) => words::mail::bad_url(&url_fault(*fault, tongue), tongue),
        ConfigError::MailAddress { key, fault } => words::mail::bad_address(key, *fault, tongue),
        ConfigError::TrainingOnLine => words::training_on_line(tongue),
        ConfigError::TrainingOnMail => words::mail::training_on_mail(tongue),
        ConfigError::UploadInClear => words::backup::upload_in_clear(tongue),
        ConfigError::TlsWithoutHttps => words::tls::without_https(tongue),
        ConfigError::TlsFiles(files, fault) => tls_files(files, fault, tongue),
    }
}

fn tls_files(files: &Files, fault: &FilesFault, tongue: Tongue) -> String {
    let (certificate, key) =
        (files.certificate.display().to_string(), files.key.display().to_string());
    match fault {
        FilesFault::UnreadableCertificate(cause) => {
            words::tls::unreadable("tls.certificate", &certificate, cause, tongue)
        }
        FilesFault::UnreadableKey(cause) => words::tls::unreadable("tls.key", &key, cause, tongue),
        FilesFault::Flawed(Flaw::NoCertificate) => words::tls::no_certificate(&certificate, tongue),
        FilesFault::Flawed(Flaw::NoKey) => words::tls::no_key(&key, tongue),
        FilesFault::Flawed(Flaw::OtherKey) => words::tls::other_key(&certificate, &key, tongue),
        FilesFault::Flawed(Flaw::OtherName) => {
            words::tls::other_name(&certificate, &files.domain, tongue)
        }
        FilesFault::Ended(until) => words::tls::ended(&certificate, &until.to_string(), tongue),
        FilesFault::NotYet(from) => words::tls::not_begun(&certificate, &from.to_string(), tongue),
    }
}

fn url_fault(fault: SmtpFault, tongue: Tongue) -> String {
    match fault {
        SmtpFault::Scheme => words::mail::url_scheme(tongue),
        SmtpFault::Length => words::mail::url_length(tongue),
        SmtpFault::Login => words::mail::url_login(tongue),
        SmtpFault::Percent => words::mail::url_percent(tongue),
        SmtpFault::Host => words::mail::url_host(tongue),
        SmtpFault::Port => words::mail::url_port(tongue),
        SmtpFault::Rest => words::mail::url_rest(tongue),
    }
}

fn expected(value: Expected, tongue: Tongue) -> String {
    match value {
        Expected::Text => words::expected_text(tongue),
        Expected::Number(min, max) => words::expected_number(min, max, tongue),
        Expected::Length => words::expected_length(tongue),
        Expected::List => words::expected_list(tongue),
        Expected::SocketAddress => words::expected_socket(tongue),
        Expected::Url => words::expected_url(tongue),
        Expected::Page => words::expected_page(tongue),
        Expected::SecurePage => words::expected_secure_page(tongue),
        Expected::Network => words::expected_network(tongue),
        Expected::OneOf(choices) => words::expected_one_of(choices, tongue),
        Expected::CertificateFile => words::expected_certificate(tongue),
        Expected::AgeKeys => words::backup::expected_keys(tongue),
        Expected::Program => words::backup::expected_program(tongue),
        Expected::PublicHost => words::expected_public_host(tongue),
        Expected::Domain => words::expected_domain(tongue),
        Expected::AtMost(most) => words::expected_at_most(most, tongue),
    }
}

/// Why there is no copy of the data.
pub(super) fn copy(cause: &Cause, tongue: Tongue) -> String {
    match cause {
        Cause::File { path, fault } => {
            words::backup::file(&path.display().to_string(), &words::system(fault, tongue), tongue)
        }
        Cause::Store(fault) => store(fault, tongue),
        Cause::Program(fault) => program(fault, tongue),
        Cause::Differs => words::backup::differs(tongue),
        Cause::Unrestorable => words::backup::unrestorable(tongue),
        Cause::Bug => words::bug(tongue),
    }
}

/// Why a program that works on copies did not.
pub(super) fn program(fault: &ProgramFault, tongue: Tongue) -> String {
    match fault {
        ProgramFault::Missing(name) => words::backup::no_program(name, tongue),
        ProgramFault::Unrun(fault) => words::system(fault, tongue),
        // Its own words: whoever looks for help looks for exactly these.
        ProgramFault::Refused(said) => said.clone(),
    }
}

/// Why the data cannot be used.
pub(super) fn store(fault: &StoreError, tongue: Tongue) -> String {
    match fault {
        StoreError::Unopenable { path, cause } => words::store_unopenable(
            &path.display().to_string(),
            &words::system(cause, tongue),
            tongue,
        ),
        StoreError::InUse(path) => words::store_in_use(&path.display().to_string(), tongue),
        StoreError::NoDatabase { path, cause } => {
            words::store_no_database(&path.display().to_string(), cause, tongue)
        }
        StoreError::Newer { path, found, known } => {
            words::store_newer(&path.display().to_string(), *found, *known, tongue)
        }
        StoreError::Damaged { table, what } => words::store_damaged(table, what, tongue),
        StoreError::Unwritable(cause) => words::store_unwritable(cause, tongue),
        StoreError::Database(cause) => {
            let said = fault.system().map(|fault| words::system(fault, tongue));
            words::store_unwritable(&said.unwrap_or_else(|| cause.to_string()), tongue)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn why_there_is_no_copy_is_said_in_the_language_of_the_terminal() {
        let io = |kind| io::Error::from(kind);
        let path = || PathBuf::from("/var/lib/anshin/backup");
        let full = redb::StorageError::Io(io(io::ErrorKind::StorageFull));
        let causes = [
            Cause::File { path: path(), fault: io(io::ErrorKind::PermissionDenied) },
            Cause::File { path: path(), fault: io(io::ErrorKind::StorageFull) },
            Cause::Store(StoreError::InUse(path())),
            Cause::Store(StoreError::Damaged { table: "persons", what: "kind" }),
            Cause::Store(full.into()),
            Cause::Program(ProgramFault::Missing("age".to_owned())),
            Cause::Program(ProgramFault::Unrun(io(io::ErrorKind::TimedOut))),
            Cause::Differs,
            Cause::Unrestorable,
            Cause::Bug,
        ];
        for cause in &causes {
            let (ja, en) = (copy(cause, Tongue::Ja), copy(cause, Tongue::En));
            let words = |text: &str| text.split(' ').filter(|word| word.is_ascii()).count();
            assert!(!ja.is_ascii() && words(&ja) < 4, "{ja}");
            assert!(en.is_ascii(), "{en}");
        }
        assert!(copy(&causes[4], Tongue::Ja).contains("ディスクがいっぱい"));
    }
}
