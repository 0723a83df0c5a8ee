//! Server-rendered pages. One file is one page: what it asks of the data, how it looks. Pages read;
//! what changes state goes through the engine.

pub mod asset;
pub mod backoff;
pub mod csrf;
mod csv;
pub mod day;
pub mod dossier;
pub mod field;
pub mod form;
pub mod gate;
pub mod health;
mod history;
pub mod input;
mod known;
mod layout;
pub mod metrics;
pub mod phone;
pub mod public;
pub mod random;
pub mod session;
mod sheet;
pub mod staff;
pub mod trouble;

use std::pin::Pin;
use std::sync::{Arc, RwLock};

use crate::clock::Clock;
use crate::domain::checkup::{Done, Report, Wish};
use crate::domain::rules::Rules;
use crate::domain::time::Moment;
use crate::domain::vitals::Ailment;
use crate::http::{Response, StatusCode};
use crate::locale::Voice;
use crate::store::{Store, StoreError};

/// Carries out what is wished for on the page of the set-up.
pub type CarryOut = Box<dyn Fn(Wish) -> Pin<Box<dyn Future<Output = Done> + Send>> + Send + Sync>;

/// What the page of the set-up can see and do.
pub struct Checkup {
    /// What the last look showed.
    pub report: Box<dyn Fn() -> Option<Report> + Send + Sync>,
    /// Does something.
    pub act: CarryOut,
    /// Whether the keys of the channel stand in the configuration.
    pub configured: bool,
}

impl Checkup {
    /// What the last look showed.
    #[must_use]
    pub fn last(&self) -> Option<Report> {
        (self.report)()
    }

    /// Does something.
    pub async fn carry_out(&self, wish: Wish) -> Done {
        (self.act)(wish).await
    }

    /// Whether the keys of the channel stand in the configuration.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.configured
    }
}

/// Where else than in the tables something may stand that was removed from them.
pub struct Copies {
    /// So many days a copy of the data may live, where copies are made.
    pub days: Option<u32>,
    /// Whether copies are carried elsewhere.
    pub leave: bool,
    /// The data file.
    pub store_path: std::path::PathBuf,
}

impl Copies {
    /// The names of files beside the data that show it as it was before a moment.
    #[must_use]
    pub fn asides(&self, before: Moment) -> Vec<String> {
        let is_older = |written: &std::time::SystemTime| {
            let since = written.duration_since(std::time::SystemTime::UNIX_EPOCH);
            Moment::EPOCH + since.unwrap_or_default() <= before
        };
        let found = crate::store::asides(&self.store_path).into_iter();
        let older = found.filter(|(_, written)| is_older(written));
        let names = older.filter_map(|(path, _)| Some(path.file_name()?.to_str()?.to_owned()));
        names.collect()
    }
}

/// Says what ails, as last seen; `None` before the first look.
pub type Ailments = Arc<dyn Fn() -> Option<Vec<Ailment>> + Send + Sync>;

/// What every page can use.
#[derive(Clone)]
pub struct Site {
    /// The data, for reading.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who speaks.
    pub voice: Arc<RwLock<Voice>>,
    /// Keeps strangers from guessing invitation codes.
    pub guesses: Arc<public::guess::Guesses>,
    /// What all pages with forms share.
    pub gate: Arc<gate::Gate>,
    /// What the pages for staff share.
    pub office: Arc<staff::Office>,
    /// Whether the service can do what it is for.
    pub ailments: Ailments,
    /// The set-up.
    pub checkup: Arc<Checkup>,
    /// The waits of the rules.
    pub rules: Arc<Rules>,
    /// Copies of the data.
    pub copies: Arc<Copies>,
}

impl Site {
    /// Who speaks, now.
    #[must_use]
    pub fn voice(&self) -> Voice {
        self.voice.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Says from here on what staff have set.
    pub(crate) fn dress(&self) -> Result<(), StoreError> {
        let face = self.store.read()?.face()?;
        self.voice.write().unwrap_or_else(std::sync::PoisonError::into_inner).dress(&face);
        Ok(())
    }

    /// The page for an address that leads nowhere.
    #[must_use]
    pub fn not_found(&self) -> Response {
        public::message::not_found(&self.voice())
    }

    /// The page for a fault of ours. The log has the details, the page has none.
    #[must_use]
    pub fn trouble(&self, fault: &StoreError) -> Response {
        tracing::error!(%fault, "page failed");
        public::message::page(
            StatusCode::INTERNAL_SERVER_ERROR,
            &self.voice(),
            public::message::TROUBLE,
        )
    }
}
