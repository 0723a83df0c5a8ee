//! When an authority would like a certificate to be renewed (RFC 9773). Debian's Pebble knows nothing of that: a neighbour
//! of it says so instead, and sends whoever wants a certificate on to it.

use std::sync::{Arc, Mutex};

use anshin::domain::time::Moment;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::authority::{Authority, Issued};
use super::order::{Site, both};
use super::pebble::Pebble;
use super::*;
use crate::program::{Program, wait_for};

/// The neighbour: its directory is that of Pebble, with a wish of its own.
struct Neighbour {
    address: SocketAddr,
    /// What it was asked for, by path.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Neighbour {
    /// `wish` is the answer to whoever asks for it, with its status.
    async fn start(pebble: &Pebble, wish: (u16, String)) -> Self {
        let Issued { certificate, key } = pebble.neighbour();
        let chain = CertificateDer::pem_slice_iter(certificate.as_bytes());
        let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let tls = ServerConfig::builder_with_provider(anshin::net::tls::provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut directory = pebble.read_directory().await;
        directory["renewalInfo"] = json!(format!("https://{address}/renewal-info"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (acceptor, paths) = (TlsAcceptor::from(Arc::new(tls)), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(stream) = acceptor.accept(stream).await else { continue };
                let mut stream = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    if stream.read_line(&mut head).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let (status, body) = match path.as_str() {
                    "/dir" => (200, directory.to_string()),
                    _ => wish.clone(),
                };
                paths.lock().unwrap().push(path);
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nretry-after: 21600\r\n\
                     content-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { address, asked }
    }

    fn directory(&self) -> String {
        format!("https://{}/dir", self.address)
    }

    fn asked(&self, path: &str) -> bool {
        self.asked.lock().unwrap().iter().any(|asked| asked.starts_with(path))
    }

    /// The program with a certificate of so many days left, whose authority this is.
    async fn serve(&self, site: &Site, pebble: &Pebble, kept: &Issued) -> Program {
        let name = format!("{}-dir", self.address).replace(':', "-");
        let folder = site.folder.path().join("acme").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("certificate.pem"), format!("{}{}", kept.key, kept.certificate))
            .unwrap();
        let mut command = site.command(pebble);
        command.env("ANSHIN_TLS__DIRECTORY_URL", self.directory());
        let mut program = Program::start(&mut command);
        assert!(program.runs().await, "{}", program.err());
        program
    }
}

fn window(from: Moment, until: Moment) -> (u16, String) {
    let window = json!({"suggestedWindow": {"start": from.to_string(), "end": until.to_string()}});
    (200, window.to_string())
}

#[tokio::test]
async fn a_young_certificate_is_renewed_at_once_where_the_authority_would_like_that() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let neighbour = Neighbour::start(&pebble, window(now() - DAY * 2, now() - DAY)).await;
    let earlier = Authority::new();
    let program = neighbour.serve(&site, &pebble, &earlier.issue(80)).await;
    let old = site.connected(&both(&earlier, &pebble).await).await;
    let new = site.connected(&pebble.client().await).await;
    assert_ne!(shown(&old), shown(&new));
    assert!(neighbour.asked("/renewal-info/"), "by the name of the certificate");
    wait_for(|| program.out().contains("a new certificate").then_some(())).await;
    // This Pebble does not know what replaces what: then an order that does not say so is made.
    assert!(program.out().contains("the authority takes no order that replaces one"));
    assert!(!program.out().contains("no new certificate"), "{}", program.out());
}

#[tokio::test]
async fn a_window_that_lies_ahead_leaves_the_certificate_alone() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let neighbour = Neighbour::start(&pebble, window(now() + DAY * 9, now() + DAY * 10)).await;
    let earlier = Authority::new();
    let program = neighbour.serve(&site, &pebble, &earlier.issue(80)).await;
    let planned = "is renewed when the authority would like it";
    wait_for(|| program.out().contains(planned).then_some(())).await;
    site.connected(&earlier.client()).await;
    assert_eq!(pebble.requests(), 0);
}

#[tokio::test]
async fn no_answer_and_no_nonsense_puts_a_renewal_off() {
    for answer in [
        (500, "{}".to_owned()),
        (200, "<html>".to_owned()),
        (200, json!({"suggestedWindow": {"start": "never", "end": 7}}).to_string()),
        window(now() + DAY * 4000, now() + DAY * 4001),
        window(now() + DAY, now()),
    ] {
        let site = Site::new();
        let pebble = Pebble::start(site.address, 0).await;
        let neighbour = Neighbour::start(&pebble, answer.clone()).await;
        let earlier = Authority::new();
        // Past two thirds of its life.
        let _program = neighbour.serve(&site, &pebble, &earlier.issue(29)).await;
        site.connected(&pebble.client().await).await;
        // And a young one stays as it is.
        let site = Site::new();
        let program = neighbour.serve(&site, &pebble, &earlier.issue(80)).await;
        wait_for(|| neighbour.asked("/renewal-info/").then_some(())).await;
        site.connected(&earlier.client()).await;
        assert!(!program.out().contains("a new certificate"), "{answer:?}");
    }
}

impl Pebble {
    async fn read_directory(&self) -> Value {
        let roots = std::fs::read(self.roots()).unwrap();
        let http = anshin::net::client::http(Some(&roots), Duration::from_secs(9)).unwrap();
        let text = http.get(self.directory()).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }
}
