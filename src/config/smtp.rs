//! `mail.smtp_url`: which mail server takes our mail, how the way to it is protected, and who we are
//! there.
//!
//! `smtps://user:password@host:465` is TLS from the first byte. `smtp://user:password@host:587` is
//! TLS by STARTTLS, and nothing is said before it; only towards an address of this machine itself
//! (127.0.0.0/8 or `[::1]`, written as such) it is no TLS at all, because nothing leaves the machine.
//! What has a meaning in a URL is percent-encoded in user and password. It must not connect anywhere.

use std::fmt;
use std::net::IpAddr;

/// Longest URL, in bytes.
const URL_BYTES_MAX: usize = 1024;

/// Longest name of a host, in bytes.
const HOST_BYTES_MAX: usize = 253;

/// How the way to the server is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS by STARTTLS; a server without it is refused.
    StartTls,
    /// None: the server is on this machine.
    ThisMachine,
}

/// The mail server that takes our mail.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// How the way is protected.
    pub security: Security,
    /// Name or address, without brackets. A certificate has to be for it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Who we are there.
    pub login: Option<Login>,
}

/// User and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

/// What is wrong with the URL of a mail server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SmtpFault {
    /// It begins with neither `smtps://` nor `smtp://`.
    Scheme,
    /// More than 1,024 bytes.
    Length,
    /// A user without a password, a password without a user, or a control character in one.
    Login,
    /// A `%` that does not begin two hexadecimal digits, or what they stand for is no text.
    Percent,
    /// The name or address of the server.
    Host,
    /// The port is no number from 1 to 65,535.
    Port,
    /// Something stands behind the server.
    Rest,
}

impl fmt::Debug for SmtpServer {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {:?}", self.host, self.port, self.security)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl SmtpServer {
    /// Reads the URL of a mail server.
    pub fn read(url: &str) -> Result<Self, SmtpFault> {
        if url.len() > URL_BYTES_MAX {
            return Err(SmtpFault::Length);
        }
        let (scheme, rest) = url.split_once("://").ok_or(SmtpFault::Scheme)?;
        let (written, usual_port) = match scheme.to_ascii_lowercase().as_str() {
            "smtps" => (Security::Tls, 465),
            "smtp" => (Security::StartTls, 587),
            _ => return Err(SmtpFault::Scheme),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A password may hold an "@" that was not encoded: the last one stands before the host.
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(read_login(login)?), place),
            None => (None, rest),
        };
        if place.contains(['/', '?', '#']) {
            return Err(SmtpFault::Rest);
        }
        let (host, port) = read_place(place)?;
        let security = match written {
            Security::StartTls if is_this_machine(&host) => Security::ThisMachine,
            other => other,
        };
        Ok(Self { security, host, port: port.unwrap_or(usual_port), login })
    }
}

fn is_this_machine(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `host`, `host:port` or `[address]:port`.
fn read_place(place: &str) -> Result<(String, Option<u16>), SmtpFault> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, behind) = rest.split_once(']').ok_or(SmtpFault::Host)?;
            let port = (!behind.is_empty())
                .then(|| behind.strip_prefix(':').ok_or(SmtpFault::Port))
                .transpose()?;
            let is_address = host.parse::<std::net::Ipv6Addr>().is_ok();
            (is_address.then_some(host), port)
        }
        None => {
            let (host, port) =
                place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
            (is_host(host).then_some(host), port)
        }
    };
    let port = port.map(|port| read_port(port).ok_or(SmtpFault::Port)).transpose()?;
    Ok((host.ok_or(SmtpFault::Host)?.to_ascii_lowercase(), port))
}

fn read_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
    };
    host.len() <= HOST_BYTES_MAX && host.split('.').all(is_label)
}

fn read_login(text: &str) -> Result<Login, SmtpFault> {
    let (user, password) = text.split_once(':').ok_or(SmtpFault::Login)?;
    let (user, password) = (decode(user)?, decode(password)?);
    let whole = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
    if whole(&user) && whole(&password) {
        Ok(Login { user, password })
    } else {
        Err(SmtpFault::Login)
    }
}

/// Takes percent-encoding off.
fn decode(text: &str) -> Result<String, SmtpFault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let (high, low) = digit().zip(digit()).ok_or(SmtpFault::Percent)?;
        bytes.push(u8::try_from(high * 16 + low).map_err(|_| SmtpFault::Percent)?);
    }
    String::from_utf8(bytes).map_err(|_| SmtpFault::Percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(url: &str) -> SmtpServer {
        SmtpServer::read(url).unwrap()
    }

    fn login(user: &str, password: &str) -> Option<Login> {
        Some(Login { user: user.to_owned(), password: password.to_owned() })
    }

    #[test]
    fn the_scheme_says_how_the_way_is_protected_and_which_port_is_usual() {
        let server = read("smtps://anshin:secret@mail.example.jp");
        assert_eq!((server.security, server.port), (Security::Tls, 465));
        assert_eq!(
            (server.host.as_str(), server.login),
            ("mail.example.jp", login("anshin", "secret"))
        );
        let server = read("SMTP://anshin:secret@Mail.Example.jp:2587/");
        assert_eq!((server.security, server.port), (Security::StartTls, 2587));
        assert_eq!(server.host, "mail.example.jp");
        assert_eq!(read("smtp://mail.example.jp").port, 587);
        assert_eq!(read("smtps://[2001:db8::1]:465").host, "2001:db8::1");
        assert_eq!(read("smtp://192.0.2.1").security, Security::StartTls);
    }

    #[test]
    fn only_an_address_of_this_machine_goes_without_tls() {
        for url in
            ["smtp://127.0.0.1:25", "smtp://127.8.0.1", "smtp://[::1]:25", "smtp://u:p@127.0.0.1"]
        {
            assert_eq!(read(url).security, Security::ThisMachine, "{url}");
        }
        for url in ["smtp://localhost:25", "smtp://127.0.0.1.example.jp", "smtp://128.0.0.1"] {
            assert_eq!(read(url).security, Security::StartTls, "{url}");
        }
        assert_eq!(read("smtps://127.0.0.1").security, Security::Tls);
    }

    #[test]
    fn user_and_password_are_percent_decoded() {
        let server = read("smtps://anshin%40example.jp:p%3Aa%2Fs%25s%20%E3%81%82@mail.example.jp");
        assert_eq!(server.login, login("anshin@example.jp", "p:a/s%s あ"));
        let server = read("smtps://anshin@example.jp:a/b?c#d@mail.example.jp");
        assert_eq!(server.login, login("anshin@example.jp", "a/b?c#d"));
    }

    #[test]
    fn every_other_url_is_refused_with_its_reason() {
        for (url, fault) in [
            ("", SmtpFault::Scheme),
            ("mail.example.jp:465", SmtpFault::Scheme),
            ("https://mail.example.jp", SmtpFault::Scheme),
            ("smtps:mail.example.jp", SmtpFault::Scheme),
            ("smtps://anshin@mail.example.jp", SmtpFault::Login),
            ("smtps://:secret@mail.example.jp", SmtpFault::Login),
            ("smtps://anshin:@mail.example.jp", SmtpFault::Login),
            ("smtps://anshin:a%00b@mail.example.jp", SmtpFault::Login),
            ("smtps://anshin:a%0d%0ab@mail.example.jp", SmtpFault::Login),
            ("smtps://anshin:100%@mail.example.jp", SmtpFault::Percent),
            ("smtps://anshin:%zz@mail.example.jp", SmtpFault::Percent),
            ("smtps://anshin:%+1@mail.example.jp", SmtpFault::Percent),
            ("smtps://anshin:%ff@mail.example.jp", SmtpFault::Percent),
            ("smtps://", SmtpFault::Host),
            ("smtps://:465", SmtpFault::Host),
            ("smtps://mail..example.jp", SmtpFault::Host),
            ("smtps://mail_server", SmtpFault::Host),
            ("smtps://mail example.jp", SmtpFault::Host),
            ("smtps://メール.example.jp", SmtpFault::Host),
            ("smtps://[127.0.0.1]", SmtpFault::Host),
            ("smtps://[::1", SmtpFault::Host),
            ("smtps://mail.example.jp:", SmtpFault::Port),
            ("smtps://mail.example.jp:0", SmtpFault::Port),
            ("smtps://mail.example.jp:65536", SmtpFault::Port),
            ("smtps://mail.example.jp:+465", SmtpFault::Port),
            ("smtps://[::1]465", SmtpFault::Port),
            ("smtps://2001:db8::1", SmtpFault::Port),
            ("smtps://mail.example.jp/inbox", SmtpFault::Rest),
            ("smtps://mail.example.jp?tls=no", SmtpFault::Rest),
            ("smtps://mail.example.jp//", SmtpFault::Rest),
        ] {
            assert_eq!(SmtpServer::read(url), Err(fault), "{url}");
        }
        let long = format!("smtps://anshin:{}@mail.example.jp", "a".repeat(1024));
        assert_eq!(SmtpServer::read(&long), Err(SmtpFault::Length));
    }

    #[test]
    fn no_debug_output_holds_user_or_password() {
        let shown = format!("{:?}", read("smtps://canary-user:canary-secret@mail.example.jp"));
        assert_eq!(shown, "mail.example.jp:465 Tls");
    }

    proptest! {
        #[test]
        fn any_login_arrives_as_it_was_when_it_is_encoded(
            user in "[^\\p{Cc}]{1,20}", password in "[^\\p{Cc}]{1,20}"
        ) {
            let encode = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02x}")).collect() };
            let url = format!("smtps://{}:{}@mail.example.jp", encode(&user), encode(&password));
            prop_assert_eq!(read(&url).login, login(&user, &password));
        }

        #[test]
        fn reading_never_panics(url in "(smtps?://)?\\PC{0,60}") {
            let _ = SmtpServer::read(&url);
        }
    }
}
