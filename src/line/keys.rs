//! What the channel is known by, shared by the client and the webhook: it can be entered while the service runs. Never shown
//! and never logged.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Notify;

use super::signature::Secrets;

/// The keys of a channel. Cheap to clone; all clones share them.
#[derive(Clone, Default)]
pub struct Keys(Arc<Shared>);

#[derive(Default)]
struct Shared {
    known: RwLock<Known>,
    /// Wakes whoever wants to know of another channel. There is one.
    connected: Notify,
}

#[derive(Default)]
struct Known {
    id: String,
    secret: String,
    token: Option<String>,
    secrets: Option<Secrets>,
    /// Counts changes: what was issued for other keys is worth nothing.
    version: u64,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.are_set() { "keys" } else { "no keys" })
    }
}

impl Keys {
    /// Keys as they are configured; `previous` is the secret before a rotation, `token` one from the console.
    #[must_use]
    pub fn new(id: &str, secret: &str, previous: Option<&str>, token: Option<&str>) -> Self {
        let secrets = Secrets::new([secret, previous.unwrap_or_default()]);
        let (id, secret) = (id.to_owned(), secret.to_owned());
        let token = token.map(str::to_owned);
        let known = Known { id, secret, token, secrets: Some(secrets), version: 0 };
        Self(Arc::new(Shared { known: RwLock::new(known), connected: Notify::new() }))
    }

    /// Uses this channel from here on.
    pub fn connect(&self, id: &str, secret: &str) {
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        let version = known.version + 1;
        let secrets = Some(Secrets::new([secret]));
        let (id, secret) = (id.to_owned(), secret.to_owned());
        *known = Known { id, secret, token: None, secrets, version };
        drop(known);
        self.0.connected.notify_one();
    }

    /// Waits until a channel is connected; one that was connected since the last time counts.
    pub async fn connected(&self) {
        self.0.connected.notified().await;
    }

    fn read<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.0.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is a channel.
    #[must_use]
    pub fn are_set(&self) -> bool {
        self.read(|known| !known.id.is_empty() && !known.secret.is_empty())
    }

    /// Whether a body was signed by the channel.
    #[must_use]
    pub fn verify(&self, body: &[u8], signature: &str) -> bool {
        self.read(|known| known.secrets.as_ref().is_some_and(|s| s.verify(body, signature)))
    }

    /// Id and secret.
    pub(super) fn pair(&self) -> (String, String) {
        self.read(|known| (known.id.clone(), known.secret.clone()))
    }

    /// The token from the console.
    pub(super) fn token(&self) -> Option<String> {
        self.read(|known| known.token.clone())
    }

    /// Changes with the keys.
    pub(super) fn version(&self) -> u64 {
        self.read(|known| known.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
    const SIGNATURE: &str = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";

    #[test]
    fn without_keys_nothing_is_signed_by_the_channel_and_with_them_it_is() {
        let keys = Keys::default();
        let shared = keys.clone();
        assert!(!keys.are_set() && !keys.verify(BODY, SIGNATURE));
        assert!(!Keys::new("", "", None, None).verify(BODY, SIGNATURE));
        shared.connect("2008123456", SECRET);
        assert!(keys.are_set() && keys.verify(BODY, SIGNATURE));
        keys.connect("2008123456", "another secret");
        assert!(!shared.verify(BODY, SIGNATURE));
        assert!(!format!("{keys:?}").contains("secret"));
    }
}
