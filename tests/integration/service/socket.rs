//! The listening socket that systemd holds across restarts: handed over as file 3, with its number and the
//! process it is meant for in the environment.

use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use anshin::clock::stopwatch_ms;
use anshin::platform::sign;
use tokio::task::JoinSet;

use super::{NO_LINE, reqwest_client};
use crate::program::{Program, Said, serve};

/// Restarts under fire.
const RESTARTS: u32 = 20;

/// Who asks meanwhile, each as soon as the answer before is there.
const CLIENTS: usize = 4;

/// `anshin serve` with a file as number 3, and the variables that name it.
fn handed(file: OwnedFd, data: &Path, listen: &str, fds: &str) -> Command {
    let plain = serve(data, listen, NO_LINE);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=$FDS exec \"$0\" \"$@\""]);
    command.arg(plain.get_program()).args(plain.get_args()).env_clear().env("FDS", fds);
    for (name, value) in plain.get_envs() {
        value.map(|value| command.env(name, value));
    }
    command.stdin(Stdio::from(file));
    command
}

/// A listening socket, as systemd would hold it.
fn held() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn copy(listener: &TcpListener) -> OwnedFd {
    listener.try_clone().unwrap().into()
}

#[tokio::test]
async fn the_socket_that_is_handed_over_is_served_and_the_configured_name_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, address) = held();
    let data = folder.path().join("anshin.redb");
    let mut command = handed(copy(&listener), &data, "127.0.0.1:8080", "1");
    let mut program = Program::start(&mut command);
    assert!(program.runs().await, "{}", program.err());
    assert!(program.out().contains(&format!("listen={address}")), "{}", program.out());
    let ask = async |host: &str| {
        let ask = reqwest_client().get(format!("http://{address}/healthz")).header("Host", host);
        ask.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask("127.0.0.1:8080").await, 200);
    assert_eq!(ask(&address.to_string()).await, 421);
}

#[tokio::test]
async fn what_was_meant_for_another_process_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, address) = held();
    drop(listener);
    let data = folder.path().join("anshin.redb");
    let mut command = serve(&data, &address.to_string(), NO_LINE);
    let mut program = Program::start(command.env("LISTEN_PID", "1").env("LISTEN_FDS", "7"));
    assert!(program.runs().await, "{}", program.err());
}

/// Hands over something that is no listening TCP socket.
async fn refused(file: OwnedFd, fds: &str) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("anshin.redb");
    let said = Program::start(&mut handed(file, &data, "127.0.0.1:8080", fds)).said().await;
    assert!(!data.exists(), "the data file was touched before the socket was looked at");
    said
}

#[tokio::test]
async fn what_is_no_listening_socket_is_refused_in_one_sentence() {
    let (listener, address) = held();
    let file = std::fs::File::open("/dev/null").unwrap();
    let said = refused(file.into(), "1").await;
    assert!(said.assert_failed(1).contains("fd 3 is not a socket"), "{said:?}");
    let folder = tempfile::tempdir().unwrap();
    let unix = UnixListener::bind(folder.path().join("socket")).unwrap();
    let said = refused(unix.into(), "1").await;
    assert!(said.assert_failed(1).contains("fd 3 is not a valid tcp socket"), "{said:?}");
    let connection = std::net::TcpStream::connect(address).unwrap();
    let said = refused(connection.into(), "1").await;
    assert!(said.assert_failed(1).contains("is it Accept=yes?"), "{said:?}");
    let said = refused(copy(&listener), "3").await;
    assert!(said.assert_failed(1).contains("Bad file descriptor"), "{said:?}");
    let said = refused(copy(&listener), "one").await;
    assert!(said.assert_failed(1).contains("LISTEN_FDS"), "{said:?}");
}

#[tokio::test]
async fn more_sockets_than_one_are_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, _) = held();
    let data = folder.path().join("anshin.redb");
    let mut command = handed(copy(&listener), &data, "127.0.0.1:8080", "2");
    let twice = "exec 3<&0 4<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=$FDS exec \"$0\" \"$@\"";
    let rest: Vec<_> = command.get_args().skip(2).map(ToOwned::to_owned).collect();
    let mut double = Command::new("/bin/sh");
    double.args(["-c", twice]).args(rest).env_clear();
    for (name, value) in command.get_envs() {
        value.map(|value| double.env(name, value));
    }
    let said = Program::start(double.stdin(Stdio::from(copy(&listener)))).said().await;
    command.stdin(Stdio::null());
    assert!(said.assert_failed(1).contains("2 sockets"), "{said:?}");
}

/// Posts signed webhooks, each on a connection of its own, until told to stop; all are acknowledged. Returns the
/// longest wait for it, in milliseconds.
async fn keep_posting(address: SocketAddr, over: Arc<AtomicBool>, answered: Arc<AtomicU32>) -> i64 {
    let mut longest_ms = 0;
    let body = br#"{"destination":"U0123456789abcdef0123456789abcdef","events":[]}"#;
    let signature = sign("5f0e2c9a1b7d43f6a8e4c0d2b6917f35", body);
    while !over.load(Ordering::Relaxed) {
        let post = reqwest_client().post(format!("http://{address}/line/webhook"));
        let post = post.header("X-Line-Signature", &signature).body(&body[..]);
        let begun_ms = stopwatch_ms();
        let status = post.send().await.expect("nobody is refused").status();
        assert_eq!(status.as_u16(), 200);
        longest_ms = longest_ms.max(stopwatch_ms() - begun_ms);
        answered.fetch_add(1, Ordering::Relaxed);
    }
    longest_ms
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_restarts_refuse_no_webhook() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, address) = held();
    let data = folder.path().join("anshin.redb");
    let start = || Program::start(&mut handed(copy(&listener), &data, &address.to_string(), "1"));
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let mut program = start();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(keep_posting(address, Arc::clone(&over), Arc::clone(&answered)));
    }
    for restart in 0..RESTARTS {
        assert!(program.runs().await, "{}", program.err());
        // Somebody is answered by each of them.
        let before = answered.load(Ordering::Relaxed);
        while answered.load(Ordering::Relaxed) == before && clients.len() == CLIENTS {
            tokio::task::yield_now().await;
        }
        program.terminate();
        let said = program.said().await;
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "restart {restart}: {said:?}");
        program = start();
    }
    over.store(true, Ordering::Relaxed);
    let mut longest_ms = 0;
    while let Some(client) = clients.join_next().await {
        longest_ms = longest_ms.max(client.expect("every webhook was acknowledged"));
    }
    let answered = answered.load(Ordering::Relaxed);
    assert!(answered > RESTARTS);
    println!(
        "{answered} webhooks over {RESTARTS} restarts, none refused, longest wait {longest_ms} ms"
    );
}
