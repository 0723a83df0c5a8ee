//! One copy, from the view of the data to the file that somebody can rely on.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Mutex;

use super::erased;
use super::seal::{self, ProgramFault};
use super::shelf::{self, CopyName};
use crate::config::backup::Backup;
use crate::domain::event::{Event, Upkeep};
use crate::domain::schedule::Zone;
use crate::domain::service::BackupFault;
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};
use crate::store::{Extent, Reading, Store, StoreError, Survey};

/// Files that are being made begin like this; whatever of the kind is found was left behind by a process that was cut off.
const MAKING: &str = ".making-";

/// A copy that was made.
#[derive(Debug)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many people are in it.
    pub people: u64,
    /// Whether it is encrypted.
    pub sealed: bool,
    /// Why it was not carried away, where it should have been.
    pub not_carried: Option<ProgramFault>,
}

/// Why none was made.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// In one word.
    pub why: BackupFault,
    /// All that is known, for whoever has to mend it.
    pub cause: Cause,
}

/// What stood in the way of a copy. It is worded for people where the language is known.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The system refused something about a file.
    #[error("{}: {fault}", path.display())]
    File {
        /// The file, or its folder.
        path: PathBuf,
        /// What the system said.
        fault: io::Error,
    },
    /// The data, or the copy of it, cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A program did not do its work.
    #[error(transparent)]
    Program(#[from] ProgramFault),
    /// Something else is in the copy than in the data.
    #[error("the copy holds something else than the data file")]
    Differs,
    /// It was made, and nothing could begin with it.
    #[error("the copy cannot be restored")]
    Unrestorable,
    /// A fault of ours.
    #[error("a fault of the program")]
    Bug,
}

impl Failure {
    fn disk(path: &Path, fault: io::Error) -> Self {
        Self { why: BackupFault::Disk, cause: Cause::File { path: path.to_owned(), fault } }
    }

    fn damaged(cause: Cause) -> Self {
        Self { why: BackupFault::Damaged, cause }
    }
}

impl From<StoreError> for Failure {
    fn from(fault: StoreError) -> Self {
        let why = match &fault {
            StoreError::Unopenable { .. } | StoreError::Database(_) => BackupFault::Disk,
            _ => BackupFault::Damaged,
        };
        Self { why, cause: fault.into() }
    }
}

impl From<ProgramFault> for Failure {
    fn from(fault: ProgramFault) -> Self {
        Self { why: BackupFault::Seal, cause: fault.into() }
    }
}

/// Makes copies, one at a time.
#[derive(Clone)]
pub struct Maker {
    store: Store,
    settings: Arc<Backup>,
    turn: Arc<Mutex<()>>,
}

impl Maker {
    /// Makes copies of this data.
    #[must_use]
    pub fn new(store: Store, settings: Backup) -> Self {
        Self { store, settings: Arc::new(settings), turn: Arc::default() }
    }

    /// Makes one that shows the data as it is at `now`; `None` while another is being made.
    pub async fn make(&self, now: Moment) -> Option<Result<Made, Failure>> {
        let _turn = self.turn.try_lock().ok()?;
        let made = self.make_alone(now).await;
        // Whatever was begun and not finished is in nobody's way.
        let _ = clear(&self.settings.folder, |name| name.starts_with(MAKING));
        Some(made)
    }

    async fn make_alone(&self, now: Moment) -> Result<Made, Failure> {
        let folder = self.settings.folder.as_path();
        let on_disk = |fault: io::Error| Failure::disk(folder, fault);
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(folder).map_err(on_disk)?;
        }
        clear(folder, |name| name.starts_with(MAKING)).map_err(on_disk)?;
        let plain = folder.join(format!("{MAKING}plain"));
        let (store, to) = (self.store.clone(), plain.clone());
        let extent = blocking(move || Ok(store.read()?.copy_to(&to)?)).await?;
        let sealed = !self.settings.recipients.is_empty();
        let (finished, survey) = match sealed {
            true => self.seal(&plain, extent, now).await?,
            false => (plain.clone(), rehearse(plain, extent, now).await?),
        };
        let wall = Zone::default().local(now);
        let path = folder.join(CopyName { at: wall, sealed }.to_string());
        let bytes = keep(&finished, &path).map_err(|fault| Failure::disk(&path, fault))?;
        let erased = self.list_erased()?;
        // The copy last: who carries everything to one name keeps the copy there.
        let list_carried = seal::carry(&self.settings.upload, &erased).await;
        let carried = seal::carry(&self.settings.upload, &path).await;
        let not_carried = carried.and(list_carried).err();
        self.clear_surplus(now).map_err(on_disk)?;
        Ok(Made { path, bytes, people: survey.people, sealed, not_carried })
    }

    /// Whoever was forgotten stands beside the copies, for whoever puts one back; where.
    fn list_erased(&self) -> Result<PathBuf, Failure> {
        let path = self.settings.folder.join(erased::IN_FOLDER);
        let (mint, all) = (self.store.read()?.mint()?, erased::known(&self.store)?);
        let listed = erased::complete(&path, &mint, &all);
        listed.map_err(|fault| Failure::disk(&path, fault))?;
        Ok(path)
    }

    /// Encrypts a copy, and opens it again with a key that exists for this once: what nobody has opened is no copy.
    async fn seal(
        &self,
        plain: &Path,
        extent: Extent,
        now: Moment,
    ) -> Result<(PathBuf, Survey), Failure> {
        let folder = self.settings.folder.as_path();
        let [sealed, opened] = ["sealed", "opened"].map(|of| folder.join(format!("{MAKING}{of}")));
        let pair = seal::pair().await?;
        seal::seal(plain, &sealed, &self.settings.recipients, &pair).await?;
        seal::open_with(&sealed, &opened, &pair).await?;
        let survey = rehearse(opened, extent, now).await?;
        Ok((sealed, survey))
    }

    fn clear_surplus(&self, now: Moment) -> io::Result<()> {
        let (settings, today) = (&self.settings, Zone::default().local(now).date());
        let mut copies = Vec::new();
        for entry in std::fs::read_dir(&settings.folder)? {
            copies.extend(entry?.file_name().to_str().and_then(CopyName::parse));
        }
        for copy in shelf::surplus(&copies, today, settings.keep_days, settings.keep_weeks) {
            std::fs::remove_file(settings.folder.join(copy.to_string()))?;
        }
        Ok(())
    }
}

/// Makes one copy and tells the writer what came of it, whoever wished for it: the office hears of every one that failed, and
/// of every one that stayed here. `None` while another is being made, which is told by whoever makes that one.
pub async fn copy(
    maker: &Maker,
    engine: &Handle,
    now: Moment,
) -> Result<Option<Result<Made, Failure>>, Refusal> {
    let Some(made) = maker.make(now).await else { return Ok(None) };
    let upkeep = match &made {
        Ok(made) => {
            tracing::info!(bytes = made.bytes, sealed = made.sealed, "the data was copied");
            let stayed = made.not_carried.as_ref().map(|cause| {
                tracing::error!(%cause, "the copy was not carried away");
                Upkeep::NotBackedUp(BackupFault::Upload)
            });
            [Upkeep::BackedUp(now)].into_iter().chain(stayed).collect::<Vec<_>>()
        }
        Err(failure) => {
            tracing::error!(cause = %failure.cause, "the data was not copied");
            vec![Upkeep::NotBackedUp(failure.why)]
        }
    };
    engine.decide_patiently(upkeep.into_iter().map(Event::Upkeep).collect()).await?;
    Ok(Some(made))
}

/// Does with a copy what restoring it would do, without changing it: reads it whole, makes it the data of a new epoch, and
/// counts who is in it.
async fn rehearse(copy: PathBuf, extent: Extent, now: Moment) -> Result<Survey, Failure> {
    blocking(move || {
        let survey = Store::survey(&copy)?;
        if survey.extent != extent {
            return Err(Failure::damaged(Cause::Differs));
        }
        let store = Store::look(&copy)?;
        store.begin_again(now)?;
        let reading: Reading = store.read()?;
        if reading.people()? != survey.people || reading.service()?.restored.is_none() {
            return Err(Failure::damaged(Cause::Unrestorable));
        }
        Ok(survey)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Failure::damaged(Cause::Bug)))
}

/// Moves a finished file to its name, so that it is there after a power cut as well; its size.
fn keep(finished: &Path, path: &Path) -> io::Result<u64> {
    let file = File::open(finished)?;
    file.sync_all()?;
    std::fs::rename(finished, path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(file.metadata()?.len())
}

/// Removes files of a folder.
fn clear(folder: &Path, which: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(&which) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
