//! `GET /healthz`: whether the machinery turns, for whoever watches the watcher.

use serde_json::json;

use crate::domain::time::Moment;
use crate::domain::vitals::{Ailment, WRITER_STUCK};
use crate::http::{Response, StatusCode};

/// What the tasks show of themselves.
#[derive(Clone, Debug)]
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
    /// What ails, as last seen; empty before the first look.
    pub ailments: Vec<Ailment>,
}

/// The answer: 200 when working, even poorly; 503 when stuck.
#[must_use]
pub fn page(pulse: &Pulse) -> Response {
    let stuck = u128::try_from(pulse.engine_lag_ms).is_ok_and(|ms| ms > WRITER_STUCK.as_millis());
    let well = !stuck && pulse.account_known && pulse.ailments.is_empty();
    let status = if well { "ok" } else { "degraded" };
    let code = if stuck { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let body = json!({
        "status": status,
        "now": pulse.now.to_string(),
        "engine_lag_ms": pulse.engine_lag_ms,
        "overdue_timers": pulse.overdue_timers,
        "outbox_pending": pulse.outbox_pending,
        "last_webhook_at": pulse.last_webhook_at.map(|at| at.to_string()),
        "ailments": pulse.ailments.iter().map(|ailment| word(*ailment)).collect::<Vec<_>>(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    Response::json(code, &body)
}

/// What ails, for scripts. Words are added, never changed.
pub(super) fn word(ailment: Ailment) -> &'static str {
    match ailment {
        Ailment::Unseen => "unseen",
        Ailment::Writer => "writer",
        Ailment::Timers => "timers",
        Ailment::Deaf => "receiver",
        Ailment::Line => "line",
        Ailment::Mail => "mail",
        Ailment::Clock => "clock",
        Ailment::Backup => "backup",
        Ailment::Certificate => "certificate",
        Ailment::Renewal => "renewal",
        Ailment::Disk => "disk",
        Ailment::Remains => "remains",
    }
}
