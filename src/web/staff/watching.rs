//! `/staff/people/{id}/watching`: in which teams somebody watches, and the way out of them for who died, moved away, or
//! cannot any more. It says what follows before anything is done. A family's team is open to administrators alone.

use maud::{Markup, html};

use super::{Visit, people, person, team};
use crate::domain::case::Actor;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::person::{EndReason, Person};
use crate::domain::rules::MANAGERS_PER_TEAM_MAX;
use crate::domain::staff::{Deed, DeskAct, StaffRole, TakingOut};
use crate::domain::team::{Role, Team, TeamKind};
use crate::http::{Method, Response, StatusCode};
use crate::locale::districts::team as team_words;
use crate::locale::watching as words;
use crate::locale::{page, report};
use crate::store::{Reading, StoreError};
use crate::web::input::choice;
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// The query after somebody was taken out.
const DONE: &str = "done";

/// Whether somebody at the desk may take those who watch out of a team: as the rules decide it.
pub(super) fn may_take_out(by: &SignedIn, team: &Team) -> bool {
    let family = team.kind == TeamKind::Personal && team.handed_over_at.is_none();
    by.staff.scope.has(team.organization)
        && match by.staff.role {
            StaffRole::Admin => true,
            StaffRole::Worker => !family,
            StaffRole::Viewer => false,
        }
}

/// Whoever the path names, with the teams out of which this account may take them.
struct View {
    person: Person,
    teams: Vec<Team>,
}

/// `None` where they are none of this account's business.
fn query(visit: &Visit<'_>, by: &SignedIn, reading: &Reading) -> Result<Option<View>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let Some(person) = reading.person(PersonId(id))? else { return Ok(None) };
    let mut teams = Vec::new();
    for team in known::teams_as(reading, person.id, Role::Manager)? {
        teams.extend(reading.team(team)?.filter(|team| may_take_out(by, team)));
    }
    let everyone = by.staff.role == StaffRole::Admin && by.staff.scope.is_everything();
    Ok((everyone || !teams.is_empty()).then_some(View { person, teams }))
}

/// The page, or what was posted.
pub(super) async fn answer(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    if visit.request.method == Method::POST { act(visit, by).await } else { show(visit, by) }
}

/// The list of teams; with one of them in the address what follows for that one, and the form.
fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(view) = query(visit, by, &reading)? else { return Ok(visit.site.not_found()) };
    let asked = form_urlencoded::parse(visit.request.query.as_bytes());
    let asked = asked.into_iter().find(|(name, _)| name == "team").map(|(_, value)| value);
    match asked.and_then(|value| value.parse::<u32>().ok()).map(TeamId) {
        Some(team) => confirm(visit, by, &reading, &view, team, Doubt::None),
        None => {
            let body = list(visit, by, &reading, &view)?;
            Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
        }
    }
}

/// Takes them out.
async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(view) = query(visit, by, &visit.site.store.read()?)? else {
        return Ok(visit.site.not_found());
    };
    let team = visit.form.text("team").parse::<u32>().ok().map(TeamId);
    let known = team.filter(|id| view.teams.iter().any(|team| team.id == *id));
    let Some(team) = known else { return Ok(visit.site.not_found()) };
    let why = visit.form.text("why").parse::<usize>().ok();
    let why = why.and_then(|n| person::ENDS.get(n.checked_sub(1)?).copied());
    let Some(why) = why else {
        let reading = visit.site.store.read()?;
        return confirm(visit, by, &reading, &view, team, Doubt::NoReason);
    };
    let manager = view.person.id;
    let hand_over = visit.form.text("hand_over") == "1";
    let act = DeskAct::TakeOut(TakingOut { team, manager, why, hand_over });
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let reading = visit.site.store.read()?;
    if reading.member((team, Role::Manager, manager))?.is_some() {
        // Somebody else went in between, and now nobody would be left: asked once more, with that.
        return confirm(visit, by, &reading, &view, team, Doubt::Changed);
    }
    let everyone = by.staff.role == StaffRole::Admin && by.staff.scope.is_everything();
    Ok(Response::redirect_see_other(&if everyone {
        format!("/staff/people/{manager}/watching?{DONE}")
    } else {
        format!("/staff/teams/{team}?{}", team::TAKEN_OUT)
    }))
}

fn list(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
    view: &View,
) -> Result<Markup, StoreError> {
    let id = view.person.id;
    Ok(html! {
        h1 { (words::TITLE) }
        @if visit.asks(DONE) { p.notice role="status" { (team_words::TAKEN_OUT) } }
        p.question { (known::name(reading, id)?) }
        (who(reading, id)?)
        @if view.teams.is_empty() { p { (words::NONE) } }
        ul.plain {
            @for team in &view.teams {
                li {
                    strong { (page::team(&team.name)) } " "
                    a href={ "/staff/people/" (id) "/watching?team=" (team.id) } { (team_words::TAKE_OUT) }
                }
            }
        }
        @if view.teams.is_empty() && by.staff.role == StaffRole::Admin {
            p { a.action href={ "/staff/people/" (id) "/erase" } { (words::TO_ERASURE) } }
        }
        p { a.action href="/staff/teams" { (team_words::BACK) } }
    })
}

/// Who they are, as far as may be known of them.
fn who(reading: &Reading, id: PersonId) -> Result<Markup, StoreError> {
    let policy = people::policy(reading, id)?;
    let details = reading.details(id)?.unwrap_or_default().within(policy);
    Ok(known::identity(id, &details))
}

/// What follows.
struct Outlook {
    /// Open cases that they have taken, and that nobody has taken then.
    claims: usize,
    /// How many watch beside them.
    others: usize,
    /// How many of those LINE reaches.
    reachable_others: usize,
    /// The office watches already.
    office_watches: bool,
    /// Nobody would watch any more: the office has to.
    last: bool,
}

fn outlook(reading: &Reading, id: PersonId, team: &Team) -> Result<Outlook, StoreError> {
    let mut claims = 0;
    let theirs = known::teams_as(reading, id, Role::Manager)?;
    for case in reading.open_case_ids(usize::MAX)? {
        let claimed = reading.case(case)?;
        let claimed = claimed.filter(|case| case.claimer() == Some(Actor::Person(id)));
        let Some(case) = claimed else { continue };
        let watched_in = known::teams_as(reading, case.person, Role::Member)?;
        let shared = watched_in.iter().filter(|team| theirs.contains(team));
        claims += usize::from(shared.collect::<Vec<_>>() == [&team.id]);
    }
    let mut places = reading.members(team.id, Role::Manager, MANAGERS_PER_TEAM_MAX)?;
    places.retain(|place| place.person != id);
    let mut reachable_others = 0;
    for place in &places {
        let person = reading.person(place.person)?;
        reachable_others += usize::from(person.is_some_and(|person| person.is_reachable()));
    }
    let office_watches = team.kind == TeamKind::Office || team.handed_over_at.is_some();
    let relied_on = reading.member_count(team.id, Role::Member)? > 0;
    let others = places.len();
    let last = others == 0 && relied_on && !office_watches;
    Ok(Outlook { claims, others, reachable_others, office_watches, last })
}

/// Why it was not done yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Nobody has asked for it.
    None,
    /// It was not said why: to the telephone of one who has died no thanks must go.
    NoReason,
    /// Things are not any more as they were shown.
    Changed,
}

/// The second step.
fn confirm(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
    view: &View,
    team: TeamId,
    doubt: Doubt,
) -> Result<Response, Trouble> {
    let id = view.person.id;
    let status = match doubt {
        Doubt::None => StatusCode::OK,
        Doubt::NoReason => StatusCode::UNPROCESSABLE_ENTITY,
        Doubt::Changed => StatusCode::CONFLICT,
    };
    let Some(team) = view.teams.iter().find(|known| known.id == team) else {
        return Ok(visit.site.not_found());
    };
    let outlook = outlook(reading, id, team)?;
    let reasons = person::ENDS.map(report::end_reason);
    let reasons: Vec<&str> = [words::CHOOSE].into_iter().chain(reasons).collect();
    let fault = (doubt == Doubt::NoReason).then_some(words::NO_REASON);
    let name = known::name(reading, id)?;
    let body = html! {
        h1 { (words::TITLE) }
        @if doubt == Doubt::Changed { p.notice role="alert" { (words::CHANGED) } }
        p.question { (words::question(&name, &page::team(&team.name))) }
        (who(reading, id)?)
        (consequences(&view.person, &outlook))
        form.entry method="post" action={ "/staff/people/" (id) "/watching" } {
            (visit.word())
            input type="hidden" name="team" value=(team.id);
            @if outlook.last { input type="hidden" name="hand_over" value="1"; }
            (choice("why", words::WHY, &reasons, Some(0), fault))
            button.button.grave type="submit" {
                @if outlook.last { (words::NOW_AND_OFFICE) } @else { (team_words::TAKE_OUT) }
            }
        }
        p { a.action href={ "/staff/people/" (id) "/watching" } { (words::BACK) } }
    };
    Ok(visit.desk_page(by, status, words::TITLE, &body))
}

fn consequences(person: &Person, outlook: &Outlook) -> Markup {
    html! {
        h2 { (words::FOLLOWS) }
        ul {
            li { (words::NO_NEWS) }
            @if outlook.claims > 0 {
                li { (words::claims(outlook.claims, outlook.reachable_others > 0)) }
            }
            // To the telephone of one who has died no thanks must go.
            @if person.is_reachable() { li { (words::told(report::end_reason(EndReason::Died))) } }
            @else { li { (words::NOT_TOLD) } }
            @if outlook.others > 0 { li { (words::OTHERS_TOLD) } }
            li { (words::CODES) }
        }
        @if outlook.last {
            p.notice { strong { (words::LAST) } " " (words::LAST_HOW) }
            p { (words::LAST_ELSE) }
        } @else if outlook.reachable_others == 0 && !outlook.office_watches {
            p.notice { (words::NOBODY_REACHED) }
        }
    }
}
