//! The same server with TLS around it: a handshake has its time and its place among the connections,
//! and what is no handshake ends at once.

use std::io::ErrorKind;

use anshin::http::{Limits, Stopped};
use anshin::tls::pair::Pair;
use anshin::tls::shelf::Shelf;
use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;
use tokio_rustls::client::TlsStream;

use super::*;
use crate::https::authority::Authority;
use crate::https::{NAME, connect};

/// A server with a certificate, and who trusts it.
async fn encrypted(limits: Limits) -> (World, Arc<ClientConfig>) {
    let (world, authority) = encrypted_by(limits).await;
    (world, authority.client())
}

/// The same, and who made the certificate.
async fn encrypted_by(limits: Limits) -> (World, Authority) {
    let authority = Authority::new();
    let issued = authority.issue(60);
    let shelf = Shelf::awaiting();
    let pair = Pair::read(issued.certificate.as_bytes(), issued.key.as_bytes(), NAME).unwrap();
    shelf.serve(&pair);
    let serving = World::with(limits, |server| server.encryption(Some(shelf.encryption()))).await;
    (serving, authority)
}

async fn read_one(stream: &mut TlsStream<TcpStream>) -> String {
    let mut answer = String::new();
    while !answer.ends_with("hello") && !answer.ends_with("held") {
        answer.push(within(stream.read_u8()).await.unwrap().into());
    }
    answer
}

/// The other side has closed, in good order or with a reset, and said nothing that is no TLS.
async fn assert_closed(client: &mut Client) {
    let mut rest = Vec::new();
    // A reset is an end as well: there were bytes under way.
    let _ = within(client.0.read_to_end(&mut rest)).await;
    assert!(rest.is_empty() || rest[0] == 0x15, "nothing but an alert: {rest:?}");
}

#[tokio::test]
async fn pages_come_over_both_versions_of_tls_and_one_after_the_other_on_a_connection() {
    let (world, authority) = encrypted_by(patient()).await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut config = authority.client_of(&[version]);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let mut stream = connect(world.address, &Arc::new(config)).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        for _ in 0..2 {
            stream.write_all(get_and_stay("/").as_bytes()).await.unwrap();
            let answer = read_one(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
            assert_default_headers(&answer);
        }
        stream.write_all(get("/").as_bytes()).await.unwrap();
        let mut rest = String::new();
        // Without close_notify this is an error.
        within(stream.read_to_string(&mut rest)).await.unwrap();
        assert!(rest.ends_with("hello"), "{rest}");
    }
}

/// The greeting of a client that knows no version of TLS above this one.
fn old_hello(minor: u8) -> Vec<u8> {
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    // No session; two suites with ECDHE; no compression; no extensions.
    body.extend([0, 0, 4, 0xc0, 0x09, 0xc0, 0x13, 1, 0]);
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![0x16, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(body);
    record
}

#[tokio::test]
async fn a_client_that_knows_only_old_versions_of_tls_is_refused() {
    let (world, _) = encrypted(patient()).await;
    for minor in [0, 1, 2] {
        let mut stream = world.connect().await.0;
        stream.write_all(&old_hello(minor)).await.unwrap();
        let mut alert = Vec::new();
        let _ = within(stream.read_to_end(&mut alert)).await;
        // Nothing but a fatal alert: no common version, or nothing in common at all.
        let fatal = alert.ends_with(&[2, 70]) || alert.ends_with(&[2, 40]);
        assert!(alert.len() == 7 && alert.starts_with(&[0x15, 3]) && fatal, "{minor}: {alert:?}");
    }
}

#[tokio::test]
async fn whoever_wants_no_protocol_that_we_speak_is_refused() {
    let (world, client) = encrypted(patient()).await;
    for protocols in [&["h2"][..], &["acme-tls/1"], &["acme-tls/1", "h2"]] {
        let mut config = ClientConfig::clone(&client);
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let refused = match connect(world.address, &Arc::new(config)).await {
            Ok(mut stream) => within(stream.read_u8()).await.is_err(),
            Err(_) => true,
        };
        assert!(refused, "{protocols:?}");
    }
}

#[tokio::test]
async fn a_client_that_never_begins_its_handshake_is_closed() {
    let (world, _) = encrypted(Limits { handshake_wait: SHORT, ..patient() }).await;
    assert_eq!(world.connect().await.read_to_close().await, "");
}

#[tokio::test]
async fn a_handshake_that_stalls_or_drips_is_closed() {
    let (world, _) = encrypted(Limits { handshake_wait: SHORT, ..patient() }).await;
    for half in ["\x16", "\x16\x03\x01\x02\x00\x01", "\x16\x03\x01\x02\x00\x01\x00\x01"] {
        let mut client = world.connect().await;
        client.send(half).await;
        assert_closed(&mut client).await;
    }
    let (mut reader, mut writer) = world.connect().await.0.into_split();
    let dripping = tokio::spawn(async move {
        let drops = b"\x16\x03\x01\x10\x00\x01\x00\x0f\xfc\x03\x03".iter().chain([&0; 4000]);
        for drop in drops {
            if writer.write_all(&[*drop]).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(2)).await;
        }
    });
    assert!(within(reader.read_u8()).await.is_err());
    dripping.abort();
}

#[tokio::test]
async fn what_is_no_handshake_is_closed_at_once() {
    let (world, client) = encrypted(patient()).await;
    for garbage in ["\0\0\0\0", "ssh-2.0-x\r\n", "\x16\x16\x16\x16\x16\x16\x16\x16", "\x15\x03\x01"]
    {
        let mut sender = world.connect().await;
        sender.send(garbage).await;
        assert_closed(&mut sender).await;
    }
    connect(world.address, &client).await.unwrap();
}

#[tokio::test]
async fn plain_http_is_answered_400_without_a_promise_and_closed() {
    let (world, _) = encrypted(patient()).await;
    let answer = world.exchange(&get("/")).await;
    assert_refused(&answer, "400");
    assert!(!answer.contains("strict-transport-security"), "{answer}");
}

#[tokio::test]
async fn a_handshake_takes_a_place_among_all_connections_and_one_that_stalls_makes_room() {
    let (world, client) = encrypted(Limits { connections_max: 1, ..patient() }).await;
    let mut silent = world.connect().await;
    within(connect(world.address, &client)).await.unwrap();
    assert_closed(&mut silent).await;
}

#[tokio::test]
async fn connections_over_the_cap_of_an_address_are_closed_without_a_word() {
    let (world, client) = encrypted(Limits { connections_per_ip_max: 1, ..patient() }).await;
    let silent = world.connect().await;
    let mut second = world.connect().await;
    assert_closed(&mut second).await;
    drop(silent);
    let again = async { while connect(world.address, &client).await.is_err() {} };
    within(again).await;
}

#[tokio::test]
async fn stopping_ends_handshakes_and_idle_connections_and_lets_answers_finish() {
    let (world, client) = encrypted(patient()).await;
    let mut silent = world.connect().await;
    let mut idle = connect(world.address, &client).await.unwrap();
    idle.write_all(get_and_stay("/").as_bytes()).await.unwrap();
    read_one(&mut idle).await;
    let mut busy = connect(world.address, &client).await.unwrap();
    busy.write_all(get_and_stay("/held").as_bytes()).await.unwrap();
    within(world.entered.notified()).await;
    world.stop.send(()).expect("the server runs");
    assert_eq!(silent.read_to_close().await, "");
    assert_eq!(within(idle.read(&mut [0])).await.unwrap(), 0);
    world.release.notify_one();
    assert!(read_one(&mut busy).await.ends_with("held"));
    let stopped = within(world.server).await.expect("no panic");
    assert_eq!(stopped, Stopped { finished: 3, cut_off: 0 });
}

#[tokio::test]
async fn slow_requests_inside_are_closed_as_they_are_outside() {
    let (world, client) = encrypted(Limits { header_wait: SHORT, ..patient() }).await;
    let mut stream = connect(world.address, &client).await.unwrap();
    stream.write_all(b"GET / HT").await.unwrap();
    assert_eq!(within(stream.read(&mut [0])).await.unwrap(), 0);
    let (world, client) = encrypted(Limits { first_byte_wait: SHORT, ..patient() }).await;
    let mut stream = connect(world.address, &client).await.unwrap();
    assert_eq!(within(stream.read(&mut [0])).await.unwrap(), 0);
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_encrypted_answer_is_cut_off() {
    let limits = Limits { write_wait: SHORT, connections_max: 1, ..patient() };
    let (world, client) = encrypted(limits).await;
    let mut stream = connect(world.address, &client).await.unwrap();
    stream.write_all(get_and_stay("/large").as_bytes()).await.unwrap();
    // The only place is free again once the first client has lost it.
    within(connect(world.address, &client)).await.unwrap();
    let mut got = Vec::new();
    let ended = within(stream.read_to_end(&mut got)).await.map_err(|fault| fault.kind());
    assert!(got.len() < LARGE, "{} bytes", got.len());
    assert!(matches!(ended, Err(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset)));
}
