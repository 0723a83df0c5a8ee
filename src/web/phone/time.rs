//! `/u/time`: day and hour of the questions, each hour with the moment at which an alert would come.

use maud::{Markup, html};

use super::Visit;
use crate::domain::page::PageAct;
use crate::domain::schedule::{Hour, Interval};
use crate::http::{Response, StatusCode};
use crate::locale::phone::own::time as labels;
use crate::locale::phone::{self as words, frame};
use crate::web::input::select;
use crate::web::trouble::Trouble;

/// The page.
pub(super) fn show(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some(watch) = &visit.me.watch else { return Ok(visit.site.not_found()) };
    let (interval, hour) = (watch.schedule.interval, watch.schedule.hour);
    page(visit, StatusCode::OK, None, (interval, hour))
}

fn page(
    visit: &Visit<'_>,
    status: StatusCode,
    said: Option<&str>,
    chosen: (Interval, Hour),
) -> Result<Response, Trouble> {
    let body = html! {
        h1 { (labels::TITLE) }
        @if let Some(said) = said { p.notice role="alert" { (said) } }
        p { (labels::HOW) }
        form.entry method="post" {
            (visit.word())
            (fields(visit, chosen))
            button.button type="submit" { (labels::SAVE) }
        }
        p { a.action href="/u" { (frame::BACK) } }
    };
    Ok(visit.page(status, labels::TITLE, &body)?)
}

/// The two choices.
pub(super) fn fields(visit: &Visit<'_>, (interval, hour): (Interval, Hour)) -> Markup {
    let intervals = Interval::ALL.map(|interval| (interval.as_days(), words::interval(interval)));
    let hours: Vec<(u8, String)> = (0..24)
        .filter_map(Hour::new)
        .map(|hour| (hour.get(), words::hour(hour, visit.site.rules.alert_time(hour))))
        .collect();
    let hours: Vec<(u8, &str)> = hours.iter().map(|(n, label)| (*n, label.as_str())).collect();
    html! {
        (select("interval", labels::INTERVAL, &intervals, Some(interval.as_days()), None))
        (select("hour", labels::HOUR, &hours, Some(hour.get()), None))
        p.help { (labels::HOUR_HELP) }
    }
}

/// What was chosen.
pub(super) fn chosen(visit: &Visit<'_>) -> Option<(Interval, Hour)> {
    let interval = Interval::days(visit.form.text("interval").parse().ok()?)?;
    Some((interval, Hour::new(visit.form.text("hour").parse().ok()?)?))
}

/// Changes them.
pub(super) async fn save(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some(watch) = &visit.me.watch else { return Ok(visit.site.not_found()) };
    let Some((interval, hour)) = chosen(visit) else {
        let known = (watch.schedule.interval, watch.schedule.hour);
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(labels::CHOOSE), known);
    };
    visit.act(PageAct::Retime(interval, hour)).await?;
    Ok(Visit::done("/u"))
}
