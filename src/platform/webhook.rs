//! Events on their way to the server: built with LINE's fields, signed, batched, delayed, doubled,
//! lost or redelivered as the switches say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;

use super::Platform;
use super::reply_token::LIFE_MS;

/// Redeliveries of one event when nothing else is said.
const REDELIVERIES_MAX: u32 = 5;

/// Shortest and longest wait before a redelivery, in milliseconds. LINE keeps its own secret.
const REDELIVERY_WAITS_MS: (i64, u64) = (10_000, 50_000);

/// A webhook to be posted now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Names it in `webhook_done`.
    pub id: u64,
    /// The raw body.
    pub body: Vec<u8>,
    /// Content type, signature, user agent.
    pub headers: Vec<(String, String)>,
}

/// What is posted, with its fields in the order of LINE's own bodies.
#[derive(Serialize)]
struct Body<'b> {
    destination: &'b str,
    events: Vec<&'b Value>,
}

#[derive(Clone, Debug)]
struct Queued {
    due_at_ms: i64,
    event: Value,
    redeliveries_left: u32,
}

/// All events that have not been delivered for good.
#[derive(Debug, Default)]
pub(super) struct Webhooks {
    queue: Vec<Queued>,
    in_flight: Vec<(u64, Vec<Queued>)>,
    last_id: u64,
    pub(super) endpoint: Option<String>,
}

/// LINE's signature of a body.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

impl Platform {
    /// Queues an event of a 1:1 chat.
    pub(super) fn event(
        &mut self,
        now_ms: i64,
        user: &str,
        kind: &str,
        answerable: bool,
        extra: Value,
    ) {
        let source = json!({"type": "user", "userId": user});
        self.event_of(now_ms, (user, source), kind, answerable, extra);
    }

    /// Queues an event of a group, with whose it is where LINE says so.
    pub(super) fn group_event(
        &mut self,
        now_ms: i64,
        group: &str,
        user: Option<&str>,
        kind: &str,
        answerable: bool,
        extra: Value,
    ) {
        let mut source = json!({"type": "group", "groupId": group});
        if let Some(user) = user.filter(|_| !self.faults.group_without_user_ids) {
            source["userId"] = json!(user);
        }
        self.event_of(now_ms, (group, source), kind, answerable, extra);
    }

    fn event_of(
        &mut self,
        now_ms: i64,
        (chat, source): (&str, Value),
        kind: &str,
        answerable: bool,
        mut extra: Value,
    ) {
        if self.faults.webhook_off {
            return;
        }
        let mut event = json!({
            "type": kind,
            "webhookEventId": self.dice.ulid(now_ms),
            "deliveryContext": {"isRedelivery": false},
            "timestamp": now_ms,
            "source": source,
            "mode": if self.faults.webhook_standby { "standby" } else { "active" },
        });
        if let (Some(event), Some(extra)) = (event.as_object_mut(), extra.as_object_mut()) {
            event.append(extra);
        }
        if answerable && !self.faults.webhook_standby {
            let token = self.dice.hex(32);
            self.replies.issue(&token, chat, now_ms);
            event["replyToken"] = json!(token);
        }
        if self.faults.unknown_event_noise {
            event["newField"] = json!({"of": ["the", "future"]});
            self.queue(now_ms, json!({"type": "somethingNew", "timestamp": now_ms}));
        }
        if self.faults.webhook_duplicate {
            self.queue(now_ms, event.clone());
        }
        self.queue(now_ms, event);
    }

    fn queue(&mut self, now_ms: i64, event: Value) {
        let most = self.faults.redeliveries_max.unwrap_or(REDELIVERIES_MAX);
        let count = match (self.settings.redelivery, self.faults.redelivery_may_stop_early) {
            (false, _) => 0,
            (true, false) => most,
            (true, true) => u32::try_from(self.dice.below(u64::from(most) + 1)).unwrap_or(most),
        };
        let late = if self.faults.webhook_reorder { self.dice.below(3_000) } else { 0 };
        let delay_ms =
            self.faults.webhook_delay_ms.saturating_add(i64::try_from(late).unwrap_or(0));
        let due_at_ms = now_ms.saturating_add(delay_ms);
        self.webhooks.queue.push(Queued { due_at_ms, event, redeliveries_left: count });
    }

    /// When the next webhook is due, if any.
    #[must_use]
    pub fn next_webhook_at(&self) -> Option<i64> {
        if self.faults.webhook_held {
            return None;
        }
        self.webhooks.queue.iter().map(|queued| queued.due_at_ms).min()
    }

    /// Takes the next due webhook to post it. Its reply tokens start to live.
    pub fn take_webhook(&mut self, now_ms: i64) -> Option<Delivery> {
        if self.faults.webhook_held {
            return None;
        }
        let batch_max = self.faults.webhook_batching.max(1);
        let mut batch = Vec::new();
        while batch.len() < batch_max {
            let due = self.webhooks.queue.iter().enumerate().filter(|(_, q)| q.due_at_ms <= now_ms);
            let Some((place, _)) = due.min_by_key(|(place, q)| (q.due_at_ms, *place)) else {
                break;
            };
            batch.push(self.webhooks.queue.remove(place));
        }
        if batch.is_empty() {
            return None;
        }
        let life_ms = self.faults.reply_token_life_ms.unwrap_or(LIFE_MS);
        for queued in &batch {
            if let Some(token) = queued.event["replyToken"].as_str() {
                self.replies.delivered(token, now_ms, life_ms);
            }
        }
        let events: Vec<&Value> = batch.iter().map(|queued| &queued.event).collect();
        let body = self.body_of(events);
        let delivery = self.delivery(body);
        self.webhooks.in_flight.push((delivery.id, batch));
        Some(delivery)
    }

    /// A webhook without events, as the console's "verify" sends it.
    pub(super) fn empty_webhook(&mut self) -> Delivery {
        let body = self.body_of(Vec::new());
        self.delivery(body)
    }

    fn body_of(&self, events: Vec<&Value>) -> Vec<u8> {
        let body = Body { destination: &self.bot_id, events };
        serde_json::to_vec(&body).expect("texts and values are always JSON")
    }

    fn delivery(&mut self, body: Vec<u8>) -> Delivery {
        self.webhooks.last_id += 1;
        let header = if self.faults.unknown_event_noise && self.dice.one_in(2) {
            "X-Line-Signature"
        } else {
            "x-line-signature"
        };
        let headers = vec![
            ("content-type".to_owned(), "application/json; charset=utf-8".to_owned()),
            (header.to_owned(), sign(&self.settings.channel_secret, &body)),
            ("user-agent".to_owned(), "LineBotWebhook/2.0".to_owned()),
        ];
        Delivery { id: self.webhooks.last_id, body, headers }
    }

    /// What the server answered; `None` when no answer came within two seconds. Tells whether anything of it is
    /// delivered again.
    pub fn webhook_done(&mut self, now_ms: i64, id: u64, status: Option<u16>) -> bool {
        let Some(place) = self.webhooks.in_flight.iter().position(|(known, _)| *known == id) else {
            return false;
        };
        let (_, batch) = self.webhooks.in_flight.swap_remove(place);
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return false;
        }
        let mut again = false;
        for mut queued in batch.into_iter().filter(|queued| queued.redeliveries_left > 0) {
            queued.redeliveries_left -= 1;
            queued.event["deliveryContext"]["isRedelivery"] = json!(true);
            let (least, span) = REDELIVERY_WAITS_MS;
            let wait = least.saturating_add(i64::try_from(self.dice.below(span)).unwrap_or(0));
            queued.due_at_ms = now_ms.saturating_add(wait);
            self.webhooks.queue.push(queued);
            again = true;
        }
        again
    }

    /// Webhooks that were taken and not yet answered.
    #[must_use]
    pub fn webhooks_in_flight(&self) -> usize {
        self.webhooks.in_flight.len()
    }

    /// Where webhooks go, as the server or the console set it.
    #[must_use]
    pub fn webhook_endpoint(&self) -> Option<&str> {
        self.webhooks.endpoint.as_deref()
    }

    /// Sets where webhooks go.
    pub fn set_webhook_endpoint(&mut self, url: Option<String>) {
        self.webhooks.endpoint = url;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    #[test]
    fn the_documented_example_is_signed_as_documented() {
        let body = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
        assert_eq!(
            sign("8c570fa6dd201bb328f1c1eac23a96d8", body),
            "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
        );
    }

    fn with_redelivery(redelivery: bool) -> Platform {
        let mut platform = Platform::new(Settings { redelivery, ..Settings::default() });
        let user = platform.add_user("a");
        platform.add_friend(0, &user);
        platform
    }

    #[test]
    fn an_unanswered_webhook_comes_again_only_where_redelivery_is_on() {
        for (on, expected) in [(false, 1), (true, 6)] {
            let mut platform = with_redelivery(on);
            let mut count = 0;
            while let Some(at) = platform.next_webhook_at() {
                let delivery = platform.take_webhook(at).unwrap();
                platform.webhook_done(at, delivery.id, None);
                count += 1;
            }
            assert_eq!(count, expected);
        }
    }

    #[test]
    fn a_redelivered_event_differs_only_in_its_mark() {
        let mut platform = with_redelivery(true);
        let first = platform.take_webhook(0).unwrap();
        platform.webhook_done(0, first.id, Some(500));
        let at = platform.next_webhook_at().unwrap();
        let second = platform.take_webhook(at).unwrap();
        platform.webhook_done(at, second.id, Some(200));
        assert_eq!(platform.next_webhook_at(), None);
        let mut first: Value = serde_json::from_slice(&first.body).unwrap();
        first["events"][0]["deliveryContext"]["isRedelivery"] = json!(true);
        assert_eq!(first, serde_json::from_slice::<Value>(&second.body).unwrap());
    }

    #[test]
    fn held_events_wait_and_leave_with_the_time_at_which_they_happened() {
        let mut platform = with_redelivery(false);
        platform.faults.webhook_held = true;
        assert_eq!((platform.next_webhook_at(), platform.take_webhook(9)), (None, None));
        platform.faults.webhook_held = false;
        assert_eq!(platform.next_webhook_at(), Some(0));
        let body: Value =
            serde_json::from_slice(&platform.take_webhook(9_000).unwrap().body).unwrap();
        assert_eq!(body["events"][0]["timestamp"], 0);
    }

    #[test]
    fn redelivery_switched_on_later_concerns_later_events() {
        let mut platform = with_redelivery(false);
        platform.set_redelivery(true);
        let user = platform.users()[0].clone();
        platform.say(1, &user, "x");
        let first = platform.take_webhook(1).unwrap();
        assert!(!platform.webhook_done(1, first.id, None));
        let second = platform.take_webhook(1).unwrap();
        assert!(platform.webhook_done(1, second.id, None));
    }

    #[test]
    fn several_events_can_share_a_body_and_strange_ones_come_between() {
        let mut platform = Platform::default();
        platform.faults.webhook_batching = 10;
        platform.faults.unknown_event_noise = true;
        for name in ["a", "b"] {
            let user = platform.add_user(name);
            platform.add_friend(0, &user);
        }
        let delivery = platform.take_webhook(0).unwrap();
        let body: Value = serde_json::from_slice(&delivery.body).unwrap();
        assert_eq!(body["events"].as_array().unwrap().len(), 4);
    }
}
