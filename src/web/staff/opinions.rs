//! `/staff/opinions`: what people said of the service. Whoever is in a family that looks after itself stays unnamed.

use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists, people};
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::opinions as words;
use crate::locale::people::csv_moment;
use crate::locale::phone;
use crate::store::{Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{known, layout};

/// Opinions on the page, and in a file.
const SHOWN_MAX: usize = 200;
const FILE_MAX: usize = 10_000;

/// One of them, with whose it is as far as that may be said.
struct Entry {
    at: Moment,
    who: String,
    text: String,
}

fn query(reading: &Reading, by: &SignedIn, count_max: usize) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    for opinion in reading.newest_opinions(count_max)? {
        let ours = people::concerns(reading, by, opinion.by)?;
        if !ours && !by.staff.scope.is_everything() {
            continue;
        }
        let who = if ours { known::name(reading, opinion.by)? } else { words::SOMEBODY.to_owned() };
        found.push(Entry { at: opinion.at, who, text: opinion.text.as_str().to_owned() });
    }
    Ok(found)
}

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let found = query(&visit.site.store.read()?, by, SHOWN_MAX)?;
    let body = html! {
        h1 { (words::TITLE) }
        p { (words::HOW) }
        @if found.is_empty() { p { (words::NOTHING) } } @else {
            (table(&found))
            (lists::link(by, "opinions"))
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn table(found: &[Entry]) -> Markup {
    let rows = html! {
        @for Entry { at, who, text } in found {
            tr {
                td { (phone::date_time(Zone::default().local(*at))) }
                th scope="row" { (who) }
                td { (text) }
            }
        }
    };
    layout::cards(words::TITLE, &words::COLUMNS, &rows)
}

/// The list as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let row = |Entry { at, who, text }| vec![csv_moment(Zone::default().local(at)), who, text];
    let rows = query(asked.reading, asked.by, FILE_MAX)?.into_iter().map(row).collect();
    Ok(Table { columns: words::COLUMNS.to_vec(), rows })
}
