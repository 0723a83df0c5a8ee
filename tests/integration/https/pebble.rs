//! Pebble, the test server of Let's Encrypt, with a name service of its own, on loopback ports of a test.

use std::fs::File;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use super::authority::{Authority, Issued};
use super::*;
use crate::program::{free_address, wait_for};

/// An authority that runs; it ends with the value.
pub(super) struct Pebble {
    parts: [Child; 2],
    folder: TempDir,
    listen: SocketAddr,
    manage: SocketAddr,
    /// Who made the certificate of its own directory.
    authority: Authority,
}

impl Pebble {
    /// Looks for whoever is called [`NAME`] at this address, and rejects so many nonces of a hundred.
    pub(super) async fn start(site: SocketAddr, nonces_rejected: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (listen, manage, names) = (free_address(), free_address(), free_address());
        let authority = Authority::new();
        let issued = authority.issue_for("127.0.0.1", now() - DAY, now() + DAY);
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("certificate.pem"), &issued.certificate).unwrap();
        std::fs::write(path("key.pem"), &issued.key).unwrap();
        std::fs::write(path("root.pem"), authority.root()).unwrap();
        let config = json!({ "pebble": {
            "listenAddress": listen.to_string(),
            "managementListenAddress": manage.to_string(),
            "certificate": path("certificate.pem"),
            "privateKey": path("key.pem"),
            "httpPort": 9,
            "tlsPort": site.port(),
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        }});
        std::fs::write(path("pebble.json"), config.to_string()).unwrap();
        let log = File::create(path("log")).unwrap();
        let server = part(
            Command::new("pebble")
                .arg("-config")
                .arg(path("pebble.json"))
                .args(["-dnsserver", &names.to_string()])
                .env("PEBBLE_VA_NOSLEEP", "1")
                .env("PEBBLE_WFE_NONCEREJECT", nonces_rejected.to_string())
                .stdout(log),
        );
        let resolver = part(&mut resolver(names, site));
        for address in [listen, names] {
            wait_for(|| std::net::TcpStream::connect(address).ok()).await;
        }
        Self { parts: [resolver, server], folder, listen, manage, authority }
    }

    pub(super) fn directory(&self) -> String {
        format!("https://{}/dir", self.listen)
    }

    /// The roots for the way to it.
    pub(super) fn roots(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// A client that trusts the certificates that it issues.
    pub(super) async fn client(&self) -> Arc<ClientConfig> {
        super::authority::trusting(&self.root().await)
    }

    /// The root of the certificates that it issues, PEM.
    pub(super) async fn root(&self) -> String {
        let roots = Some(self.authority.root().as_bytes());
        let http = anshin::net::client::http(roots, Duration::from_secs(9)).unwrap();
        let root = http.get(format!("https://{}/roots/0", self.manage)).send().await.unwrap();
        root.text().await.unwrap()
    }

    /// How many requests it has answered, but for whoever only looks where things are.
    pub(super) fn requests(&self) -> usize {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        let handled = log.lines().filter(|line| line.contains("calling handler"));
        handled.filter(|line| !line.contains("GET /dir ")).count()
    }

    /// A certificate for somebody beside it on this machine, by whoever made its own.
    pub(super) fn neighbour(&self) -> Issued {
        self.authority.issue_for("127.0.0.1", now() - DAY, now() + DAY)
    }
}

/// A name service for which every name is that of the site.
fn resolver(names: SocketAddr, site: SocketAddr) -> Command {
    let (names, manage) = (names.to_string(), free_address().to_string());
    let site = site.ip().to_string();
    let mut command = Command::new("pebble-challtestsrv");
    command.args(["-defaultIPv4", &site, "-defaultIPv6", "", "-dns01", &names]);
    command.args(["-http01", "", "-https01", "", "-tlsalpn01", "", "-management", &manage]);
    command.stdout(Stdio::null());
    command
}

fn part(command: &mut Command) -> Child {
    let quiet = command.stdin(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap_or_else(|fault| match fault.kind() {
        ErrorKind::NotFound => panic!("pebble is not here: apt-get install pebble"),
        _ => panic!("{fault}"),
    })
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for part in &mut self.parts {
            // It may have ended already.
            let _ = part.kill();
            let _ = part.wait();
        }
    }
}
