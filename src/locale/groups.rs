//! Words of the page on which staff see the groups.

use jiff::civil::Date;

use super::ja::when;
use crate::domain::id::PersonId;
use crate::domain::schedule::{Hour, Interval};

/// Title.
pub const TITLE: &str = "グループ";
/// What groups are.
pub const HOW: &str = "LINEのグループで、お互いに見守っている方たちです。お返事のない方がいると、そのグループに知らせます。事務局への知らせはありません。";
/// There may be more.
pub const MORE: &str = "多いので、すべては出ていません。";
/// None.
pub const NOBODY: &str = "グループは、まだありません。はじめるには：";
/// How one begins.
pub const FIRST_STEPS: [&str; 3] = [
    "LINE Official Account Managerで、「グループ・複数人トークへの参加」を許可します。",
    "代表の方が、LINEでグループを作ります。",
    "代表の方が、そのグループにこのアカウントを招待します。あとは、グループに出るボタンで決められます。",
];
/// Columns.
pub const COLUMNS: [&str; 6] =
    ["グループ番号", "代表", "ようす", "聞く日と時刻", "参加／人数", "1か月の通数"];

/// How a group stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// So many are missing in the round of that day.
    Missing {
        /// How many.
        missing: usize,
        /// Somebody said that they call.
        called: bool,
        /// The day of the question.
        day: Date,
    },
    /// The question of that day has not left.
    NotSent(Date),
    /// So many of those who take part have answered.
    Asked {
        /// So many.
        answered: usize,
        /// Of so many.
        of: usize,
        /// The day of the question.
        day: Date,
    },
    /// All have answered the question of that day.
    Complete(Date),
    /// Nothing has been asked yet.
    Waits,
    /// It rests, up to and with that day.
    Rests(Date),
    /// Nobody has chosen days and hours.
    NotBegun,
    /// We were removed on that day.
    Left(Date),
}

impl State {
    /// The place in the list: what somebody should look at stands first.
    #[must_use]
    pub fn place(self) -> u8 {
        match self {
            Self::Missing { called: false, .. } => 0,
            Self::NotSent(_) => 1,
            Self::Missing { called: true, .. } => 2,
            Self::Asked { .. } => 3,
            Self::Complete(_) | Self::Waits => 4,
            Self::Rests(_) => 5,
            Self::NotBegun => 6,
            Self::Left(_) => 7,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Missing { missing, called, day } => {
                let called = if called { "（連絡する方がいます）" } else { "" };
                format!("{}：まだの方{missing}人{called}", when::day(day))
            }
            Self::NotSent(day) => format!("{}：まだ送れていません", when::day(day)),
            Self::Asked { answered, of, day } => {
                format!("{}：{of}人中{answered}人がお返事", when::day(day))
            }
            Self::Complete(day) => format!("{}：全員そろいました", when::day(day)),
            Self::Waits => "はじめの日を待っています".to_owned(),
            Self::Rests(last_day) => format!("{}までお休み", when::day(last_day)),
            Self::NotBegun => "日と時刻がまだ決まっていません".to_owned(),
            Self::Left(day) => format!("{}にグループから外れました", when::day(day)),
        }
    }
}

/// How a leader is called.
#[must_use]
pub fn called(name: &str) -> String {
    format!("{name}さん")
}

/// Who leads, where there is no name to tell.
#[must_use]
pub fn no_leader(leader: Option<PersonId>) -> &'static str {
    if leader.is_some() { "名前がまだわかりません" } else { "いません" }
}

/// Who takes part, of how many in the group.
#[must_use]
pub fn people(participants: usize, size: u32) -> String {
    match size {
        0 => format!("{participants}人／わかりません"),
        size => format!("{participants}人／{size}人"),
    }
}

/// When it is asked.
#[must_use]
pub fn times(interval: Interval, hour: Hour) -> String {
    when::schedule(interval, hour)
}

/// Messages of a month.
#[must_use]
pub fn monthly(count: u32) -> String {
    format!("約{count}通")
}

/// Messages of a month, of all groups.
#[must_use]
pub fn all_monthly(count: u32) -> String {
    format!("グループに聞くのに、1か月に約{count}通使います。まだの方がいる回は、人数分ふえます。")
}
