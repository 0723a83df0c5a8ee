//! Words of the page on which somebody is taken out of a team in which they watch.

/// Title.
pub const TITLE: &str = "見守る方から外す";
/// They watch nowhere.
pub const NONE: &str = "この方は、いまどのチームの見守る方でもありません。";
/// On to forgetting them.
pub const TO_ERASURE: &str = "この方の情報を削除する";
/// Heading of what follows.
pub const FOLLOWS: &str = "外すと、こうなります";
/// They hear nothing more.
pub const NO_NEWS: &str =
    "この方に、このチームの知らせは、もう届きません。まだ送っていない知らせは、取り消します。";
/// They cannot be.
pub const NOT_TOLD: &str = "この方にはLINEが届かないので、何も送りません。";
/// The others are told.
pub const OTHERS_TOLD: &str = "ほかの見守る方に、このことを知らせます。";
/// Invitations of theirs.
pub const CODES: &str = "この方が作った、見守る方の招待コードは使えなくなります。";
/// Nobody else watches.
pub const LAST: &str = "このチームの見守る方は、この方だけです。";
/// What that means.
pub const LAST_HOW: &str =
    "外すと、これからは事務局が見守ります。お返事がないときは、対応ボードにすぐ出ます。";
/// The other way.
pub const LAST_ELSE: &str =
    "ほかの方に見守ってもらうときは、先に、その方を見守る方に招待してください。";
/// The others are not reached.
pub const NOBODY_REACHED: &str = "ほかに、LINEの届く見守る方がいません。お返事がないときは、事務局の対応ボードにすぐ出ます。見守る方を招待してください。";
/// Label of the reason.
pub const WHY: &str = "外すわけ";
/// Nothing is chosen yet.
pub const CHOOSE: &str = "選んでください";
/// Nothing was chosen.
pub const NO_REASON: &str = "わけを選んでください。";
/// Does it, and the office watches.
pub const NOW_AND_OFFICE: &str = "外して、事務局が見守る";
/// Does not.
pub const BACK: &str = "やめて、もどる";
/// Things are not any more as they were shown.
pub const CHANGED: &str =
    "ほかの人が先に変更しました。まだ外していません。下をもう一度たしかめてください。";

/// What is asked. The name stands there as it is spoken to.
#[must_use]
pub fn question(name: &str, team: &str) -> String {
    format!("{name}を、{team}の見守る方から外しますか？")
}

/// So many cases that they have taken; whether others watch who can take them.
#[must_use]
pub fn claims(count: usize, others: bool) -> String {
    let to = if others {
        "ほかの見守る方にもう一度知らせます"
    } else {
        "対応ボードに出します"
    };
    format!("この方が引き受けている対応が{count}件あります。引き受けは取り消して、{to}。")
}

/// They are told, but for one reason.
#[must_use]
pub fn told(unless: &str) -> String {
    format!(
        "この方に、これまでのお礼をLINEで1回送ります。外すわけが「{unless}」のときは、送りません。"
    )
}
