//! What is refused, what is answered, and that nothing is smuggled in between.

use anshin::http::{HostPolicy, Limits, Server};
use tokio::io::AsyncWriteExt;

use super::*;

#[tokio::test]
async fn a_panic_is_answered_500_and_the_server_lives() {
    let world = World::new(patient()).await;
    let mut client = world.connect().await;
    for path in ["/panic", "/panic-at-once"] {
        client.send(&get_and_stay(path)).await;
        let answer = client.read_one().await;
        assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
        assert!(!answer.contains("on purpose"), "{answer}");
        assert_default_headers(&answer);
    }
    client.send(&get_and_stay("/")).await;
    assert!(client.read_one().await.ends_with("hello"));
}

#[tokio::test]
async fn trace_and_connect_are_answered_405() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    for line in ["TRACE / HTTP/1.1", "CONNECT a:443 HTTP/1.1"] {
        let answer = world.exchange(&format!("{line}\r\nHost: a\r\n\r\n")).await;
        assert_refused(&answer, "405");
        assert!(answer.contains("\r\nallow: GET, HEAD, POST\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn only_our_hosts_are_answered() {
    let ours = |server: Server| server.hosts(HostPolicy::only(["a.test", "127.0.0.1:8080"]));
    let world = World::with(Limits { linger_wait: SHORT, ..patient() }, ours).await;
    let ask = |target: &str, host: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    for host in ["a.test", "A.Test:443", "127.0.0.1:8080"] {
        let answer = world.exchange(&ask("/", host)).await;
        assert!(answer.ends_with("hello"), "{host}: {answer}");
    }
    for (target, host) in [
        ("/", "evil.test"),
        ("/", "a.test.evil.test"),
        ("/", "127.0.0.1"),
        ("http://evil.test/", "a.test"),
        ("http://a.test/", "evil.test"),
        ("http://user@a.test/", "a.test"),
    ] {
        assert_refused_421(&world.exchange(&ask(target, host)).await);
    }
    // HTTP/1.0 needs no Host, but then it is none of ours.
    assert_refused_421(&world.exchange("GET / HTTP/1.0\r\n\r\n").await);
    assert_refused(&world.exchange("GET / HTTP/1.1\r\n\r\n").await, "400");
    assert_refused(&world.exchange(&ask("/", "a.test\r\nHost: a.test")).await, "400");
}

fn assert_refused_421(answer: &str) {
    let status = answer.split_once(' ').map(|(_, rest)| &rest[..3]);
    assert_eq!(status, Some("421"), "{answer}");
    assert_default_headers(answer);
}

#[tokio::test]
async fn smuggled_requests_are_refused_and_never_served() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    let second = get("/");
    for (lines, body) in [
        ("Content-Length: 5\r\nContent-Length: 5", "12345"),
        ("Content-Length: 0\r\nContent-Length: 5", "12345"),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
        ("Transfer-Encoding: identity, chunked", "0\r\n\r\n"),
        ("Transfer-Encoding : chunked", "0\r\n\r\n"),
        ("Content-Length: +5", "12345"),
        ("Content-Length: 5,5", "12345"),
        ("X: y\nContent-Length: 5", "12345"),
        ("X: y\rContent-Length: 5", "12345"),
        ("X: y\r\n Content-Length: 5", "12345"),
    ] {
        let answer = world.exchange(&post(lines, &format!("{body}{second}"))).await;
        let status = if lines.contains("identity") { "501" } else { "400" };
        assert_refused(&answer, status);
    }
    world.assert_alive().await;
}

#[tokio::test]
async fn malformed_heads_are_refused_with_our_headers() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    for (head, status) in [
        ("GET\r\n\r\n", "400"),
        ("\r\n\r\n", "400"),
        ("GET / HTTP/1.1\nHost: a\n\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n", "400"),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("\u{16}\u{3}\u{1}\n", "400"),
    ] {
        assert_refused(&world.exchange(head).await, status);
    }
}

#[tokio::test]
async fn malformed_chunks_break_the_body_and_the_connection() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    for chunks in ["zz\r\n", "5\r\n123456\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n"] {
        let answer = world.exchange(&post("Transfer-Encoding: chunked", chunks)).await;
        assert_refused(&answer, "400");
    }
}

#[tokio::test]
async fn nothing_is_served_behind_a_chunked_request() {
    let world = World::new(patient()).await;
    let mut client = world.connect().await;
    let request = post("Transfer-Encoding: chunked", "5\r\n12345\r\n0\r\n\r\n");
    client.send(&format!("{request}{}", get("/"))).await;
    client.0.shutdown().await.expect("half closed");
    let answer = client.read_to_close().await;
    assert!(answer.ends_with("\r\n\r\n12345"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn a_body_that_a_handler_did_not_read_is_never_taken_for_a_request() {
    let world = World::new(patient()).await;
    let inner = get("/");
    let mut client = world.connect().await;
    let length = inner.len();
    client
        .send(&format!("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{inner}"))
        .await;
    client.0.shutdown().await.expect("half closed");
    assert_refused(&client.read_to_close().await, "404");
}

#[tokio::test]
async fn an_answer_to_head_has_a_length_and_no_body() {
    let world = World::new(Limits { linger_wait: SHORT, ..patient() }).await;
    let request = "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = world.exchange(request).await;
    assert!(answer.contains("\r\ncontent-length: 5\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    let refused = world.exchange("HEAD / HTTP/1.1\r\n\r\n").await;
    assert_refused(&refused, "400");
    assert!(refused.ends_with("\r\n\r\n"), "{refused}");
}

#[tokio::test]
async fn every_page_carries_the_default_headers() {
    let world = World::new(patient()).await;
    for path in ["/", "/none", "/panic"] {
        assert_default_headers(&world.exchange(&get(path)).await);
    }
}

#[tokio::test]
async fn requests_in_one_packet_are_answered_in_order() {
    let world = World::new(patient()).await;
    let many = [
        "\r\n".to_owned(),
        get_and_stay("/"),
        post("Content-Length: 3", "abc"),
        get_and_stay("/none"),
        "\r\n".to_owned(),
        get("/peer"),
    ];
    let answer = world.exchange(&many.concat()).await;
    let bodies: Vec<&str> = answer.split("\r\n\r\n").skip(1).collect();
    let starts = ["hello", "abc", "none", "127.0.0.1"];
    assert_eq!(bodies.len(), starts.len(), "{answer}");
    for (body, start) in bodies.iter().zip(starts) {
        assert!(body.starts_with(start), "{answer}");
    }
}

#[tokio::test]
async fn a_request_cut_at_any_byte_is_understood() {
    let world = World::new(patient()).await;
    let request = post("Content-Length: 3", "abc");
    let mut client = world.connect().await;
    client.0.set_nodelay(true).expect("TCP_NODELAY");
    for cut in 1..request.len() {
        client.send(&request[..cut]).await;
        // Gives the server a chance to see the first part alone.
        tokio::task::yield_now().await;
        client.send(&request[cut..]).await;
        assert!(client.read_one().await.ends_with("abc"), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_client_that_only_listens_after_its_request_is_answered() {
    let world = World::new(patient()).await;
    let mut client = world.connect().await;
    client.send(&get_and_stay("/held")).await;
    client.0.shutdown().await.expect("half closed");
    within(world.entered.notified()).await;
    world.release.notify_one();
    assert!(client.read_to_close().await.ends_with("held"));
}
