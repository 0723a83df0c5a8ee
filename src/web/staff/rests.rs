//! `/staff/rests`: everyone who rests, those who rest longest first, and `/staff/people/{id}/rest`, where staff let
//! somebody rest. Two people died behind a rest that was meant for another or was forgotten: so it is asked
//! what the caller knows of the person, it has an end, and everyone concerned is told.

use std::cmp::Reverse;

use jiff::civil::Date;
use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists, may_change, people};
use crate::domain::case::Actor;
use crate::domain::details::Details;
use crate::domain::id::PersonId;
use crate::domain::pause::{Pause, Why};
use crate::domain::person::Person;
use crate::domain::rules::STAFF_PAUSE_DAYS_MAX;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct, Told};
use crate::http::{Response, StatusCode};
use crate::locale::lists as list_words;
use crate::locale::people::csv_day;
use crate::locale::rests as words;
use crate::locale::staff as staff_words;
use crate::store::{Reading, StoreError};
use crate::web::day;
use crate::web::input::{Input, Shape, choice};
use crate::web::known;
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// People in a file.
const FILE_MAX: usize = 20_000;

/// People on the page.
const RESTING_MAX: usize = 500;

/// One who rests.
struct Line {
    person: PersonId,
    name: String,
    pause: Pause,
    by: String,
    ours: bool,
}

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let (people, more) = reading.resting(RESTING_MAX)?;
    let lines = people.into_iter().map(|person| line(&reading, by, person));
    let mut lines: Vec<Line> =
        lines.collect::<Result<Vec<_>, StoreError>>()?.into_iter().flatten().collect();
    drop(reading);
    let today = Zone::default().local(visit.site.clock.now()).date();
    lines.sort_by_key(|line| (Reverse(days(line.pause.first_day, today)), line.person));
    let body = html! {
        h1 { (words::list::TITLE) }
        p { (words::list::HOW) }
        @if more { p.notice { (words::list::MORE) } }
        @if lines.is_empty() {
            p.all-clear { (words::list::NOBODY) }
        } @else {
            (table(visit, by, &lines, today))
            (lists::link(by, "rests"))
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::list::TITLE, &body))
}

/// Those whom the office may know, as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let today = Zone::default().local(asked.now).date();
    let mut rows = Vec::new();
    for person in asked.reading.resting(FILE_MAX)?.0 {
        let line = line(asked.reading, asked.by, person)?;
        let Some(line) = line.filter(|line| line.ours) else { continue };
        rows.push(vec![
            line.person.to_string(),
            line.name,
            days(line.pause.first_day, today).to_string(),
            csv_day(line.pause.first_day),
            csv_day(line.pause.last_day),
            words::why(line.pause.why).to_owned(),
            line.by,
        ]);
    }
    Ok(Table { columns: list_words::REST_COLUMNS.to_vec(), rows })
}

fn line(reading: &Reading, by: &SignedIn, person: Person) -> Result<Option<Line>, StoreError> {
    if !people::is_within(reading, &by.staff.scope, person.id)? {
        return Ok(None);
    }
    let ours = people::concerns(reading, by, person.id)?;
    let Some(pause) = person.watch.and_then(|watch| watch.pause) else { return Ok(None) };
    let by = match pause.by {
        Actor::Person(by) if by == person.id => words::list::SELF.to_owned(),
        Actor::Person(by) => known::name(reading, by)?,
        Actor::Staff(_) => staff_words::OFFICE.to_owned(),
    };
    let name = known::name(reading, person.id)?;
    Ok(Some(Line { person: person.id, name, pause, by, ours }))
}

/// Which day of the rest it is.
fn days(first_day: Date, today: Date) -> i32 {
    first_day.until(today).map_or(0, |span| span.get_days()) + 1
}

fn table(visit: &Visit<'_>, by: &SignedIn, lines: &[Line], today: Date) -> Markup {
    let rows = html! {
        @for Line { person, name, pause, by: who, ours } in lines {
            tr {
                th scope="row" {
                    @if *ours { a href={ "/staff/people/" (person) } { (name) } }
                    @else { (name) }
                }
                td { (words::nth_day(days(pause.first_day, today))) }
                td { (words::span(pause.first_day, pause.last_day)) }
                td { (words::why(pause.why)) }
                td { (who) }
                td {
                    @if *ours && may_change(by) {
                        form method="post" action={ "/staff/people/" (person) "/rest" } {
                            (visit.word())
                            input type="hidden" name="act" value="end";
                            button.quiet type="submit" aria-label={ (name) " " (words::list::END) } {
                                (words::list::END)
                            }
                        }
                    }
                }
            }
        }
    };
    layout::table(words::list::TITLE, &words::list::COLUMNS, &rows)
}

/// What was typed into the form, and what is wrong with it.
#[derive(Default)]
struct Typed {
    days: String,
    why: usize,
    told: String,
    days_fault: Option<&'static str>,
    told_fault: Option<&'static str>,
}

/// Somebody of the path who is asked and is the office's business.
fn of_path(
    visit: &Visit<'_>,
    by: &SignedIn,
) -> Result<Option<(PersonId, String, Details)>, Trouble> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let (reading, person) = (visit.site.store.read()?, PersonId(id));
    let watched = reading.person(person)?.is_some_and(|person| person.watch.is_some());
    if !watched || !people::concerns(&reading, by, person)? {
        return Ok(None);
    }
    let details = reading.details(person)?.unwrap_or_default();
    Ok(Some((person, known::name(&reading, person)?, details)))
}

/// The form.
pub(super) fn form(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some((_, name, details)) = of_path(visit, by)? else { return Ok(visit.site.not_found()) };
    Ok(page(visit, by, StatusCode::OK, (&name, &details), &Typed::default()))
}

/// Lets somebody rest, or ends a rest.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some((person, name, details)) = of_path(visit, by)? else {
        return Ok(visit.site.not_found());
    };
    if visit.form.text("act") == "end" {
        let act = DeskAct::EndRest(person);
        visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
        return Ok(Response::redirect_see_other("/staff/rests"));
    }
    let mut typed = Typed {
        days: visit.form.text("days").to_owned(),
        why: visit.form.text("why").parse().unwrap_or_default(),
        told: visit.form.text("told").to_owned(),
        ..Typed::default()
    };
    let days = typed.days.trim().parse().ok().filter(|n| (1..=STAFF_PAUSE_DAYS_MAX).contains(n));
    typed.days_fault = days.is_none().then_some(words::form::BAD_DAYS);
    let told = told(&typed.told);
    typed.told_fault = told.is_none().then_some(words::form::UNKNOWN);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let (Some(days), Some(told)) = (days, told) else {
        return Ok(page(visit, by, refused, (&name, &details), &typed));
    };
    let why = Why::ALL.get(typed.why).copied().unwrap_or(Why::Unsaid);
    let before = pause_of(visit, person)?;
    let act = DeskAct::Rest { person, days, why, told };
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    if pause_of(visit, person)? == before {
        typed.told_fault = Some(words::form::UNKNOWN);
        return Ok(page(visit, by, refused, (&name, &details), &typed));
    }
    Ok(Response::redirect_see_other("/staff/rests"))
}

fn pause_of(visit: &Visit<'_>, person: PersonId) -> Result<Option<Pause>, Trouble> {
    let person = visit.site.store.read()?.person(person)?;
    Ok(person.and_then(|person| person.watch?.pause))
}

/// Reads what the caller said: a day of birth, four digits, or the number of a member behind `#`.
fn told(text: &str) -> Option<Told> {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.chars().take(64).nfkc().filter(|c| !c.is_whitespace()).collect();
    if let Some(number) = folded.strip_prefix('#') {
        return number.parse().ok().map(Told::Number);
    }
    if folded.len() == 4 && folded.chars().all(|c| c.is_ascii_digit()) {
        return Some(Told::PhoneEnd(folded));
    }
    day::read(&folded).ok().flatten().map(Told::Born)
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    (name, details): (&str, &Details),
    typed: &Typed,
) -> Response {
    let known = details.born_on.is_some() || details.phone.is_some() || details.mobile.is_some();
    let help = if known { words::form::TOLD_HELP } else { words::form::NUMBER_HELP };
    let whys = Why::ALL.map(words::why);
    let days = Input::new("days", Shape::Line(3), words::form::DAYS, words::form::DAYS_HELP);
    let told = Input::new("told", Shape::Line(40), words::form::TOLD, help);
    let body = html! {
        h1 { (words::form::TITLE) }
        p.question { (name) }
        p { (words::form::HOW) }
        form.entry method="post" {
            (visit.word())
            (told.with(&typed.told).faulty(typed.told_fault).markup())
            (days.with(&typed.days).faulty(typed.days_fault).markup())
            (choice("why", words::form::WHY, &whys, Some(typed.why), None))
            button.button type="submit" { (words::form::NOW) }
        }
        p { a.action href="/staff/rests" { (words::form::LIST) } }
    };
    visit.desk_page(by, status, words::form::TITLE, &body)
}
