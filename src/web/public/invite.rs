//! `/i/<code>`: the invitation for people who opened the link in a browser, and its QR code.

use maud::html;

use super::super::{Site, layout};
use super::{message, qr};
use crate::domain::invitation::{Code, Invitation};
use crate::domain::team::Team;
use crate::http::{Request, Response, StatusCode};
use crate::locale::page::{self, public as words};
use crate::locale::{Voice, words::CODE_MARK};
use crate::store::StoreError;

/// The page.
#[must_use]
pub fn show(site: &Site, request: &Request, code: &str) -> Response {
    answer(site, request, code, view)
}

/// The QR code as PNG.
#[must_use]
pub fn qr_png(site: &Site, request: &Request, code: &str) -> Response {
    answer(site, request, code, |voice, invitation, _| {
        image("image/png", qr::png(&target(voice, invitation)), voice)
    })
}

/// The QR code as SVG.
#[must_use]
pub fn qr_svg(site: &Site, request: &Request, code: &str) -> Response {
    answer(site, request, code, |voice, invitation, _| {
        image("image/svg+xml", qr::svg(&target(voice, invitation)).map(String::into_bytes), voice)
    })
}

fn answer(
    site: &Site,
    request: &Request,
    code: &str,
    view: impl FnOnce(&Voice, &Invitation, &Team) -> Response,
) -> Response {
    let voice = site.voice();
    let now = site.clock.now();
    if !site.guesses.may_try(request.peer, now) {
        return message::later(&voice);
    }
    match find(site, code) {
        Ok(Some((invitation, team))) => view(&voice, &invitation, &team),
        Ok(None) => {
            site.guesses.count_wrong(request.peer, now);
            message::no_invitation(&voice)
        }
        Err(fault) => site.trouble(&fault),
    }
}

fn find(site: &Site, code: &str) -> Result<Option<(Invitation, Team)>, StoreError> {
    let Some(code) = Code::read(code) else { return Ok(None) };
    let reading = site.store.read()?;
    let invitation = reading.invitation(code)?;
    let Some(invitation) = invitation.filter(|i| i.works_for(None, site.clock.now())) else {
        return Ok(None);
    };
    Ok(reading.team(invitation.team)?.map(|team| (invitation, team)))
}

/// What the QR code opens: the chat with the code typed, or this page while the account is not
/// known yet.
fn target(voice: &Voice, invitation: &Invitation) -> String {
    let typed = format!("{CODE_MARK} {}", invitation.code);
    voice
        .chat_link(&typed)
        .unwrap_or_else(|| format!("{}/i/{}", voice.public_url, invitation.code.plain()))
}

fn image(content_type: &'static str, bytes: Option<Vec<u8>>, voice: &Voice) -> Response {
    match bytes {
        Some(bytes) => Response::bytes(content_type, bytes),
        None => message::page(StatusCode::INTERNAL_SERVER_ERROR, voice, message::TROUBLE),
    }
}

fn view(voice: &Voice, invitation: &Invitation, team: &Team) -> Response {
    let plain = invitation.code.plain();
    let body = html! {
        h1 { (words::INVITATION) }
        p.team { strong { (page::team(&team.name)) } }
        p { (page::role(invitation.kind)) }
        h2 { (words::STEPS) }
        div.ways {
            div {
                p { a.button href=(target(voice, invitation)) { (words::OPEN_LINE) } }
                p { (words::THEN_SEND) }
                p { (words::BY_HAND) }
                p.code { span.label { (words::CODE) } " " strong { (invitation.code) } }
            }
            div {
                p { (words::ON_COMPUTER) }
                img.qr src={ "/i/" (plain) "/qr.svg" } alt=(words::QR_ALT) width="240" height="240";
                p.small {
                    (words::SAVE) " "
                    a href={ "/i/" (plain) "/qr.png" } download={ "anshin-" (plain) ".png" } { "PNG" } " "
                    a href={ "/i/" (plain) "/qr.svg" } download={ "anshin-" (plain) ".svg" } { "SVG" }
                }
            }
        }
    };
    layout::page(StatusCode::OK, voice, words::INVITATION, &body)
}
