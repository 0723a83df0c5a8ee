//! What staff do at the desk, about cases and people. Whether they may is decided by the rules at that
//! moment; whoever asked looks afterwards what came of it.

use crate::domain::case::Outcome;
use crate::domain::details::Details;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::record::Note;

/// Something done at the desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeskAct {
    /// "We will look."
    Claim(CaseId),
    /// Somebody else may look: the case is open to everyone again.
    Release(CaseId),
    /// Ambulance or police were called.
    Emergency(CaseId),
    /// The case is over.
    Close(CaseId, Outcome),
    /// Something was done about a case.
    Record(CaseId, Note),
    /// What is known about a person, as a whole; it counts if nobody changed it since that version.
    Details(PersonId, Box<Details>),
    /// Personal data was looked at.
    Viewed(PersonId),
}
