//! Servers that no honest program is: they greet with a refusal, answer what nobody asked, or talk
//! without end.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

/// A server on this machine that says these, one for each line it hears after the first; then it hangs
/// up. Inside a letter it hears until the dot.
async fn scripted(answers: &[&str]) -> Mailer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            for answer in &answers {
                // The client may have hung up.
                let _ = stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await;
                let whole = |line: &str| !answer.starts_with("354") || line == ".\r\n";
                line.clear();
                while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) && !whole(&line) {
                    line.clear();
                }
            }
        }
    });
    // Some of these are waited for in vain.
    let short = Duration::from_secs(1);
    let waits = Waits { connect: short, answer: short, letter: short };
    let mail = setting(&format!("smtp://127.0.0.1:{port}"));
    Mailer::new(&mail, "mimamori.example.jp", waits).unwrap()
}

async fn outcome(answers: &[&str]) -> Outcome {
    scripted(answers).await.push(&alert(1, "kenji@example.jp")).await
}

const GREETING: &str = "220 mail";
const HELLO: &str = "250-mail\r\n250 SIZE 1000000";

#[tokio::test]
async fn a_server_that_talks_to_nobody_holds_letters_and_loses_none() {
    assert_eq!(outcome(&["554 5.7.1 go away"]).await, Outcome::Forbidden);
    assert_eq!(outcome(&["421 4.3.2 closing"]).await, Outcome::Unavailable);
    assert_eq!(outcome(&[GREETING, "502 what?"]).await, Outcome::Forbidden);
    assert_eq!(outcome(&[GREETING]).await, Outcome::Unavailable);
    assert_eq!(outcome(&["HTTP/1.1 400 Bad Request"]).await, Outcome::Unavailable);
}

#[tokio::test]
async fn an_answer_that_fits_nothing_is_never_taken_for_accepted() {
    for answers in [
        &[GREETING, HELLO, "354 go on"][..],
        &[GREETING, HELLO, "250 OK", "354 go on"],
        &[GREETING, HELLO, "250 OK", "250 OK", "250 OK"],
        &[GREETING, HELLO, "250 OK", "250 OK", "354 go on", "354 go on"],
        &[GREETING, HELLO, "250 OK", "250 OK", "354 go on", "2500 OK"],
        &[GREETING, HELLO, "250 OK", "250 OK", "354 go on", "OK"],
        &[GREETING, HELLO, "250 OK", "250 OK", "354 go on"],
    ] {
        assert_eq!(outcome(answers).await, Outcome::Unavailable, "{answers:?}");
    }
    let good = [GREETING, HELLO, "250 OK", "250 OK", "354 go on", "250 taken"];
    assert_eq!(outcome(&good).await, Outcome::Accepted);
}

#[tokio::test]
async fn a_server_that_talks_without_end_is_cut_off() {
    let endless = "x".repeat(3 << 20);
    assert_eq!(outcome(&[&format!("220 {endless}")]).await, Outcome::Unavailable);
    assert_eq!(outcome(&[GREETING, &format!("250 {endless}")]).await, Outcome::Unavailable);
    let lines = "250-x\r\n".repeat(300_000);
    assert_eq!(outcome(&[GREETING, &format!("{lines}250 x")]).await, Outcome::Unavailable);
}
