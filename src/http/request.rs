//! What a handler sees of a request, and a builder so that handlers are tested without sockets.
//!
//! It must not decode the path or parse a body: that is the routes' and the pages' work.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{fmt, mem};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};

use super::response::Response;

/// A request whose head has been checked and whose host is one of ours.
#[derive(Debug)]
pub struct Request {
    /// The method; never TRACE or CONNECT.
    pub method: Method,
    /// The raw path, not percent-decoded; begins with `/`.
    pub path: String,
    /// What stands behind `?`, raw; empty if nothing does.
    pub query: String,
    /// The headers, names in lower case.
    pub headers: HeaderMap,
    /// The true client: behind trusted proxies the address they report, else the socket's.
    pub peer: IpAddr,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Read already, or given by a test.
    Whole(Bytes),
    /// Still on the wire.
    Waiting { incoming: Incoming, wait: Duration, unread: Unread },
    /// Reading failed; there is no second try.
    Failed(BodyError),
}

/// Why a body could not be read. [`BodyError::response`] gives the usual answer; the connection
/// is closed after it, whatever the handler answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// 413: declared or read length is over the handler's limit.
    TooLarge,
    /// 408: not complete within `body_wait`.
    TooSlow,
    /// 400: the client went away in the middle, or the chunks are malformed.
    Broken,
}

impl BodyError {
    /// The usual answer, as plain text.
    pub fn response(self) -> Response {
        Response::status_line(match self {
            BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            BodyError::Broken => StatusCode::BAD_REQUEST,
        })
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BodyError::TooLarge => "the body is larger than allowed",
            BodyError::TooSlow => "the body did not arrive in time",
            BodyError::Broken => "the body ended early or is malformed",
        })
    }
}

impl std::error::Error for BodyError {}

/// Whether bytes of the body may still be on the wire, so that the connection cannot go on.
#[derive(Clone, Debug)]
pub(super) struct Unread(Arc<AtomicBool>);

impl Unread {
    pub(super) fn new(unread: bool) -> Self {
        Unread(Arc::new(AtomicBool::new(unread)))
    }

    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn clear(&self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Request {
    /// Starts a request for a test: `Request::build("POST", "/path?query").header(..).body(..)`.
    ///
    /// # Panics
    ///
    /// If the method is none, or the path does not begin with `/`.
    pub fn build(method: &str, path_and_query: &str) -> RequestBuilder {
        assert!(path_and_query.starts_with('/'), "a path begins with a slash");
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        RequestBuilder(Request {
            method: Method::from_bytes(method.as_bytes()).expect("a test names a valid method"),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            body: Body::Whole(Bytes::new()),
        })
    }

    /// A request from the wire. `peer` is the true client.
    pub(super) fn from_hyper(
        request: hyper::Request<Incoming>,
        peer: IpAddr,
        wait: Duration,
        unread: Unread,
    ) -> Self {
        let (head, incoming) = request.into_parts();
        Request {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            peer,
            body: Body::Waiting { incoming, wait, unread },
        }
    }

    /// One header's value; `None` if it is absent or not visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The whole body, at most `bytes_max` bytes. A second call gives the same bytes.
    ///
    /// # Errors
    ///
    /// [`BodyError::TooLarge`] from a declared length before a byte is read, and else as soon as
    /// more bytes have come; [`BodyError::TooSlow`] after `body_wait`; [`BodyError::Broken`] if
    /// the client goes away or sends malformed chunks. After one, every further call fails too.
    pub async fn body(&mut self, bytes_max: usize) -> Result<Bytes, BodyError> {
        // If this future is dropped halfway, the bytes are gone with it.
        let read = match mem::replace(&mut self.body, Body::Failed(BodyError::Broken)) {
            Body::Whole(bytes) if bytes.len() > bytes_max => {
                self.body = Body::Whole(bytes);
                return Err(BodyError::TooLarge);
            }
            Body::Whole(bytes) => Ok(bytes),
            Body::Waiting { incoming, wait, unread } => {
                read(incoming, bytes_max, wait).await.inspect(|_| unread.clear())
            }
            Body::Failed(error) => Err(error),
        };
        self.body = match &read {
            Ok(bytes) => Body::Whole(bytes.clone()),
            Err(error) => Body::Failed(*error),
        };
        read
    }
}

async fn read(incoming: Incoming, bytes_max: usize, wait: Duration) -> Result<Bytes, BodyError> {
    // Decided before polling: polling would tell an `Expect: 100-continue` client to go on.
    if incoming.size_hint().lower() > bytes_max as u64 {
        return Err(BodyError::TooLarge);
    }
    match tokio::time::timeout(wait, Limited::new(incoming, bytes_max).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::Broken),
        Err(_) => Err(BodyError::TooSlow),
    }
}

/// A request in the making, for tests of handlers.
#[derive(Debug)]
pub struct RequestBuilder(Request);

impl RequestBuilder {
    /// Adds a header.
    ///
    /// # Panics
    ///
    /// If name or value cannot stand in a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a test names a valid header");
        let value = HeaderValue::from_str(value).expect("a test gives a valid header value");
        self.0.headers.append(name, value);
        self
    }

    /// Sets the client's address; 127.0.0.1 if never called.
    #[must_use]
    pub fn peer(mut self, peer: IpAddr) -> Self {
        self.0.peer = peer;
        self
    }

    /// The request with this body.
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Request {
        self.0.body = Body::Whole(bytes.into());
        self.0
    }

    /// The request without a body.
    pub fn empty(self) -> Request {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_built_request_is_read_like_one_from_the_wire() {
        let mut request = Request::build("POST", "/a%20b?c=d").header("X-A", "1").body("12345");
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/a%20b", "c=d"));
        assert_eq!(request.header("x-a"), Some("1"));
        assert_eq!(request.body(4).await, Err(BodyError::TooLarge));
        assert_eq!(request.body(5).await.as_deref(), Ok(&b"12345"[..]));
        assert_eq!(request.body(5).await.as_deref(), Ok(&b"12345"[..]));
    }
}
