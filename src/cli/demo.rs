//! `anshin demo`: everything on this machine, without an account and without a network.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::complaint::Complaint;
use super::life::stop_signal;
use super::serve::{fresh_secret, listen};
use crate::demo::console::Console;
use crate::demo::stage::Stage;
use crate::demo::story::{self, Cast, Missing};
use crate::demo::{standin, transcript};
use crate::http::{HostPolicy, Limits, Server};
use crate::locale::cli::Tongue;
use crate::locale::demo::terminal;

/// How fast the clock runs while the cast joins, before anyone looks.
const JOINING_SPEED: u32 = 1;

/// What was asked for.
pub(super) struct Options {
    /// Where the page is opened.
    pub(super) listen: SocketAddr,
    /// How many times faster than the world time runs.
    pub(super) speed: u32,
    /// Print the story instead of opening a page.
    pub(super) transcript: bool,
    /// Keeps the data here.
    pub(super) folder: Option<PathBuf>,
}

/// Runs the command until a signal, or until the transcript ends.
pub(super) fn run(options: &Options, tongue: Tongue) -> Result<(), Complaint> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|fault| Complaint::failed(fault.to_string()))?;
    let ended = runtime.block_on(async {
        if options.transcript {
            print_story(options, tongue).await
        } else {
            open_page(options, tongue).await
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    ended
}

async fn print_story(options: &Options, tongue: Tongue) -> Result<(), Complaint> {
    let (listener, address) =
        standin::free_port().await.map_err(|fault| Complaint::failed(fault.to_string()))?;
    let url = format!("http://{address}");
    let folder = options.folder.as_deref();
    let stage = Stage::set(&url, address, folder, JOINING_SPEED, tongue).await?;
    let server = Server::new(stage.handler(), Limits::default());
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    stage.connect(address);
    let cast = Cast::enter(&stage);
    let mut out = std::io::stdout();
    transcript::play(&stage, &cast, &mut out).await.map_err(|what| missing(&what, tongue))?;
    transcript::end(&mut out);
    Ok(())
}

async fn open_page(options: &Options, tongue: Tongue) -> Result<(), Complaint> {
    let listener = listen(options.listen, tongue).await?;
    let address = listener.local_addr().map_err(|fault| Complaint::failed(fault.to_string()))?;
    let url = format!("http://{address}");
    let folder = options.folder.as_deref();
    let stage = Stage::set(&url, address, folder, JOINING_SPEED, tongue).await?;
    let cast = Cast::enter(&stage);
    let run: String = fresh_secret(tongue)?.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let store_fault = |fault| Complaint::store(&fault, tongue);
    // The server answers webhooks on its own port while the cast joins; the page opens after.
    let (own, own_address) =
        standin::free_port().await.map_err(|fault| Complaint::failed(fault.to_string()))?;
    let server = Server::new(stage.handler(), Limits::default());
    tokio::spawn(async move { server.serve(own, std::future::pending()).await });
    stage.connect(own_address);
    story::join(&stage, &cast).await.map_err(|what| missing(&what, tongue))?;
    stage.to_morning().await.map_err(store_fault)?;
    stage.set_speed(options.speed);
    let console = Console::new(stage, cast, run).map_err(store_fault)?;
    let page = Server::new(console.handler(), Limits::default()).hosts(HostPolicy::any());
    // Nobody reads it when standard output is closed; the page is there all the same.
    let _ = writeln!(std::io::stdout(), "{}", terminal::open_here(&url, tongue));
    page.serve(listener, stop_signal()).await;
    Ok(())
}

fn missing(what: &Missing, tongue: Tongue) -> Complaint {
    Complaint::failed(terminal::missing(&what.to_string(), tongue))
}
