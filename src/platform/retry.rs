//! Retry keys: which requests were accepted under which key.
//!
//! Only an accepted request marks its key, for 24 hours. What is wrong with a reuse is judged by the caller.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// How long LINE recognises a key.
const REMEMBERED_MS: i64 = 24 * 3_600_000;
/// Keys are forgotten a week later: long enough to notice a server that sends twice after the 24 hours.
const FORGOTTEN_MS: i64 = 7 * 24 * 3_600_000;

/// A request accepted under a key.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) at_ms: i64,
    pub(super) request_id: String,
    /// `sentMessages` of a push, repeated to whoever asks again.
    pub(super) sent: Option<Value>,
    fingerprint: [u8; 32],
}

impl Accepted {
    pub(super) fn new(at_ms: i64, request_id: &str, path: &str, body: &[u8]) -> Self {
        Self {
            at_ms,
            request_id: request_id.to_owned(),
            sent: None,
            fingerprint: fingerprint(path, body),
        }
    }

    /// Whether this is the very same request.
    pub(super) fn is_same(&self, path: &str, body: &[u8]) -> bool {
        self.fingerprint == fingerprint(path, body)
    }
}

fn fingerprint(path: &str, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(path.as_bytes());
    hash.update([0]);
    hash.update(body);
    hash.finalize().into()
}

/// What LINE remembers about a key.
#[derive(Debug)]
pub(super) enum Memory<'a> {
    /// Never accepted.
    Fresh,
    /// Accepted within 24 hours.
    Accepted(&'a Accepted),
    /// Accepted longer ago: LINE takes the request for a new one.
    Forgotten,
}

/// All keys, by their lower-case text.
#[derive(Debug, Default)]
pub(super) struct RetryKeys {
    keys: BTreeMap<String, Accepted>,
}

impl RetryKeys {
    pub(super) fn look_up(&self, now_ms: i64, key: &str) -> Memory<'_> {
        match self.keys.get(&key.to_ascii_lowercase()) {
            None => Memory::Fresh,
            Some(accepted) if now_ms.saturating_sub(accepted.at_ms) < REMEMBERED_MS => {
                Memory::Accepted(accepted)
            }
            Some(_) => Memory::Forgotten,
        }
    }

    pub(super) fn accept(&mut self, key: &str, accepted: Accepted) {
        let now_ms = accepted.at_ms;
        self.keys.insert(key.to_ascii_lowercase(), accepted);
        if self.keys.len().is_multiple_of(4_096) {
            self.keys.retain(|_, old| now_ms.saturating_sub(old.at_ms) < FORGOTTEN_MS);
        }
    }
}

/// Whether the text is a UUID in hexadecimal form.
pub(super) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

    #[test]
    fn a_key_is_remembered_for_a_day_and_not_a_millisecond_longer() {
        let mut keys = RetryKeys::default();
        assert!(matches!(keys.look_up(0, KEY), Memory::Fresh));
        keys.accept(KEY, Accepted::new(0, "r", "/push", b"a"));
        assert!(matches!(
            keys.look_up(REMEMBERED_MS - 1, &KEY.to_uppercase()),
            Memory::Accepted(_)
        ));
        assert!(matches!(keys.look_up(REMEMBERED_MS, KEY), Memory::Forgotten));
    }

    #[test]
    fn the_same_request_is_told_from_another() {
        let accepted = Accepted::new(0, "r", "/push", b"a");
        assert!(accepted.is_same("/push", b"a"));
        assert!(!accepted.is_same("/push", b"b"));
        assert!(!accepted.is_same("/multicast", b"a"));
    }

    #[test]
    fn a_uuid_is_hexadecimal_in_five_groups() {
        assert!(is_uuid(KEY) && is_uuid(&KEY.to_uppercase()));
        for bad in [
            "",
            "123",
            "123e4567e89b12d3a456426614174000",
            "123e4567-e89b-12d3-a456-42661417400g",
            "{123e4567-e89b-12d3-a456-426614174000}",
        ] {
            assert!(!is_uuid(bad), "{bad}");
        }
    }
}
