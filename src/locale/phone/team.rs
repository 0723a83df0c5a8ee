//! Words of the page of a team.

use jiff::civil::DateTime;

use crate::locale::ja::when;

/// Heading of the invitations.
pub const INVITE: &str = "招待する";
/// Makes a code for members.
pub const INVITE_MEMBER: &str = "見守られる方を招待する";
/// Makes a code for a manager.
pub const INVITE_MANAGER: &str = "見守る方を招待する";
/// Replaces the code of the leaflet.
pub const NEW_CODE: &str = "新しい招待コードにする";
/// What it does to the present one.
pub const NEW_CODE_HELP: &str =
    "知らない方にわたったかもしれないときに。いまのコードは、もう使えなくなります。";
/// Makes a code for either.
pub const INVITE_EITHER: &str = "家族を招待する（役割は、その方が選びます）";
/// No more managers.
pub const FULL: &str = "見守る方は、もういっぱいです。";
/// The text to pass on.
pub const TEXT: &str = "送る文（長く押して、コピーしてください）";
/// Leads to the page with the code.
pub const PAGE: &str = "招待のページ";
/// Heading of who watches.
pub const WATCHERS: &str = "見守る方";
/// Heading of who would like to.
pub const APPLICANTS: &str = "見守る方になりたい人";
/// Agrees.
pub const APPROVE: &str = "承認する";
/// Does not.
pub const REFUSE: &str = "ことわる";
/// Heading of who is watched over.
pub const MEMBERS: &str = "見守られる方";
/// Nobody.
pub const NO_MEMBERS: &str = "まだいません。";
/// Heading of what can be changed.
pub const SETTINGS: &str = "チームの設定";
/// Quiet nights.
pub const QUIET: &str = "夜（22時から6時）の知らせは、朝6時に送る";
/// The office.
pub const OFFICE: &str = "だれも対応しないとき、事務局に知らせる";
/// The day's quote.
pub const QUOTES: &str = "今日のことばを出す";
/// The proposal for new members.
pub const PROPOSAL: &str = "新しい方へのおすすめ";
/// Saves the proposal.
pub const SAVE: &str = "おすすめを変える";
/// It is so.
pub const YES: &str = "はい";
/// It is not.
pub const NO: &str = "いいえ";
/// Makes it so.
pub const TURN_ON: &str = "「はい」にする";
/// Makes it not so.
pub const TURN_OFF: &str = "「いいえ」にする";
/// Heading of leaving.
pub const LEAVE: &str = "見守る方をやめる";
/// Leaves.
pub const LEAVE_NOW: &str = "やめる";
/// Asks once more.
pub const LEAVE_SURE: &str = "このチームの見守る方をやめますか？";
/// What it means.
pub const LEAVE_WHAT: &str = "もう、お知らせは届きません。ほかの方には、やめたことを知らせます。";
/// The last one cannot simply go.
pub const LAST: &str =
    "見守る方は、あなただけです。ほかの方を招待するか、事務局に引き継いでください。";
/// Hands over to the office.
pub const HAND_OVER: &str = "事務局に引き継いで、やめる";
/// How much may be known of its members.
pub const POLICY: &str = "見られること";
/// In a family each member decides.
pub const POLICY_FAMILY: &str = "家族のチームでは、ご本人が決めます。";

/// Until when a code works.
#[must_use]
pub fn until(at: DateTime) -> String {
    format!("{}まで、1人だけ使えます", when::day(at.date()))
}

/// A code for as many as want.
pub const FOR_MANY: &str = "何人でも使えます";
