//! `/staff/people/{id}/contacts`: what is known about a person beyond the nickname, and whom to call. The whole form
//! is saved at once; of two who save, the second is told and keeps what was typed.

use maud::html;

use super::person::of_path;
use super::{Visit, may_change, people};
use crate::domain::details::Details;
use crate::domain::id::PersonId;
use crate::domain::staff::{Deed, DeskAct};
use crate::http::{Response, StatusCode};
use crate::locale::desk::person as labels;
use crate::locale::districts;
use crate::store::{Reading, StoreError};
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::sheet::Sheet;
use crate::web::trouble::Trouble;

/// The query after saving.
const SAVED: &str = "saved";

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(person) = of_path(visit, by)? else { return Ok(visit.site.not_found()) };
    let act = DeskAct::Viewed(person);
    visit.office().act_later(visit.now, Deed::Desk { by: by.staff.id, act });
    let details = visit.site.store.read()?.details(person)?.unwrap_or_default();
    let said = visit.asks(SAVED).then_some(labels::SAVED);
    page(visit, by, person, StatusCode::OK, said, &Sheet::of(&details))
}

/// Saves what was typed.
pub(super) async fn save(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(person) = of_path(visit, by)? else { return Ok(visit.site.not_found()) };
    let details = match Sheet::read(&visit.form) {
        Ok(details) => details,
        Err(sheet) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page(visit, by, person, status, Some(labels::CHECK), &sheet);
        }
    };
    let wanted = Details { version: details.version.saturating_add(1), ..details.clone() };
    let act = DeskAct::Details(person, Box::new(details.clone()));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let now = visit.site.store.read()?.details(person)?.unwrap_or_default();
    if now == wanted {
        return Ok(Response::redirect_see_other(&format!(
            "/staff/people/{person}/contacts?{SAVED}"
        )));
    }
    if now.version == details.version {
        // Nobody was quicker: the rules refused it, because no team of theirs agreed to so much.
        let (status, sheet) = (StatusCode::UNPROCESSABLE_ENTITY, Sheet::of(&details));
        return page(visit, by, person, status, Some(labels::TOO_MUCH), &sheet);
    }
    // What was typed stays, on top of what is there now: saving it again means it.
    let sheet = Sheet::of(&details).on_top_of(now.version);
    page(visit, by, person, StatusCode::CONFLICT, Some(labels::STALE), &sheet)
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    person: PersonId,
    status: StatusCode,
    said: Option<&str>,
    sheet: &Sheet,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let name = known::name(&reading, person)?;
    let declared = declared(&reading, person)?;
    let policy = people::policy(&reading, person)?;
    let office = known::office_phones(&reading, person)?;
    drop(reading);
    // What stands there although no team agreed to it stays in sight: what was written down before, so that
    // it can be taken out, and what was just typed, so that it is not lost.
    let shown = policy.max(sheet.needs());
    let sheet = &sheet.clone().marked(office);
    let stale = status == StatusCode::CONFLICT;
    let role = if status == StatusCode::OK { "status" } else { "alert" };
    let body = html! {
        h1 { (name) " ： " (labels::TITLE) }
        @if let Some(said) = said { p.notice role=(role) { (said) } }
        @if stale {
            p { a.action href={ "/staff/people/" (person) "/contacts" } target="_blank" { (labels::RELOAD) } }
        }
        p { (labels::HOW) " " (labels::POLICY) "：" strong { (districts::policy(policy)) } }
        @for words in &declared { p { (labels::DECLARED) "：" (words) } }
        form.entry.wide method="post" action={ "/staff/people/" (person) "/contacts" } {
            (visit.word())
            input type="hidden" name="version" value=(sheet.version());
            fieldset.sheet disabled[!may_change(by)] { (sheet.markup(shown, true)) }
            @if may_change(by) { button.button type="submit" { (labels::SAVE) } }
        }
        p { a.action href={ "/staff/people/" (person) } { (name) " " (labels::BACK) } }
    };
    Ok(visit.desk_page(by, status, &name, &body))
}

/// What somebody declared by joining their teams.
fn declared(reading: &Reading, person: PersonId) -> Result<Vec<String>, StoreError> {
    let mut declared = Vec::new();
    for key in reading.places(person)? {
        let member = reading.member(key)?;
        declared.extend(member.and_then(|member| member.declared));
    }
    Ok(declared.into_iter().map(|line| line.as_str().to_owned()).collect())
}
