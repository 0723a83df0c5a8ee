//! What `anshin setup --domain` says.

use super::Tongue;

/// What was typed is neither a name nor an address.
#[must_use]
pub fn not_taken(typed: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("「{typed}」は使えません。mimamori.example.jp のような名前と、office@example.jp のようなメールアドレスを入れてください。"),
        format!("'{typed}' cannot be used; name the site as mimamori.example.jp and the contact as office@example.jp"),
    )
}

/// A file of the machine could not be read or written.
#[must_use]
pub fn unwritten(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} を読み書きできません（{cause}）。sudo を付けて、もう一度してください。"),
        format!("cannot read or write {path}: {cause}; do it again as root (sudo)"),
    )
}

/// systemd did not do something.
#[must_use]
pub fn step_failed(step: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("systemctl {step} ができませんでした。わけは journalctl -u anshin にあります。直してから、もう一度してください。"),
        format!("systemctl {step} failed; journalctl -u anshin says why. Mend it and do this again"),
    )
}
