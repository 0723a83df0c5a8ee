//! Pages for the council's staff. There is one way in, [`answer`]: it finds out who asks, whether the
//! page is open to them, and whether a form came from our own page; only then the page runs. A new
//! page becomes a variant of [`Desk`] and so needs a session, a role and, if it is posted to, the word
//! of the session's forms; none of that can be forgotten.

mod accounts;
mod board;
mod bulletins;
mod calls;
mod case;
mod case_form;
mod cases;
mod contacts;
mod dossier;
mod draft;
mod erasures;
mod face;
mod factor;
mod frame;
mod groups;
pub mod import;
mod kept;
mod line;
mod lists;
mod log;
mod login;
mod me;
mod memberships;
mod newcomer;
mod office;
mod opinions;
mod organizations;
mod papers;
mod password;
mod people;
mod person;
mod practice;
mod prove;
mod register;
mod report;
mod rests;
mod setup;
mod sheets;
mod statistics;
mod team;
mod teams;
mod watching;
mod welcome;

pub use kept::Kept;
pub use office::Office;

use maud::Markup;

use super::form::Form;
use super::gate::{FORM_BYTES_MAX, Refused};
use super::session::{self, Cookie, SignedIn};
use super::trouble::Trouble;
use super::{Site, csrf, input, random};
use crate::domain::staff::{Deed, SEEN_EVERY, Staff, StaffRole, TokenHash};
use crate::domain::time::Moment;
use crate::http::{Request, Response, StatusCode};
use crate::locale::staff::frame as words;

/// The query with which a page asks for itself again: nobody did anything.
const AUTO: &str = "auto";

/// A page of the staff.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// In front of the door: anybody may ask for it.
    Door(Door),
    /// Behind it.
    Desk(Desk),
}

/// Pages in front of the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// The form of the log-in.
    LoginForm,
    /// Logs in.
    LogIn,
    /// The first page of somebody who came by a link.
    Welcome,
    /// Sets password and second factor.
    Accept,
}

/// Pages behind the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Desk {
    /// What has to be done.
    Board,
    /// One case.
    Case,
    /// Something is done about it.
    CaseAct,
    /// Everyone who is the office's business.
    People,
    /// The same as a file.
    PeopleFile,
    /// Whom to phone now.
    Calls,
    /// Writes down what came of a call.
    CallsAct,
    /// The form for somebody without LINE.
    Newcomer,
    /// Writes them down.
    NewcomerMake,
    /// The form that takes many from a file.
    Import,
    /// Looks at them, writes them down, takes them back.
    ImportAct,
    /// An example of such a file.
    ImportSample,
    /// One of them.
    Person,
    /// Something is done about them.
    PersonAct,
    /// The teams in which somebody watches; takes them out of one.
    Watching,
    /// What is known about a person.
    Contacts,
    /// Changes it.
    ContactsSave,
    /// Everyone who rests.
    Rests,
    /// Asks what is needed to let somebody rest.
    RestForm,
    /// Lets somebody rest, or ends a rest.
    Rest,
    /// All teams.
    Teams,
    /// Makes one.
    TeamMake,
    /// One team.
    Team,
    /// Changes it, or makes an invitation into it.
    TeamAct,
    /// Its leaflet.
    Leaflet,
    /// The form to be signed by its members.
    FormSheet,
    /// All organizations.
    Organizations,
    /// Makes one.
    OrganizationMake,
    /// One organization.
    Organization,
    /// Changes it, or who heads it.
    OrganizationAct,
    /// What is printed.
    Papers,
    /// One sheet of it.
    Paper,
    /// Whether everything is set up.
    SetUp,
    /// Does something about it.
    SetUpAct,
    /// Leads through a round of practice, begins one, ends it.
    Practice,
    /// What people said of the service.
    Opinions,
    /// The account on LINE and the month's messages.
    Line,
    /// A list as a file.
    ListFile,
    /// The report of a month.
    Report,
    /// The same as a file.
    ReportFile,
    /// Numbers about everyone.
    Statistics,
    /// The same as a file.
    StatisticsFile,
    /// What the office said to many, or to one.
    Bulletins,
    /// The form of a new bulletin.
    BulletinForm,
    /// Looks at it, tries it, sends it.
    BulletinSend,
    /// One bulletin.
    Bulletin,
    /// Takes it back, stops it, sends it once more.
    BulletinAct,
    /// All groups.
    Groups,
    /// Until when people are members.
    Memberships,
    /// Sets it.
    MembershipSet,
    /// Logs out.
    LogOut,
    /// One's own settings.
    Me,
    /// Changes the password.
    Password,
    /// Begins a new second factor.
    Factor,
    /// Confirms it.
    ConfirmFactor,
    /// How the service presents itself.
    Face,
    /// Changes it.
    FaceSave,
    /// The terms.
    Terms,
    /// A new version of them.
    TermsPublish,
    /// All accounts.
    Accounts,
    /// Makes one.
    AccountMake,
    /// One account.
    Account,
    /// Changes it, or hands out a new link.
    AccountAct,
    /// What is kept about one person, and that it is not any more.
    Kept(Kept),
    /// Asks whether to stop an account.
    StopForm,
    /// Stops it.
    Stop,
}

impl Desk {
    /// Who may ask for it.
    #[must_use]
    pub fn roles(self) -> &'static [StaffRole] {
        match self {
            Self::Board
            | Self::Case
            | Self::People
            | Self::Calls
            | Self::Person
            | Self::Contacts
            | Self::Rests
            | Self::Teams
            | Self::Team
            | Self::Leaflet
            | Self::FormSheet
            | Self::Organizations
            | Self::Organization
            | Self::Groups
            | Self::Bulletins
            | Self::Bulletin
            | Self::Report
            | Self::ReportFile
            | Self::Line
            | Self::Papers
            | Self::Paper
            | Self::Opinions
            | Self::Statistics
            | Self::StatisticsFile
            | Self::Memberships
            | Self::LogOut
            | Self::Me
            | Self::Password
            | Self::Factor
            | Self::ConfirmFactor => &StaffRole::ALL,
            Self::CaseAct
            | Self::PeopleFile
            | Self::ListFile
            | Self::CallsAct
            | Self::Newcomer
            | Self::NewcomerMake
            | Self::Import
            | Self::ImportAct
            | Self::ImportSample
            | Self::PersonAct
            | Self::Watching
            | Self::ContactsSave
            | Self::RestForm
            | Self::Rest
            | Self::TeamMake
            | Self::TeamAct
            | Self::OrganizationMake
            | Self::OrganizationAct
            | Self::BulletinForm
            | Self::BulletinSend
            | Self::BulletinAct
            | Self::MembershipSet => &[StaffRole::Admin, StaffRole::Worker],
            Self::SetUp
            | Self::SetUpAct
            | Self::Practice
            | Self::Face
            | Self::FaceSave
            | Self::Terms
            | Self::TermsPublish
            | Self::Accounts
            | Self::AccountMake
            | Self::Account
            | Self::AccountAct
            | Self::StopForm
            | Self::Stop => &[StaffRole::Admin],
            Self::Kept(kept) => kept.roles(),
        }
    }
}

/// Pages about everyone at once: who looks after some organizations only has no use for them.
const WHOLE: [Desk; 8] = [
    Desk::Groups,
    Desk::OrganizationMake,
    Desk::Report,
    Desk::ReportFile,
    Desk::Kept(Kept::Erasures),
    Desk::Kept(Kept::EraseForm),
    Desk::Kept(Kept::Erase),
    Desk::Kept(Kept::Receipt),
];

/// Whether a page is open to somebody.
fn is_open_to(desk: Desk, staff: &Staff) -> bool {
    desk.roles().contains(&staff.role) && (staff.scope.is_everything() || !WHOLE.contains(&desk))
}

/// How large a form of a page may be, in bytes.
fn form_bytes_max(desk: Desk) -> usize {
    match desk {
        Desk::ImportAct => import::FORM_BYTES_MAX,
        Desk::FaceSave | Desk::TermsPublish => face::FORM_BYTES_MAX,
        _ => FORM_BYTES_MAX,
    }
}

/// Whether somebody may do more than look.
fn may_change(by: &SignedIn) -> bool {
    by.staff.role != StaffRole::Viewer
}

/// One request, as a page sees it.
struct Visit<'a> {
    site: &'a Site,
    request: &'a Request,
    /// What stands in the path for a placeholder.
    part: &'a str,
    /// The moment at the desk.
    now: Moment,
    /// What was posted; empty for a page that is looked at.
    form: Form,
    /// The token behind the forms of this visit.
    key: String,
    /// Whether the browser does not know it yet.
    key_is_new: bool,
}

impl Visit<'_> {
    fn office(&self) -> &Office {
        &self.site.office
    }

    /// The hidden field that every form of this visit needs.
    fn word(&self) -> Markup {
        csrf::field(&self.office().gate.mint, &self.key)
    }

    /// A form of nothing but a button.
    fn button(&self, act: &str, class: &str, label: &str) -> Markup {
        input::button(&self.word(), act, class, label)
    }

    /// Whether the query is this flag.
    fn asks(&self, flag: &str) -> bool {
        self.request.query == flag
    }

    /// A page in front of the door.
    fn door_page(&self, status: StatusCode, title: &str, body: &Markup) -> Response {
        let response = frame::door(self.site, status, title, body);
        if self.key_is_new {
            self.office().gate.cookies.set(response, Cookie::Form, &self.key)
        } else {
            response
        }
    }

    /// A page behind the door.
    fn desk_page(&self, by: &SignedIn, status: StatusCode, title: &str, body: &Markup) -> Response {
        frame::desk(self, by, status, title, body)
    }

    /// The same response, into a session that has just begun.
    fn enter(&self, token: &str, response: Response) -> Response {
        self.office().gate.cookies.set(response, Cookie::Session, token)
    }
}

/// Answers a request for a page of the staff. `part` stands in the path for a placeholder.
pub async fn answer(site: &Site, page: Page, mut request: Request, part: &str) -> Response {
    let answered = match page {
        Page::Door(door) => at_door(site, door, &mut request, part).await,
        Page::Desk(desk) => at_desk(site, desk, &mut request, part).await,
    };
    let response = answered.unwrap_or_else(|trouble| trouble.page(site));
    if site.office.gate.cookies.secure {
        return response;
    }
    // Under the strict policy browsers send no origin with a form, and without HTTPS nothing else
    // says where a form comes from. No other site learns more by this one.
    response.header("referrer-policy", "same-origin")
}

async fn at_door(
    site: &Site,
    door: Door,
    request: &mut Request,
    part: &str,
) -> Result<Response, Trouble> {
    let office = &site.office;
    let known = office.gate.cookies.get(request, Cookie::Form).filter(|key| random::is_token(key));
    let key_is_new = known.is_none();
    let key = known.map_or_else(random::token, Ok)?;
    let form = match posted(site, request, &key, FORM_BYTES_MAX).await {
        Ok(form) => form,
        Err(response) => return Ok(response),
    };
    let visit = Visit { site, request, part, now: office.now(), form, key, key_is_new };
    match door {
        Door::LoginForm => Ok(login::form(&visit)),
        Door::LogIn => login::log_in(&visit).await,
        Door::Welcome => welcome::form(&visit),
        Door::Accept => welcome::accept(&visit).await,
    }
}

async fn at_desk(
    site: &Site,
    desk: Desk,
    request: &mut Request,
    part: &str,
) -> Result<Response, Trouble> {
    let (office, now) = (&site.office, site.office.now());
    let Some(key) = session::token(office.gate.cookies, request) else { return Ok(login::ended()) };
    let Some(by) = session::find(&site.store.read()?, &key, now)? else {
        return Ok(login::ended());
    };
    if !is_open_to(desk, &by.staff) {
        tracing::warn!(staff = %by.staff.id, ?desk, "a page was refused for want of the role");
        return Ok(frame::refused(site, words::OTHER_ROLE));
    }
    let form = match posted(site, request, &key, form_bytes_max(desk)).await {
        Ok(form) => form,
        Err(response) => return Ok(response),
    };
    touch(office, &by, request, &key, now).await;
    let visit = Visit { site, request, part, now, form, key, key_is_new: false };
    run(desk, visit, &by).await
}

/// Runs a page: whoever asks for it may.
async fn run(desk: Desk, visit: Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    match desk {
        Desk::Board => board::show(&visit, by),
        Desk::Case => case::show(&visit, by),
        Desk::CaseAct => case::act(&visit, by).await,
        Desk::People => register::show(&visit, by),
        Desk::PeopleFile => register::export(&visit, by).await,
        Desk::Calls => calls::show(&visit, by),
        Desk::CallsAct => calls::act(&visit, by).await,
        Desk::Newcomer => newcomer::show(&visit, by),
        Desk::NewcomerMake => newcomer::make(&visit, by).await,
        Desk::Import => import::show(&visit, by),
        Desk::ImportAct => import::act(&visit, by).await,
        Desk::ImportSample => import::sample(),
        Desk::Person => person::show(&visit, by),
        Desk::PersonAct => person::act(&visit, by).await,
        Desk::Watching => watching::answer(&visit, by).await,
        Desk::Contacts => contacts::show(&visit, by),
        Desk::ContactsSave => contacts::save(&visit, by).await,
        Desk::Rests => rests::show(&visit, by),
        Desk::RestForm => rests::form(&visit, by),
        Desk::Rest => rests::act(&visit, by).await,
        Desk::Teams => teams::show(&visit, by),
        Desk::TeamMake => teams::make(&visit, by).await,
        Desk::Team => team::show(&visit, by),
        Desk::TeamAct => team::act(&visit, by).await,
        Desk::Leaflet => sheets::leaflet(&visit, by),
        Desk::FormSheet => sheets::form(&visit, by),
        Desk::Organizations => organizations::show(&visit, by),
        Desk::OrganizationMake => organizations::make(&visit, by).await,
        Desk::Organization => organizations::one(&visit, by),
        Desk::OrganizationAct => organizations::act(&visit, by).await,
        Desk::Papers => Ok(papers::show(&visit, by)),
        Desk::Paper => Ok(papers::sheet(&visit, by)),
        Desk::SetUp => Ok(setup::show(&visit, by)),
        Desk::SetUpAct => setup::act(&visit, by).await,
        Desk::Practice => practice::answer(&visit, by).await,
        Desk::Opinions => opinions::show(&visit, by),
        Desk::Line => line::show(&visit, by),
        Desk::ListFile => lists::export(&visit, by).await,
        Desk::Report => report::show(&visit, by),
        Desk::ReportFile => report::export(&visit),
        Desk::Statistics => statistics::show(&visit, by),
        Desk::StatisticsFile => statistics::export(&visit, by),
        Desk::Bulletins => bulletins::show(&visit, by),
        Desk::BulletinForm => bulletins::compose::show(&visit, by),
        Desk::BulletinSend => bulletins::compose::act(&visit, by).await,
        Desk::Bulletin => bulletins::one(&visit, by),
        Desk::BulletinAct => bulletins::act(&visit, by).await,
        Desk::Groups => groups::show(&visit, by),
        Desk::Memberships => memberships::show(&visit, by),
        Desk::MembershipSet => memberships::set(&visit, by).await,
        Desk::LogOut => login::log_out(&visit).await,
        Desk::Me => Ok(me::show(&visit, by)),
        Desk::Password => me::change_password(&visit, by).await,
        Desk::Factor => me::begin_factor(visit, by).await,
        Desk::ConfirmFactor => me::confirm_factor(&visit, by).await,
        Desk::Face => face::show(&visit, by),
        Desk::FaceSave => face::save(&visit, by).await,
        Desk::Terms => face::terms(&visit, by),
        Desk::TermsPublish => face::publish(&visit, by).await,
        Desk::Accounts => accounts::show(&visit, by),
        Desk::AccountMake => accounts::make(&visit, by).await,
        Desk::Account => accounts::one(&visit, by),
        Desk::AccountAct => accounts::act(&visit, by).await,
        Desk::Kept(kept) => kept.run(&visit, by).await,
        Desk::StopForm => accounts::ask(&visit, by),
        Desk::Stop => accounts::stop(&visit, by).await,
    }
}

/// The form of a post, if it was sent from a page of ours by whoever has this token; else the answer.
async fn posted(
    site: &Site,
    request: &mut Request,
    key: &str,
    bytes_max: usize,
) -> Result<Form, Response> {
    site.gate.posted_up_to(request, key, bytes_max).await.map_err(|refused| match refused {
        Refused::Elsewhere => frame::refused(site, words::STALE_FORM),
        Refused::Unreadable(answer) => answer,
    })
}

/// Writes down that the session is in use. A page that asks for itself again does not count, or a
/// forgotten screen would stay open all day; and if the writer is busy, the next act counts.
async fn touch(office: &Office, by: &SignedIn, request: &Request, key: &str, now: Moment) {
    let is_act = request.query != AUTO && now.since(by.session.seen_at) >= SEEN_EVERY;
    if is_act {
        let session = TokenHash::of(key);
        if let Err(trouble) = office.act(now, Deed::Seen { session }).await {
            tracing::warn!(fault = %trouble, "a session was not seen to be in use");
        }
    }
}
