//! Words that people type, and the names of choices. Tables, no logic.

use crate::domain::press::Press;
use crate::domain::schedule::Interval;

/// The word before a typed code, also in the text that an invitation link prefills.
pub const CODE_MARK: &str = "招待コード";

/// The honorific that people may type behind their own name; ours to add.
pub const HONORIFIC: &str = "さん";

/// Whole texts that mean the same as a button. Compared after folding width and case and removing
/// spaces and closing marks.
pub const COMMANDS: &[(&str, Press)] = &[
    ("見守ってもらう", Press::BeWatched),
    ("見守られる", Press::BeWatched),
    ("見守る", Press::KeepWatch),
    ("招待コード", Press::HaveCode),
    ("招待コードがある", Press::HaveCode),
    ("コード", Press::HaveCode),
    ("同意", Press::Agree),
    ("同意する", Press::Agree),
    ("同意してはじめる", Press::Agree),
    ("招待", Press::InviteAny),
    ("招待する", Press::InviteAny),
    ("使い方", Press::Usage),
    ("つかいかた", Press::Usage),
    ("ヘルプ", Press::Usage),
    ("help", Press::Usage),
    ("ためし", Press::Practise),
    ("練習", Press::Practise),
    ("れんしゅう", Press::Practise),
    ("げんきです", Press::WellNow),
    ("元気です", Press::WellNow),
    ("げんき", Press::WellNow),
    ("元気", Press::WellNow),
    ("元気だよ", Press::WellNow),
    ("無事です", Press::WellNow),
    ("ok", Press::WellNow),
    ("ほかのこと", Press::Usage),
    ("こまった", Press::Trouble),
    ("困った", Press::Trouble),
    ("こまりました", Press::Trouble),
    ("困りました", Press::Trouble),
    // "おやすみ" and "おやすみなさい" are not here: people say good night with them. A greeting is a sign of
    // life; read as a wish to pause it could stop the questions of somebody who only went to bed.
    ("お休み", Press::Pause),
    ("お休みする", Press::Pause),
    ("お休みします", Press::Pause),
    ("休み", Press::Pause),
    ("休む", Press::Pause),
    ("休みます", Press::Pause),
];

/// How an interval is named on a button and in a sentence.
#[must_use]
pub fn interval(interval: Interval) -> &'static str {
    match interval.as_days() {
        1 => "毎日",
        2 => "2日ごと",
        3 => "3日ごと",
        5 => "5日ごと",
        7 => "毎週",
        14 => "隔週",
        _ => "30日ごと",
    }
}

/// Typed intervals, folded as [`COMMANDS`], beside "N日" and "N日ごと".
pub const INTERVALS: &[(&str, u8)] = &[
    ("毎日", 1),
    ("まいにち", 1),
    ("毎週", 7),
    ("週1回", 7),
    ("一週間", 7),
    ("1週間", 7),
    ("隔週", 14),
    ("2週間", 14),
    ("毎月", 30),
    ("1か月", 30),
];

/// Endings of a typed interval ("3日ごと").
pub const INTERVAL_ENDINGS: &[&str] = &["日ごとに", "日ごと", "日に1回", "日毎", "日おき", "日"];

/// Endings of a typed hour ("15時").
pub const HOUR_ENDINGS: &[&str] = &["時ごろ", "時", "じ"];

/// Beginnings of a typed hour: the word, and how many hours it adds below noon.
pub const HOUR_BEGINNINGS: &[(&str, u8)] = &[("午前", 0), ("朝", 0), ("午後", 12), ("夜", 12)];

/// Marks at the end of a typed word that change nothing.
pub const CLOSING_MARKS: &[char] = &['。', '、', '!', '?', '.', ',', '~', '〜', '♪', '☆'];

/// Labels of the menu under the chat; its picture says the same.
pub mod menu {
    /// On the bar that opens the menu.
    pub const BAR: &str = "メニュー";
    /// The big part.
    pub const WELL: &str = "げんきです";
    /// Something is wrong.
    pub const TROUBLE: &str = "こまった";
    /// No questions for a while.
    pub const PAUSE: &str = "お休み";
    /// Everything else. "Menu" stands on the bar already, and "how to use" promises less than there is.
    pub const OTHER: &str = "ほかのこと";
}
