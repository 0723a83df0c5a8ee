//! One face for the tables of redb and for those in memory, so that everything above them is written once. Methods are
//! named, and behave, as redb's own.

use std::borrow::Borrow;
use std::cell::OnceCell;
use std::marker::PhantomData;
use std::ops::RangeBounds;
use std::sync::Arc;

use redb::{
    AccessGuard, Key, ReadableTableMetadata, StorageError, TableDefinition, TableError,
    TableHandle, Value,
};

use super::anew::Changes;
use super::error::StoreError;
use super::maps::{self, Entries};

/// A key or value that was found.
pub(super) enum Guard<'g, T: Value + 'static> {
    Redb(AccessGuard<'g, T>),
    Map(&'g [u8]),
}

impl<T: Value + 'static> Guard<'_, T> {
    pub(super) fn value(&self) -> T::SelfType<'_> {
        match self {
            Self::Redb(guard) => guard.value(),
            Self::Map(bytes) => T::from_bytes(bytes),
        }
    }
}

/// A key and its value.
pub(super) type Pair<'g, K, V> = (Guard<'g, K>, Guard<'g, V>);

/// What can be read from a table.
pub(super) trait ReadableTable<K: Key + 'static, V: Value + 'static> {
    fn get<'k>(
        &self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<Option<Guard<'_, V>>, StoreError>;

    fn range<'k, KR>(
        &self,
        range: impl RangeBounds<KR> + 'k,
    ) -> Result<Range<'_, K, V>, StoreError>
    where
        KR: Borrow<K::SelfType<'k>> + 'k;

    fn iter(&self) -> Result<Range<'_, K, V>, StoreError> {
        self.range::<K::SelfType<'_>>(..)
    }

    fn last(&self) -> Result<Option<Pair<'_, K, V>>, StoreError> {
        Ok(self.iter()?.next_back().transpose()?)
    }
}

/// Entries of a table in order, from either end.
pub(super) enum Range<'r, K: Key + 'static, V: Value + 'static> {
    Redb(Box<redb::Range<'r, K, V>>),
    Map(maps::Walk<'r>, PhantomData<fn() -> (K, V)>),
}

impl<'r, K: Key + 'static, V: Value + 'static> Range<'r, K, V> {
    fn of_redb(range: redb::Range<'r, K, V>) -> Self {
        Self::Redb(Box::new(range))
    }

    fn of_map<'k, KR: Borrow<K::SelfType<'k>> + 'k>(
        map: &'r impl Entries,
        range: impl RangeBounds<KR> + 'k,
    ) -> Self
    where
        K: 'k,
    {
        let (from, until) = maps::ends::<K, KR>(&range);
        Self::Map(map.between(from, until), PhantomData)
    }
}

impl<'r, K: Key + 'static, V: Value + 'static> Iterator for Range<'r, K, V> {
    type Item = Result<Pair<'r, K, V>, StorageError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self {
            Self::Redb(range) => range.next()?.map(of_redb),
            Self::Map(walk, _) => Ok(of_map(walk.next()?)),
        })
    }
}

impl<K: Key + 'static, V: Value + 'static> DoubleEndedIterator for Range<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        Some(match self {
            Self::Redb(range) => range.next_back()?.map(of_redb),
            Self::Map(walk, _) => Ok(of_map(walk.next_back()?)),
        })
    }
}

fn of_redb<'g, K: Key + 'static, V: Value + 'static>(
    (key, value): (AccessGuard<'g, K>, AccessGuard<'g, V>),
) -> Pair<'g, K, V> {
    (Guard::Redb(key), Guard::Redb(value))
}

fn of_map<'g, K: Key + 'static, V: Value + 'static>(
    (key, value): (&'g [u8], &'g [u8]),
) -> Pair<'g, K, V> {
    (Guard::Map(key), Guard::Map(value))
}

/// A table of a write. It is opened when it is first touched: a step touches a few of all tables.
pub(super) struct Table<'t, K: Key + 'static, V: Value + 'static> {
    txn: &'t WriteTransaction,
    definition: TableDefinition<'static, K, V>,
    opened: OnceCell<Opened<'t, K, V>>,
}

enum Opened<'t, K: Key + 'static, V: Value + 'static> {
    Redb(redb::Table<'t, K, V>),
    Map(maps::Draft<'t, K, V>),
}

impl<'t, K: Key + 'static, V: Value + 'static> Table<'t, K, V> {
    fn opened(&self) -> Result<&Opened<'t, K, V>, StoreError> {
        if let Some(opened) = self.opened.get() {
            return Ok(opened);
        }
        let opened = match self.txn {
            WriteTransaction::Redb(txn, _) => Opened::Redb(txn.open_table(self.definition)?),
            WriteTransaction::Maps(change) => Opened::Map(change.table(self.definition)),
        };
        Ok(self.opened.get_or_init(|| opened))
    }

    fn opened_mut(&mut self) -> Result<&mut Opened<'t, K, V>, StoreError> {
        self.opened()?;
        Ok(self.opened.get_mut().expect("it was opened"))
    }

    /// Notes that a key may change, for whoever writes the file anew meanwhile.
    fn note(&self, key: &K::SelfType<'_>) {
        if let WriteTransaction::Redb(_, Some(changes)) = self.txn {
            changes.note(self.definition.name(), K::as_bytes(key).as_ref());
        }
    }

    /// Makes the table, if there is none yet.
    pub(super) fn create(&self) -> Result<(), StoreError> {
        self.opened().map(drop)
    }

    /// Writes a value; whether there was one before.
    pub(super) fn insert<'k, 'v>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
        value: impl Borrow<V::SelfType<'v>>,
    ) -> Result<bool, StoreError> {
        self.note(key.borrow());
        match self.opened_mut()? {
            Opened::Redb(table) => Ok(table.insert(key, value)?.is_some()),
            Opened::Map(draft) => Ok(draft.insert(key.borrow(), value.borrow())),
        }
    }

    /// Removes a value; whether there was one.
    pub(super) fn remove<'k>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<bool, StoreError> {
        self.note(key.borrow());
        match self.opened_mut()? {
            Opened::Redb(table) => Ok(table.remove(key)?.is_some()),
            Opened::Map(draft) => Ok(draft.remove(key.borrow())),
        }
    }
}

impl<K: Key + 'static, V: Value + 'static> ReadableTable<K, V> for Table<'_, K, V> {
    fn get<'k>(
        &self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<Option<Guard<'_, V>>, StoreError> {
        match self.opened()? {
            Opened::Redb(table) => Ok(redb::ReadableTable::get(table, key)?.map(Guard::Redb)),
            Opened::Map(draft) => Ok(draft.find::<K>(key.borrow()).map(Guard::Map)),
        }
    }

    fn range<'k, KR>(&self, range: impl RangeBounds<KR> + 'k) -> Result<Range<'_, K, V>, StoreError>
    where
        KR: Borrow<K::SelfType<'k>> + 'k,
    {
        match self.opened()? {
            Opened::Redb(table) => Ok(Range::of_redb(redb::ReadableTable::range(table, range)?)),
            Opened::Map(draft) => Ok(Range::of_map(draft, range)),
        }
    }
}

/// A table of a view.
pub(super) enum ReadOnlyTable<K: Key + 'static, V: Value + 'static> {
    Redb(redb::ReadOnlyTable<K, V>),
    Map(maps::Slice<K, V>),
}

impl<K: Key + 'static, V: Value + 'static> ReadOnlyTable<K, V> {
    /// How many entries there are.
    pub(super) fn len(&self) -> Result<u64, StorageError> {
        match self {
            Self::Redb(table) => table.len(),
            Self::Map(slice) => Ok(slice.map().len() as u64),
        }
    }
}

impl<K: Key + 'static, V: Value + 'static> ReadableTable<K, V> for ReadOnlyTable<K, V> {
    fn get<'k>(
        &self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<Option<Guard<'_, V>>, StoreError> {
        match self {
            Self::Redb(table) => Ok(redb::ReadableTable::get(table, key)?.map(Guard::Redb)),
            Self::Map(slice) => Ok(slice.find::<K>(key.borrow()).map(Guard::Map)),
        }
    }

    fn range<'k, KR>(&self, range: impl RangeBounds<KR> + 'k) -> Result<Range<'_, K, V>, StoreError>
    where
        KR: Borrow<K::SelfType<'k>> + 'k,
    {
        match self {
            Self::Redb(table) => Ok(Range::of_redb(redb::ReadableTable::range(table, range)?)),
            Self::Map(slice) => Ok(Range::of_map(slice, range)),
        }
    }
}

/// A consistent view.
pub(super) enum ReadTransaction {
    Redb(
        redb::ReadTransaction,
        #[expect(dead_code, reason = "keeps it open when another one takes its place meanwhile")]
        Option<Arc<redb::Database>>,
    ),
    Maps(maps::View),
}

impl ReadTransaction {
    pub(super) fn open_table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<ReadOnlyTable<K, V>, TableError> {
        match self {
            Self::Redb(txn, _) => txn.open_table(definition).map(ReadOnlyTable::Redb),
            Self::Maps(view) => Ok(ReadOnlyTable::Map(view.table(definition))),
        }
    }

    /// The names of all tables, sorted.
    pub(super) fn table_names(&self) -> Result<Vec<String>, StoreError> {
        let mut names: Vec<String> = match self {
            Self::Redb(txn, _) => txn.list_tables()?.map(|table| table.name().to_owned()).collect(),
            Self::Maps(_) => super::schema::TABLE_NAMES.map(str::to_owned).to_vec(),
        };
        names.sort_unstable();
        Ok(names)
    }
}

/// A write in the making: everything or nothing.
pub(super) enum WriteTransaction {
    Redb(Box<redb::WriteTransaction>, Option<Arc<Changes>>),
    Maps(maps::Change),
}

impl WriteTransaction {
    pub(super) fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        definition: TableDefinition<'static, K, V>,
    ) -> Table<'_, K, V> {
        Table { txn: self, definition, opened: OnceCell::new() }
    }

    pub(super) fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Redb(txn, _) => Ok(txn.commit()?),
            Self::Maps(change) => {
                change.keep();
                Ok(())
            }
        }
    }

    pub(super) fn abort(self) -> Result<(), StoreError> {
        match self {
            Self::Redb(txn, _) => Ok(txn.abort()?),
            Self::Maps(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::ReadableDatabase;

    use super::super::maps::{Change, Maps};
    use super::super::schema::ROUNDS;
    use super::*;

    type Key = (u32, i64);

    /// One thing done to a table, or to the write it belongs to.
    #[derive(Clone, Debug)]
    enum Step {
        Insert(Key, Vec<u8>),
        Remove(Key),
        Range(Key, Key),
        Commit,
        GiveUp,
    }

    fn step() -> impl Strategy<Value = Step> {
        // Few keys, of both signs: what is stored in little endian must not be ordered by its bytes.
        let key = || (0..3_u32, prop::sample::select(vec![-300_i64, -1, 0, 1, 255, 256, 70_000]));
        prop_oneof![
            4 => (key(), prop::collection::vec(any::<u8>(), 0..4))
                .prop_map(|(key, value)| Step::Insert(key, value)),
            2 => key().prop_map(Step::Remove),
            2 => (key(), key()).prop_map(|(from, until)| Step::Range(from, until)),
            1 => Just(Step::Commit),
            1 => Just(Step::GiveUp),
        ]
    }

    type Entries = Vec<(Key, Vec<u8>)>;

    fn entries(table: &impl ReadableTable<Key, &'static [u8]>, from: Key, until: Key) -> Entries {
        let items = table.range(from..=until).unwrap().map(Result::unwrap);
        items.map(|(key, value)| (key.value(), value.value().to_vec())).collect()
    }

    const ALL: (Key, Key) = ((0, i64::MIN), (u32::MAX, i64::MAX));

    /// Plays steps; everything that a caller gets to see of it.
    fn play(
        steps: &[Step],
        write: impl Fn() -> WriteTransaction,
        read: impl Fn() -> ReadTransaction,
    ) -> Vec<(Entries, Option<bool>)> {
        let mut seen = Vec::new();
        let mut rest = steps;
        while !rest.is_empty() {
            let end = rest.iter().position(|step| matches!(step, Step::Commit | Step::GiveUp));
            let (now, later) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            let view = read();
            let txn = write();
            let mut table = txn.table(ROUNDS);
            table.create().unwrap();
            for step in now {
                seen.push(match step {
                    Step::Insert(key, value) => {
                        (Vec::new(), Some(table.insert(*key, value.as_slice()).unwrap()))
                    }
                    Step::Remove(key) => (Vec::new(), Some(table.remove(*key).unwrap())),
                    Step::Range(from, until) => {
                        let is_there = table.get(*from).unwrap().is_some();
                        (entries(&table, *from, *until), Some(is_there))
                    }
                    Step::Commit | Step::GiveUp => (entries(&table, ALL.0, ALL.1), None),
                });
            }
            drop(table);
            match now.last() {
                Some(Step::Commit) => txn.commit().unwrap(),
                _ => txn.abort().unwrap(),
            }
            // A view is of the moment when it was taken; a new one shows what was committed.
            for view in [view, read()] {
                seen.push(match view.open_table(ROUNDS) {
                    Ok(table) => (entries(&table, ALL.0, ALL.1), None),
                    Err(_) => (Vec::new(), None),
                });
            }
            rest = later;
        }
        seen
    }

    proptest! {
        #[test]
        fn tables_in_memory_behave_as_those_of_redb(steps in prop::collection::vec(step(), 0..40)) {
            let backend = redb::backends::InMemoryBackend::new();
            let db = redb::Database::builder().create_with_backend(backend).unwrap();
            let maps = Arc::new(Maps::default());
            let of_redb = play(
                &steps,
                || WriteTransaction::Redb(Box::new(db.begin_write().unwrap()), None),
                || ReadTransaction::Redb(db.begin_read().unwrap(), None),
            );
            let of_maps = play(
                &steps,
                || WriteTransaction::Maps(Change::new(Arc::clone(&maps))),
                || ReadTransaction::Maps(maps.view()),
            );
            prop_assert_eq!(of_redb, of_maps);
        }
    }
}
