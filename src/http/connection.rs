//! One connection from its first byte to its last: hyper over the gate, told when to stop.
//!
//! It must not know what kind of stream it serves (TCP, TLS, a pipe in a test), nor count it.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;

use super::answer::{Shared, answer};
use super::crowd::Stage;
use super::gate::{Gate, Verdicts};
use super::limits::Limits;

/// hyper's least buffer for body bytes, on top of a whole head.
const BODY_BUFFER_BYTES: usize = 64 * 1024;

/// Serves requests until client, limits or `stopping` end the connection.
pub(super) async fn serve<IO>(
    io: IO,
    (peer, stage): (IpAddr, Stage),
    shared: Arc<Shared>,
    mut stopping: watch::Receiver<bool>,
) where
    IO: AsyncRead + AsyncWrite + Unpin,
{
    let verdicts = Arc::new(Verdicts::default());
    let newcomer_wait = shared.limits.newcomer_wait;
    let gate = Gate::new(io, shared.limits.clone(), verdicts.clone());
    let service =
        service_fn(|request| answer(shared.clone(), verdicts.next(), (peer, &stage), request));
    let mut connection = builder(&shared.limits).serve_connection(TokioIo::new(gate), service);
    let stop = async {
        // An error means that the server is gone, which is a stop as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
        // Whoever has just connected is about to ask, and cannot be handed to who comes after us: closing
        // now would lose a webhook in each restart.
        let _ = timeout(newcomer_wait, verdicts.first()).await;
    };
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stop => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended early");
    }
    connection.into_parts().io.into_inner().linger().await;
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // The gate keeps all waits and is always earlier. This is the net below it, and works only
        // because a timer is set.
        .header_read_timeout(limits.idle_wait.max(limits.first_byte_wait) + limits.header_wait)
        // A client may close its sending side and still wait for the answer. And one that hangs
        // up does not drop a handler halfway.
        .half_close(true)
        .max_headers(limits.headers_max)
        .max_header_size(limits.header_bytes_max.max(256))
        .max_buf_size(limits.header_bytes_max + BODY_BUFFER_BYTES);
    builder
}
