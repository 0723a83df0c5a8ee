//! `/staff/memberships`: who is a member until when, those whose membership ends first at the top, and the form that
//! sets it, by the number on the member's own page. An end stops nothing.

use jiff::civil::Date;
use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists, may_change, people};
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::http::{Response, StatusCode};
use crate::locale::lists as list_words;
use crate::locale::members as words;
use crate::locale::people::csv_day;
use crate::store::StoreError;
use crate::web::input::{Input, Shape};
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{day, known};

/// Members in a file.
const FILE_MAX: usize = 20_000;

/// Members on the page.
const SHOWN_MAX: usize = 500;

/// The query after a change.
const SAVED: &str = "saved";

/// What was typed into the form, and what is wrong with it.
#[derive(Default)]
struct Typed {
    number: String,
    until: String,
    number_fault: Option<&'static str>,
    until_fault: Option<&'static str>,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    page(visit, by, StatusCode::OK, &Typed::default())
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let (mut members, more) = reading.members_until(SHOWN_MAX)?;
    members.sort_by_key(|person| (person.membership.map(|m| m.until), person.id));
    let mut lines = Vec::new();
    for person in members {
        if people::is_within(&reading, &by.staff.scope, person.id)? {
            let name = known::name(&reading, person.id)?;
            lines.push((person, name));
        }
    }
    drop(reading);
    let today = Zone::default().local(visit.site.clock.now()).date();
    let body = html! {
        h1 { (words::TITLE) }
        @if visit.asks(SAVED) { p.notice role="status" { (words::SAVED) } }
        p { (words::HOW) }
        div.columns {
            div {
                @if more { p.notice { (words::MORE) } }
                @if lines.is_empty() { p { (words::NOBODY) } } @else {
                    (table(&lines, today))
                    (lists::link(by, "memberships"))
                }
            }
            @if may_change(by) { div { (form(visit, typed)) } }
        }
    };
    Ok(visit.desk_page(by, status, words::TITLE, &body))
}

/// The list as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let today = Zone::default().local(asked.now).date();
    let (mut members, _) = asked.reading.members_until(FILE_MAX)?;
    members.sort_by_key(|person| (person.membership.map(|m| m.until), person.id));
    let mut rows = Vec::new();
    for person in members {
        let ours = people::concerns(asked.reading, asked.by, person.id)?;
        let Some(membership) = person.membership.filter(|_| ours) else { continue };
        rows.push(vec![
            person.id.to_string(),
            known::name(asked.reading, person.id)?,
            csv_day(membership.until),
            words::state(membership.until, today).to_owned(),
        ]);
    }
    Ok(Table { columns: list_words::MEMBERSHIP_COLUMNS.to_vec(), rows })
}

fn table(lines: &[(Person, String)], today: Date) -> Markup {
    let rows = html! {
        @for (person, name) in lines {
            @if let Some(membership) = person.membership {
                tr {
                    td.number { (person.id) }
                    th scope="row" { (name) }
                    td { (words::until(membership.until)) }
                    td { (words::state(membership.until, today)) }
                }
            }
        }
    };
    layout::table(words::TITLE, &words::COLUMNS, &rows)
}

fn form(visit: &Visit<'_>, typed: &Typed) -> Markup {
    let number = Input::new("number", Shape::Line(10), words::NUMBER, words::NUMBER_HELP);
    let until = Input::new("until", Shape::Line(20), words::UNTIL, words::UNTIL_HELP);
    html! {
        h2 { (words::SET) }
        form.entry method="post" {
            (visit.word())
            (number.with(&typed.number).faulty(typed.number_fault).markup())
            (until.with(&typed.until).faulty(typed.until_fault).markup())
            button.button type="submit" { (words::SAVE) }
        }
    }
}

/// Sets until when somebody is a member.
pub(super) async fn set(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let mut typed = Typed {
        number: visit.form.text("number").to_owned(),
        until: visit.form.text("until").to_owned(),
        ..Typed::default()
    };
    let person = known::number(&typed.number);
    let reading = visit.site.store.read()?;
    let person = match person {
        Some(id) if people::is_within(&reading, &by.staff.scope, id)? => reading.person(id)?,
        _ => None,
    };
    drop(reading);
    typed.number_fault = person.is_none().then_some(words::UNKNOWN);
    let until = day::read(&typed.until);
    typed.until_fault = until.is_err().then_some(words::BAD_DAY);
    let (Some(person), Ok(until)) = (person, until) else {
        return page(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &typed);
    };
    let act = DeskAct::Membership(person.id, until);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Response::redirect_see_other(&format!("/staff/memberships?{SAVED}")))
}
