//! `/staff/me`: one's own password and second factor. Both are changed only by somebody who proves
//! again who they are; a session alone, left open at a desk, is not enough.

use maud::{Markup, html};

use super::draft::Draft;
use super::prove::{self, Proved, Typed};
use super::welcome::{Faults, factor_body, number_field, recovery_body};
use super::{Visit, factor};
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, FactorSecret, Proof, TokenHash};
use crate::http::{Response, StatusCode};
use crate::locale::staff::{self as words, field as labels, login, me, welcome};
use crate::web::field::{Field, Kind};
use crate::web::random;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// The query after a password was changed.
const CHANGED: &str = "changed";

/// What the page says besides its forms.
#[derive(Default)]
struct Said {
    /// Above everything.
    above: Option<&'static str>,
    /// At the password.
    password: Option<&'static str>,
    /// At its fields.
    faults: Faults,
    /// At the second factor.
    factor: Option<&'static str>,
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Response {
    let above = visit.asks(CHANGED).then_some(me::PASSWORD_CHANGED);
    view(visit, by, StatusCode::OK, &Said { above, ..Said::default() })
}

/// Changes the password.
pub(super) async fn change_password(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let faults = Faults::of(visit, &by.staff);
    if faults.any() {
        let said = Said { faults, ..Said::default() };
        return Ok(view(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &said));
    }
    let refused = |status, why| {
        let said = Said { password: Some(why), ..Said::default() };
        Ok(view(visit, by, status, &said))
    };
    let proof = match proved(visit, by).await? {
        Ok(proof) => proof,
        Err((status, why)) => return refused(status, why),
    };
    let office = visit.office();
    let (staff, token) = (by.staff.id, random::token()?);
    let session = TokenHash::of(&token);
    let password = office.hasher.hash(visit.form.text("new-password")).await?;
    office.act(visit.now, Deed::NewPassword { staff, proof, password, session }).await?;
    if visit.site.store.read()?.session(session)?.is_none() {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, me::NOT_PROVED);
    }
    tracing::info!(%staff, "a password was changed");
    Ok(visit.enter(&token, Response::redirect_see_other("/staff/me?changed")))
}

/// Proves who they are, and shows the secret of a new second factor.
pub(super) async fn begin_factor(mut visit: Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let refused = |visit: &Visit<'_>, status, why| {
        let said = Said { factor: Some(why), ..Said::default() };
        Ok(view(visit, by, status, &said))
    };
    let proof = match proved(&visit, by).await? {
        Ok(proof) => proof,
        Err((status, why)) => return refused(&visit, status, why),
    };
    // As a new log-in: what was shown counts once, whoever else shows it at the same moment.
    let (staff, token) = (by.staff.id, random::token()?);
    let (session, instead_of) = (TokenHash::of(&token), Some(TokenHash::of(&visit.key)));
    visit.office().act(visit.now, Deed::LoggedIn { staff, proof, session, instead_of }).await?;
    if visit.site.store.read()?.session(session)?.is_none() {
        return refused(&visit, StatusCode::UNPROCESSABLE_ENTITY, me::NOT_PROVED);
    }
    let secret = factor::fresh()?;
    visit.office().drafts.keep(session, Draft { password: None, secret }, visit.now);
    visit.key.clone_from(&token);
    let shown = factor_page(&visit, by, secret, None);
    Ok(visit.enter(&token, shown))
}

/// Confirms the new second factor, and shows new recovery codes.
pub(super) async fn confirm_factor(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let (office, within) = (visit.office(), TokenHash::of(&visit.key));
    let too_late = || {
        let said = Said { factor: Some(me::TOO_LATE), ..Said::default() };
        Ok(view(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &said))
    };
    let Some(Draft { secret, .. }) = office.drafts.get(within, visit.now) else {
        return too_late();
    };
    let Some(factor) = factor::confirmed(secret, visit.form.text("number"), visit.now) else {
        return Ok(factor_page(visit, by, secret, Some(labels::WRONG_NUMBER)));
    };
    let (codes, recovery) = factor::recovery_codes()?;
    let (staff, token) = (by.staff.id, random::token()?);
    let session = TokenHash::of(&token);
    office.drafts.forget(within);
    office.act(visit.now, Deed::NewFactor { staff, within, factor, recovery, session }).await?;
    if visit.site.store.read()?.session(session)?.is_none() {
        return too_late();
    }
    tracing::info!(%staff, "a second factor was changed");
    let body = recovery_body(visit, &by.staff, &codes);
    let shown = super::frame::door(visit.site, StatusCode::OK, welcome::RECOVERY_TITLE, &body);
    Ok(visit.enter(&token, shown))
}

/// The proof, or why there is none.
async fn proved(
    visit: &Visit<'_>,
    by: &SignedIn,
) -> Result<Result<Proof, (StatusCode, &'static str)>, Trouble> {
    let typed = Typed { password: visit.form.text("password"), number: visit.form.text("number") };
    Ok(match prove::again(visit, &by.staff, typed).await? {
        Proved::Yes(_, proof) => Ok(proof),
        Proved::No => Err((StatusCode::UNPROCESSABLE_ENTITY, me::NOT_PROVED)),
        Proved::Wait(_) => Err((StatusCode::TOO_MANY_REQUESTS, login::WAIT)),
    })
}

fn view(visit: &Visit<'_>, by: &SignedIn, status: StatusCode, said: &Said) -> Response {
    let body = html! {
        h1 { (me::TITLE) }
        @if let Some(above) = said.above { p.notice role="status" { (above) } }
        (about(by))
        h2 #password-title { (me::PASSWORD) }
        form.entry method="post" action="/staff/me/password" aria-labelledby="password-title" {
            (visit.word())
            @if let Some(why) = said.password { p.notice role="alert" { (why) } }
            (proof_fields(["password", "number"]))
            (said.faults.fields())
            button.button type="submit" { (me::CHANGE_PASSWORD) }
        }
        h2 #factor-title { (me::FACTOR) }
        p { (me::FACTOR_WHY) }
        form.entry method="post" action="/staff/me/factor" aria-labelledby="factor-title" {
            (visit.word())
            @if let Some(why) = said.factor { p.notice role="alert" { (why) } }
            (proof_fields(["factor-password", "factor-number"]))
            button.button type="submit" { (me::BEGIN_FACTOR) }
        }
    };
    visit.desk_page(by, status, me::TITLE, &body)
}

fn about(by: &SignedIn) -> Markup {
    let staff = &by.staff;
    let since = words::date_time(Zone::default().local(staff.since));
    let values = [
        staff.name.to_string(),
        words::role(staff.role).to_owned(),
        since,
        words::codes_left(staff.recovery.len()),
    ];
    html! {
        dl.facts {
            @for (label, value) in me::LABELS.iter().zip(values) {
                div { dt { (label) } dd { (value) } }
            }
        }
    }
}

/// What proves again who somebody is; the ids differ from one form to the other.
fn proof_fields([password, number]: [&'static str; 2]) -> Markup {
    let help = labels::NUMBER_HELP;
    html! {
        (Field::new("password", Kind::Password, labels::OLD_PASSWORD, "").called(password).markup())
        (Field::new("number", Kind::Number, labels::NUMBER, help).called(number).markup())
    }
}

fn factor_page(
    visit: &Visit<'_>,
    by: &SignedIn,
    secret: FactorSecret,
    fault: Option<&'static str>,
) -> Response {
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let body = html! {
        h1 { (me::FACTOR) }
        (factor_body(visit, &by.staff, secret))
        form.entry method="post" action="/staff/me/factor/confirm" {
            (visit.word())
            (number_field(fault))
            button.button type="submit" { (welcome::NEXT) }
        }
    };
    visit.desk_page(by, status, me::FACTOR, &body)
}
