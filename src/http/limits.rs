//! Every limit of the HTTP server, by name, with its default.
//!
//! It must not hold limits that depend on a route: body sizes are an argument of
//! [`Request::body`](super::Request::body), because a webhook and a form differ.

use std::time::Duration;

/// The limits of one [`Server`](super::Server).
#[derive(Clone, Debug)]
pub struct Limits {
    /// Size of a request head (request line and all header lines) in bytes. Over it: 431. 16 KiB.
    pub header_bytes_max: usize,
    /// Number of header lines. Over it: 431. 100.
    pub headers_max: usize,
    /// Size of the request target (path and query) in bytes. Over it: 414. 4 KiB.
    pub uri_bytes_max: usize,
    /// From a new connection to its first byte. Then it is closed without a word. 10 s.
    pub first_byte_wait: Duration,
    /// From a new connection to the end of its TLS handshake, where there is one. Then it is closed
    /// without a word. 10 s.
    pub handshake_wait: Duration,
    /// From the first byte of a request head to its last, however slowly bytes keep coming. Then
    /// the connection is closed without a word. 10 s.
    pub header_wait: Duration,
    /// From the start of reading a body to its last byte. Then the handler sees
    /// [`BodyError::TooSlow`](super::BodyError::TooSlow). 20 s.
    pub body_wait: Duration,
    /// From the handler's start to its response, reading the body included. Then 503, and the
    /// handler is dropped where it waits. 30 s.
    pub handler_wait: Duration,
    /// From one answered request to the first byte of the next. Then the connection is closed.
    /// 15 s.
    pub idle_wait: Duration,
    /// How long a client may take no byte at all of a response. Then it is cut off. 30 s.
    pub write_wait: Duration,
    /// How long input is thrown away after a response that was sent before the whole request was
    /// read. Closing at once would reset the connection, and the client might lose the answer. 2 s.
    pub linger_wait: Duration,
    /// How long connections may go on after the stop signal. Then they are cut off. 5 s.
    pub drain_wait: Duration,
    /// How long after the stop signal a connection that never asked may still begin to. Then it is
    /// closed without a word. 500 ms.
    pub newcomer_wait: Duration,
    /// Open connections. For one more, the connection that has waited longest is closed; while all are being answered, it
    /// waits in the kernel's queue, which is bounded too. 512.
    pub connections_max: usize,
    /// Open connections of one client address (of one /64 network with IPv6); trusted proxies are
    /// exempt. More are answered 503 and closed at once. 64.
    pub connections_per_ip_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            header_bytes_max: 16 * 1024,
            headers_max: 100,
            uri_bytes_max: 4 * 1024,
            first_byte_wait: Duration::from_secs(10),
            handshake_wait: Duration::from_secs(10),
            header_wait: Duration::from_secs(10),
            body_wait: Duration::from_secs(20),
            handler_wait: Duration::from_secs(30),
            idle_wait: Duration::from_secs(15),
            write_wait: Duration::from_secs(30),
            linger_wait: Duration::from_secs(2),
            drain_wait: Duration::from_secs(5),
            newcomer_wait: Duration::from_millis(500),
            connections_max: 512,
            connections_per_ip_max: 64,
        }
    }
}
