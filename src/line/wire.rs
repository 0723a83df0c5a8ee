//! The body of a webhook, read leniently: LINE adds fields, event types and enum values without
//! notice, and one event that makes no sense must not cost the others.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{command, postback};
use crate::domain::event::{Act, Chat, Event};
use crate::domain::id::Address;
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;

/// Longest event identity taken; LINE's are 26 characters.
const ID_BYTES_MAX: usize = 64;

/// What a signed body was.
#[derive(Debug, PartialEq, Eq)]
pub struct Received {
    /// Events of 1:1 chats, in the order in which they happened.
    pub events: Vec<Event>,
    /// Events that concern us in no way, or made no sense.
    pub ignored: usize,
}

/// The signed body is no webhook.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the signed body is no webhook of LINE")]
pub struct NoWebhook;

/// Events stay raw: one that is no sound JSON value must not cost the others.
#[derive(Deserialize)]
struct Envelope<'b> {
    #[serde(borrow)]
    events: Vec<&'b RawValue>,
}

/// Reads a body whose signature was verified.
pub fn read(body: &[u8], mint: &Mint) -> Result<Received, NoWebhook> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(NoWebhook);
    }
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|_| NoWebhook)?;
    let total = envelope.events.len();
    let values = envelope.events.iter().filter_map(|raw| serde_json::from_str(raw.get()).ok());
    let mut chats: Vec<Chat> = values.filter_map(|event| chat(&event, mint)).collect();
    // LINE does not promise an order; what people did has one.
    chats.sort_by_key(|chat| chat.at);
    let ignored = total - chats.len();
    Ok(Received { events: chats.into_iter().map(Event::Chat).collect(), ignored })
}

/// An event of a 1:1 chat. Groups and rooms come later; events without a user cannot be ours.
fn chat(event: &Value, mint: &Mint) -> Option<Chat> {
    let source = event.get("source")?;
    if text(source, "type") != Some("user") {
        return None;
    }
    let id = text(event, "webhookEventId").filter(|id| (1..=ID_BYTES_MAX).contains(&id.len()))?;
    Some(Chat {
        id: id.to_owned(),
        at: Moment::from_millis(event.get("timestamp")?.as_i64()?),
        from: Address::line(text(source, "userId")?)?,
        reply_token: text(event, "replyToken").map(str::to_owned),
        act: act(event, mint)?,
    })
}

fn act(event: &Value, mint: &Mint) -> Option<Act> {
    match text(event, "type")? {
        "follow" => Some(Act::Followed),
        "unfollow" => Some(Act::Blocked),
        "postback" => Some(pressed(event, mint)),
        "message" => Some(message(event.get("message")?)),
        _ => None,
    }
}

fn pressed(event: &Value, mint: &Mint) -> Act {
    let data = event.get("postback").and_then(|postback| text(postback, "data"));
    let Some(press) = data.and_then(|data| postback::read(data, mint)) else {
        return Act::PressedUnknown;
    };
    let params = event.get("postback").and_then(|postback| postback.get("params"));
    let day = params.and_then(|params| text(params, "date")).and_then(|day| day.parse().ok());
    day.map_or(Act::Pressed(press), |day| Act::Picked(press, day))
}

/// Text is read; of everything else it only counts that it was sent.
fn message(message: &Value) -> Act {
    match (text(message, "type"), text(message, "text")) {
        (Some("text"), Some(typed)) => Act::Said(command::read(typed)),
        (Some("sticker" | "image" | "video" | "audio" | "location" | "file"), _) => Act::Showed,
        _ => Act::Other,
    }
}

fn text<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field)?.as_str()
}
