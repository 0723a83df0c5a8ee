//! The pages about what is kept: who at the desk did what, and of one person everything, as the law lets them ask for, or
//! that it is not kept any more.

use super::{Visit, dossier, erasures, log};
use crate::domain::staff::StaffRole;
use crate::http::Response;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// One of these pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// Everything that is kept about somebody, for themselves.
    Dossier,
    /// The same as a file.
    DossierFile,
    /// Who did what at the desk.
    Log,
    /// The same as a file.
    LogFile,
    /// Who was forgotten, and who could be.
    Erasures,
    /// Says what goes and what stays, and asks.
    EraseForm,
    /// Forgets somebody.
    Erase,
    /// The receipt of that.
    Receipt,
}

impl Kept {
    /// Who may ask for it.
    #[must_use]
    pub fn roles(self) -> &'static [StaffRole] {
        match self {
            Self::Dossier | Self::DossierFile => &[StaffRole::Admin, StaffRole::Worker],
            Self::Log
            | Self::LogFile
            | Self::Erasures
            | Self::EraseForm
            | Self::Erase
            | Self::Receipt => &[StaffRole::Admin],
        }
    }

    /// Runs it: whoever asks for it may.
    pub(super) async fn run(self, visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
        match self {
            Self::Dossier => dossier::show(visit, by).await,
            Self::DossierFile => dossier::file(visit, by).await,
            Self::Log => log::show(visit, by),
            Self::LogFile => log::export(visit, by).await,
            Self::Erasures => erasures::show(visit, by),
            Self::EraseForm => erasures::form(visit, by),
            Self::Erase => erasures::erase(visit, by).await,
            Self::Receipt => erasures::receipt(visit, by),
        }
    }
}
