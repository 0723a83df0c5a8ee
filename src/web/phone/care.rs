//! What the pages for those who watch share: whom they may look at.

use super::Visit;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::store::{Reading, StoreError};
use crate::web::known;

/// The person of the path, if the reader watches over them.
pub(super) fn watched(visit: &Visit<'_>, reading: &Reading) -> Result<Option<Person>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let person = PersonId(id);
    if known::watches(reading, visit.me.id, person)? { reading.person(person) } else { Ok(None) }
}
