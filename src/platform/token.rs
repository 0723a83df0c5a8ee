//! Channel access tokens: issue, verify, revoke, expire.
//!
//! Three kinds: the long-lived one from the settings, short-lived ones (30 days, at most 30) and stateless ones
//! (15 minutes, not revocable). Tokens by signed assertion need a key registered in the console; the model holds
//! none, so those requests are answered as LINE answers them then.

use std::collections::BTreeMap;

use serde_json::json;

use super::api::{Call, Reply};
use super::{Platform, Settings};

const STATELESS_SECONDS: i64 = 900;
const SHORT_LIVED_SECONDS: i64 = 2_592_000;
const SHORT_LIVED_MAX: usize = 30;
const INVALID: &str = "Authentication failed due to the following reason: invalid token. \
                       Confirm that the access token in the authorization header is valid.";
const MISSING: &str =
    "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stateless,
    ShortLived,
}

#[derive(Debug)]
struct Token {
    kind: Kind,
    /// Rises with every token, so that the oldest can be found.
    number: u64,
    expires_at_ms: i64,
}

/// Every issued token that has not expired or been revoked.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    issued: BTreeMap<String, Token>,
    last_number: u64,
    long_lived_revoked: bool,
}

impl Tokens {
    fn issue(&mut self, now_ms: i64, text: String, kind: Kind) -> i64 {
        self.issued.retain(|_, token| token.expires_at_ms > now_ms);
        if kind == Kind::ShortLived {
            self.drop_oldest_short_lived();
        }
        let seconds = if kind == Kind::Stateless { STATELESS_SECONDS } else { SHORT_LIVED_SECONDS };
        self.last_number += 1;
        let expires_at_ms = now_ms.saturating_add(seconds * 1_000);
        self.issued.insert(text, Token { kind, number: self.last_number, expires_at_ms });
        seconds
    }

    /// The 31st short-lived token silently kills the oldest one.
    fn drop_oldest_short_lived(&mut self) {
        let short = self.issued.iter().filter(|(_, token)| token.kind == Kind::ShortLived);
        let (count, oldest) = (short.clone().count(), short.min_by_key(|(_, token)| token.number));
        if let Some(text) =
            oldest.map(|(text, _)| text.clone()).filter(|_| count >= SHORT_LIVED_MAX)
        {
            self.issued.remove(&text);
        }
    }

    /// Seconds a token still lives; `None` when it is not valid.
    fn seconds_left(&self, now_ms: i64, text: &str, settings: &Settings) -> Option<i64> {
        if settings.long_lived_token.as_deref() == Some(text) && !self.long_lived_revoked {
            return Some(i64::from(u32::MAX));
        }
        let left_ms = self.issued.get(text)?.expires_at_ms.saturating_sub(now_ms);
        (left_ms > 0).then_some(left_ms / 1_000)
    }

    fn revoke(&mut self, text: &str, settings: &Settings) {
        if settings.long_lived_token.as_deref() == Some(text) {
            self.long_lived_revoked = true;
        }
        if self.issued.get(text).is_some_and(|token| token.kind == Kind::ShortLived) {
            self.issued.remove(text);
        }
    }
}

fn oauth_error(error: &str, description: &str) -> Reply {
    Reply::json(400, json!({"error": error, "error_description": description}))
}

impl Platform {
    /// `None` when the bearer token is good, else LINE's answer.
    pub(super) fn check_token(&self, now_ms: i64, authorization: Option<&str>) -> Option<Reply> {
        let Some(token) = authorization.and_then(|value| value.strip_prefix("Bearer ")) else {
            return Some(Reply::error(401, MISSING));
        };
        let valid = self.tokens.seconds_left(now_ms, token.trim(), &self.settings).is_some();
        (!valid).then(|| Reply::error(401, INVALID))
    }

    /// The 401 of a token that is not valid.
    pub(super) fn token_refused() -> Reply {
        Reply::error(401, INVALID)
    }

    /// `POST /oauth2/v3/token`
    pub(super) fn issue_stateless(&mut self, call: &Call) -> Reply {
        let form = call.form();
        if form.contains_key("client_assertion") {
            return Reply::error(404, "Cannot find channel key that satisfies the conditions");
        }
        let known = form.get("client_id").map(String::as_str)
            == Some(self.settings.channel_id.as_str())
            && form.get("client_secret").map(String::as_str)
                == Some(self.settings.channel_secret.as_str());
        if form.get("grant_type").map(String::as_str) != Some("client_credentials") || !known {
            return oauth_error("invalid_request", "Invalid 'client_credentials'.");
        }
        self.issue(call.now_ms, Kind::Stateless)
    }

    /// `POST /v2/oauth/accessToken`
    pub(super) fn issue_short_lived(&mut self, call: &Call) -> Reply {
        let form = call.form();
        let part = |name: &str| form.get(name).map_or("", String::as_str);
        if part("grant_type") != "client_credentials"
            || part("client_id").is_empty()
            || part("client_secret").is_empty()
        {
            return oauth_error("invalid_request", "some parameters missed or invalid");
        }
        if part("client_id") != self.settings.channel_id {
            return oauth_error("invalid_client", "invalid client_id");
        }
        if part("client_secret") != self.settings.channel_secret {
            return oauth_error("invalid_client", "invalid client_secret");
        }
        self.issue(call.now_ms, Kind::ShortLived)
    }

    fn issue(&mut self, now_ms: i64, kind: Kind) -> Reply {
        let text = format!("model.{}", self.dice.word(150));
        let seconds = self.tokens.issue(now_ms, text.clone(), kind);
        Reply::json(
            200,
            json!({"token_type": "Bearer", "access_token": text, "expires_in": seconds}),
        )
    }

    /// `POST /oauth2/v2.1/token`: needs a registered key, and the model has none.
    pub(super) fn issue_by_assertion(&mut self, _call: &Call) -> Reply {
        Reply::error(404, "Cannot find channel key that satisfies the conditions")
    }

    /// `POST /v2/oauth/verify` and `GET /oauth2/v2.1/verify`
    pub(super) fn verify_token(&mut self, call: &Call) -> Reply {
        let text = call.form().remove("access_token").unwrap_or_default();
        match self.tokens.seconds_left(call.now_ms, &text, &self.settings) {
            Some(seconds) => Reply::json(
                200,
                json!({"client_id": self.settings.channel_id, "expires_in": seconds, "scope": "P CM"}),
            ),
            None => oauth_error("invalid_request", "access token expired"),
        }
    }

    /// `POST /v2/oauth/revoke`: 200 whatever the token was; stateless tokens cannot be revoked.
    pub(super) fn revoke_token(&mut self, call: &Call) -> Reply {
        let text = call.form().remove("access_token").unwrap_or_default();
        self.tokens.revoke(&text, &self.settings);
        Reply::empty(200)
    }
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::{form, get_with, json_of};
    use super::*;

    fn stateless(platform: &mut Platform, now_ms: i64, secret: &str) -> (u16, serde_json::Value) {
        let body =
            format!("grant_type=client_credentials&client_id=2008123456&client_secret={secret}");
        json_of(&form(platform, now_ms, "/oauth2/v3/token", &body))
    }

    fn status(platform: &mut Platform, now_ms: i64, token: &str) -> u16 {
        get_with(platform, now_ms, "/v2/bot/info", Some(token)).status
    }

    const SECRET: &str = "5f0e2c9a1b7d43f6a8e4c0d2b6917f35";

    #[test]
    fn a_stateless_token_works_for_fifteen_minutes() {
        let mut platform = Platform::default();
        let (code, body) = stateless(&mut platform, 0, SECRET);
        assert_eq!(
            (code, &body["expires_in"], &body["token_type"]),
            (200, &json!(900), &json!("Bearer"))
        );
        let token = body["access_token"].as_str().unwrap().to_owned();
        assert_eq!(status(&mut platform, 899_999, &token), 200);
        assert_eq!(status(&mut platform, 900_000, &token), 401);
    }

    #[test]
    fn a_wrong_secret_gets_no_token() {
        let (code, body) = stateless(&mut Platform::default(), 0, "wrong");
        assert_eq!(
            (code, &body["error_description"]),
            (400, &json!("Invalid 'client_credentials'."))
        );
        let body = "grant_type=client_credentials&client_id=2008123456&client_secret=wrong";
        let (code, body) =
            json_of(&form(&mut Platform::default(), 0, "/v2/oauth/accessToken", body));
        assert_eq!((code, &body["error"]), (400, &json!("invalid_client")));
    }

    #[test]
    fn the_thirty_first_short_lived_token_kills_the_first() {
        let mut platform = Platform::default();
        let body =
            format!("grant_type=client_credentials&client_id=2008123456&client_secret={SECRET}");
        let mut tokens = Vec::new();
        for _ in 0..31 {
            let (_, body) = json_of(&form(&mut platform, 0, "/v2/oauth/accessToken", &body));
            tokens.push(body["access_token"].as_str().unwrap().to_owned());
        }
        let states: Vec<u16> = tokens.iter().map(|token| status(&mut platform, 1, token)).collect();
        assert_eq!((states[0], states[1], states[30]), (401, 200, 200));
    }

    #[test]
    fn a_missing_a_wrong_and_a_revoked_token_are_401_with_lines_texts() {
        let mut platform = Platform::default();
        let answer = get_with(&mut platform, 0, "/v2/bot/info", None);
        assert_eq!(json_of(&answer).1["message"], MISSING);
        let answer = get_with(&mut platform, 0, "/v2/bot/info", Some("wrong"));
        assert_eq!(json_of(&answer), (401, json!({"message": INVALID})));
        let own = platform.settings().long_lived_token.clone().unwrap();
        assert_eq!(status(&mut platform, 0, &own), 200);
        assert_eq!(
            form(&mut platform, 0, "/v2/oauth/revoke", &format!("access_token={own}")).status,
            200
        );
        assert_eq!(status(&mut platform, 0, &own), 401);
    }

    #[test]
    fn a_valid_token_can_be_verified() {
        let mut platform = Platform::default();
        let token =
            stateless(&mut platform, 0, SECRET).1["access_token"].as_str().unwrap().to_owned();
        let (code, body) = json_of(&form(
            &mut platform,
            100_000,
            "/v2/oauth/verify",
            &format!("access_token={token}"),
        ));
        assert_eq!((code, &body["expires_in"]), (200, &json!(800)));
        assert_eq!(form(&mut platform, 0, "/v2/oauth/verify", "access_token=x").status, 400);
    }
}
