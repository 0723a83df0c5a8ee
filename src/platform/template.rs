//! Checks the `template` of template messages: confirm, buttons, carousel and image carousel.
//!
//! Template texts count graphemes, unlike every other text.

use serde_json::Value;

use super::action::{behind_template, in_image_carousel, in_template};
use super::schema::{Field, Issues, Place, Rule, Unit, Wrong, https_url, kind, may, need, object};

const URL: Rule = Rule::Nested(https_url);
const COLOR: Rule = Rule::Any;

const CONFIRM: &[Field] = &[
    need("type", Rule::Any),
    need("text", Rule::Text(Unit::Grapheme, 240)),
    need("actions", Rule::List(2, 2, in_template)),
];
const BUTTONS: &[Field] = &[
    need("type", Rule::Any),
    may("thumbnailImageUrl", URL),
    may("imageAspectRatio", Rule::Word(&["rectangle", "square"])),
    may("imageSize", Rule::Word(&["cover", "contain"])),
    may("imageBackgroundColor", COLOR),
    may("title", Rule::Text(Unit::Grapheme, 40)),
    need("text", Rule::Text(Unit::Grapheme, 160)),
    may("defaultAction", Rule::Nested(behind_template)),
    need("actions", Rule::List(1, 4, in_template)),
];
const CAROUSEL: &[Field] = &[
    need("type", Rule::Any),
    need("columns", Rule::List(1, 10, column)),
    may("imageAspectRatio", Rule::Word(&["rectangle", "square"])),
    may("imageSize", Rule::Word(&["cover", "contain"])),
];
const COLUMN: &[Field] = &[
    may("thumbnailImageUrl", URL),
    may("imageBackgroundColor", COLOR),
    may("title", Rule::Text(Unit::Grapheme, 40)),
    need("text", Rule::Text(Unit::Grapheme, 120)),
    may("defaultAction", Rule::Nested(behind_template)),
    need("actions", Rule::List(1, 3, in_template)),
];
const IMAGE_CAROUSEL: &[Field] =
    &[need("type", Rule::Any), need("columns", Rule::List(1, 10, image_column))];

/// Checks the `template` property.
pub(super) fn template(value: &Value, place: &Place, issues: &mut Issues) {
    match kind(value, place, &["confirm", "buttons", "carousel", "image_carousel"], issues) {
        Some("confirm") => _ = object(value, place, &[CONFIRM], issues),
        Some("buttons") => {
            object(value, place, &[BUTTONS], issues);
            short_beside_a_picture(value, place, issues);
        }
        Some("carousel") => carousel(value, place, issues),
        Some(_) => _ = object(value, place, &[IMAGE_CAROUSEL], issues),
        None => {}
    }
}

/// A title or a picture takes room: the text below it may then have 60 characters only.
fn short_beside_a_picture(value: &Value, place: &Place, issues: &mut Issues) {
    let crowded = value.get("title").is_some() || value.get("thumbnailImageUrl").is_some();
    if crowded && value["text"].as_str().is_some_and(|text| Unit::Grapheme.count(text) > 60) {
        issues.add(&place.at("text"), Wrong::Long(60));
    }
}

fn column(value: &Value, place: &Place, issues: &mut Issues) {
    object(value, place, &[COLUMN], issues);
    short_beside_a_picture(value, place, issues);
}

fn image_column(value: &Value, place: &Place, issues: &mut Issues) {
    const FIELDS: &[Field] =
        &[need("imageUrl", URL), need("action", Rule::Nested(in_image_carousel))];
    object(value, place, &[FIELDS], issues);
}

fn carousel(value: &Value, place: &Place, issues: &mut Issues) {
    object(value, place, &[CAROUSEL], issues);
    let Some(columns) = value["columns"].as_array() else { return };
    let mut counts = columns.iter().map(|column| column["actions"].as_array().map_or(0, Vec::len));
    let first = counts.next();
    if counts.any(|count| Some(count) != first) {
        issues.add(
            &place.at("columns"),
            Wrong::text("All columns must have the same number of actions"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::tests::verdict;
    use super::*;
    use serde_json::json;

    fn actions(count: usize) -> Value {
        json!(vec![json!({"type": "message", "label": "a", "text": "a"}); count])
    }

    #[test]
    fn a_confirm_has_exactly_two_actions_and_240_characters() {
        for (count, chars, fine) in
            [(2, 240, true), (1, 240, false), (3, 240, false), (2, 241, false)]
        {
            let body = json!({"type": "confirm", "text": "\u{3042}".repeat(chars), "actions": actions(count)});
            assert_eq!(verdict(&body, template).is_empty(), fine, "{count} {chars}");
        }
    }

    #[test]
    fn buttons_have_one_to_four_actions() {
        for (count, fine) in [(0, false), (1, true), (4, true), (5, false)] {
            let body = json!({"type": "buttons", "text": "a", "actions": actions(count)});
            assert_eq!(verdict(&body, template).is_empty(), fine, "{count}");
        }
    }

    #[test]
    fn a_buttons_text_shrinks_beside_a_title() {
        let body = |chars: usize, title: Option<&str>| {
            let mut body =
                json!({"type": "buttons", "text": "a".repeat(chars), "actions": actions(1)});
            if let Some(title) = title {
                body["title"] = json!(title);
            }
            verdict(&body, template)
        };
        assert_eq!(body(160, None), "");
        assert!(body(161, None).contains("between 0 and 160"));
        assert_eq!(body(60, Some("t")), "");
        assert!(body(61, Some("t")).contains("text: Length must be between 0 and 60"));
        assert!(body(10, Some(&"t".repeat(41))).contains("title: Length must be between 0 and 40"));
    }

    #[test]
    fn carousel_columns_have_equally_many_actions() {
        let body = |counts: &[usize]| json!({"type": "carousel", "columns": counts.iter().map(|n| json!({"text": "a", "actions": actions(*n)})).collect::<Vec<_>>()});
        assert_eq!(verdict(&body(&[2, 2]), template), "");
        assert!(verdict(&body(&[3, 1]), template).contains("same number of actions"));
        assert_eq!(verdict(&body(&[1; 10]), template), "");
        assert!(
            verdict(&body(&[1; 11]), template).contains("columns: Size must be between 1 and 10")
        );
    }
}
