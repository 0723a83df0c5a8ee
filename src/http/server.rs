//! The accept loop: who may connect, how many at once, and how the server stops.
//!
//! Listener and stop signal come from the caller, so tests supply their own. It must not bind a
//! name (only addresses reach it) and must not accept faster than connections end.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::answer::Shared;
use super::connection;
use super::crowd::Crowd;
use super::forwarded::{self, Cidr};
use super::handshake;
use super::host::HostPolicy;
use super::limits::Limits;
use super::refusal::{self, Refusal};
use super::request::Request;
use super::response::Response;
use super::slots::Slots;

/// Waits after a failing accept: the first, doubled each time up to the last.
const ACCEPT_PAUSE_FIRST: Duration = Duration::from_millis(20);
const ACCEPT_PAUSE_MAX: Duration = Duration::from_secs(1);

/// Answers requests. Its future is dropped where it waits when `handler_wait` is over, so a
/// change of state must be one step that is whole by itself.
pub type Handler =
    Arc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// Makes a [`Handler`] of an async function or closure.
pub fn handler<F, R>(answer: F) -> Handler
where
    F: Fn(Request) -> R + Send + Sync + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    Arc::new(move |request| Box::pin(answer(request)))
}

/// An HTTP/1.1 server in the making; [`Server::serve`] runs it.
pub struct Server {
    handler: Handler,
    limits: Limits,
    hosts: HostPolicy,
    trusted_proxies: Vec<Cidr>,
    strict_transport: bool,
    encryption: Option<Arc<ServerConfig>>,
}

/// How the connections ended that were open at the stop signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Ended by themselves within `drain_wait`.
    pub finished: usize,
    /// Cut off after it.
    pub cut_off: usize,
}

impl Server {
    /// A server that answers to every host and trusts no proxy.
    pub fn new(handler: Handler, limits: Limits) -> Self {
        let (hosts, trusted_proxies) = (HostPolicy::any(), Vec::new());
        Server {
            handler,
            limits,
            hosts,
            trusted_proxies,
            strict_transport: false,
            encryption: None,
        }
    }

    /// Answers only to these hosts; 421 to others.
    #[must_use]
    pub fn hosts(mut self, hosts: HostPolicy) -> Self {
        self.hosts = hosts;
        self
    }

    /// Believes `X-Forwarded-For` from these networks, and does not cap their connections by
    /// address (the cap over all connections holds for them too).
    #[must_use]
    pub fn trusted_proxies(mut self, networks: Vec<Cidr>) -> Self {
        self.trusted_proxies = networks;
        self
    }

    /// Says with every response that this name is reached over HTTPS only, for a year: for a server
    /// that people reach that way, through a proxy or not.
    #[must_use]
    pub fn strict_transport(mut self, strict: bool) -> Self {
        self.strict_transport = strict;
        self
    }

    /// Speaks TLS, and nothing else, with everyone who connects to the socket.
    #[must_use]
    pub fn encryption(mut self, encryption: Option<Arc<ServerConfig>>) -> Self {
        self.encryption = encryption;
        self
    }

    /// Serves until `stop` is ready. Then no connection is accepted, idle ones are closed, and
    /// requests being answered may finish within `drain_wait`.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Stopped {
        let mut running = Running::new(self);
        running.accept_until(&listener, stop).await;
        // From here on the kernel refuses instead of queueing for nobody; or queues for who comes after
        // us, where somebody else holds the socket too.
        drop(listener);
        running.drain().await
    }

    /// Serves one connection that needs no socket and no encryption, from its first byte to its last.
    pub async fn serve_one<IO>(self, io: IO, peer: IpAddr)
    where
        IO: AsyncRead + AsyncWrite + Unpin,
    {
        let running = Running::new(self);
        let stage = running.crowd.newcomer();
        connection::serve(io, (peer, stage), running.shared, running.stopping.subscribe()).await;
    }
}

/// A server that runs: its open connections and what they share.
struct Running {
    shared: Arc<Shared>,
    encryption: Option<TlsAcceptor>,
    places: Arc<Semaphore>,
    slots: Slots,
    stopping: watch::Sender<bool>,
    connections: JoinSet<()>,
    crowd: Crowd,
}

impl Running {
    fn new(server: Server) -> Self {
        let Server { handler, limits, hosts, trusted_proxies, strict_transport, encryption } =
            server;
        let places = Arc::new(Semaphore::new(limits.connections_max));
        let limits = Arc::new(limits);
        let stopping = watch::Sender::new(false);
        let told = stopping.subscribe();
        let shared =
            Shared { handler, limits, hosts, trusted_proxies, strict_transport, stopping: told };
        Running {
            shared: Arc::new(shared),
            encryption: encryption.map(TlsAcceptor::from),
            places,
            slots: Slots::default(),
            stopping,
            connections: JoinSet::new(),
            crowd: Crowd::default(),
        }
    }

    /// Accepts for ever. With no place left, whoever only waits makes room; while all are being answered, newcomers wait.
    async fn accept_until(&mut self, listener: &TcpListener, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let (stream, peer) = tokio::select! {
                biased;
                () = &mut stop => return,
                Some(ended) = self.connections.join_next() => {
                    log_ended(ended);
                    continue;
                }
                accepted = accept_patiently(|| listener.accept()) => accepted,
            };
            if self.places.available_permits() == 0 && self.crowd.make_room() {
                tracing::debug!("a connection that only waited made room for another");
            }
            // The place first: whoever was taken from the kernel is not dropped for a stop of the same moment.
            let place = tokio::select! {
                biased;
                place = self.places.clone().acquire_owned() => place,
                () = &mut stop => return,
            };
            self.start(stream, peer, place.expect("the semaphore is never closed"));
        }
    }

    fn start(&mut self, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        let address = peer.ip();
        let max = if forwarded::is_trusted(address, &self.shared.trusted_proxies) {
            usize::MAX
        } else {
            self.shared.limits.connections_per_ip_max
        };
        let Some(slot) = self.slots.take(address, max) else {
            // Words in the open would be noise to whoever expects TLS.
            if self.encryption.is_none() {
                let strict = self.shared.strict_transport;
                refusal::tell(stream, Refusal::TooManyConnections, strict);
            }
            return;
        };
        // Answers are written whole; waiting to fill a packet would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let (shared, stopping) = (self.shared.clone(), self.stopping.subscribe());
        let encryption = self.encryption.clone();
        let stage = self.crowd.newcomer();
        let client = (address, stage.clone());
        let task = self.connections.spawn(async move {
            let Some(acceptor) = encryption else {
                connection::serve(stream, client, shared, stopping).await;
                return drop((slot, place));
            };
            let stop = stopping.clone();
            if let Some(stream) = handshake::shake(&acceptor, stream, &shared.limits, stop).await {
                connection::serve(stream, client, shared, stopping).await;
            }
            drop((slot, place));
        });
        self.crowd.join(task, stage);
    }

    async fn drain(mut self) -> Stopped {
        self.stopping.send_replace(true);
        let mut finished = 0;
        let all = async {
            while let Some(ended) = self.connections.join_next().await {
                log_ended(ended);
                finished += 1;
            }
        };
        // Late or done, what is left is counted next.
        let _ = timeout(self.shared.limits.drain_wait, all).await;
        let cut_off = self.connections.len();
        self.connections.shutdown().await;
        Stopped { finished, cut_off }
    }
}

/// Accepts one connection, however often it fails. Out of file descriptors (EMFILE) or memory the
/// call fails at once each time: without a pause the loop would burn a core.
async fn accept_patiently<T, F>(mut accept: impl FnMut() -> F) -> T
where
    F: Future<Output = io::Result<T>>,
{
    let mut pause = ACCEPT_PAUSE_FIRST;
    loop {
        match accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, ?pause, "accepting a connection failed");
                sleep(pause).await;
                pause = (pause * 2).min(ACCEPT_PAUSE_MAX);
            }
        }
    }
}

/// The client was gone before we took it up; the next one may be fine.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

fn log_ended(ended: Result<(), JoinError>) {
    // Handlers are caught before; this would be a fault of the kit, and costs one connection. One that made room for
    // another is no fault.
    if let Err(error) =
        ended.or_else(|error| if error.is_cancelled() { Ok(()) } else { Err(error) })
    {
        tracing::error!(%error, "a connection task failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn failing_accepts_are_not_repeated_without_pause() {
        let mut tries = 0;
        let out_of_files = || {
            tries += 1;
            std::future::ready(Err::<(), _>(io::Error::from_raw_os_error(24)))
        };
        let ended = timeout(Duration::from_millis(100), accept_patiently(out_of_files)).await;
        assert!(ended.is_err());
        assert!((2..=4).contains(&tries), "{tries} tries in 100 ms");
    }

    #[tokio::test]
    async fn an_aborted_connection_does_not_delay_the_next() {
        let mut outcomes = vec![Ok(7), Err(io::ErrorKind::ConnectionAborted.into())];
        let accept = || std::future::ready(outcomes.pop().expect("no third try"));
        let accepted = timeout(Duration::from_millis(10), accept_patiently(accept)).await;
        assert_eq!(accepted, Ok(7));
    }
}
