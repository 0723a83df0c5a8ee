//! People with their phones: friendship, blocking, and what each would see.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Platform;
use super::button::{self, ActionView};

/// A person who is no friend still receives pushes for so long after writing.
const WROTE_MS: i64 = 7 * 24 * 3_600_000;

/// Bubbles a phone remembers.
const ITEMS_MAX: usize = 2_000;

/// Who a bubble is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The account.
    Bot,
    /// The owner of the phone.
    Me,
}

/// One bubble in a chat.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatItem {
    /// Rises over all phones.
    pub seq: u64,
    /// The message id.
    pub id: String,
    /// When it arrived, Unix milliseconds.
    pub at_ms: i64,
    /// Who it is from.
    pub from: From,
    /// What the locked phone shows; nothing for one's own or a silent message.
    pub notification: Option<String>,
    /// The message object.
    pub content: Value,
    /// Whether it came as a reply, which costs nothing.
    pub reply: bool,
}

impl ChatItem {
    /// What can be pressed on it.
    #[must_use]
    pub fn actions(&self) -> Vec<ActionView> {
        button::actions(&self.content)
    }
}

/// What a person's phone shows of the account.
#[derive(Clone, Debug, Default)]
pub struct Phone {
    /// The display name.
    pub name: String,
    /// Whether the account is a friend.
    pub friend: bool,
    /// Whether the account is blocked.
    pub blocked: bool,
    /// The chat, oldest first.
    pub items: Vec<ChatItem>,
}

/// A person.
#[derive(Debug, Default)]
pub(super) struct Person {
    pub(super) phone: Phone,
    pub(super) deleted: bool,
    pub(super) wrote_at_ms: Option<i64>,
}

impl Person {
    /// Whether a message would arrive.
    pub(super) fn receives(&self, now_ms: i64) -> bool {
        let wrote = self.wrote_at_ms.is_some_and(|at| now_ms.saturating_sub(at) <= WROTE_MS);
        !self.deleted && !self.phone.blocked && (self.phone.friend || wrote)
    }

    /// Whether the profile can be read.
    pub(super) fn shows_profile(&self) -> bool {
        !self.deleted && !self.phone.blocked && (self.phone.friend || self.wrote_at_ms.is_some())
    }

    pub(super) fn show(&mut self, item: ChatItem) {
        if self.phone.items.len() >= ITEMS_MAX {
            self.phone.items.drain(..ITEMS_MAX / 2);
        }
        self.phone.items.push(item);
    }
}

impl Platform {
    /// A new person who does not know the account yet; returns the user id.
    pub fn add_user(&mut self, name: &str) -> String {
        let id = format!("U{}", self.births.hex(32));
        let phone = Phone { name: name.to_owned(), ..Phone::default() };
        self.people.insert(id.clone(), Person { phone, ..Person::default() });
        self.order.push(id.clone());
        id
    }

    /// Everyone, in the order in which they came.
    #[must_use]
    pub fn users(&self) -> &[String] {
        &self.order
    }

    /// A person's phone.
    #[must_use]
    pub fn phone(&self, user: &str) -> Option<&Phone> {
        self.people.get(user).map(|person| &person.phone)
    }

    /// How many bubbles appeared so far, over all phones.
    #[must_use]
    pub fn bubble_count(&self) -> usize {
        usize::try_from(self.last_seq).unwrap_or(usize::MAX)
    }

    /// Shows a bubble on a phone; returns its message id.
    pub(super) fn show(
        &mut self,
        now_ms: i64,
        user: &str,
        from: From,
        content: Value,
        notification: Option<String>,
        reply: bool,
    ) -> String {
        let (id, seq) = (self.next_message_id(), self.next_seq());
        let item =
            ChatItem { seq, id: id.clone(), at_ms: now_ms, from, notification, content, reply };
        if let Some(person) = self.people.get_mut(user) {
            person.show(item);
        }
        self.has_news(user);
        id
    }

    pub(super) fn has_news(&mut self, chat: &str) {
        if !self.with_news.contains(chat) {
            self.with_news.insert(chat.to_owned());
        }
    }

    /// The people and groups in whose chats something appeared since this was last asked.
    pub fn take_news(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.with_news)
    }

    pub(super) fn people(&self) -> &BTreeMap<String, Person> {
        &self.people
    }
}

/// Whether a text has the form of a user id.
pub(super) fn is_user_id(text: &str) -> bool {
    let digits = text.strip_prefix('U').unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_receives_for_seven_days_after_writing_and_a_blocker_never() {
        let mut person = Person::default();
        assert!(!person.receives(0));
        person.wrote_at_ms = Some(0);
        assert!(person.receives(WROTE_MS));
        assert!(!person.receives(WROTE_MS + 1));
        person.phone.friend = true;
        assert!(person.receives(WROTE_MS + 1));
        person.phone.blocked = true;
        assert!(!person.receives(WROTE_MS + 1));
    }

    #[test]
    fn a_user_id_is_a_capital_u_and_32_lower_case_digits() {
        let id = Platform::default().add_user("a");
        assert!(is_user_id(&id));
        assert!(!is_user_id(&id.to_uppercase()));
        assert!(!is_user_id(&id[..32]));
    }
}
