//! Name lookup without getaddrinfo, which crashes in a static glibc binary on many hosts. An
//! unreadable resolver configuration is an error, never a silent fallback to somebody's servers.

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The addresses of a name: from the servers of `/etc/resolv.conf` and the names of `/etc/hosts`.
pub async fn addresses(name: &str) -> Result<Vec<IpAddr>, NetError> {
    let resolver = TokioResolver::builder_tokio()?.build()?;
    Ok(resolver.lookup_ip(name).await?.iter().collect())
}

/// The same for HTTP clients.
#[derive(Clone)]
pub struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = addresses(name.as_str()).await?;
            let found: Addrs =
                Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(found)
        })
    }
}
