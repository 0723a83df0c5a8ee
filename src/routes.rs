//! The one route table: method and path to handler.

use std::sync::Arc;

use crate::engine::Handle;
use crate::http::{Handler, Method, Request, Response, StatusCode, handler};
use crate::line::webhook::Receiver;
use crate::web::health::Pulse;
use crate::web::phone::{self, Inner};
use crate::web::staff::{self, Desk, Door, Kept, Page};
use crate::web::{Site, asset, health, metrics, public};

/// A place that can be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// LINE's events.
    Webhook,
    /// The state of the machinery.
    Health,
    /// An invitation.
    Invitation,
    /// Its QR code as PNG.
    InvitationPng,
    /// Its QR code as SVG.
    InvitationSvg,
    /// The terms of use.
    Terms,
    /// The privacy text.
    Privacy,
    /// How the pages are made for everyone.
    Accessibility,
    /// The manual for those who are asked.
    GuideWatched,
    /// The manual for those who watch.
    GuideWatching,
    /// The office's number for an address book.
    OfficeCard,
    /// A style sheet or script.
    Asset,
    /// A page for the council's staff.
    Staff(Page),
    /// A page on somebody's own telephone.
    Phone(phone::Page),
}

/// Every route. `GET` also answers `HEAD`; nothing that is got changes state.
pub const TABLE: &[(Method, &str, Place)] = &[
    (Method::POST, "/line/webhook", Place::Webhook),
    (Method::GET, "/healthz", Place::Health),
    (Method::GET, "/i/{code}", Place::Invitation),
    (Method::GET, "/i/{code}/qr.png", Place::InvitationPng),
    (Method::GET, "/i/{code}/qr.svg", Place::InvitationSvg),
    (Method::GET, "/p/terms", Place::Terms),
    (Method::GET, "/p/privacy", Place::Privacy),
    (Method::GET, "/p/accessibility", Place::Accessibility),
    (Method::GET, "/p/guide/watched", Place::GuideWatched),
    (Method::GET, "/p/guide/watching", Place::GuideWatching),
    (Method::GET, "/p/office.vcf", Place::OfficeCard),
    (Method::GET, "/assets/{name}", Place::Asset),
    (Method::GET, "/staff", at(Desk::Board)),
    (Method::GET, "/staff/cases/{id}", at(Desk::Case)),
    (Method::POST, "/staff/cases/{id}", at(Desk::CaseAct)),
    (Method::GET, "/staff/people", at(Desk::People)),
    (Method::GET, "/staff/people.csv", at(Desk::PeopleFile)),
    (Method::GET, "/staff/calls", at(Desk::Calls)),
    (Method::POST, "/staff/calls", at(Desk::CallsAct)),
    (Method::GET, "/staff/people/new", at(Desk::Newcomer)),
    (Method::POST, "/staff/people/new", at(Desk::NewcomerMake)),
    (Method::GET, "/staff/people/import", at(Desk::Import)),
    (Method::POST, "/staff/people/import", at(Desk::ImportAct)),
    (Method::GET, "/staff/people/sample.csv", at(Desk::ImportSample)),
    (Method::GET, "/staff/people/{id}", at(Desk::Person)),
    (Method::POST, "/staff/people/{id}", at(Desk::PersonAct)),
    (Method::GET, "/staff/people/{id}/watching", at(Desk::Watching)),
    (Method::POST, "/staff/people/{id}/watching", at(Desk::Watching)),
    (Method::GET, "/staff/people/{id}/contacts", at(Desk::Contacts)),
    (Method::POST, "/staff/people/{id}/contacts", at(Desk::ContactsSave)),
    (Method::GET, "/staff/people/{id}/rest", at(Desk::RestForm)),
    (Method::POST, "/staff/people/{id}/rest", at(Desk::Rest)),
    (Method::GET, "/staff/people/{id}/dossier", at(Desk::Kept(Kept::Dossier))),
    (Method::GET, "/staff/people/{id}/dossier.json", at(Desk::Kept(Kept::DossierFile))),
    (Method::GET, "/staff/people/{id}/erase", at(Desk::Kept(Kept::EraseForm))),
    (Method::POST, "/staff/people/{id}/erase", at(Desk::Kept(Kept::Erase))),
    (Method::GET, "/staff/erasures", at(Desk::Kept(Kept::Erasures))),
    (Method::GET, "/staff/erasures/{id}", at(Desk::Kept(Kept::Receipt))),
    (Method::GET, "/staff/rests", at(Desk::Rests)),
    (Method::GET, "/staff/teams", at(Desk::Teams)),
    (Method::POST, "/staff/teams", at(Desk::TeamMake)),
    (Method::GET, "/staff/teams/{id}", at(Desk::Team)),
    (Method::POST, "/staff/teams/{id}", at(Desk::TeamAct)),
    (Method::GET, "/staff/teams/{id}/leaflet", at(Desk::Leaflet)),
    (Method::GET, "/staff/teams/{id}/form", at(Desk::FormSheet)),
    (Method::GET, "/staff/organizations", at(Desk::Organizations)),
    (Method::POST, "/staff/organizations", at(Desk::OrganizationMake)),
    (Method::GET, "/staff/organizations/{id}", at(Desk::Organization)),
    (Method::POST, "/staff/organizations/{id}", at(Desk::OrganizationAct)),
    (Method::GET, "/staff/bulletins", at(Desk::Bulletins)),
    (Method::GET, "/staff/bulletins/new", at(Desk::BulletinForm)),
    (Method::POST, "/staff/bulletins/new", at(Desk::BulletinSend)),
    (Method::GET, "/staff/bulletins/{id}", at(Desk::Bulletin)),
    (Method::POST, "/staff/bulletins/{id}", at(Desk::BulletinAct)),
    (Method::GET, "/staff/opinions", at(Desk::Opinions)),
    (Method::GET, "/staff/line", at(Desk::Line)),
    (Method::GET, "/staff/papers", at(Desk::Papers)),
    (Method::GET, "/staff/papers/{id}", at(Desk::Paper)),
    (Method::GET, "/staff/setup", at(Desk::SetUp)),
    (Method::POST, "/staff/setup", at(Desk::SetUpAct)),
    (Method::GET, "/staff/practice", at(Desk::Practice)),
    (Method::POST, "/staff/practice", at(Desk::Practice)),
    (Method::GET, "/staff/lists/{id}", at(Desk::ListFile)),
    (Method::GET, "/staff/log", at(Desk::Kept(Kept::Log))),
    (Method::GET, "/staff/log.csv", at(Desk::Kept(Kept::LogFile))),
    (Method::GET, "/staff/report", at(Desk::Report)),
    (Method::GET, "/staff/report.csv", at(Desk::ReportFile)),
    (Method::GET, "/staff/statistics", at(Desk::Statistics)),
    (Method::GET, "/staff/statistics.csv", at(Desk::StatisticsFile)),
    (Method::GET, "/staff/groups", at(Desk::Groups)),
    (Method::GET, "/staff/memberships", at(Desk::Memberships)),
    (Method::POST, "/staff/memberships", at(Desk::MembershipSet)),
    (Method::GET, "/staff/login", before(Door::LoginForm)),
    (Method::POST, "/staff/login", before(Door::LogIn)),
    (Method::GET, "/staff/welcome/{token}", before(Door::Welcome)),
    (Method::POST, "/staff/welcome/{token}", before(Door::Accept)),
    (Method::POST, "/staff/logout", at(Desk::LogOut)),
    (Method::GET, "/staff/me", at(Desk::Me)),
    (Method::POST, "/staff/me/password", at(Desk::Password)),
    (Method::POST, "/staff/me/factor", at(Desk::Factor)),
    (Method::POST, "/staff/me/factor/confirm", at(Desk::ConfirmFactor)),
    (Method::GET, "/staff/office", at(Desk::Face)),
    (Method::POST, "/staff/office", at(Desk::FaceSave)),
    (Method::GET, "/staff/terms", at(Desk::Terms)),
    (Method::POST, "/staff/terms", at(Desk::TermsPublish)),
    (Method::GET, "/staff/accounts", at(Desk::Accounts)),
    (Method::POST, "/staff/accounts", at(Desk::AccountMake)),
    (Method::GET, "/staff/accounts/{id}", at(Desk::Account)),
    (Method::POST, "/staff/accounts/{id}", at(Desk::AccountAct)),
    (Method::GET, "/staff/accounts/{id}/stop", at(Desk::StopForm)),
    (Method::POST, "/staff/accounts/{id}/stop", at(Desk::Stop)),
    (Method::GET, "/u/enter/{token}", Place::Phone(phone::Page::Link)),
    (Method::POST, "/u/enter/{token}", Place::Phone(phone::Page::Enter)),
    (Method::GET, "/m/enter/{token}", Place::Phone(phone::Page::Link)),
    (Method::POST, "/m/enter/{token}", Place::Phone(phone::Page::Enter)),
    (Method::GET, "/g/enter/{token}", Place::Phone(phone::Page::Link)),
    (Method::POST, "/g/enter/{token}", Place::Phone(phone::Page::Enter)),
    (Method::GET, "/u", inner(Inner::Own)),
    (Method::POST, "/u", inner(Inner::OwnAct)),
    (Method::GET, "/u/time", inner(Inner::Time)),
    (Method::POST, "/u/time", inner(Inner::TimeSave)),
    (Method::GET, "/u/rest", inner(Inner::Rest)),
    (Method::POST, "/u/rest", inner(Inner::RestAct)),
    (Method::GET, "/u/about", inner(Inner::About)),
    (Method::POST, "/u/about", inner(Inner::AboutSave)),
    (Method::GET, "/u/leave", inner(Inner::Leave)),
    (Method::POST, "/u/leave", inner(Inner::LeaveNow)),
    (Method::GET, "/m", inner(Inner::Watching)),
    (Method::GET, "/m/people/{id}", inner(Inner::Person)),
    (Method::POST, "/m/people/{id}", inner(Inner::PersonAct)),
    (Method::GET, "/m/people/{id}/contacts", inner(Inner::Contacts)),
    (Method::POST, "/m/people/{id}/contacts", inner(Inner::ContactsSave)),
    (Method::GET, "/m/cases/{id}", inner(Inner::Case)),
    (Method::POST, "/m/cases/{id}", inner(Inner::CaseAct)),
    (Method::GET, "/m/teams/{id}", inner(Inner::Team)),
    (Method::POST, "/m/teams/{id}", inner(Inner::TeamAct)),
    (Method::GET, "/g", inner(Inner::Groups)),
    (Method::GET, "/g/{id}", inner(Inner::Group)),
    (Method::POST, "/g/{id}", inner(Inner::GroupAct)),
];

const fn inner(inner: Inner) -> Place {
    Place::Phone(phone::Page::Inner(inner))
}

const fn at(desk: Desk) -> Place {
    Place::Staff(Page::Desk(desk))
}

const fn before(door: Door) -> Place {
    Place::Staff(Page::Door(door))
}

/// What the routes lead to.
#[derive(Clone)]
pub struct Routes {
    router: Arc<Router>,
    receiver: Receiver,
    site: Site,
    gauges: Gauges,
    engine: Handle,
}

/// What the tasks show of themselves, beside the writer.
#[derive(Clone)]
pub struct Gauges {
    /// Timers due.
    pub timers: crate::timer::task::Gauge,
    /// Messages on their way.
    pub outbox: crate::outbox::Gauge,
}

impl Routes {
    /// The routes over their parts.
    #[must_use]
    pub fn new(receiver: Receiver, site: Site, gauges: Gauges, engine: Handle) -> Self {
        Self { router: Arc::new(router()), receiver, site, gauges, engine }
    }

    /// The routes as the server wants them.
    #[must_use]
    pub fn handler(self) -> Handler {
        handler(move |request| {
            let routes = self.clone();
            async move { routes.answer(request).await }
        })
    }

    /// Figures about the machinery, for an address of their own.
    #[must_use]
    pub fn metrics_handler(self) -> Handler {
        handler(move |request| {
            let answer = self.metrics(&request);
            async move { answer }
        })
    }

    fn metrics(&self, request: &Request) -> Response {
        if request.path != "/metrics" {
            return Response::text(StatusCode::NOT_FOUND, "only /metrics is here\n");
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Response::text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n")
                .header("allow", "GET, HEAD");
        }
        let figures = self.site.store.read().and_then(|view| metrics::page(&self.pulse(), &view));
        figures.unwrap_or_else(|fault| {
            tracing::error!(%fault, "figures could not be read");
            Response::text(StatusCode::INTERNAL_SERVER_ERROR, "the data cannot be read\n")
        })
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request) -> Response {
        let path = request.path.clone();
        let Ok(found) = self.router.at(&path) else { return self.site.not_found() };
        let asked = if request.method == Method::HEAD { &Method::GET } else { &request.method };
        let Some((_, place)) = found.value.iter().find(|(method, _)| method == asked) else {
            return not_allowed(found.value);
        };
        // No route has more than one placeholder.
        let part = found.params.iter().next().map(|(_, part)| part).unwrap_or_default();
        match place {
            Place::Webhook => self.receiver.receive(request, self.site.clock.now()).await,
            Place::Health => health::page(&self.pulse()),
            Place::Invitation => public::invite::show(&self.site, &request, part),
            Place::InvitationPng => public::invite::qr_png(&self.site, &request, part),
            Place::InvitationSvg => public::invite::qr_svg(&self.site, &request, part),
            Place::Terms => public::text::terms(&self.site, &request),
            Place::Privacy => public::text::privacy(&self.site, &request),
            Place::Accessibility => public::text::accessibility(&self.site),
            Place::GuideWatched => public::text::guide_watched(&self.site),
            Place::GuideWatching => public::text::guide_watching(&self.site),
            Place::OfficeCard => public::card::show(&self.site),
            Place::Asset => self.asset(&path),
            Place::Staff(page) => staff::answer(&self.site, *page, request, part).await,
            Place::Phone(page) => phone::answer(&self.site, *page, request, part).await,
        }
    }

    fn asset(&self, path: &str) -> Response {
        if let Some(known) = asset::serve(path) {
            return known;
        }
        match asset::banner(path, &self.site.store) {
            Ok(Some(banner)) => banner,
            Ok(None) => self.site.not_found(),
            Err(fault) => self.site.trouble(&fault),
        }
    }

    fn pulse(&self) -> Pulse {
        Pulse {
            now: self.site.clock.now(),
            engine_lag_ms: self.engine.lag_ms(),
            overdue_timers: self.gauges.timers.overdue(),
            outbox_pending: self.gauges.outbox.pending(),
            last_webhook_at: self.receiver.last_at(),
            account_known: self.site.voice().basic_id.is_some(),
            ailments: (self.site.ailments)().unwrap_or_default(),
        }
    }
}

/// Paths, with what each method asked there leads to.
type Router = matchit::Router<Vec<(Method, Place)>>;

fn router() -> Router {
    let mut router = Router::new();
    for (index, (_, path, _)) in TABLE.iter().enumerate() {
        // A path with two methods comes twice; the first time brings both.
        if TABLE[..index].iter().any(|(_, earlier, _)| earlier == path) {
            continue;
        }
        let here = TABLE.iter().filter(|(_, other, _)| other == path);
        let places = here.map(|(method, _, place)| (method.clone(), *place)).collect();
        let added = router.insert(*path, places);
        debug_assert!(added.is_ok(), "{path} conflicts with another route");
    }
    router
}

fn not_allowed(places: &[(Method, Place)]) -> Response {
    let allowed: Vec<&str> = places.iter().map(|(method, _)| method.as_str()).collect();
    Response::text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n")
        .header("allow", &allowed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_at_its_own_path() {
        let router = router();
        for (method, path, place) in TABLE {
            let path = path.replace("{code}", "K7M42QXY").replace("{name}", "a.css");
            let path = path.replace("{token}", "abc").replace("{id}", "12");
            let found = router.at(&path).unwrap();
            assert!(found.value.contains(&(method.clone(), *place)), "{method} {path}");
            assert!(found.params.len() <= 1, "{path}");
        }
    }
}
