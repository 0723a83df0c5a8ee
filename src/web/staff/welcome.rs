//! `/staff/welcome/{token}`: somebody comes by the link that was made for them. Looking at the page
//! changes nothing, because programs look at links too; the last step uses the link up.

use maud::{Markup, html};

use super::draft::Draft;
use super::{Visit, factor, frame, password};
use crate::domain::schedule::Zone;
use crate::domain::staff::{Deed, FactorSecret, PasswordHash, SecondFactor, Staff, TokenHash};
use crate::http::{Response, StatusCode};
use crate::locale::staff::{self as words, field as labels, welcome};
use crate::web::field::{Field, Kind};
use crate::web::random;
use crate::web::session::{self, Cookie};
use crate::web::trouble::Trouble;

/// Hidden field: the step that was filled in.
const STEP: &str = "step";
const NUMBER_STEP: &str = "number";

/// The first step.
pub(super) fn form(visit: &Visit<'_>) -> Result<Response, Trouble> {
    match invited(visit)? {
        Some((staff, _)) => Ok(password_step(visit, &staff, StatusCode::OK, &Faults::default())),
        None => Ok(gone(visit)),
    }
}

/// The next step, or the end.
pub(super) async fn accept(visit: &Visit<'_>) -> Result<Response, Trouble> {
    let Some((staff, link)) = invited(visit)? else { return Ok(gone(visit)) };
    if visit.form.text(STEP) != NUMBER_STEP {
        return take_password(visit, &staff, link).await;
    }
    // After a restart, or a long break, one begins again.
    let draft = visit.office().drafts.get(link, visit.now);
    let Some(Draft { password: Some(password), secret, .. }) = draft else {
        return Ok(password_step(visit, &staff, StatusCode::OK, &Faults::default()));
    };
    match factor::confirmed(secret, visit.form.text("number"), visit.now) {
        Some(factor) => finish(visit, &staff, (link, password, factor)).await,
        None => Ok(factor_step(visit, &staff, secret, Some(labels::WRONG_NUMBER))),
    }
}

/// The account that the link of this visit is for.
fn invited(visit: &Visit<'_>) -> Result<Option<(Staff, TokenHash)>, Trouble> {
    if !random::is_token(visit.part) {
        return Ok(None);
    }
    let link = TokenHash::of(visit.part);
    let all = visit.site.store.read()?.all_staff()?;
    let staff = all.into_iter().find(|staff| staff.is_invited_by(link, visit.now));
    Ok(staff.map(|staff| (staff, link)))
}

async fn take_password(
    visit: &Visit<'_>,
    staff: &Staff,
    link: TokenHash,
) -> Result<Response, Trouble> {
    let faults = Faults::of(visit, staff);
    if faults.any() {
        return Ok(password_step(visit, staff, StatusCode::UNPROCESSABLE_ENTITY, &faults));
    }
    let office = visit.office();
    let password = office.hasher.hash(visit.form.text("new-password")).await?;
    let secret = factor::fresh()?;
    office.drafts.keep(link, Draft { password: Some(password), secret }, visit.now);
    Ok(factor_step(visit, staff, secret, None))
}

async fn finish(
    visit: &Visit<'_>,
    staff: &Staff,
    (link, password, factor): (TokenHash, PasswordHash, SecondFactor),
) -> Result<Response, Trouble> {
    let office = visit.office();
    let (codes, recovery) = factor::recovery_codes()?;
    let token = random::token()?;
    let session = TokenHash::of(&token);
    let id = staff.id;
    let deed = Deed::Accept { staff: id, invitation: link, password, factor, recovery, session };
    office.act(visit.now, deed).await?;
    office.drafts.forget(link);
    // Somebody else may have used the link in the meantime.
    if visit.site.store.read()?.session(session)?.is_none() {
        return Ok(gone(visit));
    }
    tracing::info!(staff = %id, "an account was set up");
    let shown = recovery_step(visit, staff, &codes);
    let entered = visit.enter(&token, shown);
    let known = session::known_value(&office.gate.mint, id);
    Ok(office.gate.cookies.set(entered, Cookie::Known, &known))
}

/// What is wrong with a new password.
#[derive(Default)]
pub(super) struct Faults {
    password: Option<&'static str>,
    repeat: Option<&'static str>,
}

impl Faults {
    /// Judges the two fields of a new password.
    pub(super) fn of(visit: &Visit<'_>, staff: &Staff) -> Self {
        let (typed, again) = (visit.form.text("new-password"), visit.form.text("repeat"));
        let org = visit.site.voice().org;
        let judged = password::judge(typed, &[&org, staff.name.as_str()]);
        Self {
            password: judged.err().map(|fault| match fault {
                password::Fault::Short => labels::SHORT,
                password::Fault::Long => labels::LONG,
                password::Fault::Common => labels::COMMON,
            }),
            repeat: (typed != again).then_some(labels::DIFFERENT),
        }
    }

    /// Whether anything is.
    pub(super) fn any(&self) -> bool {
        self.password.is_some() || self.repeat.is_some()
    }

    /// The two fields, with what is wrong below.
    pub(super) fn fields(&self) -> Markup {
        let kind = Kind::NewPassword;
        let help = labels::NEW_PASSWORD_HELP;
        html! {
            (Field::new("new-password", kind, labels::NEW_PASSWORD, help).faulty(self.password).markup())
            (Field::new("repeat", kind, labels::REPEAT, labels::REPEAT_HELP).faulty(self.repeat).markup())
        }
    }
}

fn password_step(
    visit: &Visit<'_>,
    staff: &Staff,
    status: StatusCode,
    faults: &Faults,
) -> Response {
    let name = Field::new("username", Kind::FixedName, labels::NAME, welcome::NAME_HELP)
        .with(staff.name.as_str());
    let body = html! {
        p.step { (welcome::STEPS[0]) }
        h1 { (welcome::PASSWORD_TITLE) }
        p { (words::welcome_to(&staff.name, staff.role)) }
        form.entry method="post" {
            (visit.word())
            (name.markup())
            (faults.fields())
            button.button type="submit" { (welcome::NEXT) }
        }
    };
    visit.door_page(status, welcome::PASSWORD_TITLE, &body)
}

fn factor_step(
    visit: &Visit<'_>,
    staff: &Staff,
    secret: FactorSecret,
    fault: Option<&'static str>,
) -> Response {
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let body = html! {
        p.step { (welcome::STEPS[1]) }
        h1 { (welcome::FACTOR_TITLE) }
        (factor_body(visit, staff, secret))
        form.entry method="post" {
            (visit.word())
            input type="hidden" name=(STEP) value=(NUMBER_STEP);
            (number_field(fault))
            button.button type="submit" { (welcome::NEXT) }
        }
    };
    visit.door_page(status, welcome::FACTOR_TITLE, &body)
}

/// The field for the number that confirms a new second factor.
pub(super) fn number_field(fault: Option<&'static str>) -> Markup {
    let help = labels::FIRST_NUMBER_HELP;
    Field::new("number", Kind::Number, labels::NUMBER, help).faulty(fault).markup()
}

/// How to set the app up.
pub(super) fn factor_body(visit: &Visit<'_>, staff: &Staff, secret: FactorSecret) -> Markup {
    let org = visit.site.voice().org;
    html! {
        p { (welcome::FACTOR_WHY) }
        ol { @for step in welcome::FACTOR_STEPS { li { (step) } } }
        (factor::picture(secret, staff.name.as_str(), &org, welcome::QR_ALT))
        p { (welcome::BY_HAND) }
        p.code { strong.secret { (factor::as_text(secret)) } }
    }
}

fn recovery_step(visit: &Visit<'_>, staff: &Staff, codes: &[String]) -> Response {
    let body = html! {
        p.step { (welcome::STEPS[2]) }
        (recovery_body(visit, staff, codes))
    };
    frame::door(visit.site, StatusCode::OK, welcome::RECOVERY_TITLE, &body)
}

/// The sheet with recovery codes.
pub(super) fn recovery_body(visit: &Visit<'_>, staff: &Staff, codes: &[String]) -> Markup {
    let now = Zone::default().local(visit.now);
    html! {
        h1 { (welcome::RECOVERY_TITLE) }
        p { (welcome::RECOVERY_WHY) }
        p.notice { (welcome::RECOVERY_ONCE) }
        h2 { (words::codes_of(&staff.name)) }
        p { (words::made_at(now)) }
        ol.codes { @for code in codes { li { code { (code) } } } }
        p.screen { a.button href="/staff" { (welcome::BEGIN) } }
    }
}

fn gone(visit: &Visit<'_>) -> Response {
    let body = html! {
        h1 { (welcome::GONE) }
        p { (welcome::GONE_WHY) }
        p { a.action href="/staff/login" { (welcome::TO_LOGIN) } }
    };
    visit.door_page(StatusCode::NOT_FOUND, welcome::GONE, &body)
}
