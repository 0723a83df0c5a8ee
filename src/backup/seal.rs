//! Encryption by the program `age` (age-encryption.org), which is a package of its own: whoever has the secret key can open a copy
//! with it alone, without this program. It sees keys and paths, and nothing of what is in the files.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

/// How long a program may work on one copy.
const PROGRAM_WAIT: Duration = Duration::from_secs(3600);

/// What is kept of a program's complaint, in bytes.
const COMPLAINT_BYTES_MAX: usize = 300;

/// The first bytes of every file that age writes.
const MARK: &[u8] = b"age-encryption.org/v1";

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ProgramFault {
    /// There is no such program.
    #[error("there is no program {0}")]
    Missing(String),
    /// It cannot be run, or was not done in time.
    #[error("{0}")]
    Unrun(io::Error),
    /// It ended with a fault; its own words.
    #[error("{0}")]
    Refused(String),
}

/// A key pair for one use.
pub struct Pair {
    public: String,
    secret: Vec<u8>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.public)
    }
}

/// Makes a key pair. It is written nowhere, and gone with the value.
pub async fn pair() -> Result<Pair, ProgramFault> {
    let secret = run("age-keygen", [], None).await?;
    let text = String::from_utf8_lossy(&secret);
    let public = text.split_whitespace().find(|word| word.starts_with("age1")).map(str::to_owned);
    let unread = || ProgramFault::Refused("age-keygen does not name a public key".to_owned());
    Ok(Pair { public: public.ok_or_else(unread)?, secret })
}

/// Encrypts `plain` into `sealed`, for these public keys and for `pair`.
pub async fn seal(
    plain: &Path,
    sealed: &Path,
    recipients: &[String],
    pair: &Pair,
) -> Result<(), ProgramFault> {
    let mut arguments: Vec<&OsStr> = Vec::new();
    for recipient in recipients.iter().chain([&pair.public]) {
        arguments.extend([OsStr::new("--recipient"), OsStr::new(recipient)]);
    }
    reserve(sealed)?;
    arguments.extend([OsStr::new("--output"), sealed.as_os_str(), plain.as_os_str()]);
    run("age", arguments, None).await.map(drop)
}

/// Opens `sealed` into `plain` with a pair.
pub async fn open_with(sealed: &Path, plain: &Path, pair: &Pair) -> Result<(), ProgramFault> {
    open(sealed, plain, OsStr::new("-"), Some(&pair.secret)).await
}

/// Opens `sealed` into `plain` with a file of secret keys.
pub async fn open_by(sealed: &Path, plain: &Path, identity: &Path) -> Result<(), ProgramFault> {
    open(sealed, plain, identity.as_os_str(), None).await
}

async fn open(
    sealed: &Path,
    plain: &Path,
    identity: &OsStr,
    given: Option<&[u8]>,
) -> Result<(), ProgramFault> {
    reserve(plain)?;
    let arguments = [
        OsStr::new("--decrypt"),
        OsStr::new("--identity"),
        identity,
        OsStr::new("--output"),
        plain.as_os_str(),
        sealed.as_os_str(),
    ];
    run("age", arguments, given).await.map(drop)
}

/// Makes the file into which age writes: for its owner alone, whatever the mask of the process is.
fn reserve(path: &Path) -> Result<(), ProgramFault> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map(drop).map_err(ProgramFault::Unrun)
}

/// Whether a file is encrypted by age.
pub fn is_sealed(path: &Path) -> io::Result<bool> {
    use std::io::Read;
    let mut head = Vec::new();
    std::fs::File::open(path)?.take(MARK.len() as u64).read_to_end(&mut head)?;
    Ok(head == MARK)
}

/// Carries a copy away with somebody's own program.
pub async fn carry(command: &[String], copy: &Path) -> Result<(), ProgramFault> {
    let Some((program, first)) = command.split_first() else { return Ok(()) };
    let arguments = first.iter().map(OsStr::new).chain([copy.as_os_str()]);
    run(program, arguments, None).await.map(drop)
}

/// Runs a program to its end, with nothing of our environment but the places of programs; what it wrote.
async fn run<'a>(
    program: &str,
    arguments: impl IntoIterator<Item = &'a OsStr>,
    given: Option<&[u8]>,
) -> Result<Vec<u8>, ProgramFault> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("PATH", path).env("LC_ALL", "C.UTF-8");
    command.stdin(if given.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|fault| match fault.kind() {
        io::ErrorKind::NotFound => ProgramFault::Missing(program.to_owned()),
        _ => ProgramFault::Unrun(fault),
    })?;
    let working = async {
        if let (Some(mut stdin), Some(given)) = (child.stdin.take(), given) {
            // One that reads nothing has its reason, and says it.
            let _ = stdin.write_all(given).await;
        }
        child.wait_with_output().await
    };
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let ended = timeout(PROGRAM_WAIT, working).await.unwrap_or_else(|_| Err(late()));
    let ended = ended.map_err(ProgramFault::Unrun)?;
    if ended.status.success() {
        return Ok(ended.stdout);
    }
    Err(ProgramFault::Refused(complaint(&ended.stderr)))
}

/// The first line of what a program complains, of bounded length.
fn complaint(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(&said[..said.len().min(COMPLAINT_BYTES_MAX)]);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("no word");
    line.chars().filter(|c| !c.is_control()).collect()
}
