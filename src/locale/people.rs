//! Words of the register of everyone who is the office's business, and of the page of one of them.

use std::time::Duration;

use jiff::civil::{Date, DateTime};

use super::ja::when;
use super::staff;

/// Title.
pub const TITLE: &str = "利用者";
/// Nobody yet.
pub const EMPTY: &str = "まだ利用者がいません。はじめるには、";
/// What to do first.
pub const FIRST_STEPS: [&str; 3] = [
    "チームを作ります。",
    "チームのページで、案内チラシを印刷します。",
    "ご本人のスマートフォンで、チラシのQRコードを読み取ってもらいます。LINEを使わない方は、電話リストの画面から登録します。",
];
/// Leads to the teams.
pub const TO_TEAMS: &str = "チームへ";
/// There may be more.
pub const MORE: &str = "多いので、すべては出ていません。チームごとに見てください。";
/// The field to search.
pub const SEARCH: &str = "さがす";
/// Helps with it.
pub const SEARCH_HELP: &str =
    "名前、ふりがな、電話の終わり4けた以上、会員番号のどれか。近親者の名前と電話でもさがせます。";
/// Opens what narrows the list.
pub const NARROW: &str = "しぼりこむ";
/// Label: how somebody is.
pub const STATE: &str = "ようす";
/// How somebody is, in the order of the filter.
pub const CONDITIONS: [&str; 7] = [
    "対応が必要",
    "LINEが届かない",
    "もう一度聞いた",
    "返事待ち",
    "お休み",
    "返事あり",
    "これから",
];
/// Label: team.
pub const TEAM: &str = "チーム";
/// Label: organization.
pub const AREA: &str = "団体・地区";
/// Label: age.
pub const AGE: &str = "年代";
/// Counted among the elderly.
pub const ELDERLY: &str = "60歳以上";
/// Nobody wrote down when they were born.
pub const AGE_UNKNOWN: &str = "生年月日の記録なし";
/// Label: no answer for so long.
pub const SILENT: &str = "最後のお返事";
/// Label: the signed form.
pub const FORM: &str = "使用申出書";
/// It is wanted and has not come.
pub const FORM_MISSING: &str = "まだの方";
/// Label: what the office has to know.
pub const LACK: &str = "登録";
/// Some of it is not written down.
pub const LACKING: &str = "たりないところがある方";
/// Not narrowed.
pub const ANY: &str = "すべて";
/// Searches.
pub const FIND: &str = "表示する";
/// Searches, narrowed.
pub const FIND_THESE: &str = "この条件で表示する";
/// Everyone again.
pub const ALL: &str = "全員を表示する";
/// Nobody was found.
pub const NOBODY: &str = "あてはまる方はいません。";
/// Columns.
pub const COLUMNS: [&str; 6] =
    ["ようす", "呼び名・氏名", "会員番号", "チーム", "最後のお返事", "次に聞く日時"];
/// Somebody without a name.
pub const NO_NAME: &str = "名前のない方";
/// No answer yet.
pub const NEVER: &str = "まだありません";
/// Names the pages of the list.
pub const PAGES: &str = "ページ";
/// The page before.
pub const EARLIER: &str = "前の100人";
/// The page behind.
pub const LATER: &str = "次の100人";
/// What is in the file.
pub const CSV_HELP: &str = "表計算ソフトで開けます。氏名、住所、電話、近親者が入ります。だれがいつ書き出したかを記録します。使いおわったら消してください。";
/// Columns of the file; those of each contact follow one another.
pub const CSV_COLUMNS: [&str; 48] = [
    "会員番号",
    "呼び名",
    "管理番号",
    "氏名",
    "ふりがな",
    "生年月日",
    "年齢",
    "性別",
    "住所",
    "電話（家）",
    "電話（携帯）",
    "チーム",
    "ようす",
    "聞く日と時刻",
    "登録日時",
    "最後のお返事",
    "次に聞く日時",
    "お休みの最後の日",
    "有効期間",
    "使用申出書を受け取った日",
    "管理会社・大家",
    "管理会社・大家の電話",
    "訪問する人が知っておくこと",
    "連絡先1の名前",
    "連絡先1の続柄",
    "連絡先1の電話",
    "連絡先1のメモ",
    "連絡先1の住所",
    "連絡先2の名前",
    "連絡先2の続柄",
    "連絡先2の電話",
    "連絡先2のメモ",
    "連絡先2の住所",
    "連絡先3の名前",
    "連絡先3の続柄",
    "連絡先3の電話",
    "連絡先3のメモ",
    "連絡先3の住所",
    "連絡先4の名前",
    "連絡先4の続柄",
    "連絡先4の電話",
    "連絡先4のメモ",
    "連絡先4の住所",
    "連絡先5の名前",
    "連絡先5の続柄",
    "連絡先5の電話",
    "連絡先5のメモ",
    "連絡先5の住所",
];

/// Ten years of age.
#[must_use]
pub fn band(first: u16, is_last: bool) -> String {
    if is_last { format!("{first}代以上") } else { format!("{first}代") }
}

/// No answer for so many days.
#[must_use]
pub fn silent(days: u16) -> String {
    format!("{days}日以上前")
}

/// So many were found of all.
#[must_use]
pub fn count(found: usize, of: usize) -> String {
    if found == of { format!("{of}人") } else { format!("{of}人のうち{found}人") }
}

/// Families who look after themselves.
#[must_use]
pub fn families(people: usize) -> String {
    format!("このほかに、家族だけで見守っている方が{people}人います。事務局には名前を出しません。")
}

/// A full name, and how it is read.
#[must_use]
pub fn full_name(name: &str, reading: Option<&str>) -> String {
    match reading {
        Some(reading) => format!("{name}（{reading}）"),
        None => name.to_owned(),
    }
}

/// Somebody was found by one of those to call for them.
#[must_use]
pub fn contact(who: &str) -> String {
    format!("連絡先：{who}")
}

/// How long ago.
#[must_use]
pub fn ago(span: Duration) -> String {
    staff::in_brackets(&staff::ago(span))
}

/// Which page.
#[must_use]
pub fn page(page: usize, of: usize) -> String {
    format!("{of}ページのうち{page}ページ目")
}

/// Saves the list as a file.
#[must_use]
pub fn csv(people: usize) -> String {
    format!("この{people}人をCSVで書き出す")
}

/// The name of the file, without its end.
#[must_use]
pub fn file(today: Date) -> String {
    format!("利用者-{today}")
}

/// A day, as spreadsheets read it.
#[must_use]
pub fn csv_day(day: Date) -> String {
    day.strftime("%Y/%m/%d").to_string()
}

/// A moment, as spreadsheets read it.
#[must_use]
pub fn csv_moment(at: DateTime) -> String {
    at.strftime("%Y/%m/%d %H:%M").to_string()
}

/// Until when, with the year.
#[must_use]
pub fn full_day(day: Date) -> String {
    when::full_day(day)
}

/// Words of the page of one person.
pub mod one {
    use crate::domain::details::Lack;

    /// Heading: what came of a call.
    pub const PHONED: &str = "電話の結果";
    /// Spoke to them.
    pub const SPOKE: &str = "電話で話しました。お元気です";
    /// Opens the days on which they are phoned.
    pub const RETIME: &str = "電話する日と時刻を変える";
    /// Ends the watch.
    pub const END: &str = "見守りを終わる";
    /// Label: why.
    pub const END_REASON: &str = "終わるわけ";
    /// On to the question.
    pub const END_NEXT: &str = "次へ";
    /// What it means.
    pub const END_WHY: &str = "もう「げんきですか？」を聞きません。電話リストにも出ません。あいさつも送りません。もとには戻せません。";
    /// Does it.
    pub const END_NOW: &str = "見守りを終わります";
    /// Leads to the teams in which they watch.
    pub const WATCHES: &str = "この方が見守るチーム";
    /// Label: how they are asked.
    pub const WAY: &str = "聞き方";

    /// How somebody is asked.
    #[must_use]
    pub fn way(phoned: bool) -> &'static str {
        if phoned { "電話（LINEを使わない方）" } else { "LINE" }
    }

    /// What the office still has to know.
    #[must_use]
    pub fn lacks(lacks: &[Lack]) -> String {
        let named: Vec<&str> = lacks.iter().map(|lack| super::super::desk::lack(*lack)).collect();
        format!("登録のたりないところ：{}", named.join("、"))
    }

    use std::time::Duration;

    use jiff::civil::Date;

    use super::super::phone::care;
    use super::when;

    /// Leads to the open case.
    pub const TO_CASE: &str = "対応のページへ";
    /// Heading of when they are asked.
    pub const TIMES: &str = "安否確認";
    /// When they are asked.
    pub const SCHEDULE: &str = "聞く日と時刻";
    /// Answers have become slow.
    pub const SLOW: &str = "最近、返事が遅めです";
    /// Heading of a rest.
    pub const REST: &str = "お休み";
    /// Leads to those who rest.
    pub const TO_RESTS: &str = "お休みの一覧へ";
    /// Telephone numbers may not be written down.
    pub const NOT_AGREED: &str =
        "電話番号は記録していません。チームで、そこまで記録する約束になっていません。";
    /// Heading of the teams.
    pub const TEAMS: &str = "チームと見守る方";
    /// Heading of the registration.
    pub const REGISTERED: &str = "登録の内容";
    /// Since when.
    pub const SINCE: &str = "登録日時";
    /// What kind of member, and until when.
    pub const MEMBERSHIP: &str = "会員ステータス";
    /// A member who pays nothing.
    pub const FREE: &str = "無料会員";
    /// Heading of the last questions.
    pub const HISTORY: &str = "これまでの14回";
    /// Heading of the cases.
    pub const CASES: &str = "これまでの対応";
    /// One that is open.
    pub const OPEN: &str = "対応中";
    /// Leads to a bulletin to this person alone.
    pub const WRITE: &str = "この方にお知らせを送る";
    /// Leads back to the list.
    pub const BACK: &str = "利用者の一覧へ";

    /// In which zone they are asked.
    #[must_use]
    pub fn zone(place: &str) -> String {
        format!("{place}の時刻です")
    }

    /// Somebody watches.
    #[must_use]
    pub fn watches(name: &str) -> String {
        format!("見守る方：{name}")
    }

    /// A day of birth, and how old that is.
    #[must_use]
    pub fn born(born_on: Date, age: Option<u16>) -> String {
        let day = born_on.strftime("%Y年%-m月%-d日");
        match age {
            Some(age) => format!("{day}（{age}歳）"),
            None => day.to_string(),
        }
    }

    /// Until when somebody is a member.
    #[must_use]
    pub fn until(until: Date, over: bool) -> String {
        let over =
            if over { "（すぎています。確認はつづいています）" } else { "" };
        format!("会員　{}まで{over}", when::full_day(until))
    }

    /// A case: since when, and what it is about.
    #[must_use]
    pub fn case(since: &str, trouble: &str) -> String {
        format!("{since}　{trouble}")
    }

    /// How slow the answers have become.
    #[must_use]
    pub fn slower(recent: Duration, before: Duration) -> String {
        let minutes = |span: Duration| i64::try_from(span.as_secs() / 60).unwrap_or(i64::MAX);
        care::slower(minutes(recent), minutes(before))
    }
}
