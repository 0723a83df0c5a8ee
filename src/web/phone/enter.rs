//! `/u/enter/{token}`, `/m/enter/{token}` and `/g/enter/{token}`: from a link of the chat into the pages. Looking at the page changes
//! nothing, because programs look at links that people are sent; the press of its button does.

use maud::{Markup, html};

use super::{event, who};
use crate::domain::page::{LINK_LIFE, Page, PageDeed, PageLink};
use crate::domain::rules::CLOCK_SLACK;
use crate::domain::staff::TokenHash;
use crate::http::{Request, Response, StatusCode};
use crate::locale::phone::enter as words;
use crate::web::gate::Refused;
use crate::web::session::Cookie;
use crate::web::trouble::Trouble;
use crate::web::{Site, csrf, layout, random};

/// The page behind a link. Whoever is in already goes on at once.
pub(super) fn show(site: &Site, request: &Request, token: &str) -> Result<Response, Trouble> {
    let Some(link) = read(site, token) else { return Ok(gone(site)) };
    if who(site, request)?.is_some_and(|(me, ..)| me.id == link.person) {
        return Ok(Response::redirect_see_other(&path(link.page)));
    }
    if !is_fresh(site, &link) {
        return Ok(gone(site));
    }
    let body = html! {
        h1 { (words::TITLE) }
        p { (words::WHAT) }
        form.entry method="post" {
            (csrf::field(&site.gate.mint, token))
            button.button type="submit" { (words::OPEN) }
        }
    };
    Ok(layout::page(StatusCode::OK, &site.voice(), words::TITLE, &body))
}

/// Enters.
pub(super) async fn enter(
    site: &Site,
    request: &mut Request,
    token: &str,
) -> Result<Response, Trouble> {
    let Some(link) = read(site, token).filter(|link| is_fresh(site, link)) else {
        return Ok(gone(site));
    };
    match site.gate.posted(request, token).await {
        Ok(_) => {}
        Err(Refused::Elsewhere) => return Ok(stale(site)),
        Err(Refused::Unreadable(answer)) => return Ok(answer),
    }
    let secret = random::token()?;
    let session = TokenHash::of(&secret);
    let deed = PageDeed::Entered { link: (link.at, token.to_owned()), session };
    site.gate.decide(event(site.gate.now(), link.person, deed)).await?;
    // The same link may have been used in the meantime.
    if site.store.read()?.page_session(link.person, session)?.is_none() {
        return Ok(gone(site));
    }
    tracing::info!(person = %link.person, "came to the pages by a link");
    let response = Response::redirect_see_other(&path(link.page));
    Ok(site.gate.cookies.set(response, Cookie::Page, &format!("{}.{secret}", link.person)))
}

fn read(site: &Site, token: &str) -> Option<PageLink> {
    PageLink::read(token, &site.gate.mint)
}

/// Links are dated by the clock of the rules; where that runs faster for practice, people do not.
fn is_fresh(site: &Site, link: &PageLink) -> bool {
    let now = site.clock.now();
    link.at <= now + CLOCK_SLACK && now.since(link.at) < LINK_LIFE * site.clock.pace()
}

fn path(page: Page) -> String {
    match page {
        Page::Own => "/u".to_owned(),
        Page::Watching => "/m".to_owned(),
        Page::Case(case) => format!("/m/cases/{case}"),
        Page::Person(person) => format!("/m/people/{person}"),
        Page::Team(team) => format!("/m/teams/{team}"),
        Page::Groups => "/g".to_owned(),
    }
}

fn back_to_chat(site: &Site) -> Markup {
    let voice = site.voice();
    let chat = voice.chat_link(words::SAY);
    html! { @if let Some(chat) = chat { p { a.button href=(chat) { (words::CHAT) } } } }
}

fn refusal(site: &Site, status: StatusCode, title: &str, why: &str) -> Response {
    let body = html! { h1 { (title) } p { (why) } (back_to_chat(site)) };
    layout::page(status, &site.voice(), title, &body)
}

/// A link that does not work (any more).
fn gone(site: &Site) -> Response {
    refusal(site, StatusCode::GONE, words::GONE, words::GONE_WHY)
}

/// Nobody is known here.
pub(super) fn nobody(site: &Site) -> Response {
    refusal(site, StatusCode::FORBIDDEN, words::WHO, words::WHO_WHY)
}

/// Somebody has closed the pages in this browser.
pub(super) fn closed(site: &Site, said: &str) -> Response {
    refusal(site, StatusCode::OK, said, words::WHO_WHY)
}

/// A form that was not sent from a page of ours, or from one of an older session.
pub(super) fn stale(site: &Site) -> Response {
    let body = html! {
        h1 { (words::STALE) }
        p { a.action href="/u" { (words::TO_OWN) } }
    };
    layout::page(StatusCode::FORBIDDEN, &site.voice(), words::STALE, &body)
}
