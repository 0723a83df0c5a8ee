//! `GET /healthz`: whether the machinery turns, for whoever watches the watcher.

use serde_json::json;

use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};

/// The writer is stuck when one group takes longer than this.
const STUCK_MS: i64 = 10_000;

/// What the tasks show of themselves.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    /// The present moment.
    pub now: Moment,
    /// How long the writer has been busy with one group, in real milliseconds.
    pub engine_lag_ms: i64,
    /// Timers that are due and not yet decided.
    pub overdue_timers: usize,
    /// Messages that have to leave.
    pub outbox_pending: usize,
    /// The last signed webhook.
    pub last_webhook_at: Option<Moment>,
    /// Whether LINE ever told us who we are.
    pub account_known: bool,
}

/// The answer: 200 when working, even poorly; 503 when stuck.
#[must_use]
pub fn page(pulse: &Pulse) -> Response {
    let stuck = pulse.engine_lag_ms > STUCK_MS;
    let status = match (stuck, pulse.account_known) {
        (true, _) => "degraded",
        (false, false) => "degraded",
        (false, true) => "ok",
    };
    let code = if stuck { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let body = json!({
        "status": status,
        "now": pulse.now.to_string(),
        "engine_lag_ms": pulse.engine_lag_ms,
        "overdue_timers": pulse.overdue_timers,
        "outbox_pending": pulse.outbox_pending,
        "last_webhook_at": pulse.last_webhook_at.map(|at| at.to_string()),
        "version": env!("CARGO_PKG_VERSION"),
    });
    Response::json(code, &body)
}
