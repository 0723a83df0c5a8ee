//! Requests of the server: headers, token, size, rate, route, faults, and LINE's way to answer.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Platform;
use super::account::is_user_id;
use super::calendar::iso_utc;
use super::fault::Trouble;
use super::rate::Rate;
use super::record::RequestRecord;
use super::schema::Refusal;
use super::webhook::Delivery;

/// Largest request, in bytes.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Which of LINE's hosts is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// `api.line.me`
    Api,
    /// `api-data.line.me`
    Data,
}

/// A request of the server.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    /// The host.
    pub host: Host,
    /// Upper case.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Without the question mark.
    pub query: String,
    /// Names in any case.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
}

/// LINE's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiResponse {
    /// The status.
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
}

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is answered.
    Now(ApiResponse),
    /// It is answered late.
    Delayed {
        /// How late, in milliseconds.
        by_ms: i64,
        /// The answer.
        response: ApiResponse,
    },
    /// The connection breaks without an answer.
    Dropped,
    /// The server asked for a test webhook: the shell posts it, and answers with
    /// [`Platform::webhook_tested`].
    TestWebhook {
        /// Where to.
        url: String,
        /// What to post.
        delivery: Delivery,
    },
}

/// A request on its way through the model.
pub(super) struct Call<'r> {
    pub(super) now_ms: i64,
    pub(super) request: &'r ApiRequest,
    pub(super) request_id: String,
    /// What goes wrong with it.
    pub(super) trouble: Option<Trouble>,
    /// The body, once somebody has asked what it says.
    body: OnceCell<Option<Value>>,
}

impl Call<'_> {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// What the body says, if it is JSON.
    pub(super) fn json(&self) -> Option<&Value> {
        self.body.get_or_init(|| serde_json::from_slice(&self.request.body).ok()).as_ref()
    }

    /// The messages of the body, for whoever keeps them; the body has none afterwards.
    pub(super) fn take_messages(&mut self) -> Vec<Value> {
        let body = self.body.get_mut().and_then(Option::as_mut);
        match body.and_then(|body| body.get_mut("messages")).map(Value::take) {
            Some(Value::Array(messages)) => messages,
            _ => Vec::new(),
        }
    }

    /// Whom it is for: the first ones are enough to find a request again.
    fn addressed_to(&self) -> Option<String> {
        let to = match self.body.get() {
            Some(body) => body.as_ref()?.get("to").cloned(),
            // Nobody has read it: it was refused before.
            None if self.request.body.is_empty() => None,
            None => serde_json::from_slice::<Addressed>(&self.request.body).ok()?.to,
        };
        match to? {
            Value::String(id) => Some(id),
            Value::Array(ids) => {
                let ids: Option<Vec<&str>> = ids.iter().map(Value::as_str).collect();
                Some(ids?.iter().take(20).copied().collect::<Vec<_>>().join(","))
            }
            _ => None,
        }
    }

    /// The form in the body, or in the query of a GET.
    pub(super) fn form(&self) -> BTreeMap<String, String> {
        let body = String::from_utf8_lossy(&self.request.body).into_owned();
        let text = if self.request.method == "GET" { self.request.query.clone() } else { body };
        text.split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect()
    }
}

/// Whom a body is for, and nothing else of it.
#[derive(Deserialize)]
struct Addressed {
    to: Option<Value>,
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match (digit(), digit()) {
                (Some(high), Some(low)) => {
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'))
                }
                _ => bytes.push(b'?'),
            },
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An answer before it gets its request id.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    /// The shell has to post a test webhook before it can answer.
    pub(super) test: Option<Box<(String, Delivery)>>,
}

impl Reply {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Some(body), test: None }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::json(status, json!({}))
    }

    pub(super) fn error(status: u16, message: &str) -> Self {
        Self::json(status, json!({"message": message}))
    }

    pub(super) fn refusal(refusal: Refusal) -> Self {
        Self::json(400, json!({"message": refusal.message, "details": refusal.details}))
    }

    pub(super) fn not_found() -> Self {
        Self::error(404, "Not found")
    }
}

impl Platform {
    /// Answers a request; delays and lost answers do not matter here.
    pub fn request(&mut self, now_ms: i64, request: &ApiRequest) -> ApiResponse {
        match self.answer(now_ms, request) {
            Answer::Now(response) | Answer::Delayed { response, .. } => response,
            Answer::Dropped => ApiResponse { status: 0, headers: Vec::new(), body: Vec::new() },
            Answer::TestWebhook { .. } => self.webhook_tested(now_ms, None),
        }
    }

    /// Answers a request, with whatever trouble is switched on.
    pub fn answer(&mut self, now_ms: i64, request: &ApiRequest) -> Answer {
        let trouble = self.faults.take(&request.path);
        let (request_id, body) = (self.dice.uuid(), OnceCell::new());
        let mut call = Call { now_ms, request, request_id, trouble, body };
        let reply = match trouble {
            Some(Trouble::DropConnection) => None,
            Some(Trouble::RefuseBefore(status)) => Some(Reply::empty(status)),
            Some(Trouble::Unauthorized) => Some(Self::token_refused()),
            Some(Trouble::RateLimited) => Some(rate_exceeded()),
            _ => Some(self.carry_out(&mut call)),
        };
        let accepted = reply.as_ref().is_some_and(|reply| reply.status < 300);
        let reply = match (trouble, reply) {
            (Some(Trouble::LoseAnswer), Some(_)) => None,
            (Some(Trouble::FailAfter(status)), Some(_)) => Some(Reply::empty(status)),
            (_, reply) => reply,
        };
        self.record(&call, reply.as_ref().map_or(0, |reply| reply.status), accepted);
        let Some(reply) = reply else { return Answer::Dropped };
        if let Some(test) = reply.test {
            let (url, delivery) = *test;
            return Answer::TestWebhook { url, delivery };
        }
        let response = respond(&reply, &call.request_id);
        match trouble {
            Some(Trouble::DelayMs(by_ms)) => Answer::Delayed { by_ms, response },
            _ => Answer::Now(response),
        }
    }

    fn record(&mut self, call: &Call<'_>, status: u16, accepted: bool) {
        let retry_key = call.header("x-line-retry-key").map(str::to_owned);
        self.log.request(RequestRecord {
            at_ms: call.now_ms,
            method: call.request.method.clone(),
            path: call.request.path.clone(),
            status,
            accepted,
            retry_key,
            to: call.addressed_to(),
        });
    }

    fn carry_out(&mut self, call: &mut Call<'_>) -> Reply {
        let request = call.request;
        if request.body.len() > BODY_BYTES_MAX {
            return Reply::error(413, "Request entity too large");
        }
        match (request.host, request.method.as_str(), request.path.as_str()) {
            (Host::Api, "POST", "/oauth2/v3/token") => return self.issue_stateless(call),
            (Host::Api, "POST", "/v2/oauth/accessToken") => return self.issue_short_lived(call),
            (Host::Api, "POST", "/oauth2/v2.1/token") => return self.issue_by_assertion(call),
            (Host::Api, "POST", "/v2/oauth/verify") | (Host::Api, "GET", "/oauth2/v2.1/verify") => {
                return self.verify_token(call);
            }
            (Host::Api, "POST", "/v2/oauth/revoke") => return self.revoke_token(call),
            _ => {}
        }
        if let Some(refused) = self.check_token(call.now_ms, call.header("authorization")) {
            return refused;
        }
        self.route(call)
    }

    /// Everything that needs a token.
    fn route(&mut self, call: &mut Call<'_>) -> Reply {
        let request = call.request;
        let path = request.path.trim_start_matches("/v2/bot/");
        if path.len() == request.path.len() {
            return Reply::not_found();
        }
        let parts: Vec<&str> = path.split('/').collect();
        let (rate, name) = rate_of(&parts);
        if !self.buckets.take(call.now_ms, (method_name(&request.method), name), rate) {
            return rate_exceeded();
        }
        match (request.host, request.method.as_str(), parts.as_slice()) {
            (Host::Api, "POST", ["message", "push"]) => self.push(call),
            (Host::Api, "POST", ["message", "reply"]) => self.reply(call),
            (Host::Api, "POST", ["message", "multicast"]) => self.multicast(call),
            (Host::Api, "POST", ["message", "validate", _]) => self.validate(call),
            (Host::Api, "GET", ["message", "quota"]) => self.quota_answer(),
            (Host::Api, "GET", ["message", "quota", "consumption"]) => {
                let used = self.quota.used_at(call.now_ms);
                Reply::json(
                    200,
                    json!({"totalUsage": used.saturating_sub(self.faults.consumption_lag_messages)}),
                )
            }
            (Host::Api, "GET", ["info"]) => self.info(),
            (Host::Api, "GET", ["profile", user]) => self.profile(user),
            (Host::Api, _, ["group", group, rest @ ..]) => self.group_answer(call, group, rest),
            (Host::Api, "POST", ["chat", "loading", "start"]) => Reply::empty(202),
            (Host::Api, _, ["channel", "webhook", what]) => self.webhook_settings(call, what),
            (host, _, ["richmenu", ..] | ["user", _, "richmenu", ..]) => {
                self.rich_menu(call, host, &parts)
            }
            _ => Reply::not_found(),
        }
    }

    fn quota_answer(&self) -> Reply {
        match self.settings.quota_messages {
            Some(value) => Reply::json(200, json!({"type": "limited", "value": value})),
            None => Reply::json(200, json!({"type": "none"})),
        }
    }

    fn info(&self) -> Reply {
        Reply::json(
            200,
            json!({
                "userId": self.bot_id,
                "basicId": self.settings.basic_id,
                "displayName": self.settings.bot_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }),
        )
    }

    fn profile(&self, user: &str) -> Reply {
        if !is_user_id(user) {
            return Reply::error(400, "The value for the 'userId' parameter is invalid");
        }
        match self.people().get(user).filter(|person| person.shows_profile()) {
            Some(person) => Reply::json(
                200,
                json!({"displayName": person.phone.name, "userId": user, "language": "ja"}),
            ),
            None => Reply::not_found(),
        }
    }

    fn webhook_settings(&mut self, call: &Call<'_>, what: &str) -> Reply {
        let asked = call.json().and_then(|body| body["endpoint"].as_str()).map(str::to_owned);
        match (call.request.method.as_str(), what) {
            ("GET", "endpoint") => match &self.webhooks.endpoint {
                Some(url) => {
                    Reply::json(200, json!({"endpoint": url, "active": !self.faults.webhook_off}))
                }
                None => Reply::error(404, "Webhook endpoint not found"),
            },
            ("PUT", "endpoint") => {
                match asked.filter(|url| url.starts_with("https://") && url.len() <= 500) {
                    Some(url) => {
                        self.webhooks.endpoint = Some(url);
                        Reply::empty(200)
                    }
                    None => Reply::error(400, "Invalid webhook endpoint URL"),
                }
            }
            ("POST", "test") => match asked.or_else(|| self.webhooks.endpoint.clone()) {
                Some(url) => {
                    let delivery = self.empty_webhook();
                    Reply { test: Some(Box::new((url, delivery))), ..Reply::empty(200) }
                }
                None => Reply::error(404, "Webhook endpoint not found"),
            },
            _ => Reply::not_found(),
        }
    }

    /// The answer to a test webhook that the shell posted: the status, or none.
    pub fn webhook_tested(&mut self, now_ms: i64, status: Option<u16>) -> ApiResponse {
        let (success, reason) = match status {
            Some(200..=299) => (true, "OK"),
            Some(_) => (false, "ERROR_STATUS_CODE"),
            None => (false, "COULD_NOT_CONNECT"),
        };
        let reply = Reply::json(
            200,
            json!({
                "success": success,
                "timestamp": iso_utc(now_ms),
                "statusCode": status.unwrap_or(0),
                "reason": reason,
                "detail": status.map_or_else(String::new, |status| status.to_string()),
            }),
        );
        respond(&reply, &self.dice.uuid())
    }
}

fn rate_exceeded() -> Reply {
    Reply::error(429, "The API rate limit has been exceeded. Try again later.")
}

fn rate_of(parts: &[&str]) -> (Rate, &'static str) {
    match parts {
        ["message", "push"] => (Rate::per_second(2_000), "push"),
        ["message", "reply"] => (Rate::per_second(2_000), "reply"),
        ["message", "multicast"] => (Rate::per_second(200), "multicast"),
        ["message", "validate", ..] => (Rate::per_second(2_000), "validate"),
        ["channel", "webhook", "test"] => (Rate::per_hour(60), "webhook test"),
        ["channel", ..] => (Rate::per_minute(1_000), "webhook endpoint"),
        ["chat", ..] => (Rate::per_second(100), "chat"),
        ["richmenu"] => (Rate::per_hour(100), "richmenu"),
        ["profile", _] => (Rate::per_second(2_000), "profile"),
        ["group", ..] => (Rate::per_second(2_000), "group"),
        _ => (Rate::per_second(2_000), "other"),
    }
}

/// The method as a name that lives as long as the buckets.
fn method_name(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

fn respond(reply: &Reply, request_id: &str) -> ApiResponse {
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-line-request-id".to_owned(), request_id.to_owned()),
    ];
    headers.extend(reply.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let body = reply.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default();
    ApiResponse { status: reply.status, headers, body }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn request(
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &[u8],
    ) -> ApiRequest {
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        headers.extend(token.map(|token| ("Authorization".to_owned(), format!("Bearer {token}"))));
        ApiRequest {
            host: Host::Api,
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers,
            body: body.to_vec(),
        }
    }

    pub(crate) fn form(
        platform: &mut Platform,
        now_ms: i64,
        path: &str,
        body: &str,
    ) -> ApiResponse {
        platform.request(now_ms, &request("POST", path, None, body.as_bytes()))
    }

    pub(crate) fn get_with(
        platform: &mut Platform,
        now_ms: i64,
        path: &str,
        token: Option<&str>,
    ) -> ApiResponse {
        platform.request(now_ms, &request("GET", path, token, b""))
    }

    pub(crate) fn json_of(response: &ApiResponse) -> (u16, Value) {
        (response.status, serde_json::from_slice(&response.body).unwrap_or_default())
    }

    #[test]
    fn every_answer_carries_a_fresh_request_id() {
        let mut platform = Platform::default();
        let ids: Vec<String> = (0..3)
            .map(|_| get_with(&mut platform, 0, "/nowhere", Some("wrong")).headers[1].1.clone())
            .collect();
        assert!(ids[0] != ids[1] && ids[1] != ids[2]);
        assert_eq!(ids[0].len(), 36);
    }

    #[test]
    fn an_unknown_path_or_the_wrong_host_is_404() {
        let mut platform = Platform::default();
        let token = platform.settings().long_lived_token.clone();
        assert_eq!(get_with(&mut platform, 0, "/v2/bot/nothing", token.as_deref()).status, 404);
        let mut wrong_host = request("GET", "/v2/bot/info", token.as_deref(), b"");
        wrong_host.host = Host::Data;
        assert_eq!(platform.request(0, &wrong_host).status, 404);
    }

    #[test]
    fn a_profile_is_seen_of_friends_only() {
        let mut platform = Platform::default();
        let token = platform.settings().long_lived_token.clone();
        let user = platform.add_user("a");
        let path = format!("/v2/bot/profile/{user}");
        assert_eq!(get_with(&mut platform, 0, &path, token.as_deref()).status, 404);
        platform.add_friend(0, &user);
        assert_eq!(get_with(&mut platform, 0, &path, token.as_deref()).status, 200);
        platform.block(0, &user);
        assert_eq!(get_with(&mut platform, 0, &path, token.as_deref()).status, 404);
        assert_eq!(get_with(&mut platform, 0, "/v2/bot/profile/x", token.as_deref()).status, 400);
    }

    #[test]
    fn a_lost_answer_was_carried_out_and_a_refused_one_was_not() {
        let mut platform = Platform::default();
        platform.faults.next("/v2/bot/info", 1, Trouble::RefuseBefore(503));
        assert_eq!(get_with(&mut platform, 0, "/v2/bot/info", None).status, 503);
        platform.faults.next("/v2/bot/info", 1, Trouble::LoseAnswer);
        assert!(matches!(
            platform.answer(0, &request("GET", "/v2/bot/info", None, b"")),
            Answer::Dropped
        ));
    }
}
