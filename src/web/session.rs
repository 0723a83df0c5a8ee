//! Cookies and sessions: who is logged in. A session is a random token in a cookie; what is stored is
//! its hash. It ends after half an hour without an act, after twelve hours in any case, and whenever
//! the account is stopped or reset.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use super::random::is_token;
use crate::domain::id::StaffId;
use crate::domain::invitation::Mint;
use crate::domain::page::PAGE_SESSION_LIFE;
use crate::domain::staff::{Session, Staff, TokenHash};
use crate::domain::time::Moment;
use crate::http::{Request, Response};
use crate::store::{Reading, StoreError};

/// How long a browser remembers that an account has logged in here, in seconds: half a year.
const KNOWN_SECONDS: u32 = 180 * 24 * 3600;

/// Cookies of one request that are looked at.
const COOKIES_MAX: usize = 50;

/// What a cookie is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cookie {
    /// The session.
    Session,
    /// The token behind the forms that come before a session.
    Form,
    /// Which account has logged in here before.
    Known,
    /// The session of somebody who came from their chat.
    Page,
}

/// Names and attributes of our cookies.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// Whether people reach us over HTTPS. Then the browser guarantees that no neighbouring site and
    /// no plain HTTP has set the cookie (`__Host-`); without, such a cookie would not be kept at all.
    pub secure: bool,
}

impl Cookies {
    fn name(self, cookie: Cookie) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        let name = match cookie {
            Cookie::Session => "anshin",
            Cookie::Form => "anshin-form",
            Cookie::Known => "anshin-known",
            Cookie::Page => "anshin-page",
        };
        format!("{prefix}{name}")
    }

    /// The value of a cookie. One that is there twice is not ours to choose between.
    #[must_use]
    pub fn get(self, request: &Request, cookie: Cookie) -> Option<String> {
        let name = self.name(cookie);
        let lines = request.headers.get_all("cookie").iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).take(COOKIES_MAX);
        let mut values = pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value);
        let value = values.next()?;
        values.next().is_none().then(|| value.to_owned())
    }

    /// Adds a cookie.
    #[must_use]
    pub fn set(self, response: Response, cookie: Cookie, value: &str) -> Response {
        let age = match cookie {
            Cookie::Session | Cookie::Form => String::new(),
            Cookie::Known => format!("; Max-Age={KNOWN_SECONDS}"),
            // The telephone may close the browser at any time; the session ends by itself.
            Cookie::Page => format!("; Max-Age={}", PAGE_SESSION_LIFE.as_secs()),
        };
        self.add(response, cookie, value, &age)
    }

    /// Takes a cookie away.
    #[must_use]
    pub fn remove(self, response: Response, cookie: Cookie) -> Response {
        self.add(response, cookie, "", "; Max-Age=0")
    }

    fn add(self, response: Response, cookie: Cookie, value: &str, age: &str) -> Response {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name(cookie);
        let line = format!("{name}={value}; Path=/{secure}; HttpOnly; SameSite=Lax{age}");
        response.header("set-cookie", &line)
    }
}

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Their account.
    pub staff: Staff,
    /// Their session.
    pub session: Session,
}

/// The token of the session that a request belongs to, if it has the form of one.
#[must_use]
pub fn token(cookies: Cookies, request: &Request) -> Option<String> {
    cookies.get(request, Cookie::Session).filter(|token| is_token(token))
}

/// Who is logged in with this token now.
pub fn find(reading: &Reading, token: &str, now: Moment) -> Result<Option<SignedIn>, StoreError> {
    let session = reading.session(TokenHash::of(token))?;
    let Some(session) = session.filter(|session| session.is_live(now)) else { return Ok(None) };
    let staff = reading.staff(session.staff)?.filter(Staff::is_ready);
    Ok(staff.map(|staff| SignedIn { staff, session }))
}

/// What a browser shows in which this account has logged in before.
#[must_use]
pub fn known_value(mint: &Mint, staff: StaffId) -> String {
    URL_SAFE_NO_PAD.encode(mint.known(staff))
}

/// Whether this account has logged in before in the browser of this request.
#[must_use]
pub fn is_known(cookies: Cookies, mint: &Mint, request: &Request, staff: StaffId) -> bool {
    let shown = cookies.get(request, Cookie::Known).unwrap_or_default();
    let shown = URL_SAFE_NO_PAD.decode(shown).unwrap_or_default();
    bool::from(mint.known(staff).as_slice().ct_eq(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::StatusCode;

    fn get(secure: bool, lines: &[&str]) -> Option<String> {
        let request = lines
            .iter()
            .fold(Request::build("GET", "/staff"), |request, line| request.header("cookie", line));
        Cookies { secure }.get(&request.empty(), Cookie::Session)
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name_and_only_if_it_is_there_once() {
        assert_eq!(get(false, &["a=b; anshin=x; c=d"]).as_deref(), Some("x"));
        assert_eq!(get(false, &["a=b", "anshin=x"]).as_deref(), Some("x"));
        assert_eq!(get(true, &["__Host-anshin=x; anshin=y"]).as_deref(), Some("x"));
        for lines in
            [&["anshin=x; anshin=y"][..], &["anshin=x", "anshin=x"], &["anshin-form=x"], &[]]
        {
            assert_eq!(get(false, lines), None, "{lines:?}");
        }
        assert_eq!(get(true, &["anshin=x"]), None);
    }

    #[test]
    fn every_cookie_is_closed_to_scripts_and_other_sites() {
        for (secure, prefix, attribute) in [(true, "__Host-", "; Secure"), (false, "", "")] {
            for cookie in [Cookie::Session, Cookie::Form, Cookie::Known, Cookie::Page] {
                let response = Response::empty(StatusCode::OK);
                let cookies = Cookies { secure };
                let set = cookies.remove(cookies.set(response, cookie, "v"), cookie);
                for line in set.headers().get_all("set-cookie") {
                    let line = line.to_str().unwrap();
                    assert!(line.starts_with(&format!("{prefix}anshin")), "{line}");
                    let always = format!("; Path=/{attribute}; HttpOnly; SameSite=Lax");
                    assert!(line.contains(&always), "{line}");
                    assert!(!line.contains("Domain"), "{line}");
                }
            }
        }
    }
}
