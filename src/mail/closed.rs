//! The way out where no mail server is configured: every letter is refused at once, so that the rules
//! hear of it and nothing piles up.

use super::PACE;
use crate::outbox::{Outcome, Pace, Row, Sending, Transport};

/// Takes no letter.
pub struct Closed;

impl Transport for Closed {
    fn pace(&self) -> Pace {
        PACE
    }

    fn push<'a>(&'a self, row: &'a Row) -> Sending<'a, Outcome> {
        tracing::warn!(id = %row.id, "a letter has to leave and no mail server is configured");
        Box::pin(async { Outcome::Refused })
    }
}
