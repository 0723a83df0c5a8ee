//! Hands letters to the mail server, one attempt at a time, on connections that are kept for a while:
//! an alert goes to several people at once, and each connection costs a handshake and a login.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;

use super::dial::Dial;
use super::outcome::Trouble;
use super::session::Session;
use crate::config::Mail;
use crate::domain::id::Address;
use crate::domain::mail::MailAddress;
use crate::net::tls::{self, BadRoots};
use crate::outbox::{Outcome, Pace, Row, Sending, Transport};

/// What a small mail server takes from one client without calling it a flood.
pub const PACE: Pace = Pace { wire_max: 4, per_second: 10 };

/// A connection without work is kept so long.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// Longest waits. They are generous where RFC 5321 (4.5.3.2) asks for it: who hangs up on a server that
/// is still taking a letter sends it twice.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// For a name, for a connection to one address, for the TLS handshake.
    pub connect: Duration,
    /// For an answer.
    pub answer: Duration,
    /// For the answer to a whole letter.
    pub letter: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            letter: Duration::from_secs(300),
        }
    }
}

/// The way out by mail.
pub struct Mailer {
    dial: Dial,
    from: lettre::Address,
    kept: Arc<Mutex<Kept>>,
}

/// Connections without work.
#[derive(Default)]
struct Kept {
    count: u64,
    sessions: Vec<(u64, Session)>,
}

impl Mailer {
    /// A mailer that introduces itself as `hello`, the name or address of this machine.
    pub fn new(mail: &Mail, hello: &str, waits: Waits) -> Result<Self, BadRoots> {
        let tls = Arc::new(tls::client(mail.extra_roots.as_deref())?);
        let hello = match hello.parse() {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(hello.to_owned()),
        };
        let dial = Dial { server: mail.server.clone(), hello, tls, waits };
        Ok(Self { dial, from: envelope(&mail.from), kept: Arc::default() })
    }

    async fn push(&self, row: &Row) -> Outcome {
        let Address::Mail(to) = &row.to else {
            tracing::error!(id = %row.id, "a row with no mail address came to the mailer");
            return Outcome::Refused;
        };
        // Rendered while no sender was configured.
        if row.body.is_empty() {
            return Outcome::Refused;
        }
        match self.send(to, &row.body).await {
            Ok(()) => Outcome::Accepted,
            Err(trouble) => {
                tracing::warn!(id = %row.id, %trouble, "the mail server did not take a letter");
                trouble.outcome()
            }
        }
    }

    async fn send(&self, to: &MailAddress, letter: &[u8]) -> Result<(), Trouble> {
        let mut session = match self.take().await {
            Some(session) => session,
            None => self.dial.open().await?,
        };
        let sent = session.send(&self.from, &envelope(to), letter).await;
        match sent {
            Ok(()) => self.keep(session),
            // Where the talk stands is not known.
            Err(_) => drop(tokio::spawn(session.end())),
        }
        sent
    }

    /// A kept connection that still lives.
    async fn take(&self) -> Option<Session> {
        loop {
            let (_, mut session) = lock(&self.kept).sessions.pop()?;
            if session.lives().await {
                return Some(session);
            }
        }
    }

    /// Keeps a connection for the next letter, for a while.
    fn keep(&self, session: Session) {
        let number = {
            let mut kept = lock(&self.kept);
            kept.count += 1;
            let number = kept.count;
            kept.sessions.push((number, session));
            number
        };
        let kept = Arc::clone(&self.kept);
        tokio::spawn(async move {
            tokio::time::sleep(KEPT_FOR).await;
            let unused = {
                let sessions = &mut lock(&kept).sessions;
                let place = sessions.iter().position(|(kept, _)| *kept == number);
                place.map(|place| sessions.remove(place))
            };
            if let Some((_, session)) = unused {
                session.end().await;
            }
        });
    }
}

impl Transport for Mailer {
    fn pace(&self) -> Pace {
        PACE
    }

    fn push<'a>(&'a self, row: &'a Row) -> Sending<'a, Outcome> {
        Box::pin(Self::push(self, row))
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The address as it stands in the envelope. It was read strictly, so that nothing can be slipped into
/// a command by it.
fn envelope(address: &MailAddress) -> lettre::Address {
    lettre::Address::new_dangerous(address.quoted_local(), address.domain())
}
