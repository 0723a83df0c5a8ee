//! Every wait of the server ends, and only the right one ends it.

use anshin::http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use super::*;

#[tokio::test]
async fn a_client_that_sends_nothing_is_closed() {
    let world = World::new(Limits { first_byte_wait: SHORT, ..patient() }).await;
    assert_eq!(world.connect().await.read_to_close().await, "");
}

#[tokio::test]
async fn a_client_that_sends_half_a_method_or_half_a_header_is_closed() {
    let world = World::new(Limits { header_wait: SHORT, ..patient() }).await;
    for half in ["PR", "\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX"] {
        assert_eq!(world.exchange(half).await, "", "{half:?}");
    }
}

#[tokio::test]
async fn a_slowloris_is_closed_although_bytes_keep_coming() {
    let world = World::new(Limits { header_wait: SHORT, ..patient() }).await;
    let (mut reader, mut writer) = world.connect().await.0.into_split();
    let dripping = tokio::spawn(async move {
        // Ends when the server has closed: writing fails then.
        while writer.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(2)).await;
        }
    });
    // Closed or reset, since bytes were under way; but without an answer.
    assert!(within(reader.read_u8()).await.is_err());
    within(dripping).await.expect("the drip ends");
}

#[tokio::test]
async fn a_slow_header_on_a_used_connection_is_closed_too() {
    let world = World::new(Limits { header_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    client.send(&get_and_stay("/")).await;
    client.read_one().await;
    client.send("GET / HT").await;
    assert_eq!(client.read_to_close().await, "");
}

#[tokio::test]
async fn a_stalled_body_is_answered_408() {
    let limits = Limits { body_wait: SHORT, linger_wait: SHORT, ..patient() };
    let world = World::new(limits).await;
    assert_refused(&world.exchange(&post("Content-Length: 10", "12345")).await, "408");
    let chunked = post("Transfer-Encoding: chunked", "5\r\n12345\r\n");
    assert_refused(&world.exchange(&chunked).await, "408");
}

#[tokio::test]
async fn a_dripping_body_is_answered_408() {
    let world = World::new(Limits { body_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    client.send(&post("Content-Length: 900", "")).await;
    let (mut reader, mut writer) = client.0.into_split();
    let dripping = tokio::spawn(async move {
        while writer.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(2)).await;
        }
    });
    let mut answer = [0; 12];
    within(reader.read_exact(&mut answer)).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 408");
    dripping.abort();
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_requests() {
    let world = World::new(Limits { idle_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    for _ in 0..2 {
        client.send(&get_and_stay("/")).await;
        assert!(client.read_one().await.ends_with("hello"));
    }
    assert_eq!(client.read_to_close().await, "");
}

#[tokio::test]
async fn waiting_for_a_handler_is_not_idling() {
    let limits = Limits { idle_wait: SHORT, header_wait: SHORT, ..patient() };
    let world = World::new(limits).await;
    let mut client = world.connect().await;
    client.send(&get_and_stay("/held")).await;
    within(world.entered.notified()).await;
    assert!(timeout(SHORT * 2, client.0.readable()).await.is_err(), "nothing comes meanwhile");
    world.release.notify_one();
    assert!(client.read_one().await.ends_with("held"));
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_answered_503() {
    let world = World::new(Limits { handler_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    client.send(&get_and_stay("/for-ever")).await;
    let answer = client.read_one().await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert_default_headers(&answer);
    client.send(&get_and_stay("/")).await;
    assert!(client.read_one().await.ends_with("hello"), "the connection goes on");
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    let limits = Limits { write_wait: SHORT, connections_max: 1, ..patient() };
    let world = World::new(limits).await;
    let mut client = world.connect().await;
    client.send(&get_and_stay("/large")).await;
    // The only place is free again once the first client has lost it.
    world.assert_alive().await;
    let mut got = Vec::new();
    let _ = within(client.0.read_to_end(&mut got)).await;
    assert!(got.len() < LARGE, "{} bytes", got.len());
}

#[tokio::test]
async fn a_slow_but_steady_reader_gets_a_large_answer_whole() {
    let limits = Limits { idle_wait: SHORT, header_wait: SHORT, ..patient() };
    let world = World::new(limits).await;
    let mut client = world.connect().await;
    client.send(&get_and_stay("/large")).await;
    let (mut got, mut space) = (0, vec![0; LARGE / 30]);
    while got < LARGE {
        let bytes = within(client.0.read(&mut space)).await.expect("no reset");
        assert_ne!(bytes, 0, "closed after {got} bytes");
        got += bytes;
        // This pause is the slowness itself: together far longer than `idle_wait`.
        sleep(Duration::from_millis(4)).await;
    }
}
