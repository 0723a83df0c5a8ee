//! What the page shows: everything as one JSON value, phones and timeline only as far as they are newer than what the
//! page has.

use serde_json::{Value, json};

use super::Console;
use super::act::LIMITS;
use crate::clock::Clock;
use crate::domain::schedule::Zone;
use crate::domain::team::Role;
use crate::locale::demo::trouble::{self as switches, Switch};
use crate::locale::demo::{self as words, STORY};
use crate::platform::{Area, RichMenu};
use crate::store::StoreError;

use super::super::feed::Feed;
use super::super::story;
use super::super::trouble::Fault;

impl Console {
    pub(super) async fn state(&self, after: u64) -> Result<Value, StoreError> {
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
            "server": self.server(),
            "faults": self.faults(),
            "quota": self.quota(),
            "waiting": self.stage.waiting()?,
            "block": {"title": switches::BLOCK.0, "text": switches::BLOCK.1},
            "phones": self.phones(&feed, after)?,
            "timeline": feed.lines(after),
            "story": self.story().await?,
        }))
    }

    fn server(&self) -> Value {
        let Switch { title, text, .. } = switches::SERVER;
        json!({"on": self.stage.machine.is_on(), "title": title, "text": text})
    }

    fn faults(&self) -> Vec<Value> {
        let on = self.stage.faults();
        let switch = |fault: Fault| {
            let Switch { title, text, .. } = fault.words();
            json!({"name": fault.name(), "title": title, "text": text, "on": on.contains(&fault),
                "trouble": fault.is_trouble()})
        };
        Fault::ALL.map(switch).into()
    }

    fn quota(&self) -> Value {
        let mut platform = self.stage.standin.platform();
        let used = platform.usage_at(self.stage.clock.now().millis());
        json!({"used": used, "limit": platform.settings().quota_messages, "choices": LIMITS})
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
}

fn areas(menu: &RichMenu) -> Vec<Value> {
    let area = |(index, area): (usize, &Area)| {
        let [x, y, w, h] = area.bounds;
        json!({"index": index, "label": area.label, "x": x, "y": y, "w": w, "h": h})
    };
    menu.areas.iter().enumerate().map(area).collect()
}

/// Where the page finds the picture of a menu.
fn picture(menu: &RichMenu) -> Option<String> {
    menu.image.as_ref().map(|_| format!("/demo/menu.png?{}", menu.id))
}
