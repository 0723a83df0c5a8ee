//! Words of the pages on which staff look after teams and organizations, and of the printed leaflet.

use jiff::civil::DateTime;

use super::ja::when;
use super::words;
use crate::domain::message::AlertTime;
use crate::domain::name::NameFault;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Policy, TeamKind};

/// Words of the list of teams.
pub mod teams {
    /// Title.
    pub const TITLE: &str = "チーム";
    /// Columns of the list.
    pub const COLUMNS: [&str; 6] =
        ["ID", "チーム名", "種類", "参加人数", "配信間隔初期値", "団体・地区"];
    /// There is none.
    pub const EMPTY: &str = "まだチームがありません。下の「チームを作る」から始めてください。作ると、招待コードとチラシができます。";
    /// There may be more.
    pub const MORE: &str = "多いので、すべては出ていません。";
    /// Leads to the next ones.
    pub const NEXT: &str = "次のチーム";
    /// Heading of the form.
    pub const MAKE: &str = "チームを作る";
    /// Makes it.
    pub const MAKE_NOW: &str = "作る";
}

/// Words of the page of one team.
pub mod team {
    /// Label of the name.
    pub const NAME: &str = "チーム名";
    /// Helps with it.
    pub const NAME_HELP: &str = "例：中央町会、ひまわり団地、見守り（社協）";
    /// Label of the kind.
    pub const KIND: &str = "種類";
    /// Label of the organization.
    pub const ORGANIZATION: &str = "団体・地区";
    /// An account for some organizations only made a team of none of them.
    pub const CHOOSE_ORGANIZATION: &str = "団体・地区を選んでください。";
    /// None.
    pub const NO_ORGANIZATION: &str = "（なし）";
    /// Label of the interval.
    pub const INTERVAL: &str = "配信間隔初期値";
    /// Label of the hour.
    pub const HOUR: &str = "時刻";
    /// Helps with them.
    pub const PROPOSAL_HELP: &str = "参加する方に、はじめにすすめる日と時刻です。もう参加している方の日と時刻は変わりません。朝6時から9時がおすすめです。";
    /// Label of the policy.
    pub const POLICY: &str = "事務局が記録すること";
    /// Label of the statement.
    pub const STATEMENT: &str = "どんな方のためのチームですか";
    /// Helps with it.
    pub const STATEMENT_HELP: &str = "例：みどり市に住んでいる方。参加するときに出て、参加すると申し出たことになります。空なら、だれでも参加できます。";
    /// Label of the wish for a form.
    pub const FORM: &str = "使用申出書をもらう";
    /// The answers.
    pub const NO_YES: [&str; 2] = ["もらわない", "もらう（まだの方を一覧に出します）"];
    /// Somebody whose form has not come.
    pub const FORM_MISSING: &str = "使用申出書がまだ";
    /// Saves.
    pub const SAVE: &str = "保存する";
    /// Heading of the form.
    pub const SETTINGS: &str = "チームの設定";
    /// Heading of the invitations.
    pub const INVITATIONS: &str = "招待する";
    /// The code for members.
    pub const LEAFLET: &str = "見守られる方の招待（何人でも使えます）";
    /// There is none yet.
    pub const NO_LEAFLET: &str = "まだありません。";
    /// Opens the leaflet.
    pub const PRINT: &str = "チラシを印刷する";
    /// Opens the form.
    pub const PRINT_FORM: &str = "使用申出書を印刷する";
    /// Opens the page of the invitation.
    pub const SHOW: &str = "招待のページ";
    /// Makes a code for members.
    pub const RENEW: &str = "新しいコードに取りかえる";
    /// What that does.
    pub const RENEW_HELP: &str = "取りかえると、前のチラシのコードは使えなくなります。";
    /// Codes for those who shall watch.
    pub const MANAGERS: &str = "見守る方の招待（1人に1つ、7日間）";
    /// Makes one.
    pub const INVITE: &str = "見守る方の招待コードを作る";
    /// Heading of those who watch.
    pub const WATCHERS: &str = "見守る方";
    /// Nobody watches.
    pub const NO_WATCHERS: &str =
        "まだいません。お返事がないときは、事務局に知らせます。見守る方を招待してください。";
    /// The office watches.
    pub const OFFICE_WATCHES: &str = "お返事がないときは、事務局の対応ボードにすぐ出ます。";
    /// Alerts arrive.
    pub const RECEIVES: &str = "知らせが届きます";
    /// Not yet known.
    pub const UNSURE: &str = "「受け取れます」がまだ押されていません";
    /// LINE does not reach them.
    pub const UNREACHABLE: &str = "LINEが届きません";
    /// Takes somebody out who watches.
    pub const TAKE_OUT: &str = "見守る方から外す";
    /// They were.
    pub const TAKEN_OUT: &str = "見守る方から外しました。";
    /// Has no LINE.
    pub const PHONED: &str = "電話だけ";
    /// Heading of those who are asked.
    pub const MEMBERS: &str = "見守られる方";
    /// Nobody is asked.
    pub const NO_MEMBERS: &str = "まだいません。チラシを印刷して、説明会などで配ってください。";
    /// There may be more.
    pub const MORE: &str = "多いので、すべては出ていません。";
    /// A family's team.
    pub const FAMILY: &str =
        "家族のチームです。家族が自分たちで見守っています。事務局からは変えられません。";
    /// Leads back.
    pub const BACK: &str = "チームの一覧へもどる";
}

/// Words of the pages of organizations.
pub mod organizations {
    /// Title.
    pub const TITLE: &str = "団体・地区";
    /// What one is.
    pub const HOW: &str = "いくつかのチームをまとめます。代表（システム管理者）には、見守る方がだれも対応しないとき、3時間後に知らせます。";
    /// Columns of the list.
    pub const COLUMNS: [&str; 4] = ["ID", "名前", "チーム", "代表"];
    /// There is none.
    pub const EMPTY: &str =
        "まだ団体・地区がありません。町会や民生委員の地区を、下で作ってください。";
    /// Label of the name.
    pub const NAME: &str = "団体・地区の名前";
    /// Helps with it.
    pub const NAME_HELP: &str = "例：中央地区民生委員、東町会連合";
    /// Heading of the form.
    pub const MAKE: &str = "団体・地区を作る";
    /// Makes it.
    pub const MAKE_NOW: &str = "作る";
    /// Heading of the heads.
    pub const HEADS: &str = "代表（システム管理者）";
    /// Nobody.
    pub const NO_HEADS: &str = "まだいません。";
    /// Heading of those who can become one.
    pub const CANDIDATES: &str = "代表にできる方（この団体のチームで見守る方）";
    /// Nobody can.
    pub const NO_CANDIDATES: &str =
        "いません。先に、この団体のチームに見守る方を招待してください。";
    /// Makes somebody one.
    pub const APPOINT: &str = "代表にする";
    /// No longer.
    pub const DISMISS: &str = "代表をやめてもらう";
    /// Heading of the teams.
    pub const TEAMS: &str = "チーム";
    /// None.
    pub const NO_TEAMS: &str = "まだありません。チームの設定で、この団体・地区を選んでください。";
    /// Heading of the form for the name.
    pub const RENAME: &str = "名前を変える";
    /// Saves.
    pub const SAVE: &str = "保存する";
    /// Leads back.
    pub const BACK: &str = "団体・地区の一覧へもどる";
}

/// Words of the leaflet: for a reader of 82 who holds it at arm's length.
pub mod leaflet {
    /// Title in the browser.
    pub const TITLE: &str = "チラシ";
    /// The question.
    pub const QUESTION: &str = "げんきですか？";
    /// What it is.
    pub const WHAT: &str = "LINEで、ひとりぐらしの方を見守ります。";
    /// How it goes.
    pub const STEPS: [&str; 3] = [
        "スマートフォンのカメラで、右のQRコードを写します。",
        "LINEが開いたら、書いてある文を、そのまま送ります。",
        "決めた日に「げんきですか？」が届きます。「げんきです」を押すだけです。",
    ];
    /// What happens without an answer.
    pub const SILENCE: &str = "24時間お返事がないときは、もう一度聞きます。それから3時間お返事がないと、見守る方に知らせます。";
    /// What it is not.
    pub const NOT: &str = "救急のサービスではありません。急ぐときは119へ電話してください。";
    /// The code, for typing.
    pub const CODE: &str = "カメラが使えないときは、LINEでこのコードを送ってください";
    /// Whom to phone.
    pub const ASK: &str = "わからないときは、お電話ください";
    /// Prints.
    pub const HOW_TO_PRINT: &str =
        "ブラウザーの「印刷」（Ctrl+P）で、A4に印刷してください。この行は印刷されません。";
    /// The alternative text of the code.
    pub const QR_ALT: &str = "招待のQRコード";
}

/// Words of the form on paper.
pub mod form {
    /// Title.
    pub const TITLE: &str = "使用申出書";
    /// What it says.
    pub const WISH: &str = "LINEによる見守りを使うことを、申し出ます。";
    /// What is always asked for.
    pub const ALWAYS: [&str; 2] = ["申し出た日", "LINEでの呼び名"];
    /// Where a team agreed to names.
    pub const NAME: [&str; 1] = ["氏名（ふりがな）"];
    /// Where it agreed to everything.
    pub const ALL: [&str; 6] = [
        "生年月日",
        "住所",
        "電話（家・携帯）",
        "近親者・連絡先 1（名前・続柄・電話）",
        "近親者・連絡先 2（名前・続柄・電話）",
        "家主・管理会社（名前・電話）",
    ];
    /// What is agreed to, each with a box to tick.
    pub const AGREEMENTS: [&str; 4] = [
        "利用規約と「個人情報の扱い」を読みました。",
        "お返事がないとき、見守る方や事務局に知らせることに同意します。",
        "近親者・連絡先の方に、このことを伝えました（これから伝えます）。",
        "救急のサービスではないこと、だれかが必ず来るとはかぎらないことを、わかっています。",
    ];
    /// Where to sign.
    pub const SIGN: &str = "署名：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿";

    /// Whom the team is for.
    #[must_use]
    pub fn declared(statement: &str) -> String {
        format!("わたしは「{statement}」にあてはまります。")
    }
}

/// What a team is for.
#[must_use]
pub fn kind(kind: TeamKind) -> &'static str {
    match kind {
        TeamKind::Personal => "家族",
        TeamKind::Organization => "団体（見守る方に知らせます）",
        TeamKind::Office => "見守り（事務局に知らせます）",
    }
}

/// How much of a member is written down.
#[must_use]
pub fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::Nothing => "なにも記録しない（呼び名だけ）",
        Policy::Number => "決めた番号だけ",
        Policy::Name => "氏名まで",
        Policy::Full => "氏名・住所・電話・近親者まで",
    }
}

/// So many forms have not come.
#[must_use]
pub fn forms_missing(count: usize) -> String {
    format!("使用申出書がまだの方：{count}人")
}

/// How many are asked, and how many watch.
#[must_use]
pub fn count(members: usize, managers: usize) -> String {
    format!("{members}人（見守る方 {managers}人）")
}

/// 「3日ごと 午前9時」
#[must_use]
pub fn proposal(interval: Interval, hour: Hour) -> String {
    when::schedule(interval, hour)
}

/// An interval in a list.
#[must_use]
pub fn interval(interval: Interval) -> &'static str {
    words::interval(interval)
}

/// An hour in a list, with the time at which an alert would come.
#[must_use]
pub fn hour(hour: Hour, alert: AlertTime) -> String {
    format!("{}（お返事がないときのお知らせ：{}）", when::hour(hour), when::alert(alert))
}

/// An hour in a list, alone.
#[must_use]
pub fn hour_alone(hour: Hour) -> String {
    when::hour(hour)
}

/// Until when a code works.
#[must_use]
pub fn until(at: DateTime) -> String {
    format!("{}まで", when::date_time(at))
}

/// So many.
#[must_use]
pub fn teams_of(count: usize) -> String {
    format!("{count}チーム")
}

/// As many watch as can.
#[must_use]
pub fn full_of_managers(count_max: usize) -> String {
    format!("見守る方は{count_max}人までです。もう招待できません。")
}

/// As many head an organization as can.
#[must_use]
pub fn full_of_heads(count_max: usize) -> String {
    format!("代表は{count_max}人までです。ふやすときは、だれかに代表をやめてもらってください。")
}

/// An organization has as many teams as it can have.
#[must_use]
pub fn full_of_teams(count_max: usize) -> String {
    format!("この団体・地区のチームは{count_max}までです。ほかの団体・地区を選んでください。")
}

/// There are as many organizations as there can be.
#[must_use]
pub fn full_of_organizations(count_max: usize) -> String {
    format!("団体・地区は{count_max}までです。もう作れません。")
}

/// What is wrong with a name.
#[must_use]
pub fn name_fault(fault: NameFault) -> &'static str {
    match fault {
        NameFault::Empty => "名前を書いてください。",
        NameFault::TooLong(_) => "名前が長すぎます。30文字までにしてください。",
    }
}
