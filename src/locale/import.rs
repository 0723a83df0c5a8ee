//! Words for a list of people that is read from a file: its columns, and what is to be put right in it.

use crate::domain::details::Sex;

/// The names of the columns: first as in our own files, then as offices like to call them.
pub const HEADINGS: [&[&str]; 15] = [
    &["呼び名", "ニックネーム", "表示名"],
    &["管理番号", "受付番号"],
    &["氏名", "名前", "お名前"],
    &["ふりがな", "フリガナ", "よみ"],
    &["生年月日"],
    &["性別"],
    &["住所"],
    &["電話（家）", "電話", "電話番号", "自宅電話", "固定電話"],
    &["電話（携帯）", "携帯", "携帯電話"],
    &["管理会社・大家", "管理会社", "大家"],
    &["管理会社・大家の電話", "管理会社の電話"],
    &["訪問する人が知っておくこと", "備考"],
    &["使用申出書を受け取った日"],
    &["何日ごと", "間隔"],
    &["何時", "時刻"],
];

/// The names of the columns about one who is called.
pub const CONTACT_PARTS: [&str; 5] = ["名前", "続柄", "電話", "メモ", "住所"];

/// Every day.
pub const DAILY: &str = "毎日";

/// It can be read as no writing.
pub const UNREADABLE: &str =
    "文字が読めません。表計算ソフトで「CSV UTF-8」か「CSV」を選んで、保存しなおしてください。";
/// There is no first line.
pub const NO_HEADING: &str = "1行目に、列の名前がありません。見本のファイルを見てください。";
/// Nobody could be called anything.
pub const NO_NAME_COLUMN: &str =
    "「呼び名」か「氏名」の列がありません。1行目に列の名前を書いてください。";
/// Nobody could be phoned.
pub const NO_PHONE_COLUMN: &str =
    "「電話（家）」か「電話（携帯）」の列がありません。1行目に列の名前を書いてください。";
/// A column is there twice.
pub const TWICE: &str = "同じ名前の列が2つあります。1つにしてください。";
/// A line that is none.
pub const BROKEN_LINE: &str = "この行は読めません。表計算ソフトで開いて、保存しなおしてください。";
/// Nobody is on the list.
pub const NOBODY: &str = "2行目から、1人を1行に書いてください。まだ、だれも書いてありません。";
/// No number of their own.
pub const NUMBERLESS: &str = "電話番号がありません。家の電話か携帯を書いてください。";
/// A spreadsheet took the 0 away.
pub const ZERO_LOST: &str =
    "先頭の0がありません。表計算ソフトが消すことがあります。0から書きなおしてください。";
/// No such sex.
pub const SEX: &str = "「女」「男」「その他」「答えない」のどれかにしてください。";
/// No such interval.
pub const INTERVAL: &str = "1、2、3、5、7、14、30のどれかにしてください。";
/// No such hour.
pub const HOUR: &str = "0から23の数字にしてください。";

/// The name of a column about the n-th who is called.
#[must_use]
pub fn contact_heading(n: usize, part: &str) -> String {
    format!("連絡先{n}の{part}")
}

/// A sex in one letter.
#[must_use]
pub fn sex_short(sex: Sex) -> Option<&'static str> {
    match sex {
        Sex::Female => Some("女"),
        Sex::Male => Some("男"),
        Sex::Other | Sex::Unsaid => None,
    }
}

/// More than can be taken at once.
#[must_use]
pub fn too_many(most: usize) -> String {
    format!("一度に登録できるのは{most}人までです。ファイルを分けてください。")
}

/// Somebody is registered already.
#[must_use]
pub fn known(number: u32) -> String {
    format!(
        "同じ氏名と電話の方が、もう登録されています（会員番号 {number}）。この行を消してください。"
    )
}

/// The same person is on the list twice.
#[must_use]
pub fn same_as(line: u64) -> String {
    format!("{line}行目と同じ方のようです。どちらかの行を消してください。")
}

/// The example.
pub const SAMPLE_ROWS: [[&str; 12]; 2] = [
    [
        "うめ",
        "見本 うめ",
        "みほん うめ",
        "S15.3.2",
        "女",
        "みどり市中央1-2-3",
        "03-0000-1111",
        "",
        "見本 けいこ",
        "長女",
        "090-0000-2222",
        "かぎは管理人室",
    ],
    [
        "まつ",
        "見本 まつ",
        "みほん まつ",
        "1942/11/3",
        "男",
        "みどり市北4-5",
        "",
        "090-0000-3333",
        "",
        "",
        "",
        "",
    ],
];

/// The columns of the example.
pub const SAMPLE_COLUMNS: [&str; 12] = [
    "呼び名",
    "氏名",
    "ふりがな",
    "生年月日",
    "性別",
    "住所",
    "電話（家）",
    "電話（携帯）",
    "連絡先1の名前",
    "連絡先1の続柄",
    "連絡先1の電話",
    "訪問する人が知っておくこと",
];

/// The name of the example as a file.
pub const SAMPLE_FILE: &str = "名簿の見本";
