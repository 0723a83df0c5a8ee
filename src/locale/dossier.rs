//! Words of the dossier: everything that is kept about one person, for themselves.

use jiff::civil::DateTime;

use super::ja::when;
use super::{desk, log, report};
use crate::domain::bulletin::{Delivery, Word};
use crate::domain::case::Actor;
use crate::domain::decision::Purpose;
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::invitation::CodeKind;
use crate::domain::team::Role;

/// Title.
pub const TITLE: &str = "記録していること（開示）";
/// What it is.
pub const WHAT: &str =
    "この方について、見守りサービスが記録しているすべてのことです。ご本人にわたすための書類です。";
/// What it holds.
pub const CARE: &str = "名前や連絡先がのっています。ほかの人に見られないように、気をつけてください。この書類を出したことは、操作記録に残ります。";
/// More is known than this account may see.
pub const FOR_ADMIN: &str = "この方の記録には、あなたには見えないものがあります。すべてのっている書類は、管理者が出せます。";
/// How to print.
pub const PRINT: &str = "ブラウザの「印刷」で、紙やPDFにできます。";
/// Saves it as a file.
pub const JSON: &str = "ファイル（JSON）で書き出す";
/// Back.
pub const BACK: &str = "もどる";
/// Nothing is kept under a heading.
pub const NOTHING: &str = "ありません。";
/// Label of the moment.
pub const AS_OF: &str = "作成";
/// Leads to the erasure.
pub const ERASE: &str = "この方の情報を削除する";
/// Somebody at the desk.
pub const OFFICE: &str = "事務局の職員";
/// Themselves.
pub const SELF: &str = "ご本人";

/// Headings.
pub mod titles {
    /// A heading.
    pub const PROFILE: &str = "基本のこと";
    /// A heading.
    pub const DETAILS: &str = "登録の内容";
    /// A heading.
    pub const CONTACTS: &str = "近親者・連絡先";
    /// A heading.
    pub const TEAMS: &str = "チームと、見守る方";
    /// A heading.
    pub const GROUPS: &str = "つながりグループ";
    /// A heading.
    pub const ROUNDS: &str = "質問とお返事";
    /// A heading.
    pub const CASES: &str = "対応（事務局や見守る方がしたこと）";
    /// A heading.
    pub const TOLD: &str = "この方のことを知らせた相手・見た人";
    /// A heading.
    pub const BULLETINS: &str = "お知らせ";
    /// A heading.
    pub const OPINIONS: &str = "ご意見";
    /// A heading.
    pub const SESSIONS: &str = "マイページに入っている電話";
    /// A heading.
    pub const INVITATIONS: &str = "この方が出した招待";
    /// A heading.
    pub const WAITING: &str = "送るのを待っているメッセージ";
    /// A heading.
    pub const JOURNAL: &str = "そのほかの記録";
}

/// Columns.
pub mod columns {
    /// Columns under the heading of this name.
    pub const FACTS: [&str; 2] = ["こと", "内容"];
    /// Columns under the heading of this name.
    pub const CONTACTS: [&str; 6] = ["名前", "続柄・関係", "電話", "住所", "注意", "伝えたか"];
    /// Columns under the heading of this name.
    pub const TEAMS: [&str; 5] = ["チーム", "役割", "いつから", "記録してよいこと", "見守る方"];
    /// Columns under the heading of this name.
    pub const GROUPS: [&str; 3] = ["グループ", "グループでの名前", "いつから"];
    /// Columns under the heading of this name.
    pub const ROUNDS: [&str; 4] = ["確認の日時", "けっか", "終わった日時", "確かめた人"];
    /// Columns under the heading of this name.
    pub const CASES: [&str; 3] = ["対応", "日時", "できごと"];
    /// Columns under the heading of this name.
    pub const TOLD: [&str; 3] = ["日時", "だれ", "なに"];
    /// Columns under the heading of this name.
    pub const BULLETINS: [&str; 4] = ["日時", "内容", "届いたか", "お返事"];
    /// Columns under the heading of this name.
    pub const OPINIONS: [&str; 2] = ["日時", "内容"];
    /// Columns under the heading of this name.
    pub const SESSIONS: [&str; 2] = ["入った日時", "最後に使った日時"];
    /// Columns under the heading of this name.
    pub const INVITATIONS: [&str; 2] = ["日時", "内容"];
    /// Columns under the heading of this name.
    pub const WAITING: [&str; 2] = ["日時", "なに"];
    /// Columns under the heading of this name.
    pub const JOURNAL: [&str; 2] = ["日時", "できごと"];
}

/// Labels of the profile.
pub mod labels {
    /// A label.
    pub const NICKNAME: &str = "呼び名";
    /// A label.
    pub const LINE_ID: &str = "LINEの利用者ID";
    /// A label.
    pub const REACH: &str = "LINEが届くか";
    /// A label.
    pub const MAIL: &str = "メールアドレス";
    /// A label.
    pub const MAIL_OFFERED: &str = "まだ確かめていないメールアドレス";
    /// A label.
    pub const ZONE: &str = "時刻の地域";
    /// A label.
    pub const SINCE: &str = "登録日時";
    /// A label.
    pub const CONSENT: &str = "規約への同意";
    /// A label.
    pub const QUOTES: &str = "今日のことば";
    /// A label.
    pub const SCHEDULE: &str = "聞く日と時刻";
    /// A label.
    pub const WATCHED_SINCE: &str = "見守りの始まり";
    /// A label.
    pub const LAST_ANSWER: &str = "最後のお返事";
    /// A label.
    pub const REST: &str = "お休み";
    /// A label.
    pub const ENDED: &str = "見守りの終わり";
    /// A label.
    pub const MEMBERSHIP: &str = "会員の有効期間";
    /// A label.
    pub const OPEN_ROUND: &str = "いまの確認";
    /// A label.
    pub const YES: &str = "はい";
    /// A label.
    pub const NO: &str = "いいえ";
    /// A label.
    pub const NONE: &str = "なし";
    /// A label.
    pub const DECLARED: &str = "申し出たこと";
}

/// A role.
#[must_use]
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Manager => "見守る方",
        Role::Member => "見守られる方",
        Role::Applicant => "見守る方（承認待ち）",
    }
}

/// Whether something arrived.
#[must_use]
pub fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::OnItsWay => "送っています",
        Delivery::Arrived => "届きました",
        Delivery::Unreachable => "LINEが届かないので、送っていません",
        Delivery::Failed => "届きませんでした",
    }
}

/// What was said to it.
#[must_use]
pub fn word(word: Word) -> &'static str {
    match word {
        Word::Read => "読みました",
        Word::Safe => "無事です",
        Word::Hurt => "けがをしました",
        Word::Help => "助けがいる",
    }
}

/// An invitation.
#[must_use]
pub fn invitation(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Leaflet => "見守られる方としての招待",
        CodeKind::Manager => "見守る方としての招待",
        CodeKind::Either => "役割をえらべる招待",
    }
}

/// What waits to leave.
#[must_use]
pub fn waiting(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Alert(..) | Purpose::Raise(..) => "見守る方としてのお知らせ",
        Purpose::AllClear(..) => "無事のお知らせ",
        Purpose::Resend(..) | Purpose::Ask(..) | Purpose::Sorry(..) => "「げんきですか？」",
        Purpose::Bulletin(..) => "事務局からのお知らせ",
        Purpose::Notice(_)
        | Purpose::Office
        | Purpose::Trial(_)
        | Purpose::GroupAsk(..)
        | Purpose::GroupReport(..)
        | Purpose::GroupBulletin(..) => "ご案内",
    }
}

/// A case.
#[must_use]
pub fn case(id: crate::domain::id::CaseId) -> String {
    format!("対応{id}番")
}

/// Whom something was told, or who looked: the words for it, where it is that.
#[must_use]
pub fn told(fact: Fact, person: PersonId) -> Option<(Option<Actor>, String)> {
    use crate::domain::staff::StaffFact as F;
    Some(match fact {
        Fact::DetailsSeen(p, by) if p == person => {
            (Some(Actor::Person(by)), "登録の内容を見ました".to_owned())
        }
        Fact::DetailsWritten(p, by) if p == person && by != person => {
            (Some(Actor::Person(by)), "登録の内容を書きました".to_owned())
        }
        Fact::Staff(F::Viewed(by, p)) if p == person => {
            (Some(Actor::Staff(by)), "登録の内容を見ました".to_owned())
        }
        Fact::Staff(F::DetailsChanged(by, p)) if p == person => {
            (Some(Actor::Staff(by)), "登録の内容を書きました".to_owned())
        }
        Fact::Staff(F::Dossier(by, p)) if p == person => {
            (Some(Actor::Staff(by)), "この書類を作りました".to_owned())
        }
        Fact::DossierTyped(p) if p == person => {
            (None, "この書類を、サーバーのコマンドで作りました".to_owned())
        }
        _ => return None,
    })
}

/// What was told to somebody in a case of theirs.
#[must_use]
pub fn told_of_case(fact: Fact) -> Option<(Option<Actor>, &'static str)> {
    Some(match fact {
        Fact::Alerted(_, to) => {
            (Some(Actor::Person(to)), "お返事がないことなどを、LINEで知らせました")
        }
        Fact::AlertedByMail(_, to) => {
            (Some(Actor::Person(to)), "お返事がないことなどを、メールで知らせました")
        }
        Fact::OfficeTold(_) => (None, "事務局に知らせました"),
        Fact::Escalated(_) => (None, "団体・地区のシステム管理者に知らせました"),
        Fact::AllClear(_, 0) => (None, "お返事がありました"),
        Fact::AllClear(..) => (None, "知らせた方に、無事を伝えました"),
        _ => return None,
    })
}

/// An entry of the journal that is about somebody, where no other heading has it.
#[must_use]
pub fn fact(fact: Fact, person: PersonId) -> Option<String> {
    let said = match fact {
        Fact::Met(_) => "はじめてのやりとり",
        Fact::Consented(_) => "規約に同意",
        Fact::WrongCode(_) => "ちがう招待コードを送信",
        Fact::WellAnyway(_) => "確認のない日のお返事",
        Fact::StalePress(..) => "前のボタンでのお返事",
        Fact::Unreachable(_) => "LINEが届かなくなった",
        Fact::ReachableAgain(_) => "LINEがまた届くようになった",
        Fact::Undelivered(..) => "メッセージが届かなかった",
        Fact::NotTheirs(_) => "使えないボタンを押した",
        Fact::Held(_) => "知らせるのを待った（こちらの都合）",
        Fact::Stray(_) => "確認の予定がなくなっていたので、作り直した",
        Fact::TestedAgain(_) => "知らせが届くかの確認を送った",
        Fact::TestUnanswered(_) => "知らせが届くかの確認に、お返事がなかった",
        Fact::Receives(..) => "知らせを受け取れると答えた",
        Fact::InTrouble(_) => "「こまった」を押した",
        Fact::PauseBegan(p, _) if p == person => "お休みの始まり",
        Fact::PauseBegan(..) => "ほかの方をお休みにした",
        Fact::PausePinged(_) => "お休みがつづいているか、見守る方に聞いた",
        Fact::PauseHolds(p, _) if p == person => "お休みがつづいていると、見守る方が答えた",
        Fact::PauseHolds(..) => "ほかの方のお休みがつづいていると答えた",
        Fact::PauseEnded(_) => "お休みの終わり",
        Fact::MailConfirmed(_) => "メールアドレスを確かめた",
        Fact::NotAskedForQuota(_) => "今月の通数が足りず、確認を送らなかった",
        Fact::MembershipTold(_) => "会員の期間が終わることを知らせた",
        Fact::PageEntered(_) => "マイページをひらいた",
        Fact::PagesLeft(..) => "マイページを閉じた",
        Fact::Renamed(_) => "呼び名を変えた",
        Fact::Opined(_) => "ご意見を送った",
        Fact::Rehearsed(_) => "準備の練習をした",
        Fact::Joined(..) => "チームに参加",
        Fact::ManagerLeft(..) => "チームの見守る方をやめた",
        Fact::HandedOver(..) => "チームを事務局に引きついだ",
        Fact::TeamChanged(..) => "チームの設定を変えた",
        Fact::Scheduled(..) => "聞く日と時刻を決めた",
        Fact::Invited(..) => "招待を作った",
        Fact::Asking(..) | Fact::Resending(..) | Fact::Apologising(..) => return None,
        Fact::Asked(..) => "確認を送った",
        Fact::Resent(..) => "もう一度確認を送った",
        Fact::Apologised(..) => "おわびをして、もう一度確認を送った",
        Fact::Answered(..) => "お返事",
        Fact::AnsweredEarly(..) => "確認の前のお返事",
        Fact::TakenBack(..) => "お返事の取り消し",
        Fact::AnsweredFor(p, _) if p == person => "見守る方か事務局が、無事を確かめた",
        Fact::AnsweredFor(..) => "ほかの方の無事を確かめた",
        Fact::TakesPart(..) => "グループに参加",
        Fact::PartEnded(..) => "グループへの参加の終わり",
        Fact::GroupAnswered(..) => "グループでのお返事",
        Fact::GroupLed(..) => "グループの代表者になった",
        Fact::GroupCalls(..) => "グループのほかの方に連絡すると答えた",
        Fact::BulletinHeard(..) => "お知らせへのお返事",
        Fact::Allowed(..) => "記録してよいことを決めた",
        Fact::DetailsWritten(p, _) if p == person => "登録の内容を書いた",
        Fact::DetailsWritten(..) => "ほかの方の登録の内容を書いた",
        Fact::DetailsSeen(..) => "ほかの方の登録の内容を見た",
        Fact::DossierTyped(_) => "開示の書類を、サーバーのコマンドで作った",
        _ => return by_number(fact),
    };
    Some(said.to_owned())
}

/// Entries whose words name a number or a reason.
fn by_number(fact: Fact) -> Option<String> {
    Some(match fact {
        Fact::CaseOpened(case, ..) => format!("対応{case}番の始まり"),
        Fact::Alerted(case, _) | Fact::AlertedByMail(case, _) => {
            format!("見守る方として、対応{case}番の知らせを受けた")
        }
        Fact::Claimed(case, _) => format!("対応{case}番を引き受けた"),
        Fact::NoContact(case, _) => format!("対応{case}番で、連絡がつかないと答えた"),
        Fact::EmergencyCalled(case, _) => {
            format!("対応{case}番で、救急・警察に連絡したと答えた")
        }
        Fact::Closed(case, _, outcome) => {
            format!("対応{case}番を終わりにした：{}", desk::outcome(outcome))
        }
        Fact::WatchEnded(_, why) => format!("見守りの終わり：{}", report::end_reason(why)),
        Fact::Staff(_) => return log::line(fact).map(|(_, what)| what),
        _ => return None,
    })
}

/// A moment, with the year.
#[must_use]
pub fn moment(at: DateTime) -> String {
    at.strftime("%Y年%-m月%-d日 %H:%M").to_string()
}

/// A rest, from when to when.
#[must_use]
pub fn rest(first: jiff::civil::Date, last: jiff::civil::Date, why: &str) -> String {
    format!("{}から{}まで（{why}）", when::full_day(first), when::full_day(last))
}

/// The name of the file.
#[must_use]
pub fn file(person: PersonId) -> String {
    format!("開示-会員{person}番")
}
