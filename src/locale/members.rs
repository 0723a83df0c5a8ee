//! Words of the page on which staff see until when people are members.

use jiff::civil::Date;

use super::ja::when;
use crate::domain::membership::Told;

/// Title.
pub const TITLE: &str = "会員";
/// What an end means.
pub const HOW: &str = "有効期間に終わりがある会員です。終わりの30日前、7日前、前日に、ご本人へ知らせます。期間がすぎても、「げんきですか？」は止まりません。";
/// There may be more.
pub const MORE: &str = "多いので、すべては出ていません。";
/// Nobody.
pub const NOBODY: &str = "有効期間に終わりがある会員は、まだいません。みなさん無料会員です。";
/// Columns.
pub const COLUMNS: [&str; 4] = ["会員番号", "呼び名", "有効期間", "ようす"];
/// Heading of the form.
pub const SET: &str = "有効期間を決める";
/// Whose.
pub const NUMBER: &str = "会員番号";
/// Helps with it.
pub const NUMBER_HELP: &str = "ご本人の「マイページ」に出る番号です。例：12";
/// Until when.
pub const UNTIL: &str = "いつまで";
/// Helps with it.
pub const UNTIL_HELP: &str =
    "例：令和9年3月31日、2027-03-31。何も書かないと、終わりのない無料会員になります。";
/// Saves.
pub const SAVE: &str = "決める";
/// Saved.
pub const SAVED: &str = "決めました。ご本人にも知らせます。";
/// No such member.
pub const UNKNOWN: &str = "この番号の会員はいません。";
/// No day that exists.
pub const BAD_DAY: &str = "この日付はありません。例：令和9年3月31日";

/// Until when.
#[must_use]
pub fn until(until: Date) -> String {
    format!("{}まで", when::full_day(until))
}

/// How it stands today.
#[must_use]
pub fn state(until: Date, today: Date) -> &'static str {
    match Told::on(today, until) {
        Told::Nothing => "期間内",
        Told::Month => "30日以内に終わる",
        Told::Week => "7日以内に終わる",
        Told::Day => "もう終わる",
        Told::Over => "すぎている",
    }
}
