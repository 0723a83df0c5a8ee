//! Every sentence a person can read, and the words people type. No logic: a message of the domain
//! goes in, words come out, and an exhaustive match makes sure that none is forgotten.
//!
//! Rules for the words: one thing a sentence, the conclusion first, short, kind, no jargon; the
//! nickname is the only personal thing that may appear; the act stands in the first 20 characters
//! of what a locked screen shows.

pub mod accounts;
pub mod bulletins;
pub mod calls;
pub mod checkup;
pub mod cli;
pub mod demo;
pub mod desk;
pub mod districts;
pub mod dossier;
pub mod erasure;
pub mod face;
pub mod groups;
pub mod import;
mod ja;
pub mod line;
pub mod lists;
pub mod log;
pub mod mail;
pub mod members;
pub mod opinions;
pub mod page;
pub mod papers;
pub mod people;
pub mod phone;
pub mod practice;
pub mod quotes;
pub mod report;
pub mod rests;
pub mod simulator;
pub mod staff;
pub mod statistics;
pub mod watching;
pub mod words;
pub mod zones;

use jiff::civil::Date;

use crate::domain::face::{Colour, Face};
use crate::domain::message::Message;
use crate::domain::page::{Page, PageLink};
use crate::domain::press::Press;

/// Who speaks and where things are found: filled in from configuration and LINE.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Voice {
    /// The name of the council or service.
    pub org: String,
    /// The number to phone, if one was given.
    pub phone: Option<String>,
    /// The address of our own pages, without a slash at the end.
    pub public_url: String,
    /// The LINE account that invitation links open, with "@"; unknown until LINE told us.
    pub basic_id: Option<String>,
    /// The council's own page where a membership is made longer.
    pub payment_url: Option<String>,
    /// Whether this is a training server: everything it says is marked as practice.
    pub training: bool,
    /// When and whom to phone.
    pub hours: Option<String>,
    /// The colour of buttons and links, if it is not ours.
    pub colour: Option<Colour>,
    /// The file of the picture on top of the pages.
    pub banner: Option<String>,
    /// Name and number as they are configured: they hold where staff set no others.
    pub configured: (String, Option<String>),
}

impl Voice {
    /// As staff set it: what they left open is as configured.
    pub fn dress(&mut self, face: &Face) {
        let (org, phone) = self.configured.clone();
        self.org = face.name.as_ref().map_or(org, |name| name.as_str().to_owned());
        self.phone = face.phone.as_ref().map(|phone| phone.as_str().to_owned()).or(phone);
        self.hours = face.hours.as_ref().map(|hours| hours.as_str().to_owned());
        self.colour = face.colour;
        self.banner = face.banner.map(|picture| picture.file());
    }

    /// The link that opens the chat with `text` already typed, not sent.
    #[must_use]
    pub fn chat_link(&self, text: &str) -> Option<String> {
        let id = self.basic_id.as_ref()?;
        Some(format!("https://line.me/R/oaMessage/{}/?{}", percent(id), percent(text)))
    }

    /// The address of a page that is one reader's alone, behind `token`.
    #[must_use]
    pub fn page_link(&self, link: &PageLink, token: &str) -> String {
        let side = match link.page {
            Page::Own => "u",
            Page::Groups => "g",
            Page::Watching | Page::Case(_) | Page::Person(_) | Page::Team(_) => "m",
        };
        format!("{}/{side}/enter/{token}", self.public_url)
    }

    /// The link that opens the chat, or offers to add the account where it is not a friend yet.
    #[must_use]
    pub fn account_link(&self) -> Option<String> {
        let id = self.basic_id.as_ref()?;
        Some(format!("https://line.me/R/ti/p/{}", percent(id)))
    }
}

/// Percent-encodes everything but unreserved characters, spaces as `%20`.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What is said: a plain text that can be passed on, or cards with buttons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Speech {
    /// Plain text.
    Text(String),
    /// One card.
    Card(Card),
    /// Cards side by side, under one notification text.
    Cards {
        /// What a locked screen shows.
        alt: String,
        /// At most twelve, with the same number of lines each.
        cards: Vec<Card>,
    },
}

/// One bubble.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Card {
    /// What a locked screen shows; the act comes first.
    pub alt: String,
    /// Colour of the mark beside the headline; the words say the same.
    pub tone: Tone,
    /// A line above the headline: whom it is about, or which matter.
    pub head: Option<String>,
    /// The headline.
    pub title: String,
    /// The headline is the question itself, in the largest letters.
    pub big: bool,
    /// Paragraphs.
    pub body: Vec<String>,
    /// Today's quote.
    pub quote: Option<String>,
    /// Buttons, the first one biggest.
    pub buttons: Vec<Button>,
}

/// How a card looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Everyday.
    #[default]
    Calm,
    /// Someone has to act.
    Alarm,
    /// All is well.
    Good,
    /// Only practice.
    Practice,
}

/// A button.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What it does.
    pub act: Act,
    /// How it looks.
    pub look: Look,
    /// A few words beside it.
    pub note: Option<String>,
}

/// What a button does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// Says something to us.
    Press(Press),
    /// Says something to us, with a day that is chosen between two.
    PickDay(Press, Date, Date),
    /// Opens a page, or phones.
    Link(String),
    /// Opens a page of ours that is the reader's alone.
    Page(PageLink),
}

/// How a button looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// The one big button.
    Main,
    /// A choice among several.
    Choice,
    /// A small link.
    Small,
}

impl Button {
    /// The one big button.
    #[must_use]
    pub fn main(label: impl Into<String>, press: Press) -> Self {
        Self { label: label.into(), act: Act::Press(press), look: Look::Main, note: None }
    }

    /// A choice among several.
    #[must_use]
    pub fn choice(label: impl Into<String>, press: Press) -> Self {
        Self { label: label.into(), act: Act::Press(press), look: Look::Choice, note: None }
    }

    /// A small link in the chat.
    #[must_use]
    pub fn small(label: impl Into<String>, press: Press) -> Self {
        Self { label: label.into(), act: Act::Press(press), look: Look::Small, note: None }
    }

    /// A small link to a page, or a number to phone.
    #[must_use]
    pub fn link(label: impl Into<String>, target: impl Into<String>) -> Self {
        Self { label: label.into(), act: Act::Link(target.into()), look: Look::Small, note: None }
    }

    /// Opens a page of ours that is the reader's alone.
    #[must_use]
    pub fn page(label: impl Into<String>, link: PageLink) -> Self {
        Self { label: label.into(), act: Act::Page(link), look: Look::Choice, note: None }
    }

    /// With a few words beside it.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Marks what a training server says, on a locked screen and in the chat.
pub const PRACTICE: &str = "【練習】";

/// Says a message in Japanese.
#[must_use]
pub fn say(message: &Message, voice: &Voice) -> Speech {
    let speech = ja::say(message, voice);
    if voice.training { as_practice(speech) } else { speech }
}

fn as_practice(speech: Speech) -> Speech {
    let marked = |text: &str| format!("{PRACTICE}{text}");
    let card = |card: Card| Card {
        alt: marked(&card.alt),
        head: Some(marked(card.head.as_deref().unwrap_or_default())),
        ..card
    };
    match speech {
        Speech::Text(text) => Speech::Text(format!("{PRACTICE}\n{text}")),
        Speech::Card(one) => Speech::Card(card(one)),
        Speech::Cards { alt, cards } => {
            Speech::Cards { alt: marked(&alt), cards: cards.into_iter().map(card).collect() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_link_carries_the_account_and_the_text_encoded() {
        let voice = Voice { basic_id: Some("@123abcde".to_owned()), ..Voice::default() };
        assert_eq!(
            voice.chat_link("招待 K7").as_deref(),
            Some("https://line.me/R/oaMessage/%40123abcde/?%E6%8B%9B%E5%BE%85%20K7")
        );
        assert_eq!(Voice::default().chat_link("x"), None);
    }

    #[test]
    fn what_a_training_server_says_is_marked_on_the_locked_screen_and_in_the_chat() {
        let training = Voice { training: true, ..Voice::default() };
        let Speech::Card(card) = say(&Message::AskName, &training) else { panic!("no card") };
        let Speech::Card(plain) = say(&Message::AskName, &Voice::default()) else {
            panic!("no card")
        };
        assert_eq!(card.alt, format!("{PRACTICE}{}", plain.alt));
        assert!(card.head.is_some_and(|head| head.starts_with(PRACTICE)));
        assert!(!plain.alt.contains("練習"));
    }
}
