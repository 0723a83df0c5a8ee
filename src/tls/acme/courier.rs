//! The way to the authority: the HTTP client that everyone here uses, as ACME wants it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Bytes;
use hyper::header::RETRY_AFTER;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use serde_json::Value;

use crate::net::client::{self, NoClient};

/// Longest wait for one answer.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// Directories, orders and chains of certificates are a few thousand bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

#[derive(Clone)]
pub(super) struct Courier(reqwest::Client);

type Answer = Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>>;

impl Courier {
    pub(super) fn new(roots: Option<&[u8]>) -> Result<Self, NoClient> {
        client::http(roots, ANSWER_WAIT).map(Self)
    }
}

impl Courier {
    /// What stands at an address, as JSON, and for how long it wants to be left in peace.
    pub(super) async fn get(&self, address: &str) -> Result<(Value, Option<Duration>), String> {
        let asked = self.0.get(address).send().await;
        let answer = asked.map_err(|fault| fault.without_url().to_string())?;
        if !answer.status().is_success() {
            return Err(format!("it answers {}", answer.status()));
        }
        let wait = answer.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok());
        let wait = wait.and_then(|wait| wait.parse().ok()).map(Duration::from_secs);
        let answer: hyper::Response<_> = answer.into();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|_| "its answer is broken, or too long".to_owned())?.to_bytes();
        let said = serde_json::from_slice(&body).map_err(|_| "its answer is no JSON".to_owned())?;
        Ok((said, wait))
    }
}

impl HttpClient for Courier {
    fn request(&self, request: hyper::Request<BodyWrapper<Bytes>>) -> Answer {
        let client = self.0.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            // It is there already, whole, and cannot fail.
            let Ok(body) = body.collect().await;
            let request = hyper::Request::from_parts(head, body.to_bytes());
            let request = reqwest::Request::try_from(request).map_err(other)?;
            let answer: hyper::Response<_> = client.execute(request).await.map_err(other)?.into();
            Ok(BytesResponse::from(answer.map(|body| Limited::new(body, ANSWER_BYTES_MAX))))
        })
    }
}

fn other(fault: reqwest::Error) -> Error {
    Error::Other(Box::new(fault))
}
