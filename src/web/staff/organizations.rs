//! `/staff/organizations`: neighbourhoods and districts, who heads them, and which teams they have.

use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists, may_change};
use crate::domain::id::{OrganizationId, PersonId};
use crate::domain::name::Name;
use crate::domain::organization::Organization;
use crate::domain::rules::{HEADS_MAX, MANAGERS_PER_TEAM_MAX, ORGANIZATIONS_MAX};
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::{Role, Team};
use crate::http::{Response, StatusCode};
use crate::locale::desk;
use crate::locale::districts::{self as words, organizations as labels};
use crate::locale::lists as list_words;
use crate::locale::page;
use crate::store::{Reading, StoreError};
use crate::web::input::{Input, Shape, seen};
use crate::web::known;
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// A name that was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    fault: Option<&'static str>,
}

impl Typed {
    fn read(text: &str) -> Result<Name, Self> {
        Name::of_team(text)
            .map_err(|fault| Self { name: text.to_owned(), fault: Some(words::name_fault(fault)) })
    }

    fn field(&self) -> Markup {
        let input = Input::new("name", Shape::Line(60), labels::NAME, labels::NAME_HELP);
        input.with(&self.name).faulty(self.fault).markup()
    }
}

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    list(visit, by, StatusCode::OK, &Typed::default())
}

/// Makes one.
pub(super) async fn make(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let name = match Typed::read(visit.form.text("name")) {
        Ok(name) => name,
        Err(typed) => return list(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &typed),
    };
    let act = DeskAct::MakeOrganization(name);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Response::redirect_see_other("/staff/organizations"))
}

fn list(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Trouble> {
    let mut all = visit.site.store.read()?.organizations()?;
    let full = all.len() >= ORGANIZATIONS_MAX;
    all.retain(|organization| by.staff.scope.has(Some(organization.id)));
    let body = html! {
        h1 { (labels::TITLE) }
        p { (labels::HOW) }
        @if all.is_empty() { p.notice { (labels::EMPTY) } } @else {
            (table(&all))
            (lists::link(by, "organizations"))
        }
        @if !by.staff.scope.is_everything() {
        } @else if full {
            p.notice { (words::full_of_organizations(ORGANIZATIONS_MAX)) }
        } @else if may_change(by) {
            h2 { (labels::MAKE) }
            form.entry method="post" {
                (visit.word())
                (typed.field())
                button.button type="submit" { (labels::MAKE_NOW) }
            }
        }
    };
    Ok(visit.desk_page(by, status, labels::TITLE, &body))
}

/// The organizations as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let mut all = asked.reading.organizations()?;
    all.retain(|organization| asked.by.staff.scope.has(Some(organization.id)));
    let row = |o: Organization| {
        let (teams, heads) = (o.teams.len().to_string(), o.heads.len().to_string());
        vec![o.id.to_string(), o.name.to_string(), teams, heads]
    };
    let rows = all.into_iter().map(row).collect();
    Ok(Table { columns: list_words::ORGANIZATION_COLUMNS.to_vec(), rows })
}

fn table(all: &[Organization]) -> Markup {
    let rows = html! {
        @for organization in all {
            tr {
                td.number { (organization.id) }
                th scope="row" {
                    a href={ "/staff/organizations/" (organization.id) } { (organization.name) }
                }
                td { (words::teams_of(organization.teams.len())) }
                td.number { (organization.heads.len()) }
            }
        }
    };
    layout::table(labels::TITLE, &labels::COLUMNS, &rows)
}

/// Everything that the page of one shows.
struct View {
    organization: Organization,
    teams: Vec<Team>,
    heads: Vec<(PersonId, String)>,
    candidates: Vec<(PersonId, String)>,
}

fn of_path(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
) -> Result<Option<Organization>, StoreError> {
    match visit.part.parse::<u32>().map(OrganizationId) {
        Ok(id) if by.staff.scope.has(Some(id)) => reading.organization(id),
        _ => Ok(None),
    }
}

/// The page of one.
pub(super) fn one(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(organization) = of_path(visit, by, &reading)? else {
        return Ok(visit.site.not_found());
    };
    let typed = Typed { name: organization.name.to_string(), fault: None };
    let view = query(&reading, organization)?;
    drop(reading);
    Ok(page_of(visit, by, StatusCode::OK, &view, &typed))
}

fn query(reading: &Reading, organization: Organization) -> Result<View, StoreError> {
    let named = |person: PersonId| Ok((person, known::name(reading, person)?));
    let mut teams = Vec::new();
    let mut managers = Vec::new();
    for id in &organization.teams {
        teams.extend(reading.team(*id)?);
        let of_team = reading.members(*id, Role::Manager, MANAGERS_PER_TEAM_MAX)?;
        managers.extend(of_team.into_iter().map(|member| member.person));
    }
    managers.sort_unstable();
    managers.dedup();
    managers.retain(|manager| !organization.heads.contains(manager));
    let heads = organization.heads.iter().copied().map(named);
    Ok(View {
        heads: heads.collect::<Result<_, StoreError>>()?,
        candidates: managers.into_iter().map(named).collect::<Result<_, StoreError>>()?,
        teams,
        organization,
    })
}

/// What was posted: one of the forms of the page.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(organization) = of_path(visit, by, &reading)? else {
        return Ok(visit.site.not_found());
    };
    let view = query(&reading, organization)?;
    drop(reading);
    let id = view.organization.id;
    // Only somebody of its own teams can be chosen, whatever a form says.
    let chosen = visit.form.text("person").parse().ok().map(PersonId);
    let among = |people: &[(PersonId, String)]| {
        chosen.filter(|person| people.iter().any(|(known, _)| known == person))
    };
    let act = match visit.form.text("act") {
        "appoint" => among(&view.candidates).map(|person| DeskAct::Head(id, person, true)),
        "dismiss" => among(&view.heads).map(|person| DeskAct::Head(id, person, false)),
        "rename" if visit.form.text("seen") != seen(&view.organization.name) => {
            let typed = Typed {
                name: visit.form.text("name").to_owned(),
                fault: Some(desk::person::STALE),
            };
            return Ok(page_of(visit, by, StatusCode::CONFLICT, &view, &typed));
        }
        "rename" => match Typed::read(visit.form.text("name")) {
            Ok(name) => Some(DeskAct::RenameOrganization(id, name)),
            Err(typed) => {
                return Ok(page_of(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &view, &typed));
            }
        },
        _ => None,
    };
    let Some(act) = act else { return Ok(visit.site.not_found()) };
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Response::redirect_see_other(&format!("/staff/organizations/{id}")))
}

fn page_of(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    view: &View,
    typed: &Typed,
) -> Response {
    let acts = may_change(by);
    let title = view.organization.name.as_str();
    let full = view.heads.len() >= HEADS_MAX;
    let body = html! {
        p { a.action href="/staff/organizations" { (labels::BACK) } }
        h1 { (title) }
        h2 { (labels::HEADS) }
        @if view.heads.is_empty() { p.notice { (labels::NO_HEADS) } }
        (choices(visit, &view.heads, "dismiss", labels::DISMISS, acts))
        @if acts {
            h3 { (labels::CANDIDATES) }
            @if view.candidates.is_empty() { p { (labels::NO_CANDIDATES) } }
            @if full { p.notice { (words::full_of_heads(HEADS_MAX)) } }
            (choices(visit, &view.candidates, "appoint", labels::APPOINT, !full))
        }
        h2 { (labels::TEAMS) }
        @if view.teams.is_empty() { p.notice { (labels::NO_TEAMS) } }
        ul.plain {
            @for team in &view.teams {
                li { a href={ "/staff/teams/" (team.id) } { (page::team(&team.name)) } }
            }
        }
        @if acts {
            h2 { (labels::RENAME) }
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="act" value="rename";
                input type="hidden" name="seen" value=(seen(&view.organization.name));
                (typed.field())
                button.button type="submit" { (labels::SAVE) }
            }
        }
    };
    visit.desk_page(by, status, title, &body)
}

fn choices(
    visit: &Visit<'_>,
    people: &[(PersonId, String)],
    act: &str,
    label: &str,
    acts: bool,
) -> Markup {
    html! {
        ul.plain {
            @for (person, name) in people {
                li.acts {
                    strong { (name) }
                    @if acts {
                        form method="post" {
                            (visit.word())
                            input type="hidden" name="act" value=(act);
                            input type="hidden" name="person" value=(person);
                            button.quiet type="submit" aria-label={ (name) " " (label) } { (label) }
                        }
                    }
                }
            }
        }
    }
}
