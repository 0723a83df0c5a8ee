//! Words of the pages.

use jiff::civil::DateTime;

use super::ja::when;
use crate::domain::invitation::CodeKind;
use crate::domain::team::TeamName;

/// Texts of the public pages.
pub mod public {
    /// Above every page of a training server.
    pub const PRACTICE: &str = "練習用です。時間が早く進みます。ほんとうの見守りではありません。";
    /// Heading of the invitation page.
    pub const INVITATION: &str = "見守りへの招待";
    /// Above the two steps.
    pub const STEPS: &str = "参加のしかた";
    /// The button that opens the chat.
    pub const OPEN_LINE: &str = "LINEで開く";
    /// Under the button.
    pub const THEN_SEND: &str = "トークが開いたら、書いてある文を、そのまま送ってください。";
    /// For a computer.
    pub const ON_COMPUTER: &str =
        "パソコンの方は、スマートフォンでこのQRコードを読み取ってください。";
    /// For typing.
    pub const BY_HAND: &str = "うまくいかないときは、LINEのトークでこのコードを送ってください。";
    /// Label of the code.
    pub const CODE: &str = "招待コード";
    /// Alternative text of the QR code.
    pub const QR_ALT: &str = "招待のQRコード";
    /// Before the links to the images.
    pub const SAVE: &str = "印刷用の画像";
    /// Heading of a page that does not exist.
    pub const GONE: &str = "このページは使えません";
    /// For an invitation that does not work.
    pub const GONE_CODE: &str =
        "招待コードがちがうか、期限がすぎています。招待した方に、新しい招待をたのんでください。";
    /// For any other page.
    pub const GONE_PAGE: &str =
        "アドレスがちがうようです。トークの画面に戻って、もう一度押してください。";
    /// After too many guesses.
    pub const LATER: &str = "しばらくしてから、もう一度ためしてください。";
    /// Heading of an error.
    pub const TROUBLE: &str = "うまくいきませんでした";
    /// Body of an error.
    pub const TROUBLE_BODY: &str = "少し待って、もう一度ためしてください。";
    /// Before the phone number.
    pub const CALL: &str = "わからないときは、お電話ください。";
    /// Where the service has no name of its own.
    pub const SERVICE: &str = "見守りサービス";
    /// Title of the terms.
    pub const TERMS: &str = "利用規約";
    /// Title of the page about accessibility.
    pub const ACCESSIBILITY: &str = "アクセシビリティ";
    /// Title of the manual for those who are asked.
    pub const GUIDE_WATCHED: &str = "見守られる方の手引き";
    /// Title of the manual for those who watch.
    pub const GUIDE_WATCHING: &str = "見守る方の手引き";
    /// How to print.
    pub const PRINT: &str = "印刷すると、大きな字で紙に出ます。";
    /// Names the links at the foot.
    pub const TEXTS: &str = "読みもの";
    /// There is a newer one.
    pub const OLD_VERSION: &str = "これは前の版です。";
    /// Title of the privacy text.
    pub const PRIVACY: &str = "個人情報の扱い";
    /// Jumps over the head of the page.
    pub const SKIP: &str = "本文へ進む";
}

/// Which version of a text this is.
#[must_use]
pub fn version(version: u16, since: Option<DateTime>) -> String {
    match since {
        Some(since) => format!("第{version}版（{}から）", when::full_day(since.date())),
        None => format!("第{version}版"),
    }
}

/// What an invitation lets someone become.
#[must_use]
pub fn role(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Leaflet => "見守られる方としての招待です。",
        CodeKind::Manager => "見守る方としての招待です（1人だけ使えます）。",
        CodeKind::Either => "参加するときに、役割を選べます（1人だけ使えます）。",
    }
}

/// The name of a team.
#[must_use]
pub fn team(name: &TeamName) -> String {
    match name {
        TeamName::Of(name) => format!("{name}さんのチーム"),
        TeamName::Given(name) => name.to_string(),
    }
}

/// The terms of use, as simple marked text with `{org}` and `{phone}`.
pub const TERMS: &str = include_str!("../../assets/terms/terms-ja.md");

/// The privacy text, likewise.
pub const PRIVACY: &str = include_str!("../../assets/terms/privacy-ja.md");

/// How these pages are made for everyone, likewise.
pub const ACCESSIBILITY: &str = include_str!("../../assets/terms/accessibility-ja.md");

/// The manual for those who are asked, likewise.
pub const GUIDE_WATCHED: &str = include_str!("../../assets/terms/guide-watched-ja.md");

/// The manual for those who watch, likewise.
pub const GUIDE_WATCHING: &str = include_str!("../../assets/terms/guide-watching-ja.md");

/// Stands in the texts where no phone number is configured.
pub const NO_PHONE: &str = "お住まいの社会福祉協議会";
