//! Group chats: who is in them, what is said there, and what the account learns of it. It learns little: who came
//! or went after it did, and who wrote or pressed; nobody tells it who is silent.

use serde_json::{Value, json};

use super::account::From;
use super::act::{PressError, Pressed};
use super::api::{Call, Reply};
use super::button::{self, ActionView};
use super::{ChatItem, Platform};

/// Bubbles a group remembers.
const ITEMS_MAX: usize = 2_000;

/// One bubble in a group, with who it is from; `None` is the account.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupItem {
    /// The member who wrote or pressed.
    pub member: Option<String>,
    /// The bubble.
    pub item: ChatItem,
}

/// A group chat.
#[derive(Clone, Debug, Default)]
pub struct GroupChat {
    /// Its name.
    pub name: String,
    /// Its people, in the order in which they came; the account is not among them.
    pub members: Vec<String>,
    /// Whether the account is in it.
    pub account: bool,
    /// The chat, oldest first.
    pub items: Vec<GroupItem>,
}

impl GroupChat {
    fn has(&self, user: &str) -> bool {
        self.members.iter().any(|member| member == user)
    }
}

impl Platform {
    /// A group of some people, without the account; returns the group's id.
    pub fn add_group(&mut self, name: &str, members: &[&str]) -> String {
        let id = format!("C{}", self.births.hex(32));
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        let group = GroupChat { name: name.to_owned(), members, ..GroupChat::default() };
        self.groups.insert(id.clone(), group);
        id
    }

    /// A group.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&GroupChat> {
        self.groups.get(id)
    }

    /// The ids of all groups.
    pub fn group_ids(&self) -> impl Iterator<Item = &String> {
        self.groups.keys()
    }

    /// Somebody invites the account. `false` where it may not join groups, or is there already.
    pub fn invite_account(&mut self, now_ms: i64, group: &str) -> bool {
        let allowed = self.settings.groups_allowed;
        let Some(chat) = self.groups.get_mut(group).filter(|chat| allowed && !chat.account) else {
            return false;
        };
        chat.account = true;
        self.group_event(now_ms, group, None, "join", true, json!({}));
        true
    }

    /// Somebody removes the account.
    pub fn remove_account(&mut self, now_ms: i64, group: &str) {
        let Some(chat) = self.groups.get_mut(group) else { return };
        if std::mem::take(&mut chat.account) {
            self.group_event(now_ms, group, None, "leave", false, json!({}));
        }
    }

    /// Some people come into a group.
    pub fn come(&mut self, now_ms: i64, group: &str, users: &[&str]) {
        let Some(chat) = self.groups.get_mut(group) else { return };
        let new: Vec<String> =
            users.iter().filter(|user| !chat.has(user)).map(|user| (*user).to_owned()).collect();
        chat.members.extend(new.iter().cloned());
        if chat.account && !new.is_empty() {
            let extra = json!({ "joined": { "members": sources(&new) } });
            self.group_event(now_ms, group, None, "memberJoined", true, extra);
        }
    }

    /// Somebody leaves a group.
    pub fn go(&mut self, now_ms: i64, group: &str, user: &str) {
        let Some(chat) = self.groups.get_mut(group).filter(|chat| chat.has(user)) else { return };
        chat.members.retain(|member| member != user);
        if chat.account {
            let extra = json!({ "left": { "members": sources(&[user.to_owned()]) } });
            self.group_event(now_ms, group, None, "memberLeft", false, extra);
        }
    }

    /// A member types a text into a group.
    pub fn say_in(&mut self, now_ms: i64, group: &str, user: &str, text: &str) {
        let content = json!({ "type": "text", "text": text });
        let Some(id) = self.show_own(now_ms, group, user, content) else { return };
        let message = json!({ "type": "text", "id": id, "text": text,
            "quoteToken": self.dice.word(24), "markAsReadToken": self.dice.word(24) });
        let extra = json!({ "message": message });
        self.group_event(now_ms, group, Some(user), "message", true, extra);
    }

    /// The actions of a message in a group.
    #[must_use]
    pub fn actions_in(&self, group: &str, message_id: &str) -> Vec<ActionView> {
        let items = self.groups.get(group).map(|chat| chat.items.as_slice()).unwrap_or_default();
        let found = items.iter().rfind(|shown| shown.item.id == message_id);
        found.map(|shown| button::actions(&shown.item.content)).unwrap_or_default()
    }

    /// A member presses the action with this index on a message in a group.
    pub fn press_in(
        &mut self,
        now_ms: i64,
        group: &str,
        user: &str,
        message_id: &str,
        index: usize,
    ) -> Result<Pressed, PressError> {
        let here = self.groups.get(group).is_some_and(|chat| chat.has(user));
        if !here {
            return Err(PressError::NoPerson);
        }
        let actions = self.actions_in(group, message_id);
        let action = actions.into_iter().nth(index).ok_or(PressError::NoAction)?.action;
        let text = |name: &str| action[name].as_str();
        match text("type") {
            Some("postback") => {
                if let Some(words) = text("displayText") {
                    let words = json!({ "type": "text", "text": words });
                    self.show_own(now_ms, group, user, words);
                }
                let extra = json!({ "postback": { "data": action["data"] } });
                self.group_event(now_ms, group, Some(user), "postback", true, extra);
                Ok(Pressed::Posted)
            }
            Some("uri") => Ok(Pressed::Opened(text("uri").unwrap_or_default().to_owned())),
            _ => Err(PressError::NoAction),
        }
    }

    fn show_own(&mut self, now_ms: i64, group: &str, user: &str, content: Value) -> Option<String> {
        let here = self.groups.get(group).is_some_and(|chat| chat.has(user));
        here.then(|| self.show_in(now_ms, group, Some(user), content, None, false))
    }

    /// Shows a bubble in a group; returns its message id.
    pub(super) fn show_in(
        &mut self,
        now_ms: i64,
        group: &str,
        member: Option<&str>,
        content: Value,
        notification: Option<String>,
        reply: bool,
    ) -> String {
        let (id, seq) = (self.next_message_id(), self.next_seq());
        let from = if member.is_some() { From::Me } else { From::Bot };
        let item =
            ChatItem { seq, id: id.clone(), at_ms: now_ms, from, notification, content, reply };
        if let Some(chat) = self.groups.get_mut(group) {
            if chat.items.len() >= ITEMS_MAX {
                chat.items.drain(..ITEMS_MAX / 2);
            }
            chat.items.push(GroupItem { member: member.map(str::to_owned), item });
        }
        self.has_news(group);
        id
    }

    /// How many people a push into a group addresses; `None` where the account is not in it.
    pub(super) fn addressed(&self, group: &str) -> Option<u64> {
        let chat = self.groups.get(group).filter(|chat| chat.account)?;
        Some(u64::try_from(chat.members.len()).unwrap_or(u64::MAX))
    }

    /// `GET /v2/bot/group/{id}/…`, `POST /v2/bot/group/{id}/leave`
    pub(super) fn group_answer(&mut self, call: &Call<'_>, group: &str, rest: &[&str]) -> Reply {
        if !is_group_id(group) {
            return Reply::error(400, "The value for the 'groupId' parameter is invalid");
        }
        let Some(chat) = self.groups.get(group).filter(|chat| chat.account) else {
            return Reply::not_found();
        };
        match (call.request.method.as_str(), rest) {
            ("GET", ["summary"]) => {
                Reply::json(200, json!({ "groupId": group, "groupName": chat.name }))
            }
            ("GET", ["members", "count"]) => {
                Reply::json(200, json!({ "count": chat.members.len() }))
            }
            ("GET", ["members", "ids"]) => {
                Reply::error(403, "Access to this API is not available for your account")
            }
            ("GET", ["member", user]) => match chat.has(user) {
                true => {
                    let name = self.people().get(*user).map(|person| person.phone.name.clone());
                    Reply::json(200, json!({ "displayName": name, "userId": user }))
                }
                false => Reply::not_found(),
            },
            ("POST", ["leave"]) => {
                let chat = self.groups.get_mut(group);
                if let Some(chat) = chat {
                    chat.account = false;
                }
                Reply::empty(200)
            }
            _ => Reply::not_found(),
        }
    }
}

fn sources(users: &[String]) -> Vec<Value> {
    users.iter().map(|user| json!({ "type": "user", "userId": user })).collect()
}

/// Whether a text has the form of a group id.
pub(super) fn is_group_id(text: &str) -> bool {
    let digits = text.strip_prefix('C').unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::super::api::tests::{json_of, request};
    use super::*;

    fn with_group(settings: Settings) -> (Platform, String, Vec<String>) {
        let mut platform = Platform::new(settings);
        let users: Vec<String> = ["a", "b", "c"].map(|name| platform.add_user(name)).to_vec();
        let members: Vec<&str> = users.iter().map(String::as_str).collect();
        let group = platform.add_group("g", &members);
        (platform, group, users)
    }

    fn event(platform: &mut Platform, now_ms: i64) -> Value {
        let delivery = platform.take_webhook(now_ms).unwrap();
        let body: Value = serde_json::from_slice(&delivery.body).unwrap();
        body["events"][0].clone()
    }

    fn push(platform: &mut Platform, to: &str) -> (u16, Value) {
        let token = platform.settings().long_lived_token.clone();
        let body = json!({ "to": to, "messages": [{ "type": "text", "text": "hello" }] });
        let body = body.to_string();
        let asked = request("POST", "/v2/bot/message/push", token.as_deref(), body.as_bytes());
        json_of(&platform.request(0, &asked))
    }

    fn get(platform: &mut Platform, path: &str) -> (u16, Value) {
        let token = platform.settings().long_lived_token.clone();
        let asked = request("GET", path, token.as_deref(), b"");
        json_of(&platform.request(0, &asked))
    }

    #[test]
    fn an_account_that_may_not_join_is_not_told_of_a_group() {
        let settings = Settings { groups_allowed: false, ..Settings::default() };
        let (mut platform, group, _) = with_group(settings);
        assert!(!platform.invite_account(0, &group));
        assert_eq!(platform.next_webhook_at(), None);
        assert_eq!(push(&mut platform, &group).0, 400);
    }

    #[test]
    fn a_push_into_a_group_counts_each_member_and_a_reply_none() {
        let (mut platform, group, users) = with_group(Settings::default());
        assert!(platform.invite_account(0, &group) && !platform.invite_account(0, &group));
        let join = event(&mut platform, 0);
        assert_eq!(join["type"], "join");
        assert_eq!(join["source"], json!({ "type": "group", "groupId": group }));
        assert_eq!(push(&mut platform, &group).0, 200);
        assert_eq!(platform.usage(), 3);
        let body = json!({ "replyToken": join["replyToken"],
            "messages": [{ "type": "text", "text": "x" }] });
        let token = platform.settings().long_lived_token.clone();
        let body = body.to_string();
        let asked = request("POST", "/v2/bot/message/reply", token.as_deref(), body.as_bytes());
        assert_eq!(platform.request(0, &asked).status, 200);
        assert_eq!((platform.usage(), platform.group(&group).unwrap().items.len()), (3, 2));
        platform.go(1, &group, &users[2]);
        platform.remove_account(1, &group);
        assert_eq!(event(&mut platform, 1)["type"], "memberLeft");
        assert_eq!(event(&mut platform, 1)["type"], "leave");
        assert_eq!(
            push(&mut platform, &group),
            (400, json!({ "message": "Failed to send messages" }))
        );
    }

    #[test]
    fn a_group_that_is_too_large_for_what_is_left_gets_nothing() {
        let settings = Settings { quota_messages: Some(2), ..Settings::default() };
        let (mut platform, group, _) = with_group(settings);
        platform.invite_account(0, &group);
        assert_eq!(push(&mut platform, &group).0, 429);
        assert!(platform.group(&group).unwrap().items.is_empty());
    }

    #[test]
    fn presses_and_words_come_with_or_without_whose_they_are() {
        let (mut platform, group, users) = with_group(Settings::default());
        platform.invite_account(0, &group);
        let button = json!({ "type": "template", "altText": "x", "template": { "type": "buttons",
            "text": "x", "actions": [{ "type": "postback", "label": "ok", "data": "d" }] } });
        let id = platform.show_in(0, &group, None, button, None, false);
        event(&mut platform, 0);
        for known in [true, false] {
            platform.faults.group_without_user_ids = !known;
            platform.press_in(1, &group, &users[0], &id, 0).unwrap();
            let pressed = event(&mut platform, 1);
            assert_eq!(pressed["postback"]["data"], "d");
            assert_eq!(pressed["source"].get("userId").is_some(), known);
        }
        platform.faults.group_without_user_ids = false;
        platform.say_in(2, &group, &users[1], "hello");
        assert_eq!(event(&mut platform, 2)["message"]["text"], "hello");
        let stranger = platform.add_user("d");
        assert_eq!(platform.press_in(3, &group, &stranger, &id, 0), Err(PressError::NoPerson));
        platform.come(3, &group, &[&stranger, &users[0]]);
        let joined = event(&mut platform, 3);
        assert_eq!(joined["joined"]["members"], json!([{ "type": "user", "userId": stranger }]));
    }

    #[test]
    fn an_account_knows_the_number_and_the_names_of_those_it_can_name() {
        let (mut platform, group, users) = with_group(Settings::default());
        let path = |rest: &str| format!("/v2/bot/group/{group}/{rest}");
        assert_eq!(get(&mut platform, &path("summary")).0, 404, "not in it yet");
        platform.invite_account(0, &group);
        assert_eq!(get(&mut platform, &path("members/count")), (200, json!({ "count": 3 })));
        assert_eq!(get(&mut platform, &path("summary")).1["groupName"], "g");
        let member = format!("member/{}", users[1]);
        assert_eq!(get(&mut platform, &path(&member)).1["displayName"], "b");
        assert_eq!(get(&mut platform, &path("members/ids")).0, 403);
        platform.go(1, &group, &users[1]);
        assert_eq!(get(&mut platform, &path(&member)).0, 404);
        assert_eq!(get(&mut platform, "/v2/bot/group/x/summary").0, 400);
    }
}
