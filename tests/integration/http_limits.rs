//! The HTTP kit over real loopback sockets: every limit, every refusal, and how it stops. This file
//! holds the server and the raw client that the tests beside it share.
//!
//! A test shortens the one wait it is about and leaves all others long, so that only this one can
//! explain what happens. It must not sleep to let something happen: it reads until it has.

mod answers;
mod connections;
mod encrypted;
mod sizes;
mod waits;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anshin::http::{Handler, Limits, Request, Response, Server, StatusCode, Stopped, handler};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than any test may take: a wait of this length never ends in one.
const LONG: Duration = Duration::from_secs(20);
/// The wait under test.
const SHORT: Duration = Duration::from_millis(60);
/// When a test gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body limit of the handler under test.
const BODY_MAX: usize = 1000;
/// More than the kernel's socket buffers hold between client and server.
const LARGE: usize = 24 * 1024 * 1024;

const DEFAULT_HEADERS: [&str; 5] = [
    "x-content-type-options: nosniff",
    "referrer-policy: no-referrer",
    "cross-origin-opener-policy: same-origin",
    "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control: no-store",
];

fn patient() -> Limits {
    Limits {
        first_byte_wait: LONG,
        handshake_wait: LONG,
        header_wait: LONG,
        body_wait: LONG,
        handler_wait: LONG,
        idle_wait: LONG,
        write_wait: LONG,
        drain_wait: LONG,
        linger_wait: LONG,
        ..Limits::default()
    }
}

/// A running server, and the way to stop it.
struct World {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Stopped>,
    /// The handler behind `/held` tells that it runs.
    entered: Arc<Notify>,
    /// It answers once this is told.
    release: Arc<Notify>,
}

impl World {
    async fn new(limits: Limits) -> World {
        World::with(limits, |server| server).await
    }

    async fn with(limits: Limits, adjust: impl FnOnce(Server) -> Server) -> World {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (stop, stopped) = oneshot::channel();
        let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let server = Server::new(site(entered.clone(), release.clone()), limits);
        let serving = adjust(server).serve(listener, async {
            let _ = stopped.await;
        });
        World { address, stop, server: tokio::spawn(serving), entered, release }
    }

    async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.expect("the server listens"))
    }

    /// Sends raw bytes on a new connection and reads until the server closes it.
    async fn exchange(&self, request: &str) -> String {
        let mut client = self.connect().await;
        client.send(request).await;
        client.read_to_close().await
    }

    /// That the server still answers, on a new connection.
    async fn assert_alive(&self) {
        let answer = self.exchange(&get("/")).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }

    async fn stopped(self) -> Stopped {
        self.stop.send(()).expect("the server runs");
        within(self.server).await.expect("the server does not panic")
    }
}

/// The pages of the test server.
fn site(entered: Arc<Notify>, release: Arc<Notify>) -> Handler {
    handler(move |mut request: Request| {
        assert_ne!(request.path, "/panic-at-once");
        let (entered, release) = (entered.clone(), release.clone());
        async move {
            match request.path.as_str() {
                "/" => Response::text(StatusCode::OK, "hello"),
                "/peer" => Response::text(StatusCode::OK, request.peer.to_string()),
                "/echo" => match request.body(BODY_MAX).await {
                    Ok(body) => Response::bytes("text/plain", body),
                    Err(error) => error.response(),
                },
                "/held" => {
                    entered.notify_one();
                    release.notified().await;
                    Response::text(StatusCode::OK, "held")
                }
                "/large" => Response::bytes("text/plain", vec![b'x'; LARGE]),
                "/panic" => panic!("on purpose"),
                "/for-ever" => std::future::pending().await,
                _ => Response::text(StatusCode::NOT_FOUND, "none"),
            }
        }
    })
}

/// A client that speaks raw bytes.
struct Client(TcpStream);

impl Client {
    async fn send(&mut self, bytes: &str) {
        within(self.0.write_all(bytes.as_bytes())).await.expect("the server takes the bytes");
    }

    /// Everything until the server closes. A reset is a failure: it can swallow an answer.
    async fn read_to_close(&mut self) -> String {
        let mut answer = Vec::new();
        within(self.0.read_to_end(&mut answer)).await.expect("closed, not reset");
        String::from_utf8(answer).expect("answers are UTF-8")
    }

    /// One response with a `content-length`.
    async fn read_one(&mut self) -> String {
        let mut answer = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n")
                && body.len() >= content_length(head)
            {
                return text.into_owned();
            }
            let byte = within(self.0.read_u8()).await.expect("a whole response");
            answer.push(byte);
        }
    }
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("this ends in time")
}

fn content_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.expect("a content-length").parse().expect("a number")
}

/// A request that asks to close afterwards.
fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
}

fn get_and_stay(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

fn post(lines: &str, body: &str) -> String {
    format!("POST /echo HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n{body}")
}

/// The answer is this status, closes the connection and carries every default header.
fn assert_refused(answer: &str, status: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "wanted {status}: {answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one answer only: {answer}");
    assert_default_headers(answer);
}

fn assert_default_headers(answer: &str) {
    for header in DEFAULT_HEADERS {
        assert!(answer.contains(&format!("\r\n{header}\r\n")), "{header} is missing: {answer}");
    }
}
