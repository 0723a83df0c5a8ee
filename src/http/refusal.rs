//! Every answer the kit gives by itself, before or instead of a handler's.
//!
//! It must not tell a client anything about the inside: a status line as plain text is all.

use std::io::{Read, Write};

use hyper::StatusCode;
use tokio::net::TcpStream;

use super::response::Response;

/// What a client that is told without waiting may have sent already: most requests are smaller.
const REFUSED_INPUT_BYTES: usize = 4096;

/// Why a request got no answer from a handler. Each says which response it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 400: the head is no HTTP, or could be read in two ways (request smuggling).
    Malformed,
    /// 400: plain HTTP where TLS is spoken.
    NotEncrypted,
    /// 405: TRACE would echo secrets back, CONNECT would make us a proxy.
    MethodNotAllowed,
    /// 413: a declared body length that no limit could allow.
    BodyTooLarge,
    /// 414: the target is longer than `uri_bytes_max`.
    UriTooLong,
    /// 421: the host is not one of ours.
    Misdirected,
    /// 431: the head is longer than `header_bytes_max` or has more lines than `headers_max`.
    HeadTooLarge,
    /// 500: the handler panicked.
    Panicked,
    /// 501: a transfer coding other than `chunked`.
    CodingNotImplemented,
    /// 503: the handler took longer than `handler_wait`.
    HandlerTooSlow,
    /// 503: the client's address has `connections_per_ip_max` connections already.
    TooManyConnections,
    /// 505: not HTTP/1.0 or 1.1.
    VersionNotSupported,
}

impl Refusal {
    /// The status of the answer.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refusal::Malformed | Refusal::NotEncrypted => StatusCode::BAD_REQUEST,
            Refusal::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::UriTooLong => StatusCode::URI_TOO_LONG,
            Refusal::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Refusal::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Refusal::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            Refusal::CodingNotImplemented => StatusCode::NOT_IMPLEMENTED,
            Refusal::HandlerTooSlow | Refusal::TooManyConnections => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Refusal::VersionNotSupported => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
        }
    }

    /// The whole answer.
    pub(super) fn response(self) -> Response {
        let response = Response::status_line(self.status());
        match self {
            // RFC 9110 §15.5.6: a 405 names what is allowed.
            Refusal::MethodNotAllowed => response.header("allow", "GET, HEAD, POST"),
            Refusal::HandlerTooSlow | Refusal::TooManyConnections => {
                response.header("retry-after", "5")
            }
            _ => response,
        }
    }
}

/// Tells a client on a plain socket, without waiting, and closes: it gets no more time.
pub(super) fn tell(stream: TcpStream, refusal: Refusal, strict_transport: bool) {
    let sent = refusal.response().into_hyper(strict_transport, true);
    let mut text = format!("HTTP/1.1 {}\r\n", sent.status());
    for (name, value) in sent.headers() {
        // Our own header values are all ASCII.
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    // No length: the end of the connection ends the body.
    text.push_str(&format!("\r\n{}\n", sent.status()));
    // As a plain socket, still non-blocking: tokio's has not been told yet that it is writable.
    let Ok(mut stream) = stream.into_std() else { return };
    // Input left unread would turn the close into a reset, which may overtake the answer.
    let _ = stream.read(&mut [0; REFUSED_INPUT_BYTES]);
    let _ = stream.write(text.as_bytes());
}
