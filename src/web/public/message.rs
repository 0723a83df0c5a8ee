//! Pages with nothing but a message: not found, try later, trouble.

use maud::html;

use super::super::layout;
use crate::http::{Response, StatusCode};
use crate::locale::Voice;
use crate::locale::page::public as words;

/// Heading and text of a fault of ours.
pub const TROUBLE: (&str, &str) = (words::TROUBLE, words::TROUBLE_BODY);

/// A page with a heading and one sentence.
#[must_use]
pub fn page(status: StatusCode, voice: &Voice, (title, text): (&str, &str)) -> Response {
    layout::page(status, voice, title, &html! { h1 { (title) } p { (text) } })
}

/// An address that leads nowhere.
#[must_use]
pub fn not_found(voice: &Voice) -> Response {
    page(StatusCode::NOT_FOUND, voice, (words::GONE, words::GONE_PAGE))
}

/// An invitation that does not work.
#[must_use]
pub fn no_invitation(voice: &Voice) -> Response {
    page(StatusCode::NOT_FOUND, voice, (words::GONE, words::GONE_CODE))
}

/// Too many guesses.
#[must_use]
pub fn later(voice: &Voice) -> Response {
    page(StatusCode::TOO_MANY_REQUESTS, voice, (words::GONE, words::LATER))
}
