//! `anshin staff`, with a server that runs on the data file and without, and what reaches the log.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anshin::clock::real_now;
use anshin::domain::staff::{Staff, StaffRole};
use anshin::store::Store;
use tempfile::TempDir;

use crate::program::{Program, Said, anshin, free_address, run, serve, serving, wait_for};

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// A user of this machine that owns nothing of ours.
const NOBODY: u32 = 65_534;

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    (folder, data)
}

fn socket(data: &Path) -> PathBuf {
    PathBuf::from(format!("{}.sock", data.display()))
}

/// `anshin staff …` on a data file; of the configuration it gets nothing that only a service needs.
fn staff(data: &Path, arguments: &[&str]) -> Command {
    let mut command = anshin(&["staff", "--config", "/dev/null"]);
    command
        .args(arguments)
        .env("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp")
        .env("ANSHIN_STORE__PATH", data);
    command
}

async fn done(data: &Path, arguments: &[&str]) -> String {
    let said = run(&mut staff(data, arguments)).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    said.out
}

/// The link stands on a line of its own.
fn link(out: &str) -> &str {
    let mut links = out.lines().filter(|line| line.starts_with("http"));
    let link = links.next().expect("a link");
    assert!(links.next().is_none() && link.contains("/staff/welcome/"), "{out}");
    assert_eq!(link.rsplit('/').next().unwrap().len(), 43);
    link
}

fn accounts(data: &Path) -> Vec<Staff> {
    let store = Store::open(data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    store.read().unwrap().all_staff().unwrap()
}

#[tokio::test]
async fn without_a_server_the_command_opens_the_file_itself() {
    let (_folder, data) = place();
    let out = done(&data, &["add", "山田花子", "--role", "admin", "--mail", "y@example.jp"]).await;
    assert!(link(&out).starts_with("https://mimamori.example.jp/staff/welcome/"), "{out}");
    assert!(out.contains("24 hours") && out.contains("山田花子"), "{out}");
    let list = done(&data, &["list"]).await;
    assert!(list.contains("admin") && list.contains("invited") && list.contains("y@example.jp"));
    let again = done(&data, &["reset", "山田花子"]).await;
    assert_ne!(link(&out), link(&again));
    let all = accounts(&data);
    assert_eq!((all.len(), all[0].role, all[0].active), (1, StaffRole::Admin, true));
    assert_eq!(std::fs::metadata(&data).unwrap().mode() & 0o7777, 0o600);
    assert!(!socket(&data).exists());
    // The token itself is nowhere in the file.
    let bytes = std::fs::read(&data).unwrap();
    for out in [&out, &again] {
        let token = link(out).rsplit('/').next().unwrap().as_bytes();
        assert!(!bytes.windows(token.len()).any(|window| window == token));
    }
}

#[tokio::test]
async fn with_a_server_the_command_reaches_it_over_its_socket() {
    let (_folder, data) = place();
    let (server, address) = serving(&data, NO_LINE).await;
    wait_for(|| socket(&data).exists().then_some(())).await;
    assert_eq!(std::fs::metadata(socket(&data)).unwrap().mode() & 0o7777, 0o600);
    let out = done(&data, &["add", "山田花子", "--role", "worker"]).await;
    // The server knows where its pages are.
    let token = link(&out).strip_prefix(&format!("http://{address}/staff/welcome/")).unwrap();
    assert!(done(&data, &["list"]).await.contains("山田花子"));
    let id = done(&data, &["list"]).await.split('\t').next().unwrap().to_owned();
    let again = done(&data, &["reset", &id]).await;
    assert!(!again.contains(token) && again.contains("was reset"));
    server.terminate();
    let said = server.said().await;
    assert_eq!(said.code, Some(0));
    assert!(!socket(&data).exists(), "the socket goes with the server");
    assert!(said.out.contains("a link for an account was handed out"), "{}", said.out);
    assert!(!said.out.contains(token) && !said.out.contains("山田"), "{}", said.out);
    assert_eq!(accounts(&data).len(), 1);
}

#[tokio::test]
async fn a_socket_that_a_killed_server_left_behind_is_no_obstacle() {
    let (_folder, data) = place();
    let (mut server, _) = serving(&data, NO_LINE).await;
    wait_for(|| socket(&data).exists().then_some(())).await;
    server.kill();
    assert!(socket(&data).exists());
    done(&data, &["add", "山田", "--role", "viewer"]).await;
    let (_server, _) = serving(&data, NO_LINE).await;
    // The new server's socket takes the place of the old one.
    wait_for(|| {
        let connects = std::os::unix::net::UnixStream::connect(socket(&data)).is_ok();
        connects.then_some(())
    })
    .await;
    assert!(done(&data, &["list"]).await.contains("viewer"));
}

#[tokio::test]
async fn a_command_waits_for_a_server_that_is_just_starting() {
    let (_folder, data) = place();
    done(&data, &["add", "山田", "--role", "viewer"]).await;
    let store = Store::open(&data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let listing = Program::start(&mut staff(&data, &["list"]));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    drop(store);
    let said = listing.said().await;
    assert_eq!(said.code, Some(0), "{said:?}");
    // One that never answers is told in one sentence.
    let _store = Store::open(&data, Store::CACHE_BYTES_MIN, [0; 32]).unwrap();
    let said = run(&mut staff(&data, &["list"])).await;
    assert!(said.assert_failed(1).contains("in use by another anshin"));
}

async fn refused(data: &Path, arguments: &[&str], code: i32, words: [&str; 2]) {
    for (lang, word) in ["C", "ja_JP.UTF-8"].into_iter().zip(words) {
        let said: Said = run(staff(data, arguments).env("LANG", lang)).await;
        let sentence = said.assert_failed(code);
        assert!(sentence.contains(word), "{arguments:?}: {sentence}");
        assert_eq!(said.out, "", "{arguments:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_one_sentence_in_the_language_of_the_terminal() {
    let (_folder, data) = place();
    done(&data, &["add", "山田 花子", "--role", "admin"]).await;
    let long = "あ".repeat(21);
    for server in [false, true] {
        let running = if server { Some(serving(&data, NO_LINE).await) } else { None };
        for (arguments, code, words) in [
            (
                &["add", "山田花子", "--role", "worker"][..],
                1,
                ["in use by another account", "使っています"],
            ),
            (&["add", " ", "--role", "worker"], 2, ["empty", "名前がありません"]),
            (&["add", &long, "--role", "worker"], 2, ["too long", "長すぎます"]),
            (&["add", "１２", "--role", "worker"], 2, ["number", "数字だけ"]),
            (&["add", "佐藤", "--role", "worker", "--mail", "x"], 2, ["mail", "メール"]),
            (&["add", "佐藤", "--role", "king"], 2, ["king", "king"]),
            (&["add", "佐藤"], 2, ["--role", "--role"]),
            (&["add", "--role", "admin"], 2, ["NAME", "NAME"]),
            (&["reset", "佐藤"], 1, ["no account", "いません"]),
            (&["reset", "999"], 1, ["no account", "いません"]),
            (&["reset"], 2, ["NAME", "NAME"]),
        ] {
            refused(&data, arguments, code, words).await;
        }
        drop(running);
    }
    assert_eq!(accounts(&data).len(), 1);
}

#[tokio::test]
async fn a_data_file_that_cannot_be_made_and_a_missing_key_are_told() {
    let (folder, data) = place();
    let missing = folder.path().join("missing/anshin.redb");
    refused(&missing, &["list"], 1, ["cannot open", "開けません"]).await;
    let said = run(staff(&data, &["list"]).env_remove("ANSHIN_SERVER__PUBLIC_URL")).await;
    assert!(said.assert_failed(2).contains("server.public_url"));
    let unread = ["staff", "add", "山田", "--role", "admin", "--config", "/nowhere"];
    let said = run(&mut anshin(&unread)).await;
    assert!(said.assert_failed(2).contains("/nowhere"));
}

#[tokio::test]
async fn without_accounts_the_list_says_how_to_make_one() {
    let (_folder, data) = place();
    assert!(done(&data, &["list"]).await.contains("anshin staff add NAME --role admin"));
    let said = run(staff(&data, &["list"]).env("LANG", "ja")).await;
    assert!(said.out.contains("まだ職員がいません"), "{}", said.out);
}

#[tokio::test]
async fn another_user_gets_no_answer_even_where_the_socket_lies_open() {
    let (folder, data) = place();
    let (server, _) = serving(&data, NO_LINE).await;
    wait_for(|| socket(&data).exists().then_some(())).await;
    // Only the superuser can become another user for this test.
    if std::fs::metadata(&data).unwrap().uid() != 0 {
        return;
    }
    let open_to_all = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    open_to_all(folder.path(), 0o755);
    open_to_all(&socket(&data), 0o777);
    let binary = folder.path().join("anshin");
    let mut copy = Command::new("/bin/cp");
    copy.arg(env!("CARGO_BIN_EXE_anshin")).arg(&binary);
    assert!(copy.status().unwrap().success());
    open_to_all(&binary, 0o755);
    let command = staff(&data, &["list"]);
    let mut other = Command::new(&binary);
    other.args(command.get_args()).env_clear().uid(NOBODY);
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let said = run(&mut other).await;
    assert!(said.assert_failed(1).contains("does not answer"), "{said:?}");
    server.terminate();
    let said = server.said().await;
    assert!(said.out.contains("a command of another user was refused"), "{}", said.out);
}

#[tokio::test]
async fn a_server_whose_socket_cannot_be_made_watches_all_the_same() {
    let (_folder, data) = place();
    std::fs::write(socket(&data), "something of mine").unwrap();
    let (server, _) = serving(&data, NO_LINE).await;
    wait_for(|| server.out().contains("cannot reach this server").then_some(())).await;
    server.terminate();
    assert_eq!(server.said().await.code, Some(0));
    assert_eq!(std::fs::read(socket(&data)).unwrap(), b"something of mine");
}

/// A person at a browser, over the wire.
struct Visitor {
    address: std::net::SocketAddr,
    cookies: Vec<(String, String)>,
}

impl Visitor {
    async fn ask(&mut self, method: &str, path: &str, body: &str) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {2}\r\n\
             Connection: close\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        );
        let mut stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        for line in answer.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, rest) = line.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
        }
        answer
    }

    async fn post(&mut self, path: &str, page: &str, fields: &[(&str, &str)]) -> String {
        let word = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
        let word = word.split('"').next().unwrap();
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("form_token", word).extend_pairs(fields);
        self.ask("POST", path, &body.finish()).await
    }
}

/// Sets an account up, fails to log in, and returns everything that must be in no log.
async fn a_story(visitor: &mut Visitor, path: &str) -> Vec<String> {
    let password = "canary correct horse battery";
    let page = visitor.ask("GET", path, "").await;
    let fields = [("new-password", password), ("repeat", password)];
    let page = visitor.post(path, &page, &fields).await;
    let secret = page.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    let secret = secret.replace(' ', "");
    let totp = totp_rs::Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(&secret).unwrap())
        .build()
        .unwrap();
    let number = totp.generate(real_now().seconds() as u64).to_string();
    let fields = [("step", "number"), ("number", number.as_str())];
    let page = visitor.post(path, &page, &fields).await;
    let codes: Vec<String> =
        page.split("<code>").skip(1).map(|part| part.split('<').next().unwrap().into()).collect();
    assert_eq!(codes.len(), 10, "{page}");
    assert!(visitor.ask("GET", "/staff", "").await.starts_with("HTTP/1.1 200 "));
    let page = visitor.ask("GET", "/staff/login", "").await;
    for name in ["山田canary", "だれかcanary"] {
        let fields = [("name", name), ("password", "canary wrong password"), ("number", "000000")];
        let page = visitor.post("/staff/login", &page, &fields).await;
        assert!(page.starts_with("HTTP/1.1 422 "), "{page}");
    }
    let cookies = visitor.cookies.iter().map(|(_, value)| value.clone());
    let token = path.rsplit('/').next().unwrap().to_owned();
    codes.into_iter().chain(cookies).chain([secret, token, "canary".to_owned()]).collect()
}

#[tokio::test]
async fn no_secret_and_no_name_of_staff_reaches_the_log() {
    for format in ["text", "json"] {
        let (_folder, data) = place();
        let address = free_address();
        let mut command = serve(&data, &address.to_string(), NO_LINE);
        let server = Program::start(command.args(["--log-format", format]));
        wait_for(|| socket(&data).exists().then_some(())).await;
        let out = done(&data, &["add", "山田canary", "--role", "admin"]).await;
        let path = link(&out).split(&address.to_string()).nth(1).unwrap().to_owned();
        let mut visitor = Visitor { address, cookies: Vec::new() };
        let secrets = a_story(&mut visitor, &path).await;
        server.terminate();
        let said = server.said().await;
        assert_eq!(said.code, Some(0));
        let log = format!("{}{}", said.out, said.err);
        assert!(log.contains("an account was set up") && log.contains("a log-in failed"), "{log}");
        for secret in &secrets {
            assert!(!log.contains(secret.as_str()), "{secret} in {log}");
        }
        assert!(log.is_ascii(), "{log}");
        // Nor in the file: tokens and codes are there as hashes.
        let bytes = std::fs::read(&data).unwrap();
        for secret in secrets.iter().filter(|secret| *secret != "canary") {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
    }
}
