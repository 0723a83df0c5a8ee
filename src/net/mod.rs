//! What everyone who calls out over the network needs: names without getaddrinfo, and whom to trust.
//! It must not know who is called, nor open a connection itself.

pub mod client;
pub mod resolve;
pub mod tls;
