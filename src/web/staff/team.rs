//! `/staff/teams/{id}`: one team, its codes and its people.

use maud::{Markup, html};

use super::teams::{self, PlanForm};
use super::{Visit, may_change};
use crate::domain::id::TeamId;
use crate::domain::invitation::{CodeKind, Invitation};
use crate::domain::organization::Organization;
use crate::domain::person::Person;
use crate::domain::rules::MANAGERS_PER_TEAM_MAX;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::{Member, Role, Team, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::districts::team as labels;
use crate::locale::{desk, districts as words, page};
use crate::store::{Reading, StoreError};
use crate::web::input::seen;
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Members on the page.
const MEMBERS_MAX: usize = 500;

/// The query after somebody was taken out.
pub(super) const TAKEN_OUT: &str = "out";

/// Somebody in the team: name, number, and whether LINE reaches them.
struct Somebody {
    place: Member,
    name: String,
    reachable: bool,
    /// Whether they have no LINE.
    phoned: bool,
    /// Whether a form is wanted that has not come.
    form_missing: bool,
}

/// Everything that the page shows.
struct View {
    team: Team,
    organizations: Vec<Organization>,
    codes: Vec<Invitation>,
    managers: Vec<Somebody>,
    members: Vec<Somebody>,
    more: bool,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    view(visit, by, StatusCode::OK, None)
}

/// What was posted: one of the forms of the page.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(team) = of_path(visit, by, &reading)? else { return Ok(visit.site.not_found()) };
    let organizations = teams::organizations(&reading, by)?;
    drop(reading);
    let act = match visit.form.text("act") {
        "invite" => DeskAct::Invite(team.id, CodeKind::Manager),
        "renew" => DeskAct::Invite(team.id, CodeKind::Leaflet),
        "change" if visit.form.text("seen") != seen(&team) => {
            let typed = PlanForm::typed(&visit.form);
            return view(visit, by, StatusCode::CONFLICT, Some(&typed));
        }
        "change" => match PlanForm::read(&visit.form, by, &organizations, Some(team.id)) {
            Ok(plan) => DeskAct::ChangeTeam(team.id, plan),
            Err(typed) => return view(visit, by, StatusCode::UNPROCESSABLE_ENTITY, Some(&typed)),
        },
        _ => return Ok(visit.site.not_found()),
    };
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Response::redirect_see_other(&format!("/staff/teams/{}", team.id)))
}

/// The team of the path, if it is this account's business.
pub(super) fn of_path(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
) -> Result<Option<Team>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let team = reading.team(TeamId(id))?;
    Ok(team.filter(|team| by.staff.scope.has(team.organization)))
}

fn view(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    typed: Option<&PlanForm>,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(team) = of_path(visit, by, &reading)? else { return Ok(visit.site.not_found()) };
    let title = page::team(&team.name);
    let family = team.kind == TeamKind::Personal;
    let body = if family {
        html! { h1 { (title) } p.notice { (labels::FAMILY) } }
    } else {
        let view = query(visit, by, &reading, &team)?;
        markup(visit, by, &view, typed, status == StatusCode::CONFLICT)
    };
    drop(reading);
    let whole = html! {
        p { a.action href="/staff/teams" { (labels::BACK) } }
        @if visit.asks(TAKEN_OUT) { p.notice role="status" { (labels::TAKEN_OUT) } }
        (body)
    };
    Ok(visit.desk_page(by, status, &title, &whole))
}

fn query(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
    team: &Team,
) -> Result<View, StoreError> {
    let now = visit.site.clock.now();
    let somebody = |place: Member| -> Result<Somebody, StoreError> {
        let person = reading.person(place.person)?;
        let phoned = person.as_ref().is_some_and(Person::is_phoned);
        let reachable = person.is_some_and(|person| person.is_reachable());
        let wants = team.wants_form && place.role == Role::Member;
        let form_missing =
            wants && reading.details(place.person)?.is_none_or(|d| d.form_on.is_none());
        Ok(Somebody {
            name: known::name(reading, place.person)?,
            reachable,
            phoned,
            form_missing,
            place,
        })
    };
    let managers = reading.members(team.id, Role::Manager, MANAGERS_PER_TEAM_MAX)?;
    let mut members = reading.members(team.id, Role::Member, MEMBERS_MAX + 1)?;
    let more = members.len() > MEMBERS_MAX;
    members.truncate(MEMBERS_MAX);
    let mut codes = reading.invitations_into(team.id)?;
    codes.retain(|code| code.works_for(None, now));
    Ok(View {
        organizations: teams::organizations(reading, by)?,
        codes,
        managers: managers.into_iter().map(&somebody).collect::<Result<_, _>>()?,
        members: members.into_iter().map(&somebody).collect::<Result<_, _>>()?,
        more,
        team: team.clone(),
    })
}

fn markup(
    visit: &Visit<'_>,
    by: &SignedIn,
    view: &View,
    typed: Option<&PlanForm>,
    stale: bool,
) -> Markup {
    let acts = may_change(by);
    let now = PlanForm::of(&view.team);
    html! {
        h1 { (page::team(&view.team.name)) }
        p {
            (words::kind(view.team.kind)) " ／ "
            (words::proposal(view.team.interval, view.team.hour)) " ／ "
            (labels::POLICY) "：" (words::policy(view.team.policy))
        }
        div.columns {
            div {
                (invitations(visit, view, acts))
                (watchers(view, acts))
                (members(view))
            }
            @if acts {
                div {
                    h2 { (labels::SETTINGS) }
                    @if stale { p.notice role="alert" { (desk::person::STALE) } }
                    form.entry method="post" {
                        (visit.word())
                        input type="hidden" name="act" value="change";
                        input type="hidden" name="seen" value=(seen(&view.team));
                        (typed.unwrap_or(&now).fields(by, &view.organizations, &visit.site.rules, false))
                        button.button type="submit" { (labels::SAVE) }
                    }
                }
            }
        }
    }
}

fn invitations(visit: &Visit<'_>, view: &View, acts: bool) -> Markup {
    let leaflet = view.codes.iter().find(|code| code.kind == CodeKind::Leaflet);
    let managers = view.codes.iter().filter(|code| code.kind == CodeKind::Manager);
    let team = view.team.id;
    html! {
        h2 { (labels::INVITATIONS) }
        h3 { (labels::LEAFLET) }
        @match leaflet {
            Some(code) => {
                p.code { strong { (code.code) } }
                div.acts {
                    a.action href={ "/staff/teams/" (team) "/leaflet" } { (labels::PRINT) }
                    a.action href={ "/staff/teams/" (team) "/form" } { (labels::PRINT_FORM) }
                    a.action href={ "/i/" (code.code.plain()) } { (labels::SHOW) }
                }
            }
            None => p { (labels::NO_LEAFLET) },
        }
        @if acts { p.help { (labels::RENEW_HELP) } (visit.button("renew", "quiet", labels::RENEW)) }
        h3 { (labels::MANAGERS) }
        ul.plain {
            @for code in managers {
                li {
                    strong { (code.code) } " "
                    @if let Some(end) = code.expires_at() {
                        span.item { (words::until(Zone::default().local(end))) } " "
                    }
                    a href={ "/i/" (code.code.plain()) } { (labels::SHOW) }
                }
            }
        }
        @if view.managers.len() >= MANAGERS_PER_TEAM_MAX {
            p.notice { (words::full_of_managers(MANAGERS_PER_TEAM_MAX)) }
        } @else if acts {
            (visit.button("invite", "quiet", labels::INVITE))
        }
    }
}

fn watchers(view: &View, acts: bool) -> Markup {
    html! {
        h2 { (labels::WATCHERS) }
        @if view.team.kind == TeamKind::Office || view.team.handed_over_at.is_some() {
            p { (labels::OFFICE_WATCHES) }
        } @else if view.managers.is_empty() {
            p.notice { (labels::NO_WATCHERS) }
        }
        ul.plain {
            @for Somebody { place, name, reachable, .. } in &view.managers {
                li {
                    strong { (name) } " "
                    span.item {
                        @if !*reachable { (labels::UNREACHABLE) }
                        @else if place.receives_since.is_some() { (labels::RECEIVES) }
                        @else { (labels::UNSURE) }
                    }
                    @if acts {
                        " "
                        a href={ "/staff/people/" (place.person) "/watching?team=" (view.team.id) } {
                            (labels::TAKE_OUT)
                        }
                    }
                }
            }
        }
    }
}

fn members(view: &View) -> Markup {
    html! {
        h2 { (labels::MEMBERS) }
        @if view.members.is_empty() { p.notice { (labels::NO_MEMBERS) } }
        @if view.more { p.notice { (labels::MORE) } }
        @let missing = view.members.iter().filter(|member| member.form_missing).count();
        @if missing > 0 { p.notice { (words::forms_missing(missing)) } }
        ul.plain {
            @for Somebody { place, name, reachable, phoned, form_missing } in &view.members {
                li {
                    a href={ "/staff/people/" (place.person) } { (name) } " "
                    @if *phoned { span.item { (labels::PHONED) } " " }
                    @else if !*reachable { span.item { (labels::UNREACHABLE) } " " }
                    @if *form_missing { span.item { (labels::FORM_MISSING) } }
                }
            }
        }
    }
}
