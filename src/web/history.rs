//! The last rounds of somebody, as a strip and a list: marks and words, never colour alone.

use maud::{Markup, html};

use crate::domain::id::PersonId;
use crate::domain::name::Name;
use crate::domain::round::{Ending, PastRound};
use crate::domain::schedule::Zone;
use crate::locale::phone as words;
use crate::store::{Reading, StoreError};

/// Rounds that are shown.
const SHOWN: usize = 14;

/// The last rounds, newest first.
pub(super) fn last(
    reading: &Reading,
    person: PersonId,
    zone: &Zone,
) -> Result<Option<Markup>, StoreError> {
    let rounds = reading.past_rounds(person, SHOWN)?;
    let mut named = Vec::new();
    for past in rounds {
        let by = past.by.map(|by| reading.person(by)).transpose()?.flatten();
        named.push((past, by.and_then(|by| by.name)));
    }
    Ok((!named.is_empty()).then(|| list(&named, zone)))
}

fn list(rounds: &[(PastRound, Option<Name>)], zone: &Zone) -> Markup {
    html! {
        ol.rounds {
            @for (past, by) in rounds {
                // Whoever was reported answered later than anyone should have to wait.
                @let late = past.ending == Ending::Answered && past.round.resent_at.is_some();
                @let (mark, said) = words::ending(past.ending, late);
                li {
                    span.mark aria-hidden="true" { (mark) } " "
                    (words::day(zone.local(past.round.due_at).date())) " "
                    @match by {
                        Some(by) => (words::found_by(by)),
                        None => (said),
                    }
                }
            }
        }
    }
}
