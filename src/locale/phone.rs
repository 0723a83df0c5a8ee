//! Words of the pages that people open from their chat. The readers are often over 80, or in a hurry.

use jiff::civil::{Date, DateTime};

use super::ja::when;
use super::words;
use crate::domain::message::{AlertTime, State};
use crate::domain::name::Name;
use crate::domain::round::Ending;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::Policy;

pub mod care;
pub mod group;
pub mod own;
pub mod team;

/// Words of the way in.
pub mod enter {
    /// Title of the page behind a link.
    pub const TITLE: &str = "ページをひらく";
    /// What it is.
    pub const WHAT: &str =
        "これは、あなたの見守りのページです。ほかの人に、このページを送らないでください。";
    /// Opens it.
    pub const OPEN: &str = "ひらく";
    /// Title where a link does not work.
    pub const GONE: &str = "このリンクは、もう使えません";
    /// Why, and what to do.
    pub const GONE_WHY: &str = "リンクは、10分で使えなくなります。使えるのは1回だけです。LINEのトークで、もう一度「マイページ」と送ってください。";
    /// Title where nobody is known.
    pub const WHO: &str = "LINEのトークから、ひらいてください";
    /// What to do.
    pub const WHO_WHY: &str = "LINEのトークで「マイページ」か「ようす」と送ってください。出てきたボタンを押すと、ひらきます。";
    /// Opens the chat.
    pub const CHAT: &str = "LINEのトークをひらく";
    /// What the chat should be told.
    pub const SAY: &str = "マイページ";
    /// A form of an older page.
    pub const STALE: &str = "画面が古くなっています。もう一度、ページをひらいてください。";
    /// Back to one's own page.
    pub const TO_OWN: &str = "マイページへ";
}

/// Words of the frame.
pub mod frame {
    /// Names the menu.
    pub const MENU: &str = "メニュー";
    /// One's own page.
    pub const OWN: &str = "マイページ";
    /// Everyone whom one watches.
    pub const WATCHING: &str = "いまのようす";
    /// Groups in which one takes part.
    pub const GROUPS: &str = "グループ";
    /// Something was changed.
    pub const DONE: &str = "変えました。";
    /// Does not.
    pub const BACK: &str = "やめて、もどる";
    /// Back.
    pub const RETURN: &str = "もどる";
    /// Something is wrong with what was typed.
    pub const CHECK: &str = "直してほしいところがあります。";
}

/// 「11月22日（日）午前9時」
#[must_use]
pub fn date_time(at: DateTime) -> String {
    when::date_time(at)
}

/// 「11月22日（日）」
#[must_use]
pub fn day(at: Date) -> String {
    when::day(at)
}

/// 「毎日 9時」
#[must_use]
pub fn schedule(interval: Interval, hour: Hour) -> String {
    when::schedule(interval, hour)
}

/// An interval.
#[must_use]
pub fn interval(interval: Interval) -> &'static str {
    words::interval(interval)
}

/// An hour, with when an alert would come; short enough for a list on a small telephone.
#[must_use]
pub fn hour(hour: Hour, alert: AlertTime) -> String {
    let day = match alert.days {
        0 => "その日".to_owned(),
        1 => "次の日".to_owned(),
        2 => "翌々日".to_owned(),
        days => format!("{days}日後"),
    };
    format!("{}（知らせは{day}{}時）", when::hour(hour), alert.hour)
}

/// Somebody, politely.
#[must_use]
pub fn called(name: &str) -> String {
    format!("{name}さん")
}

/// The page of somebody.
#[must_use]
pub fn page_of(name: &str) -> String {
    format!("{name}さんのページ")
}

/// How somebody is, with a mark that is not a colour.
#[must_use]
pub fn state(state: State) -> (&'static str, String) {
    match state {
        State::Open(trouble) => ("■", super::ja::trouble(trouble).to_owned()),
        State::Unreachable => ("■", "LINEが届きません".to_owned()),
        State::PhonedInVain => ("▲", "電話に出ませんでした".to_owned()),
        State::ToPhone => ("○", "電話する日です".to_owned()),
        State::CalledAgain => ("▲", "もう一度聞きました".to_owned()),
        State::Waiting => ("○", "お返事を待っています".to_owned()),
        State::Resting(last) => ("＿", format!("{}までお休み", when::day(last))),
        State::Well => ("●", "お返事がありました".to_owned()),
        State::New => ("―", "お返事はこれからです".to_owned()),
    }
}

/// Somebody who watches answered for the person.
#[must_use]
pub fn found_by(by: &Name) -> String {
    format!("{by}さんが確かめました")
}

/// How a round ended: a mark and words for it.
#[must_use]
pub fn ending(ending: Ending, late: bool) -> (&'static str, &'static str) {
    match (ending, late) {
        (Ending::Answered, true) => ("▲", "おそいお返事"),
        (Ending::Answered | Ending::Early, _) => ("●", "お返事あり"),
        (Ending::ByProxy, _) => ("◇", "見守る方が確かめました"),
        (Ending::Superseded, _) => ("■", "お返事なし"),
        (Ending::Unreachable, _) => ("×", "届かなくなりました"),
        (Ending::Paused, _) => ("＿", "お休み"),
        (Ending::Left, _) => ("―", "終わり"),
    }
}

/// How much may be written down, as one says it of oneself.
#[must_use]
pub fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::Nothing => "呼び名だけ（なにも書かない）",
        Policy::Number => "決めた番号まで",
        Policy::Name => "氏名まで",
        Policy::Full => "氏名・住所・電話・近親者まで",
    }
}
