//! Checks action objects: what a button, an image area or a quick reply does when it is tapped.
//!
//! Which kinds and how long a label are allowed depends on where the action stands; it must not look at anything
//! but the action itself.

use serde_json::Value;

use super::calendar::{is_date, is_time};
use super::schema::{Field, Issues, Place, Rule, Unit, Wrong, is_encoded, kind, may, need, object};

const PLAIN: &[&str] = &["postback", "message", "uri", "datetimepicker", "clipboard"];
const QUICK: &[&str] = &[
    "postback",
    "message",
    "uri",
    "datetimepicker",
    "clipboard",
    "camera",
    "cameraRoll",
    "location",
];
const MENU: &[&str] =
    &["postback", "message", "uri", "datetimepicker", "clipboard", "richmenuswitch"];
const URI_LENGTH_MAX: usize = 1_000;

/// The rules of the place an action stands in.
struct Spot {
    kinds: &'static [&'static str],
    label_max: usize,
    label_needed: bool,
    /// Only flex messages may name another address for the desktop client.
    desktop_uri: bool,
}

/// A button of a template: labelled with at most 20 characters.
pub(super) fn in_template(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: PLAIN, label_max: 20, label_needed: true, desktop_uri: false },
        issues,
    );
}

/// The tap on a template's picture or body: the label is never drawn.
pub(super) fn behind_template(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: PLAIN, label_max: 20, label_needed: false, desktop_uri: false },
        issues,
    );
}

/// A column of an image carousel: the label may be absent and has at most 12 characters.
pub(super) fn in_image_carousel(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: PLAIN, label_max: 12, label_needed: false, desktop_uri: false },
        issues,
    );
}

/// A quick reply button.
pub(super) fn in_quick_reply(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: QUICK, label_max: 20, label_needed: true, desktop_uri: false },
        issues,
    );
}

/// A flex button: the label is what the person reads.
pub(super) fn in_flex_button(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: PLAIN, label_max: 40, label_needed: true, desktop_uri: true },
        issues,
    );
}

/// Any other flex component that can be tapped.
pub(super) fn in_flex(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: PLAIN, label_max: 40, label_needed: false, desktop_uri: true },
        issues,
    );
}

/// An area of a rich menu: the label is spoken by a screen reader.
pub(super) fn in_rich_menu(value: &Value, place: &Place, issues: &mut Issues) {
    check(
        value,
        place,
        &Spot { kinds: MENU, label_max: 20, label_needed: false, desktop_uri: false },
        issues,
    );
}

const DATA: Rule = Rule::Text(Unit::Utf16, 300);
const SAID: Rule = Rule::Text(Unit::Grapheme, 300);
const TYPE: &[Field] = &[need("type", Rule::Any)];
const POSTBACK: &[Field] = &[
    need("data", DATA),
    may("displayText", SAID),
    may("text", SAID),
    may("inputOption", Rule::Word(&["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"])),
    may("fillInText", SAID),
];
const MESSAGE: &[Field] = &[need("text", SAID)];
const URI: &[Field] = &[need("uri", Rule::Nested(uri))];
const DESKTOP: &[Field] = &[may("altUri", Rule::Nested(alternative_uri))];
const DATETIME: &[Field] = &[
    need("data", DATA),
    need("mode", Rule::Word(&["date", "time", "datetime"])),
    may("initial", Rule::Any),
    may("max", Rule::Any),
    may("min", Rule::Any),
];
const CLIPBOARD: &[Field] = &[need("clipboardText", Rule::Text(Unit::Utf16, 1_000))];
const SWITCH: &[Field] =
    &[need("richMenuAliasId", Rule::Text(Unit::Utf16, 32)), need("data", DATA)];

fn check(value: &Value, place: &Place, spot: &Spot, issues: &mut Issues) {
    let Some(kind) = kind(value, place, spot.kinds, issues) else { return };
    let label = [Field {
        name: "label",
        required: spot.label_needed,
        rule: Rule::Text(Unit::Grapheme, spot.label_max),
    }];
    let (own, extra): (&[Field], &[Field]) = match kind {
        "postback" => (POSTBACK, &[]),
        "message" => (MESSAGE, &[]),
        "uri" if spot.desktop_uri => (URI, DESKTOP),
        "uri" => (URI, &[]),
        "datetimepicker" => (DATETIME, &[]),
        "clipboard" => (CLIPBOARD, &[]),
        "richmenuswitch" => (SWITCH, &[]),
        _ => (&[], &[]),
    };
    if object(value, place, &[TYPE, &label, own, extra], issues).is_none() {
        return;
    }
    match kind {
        "postback" if value.get("displayText").is_some() && value.get("text").is_some() => {
            issues.add(
                &place.at("text"),
                Wrong::text("displayText and text cannot be used together"),
            );
        }
        "datetimepicker" => picker_range(value, place, issues),
        _ => {}
    }
}

fn uri(value: &Value, place: &Place, issues: &mut Issues) {
    let Some(uri) = value.as_str() else {
        issues.add(place, Wrong::Type);
        return;
    };
    if uri.is_empty() {
        issues.add(place, Wrong::Missing);
    } else if Unit::Utf16.count(uri) > URI_LENGTH_MAX {
        issues.add(place, Wrong::Long(URI_LENGTH_MAX));
    } else if !has_known_scheme(uri) {
        issues.add(place, Wrong::text("invalid uri scheme"));
    } else if !is_encoded(uri) {
        issues.add(place, Wrong::text("invalid uri"));
    }
}

fn has_known_scheme(uri: &str) -> bool {
    ["http://", "https://", "line://", "tel:"]
        .iter()
        .any(|scheme| uri.len() > scheme.len() && uri.starts_with(scheme))
}

fn alternative_uri(value: &Value, place: &Place, issues: &mut Issues) {
    object(value, place, &[&[need("desktop", Rule::Nested(uri))]], issues);
}

/// Whether the text is a value the picker of this mode could return; `T` and `t` are both in use.
pub(super) fn fits_mode(mode: &str, text: &str) -> bool {
    match mode {
        "date" => is_date(text),
        "time" => is_time(text),
        "datetime" => {
            text.split_once(['T', 't']).is_some_and(|(date, time)| is_date(date) && is_time(time))
        }
        _ => false,
    }
}

/// Checks `initial`, `min` and `max` of a picker: readable, and in order.
fn picker_range(value: &Value, place: &Place, issues: &mut Issues) {
    let part = |name: &str| value.get(name).and_then(Value::as_str);
    let mode = part("mode").unwrap_or_default();
    for name in ["initial", "min", "max"] {
        if part(name).is_some_and(|text| !fits_mode(mode, text)) {
            issues.add(&place.at(name), Wrong::text("Invalid date or time"));
        }
    }
    // Equal-width texts of one mode compare like the moments they name.
    let ordered =
        |low: Option<&str>, high: Option<&str>| low.zip(high).is_none_or(|(low, high)| low <= high);
    let (initial, min, max) = (part("initial"), part("min"), part("max"));
    if !ordered(min, max) || !ordered(min, initial) || !ordered(initial, max) {
        issues.add(place, Wrong::text("min, initial and max must be in order"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::tests::verdict;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_label_may_have_twenty_graphemes_in_templates_and_forty_in_flex_buttons() {
        let action = |chars: usize| json!({"type": "message", "label": "\u{3042}".repeat(chars), "text": "a"});
        for (check, max) in [
            (in_template as super::super::schema::Check, 20),
            (in_quick_reply, 20),
            (in_flex_button, 40),
            (in_flex, 40),
            (in_rich_menu, 20),
            (in_image_carousel, 12),
        ] {
            assert_eq!(verdict(&action(max), check), "");
            assert!(
                verdict(&action(max + 1), check)
                    .contains(&format!("messages[0].label: Length must be between 0 and {max}"))
            );
        }
    }

    #[test]
    fn a_label_is_needed_where_it_is_the_button_itself() {
        let bare = json!({"type": "postback", "data": "x"});
        for check in [in_template as super::super::schema::Check, in_quick_reply, in_flex_button] {
            assert!(verdict(&bare, check).contains("messages[0].label: May not be empty"));
        }
        for check in [
            in_flex as super::super::schema::Check,
            in_rich_menu,
            in_image_carousel,
            behind_template,
        ] {
            assert_eq!(verdict(&bare, check), "");
        }
    }

    #[test]
    fn postback_data_and_spoken_texts_end_at_three_hundred() {
        let action = |data: usize, said: usize| json!({"type": "postback", "label": "a", "data": "d".repeat(data), "displayText": "s".repeat(said), "fillInText": "f".repeat(said)});
        assert_eq!(verdict(&action(300, 300), in_template), "");
        let found = verdict(&action(301, 301), in_template);
        assert!(found.starts_with("The request body has 3 error(s)"), "{found}");
        assert!(
            verdict(&json!({"type": "postback", "label": "a", "data": ""}), in_template)
                .contains("data: May not be empty")
        );
    }

    #[test]
    fn display_text_counts_graphemes_and_data_counts_utf16() {
        let wide = "\u{1f468}\u{200d}\u{1f469}";
        let action = json!({"type": "postback", "label": "a", "data": "\u{1f600}".repeat(150), "displayText": wide.repeat(300)});
        assert_eq!(verdict(&action, in_template), "");
        let long = json!({"type": "postback", "label": "a", "data": "\u{1f600}".repeat(151)});
        assert!(verdict(&long, in_template).contains("data: Length must be between 0 and 300"));
    }

    #[test]
    fn display_text_and_the_deprecated_text_exclude_each_other() {
        let both =
            json!({"type": "postback", "label": "a", "data": "x", "displayText": "a", "text": "a"});
        assert!(verdict(&both, in_template).contains("cannot be used together"));
    }

    #[test]
    fn an_address_needs_a_known_scheme_and_at_most_a_thousand_characters() {
        let action = |uri: &str| json!({"type": "uri", "label": "a", "uri": uri});
        for good in
            ["https://example.com/", "http://example.com", "tel:09012345678", "line://nv/chat"]
        {
            assert_eq!(verdict(&action(good), in_template), "", "{good}");
        }
        for bad in ["ftp://example.com", "javascript:alert(1)", "tel:", "example.com"] {
            assert!(verdict(&action(bad), in_template).contains("invalid uri scheme"), "{bad}");
        }
        assert!(
            verdict(&action("https://example.com/\u{3042}"), in_template).contains("invalid uri")
        );
        let long = |chars: usize| format!("https://example.com/{}", "a".repeat(chars - 20));
        assert_eq!(verdict(&action(&long(1_000)), in_template), "");
        assert!(verdict(&action(&long(1_001)), in_template).contains("between 0 and 1000"));
    }

    #[test]
    fn kinds_stay_where_they_belong() {
        assert!(
            verdict(&json!({"type": "camera", "label": "a"}), in_template)
                .contains("Must be one of the following values")
        );
        assert_eq!(verdict(&json!({"type": "camera", "label": "a"}), in_quick_reply), "");
        let switch = json!({"type": "richmenuswitch", "richMenuAliasId": "a", "data": "b"});
        assert_eq!(verdict(&switch, in_rich_menu), "");
        assert!(verdict(&switch, in_quick_reply).contains("Must be one of"));
        let desktop = json!({"type": "uri", "label": "a", "uri": "https://a.example", "altUri": {"desktop": "https://b.example"}});
        assert_eq!(verdict(&desktop, in_flex_button), "");
        assert!(verdict(&desktop, in_template).contains("altUri: Unknown property"));
    }

    #[test]
    fn a_picker_names_its_mode_and_a_sensible_range() {
        let picker = |mode: &str, initial: &str, min: &str| json!({"type": "datetimepicker", "label": "a", "data": "d", "mode": mode, "initial": initial, "min": min});
        assert_eq!(verdict(&picker("time", "09:00", "07:00"), in_template), "");
        assert_eq!(
            verdict(&picker("datetime", "2026-04-01T09:00", "2026-04-01T09:00"), in_template),
            ""
        );
        assert!(
            verdict(&picker("time", "9:00", "07:00"), in_template)
                .contains("initial: Invalid date or time")
        );
        assert!(
            verdict(&picker("date", "2026-04-01", "2026-04-02"), in_template)
                .contains("must be in order")
        );
        assert!(
            verdict(&picker("week", "2026-04-01", "2026-04-01"), in_template)
                .contains("mode: Must be one of")
        );
    }
}
