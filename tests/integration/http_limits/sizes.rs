//! Heads, targets and bodies over their limits.

use anshin::http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

#[tokio::test]
async fn a_head_over_the_limit_is_answered_431() {
    let world = World::new(Limits { header_bytes_max: 1000, headers_max: 5, ..patient() }).await;
    let long = "x".repeat(2000);
    // Whole, and never to be finished.
    let whole = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\nConnection: close\r\n\r\n");
    let endless = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}");
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(5));
    for head in [whole, endless, many] {
        let mut client = world.connect().await;
        client.send(&head).await;
        client.0.shutdown().await.expect("half closed");
        assert_refused(&client.read_to_close().await, "431");
    }
    world.assert_alive().await;
}

#[tokio::test]
async fn a_target_over_the_limit_is_answered_414() {
    let limits = Limits { uri_bytes_max: 100, header_bytes_max: 1000, ..patient() };
    let world = World::new(limits).await;
    for length in [101, 5000] {
        let mut client = world.connect().await;
        client.send(&get(&format!("/{}", "x".repeat(length - 1)))).await;
        client.0.shutdown().await.expect("half closed");
        assert_refused(&client.read_to_close().await, "414");
    }
    let answer = world.exchange(&get(&format!("/{}", "x".repeat(99)))).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[tokio::test]
async fn a_declared_body_over_the_limit_is_answered_413_before_a_byte_comes() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    let expecting = post("Content-Length: 1001\r\nExpect: 100-continue", "");
    assert_refused(&world.exchange(&expecting).await, "413");
    assert_refused(&world.exchange(&post("Content-Length: 1001", "")).await, "413");
    let absurd = post("Content-Length: 99999999999999999999999", "");
    assert_refused(&world.exchange(&absurd).await, "413");
}

#[tokio::test]
async fn an_expected_body_is_asked_for() {
    let world = World::new(patient()).await;
    let mut client = world.connect().await;
    client.send(&post("Content-Length: 3\r\nExpect: 100-continue", "")).await;
    let mut interim = [0; 25];
    within(client.0.read_exact(&mut interim)).await.expect("an interim answer");
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc").await;
    assert!(client.read_one().await.ends_with("\r\n\r\nabc"));
}

#[tokio::test]
async fn a_chunked_body_over_the_limit_is_answered_413_while_it_comes() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    // No last chunk: waiting for the end would wait for ever.
    let endless = format!("3e9\r\n{}\r\n1\r\n", "x".repeat(1001));
    assert_refused(&world.exchange(&post("Transfer-Encoding: chunked", &endless)).await, "413");
}

#[tokio::test]
async fn a_413_reaches_a_client_that_goes_on_sending() {
    let world = World::new(patient()).await;
    let (mut reader, mut writer) = world.connect().await.0.into_split();
    let sending = tokio::spawn(async move {
        let head = post(&format!("Content-Length: {LARGE}"), "");
        writer.write_all(head.as_bytes()).await.expect("the head is taken");
        writer.write_all(&vec![b'x'; LARGE]).await.expect("the body is taken, not reset");
    });
    within(sending).await.expect("everything was sent");
    let mut answer = String::new();
    within(reader.read_to_string(&mut answer)).await.expect("closed, not reset");
    assert_refused(&answer, "413");
}

#[tokio::test]
async fn a_client_that_sends_for_ever_after_a_413_is_cut_off() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    client.send(&post("Content-Length: 1000000000", "")).await;
    let chunk = vec![b'x'; 4096];
    let cut = async { while client.0.write_all(&chunk).await.is_ok() {} };
    within(cut).await;
}

#[tokio::test]
async fn a_body_at_the_limit_is_read_and_the_connection_goes_on() {
    let world = World::new(patient()).await;
    let mut client = world.connect().await;
    let body = "x".repeat(BODY_MAX);
    for _ in 0..2 {
        client.send(&post("Content-Length: 1000", &body)).await;
        assert!(client.read_one().await.ends_with(&body));
    }
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_its_body_gets_400() {
    let world = World::new(patient()).await;
    let mut client = world.connect().await;
    client.send(&post("Content-Length: 10", "123")).await;
    client.0.shutdown().await.expect("half closed");
    assert_refused(&client.read_to_close().await, "400");
}
