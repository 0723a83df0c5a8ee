//! The page of the demonstration: phones side by side, a clock, a timeline, and the acts of whoever
//! sits before it. Everything else on this port is the server's own.

mod act;
mod player;
mod state;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::http::{Handler, Method, Request, Response, StatusCode, handler};
use crate::store::StoreError;

use super::feed::Feed;
use super::stage::Stage;
use super::story::Cast;
use player::Story;

/// Largest act, in bytes.
const ACT_BYTES_MAX: usize = 64 * 1024;

/// Scripts of the page may come from here, and ask here; pictures may be inside the page.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'";

/// Files of the page: name, content type, content.
const FILES: [(&str, &str, &str); 11] = [
    ("", "text/html; charset=utf-8", include_str!("../../assets/demo/index.html")),
    ("demo.css", CSS, include_str!("../../assets/demo/demo.css")),
    ("trouble.css", CSS, include_str!("../../assets/demo/trouble.css")),
    ("demo.js", JS, include_str!("../../assets/demo/demo.js")),
    ("clock.js", JS, include_str!("../../assets/demo/clock.js")),
    ("trouble.js", JS, include_str!("../../assets/demo/trouble.js")),
    ("phones.js", JS, include_str!("../../assets/demo/phones.js")),
    ("messages.js", JS, include_str!("../../assets/demo/messages.js")),
    ("flex.js", JS, include_str!("../../assets/demo/flex.js")),
    ("dialogs.js", JS, include_str!("../../assets/demo/dialogs.js")),
    ("dom.js", JS, include_str!("../../assets/demo/dom.js")),
];
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// The page over a stage.
#[derive(Clone)]
pub struct Console {
    stage: Stage,
    cast: Cast,
    run: String,
    story: Arc<Mutex<Story>>,
    feed: Arc<Mutex<Feed>>,
}

impl Console {
    /// A page over a stage on which the cast has joined. `run` tells a restarted demonstration from
    /// one that went on.
    pub fn new(stage: Stage, cast: Cast, run: String) -> Result<Self, StoreError> {
        let since = stage.store.read()?.journal_last()?.map_or(0, |entry| entry.number);
        let story = Arc::new(Mutex::new(Story::since(since)));
        Ok(Self { stage, cast, run, story, feed: Arc::default() })
    }

    /// The page at `/demo`, and the server's own routes.
    #[must_use]
    pub fn handler(self) -> Handler {
        let server = self.stage.handler();
        handler(move |request| {
            let (console, server) = (self.clone(), Arc::clone(&server));
            async move {
                match place(&request) {
                    Some(response) => response,
                    None if request.path.starts_with("/demo") => console.answer(request).await,
                    None => server(request).await,
                }
            }
        })
    }

    async fn answer(&self, request: Request) -> Response {
        match (&request.method, request.path.as_str()) {
            (&Method::GET, "/demo/state") => {
                let after = request.query.strip_prefix("after=").and_then(|n| n.parse().ok());
                match self.state(after.unwrap_or(0)).await {
                    Ok(state) => Response::json(StatusCode::OK, &state),
                    Err(fault) => failed(&fault.to_string()),
                }
            }
            (&Method::GET, "/demo/menu.png") => self.menu_picture(&request.query),
            (&Method::POST, "/demo/act") => self.asked(request).await,
            _ => Response::empty(StatusCode::NOT_FOUND),
        }
    }

    async fn asked(&self, mut request: Request) -> Response {
        // Another site's page cannot send this content type without asking first.
        if !request.header("content-type").is_some_and(|kind| kind.contains("json")) {
            return Response::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let body = match request.body(ACT_BYTES_MAX).await {
            Ok(body) => body,
            Err(fault) => return fault.response(),
        };
        match serde_json::from_slice::<Value>(&body) {
            Ok(act) => outcome(self.act(&act).await),
            Err(fault) => failed(&fault.to_string()),
        }
    }

    /// The picture of a menu, as it was uploaded.
    fn menu_picture(&self, id: &str) -> Response {
        let platform = self.stage.standin.platform();
        match platform.menu_with_id(id).and_then(|menu| menu.image.as_ref()) {
            Some((kind, picture)) => Response::bytes(kind, picture.clone()),
            None => Response::empty(StatusCode::NOT_FOUND),
        }
    }
}

/// Files, and the way to the page.
fn place(request: &Request) -> Option<Response> {
    if request.method != Method::GET {
        return None;
    }
    if request.path == "/" {
        return Some(Response::redirect_see_other("/demo"));
    }
    let name = request.path.strip_prefix("/demo")?.trim_start_matches('/');
    let (_, kind, content) = FILES.iter().find(|(file, ..)| *file == name)?;
    let response = Response::bytes(kind, content.as_bytes());
    Some(response.header("content-security-policy", CONTENT_POLICY))
}

/// Answers an act: done, or not, and why not where there are words for it.
fn outcome(done: act::Done) -> Response {
    let answer = match done {
        Ok(()) => json!({"ok": true}),
        Err(None) => json!({"ok": false}),
        Err(Some(message)) => json!({"ok": false, "message": message}),
    };
    Response::json(StatusCode::OK, &answer)
}

fn failed(message: &str) -> Response {
    Response::json(StatusCode::BAD_REQUEST, &json!({"ok": false, "message": message}))
}
