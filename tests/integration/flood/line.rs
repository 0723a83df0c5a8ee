//! LINE, which goes on posting what people press, at a pace of its own: it does not wait for one answer before the next.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anshin::clock::stopwatch_ms;
use anshin::platform::sign;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::place::Place;

/// The secret with which the program is started.
const CHANNEL_SECRET: &str = "5f0e2c9a1b7d43f6a8e4c0d2b6917f35";

/// Where LINE calls from: no test listens there, so no port is taken from one.
const LINE: Ipv4Addr = Ipv4Addr::new(127, 1, 4, 1);

/// Between two presses: fifty a second.
const PRESS_EVERY: Duration = Duration::from_millis(20);

/// What the presses so far waited for their answers, in milliseconds.
pub(super) struct Waits(Vec<i64>);

impl Waits {
    /// The longest of all.
    pub(super) fn longest(&self) -> i64 {
        *self.0.last().unwrap()
    }

    /// How many there were.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

impl std::fmt::Display for Waits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of_hundred = |n: usize| self.0[(self.0.len() * n / 100).min(self.0.len() - 1)];
        let (half, most) = (of_hundred(50), of_hundred(99));
        let (count, longest) = (self.count(), self.longest());
        write!(
            f,
            "{count} webhooks, half within {half} ms, 99 of 100 within {most} ms, all within {longest} ms"
        )
    }
}

/// Posts for so long, and waits for all answers: each has to be 200. A wait begins when the press was due, so that none is
/// hidden because an earlier one took long.
pub(super) async fn posts(place: &Arc<Place>, span: Duration) -> Waits {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let mut due = interval(PRESS_EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut waits = JoinSet::new();
    for _ in 0..span.as_millis() / PRESS_EVERY.as_millis() {
        let late = due.tick().await.elapsed().as_millis();
        let (place, n) = (Arc::clone(place), NUMBER.fetch_add(1, Ordering::Relaxed));
        let began = stopwatch_ms() - i64::try_from(late).unwrap();
        waits.spawn(async move {
            assert_eq!(webhook(&place, n).await, "200", "webhook {n}");
            stopwatch_ms() - began
        });
    }
    let mut waits = waits.join_all().await;
    waits.sort_unstable();
    Waits(waits)
}

/// LINE posts what somebody writes, on a connection of its own; the status.
async fn webhook(place: &Place, n: usize) -> String {
    let body = json!({
        "destination": "U8e742f61d673b39c7fff3cecb7536ef0",
        "events": [{
            "type": "message", "mode": "active",
            "webhookEventId": format!("01FLOOD{n:019}"),
            "deliveryContext": {"isRedelivery": false},
            "timestamp": 1_800_000_000_000_i64 + i64::try_from(n).unwrap(),
            "source": {"type": "user", "userId": "U0123456789abcdef0123456789abcdef"},
            "message": {"id": n.to_string(), "type": "text", "text": "げんきです"},
        }],
    })
    .to_string();
    let head = format!(
        "POST /line/webhook HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nX-Line-Signature: {}\r\n\
         Content-Length: {}\r\n\r\n",
        place.host,
        sign(CHANNEL_SECRET, body.as_bytes()),
        body.len()
    );
    let answer = place.exchange(LINE, (head + &body).as_bytes()).await;
    answer.split(' ').nth(1).unwrap_or("none").to_owned()
}
