//! Whether a form was sent from a page of ours, by the person who sees it: the browser says where the
//! request comes from, and the form carries a word that only our page of this session could know.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, html};
use subtle::ConstantTimeEq;

use crate::domain::invitation::Mint;
use crate::http::Request;

/// The hidden field with the word.
pub const FIELD: &str = "form_token";

/// Whether the browser says that the request comes from one of our own pages. `Sec-Fetch-Site`
/// decides where it is sent. Else `Origin` must be one of ours: browsers send `null` instead under a
/// strict referrer policy, which says nothing.
#[must_use]
pub fn is_same_origin(request: &Request, ours: &[String]) -> bool {
    let origin = match origin(request) {
        Ok(origin) => origin,
        Err(Unreadable) => return false,
    };
    let known = |origin: &str| ours.iter().any(|own| own.eq_ignore_ascii_case(origin));
    let from_elsewhere = origin.is_some_and(|origin| origin != "null" && !known(origin));
    match request.headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin" && !from_elsewhere,
        None => origin.is_some_and(known),
    }
}

/// A header that is there twice, or is no text.
struct Unreadable;

fn origin(request: &Request) -> Result<Option<&str>, Unreadable> {
    let mut all = request.headers.get_all("origin").iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().map(Some).map_err(|_| Unreadable),
        (Some(_), Some(_)) => Err(Unreadable),
    }
}

/// The hidden field for a form of the session (or of the log-in) with this token.
#[must_use]
pub fn field(mint: &Mint, token: &str) -> Markup {
    html! { input type="hidden" name=(FIELD) value=(URL_SAFE_NO_PAD.encode(mint.form(token))); }
}

/// Whether a form carries the word of the session with this token.
#[must_use]
pub fn is_ours(mint: &Mint, token: &str, shown: &str) -> bool {
    let shown = URL_SAFE_NO_PAD.decode(shown).unwrap_or_default();
    bool::from(mint.form(token).as_slice().ct_eq(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://mimamori.example.jp";

    fn judged(headers: &[(&str, &str)]) -> bool {
        let request =
            headers.iter().fold(Request::build("POST", "/staff"), |request, (name, value)| {
                request.header(name, value)
            });
        is_same_origin(&request.empty(), &[OURS.to_owned(), "http://127.0.0.1:8080".to_owned()])
    }

    #[test]
    fn only_our_own_pages_are_believed() {
        for headers in [
            &[("origin", OURS)][..],
            &[("origin", "http://127.0.0.1:8080")],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "same-origin"), ("origin", OURS)],
        ] {
            assert!(judged(headers), "{headers:?}");
        }
        for headers in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://mimamori.example.jp")],
            &[("origin", "https://mimamori.example.jp.evil.example")],
            &[("origin", "https://mimamori.example.jp:8443")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site"), ("origin", OURS)],
            &[("sec-fetch-site", "none"), ("origin", OURS)],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("origin", OURS), ("origin", "https://evil.example")],
            &[("referer", OURS)],
        ] {
            assert!(!judged(headers), "{headers:?}");
        }
    }

    #[test]
    fn the_word_of_one_session_is_of_no_use_in_another() {
        let mint = Mint::new(&[7; 32]);
        let shown = field(&mint, "session").into_string();
        let word = shown.split('"').nth(5).unwrap();
        assert!(is_ours(&mint, "session", word));
        assert!(!is_ours(&mint, "other", word) && !is_ours(&Mint::new(&[8; 32]), "session", word));
        for wrong in ["", "AAAA", &word[1..], "no base64!"] {
            assert!(!is_ours(&mint, "session", wrong));
        }
    }
}
