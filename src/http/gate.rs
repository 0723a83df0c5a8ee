//! The gate between socket and hyper: one checked request head at a time, each within its time.
//!
//! hyper has one timer for idling and for reading a head, answers bad heads without our headers,
//! and forgives ambiguous framing. So the head is collected and judged here first. hyper then gets
//! exactly the bytes of that request; what follows waits until it asks for the next head.
//! It must not run handlers or write responses: a refused head is replaced by a harmless one, and
//! the verdict that travels beside it makes `answer` refuse.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep, timeout};

use super::head::{self, End, Framing};
use super::limits::Limits;
use super::refusal::Refusal;

/// How much is read from the socket in one go while a head is collected.
const READ_BYTES: usize = 4096;

/// What the gate thinks of a head that it let through.
pub(super) type Verdict = Result<Framing, Refusal>;

/// The verdicts on the heads that hyper got, in their order: the n-th belongs to the n-th request.
#[derive(Default)]
pub(super) struct Verdicts {
    queue: Mutex<VecDeque<Verdict>>,
    any: Notify,
}

impl Verdicts {
    /// The verdict on the next request. There is one for each; should there ever be none, the
    /// request has not passed the gate and is refused.
    pub(super) fn next(&self) -> Verdict {
        self.queue().pop_front().unwrap_or(Err(Refusal::Malformed))
    }

    /// Returns once there was a first head; to one caller.
    pub(super) async fn first(&self) {
        self.any.notified().await;
    }

    fn push(&self, verdict: Verdict) {
        self.queue().push_back(verdict);
        self.any.notify_one();
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Verdict>> {
        // A queue is whole even if a thread panicked beside it.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection as hyper sees it.
pub(super) struct Gate<IO> {
    io: IO,
    limits: Arc<Limits>,
    verdicts: Arc<Verdicts>,
    /// Bytes from the socket that hyper has not got yet.
    inbox: Vec<u8>,
    /// How many bytes of `inbox` have been searched for the end of the head.
    scanned: usize,
    /// How many bytes hyper may get before the next head is judged; `u64::MAX` after a chunked
    /// request, whose end only hyper finds. Such a connection serves no further request.
    allowance: u64,
    /// No further request: refused, timed out, or closed by the client.
    ended: bool,
    /// A request came before, so that waiting is idling.
    served: bool,
    /// The first byte of the head being collected has come.
    started: bool,
    /// One empty line before a head is forgiven (RFC 9112 §2.2), not two.
    blank_skipped: bool,
    /// Runs while a head is awaited or collected.
    read_deadline: Option<Pin<Box<Sleep>>>,
    /// Runs while the client takes no byte.
    write_deadline: Option<Pin<Box<Sleep>>>,
}

impl<IO> Gate<IO> {
    pub(super) fn new(io: IO, limits: Arc<Limits>, verdicts: Arc<Verdicts>) -> Self {
        Gate {
            io,
            limits,
            verdicts,
            inbox: Vec::new(),
            scanned: 0,
            allowance: 0,
            ended: false,
            served: false,
            started: false,
            blank_skipped: false,
            read_deadline: None,
            write_deadline: None,
        }
    }

    /// Judges what has come so far; true once hyper may go on reading.
    fn judge(&mut self) -> bool {
        if !self.blank_skipped && self.inbox.starts_with(b"\r\n") {
            self.blank_skipped = true;
            self.scanned = 0;
            self.inbox.drain(..2);
        }
        let verdict = match head::find_end(&self.inbox, self.scanned) {
            End::At(length) if length <= self.limits.header_bytes_max => {
                match head::inspect(&self.inbox[..length], &self.limits) {
                    Ok(framing) => return self.admit(length, framing),
                    Err(refusal) => refusal,
                }
            }
            End::Unknown if self.inbox.len() < self.limits.header_bytes_max => {
                self.scanned = self.inbox.len();
                return false;
            }
            End::At(_) | End::Unknown => head::oversize(&self.inbox, &self.limits),
            End::BareLineFeed => Refusal::Malformed,
        };
        self.refuse(verdict)
    }

    fn admit(&mut self, head_length: usize, framing: Framing) -> bool {
        self.allowance = match framing {
            Framing::Length(body) => body.saturating_add(head_length as u64),
            Framing::Chunked => u64::MAX,
        };
        self.scanned = 0;
        self.served = true;
        self.started = false;
        self.blank_skipped = false;
        self.read_deadline = None;
        self.verdicts.push(Ok(framing));
        true
    }

    fn refuse(&mut self, refusal: Refusal) -> bool {
        // The answer to HEAD has no body, also when it is an error.
        let method = if self.inbox.starts_with(b"HEAD ") { "HEAD" } else { "GET" };
        let stand_in = format!("{method} / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n");
        self.inbox = stand_in.into_bytes();
        self.allowance = self.inbox.len() as u64;
        self.ended = true;
        self.started = true;
        self.read_deadline = None;
        self.verdicts.push(Err(refusal));
        true
    }

    /// Whether the client may still be sending what nobody will read.
    fn owes_reading(&self) -> bool {
        self.allowance > 0 || (self.ended && self.started)
    }

    /// Ready when the time for the present wait is over.
    fn poll_read_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.started && (self.blank_skipped || !self.inbox.is_empty()) {
            self.started = true;
            self.read_deadline = None;
        }
        let wait = match (self.started, self.served) {
            (true, _) => self.limits.header_wait,
            (false, true) => self.limits.idle_wait,
            (false, false) => self.limits.first_byte_wait,
        };
        let deadline = self.read_deadline.get_or_insert_with(|| Box::pin(sleep(wait)));
        deadline.as_mut().poll(cx)
    }

    /// Passes on the outcome of writing, unless the client has taken nothing for too long.
    fn watch_write<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.write_deadline = None;
            return outcome;
        }
        let wait = self.limits.write_wait;
        let deadline = self.write_deadline.get_or_insert_with(|| Box::pin(sleep(wait)));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<IO: AsyncRead + Unpin> Gate<IO> {
    /// Throws away what the client still sends, for a while, so that it can read the answer.
    pub(super) async fn linger(mut self) {
        if !self.owes_reading() {
            return;
        }
        let mut sink = vec![0; READ_BYTES];
        let drain = async { while matches!(self.io.read(&mut sink).await, Ok(1..)) {} };
        // Late or done, the socket is closed now.
        let _ = timeout(self.limits.linger_wait, drain).await;
    }

    /// Ready when a head has been judged, or when none will come.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.judge() {
            if self.poll_read_deadline(cx).is_ready() {
                return self.end();
            }
            let mut space = [0; READ_BYTES];
            let mut buffer = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                return self.end();
            }
            self.inbox.extend_from_slice(buffer.filled());
        }
        Poll::Ready(Ok(()))
    }

    /// To hyper the end of input between requests: it closes without an error.
    fn end(&mut self) -> Poll<io::Result<()>> {
        self.inbox.clear();
        self.ended = true;
        self.started = false;
        Poll::Ready(Ok(()))
    }

    /// Hands on bytes of the present request: first what waits here, then from the socket.
    fn poll_pass(&mut self, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let allowed = usize::try_from(self.allowance).unwrap_or(usize::MAX).min(out.remaining());
        let passed = if self.inbox.is_empty() {
            let mut part = ReadBuf::new(out.initialize_unfilled_to(allowed));
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut part))?;
            let passed = part.filled().len();
            out.advance(passed);
            passed
        } else {
            let passed = allowed.min(self.inbox.len());
            out.put_slice(&self.inbox[..passed]);
            self.inbox.drain(..passed);
            passed
        };
        if self.allowance != u64::MAX {
            self.allowance -= passed as u64;
        }
        Poll::Ready(Ok(()))
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Gate<IO> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        if gate.allowance == 0 && !gate.ended {
            ready!(gate.poll_head(cx))?;
        }
        if gate.allowance == 0 {
            return Poll::Ready(Ok(()));
        }
        gate.poll_pass(cx, out)
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Gate<IO> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        let outcome = Pin::new(&mut gate.io).poll_write(cx, bytes);
        gate.watch_write(cx, outcome)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        let outcome = Pin::new(&mut gate.io).poll_write_vectored(cx, slices);
        gate.watch_write(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        let outcome = Pin::new(&mut gate.io).poll_flush(cx);
        gate.watch_write(cx, outcome)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        let outcome = Pin::new(&mut gate.io).poll_shutdown(cx);
        gate.watch_write(cx, outcome)
    }
}
