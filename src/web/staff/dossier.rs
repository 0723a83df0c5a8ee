//! `/staff/people/{id}/dossier`: everything that is kept about one person as sheets of paper, and the same as a file: for
//! whoever asks what is kept about them. Each one that is made stands in the log.

use maud::{Markup, html};

use super::{Visit, frame, people};
use crate::domain::id::PersonId;
use crate::domain::staff::{Deed, DeskAct, StaffRole};
use crate::http::{Response, StatusCode};
use crate::locale::dossier as words;
use crate::locale::percent;
use crate::locale::staff::PERSON_NUMBER;
use crate::web::dossier::{Dossier, Section};
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// What came of asking for one.
enum Made {
    Yes(Dossier),
    /// There is nobody of this number, as far as this account is concerned.
    Nobody,
    /// More is known than this account may see: half of what is kept would be called all of it.
    ForAdmin,
}

/// The dossier of the person of the path, written down as made. Whoever may see everyone makes those of people, too, who
/// are not asked any more or never were.
async fn made(visit: &Visit<'_>, by: &SignedIn) -> Result<Made, Trouble> {
    let Ok(id) = visit.part.parse::<u32>().map(PersonId) else { return Ok(Made::Nobody) };
    let everyone = by.staff.role == StaffRole::Admin && by.staff.scope.is_everything();
    let dossier = {
        let reading = visit.site.store.read()?;
        if !everyone {
            if !people::concerns(&reading, by, id)? {
                return Ok(Made::Nobody);
            }
            let known = reading.details(id)?.unwrap_or_default();
            if known.within(people::policy(&reading, id)?) != known {
                return Ok(Made::ForAdmin);
            }
        }
        Dossier::read(&reading, id, visit.site.clock.now())?
    };
    let Some(dossier) = dossier else { return Ok(Made::Nobody) };
    let act = DeskAct::Dossier(id);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Made::Yes(dossier))
}

/// The answer where there is none.
fn none(visit: &Visit<'_>, made: &Made) -> Response {
    match made {
        Made::ForAdmin => frame::refused(visit.site, words::FOR_ADMIN),
        Made::Yes(_) | Made::Nobody => visit.site.not_found(),
    }
}

/// The sheets.
pub(super) async fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let dossier = match made(visit, by).await? {
        Made::Yes(dossier) => dossier,
        other => return Ok(none(visit, &other)),
    };
    let voice = visit.site.voice();
    let id = dossier.person;
    let body = html! {
        p.notice.screen { (words::PRINT) " " (words::CARE) }
        p.screen {
            a.action href={ "/staff/people/" (id) "/dossier.json" } { (words::JSON) }
        }
        article.sheet-of-paper.close.dossier {
            p.sender { (voice.org) "　" (voice.phone.as_deref().unwrap_or_default()) }
            h1 { (words::TITLE) }
            p { strong { (dossier.name) } "　" (PERSON_NUMBER) " " (id) "　" (words::AS_OF) " " (dossier.as_of) }
            p { (words::WHAT) }
            @for section in &dossier.sections { (table(section)) }
        }
        @if by.staff.role == StaffRole::Admin && by.staff.scope.is_everything() {
            p.screen { a.action href={ "/staff/people/" (id) "/erase" } { (words::ERASE) } }
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn table(section: &Section) -> Markup {
    let rows = html! {
        @for row in &section.rows {
            tr { @for (n, cell) in row.iter().enumerate() {
                @if n == 0 { th scope="row" { (lines(cell)) } } @else { td { (lines(cell)) } }
            } }
        }
    };
    html! {
        section {
            h2 { (section.title) }
            @if section.rows.is_empty() { p { (words::NOTHING) } } @else {
                (layout::table(section.title, &section.columns, &rows))
            }
        }
    }
}

fn lines(cell: &str) -> Markup {
    html! { @for (n, line) in cell.lines().enumerate() { @if n > 0 { br; } (line) } }
}

/// The file.
pub(super) async fn file(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let dossier = match made(visit, by).await? {
        Made::Yes(dossier) => dossier,
        other => return Ok(none(visit, &other)),
    };
    let disposition = format!(
        "attachment; filename=\"anshin.json\"; filename*=UTF-8''{}.json",
        percent(&words::file(dossier.person))
    );
    let response = Response::bytes("application/json; charset=utf-8", dossier.json().into_bytes());
    Ok(response.header("content-disposition", &disposition))
}
