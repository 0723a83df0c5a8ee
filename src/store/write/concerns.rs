//! Cases, and how open ones are found: all of them, or those that concern somebody.

use super::super::cases;
use super::super::error::StoreError;
use super::Tables;
use crate::domain::case::Case;
use crate::domain::id::{CaseId, PersonId};

impl Tables<'_> {
    /// A case.
    pub fn case(&self, id: CaseId) -> Result<Option<Case>, StoreError> {
        cases::get(&self.cases, id)
    }

    /// The numbers of all open cases, oldest first.
    pub fn open_cases(&self) -> Result<Vec<CaseId>, StoreError> {
        cases::open(&self.open_cases, usize::MAX)
    }

    /// The open cases that are about somebody, or of which they are told, oldest first.
    pub fn open_cases_concerning(&self, person: PersonId) -> Result<Vec<CaseId>, StoreError> {
        cases::concerning(&self.concerns, person)
    }

    /// Writes a case.
    pub fn put_case(&mut self, case: &Case) -> Result<(), StoreError> {
        cases::put(&mut self.cases, (&mut self.open_cases, &mut self.concerns), case)
    }

    /// Notes of every open case whom it concerns.
    pub(in super::super) fn index_concerns(&mut self) -> Result<(), StoreError> {
        for id in self.open_cases()? {
            if let Some(case) = self.case(id)? {
                cases::note_concerns(&mut self.concerns, &case)?;
            }
        }
        Ok(())
    }
}
