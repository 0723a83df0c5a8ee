//! The journal, and the index that says which of its entries are the story of a case.

use super::super::error::StoreError;
use super::super::journal;
use super::super::table::ReadableTable;
use super::Tables;
use crate::domain::fact::Fact;
use crate::domain::time::Moment;

impl Tables<'_> {
    /// Adds to the journal.
    pub fn journal(&mut self, at: Moment, facts: &[Fact]) -> Result<(), StoreError> {
        let mut number = self.journal.last()?.map_or(0, |(key, _)| key.value());
        for fact in facts {
            number += 1;
            self.journal.insert(number, journal::encode(at, *fact)?.as_slice())?;
            if let Some(case) = fact.case() {
                self.stories.insert((case.0, number), ())?;
            }
        }
        Ok(())
    }

    /// Notes for every entry of the journal to which case it belongs.
    pub(in super::super) fn index_stories(&mut self) -> Result<(), StoreError> {
        for item in self.journal.range::<u64>(..)? {
            let (number, value) = item?;
            let entry = journal::decode(number.value(), value.value())?;
            if let Some(case) = entry.fact.case() {
                self.stories.insert((case.0, entry.number), ())?;
            }
        }
        Ok(())
    }
}
