//! Settings about mail: the server, who sends, and the mailboxes of the office.

use super::smtp::SmtpServer;
use super::{ConfigError, Expected, Mail, Values, roots};
use crate::domain::mail::MailAddress;
use crate::domain::rules::OFFICE_MAIL_MAX;

/// Server and sender: both, or no mail at all.
pub(super) fn server(values: &Values) -> Result<Option<Mail>, ConfigError> {
    let extra_roots = roots(values, "mail.extra_ca")?;
    let (url, from) = match (values.text("mail.smtp_url"), values.text("mail.from")) {
        (Some(url), Some(from)) => (url, from),
        (Some(_), None) => return Err(ConfigError::Missing { key: "mail.from" }),
        (None, Some(_)) => return Err(ConfigError::Missing { key: "mail.smtp_url" }),
        // An office that waits for letters must not wait for ever.
        (None, None) if !office(values)?.is_empty() => {
            return Err(ConfigError::Missing { key: "mail.smtp_url" });
        }
        (None, None) => return Ok(None),
    };
    let key = "mail.from";
    Ok(Some(Mail {
        server: SmtpServer::read(url).map_err(ConfigError::Smtp)?,
        from: MailAddress::parse(from).map_err(|fault| ConfigError::MailAddress { key, fault })?,
        extra_roots,
    }))
}

/// The mailboxes of the office.
pub(super) fn office(values: &Values) -> Result<Vec<MailAddress>, ConfigError> {
    let key = "office.mail";
    let texts = values.text(key).unwrap_or_default();
    let parts = texts.split(',').map(str::trim).filter(|part| !part.is_empty());
    let addresses: Result<Vec<MailAddress>, ConfigError> = parts
        .map(|part| {
            MailAddress::parse(part).map_err(|fault| ConfigError::MailAddress { key, fault })
        })
        .collect();
    let addresses = addresses?;
    if addresses.len() > OFFICE_MAIL_MAX {
        return Err(ConfigError::Bad { key, expected: Expected::AtMost(OFFICE_MAIL_MAX) });
    }
    Ok(addresses)
}
