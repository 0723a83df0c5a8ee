//! Name lookup without getaddrinfo, which crashes in a static glibc binary on many hosts. An
//! unreadable resolver configuration is an error, never a silent fallback to somebody's servers.

use std::net::SocketAddr;

use hickory_resolver::TokioResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves through the servers of `/etc/resolv.conf` and the names of `/etc/hosts`.
#[derive(Clone)]
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let resolver = TokioResolver::builder_tokio()?.build()?;
            let lookup = resolver.lookup_ip(name.as_str()).await?;
            let addresses: Vec<SocketAddr> =
                lookup.iter().map(|address| SocketAddr::new(address, 0)).collect();
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}
