//! The frame of every page.

use maud::{DOCTYPE, Markup, html};

use super::asset;
use crate::http::{Response, StatusCode};
use crate::locale::Voice;
use crate::locale::page::public as words;

/// What the frame of a page has besides the usual.
#[derive(Clone, Copy, Default)]
pub(super) struct Frame<'a> {
    /// A menu under the head.
    pub(super) menu: Option<&'a Markup>,
    /// Whether it is a page to work with: wide, in smaller letters.
    pub(super) desk: bool,
}

/// A page with its frame, as a response.
pub(super) fn page(status: StatusCode, voice: &Voice, title: &str, body: &Markup) -> Response {
    framed(status, voice, title, Frame::default(), body)
}

/// A page with a frame of its own.
pub(super) fn framed(
    status: StatusCode,
    voice: &Voice,
    title: &str,
    frame: Frame<'_>,
    body: &Markup,
) -> Response {
    let org = if voice.org.is_empty() { words::SERVICE } else { &voice.org };
    let whole = html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " ｜ " (org) }
                link rel="icon" href=(asset::ICON.path());
                link rel="stylesheet" href=(asset::STYLE.path());
                @if let Some(colour) = voice.colour {
                    link rel="stylesheet" href=(asset::theme_path(colour));
                }
            }
            body class=[frame.desk.then_some("desk")] {
                a.skip href="#main" { (words::SKIP) }
                @if voice.training { p.practice { (words::PRACTICE) } }
                header.top {
                    @if let Some(banner) = voice.banner.as_ref().filter(|_| !frame.desk) {
                        img.banner src={ "/assets/" (banner) } alt="";
                    }
                    p { (org) } @if let Some(menu) = frame.menu { (menu) } }
                main #main { (body) }
                footer.foot { (contact(voice)) @if !frame.desk { (texts()) } }
            }
        }
    };
    Response::html(status, whole.into_string())
}

/// A table with its columns. Where it is wider than the screen it scrolls in its frame, by keyboard too.
pub(super) fn table(title: &str, columns: &[&str], rows: &Markup) -> Markup {
    framed_table("scroll", title, columns, rows)
}

/// A table whose lines become cards on a telephone: to work with, number in hand.
pub(super) fn cards(title: &str, columns: &[&str], rows: &Markup) -> Markup {
    framed_table("scroll stack", title, columns, rows)
}

fn framed_table(class: &str, title: &str, columns: &[&str], rows: &Markup) -> Markup {
    html! {
        div class=(class) role="region" tabindex="0" aria-label=(title) {
            table {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
        }
    }
}

/// Leads to what everyone may read: in the same place on every page.
fn texts() -> Markup {
    let texts = [
        ("/p/guide/watched", words::GUIDE_WATCHED),
        ("/p/guide/watching", words::GUIDE_WATCHING),
        ("/p/terms", words::TERMS),
        ("/p/privacy", words::PRIVACY),
        ("/p/accessibility", words::ACCESSIBILITY),
    ];
    html! {
        nav.texts.screen aria-label=(words::TEXTS) {
            ul { @for (path, title) in texts { li { a href=(path) { (title) } } } }
        }
    }
}

/// Whom to phone: in the same place on every page.
fn contact(voice: &Voice) -> Markup {
    html! {
        @if let Some(phone) = &voice.phone {
            p {
                (words::CALL) br; a.phone href={ "tel:" (digits(phone)) } { (phone) }
                @if let Some(hours) = &voice.hours { br; span { (hours) } }
            }
        }
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}
