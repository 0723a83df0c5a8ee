//! The certificate from an authority such as Let's Encrypt, by ACME (RFC 8555): ordered when there is
//! none, renewed in time, kept in files beside the data file.
//!
//! The proof that the name is ours is shown on the port of the service itself (TLS-ALPN-01), so no
//! second port is needed. `order` is one order, `folder` the files, `courier` the way to the authority, `wish` asks when it
//! would like a certificate to be renewed, which `identity` names.
//! A failure never stops anything: the next try is planned, and how things stand is on the shelf.

mod courier;
mod folder;
mod identity;
mod order;
mod wish;

use std::error::Error as _;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use instant_acme::{Account, CertificateIdentifier, NewAccount};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use self::courier::Courier;
use self::folder::Folder;
use super::pair::{Flaw, Pair};
use super::shelf::Shelf;
use crate::clock::{Clock, SystemClock, real_now};
use crate::domain::certificate::{Failures, Standing, Validity, Window, ask_again_after, order_at};
use crate::domain::time::Moment;
use crate::net::client::NoClient;

/// One order with all that belongs to it is over after this.
const ORDER_WAIT: Duration = Duration::from_secs(300);

/// A rejected nonce proves nothing against us (RFC 8555 §6.5), nor does an account that was forgotten: the
/// order is made again so often at once.
const TRIES: u32 = 10;

/// After a rejected nonce: the first pause, doubled each time, and the longest.
const NONCE_PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(4));

/// Whoever asks for a try gets none sooner than this after the last one.
const ASKED_AFTER: Duration = Duration::from_secs(60);

/// Whom we ask for a certificate, and for what.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its directory.
    pub directory_url: String,
    /// Further roots of trust for the way to it, PEM.
    pub directory_roots: Option<Vec<u8>>,
    /// The name that the certificate is for.
    pub domain: String,
    /// Where it may write to, `mailto:` and an address.
    pub contact: Option<String>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} for {}", self.directory_url, self.domain)
    }
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("{}", whole(.0))]
    Acme(#[from] instant_acme::Error),
    #[error("the files of the account cannot be used: {0}")]
    Files(#[from] io::Error),
    #[error("the authority does not offer TLS-ALPN-01")]
    NoChallenge,
    #[error("the authority did not accept the proof: {0}")]
    Rejected(String),
    #[error("the proof could not be made: {0}")]
    Proof(#[from] rcgen::Error),
    #[error("the proof could not be shown: {0}")]
    Key(#[from] rustls::Error),
    #[error("the authority's certificate cannot be used: {0:?}")]
    Useless(Flaw),
    #[error("the order took too long")]
    Slow,
}

/// Faults of the network say what happened only in what caused them.
fn whole(fault: &instant_acme::Error) -> String {
    let (mut text, mut cause) = (fault.to_string(), fault.source());
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl Fault {
    fn is(&self, kind: &str) -> bool {
        let Self::Acme(instant_acme::Error::Api(problem)) = self else { return false };
        let name = problem.r#type.as_deref().unwrap_or_default();
        name.strip_prefix("urn:ietf:params:acme:error:") == Some(kind)
    }
}

/// Keeps a certificate in service.
pub struct Applicant {
    authority: Authority,
    courier: Courier,
    folder: Folder,
    shelf: Shelf,
    failures: Failures,
    /// What the certificate in service is called, if it is one of the authority's.
    identity: Option<CertificateIdentifier<'static>>,
    wish: Wish,
}

/// What the authority would like about the certificate in service.
#[derive(Default)]
struct Wish {
    /// When it would like it to be renewed, if it said so.
    window: Option<Window>,
    /// When it is asked again; what has passed is due.
    ask_at: Option<Moment>,
    /// It has told us its wishes before, and so follows what replaces what.
    followed: bool,
}

impl Applicant {
    /// Takes up what is kept beside the data file: the certificate goes into service at once.
    pub fn new(authority: Authority, store_path: &Path, shelf: Shelf) -> Result<Self, NoClient> {
        let courier = Courier::new(authority.directory_roots.as_deref())?;
        let folder = Folder::new(store_path, &authority.directory_url);
        let mut identity = None;
        match folder.certificate(&authority.domain) {
            Ok(Some(pair)) => {
                identity = pair.identity();
                shelf.serve(&pair);
            }
            Ok(None) => {}
            Err(fault) => tracing::error!(%fault, "the stored certificate cannot be read"),
        }
        let failures = folder.failures();
        let wish = Wish { ask_at: Some(Moment::EPOCH), ..Wish::default() };
        Ok(Self { authority, courier, folder, shelf, failures, identity, wish })
    }

    /// Orders when it is due, and at once when asked to after a failure. Ends never.
    pub async fn run(mut self, asked: Arc<Notify>) {
        if self.serving().is_none() && self.failures.count > 0 {
            self.shelf.miss();
        }
        loop {
            let now = real_now();
            self.failures = self.failures.seen(now);
            let due = order_at(self.renew_at(), self.failures);
            let ask_at = self.wish.ask_at.filter(|_| self.identity.is_some());
            if now < due && ask_at.is_some_and(|ask_at| ask_at <= now) {
                self.ask_for_wish(now).await;
                continue;
            }
            if now < due {
                let next = ask_at.map_or(due, |ask_at| ask_at.min(due));
                tokio::select! {
                    () = SystemClock.sleep_until(next) => continue,
                    () = asked.notified() => {}
                }
                let last = self.failures.last_at.filter(|_| self.failures.count > 0);
                if last.is_none_or(|last| real_now().since(last) < ASKED_AFTER) {
                    continue;
                }
            }
            self.apply().await;
        }
    }

    fn serving(&self) -> Option<Validity> {
        match self.shelf.standing() {
            Standing::Serves { validity, .. } => Some(validity),
            Standing::NotOurs | Standing::Awaited | Standing::Missing => None,
        }
    }

    /// When the certificate in service is renewed; `None` without one.
    fn renew_at(&self) -> Option<Moment> {
        let place = self.identity.as_ref().map_or(0, wish::place);
        self.serving().map(|serving| serving.renew_within(self.wish.window, place))
    }

    /// Asks when the authority would like the certificate in service to be renewed. It is renewed in time without that, too:
    /// so what goes wrong here is noted, and asked again.
    async fn ask_for_wish(&mut self, now: Moment) {
        let Some(identity) = self.identity.as_ref() else { return };
        let asked = wish::ask(&self.courier, &self.authority.directory_url, identity).await;
        let again_after = match asked {
            Ok(Some(asked)) => {
                let before = self.renew_at();
                (self.wish.window, self.wish.followed) = (asked.window, true);
                if let Some(at) = self.renew_at().filter(|at| Some(*at) != before) {
                    tracing::info!(%at, "the certificate is renewed when the authority would like it");
                }
                asked.again_after
            }
            Ok(None) => {
                (self.wish.window, self.wish.followed) = (None, false);
                ask_again_after(Some(Duration::MAX))
            }
            Err(fault) => {
                tracing::warn!(%fault, "the authority did not say when it would like a renewal");
                ask_again_after(None)
            }
        };
        self.wish.ask_at = Some(now + again_after);
    }

    async fn apply(&mut self) {
        let ordered = timeout(ORDER_WAIT, self.order_patiently()).await;
        match ordered.unwrap_or(Err(Fault::Slow)) {
            Ok(pair) => {
                self.failures = self.failures.after(pair.validity, real_now());
                self.shelf.serve(&pair);
                self.identity = pair.identity();
                self.wish.window = None;
                self.wish.ask_at = Some(real_now() + ask_again_after(Some(Duration::ZERO)));
                let until = pair.validity.until;
                tracing::info!(domain = %self.authority.domain, %until, "a new certificate");
                if self.failures.count > 0 {
                    tracing::error!("it should be renewed already: is the clock right?");
                }
            }
            Err(fault) => {
                let now = real_now();
                self.failures = self.failures.and_one(now);
                self.shelf.miss();
                let next = order_at(self.renew_at(), self.failures);
                tracing::error!(%fault, failures = self.failures.count, %next, "no new certificate");
            }
        }
        self.folder.keep_failures(self.failures);
    }

    async fn order_patiently(&self) -> Result<Pair, Fault> {
        let (mut pause, pause_max) = NONCE_PAUSES;
        for _ in 1..TRIES {
            match self.order().await {
                Err(fault) if fault.is("badNonce") => {
                    tracing::warn!("the authority rejected a nonce; the order is made again");
                    sleep(pause).await;
                    pause = (pause * 2).min(pause_max);
                }
                Err(fault) if fault.is("accountDoesNotExist") => {
                    tracing::warn!("the authority does not know our account; a new one is made");
                    self.folder.forget_account();
                }
                ended => return ended,
            }
        }
        self.order().await
    }

    async fn order(&self) -> Result<Pair, Fault> {
        let account = self.account().await?;
        let domain = &self.authority.domain;
        let replaces = self.identity.as_ref().filter(|_| self.wish.followed);
        let (chain, key) = order::certificate(&account, domain, &self.shelf, replaces).await?;
        let pair = Pair::read(chain.as_bytes(), key.as_bytes(), domain).map_err(Fault::Useless)?;
        // It serves also where it cannot be kept: a restart orders another one then.
        if let Err(fault) = self.folder.keep_certificate(&chain, &key) {
            tracing::error!(%fault, "the new certificate cannot be kept");
        }
        Ok(pair)
    }

    /// Our account with the authority; the first time, a new one.
    async fn account(&self) -> Result<Account, Fault> {
        let builder = Account::builder_with_http(Box::new(self.courier.clone()));
        if let Some(credentials) = self.folder.account()? {
            return Ok(builder.from_credentials(credentials).await?);
        }
        let contact: Vec<&str> = self.authority.contact.as_deref().into_iter().collect();
        let wanted = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let directory = self.authority.directory_url.clone();
        let (account, credentials) = builder.create(&wanted, directory, None).await?;
        // Without it each order would make an account, of which few are allowed: so it must be kept.
        self.folder.keep_account(&credentials)?;
        Ok(account)
    }
}

impl Pair {
    /// What the authority calls it.
    fn identity(&self) -> Option<CertificateIdentifier<'static>> {
        identity::identity(self.key.cert.first()?)
    }
}
