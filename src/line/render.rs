//! Turns messages into LINE's message objects and request bodies, within LINE's limits.

use serde::Serialize;

use super::flex::{self, Container};
use super::postback;
use crate::domain::id::Address;
use crate::domain::invitation::Mint;
use crate::domain::message::Message;
use crate::locale::{self, Act, Button, Card, Speech, Voice};

/// Longest `altText`, in UTF-16 units.
const ALT_UNITS_MAX: usize = 1500;

/// Longest label of a Flex button, in characters as a reader counts them.
const LABEL_CHARS_MAX: usize = 40;

#[derive(Serialize)]
struct Push<'a> {
    to: &'a str,
    messages: Vec<Object<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    reply_token: &'a str,
    messages: Vec<Object<'a>>,
}

/// A message object.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
enum Object<'a> {
    Text { text: &'a str },
    Flex { alt_text: String, contents: Container<'a> },
}

/// An action object: what a button does. A press shows as the person's own words in the chat, so that they see what
/// they did.
#[derive(Serialize, Debug)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub(super) enum Action<'a> {
    Postback {
        label: &'a str,
        data: String,
        display_text: &'a str,
    },
    DatetimePicker {
        label: &'a str,
        data: String,
        mode: &'static str,
        initial: String,
        min: String,
        max: String,
    },
    Uri {
        label: &'a str,
        uri: String,
    },
}

/// The body of a push to one person.
#[must_use]
pub fn push_body(to: &Address, messages: &[Message], voice: &Voice, mint: &Mint) -> Vec<u8> {
    let speeches = speeches(messages, voice);
    body(&Push { to: to.as_str(), messages: objects(&speeches, voice, mint) })
}

/// The body of a reply.
#[must_use]
pub fn reply_body(token: &str, messages: &[Message], voice: &Voice, mint: &Mint) -> Vec<u8> {
    let speeches = speeches(messages, voice);
    body(&Reply { reply_token: token, messages: objects(&speeches, voice, mint) })
}

fn body(request: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(request).expect("texts, lists and names of fields alone")
}

fn speeches(messages: &[Message], voice: &Voice) -> Vec<Speech> {
    messages.iter().map(|message| locale::say(message, voice)).collect()
}

fn objects<'a>(speeches: &'a [Speech], voice: &Voice, mint: &Mint) -> Vec<Object<'a>> {
    speeches.iter().map(|speech| object(speech, voice, mint)).collect()
}

fn object<'a>(speech: &'a Speech, voice: &Voice, mint: &Mint) -> Object<'a> {
    match speech {
        Speech::Text(text) => Object::Text { text },
        Speech::Card(card) => flex_message(&card.alt, bubble(card, voice, mint)),
        Speech::Cards { alt, cards } => {
            let contents = cards.iter().map(|card| bubble(card, voice, mint)).collect();
            flex_message(alt, Container::Carousel { contents })
        }
    }
}

fn flex_message<'a>(alt: &str, contents: Container<'a>) -> Object<'a> {
    Object::Flex { alt_text: cut_units(alt, ALT_UNITS_MAX), contents }
}

fn bubble<'a>(card: &'a Card, voice: &Voice, mint: &Mint) -> Container<'a> {
    flex::bubble(card, |button| action(button, voice, mint))
}

fn action<'a>(button: &'a Button, voice: &Voice, mint: &Mint) -> Action<'a> {
    let label = cut_chars(&button.label, LABEL_CHARS_MAX);
    match &button.act {
        Act::Press(press) => {
            Action::Postback { label, data: postback::write(*press, mint), display_text: label }
        }
        Act::PickDay(press, first, last) => Action::DatetimePicker {
            label,
            data: postback::write(*press, mint),
            mode: "date",
            initial: first.to_string(),
            min: first.to_string(),
            max: last.to_string(),
        },
        Act::Link(uri) => Action::Uri { label, uri: uri.clone() },
        Act::Page(link) => Action::Uri { label, uri: voice.page_link(link, &link.token(mint)) },
    }
}

/// The beginning of a text, at most so many characters of it.
fn cut_chars(text: &str, chars_max: usize) -> &str {
    text.char_indices().nth(chars_max).map_or(text, |(end, _)| &text[..end])
}

/// The beginning of a text that fits into so many UTF-16 units.
fn cut_units(text: &str, units_max: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= units_max
        })
        .collect()
}
