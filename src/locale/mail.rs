//! Words that mail needs besides those of the chat: what to do where the chat has buttons, and who
//! writes.

use super::Voice;

/// Begins every subject, so that a reader finds ours among others, and takes practice for practice.
#[must_use]
pub fn subject_mark(voice: &Voice) -> &'static str {
    if voice.training { "【練習・見守り】" } else { "【見守り】" }
}

/// Where a subject had to be shortened.
pub const CUT: char = '…';

/// Stands between two parts of a letter.
pub const RULE: &str = "────────────";

/// A label and what it leads to.
#[must_use]
pub fn labelled(label: &str, target: &str) -> String {
    format!("{label}：{target}")
}

/// Instead of buttons that only the chat has.
#[must_use]
pub fn instead_of_buttons(voice: &Voice) -> Vec<String> {
    let mut lines = vec!["LINEのトークを開いて、ボタンを押してください。".to_owned()];
    if let Some(phone) = &voice.phone {
        lines.push(format!(
            "ボタンがないときや、LINEが使えないときは、{phone} へ電話してください。"
        ));
    }
    if let Some(link) = voice.account_link() {
        lines.push(labelled("LINEのトーク", &link));
    }
    lines
}

/// The last lines: who writes, and that nobody reads answers.
#[must_use]
pub fn foot(voice: &Voice) -> Vec<String> {
    let sender = [Some(voice.org.clone()).filter(|org| !org.is_empty()), voice.phone.clone()];
    let sender: Vec<String> = sender.into_iter().flatten().collect();
    let mut lines = vec![sender.join(" ")];
    lines.retain(|line| !line.is_empty());
    lines.push("このメールに返信しても、だれにも届きません。".to_owned());
    lines
}
