//! `/staff/people/new`: writes somebody down who has no LINE, with what the office has to know and when they are to be
//! phoned.

use maud::{Markup, html};

use super::Visit;
use super::import::made_by;
use crate::domain::details::{Details, Phone};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::name::{NICKNAME_CHARS_MAX, Name};
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::{Deed, DeskAct, NewMember};
use crate::domain::team::{Policy, Team, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::calls::new as labels;
use crate::locale::desk::person as sheet_words;
use crate::locale::districts as words;
use crate::locale::page;
use crate::store::{Reading, StoreError};
use crate::web::form::Form;
use crate::web::input::{Input, Shape, choice, select};
use crate::web::session::SignedIn;
use crate::web::sheet::Sheet;
use crate::web::trouble::Trouble;

/// Teams among the choices, and people who are compared.
const TEAMS_MAX: usize = 3000;
const PEOPLE_MAX: usize = 20_000;

/// What was typed, and what is wrong with it.
struct Typed {
    name: String,
    team: u32,
    interval: usize,
    hour: usize,
    sheet: Sheet,
    name_fault: Option<&'static str>,
    said: Option<&'static str>,
    /// Asks whether it is somebody else.
    twin: bool,
}

impl Typed {
    fn empty(team: &Team) -> Self {
        Self {
            name: String::new(),
            team: team.id.0,
            interval: Interval::ALL.iter().position(|i| *i == team.interval).unwrap_or_default(),
            hour: usize::from(team.hour.get()),
            sheet: Sheet::of(&Details::default()),
            name_fault: None,
            said: None,
            twin: false,
        }
    }

    fn of(form: &Form) -> Self {
        let number = |name: &str| form.text(name).parse::<usize>().unwrap_or_default();
        Self {
            name: form.text("name").to_owned(),
            team: form.text("team").parse().unwrap_or_default(),
            interval: number("interval"),
            hour: number("hour"),
            sheet: Sheet::of(&Details::default()),
            name_fault: None,
            said: None,
            twin: false,
        }
    }
}

/// The teams of the office into which this account may write somebody down.
pub(super) fn teams(reading: &Reading, by: &SignedIn) -> Result<Vec<Team>, StoreError> {
    let mut teams = reading.teams_from(0, TEAMS_MAX)?;
    teams.retain(|team| {
        let full = team.policy == Policy::Full && team.kind == TeamKind::Office;
        full && by.staff.scope.has(team.organization)
    });
    Ok(teams)
}

/// Digits of a number as they are compared.
pub(super) fn digits(phone: &Phone) -> String {
    phone.as_str().chars().filter(char::is_ascii_digit).collect()
}

/// The numbers of everyone whom the office watches over, with whose they are.
pub(super) fn known_numbers(reading: &Reading) -> Result<Vec<(String, PersonId)>, StoreError> {
    let mut known = Vec::new();
    for person in reading.watched(PEOPLE_MAX)?.0 {
        let details = reading.details(person.id)?.unwrap_or_default();
        let phones = [&details.phone, &details.mobile].into_iter().flatten();
        known.extend(phones.map(|phone| (digits(phone), person.id)));
    }
    Ok(known)
}

/// The form.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let teams = teams(&visit.site.store.read()?, by)?;
    let Some(first) = teams.first() else { return Ok(no_team(visit, by, labels::TITLE)) };
    Ok(page_of(visit, by, StatusCode::OK, &teams, &Typed::empty(first)))
}

/// Nobody can be written down before there is a team for them.
pub(super) fn no_team(visit: &Visit<'_>, by: &SignedIn, title: &str) -> Response {
    let body = html! {
        h1 { (title) }
        p.notice { (labels::NO_TEAM) }
        p { a.action href="/staff/teams" { (crate::locale::people::TO_TEAMS) } }
    };
    visit.desk_page(by, StatusCode::OK, title, &body)
}

/// Writes somebody down.
pub(super) async fn make(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let teams = teams(&reading, by)?;
    let numbers = known_numbers(&reading)?;
    drop(reading);
    let mut typed = Typed::of(&visit.form);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let name = Name::of_person(&typed.name);
    typed.name_fault = name.as_ref().err().map(|fault| words::name_fault(*fault));
    let details = match Sheet::read(&visit.form) {
        Ok(details) => details,
        Err(sheet) => {
            typed.sheet = sheet;
            typed.said = Some(sheet_words::CHECK);
            return Ok(page_of(visit, by, refused, &teams, &typed));
        }
    };
    typed.sheet = Sheet::of(&details);
    let own = || [&details.phone, &details.mobile].into_iter().flatten();
    let twin = own().any(|phone| numbers.iter().any(|(known, _)| *known == digits(phone)));
    typed.twin = twin;
    let team = teams.iter().find(|team| team.id.0 == typed.team);
    let interval = Interval::ALL.get(typed.interval).copied();
    let hour = u8::try_from(typed.hour).ok().and_then(Hour::new);
    typed.said = if own().next().is_none() {
        Some(labels::NO_PHONE)
    } else if twin && visit.form.text("other") != "1" {
        Some(labels::KNOWN_NUMBER)
    } else {
        None
    };
    let (Ok(name), Some(team), Some(interval), Some(hour), None) =
        (name, team, interval, hour, typed.said)
    else {
        return Ok(page_of(visit, by, refused, &teams, &typed));
    };
    let team = team.id;
    let act = DeskAct::Register(vec![NewMember { name, team, interval, hour, details }]);
    let before = made_by(visit, by)?;
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    match made_by(visit, by)?.filter(|made| Some(*made) != before) {
        Some((first, _)) => Ok(Response::redirect_see_other(&format!("/staff/people/{first}"))),
        None => {
            typed.said = Some(labels::TOO_MUCH);
            Ok(page_of(visit, by, refused, &teams, &typed))
        }
    }
}

/// When they are to be phoned.
pub(super) fn times(interval: usize, hour: usize) -> Markup {
    let intervals = Interval::ALL.map(words::interval);
    let hours: Vec<String> = (0..24).filter_map(Hour::new).map(words::hour_alone).collect();
    let hours: Vec<&str> = hours.iter().map(String::as_str).collect();
    html! {
        div.row {
            (choice("interval", labels::INTERVAL, &intervals, Some(interval), None))
            (choice("hour", labels::HOUR, &hours, Some(hour), None))
        }
    }
}

fn page_of(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    teams: &[Team],
    typed: &Typed,
) -> Response {
    let named: Vec<(u32, String)> =
        teams.iter().map(|team| (team.id.0, page::team(&team.name))).collect();
    let options: Vec<(u32, &str)> = named.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let shape = Shape::Line(NICKNAME_CHARS_MAX * 2);
    let name = Input::new("name", shape, labels::NAME, labels::NAME_HELP);
    let name =
        name.with(&typed.name).faulty(typed.name_fault).required(Some(sheet_words::REQUIRED));
    let sheet = typed.sheet.clone().marked(true);
    let body = html! {
        h1 { (labels::TITLE) }
        p { (labels::HOW) }
        @if let Some(said) = typed.said { p.notice role="alert" { (said) } }
        form.entry.wide method="post" action="/staff/people/new" {
            (visit.word())
            input type="hidden" name="version" value="0";
            div.row {
                (name.markup())
                (select("team", labels::TEAM, &options, Some(typed.team), None))
            }
            (times(typed.interval, typed.hour))
            (sheet.markup(Policy::Full, true))
            @if typed.twin {
                label.tick { input type="checkbox" name="other" value="1"; " " (labels::OTHER_PERSON) }
            }
            button.button type="submit" { (labels::SAVE) }
        }
        p { a.action href="/staff/people" { (labels::BACK) } }
    };
    visit.desk_page(by, status, labels::TITLE, &body)
}

/// The team that a form names, among these.
pub(super) fn chosen(form: &Form, teams: &[Team]) -> Option<TeamId> {
    let id = form.text("team").parse().ok().map(TeamId)?;
    teams.iter().find(|team| team.id == id).map(|team| team.id)
}
