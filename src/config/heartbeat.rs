//! Settings about the heartbeat: who is called, and how often.

use std::time::Duration;

use reqwest::Url;

use super::{ConfigError, Expected, Values};

/// Who is called while all is well, and how often.
#[derive(Clone)]
pub struct Heartbeat {
    /// The address. Whoever knows it can call it, so it is shown nowhere.
    pub url: Url,
    /// Real time between two calls.
    pub every: Duration,
}

impl std::fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "every {:?}", self.every)
    }
}

/// The heartbeat, where an address is named.
pub(super) fn read(values: &Values) -> Result<Option<Heartbeat>, ConfigError> {
    let key = "heartbeat.url";
    let Some(text) = values.text(key) else { return Ok(None) };
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let url =
        url.filter(Url::has_host).ok_or(ConfigError::Bad { key, expected: Expected::Page })?;
    Ok(Some(Heartbeat { url, every: values.length("heartbeat.every")? }))
}
