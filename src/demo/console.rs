//! The page of the demonstration: phones side by side, a clock, a timeline, and the acts of whoever
//! sits before it. Everything else on this port is the server's own.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::domain::schedule::Zone;
use crate::domain::team::Role;
use crate::http::{Handler, Method, Request, Response, StatusCode, handler};
use crate::locale::demo::{self as words, STORY};
use crate::platform::RichMenu;
use crate::store::StoreError;

use super::feed::Feed;
use super::stage::Stage;
use super::story::{self, Cast};

/// Largest act, in bytes.
const ACT_BYTES_MAX: usize = 64 * 1024;

/// Phones on the page at most.
const PHONES_MAX: usize = 12;

/// Real time between two steps of the story that plays itself: enough to read.
const STORY_PAUSE: Duration = Duration::from_secs(9);

/// Scripts of the page may come from here, and ask here; pictures may be inside the page.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'";

/// Files of the page: name, content type, content.
const FILES: [(&str, &str, &str); 9] = [
    ("", "text/html; charset=utf-8", include_str!("../../assets/demo/index.html")),
    ("demo.css", "text/css; charset=utf-8", include_str!("../../assets/demo/demo.css")),
    ("demo.js", JS, include_str!("../../assets/demo/demo.js")),
    ("clock.js", JS, include_str!("../../assets/demo/clock.js")),
    ("phones.js", JS, include_str!("../../assets/demo/phones.js")),
    ("messages.js", JS, include_str!("../../assets/demo/messages.js")),
    ("flex.js", JS, include_str!("../../assets/demo/flex.js")),
    ("dialogs.js", JS, include_str!("../../assets/demo/dialogs.js")),
    ("dom.js", JS, include_str!("../../assets/demo/dom.js")),
];
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

#[derive(Debug, Default)]
struct Story {
    playing: bool,
    /// The journal's number at which the story began.
    since: u64,
}

impl Console {
    /// A page over a stage on which the cast has joined. `run` tells a restarted server from one
    /// that went on.
    pub fn new(stage: Stage, cast: Cast, run: String) -> Result<Self, StoreError> {
        let since = stage.store.read()?.journal_last()?.map_or(0, |entry| entry.number);
        let story = Arc::new(Mutex::new(Story { playing: false, since }));
        Ok(Self { stage, cast, run, story, feed: Arc::default() })
    }

    /// The page at `/demo`, and the server's own routes.
    #[must_use]
    pub fn handler(self) -> Handler {
        let server = self.stage.handler();
        handler(move |request| {
            let (console, server) = (self.clone(), Arc::clone(&server));
            async move {
                match console.place(&request) {
                    Some(response) => response,
                    None if request.path.starts_with("/demo") => console.answer(request).await,
                    None => server(request).await,
                }
            }
        })
    }

    /// Files, and the way to the page.
    fn place(&self, request: &Request) -> Option<Response> {
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

    async fn answer(&self, mut request: Request) -> Response {
        match (&request.method, request.path.as_str()) {
            (&Method::GET, "/demo/state") => {
                let after = request.query.strip_prefix("after=").and_then(|n| n.parse().ok());
                match self.state(after.unwrap_or(0)).await {
                    Ok(state) => Response::json(StatusCode::OK, &state),
                    Err(fault) => failed(&fault.to_string()),
                }
            }
            (&Method::GET, "/demo/menu.png") => self.menu_picture(&request.query),
            (&Method::POST, "/demo/act") => {
                // Another site's page cannot send this content type without asking first.
                let json = request.header("content-type").is_some_and(|kind| kind.contains("json"));
                let body = match request.body(ACT_BYTES_MAX).await {
                    Ok(body) if json => body,
                    Ok(_) => return Response::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE),
                    Err(fault) => return fault.response(),
                };
                match serde_json::from_slice::<Value>(&body) {
                    Ok(act) => self.act(&act).await,
                    Err(fault) => failed(&fault.to_string()),
                }
            }
            _ => Response::empty(StatusCode::NOT_FOUND),
        }
    }

    async fn state(&self, after: u64) -> Result<Value, StoreError> {
        let mut feed = self.feed.lock().await;
        feed.look(&self.stage)?;
        // A page that is ahead of us has seen another run.
        let after = if after > feed.last() { 0 } else { after };
        let upcoming = self.stage.upcoming()?;
        let next = upcoming.map(|next| json!({"at_ms": next.at.millis(), "what": next.what}));
        Ok(json!({
            "run": self.run,
            "seq": feed.last(),
            "now_ms": self.stage.clock.now().millis(),
            "zone": Zone::DEFAULT,
            "speed": self.stage.clock.speed(),
            "next": next,
            "server": "ok",
            "phones": self.phones(&feed, after)?,
            "timeline": feed.lines(after),
            "story": self.story().await?,
        }))
    }

    fn phones(&self, feed: &Feed, after: u64) -> Result<Vec<Value>, StoreError> {
        let users = self.stage.standin.platform().users().to_vec();
        let mut phones = Vec::new();
        for user in users {
            let role = self.role(&user)?;
            let platform = self.stage.standin.platform();
            let Some(phone) = platform.phone(&user) else { continue };
            phones.push(json!({
                "id": user,
                "name": phone.name,
                "role": role,
                "friend": phone.friend,
                "blocked": phone.blocked,
                "menu": platform.menu(&user).map(areas).unwrap_or_default(),
                "menu_image": platform.menu(&user).and_then(picture),
                "notification": feed.notification(&user),
                "items": feed.bubbles(&user, after),
            }));
        }
        Ok(phones)
    }

    fn role(&self, user: &str) -> Result<&'static str, StoreError> {
        let Some(person) = self.stage.person(user)? else { return Ok(words::role(false, false)) };
        let places = self.stage.store.read()?.places(person.id)?;
        let is = |role| places.iter().any(|(_, held, _)| *held == role);
        Ok(words::role(is(Role::Member), is(Role::Manager)))
    }

    async fn story(&self) -> Result<Value, StoreError> {
        let story = self.story.lock().await;
        let steps: Vec<Value> = STORY
            .iter()
            .enumerate()
            .map(|(n, step)| {
                let phone = story::phone_of(&self.cast, n);
                json!({"title": step.title, "text": step.text, "phone": phone})
            })
            .collect();
        let step = self.progress(story.since)?;
        Ok(json!({"playing": story.playing, "step": step, "steps": steps}))
    }

    fn progress(&self, since: u64) -> Result<usize, StoreError> {
        match self.stage.person(&self.cast.member)? {
            Some(member) => story::progress(&self.stage, member.id, since),
            None => Ok(0),
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

    async fn act(&self, act: &Value) -> Response {
        let text = |name: &str| act[name].as_str().unwrap_or_default().to_owned();
        let (phone, value) = (text("phone"), act["value"].as_u64());
        let standin = &self.stage.standin;
        match text("do").as_str() {
            "press" => {
                let index = act["index"].as_u64().and_then(|n| usize::try_from(n).ok());
                let (message, chosen) = (text("message"), act["value"].as_str());
                let pressed = standin.act(|platform, now_ms| match (index, chosen) {
                    (Some(index), Some(value)) => {
                        platform.press_datetime(now_ms, &phone, &message, index, value)
                    }
                    (Some(index), None) => platform.press(now_ms, &phone, &message, index),
                    (None, _) => Err(crate::platform::PressError::NoAction),
                });
                return outcome(pressed.is_ok());
            }
            "menu" => {
                let index = act["index"].as_u64().and_then(|n| usize::try_from(n).ok());
                let pressed = standin.act(|platform, now_ms| {
                    index.is_some_and(|index| platform.press_menu(now_ms, &phone, index).is_ok())
                });
                return outcome(pressed);
            }
            "say" => standin.act(|platform, now_ms| platform.say(now_ms, &phone, &text("text"))),
            "sticker" => standin.act(|platform, now_ms| platform.send_sticker(now_ms, &phone)),
            "photo" => standin.act(|platform, now_ms| platform.send_image(now_ms, &phone)),
            "block" => standin.act(|platform, now_ms| platform.block(now_ms, &phone)),
            "unblock" => standin.act(|platform, now_ms| platform.unblock(now_ms, &phone)),
            "friend" => standin.act(|platform, now_ms| platform.add_friend(now_ms, &phone)),
            "add" => return self.add(&text("name")),
            "speed" => match value.and_then(|speed| u32::try_from(speed).ok()) {
                Some(speed @ (1 | 60 | 3600)) => self.stage.set_speed(speed),
                _ => return outcome(false),
            },
            "next" => return outcome(self.stage.jump().await.unwrap_or(false)),
            "story" => self.set_playing(act["play"] == true).await,
            "story_next" => return outcome(self.play_step().await),
            _ => return outcome(false),
        }
        outcome(true)
    }

    fn add(&self, name: &str) -> Response {
        let mut platform = self.stage.standin.platform();
        let name: String = name.trim().chars().take(20).collect();
        if name.is_empty() || platform.users().len() >= PHONES_MAX {
            return outcome(false);
        }
        platform.add_user(&name);
        outcome(true)
    }

    async fn set_playing(&self, playing: bool) {
        if playing && self.is_over().await {
            self.begin_again().await;
        }
        let was = std::mem::replace(&mut self.story.lock().await.playing, playing);
        if playing && !was {
            let console = self.clone();
            tokio::spawn(async move { console.play_on().await });
        }
    }

    /// Plays step after step, until somebody stops it or the story ends.
    async fn play_on(&self) {
        while self.story.lock().await.playing {
            if self.is_over().await || !self.play_step().await {
                self.story.lock().await.playing = false;
                return;
            }
            tokio::time::sleep(STORY_PAUSE).await;
        }
    }

    async fn is_over(&self) -> bool {
        let since = self.story.lock().await.since;
        self.progress(since).unwrap_or(STORY.len()) + 1 >= STORY.len()
    }

    /// Plays the next step; at the end of the story, begins it again with the next question.
    async fn play_step(&self) -> bool {
        if self.is_over().await {
            self.begin_again().await;
            return true;
        }
        let since = self.story.lock().await.since;
        let step = self.progress(since).unwrap_or(STORY.len());
        story::play(&self.stage, &self.cast, step).await.unwrap_or(false)
    }

    async fn begin_again(&self) {
        let last = self.stage.store.read().and_then(|reading| reading.journal_last());
        let mut story = self.story.lock().await;
        story.since = last.ok().flatten().map_or(story.since, |entry| entry.number);
    }
}

fn areas(menu: &RichMenu) -> Vec<Value> {
    let area = |(index, area): (usize, &crate::platform::Area)| {
        let [x, y, w, h] = area.bounds;
        json!({"index": index, "label": area.label, "x": x, "y": y, "w": w, "h": h})
    };
    menu.areas.iter().enumerate().map(area).collect()
}

/// Where the page finds the picture of a menu.
fn picture(menu: &RichMenu) -> Option<String> {
    menu.image.as_ref().map(|_| format!("/demo/menu.png?{}", menu.id))
}

fn outcome(done: bool) -> Response {
    Response::json(StatusCode::OK, &json!({"ok": done}))
}

fn failed(message: &str) -> Response {
    Response::json(StatusCode::BAD_REQUEST, &json!({"ok": false, "message": message}))
}
