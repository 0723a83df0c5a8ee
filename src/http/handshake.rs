//! From an accepted socket to an encrypted one, within its time.
//!
//! It must not know a certificate, a name or an authority: all of that is in the configuration that
//! the caller hands in. It reads no more than one byte by itself.

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::limits::Limits;
use super::refusal::{self, Refusal};

/// The first byte of every TLS connection: a record of the handshake.
const HANDSHAKE_RECORD: u8 = 0x16;

/// The one protocol that is served inside.
const HTTP_1_1: &[u8] = b"http/1.1";

/// The encrypted stream, or `None` where the connection is over: refused, too slow, stopped, or one
/// that wanted nothing but a look at the certificate.
pub(super) async fn shake(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    limits: &Limits,
    mut stopping: watch::Receiver<bool>,
) -> Option<TlsStream<TcpStream>> {
    let shaken = timeout(limits.handshake_wait, begin(acceptor, stream));
    let stop = async {
        // An error means that the server is gone, which is a stop as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
        // Whoever has just connected is about to ask, with TLS as without.
        sleep(limits.newcomer_wait).await;
    };
    let shaken = tokio::select! {
        shaken = shaken => shaken.ok().flatten()?,
        () = stop => return None,
    };
    let agreed = shaken.get_ref().1.alpn_protocol();
    agreed.is_none_or(|protocol| protocol == HTTP_1_1).then_some(shaken)
}

async fn begin(acceptor: &TlsAcceptor, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first[0] == HANDSHAKE_RECORD => {}
        // All methods begin with a capital letter. No promise to stay with HTTPS: whoever reads this
        // can have changed it on the way.
        Ok(1) if first[0].is_ascii_uppercase() => {
            refusal::tell(stream, Refusal::NotEncrypted, false);
            return None;
        }
        Ok(_) | Err(_) => return None,
    }
    let shaken = acceptor.accept(stream).await;
    shaken.inspect_err(|error| tracing::debug!(%error, "no TLS handshake")).ok()
}
