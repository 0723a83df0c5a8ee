//! Bulletins: what the office wrote, under its name, with what can be said to it.

use super::super::{Button, Card, Speech, Tone, Voice};
use super::{card, help, push_phone};
use crate::domain::bulletin::{Kind, Text, Word};
use crate::domain::id::BulletinId;
use crate::domain::message::BulletinMessage;
use crate::domain::press::Press;

/// Characters of the text that a locked screen shows.
const SHOWN_LOCKED: usize = 40;

pub(super) fn say(message: &BulletinMessage, voice: &Voice) -> Speech {
    Speech::Card(match message {
        BulletinMessage::Post { id, kind, text, test } => post(*id, *kind, text, *test, voice),
        BulletinMessage::Heard { word, drill } => heard(*word, *drill, voice),
    })
}

/// What can be said to a bulletin.
fn buttons(id: BulletinId, kind: Kind) -> Vec<Button> {
    let press = |word| Press::Bulletin(id, word);
    match kind {
        Kind::Notice => vec![Button::main("読みました", press(Word::Read))],
        Kind::Check | Kind::Drill => vec![
            Button::main("無事です", press(Word::Safe)),
            Button::choice("けがをしました", press(Word::Hurt)),
            Button::choice("助けがいる", press(Word::Help)),
        ],
    }
}

fn post(id: Option<BulletinId>, kind: Kind, text: &Text, test: bool, voice: &Voice) -> Card {
    let title = match kind {
        Kind::Notice => "お知らせ",
        Kind::Check => "だいじょうぶですか？",
        Kind::Drill => "【訓練】だいじょうぶですか？",
    };
    let mut card = card(title, &[]);
    let test_mark = if test { "【ためし】" } else { "" };
    card.head = Some(format!("{test_mark}{}", voice.org));
    card.body.push(text.as_str().to_owned());
    match kind {
        Kind::Notice => {}
        Kind::Check => card.body.push("いのちに関わるときは、119に電話してください。".to_owned()),
        Kind::Drill => {
            card.body.push("これは訓練です。どれを押しても、だれも困りません。".to_owned());
        }
    }
    let line: String = text.as_str().lines().next().unwrap_or_default().to_owned();
    let line: String = line.chars().take(SHOWN_LOCKED).collect();
    card.alt = match kind {
        Kind::Notice => format!("{test_mark}お知らせ：{line}（{}）", voice.org),
        Kind::Check | Kind::Drill => {
            format!("{test_mark}{title} 開いて押してください（{}）", voice.org)
        }
    };
    if let Some(id) = id {
        card.buttons = buttons(id, kind);
    }
    card
}

fn heard(word: Word, drill: bool, voice: &Voice) -> Card {
    let title = match word {
        Word::Read => "読んでくださって、ありがとうございます",
        Word::Safe => "無事と受け取りました",
        Word::Hurt => "けがをしたと受け取りました",
        Word::Help => "助けがいると受け取りました",
    };
    let mut card = card(title, &[]);
    if matches!(word, Word::Read | Word::Safe) {
        card.tone = Tone::Good;
    }
    if !drill && matches!(word, Word::Hurt | Word::Help) {
        card.tone = Tone::Alarm;
        card.body.push(format!("{}に伝えました。", voice.org));
        card.body
            .push("すぐに人が来るとは、かぎりません。急ぐときは119に電話してください。".to_owned());
        push_phone(&mut card, voice);
        card.buttons.push(help::call_119());
    }
    if drill {
        card.body.push(format!("訓練でした。ありがとうございました。（{}）", voice.org));
    }
    card
}
