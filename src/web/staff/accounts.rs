//! `/staff/accounts`: who may log in, for those who answer for it. Accounts are made and reset at the
//! server's command line; here one is stopped, at once and with all its sessions.

use maud::{Markup, html};

use super::Visit;
use crate::domain::id::StaffId;
use crate::domain::staff::{Deed, Staff};
use crate::http::{Response, StatusCode};
use crate::locale::staff::{self as words, accounts};
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// All accounts.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let mut all = visit.site.store.read()?.all_staff()?;
    all.sort_by_key(|staff| (!staff.active, staff.id));
    let body = html! {
        h1 { (accounts::TITLE) }
        (layout::table(accounts::TITLE, &accounts::COLUMNS, &html! { @for staff in &all { (row(staff, by)) } }))
        p { (accounts::HOW) }
    };
    Ok(visit.desk_page(by, StatusCode::OK, accounts::TITLE, &body))
}

fn row(staff: &Staff, by: &SignedIn) -> Markup {
    let state = match (staff.active, staff.is_ready()) {
        (false, _) => accounts::STOPPED,
        (true, false) => accounts::INVITED,
        (true, true) => accounts::READY,
    };
    html! {
        tr {
            th scope="row" { (staff.name) }
            td { (words::role(staff.role)) }
            td { (state) }
            td {
                @if staff.id == by.staff.id {
                    (accounts::SELF)
                } @else if staff.active {
                    a.action href={ "/staff/accounts/" (staff.id) "/stop" }
                        aria-label={ (accounts::STOP) " " (staff.name) } { (accounts::STOP) }
                }
            }
        }
    }
}

/// Asks whether to stop one.
pub(super) fn ask(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(staff) = named(visit, by)? else { return Ok(visit.site.not_found()) };
    let body = html! {
        h1 { (accounts::STOP_TITLE) }
        p.question { (words::stop_question(&staff.name)) }
        p { (accounts::STOP_WHY) }
        form.entry method="post" {
            (visit.word())
            button.button.grave type="submit" { (accounts::STOP_NOW) }
        }
        p { a.action href="/staff/accounts" { (accounts::BACK) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, accounts::STOP_TITLE, &body))
}

/// Stops it.
pub(super) async fn stop(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(staff) = named(visit, by)? else { return Ok(visit.site.not_found()) };
    let (staff, by) = (staff.id, by.staff.id);
    visit.office().act(visit.now, Deed::Stop { staff, by }).await?;
    tracing::info!(%staff, %by, "an account was stopped");
    Ok(Response::redirect_see_other("/staff/accounts"))
}

/// The account of this address, if it can be stopped by this person.
fn named(visit: &Visit<'_>, by: &SignedIn) -> Result<Option<Staff>, Trouble> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let staff = visit.site.store.read()?.staff(StaffId(id))?;
    Ok(staff.filter(|staff| staff.active && staff.id != by.staff.id))
}
