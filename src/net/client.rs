//! An HTTP client as everyone here wants it: our names, our roots, no proxy of the surroundings, and no
//! redirect, so that nobody is called who was not named.

use std::time::Duration;

use super::resolve::Resolver;
use super::tls;

/// Longest wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// Connections to one host that are kept for the next call.
const IDLE_MAX: usize = 128;

/// No client could be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoClient(String);

/// A client that gives up a call after `wait`.
pub fn http(extra_roots: Option<&[u8]>, wait: Duration) -> Result<reqwest::Client, NoClient> {
    let tls = tls::client(extra_roots).map_err(|fault| NoClient(fault.to_string()))?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Resolver)
        .connect_timeout(CONNECT_WAIT)
        .timeout(wait)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(IDLE_MAX)
        .build()
        .map_err(|fault| NoClient(fault.without_url().to_string()))
}
