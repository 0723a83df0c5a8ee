//! Words of the report of a month.

use std::time::Duration;

use jiff::civil::Date;

use super::ja::when;
use crate::domain::person::EndReason;

/// Names the ways to the months beside it.
pub const MONTHS: &str = "ほかの月";
/// Columns.
pub const COLUMNS: [&str; 2] = ["項目", "数"];
/// People.
pub const PEOPLE: &str = "登録者";
/// On the first day.
pub const AT_BEGIN: &str = "月のはじめ";
/// Came.
pub const CAME: &str = "新しい方";
/// On the last day.
pub const AT_END: &str = "月のおわり";
/// Today, while the month goes on.
pub const AT_NOW: &str = "いま";
/// Questions.
pub const ROUNDS: &str = "安否確認";
/// Questions that LINE took.
pub const ASKED: &str = "送った回数";
/// Answers.
pub const ANSWERED: &str = "お返事";
/// How many of the questions were answered.
pub const RATE: &str = "お返事の割合";
/// By others who met the person.
pub const BY_OTHERS: &str = "見守る方・職員が会って確認";
/// Second calls.
pub const RESENT: &str = "再送（24時間お返事なし）";
/// Rests.
pub const RESTS: &str = "お休みのはじまり";
/// Questions to groups.
pub const GROUPS_ASKED: &str = "つながり：グループに聞いた回数";
/// With somebody missing.
pub const GROUPS_MISSED: &str = "つながり：まだの方がいた回数";
/// Heading of cases.
pub const CASES_TITLE: &str = "対応";
/// Cases.
pub const CASES: &str = "対応の件数";
/// Out of office hours.
pub const OUT_OF_HOURS: &str = "うち夜間・土日";
/// How soon somebody acted.
pub const FIRST_ACT: &str = "はじめの対応までの時間（中央値）";
/// What they turned out to be.
pub const OUTCOMES: &str = "対応の結果";
/// What staff did.
pub const MEANS: &str = "職員の対応記録（手段ごと）";
/// The rest.
pub const OTHER: &str = "そのほか";
/// Bulletins.
pub const BULLETINS: &str = "お知らせの配信";
/// Messages.
pub const MESSAGES: &str = "LINEの通数（いまの月）";
/// Saves it as a file.
pub const CSV: &str = "CSVで書き出す";
/// How to print it.
pub const PRINT: &str = "印刷すると、A4の紙1枚になります。";
/// Columns of the file.
pub const CSV_COLUMNS: [&str; 4] = ["月", "表", "項目", "数"];

/// Title.
#[must_use]
pub fn title(first: Date) -> String {
    format!("月次報告　{}", month(first))
}

/// A month.
#[must_use]
pub fn month(first: Date) -> String {
    format!("{}年{}月", first.year(), first.month())
}

/// The month is not over.
#[must_use]
pub fn so_far(today: Date) -> String {
    format!("{}までの数です。", when::full_day(today))
}

/// Why a watch ended.
#[must_use]
pub fn end_reason(why: EndReason) -> &'static str {
    match why {
        EndReason::OwnWish => "本人の希望",
        EndReason::Died => "死亡",
        EndReason::Moved => "転出",
        EndReason::CareHome => "施設入所",
    }
}

/// Watches that ended.
#[must_use]
pub fn ended(why: &str) -> String {
    format!("終了：{why}")
}

/// A part, in percent.
#[must_use]
pub fn percent(part: usize, of: usize) -> String {
    match (part * 1000).checked_div(of) {
        Some(tenths) => format!("{}.{}%", tenths / 10, tenths % 10),
        None => "―".to_owned(),
    }
}

/// How long it took.
#[must_use]
pub fn wait(wait: Option<Duration>) -> String {
    match wait.map(|wait| wait.as_secs() / 60) {
        None => "―".to_owned(),
        Some(minutes @ 0..60) => format!("{minutes}分"),
        Some(minutes) => format!("{}時間{}分", minutes / 60, minutes % 60),
    }
}

/// Messages and their limit.
#[must_use]
pub fn messages(used: u32, limit: Option<u32>) -> String {
    match limit {
        Some(limit) => format!("{used}通（上限{limit}通）"),
        None => format!("{used}通（上限なし）"),
    }
}

/// The name of the file, without its end.
#[must_use]
pub fn file(month: &str) -> String {
    format!("月次報告-{month}")
}
