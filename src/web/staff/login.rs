//! `/staff/login` and `/staff/logout`. Name, password and number are asked at once, and the answer
//! does not say which of them was wrong.

use std::time::Duration;

use maud::{Markup, html};

use super::Visit;
use super::prove::{self, Proved, Typed};
use crate::domain::id::StaffId;
use crate::domain::staff::{Deed, Proof, TokenHash};
use crate::http::{Response, StatusCode};
use crate::locale::staff::{field as labels, login as words};
use crate::web::field::{Field, Kind};
use crate::web::random;
use crate::web::session::{self, Cookie};
use crate::web::trouble::Trouble;

/// The query of somebody whose session has ended.
const ENDED: &str = "ended";

/// The form.
pub(super) fn form(visit: &Visit<'_>) -> Response {
    let said = visit.asks(ENDED).then_some(words::ENDED);
    view(visit, StatusCode::OK, said, "")
}

/// Sends somebody without a session to the log-in.
pub(super) fn ended() -> Response {
    Response::redirect_see_other("/staff/login?ended")
}

/// Logs in.
pub(super) async fn log_in(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let name = visit.form.text("name");
    let typed = Typed { password: visit.form.text("password"), number: visit.form.text("number") };
    match prove::by_name(visit, name, typed).await? {
        Proved::Yes(staff, proof) => begin(visit, staff, proof, name).await,
        Proved::No => Ok(wrong(visit, name)),
        Proved::Wait(wait) => Ok(too_many(visit, wait, name)),
    }
}

async fn begin(
    visit: &Visit<'_>,
    staff: StaffId,
    proof: Proof,
    name: &str,
) -> Result<Response, Trouble> {
    let office = visit.office();
    let token = random::token()?;
    let session = TokenHash::of(&token);
    let instead_of =
        session::token(office.gate.cookies, visit.request).map(|old| TokenHash::of(&old));
    office.act(visit.now, Deed::LoggedIn { staff, proof, session, instead_of }).await?;
    // The number may have been used, or the password changed, in the meantime.
    if visit.site.store.read()?.session(session)?.is_none() {
        return Ok(wrong(visit, name));
    }
    tracing::info!(%staff, "logged in");
    let entered = visit.enter(&token, Response::redirect_see_other("/staff"));
    let known = session::known_value(&office.gate.mint, staff);
    Ok(office.gate.cookies.set(entered, Cookie::Known, &known))
}

fn wrong(visit: &Visit<'_>, name: &str) -> Response {
    view(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(words::WRONG), name)
}

fn too_many(visit: &Visit<'_>, wait: Duration, name: &str) -> Response {
    view(visit, StatusCode::TOO_MANY_REQUESTS, Some(words::WAIT), name)
        .header("retry-after", &wait.as_secs().max(1).to_string())
}

/// Logs out.
pub(super) async fn log_out(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let session = TokenHash::of(&visit.key);
    visit.office().drafts.forget(session);
    visit.office().act(visit.now, Deed::LoggedOut { session }).await?;
    let response = Response::redirect_see_other("/staff/login");
    Ok(visit.office().gate.cookies.remove(response, Cookie::Session))
}

fn view(visit: &Visit<'_>, status: StatusCode, said: Option<&str>, name: &str) -> Response {
    let fields: [Markup; 3] = [
        Field::new("name", Kind::LoginName, labels::NAME, labels::NAME_HELP).with(name).markup(),
        Field::new("password", Kind::Password, labels::PASSWORD, "").markup(),
        Field::new("number", Kind::Number, labels::NUMBER, labels::NUMBER_HELP).markup(),
    ];
    let body = html! {
        h1 { (words::TITLE) }
        @if let Some(said) = said { p.notice role="alert" { (said) } }
        form.entry method="post" action="/staff/login" {
            (visit.word())
            @for field in fields { (field) }
            button.button type="submit" { (words::LOG_IN) }
        }
        p { (words::HELP) }
    };
    visit.door_page(status, words::TITLE, &body)
}
