//! Settings about our own HTTPS: none, a certificate from files, or one from an authority. Files are read
//! here, so that a fault in them is found before the service starts with them.

use std::net::IpAddr;
use std::path::PathBuf;

use reqwest::Url;

use super::{ConfigError, Expected, Values, roots};
use crate::domain::mail::MailAddress;
use crate::tls::acme::Authority;
use crate::tls::files::Files;

/// The usual authority.
pub(super) const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// Who does the work of HTTPS.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tls {
    /// A proxy in front, or nobody.
    Off,
    /// We, with a certificate of the operator's.
    Files(Files),
    /// We, with a certificate that we get ourselves.
    Acme(Authority),
}

/// The mode and what it needs. What belongs to another mode is not looked at.
pub(super) fn read(values: &Values, public_url: &str) -> Result<Tls, ConfigError> {
    let key = "tls.mode";
    let mode = values.required(key)?;
    if !["off", "files", "acme"].contains(&mode) {
        let expected = Expected::OneOf("\"off\", \"files\", \"acme\"");
        return Err(ConfigError::Bad { key, expected });
    }
    if mode == "off" {
        return Ok(Tls::Off);
    }
    let host = public_host(public_url).ok_or(ConfigError::TlsWithoutHttps)?;
    let domain = values.text("tls.domain").unwrap_or(&host).to_ascii_lowercase();
    if domain != host {
        return Err(ConfigError::Bad { key: "tls.domain", expected: Expected::PublicHost });
    }
    if mode == "files" { files(values, domain) } else { acme(values, domain) }
}

fn files(values: &Values, domain: String) -> Result<Tls, ConfigError> {
    let path = |key| values.required(key).map(PathBuf::from);
    let (certificate, key) = (path("tls.certificate")?, path("tls.key")?);
    let files = Files { certificate, key, domain };
    match files.read() {
        Ok(_) => Ok(Tls::Files(files)),
        Err(fault) => Err(ConfigError::TlsFiles(files, fault)),
    }
}

fn acme(values: &Values, domain: String) -> Result<Tls, ConfigError> {
    if domain.parse::<IpAddr>().is_ok() || !domain.contains('.') {
        return Err(ConfigError::Bad { key: "server.public_url", expected: Expected::Domain });
    }
    let key = "tls.contact";
    let contact = values.text(key).map(|text| {
        let address = text.strip_prefix("mailto:").unwrap_or(text);
        let parsed = MailAddress::parse(address);
        parsed.map_err(|fault| ConfigError::MailAddress { key, fault })
    });
    let contact = contact.transpose()?.map(|address| format!("mailto:{}", address.as_str()));
    let key = "tls.directory_url";
    let url = Url::parse(values.required(key)?).ok();
    let url = url.filter(|url| url.scheme() == "https" && url.has_host());
    let url = url.ok_or(ConfigError::Bad { key, expected: Expected::SecurePage })?;
    Ok(Tls::Acme(Authority {
        directory_url: url.to_string(),
        directory_roots: roots(values, "tls.directory_ca")?,
        domain,
        contact,
    }))
}

/// Name or address in an https URL, without port and brackets.
fn public_host(public_url: &str) -> Option<String> {
    let url = Url::parse(public_url).ok().filter(|url| url.scheme() == "https")?;
    Some(url.host_str()?.trim_matches(['[', ']']).to_owned())
}
