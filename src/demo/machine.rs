//! The computer under the demonstration: it runs the server, can be stopped dead as by a power cut, and starts again on
//! the same data. LINE, the phones and the clock stand outside and go on.
//!
//! Each start has a runtime of its own. Stopping drops it with everything in it: whatever was under way ends where it
//! stood, and what was committed stays.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::cli::complaint::Complaint;
use crate::cli::serve::{Assembly, assemble};
use crate::clock::{Clock, ScaledClock};
use crate::config::Config;
use crate::engine::Stopped;
use crate::http::{Handler, Request, Response, StatusCode};
use crate::locale::cli::Tongue;
use crate::locale::demo::trouble::SERVER_IS_OFF;
use crate::outbox;
use crate::store::Store;

/// Threads of the server.
const THREADS: usize = 2;

/// How long the writer may take to end: it finishes at most the group that it had begun.
const WRITER_WAIT: Duration = Duration::from_secs(10);

/// The computer.
pub struct Machine {
    config: Config,
    clock: Arc<ScaledClock>,
    store: Store,
    tongue: Tongue,
    running: Mutex<Option<Running>>,
    /// Held while it is started or stopped.
    changing: tokio::sync::Mutex<()>,
}

struct Running {
    runtime: Own,
    handler: Handler,
    outbox: outbox::Gauge,
    writer: oneshot::Receiver<Stopped>,
}

/// A runtime that may be let go anywhere; one that is merely dropped must not be dropped by a task.
struct Own(Option<Runtime>);

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Machine {
    /// A machine that is off.
    #[must_use]
    pub fn new(config: Config, clock: Arc<ScaledClock>, store: Store, tongue: Tongue) -> Self {
        let (running, changing) = (Mutex::new(None), tokio::sync::Mutex::new(()));
        Self { config, clock, store, tongue, running, changing }
    }

    /// Starts the server. `false` if it runs already.
    pub async fn start(&self) -> Result<bool, Complaint> {
        let _changing = self.changing.lock().await;
        if self.is_on() {
            return Ok(false);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .enable_all()
            .build()
            .map_err(|fault| Complaint::failed(fault.to_string()))?;
        let runtime = Own(Some(runtime));
        let Assembly { routes, outbox, writer, .. } = {
            let _inside = runtime.0.as_ref().map(Runtime::enter);
            let clock: Arc<dyn Clock> = Arc::<ScaledClock>::clone(&self.clock);
            assemble(&self.config, clock, self.store.clone(), self.tongue)?
        };
        *self.running() = Some(Running { runtime, handler: routes.handler(), outbox, writer });
        Ok(true)
    }

    /// Cuts the power. Returns when nothing of the server moves any more; `false` if it was off.
    pub async fn stop(&self) -> bool {
        let _changing = self.changing.lock().await;
        let Some(Running { runtime, handler, outbox: _, writer }) = self.running().take() else {
            return false;
        };
        drop((handler, runtime));
        // The writer has a thread of its own and ends when nobody can call it any more. A second one before that
        // would plan on data that the first still changes.
        if tokio::time::timeout(WRITER_WAIT, writer).await.is_err() {
            tracing::error!("the writer of the stopped server has not ended");
        }
        true
    }

    /// Whether the server runs.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.running().is_some()
    }

    /// Messages of the server that have to leave; none while it is off.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.running().as_ref().map_or(0, |running| running.outbox.pending())
    }

    /// Has the server answer a request. It is answered inside the server's runtime, so that a power cut cuts it off.
    pub async fn answer(&self, request: Request) -> Response {
        let answering = self.running().as_ref().and_then(|running| {
            let runtime = running.runtime.0.as_ref()?;
            Some(runtime.spawn((running.handler)(request)))
        });
        match answering {
            None => off(),
            Some(answering) => match answering.await {
                Ok(response) => response,
                Err(fault) if fault.is_cancelled() => off(),
                Err(fault) => {
                    tracing::error!(%fault, "a handler broke off");
                    Response::empty(StatusCode::INTERNAL_SERVER_ERROR)
                }
            },
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn off() -> Response {
    Response::text(StatusCode::SERVICE_UNAVAILABLE, SERVER_IS_OFF)
}
