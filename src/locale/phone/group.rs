//! Words of the pages about a LINE group.

use jiff::civil::Date;

use crate::domain::id::GroupId;
use crate::locale::ja::when;

/// Title of the list.
pub const TITLE: &str = "つながりグループ";
/// None.
pub const NONE: &str = "参加しているグループはありません。";
/// Label: who leads.
pub const LEADER: &str = "代表";
/// Nobody does.
pub const NO_LEADER: &str = "いません";
/// Label: when it is asked.
pub const SCHEDULE: &str = "聞く日と時刻";
/// Not chosen yet.
pub const NO_SCHEDULE: &str = "まだ決まっていません";
/// Label: the next question.
pub const NEXT: &str = "次に聞く日時";
/// Label: a rest.
pub const RESTS: &str = "お休み";
/// Label: what it costs.
pub const COST: &str = "LINEの通数";
/// The question has not left.
pub const NOT_SENT: &str = "まだ聞いていません。LINEに送れるのを待っています。";
/// Everyone has.
pub const ALL: &str = "全員そろいました。";
/// Heading: who has not.
pub const MISSING: &str = "まだの方";
/// Heading: who takes part.
pub const PEOPLE: &str = "参加している方";
/// LINE has not told the name.
pub const NAMELESS: &str = "名前のわからない方";
/// Others may only look.
pub const LEADER_ONLY: &str =
    "変えられるのは、代表の方だけです。代表を代わるときは、グループで「安否」と送ってください。";
/// Heading of what can be changed.
pub const SETTINGS: &str = "代表の設定";
/// Nothing is posted.
pub const QUIET: &str =
    "ここで変えても、グループには知らせません。みなさんには、グループで伝えてください。";
/// Label: how long a rest is.
pub const REST: &str = "お休みにする";
/// Rests.
pub const REST_NOW: &str = "お休みにする";
/// Ends a rest.
pub const BACK: &str = "お休みを終わる";
/// Words in the chat are answers.
pub const WORDS_COUNT: &str = "グループに何か書いた方も、お返事ありとしています。";
/// They are not.
pub const WORDS_DO_NOT: &str = "「げんきです」を押した方だけを、お返事ありとしています。";
/// Switches it off.
pub const WORDS_OFF: &str = "ボタンだけにする";
/// Switches it on.
pub const WORDS_ON: &str = "書いた方も、お返事ありにする";
/// What handing over does.
pub const HAND_OVER_HELP: &str =
    "代表をやめます。グループで「安否」と送って「代表者になる」を押した方が、次の代表です。";
/// Hands over.
pub const HAND_OVER: &str = "代表をゆずる";

/// A group by its number: LINE does not tell its name.
#[must_use]
pub fn number(id: GroupId) -> String {
    format!("つながりグループ {id}")
}

/// The day until which it rests.
#[must_use]
pub fn until(day: Date) -> String {
    format!("{}まで", when::day(day))
}

/// What a month costs.
#[must_use]
pub fn monthly(count: u32) -> String {
    format!("1か月に約{count}通")
}

/// Heading of a round.
#[must_use]
pub fn round(at: &str) -> String {
    format!("{at}のお返事（押した順）")
}

/// The place in the order of presses.
#[must_use]
pub fn place(place: usize) -> String {
    format!("{place}番目")
}

/// Somebody calls those who are missing.
#[must_use]
pub fn calls(name: &str) -> String {
    format!("{name}が連絡します。")
}

/// So many take part.
#[must_use]
pub fn people(count: usize, of: u32) -> String {
    if of == 0 {
        format!("{count}人")
    } else {
        format!("{of}人中{count}人が参加しています。")
    }
}

/// A rest of so many days.
#[must_use]
pub fn rest_days(days: u8) -> String {
    format!("{days}日間")
}
