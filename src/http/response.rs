//! What a handler answers: a status, headers and a whole body in memory.
//!
//! It must not stream, and it never sends a page without the security headers below.

use http_body_util::Full;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Sent with every response that does not set them itself, errors included. No inline script or
/// style, no foreign origin, no frame around our pages, nothing kept in a cache.
const DEFAULT_HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// A year of HTTPS only, for the name and those below it: sent with every response of a server that
/// people reach over HTTPS.
const STRICT_TRANSPORT: HeaderValue =
    HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// A response. It is complete when made; [`Response::header`] adds to it.
#[derive(Clone, Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Response {
    /// Plain text in UTF-8.
    pub fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Response::empty(status).with_body("text/plain; charset=utf-8", text.into())
    }

    /// A page in UTF-8. Escaping is the caller's (maud's) work.
    pub fn html(status: StatusCode, html: impl Into<String>) -> Self {
        Response::empty(status).with_body("text/html; charset=utf-8", html.into())
    }

    /// A JSON value.
    pub fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Response::empty(status).with_body("application/json", value.to_string())
    }

    /// 200 with any bytes (`Vec<u8>`, `&'static [u8]`, [`Bytes`]) of the given content type.
    pub fn bytes(content_type: &str, body: impl Into<Bytes>) -> Self {
        Response::empty(StatusCode::OK).with_body(content_type, body)
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// 303: the browser goes to a path of this site with GET.
    ///
    /// Only `/path` goes through; what a browser would read as another site (`https://…`,
    /// `//host`, `/\host`) becomes `/`. Bytes that cannot stand in a URL are percent-encoded.
    pub fn redirect_see_other(path: &str) -> Self {
        let location = if is_local(path) { encoded(path) } else { "/".to_owned() };
        Response::empty(StatusCode::SEE_OTHER).header("location", &location)
    }

    /// Only a status.
    pub fn empty(status: StatusCode) -> Self {
        Response { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// The status line as plain text: the body of every error the kit makes.
    pub(super) fn status_line(status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or("Error");
        Response::text(status, format!("{} {reason}\n", status.as_u16()))
    }

    /// Sets a header; `set-cookie` is added instead, since several may stand side by side.
    ///
    /// A name or value that cannot stand in a header (a line break, say) is left out and logged:
    /// it must neither split the response nor cost the visitor the page.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(header::SET_COOKIE), Ok(value)) => {
                self.headers.append(header::SET_COOKIE, value);
            }
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => tracing::error!(name, "a response header is not valid and was left out"),
        }
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers set so far; the security headers come when it is sent.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One header's value, if it is text.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What goes out: the default headers filled in, `strict` says that people reach us over HTTPS,
    /// and `connection: close` stands where asked.
    pub(super) fn into_hyper(mut self, strict: bool, close: bool) -> hyper::Response<Full<Bytes>> {
        for (name, value) in DEFAULT_HEADERS {
            self.headers.entry(name).or_insert(value);
        }
        if strict {
            self.headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
        // hyper alone frames the body; a handler's wrong length must not.
        self.headers.remove(header::CONTENT_LENGTH);
        self.headers.remove(header::TRANSFER_ENCODING);
        if close {
            self.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let mut response = hyper::Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }
}

/// Browsers read `//host` and `/\host` as another site, and drop tabs and line breaks first.
fn is_local(path: &str) -> bool {
    let mut seen = path.chars().filter(|c| !c.is_ascii_control());
    seen.next() == Some('/') && !matches!(seen.next(), Some('/' | '\\'))
}

fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(path: &str) -> String {
        let response = Response::redirect_see_other(path);
        response.header_value("location").unwrap_or_default().to_owned()
    }

    #[test]
    fn a_redirect_never_leaves_the_site() {
        for path in ["https://evil.test", "//evil.test", "/\\evil.test", "/\t/evil.test", "", "x"] {
            assert_eq!(location(path), "/", "{path:?}");
        }
        assert_eq!(location("/staff?a=1&b=2#c"), "/staff?a=1&b=2#c");
        assert_eq!(location("/a b\r\nx: y"), "/a%20b%0D%0Ax:%20y");
    }

    #[test]
    fn a_header_cannot_split_the_response() {
        let response = Response::empty(StatusCode::OK).header("x-a", "b\r\nset-cookie: c=d");
        assert!(response.headers().is_empty());
    }

    #[test]
    fn cookies_add_up_and_other_headers_replace() {
        let response = Response::empty(StatusCode::OK)
            .header("Set-Cookie", "a=1")
            .header("Set-Cookie", "b=2")
            .header("x-a", "1")
            .header("x-a", "2");
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(response.header_value("x-a"), Some("2"));
    }

    #[test]
    fn default_headers_do_not_overwrite_a_handlers_own() {
        let response =
            Response::bytes("text/css", &b"x{}"[..]).header("cache-control", "max-age=1");
        let sent = response.into_hyper(false, false);
        assert_eq!(sent.headers()["cache-control"], "max-age=1");
        assert_eq!(sent.headers()["x-content-type-options"], "nosniff");
        assert!(!sent.headers().contains_key("connection"));
        assert!(!sent.headers().contains_key("strict-transport-security"));
    }
}
