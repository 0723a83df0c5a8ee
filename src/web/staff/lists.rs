//! `/staff/lists/…csv`: every list of the console as a file, as far as somebody may see it. Families who look after
//! themselves stand in none of them.

use maud::{Markup, html};

use super::{
    Visit, accounts, bulletins, cases, groups, memberships, opinions, organizations, rests, teams,
};
use crate::domain::staff::{Deed, DeskAct, SavedList, StaffRole};
use crate::domain::time::Moment;
use crate::http::Response;
use crate::locale::lists as words;
use crate::store::{Reading, StoreError};
use crate::web::csv;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// A list as a table.
pub(super) struct Table {
    /// The names of its columns.
    pub(super) columns: Vec<&'static str>,
    /// Its lines.
    pub(super) rows: Vec<Vec<String>>,
}

/// Whose file is asked for, and when.
pub(super) struct Asked<'a> {
    pub(super) reading: &'a Reading,
    pub(super) by: &'a SignedIn,
    pub(super) now: Moment,
}

/// A list: what stands in its address, what its file is called, which it is in the log, and how it is made.
struct List {
    key: &'static str,
    name: &'static str,
    saved: SavedList,
    /// For those alone who answer for everything.
    admin: bool,
    /// Not for who looks after some organizations only.
    whole: bool,
    make: fn(&Asked<'_>) -> Result<Table, StoreError>,
}

const fn list(
    (key, name): (&'static str, &'static str),
    saved: SavedList,
    make: fn(&Asked<'_>) -> Result<Table, StoreError>,
) -> List {
    List { key, name, saved, admin: false, whole: false, make }
}

const LISTS: [List; 9] = [
    list(("cases", words::CASES), SavedList::Cases, cases::table),
    list(("teams", words::TEAMS), SavedList::Teams, teams::table),
    List { whole: true, ..list(("groups", words::GROUPS), SavedList::Groups, groups::table_of) },
    list(
        ("organizations", words::ORGANIZATIONS),
        SavedList::Organizations,
        organizations::table_of,
    ),
    list(("rests", words::RESTS), SavedList::Rests, rests::table_of),
    list(("memberships", words::MEMBERSHIPS), SavedList::Memberships, memberships::table_of),
    list(("bulletins", words::BULLETINS), SavedList::Bulletins, bulletins::table_of),
    list(("opinions", words::OPINIONS), SavedList::Opinions, opinions::table_of),
    List {
        admin: true,
        ..list(("accounts", words::ACCOUNTS), SavedList::Accounts, accounts::table_of)
    },
];

/// Leads to a file, for those who may save it.
pub(super) fn link(by: &SignedIn, key: &str) -> Markup {
    html! {
        @if super::may_change(by) {
            p.screen { a.action href={ "/staff/lists/" (key) ".csv" } { (words::CSV) } }
        }
    }
}

/// A list as a file.
pub(super) async fn export(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let key = visit.part.strip_suffix(".csv").unwrap_or_default();
    let list = LISTS.iter().find(|list| {
        list.key == key
            && (!list.admin || by.staff.role == StaffRole::Admin)
            && (!list.whole || by.staff.scope.is_everything())
    });
    let Some(list) = list else { return Ok(visit.site.not_found()) };
    let now = visit.site.clock.now();
    let table = (list.make)(&Asked { reading: &visit.site.store.read()?, by, now })?;
    note(visit, by, list.saved, table.rows.len()).await?;
    let today = crate::domain::schedule::Zone::default().local(now).date();
    Ok(csv::file(&words::file(list.name, today), &table.columns, table.rows.into_iter())?)
}

/// Writes down that a list is saved. That comes first: no file leaves of which nobody knows.
pub(super) async fn note(
    visit: &Visit<'_>,
    by: &SignedIn,
    list: SavedList,
    lines: usize,
) -> Result<(), Trouble> {
    let act = DeskAct::Saved(list, u32::try_from(lines).unwrap_or(u32::MAX));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(())
}
