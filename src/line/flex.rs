//! Draws a card as a Flex bubble: one shape for everything that has buttons.
//!
//! Text and buttons scale with the size people set in LINE; white on blue has a contrast of 11:1;
//! colour never stands alone, the words say the same.
//! Source of names and limits: LINE Developers, "Flex Message elements".

use serde_json::{Value, json};

use crate::locale::{Button, Card, Look, Tone};

const INK: &str = "#1a1a1a";
const INK_SOFT: &str = "#4d4d4d";
const BLUE: &str = "#0017c1";
const BLUE_PALE: &str = "#e8f1fe";
const RED: &str = "#ce0000";
const GREEN: &str = "#197a4b";
const AMBER_PALE: &str = "#fbf5e0";
const GREY_PALE: &str = "#f2f2f2";

/// A bubble for a card; `action` makes LINE's action object of a button.
pub(super) fn bubble(card: &Card, action: impl Fn(&Button) -> Value) -> Value {
    let mut contents = Vec::new();
    if let Some(head) = &card.head {
        contents.push(words(head, "sm", INK_SOFT, "regular"));
    }
    let size = if card.big { "xxl" } else { "xl" };
    contents.push(words(&card.title, size, title_colour(card.tone), "bold"));
    contents.extend(card.body.iter().map(|line| words(line, "md", INK, "regular")));
    if let Some(quote) = &card.quote {
        contents.push(quoted(quote));
    }
    if !card.buttons.is_empty() {
        contents.push(buttons(&card.buttons, &action));
    }
    let mut body = json!({
        "type": "box",
        "layout": "vertical",
        "spacing": "md",
        "paddingAll": "20px",
        "contents": contents,
    });
    if card.tone == Tone::Practice {
        body["backgroundColor"] = json!(AMBER_PALE);
    }
    json!({ "type": "bubble", "size": "mega", "body": body })
}

fn title_colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Calm | Tone::Practice => INK,
        Tone::Alarm => RED,
        Tone::Good => GREEN,
    }
}

fn words(text: &str, size: &str, colour: &str, weight: &str) -> Value {
    json!({
        "type": "text",
        "text": text,
        "size": size,
        "color": colour,
        "weight": weight,
        "wrap": true,
        "scaling": true,
    })
}

/// The day's quote, set off from the question.
fn quoted(quote: &str) -> Value {
    json!({
        "type": "box",
        "layout": "vertical",
        "backgroundColor": GREY_PALE,
        "cornerRadius": "8px",
        "paddingAll": "12px",
        "contents": [words(quote, "sm", INK_SOFT, "regular")],
    })
}

fn buttons(buttons: &[Button], action: &impl Fn(&Button) -> Value) -> Value {
    let rows: Vec<Value> = buttons.iter().map(|button| row(button, action(button))).collect();
    json!({
        "type": "box",
        "layout": "vertical",
        "spacing": "sm",
        "margin": "lg",
        "contents": rows,
    })
}

/// A button alone, or beside a few words.
fn row(button: &Button, action: Value) -> Value {
    let Some(note) = &button.note else { return press(button, action) };
    json!({
        "type": "box",
        "layout": "horizontal",
        "spacing": "md",
        "alignItems": "center",
        "contents": [
            with_flex(press(button, action), 2),
            with_flex(words(note, "sm", INK_SOFT, "regular"), 3),
        ],
    })
}

fn with_flex(mut component: Value, flex: u8) -> Value {
    component["flex"] = json!(flex);
    component
}

fn press(button: &Button, action: Value) -> Value {
    let (style, colour, height) = match button.look {
        Look::Main => ("primary", BLUE, "md"),
        Look::Choice => ("secondary", BLUE_PALE, "md"),
        Look::Small => ("link", BLUE, "sm"),
    };
    json!({
        "type": "button",
        "style": style,
        "color": colour,
        "height": height,
        "adjustMode": "shrink-to-fit",
        "scaling": true,
        "action": action,
    })
}
