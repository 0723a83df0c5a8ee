//! Turns messages into LINE's message objects and request bodies, within LINE's limits.

use serde_json::{Value, json};

use super::{flex, postback};
use crate::domain::id::Address;
use crate::domain::invitation::Mint;
use crate::domain::message::Message;
use crate::locale::{self, Act, Button, Card, Speech, Voice};

/// Longest `altText`, in UTF-16 units.
const ALT_UNITS_MAX: usize = 1500;

/// Longest label of a Flex button, in characters as a reader counts them.
const LABEL_CHARS_MAX: usize = 40;

/// The body of a push to one person.
#[must_use]
pub fn push_body(to: &Address, messages: &[Message], voice: &Voice, mint: &Mint) -> Vec<u8> {
    body(&json!({ "to": to.as_str(), "messages": objects(messages, voice, mint) }))
}

/// The body of a reply.
#[must_use]
pub fn reply_body(token: &str, messages: &[Message], voice: &Voice, mint: &Mint) -> Vec<u8> {
    body(&json!({ "replyToken": token, "messages": objects(messages, voice, mint) }))
}

fn body(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn objects(messages: &[Message], voice: &Voice, mint: &Mint) -> Vec<Value> {
    messages.iter().map(|message| object(&locale::say(message, voice), voice, mint)).collect()
}

fn object(speech: &Speech, voice: &Voice, mint: &Mint) -> Value {
    match speech {
        Speech::Text(text) => json!({ "type": "text", "text": text }),
        Speech::Card(card) => flex_message(&card.alt, bubble(card, voice, mint)),
        Speech::Cards { alt, cards } => {
            let bubbles: Vec<Value> = cards.iter().map(|card| bubble(card, voice, mint)).collect();
            flex_message(alt, json!({ "type": "carousel", "contents": bubbles }))
        }
    }
}

fn flex_message(alt: &str, contents: Value) -> Value {
    json!({ "type": "flex", "altText": cut_units(alt, ALT_UNITS_MAX), "contents": contents })
}

fn bubble(card: &Card, voice: &Voice, mint: &Mint) -> Value {
    flex::bubble(card, |button| action(button, voice, mint))
}

/// A press shows as the person's own words in the chat, so that they see what they did.
fn action(button: &Button, voice: &Voice, mint: &Mint) -> Value {
    let label: String = button.label.chars().take(LABEL_CHARS_MAX).collect();
    match &button.act {
        Act::Press(press) => json!({
            "type": "postback",
            "label": label,
            "data": postback::write(*press, mint),
            "displayText": label,
        }),
        Act::PickDay(press, first, last) => json!({
            "type": "datetimepicker",
            "label": label,
            "data": postback::write(*press, mint),
            "mode": "date",
            "initial": first.to_string(),
            "min": first.to_string(),
            "max": last.to_string(),
        }),
        Act::Link(uri) => json!({ "type": "uri", "label": label, "uri": uri }),
        Act::Page(link) => {
            let uri = voice.page_link(link, &link.token(mint));
            json!({ "type": "uri", "label": label, "uri": uri })
        }
    }
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
