//! `/staff/calls`: whom to phone now. People without LINE who are due, with what came of the last call, and everyone
//! with an open case, each with their numbers in order. To work from on the screen, or on paper.

use maud::{Markup, html};

use super::{Visit, may_change, people};
use crate::domain::case::Case;
use crate::domain::details::Details;
use crate::domain::id::PersonId;
use crate::domain::message::State;
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct, Phoned};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::calls as words;
use crate::locale::people as people_words;
use crate::locale::{desk, staff};
use crate::store::{Reading, StoreError};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{known, layout};

/// People whom the list can hold.
const PEOPLE_MAX: usize = 20_000;

/// Lines of one list.
const SHOWN_MAX: usize = 200;

/// The query after a result.
const NOTED: &str = "noted";

/// Somebody to phone.
struct Line {
    person: Person,
    details: Details,
    state: State,
    case: Option<Case>,
}

impl Line {
    fn of(reading: &Reading, person: Person) -> Result<Self, StoreError> {
        let policy = people::policy(reading, person.id)?;
        let details = reading.details(person.id)?.unwrap_or_default().within(policy);
        let (state, case) = known::state(reading, &person)?;
        Ok(Self { person, details, state, case })
    }
}

/// Everything that the page shows.
#[derive(Default)]
struct View {
    /// Those without LINE who are due, the longest first.
    due: Vec<Line>,
    /// Those of them who are due before the day is over.
    later: usize,
    /// Whether there is anybody without LINE.
    any: bool,
    /// Those with a case on the board.
    cases: Vec<Line>,
    more: bool,
}

/// So many without LINE are due now.
pub(super) fn due(reading: &Reading, by: &SignedIn) -> Result<usize, StoreError> {
    let (people, _) = reading.watched(PEOPLE_MAX)?;
    let mut count = 0;
    for person in people.iter().filter(|person| person.is_phoned()) {
        let (state, _) = known::state(reading, person)?;
        let is_due = matches!(state, State::ToPhone | State::PhonedInVain);
        count += usize::from(is_due && people::concerns(reading, by, person.id)?);
    }
    Ok(count)
}

fn query(reading: &Reading, by: &SignedIn, now: Moment) -> Result<View, StoreError> {
    let mut view = View::default();
    let today = Zone::default().local(now).date();
    let (all, more) = reading.watched(PEOPLE_MAX)?;
    for person in all.into_iter().filter(Person::is_phoned) {
        if !people::concerns(reading, by, person.id)? {
            continue;
        }
        view.any = true;
        let watch = person.watch.as_ref();
        let waits = watch.is_some_and(|watch| watch.round.is_none() && watch.pause.is_none());
        let timer = reading.timer(person.id.0)?;
        let next = watch.map(|watch| watch.asked_next(timer, now)).filter(|_| waits);
        let line = Line::of(reading, person)?;
        if matches!(line.state, State::ToPhone | State::PhonedInVain) {
            view.due.push(line);
        } else if next.is_some_and(|at| Zone::default().local(at).date() == today) {
            view.later += 1;
        }
    }
    view.due.sort_by_key(|line| (line.state, since(&line.person), line.person.id));
    view.more = more || view.due.len() > SHOWN_MAX;
    view.due.truncate(SHOWN_MAX);
    let board = reading.board(SHOWN_MAX)?;
    view.more |= board.more;
    for case in board.cases {
        if people::is_within(reading, &by.staff.scope, case.person)?
            && let Some(person) = reading.person(case.person)?
        {
            let line = Line::of(reading, person)?;
            view.cases.push(Line { case: Some(case), ..line });
        }
    }
    Ok(view)
}

/// Since when somebody is to be phoned.
fn since(person: &Person) -> Option<Moment> {
    Some(person.watch.as_ref()?.round.as_ref()?.due_at)
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let now = visit.site.clock.now();
    let view = query(&visit.site.store.read()?, by, now)?;
    let named = view.due.len() + view.cases.len();
    if named > 0 {
        let act = DeskAct::Listed(u32::try_from(named).unwrap_or(u32::MAX));
        visit.office().act_later(visit.now, Deed::Desk { by: by.staff.id, act });
    }
    let today = Zone::default().local(now).date();
    let body = html! {
        h1 { (words::TITLE) }
        p.as-of { (words::day(today)) }
        @if visit.asks(NOTED) { p.notice.screen role="status" { (words::NOTED) } }
        @if view.more { p.notice { (words::MORE) } }
        h2 { (words::TODAY) }
        @if view.due.is_empty() {
            @if view.any { p.all-clear { (words::NOBODY) } } @else { p { (words::EMPTY) } }
        } @else {
            p.screen { (words::HOW) }
            @let rows = html! { @for line in &view.due { (due_row(visit, by, line)) } };
            (layout::cards(words::TODAY, &words::COLUMNS, &rows))
        }
        @if view.later > 0 { p { (words::later_today(view.later)) } }
        h2 { (words::CASES) }
        @if view.cases.is_empty() { p { (words::NO_CASES) } } @else {
            @let rows = html! { @for line in &view.cases { (case_row(line)) } };
            (layout::cards(words::CASES, &words::COLUMNS, &rows))
        }
        p.help.screen { (words::PRINT) }
        @if may_change(by) {
            div.acts.screen {
                a.action href="/staff/people/new" { (words::NEW) }
                a.action href="/staff/people/import" { (words::IMPORT) }
            }
        }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::TITLE, &body))
}

fn local(at: Moment) -> jiff::civil::DateTime {
    Zone::default().local(at)
}

/// Name, as they are called and in full.
fn who(line: &Line) -> Markup {
    let Line { person, details, .. } = line;
    let name = person.name.as_ref().map(|name| staff::called(name.as_str()));
    let reading = details.reading.as_ref().map(|line| line.as_str());
    html! {
        a href={ "/staff/people/" (person.id) } { (name.as_deref().unwrap_or(people_words::NO_NAME)) }
        @if let Some(full) = &details.full_name {
            br; small { (people_words::full_name(full.as_str(), reading)) }
        }
        @if let Some(address) = &details.address { br; small { (address.as_str()) } }
    }
}

fn numbers(line: &Line) -> Markup {
    known::calls(&line.details).unwrap_or_else(|| html! { (desk::case::NO_NUMBER) })
}

fn due_row(visit: &Visit<'_>, by: &SignedIn, line: &Line) -> Markup {
    let round = line.person.watch.as_ref().and_then(|watch| watch.round.as_ref());
    let said = round.map(|round| match round.resent_at {
        Some(at) => {
            let until = at + visit.site.rules.alert_after;
            words::in_vain(local(at), local(until))
        }
        None => words::since(local(round.due_at)),
    });
    html! {
        tr {
            th scope="row" { (who(line)) @if let Some(said) = said { br; small { (said) } } }
            td { (numbers(line)) }
            td { (line.details.note.as_ref().map(|note| note.as_str()).unwrap_or_default()) }
            td {
                @if may_change(by) {
                    (result(visit, &line.person, "well", words::WELL))
                    (result(visit, &line.person, "vain", words::IN_VAIN))
                    (result(visit, &line.person, "worried", words::WORRIED))
                }
                (blank())
            }
        }
    }
}

/// A result as a button.
fn result(visit: &Visit<'_>, person: &Person, act: &str, label: &str) -> Markup {
    let name = person.name.as_ref().map(ToString::to_string).unwrap_or_default();
    html! {
        form.screen method="post" action="/staff/calls" {
            (visit.word())
            input type="hidden" name="act" value=(act);
            input type="hidden" name="person" value=(person.id);
            button.quiet type="submit" aria-label={ (name) " " (label) } { (label) }
        }
    }
}

/// Room to write by hand, on paper.
fn blank() -> Markup {
    html! { div.paper { @for label in words::BLANK { p { (label) "：" } } } }
}

fn case_row(line: &Line) -> Markup {
    html! {
        tr {
            th scope="row" {
                (who(line))
                @if let Some(case) = &line.case { br; small { (staff::trouble(case.trouble)) } }
            }
            td { (numbers(line)) }
            td { (line.details.note.as_ref().map(|note| note.as_str()).unwrap_or_default()) }
            td {
                @if let Some(case) = &line.case {
                    a.action.screen href={ "/staff/cases/" (case.id) } { (words::ON_BOARD) }
                }
                (blank())
            }
        }
    }
}

/// What came of a call, as a form says it.
pub(super) fn phoned(act: &str) -> Option<Phoned> {
    match act {
        "well" => Some(Phoned::Well),
        "vain" => Some(Phoned::InVain),
        "worried" => Some(Phoned::Worried),
        _ => None,
    }
}

/// Writes down what came of a call.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let person = visit.form.text("person").parse().ok().map(PersonId);
    let (Some(person), Some(what)) = (person, phoned(visit.form.text("act"))) else {
        return Ok(visit.site.not_found());
    };
    if !people::concerns(&visit.site.store.read()?, by, person)? {
        return Ok(visit.site.not_found());
    }
    let act = DeskAct::Phoned(person, what);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    Ok(Response::redirect_see_other(&format!("/staff/calls?{NOTED}")))
}
