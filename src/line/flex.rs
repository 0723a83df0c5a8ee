//! Draws a card as a Flex bubble: one shape for everything that has buttons.
//!
//! Text and buttons scale with the size people set in LINE; white on blue has a contrast of 11:1;
//! colour never stands alone, the words say the same.
//! Source of names and limits: LINE Developers, "Flex Message elements".

use serde::Serialize;

use super::render::Action;
use crate::locale::{Button, Card, Look, Tone};

const INK: &str = "#1a1a1a";
const INK_SOFT: &str = "#4d4d4d";
const BLUE: &str = "#0017c1";
const BLUE_PALE: &str = "#e8f1fe";
const RED: &str = "#ce0000";
const GREEN: &str = "#197a4b";
const AMBER_PALE: &str = "#fbf5e0";
const GREY_PALE: &str = "#f2f2f2";

/// What a Flex message holds: one bubble, or several side by side.
#[derive(Serialize, Debug)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Container<'a> {
    Bubble(Box<Bubble<'a>>),
    Carousel { contents: Vec<Container<'a>> },
}

/// A card, as LINE draws it.
#[derive(Serialize, Debug)]
pub(super) struct Bubble<'a> {
    size: &'static str,
    body: Component<'a>,
}

/// What stands in a bubble.
#[derive(Serialize, Debug)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Component<'a> {
    Text(Text<'a>),
    Box(Stack<'a>),
    Button(Press<'a>),
}

#[derive(Serialize, Debug)]
struct Text<'a> {
    text: &'a str,
    size: &'static str,
    color: &'static str,
    weight: &'static str,
    wrap: bool,
    scaling: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    flex: Option<u8>,
}

/// Components below or beside each other.
#[derive(Serialize, Default, Debug)]
#[serde(rename_all = "camelCase")]
struct Stack<'a> {
    layout: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    spacing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    padding_all: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corner_radius: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    align_items: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background_color: Option<&'static str>,
    contents: Vec<Component<'a>>,
}

#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
struct Press<'a> {
    style: &'static str,
    color: &'static str,
    height: &'static str,
    adjust_mode: &'static str,
    scaling: bool,
    action: Action<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flex: Option<u8>,
}

/// A bubble for a card; `action` makes LINE's action object of a button.
pub(super) fn bubble<'a>(
    card: &'a Card,
    action: impl Fn(&'a Button) -> Action<'a>,
) -> Container<'a> {
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
    let body = Component::Box(Stack {
        layout: "vertical",
        spacing: Some("md"),
        padding_all: Some("20px"),
        background_color: (card.tone == Tone::Practice).then_some(AMBER_PALE),
        contents,
        ..Stack::default()
    });
    Container::Bubble(Box::new(Bubble { size: "mega", body }))
}

fn title_colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Calm | Tone::Practice => INK,
        Tone::Alarm => RED,
        Tone::Good => GREEN,
    }
}

fn words<'a>(
    text: &'a str,
    size: &'static str,
    color: &'static str,
    weight: &'static str,
) -> Component<'a> {
    Component::Text(Text { text, size, color, weight, wrap: true, scaling: true, flex: None })
}

/// The day's quote, set off from the question.
fn quoted(quote: &str) -> Component<'_> {
    Component::Box(Stack {
        layout: "vertical",
        background_color: Some(GREY_PALE),
        corner_radius: Some("8px"),
        padding_all: Some("12px"),
        contents: vec![words(quote, "sm", INK_SOFT, "regular")],
        ..Stack::default()
    })
}

fn buttons<'a>(buttons: &'a [Button], action: &impl Fn(&'a Button) -> Action<'a>) -> Component<'a> {
    Component::Box(Stack {
        layout: "vertical",
        spacing: Some("sm"),
        margin: Some("lg"),
        contents: buttons.iter().map(|button| row(button, action(button))).collect(),
        ..Stack::default()
    })
}

/// A button alone, or beside a few words.
fn row<'a>(button: &'a Button, action: Action<'a>) -> Component<'a> {
    let Some(note) = &button.note else { return press(button, action) };
    Component::Box(Stack {
        layout: "horizontal",
        spacing: Some("md"),
        align_items: Some("center"),
        contents: vec![
            with_flex(press(button, action), 2),
            with_flex(words(note, "sm", INK_SOFT, "regular"), 3),
        ],
        ..Stack::default()
    })
}

/// How much of a row a component takes.
fn with_flex(mut component: Component<'_>, share: u8) -> Component<'_> {
    match &mut component {
        Component::Text(Text { flex, .. }) | Component::Button(Press { flex, .. }) => {
            *flex = Some(share);
        }
        Component::Box(_) => {}
    }
    component
}

fn press<'a>(button: &Button, action: Action<'a>) -> Component<'a> {
    let (style, color, height) = match button.look {
        Look::Main => ("primary", BLUE, "md"),
        Look::Choice => ("secondary", BLUE_PALE, "md"),
        Look::Small => ("link", BLUE, "sm"),
    };
    Component::Button(Press {
        style,
        color,
        height,
        adjust_mode: "shrink-to-fit",
        scaling: true,
        action,
        flex: None,
    })
}
