//! Judges a request head before hyper sees it: one meaning only, or none.
//!
//! hyper forgives what lets two servers read one byte stream differently (it drops a
//! Content-Length beside a Transfer-Encoding, and a repeated equal Content-Length). Here these are
//! refused, and everything hyper would refuse by itself is refused first, so that every error
//! answer is ours and carries our headers. Pure: it must not read or write anything.

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Uri};

use super::host;
use super::limits::Limits;
use super::refusal::Refusal;

/// No real body is longer; hyper's own ceiling lies just above.
const BODY_BYTES_CEILING: u64 = 1 << 62;

/// How the body behind a head is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many bytes follow; 0 if the head declares no body.
    Length(u64),
    /// Chunks follow. Only hyper knows where they end.
    Chunked,
}

/// Where a head ends in the bytes received so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Behind this many bytes, the empty line included.
    At(usize),
    /// Not yet.
    Unknown,
    /// A line feed without its carriage return: servers disagree about where such a head ends.
    BareLineFeed,
}

/// Looks for the end of the head in `bytes`, of which `scanned` have been looked at before.
pub(super) fn find_end(bytes: &[u8], scanned: usize) -> End {
    if bytes.starts_with(b"\r\n") {
        // An empty head, which will not get better by waiting.
        return End::At(2);
    }
    for index in scanned..bytes.len() {
        if bytes[index] != b'\n' {
            continue;
        }
        if index == 0 || bytes[index - 1] != b'\r' {
            return End::BareLineFeed;
        }
        if bytes[..index].ends_with(b"\r\n\r") {
            return End::At(index + 1);
        }
    }
    End::Unknown
}

/// Which limit a head broke that is longer than `header_bytes_max`.
pub(super) fn oversize(bytes: &[u8], limits: &Limits) -> Refusal {
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first_line.len() > limits.uri_bytes_max {
        Refusal::UriTooLong
    } else {
        Refusal::HeadTooLarge
    }
}

/// Judges a whole head, from its first byte to the empty line.
pub(super) fn inspect(head: &[u8], limits: &Limits) -> Result<Framing, Refusal> {
    // Without the empty line: every line that is left still ends in its own line feed.
    let text = head.strip_suffix(b"\r\n").ok_or(Refusal::Malformed)?;
    if !text.ends_with(b"\r\n") {
        return Err(Refusal::Malformed);
    }
    // `find_end` has seen to it that every line feed follows a carriage return. A second carriage
    // return stays in the line and is refused there.
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let mut lines = lines.map(|line| line.strip_suffix(b"\r\n").unwrap_or(line));
    let version = request_line(lines.next().unwrap_or_default(), limits)?;
    let mut fields = Fields::default();
    for (index, line) in lines.enumerate() {
        if index >= limits.headers_max {
            return Err(Refusal::HeadTooLarge);
        }
        fields.read(line)?;
    }
    fields.framing(version)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Http10,
    Http11,
}

fn request_line(line: &[u8], limits: &Limits) -> Result<Version, Refusal> {
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::Malformed);
    };
    let method = Method::from_bytes(method).map_err(|_| Refusal::Malformed)?;
    if method == Method::TRACE || method == Method::CONNECT {
        return Err(Refusal::MethodNotAllowed);
    }
    if target.len() > limits.uri_bytes_max {
        return Err(Refusal::UriTooLong);
    }
    check_target(target)?;
    match version {
        b"HTTP/1.1" => Ok(Version::Http11),
        b"HTTP/1.0" => Ok(Version::Http10),
        other if other.starts_with(b"HTTP/") => Err(Refusal::VersionNotSupported),
        _ => Err(Refusal::Malformed),
    }
}

/// `/path?query`, or a whole `http(s)://` URL, which RFC 9112 §3.2.2 makes servers accept.
fn check_target(target: &[u8]) -> Result<(), Refusal> {
    let form = target.starts_with(b"/")
        || target.starts_with(b"http://")
        || target.starts_with(b"https://");
    if !form || !target.iter().all(u8::is_ascii_graphic) {
        return Err(Refusal::Malformed);
    }
    let uri = Uri::try_from(target).map_err(|_| Refusal::Malformed)?;
    if uri.path().starts_with('/') { Ok(()) } else { Err(Refusal::Malformed) }
}

/// The header lines that decide where a request ends and whom it is for.
#[derive(Default)]
struct Fields {
    length: Option<u64>,
    chunked: bool,
    host: bool,
}

impl Fields {
    /// Takes in one line. Each of the three may stand only once, even with equal values.
    fn read(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let colon = line.iter().position(|byte| *byte == b':').ok_or(Refusal::Malformed)?;
        let name = HeaderName::from_bytes(&line[..colon]).map_err(|_| Refusal::Malformed)?;
        let value = trimmed(&line[colon + 1..]);
        HeaderValue::from_bytes(value).map_err(|_| Refusal::Malformed)?;
        let repeated = if name == header::CONTENT_LENGTH {
            self.length.replace(parse_length(value)?).is_some()
        } else if name == header::TRANSFER_ENCODING {
            if !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Refusal::CodingNotImplemented);
            }
            std::mem::replace(&mut self.chunked, true)
        } else if name == header::HOST {
            !host::is_well_formed(value) || std::mem::replace(&mut self.host, true)
        } else {
            false
        };
        if repeated { Err(Refusal::Malformed) } else { Ok(()) }
    }

    fn framing(&self, version: Version) -> Result<Framing, Refusal> {
        if version == Version::Http11 && !self.host {
            return Err(Refusal::Malformed);
        }
        match (self.chunked, self.length) {
            (false, length) => Ok(Framing::Length(length.unwrap_or(0))),
            (true, None) if version == Version::Http11 => Ok(Framing::Chunked),
            (true, _) => Err(Refusal::Malformed),
        }
    }
}

/// Digits only: no sign, no list, no space inside.
fn parse_length(value: &[u8]) -> Result<u64, Refusal> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::Malformed);
    }
    let digits = std::str::from_utf8(value).map_err(|_| Refusal::Malformed)?;
    match digits.parse() {
        Ok(length) if length <= BODY_BYTES_CEILING => Ok(length),
        _ => Err(Refusal::BodyTooLarge),
    }
}

fn trimmed(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(head: &str) -> Result<Framing, Refusal> {
        inspect(head.as_bytes(), &Limits::default())
    }

    /// A well-formed POST with these lines added.
    fn with(lines: &str) -> Result<Framing, Refusal> {
        judge(&format!("POST /x HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n"))
    }

    #[test]
    fn ordinary_heads_pass() {
        assert_eq!(judge("GET / HTTP/1.1\r\nhost: a.jp:80\r\n\r\n"), Ok(Framing::Length(0)));
        assert_eq!(judge("GET /?q=1 HTTP/1.0\r\n\r\n"), Ok(Framing::Length(0)));
        assert_eq!(judge("GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n"), Ok(Framing::Length(0)));
        assert_eq!(with("Content-Length:\t 12 "), Ok(Framing::Length(12)));
        assert_eq!(with("Transfer-Encoding: Chunked"), Ok(Framing::Chunked));
        assert_eq!(with("X-Name: \u{898b}"), Ok(Framing::Length(0)));
    }

    #[test]
    fn every_form_of_request_smuggling_is_refused() {
        for lines in [
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5, 5",
            "Content-Length: +5",
            "Content-Length: -1",
            "Content-Length: 0x5",
            "Content-Length: 5 5",
            "Content-Length:",
            "Content-Length : 5",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: chunked\r\n x",
            "X: y\r\n Transfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked",
            "X: y\r\r\nTransfer-Encoding: chunked",
            "X: y\0z",
            "no colon",
            ": no name",
            "Host: b",
        ] {
            assert_eq!(with(lines), Err(Refusal::Malformed), "{lines:?}");
        }
        for lines in [
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: \x0bchunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding:",
        ] {
            let refusal = with(lines).expect_err(lines);
            let known = [Refusal::CodingNotImplemented, Refusal::Malformed];
            assert!(known.contains(&refusal), "{lines:?} {refusal:?}");
        }
        let old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(judge(old), Err(Refusal::Malformed));
    }

    #[test]
    fn request_lines_that_are_not_ours_are_refused() {
        for (line, refusal) in [
            ("TRACE / HTTP/1.1", Refusal::MethodNotAllowed),
            ("CONNECT a:443 HTTP/1.1", Refusal::MethodNotAllowed),
            ("PRI * HTTP/2.0", Refusal::Malformed),
            ("GET / HTTP/2.0", Refusal::VersionNotSupported),
            ("GET / http/1.1", Refusal::Malformed),
            ("GET  / HTTP/1.1", Refusal::Malformed),
            ("GET /", Refusal::Malformed),
            ("GET / HTTP/1.1 x", Refusal::Malformed),
            ("OPTIONS * HTTP/1.1", Refusal::Malformed),
            ("GET a/b HTTP/1.1", Refusal::Malformed),
            ("GET ftp://a/ HTTP/1.1", Refusal::Malformed),
            ("GET /\u{898b} HTTP/1.1", Refusal::Malformed),
            ("GET /\t HTTP/1.1", Refusal::Malformed),
            ("G(T / HTTP/1.1", Refusal::Malformed),
            ("", Refusal::Malformed),
        ] {
            let head = format!("{line}\r\nHost: a\r\n\r\n");
            assert_eq!(judge(&head), Err(refusal), "{line:?}");
        }
    }

    #[test]
    fn a_host_is_needed_once_and_well_formed() {
        assert_eq!(judge("GET / HTTP/1.1\r\n\r\n"), Err(Refusal::Malformed));
        assert_eq!(judge("GET / HTTP/1.1\r\nHost:\r\n\r\n"), Err(Refusal::Malformed));
        assert_eq!(judge("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), Err(Refusal::Malformed));
    }

    #[test]
    fn a_carriage_return_more_is_refused_in_every_line_and_in_the_last_one_too() {
        assert_eq!(with("X: y\r"), Err(Refusal::Malformed));
        assert_eq!(with("X: y\r\r\nZ: y"), Err(Refusal::Malformed));
        assert_eq!(judge("GET / HTTP/1.1\r\r\n\r\n"), Err(Refusal::VersionNotSupported));
        assert_eq!(judge("\r\n"), Err(Refusal::Malformed));
        assert_eq!(judge("\n\r\n"), Err(Refusal::Malformed));
    }

    #[test]
    fn limits_are_kept() {
        let limits = Limits { headers_max: 2, uri_bytes_max: 4, ..Limits::default() };
        let judge = |head: &str| inspect(head.as_bytes(), &limits);
        assert!(judge("GET /abc HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n").is_ok());
        let three = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nX: y\r\n\r\n";
        assert_eq!(judge(three), Err(Refusal::HeadTooLarge));
        assert_eq!(judge("GET /abcd HTTP/1.1\r\nHost: a\r\n\r\n"), Err(Refusal::UriTooLong));
        assert_eq!(with("Content-Length: 99999999999999999999"), Err(Refusal::BodyTooLarge));
        assert_eq!(with("Content-Length: 18446744073709551615"), Err(Refusal::BodyTooLarge));
    }

    #[test]
    fn the_end_is_found_wherever_the_bytes_were_cut() {
        let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
        for scanned in 0..24 {
            assert_eq!(find_end(head, scanned), End::At(27), "{scanned}");
        }
        assert_eq!(find_end(&head[..26], 0), End::Unknown);
        assert_eq!(find_end(b"GET / HTTP/1.1\nHost: a\n\n", 0), End::BareLineFeed);
        assert_eq!(find_end(b"\n", 0), End::BareLineFeed);
        assert_eq!(find_end(b"a\r\n\n", 0), End::BareLineFeed);
    }
}
