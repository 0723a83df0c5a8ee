//! When the authority would like a certificate to be renewed (RFC 9773): asks it, by two plain requests. Whatever goes wrong
//! with that, or is nonsense, leaves everything as if the authority had no wish.

use std::time::Duration;

use instant_acme::CertificateIdentifier;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::courier::Courier;
use crate::domain::certificate::{Window, ask_again_after};
use crate::domain::time::Moment;

/// An explanation that is noted has so many characters at most.
const EXPLANATION_CHARS_MAX: usize = 200;

/// What became of asking.
pub(super) struct Asked {
    /// When the authority would like it, if it said so.
    pub(super) window: Option<Window>,
    /// How long until it is asked again.
    pub(super) again_after: Duration,
}

/// Asks about one certificate; `None` where the authority has no such thing.
pub(super) async fn ask(
    courier: &Courier,
    directory_url: &str,
    identity: &CertificateIdentifier<'_>,
) -> Result<Option<Asked>, String> {
    let (directory, _) = courier.get(directory_url).await?;
    let Some(address) = directory["renewalInfo"].as_str() else { return Ok(None) };
    let address = format!("{}/{identity}", address.trim_end_matches('/'));
    let (answer, retry_after) = courier.get(&address).await?;
    let window = read(&answer).ok_or("what it said is no window")?;
    if let Some(why) = answer["explanationURL"].as_str() {
        let why: String = why.chars().take(EXPLANATION_CHARS_MAX).collect();
        tracing::info!(%why, "the authority says why it would like another moment");
    }
    Ok(Some(Asked { window: Some(window), again_after: ask_again_after(retry_after) }))
}

/// A window that begins before it ends.
fn read(answer: &Value) -> Option<Window> {
    let moment = |name: &str| {
        let text = answer["suggestedWindow"][name].as_str()?;
        let moment: jiff::Timestamp = text.parse().ok()?;
        Some(Moment::from_millis(moment.as_millisecond()))
    };
    let window = Window { from: moment("start")?, until: moment("end")? };
    (window.from < window.until).then_some(window)
}

/// Where in a window a certificate has its place, as a part of 65,536: by chance, so that not everyone comes at once, and
/// the same after each restart.
pub(super) fn place(identity: &CertificateIdentifier<'_>) -> u16 {
    let digest = Sha256::digest(identity.to_string());
    u16::from_be_bytes([digest[0], digest[1]])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_a_window_is_read() {
        let window =
            |start: &str, end: &str| json!({"suggestedWindow": {"start": start, "end": end}});
        let good = read(&window("2026-11-23T00:00:00Z", "2026-11-25T09:00:00+09:00"));
        let from = Moment::from_millis(1_795_392_000_000);
        assert_eq!(good, Some(Window { from, until: from + Duration::from_secs(2 * 86_400) }));
        for nonsense in [
            json!({}),
            json!([]),
            json!({"suggestedWindow": 7}),
            window("soon", "later"),
            window("2026-11-25T00:00:00Z", "2026-11-23T00:00:00Z"),
            window("2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z"),
            window("2026-11-25T00:00:00", "2026-11-26T00:00:00"),
            window("99999-11-25T00:00:00Z", "2026-11-26T00:00:00Z"),
            json!({"suggestedWindow": {"start": "2026-11-25T00:00:00Z"}}),
        ] {
            assert_eq!(read(&nonsense), None, "{nonsense}");
        }
    }
}
