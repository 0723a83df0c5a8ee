//! Figures about the machinery, on an address of their own.

use crate::program::{Program, anshin, free_address, run, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn ask(address: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{head} HTTP/1.1\r\nhost: metrics\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn figures_stand_on_their_own_address_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let (listen, metrics) = (free_address().to_string(), free_address().to_string());
    let mut command = serve(&data, &listen, "http://127.0.0.1:9");
    let mut server = Program::start(command.env("ANSHIN_METRICS__LISTEN", &metrics));
    assert!(server.runs().await, "{}", server.err());
    let text = ask(&metrics, "GET /metrics").await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(text.contains("text/plain; version=0.0.4"), "{text}");
    for line in [
        "# TYPE anshin_build_info gauge",
        "anshin_people_watched 0",
        "anshin_cases_open 0",
        "anshin_outbox_waiting{way=\"line\"} 0",
        "anshin_outbox_oldest_seconds{way=\"mail\"} 0",
        "anshin_ailment{what=\"receiver\"} 0",
        "anshin_timers_overdue 0",
        "anshin_memory_bytes ",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    // Each figure is described once, and has a number.
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    for line in body.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let name = name.split('{').next().unwrap();
        assert_eq!(body.matches(&format!("# TYPE {name} ")).count(), 1, "{line}");
    }
    for (head, status) in
        [("GET /", "404"), ("GET /staff", "404"), ("GET /healthz", "404"), ("POST /metrics", "405")]
    {
        let answer = ask(&metrics, head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{head}: {answer}");
    }
    // And not on the public one.
    let answer = ask(&listen, "GET /metrics").await;
    assert!(!answer.contains("anshin_"), "{answer}");
}

#[tokio::test]
async fn an_address_that_is_none_is_named() {
    let mut command = anshin(&["config", "check", "--config", "/dev/null"]);
    let command = command
        .env("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp")
        .env("ANSHIN_METRICS__LISTEN", "localhost:9090");
    let said = run(command).await;
    assert!(said.assert_failed(2).contains("metrics.listen"), "{said:?}");
}
