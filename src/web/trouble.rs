//! Why a page could not be made although the visitor did nothing wrong. The log has the details, the
//! page has none.

use super::Site;
use super::public::message;
use crate::engine::Refusal;
use crate::http::{Response, StatusCode};
use crate::store::StoreError;

/// Seconds after which a browser may try again.
const RETRY_SECONDS: &str = "5";

/// A fault of ours.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The data cannot be read. Becomes 500.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The writer takes nothing now. Becomes 503.
    #[error("{0}")]
    Writer(#[from] Refusal),
    /// Too many passwords are being checked. Becomes 503.
    #[error("too many passwords are being checked")]
    Busy,
    /// A password could not be hashed, or a stored hash not be read. Becomes 500.
    #[error("a password cannot be hashed or compared")]
    Hash,
    /// A table cannot be written as a file. Becomes 500.
    #[error("a table cannot be written: {0}")]
    Table(#[from] csv::Error),
    /// The system gives no random bytes. Becomes 500.
    #[error("the system gives no random bytes")]
    NoRandom,
}

impl Trouble {
    /// The page.
    #[must_use]
    pub fn page(&self, site: &Site) -> Response {
        match self {
            Self::Store(_) | Self::Hash | Self::Table(_) | Self::NoRandom => {
                tracing::error!(fault = %self, "page failed");
                message::page(StatusCode::INTERNAL_SERVER_ERROR, &site.voice(), message::TROUBLE)
            }
            Self::Writer(_) | Self::Busy => {
                tracing::warn!(fault = %self, "page refused");
                let status = StatusCode::SERVICE_UNAVAILABLE;
                message::page(status, &site.voice(), message::TROUBLE)
                    .header("retry-after", RETRY_SECONDS)
            }
        }
    }
}
