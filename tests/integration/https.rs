//! Our own HTTPS: a certificate from files, one from an authority, and what is said when either goes
//! wrong. This file holds the clients that the tests beside it share.

pub(crate) mod authority;
mod files;
mod order;
mod pebble;
mod wish;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anshin::domain::time::Moment;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The name of our pages.
pub(crate) const NAME: &str = "mimamori.example.jp";

const DAY: Duration = Duration::from_secs(86_400);

fn now() -> Moment {
    anshin::clock::real_now()
}

/// A connection of somebody who trusts the authorities of `config` and asks for [`NAME`].
pub(crate) async fn connect(
    address: SocketAddr,
    config: &Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(NAME).unwrap();
    TlsConnector::from(Arc::clone(config)).connect(name, stream).await
}

/// The certificate that the other side showed.
fn shown(stream: &TlsStream<TcpStream>) -> Vec<u8> {
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

/// Asks for a page and reads until the server closes.
async fn get(stream: &mut TlsStream<TcpStream>, host: &str, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // An end without close_notify is an error here.
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
