//! Pages on people's own telephones, opened from their chat by a link that works once. There is one way in,
//! [`answer`]: it finds out whose page it is and whether a form came from our own page; only then the page
//! runs. What somebody may see and change of others is asked anew on each request, because a place in a
//! team can end at any time; what is not theirs is not found.

mod about;
mod care;
mod case;
mod enter;
mod group;
mod leave;
mod own;
mod person;
mod rest;
mod team;
mod time;
mod watching;

use maud::{Markup, html};

use super::form::Form;
use super::gate::Refused;
use super::layout::{self, Frame};
use super::random::is_token;
use super::session::Cookie;
use super::trouble::Trouble;
use super::{Site, csrf, input};
use crate::domain::event::Event;
use crate::domain::id::PersonId;
use crate::domain::page::{PAGE_SEEN_EVERY, PageAct, PageDeed, PageEvent, PageSession};
use crate::domain::person::Person;
use crate::domain::schedule::Zone;
use crate::domain::staff::TokenHash;
use crate::domain::team::Role;
use crate::domain::time::Moment;
use crate::http::{Request, Response, StatusCode};
use crate::locale::phone::frame as words;
use crate::store::{Reading, StoreError};

/// The query after something was changed.
const DONE: &str = "done";

/// A page on somebody's telephone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// Behind a link of the chat: asks for a press, so that a program that looks at links uses none up.
    Link,
    /// Enters by it.
    Enter,
    /// Behind the way in.
    Inner(Inner),
}

/// Pages behind the way in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inner {
    /// One's own page.
    Own,
    /// Changes something small there.
    OwnAct,
    /// Day and hour.
    Time,
    /// Changes them.
    TimeSave,
    /// A rest.
    Rest,
    /// Asks once more, begins it, ends it.
    RestAct,
    /// Name and contacts.
    About,
    /// Changes them.
    AboutSave,
    /// Asks whether to stop.
    Leave,
    /// Stops.
    LeaveNow,
    /// Everyone whom one watches.
    Watching,
    /// One of them.
    Person,
    /// Something is done for them.
    PersonAct,
    /// What is written down about them.
    Contacts,
    /// Changes it.
    ContactsSave,
    /// A case.
    Case,
    /// Something is done about it.
    CaseAct,
    /// A team.
    Team,
    /// Something is done about it.
    TeamAct,
    /// The groups in which one takes part.
    Groups,
    /// One of them.
    Group,
    /// Something is changed there.
    GroupAct,
}

/// One request of somebody who is in.
struct Visit<'a> {
    site: &'a Site,
    request: &'a Request,
    /// What stands in the path for a placeholder.
    part: &'a str,
    /// The present moment in the world; what people are shown goes by the clock of the rules.
    world_now: Moment,
    /// What was posted; empty for a page that is looked at.
    form: Form,
    /// The token behind the forms of this visit.
    key: String,
    /// Whose telephone it is.
    me: Person,
}

impl Visit<'_> {
    /// The present moment by the clock of the rules.
    fn now(&self) -> Moment {
        self.site.clock.now()
    }

    /// The hidden field that every form of this visit needs.
    fn word(&self) -> Markup {
        csrf::field(&self.site.gate.mint, &self.key)
    }

    /// A form of nothing but a button.
    fn button(&self, act: &str, class: &str, label: &str) -> Markup {
        input::button(&self.word(), act, class, label)
    }

    /// Whether the query is this flag.
    fn asks(&self, flag: &str) -> bool {
        self.request.query == flag
    }

    fn reading(&self) -> Result<Reading, StoreError> {
        self.site.store.read()
    }

    /// Does something; returns when it is on disk, whether or not the rules let it happen.
    async fn act(&self, act: PageAct) -> Result<(), Trouble> {
        self.deed(PageDeed::Did(act)).await
    }

    async fn deed(&self, deed: PageDeed) -> Result<(), Trouble> {
        self.site.gate.decide(event(self.world_now, self.me.id, deed)).await
    }

    /// Writes down that personal data was looked at.
    fn viewed(&self, person: PersonId) {
        let deed = PageDeed::Did(PageAct::Viewed(person));
        self.site.gate.decide_later(event(self.world_now, self.me.id, deed));
    }

    /// The page, with the ways to the others.
    fn page(&self, status: StatusCode, title: &str, body: &Markup) -> Result<Response, StoreError> {
        let here = self.request.path.as_str();
        let reading = self.reading()?;
        let watches = watches_anyone(&reading, self.me.id)?;
        let grouped = !reading.groups_of(self.me.id)?.is_empty();
        let ways = [
            ("/u", words::OWN, true),
            ("/m", words::WATCHING, watches),
            ("/g", words::GROUPS, grouped),
        ];
        let menu = html! {
            nav.menu aria-label=(words::MENU) {
                ul {
                    @for (path, word, _) in ways.iter().filter(|(.., shown)| *shown) {
                        li { a href=(path) aria-current=[(*path == here).then_some("page")] { (word) } }
                    }
                }
            }
        };
        let frame = Frame { menu: Some(&menu), desk: false };
        Ok(layout::framed(status, &self.site.voice(), title, frame, body))
    }

    /// A word that something was changed, after the page came back by itself.
    fn said(&self) -> Markup {
        html! { @if self.asks(DONE) { p.notice role="status" { (words::DONE) } } }
    }

    /// Back to a page, which says that something was changed.
    fn done(path: &str) -> Response {
        Response::redirect_see_other(&format!("{path}?{DONE}"))
    }

    /// The wall of the reader.
    fn local(&self, moment: Moment) -> jiff::civil::DateTime {
        self.me.zone.local(moment)
    }

    /// The day at the office, by which memberships are counted.
    fn today(&self) -> jiff::civil::Date {
        Zone::default().local(self.now()).date()
    }

    fn zone(&self) -> &Zone {
        &self.me.zone
    }
}

fn event(at: Moment, by: PersonId, deed: PageDeed) -> Event {
    Event::Page(PageEvent { at, by, deed })
}

/// Whether somebody has a place among those who watch, or heads an organization.
fn watches_anyone(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    let manages = reading.places(person)?.iter().any(|(_, role, _)| *role == Role::Manager);
    Ok(manages || reading.organizations()?.iter().any(|o| o.heads.contains(&person)))
}

/// Answers a request for a page on a telephone. `part` stands in the path for a placeholder.
pub async fn answer(site: &Site, page: Page, mut request: Request, part: &str) -> Response {
    let answered = match page {
        Page::Link => enter::show(site, &request, part),
        Page::Enter => enter::enter(site, &mut request, part).await,
        Page::Inner(inner) => inside(site, inner, &mut request, part).await,
    };
    let response = answered.unwrap_or_else(|trouble| trouble.page(site));
    // Older telephones say only by the origin where a form comes from, and send none under the strict
    // policy. No other site learns anything by this one.
    response.header("referrer-policy", "same-origin")
}

async fn inside(
    site: &Site,
    inner: Inner,
    request: &mut Request,
    part: &str,
) -> Result<Response, Trouble> {
    let world_now = site.gate.now();
    let Some((me, session, key)) = who(site, request)? else { return Ok(enter::nobody(site)) };
    let form = match site.gate.posted(request, &key).await {
        Ok(form) => form,
        Err(Refused::Elsewhere) => return Ok(enter::stale(site)),
        Err(Refused::Unreadable(answer)) => return Ok(answer),
    };
    if world_now.since(session.seen_at) >= PAGE_SEEN_EVERY {
        site.gate.decide_later(event(world_now, me.id, PageDeed::Seen(session.token)));
    }
    let visit = Visit { site, request, part, world_now, form, key, me };
    match inner {
        Inner::Own => own::show(&visit),
        Inner::OwnAct => own::act(&visit).await,
        Inner::Time => time::show(&visit),
        Inner::TimeSave => time::save(&visit).await,
        Inner::Rest => rest::show(&visit),
        Inner::RestAct => rest::act(&visit).await,
        Inner::About => about::show(&visit),
        Inner::AboutSave => about::save(&visit).await,
        Inner::Leave => leave::show(&visit),
        Inner::LeaveNow => leave::now(&visit).await,
        Inner::Watching => watching::show(&visit),
        Inner::Person => person::show(&visit),
        Inner::PersonAct => person::act(&visit).await,
        Inner::Contacts => person::contacts(&visit),
        Inner::ContactsSave => person::save_contacts(&visit).await,
        Inner::Case => case::show(&visit),
        Inner::CaseAct => case::act(&visit).await,
        Inner::Team => team::show(&visit),
        Inner::TeamAct => team::act(&visit).await,
        Inner::Groups => group::list(&visit),
        Inner::Group => group::show(&visit),
        Inner::GroupAct => group::act(&visit).await,
    }
}

/// What the cookie of somebody who is in says: their number and the token of the session.
fn cookie(site: &Site, request: &Request) -> Option<(PersonId, String)> {
    let value = site.gate.cookies.get(request, Cookie::Page)?;
    let (person, token) = value.split_once('.')?;
    let person = PersonId(person.parse().ok()?);
    is_token(token).then(|| (person, token.to_owned()))
}

/// Who asks, with their session and its token. One whom LINE does not reach any more may have lost the
/// telephone.
fn who(
    site: &Site,
    request: &Request,
) -> Result<Option<(Person, PageSession, String)>, StoreError> {
    let Some((id, token)) = cookie(site, request) else { return Ok(None) };
    let reading = site.store.read()?;
    let session = reading.page_session(id, TokenHash::of(&token))?;
    let Some(session) = session.filter(|session| session.is_live(site.gate.now())) else {
        return Ok(None);
    };
    let person = reading.person(id)?.filter(|person| person.is_reachable());
    Ok(person.map(|person| (person, session, token)))
}
