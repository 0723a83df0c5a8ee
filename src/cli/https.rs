//! Our own HTTPS as the configuration wants it: what connections are encrypted with, and the task that
//! keeps the certificate new. Without a certificate the rest of the service runs all the same.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

use super::complaint::Complaint;
use crate::clock::real_now;
use crate::config::{Config, ConfigError, Tls};
use crate::domain::certificate::Concern;
use crate::locale::cli::{self as words, Tongue};
use crate::tls::acme::Applicant;
use crate::tls::files::{Files, Waits};
use crate::tls::shelf::Shelf;

/// Starts what the mode needs. The shelf is empty for ever where HTTPS is not ours to do.
pub(super) fn open(config: &Config, tongue: Tongue) -> Result<Shelf, Complaint> {
    match &config.tls {
        Tls::Off => Ok(Shelf::default()),
        Tls::Files(files) => {
            let shelf = Shelf::awaiting();
            let complain =
                |fault| Complaint::config(&ConfigError::TlsFiles(files.clone(), fault), tongue);
            let pair = files.read().map_err(complain)?;
            shelf.serve(&pair);
            // One that ended by itself must not end the watch with it: nobody can connect, and alerts
            // still leave.
            if let Err(fault) = good(files, tongue) {
                tracing::error!(fault = fault.sentence, "nobody can connect");
            }
            tokio::spawn(files.clone().watch(shelf.clone(), asked(), Waits::default()));
            Ok(shelf)
        }
        Tls::Acme(authority) => {
            let shelf = Shelf::awaiting();
            let applicant = Applicant::new(authority.clone(), &config.store_path, shelf.clone())
                .map_err(|fault| {
                    Complaint::failed(words::tls::bad_roots(&fault.to_string(), tongue))
                })?;
            tokio::spawn(applicant.run(asked()));
            Ok(shelf)
        }
    }
}

/// That the certificate of the files is good now.
pub(super) fn good(files: &Files, tongue: Tongue) -> Result<(), Complaint> {
    let complain = |fault| Complaint::config(&ConfigError::TlsFiles(files.clone(), fault), tongue);
    files.read_good(real_now()).map(drop).map_err(complain)
}

/// What about the certificate somebody should look at, whenever it is asked.
pub(super) fn concern(certificates: &Shelf) -> Box<dyn Fn() -> Option<Concern> + Send + Sync> {
    let certificates = certificates.clone();
    Box::new(move || certificates.standing().concern(real_now()))
}

/// Notified by each SIGHUP: somebody changed the files, or what made an order fail.
fn asked() -> Arc<Notify> {
    let asked = Arc::new(Notify::new());
    let notify = Arc::clone(&asked);
    match signal(SignalKind::hangup()) {
        Ok(mut hangup) => {
            tokio::spawn(async move {
                while hangup.recv().await.is_some() {
                    notify.notify_one();
                }
            });
        }
        Err(fault) => tracing::warn!(%fault, "SIGHUP cannot be heard"),
    }
    asked
}
