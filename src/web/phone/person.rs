//! `/m/people/{id}`: one whom somebody watches, and `/m/people/{id}/contacts`: what may be known about them.

use maud::{Markup, html};

use super::about::{Saved, save_sheet};
use super::{Visit, care};
use crate::domain::details::Details;
use crate::domain::id::PersonId;
use crate::domain::message::State;
use crate::domain::page::PageAct;
use crate::domain::pause::{self, Pause, Why};
use crate::domain::person::{Person, Watch};
use crate::domain::press::Press;
use crate::domain::rhythm::{self, Slower};
use crate::domain::rules::PAUSE_DAYS_MAX;
use crate::domain::team::Policy;
use crate::domain::time::Moment;
use crate::http::{Response, StatusCode};
use crate::locale::desk::person as sheet_words;
use crate::locale::phone::care::{self as care_words, person as labels};
use crate::locale::phone::{self as words, frame, own};
use crate::locale::rests;
use crate::web::history;
use crate::web::input::{Input, Shape, choice};
use crate::web::known;
use crate::web::sheet::Sheet;
use crate::web::trouble::Trouble;

/// Everything that the page shows besides the person.
struct View {
    state: State,
    case: Option<u32>,
    details: Details,
    policy: Policy,
    history: Option<Markup>,
    slower: Option<Slower>,
    /// When they are asked next.
    next: Moment,
}

fn name(person: &Person) -> String {
    person.name.as_ref().map(|name| words::called(name.as_str())).unwrap_or_default()
}

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    page(visit, StatusCode::OK, None)
}

fn page(visit: &Visit<'_>, status: StatusCode, fault: Option<&str>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let person = care::watched(visit, &reading)?;
    let Some((person, watch)) = person.and_then(|p| p.watch.clone().map(|watch| (p, watch))) else {
        return Ok(visit.site.not_found());
    };
    let (state, case) = known::state(&reading, &person)?;
    let policy = known::policy_for(&reading, visit.me.id, person.id)?;
    let view = View {
        state,
        case: case.filter(|case| case.receiver(visit.me.id).is_some()).map(|case| case.id.0),
        details: reading.details(person.id)?.unwrap_or_default().within(policy),
        policy,
        history: history::last(&reading, person.id, visit.zone())?,
        slower: rhythm::slower(&reading.past_rounds(person.id, rhythm::ROUNDS)?),
        next: watch.asked_next(reading.timer(person.id.0)?, visit.now()),
    };
    drop(reading);
    if view.policy > Policy::Nothing {
        visit.viewed(person.id);
    }
    let name = name(&person);
    let body = html! {
        h1 { (name) }
        (visit.said())
        p.standing { (known::shown(view.state)) }
        @if let Some(case) = view.case {
            p { a.button href={ "/m/cases/" (case) } { (labels::CASE) } }
        } @else if watch.round.is_some() {
            (proxy(visit))
        }
        (times(visit, &person, &watch, view.next))
        @if let Some(slower) = view.slower { (slow(slower)) }
        (calls(&person, &view))
        (resting(visit, &watch, fault))
        @if let Some(history) = &view.history { h2 { (labels::HISTORY) } (history) }
        p { a.action href="/m" { (frame::RETURN) } }
    };
    Ok(visit.page(status, &name, &body)?)
}

fn slow(slower: Slower) -> Markup {
    let minutes =
        |span: std::time::Duration| i64::try_from(span.as_secs() / 60).unwrap_or(i64::MAX);
    html! {
        p.notice {
            strong { (labels::SLOW) } br;
            (care_words::slower(minutes(slower.recent), minutes(slower.before))) br;
            (labels::SLOW_HELP)
        }
    }
}

fn proxy(visit: &Visit<'_>) -> Markup {
    html! {
        (visit.button("proxy", "button", labels::PROXY))
        p.help { (labels::PROXY_HELP) }
    }
}

fn times(visit: &Visit<'_>, person: &Person, watch: &Watch, next: Moment) -> Markup {
    let last = watch.last_answer_at.map(|at| words::date_time(visit.local(at)));
    html! {
        dl.own {
            div { dt { (labels::LAST) } dd { (last.as_deref().unwrap_or(own::NEVER)) } }
            div { dt { (labels::NEXT) } dd { (words::date_time(visit.local(next))) } }
            div {
                dt { (labels::SCHEDULE) }
                dd {
                    (words::schedule(watch.schedule.interval, watch.schedule.hour))
                    @if person.zone != *visit.zone() { br; small { (labels::THEIR_TIME) } }
                }
            }
        }
    }
}

fn calls(person: &Person, view: &View) -> Markup {
    html! {
        h2 { (labels::CALLS) }
        @match known::calls(&view.details) {
            Some(numbers) => (numbers),
            None => p { (labels::NO_NUMBER) },
        }
        p { a.action href={ "/m/people/" (person.id) "/contacts" } { (labels::ABOUT) } }
    }
}

fn resting(visit: &Visit<'_>, watch: &Watch, fault: Option<&str>) -> Markup {
    html! {
        h2 { (labels::REST) }
        @match &watch.pause {
            Some(Pause { first_day, last_day, .. }) => {
                p { (care_words::resting(*first_day, *last_day)) }
                div.acts {
                    (visit.button("still", "quiet", labels::STILL))
                    (visit.button("over", "quiet", labels::OVER))
                }
            }
            None => {
                p.help { (labels::LET_REST_HELP) }
                form.entry method="post" {
                    (visit.word())
                    input type="hidden" name="act" value="rest";
                    @let days = Input::new("days", Shape::Line(3), labels::DAYS, "");
                    (days.with(visit.form.text("days")).faulty(fault).markup())
                    @let why = visit.form.text("why").parse().ok();
                    (choice("why", own::rest::WHY, &Why::ALL.map(rests::why), why, None))
                    button.quiet type="submit" { (labels::LET_REST) }
                }
            }
        }
    }
}

/// Something is done for them.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some(person) = care::watched(visit, &visit.reading()?)? else {
        return Ok(visit.site.not_found());
    };
    let id = person.id;
    let press = match visit.form.text("act") {
        "proxy" => Press::Proxy(id),
        "still" => Press::StillPaused(id),
        "over" => Press::PauseOver(id),
        "rest" => {
            let days = visit.form.text("days").trim().parse().ok();
            let days = days.filter(|days| (1..=PAUSE_DAYS_MAX).contains(days));
            let Some(days) = days else {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return page(visit, status, Some(labels::BAD_DAYS));
            };
            let n: usize = visit.form.text("why").parse().unwrap_or_default();
            let why = Why::ALL.get(n).copied().unwrap_or(Why::Unsaid);
            if visit.form.text("sure") != "1" {
                return sure(visit, &person, days, (n, why));
            }
            Press::PauseFor(id, days, why)
        }
        _ => return Ok(visit.site.not_found()),
    };
    visit.act(PageAct::Press(press)).await?;
    Ok(Visit::done(&format!("/m/people/{id}")))
}

/// A rest is asked for twice, with who it is for: people died behind one that was meant for another.
fn sure(
    visit: &Visit<'_>,
    person: &Person,
    days: u8,
    (n, why): (usize, Why),
) -> Result<Response, Trouble> {
    let today = person.zone.local(visit.now()).date();
    let last_day = pause::last_day(today, days).unwrap_or(today);
    let name = person.name.as_ref().map(|name| name.as_str()).unwrap_or_default();
    let reading = visit.reading()?;
    let policy = known::policy_for(&reading, visit.me.id, person.id)?;
    let details = reading.details(person.id)?.unwrap_or_default().within(policy);
    drop(reading);
    let body = html! {
        h1 { (labels::REST_SURE) }
        p.question { (care_words::would_rest(name, days, last_day)) " " (rests::why(why)) }
        (known::identity(person.id, &details))
        p { (labels::LET_REST_HELP) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="rest";
            input type="hidden" name="days" value=(days);
            input type="hidden" name="why" value=(n);
            input type="hidden" name="sure" value="1";
            button.button type="submit" { (labels::LET_REST) }
        }
        p { a.action href={ "/m/people/" (person.id) } { (frame::BACK) } }
    };
    Ok(visit.page(StatusCode::OK, labels::REST_SURE, &body)?)
}

/// What may be known about them.
pub(super) fn contacts(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let Some(person) = care::watched(visit, &reading)? else { return Ok(visit.site.not_found()) };
    let policy = known::policy_for(&reading, visit.me.id, person.id)?;
    let details = reading.details(person.id)?.unwrap_or_default().within(policy);
    drop(reading);
    if policy > Policy::Nothing {
        visit.viewed(person.id);
    }
    sheet(visit, StatusCode::OK, &person, policy, (None, &Sheet::of(&details)))
}

/// Changes it.
pub(super) async fn save_contacts(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let reading = visit.reading()?;
    let Some(person) = care::watched(visit, &reading)? else { return Ok(visit.site.not_found()) };
    let policy = known::policy_for(&reading, visit.me.id, person.id)?;
    drop(reading);
    let (me, id): (PersonId, PersonId) = (visit.me.id, person.id);
    match save_sheet(visit, id, |reading| known::policy_for(reading, me, id)).await? {
        Saved::Yes => Ok(Visit::done(&format!("/m/people/{id}/contacts"))),
        Saved::Unreadable(typed) => {
            let said = (Some(frame::CHECK), &typed);
            sheet(visit, StatusCode::UNPROCESSABLE_ENTITY, &person, policy, said)
        }
        Saved::Stale(typed) => {
            let said = (Some(sheet_words::STALE), &typed);
            sheet(visit, StatusCode::CONFLICT, &person, policy, said)
        }
    }
}

fn sheet(
    visit: &Visit<'_>,
    status: StatusCode,
    person: &Person,
    policy: Policy,
    (said, sheet): (Option<&str>, &Sheet),
) -> Result<Response, Trouble> {
    let name = name(person);
    let shown = if said.is_some() { policy.max(sheet.needs()) } else { policy };
    let body = html! {
        h1 { (name) " ： " (labels::ABOUT_TITLE) }
        (visit.said())
        @if let Some(said) = said { p.notice role="alert" { (said) } }
        @if shown == Policy::Nothing {
            p { (labels::NOTHING) }
        } @else {
            p { (labels::ABOUT_HOW) " " (sheet_words::POLICY) "：" strong { (words::policy(policy)) } }
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="version" value=(sheet.version());
                (sheet.markup(shown, false))
                button.button type="submit" { (own::about::SAVE) }
            }
        }
        p { a.action href={ "/m/people/" (person.id) } { (frame::RETURN) } }
    };
    Ok(visit.page(status, &name, &body)?)
}
