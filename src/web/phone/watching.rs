//! `/m`: everyone whom somebody watches, those who need somebody first.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Visit;
use crate::domain::case::Case;
use crate::domain::id::{PersonId, TeamId};
use crate::domain::message::State;
use crate::domain::organization::Organization;
use crate::domain::person::Person;
use crate::domain::team::Role;
use crate::http::{Response, StatusCode};
use crate::locale::page;
use crate::locale::phone::{self as words, care as labels};
use crate::store::{Reading, StoreError};
use crate::web::known;
use crate::web::trouble::Trouble;

/// People on the page.
const SHOWN_MAX: usize = 500;

/// Open cases that are looked through for those of an organization.
const CASES_MAX: usize = 1000;

/// One of them.
struct Line {
    person: Person,
    state: State,
}

struct View {
    lines: Vec<Line>,
    more: bool,
    teams: Vec<(TeamId, String)>,
    headed: Vec<(TeamId, String)>,
    headed_cases: Vec<(Case, String)>,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    if !super::watches_anyone(&reading, visit.me.id)? {
        return Ok(visit.site.not_found());
    }
    let view = query(visit, &reading)?;
    drop(reading);
    let body = html! {
        h1 { (labels::TITLE) }
        p.as-of { (labels::as_of(visit.local(visit.now()))) }
        (people(visit, &view))
        @if !view.headed_cases.is_empty() {
            h2 { (labels::HEADED_CASES) }
            ul.people {
                @for (case, name) in &view.headed_cases {
                    li { a href={ "/m/cases/" (case.id) } {
                        strong { (name) } " " (known::shown(State::Open(case.trouble)))
                    } }
                }
            }
        }
        (teams(labels::TEAMS, &view.teams))
        (teams(labels::HEADED, &view.headed))
    };
    Ok(visit.page(StatusCode::OK, labels::TITLE, &body)?)
}

fn query(visit: &Visit<'_>, reading: &Reading) -> Result<View, StoreError> {
    let me = visit.me.id;
    let mut people: BTreeMap<PersonId, Person> = BTreeMap::new();
    let mut teams = Vec::new();
    let mut more = false;
    for id in known::teams_as(reading, me, Role::Manager)? {
        let Some(team) = reading.team(id)? else { continue };
        teams.push((id, page::team(&team.name)));
        let members = reading.members(id, Role::Member, SHOWN_MAX + 1)?;
        more |= members.len() > SHOWN_MAX;
        for member in members.into_iter().take(SHOWN_MAX).filter(|member| member.person != me) {
            if let Some(person) = reading.person(member.person)?.filter(|p| p.watch.is_some()) {
                people.insert(person.id, person);
            }
        }
    }
    let mut lines = Vec::new();
    for person in people.into_values() {
        let (state, _) = known::state(reading, &person)?;
        lines.push(Line { person, state });
    }
    // Failed first, in every view; then by name, so that a reader finds one again.
    lines.sort_by(|a, b| a.state.cmp(&b.state).then_with(|| a.person.name.cmp(&b.person.name)));
    let (headed, headed_cases) = headed(reading, me)?;
    Ok(View { lines, more, teams, headed, headed_cases })
}

/// The teams of organizations that somebody heads, and the open cases there that they were told of.
#[expect(clippy::type_complexity, reason = "two lists of one look at the same organizations")]
fn headed(
    reading: &Reading,
    me: PersonId,
) -> Result<(Vec<(TeamId, String)>, Vec<(Case, String)>), StoreError> {
    let theirs = |organization: &Organization| organization.heads.contains(&me);
    let organizations: Vec<_> = reading.organizations()?.into_iter().filter(theirs).collect();
    let mut teams = Vec::new();
    for id in organizations.iter().flat_map(|organization| &organization.teams) {
        teams.extend(reading.team(*id)?.map(|team| (*id, page::team(&team.name))));
    }
    let mut cases = Vec::new();
    if !organizations.is_empty() {
        for id in reading.open_case_ids(CASES_MAX)? {
            let case = reading.case(id)?.filter(|case| case.receiver(me).is_some());
            let Some(case) = case else { continue };
            if known::heads(reading, me, case.person)? {
                let name = known::name(reading, case.person)?;
                cases.push((case, name));
            }
        }
    }
    Ok((teams, cases))
}

fn people(visit: &Visit<'_>, view: &View) -> Markup {
    let count = |is: fn(State) -> bool| view.lines.iter().filter(|line| is(line.state)).count();
    let counts = [
        count(|state| matches!(state, State::Open(_) | State::Unreachable)),
        count(|state| {
            use State::{CalledAgain, PhonedInVain, ToPhone, Waiting};
            matches!(state, CalledAgain | Waiting | PhonedInVain | ToPhone)
        }),
        count(|state| state == State::Well),
        count(|state| matches!(state, State::Resting(_))),
    ];
    html! {
        @if view.lines.is_empty() {
            p.notice { (labels::NOBODY) " " (labels::INVITE_FIRST) }
        } @else {
            dl.numbers.four {
                @for (label, count) in labels::COUNTS.iter().zip(counts) {
                    div { dt { (label) } dd { (count) } }
                }
            }
            @if view.more { p.notice { (labels::MORE) } }
            ul.people {
                @for line in &view.lines { (one(visit, line)) }
            }
        }
    }
}

fn one(visit: &Visit<'_>, Line { person, state }: &Line) -> Markup {
    let name = person.name.as_ref().map(|name| words::called(name.as_str())).unwrap_or_default();
    let last = person.watch.as_ref().and_then(|watch| watch.last_answer_at);
    html! {
        li {
            a href={ "/m/people/" (person.id) } {
                strong { (name) } " " (known::shown(*state))
                @if let Some(at) = last {
                    br; small { (labels::person::LAST) "：" (words::date_time(visit.local(at))) }
                }
            }
        }
    }
}

fn teams(heading: &str, teams: &[(TeamId, String)]) -> Markup {
    html! {
        @if !teams.is_empty() {
            h2 { (heading) }
            ul.plain {
                @for (id, name) in teams { li { a href={ "/m/teams/" (id) } { (name) } } }
            }
        }
    }
}
