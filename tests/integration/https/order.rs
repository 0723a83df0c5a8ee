//! A certificate from an authority: the real program against Pebble, from nothing to HTTPS, over
//! restarts, renewals and refusals.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::authority::{Authority, Issued};
use super::pebble::Pebble;
use super::*;
use crate::program::{Program, anshin, free_address, run, serve, wait_for};

/// LINE is not there.
const NO_LINE: &str = "http://127.0.0.1:9";

/// A server that is to get its certificate from Pebble.
pub(super) struct Site {
    pub(super) folder: TempDir,
    pub(super) address: SocketAddr,
}

impl Site {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), address: free_address() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("anshin.redb")
    }

    fn host(&self) -> String {
        format!("{NAME}:{}", self.address.port())
    }

    pub(super) fn command(&self, pebble: &Pebble) -> Command {
        let mut command = serve(&self.data(), &self.address.to_string(), NO_LINE);
        command
            .env("ANSHIN_SERVER__PUBLIC_URL", format!("https://{}", self.host()))
            .env("ANSHIN_TLS__MODE", "acme")
            .env("ANSHIN_TLS__CONTACT", "office@example.jp")
            .env("ANSHIN_TLS__DIRECTORY_URL", pebble.directory())
            .env("ANSHIN_TLS__DIRECTORY_CA", pebble.roots());
        command
    }

    async fn start(&self, pebble: &Pebble) -> Program {
        let mut program = Program::start(&mut self.command(pebble));
        assert!(program.runs().await, "{}", program.err());
        program
    }

    /// Connects as soon as there is a certificate that this client trusts.
    pub(super) async fn connected(&self, client: &Arc<ClientConfig>) -> TlsStream<TcpStream> {
        let connecting = async {
            loop {
                if let Ok(stream) = connect(self.address, client).await {
                    return stream;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), connecting).await.expect("a certificate")
    }

    /// What is kept of the authority.
    fn kept(&self, pebble: &Pebble) -> PathBuf {
        let directory = pebble.directory();
        let name = directory.strip_prefix("https://").unwrap().replace([':', '/'], "-");
        self.folder.path().join("acme").join(name)
    }

    /// Keeps a certificate as if it had been ordered earlier.
    fn keep(&self, pebble: &Pebble, issued: &Issued) {
        let both = format!("{}{}", issued.key, issued.certificate);
        self.keep_file(pebble, "certificate.pem", &both);
    }

    fn keep_file(&self, pebble: &Pebble, name: &str, text: &str) {
        let folder = self.kept(pebble);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn from_nothing_to_https_and_over_a_restart_without_the_authority() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let mut program = site.start(&pebble).await;
    let client = pebble.client().await;
    let mut stream = site.connected(&client).await;
    let first = shown(&stream);
    let health = get(&mut stream, &site.host(), "/healthz").await;
    assert!(health.starts_with("HTTP/1.1 200") && !health.contains("certificate"), "{health}");
    let folder = site.kept(&pebble);
    assert_eq!(mode(&folder), 0o700);
    for name in ["account.json", "certificate.pem"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    assert!(!program.out().contains("PRIVATE KEY"));
    program.kill();
    let mut command = site.command(&pebble);
    // Its roots go with it: what is configured stays readable.
    let roots = site.folder.path().join("root.pem");
    std::fs::copy(pebble.roots(), &roots).unwrap();
    command.env("ANSHIN_TLS__DIRECTORY_CA", &roots);
    drop(pebble);
    let mut again = Program::start(&mut command);
    assert!(again.runs().await, "{}", again.err());
    assert_eq!(shown(&site.connected(&client).await), first);
    assert!(!again.out().contains("no new certificate"), "{}", again.out());
}

#[tokio::test]
async fn a_certificate_past_two_thirds_of_its_life_serves_until_the_new_one_is_there() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let earlier = Authority::new();
    site.keep(&pebble, &earlier.issue(29));
    let program = site.start(&pebble).await;
    let old = site.connected(&both(&earlier, &pebble).await).await;
    let new = site.connected(&pebble.client().await).await;
    assert_ne!(shown(&old), shown(&new));
    wait_for(|| program.out().contains("a new certificate").then_some(())).await;
}

/// Whoever trusts what was there before and what comes.
pub(super) async fn both(earlier: &Authority, pebble: &Pebble) -> Arc<ClientConfig> {
    super::authority::trusting(&format!("{}{}", earlier.root(), pebble.root().await))
}

#[tokio::test]
async fn a_certificate_that_is_young_is_not_ordered_again() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let earlier = Authority::new();
    site.keep(&pebble, &earlier.issue(31));
    let program = site.start(&pebble).await;
    program.hang_up();
    let mut stream = site.connected(&earlier.client()).await;
    assert!(get(&mut stream, &site.host(), "/healthz").await.contains("\"ailments\":[]"));
    assert_eq!(pebble.requests(), 0);
}

#[tokio::test]
async fn rejected_nonces_delay_the_certificate_and_do_not_prevent_it() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 30).await;
    let _program = site.start(&pebble).await;
    site.connected(&pebble.client().await).await;
}

#[tokio::test]
async fn where_the_authority_refuses_the_service_goes_on_and_says_so() {
    let site = Site::new();
    // The authority looks for us where we are not.
    let elsewhere = SocketAddr::from(([127, 0, 0, 2], site.address.port()));
    let pebble = Pebble::start(elsewhere, 0).await;
    let mut program = site.start(&pebble).await;
    wait_for(|| program.out().contains("no new certificate").then_some(())).await;
    let out = program.out();
    assert!(out.contains("Failed to connect") && out.contains("failures=1"), "{out}");
    assert!(connect(site.address, &pebble.client().await).await.is_err());
    // The writer is at work, and commands reach it.
    let data = site.data();
    let mut staff = anshin(&["staff", "list", "--config", "/dev/null"]);
    staff.env("ANSHIN_STORE__PATH", &data).env("ANSHIN_SERVER__PUBLIC_URL", "https://a.example");
    assert_eq!(run(&mut staff).await.code, Some(0));
    // A process that starts again and again does not order each time.
    program.kill();
    let requests = pebble.requests();
    let again = site.start(&pebble).await;
    again.hang_up();
    assert!(connect(site.address, &pebble.client().await).await.is_err());
    assert_eq!(pebble.requests(), requests);
    assert!(!again.out().contains("no new certificate"), "{}", again.out());
}

#[tokio::test]
async fn whoever_mended_the_cause_of_failures_asks_for_a_try_at_once() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let last_at = (now() - Duration::from_secs(120)).millis();
    let failures = format!("{{\"count\":8,\"last_at_ms\":{last_at}}}");
    site.keep_file(&pebble, "failures.json", &failures);
    let program = site.start(&pebble).await;
    assert!(connect(site.address, &pebble.client().await).await.is_err());
    assert_eq!(pebble.requests(), 0);
    program.hang_up();
    site.connected(&pebble.client().await).await;
    let kept = site.kept(&pebble).join("failures.json");
    let forgiven = || std::fs::read_to_string(&kept).unwrap().contains("\"count\":0");
    wait_for(|| forgiven().then_some(())).await;
}

#[tokio::test]
async fn what_is_kept_and_of_no_use_is_replaced() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let other = Authority::new().issue_for("other.example.jp", now() - DAY, now() + DAY * 80);
    site.keep(&pebble, &other);
    // An account that the authority has forgotten.
    let key = rcgen::KeyPair::generate().unwrap().serialize_der();
    let account = serde_json::json!({
        "id": pebble.directory().replace("/dir", "/my-account/nobody"),
        "key_pkcs8": base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, key),
        "directory": pebble.directory(),
    });
    site.keep_file(&pebble, "account.json", &account.to_string());
    let _program = site.start(&pebble).await;
    site.connected(&pebble.client().await).await;
    let kept = std::fs::read_to_string(site.kept(&pebble).join("account.json")).unwrap();
    assert!(!kept.contains("nobody"), "{kept}");
}

#[tokio::test]
async fn a_failed_renewal_leaves_the_old_certificate_in_service_and_stands_in_the_report() {
    let site = Site::new();
    let elsewhere = SocketAddr::from(([127, 0, 0, 2], site.address.port()));
    let pebble = Pebble::start(elsewhere, 0).await;
    let earlier = Authority::new();
    site.keep(&pebble, &earlier.issue(19));
    let program = site.start(&pebble).await;
    wait_for(|| program.out().contains("no new certificate").then_some(())).await;
    let client = earlier.client();
    let mut health = String::new();
    while !health.contains("\"renewal\"") {
        let mut stream = connect(site.address, &client).await.unwrap();
        health = get(&mut stream, &site.host(), "/healthz").await;
    }
}

#[tokio::test]
async fn an_authority_that_is_not_there_is_a_failure_like_any_other() {
    let site = Site::new();
    let pebble = Pebble::start(site.address, 0).await;
    let mut command = site.command(&pebble);
    command.env("ANSHIN_TLS__DIRECTORY_URL", "https://127.0.0.1:9/dir");
    let mut program = Program::start(&mut command);
    assert!(program.runs().await, "{}", program.err());
    wait_for(|| program.out().contains("no new certificate").then_some(())).await;
    let mut command = site.command(&pebble);
    let empty = site.folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let said = run(command.env("ANSHIN_TLS__DIRECTORY_CA", &empty)).await;
    assert!(!said.assert_failed(1).is_empty());
}
