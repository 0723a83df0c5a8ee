//! The bytes of one connection: each request is answered by us, in its order; nothing is smuggled past the gate; and
//! where the bytes were cut on their way makes no difference.

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll};

use anshin::http::{HostPolicy, Limits, Method, Request, Response, Server, StatusCode, handler};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

const BODY_BYTES_MAX: usize = 2000;

/// One request, as the handler saw it.
type Seen = (Method, String, String, Option<Vec<u8>>);

pub(crate) fn run(bytes: &[u8]) {
    let (answers, seen) = talk(bytes, usize::MAX);
    for (method, path, query, body) in &seen {
        assert!(*method != Method::TRACE && *method != Method::CONNECT);
        assert!(path.starts_with('/') && path.len() + query.len() <= 4096);
        assert!(body.as_ref().is_none_or(|body| body.len() <= BODY_BYTES_MAX));
    }
    let heads = heads(&answers);
    // At most one answer is not the handler's: a refusal, behind which the connection ends.
    let refused = heads.iter().filter(|head| !head.contains("x-handled: ")).count();
    assert_eq!(heads.len(), seen.len() + refused, "{heads:#?}");
    for (place, head) in heads.iter().enumerate() {
        assert!(head.contains("x-content-type-options: nosniff"), "{head}");
        let last = place + 1 == heads.len();
        let stays = head.contains("x-handled: ") || head.contains(" 421 ");
        assert!(stays || last, "a refusal in the middle: {heads:#?}");
    }
    assert_eq!((answers, seen), talk(bytes, 1), "another cut, another answer");
}

/// What the server says to these bytes, of which so many arrive at once, and what its handler saw.
fn talk(bytes: &[u8], at_once: usize) -> (String, Vec<Seen>) {
    let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let notes = Arc::clone(&seen);
    let handler = handler(move |mut request: Request| {
        let notes = Arc::clone(&notes);
        async move {
            let body = request.body(BODY_BYTES_MAX).await.ok().map(|body| body.to_vec());
            let mut notes = notes.lock().expect("one thread");
            notes.push((request.method, request.path, request.query, body));
            Response::empty(StatusCode::OK).header("x-handled", &notes.len().to_string())
        }
    });
    let hosts = HostPolicy::only(["a.example"]);
    let server = Server::new(handler, Limits::default()).hosts(hosts);
    let mut answers = Vec::new();
    let peer = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
    let io = tokio::io::join(Drops { bytes, at_once }, &mut answers);
    RUNTIME.block_on(server.serve_one(io, peer));
    let text = String::from_utf8_lossy(&answers).into_owned();
    let seen = std::mem::take(&mut *seen.lock().expect("one thread"));
    (without_date(&text), seen)
}

/// A client that sends a few bytes at a time and then is silent.
struct Drops<'b> {
    bytes: &'b [u8],
    at_once: usize,
}

impl AsyncRead for Drops<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let some = self.bytes.len().min(self.at_once).min(out.remaining());
        let (now, later) = self.bytes.split_at(some);
        out.put_slice(now);
        self.bytes = later;
        Poll::Ready(Ok(()))
    }
}

/// What differs from run to run, or says only that the client may go on.
fn without_date(text: &str) -> String {
    let text = text.replace("HTTP/1.1 100 Continue\r\n\r\n", "");
    text.split_inclusive("\r\n").filter(|line| !line.starts_with("date: ")).collect()
}

fn heads(answers: &str) -> Vec<String> {
    let starts = answers.match_indices("HTTP/1.").map(|(at, _)| at);
    let rest = |at: usize| answers.get(at..).unwrap_or_default();
    starts.map(|at| rest(at).split("\r\n\r\n").next().unwrap_or_default().to_owned()).collect()
}
