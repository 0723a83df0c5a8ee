//! What the server did: the last requests, and every act that breaks LINE's rules.
//!
//! It judges nothing itself; whoever finds a violation reports it here.

use std::collections::BTreeSet;

/// Requests and violations remembered at most.
const REMEMBERED_MAX: usize = 10_000;

/// One request as LINE saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Upper case.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// What LINE answered; 0 when the connection broke before it could.
    pub status: u16,
    /// Whether LINE carried the request out, whatever answer left or was lost.
    pub accepted: bool,
    /// The retry key as sent; a push without one can never be retried safely.
    pub retry_key: Option<String>,
    /// The recipient of a message; the first 20 of a multicast, joined with commas.
    pub to: Option<String>,
}

/// The memory behind `requests` and `violations`.
#[derive(Debug, Default)]
pub(super) struct Log {
    requests: Vec<RequestRecord>,
    violations: Vec<String>,
    /// Ids that were answered with 400: sending to them again is forbidden.
    refused_ids: BTreeSet<String>,
}

impl Log {
    pub(super) fn requests(&self) -> &[RequestRecord] {
        &self.requests[self.requests.len().saturating_sub(REMEMBERED_MAX)..]
    }

    pub(super) fn violations(&self) -> &[String] {
        &self.violations
    }

    /// Remembers a request. The list is cut in large steps because a slice is handed out.
    pub(super) fn request(&mut self, record: RequestRecord) {
        self.requests.push(record);
        if self.requests.len() >= 2 * REMEMBERED_MAX {
            self.requests.drain(..REMEMBERED_MAX);
        }
    }

    pub(super) fn violation(&mut self, sentence: String) {
        if self.violations.len() < REMEMBERED_MAX {
            self.violations.push(sentence);
        }
    }

    /// Notes that LINE refused this recipient; sending to it once more is a violation.
    pub(super) fn refused(&mut self, id: &str) {
        if !self.refused_ids.insert(id.to_owned()) {
            self.violation(format!("sent again to {id}, which had been answered with 400"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(at_ms: i64) -> RequestRecord {
        RequestRecord {
            at_ms,
            method: "GET".into(),
            path: "/".into(),
            status: 200,
            accepted: true,
            retry_key: None,
            to: None,
        }
    }

    #[test]
    fn the_last_ten_thousand_requests_stay() {
        let mut log = Log::default();
        for at_ms in 0..25_000 {
            log.request(record(at_ms));
        }
        assert_eq!(log.requests().len(), REMEMBERED_MAX);
        assert_eq!(log.requests()[0].at_ms, 15_000);
        assert_eq!(log.requests()[REMEMBERED_MAX - 1].at_ms, 24_999);
    }

    #[test]
    fn the_second_attempt_at_a_refused_id_is_a_violation() {
        let mut log = Log::default();
        log.refused("U1");
        assert!(log.violations().is_empty());
        log.refused("U1");
        assert_eq!(log.violations().len(), 1);
    }
}
