//! Words of the page that says who at the desk did what.

use jiff::civil::Date;

use super::desk;
use super::lists;
use super::report;
use super::staff;
use crate::domain::case::Actor;
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId};
use crate::domain::staff::{SavedList, StaffFact};

/// Title.
pub const TITLE: &str = "操作記録";
/// What it is.
pub const HOW: &str = "職員がしたことの記録です。個人の情報を見たことも残ります。だれも消したり、書きかえたりできません。";
/// Nothing yet.
pub const NOTHING: &str = "記録はありません。";
/// Columns.
pub const COLUMNS: [&str; 3] = ["日時", "職員", "したこと"];
/// Columns of the file.
pub const CSV_COLUMNS: [&str; 4] = ["記録番号", "日時", "職員", "したこと"];
/// Whose.
pub const BY: &str = "職員でしぼりこむ";
/// Everyone's.
pub const EVERYONE: &str = "全員";
/// Searches.
pub const FIND: &str = "表示する";
/// Names the pages.
pub const PAGES: &str = "ページ";
/// The newest again.
pub const NEWEST: &str = "新しいものへ";
/// Older ones.
pub const OLDER: &str = "前の100件";
/// Saves it as a file.
pub const CSV: &str = "CSVで書き出す";
/// An account that is not known.
pub const NOBODY: &str = "どなたか";

/// Something that was typed at the server's command line.
pub const COMMAND: &str = "コマンド（サーバーの担当）";

/// Who did what, if it was done at the desk, or, by nobody of the staff, at the server's command line. Moving about in a
/// session is not told.
#[must_use]
pub fn line(fact: Fact) -> Option<(Option<StaffId>, String)> {
    match fact {
        Fact::DossierTyped(person) => Some((None, dossier(person))),
        Fact::ExportTyped => Some((None, "すべてのデータを、1つのファイルに書き出した".to_owned())),
        Fact::ErasedAgain(person) => {
            Some((None, format!("写しから戻った会員{person}番の情報を、もう一度削除した")))
        }
        fact => staff_line(fact).map(|(by, what)| (Some(by), what)),
    }
}

fn dossier(person: PersonId) -> String {
    format!("会員{person}番の記録を、開示のためにまとめて出した")
}

fn staff_line(fact: Fact) -> Option<(StaffId, String)> {
    Some(match fact {
        Fact::Staff(fact) => return desk_line(fact),
        Fact::Claimed(case, Actor::Staff(by)) => (by, format!("対応{case}番を引き受けた")),
        Fact::EmergencyCalled(case, Actor::Staff(by)) => {
            (by, format!("対応{case}番で、救急・警察に連絡したと記録した"))
        }
        Fact::Closed(case, Actor::Staff(by), outcome) => {
            (by, format!("対応{case}番を終わりにした：{}", desk::outcome(outcome)))
        }
        Fact::AnsweredFor(person, Actor::Staff(by)) => {
            (by, format!("会員{person}番の無事を記録した"))
        }
        Fact::PauseBegan(person, Actor::Staff(by)) => (by, format!("会員{person}番をお休みにした")),
        _ => return None,
    })
}

fn desk_line(fact: StaffFact) -> Option<(StaffId, String)> {
    use StaffFact as F;
    Some(match fact {
        F::Added(by, role) => (by, format!("アカウントが作られた（{}）", staff::role(role))),
        F::Reset(by) => (by, "新しい登録リンクが作られた".to_owned()),
        F::Accepted(by) => (by, "登録を終えた".to_owned()),
        F::LoggedIn(by) => (by, "ログインした".to_owned()),
        F::LogInFailed(by, count) => (by, format!("ログインに失敗した（続けて{count}回）")),
        F::RecoveryUsed(by, left) => (by, format!("予備コードを使った（残り{left}）")),
        F::NewPassword(by) => (by, "パスワードを変えた".to_owned()),
        F::NewFactor(by) => (by, "確認の番号を変えた".to_owned()),
        F::Seen(_) => return None,
        F::LoggedOut(by) => (by, "ログアウトした".to_owned()),
        F::Stopped(stopped, by) => (by, format!("職員{stopped}番のアカウントを止めた")),
        F::Recorded(by, case) => (by, format!("対応{case}番の記録を書いた")),
        F::DetailsChanged(by, person) => (by, format!("会員{person}番の連絡先を変えた")),
        F::Viewed(by, person) => (by, format!("会員{person}番の個人の情報を見た")),
        F::Released(by, case) => (by, format!("対応{case}番をやめて、見守る方にもどした")),
        F::TeamMade(by, team) => (by, format!("チーム{team}番を作った")),
        F::TeamChanged(by, team) => (by, format!("チーム{team}番を変えた")),
        F::Invited(by, team) => (by, format!("チーム{team}番の招待を作った")),
        F::OrganizationMade(by, id) => (by, format!("団体・地区{id}番を作った")),
        F::OrganizationChanged(by, id) => (by, format!("団体・地区{id}番を変えた")),
        F::Mistaken(by, person) => {
            (by, format!("会員{person}番をお休みにしようとして、確認が合わなかった"))
        }
        F::MembershipSet(by, person) => (by, format!("会員{person}番の有効期間を決めた")),
        F::Listed(by, count) => (by, format!("利用者の一覧を見た（氏名のある方{count}人）")),
        F::Exported(by, count) => (by, format!("利用者{count}人の情報を書き出した")),
        F::Saved(by, list, count) => {
            (by, format!("「{}」の一覧を書き出した（{count}行）", saved(list)))
        }
        F::Dossier(by, person) => (by, dossier(person)),
        F::Erased(by, person) => (by, format!("会員{person}番の情報を削除した")),
        F::Connected(by) => (by, "LINEのアカウントをつないだ".to_owned()),
        F::WebhookTold(by) => (by, "LINEに Webhook URL を設定した".to_owned()),
        F::MailTried(by) => (by, "自分に、ためしのメールを送った".to_owned()),
        F::PracticeBegun(by) => (by, "練習を始めた".to_owned()),
        F::PracticeStopped(by) => (by, "練習をとちゅうでやめた".to_owned()),
        F::Confirmed(by, _) => (by, "準備と点検で、1つ確かめた".to_owned()),
        F::FaceChanged(by) => (by, "組織の設定を変えた".to_owned()),
        F::TermsPublished(by, version) => (by, format!("規約の第{version}版を出した")),
        F::Registered(by, first, 1) => (by, format!("会員{first}番を電話だけの方として登録した")),
        F::Registered(by, first, count) => {
            (by, format!("電話だけの方{count}人を登録した（会員{first}番から）"))
        }
        F::Unregistered(by, first, count) => {
            (by, format!("電話だけの方{count}人の登録を取り消した（会員{first}番から）"))
        }
        F::PhonedInVain(by, person) => (by, format!("会員{person}番に電話したが、出なかった")),
        F::EndedWatch(by, person) => (by, format!("会員{person}番の見守りを終わりにした")),
        F::TookOut(by, person, team, why) => {
            let why = report::end_reason(why);
            (by, format!("会員{person}番を、チーム{team}番の見守る方から外した（{why}）"))
        }
        F::Retimed(by, person) => (by, format!("会員{person}番の確認の日と時刻を変えた")),
        F::LinkMade(by, account) => (by, format!("職員{account}番の登録リンクを作った")),
        F::AccountChanged(by, account) => (by, format!("職員{account}番の権限を変えた")),
        F::BulletinMade(by, id) => (by, format!("お知らせ{id}番を送った")),
        F::BulletinStopped(by, id) => (by, format!("お知らせ{id}番を取り消した・止めた")),
        F::BulletinAgain(by, id) => (by, format!("お知らせ{id}番をもう一度送った")),
    })
}

/// The name of a list that was saved.
fn saved(list: SavedList) -> &'static str {
    match list {
        SavedList::Cases => lists::CASES,
        SavedList::Teams => lists::TEAMS,
        SavedList::Groups => lists::GROUPS,
        SavedList::Organizations => lists::ORGANIZATIONS,
        SavedList::Rests => lists::RESTS,
        SavedList::Memberships => lists::MEMBERSHIPS,
        SavedList::Bulletins => lists::BULLETINS,
        SavedList::Opinions => lists::OPINIONS,
        SavedList::Accounts => lists::ACCOUNTS,
        SavedList::Log => TITLE,
    }
}

/// The name of the file, without its end.
#[must_use]
pub fn file(today: Date) -> String {
    format!("操作記録-{today}")
}
