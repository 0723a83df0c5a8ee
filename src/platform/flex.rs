//! Checks flex content: bubbles, carousels and the tree of components inside.
//!
//! Property tables live here, measures and colours in `measure`. It must not care about looks: anything LINE would
//! accept passes, however ugly.

use serde_json::Value;

use super::action::{in_flex, in_flex_button};
use super::measure::{
    angle, color, font_size, gap, icon_size, image_size, length, padding, percentage, pixels, ratio,
};
use super::schema::{Field, Issues, Place, Rule, Unit, Wrong, https_url, kind, may, need, object};

const BUBBLE_BYTES_MAX: usize = 30 * 1_024;
const CAROUSEL_BYTES_MAX: usize = 50 * 1_024;
const CAROUSEL_BUBBLES_MAX: usize = 12;
/// Generous: the documented limit is the bubble's size in bytes.
const CONTENTS_MAX: usize = 2_000;

const TYPE: &[Field] = &[need("type", Rule::Any)];
const FLEX: Field = may("flex", Rule::Whole(0, 100_000));
const MARGIN: Field = may("margin", Rule::Nested(gap));
const ACTION: Field = may("action", Rule::Nested(in_flex));
const SCALING: Field = may("scaling", Rule::Flag);
const SHRINK: Field = may("adjustMode", Rule::Word(&["shrink-to-fit"]));
const GRAVITY: Field = may("gravity", Rule::Word(&["top", "bottom", "center"]));
const ALIGN: Field = may("align", Rule::Word(&["start", "end", "center"]));
const ASPECT: Field = may("aspectRatio", Rule::Nested(ratio));
const COLOR: Rule = Rule::Nested(color);
const URL: Rule = Rule::Nested(https_url);

const PLACED: &[Field] = &[
    may("position", Rule::Word(&["relative", "absolute"])),
    may("offsetTop", Rule::Nested(padding)),
    may("offsetBottom", Rule::Nested(padding)),
    may("offsetStart", Rule::Nested(padding)),
    may("offsetEnd", Rule::Nested(padding)),
];
const LETTERS: &[Field] = &[
    may("size", Rule::Nested(font_size)),
    may("color", COLOR),
    may("weight", Rule::Word(&["regular", "bold"])),
    may("style", Rule::Word(&["normal", "italic"])),
    may("decoration", Rule::Word(&["none", "underline", "line-through"])),
];
const BOX: &[Field] = &[
    need("layout", Rule::Word(&["horizontal", "vertical", "baseline"])),
    need("contents", Rule::List(0, CONTENTS_MAX, component)),
    FLEX,
    MARGIN,
    ACTION,
    may("spacing", Rule::Nested(gap)),
    may("backgroundColor", COLOR),
    may("borderColor", COLOR),
    may("borderWidth", Rule::Nested(super::measure::border)),
    may("cornerRadius", Rule::Nested(gap)),
    may("width", Rule::Nested(length)),
    may("maxWidth", Rule::Nested(length)),
    may("height", Rule::Nested(length)),
    may("maxHeight", Rule::Nested(length)),
    may("paddingAll", Rule::Nested(padding)),
    may("paddingTop", Rule::Nested(padding)),
    may("paddingBottom", Rule::Nested(padding)),
    may("paddingStart", Rule::Nested(padding)),
    may("paddingEnd", Rule::Nested(padding)),
    may(
        "justifyContent",
        Rule::Word(&[
            "center",
            "flex-start",
            "flex-end",
            "space-between",
            "space-around",
            "space-evenly",
        ]),
    ),
    may("alignItems", Rule::Word(&["center", "flex-start", "flex-end"])),
    may("background", Rule::Nested(background)),
];
const BUTTON: &[Field] = &[
    need("action", Rule::Nested(in_flex_button)),
    FLEX,
    MARGIN,
    GRAVITY,
    SCALING,
    SHRINK,
    may("color", COLOR),
    may("style", Rule::Word(&["primary", "secondary", "link"])),
    may("height", Rule::Word(&["md", "sm"])),
];
const IMAGE: &[Field] = &[
    need("url", URL),
    FLEX,
    MARGIN,
    ACTION,
    ALIGN,
    GRAVITY,
    ASPECT,
    may("size", Rule::Nested(image_size)),
    may("aspectMode", Rule::Word(&["fit", "cover"])),
    may("backgroundColor", COLOR),
    may("animated", Rule::Flag),
];
const VIDEO: &[Field] = &[
    need("url", URL),
    need("previewUrl", URL),
    need("altContent", Rule::Nested(alt_content)),
    ASPECT,
    ACTION,
];
const ICON: &[Field] =
    &[need("url", URL), MARGIN, ASPECT, SCALING, may("size", Rule::Nested(icon_size))];
const TEXT: &[Field] = &[
    may("text", Rule::Any),
    may("contents", Rule::List(1, CONTENTS_MAX, span)),
    FLEX,
    MARGIN,
    ACTION,
    ALIGN,
    GRAVITY,
    SCALING,
    SHRINK,
    may("wrap", Rule::Flag),
    may("lineSpacing", Rule::Nested(pixels)),
    may("maxLines", Rule::Whole(0, 100_000)),
];
const SPAN: &[Field] = &[need("text", Rule::Any)];
const SEPARATOR: &[Field] = &[MARGIN, may("color", COLOR)];
const FILLER: &[Field] = &[FLEX];
const BUBBLE: &[Field] = &[
    may("size", Rule::Word(&["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"])),
    may("direction", Rule::Word(&["ltr", "rtl"])),
    may("header", Rule::Nested(box_only)),
    may("hero", Rule::Nested(hero)),
    may("body", Rule::Nested(box_only)),
    may("footer", Rule::Nested(box_only)),
    may("styles", Rule::Nested(styles)),
    ACTION,
];

/// Checks the `contents` of a flex message: one bubble or a carousel of them.
pub(super) fn container(value: &Value, place: &Place, issues: &mut Issues) {
    let (kind, bytes_max) = match kind(value, place, &["bubble", "carousel"], issues) {
        Some("bubble") => ("bubble", BUBBLE_BYTES_MAX),
        Some(_) => ("carousel", CAROUSEL_BYTES_MAX),
        None => return,
    };
    let bytes = value.to_string().len();
    if bytes > bytes_max {
        issues.add(
            place,
            Wrong::Text(format!("{kind} must be at most {bytes_max} bytes, it has {bytes}")),
        );
    }
    if kind == "bubble" {
        bubble(value, place, issues);
        return;
    }
    const CAROUSEL: &[Field] =
        &[need("contents", Rule::List(1, CAROUSEL_BUBBLES_MAX, bubble_in_carousel))];
    object(value, place, &[TYPE, CAROUSEL], issues);
    let sizes = value["contents"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|bubble| bubble["size"].as_str().unwrap_or("mega"));
    let sizes: Vec<&str> = sizes.collect();
    if sizes.iter().any(|size| Some(size) != sizes.first()) {
        issues.add(&place.at("contents"), Wrong::text("bubbles must have the same size"));
    }
}

fn bubble_in_carousel(value: &Value, place: &Place, issues: &mut Issues) {
    if kind(value, place, &["bubble"], issues).is_none() {
        return;
    }
    if value.to_string().len() > BUBBLE_BYTES_MAX {
        issues.add(place, Wrong::Text(format!("bubble must be at most {BUBBLE_BYTES_MAX} bytes")));
    }
    if value["hero"]["type"] == "video" {
        issues.add(&place.at("hero"), Wrong::text("invalid property"));
    }
    bubble(value, place, issues);
}

fn bubble(value: &Value, place: &Place, issues: &mut Issues) {
    object(value, place, &[TYPE, BUBBLE], issues);
    if !["header", "hero", "body", "footer"]
        .iter()
        .any(|block| value.get(block).is_some_and(|block| !block.is_null()))
    {
        issues.add(place, Wrong::text("at least one block must be specified"));
    }
    let wide = matches!(value["size"].as_str(), None | Some("kilo" | "mega" | "giga"));
    if value["hero"]["type"] == "video" && !wide {
        issues.add(&place.at("size"), Wrong::text("invalid property"));
    }
}

fn styles(value: &Value, place: &Place, issues: &mut Issues) {
    const STYLE: Rule = Rule::Nested(block_style);
    object(
        value,
        place,
        &[&[may("header", STYLE), may("hero", STYLE), may("body", STYLE), may("footer", STYLE)]],
        issues,
    );
}

fn block_style(value: &Value, place: &Place, issues: &mut Issues) {
    const FIELDS: &[Field] = &[
        may("backgroundColor", COLOR),
        may("separator", Rule::Flag),
        may("separatorColor", COLOR),
    ];
    object(value, place, &[FIELDS], issues);
}

fn background(value: &Value, place: &Place, issues: &mut Issues) {
    const FIELDS: &[Field] = &[
        need("type", Rule::Word(&["linearGradient"])),
        need("angle", Rule::Nested(angle)),
        need("startColor", COLOR),
        need("endColor", COLOR),
        may("centerColor", COLOR),
        may("centerPosition", Rule::Nested(percentage)),
    ];
    object(value, place, &[FIELDS], issues);
}

fn box_only(value: &Value, place: &Place, issues: &mut Issues) {
    one_of(value, place, &["box"], issues);
}

fn hero(value: &Value, place: &Place, issues: &mut Issues) {
    one_of(value, place, &["box", "image", "video"], issues);
}

fn alt_content(value: &Value, place: &Place, issues: &mut Issues) {
    one_of(value, place, &["box", "image"], issues);
}

fn component(value: &Value, place: &Place, issues: &mut Issues) {
    one_of(
        value,
        place,
        &["box", "button", "image", "icon", "text", "separator", "filler"],
        issues,
    );
}

fn span(value: &Value, place: &Place, issues: &mut Issues) {
    one_of(value, place, &["span"], issues);
}

fn one_of(value: &Value, place: &Place, kinds: &'static [&'static str], issues: &mut Issues) {
    let Some(kind) = kind(value, place, kinds, issues) else { return };
    let groups: &[&[Field]] = match kind {
        "box" => &[TYPE, BOX, PLACED],
        "button" => &[TYPE, BUTTON, PLACED],
        "image" => &[TYPE, IMAGE, PLACED],
        "video" => &[TYPE, VIDEO],
        "icon" => &[TYPE, ICON, PLACED],
        "text" => &[TYPE, TEXT, LETTERS, PLACED],
        "span" => &[TYPE, SPAN, LETTERS],
        "separator" => &[TYPE, SEPARATOR],
        _ => &[TYPE, FILLER],
    };
    object(value, place, groups, issues);
    match kind {
        "box" => fits_layout(value, place, issues),
        "text" => has_words(value, place, issues),
        _ => {}
    }
}

/// A baseline box lines up letters and icons only; icons stand nowhere else.
fn fits_layout(value: &Value, place: &Place, issues: &mut Issues) {
    let baseline = value["layout"] == "baseline";
    for (index, part) in value["contents"].as_array().into_iter().flatten().enumerate() {
        let fits = match part["type"].as_str() {
            Some("icon") => baseline,
            Some("box" | "button" | "image" | "separator") => !baseline,
            _ => true,
        };
        if !fits {
            issues.add(&place.at("contents").nth(index), Wrong::text("invalid property"));
        }
    }
}

fn has_words(value: &Value, place: &Place, issues: &mut Issues) {
    let spans = value["contents"].as_array().is_some_and(|spans| !spans.is_empty());
    let words = value["text"].as_str().is_some_and(|text| Unit::Utf16.count(text) > 0);
    if !spans && !words {
        issues.add(&place.at("text"), Wrong::text("must be non-empty text"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::message;
    use super::super::schema::tests::verdict;
    use super::*;
    use serde_json::json;

    fn flex(contents: Value) -> String {
        verdict(&json!({"type": "flex", "altText": "a", "contents": contents}), message)
    }

    fn body(parts: Value) -> Value {
        json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": parts}})
    }

    fn text(chars: usize) -> Value {
        json!({"type": "text", "text": "a".repeat(chars), "wrap": true, "scaling": true, "size": "xl"})
    }

    #[test]
    fn an_ordinary_question_with_two_buttons_passes() {
        let button = |label: &str| {
            json!({"type": "button", "style": "primary", "height": "md", "scaling": true, "color": "#06C755",
            "action": {"type": "postback", "label": label, "data": "d", "displayText": label}})
        };
        let contents = json!({"type": "bubble", "size": "giga",
            "header": {"type": "box", "layout": "vertical", "backgroundColor": "#FFFFFF", "paddingAll": "20px", "contents": [text(3)]},
            "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": [text(3), {"type": "separator", "margin": "lg"}]},
            "footer": {"type": "box", "layout": "horizontal", "spacing": "sm", "contents": [button("a"), button("b")]}});
        assert_eq!(flex(contents), "");
    }

    #[test]
    fn errors_point_into_the_content_like_line_does() {
        let found = flex(body(json!([{"type": "text", "text": ""}])));
        assert_eq!(
            found,
            "A message (messages[0]) in the request body is invalid | /body/contents/0/text: must be non-empty text"
        );
        let found = flex(body(json!([{"type": "text", "text": "a", "Wrap": true}])));
        assert!(found.ends_with("/body/contents/0/Wrap: unknown field"), "{found}");
        assert!(
            flex(json!({"type": "bubble"})).ends_with("/: at least one block must be specified")
        );
        assert!(
            flex(body(json!([{"type": "image"}])))
                .ends_with("/body/contents/0/url: must be specified")
        );
        assert!(flex(json!({"type": "flex"})).ends_with("/type: invalid property"));
    }

    #[test]
    fn a_button_needs_its_action_and_the_action_its_label() {
        assert!(
            flex(body(json!([{"type": "button"}])))
                .ends_with("/body/contents/0/action: must be specified")
        );
        let bare = json!([{"type": "button", "action": {"type": "postback", "data": "d"}}]);
        assert!(flex(body(bare)).ends_with("/body/contents/0/action/label: must be specified"));
    }

    #[test]
    fn a_bubble_ends_at_thirty_kilobytes() {
        let frame = body(json!([text(0)])).to_string().len();
        let fits = body(json!([text(BUBBLE_BYTES_MAX - frame)]));
        assert_eq!(fits.to_string().len(), BUBBLE_BYTES_MAX);
        assert_eq!(flex(fits), "");
        assert!(
            flex(body(json!([text(BUBBLE_BYTES_MAX - frame + 1)]))).contains("at most 30720 bytes")
        );
    }

    #[test]
    fn a_carousel_has_one_to_twelve_bubbles_of_one_size_in_fifty_kilobytes() {
        let carousel = |count: usize, chars: usize| {
            flex(json!({"type": "carousel", "contents": vec![body(json!([text(chars)])); count]}))
        };
        assert_eq!(carousel(12, 10), "");
        assert!(carousel(13, 10).contains("/contents: must contain 1 to 12 items"));
        assert!(carousel(0, 10).contains("/contents: must contain 1 to 12 items"));
        assert_eq!(carousel(2, 20_000), "");
        assert!(carousel(2, 26_000).contains("at most 51200 bytes"));
        let mut mixed = json!({"type": "carousel", "contents": [body(json!([text(1)])), body(json!([text(1)]))]});
        mixed["contents"][1]["size"] = json!("nano");
        assert!(flex(mixed.clone()).contains("same size"));
        mixed["contents"][0]["size"] = json!("nano");
        assert_eq!(flex(mixed), "");
    }

    #[test]
    fn icons_belong_into_baseline_boxes_only() {
        let boxed = |layout: &str, part: Value| {
            body(json!([{"type": "box", "layout": layout, "contents": [part]}]))
        };
        let icon = json!({"type": "icon", "url": "https://a.example/i.png"});
        assert_eq!(flex(boxed("baseline", icon.clone())), "");
        assert!(
            flex(boxed("vertical", icon))
                .ends_with("/body/contents/0/contents/0: invalid property")
        );
        assert!(
            flex(boxed("baseline", json!({"type": "separator"}))).ends_with("invalid property")
        );
        assert!(
            flex(boxed("vertical", json!({"type": "span", "text": "a"})))
                .ends_with("/type: invalid property")
        );
    }

    #[test]
    fn a_text_may_be_made_of_spans() {
        assert_eq!(
            flex(body(
                json!([{"type": "text", "contents": [{"type": "span", "text": "a", "weight": "bold"}]}])
            )),
            ""
        );
    }

    #[test]
    fn deep_nesting_is_checked_without_trouble() {
        let mut part = json!({"type": "filler"});
        for _ in 0..40 {
            part = json!({"type": "box", "layout": "vertical", "contents": [part]});
        }
        assert_eq!(flex(body(json!([part]))), "");
    }
}
