//! A LINE that accepts everything and says as little as it can: what is measured is the server.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use anshin::demo::standin::free_port;
use anshin::http::{Limits, Response, Server, handler};

/// When each push arrived.
#[derive(Default)]
pub(crate) struct Counting(Mutex<Vec<Instant>>);

impl Counting {
    pub(crate) fn pushes(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Seconds from a moment to each push.
    pub(crate) fn since(&self, moment: Instant) -> Vec<f64> {
        let pushes = self.0.lock().unwrap();
        pushes.iter().map(|at| at.saturating_duration_since(moment).as_secs_f64()).collect()
    }
}

/// Starts it; returns its address as a base URL.
pub(crate) async fn silent() -> String {
    counting(Arc::default()).await
}

/// As [`silent`], and counts pushes.
pub(crate) async fn counting(pushes: Arc<Counting>) -> String {
    let (listener, address) = free_port().await.unwrap();
    let limits = Limits { connections_per_ip_max: 512, ..Limits::default() };
    let answer = handler(move |mut request: anshin::http::Request| {
        let pushes = Arc::clone(&pushes);
        async move {
            if request.path == "/v2/bot/message/push" {
                pushes.0.lock().unwrap().push(Instant::now());
            }
            let is_info = request.path == "/v2/bot/info";
            // An answer before the end of the body would cost the client its connection.
            let _ = request.body(1 << 20).await;
            let body: &[u8] =
                if is_info { br#"{"basicId":"@bench","displayName":"Bench"}"# } else { b"{}" };
            Response::bytes("application/json", body.to_vec())
        }
    });
    let server = Server::new(answer, limits);
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    format!("http://{address}")
}
