//! What can only be done on the server itself: by whoever looks after it, and not on the page. Each task names the file, the
//! key or the command, and what is typed word for word stands between backticks. The page shows it apart from what staff do;
//! whoever reads it at the command line is at the place.

use crate::domain::checkup::{Finding, Hitch};
use crate::domain::event::Failure;

/// Heading over a task.
pub const TASK: &str = "サーバーの担当の人に頼むこと";
/// Leads from a task to how settings are changed.
pub const HOW_TO_CHANGE: &str = "設定の変えかた";
/// Heading over how settings are changed.
pub const CHANGE: &str = "サーバーの担当の人へ：設定の変えかた";
/// How settings are changed, step by step.
pub const CHANGE_HOW: &[&str] = &[
    "サーバーに入り、root で設定ファイル `/etc/anshin/anshin.toml` を開きます。見出し（[mail] など）の下の行に、値を書きます。行の初めの # は消します。",
    "パスワードや秘密の入る値（mail.smtp_url、heartbeat.url、line.channel_secret）は、設定ファイルに書かず、`/etc/anshin/credentials/mail.smtp_url` のような名前のファイルに、値だけを書き、root だけが読めるようにします（`chmod 600`）。そして `systemctl edit anshin` で、[Service] の下に `LoadCredential=mail.smtp_url:/etc/anshin/credentials/mail.smtp_url` と書きます。",
    "`CREDENTIALS_DIRECTORY=/etc/anshin/credentials anshin config check` で、まちがいがないか確かめます。",
    "`systemctl restart anshin` で、始めなおします。数秒で終わります。",
    "このページで「いま確かめる」を押します。",
];

/// What has to be done on the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Task {
    /// What.
    pub what: &'static str,
    /// Settings are changed for it.
    pub settings: bool,
}

/// The task that a finding means; `None` where nothing has to be done on the server. `configured`: the keys of the channel
/// stand in the configuration, so that they cannot be entered on the page.
#[must_use]
pub fn task(finding: &Finding, configured: bool) -> Option<Task> {
    let set = |what| Some(Task { what, settings: true });
    let look = |what| Some(Task { what, settings: false });
    match finding {
        Finding::KeysRefused(_) if configured => set(
            "設定ファイルの [line] の channel_id と、line.channel_secret を、LINE Official Account Manager に出る値と同じにします。",
        ),
        Finding::LineUnreachable => look(
            "サーバーから api.line.me（443番）につながるか、確かめます。わけは `journalctl -u anshin` に出ます。",
        ),
        Finding::NotHeard(_) => look(
            "名前（DNS）がこのサーバーを指すこと、ファイアウォールで443番が開いていること、証明書が切れていないことを確かめます。わけは `journalctl -u anshin` に出ます。",
        ),
        Finding::NotSecure => set(
            "`anshin setup --domain 名前 --contact メールアドレス` を実行します。証明書を自動で取り、アドレスが https になります。手で書くときは、設定ファイルの [server] の public_url です。",
        ),
        Finding::ClockDoubted => look(
            "`timedatectl` で、時刻の自動合わせ（NTP）が動いているか見ます。動いていないときは、`timedatectl set-ntp true` を実行します。",
        ),
        Finding::DiskLow(_) => look(
            "`df -h` で、空きを見ます。古いログ（`journalctl --vacuum-size=200M`）や、いらないファイルを消します。`/var/lib/anshin` の中は、消さないでください。データと控えです。",
        ),
        finding => of_mail(finding).or_else(|| of_copies(finding)).or_else(|| of_watch(finding)),
    }
}

fn of_mail(finding: &Finding) -> Option<Task> {
    let what = match finding {
        Finding::NoMailServer => {
            "設定ファイルの [mail] の from に差出人のアドレスを書き、mail.smtp_url にメールサーバーを書きます。例：`smtps://名前:パスワード@mail.example.jp:465`"
        }
        Finding::MailFails
        | Finding::LetterWaits(Some(Hitch::Login))
        | Finding::LetterFailed(Failure::OutOfTime) => {
            "mail.smtp_url のサーバーの名前、ポート、名前とパスワードを直します。% は %25、@ は %40 と書きます。わけは `journalctl -u anshin` に出ます。"
        }
        Finding::LetterWaits(Some(Hitch::Unanswered)) => {
            "1時間たっても送れないときは、mail.smtp_url のサーバーの名前とポートを確かめます。わけは `journalctl -u anshin` に出ます。"
        }
        Finding::LetterWaits(Some(Hitch::Closed)) => {
            "メールサーバーの担当の人に、このサーバーからのメールを受け取ってもらいます。別のメールサーバーを使うときは、mail.smtp_url を変えます。"
        }
        Finding::LetterFailed(Failure::Refused) => {
            "設定ファイルの [mail] の from を、そのメールサーバーから送ってよいアドレスにします。"
        }
        Finding::NoMailbox => {
            "設定ファイルの [office] の mail に、事務局のアドレスを書きます。例：`mail = [\"welfare@example.jp\"]`"
        }
        _ => return None,
    };
    Some(Task { what, settings: true })
}

fn of_copies(finding: &Finding) -> Option<Task> {
    let what = match finding {
        Finding::CopiesOff => {
            "設定ファイルの [backup] の folder に、控えを置く場所を書きます。例：`folder = \"backup\"`"
        }
        Finding::CopyOld => {
            "ディスクの空き（`df -h`）と、設定ファイルの [backup] を確かめます。わけは `journalctl -u anshin` に出ます。"
        }
        Finding::CopiesStay(_) => {
            "別のパソコンで `age-keygen -o council.key` を実行し、公開鍵を設定ファイルの [backup] の recipients に書きます。控えを外へ送るプログラムを、upload に書きます。秘密の鍵は、サーバーに置かず、紙にも印刷して、2か所にしまいます。"
        }
        _ => return None,
    };
    Some(Task { what, settings: true })
}

fn of_watch(finding: &Finding) -> Option<Task> {
    let Finding::NoHeartbeat = finding else { return None };
    let what = "healthchecks.io などで、5分ごとの見はりを作り、出てきたアドレスを heartbeat.url に書きます。";
    Some(Task { what, settings: true })
}

/// The task of whoever wants letters of their own.
pub const MAIL_OF_OWN: &str = "`anshin staff add 名前 --role admin --mail アドレス` を実行すると、メールアドレスのあるアカウントの登録リンクが出ます。いまのアカウントには、あとから足せません。";
