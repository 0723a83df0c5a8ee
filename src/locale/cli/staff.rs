//! What `anshin staff` says.

use super::Tongue;

/// An account was made.
#[must_use]
pub fn added(id: u32, name: &str, role: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("職員 {id} {name}（{role}）を登録しました。"),
        format!("staff {id} {name} ({role}) was added"),
    )
}

/// An account got a new link.
#[must_use]
pub fn reset(id: u32, name: &str, role: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("職員 {id} {name}（{role}）の、これまでのパスワードとログインを止めました。"),
        format!(
            "staff {id} {name} ({role}) was reset: the old password and all sessions have ended"
        ),
    )
}

/// What to do with the link.
#[must_use]
pub fn what_to_do(name: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("このリンクを {name} さんだけに渡してください。24時間以内に1回使えます。開いて、パスワードと確認の番号を決めます。"),
        format!("Give this link to {name} and nobody else: it works once, within 24 hours, and asks for a password and a second factor."),
    )
}

/// There are no accounts.
#[must_use]
pub fn nobody(tongue: Tongue) -> String {
    tongue.pick(
        "まだ職員がいません。anshin staff add 名前 --role admin で登録します。".to_owned(),
        "there are no accounts yet; make one with anshin staff add NAME --role admin".to_owned(),
    )
}

/// How an account stands.
#[must_use]
pub fn state(active: bool, ready: bool, tongue: Tongue) -> String {
    let (ja, en) = match (active, ready) {
        (false, _) => ("停止中", "stopped"),
        (true, false) => ("未設定", "invited"),
        (true, true) => ("利用中", "in use"),
    };
    tongue.pick(ja.to_owned(), en.to_owned())
}

/// Nothing readable is left of the name.
#[must_use]
pub fn name_empty(tongue: Tongue) -> String {
    tongue.pick("名前がありません。".to_owned(), "the name is empty".to_owned())
}

/// The name is too long.
#[must_use]
pub fn name_too_long(max: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("名前が長すぎます。{max}文字までにしてください。"),
        format!("the name is too long; it may have {max} characters"),
    )
}

/// The name is a number.
#[must_use]
pub fn name_is_number(name: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("名前 {name} は数字だけです。番号とまちがえるので、ほかの名前にしてください。"),
        format!(
            "the name {name} is a number and could be taken for that of an account; choose another"
        ),
    )
}

/// The name is taken.
#[must_use]
pub fn name_taken(name: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("名前 {name} は、ほかの職員が使っています。区別できる名前にしてください。"),
        format!("the name {name} is in use by another account; choose one that can be told apart"),
    )
}

/// The mail address is none.
#[must_use]
pub fn no_mail(tongue: Tongue) -> String {
    tongue.pick(
        "--mail の値がメールアドレスではありません。name@example.jp のように書いてください。"
            .to_owned(),
        "the value of --mail is no mail address; write it as name@example.jp".to_owned(),
    )
}

/// There are as many accounts as there can be.
#[must_use]
pub fn full(max: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("職員は{max}人までです。使わなくなった名前の人を anshin staff reset で使い直してください。"),
        format!("there are {max} accounts already, which is the limit; use a stopped one again with anshin staff reset"),
    )
}

/// There is no such account.
#[must_use]
pub fn unknown(who: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("職員 {who} はいません。anshin staff list で確かめてください。"),
        format!("there is no account {who}; see anshin staff list"),
    )
}

/// Several stopped accounts have this name.
#[must_use]
pub fn several(who: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("名前 {who} の停止中の職員が何人もいます。番号で指定してください。"),
        format!("several stopped accounts are called {who}; name one by its number"),
    )
}

/// The server that runs does not answer.
#[must_use]
pub fn no_answer(socket: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("動いているanshinから返事がありません（{socket}: {cause}）。同じ利用者かrootで実行してください。"),
        format!("the anshin that runs does not answer at {socket}: {cause}; run this as the same user or as root"),
    )
}

/// The server cannot do it.
#[must_use]
pub fn trouble(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("できませんでした（{cause}）。もう一度ためしてください。"),
        format!("it was not done ({cause}); try again"),
    )
}
