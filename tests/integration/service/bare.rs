//! The program where nothing else is: a root with this one file, without devices, libraries, time zones or
//! roots of trust. As root alone can make such a place; elsewhere the test says that it did not happen.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::status;
use crate::program::{Program, free_address, serve, wait_for};

/// The name that LINE has here. It stands in no hosts file, so only a name server knows it.
const NAME: &str = "line.example";

/// Where the name server is. Port 53 of the usual addresses may be taken.
const NAME_SERVER: Ipv4Addr = Ipv4Addr::new(127, 53, 0, 1);

/// A stand-in for LINE with a certificate of an authority of its own, which is returned too. The first
/// request that comes over TLS is passed on.
async fn line() -> (SocketAddr, String, oneshot::Receiver<String>) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let root = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new([NAME.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        let refusal = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(refusal).await.unwrap();
        tell.send(String::from_utf8_lossy(&request[..length]).into_owned()).unwrap();
    });
    (address, root.pem(), told)
}

/// A name server that knows one name: every question for an IPv4 address is answered with this machine's.
async fn name_server() -> UdpSocket {
    UdpSocket::bind((NAME_SERVER, 53)).await.expect("root may listen on port 53")
}

async fn answer_names(socket: UdpSocket) {
    let mut question = [0; 512];
    loop {
        let (length, from) = socket.recv_from(&mut question).await.unwrap();
        let answer = answer(&question[..length]);
        socket.send_to(&answer, from).await.unwrap();
    }
}

/// RFC 1035 §4.1: the header, the question again, and for an A record one answer that points to its name.
fn answer(question: &[u8]) -> Vec<u8> {
    let name_end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 1;
    let asked = &question[12..name_end + 4];
    let is_ipv4 = asked.ends_with(&[0, 1, 0, 1]);
    let mut answer = question[..2].to_vec();
    answer.extend([0x81, 0x80, 0, 1, 0, u8::from(is_ipv4), 0, 0, 0, 0]);
    answer.extend(asked);
    if is_ipv4 {
        answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    answer
}

/// The root: the program, and the two files that an operator gives it.
fn furnish(root: &Path, authority: &str) {
    std::fs::copy(env!("CARGO_BIN_EXE_anshin"), root.join("anshin")).unwrap();
    std::fs::create_dir(root.join("etc")).unwrap();
    std::fs::write(root.join("etc/resolv.conf"), format!("nameserver {NAME_SERVER}\n")).unwrap();
    std::fs::write(root.join("authority.pem"), authority).unwrap();
}

#[tokio::test]
async fn in_an_empty_root_it_starts_answers_looks_up_names_and_speaks_tls() {
    if !rustix::process::geteuid().is_root() {
        println!("only root can make an empty root: this was not tried");
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let (line, authority, asked) = line().await;
    furnish(root.path(), &authority);
    tokio::spawn(answer_names(name_server().await));
    let address = free_address();
    let api_base = format!("https://{NAME}:{}", line.port());
    let plain = serve(Path::new("/anshin.redb"), &address.to_string(), &api_base);
    let mut command = Command::new("chroot");
    command.arg(root.path()).args(["/anshin", "serve"]);
    for (name, value) in plain.get_envs() {
        value.map(|value| command.env(name, value));
    }
    command.env("ANSHIN_LINE__EXTRA_CA", "/authority.pem").env("LANG", "C");
    let mut program = Program::start(&mut command);
    assert!(program.runs().await, "{}", program.err());
    assert_eq!(status(&address.to_string(), "/healthz").await, 200);
    let request = tokio::time::timeout(super::PATIENCE, asked).await;
    let request = request.unwrap_or_else(|_| panic!("{}", program.out())).unwrap();
    assert!(request.contains(&format!("host: {NAME}:{}", line.port())), "{request}");
    program.terminate();
    wait_for(|| program.out().contains("anshin has stopped").then_some(())).await;
    let left: Vec<_> =
        std::fs::read_dir(root.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name == "dev" || name == "lib"), "{left:?}");
}
