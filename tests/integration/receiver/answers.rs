//! What holds for every answer, route by route; and the state of the machinery.

use anshin::domain::decision::Purpose;
use anshin::domain::id::OutboxId;
use anshin::http::Method;
use anshin::routes::TABLE;
use anshin::store::Row;
use anshin::web::asset;

use super::*;

const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("cache-control", "no-store"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
];

fn assert_headers(answer: &Answer, what: &str) {
    for (name, value) in ALWAYS {
        let kept = name == "cache-control" && answer.header(name).contains("immutable");
        // Forms on old telephones say only by the origin where they come from.
        let phone = name == "referrer-policy" && is_on_a_phone(what);
        let value = if phone { "same-origin" } else { value };
        assert!(kept || answer.header(name) == value, "{what}: {name}: {answer:?}");
    }
    // Only forms in front of the staff's door bring a cookie.
    assert!(is_door(what) || !answer.headers.contains_key("set-cookie"), "{what}: set-cookie");
    for name in ["server", "x-powered-by"] {
        assert!(!answer.headers.contains_key(name), "{what}: {name}");
    }
    let html = String::from_utf8_lossy(&answer.body);
    if answer.header("content-type").starts_with("text/html") {
        for inline in ["<script", "style=", "<style", "onclick", "javascript:"] {
            assert!(!html.contains(inline), "{what}: {inline}");
        }
    }
}

/// Every route with a path that works.
fn paths(code: &str) -> Vec<(&'static Method, String)> {
    let style = asset::STYLE.path().strip_prefix("/assets/").unwrap();
    let filled = |path: &str| {
        let path = path.replace("{code}", code).replace("{name}", style);
        path.replace("{token}", &"a".repeat(43)).replace("{id}", "1")
    };
    TABLE.iter().map(|(method, path, _)| (method, filled(path))).collect()
}

/// What somebody gets who is nobody, and posts nothing.
fn expected(method: &Method, path: &str) -> u16 {
    let posts = *method == Method::POST;
    if ["/u", "/m", "/g"].iter().any(|side| path.starts_with(&format!("{side}/enter/"))) {
        return 410;
    }
    if is_on_a_phone(path) {
        return 403;
    }
    match path.strip_prefix("/staff") {
        None => {
            if posts {
                401
            } else {
                200
            }
        }
        Some(_) if posts && is_door(path) => 403,
        Some(_) if path.starts_with("/staff/welcome") => 404,
        Some(_) if is_door(path) => 200,
        Some(_) => 303,
    }
}

fn is_on_a_phone(path: &str) -> bool {
    ["/u", "/m", "/g"].iter().any(|side| path == *side || path.starts_with(&format!("{side}/")))
}

fn is_door(path: &str) -> bool {
    path.starts_with("/staff/login") || path.starts_with("/staff/welcome")
}

#[tokio::test]
async fn every_route_and_every_error_carries_the_security_headers() {
    let live = Live::new().await;
    live.known().await;
    let [code, ..] = live.invitations();
    for (method, path) in paths(&code.plain()) {
        let answer = live.ask(method.as_str(), &path).await;
        assert_eq!(answer.status, expected(method, &path), "{path}");
        assert_headers(&answer, &path);
        for other in ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
            let answer = live.ask(other, &path).await;
            assert_eq!(answer.status, 405, "{other} {path}");
            assert!(answer.header("allow").contains(method.as_str()), "{other} {path}");
            assert_headers(&answer, "405");
        }
        for other in ["TRACE", "CONNECT"] {
            let answer = live.ask(other, &path).await;
            assert!((400..500).contains(&answer.status), "{other} {path}");
            assert_headers(&answer, "a refusal");
        }
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        let answer = live.exchange(request.as_bytes()).await;
        assert_eq!(answer.status, 421, "{path}");
        assert_headers(&answer, "421");
        let answer = live.get(&format!("{path}/nothing")).await;
        // Behind the door nobody is told what is there and what is not.
        let behind =
            ["people", "bulletins", "teams", "organizations", "accounts", "papers", "erasures"]
                .map(|list| format!("/staff/{list}"))
                .contains(&path);
        let status = if path == "/g" {
            403
        } else if behind {
            303
        } else {
            404
        };
        assert_eq!(answer.status, status, "{path}/nothing");
        assert_headers(&answer, if path == "/g" { "/g/nothing" } else { "404" });
    }
}

#[tokio::test]
async fn every_kind_of_refusal_carries_the_security_headers() {
    let live = Live::new().await;
    let host = live.address;
    let long = "x".repeat(20_000);
    for (request, status) in [
        ("GARBAGE\r\n\r\n".to_owned(), 400),
        (format!("GET /{long} HTTP/1.1\r\nHost: {host}\r\n\r\n"), 414),
        (format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {long}\r\n\r\n"), 431),
        (format!("GET / HTTP/9.9\r\nHost: {host}\r\n\r\n"), 505),
        (live.post_head("Content-Length: 1\r\nContent-Length: 2\r\n"), 400),
        (live.post_head("Content-Length: 262145\r\n"), 413),
        (live.post_head("Transfer-Encoding: gzip\r\n"), 501),
    ] {
        let mut stream = TcpStream::connect(live.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = read_answer(&mut stream).await;
        assert_eq!(answer.status, status, "{}", &request[..30.min(request.len())]);
        assert_headers(&answer, &status.to_string());
    }
    for n in 0..12 {
        let answer = live.get("/i/AAAAAAAA").await;
        assert_eq!(answer.status, if n < 10 { 404 } else { 429 });
        assert_headers(&answer, "an invitation");
    }
}

#[tokio::test]
async fn head_is_answered_as_get_without_a_body() {
    let live = Live::new().await;
    live.known().await;
    let [code, ..] = live.invitations();
    let gets = paths(&code.plain()).into_iter().filter(|(method, _)| **method == Method::GET);
    let gone = (&Method::GET, "/i/AAAAAAAA".to_owned());
    for (_, path) in gets.chain([gone]) {
        let (get, head) = (live.get(&path).await, live.ask("HEAD", &path).await);
        assert_eq!((get.status, head.status), (head.status, get.status), "{path}");
        assert_eq!(head.body, b"", "{path}");
        let same = ["content-type", "content-length", "cache-control"];
        // A length that changes with the time, or of nothing at all, says nothing.
        let counts = path != "/healthz" && !get.body.is_empty();
        for name in same.into_iter().filter(|name| counts || *name != "content-length") {
            assert_eq!(get.header(name), head.header(name), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn looking_at_every_page_changes_nothing() {
    let live = Live::new().await;
    live.known().await;
    let codes = live.invitations();
    let before = live.everything();
    for code in codes {
        for (_, path) in paths(&code.plain()) {
            live.get(&path).await;
            live.ask("HEAD", &path).await;
        }
    }
    live.get("/i/AAAAAAAA").await;
    assert_eq!(live.everything(), before);
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_404_with_the_phone_number() {
    let live = Live::new().await;
    for path in
        ["/", "/index.html", "/i", "/i/", "/i/A/B/C", "/p/../p/terms", "/.env", "/%00", "//"]
    {
        let page = live.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains(PHONE), "{path}");
        assert_headers(&page, path);
    }
}

#[tokio::test]
async fn the_state_of_the_machinery_is_json_with_every_field() {
    let live = Live::new().await;
    live.known().await;
    let answer = live.get("/healthz").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let health: Value = serde_json::from_slice(&answer.body).unwrap();
    let mut fields: Vec<&str> = health.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "ailments",
            "engine_lag_ms",
            "last_webhook_at",
            "now",
            "outbox_pending",
            "overdue_timers",
            "status",
            "version"
        ]
    );
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["last_webhook_at"], Value::Null);
    assert_eq!((&health["overdue_timers"], &health["outbox_pending"]), (&json!(0), &json!(0)));
    assert!((0..10_000).contains(&health["engine_lag_ms"].as_i64().unwrap()));
    let now = moment(&health["now"]);
    assert!(now >= start() && now < start() + Duration::from_secs(60), "{now}");
    live.clock.jump_to(start() + Duration::from_secs(7200));
    assert_eq!(live.events(&[follow(1, USER)]).await, 200);
    let health = live.health().await;
    assert!(moment(&health["last_webhook_at"]) >= start() + Duration::from_secs(7200));
    assert!(moment(&health["now"]) >= moment(&health["last_webhook_at"]));
}

fn moment(text: &Value) -> Moment {
    let timestamp: jiff::Timestamp = text.as_str().unwrap().parse().unwrap();
    Moment::from_millis(timestamp.as_millisecond())
}

/// The data file of a server that has a message on its way.
async fn with_a_row() -> Vec<u8> {
    let live = Live::new().await;
    live.invitations();
    let writing = live.store.write().unwrap();
    let row = Row {
        id: OutboxId([9; 16]),
        to: Address::new(USER).unwrap(),
        purpose: Purpose::Notice(PersonId(1)),
        body: br#"{"to":"U","messages":[]}"#.to_vec(),
        queued_at: start(),
        first_try_at: None,
    };
    writing.tables().put_row(&row).unwrap();
    writing.commit().unwrap();
    cut_off(live.folder.path())
}

#[tokio::test]
async fn without_line_the_state_is_degraded_and_tells_what_waits() {
    let data = Some(with_a_row().await);
    let live = Live::with(Setting { line: false, data, ..Setting::default() }).await;
    let answer = live.get("/healthz").await;
    assert_eq!(answer.status, 200);
    let health: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(health["status"], "degraded");
    assert_eq!(health["outbox_pending"], 1);
    assert_eq!(live.outbox.pending(), 1);
    // The webhook works all the same.
    assert_eq!(live.events(&[follow(1, USER)]).await, 200);
    assert!(live.person(USER).is_some());
}
