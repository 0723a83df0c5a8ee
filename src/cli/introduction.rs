//! Who we are on LINE: learned at the start, when another channel is connected, and now and then again, with the menu under the chat. It must
//! not keep anything waiting: everything works before LINE answers.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use crate::config::Config;
use crate::domain::invitation::Mint;
use crate::engine::{Handle, Memory};
use crate::line::client::Client;
use crate::line::richmenu::{self, Made};
use crate::locale::Voice;
use crate::store::Account;

/// First and longest wait between two tries to learn who we are on LINE.
const ACCOUNT_WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Our account is asked for again after this, in case its name changed.
const ACCOUNT_EVERY: Duration = Duration::from_secs(6 * 3600);

/// A menu that could not be shown is tried again after this: LINE takes 100 new ones an hour.
const MENU_AGAIN: Duration = Duration::from_secs(300);

/// The account speaks as its configuration and staff want it, and otherwise as LINE knows it.
pub(super) fn introduce(voice: &mut Voice, config: &Config, account: &Account) {
    voice.basic_id = Some(account.basic_id.clone());
    if config.office_name.is_empty() {
        // What staff set stands above the name on LINE.
        if voice.org == voice.configured.0 {
            voice.org.clone_from(&account.name);
        }
        voice.configured.0.clone_from(&account.name);
    }
}

/// Learns who we are on LINE, and shows our menu there: at the start, and now and then again.
pub(super) struct Introduction {
    client: Arc<Client>,
    mint: Mint,
    voice: Arc<RwLock<Voice>>,
}

impl Introduction {
    /// Goes on until the writer ends.
    pub(super) fn start(
        config: &Config,
        client: &Arc<Client>,
        mint: &Mint,
        voice: &Arc<RwLock<Voice>>,
        engine: &Handle,
    ) {
        let (client, mint, voice) = (Arc::clone(client), mint.clone(), Arc::clone(voice));
        tokio::spawn(Self { client, mint, voice }.run(engine.clone(), config.clone()));
    }

    async fn run(self, engine: Handle, config: Config) {
        let (mut wait, wait_max) = ACCOUNT_WAITS;
        loop {
            if !self.client.is_connected() {
                self.client.connected().await;
                continue;
            }
            match self.client.account().await {
                Ok(Some(account)) => {
                    let account = Account { basic_id: account.basic_id, name: account.name };
                    self.introduce(&config, &account);
                    if engine.remember(Memory::Account(account)).await.is_err() {
                        return;
                    }
                    let shown = self.show_menu().await;
                    wait = ACCOUNT_WAITS.0;
                    self.pause(if shown { ACCOUNT_EVERY } else { MENU_AGAIN }).await;
                    continue;
                }
                Ok(None) => tracing::warn!("LINE does not say who we are"),
                Err(fault) => tracing::warn!(%fault, "LINE could not be asked who we are"),
            }
            self.pause(wait).await;
            wait = (wait * 2).min(wait_max);
        }
    }

    /// Waits, but not after another channel was connected: until then everybody is told of the account before.
    async fn pause(&self, wait: Duration) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.client.connected() => {}
        }
    }

    fn introduce(&self, config: &Config, account: &Account) {
        let mut voice = self.voice.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        introduce(&mut voice, config, account);
    }

    /// Everything works without the menu, so nothing waits for it.
    async fn show_menu(&self) -> bool {
        match richmenu::ensure(&self.client, &self.mint).await {
            Ok(Made::Refused(status)) => tracing::warn!(status, "LINE refused the menu"),
            Ok(made) => {
                tracing::info!(?made, "menu");
                return true;
            }
            Err(fault) => tracing::warn!(%fault, "the menu could not be shown"),
        }
        false
    }
}
