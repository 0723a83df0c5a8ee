//! Settings about the office: where members make their membership longer.

use reqwest::Url;

use super::{ConfigError, Expected, Values};

/// The council's own page for that, where it names one. Members are sent there, so only HTTPS will do.
pub(super) fn payment_url(values: &Values) -> Result<Option<String>, ConfigError> {
    let key = "office.payment_url";
    let Some(text) = values.text(key) else { return Ok(None) };
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.has_host());
    let url = url.ok_or(ConfigError::Bad { key, expected: Expected::SecurePage })?;
    Ok(Some(url.to_string()))
}
