//! What all pages for staff share: the way to the writer, the clock of the desk, cookies, and what is
//! remembered between requests.

use std::net::SocketAddr;
use std::sync::Arc;

use super::draft::Drafts;
use super::password::Hasher;
use crate::clock::Clock;
use crate::domain::event::Event;
use crate::domain::invitation::Mint;
use crate::domain::staff::{Deed, StaffAct};
use crate::domain::time::Moment;
use crate::engine::Handle;
use crate::web::backoff::Backoff;
use crate::web::session::Cookies;
use crate::web::trouble::Trouble;

/// Shared by all pages for staff.
pub struct Office {
    /// Calls the writer.
    engine: Handle,
    /// Makes the words of forms.
    pub(super) mint: Mint,
    /// The time at the desk: the machine's own, even where time runs faster for practice, because
    /// people and their authenticator apps do not.
    pub(super) clock: Arc<dyn Clock>,
    /// Our cookies.
    pub(super) cookies: Cookies,
    /// Where pages of ours are opened, as browsers name it.
    pub(super) origins: Vec<String>,
    /// Hashes passwords.
    pub(super) hasher: Hasher,
    /// Failed log-ins.
    pub(super) backoff: Backoff,
    /// What was entered and not confirmed yet.
    pub(super) drafts: Drafts,
}

impl Office {
    /// An office whose pages are opened at `public_url`, or on this machine at `listen`.
    #[must_use]
    pub fn new(
        engine: Handle,
        mint: Mint,
        clock: Arc<dyn Clock>,
        public_url: &str,
        listen: SocketAddr,
    ) -> Self {
        Self {
            engine,
            mint,
            clock,
            cookies: Cookies { secure: public_url.starts_with("https://") },
            origins: vec![origin(public_url), format!("http://{listen}")],
            hasher: Hasher::default(),
            backoff: Backoff::default(),
            drafts: Drafts::default(),
        }
    }

    /// The present moment at the desk.
    #[must_use]
    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Does something; returns when it is on disk, whether or not the rules let it happen.
    pub(super) async fn act(&self, at: Moment, deed: Deed) -> Result<(), Trouble> {
        Ok(self.engine.decide(vec![Event::Staff(StaffAct { at, deed })]).await?)
    }

    /// Does something for which nobody waits: an answer must not take longer for it.
    pub(super) fn act_later(&self, at: Moment, deed: Deed) {
        let engine = self.engine.clone();
        tokio::spawn(async move {
            let event = Event::Staff(StaffAct { at, deed });
            if let Err(refusal) = engine.decide_patiently(vec![event]).await {
                tracing::warn!(%refusal, "an act of staff was not written down");
            }
        });
    }
}

/// An address as browsers name it: without the port that goes without saying.
fn origin(url: &str) -> String {
    let usual = if url.starts_with("https://") { ":443" } else { ":80" };
    url.strip_suffix(usual).unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_usual_port() {
        assert_eq!(origin("https://a.example:443"), "https://a.example");
        assert_eq!(origin("http://a.example:443"), "http://a.example:443");
        assert_eq!(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    }
}
