//! Looks whether everything is set up as it must be, and does what can be done about it from a page: connects the channel,
//! tells LINE where we are, makes a copy. What a look means is judged in `domain/checkup.rs`; it changes nothing by itself.

mod look;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::backup::{self, Maker};
use crate::clock::Clock;
use crate::domain::checkup::{Copies, Done, Finding, Hitch, Point, Report, State, Wish, tried};
use crate::domain::ladder::hour_after;
use crate::domain::schedule::Zone;
use crate::domain::service::BackupFault;
use crate::engine::{Handle, Memory};
use crate::keeper::Findings;
use crate::line::client::{Client, NoAnswer};
use crate::line::keys::Keys;
use crate::line::setup;
use crate::locale::Voice;
use crate::outbox::{Gauge, Outcome};
use crate::store::{ChannelKeys, Store, StoreError};

/// The first look comes so long after the start: LINE needs a while to notice us.
const AFTER_START: Duration = Duration::from_secs(120);

/// The hour in Japan at which it is looked by itself, behind the copy of the night.
const HOUR: u8 = 4;

/// What is known from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where LINE should reach us.
    pub endpoint: String,
    /// Whether pages are reached over HTTPS, or from this machine alone.
    pub secure: bool,
    /// The data file.
    pub store_path: PathBuf,
    /// Whether the keys of the channel stand in the configuration: then they cannot be entered on a page.
    pub configured: bool,
    /// Whether there is a mail server, and whether the configuration names mailboxes of the office.
    pub mail: Option<bool>,
    /// Copies of the data, where they are made.
    pub copies: Option<Copies>,
    /// Whether somebody else is called while all is well.
    pub heartbeat: bool,
    /// Part of the month's messages that is kept for alerts.
    pub reserve_percent: u8,
}

/// Looks. Cheap to clone.
#[derive(Clone)]
pub struct Doctor(Arc<Parts>);

/// What it looks with.
pub struct Parts {
    /// LINE.
    pub client: Arc<Client>,
    /// The keys of the channel, which all parts share.
    pub keys: Keys,
    /// The data, for reading.
    pub store: Store,
    /// Where something is written down.
    pub engine: Handle,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who speaks.
    pub voice: Arc<std::sync::RwLock<Voice>>,
    /// What ails the service.
    pub findings: Findings,
    /// Letters on their way.
    pub mail: Gauge,
    /// Makes copies, where they are made.
    pub maker: Option<Maker>,
    /// What is known from the configuration.
    pub settings: Settings,
    /// The last look.
    pub last: Mutex<Option<Report>>,
}

impl Doctor {
    /// A doctor over its parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Whether the keys of the channel stand in the configuration, so that nobody can enter them.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.0.settings.configured
    }

    /// What the last look showed, with what has come of letters and practice since.
    #[must_use]
    pub fn last(&self) -> Option<Report> {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        last.map(|report| self.brought_up_to_date(report))
    }

    /// Some things move on between two looks, while somebody watches the page.
    fn brought_up_to_date(&self, mut report: Report) -> Report {
        let Ok(service) = self.0.store.read().and_then(|reading| reading.service()) else {
            return report;
        };
        let hitch = self.0.mail.last().and_then(hitch);
        report.findings = report
            .findings
            .into_iter()
            .map(|finding| match finding.point() {
                Point::Mail => tried(finding, service.trial, hitch),
                Point::Practice => service.practised_at.map_or(finding, Finding::PractisedOn),
                _ => finding,
            })
            .collect();
        report
    }

    /// Does what is wished for on a page or at the command line.
    pub async fn carry_out(&self, wish: Wish) -> Done {
        match wish {
            Wish::Look => match self.look().await {
                Ok(_) => Done::Yes,
                Err(_) => Done::Unread,
            },
            Wish::Try(id, secret) => self.try_keys(&id, &secret).await,
            Wish::Connect(id, secret) => self.connect(id, secret).await,
            Wish::SetWebhook => self.set_webhook().await,
            Wish::Copy => self.copy().await,
        }
    }

    /// Looks at everything, and remembers it.
    pub async fn look(&self) -> Result<Report, StoreError> {
        let report = look::report(&self.0).await.inspect_err(|fault| {
            tracing::error!(%fault, "the set-up could not be looked at");
        })?;
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(report.clone());
        Ok(self.brought_up_to_date(report))
    }

    /// Looks by itself, after the start and every night.
    pub fn start(&self) {
        let doctor = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(AFTER_START).await;
            loop {
                if let Ok(report) = doctor.look().await {
                    let bad: Vec<&Finding> =
                        report.findings.iter().filter(|f| f.state() == State::Bad).collect();
                    tracing::info!(?bad, "the set-up was looked at");
                }
                let clock = &doctor.0.clock;
                let due_at =
                    hour_after(clock.now() + Duration::from_secs(60), &Zone::default(), HOUR);
                while clock.now() < due_at {
                    clock.sleep_until(due_at).await;
                }
            }
        });
    }

    /// Asks LINE whose keys these are.
    async fn try_keys(&self, id: &str, secret: &str) -> Done {
        match self.0.client.with_keys(id, secret).account().await {
            Ok(Some(account)) => Done::Account { name: account.name, basic_id: account.basic_id },
            Ok(None) => Done::Refused,
            Err(NoAnswer::NoToken(400..=499)) => Done::Refused,
            Err(_) => Done::Unreachable,
        }
    }

    /// Uses these keys from here on, if LINE knows them.
    async fn connect(&self, id: String, secret: String) -> Done {
        if self.is_configured() {
            return Done::Configured;
        }
        let tried = self.try_keys(&id, &secret).await;
        if !matches!(tried, Done::Account { .. }) {
            return tried;
        }
        let keys = ChannelKeys { id: id.clone(), secret: secret.clone() };
        if self.0.engine.remember(Memory::Channel(keys)).await.is_err() {
            return Done::Stopped;
        }
        self.0.keys.connect(&id, &secret);
        tracing::info!("a channel of LINE was connected");
        tried
    }

    /// Tells LINE where we are.
    async fn set_webhook(&self) -> Done {
        match self.0.client.json(&setup::set_endpoint(&self.0.settings.endpoint)).await {
            Ok((200, _)) => Done::Yes,
            Ok((status, _)) => {
                tracing::warn!(status, "LINE did not take our address");
                Done::Refused
            }
            Err(_) => Done::Unreachable,
        }
    }

    async fn copy(&self) -> Done {
        let Some(maker) = &self.0.maker else { return Done::CopiesOff };
        match backup::copy(maker, &self.0.engine, crate::clock::real_now()).await {
            Ok(Some(Ok(made))) if made.not_carried.is_some() => {
                Done::NotCopied(BackupFault::Upload)
            }
            Ok(Some(Ok(_))) => Done::Yes,
            Ok(Some(Err(failure))) => Done::NotCopied(failure.why),
            Ok(None) => Done::Busy,
            Err(_) => Done::Stopped,
        }
    }
}

/// What keeps letters from leaving, if the last attempt showed something.
fn hitch(outcome: Outcome) -> Option<Hitch> {
    match outcome {
        Outcome::Unauthorized => Some(Hitch::Login),
        Outcome::Forbidden => Some(Hitch::Closed),
        Outcome::Unavailable | Outcome::RateLimited | Outcome::MonthlyLimit => {
            Some(Hitch::Unanswered)
        }
        Outcome::Accepted
        | Outcome::AcceptedBefore
        | Outcome::UnknownReceiver
        | Outcome::Refused => None,
    }
}
