//! Who the client is when proxies stand in front: `X-Forwarded-For`, believed only from them.
//!
//! It must not believe a header that an untrusted sender could have written, nor resolve a name.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use hyper::HeaderMap;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// More hops than this are nobody's real set-up; the rest of the list is not read.
const HOPS_MAX: usize = 32;

/// A network such as `10.0.0.0/8`, `fd00::/8`, or one address such as `192.0.2.7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    network: IpAddr,
    prefix_bits: u8,
}

/// A text that is no network: an address that does not parse, or more prefix bits than it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CidrError;

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an address or network such as 192.0.2.7, 10.0.0.0/8 or fd00::/8")
    }
}

impl std::error::Error for CidrError {}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let network: IpAddr = address.parse().map_err(|_| CidrError)?;
        let width = if network.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match bits {
            None => width,
            Some(bits) => bits.parse().map_err(|_| CidrError)?,
        };
        if prefix_bits > width {
            return Err(CidrError);
        }
        Ok(Cidr { network, prefix_bits })
    }
}

impl Cidr {
    /// Whether the address lies in this network. `::ffff:192.0.2.7` counts as `192.0.2.7`.
    pub fn contains(&self, address: IpAddr) -> bool {
        masked(self.network, self.prefix_bits) == masked(address.to_canonical(), self.prefix_bits)
    }
}

/// The address with all bits behind the prefix cleared. Families stay apart, so they never match.
pub(super) fn masked(address: IpAddr, prefix_bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix_bits.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix_bits.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

/// Whether a socket's other end is one of our proxies.
pub(super) fn is_trusted(address: IpAddr, trusted: &[Cidr]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// The true client: walking from the socket to the left of `X-Forwarded-For`, the first address
/// that is not a trusted proxy.
///
/// An entry that is no address ends the walk at the proxy that passed it on: what stands left of
/// it was written by somebody unknown.
pub(super) fn client(socket_peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> IpAddr {
    let mut client = socket_peer.to_canonical();
    let lines = headers.get_all(X_FORWARDED_FOR);
    // Several header lines read as one list, in order.
    let hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops.take(HOPS_MAX) {
        if !is_trusted(client, trusted) {
            break;
        }
        let Some(address) = parse_hop(hop) else { break };
        client = address;
    }
    client
}

/// `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn parse_hop(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let address = match text.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => text.parse::<SocketAddr>().ok()?.ip(),
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address or network")
    }

    fn client_of(socket: &str, lines: &[&str], trusted: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, line.parse().expect("a header value"));
        }
        let trusted: Vec<Cidr> =
            trusted.iter().map(|text| text.parse().expect("an address or network")).collect();
        client(ip(socket), &headers, &trusted)
    }

    #[test]
    fn a_stranger_cannot_forge_an_address() {
        assert_eq!(client_of("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), ip("203.0.113.9"));
        assert_eq!(client_of("203.0.113.9", &["198.51.100.1"], &[]), ip("203.0.113.9"));
    }

    #[test]
    fn the_rightmost_untrusted_address_is_the_client() {
        let trusted = &["10.0.0.0/8"];
        let lines = &["1.1.1.1, 198.51.100.1", "10.2.2.2"];
        assert_eq!(client_of("10.1.1.1", lines, trusted), ip("198.51.100.1"));
    }

    #[test]
    fn garbage_ends_the_walk_at_the_last_proxy() {
        let trusted = &["10.0.0.0/8"];
        assert_eq!(client_of("10.1.1.1", &["198.51.100.1, evil"], trusted), ip("10.1.1.1"));
        assert_eq!(client_of("10.1.1.1", &["evil, 10.3.3.3"], trusted), ip("10.3.3.3"));
        assert_eq!(client_of("10.1.1.1", &[""], trusted), ip("10.1.1.1"));
        assert_eq!(client_of("10.1.1.1", &[], trusted), ip("10.1.1.1"));
    }

    #[test]
    fn ports_and_mapped_addresses_are_understood() {
        let trusted = &["127.0.0.1"];
        let socket = "::ffff:127.0.0.1";
        assert_eq!(client_of(socket, &["198.51.100.1:99"], trusted), ip("198.51.100.1"));
        assert_eq!(client_of(socket, &["[2001:db8::1]:99"], trusted), ip("2001:db8::1"));
    }

    #[test]
    fn networks_match_their_addresses_only() {
        let network: Cidr = "10.1.0.0/16".parse().expect("a network");
        assert!(network.contains(ip("10.1.255.255")) && !network.contains(ip("10.2.0.0")));
        let every: Cidr = "0.0.0.0/0".parse().expect("a network");
        assert!(every.contains(ip("8.8.8.8")) && !every.contains(ip("2001:db8::1")));
        let six: Cidr = "fd00::/8".parse().expect("a network");
        assert!(six.contains(ip("fdff::1")) && !six.contains(ip("fe80::1")));
        let all_six: Cidr = "::/0".parse().expect("a network");
        assert!(all_six.contains(ip("2001:db8::1")));
    }

    #[test]
    fn texts_that_are_no_network_are_refused() {
        for text in ["", "example.jp", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fd00::/129"] {
            assert_eq!(text.parse::<Cidr>(), Err(CidrError), "{text}");
        }
    }
}
