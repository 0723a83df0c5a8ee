//! The one place that talks to LINE: keep-alive connections, timeouts, tokens, request ids in the
//! log. Every answer becomes an [`Outcome`]; nothing is retried here.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::call::{self, Account, Base, Call, Replied};
use super::keys::Keys;
use super::render;
use crate::clock::Clock;
use crate::domain::decision::Reply;
use crate::domain::event::{Event, GroupNews, Upkeep};
use crate::domain::hearing::Probe;
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;
use crate::locale::Voice;
use crate::net::client;
use crate::outbox::{Inquiry, Outcome, Pace, Row, Sending, Transport};

/// Longest wait for a whole answer.
const ANSWER_WAIT: Duration = Duration::from_secs(15);

/// Longest wait for the time before we begin.
const TIME_WAIT: Duration = Duration::from_secs(3);

/// A stateless token is renewed when less than this of its life is left.
const RENEW_BEFORE: Duration = Duration::from_secs(120);

/// How the channel is reached.
pub struct Channel {
    /// Base of the API, without a slash at the end.
    pub api_base: String,
    /// Base of the API for pictures, likewise.
    pub data_api_base: String,
    /// What the channel is known by. Without a token among them, stateless ones are issued.
    pub keys: Keys,
    /// Further roots of trust, in PEM, for hosts behind an inspecting proxy.
    pub extra_roots: Option<Vec<u8>>,
}

/// The client.
pub struct Client {
    http: reqwest::Client,
    channel: Channel,
    issued: Mutex<Option<Issued>>,
    clock: Arc<dyn Clock>,
    mint: Mint,
    voice: Arc<std::sync::RwLock<Voice>>,
}

struct Issued {
    token: String,
    good_until: Moment,
    /// The version of the keys for which it was issued.
    keys: u64,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: u64,
}

/// An answer of LINE.
struct Answer {
    status: u16,
    body: Vec<u8>,
    /// The time at LINE, where it says so.
    date: Option<Moment>,
}

/// No usable answer came.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// Nobody has entered the keys of a channel.
    #[error("no channel of LINE is connected")]
    NotConnected,
    /// The network or LINE failed.
    #[error("LINE could not be reached: {0}")]
    Unreachable(String),
    /// LINE gives no token for this id and secret.
    #[error("LINE issued no token (status {0})")]
    NoToken(u16),
    /// There is nothing to call with.
    #[error("{0}")]
    NoClient(#[from] client::NoClient),
}

impl Client {
    /// A client; `voice` is read at every message, so that what is learnt later is used.
    pub fn new(
        channel: Channel,
        clock: Arc<dyn Clock>,
        mint: Mint,
        voice: Arc<std::sync::RwLock<Voice>>,
    ) -> Result<Self, NoAnswer> {
        let roots = channel.extra_roots.as_deref();
        let http = client::http(roots, ANSWER_WAIT)?;
        Ok(Self { http, channel, issued: Mutex::new(None), clock, mint, voice })
    }

    /// Whether there is a channel to speak for.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.channel.keys.are_set()
    }

    /// Waits until another channel is connected. For one task alone.
    pub async fn connected(&self) {
        self.channel.keys.connected().await;
    }

    /// The same way to LINE for another channel, to try its keys.
    #[must_use]
    pub fn with_keys(&self, id: &str, secret: &str) -> Self {
        let channel = Channel {
            api_base: self.channel.api_base.clone(),
            data_api_base: self.channel.data_api_base.clone(),
            keys: Keys::new(id, secret, None, None),
            extra_roots: None,
        };
        Self {
            http: self.http.clone(),
            channel,
            issued: Mutex::new(None),
            clock: Arc::clone(&self.clock),
            mint: self.mint.clone(),
            voice: Arc::clone(&self.voice),
        }
    }

    /// Our own account, as LINE knows it.
    pub async fn account(&self) -> Result<Option<Account>, NoAnswer> {
        let answer = self.send(&call::bot_info()).await?;
        if answer.status != 200 {
            return Ok(None);
        }
        Ok(call::account(&answer.body))
    }

    /// Sends a call; the status and what the body says.
    pub async fn json(&self, call: &Call) -> Result<(u16, Value), NoAnswer> {
        let answer = self.send(call).await?;
        Ok((answer.status, serde_json::from_slice(&answer.body).unwrap_or_default()))
    }

    /// Sends a call; a refused token is renewed once.
    async fn send(&self, call: &Call) -> Result<Answer, NoAnswer> {
        let token = self.token().await?;
        let answer = self.send_with(call, &token).await?;
        if answer.status != 401 || self.channel.keys.token().is_some() {
            return Ok(answer);
        }
        self.forget(&token).await;
        let token = self.token().await?;
        self.send_with(call, &token).await
    }

    async fn send_with(&self, call: &Call, token: &str) -> Result<Answer, NoAnswer> {
        let base = match call.base {
            Base::Api => &self.channel.api_base,
            Base::Data => &self.channel.data_api_base,
        };
        let url = format!("{base}{}", call.path);
        let mut request = match call.method {
            "GET" => self.http.get(url),
            "DELETE" => self.http.delete(url),
            "PUT" => self.http.put(url).body(call.body.clone()),
            _ => self.http.post(url).body(call.body.clone()),
        };
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let answer = request.bearer_auth(token).send().await.map_err(unreachable)?;
        let status = answer.status().as_u16();
        let id = answer.headers().get("x-line-request-id").and_then(|id| id.to_str().ok());
        tracing::info!(
            path = loggable(&call.path),
            status,
            request_id = id.unwrap_or("-"),
            "line call"
        );
        let date = answer.headers().get("date").and_then(|date| http_date(date.to_str().ok()?));
        let body = answer.bytes().await.map_err(unreachable)?.to_vec();
        Ok(Answer { status, body, date })
    }

    /// The token from the console, or a stateless one that still lives for a while.
    async fn token(&self) -> Result<String, NoAnswer> {
        if let Some(token) = self.channel.keys.token() {
            return Ok(token);
        }
        if !self.channel.keys.are_set() {
            return Err(NoAnswer::NotConnected);
        }
        // Held while issuing, so that a burst of sends asks for one token.
        let mut issued = self.issued.lock().await;
        let now = self.clock.now();
        let keys = self.channel.keys.version();
        let is_good = |issued: &&Issued| now < issued.good_until && issued.keys == keys;
        if let Some(issued) = issued.as_ref().filter(is_good) {
            return Ok(issued.token.clone());
        }
        let fresh = self.issue(now, keys).await?;
        let token = fresh.token.clone();
        *issued = Some(fresh);
        Ok(token)
    }

    async fn issue(&self, now: Moment, keys: u64) -> Result<Issued, NoAnswer> {
        let (id, secret) = self.channel.keys.pair();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            crate::locale::percent(&id),
            crate::locale::percent(&secret),
        );
        let request = self
            .http
            .post(format!("{}/oauth2/v3/token", self.channel.api_base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status().as_u16();
        tracing::info!(path = "/oauth2/v3/token", status, "line call");
        let body = answer.bytes().await.map_err(unreachable)?;
        let issued: TokenAnswer =
            serde_json::from_slice(&body).map_err(|_| NoAnswer::NoToken(status))?;
        let life = Duration::from_secs(issued.expires_in).saturating_sub(RENEW_BEFORE);
        Ok(Issued { token: issued.access_token, good_until: now + life, keys })
    }

    async fn forget(&self, token: &str) {
        let mut issued = self.issued.lock().await;
        if issued.as_ref().is_some_and(|issued| issued.token == token) {
            *issued = None;
        }
    }

    async fn push(&self, row: &Row) -> Outcome {
        match self.send(&call::push(row)).await {
            Ok(answer) => call::push_outcome(answer.status, &answer.body),
            Err(NoAnswer::NoToken(400..=499)) => Outcome::Unauthorized,
            Err(fault) => {
                tracing::warn!(%fault, "push without an answer");
                Outcome::Unavailable
            }
        }
    }

    /// Asks LINE something about ourselves.
    async fn inquire(&self, inquiry: &Inquiry) -> Option<Event> {
        if !self.channel.keys.are_set() {
            return None;
        }
        let upkeep = match inquiry {
            Inquiry::GroupSize(id, group) => {
                let answer = self.send(&call::group_count(group)).await.ok()?;
                let size = call::group_count_outcome(answer.status, &answer.body)?;
                return Some(Event::GroupNews(GroupNews::Counted(*id, size)));
            }
            Inquiry::GroupName(id, group, person, user) => {
                let answer = self.send(&call::group_member(group, user)).await.ok()?;
                let name = call::group_member_outcome(answer.status, &answer.body)?;
                return Some(Event::GroupNews(GroupNews::Called(*id, *person, name)));
            }
            Inquiry::Hearing => {
                let probe = match self.send(&call::webhook_test()).await {
                    Ok(answer) => call::webhook_test_outcome(answer.status, &answer.body),
                    Err(_) => Probe::Unanswered,
                };
                Upkeep::Probed(probe)
            }
            Inquiry::Reach(person, address) => {
                let asked_at = self.clock.now();
                let answer = self.send(&call::profile(address)).await.ok()?;
                let reachable = call::profile_outcome(answer.status)?;
                Upkeep::Reach { person: *person, reachable, asked_at }
            }
            Inquiry::Quota => {
                let (_, quota) = self.json(&call::quota()).await.ok()?;
                let (_, consumption) = self.json(&call::consumption()).await.ok()?;
                call::quota_outcome(&quota, &consumption)?
            }
            Inquiry::Time => {
                let asked_at = self.clock.now();
                let theirs = self.send(&call::bot_info()).await.ok()?.date?;
                Upkeep::Time(self.clock.told(theirs, self.clock.now().since(asked_at)))
            }
        };
        Some(Event::Upkeep(upkeep))
    }

    async fn reply(&self, reply: &Reply) -> Replied {
        let body = {
            let voice = self.voice.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            render::reply_body(&reply.token, &reply.messages, &voice, &self.mint)
        };
        match self.send(&call::reply(body)).await {
            Ok(answer) => call::reply_outcome(answer.status),
            Err(fault) => {
                tracing::warn!(%fault, "reply without an answer");
                Replied::Unknown
            }
        }
    }
}

/// LINE's own limit is 2,000 pushes a second.
pub const PACE: Pace = Pace { wire_max: 128, per_second: 1_500 };

impl Transport for Client {
    fn pace(&self) -> Pace {
        PACE
    }

    fn push<'a>(&'a self, row: &'a Row) -> Sending<'a, Outcome> {
        Box::pin(Self::push(self, row))
    }

    fn reply<'a>(&'a self, reply: &'a Reply) -> Sending<'a, bool> {
        Box::pin(async move { Self::reply(self, reply).await != Replied::Refused })
    }

    fn inquire<'a>(&'a self, inquiry: &'a Inquiry) -> Sending<'a, Option<Event>> {
        Box::pin(Self::inquire(self, inquiry))
    }
}

/// The moment of a `Date` header.
fn http_date(text: &str) -> Option<Moment> {
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(Moment::from_millis(date.timestamp_millis()))
}

/// What time it is at LINE, where it answers at once: every answer says so, also one that knows nobody. Asked before
/// anything is decided, so that nothing waits by a clock that is wrong.
pub async fn their_time(api_base: &str, extra_roots: Option<&[u8]>) -> Option<Moment> {
    let http = client::http(extra_roots, TIME_WAIT).ok()?;
    let answer = http.get(format!("{api_base}{}", call::bot_info().path)).send().await;
    let answer = answer.map_err(unreachable).inspect_err(|fault| {
        tracing::warn!(%fault, "LINE does not tell us the time; we begin with that of the machine");
    });
    http_date(answer.ok()?.headers().get("date")?.to_str().ok()?)
}

/// A path without the ids in it.
fn loggable(path: &str) -> &str {
    path.match_indices('/').nth(4).map_or(path, |(end, _)| &path[..end])
}

/// Keeps the cause of a failure without the address, which would only fill the log.
fn unreachable(fault: reqwest::Error) -> NoAnswer {
    NoAnswer::Unreachable(fault.without_url().to_string())
}
