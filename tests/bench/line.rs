//! A LINE that accepts everything and says as little as it can: what is measured is the server.

use anshin::demo::standin::free_port;
use anshin::http::{Limits, Response, Server, handler};

/// Starts it; returns its address as a base URL.
pub(crate) async fn silent() -> String {
    let (listener, address) = free_port().await.unwrap();
    let limits = Limits { connections_per_ip_max: 512, ..Limits::default() };
    let answer = handler(|mut request: anshin::http::Request| async move {
        let is_info = request.path == "/v2/bot/info";
        // An answer before the end of the body would cost the client its connection.
        let _ = request.body(1 << 20).await;
        let body: &[u8] =
            if is_info { br#"{"basicId":"@bench","displayName":"Bench"}"# } else { b"{}" };
        Response::bytes("application/json", body.to_vec())
    });
    let server = Server::new(answer, limits);
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    format!("http://{address}")
}
