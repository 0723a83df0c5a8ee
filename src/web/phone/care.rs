//! What the pages for those who watch share: whom they may look at, and how somebody is.

use maud::{Markup, html};

use super::Visit;
use crate::domain::case::Case;
use crate::domain::id::PersonId;
use crate::domain::message::State;
use crate::domain::person::Person;
use crate::locale::phone as words;
use crate::store::{Reading, StoreError};
use crate::web::known;

/// The person of the path, if the reader watches over them.
pub(super) fn watched(visit: &Visit<'_>, reading: &Reading) -> Result<Option<Person>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let person = PersonId(id);
    if known::watches(reading, visit.me.id, person)? { reading.person(person) } else { Ok(None) }
}

/// How somebody is, with their gravest open case.
pub(super) fn state(
    reading: &Reading,
    person: &Person,
) -> Result<(State, Option<Case>), StoreError> {
    let open = known::open_cases(reading, person)?.into_iter().next();
    Ok((State::of(person, open.as_ref()), open))
}

/// A mark and words, so that no colour has to be seen.
pub(super) fn shown(state: State) -> Markup {
    let (mark, said) = words::state(state);
    let class = match state {
        State::Open(_) | State::Unreachable => "state alarm",
        State::CalledAgain => "state late",
        State::Well => "state well",
        State::Waiting | State::Resting(_) | State::New => "state",
    };
    html! { span class=(class) { span.mark aria-hidden="true" { (mark) } " " (said) } }
}
