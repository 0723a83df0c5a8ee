//! The tables as ordered maps in memory: what a simulation of many years stands on. It keeps the same bytes in the same
//! order as redb does, all or nothing, with views that do not change; nothing of it outlives the process.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::{Key, TableDefinition, TableHandle, Value};

use super::schema::TABLE_NAMES;

/// The bytes of a key, ordered as redb orders them.
#[derive(Clone)]
pub(super) struct KeyBytes {
    bytes: Vec<u8>,
    compare: fn(&[u8], &[u8]) -> Ordering,
}

impl KeyBytes {
    pub(super) fn of<K: Key>(key: &K::SelfType<'_>) -> Self {
        Self { bytes: K::as_bytes(key).as_ref().to_vec(), compare: K::compare }
    }
}

impl PartialEq for KeyBytes {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for KeyBytes {}

impl PartialOrd for KeyBytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for KeyBytes {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.compare)(&self.bytes, &other.bytes)
    }
}

/// Keys and values of one table.
type Map = BTreeMap<KeyBytes, Vec<u8>>;

/// All tables, in the order of their names. A view shares them until the next write to a table copies that one.
type All = [Arc<Map>; TABLE_NAMES.len()];

/// The tables of one store: everything committed so far, or nothing while a write has it in its hands.
pub(super) struct Maps(Mutex<Option<Arc<All>>>);

impl Default for Maps {
    fn default() -> Self {
        Self(Mutex::new(Some(Arc::default())))
    }
}

/// The place of a table among all.
fn place<K: Key + 'static, V: Value + 'static>(table: TableDefinition<'static, K, V>) -> usize {
    TABLE_NAMES.binary_search(&table.name()).expect("every table is in the list")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Maps {
    pub(super) fn view(&self) -> View {
        View(lock(&self.0).clone().expect("no view is taken of maps that are being written"))
    }
}

/// A view of everything that was committed when it was taken.
pub(super) struct View(Arc<All>);

impl View {
    pub(super) fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Slice<K, V> {
        Slice { map: Arc::clone(&self.0[place(table)]), types: PhantomData }
    }
}

/// A table of a view.
pub(super) struct Slice<K, V> {
    map: Arc<Map>,
    types: PhantomData<fn() -> (K, V)>,
}

/// What has to be put back if a write is given up.
struct Undo {
    key: KeyBytes,
    before: Option<Vec<u8>>,
}

/// A write in the making. There is one at a time, and no view is taken meanwhile: what redb would let wait, or see the
/// old state, is a mistake of the caller here.
pub(super) struct Change {
    home: Arc<Maps>,
    all: RefCell<Option<Arc<All>>>,
    /// Stands in the place of a table while a draft has it.
    away: Arc<Map>,
    undo: RefCell<Vec<(usize, Vec<Undo>)>>,
    kept: bool,
}

impl Change {
    pub(super) fn new(home: Arc<Maps>) -> Self {
        let all = lock(&home.0).take();
        assert!(all.is_some(), "a second write to maps");
        let (all, away) = (RefCell::new(all), Arc::default());
        Self { home, all, away, undo: RefCell::default(), kept: false }
    }

    fn map<T>(&self, place: usize, f: impl FnOnce(&mut Arc<Map>) -> T) -> T {
        let mut all = self.all.borrow_mut();
        f(&mut Arc::make_mut(all.as_mut().expect("a write has the maps"))[place])
    }

    pub(super) fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Draft<'_, K, V> {
        let place = place(table);
        let map = self.map(place, |home| std::mem::replace(home, Arc::clone(&self.away)));
        Draft { change: self, place, map, undo: Vec::new(), types: PhantomData }
    }

    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        let undo = if self.kept { Vec::new() } else { self.undo.take() };
        for (place, steps) in undo.into_iter().rev() {
            self.map(place, |map| {
                let map = Arc::make_mut(map);
                for Undo { key, before } in steps.into_iter().rev() {
                    match before {
                        Some(value) => map.insert(key, value),
                        None => map.remove(&key),
                    };
                }
            });
        }
        *lock(&self.home.0) = self.all.take();
    }
}

/// A table of a write. While it is there, it is missing at home.
pub(super) struct Draft<'c, K, V> {
    change: &'c Change,
    place: usize,
    map: Arc<Map>,
    undo: Vec<Undo>,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K: Key, V: Value> Draft<'_, K, V> {
    /// Whether something was there before.
    pub(super) fn insert(&mut self, key: &K::SelfType<'_>, value: &V::SelfType<'_>) -> bool {
        let key = KeyBytes::of::<K>(key);
        let value = V::as_bytes(value).as_ref().to_vec();
        let before = Arc::make_mut(&mut self.map).insert(key.clone(), value);
        let was_there = before.is_some();
        self.undo.push(Undo { key, before });
        was_there
    }

    /// Whether something was there before.
    pub(super) fn remove(&mut self, key: &K::SelfType<'_>) -> bool {
        let key = KeyBytes::of::<K>(key);
        if !self.map.contains_key(&key) {
            return false;
        }
        let before = Arc::make_mut(&mut self.map).remove(&key);
        self.undo.push(Undo { key, before });
        true
    }
}

impl<K, V> Drop for Draft<'_, K, V> {
    fn drop(&mut self) {
        let map = std::mem::replace(&mut self.map, Arc::clone(&self.change.away));
        self.change.map(self.place, |home| *home = map);
        if !self.undo.is_empty() {
            self.change.undo.borrow_mut().push((self.place, std::mem::take(&mut self.undo)));
        }
    }
}

/// What reads have in common.
pub(super) trait Entries {
    fn map(&self) -> &Map;

    fn find<K: Key>(&self, key: &K::SelfType<'_>) -> Option<&[u8]> {
        self.map().get(&KeyBytes::of::<K>(key)).map(Vec::as_slice)
    }

    fn between(&self, from: Bound<KeyBytes>, until: Bound<KeyBytes>) -> Walk<'_> {
        let is_empty = match (&from, &until) {
            (Bound::Included(from), Bound::Included(until)) => from > until,
            (
                Bound::Included(from) | Bound::Excluded(from),
                Bound::Excluded(until) | Bound::Included(until),
            ) => from >= until,
            _ => false,
        };
        // A map does not take a range that ends before it begins; redb gives nothing.
        Walk((!is_empty).then(|| self.map().range((from, until))))
    }
}

impl<K, V> Entries for Slice<K, V> {
    fn map(&self) -> &Map {
        &self.map
    }
}

impl<K, V> Entries for Draft<'_, K, V> {
    fn map(&self) -> &Map {
        &self.map
    }
}

/// Entries one by one, from either end.
pub(super) struct Walk<'m>(Option<std::collections::btree_map::Range<'m, KeyBytes, Vec<u8>>>);

impl<'m> Iterator for Walk<'m> {
    type Item = (&'m [u8], &'m [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.as_mut()?.next().map(|(key, value)| (key.bytes.as_slice(), value.as_slice()))
    }
}

impl DoubleEndedIterator for Walk<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.as_mut()?.next_back().map(|(key, value)| (key.bytes.as_slice(), value.as_slice()))
    }
}

/// The ends of a range in bytes.
pub(super) fn ends<'k, K: Key + 'k, KR: std::borrow::Borrow<K::SelfType<'k>>>(
    range: &impl RangeBounds<KR>,
) -> (Bound<KeyBytes>, Bound<KeyBytes>) {
    let bytes = |bound: Bound<&KR>| bound.map(|key| KeyBytes::of::<K>(key.borrow()));
    (bytes(range.start_bound()), bytes(range.end_bound()))
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes.fmt(f)
    }
}
