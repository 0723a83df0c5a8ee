//! The socket over which commands reach the server that runs on the same data file: the file itself
//! is locked by it. It stands beside the data file, is open to the owner of the service (and the
//! superuser) alone, and carries one line of JSON each way.

use std::fs::{self, DirBuilder, Permissions};
use std::future::Future;
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Longest line, in bytes. A list of all accounts fits.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// How long a command may take to say what it wants, and most of them to be answered.
pub(super) const COMMAND_WAIT: Duration = Duration::from_secs(10);

/// How long any command may take: one that copies a large file takes its time.
const WORK_WAIT: Duration = Duration::from_secs(2 * 3600);

/// Commands at the same time; more wait.
const AT_ONCE: usize = 4;

/// A pause after a connection could not be accepted, so that a lasting fault burns no core.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// The superuser could become the owner of the service anyway, and is who runs commands where the
/// service has a user of its own.
const SUPERUSER: u32 = 0;

/// Where the socket of a data file is.
pub(super) fn beside(store_path: &Path) -> PathBuf {
    let mut path = store_path.as_os_str().to_owned();
    path.push(".sock");
    PathBuf::from(path)
}

/// A socket that is listened on. Its file goes with it.
pub(super) struct Socket {
    listener: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl Socket {
    /// Opens the socket of a data file that is ours by now: whatever socket is there was left behind
    /// by a process that has ended.
    pub(super) fn open(store_path: &Path) -> io::Result<Self> {
        let path = beside(store_path);
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.file_type().is_socket() => {
                return Err(io::Error::other("something else stands in its place"));
            }
            Ok(_) => {}
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
            Err(fault) => return Err(fault),
        }
        // Made in a folder that nobody else can enter, and moved when it is closed to others: it is
        // never open to them, not even for a moment.
        let nest = store_path.with_file_name(format!(".anshin-{}", std::process::id()));
        if nest.exists() {
            fs::remove_dir_all(&nest)?;
        }
        DirBuilder::new().mode(0o700).create(&nest)?;
        let made = Self::make(&nest.join("s"), &path);
        fs::remove_dir_all(&nest)?;
        let (listener, owner) = made?;
        Ok(Self { listener, path, owner })
    }

    fn make(first: &Path, path: &Path) -> io::Result<(UnixListener, u32)> {
        let listener = UnixListener::bind(first)?;
        fs::set_permissions(first, Permissions::from_mode(0o600))?;
        let owner = fs::metadata(first)?.uid();
        fs::rename(first, path)?;
        Ok((listener, owner))
    }

    /// Answers commands for as long as it is polled.
    pub(super) async fn serve<Q, A, F>(self, answer: impl Fn(Q) -> F + Clone + Send + 'static)
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize + Send + 'static,
        F: Future<Output = A> + Send,
    {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(fault) => {
                    tracing::warn!(%fault, "a command could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            if !self.may_ask(&stream) {
                tracing::warn!("a command of another user was refused");
                continue;
            }
            let answer = answer.clone();
            tokio::spawn(async move {
                match timeout(WORK_WAIT, one(stream, answer)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(fault)) => tracing::warn!(%fault, "a command was not answered"),
                    Err(_) => tracing::warn!("a command took too long"),
                }
                drop(place);
            });
        }
    }

    fn may_ask(&self, stream: &UnixStream) -> bool {
        stream.peer_cred().is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == SUPERUSER)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // One that stays behind is replaced at the next start.
        let _ = fs::remove_file(&self.path);
    }
}

async fn one<Q: DeserializeOwned, A: Serialize, F: Future<Output = A>>(
    stream: UnixStream,
    answer: impl Fn(Q) -> F,
) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    let question = timeout(COMMAND_WAIT, read(reading)).await.map_err(late)??;
    let line = line(&answer(question).await)?;
    write(&mut writing, &line).await
}

/// Reads one line.
async fn read<T: DeserializeOwned>(from: impl AsyncRead + Unpin) -> io::Result<T> {
    let mut line = String::new();
    BufReader::new(from.take(LINE_BYTES_MAX)).read_line(&mut line).await?;
    if !line.ends_with('\n') {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the other side has hung up"));
    }
    Ok(serde_json::from_str(&line)?)
}

/// A value as one line.
fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

async fn write(to: &mut (impl AsyncWriteExt + Unpin), line: &[u8]) -> io::Result<()> {
    to.write_all(line).await?;
    to.shutdown().await
}

/// Asks the server that runs on a data file, and waits so long; `None` if none runs.
pub(super) async fn ask<Q: Serialize, A: DeserializeOwned>(
    store_path: &Path,
    question: &Q,
    wait: Duration,
) -> io::Result<Option<A>> {
    let asking = async {
        let stream = match UnixStream::connect(beside(store_path)).await {
            Ok(stream) => stream,
            Err(fault) if is_nobody(&fault) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let (reading, mut writing) = stream.into_split();
        write(&mut writing, &line(question)?).await?;
        read(reading).await.map(Some)
    };
    timeout(wait, asking).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// There is no socket, or one that was left behind.
fn is_nobody(fault: &io::Error) -> bool {
    matches!(fault.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn place() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("anshin.redb");
        (folder, store)
    }

    #[tokio::test]
    async fn a_question_is_answered_and_without_a_server_there_is_nobody() {
        let (folder, store) = place();
        assert_eq!(ask::<_, String>(&store, &"a", COMMAND_WAIT).await.unwrap(), None);
        let socket = Socket::open(&store).unwrap();
        let serving = tokio::spawn(socket.serve(|text: String| async move { text + "!" }));
        assert_eq!(
            ask::<_, String>(&store, &"a", COMMAND_WAIT).await.unwrap(),
            Some("a!".to_owned())
        );
        let mode = fs::metadata(beside(&store)).unwrap().mode();
        assert_eq!(mode & 0o7777, 0o600);
        serving.abort();
        assert!(serving.await.unwrap_err().is_cancelled());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    }

    #[tokio::test]
    async fn a_socket_that_was_left_behind_is_replaced_and_another_file_is_not() {
        let (_folder, store) = place();
        drop(std::os::unix::net::UnixListener::bind(beside(&store)).unwrap());
        assert_eq!(ask::<_, String>(&store, &"a", COMMAND_WAIT).await.unwrap(), None);
        let socket = Socket::open(&store).unwrap();
        drop(socket);
        fs::write(beside(&store), "a text of mine").unwrap();
        assert!(Socket::open(&store).is_err());
        assert_eq!(fs::read(beside(&store)).unwrap(), b"a text of mine");
    }

    #[tokio::test]
    async fn what_is_no_question_gets_no_answer_and_the_next_one_does() {
        let (_folder, store) = place();
        let socket = Socket::open(&store).unwrap();
        tokio::spawn(socket.serve(|number: u32| async move { number + 1 }));
        for broken in [&b"\n"[..], b"no json\n", b"\"text\"\n", b"7"] {
            let mut stream = UnixStream::connect(beside(&store)).await.unwrap();
            stream.write_all(broken).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            assert_eq!(answer, b"");
        }
        assert_eq!(ask::<_, u32>(&store, &7, COMMAND_WAIT).await.unwrap(), Some(8));
    }
}
