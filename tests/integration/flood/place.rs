//! The program that is attacked, and how connections to it are made: from any address of this machine, in the open or
//! with the program's own TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use anshin::domain::id::StaffId;
use anshin::domain::name::Name;
use anshin::domain::staff::{
    FactorSecret, Failures, PasswordHash, Scope, SecondFactor, Staff, StaffRole,
};
use anshin::domain::time::Moment;
use anshin::store::{SCHEMA_VERSION, Store};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;

use crate::https::NAME;
use crate::https::authority::Authority;
use crate::program::{Program, serving_with};

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// The hash of a password that nobody has.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$a1HnC5bW2dW9Xo0G0mQxKA$\
                    Y0aUnQGZxS7rUQxJx0u1t4m2sVfXx5x0S8m1mH0m3mE";

/// Either kind of connection.
pub(super) trait Io: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

/// A connection.
pub(super) type Stream = Pin<Box<dyn Io>>;

/// The program under attack; ended with the value.
pub(super) struct Place {
    pub(super) to: SocketAddr,
    /// What stands in `Host`.
    pub(super) host: String,
    /// What a browser says where a form came from.
    pub(super) origin: String,
    /// The account of somebody at the office.
    pub(super) name: String,
    tls: Option<Arc<ClientConfig>>,
    program: Program,
    _folder: TempDir,
}

impl Place {
    /// The program behind a proxy, or with nothing in front of it.
    pub(super) async fn open() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let name = council(&folder.path().join("anshin.redb"));
        let (program, to) = serving_with(&folder.path().join("anshin.redb"), NO_LINE, &[]).await;
        let (host, origin) = (to.to_string(), format!("http://{to}"));
        Arc::new(Self { to, host, origin, name, tls: None, program, _folder: folder })
    }

    /// The program that has a certificate of its own.
    pub(super) async fn encrypted() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let name = council(&path("anshin.redb"));
        let authority = Authority::new();
        let issued = authority.issue(60);
        std::fs::write(path("certificate.pem"), &issued.certificate).unwrap();
        std::fs::write(path("key.pem"), &issued.key).unwrap();
        let shown = |name: &str| path(name).to_str().unwrap().to_owned();
        let origin = format!("https://{NAME}");
        let variables = [
            ("ANSHIN_SERVER__PUBLIC_URL", origin.clone()),
            ("ANSHIN_TLS__MODE", "files".to_owned()),
            ("ANSHIN_TLS__CERTIFICATE", shown("certificate.pem")),
            ("ANSHIN_TLS__KEY", shown("key.pem")),
        ];
        let (program, to) = serving_with(&path("anshin.redb"), NO_LINE, &variables).await;
        let (host, tls) = (NAME.to_owned(), Some(authority.client()));
        Arc::new(Self { to, host, origin, name, tls, program, _folder: folder })
    }

    /// A connection from an address of its own that says nothing yet, not even hello.
    pub(super) async fn reach(&self, from: Ipv4Addr) -> Option<TcpStream> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.connect(self.to).await.ok()
    }

    /// A connection on which a request can be sent; `None` where the other side hangs up.
    pub(super) async fn connect(&self, from: Ipv4Addr) -> Option<Stream> {
        let stream = self.reach(from).await?;
        let Some(tls) = &self.tls else { return Some(Box::pin(stream)) };
        let name = ServerName::try_from(NAME).unwrap();
        let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await;
        stream.ok().map(|stream| Box::pin(stream) as Stream)
    }

    /// Sends a request on a fresh connection and reads the answer to its end; empty where the other side hangs up.
    pub(super) async fn exchange(&self, from: Ipv4Addr, request: &[u8]) -> String {
        let Some(mut stream) = self.connect(from).await else { return String::new() };
        let mut answer = Vec::new();
        // Whoever is refused in the middle may be cut off.
        let _ = stream.write_all(request).await;
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The most memory that the program ever had, in KiB.
    pub(super) fn memory_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.program.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().trim().parse().unwrap()
    }
}

/// The data of a council with an account in it; its name.
fn council(data: &Path) -> String {
    let golden = format!("tests/fixtures/db/v{SCHEMA_VERSION:04}.redb");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(golden), data).unwrap();
    let store = Store::open(data, Store::CACHE_BYTES_MIN, [7; 32]).unwrap();
    let writing = store.write().unwrap();
    let staff = Staff {
        id: StaffId(900_000),
        name: Name::of_person("山田花子").unwrap(),
        role: StaffRole::Admin,
        scope: Scope::Everything,
        mail: None,
        since: Moment::EPOCH,
        active: true,
        password: Some(PasswordHash(HASH.to_owned())),
        second_factor: Some(SecondFactor { secret: FactorSecret([7; 20]), last_step: 0 }),
        invitation: None,
        recovery: Vec::new(),
        failures: Failures::default(),
    };
    writing.tables().put_staff(&staff).unwrap();
    writing.commit().unwrap();
    staff.name.to_string()
}
