//! Server-rendered pages. One file is one page: what it asks of the data, how it looks. Pages read;
//! what changes state goes through the engine.

pub mod asset;
pub mod backoff;
pub mod csrf;
mod csv;
pub mod day;
pub mod field;
pub mod form;
pub mod gate;
pub mod health;
mod history;
pub mod input;
mod known;
mod layout;
pub mod phone;
pub mod public;
pub mod random;
pub mod session;
mod sheet;
pub mod staff;
pub mod trouble;

use std::sync::{Arc, RwLock};

use crate::clock::Clock;
use crate::domain::rules::Rules;
use crate::domain::vitals::Ailment;
use crate::http::{Response, StatusCode};
use crate::locale::Voice;
use crate::store::{Store, StoreError};

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
    /// The waits of the rules.
    pub rules: Arc<Rules>,
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
