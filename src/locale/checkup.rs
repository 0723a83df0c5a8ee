//! What the check of the set-up says: on the page of the set-up in Japanese, at the command line in either language. Each
//! sentence says what is so, and what to do about it, by name and place of the switch.

pub mod server;

use super::cli::Tongue;
use crate::domain::checkup::{Done, Finding, Hitch, Point, State};
use crate::domain::event::Failure;
use crate::domain::schedule::Zone;
use crate::domain::service::BackupFault;

/// Title of the page.
pub const TITLE: &str = "準備と点検";
/// What it is for.
pub const HOW: &str =
    "人を見守りはじめる前に、上から順に確かめます。そのあとも、毎日、夜に自動で確かめます。";
/// Heading of the list of points.
pub const POINTS: &str = "確かめること";
/// The button that looks again.
pub const LOOK_AGAIN: &str = "いま確かめる";
/// Nothing was looked at yet.
pub const NOT_LOOKED: &str = "まだ確かめていません。「いま確かめる」を押してください。";
/// Everything is as it must be.
pub const ALL_GOOD: &str = "すぐに直すことはありません。";
/// Form: the channel.
pub const CONNECT: &str = "LINEにつなぐ";
/// Where the two values are.
pub const CONNECT_HOW: &[&str] = &[
    "LINE Official Account Manager を開き、アカウントを選びます。",
    "右上の「設定」→「Messaging API」を開きます。まだのときは「利用する」を押します。プロバイダーは、事務局のものを使います（あとで変えられません）。",
    "そこに出る Channel ID と Channel secret を、下に写します。ほかの値はいりません。",
];
/// Label: the id.
pub const CHANNEL_ID: &str = "Channel ID";
/// Help below it.
pub const CHANNEL_ID_HELP: &str = "10けたの数字です。";
/// Label: the secret.
pub const CHANNEL_SECRET: &str = "Channel secret";
/// Help below it.
pub const CHANNEL_SECRET_HELP: &str = "32けたの英数字です。人に見せないでください。";
/// The button.
pub const CONNECT_NOW: &str = "つないで確かめる";
/// The values stand in the configuration.
pub const CONFIGURED: &str = "Channel ID と Channel secret は、サーバーの設定ファイルで決まっています。ここでは変えられません。変えるときは、サーバーの担当の人に頼んでください（設定ファイルの [line]）。";
/// The id is none.
pub const ID_FAULT: &str = "Channel ID は、数字だけです。";
/// The secret is none.
pub const SECRET_FAULT: &str = "Channel secret は、英数字32けたです。";
/// LINE does not know them.
pub const REFUSED: &str = "LINEが、この2つの値を知りません。写しまちがいがないか、同じアカウントのものか、確かめてください。保存していません。";
/// LINE could not be asked.
pub const UNREACHABLE: &str = "LINEにつながりません。保存していません。少し待って、もう一度押してください。続くときは、サーバーの担当の人に、インターネットを確かめてもらってください。";
/// What was tried is not known any more, or something else was tried since.
pub const TRY_AGAIN: &str = "時間がたったか、別のアカウントをためしたので、2つの値をもう一度入れてください。保存していません。";
/// Leaves it as it was.
pub const BACK: &str = "やめて、もどる";
/// Above the account that was found.
pub const IS_IT_THIS: &str = "このアカウントでよいですか";
/// The button that keeps it.
pub const KEEP: &str = "はい、このアカウントを使います";
/// The button that sets our address.
pub const SET_WEBHOOK: &str = "Webhook URL を設定する";
/// The button of a human who looked.
pub const CONFIRM: &str = "確かめました";
/// The button that copies.
pub const COPY: &str = "いま控えを作る";
/// The service has stopped writing.
pub const STOPPED: &str = "サービスが止まりかけているので、何も保存していません。1分待って、このページを開き直してください。開けないときは、サーバーの担当の人に知らせてください。";
/// The button that tries whether letters leave.
pub const TRY_MAIL: &str = "自分に、ためしのメールを送る";
/// A letter was queued.
pub const MAIL_TRIED: &str =
    "ためしのメールを出しました。どうなったかは、「メール」のところに出ます。";
/// One was sent a moment ago.
pub const MAIL_TOO_SOON: &str =
    "ためしのメールは、1分に1通です。1分待って、もう一度押してください。";
/// There is nowhere to send it to.
pub const NO_MAIL_OF_OWN: &str = "あなたのアカウントに、メールアドレスがありません。ためしのメールは、メールアドレスのあるアカウントでログインして送ります。";
/// LINE took our address.
pub const WEBHOOK_DONE: &str = "LINEに、Webhook URL を設定しました。";
/// It did not.
pub const WEBHOOK_REFUSED: &str = "LINEが、Webhook URL を受け付けませんでした。サーバーの担当の人に、このページのアドレスが https で始まるか（設定ファイルの [server] の public_url）、外から開けるか、見てもらってください。";
/// The channel is set.
pub const CONNECTED: &str = "LINEにつなぎました。";
/// Something was confirmed.
pub const CONFIRMED: &str = "記録しました。";
/// On the board: so many things have to be done.
#[must_use]
pub fn to_do(count: usize) -> String {
    format!("準備と点検で、直すことが{count}つあります。")
}
/// On the board: the link.
pub const TO_CHECKUP: &str = "準備と点検へ";

/// Why a channel was not connected.
#[must_use]
pub fn not_connected(done: &Done) -> &'static str {
    match done {
        Done::Refused => REFUSED,
        Done::Unreachable => UNREACHABLE,
        Done::Configured => CONFIGURED,
        Done::Stopped
        | Done::Yes
        | Done::Unread
        | Done::CopiesOff
        | Done::Busy
        | Done::NotCopied(_)
        | Done::Account { .. } => STOPPED,
    }
}

/// What came of a wish for a copy.
#[must_use]
pub fn copied(done: &Done) -> &'static str {
    match done {
        Done::Yes => "控えを作り、読めることを確かめました。",
        Done::Busy => "いま、別の控えを作っています。少し待って、もう一度押してください。",
        Done::CopiesOff => {
            "控えを作らない設定です。下の「データの控え」に書いてあることを、サーバーの担当の人に頼んでください。"
        }
        Done::NotCopied(BackupFault::Upload) => {
            "控えは、サーバーの中に作りました。でも、外に送れませんでした。サーバーの担当の人に、設定ファイルの [backup] の upload に書いたプログラムを見てもらってください。わけは journalctl -u anshin に出ます。"
        }
        Done::NotCopied(BackupFault::Disk) => {
            "控えを書けませんでした。サーバーの担当の人に、ディスクの空きと、設定ファイルの [backup] の folder を見てもらってください。"
        }
        Done::NotCopied(BackupFault::Seal) => {
            "控えを暗号にできませんでした。サーバーの担当の人に、age というプログラムがあるか、設定ファイルの [backup] の recipients が正しいか、見てもらってください。"
        }
        Done::NotCopied(BackupFault::Damaged) => {
            "作った控えが、元のデータと同じになりませんでした。ディスクがこわれかけているかもしれません。すぐに、サーバーの担当の人に知らせてください。"
        }
        Done::Unread
        | Done::Configured
        | Done::Stopped
        | Done::Account { .. }
        | Done::Refused
        | Done::Unreachable => STOPPED,
    }
}

/// When it was looked at.
#[must_use]
pub fn looked_at(at: jiff::civil::DateTime) -> String {
    format!("{}に確かめました。", super::phone::date_time(at))
}

/// How many points want something done.
#[must_use]
pub fn bad(count: usize) -> String {
    format!("直すことが{count}つあります。")
}

/// The name of a point.
#[must_use]
pub fn point(point: Point, tongue: Tongue) -> &'static str {
    let (ja, en) = match point {
        Point::Channel => ("LINEのアカウント", "account on LINE"),
        Point::Webhook => ("Webhook URL", "webhook URL"),
        Point::Hearing => ("お返事を受け取る", "receiving answers"),
        Point::Redelivery => ("Webhookの再送", "webhook redelivery"),
        Point::AutoReply => ("応答メッセージ", "automatic replies"),
        Point::Groups => ("グループに入る", "joining groups"),
        Point::Menu => ("トークの下のメニュー", "menu under the chat"),
        Point::Plan => ("今月の通数", "messages of the month"),
        Point::Office => ("事務局の名前と電話", "name and telephone of the office"),
        Point::Admins => ("管理者", "administrators"),
        Point::Practice => ("練習", "practice"),
        Point::Mail => ("メール", "mail"),
        Point::Backup => ("データの控え", "copies of the data"),
        Point::Heartbeat => ("外からの見はり", "watched from outside"),
        Point::Address => ("ページのアドレス", "address of the pages"),
        Point::Clock => ("時計", "clock"),
        Point::Disk => ("ディスク", "disk"),
    };
    tongue.of_two(ja, en)
}

/// The word for a state.
#[must_use]
pub fn state(state: State, tongue: Tongue) -> &'static str {
    let (ja, en) = match state {
        State::Good => ("よし", "ok"),
        State::Advice => ("おすすめ", "advice"),
        State::ByHand => ("目で確かめる", "by hand"),
        State::Unknown => ("わかりません", "unknown"),
        State::Bad => ("直してください", "to do"),
    };
    tongue.of_two(ja, en)
}

/// What was found and what to do, for whoever is at the server.
#[must_use]
pub fn line(found: &Finding, configured: bool, tongue: Tongue) -> String {
    let said = finding(found, tongue);
    let task = server::task(found, configured);
    match (tongue, task) {
        (Tongue::Ja, Some(task)) => format!("{said}{}", task.what.replace('`', "")),
        // In English one sentence says both.
        _ => said,
    }
}

/// What was found, and what staff do about it. What is left to the server is said by [`server::task`].
#[must_use]
pub fn finding(finding: &Finding, tongue: Tongue) -> String {
    if let Some((ja, en)) = plain(finding) {
        return tongue.of_two(ja, en).to_owned();
    }
    if let Some((ja, en)) = dated(finding) {
        return tongue.pick(ja, en);
    }
    let (ja, en) = match finding {
        Finding::Connected(name, id) => {
            (format!("{name}（{id}）につながっています。"), format!("connected as {name} ({id})"))
        }
        Finding::KeysRefused(status) => (
            format!(
                "LINEが Channel ID と Channel secret を知りません（{status}）。もう一度写してください。"
            ),
            format!("LINE does not know channel id and secret (status {status}); copy them again"),
        ),
        Finding::NotHeard(reason) => (
            format!(
                "LINEから、このサーバーに届きません（{reason}）。お返事が受け取れません。先に、上の「Webhook URL」を見てください。"
            ),
            format!(
                "LINE cannot reach this server ({reason}); check webhook URL, certificate and firewall"
            ),
        ),
        Finding::PlanFits(limit, forecast) => (
            format!("月に{limit}通まで。今月は、あと{forecast}通いります。足ります。"),
            format!("{limit} a month, {forecast} still needed; it will do"),
        ),
        Finding::PlanShort(limit, forecast) => (
            format!(
                "月に{limit}通まで。今月は、あと{forecast}通いるので足りません。LINEのプランを上げるか、聞く間隔を長くしてください。"
            ),
            format!(
                "{limit} a month, {forecast} still needed: too few; take a larger plan or ask less often"
            ),
        ),
        Finding::Admins(count) if finding.state() == State::Good => {
            (format!("{count}人います。"), format!("{count} of them"))
        }
        Finding::Admins(count) => (
            format!("{count}人です。休む日のために、もう一人作ってください（「職員」のページ）。"),
            format!("{count}; make a second one for days of illness"),
        ),
        Finding::DiskFree(mib) => (format!("空きは {mib} MB です。"), format!("{mib} MiB free")),
        Finding::DiskLow(mib) => (
            format!("空きが {mib} MB しかありません。なくなると、サービスが止まります。"),
            format!("only {mib} MiB free; remove files that are not needed"),
        ),
        _ => Default::default(),
    };
    tongue.pick(ja, en)
}

/// Findings with a moment in them.
fn dated(finding: &Finding) -> Option<(String, String)> {
    let wall = |at| super::phone::date_time(Zone::default().local(at));
    let stamp = |at| Zone::default().local(at).strftime("%Y-%m-%d %H:%M").to_string();
    Some(match finding {
        Finding::CopiedAt(at) => (
            format!("いちばん新しい控えは、{}のものです。", wall(*at)),
            format!("newest of {}", stamp(*at)),
        ),
        Finding::CopiesStay(at) => (
            format!(
                "いちばん新しい控えは、{}のものです。でも、このサーバーの中にしかありません。サーバーがこわれると、いっしょになくなります。",
                wall(*at)
            ),
            format!(
                "newest of {}, and on this server alone; set backup.recipients and backup.upload",
                stamp(*at)
            ),
        ),
        Finding::PractisedOn(at) => (
            format!("{}に、質問から対応の終わりまで、練習しました。", wall(*at)),
            format!("a whole round was practised on {}", stamp(*at)),
        ),
        Finding::LetterTaken(at) => (
            format!(
                "{}に、メールサーバーがためしのメールを受け取りました。受信箱に届いたか、見てください（迷惑メールも）。",
                wall(*at)
            ),
            format!("a letter that was tried was taken at {}", stamp(*at)),
        ),
        _ => return None,
    })
}

/// Findings without a number in them.
fn plain(finding: &Finding) -> Option<(&'static str, &'static str)> {
    of_line(finding)
        .or_else(|| by_hand(finding))
        .or_else(|| of_letter(finding))
        .or_else(|| of_machine(finding))
}

/// About a letter that was tried.
fn of_letter(finding: &Finding) -> Option<(&'static str, &'static str)> {
    Some(match finding {
        Finding::LetterWaits(None) => {
            ("ためしのメールを送っています。", "a letter that was tried is on its way")
        }
        Finding::LetterWaits(Some(Hitch::Login)) => (
            "ためしのメールを送れません。メールサーバーが、名前かパスワードを受け付けません。",
            "a letter that was tried does not leave: the mail server takes neither name nor password; check mail.smtp_url",
        ),
        Finding::LetterWaits(Some(Hitch::Closed)) => (
            "ためしのメールを送れません。メールサーバーが、このサーバーを断っています。",
            "a letter that was tried does not leave: the mail server does not talk to this server; ask whoever runs it",
        ),
        Finding::LetterWaits(Some(Hitch::Unanswered)) => (
            "ためしのメールを、まだ送れません。メールサーバーから返事がないか、こんでいます。自動で何度もためします。",
            "a letter that was tried waits: the mail server does not answer or is busy; it is tried again; check mail.smtp_url if this lasts",
        ),
        Finding::LetterFailed(Failure::UnknownReceiver) => (
            "メールサーバーが、ためしのメールを断りました。あなたのメールアドレスを知らない、という答えです。アドレスがちがうときは、正しいアドレスのアカウントを、サーバーの担当の人に作ってもらってください。",
            "the mail server refused a letter that was tried: it does not know the receiver; check that address",
        ),
        Finding::LetterFailed(Failure::Refused) => (
            "メールサーバーが、ためしのメールを断りました。",
            "the mail server refused a letter that was tried; make mail.from an address that may send from there",
        ),
        Finding::LetterFailed(Failure::OutOfTime) => (
            "ためしのメールを、23時間送れませんでした。",
            "a letter that was tried did not leave for 23 hours; check mail.smtp_url",
        ),
        _ => return None,
    })
}

/// About the account on LINE.
fn of_line(finding: &Finding) -> Option<(&'static str, &'static str)> {
    Some(match finding {
        Finding::NotConnected => (
            "まだ、つないでいません。上の「LINEにつなぐ」に、2つの値を入れてください。",
            "not connected yet; enter channel id and secret at /staff/setup",
        ),
        Finding::LineUnreachable => (
            "LINEにつながりません。少し待って、「いま確かめる」を押してください。",
            "LINE cannot be reached; check the network of this server",
        ),
        Finding::WebhookSet => ("LINEに伝えてあり、使われています。", "LINE knows it and uses it"),
        Finding::WebhookElsewhere => (
            "LINEに、このサーバーのアドレスが伝わっていません。下のボタンで設定してください。",
            "LINE is told another address or none; set it at /staff/setup",
        ),
        Finding::WebhookOff => (
            "LINEに伝わっていますが、使われていません。LINE Developers →「Messaging API設定」→「Webhookの利用」をオンにしてください。",
            "LINE knows it and does not use it; switch \"Use webhook\" on in the LINE Developers Console",
        ),
        Finding::Heard => ("LINEから、このサーバーに届きます。", "LINE reaches this server"),
        Finding::MenuShown => ("出ています。", "it is shown"),
        Finding::MenuMissing => (
            "まだ出ていません。5分ごとに、自動でためします。",
            "not shown yet; it is tried again every five minutes",
        ),
        Finding::PlanUnlimited => ("通数に、きまりはありません。", "no limit"),
        _ => return None,
    })
}

/// About what people do and look at.
fn by_hand(finding: &Finding) -> Option<(&'static str, &'static str)> {
    Some(match finding {
        Finding::Confirmed(_) => ("確かめてあります。", "confirmed"),
        Finding::ToConfirm(Point::Redelivery) => (
            "LINE Developers →「Messaging API設定」→「Webhookの再送」をオンにしてください。サーバーが止まっていた間のお返事が、あとで届きます。",
            "switch \"Webhook redelivery\" on in the LINE Developers Console: what people press while the server is down comes later",
        ),
        Finding::ToConfirm(Point::AutoReply) => (
            "LINE Official Account Manager →「設定」→「応答設定」で、「あいさつメッセージ」と「応答メッセージ」をオフ、「Webhook」をオンにします。スマートフォンから何か送り、返事が1通だけ来れば、よしです。",
            "in the response settings of the LINE Official Account Manager switch greeting and automatic replies off and webhooks on; a message from a phone must bring one answer, not two",
        ),
        Finding::ToConfirm(Point::Groups) => (
            "グループ（つながり）を使うときは、LINE Developers →「Messaging API設定」→「グループトーク・複数人トークへの参加を許可」をオンにします。使わないときも、ここを押してください。",
            "if groups are used, allow the account to join them in the LINE Developers Console",
        ),
        Finding::ToConfirm(_) => ("目で確かめてください。", "look at it"),
        Finding::InGroups => ("グループに入っています。", "it is in a group"),
        Finding::OfficeKnown => ("決まっています。", "they are set"),
        Finding::OfficeWithoutPhone => (
            "電話番号がありません。困った人が電話する番号です。「組織の設定」のページで入れてください。",
            "there is no telephone number for people to call; set it at /staff/office",
        ),
        Finding::Practised => (
            "お返事も、知らせの受け取りも、ためしてあります。",
            "somebody has answered, and somebody has proven that alerts arrive",
        ),
        Finding::NotPractised => (
            "はじめる前に、ご自分のスマートフォンで1回、練習してください。",
            "try it once with phones of your own before others rely on it",
        ),
        _ => return None,
    })
}

/// About the server.
fn of_machine(finding: &Finding) -> Option<(&'static str, &'static str)> {
    Some(match finding {
        Finding::MailReady => ("事務局にメールが届きます。", "the office gets letters"),
        Finding::NoMailServer => (
            "メールがありません。LINEが止まると、だれにも知らせられません。",
            "there is no mail server, so nobody hears when LINE is down; set mail.smtp_url and mail.from",
        ),
        Finding::MailFails => ("メールを送れません。", "letters do not leave; check mail.smtp_url"),
        Finding::NoMailbox => (
            "事務局に、メールを受け取る人がいません。困ったことがあっても、気づけません。",
            "nobody of the office gets letters; set office.mail, or give staff an address",
        ),
        Finding::NotCopiedYet => (
            "まだありません。今夜、作ります。下のボタンで、いま作れます。",
            "none yet; one is made tonight, or now by `anshin backup`",
        ),
        Finding::CopiesOff => (
            "控えを作らない設定です。サーバーがこわれると、データがなくなります。",
            "switched off; name a folder in backup.folder",
        ),
        Finding::CopyOld => (
            "控えが、新しくなっていません。下のボタンで、いま作ってみてください。",
            "the newest one is too old; check the disk and the settings under [backup]",
        ),
        Finding::HeartbeatSet => (
            "外の見はりに、動いていると知らせています。",
            "somebody else is called while all is well",
        ),
        Finding::NoHeartbeat => (
            "このサーバーがこわれても、だれも気づきません。外から見はるサービスに知らせると、止まったときにメールが来ます。",
            "nobody notices when this server breaks; set heartbeat.url to a check of a service such as healthchecks.io",
        ),
        Finding::Secure => ("安全に開けます。", "reached over HTTPS, or from this machine alone"),
        Finding::NotSecure => (
            "アドレスが https ではありません。パスワードや名前を、途中で見られるかもしれません。",
            "not HTTPS; make server.public_url begin with https://",
        ),
        Finding::ClockRight => ("合っています。", "right"),
        Finding::ClockDoubted => (
            "合っているか、わかりません。知らせが遅れることがあります。",
            "not known to be right; check that the clock is set by NTP",
        ),
        Finding::Unknown(_) => ("確かめられませんでした。", "could not be found out"),
        _ => return None,
    })
}

/// Marks at the beginning of a line at the command line.
#[must_use]
pub fn mark(state: State) -> &'static str {
    match state {
        State::Good => "[ok]",
        State::Advice => "[--]",
        State::ByHand => "[??]",
        State::Unknown => "[??]",
        State::Bad => "[NG]",
    }
}

/// What the command says at its end.
#[must_use]
pub fn summary(bad: usize, tongue: Tongue) -> String {
    match bad {
        0 => tongue.pick(
            "すぐに直すことはありません。".to_owned(),
            "nothing has to be done now".to_owned(),
        ),
        count => tongue.pick(
            format!("直すことが{count}つあります（[NG]）。"),
            format!("{count} to do ([NG])"),
        ),
    }
}

/// The service does not run.
#[must_use]
pub fn not_running(tongue: Tongue) -> String {
    tongue.pick(
        "サービスが動いていません。systemctl start anshin で始めてから、もう一度してください。"
            .to_owned(),
        "the service is not running; start it (systemctl start anshin) and try again".to_owned(),
    )
}

/// `anshin setup`: the link for the first administrator.
#[must_use]
pub fn setup_link(link: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("このアドレスを、ブラウザーで開いてください（24時間、1回だけ）。\n{link}\nパスワードと認証アプリを決めると、準備のページに進みます。"),
        format!("Open this address in a browser; it works once, within 24 hours.\n{link}\nAfter password and authenticator app comes the page of the set-up."),
    )
}

/// There is an administrator already.
#[must_use]
pub fn setup_page(url: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("管理者は、もういます。ログインして、準備のページを開いてください。\n{url}\nログインできないときは、anshin staff reset で新しいリンクを作ります。"),
        format!("There is an administrator already: log in and open the page of the set-up.\n{url}\nIf nobody can log in, `anshin staff reset` makes a new link."),
    )
}

/// The name of the first administrator, where none was given.
#[must_use]
pub fn first_admin(tongue: Tongue) -> &'static str {
    tongue.of_two("管理者", "admin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_nothing_was_kept_is_told_as_what_it_is() {
        let told = |done: &Done| not_connected(done);
        assert_eq!(told(&Done::Configured), CONFIGURED);
        assert_eq!(told(&Done::Refused), REFUSED);
        assert_eq!(told(&Done::Unreachable), UNREACHABLE);
        assert_eq!(told(&Done::Stopped), STOPPED);
        assert_eq!(copied(&Done::Stopped), STOPPED);
        assert!(STOPPED.contains("止まりかけている") && STOPPED.contains("保存していません"));
    }

    /// What is left to the server, and no button of the page, has a task that names file, key or command; what staff are told
    /// names none of them.
    #[test]
    fn what_staff_cannot_set_is_asked_of_whoever_looks_after_the_server() {
        use crate::domain::event::Failure;
        use crate::domain::time::Moment;
        let left = [
            Finding::KeysRefused(401),
            Finding::LineUnreachable,
            Finding::NotHeard("timeout".to_owned()),
            Finding::NotSecure,
            Finding::ClockDoubted,
            Finding::DiskLow(90),
            Finding::NoMailServer,
            Finding::MailFails,
            Finding::NoMailbox,
            Finding::LetterWaits(Some(Hitch::Login)),
            Finding::LetterWaits(Some(Hitch::Closed)),
            Finding::LetterWaits(Some(Hitch::Unanswered)),
            Finding::LetterFailed(Failure::Refused),
            Finding::LetterFailed(Failure::OutOfTime),
            Finding::CopiesOff,
            Finding::CopyOld,
            Finding::CopiesStay(Moment::EPOCH),
            Finding::NoHeartbeat,
        ];
        let keys =
            ["smtp_url", "mail.from", "office.mail", "backup.", "heartbeat.url", "public_url", "["];
        for found in left {
            let said = finding(&found, Tongue::Ja);
            assert!(!said.is_empty() && !keys.iter().any(|key| said.contains(key)), "{said}");
            let task = server::task(&found, true).expect("somebody has to do something");
            assert!(task.what.contains(|c: char| c.is_ascii_alphabetic()), "{}", task.what);
            assert!(line(&found, true, Tongue::Ja).ends_with(&task.what.replace('`', "")));
        }
        // What staff do themselves.
        for found in [Finding::WebhookOff, Finding::OfficeWithoutPhone, Finding::NotConnected] {
            assert_eq!(server::task(&found, true), None);
        }
        assert_eq!(server::task(&Finding::KeysRefused(401), false), None);
    }
}
