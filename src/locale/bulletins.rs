//! Words of the pages on which staff say something to many, or to one.

use std::time::Duration;

use crate::domain::bulletin::{Audience, End, Kind, Side, Stage, TEXT_CHARS_MAX, TextFault};
use crate::domain::id::{GroupId, PersonId};

/// Title.
pub const TITLE: &str = "お知らせ";
/// What it is for.
pub const HOW: &str =
    "LINEで、みなさんや1人の方にお知らせを送ります。災害のときは、無事かどうかを聞けます。";
/// Writes one.
pub const NEW: &str = "お知らせを書く";
/// None yet.
pub const NOTHING: &str =
    "まだお知らせを送っていません。はじめは「訓練」を送ってみると、流れがわかります。";
/// Columns.
pub const COLUMNS: [&str; 6] = ["日時", "お知らせ", "送り先", "状態", "届いた", "お返事"];
/// The kinds, in their order.
pub const KINDS: [&str; 3] =
    ["お知らせ", "災害時の一斉確認（無事かどうかを聞く）", "一斉確認の訓練"];
/// The sides, in their order.
pub const SIDES: [&str; 3] = ["見守られる方だけ", "見守る方だけ", "見守られる方と見守る方"];
/// Everyone.
pub const EVERYONE: &str = "すべての方";
/// One person.
pub const ONE: &str = "1人の方（会員番号を下に書く）";
/// Names the picture of a message.
pub const BUBBLE: &str = "LINEでの見え方";
/// Who sent it.
pub const BY: &str = "送った人";
/// LINE took it.
pub const ARRIVED: &str = "届いた";
/// It did not arrive.
pub const MISSED: &str = "届かなかった";
/// Said that they read it.
pub const READ: &str = "読んだ";
/// Said that they are safe.
pub const SAFE: &str = "無事";
/// Said that they are hurt.
pub const HURT: &str = "けが";
/// Said that they need help.
pub const HELP: &str = "助けがいる";
/// Said nothing yet.
pub const SILENT: &str = "お返事がまだ";
/// LINE does not reach them.
pub const UNREACHABLE: &str = "LINEが届かない方";
/// LINE refused it.
pub const FAILED: &str = "送れなかった方";
/// Somebody who watches.
pub const WATCHES: &str = "見守る方";
/// Takes it back.
pub const TAKE_IT_BACK: &str = "取り消す";
/// Names the bar of how far it is.
pub const HOW_FAR: &str = "送った割合";
/// Stops it.
pub const STOP: &str = "止める";
/// The month's messages do not do.
pub const NO_MESSAGES: &str = "今月のLINEの通数が足りないので、とちゅうで止めました。通数をふやしてから、残りの方に送ってください。";

/// Words of the form.
pub mod compose {
    /// Title.
    pub const TITLE: &str = "お知らせを書く";
    /// What not to write.
    pub const HOW: &str = "名前、住所、病気など、個人のことは書かないでください。LINEの画面は、ほかの人の目にも入ります。";
    /// Label: what it wants.
    pub const KIND: &str = "種類";
    /// Label: what it says.
    pub const TEXT: &str = "文面";
    /// Helps with it.
    pub const TEXT_HELP: &str = "400字まで。大事なことを1行目に、短く書いてください。";
    /// Label: for whom.
    pub const TO: &str = "送り先";
    /// Label: one person.
    pub const NUMBER: &str = "会員番号（1人に送るときだけ）";
    /// Label: which of them.
    pub const SIDE: &str = "だれに";
    /// Looks at it.
    pub const LOOK: &str = "見え方と人数をたしかめる";
    /// Nobody of that kind.
    pub const NO_AUDIENCE: &str = "送り先をえらび直してください。なくなったチームかもしれません。";
    /// A question to a group.
    pub const NOT_FOR_GROUPS: &str =
        "一斉確認は、LINEグループには送れません。1人ずつのお返事を受け取れないためです。";
    /// Title of the preview.
    pub const PREVIEW: &str = "送る前に、たしかめてください";
    /// So many people.
    pub const PEOPLE: &str = "人数";
    /// Heading of what it costs.
    pub const COST: &str = "LINEの通数";
    /// What it costs.
    pub const MESSAGES: &str = "このお知らせ";
    /// What is left.
    pub const LEFT: &str = "今月の残り";
    /// There is no limit.
    pub const UNLIMITED: &str = "上限はありません";
    /// What the questions of this month still need.
    pub const FORECAST: &str = "今月の安否確認に使う見込み";
    /// What is kept for alerts.
    pub const RESERVE: &str = "見守る方への知らせのために残す分";
    /// At the cost of questions.
    pub const SHORT: &str = "これを送ると、今月の安否確認の分が足りなくなる見込みです。";
    /// Sends it all the same.
    pub const URGENT: &str = "安否確認の分を使っても送ります";
    /// It was not ticked.
    pub const NEEDS_URGENT: &str =
        "送るときは、「安否確認の分を使っても送ります」に印をつけてください。";
    /// It would use up what is kept for alerts.
    pub const TOO_FEW: &str =
        "今月の残りが足りないので、送れません。LINEのプランを見直すか、送り先を減らしてください。";
    /// Nobody would get it.
    pub const NOBODY: &str = "いま届く方が1人もいません。送り先を見直してください。";
    /// It can be taken back.
    pub const TAKE_BACK: &str = "押してから60秒は、取り消せます。";
    /// Writes it anew.
    pub const BACK: &str = "書き直す";
    /// Heading of a test.
    pub const TRY: &str = "ためしに、自分に送る";
    /// What it does.
    pub const TRY_HOW: &str = "自分のスマートフォンで、見え方をたしかめられます。1通使います。";
    /// Label: one's own number.
    pub const ME: &str = "自分の会員番号";
    /// Helps with it.
    pub const ME_HELP: &str = "このLINEで「マイページ」を開くと出る番号です。";
    /// No such member, or not reached.
    pub const ME_UNKNOWN: &str = "この番号の会員がいないか、LINEが届きません。";
    /// Sends the test.
    pub const TRY_NOW: &str = "自分に送る";
    /// It was sent.
    pub const TRIED: &str = "自分に送りました。スマートフォンを見てください。";
    /// Leads to the list.
    pub const LIST: &str = "お知らせの一覧へ";
}

/// What a kind is called.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Notice => "お知らせ",
        Kind::Check => "災害時の一斉確認",
        Kind::Drill => "一斉確認の訓練",
    }
}

/// What is wrong with a text.
#[must_use]
pub fn text_fault(fault: TextFault) -> &'static str {
    match fault {
        TextFault::Empty => "文面を書いてください。",
        TextFault::TooLong => {
            const { assert!(TEXT_CHARS_MAX == 400) };
            "400字より長いです。短くしてください。"
        }
        TextFault::TooManyLines => "行が多すぎます。20行までにしてください。",
    }
}

/// An organization as an audience.
#[must_use]
pub fn organization(name: &str) -> String {
    format!("団体・地区：{name}")
}

/// A team as an audience.
#[must_use]
pub fn team(name: &str) -> String {
    format!("チーム：{name}")
}

/// A group as an audience.
#[must_use]
pub fn group(id: GroupId, leader: Option<&str>) -> String {
    match leader {
        Some(leader) => format!("LINEグループ：{id}番（代表 {leader}さん）"),
        None => format!("LINEグループ：{id}番"),
    }
}

/// An age as an audience.
#[must_use]
pub fn age(from: u16, to: Option<u16>) -> String {
    match (from, to) {
        (0, Some(to)) => format!("年齢：{}歳より下", to + 1),
        (from, Some(to)) => format!("年齢：{from}歳から{to}歳"),
        (from, None) => format!("年齢：{from}歳以上"),
    }
}

/// One person as an audience.
#[must_use]
pub fn person(name: Option<&str>, id: PersonId) -> String {
    match name {
        Some(name) => format!("{name}（会員番号 {id}）"),
        None => format!("会員番号 {id} の方"),
    }
}

/// Which of them, where that is a question.
#[must_use]
pub fn side(audience: Audience, side: Side) -> Option<&'static str> {
    let [asked, watching, both] = SIDES;
    match audience {
        Audience::Group(_) | Audience::Person(_) | Audience::Age(..) => None,
        Audience::Everyone | Audience::Organization(_) | Audience::Team(_) => Some(match side {
            Side::Asked => asked,
            Side::Watching => watching,
            Side::Both => both,
        }),
    }
}

/// So many people.
#[must_use]
pub fn people(count: u32, more: bool) -> String {
    format!("{count}人{}", if more { "以上" } else { "" })
}

/// So many whom LINE does not reach.
#[must_use]
pub fn unreachable(count: u32) -> String {
    format!("ほかに{count}人には、LINEが届きません")
}

/// So many messages.
#[must_use]
pub fn messages(count: u32) -> String {
    format!("{count}通")
}

/// Sends it.
#[must_use]
pub fn send_to(people: u32, audience: Audience) -> String {
    match audience {
        Audience::Group(_) => format!("グループ（{people}人）に送る"),
        _ => format!("{people}人に送る"),
    }
}

/// The first line of a text.
#[must_use]
pub fn headline(text: &str) -> String {
    let line: String = text.lines().next().unwrap_or_default().chars().take(30).collect();
    if line.len() < text.len() { format!("{line}…") } else { line }
}

/// How far it is.
#[must_use]
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Waiting => "まもなく送ります",
        Stage::Sending(_) => "送っています",
        Stage::Over(_, end) => over(end),
    }
}

/// How it ended.
#[must_use]
pub fn over(end: End) -> &'static str {
    match end {
        End::Complete => "送りました",
        End::TakenBack => "取り消しました",
        End::Stopped => "とちゅうで止めました",
        End::NoMessages => "通数が足りません",
    }
}

/// Whom it reached.
#[must_use]
pub fn reached(arrived: usize, missed: usize) -> String {
    if missed == 0 {
        format!("{arrived}人")
    } else {
        format!("{arrived}人（届かない{missed}人）")
    }
}

/// How many read it.
#[must_use]
pub fn read(count: usize) -> String {
    format!("読んだ{count}人")
}

/// How many are safe.
#[must_use]
pub fn safe(safe: usize, hurt: usize, help: usize) -> String {
    format!("無事{safe}・けが{hurt}・助け{help}")
}

/// It can still be taken back.
#[must_use]
pub fn waiting(left: Duration) -> String {
    match left.as_secs() {
        0 => "まもなく送りはじめます。".to_owned(),
        seconds => format!("あと{seconds}秒で送りはじめます。"),
    }
}

/// It is on its way.
#[must_use]
pub fn sending(done: usize, of: usize) -> String {
    format!("送っています。{of}人のうち{done}人まで終わりました。")
}

/// Messages that LINE has not taken yet.
#[must_use]
pub fn on_their_way(count: usize) -> String {
    format!("あと{count}人分を、LINEが受け取るのを待っています。")
}

/// Sends it to those who did not get it.
#[must_use]
pub fn again_unreached(count: usize) -> String {
    format!("届いていない{count}人に、もう一度送る")
}

/// Asks those who said nothing.
#[must_use]
pub fn again_silent(count: usize) -> String {
    format!("お返事のない{count}人に、もう一度聞く")
}

/// More than are shown.
#[must_use]
pub fn more(count: usize) -> String {
    format!("ほかに{count}人います。")
}

/// Some in families.
#[must_use]
pub fn families(count: usize) -> String {
    format!("家族だけで見守っている方：{count}人（名前は出しません）")
}
