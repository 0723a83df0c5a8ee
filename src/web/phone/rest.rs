//! `/u/rest`: a rest of one's own. It has a last day, is asked for twice, and everyone who watches is told.

use jiff::civil::Date;
use maud::{Markup, html};

use super::Visit;
use crate::domain::page::PageAct;
use crate::domain::pause::{self, Pause, Why};
use crate::domain::person::Watch;
use crate::domain::press::Press;
use crate::domain::rules::PAUSE_DAYS_MAX;
use crate::http::{Response, StatusCode};
use crate::locale::phone::frame;
use crate::locale::phone::own::{self as words, rest as labels};
use crate::web::day;
use crate::web::input::{Input, Shape, choice};
use crate::web::trouble::Trouble;

/// Days that are offered with one press.
const OFFERED: [u8; 3] = [1, 3, 7];

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some(watch) = &visit.me.watch else { return Ok(visit.site.not_found()) };
    match &watch.pause {
        Some(pause) => Ok(resting(visit, pause)?),
        None => ask(visit, StatusCode::OK, None),
    }
}

/// One who rests already can end it.
fn resting(visit: &Visit<'_>, pause: &Pause) -> Result<Response, Trouble> {
    let body = html! {
        h1 { (words::resting(pause.last_day)) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="end";
            button.button type="submit" { (labels::END) }
        }
        p { a.action href="/u" { (frame::RETURN) } }
    };
    Ok(visit.page(StatusCode::OK, labels::TITLE, &body)?)
}

fn today(visit: &Visit<'_>) -> Date {
    visit.local(visit.now()).date()
}

fn ask(visit: &Visit<'_>, status: StatusCode, fault: Option<&str>) -> Result<Response, Trouble> {
    let today = today(visit);
    let chosen = visit.form.text("until");
    let typed = visit.form.text("day").to_owned();
    let why = visit.form.text("why").parse().ok();
    let latest = pause::last_day(today, PAUSE_DAYS_MAX).unwrap_or(today);
    let day = Input::new("day", Shape::Day(today, latest), labels::DAY, "");
    let body = html! {
        h1 { (labels::TITLE) }
        p { (labels::HOW) }
        form.entry method="post" {
            (visit.word())
            fieldset.choices.big {
                legend { (labels::UNTIL) }
                @for days in OFFERED {
                    @if let Some(last_day) = pause::last_day(today, days) {
                        (radio(&days.to_string(), chosen, &words::rest_days(days, last_day)))
                    }
                }
                (radio("day", chosen, labels::OTHER))
            }
            (day.with(&typed).faulty(fault).markup())
            (choice("why", labels::WHY, &labels::WHYS, why, None))
            button.button type="submit" { (labels::NEXT) }
        }
        p { a.action href="/u" { (frame::BACK) } }
    };
    Ok(visit.page(status, labels::TITLE, &body)?)
}

fn radio(value: &str, chosen: &str, label: &str) -> Markup {
    html! {
        label {
            input type="radio" name="until" value=(value) checked[value == chosen];
            span { (label) }
        }
    }
}

/// Asks once more, begins a rest, ends it.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some(watch) = &visit.me.watch else { return Ok(visit.site.not_found()) };
    if visit.form.text("act") == "end" {
        visit.act(PageAct::Press(Press::PauseEnd)).await?;
        return Ok(Visit::done("/u"));
    }
    let today = today(visit);
    let last_day = chosen(visit, today).filter(|last_day| pause::is_allowed(today, *last_day));
    let Some(last_day) = last_day else {
        return ask(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(labels::BAD_DAY));
    };
    let n: usize = visit.form.text("why").parse().unwrap_or_default();
    let why = Why::ALL.get(n).copied().unwrap_or(Why::Unsaid);
    if visit.form.text("sure") != "1" {
        return sure(visit, watch, last_day, why);
    }
    visit.act(PageAct::Press(Press::PauseSure(last_day, why))).await?;
    Ok(Visit::done("/u"))
}

fn chosen(visit: &Visit<'_>, today: Date) -> Option<Date> {
    match visit.form.text("until") {
        "day" | "" => day::read(visit.form.text("day")).ok().flatten(),
        days => pause::last_day(today, days.parse().ok()?),
    }
}

fn sure(visit: &Visit<'_>, watch: &Watch, last_day: Date, why: Why) -> Result<Response, Trouble> {
    let (now, first_day) = (visit.now(), today(visit));
    let by = crate::domain::case::Actor::Person(visit.me.id);
    let planned = Pause { since: now, first_day, last_day, why, by, pings: 0, announced: false };
    let next = visit.local(planned.resumes_at(&watch.schedule));
    let n = Why::ALL.iter().position(|known| *known == why).unwrap_or_default();
    let body = html! {
        h1 { (labels::SURE) }
        p.question { (words::rest_means(last_day, next)) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="until" value="day";
            input type="hidden" name="day" value=(last_day);
            input type="hidden" name="why" value=(n);
            input type="hidden" name="sure" value="1";
            button.button type="submit" { (labels::NOW) }
        }
        p { a.action href="/u" { (frame::BACK) } }
    };
    Ok(visit.page(StatusCode::OK, labels::SURE, &body)?)
}
