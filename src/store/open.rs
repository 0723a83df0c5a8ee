//! Opening the data file: made if missing, refused in plain words if it is anything else than ours.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError};

use super::error::StoreError;
use super::meta;
use super::read::Reading;
use super::schema::{self, SCHEMA_VERSION};
use super::write::Writing;

/// The data file. Cheap to clone; all clones share one database.
#[derive(Clone)]
pub struct Store {
    db: Arc<Database>,
}

impl Store {
    /// Smallest cache, in bytes: below it redb works, but slowly.
    pub const CACHE_BYTES_MIN: usize = 1 << 20;

    /// Opens or makes the data file at `path`, readable by its owner alone. `secret` becomes the
    /// secret of a new file and is ignored otherwise.
    pub fn open(path: &Path, cache_bytes: usize, secret: [u8; 32]) -> Result<Self, StoreError> {
        Self::begin(open_file(path, cache_bytes)?, path, secret)
    }

    /// A data file that is gone with the process.
    pub fn in_memory(secret: [u8; 32]) -> Result<Self, StoreError> {
        Self::over(InMemoryBackend::new(), secret)
    }

    /// A data file over a backend of one's own, for tests that break it.
    pub fn over(backend: impl StorageBackend, secret: [u8; 32]) -> Result<Self, StoreError> {
        let path = Path::new("memory");
        let db = builder(Self::CACHE_BYTES_MIN).create_with_backend(backend);
        Self::begin(db.map_err(|fault| translate(path, fault))?, path, secret)
    }

    fn begin(db: Database, path: &Path, secret: [u8; 32]) -> Result<Self, StoreError> {
        let store = Self { db: Arc::new(db) };
        store.check_schema(path)?;
        store.write()?.begin_file(secret)?;
        Ok(store)
    }

    /// A consistent view of everything committed so far.
    pub fn read(&self) -> Result<Reading, StoreError> {
        Ok(Reading::new(self.db.begin_read()?))
    }

    /// The write transaction. There is one at a time; a second call waits.
    pub fn write(&self) -> Result<Writing, StoreError> {
        let mut txn = self.db.begin_write()?;
        txn.set_two_phase_commit(true);
        Ok(Writing::new(txn))
    }

    /// A file without the mark of a schema is new; one with a newer mark is refused before
    /// anything in it is touched.
    fn check_schema(&self, path: &Path) -> Result<(), StoreError> {
        let txn = self.db.begin_read()?;
        let found = match txn.open_table(schema::META) {
            Ok(table) => meta::schema(&table)?,
            Err(redb::TableError::TableDoesNotExist(_)) => None,
            Err(fault) => return Err(fault.into()),
        };
        match found {
            Some(found) if found > SCHEMA_VERSION => {
                Err(StoreError::Newer { path: path.to_owned(), found, known: SCHEMA_VERSION })
            }
            _ => Ok(()),
        }
    }
}

fn builder(cache_bytes: usize) -> redb::Builder {
    let mut builder = redb::Builder::new();
    builder.set_cache_size(cache_bytes.max(Store::CACHE_BYTES_MIN));
    builder.set_check_integrity_on_open(true);
    builder
}

/// Opens or makes a file that only its owner can read.
fn open_file(path: &Path, cache_bytes: usize) -> Result<Database, StoreError> {
    let unopenable = |cause| StoreError::Unopenable { path: path.to_owned(), cause };
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(unopenable)?;
    // Damage in places that no checksum covers can make the database panic; for the person who
    // reads the message that is the same as any other unreadable file.
    std::panic::catch_unwind(AssertUnwindSafe(|| {
        let backend = FileBackend::new(file)?;
        builder(cache_bytes).create_with_backend(backend)
    }))
    .unwrap_or_else(|_| {
        let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, "damaged structure");
        Err(DatabaseError::Storage(StorageError::Io(cause)))
    })
    .map_err(|fault| translate(path, fault))
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
