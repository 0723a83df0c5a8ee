//! The body of a webhook, read leniently: LINE adds fields, event types and enum values without
//! notice, and one event that makes no sense must not cost the others.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{command, postback};
use crate::domain::event::{Act, Chat, Event, GroupAct, GroupEvent};
use crate::domain::id::Address;
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;

/// Longest event identity taken; LINE's are 26 characters.
const ID_BYTES_MAX: usize = 64;

/// People of one event who are looked at; LINE's groups are no larger.
const MEMBERS_MAX: usize = 500;

/// What a signed body was.
#[derive(Debug, PartialEq, Eq)]
pub struct Received {
    /// Events of 1:1 chats and groups, in the order in which they happened.
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
    let mut events: Vec<(Moment, Event)> =
        values.filter_map(|event| Some((at(&event)?, read_one(&event, mint)?))).collect();
    // LINE does not promise an order; what people did has one.
    events.sort_by_key(|(at, _)| *at);
    let ignored = total - events.len();
    Ok(Received { events: events.into_iter().map(|(_, event)| event).collect(), ignored })
}

fn at(event: &Value) -> Option<Moment> {
    Some(Moment::from_millis(event.get("timestamp")?.as_i64()?))
}

fn id(event: &Value) -> Option<String> {
    let id = text(event, "webhookEventId").filter(|id| (1..=ID_BYTES_MAX).contains(&id.len()))?;
    Some(id.to_owned())
}

/// An event of a 1:1 chat or of a group. Rooms are as good as gone; in a 1:1 chat, events without a user cannot
/// be ours.
fn read_one(event: &Value, mint: &Mint) -> Option<Event> {
    let source = event.get("source")?;
    match text(source, "type")? {
        "user" => chat(event, source, mint).map(Event::Chat),
        "group" => group(event, source, mint).map(Event::Group),
        _ => None,
    }
}

fn chat(event: &Value, source: &Value, mint: &Mint) -> Option<Chat> {
    Some(Chat {
        id: id(event)?,
        at: at(event)?,
        from: Address::line(text(source, "userId")?)?,
        reply_token: text(event, "replyToken").map(str::to_owned),
        act: act(event, mint)?,
    })
}

/// An event of a group. Whose it is, LINE says only sometimes.
fn group(event: &Value, source: &Value, mint: &Mint) -> Option<GroupEvent> {
    Some(GroupEvent {
        id: id(event)?,
        at: at(event)?,
        group: Address::line(text(source, "groupId")?)?,
        by: text(source, "userId").and_then(Address::line),
        reply_token: text(event, "replyToken").map(str::to_owned),
        act: group_act(event, mint)?,
    })
}

fn group_act(event: &Value, mint: &Mint) -> Option<GroupAct> {
    match text(event, "type")? {
        "join" => Some(GroupAct::Invited),
        "leave" => Some(GroupAct::Removed),
        "memberJoined" => Some(GroupAct::Came(members(event.get("joined")?))),
        "memberLeft" => Some(GroupAct::Went(members(event.get("left")?))),
        "postback" => Some(match pressed(event, mint) {
            Act::Pressed(press) => GroupAct::Pressed(press),
            _ => GroupAct::PressedUnknown,
        }),
        "message" => Some(spoke(event.get("message")?)),
        _ => None,
    }
}

/// People write to each other here. Of that, one word is looked for, and nothing else is read.
fn spoke(message: &Value) -> GroupAct {
    let called = text(message, "text").is_some_and(command::calls_us);
    if called { GroupAct::Called } else { GroupAct::Spoke }
}

fn members(of: &Value) -> Vec<Address> {
    let members = of.get("members").and_then(Value::as_array);
    let ids = members.into_iter().flatten().filter_map(|member| text(member, "userId"));
    ids.take(MEMBERS_MAX).filter_map(Address::line).collect()
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
