//! `/m/cases/{id}`: what to do when somebody does not answer. The numbers stand in the order in which they are
//! phoned, because whoever reads this is in a hurry and has a telephone in the hand.

use maud::{Markup, html};

use super::Visit;
use crate::domain::case::{Actor, Case, Outcome};
use crate::domain::details::Details;
use crate::domain::fact::Fact;
use crate::domain::id::CaseId;
use crate::domain::page::PageAct;
use crate::domain::person::Person;
use crate::domain::press::Press;
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::phone::care::{self as care_words, case as labels, person as person_words};
use crate::locale::phone::{self as words, frame};
use crate::locale::{desk, staff as staff_words};
use crate::store::{Entry, Reading, StoreError};
use crate::web::known;
use crate::web::trouble::Trouble;

/// Entries of the story on the page; the newest.
const STORY_MAX: usize = 100;

/// What a case can turn out to be besides "found well", in the order of the list.
const OUTCOMES: [Outcome; 11] = [
    Outcome::Forgot,
    Outcome::PhoneTrouble,
    Outcome::Travel,
    Outcome::Hospital,
    Outcome::Unwell,
    Outcome::Ambulance,
    Outcome::FalseAlarm,
    Outcome::Other,
    Outcome::Moved,
    Outcome::CareHome,
    Outcome::Died,
];

/// Everything that the page shows.
struct View {
    case: Case,
    person: Person,
    details: Details,
    claimer: Option<String>,
    story: Vec<(Moment, String)>,
    watches: bool,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    page(visit, StatusCode::OK, None)
}

/// The case of the path, if the reader was told of it and still watches over the person, or heads their
/// organization.
fn of_path(visit: &Visit<'_>, reading: &Reading) -> Result<Option<Case>, StoreError> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let me = visit.me.id;
    let case = reading.case(CaseId(id))?.filter(|case| case.receiver(me).is_some());
    let Some(case) = case else { return Ok(None) };
    let theirs =
        known::watches(reading, me, case.person)? || known::heads(reading, me, case.person)?;
    Ok(theirs.then_some(case))
}

fn query(visit: &Visit<'_>, reading: &Reading, case: Case) -> Result<Option<View>, StoreError> {
    let Some(person) = reading.person(case.person)? else { return Ok(None) };
    let policy = known::policy_for(reading, visit.me.id, person.id)?;
    let details = reading.details(person.id)?.unwrap_or_default().within(policy);
    let claimer = case.claimer().map(|by| actor(reading, by)).transpose()?;
    let story = story(reading, case.id)?;
    let watches = known::watches(reading, visit.me.id, person.id)?;
    Ok(Some(View { case, person, details, claimer, story, watches }))
}

/// Who did something; no name of the office's staff is shown.
fn actor(reading: &Reading, actor: Actor) -> Result<String, StoreError> {
    match actor {
        Actor::Person(person) => known::name(reading, person),
        Actor::Staff(_) => Ok(staff_words::OFFICE.to_owned()),
    }
}

/// What happened. Who else was told is nobody's business: they may watch in another team.
fn story(reading: &Reading, case: CaseId) -> Result<Vec<(Moment, String)>, StoreError> {
    let mut story = Vec::new();
    for Entry { at, fact, .. } in reading.story(case, STORY_MAX)? {
        let aside = matches!(
            fact,
            Fact::Alerting(..)
                | Fact::Alerted(..)
                | Fact::AlertedByMail(..)
                | Fact::AlertWithdrawn(..)
        );
        let named = |by| actor(reading, by).unwrap_or_else(|_| desk::case::SOMEBODY.to_owned());
        if let Some(line) = desk::event(fact, named).filter(|_| !aside) {
            story.push((at, line));
        }
    }
    Ok(story)
}

fn page(visit: &Visit<'_>, status: StatusCode, said: Option<&str>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let Some(case) = of_path(visit, &reading)? else { return Ok(visit.site.not_found()) };
    let Some(view) = query(visit, &reading, case)? else { return Ok(visit.site.not_found()) };
    drop(reading);
    if view.details != Details::default() {
        visit.viewed(view.person.id);
    }
    let name = view.person.name.as_ref();
    let name = name.map(|name| words::called(name.as_str())).unwrap_or_default();
    let body = markup(visit, &view, &name, said);
    Ok(visit.page(status, &name, &body)?)
}

fn markup(visit: &Visit<'_>, view: &View, name: &str, said: Option<&str>) -> Markup {
    let View { case, person, story, .. } = view;
    html! {
        h1 { (name) }
        @if let Some(said) = said { p.notice role="alert" { (said) } } @else { (visit.said()) }
        p.standing { span.state.alarm[case.is_open()] { (care_words::trouble(case.trouble)) } }
        @if let Some(closed) = case.closed {
            p.notice { (labels::OVER) "：" (desk::outcome(closed.outcome)) }
        } @else {
            (who_goes(visit, view))
            (steps(visit, view))
            (closing(visit, view))
        }
        h2 { (labels::STORY) }
        (silence(visit, view))
        ol.story {
            @for (at, line) in story.iter().rev() {
                li { span.when { (words::date_time(visit.local(*at))) } div { (line) } }
            }
        }
        @if view.watches {
            p { a.action href={ "/m/people/" (person.id) } { (labels::PERSON) } }
        }
        p { a.action href="/m" { (frame::RETURN) } }
    }
}

fn who_goes(visit: &Visit<'_>, view: &View) -> Markup {
    html! {
        h2 { (labels::WHO_GOES) }
        @match &view.claimer {
            Some(name) => p { strong { (care_words::goes(name)) } },
            None => {
                p { (labels::UNCLAIMED) }
                (visit.button("claim", "button", labels::CLAIM))
            }
        }
        @if view.case.office_since.is_some() { p { (labels::OFFICE) } }
    }
}

fn silence(visit: &Visit<'_>, view: &View) -> Markup {
    let watch = view.person.watch.as_ref();
    let round = watch.and_then(|watch| watch.round.as_ref());
    let times = [
        (labels::SINCE, Some(view.case.opened_at)),
        (labels::ASKED, round.and_then(|round| round.asked_at)),
        (labels::RESENT, round.and_then(|round| round.resent_at)),
        (labels::LAST, watch.and_then(|watch| watch.last_answer_at)),
    ];
    html! {
        dl.own {
            @for (label, at) in times {
                @if let Some(at) = at {
                    div { dt { (label) } dd { (words::date_time(visit.local(at))) } }
                }
            }
        }
    }
}

fn steps(visit: &Visit<'_>, view: &View) -> Markup {
    let voice = visit.site.voice();
    html! {
        h2 { (person_words::CALLS) }
        @match known::calls(&view.details) {
            Some(numbers) => (numbers),
            None => {
                p.notice {
                    (person_words::NO_NUMBER)
                    @if voice.phone.is_some() { " " (labels::ASK_OFFICE) }
                }
            }
        }
        @if let Some(address) = &view.details.address { p { (address.as_str()) } }
        @if let Some(note) = &view.details.note { p { (note.as_str()) } }
        h2 { (labels::STEPS) }
        ol.do { @for step in labels::STEP { li { (step) } } }
        div.acts {
            a.action href="tel:119" { (labels::CALL_119) }
            @if !view.case.trouble.is_soft() {
                @if !view.case.no_contact { (visit.button("no-contact", "quiet", labels::NO_CONTACT)) }
                @if !view.case.called_emergency {
                    (visit.button("emergency", "quiet", labels::EMERGENCY))
                }
            }
        }
    }
}

fn closing(visit: &Visit<'_>, view: &View) -> Markup {
    let soft = view.case.trouble.is_soft();
    let well = if soft { labels::SPOKEN } else { labels::WELL };
    html! {
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="close";
            fieldset.choices.big {
                legend { (labels::CLOSE) }
                label { input type="radio" name="outcome" value="well" required; span { (well) } }
                @if !soft {
                    @for (n, outcome) in OUTCOMES.iter().enumerate() {
                        label {
                            input type="radio" name="outcome" value=(n) required;
                            span {
                                (desk::outcome(*outcome))
                                @if outcome.ends_watch() { br; small { (desk::case::ENDS) } }
                            }
                        }
                    }
                }
            }
            button.button type="submit" { (labels::REPORT) }
        }
    }
}

fn chosen(visit: &Visit<'_>) -> Option<Outcome> {
    match visit.form.text("outcome") {
        "well" => Some(Outcome::Well),
        number => OUTCOMES.get(number.parse::<usize>().ok()?).copied(),
    }
}

/// Something is done about it.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let Some(case) = of_path(visit, &reading)? else { return Ok(visit.site.not_found()) };
    let name = known::name(&reading, case.person)?;
    drop(reading);
    let id = case.id;
    let act = match visit.form.text("act") {
        "claim" => PageAct::Press(Press::Claim(id)),
        "no-contact" => PageAct::Press(Press::NoContact(id)),
        "emergency" => PageAct::Press(Press::Emergency(id)),
        "close" => match chosen(visit) {
            Some(outcome) if outcome.ends_watch() && visit.form.text("sure") != "1" => {
                return sure(visit, &case, &name, outcome);
            }
            Some(outcome) => PageAct::Settle(id, outcome),
            None => {
                return page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(labels::CHOOSE));
            }
        },
        _ => return Ok(visit.site.not_found()),
    };
    visit.act(act).await?;
    Ok(Visit::done(&format!("/m/cases/{id}")))
}

/// The watch over somebody is to end: asked once more.
fn sure(visit: &Visit<'_>, case: &Case, name: &str, outcome: Outcome) -> Result<Response, Trouble> {
    let number = OUTCOMES.iter().position(|known| *known == outcome).unwrap_or_default();
    let body = html! {
        h1 { (labels::SURE) }
        p.question { (name) " " (desk::outcome(outcome)) }
        p { (labels::SURE_WHY) }
        p { a.button href={ "/m/cases/" (case.id) } { (frame::BACK) } }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="close";
            input type="hidden" name="outcome" value=(number);
            input type="hidden" name="sure" value="1";
            button.button.grave type="submit" { (labels::SURE_NOW) }
        }
    };
    Ok(visit.page(StatusCode::OK, labels::SURE, &body)?)
}
