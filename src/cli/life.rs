//! The life of the process in the eyes of systemd: the socket that it holds for us across restarts, and the
//! words that we are up, that we turn, and that we end. Where systemd did not start us nothing of this happens.
//! It must not decide whether we turn: `keeper` proves that.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::time::Duration;

use listenfd::ListenFd;
use rustix::net::sockopt;
use sd_notify::NotifyState;
use tokio::time::{sleep, timeout};

use super::complaint::Complaint;
use super::serve::listen;
use crate::keeper::{Proof, Stuck};
use crate::locale::cli::{Tongue, life as words};

/// After a proof that failed the next one is tried this soon.
const AGAIN: Duration = Duration::from_secs(1);

/// The listening socket that systemd opened for us, if it did. It is asked for before the first thread is
/// there, because it takes the variables that name the socket away from whatever we might start.
pub(super) fn inherited(tongue: Tongue) -> Result<Option<TcpListener>, Complaint> {
    let bad = |cause: &str| Complaint::failed(words::bad_socket(cause, tongue));
    // Only what was meant for this very process: the variables may stem from a parent's parent.
    let count = sd_notify::listen_fds().map_err(|fault| bad(&fault.to_string()))?.len();
    match count {
        0 => return Ok(None),
        1 => {}
        more => return Err(Complaint::failed(words::many_sockets(more, tongue))),
    }
    let taken =
        ListenFd::from_env().take_tcp_listener(0).map_err(|fault| bad(&fault.to_string()))?;
    let listener = taken.ok_or_else(|| bad("LISTEN_FDS"))?;
    // With Accept=yes it would be a connection.
    match sockopt::socket_acceptconn(&listener) {
        Ok(true) => {}
        Ok(false) => return Err(bad("it does not listen; is it Accept=yes?")),
        Err(fault) => return Err(bad(&fault.to_string())),
    }
    listener.set_nonblocking(true).map_err(|fault| bad(&fault.to_string()))?;
    Ok(Some(listener))
}

/// The socket that was handed over, or one of our own at `configured`; and the address that it really has.
pub(super) async fn listener(
    inherited: Option<TcpListener>,
    configured: SocketAddr,
    tongue: Tongue,
) -> Result<(tokio::net::TcpListener, SocketAddr), Complaint> {
    let bad =
        |fault: std::io::Error| Complaint::failed(words::bad_socket(&fault.to_string(), tongue));
    let Some(inherited) = inherited else {
        let listener = listen(configured, tongue).await?;
        let address = listener.local_addr().unwrap_or(configured);
        return Ok((listener, address));
    };
    let address = inherited.local_addr().map_err(bad)?;
    if address.port() != configured.port() {
        tracing::warn!(%address, %configured, "anshin.socket and server.listen name different ports");
    }
    Ok((tokio::net::TcpListener::from_std(inherited).map_err(bad)?, address))
}

/// Ready when the process is asked to stop. The signal is listened for from this call on, so that one which
/// comes during the start ends it in good order too.
pub fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = signal(SignalKind::terminate());
    async move {
        let terminate = async {
            match terminate {
                Ok(mut terminate) => terminate.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = terminate => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

/// What is said to systemd.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    address: SocketAddr,
    tongue: Tongue,
}

impl Life {
    /// A life that listens on `address`.
    pub(super) fn new(address: SocketAddr, tongue: Tongue) -> Self {
        Self { address, tongue }
    }

    /// Everything is put together, and whoever connects is answered.
    pub(super) fn ready(self) {
        tell(&[NotifyState::Ready, NotifyState::Status(&self.well())]);
    }

    /// No connection is taken any more; what is under way may finish.
    pub(super) fn stopping(self) {
        tell(&[NotifyState::Stopping, NotifyState::Status(&words::stopping(self.tongue))]);
    }

    /// Passes proofs on for ever, where systemd wants them.
    pub(super) async fn watched(self, proof: Proof) {
        // By half of the time that it waits, as it asks for.
        let Some(every) = sd_notify::watchdog_enabled().map(|wait| wait / 2) else { return };
        let say = |sign: Sign<'_>| match sign {
            Sign::Turns => tell(&[NotifyState::Watchdog]),
            Sign::TurnsAgain => {
                tell(&[NotifyState::Watchdog, NotifyState::Status(&self.well())]);
            }
            Sign::Stuck(fault) => {
                tracing::error!(%fault, "no sign of life for systemd");
                tell(&[NotifyState::Status(&words::stuck(&fault.to_string(), self.tongue))]);
            }
        };
        pass_on(proof, every, say).await;
    }

    fn well(self) -> String {
        words::listening(&self.address.to_string(), self.tongue)
    }
}

/// What came of a proof.
#[derive(Debug)]
pub enum Sign<'a> {
    /// The service turns.
    Turns,
    /// It turns, and did not before.
    TurnsAgain,
    /// There is no proof any more; said once.
    Stuck(&'a Stuck),
}

/// Asks for a proof each `every`, and says what came of it. One that does not come is waited for, and nothing
/// is said meanwhile but that it is missing.
pub async fn pass_on(mut proof: Proof, every: Duration, mut say: impl FnMut(Sign<'_>)) {
    let mut was_stuck = false;
    loop {
        let mut asked = pin!(proof.give());
        let given = match timeout(every, &mut asked).await {
            Ok(given) => given,
            Err(_) => {
                say(Sign::Stuck(&Stuck::Silent));
                was_stuck = true;
                asked.await
            }
        };
        match (&given, was_stuck) {
            (Ok(()), false) => say(Sign::Turns),
            (Ok(()), true) => say(Sign::TurnsAgain),
            (Err(fault), false) => say(Sign::Stuck(fault)),
            (Err(_), true) => {}
        }
        was_stuck = given.is_err();
        sleep(if was_stuck { every.min(AGAIN) } else { every }).await;
    }
}

/// Sends a word. One that is lost is no reason to stop watching over people.
fn tell(states: &[NotifyState<'_>]) {
    if let Err(fault) = sd_notify::notify(states) {
        tracing::warn!(%fault, "systemd cannot be told");
    }
}
