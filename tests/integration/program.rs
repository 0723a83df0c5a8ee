//! The real binary as a child process: started with an environment of its own, watched until it
//! ends or says something, and ended with the test that started it.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// When a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Ports that are tried when another process is quicker.
const PORTS_MAX: usize = 5;

/// What a finished program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The one sentence on standard error, without the program's name before it.
    pub(crate) fn sentence(&self) -> &str {
        let line = self.err.strip_suffix('\n').expect("a line on standard error");
        assert!(!line.contains('\n'), "more than one line: {line}");
        line.strip_prefix("anshin: ").expect("the program's name comes first")
    }

    /// That the program ended with `code` and one sentence, without a trace of a panic.
    pub(crate) fn assert_failed(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.err.contains("panicked") && !self.out.contains("panicked"), "{self:?}");
        self.sentence()
    }
}

/// Names another program than the one that was built beside the tests.
const OTHER: &str = "ANSHIN_PROGRAM";

/// Whether the tests play on a program that was built to be given away.
pub(crate) fn shipped() -> bool {
    std::env::var_os(OTHER).is_some()
}

/// The program with these arguments and nothing of the environment of the test.
pub(crate) fn anshin(arguments: &[&str]) -> Command {
    let program = std::env::var_os(OTHER).unwrap_or_else(|| env!("CARGO_BIN_EXE_anshin").into());
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("LANG", "C").stdin(Stdio::null());
    command
}

/// A program that runs; it is ended with the value.
pub(crate) struct Program {
    child: Child,
    folder: TempDir,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| File::create(folder.path().join(name)).unwrap();
        let child = command.stdout(file("out")).stderr(file("err")).spawn().unwrap();
        Self { child, folder }
    }

    pub(crate) fn out(&self) -> String {
        self.read("out")
    }

    pub(crate) fn err(&self) -> String {
        self.read("err")
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8(std::fs::read(self.folder.path().join(name)).unwrap()).unwrap()
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the program to stop, as systemd does.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Asks the program to stop, as somebody at a keyboard does.
    pub(crate) fn interrupt(&self) {
        self.signal("INT");
    }

    /// Tells the program that files of it were changed.
    pub(crate) fn hang_up(&self) {
        self.signal("HUP");
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("/bin/sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Ends the program as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn ended(&mut self) -> Option<Option<i32>> {
        self.child.try_wait().unwrap().map(|status| status.code())
    }

    /// Waits until the server runs; `false` when the program has ended instead.
    pub(crate) async fn runs(&mut self) -> bool {
        wait_for(|| {
            let runs = self.out().contains("anshin is running");
            (runs || self.ended().is_some()).then_some(runs)
        })
        .await
    }

    /// Waits until the program ends by itself.
    pub(crate) async fn said(mut self) -> Said {
        let code = wait_for(|| self.ended()).await;
        Said { code, out: self.out(), err: self.err() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks until there is something, and not for ever.
pub(crate) async fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look() {
                return found;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("this happens in time")
}

/// Runs the program to its end.
pub(crate) async fn run(command: &mut Command) -> Said {
    Program::start(command).said().await
}

/// `anshin serve` on a data file, without a configuration file.
pub(crate) fn serve(data: &Path, listen: &str, api_base: &str) -> Command {
    // Whatever the machine has in /etc stays out of it.
    let mut command = anshin(&["serve", "--config", "/dev/null"]);
    command
        .env("ANSHIN_SERVER__LISTEN", listen)
        .env("ANSHIN_SERVER__PUBLIC_URL", format!("http://{listen}"))
        .env("ANSHIN_STORE__PATH", data)
        .env("ANSHIN_LINE__CHANNEL_ID", "2008123456")
        .env("ANSHIN_LINE__CHANNEL_SECRET", "5f0e2c9a1b7d43f6a8e4c0d2b6917f35")
        .env("ANSHIN_LINE__API_BASE", api_base);
    command
}

/// A port that nothing listens on just now.
pub(crate) fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Starts `anshin serve` on a free port and waits until it runs.
pub(crate) async fn serving(data: &Path, api_base: &str) -> (Program, SocketAddr) {
    serving_with(data, api_base, &[]).await
}

/// The same with more in its environment.
pub(crate) async fn serving_with(
    data: &Path,
    api_base: &str,
    variables: &[(&str, String)],
) -> (Program, SocketAddr) {
    for _ in 0..PORTS_MAX {
        let address = free_address();
        let mut command = serve(data, &address.to_string(), api_base);
        command.envs(variables.iter().map(|(name, value)| (*name, value)));
        let mut program = Program::start(&mut command);
        if program.runs().await {
            return (program, address);
        }
        assert!(program.err().contains("cannot listen"), "{}", program.err());
    }
    panic!("no port stays free");
}

/// Every file of a folder with its bytes, to see that nothing was changed.
pub(crate) fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<(PathBuf, Vec<u8>)> =
        entries.map(|path| (path.clone(), std::fs::read(&path).unwrap_or_default())).collect();
    files.sort();
    files
}
