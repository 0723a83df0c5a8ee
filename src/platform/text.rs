//! The inside of text messages: LINE emoji, and the `{key}` placeholders of text messages of version 2.
//!
//! Whether a mentioned person is a member of the chat is not known here; see `send`.

use serde_json::Value;

use super::schema::{Field, Issues, Place, Rule, Unit, Wrong, kind, may, need, object};

/// The text of both kinds of text message, in UTF-16 units.
pub(super) const TEXT: Rule = Rule::Text(Unit::Utf16, 5_000);
const SUBSTITUTIONS_MAX: usize = 100;
const MENTIONS_MAX: usize = 20;
const EMOJIS_MAX: usize = 20;

/// Checks one entry of `emojis`.
pub(super) fn emoji(value: &Value, place: &Place, issues: &mut Issues) {
    const FIELDS: &[Field] = &[
        need("index", Rule::Whole(0, 5_000)),
        need("productId", Rule::Any),
        need("emojiId", Rule::Any),
    ];
    object(value, place, &[FIELDS], issues);
}

/// Every emoji's `index` must point at a `$` of the text, counted in UTF-16 units.
pub(super) fn check_emojis(message: &Value, place: &Place, issues: &mut Issues) {
    let Some(emojis) = message["emojis"].as_array() else { return };
    let units: Vec<u16> = message["text"].as_str().unwrap_or_default().encode_utf16().collect();
    for (nth, emoji) in emojis.iter().enumerate() {
        let index = emoji["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        let dollar = index.and_then(|index| units.get(index)) == Some(&u16::from(b'$'));
        if index.is_some() && !dollar {
            issues.add(
                &place.at("emojis").nth(nth).at("index"),
                Wrong::text("The index does not point at a $"),
            );
        }
    }
}

/// Checks the `substitution` map: names, kinds and how many of each.
pub(super) fn substitution(value: &Value, place: &Place, issues: &mut Issues) {
    let Some(map) = value.as_object() else {
        issues.add(place, Wrong::Type);
        return;
    };
    if map.len() > SUBSTITUTIONS_MAX {
        issues.add(place, Wrong::Size(0, SUBSTITUTIONS_MAX));
    }
    for (key, entry) in map {
        if !is_key(key) {
            issues.add(
                &place.at(key),
                Wrong::text("Keys are 1 to 20 letters, digits or underscores"),
            );
        }
        substitute(entry, &place.at(key), issues);
    }
    for (name, max) in [("mention", MENTIONS_MAX), ("emoji", EMOJIS_MAX)] {
        if map.values().filter(|entry| entry["type"] == name).count() > max {
            issues.add(place, Wrong::Text(format!("At most {max} of type {name}")));
        }
    }
}

fn is_key(key: &str) -> bool {
    (1..=20).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn substitute(value: &Value, place: &Place, issues: &mut Issues) {
    const MENTION: &[Field] =
        &[need("type", Rule::Any), need("mentionee", Rule::Nested(mentionee))];
    const EMOJI: &[Field] =
        &[need("type", Rule::Any), need("productId", Rule::Any), need("emojiId", Rule::Any)];
    match kind(value, place, &["mention", "emoji"], issues) {
        Some("mention") => _ = object(value, place, &[MENTION], issues),
        Some(_) => _ = object(value, place, &[EMOJI], issues),
        None => {}
    }
}

fn mentionee(value: &Value, place: &Place, issues: &mut Issues) {
    let Some(kind) = kind(value, place, &["user", "all"], issues) else { return };
    let user = Field { required: kind == "user", ..may("userId", Rule::Any) };
    let fields = [need("type", Rule::Any), user];
    object(value, place, &[&fields[..if kind == "user" { 2 } else { 1 }]], issues);
}

/// A piece of a version 2 text.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Words(&'a str),
    Brace(char),
    Key(&'a str),
}

/// Splits a version 2 text; `None` when a brace has no partner.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        if at > 0 {
            found.push(Piece::Words(&rest[..at]));
        }
        let brace = if rest[at..].starts_with('{') { '{' } else { '}' };
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix(brace) {
            found.push(Piece::Brace(brace));
            rest = after;
        } else if brace == '{' {
            let end = after.find(['{', '}']).filter(|end| after[*end..].starts_with('}'))?;
            found.push(Piece::Key(&after[..end]));
            rest = &after[end + 1..];
        } else {
            return None;
        }
    }
    found.push(Piece::Words(rest));
    Some(found)
}

/// Every `{key}` of the text must be in `substitution`, and every brace must have its partner.
pub(super) fn check_placeholders(message: &Value, place: &Place, issues: &mut Issues) {
    let Some(text) = message["text"].as_str() else { return };
    let Some(pieces) = pieces(text) else {
        issues.add(
            &place.at("text"),
            Wrong::text("A brace is not closed; write {{ or }} for a brace itself"),
        );
        return;
    };
    for piece in pieces {
        if let Piece::Key(key) = piece
            && message["substitution"].get(key).is_none()
        {
            issues.add(&place.at("text"), Wrong::Text(format!("'{key}' is not in substitution")));
        }
    }
}

/// The text as a lock screen shows it: placeholders become a neutral sign.
pub(super) fn plain(message: &Value) -> String {
    let text = message["text"].as_str().unwrap_or_default();
    let pieces = pieces(text).unwrap_or_default();
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => (*words).to_owned(),
            Piece::Brace(brace) => brace.to_string(),
            Piece::Key(key) => format!("@{key}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::message::message;
    use super::super::schema::tests::verdict;
    use super::*;
    use serde_json::{Map, json};

    fn v2(text: &str, substitution: Value) -> String {
        verdict(&json!({"type": "textV2", "text": text, "substitution": substitution}), message)
    }

    #[test]
    fn an_emoji_must_replace_a_dollar_sign() {
        let body = |index: u64| json!({"type": "text", "text": "\u{1f600}$", "emojis": [{"index": index, "productId": "p", "emojiId": "1"}]});
        assert_eq!(verdict(&body(2), message), "");
        assert!(verdict(&body(1), message).contains("messages[0].emojis[0].index"));
    }

    #[test]
    fn twenty_emojis_are_enough() {
        let body = |count: usize| json!({"type": "text", "text": "$", "emojis": vec![json!({"index": 0, "productId": "p", "emojiId": "1"}); count]});
        assert_eq!(verdict(&body(20), message), "");
        assert!(verdict(&body(21), message).contains("emojis: Size must be between 0 and 20"));
    }

    #[test]
    fn every_placeholder_needs_its_substitution() {
        let user = json!({"u": {"type": "mention", "mentionee": {"type": "user", "userId": "U0"}}});
        assert_eq!(v2("{u} hello {{x}}", user.clone()), "");
        assert!(v2("{u} {v}", user.clone()).contains("'v' is not in substitution"));
        for open in ["{u", "u}", "{u{", "}{"] {
            assert!(v2(open, user.clone()).contains("brace"), "{open}");
        }
    }

    #[test]
    fn substitutions_are_counted_and_named() {
        let many = |count: usize| {
            Value::Object(
                (0..count)
                    .map(|n| {
                        (
                            format!("k{n}"),
                            json!({"type": "emoji", "productId": "p", "emojiId": "1"}),
                        )
                    })
                    .collect::<Map<_, _>>(),
            )
        };
        assert_eq!(v2("a", many(20)), "");
        assert!(v2("a", many(21)).contains("At most 20 of type emoji"));
        assert!(v2("a", many(101)).contains("Size must be between 0 and 100"));
        assert!(
            v2("a", json!({"a-b": {"type": "mention", "mentionee": {"type": "all"}}}))
                .contains("Keys are 1 to 20")
        );
        assert!(
            v2("a", json!({"a": {"type": "mention", "mentionee": {"type": "user"}}}))
                .contains("userId: May not be empty")
        );
    }

    #[test]
    fn the_lock_screen_shows_braces_as_written() {
        assert_eq!(plain(&json!({"text": "{{a}} {u}!"})), "{a} @u!");
    }
}
