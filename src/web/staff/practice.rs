//! `/staff/practice`: leads through a round of practice on the phone of whoever sets the service up. What happens there
//! shows here within seconds, because the page asks for itself again. Administrators only.

use maud::{Markup, html};

use super::Visit;
use crate::domain::practice::{Practice, PracticeStage};
use crate::domain::schedule::Zone;
use crate::domain::service::Service;
use crate::domain::staff::{Deed, DeskAct, PracticeAct};
use crate::domain::time::Moment;
use crate::http::{Method, Response, StatusCode};
use crate::locale::practice as words;
use crate::locale::words::CODE_MARK;
use crate::web::public::qr;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

const PATH: &str = "/staff/practice";

/// While one is under way, the page asks for itself again after so many seconds.
const RENEW: &str = "5; url=/staff/practice?auto";

/// The query of a page that stands still.
const STILL: &str = "still";

/// Shows the page, or does what was pressed there.
pub(super) async fn answer(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    match visit.request.method {
        Method::POST => act(visit, by).await,
        _ => page(visit, by, StatusCode::OK, None),
    }
}

/// Begins a practice, or ends it.
async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let act = match visit.form.text("act") {
        "begin" if visit.site.voice().basic_id.is_some() => PracticeAct::Begin,
        "begin" => {
            return page(visit, by, StatusCode::UNPROCESSABLE_ENTITY, Some(words::NO_LINE));
        }
        "stop" => PracticeAct::Stop,
        _ => return page(visit, by, StatusCode::BAD_REQUEST, None),
    };
    let deed = Deed::Desk { by: by.staff.id, act: DeskAct::Practice(act) };
    visit.office().act(visit.now, deed).await?;
    match act {
        PracticeAct::Begin => Ok(Response::redirect_see_other(PATH)),
        PracticeAct::Stop => page(visit, by, StatusCode::OK, Some(words::STOPPED)),
    }
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    said: Option<&str>,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let service = reading.service()?;
    let still = visit.asks(STILL);
    let role = if status == StatusCode::OK { "status" } else { "alert" };
    let body = html! {
        h1 { (words::TITLE) }
        @if let Some(said) = said { p.notice role=(role) { (said) } }
        @match &service.practice {
            Some(practice) => {
                @let begun_by = reading.staff(practice.by)?;
                @if let Some(staff) = begun_by.filter(|staff| staff.id != by.staff.id) {
                    p.notice { (words::begun_by(staff.name.as_str())) }
                }
                (under_way(visit, practice, still))
            }
            None => (beginning(visit, &service)),
        }
        p { a.action href="/staff/setup" { (words::TO_CHECKUP) } }
    };
    let page = visit.desk_page(by, status, words::TITLE, &body);
    let renews = service.practice.is_some() && !still;
    Ok(if renews { page.header("refresh", RENEW) } else { page })
}

fn wall(at: Moment) -> jiff::civil::DateTime {
    Zone::default().local(at)
}

fn beginning(visit: &Visit<'_>, service: &Service) -> Markup {
    let connected = visit.site.voice().basic_id.is_some();
    let label = if service.practised_at.is_some() { words::ONCE_MORE } else { words::BEGIN };
    html! {
        @if let Some(at) = service.practised_at {
            p.all-clear { (words::done(wall(at))) }
        }
        p { (words::HOW) }
        p { (words::NOBODY_ELSE) }
        p { (words::WHOSE) }
        ol { @for name in words::STEP_NAMES { li { (name) } } }
        @if connected { div.entry { (visit.button("begin", "button", label)) } }
        @else { p.notice { (words::NO_LINE) } }
    }
}

/// How far it has come, and what to do now.
fn under_way(visit: &Visit<'_>, practice: &Practice, still: bool) -> Markup {
    let here = match practice.stage {
        PracticeStage::Invited => 0,
        PracticeStage::Asked => 1,
        PracticeStage::Silent(_) => 2,
        PracticeStage::Alerted => 3,
        PracticeStage::Claimed => 4,
    };
    html! {
        h2 { (words::STEPS) }
        ol.checkup {
            @for (place, name) in words::STEP_NAMES.into_iter().enumerate() {
                @if place < here {
                    li.good { h3 { (name) " " span.state { (words::DONE) } } }
                } @else if place == here {
                    li.by-hand aria-current="step" {
                        h3 { (name) " " span.state { (words::NOW) } }
                        div role="status" { (now(visit, practice)) }
                    }
                } @else {
                    li.advice { h3 { (name) } }
                }
            }
        }
        p.renewal {
            @if still { (words::STILL) " " a href=(PATH) { (words::RENEW) } }
            @else { (words::RENEWS) " " a href={ (PATH) "?" (STILL) } { (words::STAND_STILL) } }
        }
        (visit.button("stop", "quiet", words::STOP))
    }
}

/// What to do now.
fn now(visit: &Visit<'_>, practice: &Practice) -> Markup {
    match practice.stage {
        PracticeStage::Invited => {
            let code = visit.office().gate.mint.code(practice.number).to_string();
            let typed = format!("{CODE_MARK} {code}");
            let link = visit.site.voice().chat_link(&typed);
            html! {
                p { (words::READ) }
                @if let Some(picture) = link.and_then(|link| qr::inline(&link, words::QR_ALT)) {
                    (picture)
                }
                p { (words::OR_TYPE) }
                p.code { strong { (typed) } }
            }
        }
        PracticeStage::Asked => html! { p { (words::PRESS) } p.help { (words::NOTHING_CAME) } },
        PracticeStage::Silent(until) => html! { p { (words::wait(wall(until))) } },
        PracticeStage::Alerted => {
            html! { p { (words::CLAIM) } p.help { (words::NOTHING_CAME) } }
        }
        PracticeStage::Claimed => html! { p { (words::CLOSE) } },
    }
}
