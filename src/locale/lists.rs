//! Names of lists as files, and of their columns where those differ from the page's.

use jiff::civil::Date;

/// Saves a list as a file.
pub const CSV: &str = "CSVで書き出す";
/// Cases.
pub const CASES: &str = "対応";
/// Teams.
pub const TEAMS: &str = "チーム";
/// Groups.
pub const GROUPS: &str = "つながりグループ";
/// Organizations.
pub const ORGANIZATIONS: &str = "団体・地区";
/// Everyone who rests.
pub const RESTS: &str = "お休み";
/// Memberships.
pub const MEMBERSHIPS: &str = "会員";
/// Bulletins.
pub const BULLETINS: &str = "お知らせ";
/// What people said.
pub const OPINIONS: &str = "みなさんの声";
/// Accounts.
pub const ACCOUNTS: &str = "職員";
/// Columns of cases.
pub const CASE_COLUMNS: [&str; 9] = [
    "対応番号",
    "会員番号",
    "呼び名",
    "できごと",
    "始まり",
    "事務局に来た日時",
    "対応した人",
    "終わり",
    "結果",
];
/// Not over.
pub const OPEN: &str = "対応中";
/// Columns of teams.
pub const TEAM_COLUMNS: [&str; 8] = [
    "ID",
    "チーム名",
    "種類",
    "参加人数",
    "見守る方の人数",
    "配信間隔初期値",
    "事務局が記録すること",
    "団体・地区",
];
/// Columns of groups.
pub const GROUP_COLUMNS: [&str; 7] = [
    "グループ番号",
    "代表",
    "ようす",
    "聞く日と時刻",
    "参加する人数",
    "グループの人数",
    "1か月の通数",
];
/// Columns of rests.
pub const REST_COLUMNS: [&str; 7] =
    ["会員番号", "呼び名", "何日め", "はじめの日", "最後の日", "わけ", "決めた人"];
/// Columns of memberships.
pub const MEMBERSHIP_COLUMNS: [&str; 4] = ["会員番号", "呼び名", "有効期間", "ようす"];
/// Columns of organizations.
pub const ORGANIZATION_COLUMNS: [&str; 4] = ["ID", "名前", "チームの数", "代表の数"];
/// Columns of bulletins.
pub const BULLETIN_COLUMNS: [&str; 8] =
    ["番号", "日時", "種類", "お知らせ", "送り先", "状態", "届いた人数", "届かなかった人数"];

/// The name of a file, without its end.
#[must_use]
pub fn file(name: &str, today: Date) -> String {
    format!("{name}-{today}")
}
