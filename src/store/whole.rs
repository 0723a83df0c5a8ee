//! Everything that a data file holds, as stored bytes: what two files have to be compared by. It
//! knows no record, and so nothing that a record holds can be missed.

use redb::{TableDefinition, TableHandle};
use sha2::{Digest, Sha256};

use super::error::StoreError;
use super::open_form::{OpenKey, OpenValue};
use super::read::Reading;
use super::schema;
use super::table::ReadableTable;

/// Something that is done with one table after another.
pub(super) trait EachTable {
    /// Does it with this one.
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError>;
}

/// Goes over all tables, in a fixed order.
pub(super) fn each_table(visitor: &mut impl EachTable) -> Result<(), StoreError> {
    visitor.table(schema::META)?;
    visitor.table(schema::PERSONS)?;
    visitor.table(schema::ADDRESSES)?;
    visitor.table(schema::TEAMS)?;
    visitor.table(schema::MEMBERS)?;
    visitor.table(schema::PLACES)?;
    visitor.table(schema::INVITATIONS)?;
    visitor.table(schema::TEAM_INVITATIONS)?;
    visitor.table(schema::CASES)?;
    visitor.table(schema::OPEN_CASES)?;
    visitor.table(schema::CONCERNS)?;
    visitor.table(schema::ORGANIZATIONS)?;
    visitor.table(schema::TIMERS)?;
    visitor.table(schema::OUTBOX)?;
    visitor.table(schema::ROUNDS)?;
    visitor.table(schema::SEEN)?;
    visitor.table(schema::JOURNAL)?;
    visitor.table(schema::STAFF)?;
    visitor.table(schema::DETAILS)?;
    visitor.table(schema::RECORDS)?;
    visitor.table(schema::STORIES)?;
    visitor.table(schema::SESSIONS)?;
    visitor.table(schema::PAGE_SESSIONS)?;
    visitor.table(schema::GROUPS)?;
    visitor.table(schema::GROUP_ADDRESSES)?;
    visitor.table(schema::PARTICIPANTS)?;
    visitor.table(schema::BULLETINS)?;
    visitor.table(schema::RECEIPTS)?;
    visitor.table(schema::OPINIONS)?;
    visitor.table(schema::TERMS)?;
    visitor.table(schema::ERASURES)?;
    Ok(())
}

/// How much a data file holds, and the SHA-256 of all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// Records.
    pub records: u64,
    /// Over names of tables, keys and values, each with its length before it.
    pub digest: [u8; 32],
}

impl Reading {
    /// Hands every record to `each`: the name of its table, its key and its bytes, in a fixed order.
    pub fn every_record(&self, each: impl FnMut(&str, &[u8], &[u8])) -> Result<(), StoreError> {
        each_table(&mut Bytes { reading: self, each })
    }

    /// What two files that hold the same have in common.
    pub fn extent(&self) -> Result<Extent, StoreError> {
        let (mut records, mut hash) = (0, Sha256::new());
        self.every_record(|table, key, bytes| {
            records += 1;
            for part in [table.as_bytes(), key, bytes] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        })?;
        Ok(Extent { records, digest: hash.finalize().into() })
    }
}

struct Bytes<'r, F> {
    reading: &'r Reading,
    each: F,
}

impl<F: FnMut(&str, &[u8], &[u8])> EachTable for Bytes<'_, F> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        for item in self.reading.table(table)?.range::<K::SelfType<'_>>(..)? {
            let (key, value) = item?;
            let (key, value) = (key.value(), value.value());
            (self.each)(table.name(), K::as_bytes(&key).as_ref(), V::as_bytes(&value).as_ref());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::open::Store;
    use super::super::schema::{SCHEMA_VERSION, TABLE_NAMES};

    #[test]
    fn every_table_of_the_list_is_read() {
        let source = include_str!("whole.rs");
        let read: BTreeSet<String> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("visitor.table(schema::"))
            .map(|rest| rest.split(')').next().unwrap().to_lowercase())
            .collect();
        assert_eq!(read.into_iter().collect::<Vec<_>>(), TABLE_NAMES);
    }

    #[test]
    fn a_new_file_holds_its_schema_and_secret_and_no_more() {
        let store = Store::in_memory([7; 32]).unwrap();
        let mut found = Vec::new();
        let note = |table: &str, key: &[u8], bytes: &[u8]| {
            found.push((table.to_owned(), key.to_vec(), bytes.to_vec()));
        };
        store.read().unwrap().every_record(note).unwrap();
        let of = |key: &str, bytes: Vec<u8>| ("meta".to_owned(), key.as_bytes().to_vec(), bytes);
        assert_eq!(
            found,
            [of("schema", SCHEMA_VERSION.to_le_bytes().to_vec()), of("secret", vec![7; 32])]
        );
    }
}
