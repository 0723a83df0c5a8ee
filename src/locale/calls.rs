//! Words of the list of those to phone, of the form for people without LINE, and of the form that takes many of them
//! from a file.

use jiff::civil::{Date, DateTime};

use super::ja::when;

/// Title.
pub const TITLE: &str = "電話リスト";
/// Heading: people without LINE who are due.
pub const TODAY: &str = "LINEを使わない方への電話";
/// What to do with them.
pub const HOW: &str = "電話をして、結果を押してください。出なかったときは、3時間のうちにもう一度かけてください。3時間たつと、対応ボードに出ます。";
/// Nobody is due.
pub const NOBODY: &str = "今、電話する方はいません。";
/// Nobody is registered.
pub const EMPTY: &str = "LINEを使わない方は、まだ登録されていません。";
/// Heading: open cases with numbers.
pub const CASES: &str = "対応が必要な方の電話番号";
/// No case is open.
pub const NO_CASES: &str = "対応が必要な方はいません。";
/// Columns.
pub const COLUMNS: [&str; 4] = ["だれ", "電話の順番", "知っておくこと", "結果"];
/// Spoke to them.
pub const WELL: &str = "お元気でした";
/// Nobody took the call.
pub const IN_VAIN: &str = "出ませんでした";
/// Somebody should look now.
pub const WORRIED: &str = "心配なので、すぐ対応する";
/// It was written down.
pub const NOTED: &str = "記録しました。";
/// Is on the board already.
pub const ON_BOARD: &str = "対応ボードに出ています";
/// How to print.
pub const PRINT: &str = "印刷すると、結果を手で書く欄がつきます。";
/// What stands in the column of results on paper.
pub const BLANK: [&str; 3] = ["時刻", "相手", "結果"];
/// Leads to the form for somebody without LINE.
pub const NEW: &str = "LINEを使わない方を登録する";
/// Leads to the form that takes many.
pub const IMPORT: &str = "名簿のファイルから登録する";
/// There may be more.
pub const MORE: &str = "多いので、すべては出ていません。";

/// Since when somebody is to be phoned.
#[must_use]
pub fn since(at: DateTime) -> String {
    format!("{}から", when::date_time(at))
}

/// When the first call was not taken, and when it becomes a case.
#[must_use]
pub fn in_vain(at: DateTime, until: DateTime) -> String {
    format!("{}に出ませんでした。{}に対応ボードへ", when::date_time(at), when::date_time(until))
}

/// How many more are due before the day is over.
#[must_use]
pub fn later_today(count: usize) -> String {
    format!("このあと今日じゅうに、あと{count}人の時刻が来ます。")
}

/// Words of the form for somebody without LINE.
pub mod new {
    /// Title.
    pub const TITLE: &str = "LINEを使わない方の登録";
    /// What it is for.
    pub const HOW: &str = "スマートフォンやLINEを使わない方を登録します。決めた日に電話リストに出るので、事務局が電話をします。";
    /// No team of the office.
    pub const NO_TEAM: &str = "先に、見守りのチーム（事務局が見守るチーム）を作ってください。";
    /// Label: team.
    pub const TEAM: &str = "チーム";
    /// Label: nickname.
    pub const NAME: &str = "呼び名";
    /// Helps with it.
    pub const NAME_HELP: &str = "一覧に出る名前です。氏名は下に書きます。";
    /// Label: interval.
    pub const INTERVAL: &str = "何日ごと";
    /// Label: hour.
    pub const HOUR: &str = "何時から電話するか";
    /// No number to phone.
    pub const NO_PHONE: &str = "電話番号を書いてください。家の電話か携帯のどちらかが必要です。";
    /// More than the team agreed to.
    pub const TOO_MUCH: &str =
        "このチームでは、ここまで記録する約束になっていません。チームの設定を見てください。";
    /// Somebody with this number is registered.
    pub const KNOWN_NUMBER: &str = "同じ電話番号の方が、もう登録されています。別の方なら、下の「別の方です」に印をつけてください。";
    /// It is somebody else.
    pub const OTHER_PERSON: &str = "別の方です（家族など）";
    /// The form has been saved.
    pub const SAVE: &str = "登録する";
    /// Leads to those who are registered.
    pub const BACK: &str = "利用者の一覧へ";
}

/// Words of the form that takes many from a file.
pub mod import {
    /// Title.
    pub const TITLE: &str = "名簿のファイルから登録";
    /// What it takes.
    pub const HOW: &str = "表計算ソフトで作った名簿（CSV）を読み込み、LINEを使わない方として登録します。まず内容を確かめる画面が出ます。";
    /// Columns that it knows.
    pub const COLUMNS: &str = "1行目に列の名前を書きます。必要な列：呼び名、電話（家）または電話（携帯）。使える列：管理番号、氏名、ふりがな、生年月日、性別、住所、管理会社・大家、管理会社・大家の電話、訪問する人が知っておくこと、連絡先1の名前・続柄・電話・メモ・住所（5まで）。「利用者」の画面から書き出したファイルと同じ名前です。";
    /// Leads to an example.
    pub const SAMPLE: &str = "見本のファイル";
    /// Label: the file.
    pub const FILE: &str = "CSVファイル";
    /// Helps with it.
    pub const FILE_HELP: &str =
        "文字コードは、UTF-8でもShift_JISでもかまいません。1000人、1MBまで。";
    /// Label: the table itself.
    pub const PASTE: &str = "または、表をコピーして、ここに貼る";
    /// Helps with it.
    pub const PASTE_HELP: &str = "列の名前の行も、いっしょにコピーしてください。";
    /// On to the preview.
    pub const LOOK: &str = "内容を確かめる";
    /// No file.
    pub const NOTHING: &str = "ファイルを選ぶか、表を貼ってください。";
    /// Title of the preview.
    pub const PREVIEW: &str = "この内容で登録しますか？";
    /// Something is wrong.
    pub const FAULTS: &str = "直してほしいところがあります";
    /// What happens then.
    pub const NOTHING_DONE: &str =
        "まだ、だれも登録していません。ファイルを直して、もう一度読み込んでください。";
    /// Columns of the table of faults.
    pub const FAULT_COLUMNS: [&str; 4] = ["行", "列", "書いてあること", "直すこと"];
    /// Columns of the preview.
    pub const PREVIEW_COLUMNS: [&str; 5] = ["行", "呼び名", "氏名", "電話", "住所"];
    /// Registers them.
    pub const RUN: &str = "登録する";
    /// Back to the form.
    pub const BACK: &str = "やめて、もどる";
    /// Title after it.
    pub const DONE: &str = "登録しました";
    /// Takes it back.
    pub const UNDO: &str = "登録を取り消す";
    /// What that means.
    pub const UNDO_HELP: &str =
        "まちがえたときは、最初の電話の時刻が来るまで、全員をまとめて取り消せます。";
    /// It was taken back.
    pub const UNDONE: &str = "取り消しました。だれも登録されていません。";
    /// It could not be.
    pub const TOO_LATE: &str = "もう取り消せません。電話の時刻が来たか、記録のある方がいます。ひとりずつ「見守りを終わる」で終わりにしてください。";
    /// The rules refused it.
    pub const REFUSED: &str = "登録できませんでした。チームの設定が変わったかもしれません。もう一度、はじめからお願いします。";
}

/// So many are registered.
#[must_use]
pub fn registered(count: u32, first: u32) -> String {
    format!("{count}人を登録しました（会員番号 {first} から）。")
}

/// So many will be.
#[must_use]
pub fn register_all(count: usize) -> String {
    format!("{count}人を登録する")
}

/// Columns that were not used.
#[must_use]
pub fn unused(columns: &[String]) -> String {
    format!("使わない列：{}", columns.join("、"))
}

/// More faults than are shown.
#[must_use]
pub fn more_faults(count: usize) -> String {
    format!("ほかに{count}か所あります。")
}

/// More lines than are shown.
#[must_use]
pub fn more_lines(count: usize) -> String {
    format!("ほかに{count}人。")
}

/// The day of a list.
#[must_use]
pub fn day(day: Date) -> String {
    when::full_day(day)
}
