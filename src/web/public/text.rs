//! `/p/…`: terms and privacy text of the council, from simple marked text.

use maud::{Markup, html};

use super::super::{Site, layout};
use super::{qr, ruby};
use crate::domain::face::{Passage, Terms};
use crate::domain::schedule::Zone;
use crate::domain::service::FIRST_TERMS;
use crate::http::{Request, Response, StatusCode};
use crate::locale::page::{
    self, ACCESSIBILITY, GUIDE_WATCHED, GUIDE_WATCHING, NO_PHONE, PRIVACY, TERMS, public as words,
};
use crate::locale::papers;

/// The terms of use: the present ones, or those of the version that the address names.
#[must_use]
pub fn terms(site: &Site, request: &Request) -> Response {
    show(site, request, words::TERMS, TERMS, |terms| &terms.terms)
}

/// The privacy text, likewise.
#[must_use]
pub fn privacy(site: &Site, request: &Request) -> Response {
    show(site, request, words::PRIVACY, PRIVACY, |terms| &terms.privacy)
}

fn show(
    site: &Site,
    request: &Request,
    title: &str,
    first: &str,
    of: fn(&Terms) -> &Passage,
) -> Response {
    let known = match site.store.read().and_then(|reading| reading.terms()) {
        Ok(known) => known,
        Err(fault) => return site.trouble(&fault),
    };
    let newest = known.last().map_or(FIRST_TERMS, |terms| terms.version);
    let asked = request.query.strip_prefix("version=").and_then(|text| text.parse().ok());
    let version = asked.unwrap_or(newest);
    let terms = known.iter().find(|terms| terms.version == version);
    let (source, since) = match terms {
        Some(terms) => (of(terms).as_str(), Some(terms.since)),
        None if version == FIRST_TERMS => (first, None),
        None => return site.not_found(),
    };
    let body = html! {
        (rendered(site, source))
        @if version != newest { p.notice { (words::OLD_VERSION) } }
        p.help { (page::version(version, since.map(|at| Zone::default().local(at)))) }
    };
    layout::page(StatusCode::OK, &site.voice(), title, &body)
}

/// How these pages are made for everyone.
#[must_use]
pub fn accessibility(site: &Site) -> Response {
    let body = rendered(site, ACCESSIBILITY);
    layout::page(StatusCode::OK, &site.voice(), words::ACCESSIBILITY, &body)
}

/// The manual for those who are asked.
#[must_use]
pub fn guide_watched(site: &Site) -> Response {
    guide(site, words::GUIDE_WATCHED, GUIDE_WATCHED)
}

/// The manual for those who watch.
#[must_use]
pub fn guide_watching(site: &Site) -> Response {
    guide(site, words::GUIDE_WATCHING, GUIDE_WATCHING)
}

/// A manual, to be read on the telephone or on paper.
fn guide(site: &Site, title: &str, source: &str) -> Response {
    let voice = site.voice();
    let code = voice.account_link().and_then(|url| qr::inline(&url, papers::QR_ALT));
    let body = html! {
        article.guide {
            (marked(&filled(site, source), ruby::read))
            @if let Some(code) = code { div.on-paper { (code) } }
        }
        p.help.screen { (words::PRINT) }
    };
    layout::page(StatusCode::OK, &voice, title, &body)
}

/// A text as it is shown, with the name and the number of the council in it.
pub fn rendered(site: &Site, source: &str) -> Markup {
    marked(&filled(site, source), |text| html! { (text) })
}

fn filled(site: &Site, source: &str) -> String {
    let voice = site.voice();
    let org = if voice.org.is_empty() { words::SERVICE } else { &voice.org };
    let phone = voice.phone.as_deref().unwrap_or(NO_PHONE);
    source.replace("{org}", org).replace("{phone}", phone)
}

/// Titles (`# `, `## `), lists (`- `) and paragraphs; nothing else.
fn marked(source: &str, words: fn(&str) -> Markup) -> Markup {
    let blocks = source.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    html! { @for block in blocks { (marked_block(block, words)) } }
}

fn marked_block(block: &str, words: fn(&str) -> Markup) -> Markup {
    if let Some(title) = block.strip_prefix("# ") {
        return html! { h1 { (words(title)) } };
    }
    if let Some(title) = block.strip_prefix("## ") {
        return html! { h2 { (words(title)) } };
    }
    if block.starts_with("- ") {
        let items = block.lines().map(|line| line.trim_start_matches("- "));
        return html! { ul { @for item in items { li { (words(item)) } } } };
    }
    html! { p { (words(block)) } }
}
