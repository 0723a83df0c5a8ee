//! `/staff/log`: who at the desk did what and when, the newest first; looks at personal data too. For administrators
//! alone, and never changed by anybody.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Desk, Kept, Visit, is_open_to, lists};
use crate::domain::id::StaffId;
use crate::domain::schedule::Zone;
use crate::domain::staff::SavedList;
use crate::http::{Response, StatusCode};
use crate::locale::erasure::list as erasure_words;
use crate::locale::log as words;
use crate::locale::people::csv_moment;
use crate::store::{Entry, Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{csv, layout};

/// Lines on one page.
const SHOWN_MAX: usize = 100;

/// Lines of the file.
const FILE_MAX: usize = 50_000;

/// Entries of the journal that are looked through for a page.
const LOOKED_AT_MAX: usize = 2_000_000;

/// Whose hand it was: an account's, or none of them, at the server's command line.
type Hand = Option<StaffId>;

/// The command line, in the address of the page.
const COMMAND: &str = "command";

/// What is looked for: the address of the page says it.
#[derive(Default)]
struct Filter {
    by: Option<Hand>,
    /// Only what stands before this number of the journal.
    before: Option<u64>,
}

impl Filter {
    fn of(query: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "by" if value == COMMAND => filter.by = Some(None),
                "by" => filter.by = value.parse().ok().map(|id| Some(StaffId(id))),
                "before" => filter.before = value.parse().ok(),
                _ => {}
            }
        }
        filter
    }

    fn query(&self, before: Option<u64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(by) = self.by {
            let by = by.map_or(COMMAND.to_owned(), |by| by.to_string());
            query.append_pair("by", &by);
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }
}

/// What somebody did.
struct Line {
    entry: Entry,
    by: Hand,
    what: String,
}

fn lines(reading: &Reading, filter: &Filter, count_max: usize) -> Result<Vec<Line>, StoreError> {
    let (mut found, mut looked_at) = (Vec::new(), 0);
    let from = filter.before.map(|before| before.saturating_sub(1));
    reading.journal_back_from(from, |entry| {
        looked_at += 1;
        let line = words::line(entry.fact).filter(|(by, _)| filter.by.is_none_or(|of| of == *by));
        found.extend(line.map(|(by, what)| Line { entry, by, what }));
        found.len() < count_max && looked_at < LOOKED_AT_MAX
    })?;
    Ok(found)
}

fn names(reading: &Reading) -> Result<BTreeMap<StaffId, String>, StoreError> {
    let all = reading.all_staff()?.into_iter();
    Ok(all.map(|staff| (staff.id, staff.name.to_string())).collect())
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let filter = Filter::of(&visit.request.query);
    let reading = visit.site.store.read()?;
    let names = names(&reading)?;
    let mut lines = lines(&reading, &filter, SHOWN_MAX + 1)?;
    drop(reading);
    let more = lines.len() > SHOWN_MAX;
    lines.truncate(SHOWN_MAX);
    let last = lines.last().map(|line| line.entry.number).filter(|_| more);
    let body = html! {
        h1 { (words::TITLE) }
        p { (words::HOW) }
        (form(&filter, &names))
        @if lines.is_empty() { p { (words::NOTHING) } } @else { (table(&lines, &names)) }
        nav.pager aria-label=(words::PAGES) {
            @if filter.before.is_some() {
                a.action href={ "/staff/log?" (filter.query(None)) } { (words::NEWEST) }
            }
            @if let Some(last) = last {
                a.action rel="next" href={ "/staff/log?" (filter.query(Some(last))) } { (words::OLDER) }
            }
        }
        p { a.action href={ "/staff/log.csv?" (filter.query(None)) } { (words::CSV) } }
        @if is_open_to(Desk::Kept(Kept::Erasures), &by.staff) {
            p { a.action href="/staff/erasures" { (erasure_words::TITLE) } }
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn form(filter: &Filter, names: &BTreeMap<StaffId, String>) -> Markup {
    html! {
        form.search method="get" action="/staff/log" {
            div.line {
                div.field {
                    label for="by" { (words::BY) }
                    select id="by" name="by" {
                        option value="" { (words::EVERYONE) }
                        @for (id, name) in names {
                            option value=(id) selected[filter.by == Some(Some(*id))] { (name) }
                        }
                        option value=(COMMAND) selected[filter.by == Some(None)] { (words::COMMAND) }
                    }
                }
                button.button type="submit" { (words::FIND) }
            }
        }
    }
}

fn name(names: &BTreeMap<StaffId, String>, by: Hand) -> &str {
    let Some(by) = by else { return words::COMMAND };
    names.get(&by).map_or(words::NOBODY, String::as_str)
}

fn table(lines: &[Line], names: &BTreeMap<StaffId, String>) -> Markup {
    let rows = html! {
        @for Line { entry, by, what } in lines {
            tr {
                td { (csv_moment(Zone::default().local(entry.at))) }
                th scope="row" { (name(names, *by)) }
                td { (what) }
            }
        }
    };
    layout::table(words::TITLE, &words::COLUMNS, &rows)
}

/// The same as a file.
pub(super) async fn export(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let filter = Filter::of(&visit.request.query);
    let reading = visit.site.store.read()?;
    let names = names(&reading)?;
    let lines = lines(&reading, &filter, FILE_MAX)?;
    drop(reading);
    lists::note(visit, by, SavedList::Log, lines.len()).await?;
    let today = Zone::default().local(visit.site.clock.now()).date();
    let rows = lines.iter().map(|line| {
        let at = csv_moment(Zone::default().local(line.entry.at));
        vec![line.entry.number.to_string(), at, name(&names, line.by).to_owned(), line.what.clone()]
    });
    Ok(csv::file(&words::file(today), &words::CSV_COLUMNS, rows)?)
}
