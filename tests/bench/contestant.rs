//! Those who are measured: started on a fresh file, stopped, and asked whether they kept everything.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::members::{self, Buttons};

/// A server under load.
pub(crate) trait Contestant {
    fn name(&self) -> &'static str;
    fn address(&self) -> SocketAddr;
    fn pid(&self) -> u32;
    /// What the button of this member carries.
    fn press(&self, member: u32) -> String;
    /// Stops it and fails unless it kept so many answers.
    async fn stop_and_check(self, answers: u32);

    /// Returns when it answers.
    async fn ready(&self) {
        while health(self.address()).await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn health(address: SocketAddr) -> Option<serde_json::Value> {
    let http = anshin::net::client::http(None, Duration::from_secs(5)).unwrap();
    let answer = http.get(format!("http://{address}/healthz")).send().await.ok()?;
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// A child that ends with its owner.
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(command: &mut Command) -> Kept {
    Kept(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap())
}

/// This project's release binary.
pub(crate) struct Anshin {
    name: &'static str,
    address: SocketAddr,
    child: Kept,
    folder: tempfile::TempDir,
    buttons: Option<Buttons>,
}

impl Anshin {
    pub(crate) fn start(name: &'static str, line: &str, members: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("anshin.redb");
        let buttons = members::fill(&data, members);
        Self::serve((name, line), folder, &data, Some(buttons))
    }

    /// Over a file that is there already and stays.
    pub(crate) fn over(line: &str, data: &Path) -> Self {
        Self::serve(("anshin", line), tempfile::tempdir().unwrap(), data, None)
    }

    fn serve(
        (name, line): (&'static str, &str),
        folder: tempfile::TempDir,
        data: &Path,
        buttons: Option<Buttons>,
    ) -> Self {
        let address = free_address();
        let config = format!(
            "[server]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\n\
             [store]\npath = {data:?}\n\
             [line]\nchannel_id = \"1\"\nchannel_secret = \"{}\"\n\
             channel_access_token = \"t\"\napi_base = \"{line}\"\n\
             data_api_base = \"{line}\"\n",
            members::SECRET
        );
        let file = folder.path().join("anshin.toml");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_anshin"));
        let child = spawn(command.arg("serve").arg("--config").arg(file).env_clear());
        Self { name, address, child, folder, buttons }
    }
}

impl Contestant for Anshin {
    fn name(&self) -> &'static str {
        self.name
    }

    fn address(&self) -> SocketAddr {
        self.address
    }

    fn pid(&self) -> u32 {
        self.child.0.id()
    }

    fn press(&self, member: u32) -> String {
        self.buttons.as_ref().unwrap().press(member)
    }

    async fn stop_and_check(self, answers: u32) {
        drop(self.child);
        let kept = members::answered(&self.folder.path().join("anshin.redb"), answers);
        assert_eq!(kept, answers, "answers in the file");
    }
}

/// The peer under tests/bench/peer.
pub(crate) struct Peer {
    address: SocketAddr,
    child: Kept,
    _folder: tempfile::TempDir,
}

impl Peer {
    pub(crate) const NAME: &'static str = "Express + SQLite";

    /// Installs its modules outside the source tree; returns where. Slow only the first time.
    pub(crate) fn install() -> PathBuf {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peer");
        let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-peer");
        std::fs::create_dir_all(&to).unwrap();
        let lock = std::fs::read(from.join("package-lock.json")).unwrap();
        let is_current = std::fs::read(to.join("installed")).is_ok_and(|known| known == lock);
        for name in ["package.json", "package-lock.json", "server.mjs"] {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
        if !is_current {
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&to);
            assert!(npm.status().unwrap().success(), "npm ci");
            std::fs::write(to.join("installed"), lock).unwrap();
        }
        to
    }

    pub(crate) fn start(installed: &Path, members: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let mut node = Command::new("node");
        node.arg(installed.join("server.mjs"))
            .arg(address.port().to_string())
            .arg(folder.path().join("peer.db"))
            .arg(members::SECRET)
            .arg(members.to_string())
            .env("NODE_ENV", "production");
        Self { address, child: spawn(&mut node), _folder: folder }
    }
}

impl Contestant for Peer {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn address(&self) -> SocketAddr {
        self.address
    }

    fn pid(&self) -> u32 {
        self.child.0.id()
    }

    fn press(&self, member: u32) -> String {
        // As long as ours.
        format!("w.{}.1763856000000~{:022}", 1_000_000 + member, member)
    }

    async fn stop_and_check(self, answers: u32) {
        let health = health(self.address).await.unwrap();
        assert_eq!(health["answers"], answers, "answers in the database");
    }
}
