//! `/staff/people/{id}`: one whom the office watches over or looks after: how they are, whom to phone, who watches, how
//! the last questions went, and what was done about them before.

use maud::{Markup, html};

use super::{Visit, calls, may_change, newcomer, people, watching};
use crate::domain::age;
use crate::domain::case::Case;
use crate::domain::details::{Details, Lack};
use crate::domain::id::PersonId;
use crate::domain::membership::Told;
use crate::domain::message::State;
use crate::domain::pause::Pause;
use crate::domain::person::{EndReason, Person, Watch};
use crate::domain::rhythm::{self, Slower};
use crate::domain::schedule::{Hour, Interval, Zone};
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::{Policy, Role, Team, TeamKind};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::calls as call_words;
use crate::locale::districts::team as team_words;
use crate::locale::erasure::form as erasure_words;
use crate::locale::people::one as labels;
use crate::locale::{
    desk, districts, page as page_words, people as words, phone, report, rests, staff, zones,
};
use crate::store::{Reading, StoreError};
use crate::web::history;
use crate::web::input::choice;
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Why a watch ends, in the order of the list.
pub(super) const ENDS: [EndReason; 4] =
    [EndReason::OwnWish, EndReason::Moved, EndReason::CareHome, EndReason::Died];

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
    /// What the office still has to know.
    lacks: Vec<Lack>,
    /// Whether they watch over others themselves.
    watches: bool,
    /// When something happens to them next.
    timer: Option<Moment>,
}

/// One who watches.
struct Watcher {
    id: PersonId,
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

/// What was posted: one of the forms of the page.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(person) = of_path(visit, by)? else { return Ok(visit.site.not_found()) };
    let number = |name: &str| visit.form.text(name).parse::<usize>().ok();
    let act = match visit.form.text("act") {
        "retime" => {
            let interval = number("interval").and_then(|n| Interval::ALL.get(n).copied());
            let hour = number("hour").and_then(|n| u8::try_from(n).ok()).and_then(Hour::new);
            interval.zip(hour).map(|(interval, hour)| DeskAct::Retime(person, interval, hour))
        }
        "end" => match number("why").and_then(|n| ENDS.get(n).copied()) {
            Some(why) if visit.form.text("sure") == "1" => Some(DeskAct::EndWatch(person, why)),
            Some(why) => return sure(visit, by, person, why),
            None => None,
        },
        other => calls::phoned(other).map(|what| DeskAct::Phoned(person, what)),
    };
    let Some(act) = act else { return Ok(visit.site.not_found()) };
    let over = matches!(act, DeskAct::EndWatch(..));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    // Whoever is asked nowhere any more is no business of the office.
    let to = if over { "/staff/people".to_owned() } else { format!("/staff/people/{person}") };
    Ok(Response::redirect_see_other(&to))
}

/// The watch over somebody is to end: asked once more, with everything that says who it is.
fn sure(
    visit: &Visit<'_>,
    by: &SignedIn,
    person: PersonId,
    why: EndReason,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let name = known::name(&reading, person)?;
    let policy = people::policy(&reading, person)?;
    let details = reading.details(person)?.unwrap_or_default().within(policy);
    drop(reading);
    let number = ENDS.iter().position(|known| *known == why).unwrap_or_default();
    let body = html! {
        h1 { (labels::END) }
        p.question { (name) " " (report::end_reason(why)) }
        (known::identity(person, &details))
        p { (labels::END_WHY) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="end";
            input type="hidden" name="why" value=(number);
            input type="hidden" name="sure" value="1";
            button.button.grave type="submit" { (labels::END_NOW) }
        }
        p { a.action href={ "/staff/people/" (person) } { (desk::case::BACK) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, labels::END, &body))
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
                @if let Some(watch) = &view.person.watch {
                    (times(&view, watch, now))
                    @if may_change(by) { (phoning(visit, &view, watch)) }
                }
                (resting(by, &view))
                (calls(&view))
                (teams(by, &view))
            }
            div {
                (registered(&view, now))
                @if let Some(history) = &view.history { h2 { (labels::HISTORY) } (history) }
                (cases(&view))
            }
        }
        @if may_change(by) {
            @if !view.person.is_phoned() {
                p { a.action href={ "/staff/bulletins/new?person=" (person) } { (labels::WRITE) } }
            }
            @if view.person.watch.is_some() { (ending(visit)) }
        }
        @if may_change(by) {
            @if view.watches {
                p { a.action href={ "/staff/people/" (person) "/watching" } { (labels::WATCHES) } }
            }
            p { a.action href={ "/staff/people/" (person) "/dossier" } { (erasure_words::DOSSIER) } }
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
        lacks: known::lacks(reading, id)?,
        watches: !known::teams_as(reading, id, Role::Manager)?.is_empty(),
        timer: reading.timer(id.0)?,
        person,
    }))
}

fn watchers(reading: &Reading, team: &Team) -> Result<Vec<Watcher>, StoreError> {
    let mut watchers = Vec::new();
    for place in reading.members(team.id, Role::Manager, WATCHERS_MAX)? {
        let person = reading.person(place.person)?;
        watchers.push(Watcher {
            id: place.person,
            name: known::name(reading, place.person)?,
            reachable: person.is_some_and(|person| person.is_reachable()),
            proven: place.receives_since.is_some(),
        });
    }
    Ok(watchers)
}

fn local(at: Moment) -> String {
    phone::date_time(Zone::default().local(at))
}

fn times(view: &View, watch: &Watch, now: Moment) -> Markup {
    let next = watch.asked_next(view.timer, now);
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

/// What came of a call; and for somebody without LINE the days on which they are phoned.
fn phoning(visit: &Visit<'_>, view: &View, watch: &Watch) -> Markup {
    let due = matches!(view.state, State::ToPhone | State::PhonedInVain);
    let interval = Interval::ALL.iter().position(|i| *i == watch.schedule.interval);
    html! {
        h2 { (labels::PHONED) }
        div.acts {
            (visit.button("well", "quiet", labels::SPOKE))
            @if due {
                (visit.button("vain", "quiet", call_words::IN_VAIN))
                (visit.button("worried", "quiet", call_words::WORRIED))
            }
        }
        @if view.person.is_phoned() {
            details {
                summary { (labels::RETIME) }
                form.entry method="post" {
                    (visit.word())
                    input type="hidden" name="act" value="retime";
                    (newcomer::times(interval.unwrap_or_default(), usize::from(watch.schedule.hour.get())))
                    button.quiet type="submit" { (desk::person::SAVE) }
                }
            }
        }
    }
}

/// The way out of the watch.
fn ending(visit: &Visit<'_>) -> Markup {
    let reasons = ENDS.map(report::end_reason);
    html! {
        details {
            summary { (labels::END) }
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="act" value="end";
                (choice("why", labels::END_REASON, &reasons, Some(0), None))
                button.quiet type="submit" { (labels::END_NEXT) }
            }
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

fn teams(by: &SignedIn, view: &View) -> Markup {
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
                    @let acts = watching::may_take_out(by, team);
                    @for Watcher { id, name, reachable, proven } in watchers {
                        p.help {
                            (labels::watches(name)) " "
                            span.item {
                                @if !*reachable { (team_words::UNREACHABLE) }
                                @else if *proven { (team_words::RECEIVES) }
                                @else { (team_words::UNSURE) }
                            }
                            @if acts {
                                " "
                                a href={ "/staff/people/" (id) "/watching?team=" (team.id) } {
                                    (team_words::TAKE_OUT)
                                }
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
    facts.push((labels::WAY, labels::way(person.is_phoned()).to_owned()));
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
        @if !view.lacks.is_empty() { p.notice { (labels::lacks(&view.lacks)) } }
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
