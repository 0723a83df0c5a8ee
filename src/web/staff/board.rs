//! `/staff`: what has to be done now. Three numbers and one list, the oldest first; where there is
//! nothing to do, it says so with the time. The page asks for itself again every minute, unless
//! somebody reads it who wants it to stand still.

use std::time::Duration;

use maud::{Markup, html};

use super::{Desk, Visit, calls, is_open_to, lists, people};
use crate::domain::case::{Actor, Case, Receiver};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::record::Next;
use crate::domain::schedule::Zone;
use crate::domain::team::Role;
use crate::domain::time::Moment;
use crate::domain::vitals::Ailment;
use crate::http::{Response, StatusCode};
use crate::locale::staff::{self as words, board};
use crate::locale::{checkup, desk, page};
use crate::store::{OpenCases, Reading, Standing, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Cases on one page.
const CASES_MAX: usize = 200;

/// Those who were told, by name; more are counted.
const TOLD_MAX: usize = 6;

/// Teams of a person, by name.
const TEAMS_MAX: usize = 6;

/// The page asks for itself again after so many seconds.
const RENEW: &str = "60; url=/staff?auto";

/// The query of a page that stands still.
const STILL: &str = "still";

/// How long before its end a session says so.
const SAID_BEFORE: Duration = Duration::from_secs(5 * 60);

/// Everything that the page shows.
struct View {
    now: Moment,
    cases: Vec<Line>,
    more: bool,
    standing: Standing,
    /// Those without LINE who are to be phoned.
    to_phone: usize,
}

/// One case.
struct Line {
    case: Case,
    name: Option<String>,
    teams: Vec<String>,
    claimer: Option<String>,
    told: Vec<String>,
    /// What whoever wrote the last record means to do.
    next: Option<Next>,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let view = query(&visit.site.store.read()?, by, visit.site.clock.now())?;
    let ailments = (visit.site.ailments)();
    let still = visit.asks(STILL);
    let left = by.session.ends_at().since(visit.now);
    let body = html! {
        @if left <= SAID_BEFORE {
            p.notice role="status" { (words::ends_soon(left)) " " a href="/staff" { (board::GO_ON) } }
        }
        (markup(&view))
        (service(ailments.as_deref()))
        (set_up(visit, by))
        (renewal(still))
        (lists::link(by, "cases"))
    };
    let title = words::board_title(view.cases.len());
    let response = visit.desk_page(by, StatusCode::OK, &title, &body);
    Ok(if still { response } else { response.header("refresh", RENEW) })
}

fn query(reading: &Reading, by: &SignedIn, now: Moment) -> Result<View, StoreError> {
    let within = |person: PersonId| people::is_within(reading, &by.staff.scope, person);
    let OpenCases { cases, more } = reading.board(CASES_MAX)?;
    let standing = reading.standing(within)?;
    let mut lines = Vec::new();
    for case in cases {
        if within(case.person)? {
            lines.push(line(reading, case)?);
        }
    }
    let cases = lines;
    let to_phone = calls::due(reading, by)?;
    Ok(View { now, cases, more, standing, to_phone })
}

fn line(reading: &Reading, case: Case) -> Result<Line, StoreError> {
    let name = |id: PersonId| -> Result<Option<String>, StoreError> {
        Ok(reading.person(id)?.and_then(|person| person.name).map(|name| name.to_string()))
    };
    let told = |receiver: &Receiver| -> Result<String, StoreError> {
        let name = name(receiver.person)?.unwrap_or_else(|| board::NO_NAME.to_owned());
        Ok(words::told(&name, receiver.told))
    };
    let shown = case.receivers.iter().take(TOLD_MAX);
    let mut told = shown.map(told).collect::<Result<Vec<_>, _>>()?;
    let rest = case.receivers.len().saturating_sub(TOLD_MAX);
    told.extend((rest > 0).then(|| words::and_more(rest)));
    Ok(Line {
        name: name(case.person)?,
        teams: teams(reading, case.person)?,
        claimer: match case.claimer() {
            Some(Actor::Person(person)) => name(person)?.as_deref().map(words::called),
            Some(Actor::Staff(_)) => Some(words::OFFICE.to_owned()),
            None => None,
        },
        told,
        next: reading.last_record(case.id)?.and_then(|record| record.note.next),
        case,
    })
}

fn teams(reading: &Reading, person: PersonId) -> Result<Vec<String>, StoreError> {
    let places = reading.places(person)?;
    let asked = places.into_iter().filter(|(_, role, _)| *role == Role::Member);
    let name = |team: TeamId| -> Result<Option<String>, StoreError> {
        Ok(reading.team(team)?.map(|team| page::team(&team.name)))
    };
    let names: Result<Vec<Option<String>>, StoreError> =
        asked.take(TEAMS_MAX).map(|(team, _, _)| name(team)).collect();
    Ok(names?.into_iter().flatten().collect())
}

fn markup(view: &View) -> Markup {
    let now = Zone::default().local(view.now);
    let count = |number: usize, more: bool| {
        html! { strong { (number) @if more { span { (board::AT_LEAST) } } } }
    };
    let Standing { waiting, unreachable, more } = view.standing;
    let numbers = [(view.cases.len(), view.more), (waiting, more), (unreachable, more)];
    html! {
        h1 { (board::TITLE) }
        p.as-of { (words::as_of(now)) }
        dl.numbers {
            @for (label, (number, more)) in board::NUMBERS.iter().zip(numbers) {
                div { dt { (label) } dd { (count(number, more)) } }
            }
        }
        @if view.to_phone > 0 {
            p.notice {
                (board::to_phone(view.to_phone)) " "
                a href="/staff/calls" { (board::TO_CALLS) }
            }
        }
        @if view.cases.is_empty() && !view.more {
            p.all-clear { (words::all_clear(now)) }
        } @else {
            h2 { (board::LIST) }
            @if view.more { p.notice { (board::MORE) } }
            ol.cases { @for line in &view.cases { (case(line, view.now)) } }
        }
    }
}

fn case(line: &Line, now: Moment) -> Markup {
    let Line { case, name, teams, claimer, told, next } = line;
    let local = |moment| Zone::default().local(moment);
    let since = words::date_time(local(case.opened_at));
    let ago = words::in_brackets(&words::ago(now.since(case.opened_at)));
    let [since_label, team_label, claim_label, told_label] = board::LABELS;
    html! {
        li.case {
            div.what {
                h3 {
                    a href={ "/staff/cases/" (case.id) } {
                        (name.as_deref().map_or(board::NO_NAME.to_owned(), words::called))
                    }
                }
                p.trouble { (words::trouble(case.trouble)) }
                @if case.nobody { p.flag { (board::NOBODY_TO_TELL) } }
                @if let Some(mark) = words::mark(case.mark) { p.flag { (mark) } }
                @if case.called_emergency { p.flag { (board::EMERGENCY) } }
                @if case.no_contact { p.flag { (board::NO_CONTACT) } }
                @if case.cleared { p.flag.good { (board::CLEARED) } }
                @if next.as_ref().is_some_and(|next| next.due_at.is_some_and(|at| at < now)) {
                    p.flag { (board::OVERDUE) }
                }
            }
            @if let Some(next) = next {
                p.next { (desk::next(next.what.as_str(), next.due_at.map(local))) }
            }
            dl {
                div { dt { (since_label) } dd { (since) span.item { (ago) } } }
                @if !teams.is_empty() {
                    div { dt { (team_label) } dd { @for team in teams { span.item { (team) } " " } } }
                }
                div {
                    dt { (claim_label) }
                    dd {
                        @match case.claim {
                            Some(claim) => {
                                (claimer.as_deref().unwrap_or(board::NO_NAME))
                                span.item { (words::claimed_since(local(claim.at))) }
                            }
                            None => (board::UNCLAIMED),
                        }
                    }
                }
                div {
                    dt { (told_label) }
                    dd {
                        @if told.is_empty() && case.nobody { strong { (board::NOBODY) } }
                        @else if told.is_empty() { (words::OFFICE) }
                        @for somebody in told { span.item { (somebody) } " " }
                    }
                }
            }
        }
    }
}

/// Whether the service itself is well: one line, or exactly what to do.
fn service(ailments: Option<&[Ailment]>) -> Markup {
    html! {
        section.service {
            h2 { (board::SERVICE) }
            @match ailments {
                None => p { (board::NOT_LOOKED) },
                Some([]) => p.all-clear { (board::WELL) },
                Some(ailments) => ul {
                    @for ailment in ailments {
                        li { strong { (words::ailment(*ailment)) } " " (words::remedy(*ailment)) }
                    }
                },
            }
        }
    }
}

/// What is still to be done about the set-up, for those who can do it.
fn set_up(visit: &Visit<'_>, by: &SignedIn) -> Markup {
    let bad = visit.site.checkup.last().map_or(0, |report| report.bad());
    html! {
        @if bad > 0 && is_open_to(Desk::SetUp, &by.staff) {
            p.notice {
                (checkup::to_do(bad)) " "
                a href="/staff/setup" { (checkup::TO_CHECKUP) }
            }
        }
    }
}

/// The page moves by itself, and whoever reads slowly can stop it.
fn renewal(still: bool) -> Markup {
    let (said, link, label) = if still {
        (board::STILL, "/staff", board::RENEW)
    } else {
        (board::RENEWS, "/staff?still", board::STAND_STILL)
    };
    html! {
        p.renewal {
            (said) " "
            a href=(link) { (label) } " "
            @if still { a href="/staff?still" { (board::RENEW_NOW) } }
        }
    }
}
