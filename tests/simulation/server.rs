//! `anshin serve` as a child process on a disk of its own: killed, stopped, left without room, and
//! started again.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anshin::net::client::http;
use anshin::platform::Settings;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::disk::{Disk, Room};

/// The server listens here. Outgoing connections of this machine never come from this address, so
/// none of them can take its port while it is down.
const HOST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Between two looks at a server that starts.
const LOOK_EVERY: Duration = Duration::from_millis(3);

pub(crate) struct Server {
    folder: tempfile::TempDir,
    disk: Disk,
    /// Whether the disk was full at any time since this process started.
    saw_full_disk: bool,
    address: String,
    child: Option<Child>,
    http: reqwest::Client,
}

impl Server {
    /// A server that was never started, with an empty folder, for LINE's two hosts.
    pub(crate) fn new([line, data]: [&str; 2], speed: u32) -> Self {
        let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::new());
        let free = TcpListener::bind((HOST, 0)).unwrap();
        let address = free.local_addr().unwrap().to_string();
        let Settings { channel_id, channel_secret, long_lived_token, .. } = Settings::default();
        let token = long_lived_token.unwrap();
        let file = disk.data_path();
        let config = format!(
            "[server]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\n\
             [store]\npath = {file:?}\n\
             [line]\nchannel_id = \"{channel_id}\"\nchannel_secret = \"{channel_secret}\"\n\
             channel_access_token = \"{token}\"\napi_base = \"{line}\"\n\
             data_api_base = \"{data}\"\n\
             [training]\nclock_speed = {speed}\n"
        );
        std::fs::write(folder.path().join("anshin.toml"), config).unwrap();
        let http = http(None, Duration::from_secs(2)).unwrap();
        Self { folder, disk, saw_full_disk: false, address, child: None, http }
    }

    pub(crate) fn data_path(&self) -> PathBuf {
        self.disk.data_path()
    }

    /// Whether it has begun to make a data file, under whatever name.
    pub(crate) fn has_begun(&self) -> bool {
        !self.disk.is_empty()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let log = self.folder.path().join("log");
        let mut log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        // The log is no part of what is limited, so it takes another way than into a file of its own.
        let (mut said, says) = std::io::pipe().unwrap();
        // A write behind the limit shall fail as on a full disk, and not end the process by a signal.
        let child = Command::new("/bin/sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_anshin")])
            .arg("serve")
            .arg("--config")
            .arg(self.folder.path().join("anshin.toml"))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(says.try_clone().unwrap())
            .stderr(says)
            .spawn();
        std::thread::spawn(move || std::io::copy(&mut said, &mut log));
        self.child = Some(child.unwrap());
        self.saw_full_disk = self.disk.is_full();
        self.disk.hold(self.process());
    }

    fn process(&self) -> Option<Pid> {
        self.child.as_ref().map(Pid::from_child)
    }

    /// SIGSTOP: it stands still, and its sockets go on taking what they are given.
    pub(crate) fn stand_still(&self) {
        kill_process(self.process().expect("it runs"), Signal::STOP).unwrap();
    }

    /// SIGCONT.
    pub(crate) fn go_on(&self) {
        kill_process(self.process().expect("it runs"), Signal::CONT).unwrap();
    }

    /// Leaves no room on its disk.
    pub(crate) fn fill_disk(&mut self, room: Room) {
        self.saw_full_disk = true;
        self.disk.fill(room, self.process());
    }

    pub(crate) fn free_disk(&mut self) {
        self.disk.free(self.process());
    }

    /// SIGKILL, to this child alone.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Whether it ended of its own accord, which it may do after a full disk alone.
    pub(crate) fn has_ended(&mut self) -> bool {
        let ended = self.child.as_mut().and_then(|child| child.try_wait().unwrap());
        let Some(status) = ended else { return false };
        let words = self.last_words();
        assert!(self.saw_full_disk, "the server ended by itself ({status}): {words}");
        assert_eq!(status.code(), Some(1), "{status}: {words}");
        self.child = None;
        true
    }

    /// What it says of itself; nothing while it does not answer.
    pub(crate) async fn health(&self) -> Option<Value> {
        health(&self.http, &self.url("/healthz")).await
    }

    /// Returns when it answers. `Err` when it ended instead.
    pub(crate) async fn wait_until_ready(&mut self) -> Result<(), ()> {
        while self.health().await.is_none() {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().unwrap());
            if ended.is_some() {
                return Err(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Returns when it answers, however often it is restarted meanwhile.
    pub(crate) fn answering(&self) -> impl Future<Output = ()> + Send + 'static {
        let (http, url) = (self.http.clone(), self.url("/healthz"));
        async move {
            while health(&http, &url).await.is_none() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }

    /// The end of its log.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn health(http: &reqwest::Client, url: &str) -> Option<Value> {
    let answer = http.get(url).send().await.ok()?;
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}
