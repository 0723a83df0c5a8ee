//! Everything that appeared, in one order: bubbles of all phones and lines of the timeline. The
//! page asks for what is newer than what it has.

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::domain::id::PersonId;
use crate::domain::time::Moment;
use crate::locale::demo::{self as words, Happened, trouble};
use crate::platform::From;
use crate::store::StoreError;

use super::stage::Stage;

/// Entries kept; a page that fell further behind starts anew.
const ENTRIES_MAX: usize = 5_000;

/// Facts read from the journal at once.
const FACTS_MAX: usize = 1_000;

/// One thing that appeared.
#[derive(Clone, Debug)]
enum Entry {
    Bubble { user: String, value: Value },
    Line(Value),
}

/// Everything that appeared.
#[derive(Debug, Default)]
pub struct Feed {
    entries: Vec<(u64, Entry)>,
    last: u64,
    bubble_seq: u64,
    journal_number: u64,
}

impl Feed {
    /// The number of the newest entry.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Takes in what appeared since the last look.
    pub fn look(&mut self, stage: &Stage) -> Result<(), StoreError> {
        let mut bubbles = Vec::new();
        {
            let platform = stage.standin.platform();
            for user in platform.users() {
                let Some(phone) = platform.phone(user) else { continue };
                for item in phone.items.iter().filter(|item| item.seq > self.bubble_seq) {
                    let from = if item.from == From::Bot { "bot" } else { "me" };
                    let value = json!({"id": item.id, "from": from, "at_ms": item.at_ms,
                        "message": item.content, "notification": item.notification});
                    bubbles.push((item.seq, user.clone(), value));
                }
            }
        }
        bubbles.sort_by_key(|(seq, ..)| *seq);
        for (seq, user, value) in bubbles {
            self.bubble_seq = seq;
            self.add(Entry::Bubble { user, value });
        }
        self.look_at_journal(stage)?;
        self.look_at_unheard(stage);
        Ok(())
    }

    fn look_at_unheard(&mut self, stage: &Stage) {
        for unheard in stage.standin.take_unheard() {
            let name = match stage.standin.platform().phone(&unheard.user) {
                Some(phone) => phone.name.clone(),
                None => continue,
            };
            self.note(stage.clock.now(), &trouble::unheard(&name, unheard.again));
        }
    }

    /// Adds a line that neither the phones nor the journal tell.
    pub fn note(&mut self, at: Moment, line: &Happened) {
        self.add(Entry::Line(json!({"at_ms": at.millis(), "kind": line.kind,
            "text": line.text, "why": line.why})));
    }

    fn look_at_journal(&mut self, stage: &Stage) -> Result<(), StoreError> {
        let reading = stage.store.read()?;
        let name = |id: PersonId| {
            let person = reading.person(id).ok().flatten();
            person.and_then(|person| person.name).map(|name| name.to_string()).unwrap_or_default()
        };
        let entries = reading.journal_after(self.journal_number, FACTS_MAX)?;
        for entry in entries {
            self.journal_number = entry.number;
            if let Some(line) = words::happened(entry.fact, name) {
                self.note(entry.at, &line);
            }
        }
        Ok(())
    }

    fn add(&mut self, entry: Entry) {
        if self.entries.len() >= ENTRIES_MAX {
            self.entries.drain(..ENTRIES_MAX / 2);
        }
        self.last += 1;
        self.entries.push((self.last, entry));
    }

    fn after(&self, seq: u64) -> impl Iterator<Item = &(u64, Entry)> {
        self.entries.iter().filter(move |(number, _)| *number > seq)
    }

    /// The bubbles of a phone that are newer than `seq`.
    #[must_use]
    pub fn bubbles(&self, user: &str, seq: u64) -> Vec<Value> {
        let theirs = self.after(seq).filter_map(|(number, entry)| match entry {
            Entry::Bubble { user: of, value } if of == user => Some(with_seq(value, *number)),
            Entry::Bubble { .. } | Entry::Line(_) => None,
        });
        theirs.collect()
    }

    /// What the locked phone shows: its newest notification.
    #[must_use]
    pub fn notification(&self, user: &str) -> Option<Value> {
        self.entries.iter().rev().find_map(|(number, entry)| match entry {
            Entry::Bubble { user: of, value } if of == user => {
                let text = value["notification"].as_str()?;
                Some(json!({"seq": number, "at_ms": value["at_ms"], "text": text}))
            }
            Entry::Bubble { .. } | Entry::Line(_) => None,
        })
    }

    /// The lines of the timeline that are newer than `seq`.
    #[must_use]
    pub fn lines(&self, seq: u64) -> Vec<Value> {
        let lines = self.after(seq).filter_map(|(number, entry)| match entry {
            Entry::Line(value) => Some(with_seq(value, *number)),
            Entry::Bubble { .. } => None,
        });
        lines.collect()
    }
}

fn with_seq(value: &Value, seq: u64) -> Value {
    let mut value = value.clone();
    value["seq"] = json!(seq);
    value
}
