//! Words of the page with numbers about everyone.

use jiff::civil::Date;

use super::ja::when;

/// Not everything is counted.
pub const PART: &str = "担当する団体・地区のチームだけを数えています。";
/// Title.
pub const TITLE: &str = "統計";
/// Columns: what, how many, and a bar.
pub const COLUMNS: [&str; 3] = ["区分", "数", "グラフ"];
/// People.
pub const PEOPLE: &str = "見守られる方";
/// Today.
pub const NOW: &str = "いまの人数";
/// Ever.
pub const EVER: &str = "延べ人数";
/// Resting.
pub const RESTING: &str = "お休み中";
/// Whom LINE does not reach.
pub const UNREACHABLE: &str = "LINEが届かない";
/// Those without LINE.
pub const PHONED: &str = "電話だけの方";
/// By service.
pub const SERVICES: &str = "サービスごとの人数（いま）";
/// Watched by the office itself.
pub const OFFICE: &str = "見守り（事務局が確認）";
/// In another team.
pub const OTHERS: &str = "安否通知（見守る方が確認）";
/// In groups.
pub const GROUPS: &str = "つながり（LINEグループに参加）";
/// By sex.
pub const SEX: &str = "性別（いま）";
/// By age.
pub const AGE: &str = "年代（いま）";
/// Not written down.
pub const UNKNOWN: &str = "記録なし";
/// Why.
pub const UNKNOWN_HELP: &str = "「記録なし」は、チームで生年月日や性別を記録しない約束の方と、家族だけで見守っている方です。2つのサービスを使う方は、サービスごとに数えます。";
/// Teams and groups.
pub const TEAMS: &str = "チームとグループの数";
/// Teams of the office.
pub const OFFICE_TEAMS: &str = "見守りのチーム";
/// Teams of organizations.
pub const ORGANIZATION_TEAMS: &str = "団体のチーム";
/// Families.
pub const FAMILIES: &str = "家族のチーム";
/// Groups that we are in.
pub const GROUPS_NOW: &str = "LINEグループ（いま）";
/// Groups that we were ever in.
pub const GROUPS_EVER: &str = "LINEグループ（延べ）";
/// The share of the elderly.
pub const ELDERLY: &str = "60歳以上";
/// Saves it as a file.
pub const CSV: &str = "CSVで書き出す";
/// Columns of the file.
pub const CSV_COLUMNS: [&str; 4] = ["基準日", "表", "区分", "数"];

/// On which day.
#[must_use]
pub fn as_of(today: Date) -> String {
    format!("{}の数です。", when::full_day(today))
}

/// So many of those whose age is known, in percent.
#[must_use]
pub fn share(part: usize, of: usize) -> String {
    match (part * 1000).checked_div(of) {
        Some(tenths) => format!("{}.{}%（{of}人中{part}人）", tenths / 10, tenths % 10),
        None => "―".to_owned(),
    }
}

/// The name of the file, without its end.
#[must_use]
pub fn file(today: Date) -> String {
    format!("統計-{today}")
}
