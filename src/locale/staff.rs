//! Words of the pages for the council's staff, and of the sheet with recovery codes.

use std::time::Duration;

use jiff::civil::DateTime;

use super::ja::when;
use crate::domain::case::{Mark, Told, Trouble};
use crate::domain::name::Name;
use crate::domain::staff::StaffRole;
use crate::domain::vitals::Ailment;

/// Words that every form shares.
pub mod field {
    /// Beside the label of a field that has to be filled in.
    pub const MUST: &str = "※必須";
    /// Label of the name to log in with.
    pub const NAME: &str = "名前";
    /// Helps with it.
    pub const NAME_HELP: &str = "登録したときの名前です。";
    /// Label of the password.
    pub const PASSWORD: &str = "パスワード";
    /// Label of the present password.
    pub const OLD_PASSWORD: &str = "今のパスワード";
    /// Label of the new password.
    pub const NEW_PASSWORD: &str = "新しいパスワード";
    /// Helps with it.
    pub const NEW_PASSWORD_HELP: &str = "12文字以上にしてください。どんな文字でも使えます。ことばをいくつか並べると、おぼえやすく安全です。";
    /// Label of the new password, once more.
    pub const REPEAT: &str = "新しいパスワード（もう一度）";
    /// Helps with it.
    pub const REPEAT_HELP: &str = "打ちまちがいを防ぐためです。";
    /// Label of the number.
    pub const NUMBER: &str = "確認の番号";
    /// Helps with it.
    pub const NUMBER_HELP: &str = "スマートフォンの認証アプリに出ている6けたの番号です。スマートフォンがないときは、予備コードを入れてください。";
    /// Helps with the number that confirms a new second factor.
    pub const FIRST_NUMBER_HELP: &str = "認証アプリに出ている6けたの番号です。";
    /// A password that is too short.
    pub const SHORT: &str = "12文字より短いです。もっと長くしてください。";
    /// A password that is too long.
    pub const LONG: &str = "128文字より長いです。短くしてください。";
    /// A password that is easily guessed.
    pub const COMMON: &str =
        "よく使われることばや、だれでも知っていることばです。ほかのパスワードにしてください。";
    /// The two passwords differ.
    pub const DIFFERENT: &str = "上のパスワードとちがいます。もう一度入れてください。";
    /// The number does not confirm.
    pub const WRONG_NUMBER: &str = "番号がちがいます。アプリに今出ている番号を入れてください。スマートフォンの時計が合っているかも見てください。";
}

/// Words of the frame around every page.
pub mod frame {
    /// Names the menu for those who hear it.
    pub const MENU: &str = "メニュー";
    /// Leads to the board.
    pub const BOARD: &str = "対応ボード";
    /// Leads to one's own settings.
    pub const ME: &str = "自分の設定";
    /// How the service presents itself.
    pub const OFFICE_SETTINGS: &str = "組織の設定";
    /// What people said.
    pub const OPINIONS: &str = "みなさんの声";
    /// The account on LINE.
    pub const LINE: &str = "LINEと通数";
    /// Whom to phone.
    pub const CALLS: &str = "電話リスト";
    /// Leads to everyone who is asked.
    pub const PEOPLE: &str = "利用者";
    /// Leads to what was said to many.
    pub const BULLETINS: &str = "お知らせ";
    /// Leads to those who rest.
    pub const RESTS: &str = "お休み";
    /// Leads to the teams.
    pub const TEAMS: &str = "チーム";
    /// Leads to the groups.
    pub const GROUPS: &str = "グループ";
    /// Leads to the organizations.
    pub const ORGANIZATIONS: &str = "団体・地区";
    /// Leads to the numbers.
    pub const STATISTICS: &str = "統計";
    /// Leads to who did what.
    pub const LOG: &str = "操作記録";
    /// Leads to the report of a month.
    pub const REPORT: &str = "月次報告";
    /// Leads to the accounts.
    pub const ACCOUNTS: &str = "職員";
    /// Menu: what is printed.
    pub const PAPERS: &str = "印刷物";
    /// Menu: the set-up.
    pub const SET_UP: &str = "準備と点検";
    /// Until when people are members.
    pub const MEMBERS: &str = "会員";
    /// Logs out.
    pub const LOG_OUT: &str = "ログアウト";
    /// Before the name of who is logged in.
    pub const SIGNED_IN: &str = "ログイン中：";
    /// Heading of a refusal.
    pub const NOT_ALLOWED: &str = "この操作はできません";
    /// For a form that is too old, or came from elsewhere.
    pub const STALE_FORM: &str =
        "画面が古くなっています。前の画面に戻り、新しく開いて、もう一度ためしてください。";
    /// For a page that needs another role.
    pub const OTHER_ROLE: &str = "あなたの役割では、このページを使えません。";
    /// Leads back to the board.
    pub const TO_BOARD: &str = "対応ボードへ";
}

/// Words of the log-in.
pub mod login {
    /// Heading.
    pub const TITLE: &str = "職員のログイン";
    /// The button.
    pub const LOG_IN: &str = "ログイン";
    /// Something was wrong; what exactly, nobody is told.
    pub const WRONG: &str = "ログインできませんでした。名前、パスワード、番号のどれかがちがいます。同じ番号は1回しか使えません。次の番号が出るのを待って、もう一度ためしてください。";
    /// Too many failed.
    pub const WAIT: &str = "まちがいが続いたので、しばらくログインできません。10分ほど待って、もう一度ためしてください。";
    /// The session has ended.
    pub const ENDED: &str =
        "ログインしていないか、時間がたったのでログアウトしました。もう一度ログインしてください。";
    /// For those who cannot log in.
    pub const HELP: &str = "パスワードやスマートフォンをなくしたときは、管理の担当者に、新しいリンクをたのんでください。";
}

/// Words of the first visit.
pub mod welcome {
    /// Heading of the first step.
    pub const PASSWORD_TITLE: &str = "パスワードを決める";
    /// Heading of the second step.
    pub const FACTOR_TITLE: &str = "確認の番号を用意する";
    /// Heading of the last step.
    pub const RECOVERY_TITLE: &str = "予備コードを残す";
    /// Which step of three.
    pub const STEPS: [&str; 3] = ["3つのうち1つ目", "3つのうち2つ目", "3つのうち3つ目"];
    /// Helps with the name.
    pub const NAME_HELP: &str = "ログインのときに使います。";
    /// Goes on.
    pub const NEXT: &str = "次へ";
    /// What the second factor is for.
    pub const FACTOR_WHY: &str = "パスワードが知られても、ほかの人が入れないようにします。スマートフォンの認証アプリを使います。";
    /// What to do, in order.
    pub const FACTOR_STEPS: [&str; 3] = [
        "スマートフォンに認証アプリを入れます（Google Authenticator、Microsoft Authenticator など）。",
        "アプリで「追加」を選び、このQRコードを読み取ります。",
        "アプリに出た6けたの番号を、下に入れます。",
    ];
    /// Alternative text of the QR code.
    pub const QR_ALT: &str = "認証アプリで読み取るQRコード";
    /// Before the secret as text.
    pub const BY_HAND: &str = "読み取れないときは、この文字をアプリに入れてください。";
    /// What recovery codes are for.
    pub const RECOVERY_WHY: &str =
        "スマートフォンをなくしたとき、番号のかわりに使えます。1つのコードは1回だけ使えます。";
    /// That they are never shown again.
    pub const RECOVERY_ONCE: &str = "このコードは、今しか見られません。印刷するか、紙に書いて、かぎのかかる所にしまってください。";
    /// Goes to the board.
    pub const BEGIN: &str = "残しました。対応ボードへ";
    /// Heading for a link that does not work.
    pub const GONE: &str = "このリンクは使えません";
    /// Why.
    pub const GONE_WHY: &str = "リンクは24時間たったか、もう使われています。管理の担当者に、新しいリンクをたのんでください。もう登録した方は、ログインしてください。";
    /// Leads to the log-in.
    pub const TO_LOGIN: &str = "ログインへ";
}

/// Words of one's own settings.
pub mod me {
    /// Heading.
    pub const TITLE: &str = "自分の設定";
    /// Labels of what is known about oneself.
    pub const LABELS: [&str; 4] = ["名前", "役割", "登録した日", "残りの予備コード"];
    /// Heading of the password.
    pub const PASSWORD: &str = "パスワードを変える";
    /// Changes it.
    pub const CHANGE_PASSWORD: &str = "パスワードを変える";
    /// It was changed.
    pub const PASSWORD_CHANGED: &str = "パスワードを変えました。ほかの端末ではログアウトしました。";
    /// Heading of the second factor.
    pub const FACTOR: &str = "確認の番号をやりなおす";
    /// When one needs it.
    pub const FACTOR_WHY: &str = "スマートフォンを替えるときや、予備コードが少なくなったときに使います。古い番号と古い予備コードは使えなくなります。";
    /// Begins it.
    pub const BEGIN_FACTOR: &str = "やりなおす";
    /// What was shown does not prove who they are.
    pub const NOT_PROVED: &str = "パスワードか番号がちがいます。同じ番号は1回しか使えません。次の番号が出るのを待って、もう一度ためしてください。";
    /// The draft has run out of time.
    pub const TOO_LATE: &str = "時間がたちました。もう一度、はじめからお願いします。";
}

/// Words of the board.
pub mod board {
    /// Leads to those to phone.
    pub const TO_CALLS: &str = "電話リストへ";

    /// So many are to be phoned.
    #[must_use]
    pub fn to_phone(count: usize) -> String {
        format!("LINEを使わない方で、今日電話する方：{count}人")
    }

    /// Heading.
    pub const TITLE: &str = "対応ボード";
    /// Labels of the three numbers.
    pub const NUMBERS: [&str; 3] = ["対応が必要", "返事待ち", "LINEが届かない"];
    /// Heading of the list.
    pub const LIST: &str = "対応が必要な方（古い順）";
    /// Labels of what is said about a case.
    pub const LABELS: [&str; 4] = ["いつから", "チーム", "対応する人", "知らせた人"];
    /// Somebody without a name.
    pub const NO_NAME: &str = "名前のない方";
    /// Nobody claimed it.
    pub const UNCLAIMED: &str = "まだ決まっていません";
    /// Nobody could be told.
    pub const NOBODY: &str = "通知先なし。知らせる人がいません。";
    /// A manager could not reach the person.
    pub const NO_CONTACT: &str = "連絡がつかないと報告がありました";
    /// There was nobody who could be told.
    pub const NOBODY_TO_TELL: &str = "通知先なし";
    /// Ambulance or police was called.
    pub const EMERGENCY: &str = "救急・警察に連絡しました";
    /// What was to be done next should have been done by now.
    pub const OVERDUE: &str = "期限がすぎています";
    /// The person answered meanwhile.
    pub const CLEARED: &str = "無事の知らせがありました";
    /// Not everything is shown.
    pub const MORE: &str = "多いので、すべては出ていません。";
    /// Everything in the table may not have been counted.
    pub const AT_LEAST: &str = "以上";
    /// Heading of how the service is.
    pub const SERVICE: &str = "点検";
    /// Nobody looked yet.
    pub const NOT_LOOKED: &str = "始まったばかりです。1分ほどで結果が出ます。";
    /// Nothing ails.
    pub const WELL: &str = "すべて動いています。";
    /// The page renews itself.
    pub const RENEWS: &str = "この画面は1分ごとに新しくなります。";
    /// It does not.
    pub const STILL: &str = "この画面は、自動では新しくなりません。";
    /// Stops that.
    pub const STAND_STILL: &str = "自動で新しくしない";
    /// Starts it again.
    pub const RENEW: &str = "自動で新しくする";
    /// Renews now.
    pub const RENEW_NOW: &str = "今すぐ新しくする";
    /// Goes on with the session.
    pub const GO_ON: &str = "ログインを続ける";
}

/// A role.
#[must_use]
pub fn role(role: StaffRole) -> &'static str {
    match role {
        StaffRole::Admin => "管理",
        StaffRole::Worker => "担当",
        StaffRole::Viewer => "閲覧",
    }
}

/// What ails.
#[must_use]
pub fn ailment(ailment: Ailment) -> &'static str {
    match ailment {
        Ailment::Unseen => "点検が止まっています。",
        Ailment::Writer => "記録ができません。",
        Ailment::Timers => "時刻になっても、確認やお知らせが始まりません。",
        Ailment::Deaf => "LINEからの返事が届きません。",
        Ailment::Line => "LINEにメッセージを送れません。",
        Ailment::Mail => "メールを送れません。",
        Ailment::Clock => "サーバーの時計が合っているか、わかりません。",
        Ailment::Backup => "データの控え（バックアップ）が、新しくなっていません。",
        Ailment::Certificate => "HTTPSの証明書がないか、もうすぐ切れます。",
        Ailment::Renewal => "HTTPSの証明書が、新しくなっていません。",
        Ailment::Disk => "ディスクの空きが、少なくなっています。",
        Ailment::Remains => "削除した方の情報が、まだデータのファイルに残っています。",
    }
}

/// What to do about it.
#[must_use]
pub fn remedy(ailment: Ailment) -> &'static str {
    match ailment {
        Ailment::Unseen | Ailment::Writer | Ailment::Timers => {
            "サーバーの担当の人に、すぐ連絡してください。そのあいだ、気になる方には電話をしてください。"
        }
        Ailment::Deaf => {
            "お返事があっても、ここに出ません。気になる方には電話をしてください。サーバーの担当の人に、Webhookの設定と証明書を見てもらってください。"
        }
        Ailment::Line => {
            "確認もお知らせも止まっています。気になる方には電話をしてください。LINEの障害情報と、今月の通数を見てください。"
        }
        Ailment::Mail => {
            "メールでのお知らせが止まっています。サーバーの担当の人に、メールサーバーの名前とパスワード（mail.smtp_url）を見てもらってください。「準備と点検」の「メール」に、することが出ています。"
        }
        Ailment::Clock => {
            "お知らせが遅れることがあります。サーバーの担当の人に、時刻の自動合わせを見てもらってください。"
        }
        Ailment::Backup => {
            "見守りは動いています。サーバーの担当の人に、ディスクの空きと backup の設定を見てもらってください。"
        }
        Ailment::Certificate => {
            "切れると、お返事があってもここに出ません。気になる方には電話をしてください。サーバーの担当の人に、tls の設定をすぐ見てもらってください。"
        }
        Ailment::Disk => {
            "いっぱいになると、記録ができなくなります。サーバーの担当の人に、いらないファイルを消してもらってください。"
        }
        Ailment::Remains => {
            "見守りは動いています。画面には、もう出ません。サーバーの担当の人に、ディスクの空きと記録を見てもらってください。"
        }
        Ailment::Renewal => {
            "今は使えています。サーバーの担当の人に、tls の設定と記録を見てもらってください。"
        }
    }
}

/// Label of a person's number.
pub const PERSON_NUMBER: &str = "会員番号";

/// Why somebody is on the board.
#[must_use]
pub fn trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoAnswer => "お返事がありません",
        Trouble::NotSent => "未確認です（LINEで送信できません）",
        Trouble::Unreachable => "LINEが届かなくなりました",
        Trouble::Unheard => "未確認です（お返事を受け取れません）",
        Trouble::Help => "「こまった」が押されました",
        Trouble::Unwell => "調子がよくないそうです",
        Trouble::WantsTalk => "話したいそうです",
        Trouble::Called => "「こまった」が押されました。そのあと、操作がありません",
        Trouble::NotPhoned => "未確認です（まだ電話していません）",
    }
}

/// What to know about how a case came about.
#[must_use]
pub fn mark(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::None => None,
        Mark::Late => Some("停止のため遅延"),
        Mark::TimeUnproven => Some("時刻未確認"),
        Mark::AskedOnce => Some("再送できず"),
    }
}

/// Somebody who was to be told, and how that went.
#[must_use]
pub fn told(name: &str, told: Told) -> String {
    let how = match told {
        Told::Queued => "送っています",
        Told::Accepted => "送りました",
        Told::Failed => "送れませんでした",
        Told::Withdrawn => "取り消しました",
        Told::Deferred => "朝6時に送ります",
        Told::ByMail => "メールで送りました",
        Told::Unsure => "届いたか、わかりません",
    };
    format!("{name}さん（{how}）")
}

/// So many more.
#[must_use]
pub fn and_more(count: usize) -> String {
    format!("ほか{count}人")
}

/// Since when somebody looks after it.
#[must_use]
pub fn claimed_since(at: DateTime) -> String {
    format!("（{}から）", when::date_time(at))
}

/// Those who work there, where one of them goes.
pub const OFFICE: &str = "事務局";

/// Somebody by name.
#[must_use]
pub fn called(name: &str) -> String {
    format!("{name}さん")
}

/// Nothing is to be done, as of now.
#[must_use]
pub fn all_clear(now: DateTime) -> String {
    format!("対応が必要な方はいません（{} 時点）", when::time(now))
}

/// The time of what is shown.
#[must_use]
pub fn as_of(now: DateTime) -> String {
    format!("{} 時点", when::date_time(now))
}

/// The title in the browser's tab: the number comes first, so that it can be seen there.
#[must_use]
pub fn board_title(open: usize) -> String {
    match open {
        0 => board::TITLE.to_owned(),
        open => format!("（{open}）{}", board::TITLE),
    }
}

/// 「11月22日（日）午前9時」
#[must_use]
pub fn date_time(at: DateTime) -> String {
    when::date_time(at)
}

/// 「3時間前」
#[must_use]
pub fn ago(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    match minutes {
        0 => "たった今".to_owned(),
        1..60 => format!("{minutes}分前"),
        60..1440 => format!("{}時間前", minutes / 60),
        _ => format!("{}日前", minutes / 1440),
    }
}

/// Beside something else.
#[must_use]
pub fn in_brackets(text: &str) -> String {
    format!("（{text}）")
}

/// The session ends soon.
#[must_use]
pub fn ends_soon(left: Duration) -> String {
    let minutes = left.as_secs().div_ceil(60);
    format!("あと{minutes}分で、自動でログアウトします。")
}

/// So many recovery codes.
#[must_use]
pub fn codes_left(count: usize) -> String {
    format!("{count}個")
}

/// Whose recovery codes these are.
#[must_use]
pub fn codes_of(name: &Name) -> String {
    format!("{name}さんの予備コード")
}

/// When something was made.
#[must_use]
pub fn made_at(at: DateTime) -> String {
    format!("{}に作成", when::date_time(at))
}

/// To whom the first page speaks.
#[must_use]
pub fn welcome_to(name: &Name, staff_role: StaffRole) -> String {
    format!("{name}さんを、役割「{}」で登録します。", role(staff_role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_its_largest_unit() {
        for (seconds, said) in [
            (0, "たった今"),
            (59, "たった今"),
            (60, "1分前"),
            (3599, "59分前"),
            (3600, "1時間前"),
            (86_399, "23時間前"),
            (86_400, "1日前"),
            (400_000, "4日前"),
        ] {
            assert_eq!(ago(Duration::from_secs(seconds)), said);
        }
    }
}
