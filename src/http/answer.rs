//! From a request that passed the gate to its response: host, true client, handler, headers.
//!
//! It must not let a handler's panic or patience reach the connection: both become answers.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::Full;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header;
use tokio::sync::watch;
use tokio::time::timeout;

use super::crowd::Stage;
use super::forwarded::{self, Cidr};
use super::gate::Verdict;
use super::head::Framing;
use super::host::HostPolicy;
use super::limits::Limits;
use super::refusal::Refusal;
use super::request::{Request, Unread};
use super::response::Response;
use super::server::Handler;

/// What all connections of a server share.
pub(super) struct Shared {
    pub(super) handler: Handler,
    pub(super) limits: Arc<Limits>,
    pub(super) hosts: HostPolicy,
    pub(super) trusted_proxies: Vec<Cidr>,
    /// People reach us over HTTPS.
    pub(super) strict_transport: bool,
    /// True once the server stops: every answer is then the last of its connection.
    pub(super) stopping: watch::Receiver<bool>,
}

/// Answers one request. Never fails: whatever goes wrong is a response.
pub(super) async fn answer(
    shared: Arc<Shared>,
    verdict: Verdict,
    (socket_peer, stage): (IpAddr, &Stage),
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let framing = match verdict.and_then(|framing| agreed(framing, request.body())) {
        Ok(framing) => framing,
        Err(refusal) => {
            tracing::debug!(?refusal, "request refused");
            return Ok(refusal.response().into_hyper(shared.strict_transport, true));
        }
    };
    let unread = Unread::new(framing != Framing::Length(0));
    let _answering = stage.begin(unread.clone());
    let response = match admitted(&shared.hosts, &request) {
        Ok(()) => {
            let peer = forwarded::client(socket_peer, request.headers(), &shared.trusted_proxies);
            let wait = shared.limits.body_wait;
            let request = Request::from_hyper(request, peer, wait, unread.clone());
            run(&shared, request).await.unwrap_or_else(Refusal::response)
        }
        Err(refusal) => refusal.response(),
    };
    // What nobody read cannot be told from the next request, and the gate has not seen where the
    // chunks end: such a connection ends here.
    let close = unread.get() || framing == Framing::Chunked || *shared.stopping.borrow();
    Ok(response.into_hyper(shared.strict_transport, close))
}

/// Gate and hyper must have read the same request; if they ever differ, nobody else may.
fn agreed(framing: Framing, body: &Incoming) -> Result<Framing, Refusal> {
    let same = match framing {
        Framing::Length(length) => body.size_hint().exact() == Some(length),
        Framing::Chunked => body.size_hint().exact().is_none(),
    };
    if same { Ok(framing) } else { Err(Refusal::Malformed) }
}

/// A whole URL as target names a host too, and it must be ours as well.
fn admitted(hosts: &HostPolicy, request: &hyper::Request<Incoming>) -> Result<(), Refusal> {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let target = request.uri().authority().map(|authority| authority.as_str());
    let target_allowed = target.is_none_or(|target| hosts.allows(Some(target)));
    if hosts.allows(host) && target_allowed { Ok(()) } else { Err(Refusal::Misdirected) }
}

async fn run(shared: &Shared, request: Request) -> Result<Response, Refusal> {
    // The call itself is inside too: a handler may panic before it returns its future.
    let work = CatchPanic(Box::pin(async move { (shared.handler)(request).await }));
    match timeout(shared.limits.handler_wait, work).await {
        Ok(Some(response)) => Ok(response),
        Ok(None) => {
            tracing::error!("a handler panicked");
            Err(Refusal::Panicked)
        }
        Err(_) => {
            tracing::error!("a handler took too long and was dropped");
            Err(Refusal::HandlerTooSlow)
        }
    }
}

/// A future whose panic is `None`. After one it is dropped, so that nobody sees its broken state.
struct CatchPanic<F>(Pin<Box<F>>);

impl<F: Future> Future for CatchPanic<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    }
}
