//! The connection as the SMTP library gets it: TCP, or TLS over it, with a bound on what the other
//! side may say.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a server may say before we say something again, in bytes. The longest honest answer, that to
/// EHLO, is far shorter; the library's own bound lets an answer grow so long that reading it takes
/// minutes.
const ANSWER_BYTES_MAX: usize = 8 << 10;

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
    /// Bytes of the answer that may still come.
    left: usize,
}

impl Wire {
    /// A connection on which the server has said nothing yet.
    pub(super) fn fresh(stream: impl Stream + 'static, peer: SocketAddr) -> Self {
        Self { stream: Box::new(stream), peer, before: b"", left: ANSWER_BYTES_MAX }
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
        match self.left.checked_sub(heard) {
            Some(left) => self.left = left,
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
        self.left = ANSWER_BYTES_MAX;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    fn peer() -> SocketAddr {
        ([127, 0, 0, 1], 25).into()
    }

    #[tokio::test]
    async fn what_was_heard_before_tls_comes_first_and_once() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        theirs.write_all(b"250 mail\r\n").await.unwrap();
        drop(theirs);
        let mut wire = Wire::greeted(ours, peer());
        let mut heard = Vec::new();
        while let Ok(byte) = wire.read_u8().await {
            heard.push(byte);
        }
        assert_eq!(heard, [HEARD_BEFORE, b"250 mail\r\n"].concat());
    }

    #[tokio::test]
    async fn a_server_may_say_so_much_in_one_answer_and_no_more() {
        let (ours, mut theirs) = tokio::io::duplex(3 * ANSWER_BYTES_MAX);
        theirs.write_all(&[b'x'; 2 * ANSWER_BYTES_MAX + 1]).await.unwrap();
        let mut wire = Wire::fresh(ours, peer());
        let mut heard = [0; ANSWER_BYTES_MAX];
        wire.read_exact(&mut heard).await.unwrap();
        wire.write_all(b"NOOP\r\n").await.unwrap();
        wire.read_exact(&mut heard).await.unwrap();
        assert!(wire.read_u8().await.is_err());
    }
}
