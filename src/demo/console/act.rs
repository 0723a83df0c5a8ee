//! What a visitor does: presses on phones, the clock, the story, and the switches that break things.

use serde_json::Value;

use super::Console;
use crate::clock::Clock;
use crate::locale::demo::Happened;
use crate::locale::demo::trouble as words;
use crate::platform::{Platform, PressError};

use super::super::trouble::Fault;

/// Phones on the page at most.
const PHONES_MAX: usize = 12;

/// Letters of a new phone's owner at most.
const NAME_CHARS_MAX: usize = 20;

/// Monthly limits on offer; `None` is unlimited.
pub(super) const LIMITS: [Option<u64>; 3] = [Some(200), Some(5_000), None];

/// Whether an act was done; if not, why, where there are words for it.
pub(super) type Done = Result<(), Option<&'static str>>;

fn done(done: bool) -> Done {
    if done { Ok(()) } else { Err(None) }
}

impl Console {
    pub(super) async fn act(&self, act: &Value) -> Done {
        match act["do"].as_str().unwrap_or_default() {
            "add" => self.add(act["name"].as_str().unwrap_or_default()),
            "speed" => match act["value"].as_u64().and_then(|speed| u32::try_from(speed).ok()) {
                Some(speed @ (1 | 60 | 3600)) => {
                    self.stage.set_speed(speed);
                    Ok(())
                }
                _ => Err(None),
            },
            "next" => done(self.stage.jump().await.unwrap_or(false)),
            "story" => self.set_playing(act["play"] == true).await,
            "story_next" => self.play_step().await,
            "fault" => self.turn(act).await,
            "server" => match act["on"].as_bool() {
                Some(on) => self.set_power(on).await,
                None => Err(None),
            },
            "quota" => self.set_quota(act).await,
            "mend" => self.mend().await,
            what => self.on_phone(what, act),
        }
    }

    fn on_phone(&self, what: &str, act: &Value) -> Done {
        let text = |name: &str| act[name].as_str().unwrap_or_default();
        let index = act["index"].as_u64().and_then(|n| usize::try_from(n).ok());
        let phone = text("phone");
        let standin = &self.stage.standin;
        match (what, index) {
            ("press", Some(index)) => {
                let (message, chosen) = (text("message"), act["value"].as_str());
                let press = |platform: &mut Platform, now_ms| match chosen {
                    Some(value) => platform.press_datetime(now_ms, phone, message, index, value),
                    None => platform.press(now_ms, phone, message, index),
                };
                return pressed(standin.act(press));
            }
            ("menu", Some(index)) => {
                return pressed(standin.act(|line, now_ms| line.press_menu(now_ms, phone, index)));
            }
            ("say", _) => standin.act(|line, now_ms| line.say(now_ms, phone, text("text"))),
            ("sticker", _) => standin.act(|line, now_ms| line.send_sticker(now_ms, phone)),
            ("photo", _) => standin.act(|line, now_ms| line.send_image(now_ms, phone)),
            ("block", _) => standin.act(|line, now_ms| line.block(now_ms, phone)),
            ("unblock", _) => standin.act(|line, now_ms| line.unblock(now_ms, phone)),
            ("friend", _) => standin.act(|line, now_ms| line.add_friend(now_ms, phone)),
            _ => return Err(None),
        }
        Ok(())
    }

    fn add(&self, name: &str) -> Done {
        let mut platform = self.stage.standin.platform();
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        if name.is_empty() || platform.users().len() >= PHONES_MAX {
            return Err(None);
        }
        platform.add_user(&name);
        Ok(())
    }

    async fn turn(&self, act: &Value) -> Done {
        let fault = act["name"].as_str().and_then(Fault::named);
        let (Some(fault), Some(on)) = (fault, act["on"].as_bool()) else { return Err(None) };
        if self.stage.faults().contains(&fault) != on {
            self.stage.turn(fault, on).map_err(Some)?;
            self.note(&words::turned(fault.words(), on)).await;
        }
        Ok(())
    }

    async fn set_power(&self, on: bool) -> Done {
        let changed = if on {
            self.stage.machine.start().await.map_err(|fault| {
                tracing::error!(sentence = fault.sentence, "the server does not start");
                None
            })?
        } else {
            self.stage.machine.stop().await
        };
        if changed {
            // The switch is called "stop": it is on while the server is off.
            self.note(&words::turned(&words::SERVER, !on)).await;
        }
        Ok(())
    }

    async fn set_quota(&self, act: &Value) -> Done {
        let limit = match &act["value"] {
            Value::Null => None,
            value => Some(value.as_u64().ok_or(None)?),
        };
        if act.get("value").is_none() || !LIMITS.contains(&limit) {
            return Err(None);
        }
        if self.stage.standin.platform().settings().quota_messages != limit {
            self.stage.set_quota(limit);
            self.note(&words::quota(limit)).await;
        }
        Ok(())
    }

    /// Ends every fault, and starts the server. Settings stay.
    async fn mend(&self) -> Done {
        let mut ended = Ok(());
        for fault in self.stage.faults().into_iter().filter(|fault| fault.is_trouble()) {
            match self.stage.turn(fault, false) {
                Ok(()) => self.note(&words::turned(fault.words(), false)).await,
                Err(why) => ended = Err(Some(why)),
            }
        }
        self.set_power(true).await?;
        ended
    }

    /// Adds a line to the timeline, after everything that happened before it.
    async fn note(&self, line: &Happened) {
        let mut feed = self.feed.lock().await;
        if let Err(fault) = feed.look(&self.stage) {
            tracing::error!(%fault, "the timeline could not be read");
        }
        feed.note(self.stage.clock.now(), line);
    }
}

fn pressed<T>(pressed: Result<T, PressError>) -> Done {
    pressed.map(|_| ()).map_err(|_| None)
}
