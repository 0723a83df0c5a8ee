//! Sending: validation, retry keys, quota, recipients, and what appears on the phones.

use serde_json::{Value, json};

use super::Platform;
use super::account::{From, is_user_id};
use super::api::{Call, Reply};
use super::fault::Trouble;
use super::group::is_group_id;
use super::message;
use super::reply_token::Refused;
use super::retry::{Accepted, Memory, is_uuid};
use super::schema::{Field, Issues, Place, Rule, Unit, Wrong, invalid_property, may, need, object};

const MESSAGES: Field = need("messages", Rule::List(1, 5, message::message));
const SILENT: Field = may("notificationDisabled", Rule::Flag);
const UNITS: Field = may("customAggregationUnits", Rule::List(1, 1, text_item));
const REPLY: &[Field] = &[need("replyToken", Rule::Text(Unit::Utf16, 1_000)), MESSAGES, SILENT];
const PUSH: &[Field] = &[need("to", Rule::Text(Unit::Utf16, 1_000)), MESSAGES, SILENT, UNITS];
const MULTICAST: &[Field] =
    &[need("to", Rule::List(1, MULTICAST_MAX, text_item)), MESSAGES, SILENT, UNITS];
const VALIDATE: &[Field] = &[MESSAGES];

/// People in one multicast.
const MULTICAST_MAX: usize = 500;

/// A text in a list.
fn text_item(value: &Value, place: &Place, issues: &mut Issues) {
    if !value.is_string() {
        issues.add(place, Wrong::Type);
    }
}

/// Reads and checks a body; LINE's refusal otherwise.
fn checked<'c>(call: &'c Call<'_>, fields: &[Field]) -> Result<&'c Value, Reply> {
    let json_type =
        call.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if !json_type {
        let kind = call.header("content-type").unwrap_or("none");
        return Err(Reply::error(415, &format!("The content type, {kind}, is not supported")));
    }
    let Some(body) = call.json() else {
        return Err(Reply::error(
            400,
            "The request body could not be parsed as JSON (line: 1, column: 1)",
        ));
    };
    let mut issues = Issues::default();
    object(body, &Place::root(), &[fields], &mut issues);
    issues.refusal().map_or(Ok(body), |refusal| Err(Reply::refusal(refusal)))
}

/// What a checked body asks to be shown.
#[derive(Clone)]
struct Words {
    messages: Vec<Value>,
    silent: bool,
}

impl Words {
    /// Takes them out of the request: phones keep them.
    fn of(call: &mut Call<'_>) -> Self {
        let silent = call.json().is_some_and(|body| body["notificationDisabled"] == true);
        Self { messages: call.take_messages(), silent }
    }
}

impl Platform {
    /// `POST /v2/bot/message/validate/*`
    pub(super) fn validate(&mut self, call: &Call<'_>) -> Reply {
        checked(call, VALIDATE).map_or_else(|refused| refused, |_| Reply::empty(200))
    }

    /// `POST /v2/bot/message/reply`
    pub(super) fn reply(&mut self, call: &mut Call<'_>) -> Reply {
        if call.header("x-line-retry-key").is_some() {
            self.log.violation("a reply carried a retry key".to_owned());
            return Reply::error(400, "The retry key is not supported for this endpoint");
        }
        let body = match checked(call, REPLY) {
            Ok(body) => body,
            Err(refused) => return self.refused_by_validation(call, refused),
        };
        let token = body["replyToken"].as_str().unwrap_or_default();
        match self.replies.chat(token, call.now_ms) {
            Ok(chat) => {
                let lost =
                    matches!(call.trouble, Some(Trouble::LoseAnswer | Trouble::FailAfter(_)));
                self.replies.spend(token, lost);
                let words = Words::of(call);
                let sent = self.deliver(call, &chat, words, true);
                Reply::json(200, json!({"sentMessages": sent}))
            }
            Err(why) => {
                if why == Refused::UsedBefore {
                    self.log.violation("a reply token was used twice".to_owned());
                }
                Reply::error(400, "Invalid reply token")
            }
        }
    }

    fn refused_by_validation(&mut self, call: &Call<'_>, refused: Reply) -> Reply {
        let reason = refused.body.as_ref().map(Value::to_string).unwrap_or_default();
        self.log.violation(format!("{} was refused: {reason}", call.request.path));
        refused
    }

    /// `POST /v2/bot/message/push`
    pub(super) fn push(&mut self, call: &mut Call<'_>) -> Reply {
        if let Some(answer) = self.known_key(call) {
            return answer;
        }
        let body = match checked(call, PUSH) {
            Ok(body) => body,
            Err(refused) => return self.refused_by_validation(call, refused),
        };
        let to = body["to"].as_str().unwrap_or_default().to_owned();
        if is_group_id(&to) {
            return self.push_into(call, &to);
        }
        if !is_user_id(&to) {
            return Reply::error(400, &invalid_property("to"));
        }
        if !self.people().contains_key(&to) {
            self.log.refused(&to);
            return Reply::error(400, "Failed to send messages");
        }
        if let Some(limit) = self.faults.same_user_pushes_per_minute_max
            && !self.buckets.push_to(call.now_ms, &to, limit)
        {
            return Reply::error(429, "The API rate limit has been exceeded. Try again later.");
        }
        let people = u64::from(self.arrives(call, &to));
        if !self.may_send(call, people) {
            return Reply::error(429, "You have reached your monthly limit.");
        }
        let words = Words::of(call);
        let sent = self.deliver(call, &to, words, false);
        self.quota.count(call.now_ms, people);
        self.remember_key(call, Some(sent.clone()));
        Reply::json(200, json!({"sentMessages": sent}))
    }

    /// A push into a group: each of its people counts.
    fn push_into(&mut self, call: &mut Call<'_>, group: &str) -> Reply {
        let Some(people) = self.addressed(group) else {
            self.log.refused(group);
            return Reply::error(400, "Failed to send messages");
        };
        if !self.may_send(call, people) {
            return Reply::error(429, "You have reached your monthly limit.");
        }
        let words = Words::of(call);
        let sent = self.deliver(call, group, words, false);
        self.quota.count(call.now_ms, people);
        self.remember_key(call, Some(sent.clone()));
        Reply::json(200, json!({"sentMessages": sent}))
    }

    /// `POST /v2/bot/message/multicast`
    pub(super) fn multicast(&mut self, call: &mut Call<'_>) -> Reply {
        if let Some(answer) = self.known_key(call) {
            return answer;
        }
        let body = match checked(call, MULTICAST) {
            Ok(body) => body,
            Err(refused) => return self.refused_by_validation(call, refused),
        };
        let to: Vec<String> = body["to"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if let Some(place) = to.iter().position(|id| !is_user_id(id)) {
            return Reply::error(400, &invalid_property(&format!("to[{place}]")));
        }
        if to.iter().any(|id| !self.people().contains_key(id)) {
            return Reply::error(400, "Failed to send messages");
        }
        let friends: Vec<&String> = to
            .iter()
            .filter(|id| self.people().get(*id).is_some_and(|person| person.phone.friend))
            .filter(|id| self.arrives(call, id))
            .collect();
        let people = u64::try_from(friends.len()).unwrap_or(u64::MAX);
        if !self.may_send(call, people) {
            return Reply::error(429, "You have reached your monthly limit.");
        }
        let words = Words::of(call);
        for user in friends {
            self.deliver(call, user, words.clone(), false);
        }
        self.quota.count(call.now_ms, people);
        self.remember_key(call, None);
        Reply::empty(200)
    }

    fn arrives(&self, call: &Call<'_>, user: &str) -> bool {
        let quiet = matches!(call.trouble, Some(Trouble::Quiet200));
        if is_group_id(user) {
            return !quiet && self.addressed(user).is_some();
        }
        !quiet && self.people().get(user).is_some_and(|person| person.receives(call.now_ms))
    }

    fn may_send(&mut self, call: &Call<'_>, people: u64) -> bool {
        let limit = self.settings.quota_messages;
        let exhausted = matches!(call.trouble, Some(Trouble::MonthlyLimit));
        !exhausted
            && self.quota.allows(call.now_ms, people, limit, self.faults.quota_reserved_messages)
    }

    /// Shows the messages where they arrive; returns what LINE says it sent, in any case.
    fn deliver(&mut self, call: &Call<'_>, user: &str, words: Words, reply: bool) -> Value {
        let arrives = self.arrives(call, user);
        let mut sent = Vec::new();
        for content in words.messages {
            let notification = message::notification(&content, &self.settings.bot_name);
            let notification = (!words.silent).then_some(notification);
            let is_quotable = message::is_quotable(&content);
            let id = if arrives && is_group_id(user) {
                self.show_in(call.now_ms, user, None, content, notification, reply)
            } else if arrives {
                self.show(call.now_ms, user, From::Bot, content, notification, reply)
            } else {
                self.next_message_id()
            };
            let mut entry = json!({"id": id});
            if is_quotable {
                entry["quoteToken"] = json!(self.dice.word(24));
            }
            sent.push(entry);
        }
        Value::Array(sent)
    }

    /// LINE's answer when the retry key settles the matter.
    fn known_key(&mut self, call: &Call<'_>) -> Option<Reply> {
        let key = call.header("x-line-retry-key")?;
        if !is_uuid(key) {
            return Some(Reply::error(
                400,
                "The value for the 'X-Line-Retry-Key' header is invalid",
            ));
        }
        match self.retry_keys.look_up(call.now_ms, key) {
            Memory::Fresh => None,
            Memory::Forgotten => {
                self.log.violation(format!("retry key {key} was used again after 24 hours"));
                None
            }
            Memory::Accepted(accepted) => {
                let mut body = json!({"message": "The retry key is already accepted"});
                if let Some(sent) = &accepted.sent {
                    body["sentMessages"] = sent.clone();
                }
                let mut reply = Reply::json(409, body);
                reply.headers.push(("x-line-accepted-request-id", accepted.request_id.clone()));
                if !accepted.is_same(&call.request.path, &call.request.body) {
                    self.log.violation(format!("retry key {key} came with another body"));
                }
                Some(reply)
            }
        }
    }

    fn remember_key(&mut self, call: &Call<'_>, sent: Option<Value>) {
        if let Some(key) = call.header("x-line-retry-key") {
            let path = &call.request.path;
            let mut accepted =
                Accepted::new(call.now_ms, &call.request_id, path, &call.request.body);
            accepted.sent = sent;
            self.retry_keys.accept(key, accepted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::{json_of, request};
    use super::super::{ApiResponse, Settings};
    use super::*;

    const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

    fn push(platform: &mut Platform, now_ms: i64, to: &str, key: Option<&str>) -> ApiResponse {
        let body = json!({"to": to, "messages": [{"type": "text", "text": "hello"}]}).to_string();
        let token = platform.settings().long_lived_token.clone();
        let mut request =
            request("POST", "/v2/bot/message/push", token.as_deref(), body.as_bytes());
        request.headers.extend(key.map(|key| ("X-Line-Retry-Key".to_owned(), key.to_owned())));
        platform.request(now_ms, &request)
    }

    fn with_friend(settings: Settings) -> (Platform, String) {
        let mut platform = Platform::new(settings);
        let user = platform.add_user("a");
        platform.add_friend(0, &user);
        (platform, user)
    }

    fn seen(platform: &Platform, user: &str) -> usize {
        platform.phone(user).unwrap().items.len()
    }

    #[test]
    fn a_repeated_push_under_its_key_is_409_and_seen_once_for_24_hours() {
        let (mut platform, user) = with_friend(Settings::default());
        let first = json_of(&push(&mut platform, 0, &user, Some(KEY))).1;
        let again = push(&mut platform, 86_399_999, &user, Some(KEY));
        assert_eq!(again.headers[2].0, "x-line-accepted-request-id");
        let (status, body) = json_of(&again);
        assert_eq!((status, &body["sentMessages"]), (409, &first["sentMessages"]));
        assert_eq!((seen(&platform, &user), platform.usage()), (1, 1));
        assert_eq!(push(&mut platform, 86_400_000, &user, Some(KEY)).status, 200);
        assert_eq!(platform.violations().len(), 1);
    }

    #[test]
    fn a_push_to_a_blocker_is_200_and_seen_and_counted_by_nobody() {
        let (mut platform, user) = with_friend(Settings::default());
        platform.block(1, &user);
        assert_eq!(push(&mut platform, 2, &user, None).status, 200);
        assert_eq!((seen(&platform, &user), platform.usage()), (0, 0));
    }

    #[test]
    fn unknown_and_malformed_receivers_are_400() {
        let mut platform = Platform::default();
        let stranger = format!("U{}", "0".repeat(32));
        assert_eq!(
            json_of(&push(&mut platform, 0, &stranger, None)),
            (400, json!({"message": "Failed to send messages"}))
        );
        assert_eq!(push(&mut platform, 0, "U1", None).status, 400);
        assert!(platform.violations().is_empty());
        push(&mut platform, 0, &stranger, None);
        assert_eq!(platform.violations().len(), 1);
    }

    #[test]
    fn beyond_the_quota_nothing_is_sent() {
        let (mut platform, user) =
            with_friend(Settings { quota_messages: Some(1), ..Settings::default() });
        assert_eq!(push(&mut platform, 0, &user, None).status, 200);
        let (status, body) = json_of(&push(&mut platform, 1, &user, None));
        assert_eq!(
            (status, &body["message"]),
            (429, &json!("You have reached your monthly limit."))
        );
        assert_eq!(seen(&platform, &user), 1);
    }

    #[test]
    fn a_reply_is_free_works_once_and_takes_no_retry_key() {
        let (mut platform, user) = with_friend(Settings::default());
        let delivery = platform.take_webhook(0).unwrap();
        let event: Value = serde_json::from_slice(&delivery.body).unwrap();
        let body = json!({"replyToken": event["events"][0]["replyToken"], "messages": [{"type": "text", "text": "x"}]}).to_string();
        let token = platform.settings().long_lived_token.clone();
        let mut asked = request("POST", "/v2/bot/message/reply", token.as_deref(), body.as_bytes());
        assert_eq!(platform.request(60_000, &asked).status, 200);
        assert_eq!(
            json_of(&platform.request(60_000, &asked)),
            (400, json!({"message": "Invalid reply token"}))
        );
        asked.headers.push(("x-line-retry-key".to_owned(), KEY.to_owned()));
        assert_eq!(platform.request(60_000, &asked).status, 400);
        assert_eq!(
            (seen(&platform, &user), platform.usage(), platform.violations().len()),
            (1, 0, 2)
        );
    }

    #[test]
    fn one_to_five_messages_and_nothing_unknown_in_the_body() {
        let (mut platform, user) = with_friend(Settings::default());
        let token = platform.settings().long_lived_token.clone();
        for (count, status) in [(0, 400), (1, 200), (5, 200), (6, 400)] {
            let messages = vec![json!({"type": "text", "text": "x"}); count];
            let body = json!({"to": user, "messages": messages}).to_string();
            let asked = request("POST", "/v2/bot/message/push", token.as_deref(), body.as_bytes());
            assert_eq!(platform.request(0, &asked).status, status, "{count}");
        }
        let body = json!({"to": user, "message": [], "messages": [{"type": "text", "text": "x"}]})
            .to_string();
        let asked = request("POST", "/v2/bot/message/push", token.as_deref(), body.as_bytes());
        assert_eq!(platform.request(0, &asked).status, 400);
    }
}
