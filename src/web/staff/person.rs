//! `/staff/people/{id}`: one whom the office watches over or looks after: how they are, whom to phone, who watches, how
//! the last questions went, and what was done about them before.

use maud::{Markup, html};

use super::{Visit, may_change, people};
use crate::domain::age;
use crate::domain::case::Case;
use crate::domain::details::Details;
use crate::domain::id::PersonId;
use crate::domain::membership::Told;
use crate::domain::message::State;
use crate::domain::pause::Pause;
use crate::domain::person::{Person, Watch};
use crate::domain::rhythm::{self, Slower};
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::{Policy, Role, Team, TeamKind};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::districts::team as team_words;
use crate::locale::people::one as labels;
use crate::locale::{
    desk, districts, page as page_words, people as words, phone, rests, staff, zones,
};
use crate::store::{Reading, StoreError};
use crate::web::history;
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Cases on the page.
const CASES_SHOWN: usize = 10;

/// Cases that are looked through for them.
const CASES_LOOKED_AT: usize = 20_000;

/// Those who watch in one team, by name.
const WATCHERS_MAX: usize = 20;

/// Everything that the page shows.
struct View {
    person: Person,
    details: Details,
    policy: Policy,
    state: State,
    teams: Vec<(Team, Vec<Watcher>)>,
    history: Option<Markup>,
    slower: Option<Slower>,
    cases: Vec<Case>,
}

/// One who watches.
struct Watcher {
    name: String,
    reachable: bool,
    proven: bool,
}

/// The person of the path, if they are this account's business.
pub(super) fn of_path(visit: &Visit<'_>, by: &SignedIn) -> Result<Option<PersonId>, Trouble> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let reading = visit.site.store.read()?;
    let person = PersonId(id);
    Ok(people::concerns(&reading, by, person)?.then_some(person))
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(person) = of_path(visit, by)? else { return Ok(visit.site.not_found()) };
    let Some(view) = query(&visit.site.store.read()?, person)? else {
        return Ok(visit.site.not_found());
    };
    if view.policy > Policy::Nothing {
        let act = DeskAct::Viewed(person);
        visit.office().act_later(visit.now, Deed::Desk { by: by.staff.id, act });
    }
    let now = visit.site.clock.now();
    let name = view.person.name.as_ref().map(|name| phone::called(name.as_str()));
    let name = name.unwrap_or_else(|| words::NO_NAME.to_owned());
    let body = html! {
        h1 { (name) }
        p.standing { (known::shown(view.state)) }
        @for case in view.cases.iter().filter(|case| case.is_open() && case.office_since.is_some()) {
            p { a.button href={ "/staff/cases/" (case.id) } { (labels::TO_CASE) } }
        }
        div.columns {
            div {
                @if let Some(watch) = &view.person.watch { (times(&view, watch, now)) }
                (resting(by, &view))
                (calls(&view))
                (teams(&view))
            }
            div {
                (registered(&view, now))
                @if let Some(history) = &view.history { h2 { (labels::HISTORY) } (history) }
                (cases(&view))
            }
        }
        @if may_change(by) {
            p { a.action href={ "/staff/bulletins/new?person=" (person) } { (labels::WRITE) } }
        }
        p { a.action href="/staff/people" { (labels::BACK) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, &name, &body))
}

fn query(reading: &Reading, id: PersonId) -> Result<Option<View>, StoreError> {
    let Some(person) = reading.person(id)? else { return Ok(None) };
    let policy = people::policy(reading, id)?;
    let (state, _) = known::state(reading, &person)?;
    let mut teams = Vec::new();
    for team in known::teams_as(reading, id, Role::Member)? {
        let Some(team) = reading.team(team)? else { continue };
        let watchers = watchers(reading, &team)?;
        teams.push((team, watchers));
    }
    Ok(Some(View {
        details: reading.details(id)?.unwrap_or_default().within(policy),
        policy,
        state,
        teams,
        history: history::last(reading, id, &person.zone)?,
        slower: rhythm::slower(&reading.past_rounds(id, rhythm::ROUNDS)?),
        cases: reading.cases_of(id, CASES_SHOWN, CASES_LOOKED_AT)?,
        person,
    }))
}

fn watchers(reading: &Reading, team: &Team) -> Result<Vec<Watcher>, StoreError> {
    let mut watchers = Vec::new();
    for place in reading.members(team.id, Role::Manager, WATCHERS_MAX)? {
        let person = reading.person(place.person)?;
        watchers.push(Watcher {
            name: known::name(reading, place.person)?,
            reachable: person.is_some_and(|person| person.reach.reachable),
            proven: place.receives_since.is_some(),
        });
    }
    Ok(watchers)
}

fn local(at: Moment) -> String {
    phone::date_time(Zone::default().local(at))
}

fn times(view: &View, watch: &Watch, now: Moment) -> Markup {
    let next = match &watch.pause {
        Some(pause) => pause.resumes_at(&watch.schedule),
        None => watch.schedule.next_after(now),
    };
    let zone = view.person.zone.name();
    html! {
        h2 { (labels::TIMES) }
        dl.facts {
            div { dt { (labels::SCHEDULE) } dd {
                (phone::schedule(watch.schedule.interval, watch.schedule.hour))
                @if view.person.zone != Zone::default() {
                    br; small { (labels::zone(zones::label(zone).unwrap_or(zone))) }
                }
            } }
            div { dt { (words::COLUMNS[4]) } dd {
                @match watch.last_answer_at {
                    Some(at) => { (local(at)) " " span.item { (words::ago(now.since(at))) } }
                    None => (words::NEVER),
                }
            } }
            div { dt { (words::COLUMNS[5]) } dd { (local(next)) } }
        }
        @let ours = view.teams.iter().any(|(team, _)| team.kind == TeamKind::Office);
        @if let Some(slower) = view.slower.filter(|_| ours) {
            p.notice { strong { (labels::SLOW) } br; (labels::slower(slower.recent, slower.before)) }
        }
    }
}

fn resting(by: &SignedIn, view: &View) -> Markup {
    let Some(watch) = &view.person.watch else { return html! {} };
    html! {
        @if let Some(Pause { first_day, last_day, why, .. }) = &watch.pause {
            h2 { (labels::REST) }
            p { (rests::span(*first_day, *last_day)) " （" (rests::why(*why)) "）" }
            p { a.action href="/staff/rests" { (labels::TO_RESTS) } }
        } @else if may_change(by) {
            p { a.action href={ "/staff/people/" (view.person.id) "/rest" } { (desk::person::REST) } }
        }
    }
}

fn calls(view: &View) -> Markup {
    html! {
        h2 { (desk::case::CALLS) }
        @match known::calls(&view.details) {
            Some(numbers) => (numbers),
            None if view.policy < Policy::Full => p { (labels::NOT_AGREED) },
            None => p.notice { (desk::case::NO_NUMBER) },
        }
        @if let Some(note) = &view.details.note {
            p { strong { (desk::case::KNOW) } " ： " (note.as_str()) }
        }
        p { a.action href={ "/staff/people/" (view.person.id) "/contacts" } { (desk::case::EDIT) } }
    }
}

fn teams(view: &View) -> Markup {
    html! {
        h2 { (labels::TEAMS) }
        ul.plain {
            @for (team, watchers) in &view.teams {
                li {
                    @if team.kind == TeamKind::Personal {
                        strong { (page_words::team(&team.name)) }
                    } @else {
                        a href={ "/staff/teams/" (team.id) } { (page_words::team(&team.name)) }
                    }
                    " " span.item { (districts::kind(team.kind)) }
                    @if team.kind == TeamKind::Office || team.handed_over_at.is_some() {
                        p.help { (team_words::OFFICE_WATCHES) }
                    } @else if watchers.is_empty() {
                        p.notice { (team_words::NO_WATCHERS) }
                    }
                    @for Watcher { name, reachable, proven } in watchers {
                        p.help {
                            (labels::watches(name)) " "
                            span.item {
                                @if !*reachable { (team_words::UNREACHABLE) }
                                @else if *proven { (team_words::RECEIVES) }
                                @else { (team_words::UNSURE) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn registered(view: &View, now: Moment) -> Markup {
    let (person, details) = (&view.person, &view.details);
    let today = Zone::default().local(now).date();
    let born = details.born_on.map(|born_on| labels::born(born_on, age::on(today, born_on)));
    let reading = details.reading.as_ref().map(|line| line.as_str());
    let name = details.full_name.as_ref().map(|name| words::full_name(name.as_str(), reading));
    let mut facts = vec![(staff::PERSON_NUMBER, person.id.to_string())];
    let text = |line: &crate::domain::details::Line| line.as_str().to_owned();
    facts.extend(name.map(|name| (desk::person::FULL_NAME, name)));
    facts.extend(details.number.as_ref().map(|number| (desk::person::NUMBER, text(number))));
    facts.extend(born.map(|born| (desk::person::BORN, born)));
    facts.extend(details.sex.map(|sex| (desk::person::SEX, desk::sex(sex).to_owned())));
    facts.extend(details.address.as_ref().map(|line| (desk::person::ADDRESS, text(line))));
    facts.push((labels::SINCE, local(person.since)));
    facts.push((
        labels::MEMBERSHIP,
        match person.membership {
            None => labels::FREE.to_owned(),
            Some(membership) => {
                let over = Told::on(today, membership.until) == Told::Over;
                labels::until(membership.until, over)
            }
        },
    ));
    if view.teams.iter().any(|(team, _)| team.wants_form) {
        let form = details.form_on.map_or(words::FORM_MISSING.to_owned(), words::full_day);
        facts.push((words::FORM, form));
    }
    html! {
        h2 { (labels::REGISTERED) }
        dl.facts { @for (label, value) in facts { div { dt { (label) } dd { (value) } } } }
    }
}

fn cases(view: &View) -> Markup {
    html! {
        @if !view.cases.is_empty() {
            h2 { (labels::CASES) }
            ul.plain {
                @for case in &view.cases {
                    li {
                        @let said = labels::case(&local(case.opened_at), staff::trouble(case.trouble));
                        @if case.office_since.is_some() {
                            a href={ "/staff/cases/" (case.id) } { (said) }
                        } @else { (said) }
                        " " span.item { @match &case.closed {
                            Some(closed) => (desk::outcome(closed.outcome)),
                            None => (labels::OPEN),
                        } }
                    }
                }
            }
        }
    }
}
