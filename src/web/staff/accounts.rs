//! `/staff/accounts`: who may log in, for those who answer for it: all accounts, the form that makes one, and
//! `/staff/accounts/{id}`, where one gets other rights, a new link, or is stopped, at once and with all its sessions.

use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists};
use crate::domain::id::{OrganizationId, StaffId};
use crate::domain::name::NameFault;
use crate::domain::organization::Organization;
use crate::domain::staff::{
    Deed, SCOPE_MAX, STAFF_MAX, Scope, Staff, StaffNameFault, StaffRole, TokenHash, staff_name,
};
use crate::http::{Response, StatusCode};
use crate::locale::accounts as words;
use crate::locale::staff as staff_words;
use crate::locale::{desk, districts};
use crate::store::StoreError;
use crate::web::form::Form;
use crate::web::input::{Input, Shape, choice, seen};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;
use crate::web::{layout, random};

/// What an account may do, in the order of the list: what is needed most often first.
const ROLES: [StaffRole; 3] = [StaffRole::Worker, StaffRole::Viewer, StaffRole::Admin];

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    role: usize,
    limited: bool,
    organizations: Vec<OrganizationId>,
    name_fault: Option<String>,
    scope_fault: Option<&'static str>,
}

/// What an account may do and for whom.
type Rights = (StaffRole, Scope);

impl Typed {
    fn of(form: &Form) -> Self {
        let organizations = form.all("organization").take(SCOPE_MAX);
        Self {
            name: form.text("name").to_owned(),
            role: form.text("role").parse().unwrap_or_default(),
            limited: form.text("scope") == "1",
            organizations: organizations
                .filter_map(|id| id.parse().ok())
                .map(OrganizationId)
                .collect(),
            ..Self::default()
        }
    }

    /// What an account is now.
    fn now(staff: &Staff) -> Self {
        let organizations = match &staff.scope {
            Scope::Everything => Vec::new(),
            Scope::Only(known) => known.clone(),
        };
        Self {
            role: ROLES.iter().position(|role| *role == staff.role).unwrap_or_default(),
            limited: !staff.scope.is_everything(),
            organizations,
            ..Self::default()
        }
    }

    /// The rights that were chosen; what is wrong is said in `self`.
    fn rights(&mut self, known: &[Organization]) -> Option<Rights> {
        let role = ROLES.get(self.role).copied()?;
        if !self.limited {
            return Some((role, Scope::Everything));
        }
        self.organizations.retain(|id| known.iter().any(|organization| organization.id == *id));
        self.scope_fault = match (role, self.organizations.is_empty()) {
            (StaffRole::Admin, _) => Some(words::ADMIN_SEES_ALL),
            (_, true) => Some(words::NO_ORGANIZATION),
            (_, false) => None,
        };
        let scope = Scope::Only(self.organizations.clone());
        self.scope_fault.is_none().then_some((role, scope))
    }

    /// The fields of the rights.
    fn fields(&self, known: &[Organization]) -> Markup {
        let fault = self.scope_fault;
        html! {
            (choice("role", words::ROLE, &ROLES.map(words::role), Some(self.role), None))
            @if !known.is_empty() || self.limited {
                (choice("scope", words::SCOPE, &words::SCOPES, Some(usize::from(self.limited)), fault))
                fieldset.group {
                    legend { (words::ORGANIZATIONS) }
                    @for organization in known {
                        label.tick {
                            input type="checkbox" name="organization" value=(organization.id)
                                checked[self.organizations.contains(&organization.id)];
                            " " (organization.name)
                        }
                    }
                }
            }
        }
    }
}

/// All accounts.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    list(visit, by, StatusCode::OK, &Typed::default())
}

fn list(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let mut all = reading.all_staff()?;
    let known = reading.organizations()?;
    drop(reading);
    all.sort_by_key(|staff| (!staff.active, staff.id));
    let rows = html! { @for staff in &all { (row(staff, by, &known)) } };
    let name = Input::new("name", Shape::Line(40), words::NAME, words::NAME_HELP);
    let body = html! {
        h1 { (words::TITLE) }
        (layout::table(words::TITLE, &words::COLUMNS, &rows))
        (lists::link(by, "accounts"))
        @if all.len() >= STAFF_MAX {
            p.notice { (words::FULL) }
        } @else {
            h2 { (words::MAKE) }
            p { (words::HOW) }
            form.entry method="post" action="/staff/accounts" {
                (visit.word())
                (name.with(&typed.name).faulty(typed.name_fault.as_deref()).markup())
                (typed.fields(&known))
                button.button type="submit" { (words::MAKE_NOW) }
            }
        }
    };
    Ok(visit.desk_page(by, status, words::TITLE, &body))
}

/// The accounts as a file.
pub(super) fn table_of(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let known = asked.reading.organizations()?;
    let row = |staff: Staff| {
        vec![
            staff.name.to_string(),
            staff_words::role(staff.role).to_owned(),
            scope(&staff.scope, &known),
            state(&staff).to_owned(),
        ]
    };
    let rows = asked.reading.all_staff()?.into_iter().map(row).collect();
    Ok(Table { columns: words::COLUMNS.to_vec(), rows })
}

fn state(staff: &Staff) -> &'static str {
    match (staff.active, staff.is_ready()) {
        (false, _) => words::STOPPED,
        (true, false) => words::INVITED,
        (true, true) => words::READY,
    }
}

fn row(staff: &Staff, by: &SignedIn, known: &[Organization]) -> Markup {
    html! {
        tr {
            th scope="row" {
                @if staff.id == by.staff.id { (staff.name) " " span.item { (words::SELF) } }
                @else { a href={ "/staff/accounts/" (staff.id) } { (staff.name) } }
            }
            td { (staff_words::role(staff.role)) }
            td { (scope(&staff.scope, known)) }
            td { (state(staff)) }
        }
    }
}

/// For whom an account is.
fn scope(scope: &Scope, known: &[Organization]) -> String {
    match scope {
        Scope::Everything => words::SCOPES[0].to_owned(),
        Scope::Only(ids) => {
            let named = known.iter().filter(|o| ids.contains(&o.id)).map(|o| o.name.as_str());
            words::organizations(named)
        }
    }
}

/// Makes an account, and shows its link once.
pub(super) async fn make(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let known = visit.site.store.read()?.organizations()?;
    let mut typed = Typed::of(&visit.form);
    let rights = typed.rights(&known);
    let name = staff_name(&typed.name);
    typed.name_fault = name.as_ref().err().map(|fault| match fault {
        StaffNameFault::Name(NameFault::Empty) => words::NAME_EMPTY.to_owned(),
        StaffNameFault::Name(fault @ NameFault::TooLong(_)) => {
            districts::name_fault(*fault).to_owned()
        }
        StaffNameFault::Number => words::NAME_IS_NUMBER.to_owned(),
    });
    let (Ok(name), Some((role, scope))) = (name, rights) else {
        return list(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &typed);
    };
    let token = random::token()?;
    let invitation = TokenHash::of(&token);
    let (mail, maker) = (None, Some(by.staff.id));
    let deed = Deed::Add { name, role, scope, mail, invitation, by: maker };
    visit.office().act(visit.now, deed).await?;
    let Some(made) = invited(visit, invitation)? else {
        typed.name_fault = Some(words::NAME_TAKEN.to_owned());
        return list(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &typed);
    };
    Ok(handed_out(visit, by, &made, &token))
}

/// The account that this link is for, if the rules let it be made.
fn invited(visit: &Visit<'_>, invitation: TokenHash) -> Result<Option<Staff>, Trouble> {
    let all = visit.site.store.read()?.all_staff()?;
    Ok(all.into_iter().find(|staff| staff.is_invited_by(invitation, visit.now)))
}

/// The link for the owner of an account. Only its hash is kept: it is shown once.
fn handed_out(visit: &Visit<'_>, by: &SignedIn, staff: &Staff, token: &str) -> Response {
    tracing::info!(staff = %staff.id, by = %by.staff.id, "a link for an account was handed out");
    let link = format!("{}/staff/welcome/{token}", visit.site.voice().public_url);
    let body = html! {
        h1 { (words::LINK) }
        p { (words::link_for(&staff.name)) }
        div.field {
            label for="link" { (words::LINK_LABEL) }
            input #link type="text" readonly value=(link) size="60";
        }
        ul { @for step in words::LINK_STEPS { li { (step) } } }
        p { a.action href="/staff/accounts" { (words::BACK) } }
    };
    visit.desk_page(by, StatusCode::OK, words::LINK, &body)
}

/// One account.
pub(super) fn one(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(staff) = other(visit, by)? else { return Ok(visit.site.not_found()) };
    page(visit, by, StatusCode::OK, &staff, &Typed::now(&staff))
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    staff: &Staff,
    typed: &Typed,
) -> Result<Response, Trouble> {
    let known = visit.site.store.read()?.organizations()?;
    let title = staff.name.as_str();
    let body = html! {
        p { a.action href="/staff/accounts" { (words::BACK) } }
        h1 { (title) }
        @if staff.active {
            h2 { (words::RIGHTS) }
            form.entry method="post" {
                (visit.word())
                input type="hidden" name="act" value="change";
                input type="hidden" name="seen" value=(seen(&(staff.role, &staff.scope)));
                @if status == StatusCode::CONFLICT { p.fault { "＊" (desk::person::STALE) } }
                (typed.fields(&known))
                button.button type="submit" { (words::SAVE) }
            }
        } @else { p.notice { (words::STOPPED) } }
        h2 { (words::NEW_LINK) }
        p { (words::NEW_LINK_WHY) }
        (visit.button("link", "quiet", words::NEW_LINK_NOW))
        @if staff.active {
            h2 { (words::STOP_TITLE) }
            p { (words::STOP_WHY) }
            p { a.action href={ "/staff/accounts/" (staff.id) "/stop" } { (words::STOP) } }
        }
    };
    Ok(visit.desk_page(by, status, title, &body))
}

/// What was posted: one of the forms of the page of an account.
pub(super) async fn act(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(staff) = other(visit, by)? else { return Ok(visit.site.not_found()) };
    let maker = by.staff.id;
    match visit.form.text("act") {
        "change" if staff.active => {
            let mut typed = Typed::of(&visit.form);
            if visit.form.text("seen") != seen(&(staff.role, &staff.scope)) {
                return page(visit, by, StatusCode::CONFLICT, &staff, &typed);
            }
            let known = visit.site.store.read()?.organizations()?;
            let Some((role, scope)) = typed.rights(&known) else {
                return page(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &staff, &typed);
            };
            let deed = Deed::Change { staff: staff.id, role, scope, by: maker };
            visit.office().act(visit.now, deed).await?;
            Ok(Response::redirect_see_other("/staff/accounts"))
        }
        "link" => {
            let token = random::token()?;
            let invitation = TokenHash::of(&token);
            let deed = Deed::Reset { staff: staff.id, invitation, by: Some(maker) };
            visit.office().act(visit.now, deed).await?;
            match invited(visit, invitation)? {
                Some(made) => Ok(handed_out(visit, by, &made, &token)),
                None => {
                    let said = html! {
                        h1 { (words::NEW_LINK) }
                        p.notice role="alert" { (words::NAME_TAKEN) }
                        p { a.action href="/staff/accounts" { (words::BACK) } }
                    };
                    Ok(visit.desk_page(by, StatusCode::CONFLICT, words::NEW_LINK, &said))
                }
            }
        }
        _ => Ok(visit.site.not_found()),
    }
}

/// Asks whether to stop one.
pub(super) fn ask(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let staff = other(visit, by)?.filter(|staff| staff.active);
    let Some(staff) = staff else { return Ok(visit.site.not_found()) };
    let body = html! {
        h1 { (words::STOP_TITLE) }
        p.question { (words::stop_question(&staff.name)) }
        p { (words::STOP_WHY) }
        form.entry method="post" {
            (visit.word())
            button.button.grave type="submit" { (words::STOP_NOW) }
        }
        p { a.action href="/staff/accounts" { (words::BACK) } }
    };
    Ok(visit.desk_page(by, StatusCode::OK, words::STOP_TITLE, &body))
}

/// Stops it.
pub(super) async fn stop(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let staff = other(visit, by)?.filter(|staff| staff.active);
    let Some(staff) = staff else { return Ok(visit.site.not_found()) };
    let (staff, by) = (staff.id, by.staff.id);
    visit.office().act(visit.now, Deed::Stop { staff, by }).await?;
    tracing::info!(%staff, %by, "an account was stopped");
    Ok(Response::redirect_see_other("/staff/accounts"))
}

/// The account of this address, if it is somebody else's.
fn other(visit: &Visit<'_>, by: &SignedIn) -> Result<Option<Staff>, Trouble> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let staff = visit.site.store.read()?.staff(StaffId(id))?;
    Ok(staff.filter(|staff| staff.id != by.staff.id))
}
