//! The certificate from files: what is wrong with them is said, a new one comes into service while
//! connections stay open, and one that cannot be used leaves the old one where it is.

use std::sync::Arc;

use anshin::domain::certificate::Concern;
use anshin::http::{Limits, Response, Server, StatusCode, handler};
use anshin::tls::files::{Files, FilesFault, Look, Waits};
use anshin::tls::pair::Flaw;
use anshin::tls::shelf::Shelf;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::authority::{Authority, Issued};
use super::*;
use crate::program::{Program, anshin, free_address, run, serve, wait_for};

/// LINE is not there.
const NO_LINE: &str = "http://127.0.0.1:9";

/// A folder with a certificate and a key in it.
struct Place {
    folder: TempDir,
    files: Files,
}

impl Place {
    fn new(issued: &Issued) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (certificate, key) = (path("certificate.pem"), path("key.pem"));
        let place = Self { files: Files { certificate, key, domain: NAME.to_owned() }, folder };
        place.put(issued);
        place
    }

    fn put(&self, issued: &Issued) {
        std::fs::write(&self.files.certificate, &issued.certificate).unwrap();
        std::fs::write(&self.files.key, &issued.key).unwrap();
    }

    /// A shelf with what the folder holds.
    fn shelf(&self) -> Shelf {
        let shelf = Shelf::awaiting();
        assert_eq!(self.files.look(&shelf, now()), Look::New);
        shelf
    }

    /// What `anshin config check` is given.
    fn variables(&self) -> [(&'static str, String); 5] {
        let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
        [
            ("ANSHIN_SERVER__PUBLIC_URL", format!("https://{NAME}")),
            ("ANSHIN_TLS__MODE", "files".to_owned()),
            ("ANSHIN_TLS__CERTIFICATE", path(&self.files.certificate)),
            ("ANSHIN_TLS__KEY", path(&self.files.key)),
            ("ANSHIN_STORE__PATH", path(&self.folder.path().join("anshin.redb"))),
        ]
    }
}

fn concern(shelf: &Shelf) -> Option<Concern> {
    shelf.standing().concern(now())
}

/// A server that answers everything with one word.
async fn site(shelf: &Shelf) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hello = handler(|_| async { Response::text(StatusCode::OK, "hello") });
    let server = Server::new(hello, Limits::default()).encryption(Some(shelf.encryption()));
    tokio::spawn(server.serve(listener, std::future::pending()));
    address
}

/// Asks on a connection that stays open.
async fn ask(stream: &mut TlsStream<TcpStream>) {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    while !answer.ends_with("hello") {
        answer.push(stream.read_u8().await.unwrap().into());
    }
}

#[tokio::test]
async fn a_new_certificate_comes_into_service_and_open_connections_go_on() {
    let authority = Authority::new();
    let place = Place::new(&authority.issue(30));
    let shelf = place.shelf();
    let address = site(&shelf).await;
    let client = authority.client();
    let mut before = connect(address, &client).await.unwrap();
    ask(&mut before).await;
    assert_eq!(place.files.look(&shelf, now()), Look::Same);
    place.put(&authority.issue(90));
    assert_eq!(place.files.look(&shelf, now()), Look::New);
    let after = connect(address, &client).await.unwrap();
    assert_ne!(shown(&after), shown(&before));
    ask(&mut before).await;
}

#[tokio::test]
async fn a_new_certificate_that_cannot_be_used_is_told_and_the_old_one_stays() {
    let authority = Authority::new();
    let good = authority.issue(60);
    let place = Place::new(&good);
    let shelf = place.shelf();
    let address = site(&shelf).await;
    let old = shown(&connect(address, &authority.client()).await.unwrap());
    let asked = Arc::new(Notify::new());
    let waits = Waits { every: DAY, settle: Duration::from_millis(1) };
    tokio::spawn(place.files.clone().watch(shelf.clone(), Arc::clone(&asked), waits));
    let new = authority.issue(80);
    for bad in [
        Issued { key: authority.issue(80).key, ..new.clone() },
        Issued { certificate: String::new(), ..new.clone() },
        Issued { key: "-----BEGIN".to_owned(), ..new.clone() },
        authority.issue_for("other.example.jp", now() - DAY, now() + DAY * 80),
        authority.issue_for(NAME, now() + DAY, now() + DAY * 80),
        authority.issue(-1),
    ] {
        place.put(&bad);
        asked.notify_one();
        wait_for(|| matches!(concern(&shelf), Some(Concern::Refused(_))).then_some(())).await;
        assert_eq!(shown(&connect(address, &authority.client()).await.unwrap()), old);
        place.put(&good);
        asked.notify_one();
        wait_for(|| concern(&shelf).is_none().then_some(())).await;
    }
}

#[test]
fn twenty_days_before_its_end_a_certificate_is_worth_a_word() {
    let authority = Authority::new();
    for (days_left, worth) in [(21, false), (20, true), (4, true)] {
        let shelf = Place::new(&authority.issue(days_left)).shelf();
        let told = matches!(concern(&shelf), Some(Concern::Ageing(_)));
        assert_eq!(told, worth, "{days_left} days left");
    }
    let shelf = Place::new(&authority.issue(2)).shelf();
    assert!(matches!(concern(&shelf), Some(Concern::Lost(Some(_)))));
}

#[test]
fn chains_and_other_kinds_of_keys_are_read() {
    let authority = Authority::new();
    let mut issued = authority.issue(90);
    issued.certificate.push_str(authority.root());
    Place::new(&issued).files.read().unwrap();
    // One file with both.
    let both = format!("{}{}", issued.key, issued.certificate);
    Place::new(&Issued { certificate: both.clone(), key: both }).files.read().unwrap();
    let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    let broken = Place::new(&Issued { certificate, ..issued });
    assert_eq!(broken.files.read().unwrap_err(), FilesFault::Flawed(Flaw::NoCertificate));
}

/// The variables of a good place with one thing changed, and what the sentence has to name.
fn wrong_inputs() -> Vec<(Place, &'static str, &'static str)> {
    let authority = Authority::new();
    let good = authority.issue(90);
    let place = |issued: &Issued| Place::new(issued);
    let gone = |which: fn(&Files) -> &std::path::PathBuf| {
        let place = place(&good);
        std::fs::remove_file(which(&place.files)).unwrap();
        place
    };
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    vec![
        (gone(|files| &files.certificate), "tls.certificate", "certificate.pem"),
        (gone(|files| &files.key), "tls.key", "key.pem"),
        (
            place(&Issued { certificate: good.key.clone(), ..good.clone() }),
            "tls.certificate",
            "PEM",
        ),
        (place(&Issued { certificate: String::new(), ..good.clone() }), "tls.certificate", "PEM"),
        (place(&Issued { key: good.certificate.clone(), ..good.clone() }), "tls.key", "PEM"),
        (place(&Issued { key: encrypted.to_owned(), ..good.clone() }), "tls.key", "key.pem"),
        (place(&Issued { key: authority.issue(9).key, ..good.clone() }), "tls.key", "key.pem"),
        (
            place(&authority.issue_for("other.example.jp", now() - DAY, now() + DAY)),
            "server.public_url",
            NAME,
        ),
        (place(&authority.issue(-1)), "tls.certificate", "certificate.pem"),
        (
            place(&authority.issue_for(NAME, now() + DAY, now() + DAY * 2)),
            "tls.certificate",
            "certificate.pem",
        ),
    ]
}

#[tokio::test]
async fn whatever_is_wrong_with_the_files_is_one_sentence_that_names_the_setting() {
    for (place, key, named) in wrong_inputs() {
        for (lang, japanese) in [("ja_JP.UTF-8", true), ("C", false)] {
            let mut command = anshin(&["config", "check", "--config", "/dev/null"]);
            command
                .envs(place.variables())
                .env("ANSHIN_LINE__CHANNEL_ID", "1")
                .env("ANSHIN_LINE__CHANNEL_SECRET", "canary-secret")
                .env("LANG", lang);
            let said = run(&mut command).await;
            let sentence = said.assert_failed(2);
            assert!(
                sentence.contains(key) && sentence.contains(named),
                "{key} {named}: {sentence}"
            );
            assert_eq!(sentence.contains('。'), japanese, "{sentence}");
            assert!(!sentence.contains("PRIVATE KEY"), "{sentence}");
        }
    }
}

/// The server over HTTPS with the files of a place.
async fn server(place: &Place) -> (Program, SocketAddr) {
    let address = free_address();
    let data = place.folder.path().join("anshin.redb");
    let mut command = serve(&data, &address.to_string(), NO_LINE);
    command
        .envs(place.variables())
        .env("ANSHIN_SERVER__PUBLIC_URL", format!("https://{NAME}:{}", address.port()));
    let mut program = Program::start(&mut command);
    assert!(program.runs().await, "{}", program.err());
    (program, address)
}

#[tokio::test]
async fn the_program_serves_https_warns_of_the_end_and_takes_a_new_certificate_at_a_signal() {
    let authority = Authority::new();
    let place = Place::new(&authority.issue(19));
    let (program, address) = server(&place).await;
    let (client, host) = (authority.client(), format!("{NAME}:{}", address.port()));
    let mut stream = connect(address, &client).await.unwrap();
    let old = shown(&stream);
    let mut health = get(&mut stream, &host, "/healthz").await;
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert!(health.contains("\r\nstrict-transport-security: max-age="), "{health}");
    // The first look at ourselves is taken right after the start.
    while !health.contains("\"renewal\"") {
        health = get(&mut connect(address, &client).await.unwrap(), &host, "/healthz").await;
    }
    let mut strange = connect(address, &client).await.unwrap();
    assert!(get(&mut strange, "evil.test", "/healthz").await.starts_with("HTTP/1.1 421"));
    place.put(&authority.issue(90));
    program.hang_up();
    while shown(&connect(address, &client).await.unwrap()) == old {}
    assert!(program.out().contains("a new certificate is in service"));
}

#[tokio::test]
async fn a_certificate_that_has_ended_does_not_keep_the_watch_from_starting() {
    let authority = Authority::new();
    let place = Place::new(&authority.issue(-1));
    let (program, address) = server(&place).await;
    assert!(program.out().contains("nobody can connect"), "{}", program.out());
    assert!(connect(address, &authority.client()).await.is_err());
    let broken = Issued { key: String::new(), ..authority.issue(1) };
    place.put(&broken);
    let mut command = serve(&place.folder.path().join("other.redb"), "127.0.0.1:0", NO_LINE);
    let said = run(command.envs(place.variables())).await;
    assert!(said.assert_failed(2).contains("tls.key"));
}
