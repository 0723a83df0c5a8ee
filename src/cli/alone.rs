//! What a command does itself where no server runs: opens the data file, and has things decided by the same writer as in the
//! server. Nothing that it decides may have to be sent: nobody listens at the other end.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::complaint::Complaint;
use super::serve::{fresh_secret, renderer, sinks};
use crate::clock::{self, Clock, SystemClock};
use crate::config::Premises;
use crate::domain::time::Moment;
use crate::engine::{self, Engine, Handle};
use crate::locale::Voice;
use crate::locale::cli::Tongue;
use crate::store::{Store, StoreError};

/// How long a server that is just starting, or just stopping, is waited for.
pub(super) const LOCKED_WAIT: Duration = Duration::from_secs(5);

/// Between two looks.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Why the data file was not opened.
pub(super) enum Opening {
    Store(StoreError),
    Other(Complaint),
}

impl Opening {
    /// As it is told.
    pub(super) fn told(self, tongue: Tongue) -> Complaint {
        match self {
            Self::Store(fault) => Complaint::store(&fault, tongue),
            Self::Other(complaint) => complaint,
        }
    }
}

/// Opens or makes the data file. One that the superuser makes belongs to the owner of its folder, or
/// the service could not open it later.
pub(super) fn open(premises: &Premises, tongue: Tongue) -> Result<Store, Opening> {
    let path = &premises.store_path;
    let is_new = !path.exists();
    let secret = fresh_secret(tongue).map_err(Opening::Other)?;
    let store = Store::open(path, premises.cache_bytes, secret).map_err(Opening::Store)?;
    if is_new {
        let given = give_to_owner_of_folder(path);
        given.map_err(|cause| {
            Opening::Store(StoreError::Unopenable { path: path.clone(), cause })
        })?;
    }
    Ok(store)
}

/// Makes the folder of a data file, if that alone is missing: systemd does it at the first start of the service, and what is
/// put back on a new machine is there before that. systemd then gives the folder to the owner of the service.
pub(super) fn make_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), |folder| DirBuilder::new().mode(0o700).create(folder));
    match made {
        Err(fault) if fault.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

pub(super) fn give_to_owner_of_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::metadata(folder.unwrap_or(Path::new(".")))?;
    let file = std::fs::metadata(path)?;
    if file.uid() == 0 && folder.uid() != 0 {
        std::os::unix::fs::chown(path, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(())
}

/// Does something with a writer of its own.
pub(super) async fn with_writer<T>(
    premises: &Premises,
    store: Store,
    tongue: Tongue,
    work: impl AsyncFnOnce(Handle, Moment) -> T,
) -> Result<T, Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let mint = store.read().and_then(|reading| reading.mint()).map_err(store_fault)?;
    let voice = Voice { public_url: premises.public_url.clone(), ..Voice::default() };
    let render = renderer(None, &Arc::new(RwLock::new(voice)), &mint);
    let engine = Engine::new(store, premises.rules.clone(), render).map_err(store_fault)?;
    let (sinks, _news) = sinks();
    let now = || SystemClock.now();
    let (engine, stopped) = engine::start(engine, now, clock::stopwatch_ms, sinks);
    let done = work(engine, now()).await;
    match stopped.await {
        Ok(Err(fault)) => Err(store_fault(fault)),
        Ok(Ok(())) | Err(_) => Ok(done),
    }
}
