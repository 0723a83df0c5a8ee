//! `/staff/people/import`: takes a list of people without LINE from a file. First everything that is wrong is shown, or
//! who would be written down; then it happens for all of them at once, and can be taken back. Nothing is stored in
//! between: the list travels with the form.

pub mod table;

use std::collections::BTreeMap;

use maud::{Markup, html};

use self::table::{Fault, List, Row};
use super::Visit;
use super::newcomer::{self, chosen, digits, known_numbers, teams, times};
use crate::domain::details::Details;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::{Deed, DeskAct, StaffFact};
use crate::domain::team::Team;
use crate::http::{Response, StatusCode};
use crate::locale::calls::{self as words, import as labels};
use crate::locale::import as list_words;
use crate::locale::page;
use crate::store::{Reading, StoreError};
use crate::web::csv;
use crate::web::input::select;
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::staff::register;
use crate::web::trouble::Trouble;

/// Largest form with a list, in bytes.
pub(super) const FORM_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Largest list, in bytes.
const LIST_BYTES_MAX: usize = 1024 * 1024;

/// Faults and people that are shown.
const FAULTS_SHOWN: usize = 100;
const ROWS_SHOWN: usize = 50;

/// Entries of the journal among which one's own registration is looked for.
const LOOKED_AT_MAX: usize = 10_000;

/// The last people that somebody at the desk wrote down: the first of them, and how many.
pub(super) fn made_by(
    visit: &Visit<'_>,
    by: &SignedIn,
) -> Result<Option<(PersonId, u32)>, StoreError> {
    let (mut found, mut looked_at) = (None, 0);
    visit.site.store.read()?.journal_back(|entry| {
        looked_at += 1;
        if let Fact::Staff(StaffFact::Registered(who, first, count)) = entry.fact
            && who == by.staff.id
        {
            found = Some((first, count));
        }
        found.is_none() && looked_at < LOOKED_AT_MAX
    })?;
    Ok(found)
}

/// What was chosen besides the list.
#[derive(Clone, Copy)]
struct Choice {
    team: TeamId,
    interval: Interval,
    hour: Hour,
}

impl Choice {
    fn of(visit: &Visit<'_>, teams: &[Team]) -> Option<Self> {
        let team = chosen(&visit.form, teams)?;
        let number = |name: &str| visit.form.text(name).parse::<usize>().ok();
        let interval = number("interval").and_then(|n| Interval::ALL.get(n).copied())?;
        let hour = number("hour").and_then(|n| u8::try_from(n).ok()).and_then(Hour::new)?;
        Some(Self { team, interval, hour })
    }
}

/// The form, or what was just written down.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    if let Some(done) = visit.request.query.strip_prefix("done=") {
        return Ok(done_page(visit, by, done).unwrap_or_else(|| visit.site.not_found()));
    }
    let teams = teams(&visit.site.store.read()?, by)?;
    Ok(form(visit, by, StatusCode::OK, &teams, None))
}

fn form(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    teams: &[Team],
    said: Option<&str>,
) -> Response {
    let Some(first) = teams.first() else {
        return newcomer::no_team(visit, by, labels::TITLE);
    };
    let named: Vec<(u32, String)> =
        teams.iter().map(|team| (team.id.0, page::team(&team.name))).collect();
    let options: Vec<(u32, &str)> = named.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let team = visit.form.text("team").parse().unwrap_or(first.id.0);
    let interval = Interval::ALL.iter().position(|i| *i == first.interval).unwrap_or_default();
    let interval = visit.form.text("interval").parse().unwrap_or(interval);
    let hour = visit.form.text("hour").parse().unwrap_or(usize::from(first.hour.get()));
    let body = html! {
        h1 { (labels::TITLE) }
        p { (labels::HOW) }
        p.help { (labels::COLUMNS) }
        p { a.action href="/staff/people/sample.csv" { (labels::SAMPLE) } }
        @if let Some(said) = said { p.notice role="alert" { (said) } }
        form.entry.wide method="post" action="/staff/people/import" enctype="multipart/form-data" {
            (visit.word())
            (select("team", words::new::TEAM, &options, Some(team), None))
            (times(interval, hour))
            div.field {
                label for="file" { (labels::FILE) }
                p.help id="file-help" { (labels::FILE_HELP) }
                input id="file" name="file" type="file" accept=".csv,.txt,.tsv,text/csv" aria-describedby="file-help";
            }
            div.field {
                label for="list" { (labels::PASTE) }
                p.help id="list-help" { (labels::PASTE_HELP) }
                textarea id="list" name="list" rows="5" aria-describedby="list-help" {}
            }
            button.button type="submit" name="step" value="look" { (labels::LOOK) }
        }
        p { a.action href="/staff/people" { (words::new::BACK) } }
    };
    visit.desk_page(by, status, labels::TITLE, &body)
}

/// What is done: look, write down, take back.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    match visit.form.text("step") {
        "undo" => return undo(visit, by).await,
        "look" | "run" => {}
        _ => return Ok(visit.site.not_found()),
    }
    let reading = visit.site.store.read()?;
    let teams = teams(&reading, by)?;
    let Some(choice) = Choice::of(visit, &teams) else { return Ok(visit.site.not_found()) };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let pasted = visit.form.text("list");
    let text = match visit.form.file() {
        Some(bytes) => table::text(bytes),
        None => Ok(pasted.to_owned()),
    };
    let text = match text {
        Ok(text) if text.trim().is_empty() => {
            drop(reading);
            return Ok(form(visit, by, refused, &teams, Some(labels::NOTHING)));
        }
        Ok(text) if text.len() > LIST_BYTES_MAX => {
            drop(reading);
            return Ok(form(visit, by, refused, &teams, Some(labels::FILE_HELP)));
        }
        Ok(text) => text,
        Err(fault) => {
            drop(reading);
            let list = List { faults: vec![fault], ..List::default() };
            return Ok(faults(visit, by, &list));
        }
    };
    let mut list = table::read(&text, choice.team, (choice.interval, choice.hour));
    compare(&reading, &mut list)?;
    drop(reading);
    if !list.faults.is_empty() {
        return Ok(faults(visit, by, &list));
    }
    if visit.form.text("step") == "run" {
        return run(visit, by, &teams, list).await;
    }
    Ok(preview(visit, by, choice, &text, &list))
}

/// Somebody who is on the list twice, or registered already: the same name with the same number.
fn compare(reading: &Reading, list: &mut List) -> Result<(), StoreError> {
    let registered = known_numbers(reading)?;
    let mut seen: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut faults = Vec::new();
    for Row { line, new } in &list.rows {
        let name = register::folded(called(&new.details).unwrap_or(new.name.as_str()));
        let mut said = None;
        for phone in [&new.details.phone, &new.details.mobile].into_iter().flatten() {
            let phone = digits(phone);
            if let Some(earlier) = seen.insert((name.clone(), phone.clone()), *line) {
                said = Some(list_words::same_as(earlier));
            }
            for (_, id) in registered.iter().filter(|(known, _)| *known == phone) {
                let details = reading.details(*id)?.unwrap_or_default();
                let nickname = reading.person(*id)?.and_then(|person| person.name);
                let nickname = nickname.map(|name| name.to_string()).unwrap_or_default();
                if register::folded(called(&details).unwrap_or(&nickname)) == name {
                    said = Some(list_words::known(id.0));
                }
            }
        }
        faults.extend(said.map(|remedy| Fault {
            line: *line,
            column: String::new(),
            found: new.name.to_string(),
            remedy,
        }));
    }
    list.faults.extend(faults);
    Ok(())
}

fn called(details: &Details) -> Option<&str> {
    details.full_name.as_ref().map(|line| line.as_str())
}

fn faults(visit: &Visit<'_>, by: &SignedIn, list: &List) -> Response {
    let rows = html! {
        @for fault in list.faults.iter().take(FAULTS_SHOWN) {
            tr {
                td.number { (fault.line) }
                td { (fault.column) }
                td { (fault.found) }
                td { (fault.remedy) }
            }
        }
    };
    let more = list.faults.len().saturating_sub(FAULTS_SHOWN);
    let body = html! {
        h1 { (labels::FAULTS) }
        p.notice role="alert" { (labels::NOTHING_DONE) }
        (layout::table(labels::FAULTS, &labels::FAULT_COLUMNS, &rows))
        @if more > 0 { p { (words::more_faults(more)) } }
        p { a.action href="/staff/people/import" { (labels::BACK) } }
    };
    visit.desk_page(by, StatusCode::UNPROCESSABLE_ENTITY, labels::FAULTS, &body)
}

fn preview(visit: &Visit<'_>, by: &SignedIn, choice: Choice, text: &str, list: &List) -> Response {
    let more = list.rows.len().saturating_sub(ROWS_SHOWN);
    let interval = Interval::ALL.iter().position(|i| *i == choice.interval).unwrap_or_default();
    let body = html! {
        h1 { (labels::PREVIEW) }
        @if !list.unused.is_empty() { p { (words::unused(&list.unused)) } }
        (people(list))
        @if more > 0 { p { (words::more_lines(more)) } }
        p { (labels::UNDO_HELP) }
        form.entry method="post" action="/staff/people/import" enctype="multipart/form-data" {
            (visit.word())
            input type="hidden" name="team" value=(choice.team);
            input type="hidden" name="interval" value=(interval);
            input type="hidden" name="hour" value=(choice.hour.get());
            input type="hidden" name="list" value=(text);
            button.button type="submit" name="step" value="run" { (words::register_all(list.rows.len())) }
        }
        p { a.action href="/staff/people/import" { (labels::BACK) } }
    };
    visit.desk_page(by, StatusCode::OK, labels::PREVIEW, &body)
}

fn people(list: &List) -> Markup {
    let rows = html! {
        @for Row { line, new } in list.rows.iter().take(ROWS_SHOWN) {
            @let phones = [&new.details.phone, &new.details.mobile].into_iter().flatten();
            tr {
                td.number { (line) }
                th scope="row" { (new.name) }
                td { (called(&new.details).unwrap_or_default()) }
                td { @for phone in phones { span.item { (phone.as_str()) } " " } }
                td { (new.details.address.as_ref().map(|line| line.as_str()).unwrap_or_default()) }
            }
        }
    };
    layout::table(labels::PREVIEW, &labels::PREVIEW_COLUMNS, &rows)
}

async fn run(
    visit: &Visit<'_>,
    by: &SignedIn,
    teams: &[Team],
    list: List,
) -> Result<Response, Trouble> {
    let people = list.rows.into_iter().map(|row| row.new).collect();
    let before = made_by(visit, by)?;
    let act = DeskAct::Register(people);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    match made_by(visit, by)?.filter(|made| Some(*made) != before) {
        Some((first, count)) => {
            Ok(Response::redirect_see_other(&format!("/staff/people/import?done={first}.{count}")))
        }
        None => Ok(form(visit, by, StatusCode::CONFLICT, teams, Some(labels::REFUSED))),
    }
}

fn range(text: &str) -> Option<(PersonId, u32)> {
    let (first, count) = text.split_once('.')?;
    Some((PersonId(first.parse().ok()?), count.parse().ok()?))
}

/// What was written down, with the way back.
fn done_page(visit: &Visit<'_>, by: &SignedIn, done: &str) -> Option<Response> {
    let (first, count) = range(done)?;
    let body = html! {
        h1 { (labels::DONE) }
        p.notice role="status" { (words::registered(count, first.0)) }
        p { a.button href="/staff/calls" { (words::TITLE) } }
        p { (labels::UNDO_HELP) }
        form method="post" action="/staff/people/import" {
            (visit.word())
            input type="hidden" name="made" value={ (first) "." (count) };
            button.quiet type="submit" name="step" value="undo" { (labels::UNDO) }
        }
        p { a.action href="/staff/people" { (words::new::BACK) } }
    };
    Some(visit.desk_page(by, StatusCode::OK, labels::DONE, &body))
}

async fn undo(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some((first, count)) = range(visit.form.text("made")) else {
        return Ok(visit.site.not_found());
    };
    let act = DeskAct::Unregister(first, count);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let gone = visit.site.store.read()?.person(first)?.is_none();
    let (status, said) = if gone {
        (StatusCode::OK, labels::UNDONE)
    } else {
        (StatusCode::CONFLICT, labels::TOO_LATE)
    };
    let body = html! {
        h1 { (labels::UNDO) }
        p.notice role=(if gone { "status" } else { "alert" }) { (said) }
        p { a.action href="/staff/people" { (words::new::BACK) } }
    };
    Ok(visit.desk_page(by, status, labels::UNDO, &body))
}

/// An example of a list.
pub(super) fn sample() -> Result<Response, Trouble> {
    let rows =
        list_words::SAMPLE_ROWS.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect());
    Ok(csv::file(list_words::SAMPLE_FILE, &list_words::SAMPLE_COLUMNS, rows)?)
}
