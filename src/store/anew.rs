//! The data file written anew. redb frees pages without clearing them, and leaves stale tails in those that it keeps: what
//! was removed from the tables is gone from the file only when there is another file. The long part, a copy of one view,
//! is made while the service goes on; then the writer brings the copy up to the present, compares the two, and moves the
//! copy to where the data is. Nobody who reads or presses meanwhile notices. A crash at any point leaves a whole file
//! under the name of the data: the old one up to the rename, and behind it the new one, which is on the disk by then.

use std::cmp::Ordering;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use redb::{Key, StorageBackend, TableDefinition, Value};

use super::error::StoreError;
use super::open::{Base, Store, builder, create, existing};
use super::open_form::{OpenKey, OpenValue};
use super::read::Reading;
use super::schema::SCHEMA_VERSION;
use super::table::{Range, ReadableTable};
use super::whole::{EachTable, each_table};
use super::write::Writing;

/// What stands behind the name of the data file in that of one that is being written anew, before the process.
const UNFINISHED: &str = ".anew-";

/// A data file that was written anew and is not in its place yet. Dropped, it goes.
pub struct Anew {
    store: Store,
    beside: PathBuf,
    /// Where the data is.
    path: PathBuf,
}

impl fmt::Debug for Anew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Anew").field("beside", &self.beside).finish_non_exhaustive()
    }
}

impl Drop for Anew {
    fn drop(&mut self) {
        // After the rename there is nothing of this name.
        let _ = fs::remove_file(&self.beside);
    }
}

impl Store {
    /// Writes everything as it is now into a new file beside the data; the service goes on meanwhile. `None` where the
    /// data is in no file.
    pub fn write_anew(&self) -> Result<Option<Anew>, StoreError> {
        let Base::Redb(file) = &self.base else { return Ok(None) };
        let Some((path, cache_bytes)) = &file.place else { return Ok(None) };
        let unopenable = |cause| StoreError::Unopenable { path: path.clone(), cause };
        // Where a link leads to the data, the data is what gets a new file, not the link.
        let path = fs::canonicalize(path).map_err(unopenable)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!("{UNFINISHED}{}", std::process::id()));
        let beside = PathBuf::from(beside);
        let made = self.copy_beside(&beside, *cache_bytes);
        match made {
            Ok(store) => Ok(Some(Anew { store, beside, path })),
            Err(fault) => {
                let _ = fs::remove_file(&beside);
                Err(fault)
            }
        }
    }

    /// The same over a backend of one's own and up to where it would get its name, for tests that break it: when this
    /// returns, everything of it has to be on the disk.
    pub fn write_anew_over(&self, backend: impl StorageBackend) -> Result<Self, StoreError> {
        let path = Path::new("memory");
        let db = create(path, || builder(Self::CACHE_BYTES_MIN).create_with_backend(backend))?;
        let copy = Self::of(db, None);
        self.read()?.copy_into(copy.write()?)?;
        self.catch_up(&copy)?;
        Ok(copy)
    }

    fn copy_beside(&self, beside: &Path, cache_bytes: usize) -> Result<Self, StoreError> {
        let unopenable = |cause| StoreError::Unopenable { path: beside.to_owned(), cause };
        if beside.try_exists().map_err(unopenable)? {
            fs::remove_file(beside).map_err(unopenable)?;
        }
        self.read()?.copy_to(beside)?;
        Self::take(beside, cache_bytes, existing(beside)?, SCHEMA_VERSION)
    }

    /// Puts a file that was written anew in the place of the data. Nobody may write meanwhile: it is for the writer. A
    /// fault inside leaves everything as it was; one outside, after which it is not known which file a power cut would
    /// leave, must end the process.
    pub fn take_over(&self, anew: &Anew) -> Result<Result<(), StoreError>, StoreError> {
        let (Base::Redb(ours), Base::Redb(theirs)) = (&self.base, &anew.store.base) else {
            return Ok(Ok(()));
        };
        let unopenable = |cause| StoreError::Unopenable { path: anew.path.clone(), cause };
        let placed = self
            .catch_up(&anew.store)
            .and_then(|()| fs::rename(&anew.beside, &anew.path).map_err(unopenable));
        if let Err(fault) = placed {
            return Ok(Err(fault));
        }
        let folder = anew.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new("."))).map_err(unopenable)?;
        folder.sync_all().map_err(unopenable)?;
        ours.replace(theirs.db());
        Ok(Ok(()))
    }

    /// Brings a copy of an earlier view up to the present, and compares the two from the first record to the last.
    fn catch_up(&self, copy: &Self) -> Result<(), StoreError> {
        let now = self.read()?;
        // Committed in any case: behind the commit everything that was written is on the disk.
        let writing = copy.write()?;
        each_table(&mut CatchUp { now: &now, copy: &copy.read()?, to: &writing })?;
        writing.commit()?;
        if copy.read()?.extent()? == now.extent()? {
            Ok(())
        } else {
            Err(StoreError::Unwritable("the file written anew holds something else".to_owned()))
        }
    }
}

/// Carries what differs over into the copy.
struct CatchUp<'c> {
    now: &'c Reading,
    copy: &'c Reading,
    to: &'c Writing,
}

impl EachTable for CatchUp<'_> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let (now, copy) = (self.now.table(table)?, self.copy.table(table)?);
        let changes = differences::<K, V>(now.iter()?, copy.iter()?)?;
        let mut to = self.to.txn.table(table);
        for (key, value) in &changes {
            match value {
                Some(value) => to.insert(K::from_bytes(key), V::from_bytes(value))?,
                None => to.remove(K::from_bytes(key))?,
            };
        }
        Ok(())
    }
}

/// A key, with the value that it has to have; `None` where it has to go.
type Change = (Vec<u8>, Option<Vec<u8>>);

/// What has to be done to `copy`, so that it is as `now`. Both are in the order of their keys.
fn differences<K: Key + 'static, V: Value + 'static>(
    now: Range<'_, K, V>,
    copy: Range<'_, K, V>,
) -> Result<Vec<Change>, StoreError> {
    let bytes = |item: Option<Result<_, redb::StorageError>>| -> Result<_, StoreError> {
        let item: Option<super::table::Pair<'_, K, V>> = item.transpose()?;
        Ok(item.map(|(key, value)| {
            let (key, value) = (key.value(), value.value());
            (K::as_bytes(&key).as_ref().to_vec(), V::as_bytes(&value).as_ref().to_vec())
        }))
    };
    let (mut now, mut copy) = (now, copy);
    let (mut wanted, mut found) = (bytes(now.next())?, bytes(copy.next())?);
    let mut changes = Vec::new();
    loop {
        let order = match (&wanted, &found) {
            (None, None) => return Ok(changes),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((wanted, _)), Some((found, _))) => K::compare(wanted, found),
        };
        if order.is_le() {
            let same = order.is_eq() && wanted == found;
            changes.extend(wanted.filter(|_| !same).map(|(key, value)| (key, Some(value))));
            wanted = bytes(now.next())?;
        } else {
            changes.extend(found.take().map(|(key, _)| (key, None)));
        }
        if order.is_ge() {
            found = bytes(copy.next())?;
        }
    }
}

/// Removes files that a process which is no more was still writing anew. For whoever holds the data file alone.
pub fn clear_unfinished(path: &Path) {
    for (name, entry) in beside(path) {
        if name.starts_with(UNFINISHED)
            && let Err(fault) = fs::remove_file(entry)
        {
            tracing::warn!(%fault, "a data file that was not finished could not be removed");
        }
    }
}

/// Files beside the data that show it as it once was, and when they were last written to: what was kept before the schema
/// was lifted, and what a copy took the place of.
#[must_use]
pub fn asides(path: &Path) -> Vec<(PathBuf, SystemTime)> {
    let aside = beside(path).into_iter().filter(|(name, _)| is_aside(name));
    let written = aside.map(|(_, path)| {
        let written = path.metadata().and_then(|known| known.modified());
        Some((path, written.ok()?))
    });
    let mut found: Vec<_> = written.flatten().collect();
    found.sort();
    found
}

/// `.v1`, `.before-20261129-031500`: nothing that only looks like ours.
fn is_aside(name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let lifted = name.strip_prefix(".v").is_some_and(digits);
    let restored = name.strip_prefix(".before-").and_then(|rest| rest.split_once('-'));
    let is_moment = |(day, time): (&str, &str)| {
        day.len() == 8 && time.len() == 6 && digits(day) && digits(time)
    };
    lifted || restored.is_some_and(is_moment)
}

/// Files whose name begins with that of the data file, by what stands behind it.
fn beside(path: &Path) -> Vec<(String, PathBuf)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Ok(entries) = fs::read_dir(folder.unwrap_or(Path::new("."))) else { return Vec::new() };
    let files = entries.flatten().filter_map(|entry| {
        let found = entry.file_name();
        let rest = found.to_str()?.strip_prefix(name)?.to_owned();
        (!name.is_empty() && !rest.is_empty()).then(|| (rest, entry.path()))
    });
    files.collect()
}
