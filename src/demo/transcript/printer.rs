//! Writes what appears on the phones as lines that can be read in a terminal. Decides nothing.

use std::io::Write;

use super::super::stage::Stage;
use super::watching::labels;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::locale::demo::PEOPLE;
use crate::locale::words::CODE_MARK;
use crate::platform::{ChatItem, From};

/// Prints bubbles, each once.
pub(super) struct Printer<'o, W> {
    out: &'o mut W,
    seq: u64,
}

impl<'o, W: Write> Printer<'o, W> {
    pub(super) fn new(out: &'o mut W) -> Self {
        Self { out, seq: 0 }
    }

    pub(super) fn chapter(&mut self, title: &str) {
        self.line(&format!("\n■ {title}"));
    }

    /// Prints what appeared since the last look.
    pub(super) fn show(&mut self, stage: &Stage) {
        let mut news = Vec::new();
        {
            let platform = stage.standin.platform();
            for user in platform.users() {
                let Some(phone) = platform.phone(user) else { continue };
                let fresh = phone.items.iter().filter(|item| item.seq > self.seq);
                news.extend(fresh.map(|item| (item.seq, bubble(&phone.name, item))));
            }
            for group in platform.group_ids().filter_map(|id| platform.group(id)) {
                let fresh = group.items.iter().filter(|shown| shown.item.seq > self.seq);
                news.extend(fresh.map(|shown| {
                    let phone = shown.member.as_ref().and_then(|user| platform.phone(user));
                    let who = phone.map(|phone| format!("{} {}", group.name, phone.name));
                    let who = who.as_ref().unwrap_or(&group.name);
                    (shown.item.seq, bubble(who, &shown.item))
                }));
            }
        }
        news.sort();
        for (seq, text) in news {
            self.seq = seq;
            self.line(&text);
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        // A reader who closed the pipe has seen enough.
        let _ = writeln!(self.out, "{text}");
    }
}

fn bubble(name: &str, item: &ChatItem) -> String {
    let wall = Zone::default().local(Moment::from_millis(item.at_ms)).strftime("%m/%d %H:%M");
    let width = PEOPLE.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let pad = "\u{3000}".repeat(width.saturating_sub(name.chars().count()));
    let mark = if item.from == From::Me { "→" } else { "←" };
    let labels: String = labels(item).iter().map(|label| format!(" [{label}]")).collect();
    format!("{wall}  {name}{pad} {mark} {}{labels}", words(item))
}

fn words(item: &ChatItem) -> String {
    let content = &item.content;
    let text = content["altText"].as_str().or_else(|| content["text"].as_str());
    match text {
        Some(text) => shortened(text),
        None => format!("({})", content["type"].as_str().unwrap_or_default()),
    }
}

/// The first line of a text, and the code in an invitation.
fn shortened(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let code = text.lines().skip(1).find(|line| line.starts_with(CODE_MARK));
    code.map_or(first.to_owned(), |code| format!("{first} … {code}"))
}
