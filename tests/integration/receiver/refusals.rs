//! What the webhook does not take: each with its status, and nothing changed.

use anshin::line::webhook::BODY_BYTES_MAX;

use super::*;

const NOTHING: &[u8] = br#"{"destination":"U0","events":[]}"#;

/// A signed webhook with one follow, blown up with spaces to a length.
fn padded(length: usize) -> Vec<u8> {
    let mut body = json!({"events": [follow(1, USER)]}).to_string().into_bytes();
    body.resize(length, b' ');
    body
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in body.chunks(8000) {
        out.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        out.extend_from_slice(part);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

#[tokio::test]
async fn an_unsigned_webhook_is_refused_with_401() {
    let live = Live::alone().await;
    let body = json!({"events": [follow(1, USER)]}).to_string();
    let head = live.post_head(&format!("Content-Length: {}\r\n", body.len()));
    assert_eq!(live.exchange(format!("{head}{body}").as_bytes()).await.status, 401);
    assert_eq!(live.exchange(live.post_head("").as_bytes()).await.status, 401);
    assert!(live.person(USER).is_none());
    assert_eq!(live.health().await["last_webhook_at"], Value::Null);
}

#[tokio::test]
async fn a_wrongly_signed_webhook_is_refused_with_401_before_it_is_parsed() {
    let live = Live::alone().await;
    let body = json!({"events": [follow(1, USER)]}).to_string();
    let good = sign(CHANNEL_SECRET, body.as_bytes());
    let bad = [
        sign("another secret", body.as_bytes()),
        sign(CHANNEL_SECRET, b"another body"),
        String::new(),
        "x".repeat(10_000),
        good.trim_end_matches('=').to_owned(),
        good.to_lowercase(),
        format!("{good}, {good}"),
        format!("sha256={good}"),
    ];
    for signature in &bad {
        assert_eq!(live.post(body.as_bytes(), signature).await.status, 401, "{signature}");
        // What is no JSON, no UTF-8, or nothing at all is not even looked at.
        for garbage in [&b"{"[..], b"\xff\xfe", b"", b"[]"] {
            assert_eq!(live.post(garbage, signature).await.status, 401, "{signature}");
        }
    }
    assert!(live.person(USER).is_none());
    assert_eq!(live.entries(), 0);
}

#[tokio::test]
async fn a_signed_webhook_with_one_changed_byte_is_refused_with_401() {
    let live = Live::alone().await;
    let body = json!({"events": [follow(1, USER)]}).to_string().into_bytes();
    let signature = sign(CHANNEL_SECRET, &body);
    for place in (0..body.len()).step_by(17) {
        let mut changed = body.clone();
        changed[place] ^= 1;
        assert_eq!(live.post(&changed, &signature).await.status, 401, "byte {place}");
    }
    let cut = &body[..body.len() - 1];
    assert_eq!(live.post(cut, &signature).await.status, 401);
    assert!(live.person(USER).is_none());
    assert_eq!(live.post(&body, &signature).await.status, 200);
    assert!(live.person(USER).is_some());
}

#[tokio::test]
async fn a_signed_body_that_is_no_webhook_is_refused_with_400() {
    let live = Live::alone().await;
    let whole = json!({"events": [follow(1, USER)]}).to_string();
    for body in [
        &b""[..],
        b"{",
        b"\xff\xfe\x00",
        b"{\"events\":[\"\xff\"]}",
        b"null",
        b"[]",
        b"7",
        b"\"events\"",
        b"{}",
        b"{\"events\":null}",
        b"{\"events\":{}}",
        b"{\"events\":\"x\"}",
        b"{\"Events\":[]}",
        b"{\"events\":[],\"events\":[]}",
        b"{\"events\":[]} {\"events\":[]}",
        b"events=%5B%5D",
        b"<events/>",
        b"\xef\xbb\xbf{\"events\":[]}",
        &whole.as_bytes()[..whole.len() - 1],
        &whole.as_bytes()[..whole.len() / 2],
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(live.post_signed(body).await.status, 400, "{shown}");
    }
    assert_eq!(live.entries(), 0);
    // An event nested without end is one that makes no sense, and costs the others nothing.
    let deep = format!("{{\"events\":[{}{}]}}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(live.post_signed(deep.as_bytes()).await.status, 200);
    assert_eq!(live.entries(), 0);
    assert_eq!(live.events(&[follow(1, USER)]).await, 200);
}

#[tokio::test]
async fn a_declared_length_over_the_limit_is_refused_with_413_before_a_byte_comes() {
    let live = Live::alone().await;
    for length in ["262145", "99999999999", "99999999999999999999999999"] {
        for lines in ["", "Expect: 100-continue\r\n"] {
            let head = live.post_head(&format!("{lines}Content-Length: {length}\r\n"));
            let mut stream = TcpStream::connect(live.address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut line = [0; 12];
            tokio::time::timeout(PATIENCE, stream.read_exact(&mut line)).await.unwrap().unwrap();
            assert_eq!(&line, b"HTTP/1.1 413", "{length} {lines}");
        }
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_413_signed_or_not_and_in_chunks_too() {
    let live = Live::alone().await;
    let body = padded(BODY_BYTES_MAX + 1);
    let signature = sign(CHANNEL_SECRET, &body);
    assert_eq!(live.post(&body, &signature).await.status, 413);
    assert_eq!(live.post(&body, "unsigned").await.status, 413);
    let lines = format!("X-Line-Signature: {signature}\r\nTransfer-Encoding: chunked\r\n");
    let mut request = live.post_head(&lines).into_bytes();
    request.extend(chunked(&body));
    assert_eq!(live.exchange(&request).await.status, 413);
    assert!(live.person(USER).is_none());
}

#[tokio::test]
async fn a_body_at_the_limit_is_taken_also_in_chunks() {
    let live = Live::alone().await;
    let body = padded(BODY_BYTES_MAX);
    assert_eq!(live.post_signed(&body).await.status, 200);
    assert!(live.person(USER).is_some());
    let signature = sign(CHANNEL_SECRET, &body);
    let lines = format!("X-Line-Signature: {signature}\r\nTransfer-Encoding: chunked\r\n");
    let mut request = live.post_head(&lines).into_bytes();
    request.extend(chunked(&body));
    assert_eq!(live.exchange(&request).await.status, 200);
}

#[tokio::test]
async fn a_body_that_ends_early_or_has_broken_chunks_is_refused_with_400() {
    let live = Live::alone().await;
    let body = json!({"events": [follow(1, USER)]}).to_string();
    let signature = sign(CHANNEL_SECRET, body.as_bytes());
    let declared = format!("X-Line-Signature: {signature}\r\nContent-Length: {}\r\n", body.len());
    let in_chunks = format!("X-Line-Signature: {signature}\r\nTransfer-Encoding: chunked\r\n");
    let half = &body[..body.len() / 2];
    for request in [
        format!("{}{half}", live.post_head(&declared)),
        format!("{}{:x}\r\n{half}\r\n", live.post_head(&in_chunks), half.len()),
        format!("{}zz\r\n{body}\r\n0\r\n\r\n", live.post_head(&in_chunks)),
    ] {
        let mut stream = TcpStream::connect(live.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(read_answer(&mut stream).await.status, 400);
    }
    assert!(live.person(USER).is_none());
}

#[tokio::test]
async fn a_slow_body_is_given_up_with_408_and_others_are_served_meanwhile() {
    let limits = Limits { body_wait: Duration::from_millis(300), ..Limits::default() };
    let live = Live::with(Setting { limits, line: false, ..Setting::default() }).await;
    let body = json!({"events": [follow(1, USER)]}).to_string();
    let signature = sign(CHANNEL_SECRET, body.as_bytes());
    let lines = format!("X-Line-Signature: {signature}\r\nContent-Length: {}\r\n", body.len());
    let mut slow = TcpStream::connect(live.address).await.unwrap();
    let head = live.post_head(&lines);
    slow.write_all(format!("{head}{}", &body[..20]).as_bytes()).await.unwrap();
    assert_eq!(live.events(&[follow(2, "U22222222222222222222222222222222")]).await, 200);
    let mut line = [0; 12];
    tokio::time::timeout(PATIENCE, slow.read_exact(&mut line)).await.unwrap().unwrap();
    assert_eq!(&line, b"HTTP/1.1 408");
    assert!(live.person(USER).is_none());
}

#[tokio::test]
async fn a_signature_is_read_whatever_the_case_of_its_header() {
    let live = Live::alone().await;
    for name in ["X-Line-Signature", "x-line-signature", "X-LINE-SIGNATURE"] {
        let signature = sign(CHANNEL_SECRET, NOTHING);
        let lines = format!("{name}: {signature}\r\nContent-Length: {}\r\n", NOTHING.len());
        let mut request = live.post_head(&lines).into_bytes();
        request.extend_from_slice(NOTHING);
        assert_eq!(live.exchange(&request).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn the_webhook_takes_posts_to_its_own_path_and_host_alone() {
    let live = Live::alone().await;
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = live.ask(method, "/line/webhook").await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{method}");
    }
    let signature = sign(CHANNEL_SECRET, NOTHING);
    let body = String::from_utf8(NOTHING.to_vec()).unwrap();
    let lines = format!("X-Line-Signature: {signature}\r\nContent-Length: {}\r\n", body.len());
    let request = format!("{}{body}", live.post_head(&lines));
    assert_eq!(live.exchange(request.as_bytes()).await.status, 200);
    for path in ["/line/webhook/", "/line/Webhook", "/webhook", "//line/webhook", "/line"] {
        let elsewhere = request.replace("/line/webhook", path);
        assert_eq!(live.exchange(elsewhere.as_bytes()).await.status, 404, "{path}");
    }
    let own = format!("Host: {}", live.address);
    for (host, status) in [
        ("mimamori.example.jp", 200),
        ("MIMAMORI.example.jp:443", 200),
        ("evil.example", 421),
        ("mimamori.example.jp.evil.example", 421),
        ("localhost", 421),
        ("mimamori.example.jp@evil.example", 400),
    ] {
        let other = request.replace(&own, &format!("Host: {host}"));
        assert_eq!(live.exchange(other.as_bytes()).await.status, status, "{host}");
    }
    let none = request.replace(&format!("{own}\r\n"), "");
    assert_eq!(live.exchange(none.as_bytes()).await.status, 400);
}
