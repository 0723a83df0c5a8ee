//! `/p/…`: terms and privacy text of the council, from simple marked text.

use maud::{Markup, html};

use super::super::{Site, layout};
use crate::http::{Response, StatusCode};
use crate::locale::page::{NO_PHONE, PRIVACY, TERMS, public as words};

/// The terms of use.
#[must_use]
pub fn terms(site: &Site) -> Response {
    show(site, words::TERMS, TERMS)
}

/// The privacy text.
#[must_use]
pub fn privacy(site: &Site) -> Response {
    show(site, words::PRIVACY, PRIVACY)
}

fn show(site: &Site, title: &str, source: &str) -> Response {
    let voice = site.voice();
    let org = if voice.org.is_empty() { words::SERVICE } else { &voice.org };
    let phone = voice.phone.as_deref().unwrap_or(NO_PHONE);
    let filled = source.replace("{org}", org).replace("{phone}", phone);
    layout::page(StatusCode::OK, &voice, title, &marked(&filled))
}

/// Titles (`# `, `## `), lists (`- `) and paragraphs; nothing else.
fn marked(source: &str) -> Markup {
    let blocks = source.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    html! { @for block in blocks { (marked_block(block)) } }
}

fn marked_block(block: &str) -> Markup {
    if let Some(title) = block.strip_prefix("# ") {
        return html! { h1 { (title) } };
    }
    if let Some(title) = block.strip_prefix("## ") {
        return html! { h2 { (title) } };
    }
    if block.starts_with("- ") {
        let items = block.lines().map(|line| line.trim_start_matches("- "));
        return html! { ul { @for item in items { li { (item) } } } };
    }
    html! { p { (block) } }
}
