//! The data file written anew. redb frees pages without clearing them, and leaves stale tails in those that it keeps: what
//! was removed from the tables is gone from the file only when there is another file. The long part, a copy of one view,
//! is made and compared while the service goes on; then the writer carries over what was written meanwhile, and moves the
//! copy to where the data is. Nobody who reads or presses meanwhile notices. A crash at any point leaves a whole file
//! under the name of the data: the old one up to the rename, and behind it the new one, which is on the disk by then.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use redb::{Key, StorageBackend, TableDefinition, TableHandle, Value};

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

/// Keys that are noted at most. Beyond them the two files are compared whole.
const CHANGES_MAX: usize = 200_000;

/// Keys, each behind the name of its table.
type Keys = BTreeSet<(String, Vec<u8>)>;

/// Which keys may have been written to since a copy was begun: so few in a night that the writer, which stands still for
/// them, does not let a webhook wait.
#[derive(Default)]
pub(super) struct Changes(Mutex<Option<Keys>>);

impl Changes {
    fn keys(&self) -> MutexGuard<'_, Option<Keys>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody writes, if that is to be known.
    pub(super) fn note(&self, table: &str, key: &[u8]) {
        let mut keys = self.keys();
        if let Some(known) = keys.as_mut() {
            known.insert((table.to_owned(), key.to_vec()));
            if known.len() > CHANGES_MAX {
                *keys = None;
            }
        }
    }
}

/// A data file that was written anew and is not in its place yet. Dropped, it goes.
pub struct Anew {
    store: Store,
    /// What is noted in the data for it.
    changes: Arc<Changes>,
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
        *self.changes.keys() = None;
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
        *file.changes.keys() = Some(Keys::new());
        // Whoever was writing before that has come to an end behind this, and the copy shows it.
        drop(self.write()?);
        let made = self.copy_beside(&beside, *cache_bytes);
        match made {
            Ok(store) => Ok(Some(Anew { store, changes: Arc::clone(&file.changes), beside, path })),
            Err(fault) => {
                *file.changes.keys() = None;
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
        self.bring_up(&copy, None)?;
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
        let noted = ours.changes.keys().take();
        let brought_up = self.bring_up(&anew.store, noted.as_ref());
        let placed =
            brought_up.and_then(|()| fs::rename(&anew.beside, &anew.path).map_err(unopenable));
        if let Err(fault) = placed {
            return Ok(Err(fault));
        }
        let folder = anew.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new("."))).map_err(unopenable)?;
        folder.sync_all().map_err(unopenable)?;
        ours.replace(theirs.db());
        Ok(Ok(()))
    }

    /// Brings a copy of an earlier view up to the present, and compares the two: by what was noted since, and then by length;
    /// or, where it is not known what that was, from the first record to the last.
    fn bring_up(&self, copy: &Self, noted: Option<&Keys>) -> Result<(), StoreError> {
        let now = self.read()?;
        // Committed in any case: behind the commit everything that was written is on the disk.
        let writing = copy.write()?;
        each_table(&mut BringUp { now: &now, copy: &copy.read()?, noted, to: &writing })?;
        writing.commit()?;
        let copy = copy.read()?;
        let same = match noted {
            Some(_) => {
                let mut lengths = SameLength { now: &now, copy: &copy, so_far: true };
                each_table(&mut lengths)?;
                lengths.so_far
            }
            None => copy.extent()? == now.extent()?,
        };
        let other =
            || StoreError::Unwritable("the file written anew holds something else".to_owned());
        same.then_some(()).ok_or_else(other)
    }
}

/// Carries over into the copy what it has to hold.
struct BringUp<'c> {
    now: &'c Reading,
    copy: &'c Reading,
    /// The keys that may differ, where these are known.
    noted: Option<&'c Keys>,
    to: &'c Writing,
}

impl EachTable for BringUp<'_> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let now = self.now.table(table)?;
        let mut to = self.to.txn.table(table);
        let mut carry_over = |key: &[u8]| {
            match now.get(K::from_bytes(key))? {
                Some(value) => to.insert(K::from_bytes(key), value.value())?,
                None => to.remove(K::from_bytes(key))?,
            };
            Ok(())
        };
        match self.noted {
            Some(noted) => {
                let first = (table.name().to_owned(), Vec::new());
                let noted = noted.range(first..).take_while(|(of, _)| of == table.name());
                noted.map(|(_, key)| key).try_for_each(|key| carry_over(key))
            }
            None => differing::<K, V>(now.iter()?, self.copy.table(table)?.iter()?, carry_over),
        }
    }
}

/// Whether every table has as many entries as it should.
struct SameLength<'c> {
    now: &'c Reading,
    copy: &'c Reading,
    so_far: bool,
}

impl EachTable for SameLength<'_> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        self.so_far &= self.now.table(table)?.len()? == self.copy.table(table)?.len()?;
        Ok(())
    }
}

/// Says every key under which two tables hold something else, one after the other: nothing of them is kept, and there may be
/// as many as there are records. Both are in the order of their keys.
fn differing<K: Key + 'static, V: Value + 'static>(
    mut now: Range<'_, K, V>,
    mut copy: Range<'_, K, V>,
    mut differs: impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let bytes = |item: Option<Result<_, redb::StorageError>>| -> Result<_, StoreError> {
        let item: Option<super::table::Pair<'_, K, V>> = item.transpose()?;
        Ok(item.map(|(key, value)| {
            let (key, value) = (key.value(), value.value());
            (K::as_bytes(&key).as_ref().to_vec(), V::as_bytes(&value).as_ref().to_vec())
        }))
    };
    let (mut wanted, mut found) = (bytes(now.next())?, bytes(copy.next())?);
    loop {
        let (order, key) = match (&wanted, &found) {
            (None, None) => return Ok(()),
            (Some((key, _)), None) => (Ordering::Less, key),
            (None, Some((key, _))) => (Ordering::Greater, key),
            (Some((wanted, _)), Some((found, _))) => {
                let order = K::compare(wanted, found);
                (order, if order.is_le() { wanted } else { found })
            }
        };
        if wanted != found {
            differs(key)?;
        }
        if order.is_le() {
            wanted = bytes(now.next())?;
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering as Order};

    use super::*;
    use crate::domain::fact::Fact;
    use crate::domain::id::PersonId;
    use crate::domain::time::Moment;

    fn data(folder: &tempfile::TempDir) -> (PathBuf, Store) {
        let path = folder.path().join("anshin.redb");
        let store = Store::open(&path, Store::CACHE_BYTES_MIN, [7; 32]).unwrap();
        (path, store)
    }

    /// Timers that come and go, and a journal that grows.
    fn work(store: &Store, n: u32) {
        let writing = store.write().unwrap();
        {
            let mut tables = writing.tables();
            let at = Moment::from_seconds(i64::from(n));
            tables.put_timer(n % 97, Some(at)).unwrap();
            tables.put_timer(n % 31, None).unwrap();
            tables.journal(at, &[Fact::Met(PersonId(n))]).unwrap();
        }
        writing.commit().unwrap();
    }

    #[test]
    fn what_is_written_while_a_copy_is_made_is_in_it_and_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let (path, store) = data(&folder);
        (0..100).for_each(|n| work(&store, n));
        let enough = AtomicBool::new(false);
        let anew = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut n = 100;
                while !enough.load(Order::Relaxed) {
                    work(&store, n);
                    n += 1;
                }
            });
            let anew = store.write_anew().unwrap().unwrap();
            enough.store(true, Order::Relaxed);
            anew
        });
        work(&store, 7);
        let before = store.read().unwrap();
        store.take_over(&anew).unwrap().unwrap();
        drop(anew);
        let extent = before.extent().unwrap();
        assert_eq!(store.read().unwrap().extent().unwrap(), extent);
        work(&store, 8);
        let last = store.read().unwrap().extent().unwrap();
        assert_ne!(last, extent);
        drop((before, store));
        assert_eq!(Store::survey(&path).unwrap().extent, last);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn where_too_much_was_written_to_be_noted_the_two_files_are_compared_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (_, store) = data(&folder);
        (0..50).for_each(|n| work(&store, n));
        let anew = store.write_anew().unwrap().unwrap();
        *anew.changes.keys() = None;
        (50..90).for_each(|n| work(&store, n));
        let extent = store.read().unwrap().extent().unwrap();
        store.take_over(&anew).unwrap().unwrap();
        assert_eq!(store.read().unwrap().extent().unwrap(), extent);
    }

    #[test]
    fn a_change_that_was_not_noted_is_found_out_and_the_old_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (_, store) = data(&folder);
        let anew = store.write_anew().unwrap().unwrap();
        work(&store, 1);
        *anew.changes.keys() = Some(Keys::new());
        assert!(store.take_over(&anew).unwrap().is_err());
        drop(anew);
        work(&store, 2);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
