//! Opening the data file: made if missing, refused in plain words if it is anything else than ours.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError};

use super::anew::Changes;
use super::error::StoreError;
use super::maps::{Change, Maps};
use super::meta;
use super::migrate;
use super::open_form::ExportError;
use super::probe::Probe;
use super::read::Reading;
use super::schema::{self, SCHEMA_VERSION};
use super::table::{ReadTransaction, WriteTransaction};
use super::whole::Extent;
use super::write::Writing;
use crate::domain::time::Moment;

/// The data file. Cheap to clone; all clones share one database.
#[derive(Clone)]
pub struct Store {
    pub(super) base: Base,
}

/// What was found in a data file that was read from its first record to its last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Survey {
    /// Its schema.
    pub schema: u32,
    /// How much it holds.
    pub extent: Extent,
    /// When the service was last known to live: the moment it shows.
    pub alive_at: Option<Moment>,
    /// How many people are in it.
    pub people: u64,
}

/// What holds the tables.
#[derive(Clone)]
pub(super) enum Base {
    Redb(Arc<DataFile>),
    Maps(Arc<Maps>),
}

/// A database that another one, written anew, can take the place of while it is in use.
pub(super) struct DataFile {
    db: RwLock<Arc<Database>>,
    /// Where it is, and how much of it is kept in memory; `None` where it is in no file of its own.
    pub(super) place: Option<(PathBuf, usize)>,
    /// What is written while the file is written anew.
    pub(super) changes: Arc<Changes>,
}

impl DataFile {
    /// The database as it is now. Whoever reads on in the one before keeps that one alive.
    pub(super) fn db(&self) -> Arc<Database> {
        Arc::clone(&self.db.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on this is the database.
    pub(super) fn replace(&self, db: Arc<Database>) {
        *self.db.write().unwrap_or_else(PoisonError::into_inner) = db;
    }
}

impl Store {
    pub(super) fn of(db: Database, place: Option<(PathBuf, usize)>) -> Self {
        let db = RwLock::new(Arc::new(db));
        let changes = Arc::default();
        Self { base: Base::Redb(Arc::new(DataFile { db, place, changes })) }
    }

    /// Smallest cache, in bytes: below it redb works, but slowly.
    pub const CACHE_BYTES_MIN: usize = 1 << 20;

    /// Opens or makes the data file at `path`, readable by its owner alone. `secret` becomes the
    /// secret of a new file and is ignored otherwise. A file that is refused is not changed.
    pub fn open(path: &Path, cache_bytes: usize, secret: [u8; 32]) -> Result<Self, StoreError> {
        match path.try_exists() {
            Ok(false) => Self::make(path, cache_bytes, secret),
            Ok(true) => {
                let found = Self::examine(path, existing(path)?)?;
                if migrate::is_needed(found) {
                    keep_copy(path, found)?;
                }
                Self::take(path, cache_bytes, existing(path)?, found)
            }
            Err(cause) => Err(StoreError::Unopenable { path: path.to_owned(), cause }),
        }
    }

    /// Makes a file beside `path` and moves it there when it is complete: a process that ends in
    /// between leaves no half of a data file behind.
    fn make(path: &Path, cache_bytes: usize, secret: [u8; 32]) -> Result<Self, StoreError> {
        let unopenable = |cause| StoreError::Unopenable { path: path.to_owned(), cause };
        // A name of our own: another process may be making the same file at this moment.
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".new-{}", std::process::id()));
        let beside = Path::new(&beside);
        if beside.exists() {
            std::fs::remove_file(beside).map_err(unopenable)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = options.open(beside).map_err(unopenable)?;
        let db =
            create(path, || builder(cache_bytes).create_with_backend(FileBackend::new(file)?))?;
        let store = Self::of(db, Some((path.to_owned(), cache_bytes)));
        store.write()?.begin_file(secret)?;
        // Unlike a renamed file, a link never takes the place of one that is there by now.
        let linked = std::fs::hard_link(beside, path);
        std::fs::remove_file(beside).map_err(unopenable)?;
        linked.map_err(unopenable)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new("."))).map_err(unopenable)?;
        folder.sync_all().map_err(unopenable)?;
        Ok(store)
    }

    /// Brings a file of an older schema up to the present one, step by step.
    fn lift(&self, mut found: u32) -> Result<(), StoreError> {
        while migrate::is_needed(found) {
            found = migrate::step(self.write()?, found)?;
        }
        Ok(())
    }

    /// Looks whether an existing file is a sound data file of ours, without changing it; its
    /// schema.
    fn examine(path: &Path, file: impl StorageBackend) -> Result<u32, StoreError> {
        let db = quietly(|| {
            create(path, || builder(Self::CACHE_BYTES_MIN).create_with_backend(Probe::new(file)?))
        })?;
        quietly(|| Self::of(db, None).check_schema(path))
    }

    /// Reads a file whole without changing it: its structure, and every record in it.
    pub fn survey(path: &Path) -> Result<Survey, StoreError> {
        let (store, schema) = Self::look_at(path)?;
        let reading = store.read()?;
        reading.export(std::io::sink()).map_err(|fault| match fault {
            ExportError::Store(fault) => fault,
            ExportError::Write(fault) => StoreError::Unwritable(fault.to_string()),
        })?;
        let (extent, alive_at) = (reading.extent()?, reading.service()?.alive_at);
        Ok(Survey { schema, extent, alive_at, people: reading.people()? })
    }

    /// A store over an existing file that changes nothing in it: what is written stays in memory. While it lives, nobody
    /// else can open the file.
    pub fn look(path: &Path) -> Result<Self, StoreError> {
        Self::look_at(path).map(|(store, _)| store)
    }

    fn look_at(path: &Path) -> Result<(Self, u32), StoreError> {
        let file = existing(path)?;
        let cache = Self::CACHE_BYTES_MIN;
        let opened =
            quietly(|| create(path, || builder(cache).create_with_backend(Probe::new(file)?)));
        let store = Self::of(opened?, None);
        let schema = quietly(|| store.check_schema(path))?;
        store.lift(schema)?;
        Ok((store, schema))
    }

    /// Opens a file that was examined and has schema `found`, and brings it up to the present one.
    pub(super) fn take(
        path: &Path,
        cache_bytes: usize,
        file: impl StorageBackend,
        found: u32,
    ) -> Result<Self, StoreError> {
        let db = create(path, || builder(cache_bytes).create_with_backend(file))?;
        let store = Self::of(db, Some((path.to_owned(), cache_bytes)));
        store.lift(found)?;
        Ok(store)
    }

    /// A data file that is gone with the process.
    pub fn in_memory(secret: [u8; 32]) -> Result<Self, StoreError> {
        Self::over(InMemoryBackend::new(), secret)
    }

    /// No data file at all: the same tables as plain maps, many times faster than redb, for simulations of many years.
    /// One write at a time, none while another one is open.
    pub fn in_maps(secret: [u8; 32]) -> Result<Self, StoreError> {
        let store = Self { base: Base::Maps(Arc::default()) };
        store.write()?.begin_file(secret)?;
        Ok(store)
    }

    /// A data file over a backend of one's own, for tests that break it.
    pub fn over(backend: impl StorageBackend, secret: [u8; 32]) -> Result<Self, StoreError> {
        let path = Path::new("memory");
        let db = builder(Self::CACHE_BYTES_MIN).create_with_backend(backend);
        let store = Self::of(db.map_err(|fault| translate(path, fault))?, None);
        store.write()?.begin_file(secret)?;
        Ok(store)
    }

    /// Opens an existing data file over backends of one's own, with the care that [`Store::open`]
    /// takes of a file, for tests that break it. Both show the same bytes: the first is examined,
    /// and never written to; the second becomes the data file.
    pub fn over_existing(
        examined: impl StorageBackend,
        taken: impl StorageBackend,
    ) -> Result<Self, StoreError> {
        let path = Path::new("memory");
        let found = Self::examine(path, examined)?;
        let db = create(path, || builder(Self::CACHE_BYTES_MIN).create_with_backend(taken))?;
        let store = Self::of(db, None);
        store.lift(found)?;
        Ok(store)
    }

    /// A consistent view of everything committed so far.
    pub fn read(&self) -> Result<Reading, StoreError> {
        Ok(Reading::new(self.begin_read()?))
    }

    /// The write transaction. There is one at a time; a second call waits.
    pub fn write(&self) -> Result<Writing, StoreError> {
        Ok(Writing::new(match &self.base {
            Base::Redb(file) => {
                let mut txn = file.db().begin_write()?;
                txn.set_two_phase_commit(true);
                WriteTransaction::Redb(Box::new(txn), Some(Arc::clone(&file.changes)))
            }
            Base::Maps(maps) => WriteTransaction::Maps(Change::new(Arc::clone(maps))),
        }))
    }

    fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        Ok(match &self.base {
            Base::Redb(file) => {
                let db = file.db();
                ReadTransaction::Redb(db.begin_read()?, Some(db))
            }
            Base::Maps(maps) => ReadTransaction::Maps(maps.view()),
        })
    }

    /// The schema of the file, if it is one of ours and not of a newer program.
    fn check_schema(&self, path: &Path) -> Result<u32, StoreError> {
        let foreign =
            |cause: &str| StoreError::NoDatabase { path: path.to_owned(), cause: cause.to_owned() };
        let txn = self.begin_read()?;
        let found = match txn.open_table(schema::META) {
            Ok(table) => meta::schema(&table)?,
            Err(redb::TableError::Storage(fault)) => return Err(fault.into()),
            Err(_) => None,
        };
        match found {
            None => Err(foreign("a database of another program")),
            Some(found) if found > SCHEMA_VERSION => {
                Err(StoreError::Newer { path: path.to_owned(), found, known: SCHEMA_VERSION })
            }
            Some(found) => Ok(found),
        }
    }
}

pub(super) fn builder(cache_bytes: usize) -> redb::Builder {
    let mut builder = redb::Builder::new();
    builder.set_cache_size(cache_bytes.max(Store::CACHE_BYTES_MIN));
    builder.set_check_integrity_on_open(true);
    builder
}

/// Keeps a copy of a file beside it before its schema is changed: `<name>.v<schema>`. The copy is
/// examined like any data file, so that it is known to be of use.
fn keep_copy(path: &Path, schema: u32) -> Result<(), StoreError> {
    let unopenable = |cause| StoreError::Unopenable { path: path.to_owned(), cause };
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".v{schema}"));
    let beside = Path::new(&beside);
    // One that is there is from a step that was cut off; the file itself is still the old one.
    if beside.exists() {
        std::fs::remove_file(beside).map_err(unopenable)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut copy = options.open(beside).map_err(unopenable)?;
    let mut file = File::open(path).map_err(unopenable)?;
    std::io::copy(&mut file, &mut copy).map_err(unopenable)?;
    copy.sync_all().map_err(unopenable)?;
    drop(copy);
    Store::examine(beside, existing(beside)?).map(drop)
}

/// Opens a file that has to be there, and to hold something.
pub(super) fn existing(path: &Path) -> Result<FileBackend, StoreError> {
    let unopenable = |cause| StoreError::Unopenable { path: path.to_owned(), cause };
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(unopenable)?;
    if file.metadata().map_err(unopenable)?.len() == 0 {
        return Err(StoreError::NoDatabase { path: path.to_owned(), cause: "empty".to_owned() });
    }
    FileBackend::new(file).map_err(|fault| translate(path, fault))
}

/// Opens a database. Damage in places that no checksum covers can make it panic; for the person
/// who reads the message that is the same as any other unreadable file.
pub(super) fn create(
    path: &Path,
    open: impl FnOnce() -> Result<Database, DatabaseError>,
) -> Result<Database, StoreError> {
    let opened = std::panic::catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| {
        let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, "damaged structure");
        Err(DatabaseError::Storage(StorageError::Io(cause)))
    });
    opened.map_err(|fault| translate(path, fault))
}

/// Runs something at the start of the process whose panics are expected and need no words.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = run();
    std::panic::set_hook(hook);
    result
}

fn translate(path: &Path, fault: DatabaseError) -> StoreError {
    let no_database = |cause: String| StoreError::NoDatabase { path: path.to_owned(), cause };
    match fault {
        DatabaseError::DatabaseAlreadyOpen => StoreError::InUse(path.to_owned()),
        DatabaseError::Storage(StorageError::Io(cause)) => match cause.kind() {
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => {
                no_database(cause.to_string())
            }
            _ => StoreError::Unopenable { path: path.to_owned(), cause },
        },
        other => no_database(other.to_string()),
    }
}
