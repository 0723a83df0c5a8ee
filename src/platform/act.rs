//! What people do on their phones. Every act queues the event that LINE would send.

use serde_json::{Value, json};

use super::Platform;
use super::account::From;
use super::action::fits_mode;
use super::button::ActionView;

/// What a press did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Data went to the server.
    Posted,
    /// A text was sent as if typed.
    Said,
    /// A page or a phone number opens; the server hears nothing.
    Opened(String),
}

/// Why nothing could be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressError {
    /// No such person.
    NoPerson,
    /// No such message on this phone.
    NoMessage,
    /// The message has no such action, or it cannot be pressed this way.
    NoAction,
}

impl Platform {
    /// Adds the account as a friend.
    pub fn add_friend(&mut self, now_ms: i64, user: &str) {
        let Some(person) = self.people.get_mut(user) else { return };
        person.phone.friend = true;
        let unblocked = std::mem::take(&mut person.phone.blocked);
        self.follow(now_ms, user, unblocked);
    }

    /// Takes a block back.
    pub fn unblock(&mut self, now_ms: i64, user: &str) {
        self.add_friend(now_ms, user);
    }

    fn follow(&mut self, now_ms: i64, user: &str, unblocked: bool) {
        let flag = unblocked != self.faults.follow_flag_wrong;
        self.event(now_ms, user, "follow", true, json!({"follow": {"isUnblocked": flag}}));
    }

    /// Blocks the account.
    pub fn block(&mut self, now_ms: i64, user: &str) {
        let Some(person) = self.people.get_mut(user) else { return };
        if !std::mem::replace(&mut person.phone.blocked, true) {
            self.event(now_ms, user, "unfollow", false, json!({}));
        }
    }

    /// Deletes the LINE account: nothing arrives any more, and no event says so.
    pub fn delete_account(&mut self, user: &str) {
        if let Some(person) = self.people.get_mut(user) {
            person.deleted = true;
        }
    }

    /// Types a text and sends it. A person who blocked the account cannot.
    pub fn say(&mut self, now_ms: i64, user: &str, text: &str) {
        let content = json!({"type": "text", "text": text});
        self.send_own(now_ms, user, content.clone(), content);
    }

    /// Sends a sticker.
    pub fn send_sticker(&mut self, now_ms: i64, user: &str) {
        let sticker = json!({"type": "sticker", "packageId": "11537", "stickerId": "52002738",
            "stickerResourceType": "ANIMATION", "keywords": ["hello"]});
        self.send_own(now_ms, user, sticker.clone(), sticker);
    }

    /// Sends a photo.
    pub fn send_image(&mut self, now_ms: i64, user: &str) {
        let shown = json!({"type": "image"});
        let sent = json!({"type": "image", "contentProvider": {"type": "line"}});
        self.send_own(now_ms, user, shown, sent);
    }

    fn send_own(&mut self, now_ms: i64, user: &str, shown: Value, mut sent: Value) {
        let Some(person) = self.people.get_mut(user).filter(|p| !p.phone.blocked && !p.deleted)
        else {
            return;
        };
        person.wrote_at_ms = Some(now_ms);
        let id = self.show(now_ms, user, From::Me, shown, None, false);
        sent["id"] = json!(id);
        sent["quoteToken"] = json!(self.dice.word(24));
        sent["markAsReadToken"] = json!(self.dice.word(24));
        self.event(now_ms, user, "message", true, json!({"message": sent}));
    }

    /// The actions of a message on a person's phone.
    #[must_use]
    pub fn actions(&self, user: &str, message_id: &str) -> Vec<ActionView> {
        let item = self
            .phone(user)
            .and_then(|phone| phone.items.iter().rfind(|item| item.id == message_id));
        item.map(super::account::ChatItem::actions).unwrap_or_default()
    }

    /// Presses the action with this index.
    pub fn press(
        &mut self,
        now_ms: i64,
        user: &str,
        message_id: &str,
        index: usize,
    ) -> Result<Pressed, PressError> {
        let action = self.find_action(user, message_id, index)?;
        self.perform(now_ms, user, &action)
    }

    /// Chooses a date or time in the picker with this index.
    pub fn press_datetime(
        &mut self,
        now_ms: i64,
        user: &str,
        message_id: &str,
        index: usize,
        value: &str,
    ) -> Result<Pressed, PressError> {
        let action = self.find_action(user, message_id, index)?;
        let mode = action["mode"].as_str().unwrap_or_default();
        if action["type"] != "datetimepicker" || !fits_mode(mode, value) {
            return Err(PressError::NoAction);
        }
        let postback = json!({"data": action["data"], "params": {mode: value}});
        self.event(now_ms, user, "postback", true, json!({"postback": postback}));
        Ok(Pressed::Posted)
    }

    fn find_action(&self, user: &str, message_id: &str, index: usize) -> Result<Value, PressError> {
        let phone = self.phone(user).ok_or(PressError::NoPerson)?;
        let item =
            phone.items.iter().rfind(|item| item.id == message_id).ok_or(PressError::NoMessage)?;
        let view = item.actions().into_iter().nth(index).ok_or(PressError::NoAction)?;
        Ok(view.action)
    }

    /// Does what an action says.
    pub(super) fn perform(
        &mut self,
        now_ms: i64,
        user: &str,
        action: &Value,
    ) -> Result<Pressed, PressError> {
        let text = |name: &str| action[name].as_str();
        match text("type") {
            Some("postback") => {
                if let Some(words) = text("displayText") {
                    self.show(
                        now_ms,
                        user,
                        From::Me,
                        json!({"type": "text", "text": words}),
                        None,
                        false,
                    );
                }
                let blocked = self.phone(user).is_none_or(|phone| phone.blocked);
                if !blocked {
                    self.event(
                        now_ms,
                        user,
                        "postback",
                        true,
                        json!({"postback": {"data": action["data"]}}),
                    );
                }
                Ok(Pressed::Posted)
            }
            Some("message") => {
                self.say(now_ms, user, text("text").unwrap_or_default());
                Ok(Pressed::Said)
            }
            Some("uri") => Ok(Pressed::Opened(text("uri").unwrap_or_default().to_owned())),
            _ => Err(PressError::NoAction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_shows_its_words_and_posts_its_data() {
        let mut platform = Platform::default();
        let user = platform.add_user("a");
        platform.add_friend(0, &user);
        let action = json!({"type": "postback", "label": "ok", "data": "d", "displayText": "ok"});
        assert_eq!(platform.perform(5, &user, &action), Ok(Pressed::Posted));
        assert_eq!(platform.phone(&user).unwrap().items[0].content["text"], "ok");
        platform.take_webhook(5).unwrap();
        let delivery = platform.take_webhook(5).unwrap();
        let body: Value = serde_json::from_slice(&delivery.body).unwrap();
        assert_eq!(body["events"][0]["postback"]["data"], "d");
        assert_eq!(body["events"][0]["timestamp"], 5);
    }

    #[test]
    fn who_blocked_the_account_cannot_write() {
        let mut platform = Platform::default();
        let user = platform.add_user("a");
        platform.add_friend(0, &user);
        platform.block(1, &user);
        platform.say(2, &user, "x");
        assert!(platform.phone(&user).unwrap().items.is_empty());
        assert_eq!(platform.press(3, &user, "1", 0), Err(PressError::NoMessage));
    }
}
