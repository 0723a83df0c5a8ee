//! `/staff/erasures`: whom the council kept something about and watches no more, and the receipts of those who were
//! forgotten; `/staff/people/{id}/erase`, where somebody is forgotten; and `/staff/erasures/{id}`, one receipt as a sheet of
//! paper. For administrators who look after everyone: whoever is in no team any more is in none of an organization.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use maud::{Markup, html};

use super::Visit;
use crate::domain::erasure::{ASIDE_LIFE, Erasure, ErasureReason, Hindrance, Mention, names_of};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::erasure::{self as words, form, list, receipt};
use crate::locale::log::{COMMAND, NOBODY};
use crate::locale::people::full_day;
use crate::locale::report::end_reason;
use crate::locale::staff::PERSON_NUMBER;
use crate::store::{Reading, StoreError};
use crate::web::input::{Input, Shape, choice};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{known, layout};

/// Lines of each list.
const SHOWN_MAX: usize = 300;

/// Places that are named where somebody stands in the records of others.
const MENTIONS_MAX: usize = 50;

/// The query of the second step.
const NEXT: &str = "next";

fn local(at: Moment) -> DateTime {
    Zone::default().local(at)
}

/// Who did it. What a copy brought back was erased again by the command that put it back.
fn account(reading: &Reading, erasure: &Erasure) -> Result<String, StoreError> {
    if erasure.first_at.is_some() {
        return Ok(COMMAND.to_owned());
    }
    let known = reading.staff(erasure.by)?.map(|staff| staff.name.to_string());
    Ok(known.unwrap_or_else(|| NOBODY.to_owned()))
}

/// The list; with a number in the address the way to whoever has it.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let typed = form_urlencoded::parse(visit.request.query.as_bytes());
    let typed = typed.into_iter().find(|(name, _)| name == "person").map(|(_, value)| value);
    if let Some(person) = typed.as_deref().and_then(known::number) {
        if reading.person(person)?.is_some() {
            return Ok(Response::redirect_see_other(&format!("/staff/people/{person}/erase")));
        }
        if reading.erasure(person)?.is_some() {
            return Ok(Response::redirect_see_other(&format!("/staff/erasures/{person}")));
        }
    }
    let fault = typed.as_deref().map(|_| list::NOBODY);
    let (mut ended, _) = reading.ended(usize::MAX)?;
    ended.sort_by_key(|person| std::cmp::Reverse(person.ended.map(|ended| ended.at)));
    ended.truncate(SHOWN_MAX);
    let mut receipts = reading.erasures()?;
    receipts.sort_by_key(|erasure| std::cmp::Reverse(erasure.at));
    receipts.truncate(SHOWN_MAX);
    let number = Input::new("person", Shape::Line(12), list::NUMBER, list::NUMBER_HELP);
    let number = number.with(typed.as_deref().unwrap_or_default()).faulty(fault).markup();
    let body = html! {
        h1 { (list::TITLE) }
        p { (list::HOW) }
        form.entry method="get" action="/staff/erasures" {
            (number)
            button.button type="submit" { (list::OPEN) }
        }
        h2 { (list::ENDED) }
        @if ended.is_empty() { p { (list::NONE_ENDED) } } @else { (of_ended(&ended)) }
        h2 { (list::RECEIPTS) }
        @if receipts.is_empty() { p { (list::NONE_ERASED) } } @else {
            (of_receipts(&reading, &receipts, visit.site.clock.now())?)
            p.help { (list::RESTORING) }
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.desk_page(by, status, list::TITLE, &body))
}

fn of_ended(ended: &[Person]) -> Markup {
    let rows = html! {
        @for person in ended {
            @if let Some(over) = person.ended {
                tr {
                    th scope="row" {
                        a href={ "/staff/people/" (person.id) "/erase" } {
                            (person.name.as_ref().map_or("―", |name| name.as_str()))
                        }
                    }
                    td { (person.id) }
                    td { (full_day(local(over.at).date())) }
                    td { (end_reason(over.why)) }
                }
            }
        }
    };
    layout::table(list::ENDED, &list::ENDED_COLUMNS, &rows)
}

fn of_receipts(reading: &Reading, receipts: &[Erasure], now: Moment) -> Result<Markup, StoreError> {
    let mut lines = Vec::new();
    for erasure in receipts {
        lines.push((erasure, account(reading, erasure)?));
    }
    let rows = html! {
        @for (erasure, by) in &lines {
            tr {
                th scope="row" {
                    a href={ "/staff/erasures/" (erasure.person) } { (erasure.person) }
                }
                td { (words::moment(local(erasure.at))) }
                td { (by) }
                td { (words::reason(erasure.reason)) }
                td {
                    @if erasure.file_clean_at.is_some() { (list::CLEAN) }
                    @else if erasure.is_overdue(now) { (list::OVERDUE) }
                    @else { (list::WAITS) }
                }
            }
        }
    };
    Ok(layout::table(list::RECEIPTS, &list::COLUMNS, &rows))
}

/// The person of the path, for whoever may see everyone.
fn of_path(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
) -> Result<Option<Person>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    if !by.staff.scope.is_everything() {
        return Ok(None);
    }
    reading.person(PersonId(id))
}

/// What goes and what stays; then the form.
pub(super) fn form(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    page(visit, by, StatusCode::OK, None)
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    fault: Option<&'static str>,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(person) = of_path(visit, by, &reading)? else { return Ok(visit.site.not_found()) };
    let name = known::name(&reading, person.id)?;
    let details = reading.details(person.id)?.unwrap_or_default();
    let hindrance = reading.hindrance(person.id)?;
    let mentions = reading.mentions(person.id, &names_of(&person, &details), MENTIONS_MAX)?;
    let to_form = fault.is_some() || visit.asks(NEXT);
    drop(reading);
    let viewed = DeskAct::Viewed(person.id);
    visit.office().act_later(visit.now, Deed::Desk { by: by.staff.id, act: viewed });
    let body = html! {
        h1 { (form::TITLE) }
        p.question { (name) }
        (known::identity(person.id, &details))
        @match (hindrance, to_form) {
            (None, true) => (asked(visit, person.id, fault)),
            (hindrance, _) => (told(person.id, hindrance, &mentions)),
        }
        p { a.action href="/staff/erasures" { (form::BACK) } }
    };
    Ok(visit.desk_page(by, status, form::TITLE, &body))
}

/// The first step.
fn told(person: PersonId, hindrance: Option<Hindrance>, mentions: &[Mention]) -> Markup {
    let list = |lines: &[&str]| html! { ul { @for line in lines { li { (line) } } } };
    html! {
        p { a.action href={ "/staff/people/" (person) "/dossier" } { (form::DOSSIER) } }
        @if let Some(hindrance) = hindrance {
            h2 { (form::NOT_YET) }
            p.notice { (words::hindrance(hindrance)) }
            @if let Some(there) = place(person, hindrance) {
                p { a.button href=(there) { (form::THERE) } }
            }
        }
        h2 { (form::GOES) }
        (list(&form::GOING))
        h2 { (form::STAYS) }
        (list(&form::STAYING))
        @if !mentions.is_empty() {
            h2 { (form::ELSEWHERE) }
            p { (form::ELSEWHERE_HOW) }
            ul { @for mention in mentions { li {
                a href=(where_named(*mention)) { (words::mention(*mention)) }
            } } }
        }
        @if hindrance.is_none() {
            p.notice { (form::FIRST) }
            p { a.button href={ "/staff/people/" (person) "/erase?" (NEXT) } { (form::NEXT) } }
        }
    }
}

/// Where that is done which has to be done first.
fn place(person: PersonId, hindrance: Hindrance) -> Option<String> {
    Some(match hindrance {
        Hindrance::Watched => format!("/staff/people/{person}"),
        Hindrance::OpenCase(case) => format!("/staff/cases/{case}"),
        Hindrance::Manages(team) => format!("/staff/people/{person}/watching?team={team}"),
        Hindrance::Heads(organization) => format!("/staff/organizations/{organization}"),
        Hindrance::UnderWay => return None,
    })
}

/// The page of what names them.
fn where_named(mention: Mention) -> String {
    match mention {
        Mention::Details(person) => format!("/staff/people/{person}/contacts"),
        Mention::Record(case) => format!("/staff/cases/{case}"),
        Mention::Bulletin(bulletin) => format!("/staff/bulletins/{bulletin}"),
        Mention::Opinion => "/staff/opinions".to_owned(),
    }
}

/// The second step.
fn asked(visit: &Visit<'_>, person: PersonId, fault: Option<&'static str>) -> Markup {
    let reasons = ErasureReason::CHOICES.map(words::reason);
    let number = Input::new("number", Shape::Line(12), form::NUMBER, "");
    html! {
        p.notice { (form::FIRST) }
        form.entry method="post" action={ "/staff/people/" (person) "/erase" } {
            (visit.word())
            (choice("reason", form::REASON, &reasons, Some(0), None))
            (number.with(visit.form.text("number")).faulty(fault).markup())
            button.button.grave type="submit" { (form::NOW) }
        }
    }
}

/// Forgets somebody.
pub(super) async fn erase(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let found = of_path(visit, by, &visit.site.store.read()?)?;
    let Some(person) = found.map(|person| person.id) else { return Ok(visit.site.not_found()) };
    if known::number(visit.form.text("number")) != Some(person) {
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        return page(visit, by, refused, Some(form::OTHER_NUMBER));
    }
    let reason = visit.form.text("reason").parse::<usize>().ok();
    let reason = reason.and_then(|n| ErasureReason::CHOICES.get(n).copied());
    let reason = reason.unwrap_or(ErasureReason::Other);
    let act = DeskAct::Erase(person, reason);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    if visit.site.store.read()?.person(person)?.is_some() {
        return page(visit, by, StatusCode::CONFLICT, None);
    }
    Ok(Response::redirect_see_other(&format!("/staff/erasures/{person}")))
}

/// One receipt.
pub(super) fn receipt(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(visit.site.not_found()) };
    let found = reading.erasure(PersonId(id))?.filter(|_| by.staff.scope.is_everything());
    let Some(erasure) = found else { return Ok(visit.site.not_found()) };
    let who = account(&reading, &erasure)?;
    drop(reading);
    let mut facts = vec![
        (PERSON_NUMBER, erasure.person.to_string()),
        (receipt::AT, words::moment(local(erasure.at))),
        (receipt::BY, who),
        (receipt::REASON, words::reason(erasure.reason).to_owned()),
    ];
    facts.extend(erasure.first_at.map(|at| (receipt::FIRST_AT, words::moment(local(at)))));
    let mut removed = erasure.removed.clone();
    removed.sort_unstable();
    let rows = html! {
        @for (kind, count) in &removed {
            tr { th scope="row" { (words::kind(*kind)) } td.number { (words::count(*count)) } }
        }
    };
    let voice = visit.site.voice();
    let body = html! {
        p.notice.screen { (receipt::PRINT) }
        article.sheet-of-paper.close {
            p.sender { (voice.org) "　" (voice.phone.as_deref().unwrap_or_default()) }
            h1 { (receipt::TITLE) }
            dl.facts { @for (label, value) in &facts { div { dt { (label) } dd { (value) } } } }
            h2 { (receipt::WHERE) }
            (places(visit, &erasure))
            h2 { (receipt::REMOVED) }
            (layout::table(receipt::REMOVED, &receipt::COLUMNS, &rows))
            p { (receipt::NAMELESS) }
        }
        p.screen { a.action href="/staff/erasures" { (receipt::BACK) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, receipt::TITLE, &body))
}

/// From where it is gone, and since when.
fn places(visit: &Visit<'_>, erasure: &Erasure) -> Markup {
    let now = visit.site.clock.now();
    let overdue = erasure.is_overdue(now);
    let copies = &visit.site.copies;
    let day =
        |days: u32| -> Date { local(erasure.at).date().saturating_add(i64::from(days).days()) };
    let aside_days = u32::try_from(ASIDE_LIFE.as_secs() / 86_400).unwrap_or(u32::MAX);
    let asides = copies.asides(erasure.at);
    html! {
        dl.facts {
            div { dt { (receipt::PLACES[0]) } dd { (words::gone(local(erasure.at))) } }
            div { dt { (receipt::PLACES[1]) } dd {
                (words::file(erasure.file_clean_at.map(local), overdue))
                @if !asides.is_empty() { br; (words::asides(&asides, day(aside_days))) }
            } }
            div { dt { (receipt::PLACES[2]) } dd {
                @match copies.days {
                    Some(days) => {
                        (words::copies(day(days), days))
                        @if copies.leave { br; (receipt::ELSEWHERE) }
                    }
                    None => (receipt::NO_COPIES),
                }
                br; (receipt::BY_HAND)
            } }
        }
    }
}
