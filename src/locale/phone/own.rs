//! Words of one's own pages.

use jiff::civil::{Date, DateTime};

use crate::domain::details::Lack;
use crate::locale::desk;
use crate::locale::ja::when;

/// Labels of what stands on one's own page.
pub const NEXT: &str = "次の確認";
/// The last sign of life.
pub const LAST: &str = "前のお返事";
/// There was none yet.
pub const NEVER: &str = "まだありません";
/// When one is asked.
pub const SCHEDULE: &str = "確認の日と時刻";
/// Who watches.
pub const WATCHERS: &str = "見守る方";
/// Nobody does.
pub const NOBODY: &str = "見守る方が、まだいません。LINEのトークで「招待」と送ると、招待できます。";
/// The office does.
pub const OFFICE: &str = "事務局";
/// The office's number should be known to the telephone.
pub const SAVE_NUMBER: &str =
    "事務局から電話することがあります。この番号を、電話帳に登録してください。";
/// Puts it there.
pub const TO_ADDRESS_BOOK: &str = "電話帳に登録する";
/// Leads to what is still to be written down.
pub const WRITE_ON: &str = "続きを書く";
/// Alerts arrive.
pub const RECEIVES: &str = "お知らせを受け取れます";
/// That is not known.
pub const UNSURE: &str = "お知らせが届くか、まだ確かめていません";
/// LINE does not reach them.
pub const UNREACHABLE: &str = "LINEが届きません";
/// Nobody is known to get alerts.
pub const NONE_RECEIVES: &str =
    "知らせが届く方が、まだいません。お返事がないときは、事務局に知らせます。";
/// Changes the schedule.
pub const CHANGE_TIME: &str = "日と時刻を変える";
/// Rests.
pub const REST: &str = "お休みする";
/// What is written down.
pub const ABOUT: &str = "名前と連絡先";
/// Leaves.
pub const LEAVE: &str = "見守りをやめる";
/// Heading of the last rounds.
pub const HISTORY: &str = "これまでの確認";
/// Heading of what can be changed.
pub const SETTINGS: &str = "変える";
/// Heading of the registration.
pub const REGISTERED: &str = "登録の内容";
/// The number of the member.
pub const NUMBER: &str = "会員番号";
/// The nickname.
pub const NICKNAME: &str = "呼び名";
/// Since when.
pub const SINCE: &str = "登録日時";
/// What kind of member.
pub const STATUS: &str = "会員ステータス";
/// A member who pays nothing.
pub const FREE: &str = "無料会員";
/// A member until a day.
pub const MEMBER: &str = "会員";
/// The day has passed.
pub const EXPIRED: &str = "有効期間がすぎています（確認はつづいています）";
/// Until when.
pub const VALID: &str = "有効期間";
/// Makes it longer.
pub const LONGER: &str = "期間を延ばす";
/// The zone.
pub const ZONE: &str = "くらしている所の時刻";
/// What one agreed to, and when.
pub const TERMS: &str = "同意した規約";
/// The terms are newer than those agreed to.
pub const NEWER_TERMS: &str = "利用規約が新しくなりました。読んで、よければ同意してください。同意しなくても、確認は止まりません。";
/// Agrees to them.
pub const AGREE: &str = "新しい規約に同意する";
/// Leads to the terms.
pub const READ_TERMS: &str = "利用規約を読む";
/// Leads to the privacy text.
pub const READ_PRIVACY: &str = "個人情報の扱いを読む";
/// Shows the day's quote.
pub const QUOTES_ON: &str = "今日のことばを出す";
/// Leaves it out.
pub const QUOTES_OFF: &str = "今日のことばを出さない";
/// Heading of the browsers in which the pages are open.
pub const OPEN_IN: &str = "このページをひらいている所";
/// Closes all others.
pub const CLOSE_OTHERS: &str = "ほかの所では、とじる";
/// Closes this one.
pub const CLOSE: &str = "このページをとじる";
/// It is closed.
pub const CLOSED: &str =
    "とじました。また見るときは、LINEのトークで「マイページ」と送ってください。";
/// Teams in which one watches.
pub const TEAMS: &str = "見守っているチーム";

/// What is still to be written down.
#[must_use]
pub fn incomplete(lacks: &[Lack]) -> String {
    let named: Vec<&str> = lacks.iter().map(|lack| desk::lack(*lack)).collect();
    format!("登録がまだ終わっていません。のこり：{}", named.join("、"))
}

/// Words of the page for day and hour.
pub mod time {
    /// Title.
    pub const TITLE: &str = "日と時刻を変える";
    /// What it does, and what is good.
    pub const HOW: &str = "朝の6時から9時がおすすめです。お返事がないとき、見守る方へのお知らせが昼になります。変えると、見守る方にも知らせます。";
    /// How often.
    pub const INTERVAL: &str = "何日ごと";
    /// At what hour.
    pub const HOUR: &str = "何時";
    /// What stands beside each hour.
    pub const HOUR_HELP: &str = "（ ）の中は、お返事がないとき、見守る方に知らせる時刻です。";
    /// Saves.
    pub const SAVE: &str = "この日と時刻にする";
    /// Something is missing.
    pub const CHOOSE: &str = "日と時刻を選んでください。";
}

/// Words of the page for a rest.
pub mod rest {
    /// Title.
    pub const TITLE: &str = "お休みする";
    /// What it is.
    pub const HOW: &str = "お休みのあいだは「げんきですか？」を送りません。見守る方にも知らせます。1回に30日までです。";
    /// Until when.
    pub const UNTIL: &str = "いつまで";
    /// Another day.
    pub const OTHER: &str = "日を選ぶ";
    /// The day.
    pub const DAY: &str = "お休みの最後の日";
    /// Why.
    pub const WHY: &str = "わけ";
    /// On to the question.
    pub const NEXT: &str = "次へ";
    /// Asks once more.
    pub const SURE: &str = "お休みにしますか？";
    /// Confirms.
    pub const NOW: &str = "お休みにする";
    /// Ends it.
    pub const END: &str = "お休みを終わる";
    /// No day, one in the past, or too late.
    pub const BAD_DAY: &str = "きょうから30日までの日を選んでください。";
    /// Names the reasons, as one says it of oneself.
    pub const WHYS: [&str; 3] = ["言わない", "旅行・外出", "入院"];
}

/// Words of the page for name and contacts.
pub mod about {
    /// Title.
    pub const TITLE: &str = "名前と連絡先";
    /// Heading of the nickname.
    pub const NICKNAME: &str = "呼び名";
    /// Helps with it.
    pub const NICKNAME_HELP: &str =
        "LINEで出る名前です。本名でなくても大丈夫です。変えると、見守る方にも知らせます。";
    /// Saves it.
    pub const RENAME: &str = "呼び名を変える";
    /// Nothing was typed.
    pub const EMPTY: &str = "呼び名を書いてください。";
    /// Too long.
    pub const LONG: &str = "20文字までにしてください。";
    /// Heading of what may be written down.
    pub const ALLOW: &str = "どこまで書いておいてよいですか";
    /// What that means in a family.
    pub const ALLOW_HELP: &str = "決めるのは、あなたです。このチームの見守る方が見られます。へらすと、書いてあることは消えます。";
    /// Saves it.
    pub const ALLOW_SAVE: &str = "これでよい";
    /// Heading of what is written down.
    pub const WRITTEN: &str = "書いてあること";
    /// Who can see it.
    pub const WHO_SEES: &str = "LINEでは送りません。見られるのは、上のチームの見守る方です。事務局の職員は、事務局が見守るときと、対応が必要なときだけ見ます。";
    /// Nothing may be written down.
    pub const NOTHING: &str = "呼び名のほかは、なにも書いていません。";
    /// Saves.
    pub const SAVE: &str = "保存する";
}

/// Words of the page for leaving.
pub mod leave {
    /// Asks.
    pub const TITLE: &str = "見守りをやめますか？";
    /// What it means.
    pub const WHAT: &str = "「げんきですか？」を送らなくなります。見守る方にも知らせます。しばらく休むだけなら、「お休みする」を使ってください。";
    /// Confirms.
    pub const NOW: &str = "見守りをやめる";
    /// It is done.
    pub const DONE: &str = "やめました。ありがとうございました。また始めるときは、LINEのトークで「見守ってもらう」と送ってください。";
}

/// For so many days from today.
#[must_use]
pub fn rest_days(days: u8, last_day: Date) -> String {
    match days {
        1 => "きょうだけ".to_owned(),
        7 => format!("1週間（{}まで）", when::day(last_day)),
        days => format!("{days}日間（{}まで）", when::day(last_day)),
    }
}

/// A rest as it is agreed.
#[must_use]
pub fn resting(last_day: Date) -> String {
    format!("{}までお休みです。", when::day(last_day))
}

/// What a rest would mean.
#[must_use]
pub fn rest_means(last_day: Date, next: DateTime) -> String {
    format!("{}までお休みします。次の確認は{}です。", when::day(last_day), when::date_time(next))
}

/// In so many browsers.
#[must_use]
pub fn open_in(count: usize) -> String {
    if count == 1 {
        "ここだけです。".to_owned()
    } else {
        format!("ここと、ほかに{}か所です。", count - 1)
    }
}

/// Until when somebody is a member.
#[must_use]
pub fn until(until: Date) -> String {
    format!("{}まで", when::full_day(until))
}

/// To the second, as on a certificate.
#[must_use]
pub fn exactly(at: DateTime) -> String {
    format!(
        "{}年{}月{}日 {}:{:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// An agreement: which text, and when.
#[must_use]
pub fn agreed(version: u16, at: DateTime) -> String {
    format!("第{version}版（{}）", exactly(at))
}
