//! Brings LINE's webhooks to the server and keeps the book that the test is about: which acts the
//! server acknowledged with 200, and when.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anshin::clock::{Clock, ScaledClock};
use anshin::demo::standin::StandIn;
use anshin::net::client::http;
use anshin::platform::Delivery;
use serde_json::Value;

/// LINE gives up on a webhook after this long.
const PATIENCE: Duration = Duration::from_secs(2);

/// An act whose webhook was answered with 200.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    /// What a button carried, without its seal: `w.17.1763856000000`.
    pub(crate) words: Option<String>,
    /// When the person acted.
    pub(crate) at_ms: i64,
    /// When the 200 was here, at the latest.
    pub(crate) known_ms: i64,
}

#[derive(Clone)]
pub(crate) struct Courier {
    standin: StandIn,
    clock: Arc<ScaledClock>,
    http: reqwest::Client,
    book: Arc<Mutex<Vec<Acknowledged>>>,
    refused: Arc<AtomicUsize>,
    on_the_way: Arc<AtomicUsize>,
}

impl Courier {
    /// Starts to bring webhooks to `url`.
    pub(crate) fn start(standin: StandIn, clock: Arc<ScaledClock>, url: String) -> Self {
        let http = http(None, PATIENCE).unwrap();
        let (refused, on_the_way) = (Arc::default(), Arc::default());
        let courier = Self { standin, clock, http, book: Arc::default(), refused, on_the_way };
        let walking = courier.clone();
        tokio::spawn(async move {
            loop {
                walking.walk(&url);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        courier
    }

    /// Everything acknowledged so far.
    pub(crate) fn book(&self) -> Vec<Acknowledged> {
        self.book.lock().unwrap().clone()
    }

    /// Deliveries that got no 200.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// Whether nothing is on the way or waits to be brought again.
    pub(crate) fn is_idle(&self) -> bool {
        self.on_the_way.load(Ordering::SeqCst) == 0
            && self.standin.platform().next_webhook_at().is_none()
    }

    fn walk(&self, url: &str) {
        loop {
            let now_ms = self.clock.now().millis();
            let taken = {
                let mut platform = self.standin.platform();
                let taken = platform.take_webhook(now_ms);
                self.on_the_way.fetch_add(usize::from(taken.is_some()), Ordering::SeqCst);
                taken
            };
            let Some(delivery) = taken else { return };
            let (courier, url) = (self.clone(), url.to_owned());
            tokio::spawn(async move { courier.bring(&url, delivery).await });
        }
    }

    async fn bring(&self, url: &str, delivery: Delivery) {
        let mut request = self.http.post(url).body(delivery.body.clone());
        for (name, value) in &delivery.headers {
            request = request.header(name, value);
        }
        let status = request.send().await.ok().map(|answer| answer.status().as_u16());
        let now_ms = self.clock.now().millis();
        match status {
            Some(200) => self.note(&delivery.body, now_ms),
            _ => {
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
        }
        let mut platform = self.standin.platform();
        platform.webhook_done(now_ms, delivery.id, status);
        self.on_the_way.fetch_sub(1, Ordering::SeqCst);
    }

    fn note(&self, body: &[u8], known_ms: i64) {
        let body: Value = serde_json::from_slice(body).unwrap();
        let entries = body["events"].as_array().unwrap().iter().map(|event| Acknowledged {
            words: event["postback"]["data"].as_str().map(without_seal),
            at_ms: event["timestamp"].as_i64().unwrap(),
            known_ms,
        });
        self.book.lock().unwrap().extend(entries);
    }
}

/// A button's words without their seal.
pub(crate) fn without_seal(data: &str) -> String {
    data.split('~').next().unwrap_or_default().to_owned()
}
