//! The one route table: method and path to handler.

use std::sync::Arc;

use crate::engine::Handle;
use crate::http::{Handler, Method, Request, Response, StatusCode, handler};
use crate::line::webhook::Receiver;
use crate::web::health::Pulse;
use crate::web::{Site, asset, health, public};

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
    /// A style sheet or script.
    Asset,
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
    (Method::GET, "/assets/{name}", Place::Asset),
];

/// What the routes lead to.
#[derive(Clone)]
pub struct Routes {
    router: Arc<matchit::Router<(Method, Place)>>,
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

    /// Answers a request.
    pub async fn answer(&self, request: Request) -> Response {
        let path = request.path.clone();
        let Ok(found) = self.router.at(&path) else { return self.site.not_found() };
        let (method, place) = found.value;
        let asked = if request.method == Method::HEAD { &Method::GET } else { &request.method };
        if asked != method {
            return Response::text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n")
                .header("allow", method.as_str());
        }
        let code = found.params.get("code").unwrap_or_default();
        match place {
            Place::Webhook => self.receiver.receive(request, self.site.clock.now()).await,
            Place::Health => health::page(&self.pulse()),
            Place::Invitation => public::invite::show(&self.site, &request, code),
            Place::InvitationPng => public::invite::qr_png(&self.site, &request, code),
            Place::InvitationSvg => public::invite::qr_svg(&self.site, &request, code),
            Place::Terms => public::text::terms(&self.site),
            Place::Privacy => public::text::privacy(&self.site),
            Place::Asset => asset::serve(&path).unwrap_or_else(|| self.site.not_found()),
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
        }
    }
}

fn router() -> matchit::Router<(Method, Place)> {
    let mut router = matchit::Router::new();
    for (method, path, place) in TABLE {
        let added = router.insert(*path, (method.clone(), *place));
        debug_assert!(added.is_ok(), "{path} conflicts with another route");
    }
    router
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_at_its_own_path() {
        let router = router();
        for (_, path, place) in TABLE {
            let path = path.replace("{code}", "K7M42QXY").replace("{name}", "a.css");
            assert_eq!(router.at(&path).unwrap().value.1, *place);
        }
    }
}
