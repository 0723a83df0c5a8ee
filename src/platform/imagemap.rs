//! Checks imagemap messages: one picture with tappable areas.
//!
//! It must not fetch anything: pictures and videos are addresses to it.

use serde_json::Value;

use super::message::ALT_TEXT;
use super::schema::{Field, Issues, Place, Rule, Unit, https_url, kind, may, need, object};

/// The properties of an imagemap besides the common ones.
pub(super) const FIELDS: &[Field] = &[
    need("baseUrl", Rule::Nested(https_url)),
    need("altText", ALT_TEXT),
    need("baseSize", Rule::Nested(base_size)),
    need("actions", Rule::List(1, 50, action)),
    may("video", Rule::Nested(video)),
];
const ACTION: &[Field] = &[
    need("type", Rule::Any),
    need("area", Rule::Nested(area)),
    may("label", Rule::Text(Unit::Utf16, 100)),
];
const URI: &[Field] = &[need("linkUri", Rule::Text(Unit::Utf16, 1_000))];
const MESSAGE: &[Field] = &[need("text", Rule::Text(Unit::Utf16, 400))];
const CLIPBOARD: &[Field] = &[need("clipboardText", Rule::Text(Unit::Utf16, 1_000))];

fn action(value: &Value, place: &Place, issues: &mut Issues) {
    let own = match kind(value, place, &["uri", "message", "clipboard"], issues) {
        Some("uri") => URI,
        Some("message") => MESSAGE,
        Some(_) => CLIPBOARD,
        None => return,
    };
    object(value, place, &[ACTION, own], issues);
}

fn base_size(value: &Value, place: &Place, issues: &mut Issues) {
    const SIZE: &[Field] =
        &[need("width", Rule::Whole(1_040, 1_040)), need("height", Rule::Whole(1, 10_000))];
    object(value, place, &[SIZE], issues);
}

fn area(value: &Value, place: &Place, issues: &mut Issues) {
    const EDGE: Rule = Rule::Whole(0, 10_000);
    object(
        value,
        place,
        &[&[need("x", EDGE), need("y", EDGE), need("width", EDGE), need("height", EDGE)]],
        issues,
    );
}

fn video(value: &Value, place: &Place, issues: &mut Issues) {
    const VIDEO: &[Field] = &[
        need("originalContentUrl", Rule::Nested(https_url)),
        need("previewImageUrl", Rule::Nested(https_url)),
        need("area", Rule::Nested(area)),
        may("externalLink", Rule::Nested(external_link)),
    ];
    object(value, place, &[VIDEO], issues);
}

fn external_link(value: &Value, place: &Place, issues: &mut Issues) {
    const LINK: &[Field] = &[
        need("linkUri", Rule::Text(Unit::Utf16, 1_000)),
        need("label", Rule::Text(Unit::Utf16, 30)),
    ];
    object(value, place, &[LINK], issues);
}

#[cfg(test)]
mod tests {
    use super::super::message::message;
    use super::super::schema::tests::verdict;
    use serde_json::json;

    #[test]
    fn an_imagemap_is_1040_wide_and_has_areas() {
        let body = |width: u32| {
            json!({"type": "imagemap", "baseUrl": "https://a.example/map", "altText": "a", "baseSize": {"width": width, "height": 520},
            "actions": [{"type": "message", "text": "a", "area": {"x": 0, "y": 0, "width": 520, "height": 520}}]})
        };
        assert_eq!(verdict(&body(1_040), message), "");
        assert!(verdict(&body(1_041), message).contains("baseSize.width"));
    }
}
