//! Checks message objects against LINE's limits: the types, their common properties and the plain ones.
//!
//! Templates and flex content have files of their own. It must not look at recipients: LINE's validate endpoints
//! check exactly this much and no more.

use serde_json::Value;

use super::action::in_quick_reply;
use super::schema::{Field, Issues, Place, Rule, Unit, Wrong, https_url, kind, may, need, object};
use super::{flex, imagemap, template, text};

const KINDS: &[&str] = &[
    "text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template",
    "flex", "coupon",
];
/// Types that can be quoted later: only these get a quote token.
const QUOTABLE: &[&str] = &["text", "textV2", "sticker", "image", "video", "template", "flex"];

/// Characters in an alternative text, in UTF-16 units.
pub(super) const ALT_TEXT: Rule = Rule::Text(Unit::Utf16, 1_500);
const URL: Rule = Rule::Nested(https_url);

const COMMON: &[Field] = &[
    need("type", Rule::Any),
    may("quickReply", Rule::Nested(quick_reply)),
    may("sender", Rule::Nested(sender)),
];
const TEXT: &[Field] = &[
    need("text", text::TEXT),
    may("emojis", Rule::List(0, 20, text::emoji)),
    may("quoteToken", Rule::Any),
];
const TEXT_V2: &[Field] = &[
    need("text", text::TEXT),
    may("substitution", Rule::Nested(text::substitution)),
    may("quoteToken", Rule::Any),
];
const STICKER: &[Field] =
    &[need("packageId", Rule::Any), need("stickerId", Rule::Any), may("quoteToken", Rule::Any)];
const IMAGE: &[Field] = &[need("originalContentUrl", URL), need("previewImageUrl", URL)];
const VIDEO: &[Field] = &[may("trackingId", Rule::Text(Unit::Utf16, 100))];
const AUDIO: &[Field] =
    &[need("originalContentUrl", URL), need("duration", Rule::Whole(1, 86_400_000))];
const LOCATION: &[Field] = &[
    need("title", Rule::Text(Unit::Utf16, 100)),
    need("address", Rule::Text(Unit::Utf16, 100)),
    need("latitude", Rule::Number),
    need("longitude", Rule::Number),
];
const TEMPLATE: &[Field] =
    &[need("altText", ALT_TEXT), need("template", Rule::Nested(template::template))];
const FLEX: &[Field] = &[need("altText", ALT_TEXT), need("contents", Rule::Nested(flex_contents))];
const COUPON: &[Field] = &[need("couponId", Rule::Any), may("deliveryTag", Rule::Any)];

/// Checks one message object.
pub(super) fn message(value: &Value, place: &Place, issues: &mut Issues) {
    let Some(kind) = kind(value, place, KINDS, issues) else { return };
    let groups: &[&[Field]] = match kind {
        "text" => &[COMMON, TEXT],
        "textV2" => &[COMMON, TEXT_V2],
        "sticker" => &[COMMON, STICKER],
        "image" => &[COMMON, IMAGE],
        "video" => &[COMMON, IMAGE, VIDEO],
        "audio" => &[COMMON, AUDIO],
        "location" => &[COMMON, LOCATION],
        "imagemap" => &[COMMON, imagemap::FIELDS],
        "template" => &[COMMON, TEMPLATE],
        "flex" => &[COMMON, FLEX],
        _ => &[COMMON, COUPON],
    };
    let errors_before = object(value, place, groups, issues);
    match (kind, errors_before) {
        ("text", Some(_)) => text::check_emojis(value, place, issues),
        ("textV2", Some(_)) => text::check_placeholders(value, place, issues),
        _ => {}
    }
}

/// Whether LINE hands out a quote token for a message of this kind.
pub(super) fn is_quotable(message: &Value) -> bool {
    message["type"].as_str().is_some_and(|kind| QUOTABLE.contains(&kind))
}

/// What a locked phone shows for a message: its text, its alternative text, or what kind of thing came.
pub(super) fn notification(message: &Value, bot_name: &str) -> String {
    if let Some(words) = message["altText"].as_str() {
        return words.to_owned();
    }
    match message["type"].as_str() {
        Some("text") => message["text"].as_str().unwrap_or_default().to_owned(),
        Some("textV2") => text::plain(message),
        Some("image") => format!("{bot_name} sent a photo"),
        Some(kind) => format!("{bot_name} sent: {kind}"),
        None => bot_name.to_owned(),
    }
}

fn flex_contents(value: &Value, place: &Place, issues: &mut Issues) {
    flex::container(value, &place.flex(), issues);
}

fn quick_reply(value: &Value, place: &Place, issues: &mut Issues) {
    object(value, place, &[&[need("items", Rule::List(1, 13, quick_reply_item))]], issues);
}

fn quick_reply_item(value: &Value, place: &Place, issues: &mut Issues) {
    const FIELDS: &[Field] = &[
        need("type", Rule::Word(&["action"])),
        may("imageUrl", URL),
        need("action", Rule::Nested(in_quick_reply)),
    ];
    object(value, place, &[FIELDS], issues);
}

fn sender(value: &Value, place: &Place, issues: &mut Issues) {
    const FIELDS: &[Field] = &[may("name", Rule::Text(Unit::Utf16, 20)), may("iconUrl", URL)];
    object(value, place, &[FIELDS], issues);
    if value["name"].as_str().is_some_and(|name| name.to_ascii_uppercase().contains("LINE")) {
        issues.add(&place.at("name"), Wrong::text("The name contains a reserved word"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::tests::verdict;
    use super::*;
    use serde_json::json;

    fn buttons(count: usize) -> Vec<Value> {
        vec![
            json!({"type": "action", "action": {"type": "message", "label": "a", "text": "a"}});
            count
        ]
    }

    #[test]
    fn a_text_may_have_five_thousand_utf16_units() {
        for (text, fine) in [
            ("a".repeat(5_000), true),
            ("a".repeat(5_001), false),
            ("\u{1f600}".repeat(2_500), true),
            ("\u{1f600}".repeat(2_501), false),
        ] {
            let found = verdict(&json!({"type": "text", "text": text}), message);
            assert_eq!(found.is_empty(), fine);
            assert!(
                fine || found.ends_with("messages[0].text: Length must be between 0 and 5000"),
                "{found}"
            );
        }
    }

    #[test]
    fn an_empty_or_absent_text_may_not_be_empty() {
        for body in [json!({"type": "text"}), json!({"type": "text", "text": ""})] {
            assert_eq!(
                verdict(&body, message),
                "The request body has 1 error(s) | messages[0].text: May not be empty"
            );
        }
    }

    #[test]
    fn an_unknown_type_is_answered_with_the_list_of_types() {
        let found = verdict(&json!({"type": "bogus"}), message);
        assert!(
            found.contains(
                "messages[0].type: Must be one of the following values: [text, textV2, sticker"
            ),
            "{found}"
        );
    }

    #[test]
    fn unknown_properties_are_refused_so_that_typos_surface() {
        let found = verdict(&json!({"type": "text", "text": "a", "quickreply": {}}), message);
        assert!(found.contains("messages[0].quickreply: Unknown property"));
    }

    #[test]
    fn quick_replies_are_one_to_thirteen() {
        for (count, fine) in [(0, false), (1, true), (13, true), (14, false)] {
            let body =
                json!({"type": "text", "text": "a", "quickReply": {"items": buttons(count)}});
            assert_eq!(verdict(&body, message).is_empty(), fine, "{count}");
        }
    }

    #[test]
    fn an_alternative_text_ends_at_fifteen_hundred() {
        let body = |chars: usize| {
            json!({"type": "template", "altText": "a".repeat(chars), "template": {"type": "confirm", "text": "a", "actions": [
            {"type": "message", "label": "a", "text": "a"}, {"type": "message", "label": "b", "text": "b"}]}})
        };
        assert_eq!(verdict(&body(1_500), message), "");
        assert!(
            verdict(&body(1_501), message)
                .contains("messages[0].altText: Length must be between 0 and 1500")
        );
        assert!(verdict(&body(0), message).contains("messages[0].altText: May not be empty"));
    }

    #[test]
    fn a_sender_has_a_short_name_that_is_not_the_services_own() {
        let body = |name: &str| json!({"type": "text", "text": "a", "sender": {"name": name}});
        assert_eq!(verdict(&body(&"a".repeat(20)), message), "");
        assert!(verdict(&body(&"a".repeat(21)), message).contains("sender.name: Length"));
        assert!(verdict(&body("Line staff"), message).contains("reserved word"));
    }

    #[test]
    fn the_other_types_ask_for_their_properties() {
        let image = json!({"type": "image", "originalContentUrl": "https://a.example/1.jpg", "previewImageUrl": "http://a.example/1.jpg"});
        assert!(verdict(&image, message).contains("previewImageUrl: invalid uri scheme"));
        assert!(
            verdict(&json!({"type": "sticker", "packageId": "1"}), message)
                .contains("stickerId: May not be empty")
        );
        assert!(
            verdict(&json!({"type": "sticker", "packageId": 1, "stickerId": "2"}), message)
                .contains("'messages[0].packageId'")
        );
        let place = json!({"type": "location", "title": "a", "address": "b", "latitude": 35.6, "longitude": 139.7});
        assert_eq!(verdict(&place, message), "");
        let audio = json!({"type": "audio", "originalContentUrl": "https://a.example/1.m4a", "duration": 0});
        assert!(verdict(&audio, message).contains("duration: Must be an integer"));
    }

    #[test]
    fn the_lock_screen_shows_the_text_or_the_alternative_text() {
        assert_eq!(notification(&json!({"type": "text", "text": "a"}), "bot"), "a");
        assert_eq!(notification(&json!({"type": "flex", "altText": "b"}), "bot"), "b");
        assert_eq!(notification(&json!({"type": "image"}), "bot"), "bot sent a photo");
    }
}
