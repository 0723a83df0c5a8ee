//! Words of the pages for those who watch.

use jiff::civil::{Date, DateTime};

use crate::domain::case::Trouble;
use crate::locale::ja;
use crate::locale::ja::when;

/// Title of the list.
pub const TITLE: &str = "いまのようす";
/// Nobody yet.
pub const NOBODY: &str = "見守られる方が、まだいません。";
/// What to do then.
pub const INVITE_FIRST: &str = "チームのページで招待を作って、送ってください。";
/// There are more than these.
pub const MORE: &str = "多いので、すべては出ていません。";
/// Heading of one's teams.
pub const TEAMS: &str = "チーム";
/// Heading of the teams of organizations that one heads.
pub const HEADED: &str = "代表をしている団体のチーム";
/// Heading of cases in teams that one heads.
pub const HEADED_CASES: &str = "団体で、対応が必要な方";
/// Counts by how people are.
pub const COUNTS: [&str; 4] = ["対応が必要", "返事待ち", "お返事あり", "お休み"];

/// Words of the page of somebody.
pub mod person {
    /// Leads to the open case.
    pub const CASE: &str = "対応のページへ";
    /// Met, and well.
    pub const PROXY: &str = "会いました、無事です";
    /// What that does.
    pub const PROXY_HELP: &str = "かわりにお返事をします。あなたの名前で残ります。";
    /// Heading of the numbers to phone.
    pub const CALLS: &str = "電話の順番";
    /// None is known, or none may be.
    pub const NO_NUMBER: &str = "電話番号は書いてありません。";
    /// Leads to what is written down.
    pub const ABOUT: &str = "連絡先を見る・書く";
    /// Title of that.
    pub const ABOUT_TITLE: &str = "連絡先";
    /// Who decides how much.
    pub const ABOUT_HOW: &str = "どこまで書けるかは、チームの約束か、ご本人が決めます。ここに書いたことは、LINEでは送りません。";
    /// Nothing may be written down.
    pub const NOTHING: &str =
        "この方は、呼び名だけの約束です。家族のチームでは、ご本人が「マイページ」で変えられます。";
    /// Saved.
    pub const SAVED: &str = "保存しました。";
    /// Heading of a rest.
    pub const REST: &str = "お休み";
    /// It holds.
    pub const STILL: &str = "まだお休みです";
    /// It is over.
    pub const OVER: &str = "お休みを終わる";
    /// Lets somebody rest.
    pub const LET_REST: &str = "お休みにする";
    /// When to do that.
    pub const LET_REST_HELP: &str = "旅行や入院のときに使います。かならずご本人や、くわしい方に確かめてください。人ちがいに気をつけてください。";
    /// For so many days.
    pub const DAYS: &str = "きょうから何日間（30日まで）";
    /// Not a number of days.
    pub const BAD_DAYS: &str = "1から30までの数字にしてください。";
    /// Asks once more.
    pub const REST_SURE: &str = "この方をお休みにしますか？";
    /// The answer hint.
    pub const SLOW: &str = "最近、返事が遅めです";
    /// What to do with it.
    pub const SLOW_HELP: &str = "病気とはかぎりません。会ったときに、ようすを聞いてみてください。";
    /// The last rounds.
    pub const HISTORY: &str = "これまでの確認";
    /// The next question.
    pub const NEXT: &str = "次の確認";
    /// The last sign of life.
    pub const LAST: &str = "前のお返事";
    /// When they are asked.
    pub const SCHEDULE: &str = "確認の日と時刻";
    /// By which clock.
    pub const THEIR_TIME: &str = "ご本人の所の時刻です。";
}

/// Words of the page of a case.
pub mod case {
    /// Who goes.
    pub const WHO_GOES: &str = "対応する人";
    /// Nobody yet.
    pub const UNCLAIMED: &str = "まだ決まっていません。";
    /// Takes it.
    pub const CLAIM: &str = "対応します";
    /// What to do, in this order.
    pub const STEPS: &str = "すること";
    /// Steps.
    pub const STEP: [&str; 3] = [
        "上の番号に、順に電話をしてください。",
        "つながらないときは、近くの方が家へ行ってみてください。郵便受け、あかり、物音を見ます。",
        "いのちに関わると思ったら、ためらわずに119か110に電話してください。",
    ];
    /// Cannot be reached.
    pub const NO_CONTACT: &str = "連絡がつきません";
    /// Help was called.
    pub const EMERGENCY: &str = "救急・警察に連絡しました";
    /// Dials.
    pub const CALL_119: &str = "119に電話";
    /// Heading of the end.
    pub const CLOSE: &str = "わかったこと";
    /// Found well.
    pub const WELL: &str = "無事でした";
    /// Spoken to.
    pub const SPOKEN: &str = "話しました";
    /// Reports it.
    pub const REPORT: &str = "知らせて、終わりにする";
    /// Nothing was chosen.
    pub const CHOOSE: &str = "わかったことを1つ選んでください。";
    /// Over.
    pub const OVER: &str = "この件は終わりました";
    /// What happened.
    pub const STORY: &str = "これまでのこと";
    /// The office was told.
    pub const OFFICE: &str = "事務局にも知らせてあります。";
    /// Whom to ask for numbers that are not written down here.
    pub const ASK_OFFICE: &str = "わからないときは、事務局に聞いてください。";
    /// The question was sent.
    pub const ASKED: &str = "聞いたとき";
    /// It was sent again.
    pub const RESENT: &str = "もう一度聞いたとき";
    /// The last sign of life.
    pub const LAST: &str = "前のお返事";
    /// It began.
    pub const SINCE: &str = "始まり";
    /// The person's page.
    pub const PERSON: &str = "この方のページへ";
    /// An ending of the watch: asks once more.
    pub const SURE: &str = "見守りを終わりにしますか？";
    /// Why it is asked.
    pub const SURE_WHY: &str = "この方には、もう「げんきですか？」を送りません。まちがいがないか、もう一度たしかめてください。";
    /// Confirms.
    pub const SURE_NOW: &str = "見守りを終わりにする";
}

/// A trouble as a heading.
#[must_use]
pub fn trouble(trouble: Trouble) -> &'static str {
    ja::trouble(trouble)
}

/// A rest that lasts.
#[must_use]
pub fn resting(first_day: Date, last_day: Date) -> String {
    format!("{}から{}までお休みです。", when::day(first_day), when::day(last_day))
}

/// A rest that would begin.
#[must_use]
pub fn would_rest(name: &str, days: u8, last_day: Date) -> String {
    format!("{name}さん：きょうから{days}日間（{}まで）", when::day(last_day))
}

/// How slow the answers have become.
#[must_use]
pub fn slower(recent_minutes: i64, before_minutes: i64) -> String {
    format!(
        "お返事までの時間：この10回は約{}、その前は約{}です。",
        minutes(recent_minutes),
        minutes(before_minutes)
    )
}

fn minutes(minutes: i64) -> String {
    match minutes {
        ..60 => format!("{minutes}分"),
        _ => format!("{}時間", (minutes + 30) / 60),
    }
}

/// As of when.
#[must_use]
pub fn as_of(at: DateTime) -> String {
    format!("{} 時点", when::date_time(at))
}

/// Who goes.
#[must_use]
pub fn goes(name: &str) -> String {
    format!("{name}が対応しています。")
}
