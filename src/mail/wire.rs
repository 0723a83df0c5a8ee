//! The connection as the SMTP library gets it: TCP, or TLS over it, with a bound on what the other
//! side may say.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a server may say on one connection, in bytes: some thousand letters' worth of answers.
const HEARD_BYTES_MAX: usize = 1 << 20;

/// Stands in for the greeting that was heard before TLS began: the library waits for one.
const HEARD_BEFORE: &[u8] = b"220 heard before TLS\r\n";

/// Both directions of a connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A connection.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    /// What is read before anything of the stream.
    before: &'static [u8],
    heard_max: usize,
}

impl Wire {
    /// A connection on which the server has said nothing yet.
    pub(super) fn fresh(stream: impl Stream + 'static, peer: SocketAddr) -> Self {
        Self { stream: Box::new(stream), peer, before: b"", heard_max: HEARD_BYTES_MAX }
    }

    /// A connection on which the server greeted before TLS began.
    pub(super) fn greeted(stream: impl Stream + 'static, peer: SocketAddr) -> Self {
        Self { before: HEARD_BEFORE, ..Self::fresh(stream, peer) }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection to {}", self.peer)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let (now, later) = self.before.split_at(self.before.len().min(buf.remaining()));
            buf.put_slice(now);
            self.before = later;
            return Poll::Ready(Ok(()));
        }
        let filled = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        let heard = buf.filled().len().saturating_sub(filled);
        match self.heard_max.checked_sub(heard) {
            Some(left) => self.heard_max = left,
            None => return Poll::Ready(Err(io::Error::other("the server says too much"))),
        }
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
