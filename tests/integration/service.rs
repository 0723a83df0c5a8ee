//! The program as systemd's service: what it says to whoever started it, and when it says nothing any more.
//! Beside it: the socket that is handed over, the program where nothing else is, and the files that go with it.

mod bare;
mod files;
mod socket;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use anshin::cli::life::{Sign, pass_on};
use anshin::cli::serve::assemble;
use anshin::clock::{Clock, SystemClock};
use anshin::config::{self, Surroundings};
use anshin::keeper::Proof;
use anshin::locale::cli::Tongue;
use anshin::store::Store;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use tokio::net::UnixDatagram;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::program::{Program, free_address, serve};

/// Nothing listens on the discard port.
const NO_LINE: &str = "http://127.0.0.1:9";

/// When a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who starts services: hears what they say of themselves.
struct Manager {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Manager {
    fn new(folder: &Path) -> Self {
        let path = folder.join("notify");
        Self { socket: UnixDatagram::bind(&path).unwrap(), path }
    }

    /// The next word, line by line.
    async fn hears(&self) -> Vec<String> {
        let mut bytes = [0; 4096];
        let length =
            timeout(PATIENCE, self.socket.recv(&mut bytes)).await.expect("a word").unwrap();
        str::from_utf8(&bytes[..length]).unwrap().lines().map(str::to_owned).collect()
    }
}

async fn status(address: &str, path: &str) -> u16 {
    let client = reqwest_client();
    client.get(format!("http://{address}{path}")).send().await.unwrap().status().as_u16()
}

fn reqwest_client() -> reqwest::Client {
    anshin::net::client::http(None, PATIENCE).unwrap()
}

#[tokio::test]
async fn systemd_hears_that_it_is_up_once_it_answers_and_that_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::new(folder.path());
    let address = free_address().to_string();
    let mut command = serve(&folder.path().join("anshin.redb"), &address, NO_LINE);
    let program = Program::start(command.env("NOTIFY_SOCKET", &manager.path));
    let status_line = format!("STATUS=watching, on {address}");
    assert_eq!(manager.hears().await, ["READY=1", status_line.as_str()]);
    assert_eq!(status(&address, "/healthz").await, 200);
    program.terminate();
    assert_eq!(manager.hears().await[0], "STOPPING=1");
    assert_eq!(program.said().await.code, Some(0));
}

#[tokio::test]
async fn a_start_that_fails_is_never_told_as_a_success() {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::new(folder.path());
    let data = folder.path().join("anshin.redb");
    std::fs::write(&data, "not a data file").unwrap();
    let mut command = serve(&data, &free_address().to_string(), NO_LINE);
    let said = Program::start(command.env("NOTIFY_SOCKET", &manager.path)).said().await;
    said.assert_failed(1);
    let mut bytes = [0; 64];
    let unheard = manager.socket.try_recv(&mut bytes).unwrap_err();
    assert_eq!(unheard.kind(), io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn signs_of_life_come_also_while_line_cannot_be_reached() {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::new(folder.path());
    let address = free_address().to_string();
    let mut command = serve(&folder.path().join("anshin.redb"), &address, NO_LINE);
    command.env("NOTIFY_SOCKET", &manager.path).env("WATCHDOG_USEC", "100000");
    let program = Program::start(&mut command);
    assert_eq!(manager.hears().await[0], "READY=1");
    while !program.out().contains("could not be asked") {
        assert_eq!(manager.hears().await, ["WATCHDOG=1"]);
    }
    for _ in 0..3 {
        assert_eq!(manager.hears().await, ["WATCHDOG=1"]);
    }
}

#[tokio::test]
async fn a_watchdog_that_waits_for_another_process_hears_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let manager = Manager::new(folder.path());
    let address = free_address().to_string();
    let mut command = serve(&folder.path().join("anshin.redb"), &address, NO_LINE);
    command.env("NOTIFY_SOCKET", &manager.path);
    command.env("WATCHDOG_USEC", "1000").env("WATCHDOG_PID", "1");
    let program = Program::start(&mut command);
    assert_eq!(manager.hears().await[0], "READY=1");
    assert_eq!(status(&address, "/healthz").await, 200);
    program.terminate();
    assert_eq!(manager.hears().await[0], "STOPPING=1");
}

/// A disk that can cease to answer.
#[derive(Clone, Debug)]
struct Disk {
    bytes: Arc<InMemoryBackend>,
    stalled: Arc<(Mutex<bool>, Condvar)>,
}

impl Disk {
    fn new() -> Self {
        Self { bytes: Arc::new(InMemoryBackend::new()), stalled: Arc::default() }
    }

    fn stall(&self, stalled: bool) {
        *self.stalled.0.lock().unwrap() = stalled;
        self.stalled.1.notify_all();
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.bytes.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.bytes.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.bytes.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        let (stalled, changed) = &*self.stalled;
        drop(changed.wait_while(stalled.lock().unwrap(), |stalled| *stalled).unwrap());
        self.bytes.sync_data()
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.bytes.write(offset, bytes)
    }
}

/// Everything that runs, on a disk of ours, with the signs that it gives as words.
fn service_on(disk: &Disk) -> mpsc::UnboundedReceiver<String> {
    let variables = [
        ("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp"),
        ("ANSHIN_LINE__CHANNEL_ID", "2008123456"),
        ("ANSHIN_LINE__CHANNEL_SECRET", "5f0e2c9a1b7d43f6a8e4c0d2b6917f35"),
        ("ANSHIN_LINE__API_BASE", NO_LINE),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let surroundings = Surroundings { variables: variables.into(), credentials: None };
    let config = config::read(None, &surroundings).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::over(disk.clone(), [42; 32]).unwrap();
    let parts = assemble(&config, Arc::clone(&clock), store, Tongue::En).unwrap();
    let proof = Proof::new(parts.engine, parts.store, clock);
    let (signs, seen) = mpsc::unbounded_channel();
    tokio::spawn(pass_on(proof, Duration::from_millis(20), move |sign: Sign<'_>| {
        // The test is over when nobody listens.
        let _ = signs.send(match sign {
            Sign::Turns => "turns".to_owned(),
            Sign::TurnsAgain => "turns again".to_owned(),
            Sign::Stuck(fault) => fault.to_string(),
        });
    }));
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sign_comes_while_the_disk_does_not_answer_and_signs_come_again_when_it_does() {
    let disk = Disk::new();
    let mut signs = service_on(&disk);
    let next = async |signs: &mut mpsc::UnboundedReceiver<String>| {
        timeout(PATIENCE, signs.recv()).await.expect("a sign").unwrap()
    };
    assert_eq!(next(&mut signs).await, "turns");
    disk.stall(true);
    // One may have been on its way.
    while next(&mut signs).await != "the writer does not answer" {}
    let silence = timeout(Duration::from_millis(300), signs.recv()).await;
    assert!(silence.is_err(), "a sign of life from a stuck writer: {silence:?}");
    disk.stall(false);
    assert_eq!(next(&mut signs).await, "turns again");
    assert_eq!(next(&mut signs).await, "turns");
}
