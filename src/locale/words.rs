//! Words that people type, and the names of choices. Tables, no logic.

use crate::domain::press::Press;
use crate::domain::schedule::Interval;

/// The word before a typed code, also in the text that an invitation link prefills.
pub const CODE_MARK: &str = "招待コード";

/// In a group: opens our card.
pub const GROUP_CALL: &str = "安否";

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
    ("こまった", Press::Trouble),
    ("困った", Press::Trouble),
    ("こまりました", Press::Trouble),
    ("お休み", Press::Pause),
    ("お休みする", Press::Pause),
    ("休み", Press::Pause),
    ("休む", Press::Pause),
    ("やすみ", Press::Pause),
    ("旅行", Press::Pause),
    ("入院", Press::Pause),
    ("留守", Press::Pause),
    ("お休みを終わる", Press::PauseEnd),
    ("帰りました", Press::PauseEnd),
    ("やめる", Press::Leave),
    ("やめたい", Press::Leave),
    ("退会", Press::Leave),
    ("ようす", Press::Overview),
    ("様子", Press::Overview),
    ("ようすを見る", Press::Overview),
    ("マイページ", Press::MyPage),
    ("まいぺーじ", Press::MyPage),
    ("設定", Press::MyPage),
    ("日と時刻", Press::Retime),
    ("時刻を変える", Press::Retime),
    ("時間を変える", Press::Retime),
    ("はじめる", Press::BeWatched),
    ("メール", Press::Mail),
    ("メールアドレス", Press::Mail),
    ("時差", Press::Zone),
    ("くらす場所", Press::Zone),
    ("海外", Press::Zone),
    ("ほかのこと", Press::Usage),
    ("困りました", Press::Trouble),
    // "おやすみ" and "おやすみなさい" are not here: people say good night with them. A greeting is a sign of
    // life; read as a wish to pause it could stop the questions of somebody who only went to bed.
    ("お休みします", Press::Pause),
    ("休みます", Press::Pause),
];

/// Parts of a text that are a cry for help, folded as [`COMMANDS`]. Rather one too many: whoever did
/// not mean it presses that it was a mistake.
pub const HELP: &[&str] = &[
    "助けて",
    "助けを",
    "たすけて",
    "タスケテ",
    "救急",
    "きゅうきゅう",
    "119",
    "倒れ",
    "たおれ",
    "動けな",
    "うごけな",
    "立てな",
    "起きられな",
    "起き上がれ",
    "転んだ",
    "転びました",
    "ころんだ",
    "転倒",
    "息が苦し",
    "息がくるし",
    "いきがくるし",
    "胸が苦し",
    "胸が痛",
    "血が止まら",
    "死にそう",
    "死にたい",
];

/// Parts of a text that say somebody is not well, folded as [`COMMANDS`].
pub const UNWELL: &[&str] = &[
    "痛い",
    "痛む",
    "痛くて",
    "痛みが",
    "しんど",
    "具合",
    "調子が悪",
    "調子がわる",
    "調子悪",
    "調子わる",
    "体調",
    "苦しい",
    "くるしい",
    "だるい",
    "めまい",
    "熱がある",
    "熱が出",
    "ねつがある",
    "吐き気",
    "元気じゃ",
    "元気ではな",
    "元気がな",
    "元気ない",
    "げんきじゃ",
    "げんきではな",
    "大丈夫じゃ",
    "大丈夫では",
    "だいじょうぶじゃ",
    "だめです",
    "ダメです",
    "つらい",
    "辛いです",
    "さびしい",
    "寂しい",
];

/// Whole texts that say the same; as a part of others they mean something else (会いたいです).
pub const UNWELL_WHOLE: &[&str] = &["いたい", "いたいです", "いたいよ", "痛いよ"];

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

/// Eras of the Japanese calendar that somebody alive can be born in: letter, name, and the year before
/// the first.
pub const ERAS: [(&str, &str, i16); 5] = [
    ("M", "明治", 1867),
    ("T", "大正", 1911),
    ("S", "昭和", 1925),
    ("H", "平成", 1988),
    ("R", "令和", 2018),
];

/// Stands for the first year of an era.
pub const FIRST_YEAR: char = '元';
