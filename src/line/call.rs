//! Requests to LINE and what their answers mean. Pure: the client sends them over the network, the
//! tests straight into a model of LINE.
//!
//! Branches on the status; LINE declares its texts unstable, and the one text that is looked at
//! (to tell two kinds of 429 apart) is only a hint.

use serde_json::Value;

use crate::outbox::{Outcome, Row};

/// Which of LINE's hosts a request goes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    /// Messages and settings.
    Api,
    /// Pictures.
    Data,
}

/// A request to the LINE API, without its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// HTTP method.
    pub method: &'static str,
    /// The host.
    pub base: Base,
    /// Path below the base.
    pub path: String,
    /// Headers besides `Authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Sends a row as a push, under its retry key.
#[must_use]
pub fn push(row: &Row) -> Call {
    Call {
        method: "POST",
        base: Base::Api,
        path: "/v2/bot/message/push".to_owned(),
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("x-line-retry-key", row.id.to_string()),
        ],
        body: row.body.clone(),
    }
}

/// Sends a reply. A retry key would be refused here.
#[must_use]
pub fn reply(body: Vec<u8>) -> Call {
    Call {
        method: "POST",
        base: Base::Api,
        path: "/v2/bot/message/reply".to_owned(),
        headers: vec![("content-type", "application/json".to_owned())],
        body,
    }
}

/// Asks who we are.
#[must_use]
pub fn bot_info() -> Call {
    let path = "/v2/bot/info".to_owned();
    Call { method: "GET", base: Base::Api, path, headers: Vec::new(), body: Vec::new() }
}

/// What the answer to a push means.
#[must_use]
pub fn push_outcome(status: u16, body: &[u8]) -> Outcome {
    match status {
        200..=299 => Outcome::Accepted,
        409 => Outcome::AcceptedBefore,
        400 if message(body).contains("Failed to send messages") => Outcome::UnknownReceiver,
        401 => Outcome::Unauthorized,
        403 => Outcome::Forbidden,
        429 if message(body).contains("monthly limit") => Outcome::MonthlyLimit,
        429 => Outcome::RateLimited,
        400..=499 => Outcome::Refused,
        _ => Outcome::Unavailable,
    }
}

/// What became of a reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replied {
    /// It arrived.
    Accepted,
    /// It did not, and never will this way: used or expired token, or a refused message.
    Refused,
    /// Nobody knows. It is not repeated another way: a doubled answer confuses more than none.
    Unknown,
}

/// What the answer to a reply means.
#[must_use]
pub fn reply_outcome(status: u16) -> Replied {
    match status {
        200..=299 => Replied::Accepted,
        400..=499 => Replied::Refused,
        _ => Replied::Unknown,
    }
}

/// Our own account, as LINE describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// "@" and letters: what invitation links name.
    pub basic_id: String,
    /// The name that people see.
    pub name: String,
}

/// The account that an answer to [`bot_info`] describes.
#[must_use]
pub fn account(body: &[u8]) -> Option<Account> {
    let info: Value = serde_json::from_slice(body).ok()?;
    let text = |field| info.get(field).and_then(Value::as_str);
    // A premium id, where there is one, is the one people know.
    let id = text("premiumId").or_else(|| text("basicId"))?;
    let name = text("displayName").unwrap_or_default().to_owned();
    Some(Account { basic_id: id.to_owned(), name })
}

fn message(body: &[u8]) -> String {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    let text = answer.as_ref().and_then(|answer| answer.get("message")).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_to_a_push_has_its_meaning() {
        let say = |text: &str| format!(r#"{{"message":"{text}"}}"#).into_bytes();
        for (status, text, outcome) in [
            (200, "", Outcome::Accepted),
            (409, "The retry key is already accepted", Outcome::AcceptedBefore),
            (400, "Failed to send messages", Outcome::UnknownReceiver),
            (400, "The request body has 1 error(s)", Outcome::Refused),
            (
                401,
                "Authentication failed due to the following reason: expired",
                Outcome::Unauthorized,
            ),
            (403, "Access to this API is not available for your account", Outcome::Forbidden),
            (413, "", Outcome::Refused),
            (429, "You have reached your monthly limit.", Outcome::MonthlyLimit),
            (429, "The API rate limit has been exceeded. Try again later.", Outcome::RateLimited),
            (500, "", Outcome::Unavailable),
            (503, "", Outcome::Unavailable),
        ] {
            assert_eq!(push_outcome(status, &say(text)), outcome, "{status} {text}");
        }
        assert_eq!(push_outcome(429, b"<html>"), Outcome::RateLimited);
    }
}
