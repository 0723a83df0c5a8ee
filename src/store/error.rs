//! What can go wrong with the data file. The sentences for people are in `locale/`.

use std::path::PathBuf;

/// A fault of the data file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or made: missing folder, permission, disk.
    #[error("{path}: {cause}")]
    Unopenable {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        cause: std::io::Error,
    },
    /// Another process holds the file.
    #[error("{0} is in use by another process")]
    InUse(PathBuf),
    /// The file is no data file, or is cut short or damaged.
    #[error("{path} is not a readable data file: {cause}")]
    NoDatabase {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// A newer program wrote the file.
    #[error("{path} has schema {found}, this program knows {known}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A record cannot be understood.
    #[error("table {table}: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// A record cannot be written.
    #[error("record cannot be encoded: {0}")]
    Unwritable(String),
    /// The database failed while running. Nothing may be acknowledged after this.
    #[error("database: {0}")]
    Database(Box<redb::Error>),
}

impl StoreError {
    /// What the operating system said, where it is its fault.
    #[must_use]
    pub fn system(&self) -> Option<&std::io::Error> {
        match self {
            Self::Unopenable { cause, .. } => Some(cause),
            Self::Database(cause) => match cause.as_ref() {
                redb::Error::Io(cause) => Some(cause),
                _ => None,
            },
            Self::InUse(_)
            | Self::NoDatabase { .. }
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::Unwritable(_) => None,
        }
    }
}

/// Lets `?` lift each of redb's errors.
macro_rules! from_redb {
    ($($kind:ty),+) => {
        $(impl From<$kind> for StoreError {
            fn from(fault: $kind) -> Self {
                Self::Database(Box::new(fault.into()))
            }
        })+
    };
}

from_redb!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::SetDurabilityError
);
