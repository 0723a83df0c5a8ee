//! The way to the mail server: find it, connect, protect the connection, log in. Names go through our
//! own lookup and connections to addresses, so that nothing here reaches getaddrinfo.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::mailer::Waits;
use super::outcome::{Stage, Trouble};
use super::session::Session;
use super::starttls;
use super::wire::Wire;
use crate::config::smtp::{Security, SmtpServer};
use crate::net::resolve;

/// Addresses of one server that are tried.
const ADDRESSES_MAX: usize = 4;

/// Knows the way.
pub(super) struct Dial {
    pub(super) server: SmtpServer,
    pub(super) hello: ClientId,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) waits: Waits,
}

impl Dial {
    /// Goes there.
    pub(super) async fn open(&self) -> Result<Session, Trouble> {
        let (stream, peer) = self.connect().await?;
        let wire = match self.server.security {
            Security::ThisMachine => Wire::fresh(stream, peer),
            Security::Tls => Wire::fresh(self.protect(stream).await?, peer),
            Security::StartTls => Wire::greeted(self.start_tls(stream).await?, peer),
        };
        Session::begin(wire, &self.hello, self.server.login.as_ref(), self.waits).await
    }

    async fn connect(&self) -> Result<(TcpStream, SocketAddr), Trouble> {
        let mut last = Trouble::silent(Stage::Dial, "the name has no address");
        for address in self.addresses().await?.into_iter().take(ADDRESSES_MAX) {
            let peer = SocketAddr::new(address, self.server.port);
            match within(self.waits.connect, TcpStream::connect(peer)).await {
                Ok(stream) => return Ok((stream, peer)),
                Err(trouble) => last = trouble,
            }
        }
        Err(last)
    }

    /// The server's addresses, those of IPv4 first: more hosts have a way out there.
    async fn addresses(&self) -> Result<Vec<IpAddr>, Trouble> {
        if let Ok(address) = self.server.host.parse() {
            return Ok(vec![address]);
        }
        let found = resolve::addresses(&self.server.host);
        let mut addresses = within(self.waits.connect, found).await?;
        addresses.sort_by_key(IpAddr::is_ipv6);
        Ok(addresses)
    }

    async fn protect(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, Trouble> {
        let name = ServerName::try_from(self.server.host.clone())
            .map_err(|fault| Trouble::silent(Stage::Dial, fault))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        within(self.waits.connect, connector.connect(name, stream)).await
    }

    async fn start_tls(&self, mut stream: TcpStream) -> Result<TlsStream<TcpStream>, Trouble> {
        let hello = self.hello.to_string();
        let asked = starttls::ask(&mut stream, &hello);
        tokio::time::timeout(self.waits.answer, asked)
            .await
            .map_err(|_| Trouble::late(Stage::Greeting))??;
        self.protect(stream).await
    }
}

/// Waits for a step at most so long.
async fn within<T, E: std::fmt::Display>(
    wait: Duration,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(wait, step).await {
        Ok(done) => done.map_err(|fault| Trouble::silent(Stage::Dial, fault)),
        Err(_) => Err(Trouble::late(Stage::Dial)),
    }
}
