//! `POST /line/webhook`: signature first, then parsing, then the commit, then 200.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::keys::Keys;
use super::wire;
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};
use crate::http::{BodyError, Request, Response, StatusCode};

/// Largest body taken, in bytes. LINE's bodies are a few KiB.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// What the webhook needs.
#[derive(Clone)]
pub struct Receiver {
    keys: Keys,
    mint: Mint,
    engine: Handle,
    last_at: Arc<AtomicI64>,
}

impl Receiver {
    /// A receiver of webhooks.
    #[must_use]
    pub fn new(keys: Keys, mint: Mint, engine: Handle) -> Self {
        Self { keys, mint, engine, last_at: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    /// When the last signed webhook arrived.
    #[must_use]
    pub fn last_at(&self) -> Option<Moment> {
        match self.last_at.load(Ordering::Relaxed) {
            i64::MIN => None,
            millis => Some(Moment::from_millis(millis)),
        }
    }

    /// Answers a webhook: 401 unsigned, 413 too large, 400 no webhook, 503 overloaded, 200 when
    /// every event is on disk.
    pub async fn receive(&self, mut request: Request, now: Moment) -> Response {
        let body = match request.body(BODY_BYTES_MAX).await {
            Ok(body) => body,
            Err(fault) => return refuse_body(fault),
        };
        let signature = request.header("x-line-signature").unwrap_or_default();
        if !self.keys.verify(&body, signature) {
            tracing::warn!(peer = %request.peer, bytes = body.len(), "webhook without a valid signature");
            return Response::text(StatusCode::UNAUTHORIZED, "invalid signature\n");
        }
        self.last_at.store(now.millis(), Ordering::Relaxed);
        let Ok(received) = wire::read(&body, &self.mint) else {
            tracing::warn!(bytes = body.len(), "signed body is no webhook");
            return Response::text(StatusCode::BAD_REQUEST, "not a webhook\n");
        };
        tracing::info!(events = received.events.len(), ignored = received.ignored, "webhook");
        if received.events.is_empty() {
            return Response::empty(StatusCode::OK);
        }
        match self.engine.decide(received.events).await {
            Ok(()) => Response::empty(StatusCode::OK),
            Err(fault @ (Refusal::Overloaded | Refusal::Stopped)) => {
                tracing::error!(%fault, "webhook not taken");
                Response::text(StatusCode::SERVICE_UNAVAILABLE, "try again\n")
            }
        }
    }
}

fn refuse_body(fault: BodyError) -> Response {
    tracing::warn!(?fault, "webhook body not read");
    fault.response()
}
