//! Which `Host` values the server answers to: the guard against DNS rebinding and forged links.
//!
//! It must not resolve a name or guess one from a request.

/// The list of allowed `host[:port]` values. A request for another host is answered 421.
///
/// Comparison ignores the case of letters. An entry without a port also matches the default ports
/// (`:80`, `:443`), which some proxies write out; every other port must be listed.
#[derive(Clone, Debug, Default)]
pub struct HostPolicy {
    allowed: Vec<String>,
}

impl HostPolicy {
    /// Answers to every host.
    pub fn any() -> Self {
        HostPolicy::default()
    }

    /// Answers to these `host[:port]` values only; an empty list means every host.
    pub fn only<T: Into<String>>(allowed: impl IntoIterator<Item = T>) -> Self {
        let lower = |entry: T| entry.into().to_ascii_lowercase();
        HostPolicy { allowed: allowed.into_iter().map(lower).collect() }
    }

    /// Whether a request with this `Host` is answered. A request without one (HTTP/1.0) is not,
    /// unless every host is.
    pub fn allows(&self, host: Option<&str>) -> bool {
        if self.allowed.is_empty() {
            return true;
        }
        let Some(host) = host.map(str::to_ascii_lowercase) else {
            return false;
        };
        let bare = host.strip_suffix(":443").or_else(|| host.strip_suffix(":80"));
        self.allowed.iter().any(|entry| *entry == host || Some(entry.as_str()) == bare)
    }
}

/// Whether a `Host` value has the form of one: a name or address and perhaps a port, nothing that
/// could end a URL's host or hide another one in it.
pub(super) fn is_well_formed(host: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(byte);
    !host.is_empty() && host.iter().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_hosts_are_allowed() {
        let policy = HostPolicy::only(["Mimamori.example.jp", "127.0.0.1:8080", "[::1]:8080"]);
        for host in ["mimamori.example.jp", "MIMAMORI.EXAMPLE.JP:443", "127.0.0.1:8080"] {
            assert!(policy.allows(Some(host)), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:8080:443x",
            "mimamori.example.jp:8080",
            "mimamori.example.jp.",
            "mimamori.example.jp.evil.test",
            "evil.test",
            "",
        ] {
            assert!(!policy.allows(Some(host)), "{host}");
        }
        assert!(!policy.allows(None));
    }

    #[test]
    fn an_empty_list_allows_every_host() {
        assert!(HostPolicy::any().allows(None));
        assert!(HostPolicy::only(Vec::<String>::new()).allows(Some("anything")));
    }

    #[test]
    fn a_host_with_url_syntax_in_it_is_malformed() {
        for host in ["a b", "a/b", "user@a", "a?b", "a#b", "a\\b", "", "a,b", "a\"b"] {
            assert!(!is_well_formed(host.as_bytes()), "{host}");
        }
        assert!(is_well_formed(b"[::1]:8080") && is_well_formed(b"xn--eckwd4c7c.jp:80"));
    }
}
