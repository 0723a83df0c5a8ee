//! Every answer the kit gives by itself, before or instead of a handler's.
//!
//! It must not tell a client anything about the inside: a status line as plain text is all.

use hyper::StatusCode;

use super::response::Response;

/// Why a request got no answer from a handler. Each says which response it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 400: the head is no HTTP, or could be read in two ways (request smuggling).
    Malformed,
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
            Refusal::Malformed => StatusCode::BAD_REQUEST,
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
