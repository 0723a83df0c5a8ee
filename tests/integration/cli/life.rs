//! `anshin serve` from start to stop, with LINE's stand-in on the other side.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use anshin::clock::SystemClock;
use anshin::demo::standin::{StandIn, free_port};
use anshin::domain::id::Address;
use anshin::platform::{From as Side, Host, Platform};
use anshin::store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::program::{Program, anshin, free_address, run, serve, serving, wait_for};

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// LINE's stand-in on a port of its own, and where its API is.
async fn line() -> (StandIn, String) {
    let standin = StandIn::new(Platform::default(), Arc::new(SystemClock)).unwrap();
    let (listener, address) = free_port().await.unwrap();
    standin.serve(Host::Api, listener);
    (standin, format!("http://{address}"))
}

/// Waits until the account has sent a person a message with this text, and returns it.
async fn received(line: &StandIn, user: &str, text: &str) -> String {
    wait_for(|| {
        let platform = line.platform();
        let mut items = platform.phone(user)?.items.iter().rev();
        let item = items.find(|i| i.from == Side::Bot && i.content.to_string().contains(text))?;
        Some(item.content.to_string())
    })
    .await
}

fn presses(line: &StandIn, user: &str, label: &str) {
    let found = line.act(|platform, now| {
        let items = platform.phone(user).unwrap().items.clone();
        items.iter().rev().find_map(|item| {
            let view = platform.actions(user, &item.id).into_iter();
            let view = view.into_iter().find(|view| view.label.contains(label))?;
            platform.press(now, user, &item.id, view.index).ok()
        })
    });
    assert!(found.is_some(), "no button {label}");
}

#[tokio::test]
async fn a_new_data_file_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let (program, _) = serving(&data, NO_LINE).await;
    let mode = std::fs::metadata(&data).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    drop(program);
}

#[tokio::test]
async fn asked_to_stop_it_ends_with_0_also_with_connections_open() {
    let folder = tempfile::tempdir().unwrap();
    let (program, address) = serving(&folder.path().join("anshin.redb"), NO_LINE).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    let ask = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n");
    idle.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = [0; 15];
    idle.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    let half = TcpStream::connect(address).await.unwrap();
    half.try_write(b"POST /line/webhook HTTP/1.1\r\nHo").unwrap();
    program.terminate();
    let said = program.said().await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("anshin has stopped"), "{}", said.out);
}

#[tokio::test]
async fn browsers_are_told_to_stay_with_https_where_that_is_how_people_reach_us() {
    for (url, strict) in [(Some("https://mimamori.example.jp"), true), (None, false)] {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let mut command = serve(&folder.path().join("anshin.redb"), &address.to_string(), NO_LINE);
        url.map(|url| command.env("ANSHIN_SERVER__PUBLIC_URL", url));
        let program = Program::start(&mut command);
        wait_for(|| program.out().contains("anshin is running").then_some(())).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let ask = format!("GET /staff HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        client.write_all(ask.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        assert_eq!(answer.contains("strict-transport-security: max-age=31536000"), strict);
    }
}

#[tokio::test]
async fn ctrl_c_stops_it_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let (program, _) = serving(&folder.path().join("anshin.redb"), NO_LINE).await;
    program.interrupt();
    assert_eq!(program.said().await.code, Some(0));
}

#[tokio::test]
async fn a_log_in_json_is_one_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let listen = free_address().to_string();
    let mut command = serve(&folder.path().join("anshin.redb"), &listen, NO_LINE);
    let program = Program::start(command.args(["--log-format", "json"]));
    wait_for(|| program.out().contains("could not be asked").then_some(())).await;
    program.terminate();
    let said = program.said().await;
    assert_eq!(said.code, Some(0));
    for line in said.out.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(entry["level"].is_string() && entry["message"].is_string(), "{line}");
    }
}

/// What a person said or is called, and must stand in no log.
const CANARIES: [&str; 4] = ["ﾖｼｺcanary", "けんじcanary", "秘密の相談canary", "canary-city"];

/// Somebody registers, invites somebody else, and writes; LINE refuses a few requests meanwhile.
async fn a_story(line: &StandIn) -> [String; 2] {
    let [yoshiko, kenji] = ["ﾖｼｺcanary-profile", "けんじcanary-profile"]
        .map(|name| line.act(|platform, _| platform.add_user(name)));
    line.act(|platform, now| platform.add_friend(now, &yoshiko));
    received(line, &yoshiko, "見守ってもらう").await;
    presses(line, &yoshiko, "見守ってもらう");
    received(line, &yoshiko, "同意").await;
    presses(line, &yoshiko, "同意");
    received(line, &yoshiko, "お名前").await;
    line.act(|platform, now| platform.say(now, &yoshiko, CANARIES[0]));
    received(line, &yoshiko, "毎日").await;
    presses(line, &yoshiko, "毎日");
    received(line, &yoshiko, "8時").await;
    presses(line, &yoshiko, "8時");
    let invitation = received(line, &yoshiko, "招待コード ").await;
    let code: String = invitation.split("招待コード ").nth(1).unwrap().chars().take(9).collect();
    line.act(|platform, now| platform.say(now, &kenji, &format!("招待コード {code}")));
    received(line, &kenji, "参加する").await;
    line.platform().faults.refuse_all_5xx_before = true;
    line.act(|platform, now| platform.say(now, &yoshiko, CANARIES[2]));
    wait_for(|| line.platform().requests().iter().rev().any(|r| r.status == 500).then_some(()))
        .await;
    line.platform().faults.refuse_all_5xx_before = false;
    presses(line, &kenji, "参加する");
    received(line, &kenji, "同意").await;
    presses(line, &kenji, "同意");
    received(line, &kenji, "お名前").await;
    line.act(|platform, now| platform.say(now, &kenji, CANARIES[1]));
    received(line, &yoshiko, "けんじcanary").await;
    line.act(|platform, now| platform.block(now, &kenji));
    [yoshiko, kenji]
}

async fn play_and_read_the_log(format: &str) -> (String, Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let (line, api_base) = line().await;
    let address = free_address();
    let mut command = serve(&data, &address.to_string(), &api_base);
    command.args(["--log-format", format]).env("ANSHIN_OFFICE__NAME", CANARIES[3]);
    let program = Program::start(&mut command);
    wait_for(|| program.out().contains("anshin is running").then_some(())).await;
    line.deliver_to(format!("http://{address}/line/webhook"));
    let people = a_story(&line).await;
    for target in ["/i/ABCDEFGH", "/healthz", "/nothing?name=canary"] {
        let mut client = TcpStream::connect(address).await.unwrap();
        let ask = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        client.write_all(ask.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    }
    program.terminate();
    let said = program.said().await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(line.platform().violations(), [] as [String; 0]);
    let code = invited(&data);
    (format!("{}{}", said.out, said.err), people.to_vec(), code)
}

/// The code with which the second person came.
fn invited(data: &Path) -> String {
    let store = Store::open(data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let writing = store.write().unwrap();
    let tables = writing.tables();
    let codes = (1..10).flat_map(|team| tables.codes(anshin::domain::id::TeamId(team)).unwrap());
    codes.last().unwrap().to_string()
}

#[tokio::test]
async fn the_log_holds_no_line_id_no_name_no_text_and_no_code() {
    for format in ["text", "json"] {
        let (log, people, code) = play_and_read_the_log(format).await;
        assert!(log.contains("webhook") && log.contains("line call"), "{log}");
        for line in log.lines() {
            assert!(!line.contains("canary"), "{line}");
            for user in &people {
                assert!(!line.contains(user.as_str()), "{line}");
            }
            assert!(!line.contains(&code) && !line.contains(&code.replace('-', "")), "{line}");
            assert!(!line.contains("5f0e2c9a1b7d43f6a8e4c0d2b6917f35"), "{line}");
            assert!(line.is_ascii(), "people's words are not ASCII, and our log is: {line}");
        }
    }
}

#[tokio::test]
async fn a_press_that_was_acknowledged_is_there_after_the_power_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let (line, api_base) = line().await;
    let (mut program, address) = serving(&data, &api_base).await;
    line.deliver_to(format!("http://{address}/line/webhook"));
    let user = line.act(|platform, _| platform.add_user("よしこ"));
    line.act(|platform, now| platform.say(now, &user, "こんにちは"));
    received(&line, &user, "見守ってもらう").await;
    presses(&line, &user, "見守ってもらう");
    received(&line, &user, "同意").await;
    presses(&line, &user, "同意");
    received(&line, &user, "お名前").await;
    program.kill();
    let (program, _) = serving(&data, &api_base).await;
    program.terminate();
    assert_eq!(program.said().await.code, Some(0));
    let store = Store::open(&data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let reading = store.read().unwrap();
    let id = reading.person_at(&Address::new(&user).unwrap()).unwrap().unwrap();
    assert!(reading.person(id).unwrap().unwrap().has_consented(1));
}

#[tokio::test]
async fn no_secret_reaches_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let listen = free_address().to_string();
    let mut command = serve(&folder.path().join("anshin.redb"), &listen, NO_LINE);
    command
        .env("ANSHIN_MAIL__SMTP_URL", "smtp://canary:canary@a")
        .env("ANSHIN_MAIL__FROM", "canary@example.jp");
    let program = Program::start(&mut command);
    wait_for(|| program.out().contains("anshin is running").then_some(())).await;
    program.terminate();
    let said = program.said().await;
    assert!(!said.out.contains("canary") && !said.err.contains("canary"));
    assert_eq!(run(&mut anshin(&["--version"])).await.code, Some(0));
}
