//! What every page with a form needs, whoever it is for: the way to the writer, the clock of the world, our
//! cookies, and whether a form came from a page of ours.

use std::net::SocketAddr;
use std::sync::Arc;

use super::csrf;
use super::form::Form;
use super::session::Cookies;
use super::trouble::Trouble;
use crate::clock::Clock;
use crate::domain::event::Event;
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;
use crate::engine::Handle;
use crate::http::{Method, Request, Response};

/// Largest form, in bytes: everything that is known about a person, percent-encoded.
pub(super) const FORM_BYTES_MAX: usize = 64 * 1024;

/// Shared by all pages with forms.
pub struct Gate {
    /// Calls the writer.
    engine: Handle,
    /// Makes the words of forms.
    pub(super) mint: Mint,
    /// The time of the world, also where time runs faster for practice, because people do not.
    clock: Arc<dyn Clock>,
    /// Our cookies.
    pub(super) cookies: Cookies,
    /// Where pages of ours are opened, as browsers name it.
    origins: Vec<String>,
}

/// Why a form is not taken.
pub(super) enum Refused {
    /// It was not sent from a page of ours, or from one of an older session.
    Elsewhere,
    /// It could not be read; the answer.
    Unreadable(Response),
}

impl Gate {
    /// A gate to pages that are opened at `public_url`, or on this machine at `listen`.
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
        }
    }

    /// The present moment in the world.
    #[must_use]
    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Has something decided; returns when it is on disk, whether or not the rules let it happen.
    pub(super) async fn decide(&self, event: Event) -> Result<(), Trouble> {
        Ok(self.engine.decide(vec![event]).await?)
    }

    /// Has something decided for which nobody waits: an answer must not take longer for it.
    pub(super) fn decide_later(&self, event: Event) {
        let engine = self.engine.clone();
        tokio::spawn(async move {
            if let Err(refusal) = engine.decide_patiently(vec![event]).await {
                tracing::warn!(%refusal, "what was done on a page was not written down");
            }
        });
    }

    /// The form of a post, if it was sent from a page of ours by whoever has this token.
    pub(super) async fn posted(&self, request: &mut Request, key: &str) -> Result<Form, Refused> {
        self.posted_up_to(request, key, FORM_BYTES_MAX).await
    }

    /// The form of a post, likewise.
    /// It may be as large as `bytes_max`.
    pub(super) async fn posted_up_to(
        &self,
        request: &mut Request,
        key: &str,
        bytes_max: usize,
    ) -> Result<Form, Refused> {
        if request.method != Method::POST {
            return Ok(Form::default());
        }
        if !csrf::is_same_origin(request, &self.origins) {
            return Err(Refused::Elsewhere);
        }
        let form = Form::read(request, bytes_max).await;
        let form = form.map_err(|fault| Refused::Unreadable(fault.response()))?;
        if csrf::is_ours(&self.mint, key, form.text(csrf::FIELD)) {
            Ok(form)
        } else {
            Err(Refused::Elsewhere)
        }
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
