//! `/staff/cases/{id}`: one case. Who goes, whom to phone in which order, what was done and what happened,
//! and how it ended. Everything is on one page, because whoever works here has a telephone in one hand.

use maud::{Markup, html};

use super::case_form::{self, NoteForm};
use super::people;
use super::{Visit, may_change};
use crate::domain::case::{Actor, Case, Outcome};
use crate::domain::details::Details;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::person::EndReason;
use crate::domain::record::Record;
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::desk::{self as words, case as labels, person as person_labels};
use crate::locale::staff as board_words;
use crate::store::{Entry, Reading, StoreError};
use crate::web::known;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Entries of the story on the page; the newest.
const STORY_MAX: usize = 200;

/// Records on the page; the newest.
const RECORDS_MAX: usize = 100;

/// What a case can turn out to be, in the order of the list.
const OUTCOMES: [Outcome; 13] = [
    Outcome::Well,
    Outcome::Forgot,
    Outcome::PhoneTrouble,
    Outcome::Travel,
    Outcome::Unwell,
    Outcome::Hospital,
    Outcome::Ambulance,
    Outcome::HandedOn,
    Outcome::FalseAlarm,
    Outcome::Other,
    Outcome::Moved,
    Outcome::CareHome,
    Outcome::Died,
];

/// Everything that the page shows.
struct View {
    case: Case,
    name: String,
    details: Details,
    claimer: Option<String>,
    story: Vec<(Moment, Markup)>,
    /// Whether there is more to do for the person than this case.
    ours: bool,
    /// Whether the person is still asked.
    watched: bool,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    page(visit, by, StatusCode::OK, None, &NoteForm::default())
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    said: Option<&str>,
    note: &NoteForm,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let Some(case) = of_path(visit, by, &reading)? else { return Ok(visit.site.not_found()) };
    let view = query(&reading, by, case)?;
    drop(reading);
    visit.office().act_later(visit.now, viewed(by, view.case.person));
    let title = words::case_title(&view.name, view.case.trouble);
    let body = markup(visit, by, &view, said, note);
    Ok(visit.desk_page(by, status, &title, &body))
}

fn viewed(by: &SignedIn, person: PersonId) -> Deed {
    Deed::Desk { by: by.staff.id, act: DeskAct::Viewed(person) }
}

/// The case of the path, if it has come to the office and is this account's business.
fn of_path(
    visit: &Visit<'_>,
    by: &SignedIn,
    reading: &Reading,
) -> Result<Option<Case>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let case = reading.case(CaseId(id))?.filter(|case| case.office_since.is_some());
    let Some(case) = case else { return Ok(None) };
    Ok(people::is_within(reading, &by.staff.scope, case.person)?.then_some(case))
}

/// What was posted: one of the forms of the page.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(case) = of_path(visit, by, &visit.site.store.read()?)? else {
        return Ok(visit.site.not_found());
    };
    let id = case.id;
    let act = match visit.form.text("act") {
        "claim" => DeskAct::Claim(id),
        "release" => DeskAct::Release(id),
        "emergency" => DeskAct::Emergency(id),
        "record" => match NoteForm::of(&visit.form) {
            Ok(note) => DeskAct::Record(id, note),
            Err(form) => return page(visit, by, StatusCode::UNPROCESSABLE_ENTITY, None, &form),
        },
        "close" => match chosen(visit) {
            Some(outcome) if outcome.ends_watch() && visit.form.text("sure") != "1" => {
                return sure(visit, by, &case, outcome);
            }
            Some(outcome) => DeskAct::Close(id, outcome),
            None => {
                let (status, note) = (StatusCode::UNPROCESSABLE_ENTITY, NoteForm::default());
                return page(visit, by, status, Some(labels::CHOOSE), &note);
            }
        },
        _ => return Ok(visit.site.not_found()),
    };
    let staff = by.staff.id;
    visit.office().act(visit.now, Deed::Desk { by: staff, act }).await?;
    Ok(Response::redirect_see_other(&format!("/staff/cases/{id}")))
}

fn chosen(visit: &Visit<'_>) -> Option<Outcome> {
    let number: usize = visit.form.text("outcome").parse().ok()?;
    OUTCOMES.get(number).copied()
}

/// The watch over somebody is to end: asked once more, with everything that says who it is.
fn sure(
    visit: &Visit<'_>,
    by: &SignedIn,
    case: &Case,
    outcome: Outcome,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let name = known::name(&reading, case.person)?;
    let details = reading.details(case.person)?.unwrap_or_default();
    let number = OUTCOMES.iter().position(|known| *known == outcome).unwrap_or_default();
    let body = html! {
        h1 { (labels::SURE) }
        p.question { (name) " " (words::outcome(outcome)) }
        (known::identity(case.person, &details))
        p { (labels::SURE_WHY) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="close";
            input type="hidden" name="outcome" value=(number);
            input type="hidden" name="sure" value="1";
            button.button.grave type="submit" { (labels::SURE_NOW) }
        }
        p { a.action href={ "/staff/cases/" (case.id) } { (labels::BACK) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, labels::SURE, &body))
}

fn query(reading: &Reading, by: &SignedIn, case: Case) -> Result<View, StoreError> {
    let name = known::name(reading, case.person)?;
    let details = reading.details(case.person)?.unwrap_or_default();
    let claimer = case.claimer().map(|by| actor(reading, by)).transpose()?;
    let story = story(reading, case.id)?;
    let ours = people::concerns(reading, by, case.person)?;
    let watched = reading.person(case.person)?.is_some_and(|person| person.watch.is_some());
    Ok(View { case, name, details, claimer, story, ours, watched })
}

/// Who did something: staff by the name of their account, others by their nickname.
fn actor(reading: &Reading, actor: Actor) -> Result<String, StoreError> {
    match actor {
        Actor::Person(person) => known::name(reading, person),
        Actor::Staff(staff) => {
            let name = reading.staff(staff)?.map(|staff| staff.name.to_string());
            Ok(words::called(board_words::OFFICE, name.as_deref()))
        }
    }
}

/// What happened and what was written down, in the order of time.
fn story(reading: &Reading, case: CaseId) -> Result<Vec<(Moment, Markup)>, StoreError> {
    let mut story = Vec::new();
    for Entry { at, fact, .. } in reading.story(case, STORY_MAX)? {
        let named = |by| actor(reading, by).unwrap_or_else(|_| labels::SOMEBODY.to_owned());
        if let Some(line) = words::event(fact, named) {
            story.push((at, html! { (line) }));
        }
    }
    for record in reading.records(case, RECORDS_MAX)? {
        let who = actor(reading, Actor::Staff(record.by))?;
        story.push((record.at, written(&record, &who)));
    }
    story.sort_by_key(|(at, _)| *at);
    Ok(story)
}

fn written(record: &Record, who: &str) -> Markup {
    let note = &record.note;
    let due_at = note.next.as_ref().and_then(|next| next.due_at);
    html! {
        strong {
            (words::means(note.means)) " ／ " (words::party(note.party)) " ／ "
            (words::finding(note.result))
        }
        @if let Some(text) = &note.text { br; (text.as_str()) }
        @if let Some(next) = &note.next {
            br; (words::next(next.what.as_str(), due_at.map(local)))
        }
        br; span.item { (who) }
    }
}

fn local(moment: Moment) -> jiff::civil::DateTime {
    Zone::default().local(moment)
}

fn markup(
    visit: &Visit<'_>,
    by: &SignedIn,
    view: &View,
    said: Option<&str>,
    note: &NoteForm,
) -> Markup {
    let View { case, name, claimer, story, .. } = view;
    let acts = may_change(by) && case.is_open();
    html! {
        p { a.action href="/staff" { (labels::BOARD) } }
        h1 { (name) }
        @if let Some(said) = said { p.notice role="alert" { (said) } }
        (headline(visit, case))
        @if let Some(closed) = case.closed {
            p.notice { (labels::OVER) " ： " (words::outcome(closed.outcome)) }
            @if offers_rest(closed.outcome) && view.ours && view.watched && may_change(by) {
                p {
                    (labels::REST_HINT) " "
                    a.action href={ "/staff/people/" (case.person) "/rest" } { (person_labels::REST) }
                }
            }
        }
        div.columns {
            div {
                @if case.is_open() { (who_goes(visit, view, claimer.as_deref(), acts)) }
                (calls(view))
                @if may_change(by) { (case_form::note(visit, note)) }
            }
            div {
                @if acts { (closing(visit)) }
                h2 { (labels::STORY) }
                ol.story {
                    @for (at, line) in story.iter().rev() {
                        li { span.when { (words::date_time(local(*at))) } div { (line) } }
                    }
                }
            }
        }
    }
}

fn headline(visit: &Visit<'_>, case: &Case) -> Markup {
    let since = board_words::date_time(local(case.opened_at));
    let ago = visit.site.clock.now().since(case.opened_at);
    html! {
        div.what {
            p.trouble { (board_words::trouble(case.trouble)) }
            p { (since) " " (board_words::in_brackets(&board_words::ago(ago))) }
            @if case.nobody { p.flag { (board_words::board::NOBODY_TO_TELL) } }
            @if let Some(mark) = board_words::mark(case.mark) { p.flag { (mark) } }
            @if case.called_emergency { p.flag { (board_words::board::EMERGENCY) } }
            @if case.no_contact { p.flag { (board_words::board::NO_CONTACT) } }
            @if case.cleared { p.flag.good { (board_words::board::CLEARED) } }
        }
    }
}

fn who_goes(visit: &Visit<'_>, view: &View, claimer: Option<&str>, acts: bool) -> Markup {
    let case = &view.case;
    let ours = matches!(case.claimer(), Some(Actor::Staff(_)));
    html! {
        h2 { (labels::WHO_GOES) }
        p { strong { (claimer.unwrap_or(labels::UNCLAIMED)) } }
        @if acts {
            div.acts {
                @if case.claim.is_none() { (visit.button("claim", "button", labels::CLAIM)) }
                @if ours && !case.called_emergency {
                    (visit.button("release", "quiet", labels::RELEASE))
                }
                @if !case.called_emergency {
                    (visit.button("emergency", "quiet", labels::EMERGENCY))
                }
            }
        }
    }
}

/// Whom to phone, in this order: the person, those who are close, whoever has a key; then go there.
fn calls(view: &View) -> Markup {
    let details = &view.details;
    html! {
        h2 { (labels::CALLS) }
        @match known::calls(details) {
            Some(numbers) => (numbers),
            None => p.notice { (labels::NO_NUMBER) },
        }
        p { (labels::VISIT) }
        @if let Some(address) = &details.address {
            p { strong { (labels::ADDRESS) } " ： " (address.as_str()) }
        }
        @if let Some(note) = &details.note {
            p { strong { (labels::KNOW) } " ： " (note.as_str()) }
        }
        @if view.ours {
            p { a.action href={ "/staff/people/" (view.case.person) "/contacts" } { (labels::EDIT) } }
        }
    }
}

/// Whoever is away for days would only be asked in vain.
fn offers_rest(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Travel | Outcome::Hospital)
}

fn closing(visit: &Visit<'_>) -> Markup {
    html! {
        h2 { (labels::CLOSE) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="close";
            p.help id="outcome-help" { (labels::CLOSE_HELP) }
            fieldset.choices aria-describedby="outcome-help" {
                legend { (labels::OUTCOME) }
                @for (n, outcome) in OUTCOMES.iter().enumerate() {
                    label {
                        input type="radio" name="outcome" value=(n) required;
                        span {
                            (words::outcome(*outcome))
                            @if EndReason::of(*outcome).is_some() { br; small { (labels::ENDS) } }
                        }
                    }
                }
            }
            button.button type="submit" { (labels::CLOSE_NOW) }
        }
    }
}
