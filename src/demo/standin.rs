//! The modelled LINE over real HTTP: answers the server's requests, posts signed webhooks to it,
//! and lets people act on their phones.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::domain::time::Moment;
use crate::http::{Handler, Limits, Request, Response, Server, StatusCode, handler};
use crate::net::client::{self, NoClient};
use crate::platform::{Answer, ApiRequest, ApiResponse, Delivery, Host, Platform};

/// LINE gives up on a webhook after this long, in real time.
const WEBHOOK_WAIT: Duration = Duration::from_secs(2);

/// Largest request that is read, in bytes: a little more than LINE takes, so that the model itself
/// can refuse it.
const BODY_BYTES_MAX: usize = 3 * 1024 * 1024;

/// Acts that did not reach the server and that nobody asked about yet, at most.
const UNHEARD_MAX: usize = 1_000;

/// Something that somebody did and the server did not hear.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unheard {
    /// Who did it.
    pub user: String,
    /// Whether LINE will try again.
    pub again: bool,
}

/// LINE, as far as the server can see. Cheap to clone.
#[derive(Clone)]
pub struct StandIn {
    platform: Arc<Mutex<Platform>>,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
    http: reqwest::Client,
    unheard: Arc<Mutex<Vec<Unheard>>>,
}

impl StandIn {
    /// A stand-in over a model, on a clock that it shares with the server.
    pub fn new(platform: Platform, clock: Arc<dyn Clock>) -> Result<Self, NoClient> {
        let http = client::http(None, WEBHOOK_WAIT)?;
        let platform = Arc::new(Mutex::new(platform));
        Ok(Self { platform, clock, wake: Arc::new(Notify::new()), http, unheard: Arc::default() })
    }

    /// The model. Never held over a wait.
    pub fn platform(&self) -> MutexGuard<'_, Platform> {
        self.platform.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody does something on a phone now; the webhook leaves at once.
    pub fn act<T>(&self, act: impl FnOnce(&mut Platform, i64) -> T) -> T {
        let now_ms = self.clock.now().millis();
        let result = act(&mut self.platform(), now_ms);
        self.wake.notify_one();
        result
    }

    /// Serves one of LINE's hosts on a listener until the process ends.
    pub fn serve(&self, host: Host, listener: TcpListener) {
        let limits = Limits { connections_per_ip_max: 512, ..Limits::default() };
        let server = Server::new(self.handler(host), limits);
        tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    }

    fn handler(&self, host: Host) -> Handler {
        let standin = self.clone();
        handler(move |request| {
            let standin = standin.clone();
            async move { standin.answer(host, request).await }
        })
    }

    async fn answer(&self, host: Host, mut request: Request) -> Response {
        let body = match request.body(BODY_BYTES_MAX).await {
            Ok(body) => body.to_vec(),
            Err(fault) => return fault.response(),
        };
        let headers = request.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let asked = ApiRequest {
            host,
            method: request.method.as_str().to_owned(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: headers.collect(),
            body,
        };
        let now_ms = self.clock.now().millis();
        let answer = self.platform().answer(now_ms, &asked);
        match answer {
            Answer::Now(response) => respond(response),
            Answer::Delayed { by_ms, response } => {
                let wait = Duration::from_millis(u64::try_from(by_ms).unwrap_or(0));
                self.clock.sleep_until(self.clock.now() + wait).await;
                respond(response)
            }
            // The kit always answers; a status that says nothing comes closest to a lost answer.
            Answer::Dropped => Response::empty(StatusCode::GATEWAY_TIMEOUT),
            Answer::TestWebhook { url, delivery } => {
                let status = self.post(&url, &delivery).await;
                respond(self.platform().webhook_tested(self.clock.now().millis(), status))
            }
        }
    }

    /// Posts webhooks to the server from now on.
    pub fn deliver_to(&self, url: String) {
        let standin = self.clone();
        tokio::spawn(async move { standin.deliver(&url).await });
    }

    async fn deliver(&self, url: &str) {
        loop {
            let now_ms = self.clock.now().millis();
            let (delivery, next) = {
                let mut platform = self.platform();
                (platform.take_webhook(now_ms), platform.next_webhook_at())
            };
            if let Some(delivery) = delivery {
                let (standin, url) = (self.clone(), url.to_owned());
                tokio::spawn(async move {
                    let status = standin.post(&url, &delivery).await;
                    let again = standin
                        .act(|platform, now_ms| platform.webhook_done(now_ms, delivery.id, status));
                    if !status.is_some_and(|status| (200..300).contains(&status)) {
                        standin.note_unheard(&delivery, again);
                    }
                });
                continue;
            }
            let due = next.map(Moment::from_millis);
            tokio::select! {
                () = self.wake.notified() => {}
                () = wait(self.clock.as_ref(), due) => {}
            }
        }
    }

    /// Notes the first failure of a delivery, and the last.
    fn note_unheard(&self, delivery: &Delivery, again: bool) {
        let body: Value = serde_json::from_slice(&delivery.body).unwrap_or_default();
        let events = body["events"].as_array().into_iter().flatten();
        let telling = events
            .filter(|event| !again || event["deliveryContext"]["isRedelivery"] != true)
            .filter_map(|event| event["source"]["userId"].as_str());
        let news = telling.map(|user| Unheard { user: user.to_owned(), again });
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        let room = UNHEARD_MAX.saturating_sub(unheard.len());
        unheard.extend(news.take(room));
    }

    /// What the server did not hear since the last time this was asked.
    #[must_use]
    pub fn take_unheard(&self) -> Vec<Unheard> {
        std::mem::take(&mut self.unheard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The status that the server answered within LINE's two seconds.
    async fn post(&self, url: &str, delivery: &Delivery) -> Option<u16> {
        let mut request = self.http.post(url).body(delivery.body.clone());
        for (name, value) in &delivery.headers {
            request = request.header(name, value);
        }
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }
}

async fn wait(clock: &dyn Clock, until: Option<Moment>) {
    match until {
        Some(at) => clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn respond(answer: ApiResponse) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = Response::bytes("application/json", answer.body).with_status(status);
    answer.headers.iter().fold(response, |response, (name, value)| response.header(name, value))
}

/// Listens on a free port of the loopback interface.
pub async fn free_port() -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
