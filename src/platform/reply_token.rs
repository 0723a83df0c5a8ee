//! Reply tokens: one per event that can be answered, usable once and for a short time.
//!
//! The time runs from the webhook, not from the event, but never beyond 20 minutes after the event.

use std::collections::BTreeMap;

/// How long a token lives after its webhook left, in milliseconds.
pub(super) const LIFE_MS: i64 = 60_000;
const AFTER_EVENT_MS: i64 = 20 * 60_000;

#[derive(Debug)]
struct ReplyToken {
    /// The user or group id the event came from.
    chat: String,
    event_at_ms: i64,
    /// The last moment it works; none before its webhook left.
    until_ms: Option<i64>,
    used: Option<Use>,
}

/// How a token was used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Answered,
    /// The answer never reached the server: a second try is foolish but understandable.
    AnswerLost,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Unknown, too old, or its webhook has not left yet.
    Invalid,
    /// Used before, and the server knows it.
    UsedBefore,
}

/// All tokens whose event is less than 20 minutes old.
#[derive(Debug, Default)]
pub(super) struct ReplyTokens {
    tokens: BTreeMap<String, ReplyToken>,
}

impl ReplyTokens {
    pub(super) fn issue(&mut self, token: &str, chat: &str, event_at_ms: i64) {
        if self.tokens.len().is_multiple_of(1_024) {
            self.tokens
                .retain(|_, old| event_at_ms.saturating_sub(old.event_at_ms) <= AFTER_EVENT_MS);
        }
        let entry = ReplyToken { chat: chat.to_owned(), event_at_ms, until_ms: None, used: None };
        self.tokens.insert(token.to_owned(), entry);
    }

    /// The webhook with this token leaves now, for the first time or again.
    pub(super) fn delivered(&mut self, token: &str, now_ms: i64, life_ms: i64) {
        if let Some(entry) = self.tokens.get_mut(token) {
            let last_ms = entry.event_at_ms.saturating_add(AFTER_EVENT_MS);
            entry.until_ms = Some(now_ms.saturating_add(life_ms).min(last_ms));
        }
    }

    /// The chat a token answers into, if it may be used now.
    pub(super) fn chat(&self, token: &str, now_ms: i64) -> Result<String, Refused> {
        let entry = self.tokens.get(token).ok_or(Refused::Invalid)?;
        match entry.used {
            Some(Use::Answered) => Err(Refused::UsedBefore),
            Some(Use::AnswerLost) => Err(Refused::Invalid),
            None if entry.until_ms.is_some_and(|until_ms| now_ms <= until_ms) => {
                Ok(entry.chat.clone())
            }
            None => Err(Refused::Invalid),
        }
    }

    pub(super) fn spend(&mut self, token: &str, answer_lost: bool) {
        if let Some(entry) = self.tokens.get_mut(token) {
            entry.used = Some(if answer_lost { Use::AnswerLost } else { Use::Answered });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> ReplyTokens {
        let mut tokens = ReplyTokens::default();
        tokens.issue("t", "U1", 0);
        tokens
    }

    #[test]
    fn a_token_lives_sixty_seconds_from_its_webhook() {
        let mut tokens = tokens();
        assert_eq!(tokens.chat("t", 0), Err(Refused::Invalid));
        tokens.delivered("t", 5_000, LIFE_MS);
        assert_eq!(tokens.chat("t", 65_000), Ok("U1".to_owned()));
        assert_eq!(tokens.chat("t", 65_001), Err(Refused::Invalid));
    }

    #[test]
    fn a_redelivery_revives_it_but_never_beyond_twenty_minutes_after_the_event() {
        let mut tokens = tokens();
        tokens.delivered("t", 0, LIFE_MS);
        tokens.delivered("t", 600_000, LIFE_MS);
        assert!(tokens.chat("t", 660_000).is_ok());
        tokens.delivered("t", 1_190_000, LIFE_MS);
        assert!(tokens.chat("t", 1_200_000).is_ok());
        assert!(tokens.chat("t", 1_200_001).is_err());
    }

    #[test]
    fn it_works_once_even_after_a_redelivery() {
        let mut tokens = tokens();
        tokens.delivered("t", 0, LIFE_MS);
        tokens.spend("t", false);
        tokens.delivered("t", 10, LIFE_MS);
        assert_eq!(tokens.chat("t", 20), Err(Refused::UsedBefore));
        assert_eq!(tokens.chat("other", 20), Err(Refused::Invalid));
    }
}
