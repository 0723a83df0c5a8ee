//! Everything that a data file holds, as stored bytes: what two files have to be compared by. It
//! knows no record, and so nothing that a record holds can be missed.

use redb::{Key, TableDefinition, TableHandle, Value};

use super::error::StoreError;
use super::read::Reading;
use super::schema;
use super::table::ReadableTable;

impl Reading {
    /// Hands every record to `each`: the name of its table, its key and its bytes, in a fixed order.
    pub fn every_record(&self, mut each: impl FnMut(&str, &[u8], &[u8])) -> Result<(), StoreError> {
        self.each_of(schema::META, &mut each)?;
        self.each_of(schema::PERSONS, &mut each)?;
        self.each_of(schema::ADDRESSES, &mut each)?;
        self.each_of(schema::TEAMS, &mut each)?;
        self.each_of(schema::MEMBERS, &mut each)?;
        self.each_of(schema::PLACES, &mut each)?;
        self.each_of(schema::INVITATIONS, &mut each)?;
        self.each_of(schema::TEAM_INVITATIONS, &mut each)?;
        self.each_of(schema::CASES, &mut each)?;
        self.each_of(schema::OPEN_CASES, &mut each)?;
        self.each_of(schema::ORGANIZATIONS, &mut each)?;
        self.each_of(schema::TIMERS, &mut each)?;
        self.each_of(schema::OUTBOX, &mut each)?;
        self.each_of(schema::ROUNDS, &mut each)?;
        self.each_of(schema::SEEN, &mut each)?;
        self.each_of(schema::JOURNAL, &mut each)?;
        self.each_of(schema::STAFF, &mut each)?;
        self.each_of(schema::DETAILS, &mut each)?;
        self.each_of(schema::RECORDS, &mut each)?;
        self.each_of(schema::STORIES, &mut each)?;
        self.each_of(schema::SESSIONS, &mut each)?;
        self.each_of(schema::PAGE_SESSIONS, &mut each)?;
        self.each_of(schema::GROUPS, &mut each)?;
        self.each_of(schema::GROUP_ADDRESSES, &mut each)?;
        self.each_of(schema::PARTICIPANTS, &mut each)?;
        self.each_of(schema::BULLETINS, &mut each)?;
        self.each_of(schema::RECEIPTS, &mut each)?;
        self.each_of(schema::OPINIONS, &mut each)?;
        self.each_of(schema::TERMS, &mut each)?;
        Ok(())
    }

    fn each_of<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
        each: &mut impl FnMut(&str, &[u8], &[u8]),
    ) -> Result<(), StoreError> {
        for item in self.table(table)?.range::<K::SelfType<'_>>(..)? {
            let (key, value) = item?;
            let (key, value) = (key.value(), value.value());
            each(table.name(), K::as_bytes(&key).as_ref(), V::as_bytes(&value).as_ref());
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
            .filter_map(|line| line.trim().strip_prefix("self.each_of(schema::"))
            .map(|rest| rest.split(',').next().unwrap().to_lowercase())
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
