//! What the command line says about the settings of mail. No sentence shows the value: it may hold a
//! password.

use super::Tongue;
use crate::domain::mail::{ADDRESS_BYTES_MAX, MailFault};

/// `mail.smtp_url` cannot be used, for a reason that is worded below.
#[must_use]
pub fn bad_url(reason: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 mail.smtp_url の値が使えません。{reason}"),
        format!("setting mail.smtp_url has a value that cannot be used: {reason}"),
    )
}

/// The scheme.
#[must_use]
pub fn url_scheme(tongue: Tongue) -> String {
    tongue.pick(
        "smtps:// か smtp:// で始めてください。".to_owned(),
        "it must begin with smtps:// or smtp://".to_owned(),
    )
}

/// The length.
#[must_use]
pub fn url_length(tongue: Tongue) -> String {
    tongue.pick("長すぎます。".to_owned(), "it is too long".to_owned())
}

/// User or password.
#[must_use]
pub fn url_login(tongue: Tongue) -> String {
    tongue.pick(
        "ユーザー名とパスワードは、user:password@ のように両方書いてください。".to_owned(),
        "user and password stand together before the host, as in user:password@".to_owned(),
    )
}

/// The percent-encoding.
#[must_use]
pub fn url_percent(tongue: Tongue) -> String {
    tongue.pick(
        "パスワードなどの % は %25、@ は %40、: は %3A と書いてください。".to_owned(),
        "in user and password write % as %25, @ as %40 and : as %3A".to_owned(),
    )
}

/// The host.
#[must_use]
pub fn url_host(tongue: Tongue) -> String {
    tongue.pick(
        "サーバーを mail.example.jp や [2001:db8::1] のように書いてください。".to_owned(),
        "the server must be a name such as mail.example.jp or an address such as [2001:db8::1]"
            .to_owned(),
    )
}

/// The port.
#[must_use]
pub fn url_port(tongue: Tongue) -> String {
    tongue.pick(
        "ポートは 1 から 65535 までの数です。".to_owned(),
        "the port must be a number from 1 to 65535".to_owned(),
    )
}

/// What stands behind the host.
#[must_use]
pub fn url_rest(tongue: Tongue) -> String {
    tongue.pick(
        "サーバーの後ろには、ポートのほか何も書けません。".to_owned(),
        "nothing but a port may stand behind the server".to_owned(),
    )
}

/// A setting is no mail address.
#[must_use]
pub fn bad_address(key: &str, fault: MailFault, tongue: Tongue) -> String {
    let (ja, en) = match fault {
        MailFault::Length => (
            format!("1文字から{ADDRESS_BYTES_MAX}文字までにしてください。"),
            format!("it must have 1 to {ADDRESS_BYTES_MAX} characters"),
        ),
        MailFault::MoreThanAddress => (
            "名前やかっこをつけず、anshin@example.jp のようにアドレスだけを書いてください。"
                .to_owned(),
            "it must be the address alone, such as anshin@example.jp, without a name or brackets"
                .to_owned(),
        ),
        MailFault::Characters => (
            "半角の英字・数字・記号だけで書いてください。".to_owned(),
            "it must have plain ASCII letters, digits and signs only".to_owned(),
        ),
        MailFault::At => {
            ("@ は1つだけ書いてください。".to_owned(), "it must have exactly one @".to_owned())
        }
        MailFault::Local => (
            "@ の前に使えない文字があるか、長すぎます。".to_owned(),
            "the part before the @ is missing, too long, or has signs that no address has"
                .to_owned(),
        ),
        MailFault::Domain => (
            "@ の後ろは example.jp のように書いてください。".to_owned(),
            "the part behind the @ must be a name such as example.jp".to_owned(),
        ),
    };
    tongue.pick(
        format!("設定 {key} はメールアドレスとして使えません。{ja}"),
        format!("setting {key} is no mail address that can be used: {en}"),
    )
}

/// The way to the mail server cannot be prepared.
#[must_use]
pub fn no_mailer(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!(
            "メールサーバーへの接続を用意できません（{cause}）。mail.extra_ca を確かめてください。"
        ),
        format!("cannot prepare the connection to the mail server: {cause}; check mail.extra_ca"),
    )
}

/// A training clock towards a mail server elsewhere.
#[must_use]
pub fn training_on_mail(tongue: Tongue) -> String {
    tongue.pick(
        "training.clock_speed が1より大きいときは、このサーバーの中（127.0.0.1）のほかへメールを送れません。mail.smtp_url を消してください。".to_owned(),
        "training.clock_speed above 1 is refused with a mail server elsewhere; leave mail.smtp_url out, or use one at 127.0.0.1".to_owned(),
    )
}
