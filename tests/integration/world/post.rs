//! Mail in the world: a server that answers as a test says, and the letters that it took, read.

use anshin::domain::schedule::Zone;
use anshin::domain::time::Moment;
use anshin::outbox::{Outcome, Row};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::World;

/// The mail server, and what it took.
pub(crate) struct Post {
    /// How it answers.
    pub(crate) answer: Outcome,
    /// The letters, oldest first.
    pub(crate) letters: Vec<Letter>,
}

/// A letter as its reader sees it.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) at: Moment,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Default for Post {
    fn default() -> Self {
        Self { answer: Outcome::Accepted, letters: Vec::new() }
    }
}

impl World {
    /// Hands a letter to the server.
    pub(super) fn ask_post(&mut self, row: &Row) -> Outcome {
        if self.post.answer == Outcome::Accepted {
            let letter = read(row, self.now);
            let wall = Zone::default().local(letter.at).strftime("%m-%d %H:%M").to_string();
            self.transcript.push(format!("{wall} {} ✉ {}", letter.to, letter.subject));
            self.post.letters.push(letter);
        }
        self.post.answer
    }

    /// The letters to a mailbox.
    pub(crate) fn letters(&self, to: &str) -> Vec<&Letter> {
        self.post.letters.iter().filter(|letter| letter.to == to).collect()
    }
}

fn read(row: &Row, at: Moment) -> Letter {
    let letter = str::from_utf8(&row.body).unwrap().replace("\r\n ", " ");
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| *found == name).unwrap().1.to_owned()
    };
    let text = match header("Content-Transfer-Encoding").as_str() {
        "7bit" => body.to_owned(),
        "base64" => decoded(&body.replace("\r\n", "")),
        other => panic!("a letter in {other}"),
    };
    let subject = unencoded(&header("Subject"));
    Letter { at, to: header("To"), subject, text: text.replace("\r\n", "\n") }
}

/// RFC 2047: spaces count, but not those between two encoded words.
fn unencoded(header: &str) -> String {
    let (mut text, mut after_encoded) = (String::new(), true);
    for word in header.split(' ').filter(|word| !word.is_empty()) {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        let joined = after_encoded && encoded.is_some();
        if !text.is_empty() && !joined {
            text.push(' ');
        }
        text.push_str(&encoded.map_or_else(|| word.to_owned(), decoded));
        after_encoded = encoded.is_some();
    }
    text
}

fn decoded(words: &str) -> String {
    String::from_utf8(STANDARD.decode(words).unwrap()).unwrap()
}
