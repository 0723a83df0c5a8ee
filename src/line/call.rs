//! Requests to LINE and what their answers mean. Pure: the client sends them over the network, the
//! tests straight into a model of LINE.
//!
//! Branches on the status; LINE declares its texts unstable, and the one text that is looked at
//! (to tell two kinds of 429 apart) is only a hint.

use serde_json::Value;

use crate::domain::event::Upkeep;
use crate::domain::hearing::Probe;
use crate::domain::id::Address;
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
    get("/v2/bot/info".to_owned())
}

/// Asks LINE to reach our receiver.
#[must_use]
pub fn webhook_test() -> Call {
    Call {
        method: "POST",
        base: Base::Api,
        path: "/v2/bot/channel/webhook/test".to_owned(),
        headers: vec![("content-type", "application/json".to_owned())],
        body: b"{}".to_vec(),
    }
}

/// What LINE's test of our receiver showed.
#[must_use]
pub fn webhook_test_outcome(status: u16, body: &[u8]) -> Probe {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    let success = answer.as_ref().and_then(|answer| answer.get("success")?.as_bool());
    match (status, success) {
        (200..=299, Some(true)) => Probe::Heard,
        (200..=299, Some(false)) => Probe::Deaf,
        // A token that is refused says nothing about webhooks, and neither does LINE when it wants us to ask less
        // often; but what is not proven for long is doubted, whatever the reason.
        (200..=299 | 401 | 429 | 500.., _) => Probe::Unanswered,
        _ => Probe::Impossible,
    }
}

/// Asks for a person's profile: LINE gives it exactly where messages arrive.
#[must_use]
pub fn profile(address: &Address) -> Call {
    get(format!("/v2/bot/profile/{}", address.as_str()))
}

/// Asks how many people are in a group.
#[must_use]
pub fn group_count(group: &Address) -> Call {
    get(format!("/v2/bot/group/{}/members/count", group.as_str()))
}

/// How many there are, if the answer says so; `Some(None)`: we are not in it.
#[must_use]
pub fn group_count_outcome(status: u16, body: &[u8]) -> Option<Option<u32>> {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    match status {
        200 => {
            let count = answer.as_ref()?.get("count")?.as_u64()?;
            Some(Some(u32::try_from(count).unwrap_or(u32::MAX)))
        }
        404 => Some(None),
        _ => None,
    }
}

/// Asks under which name the people of a group see one of them.
#[must_use]
pub fn group_member(group: &Address, user: &Address) -> Call {
    get(format!("/v2/bot/group/{}/member/{}", group.as_str(), user.as_str()))
}

/// The name, if the answer says so; `Some(None)`: they are not in it.
#[must_use]
pub fn group_member_outcome(status: u16, body: &[u8]) -> Option<Option<String>> {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    match status {
        200 => Some(Some(answer.as_ref()?.get("displayName")?.as_str()?.to_owned())),
        404 => Some(None),
        _ => None,
    }
}

/// Whether messages arrive, if the answer says so.
#[must_use]
pub fn profile_outcome(status: u16) -> Option<bool> {
    match status {
        200 => Some(true),
        404 => Some(false),
        _ => None,
    }
}

/// Asks for the month's cap.
#[must_use]
pub fn quota() -> Call {
    get("/v2/bot/message/quota".to_owned())
}

/// Asks how many messages were used this month.
#[must_use]
pub fn consumption() -> Call {
    get("/v2/bot/message/quota/consumption".to_owned())
}

/// How the month's messages stand, from both answers.
#[must_use]
pub fn quota_outcome(quota: &Value, consumption: &Value) -> Option<Upkeep> {
    let number = |value: &Value, field: &str| value.get(field).and_then(Value::as_u64);
    let used = u32::try_from(number(consumption, "totalUsage")?).unwrap_or(u32::MAX);
    let limit = match quota.get("type").and_then(Value::as_str)? {
        "limited" => Some(u32::try_from(number(quota, "value")?).unwrap_or(u32::MAX)),
        "none" => None,
        _ => return None,
    };
    Some(Upkeep::Quota { limit, used })
}

fn get(path: String) -> Call {
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
    use serde_json::json;

    #[test]
    fn a_test_of_the_receiver_proves_deafness_only_where_line_says_so() {
        for (status, body, outcome) in [
            (200, r#"{"success":true,"statusCode":200}"#, Probe::Heard),
            (200, r#"{"success":false,"reason":"COULD_NOT_CONNECT"}"#, Probe::Deaf),
            (200, "<html>", Probe::Unanswered),
            (401, "{}", Probe::Unanswered),
            (500, "", Probe::Unanswered),
            (429, "{}", Probe::Unanswered),
            (404, r#"{"message":"Webhook endpoint not found"}"#, Probe::Impossible),
            (403, "{}", Probe::Impossible),
        ] {
            assert_eq!(webhook_test_outcome(status, body.as_bytes()), outcome, "{status} {body}");
        }
    }

    #[test]
    fn the_months_messages_are_read_from_both_answers() {
        let used = json!({"totalUsage": 500});
        let read = |quota: Value| quota_outcome(&quota, &used);
        let limited = Some(Upkeep::Quota { limit: Some(1000), used: 500 });
        assert_eq!(read(json!({"type": "limited", "value": 1000})), limited);
        assert_eq!(read(json!({"type": "none"})), Some(Upkeep::Quota { limit: None, used: 500 }));
        assert_eq!(read(json!({"type": "limited"})), None);
        assert_eq!(read(json!({})), None);
    }

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
