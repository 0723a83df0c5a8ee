//! Words of the pages on which staff see who rests, and let somebody rest.

use jiff::civil::Date;

use super::ja::when;
use crate::domain::pause::Why;

/// Words of the list.
pub mod list {
    /// Title.
    pub const TITLE: &str = "お休みの一覧";
    /// What it is for.
    pub const HOW: &str = "お休みのあいだは「げんきですか？」を送りません。毎日見て、長い方や、もう終わったはずの方に、電話などで確かめてください。";
    /// Columns.
    pub const COLUMNS: [&str; 6] =
        ["名前", "何日め", "いつからいつまで", "わけ", "決めた人", "操作"];
    /// Nobody rests.
    pub const NOBODY: &str = "お休みの方はいません。";
    /// There may be more.
    pub const MORE: &str = "多いので、すべては出ていません。";
    /// The person decided.
    pub const SELF: &str = "本人";
    /// Ends it.
    pub const END: &str = "お休みを終わる";
}

/// Words of the form.
pub mod form {
    /// Title.
    pub const TITLE: &str = "お休みにする";
    /// What to do first.
    pub const HOW: &str = "人ちがいで、確認が止まったことがあります。名前だけで決めずに、電話の相手に、生年月日か電話番号を言ってもらってください。本人と見守る方には、すぐに知らせます。";
    /// What the caller said.
    pub const TOLD: &str = "相手が言ったこと";
    /// Helps with it.
    pub const TOLD_HELP: &str =
        "生年月日（例：昭和15年3月2日）か、電話番号の下4けた（例：5678）を入れてください。";
    /// Where neither is known.
    pub const NUMBER_HELP: &str = "この方は、生年月日も電話番号も登録されていません。「マイページ」に出る会員番号を聞いて、「#12」のように入れてください。";
    /// It is not true of this person.
    pub const UNKNOWN: &str =
        "登録されている内容と合いません。人ちがいかもしれません。もう一度、相手に聞いてください。";
    /// For how long.
    pub const DAYS: &str = "きょうから何日間";
    /// Helps with it.
    pub const DAYS_HELP: &str =
        "1日から90日までです。終わりがわからないときは、短めにしてください。";
    /// Not a number of days.
    pub const BAD_DAYS: &str = "1から90までの数字にしてください。";
    /// Why.
    pub const WHY: &str = "わけ";
    /// Does it.
    pub const NOW: &str = "お休みにする";
    /// Leads to the list.
    pub const LIST: &str = "お休みの一覧";
}

/// Why somebody rests.
#[must_use]
pub fn why(why: Why) -> &'static str {
    match why {
        Why::Unsaid => "聞いていません",
        Why::Travel => "旅行・外出",
        Why::Hospital => "入院",
    }
}

/// Which day of a rest it is.
#[must_use]
pub fn nth_day(day: i32) -> String {
    format!("{day}日め")
}

/// From when until when.
#[must_use]
pub fn span(first_day: Date, last_day: Date) -> String {
    format!("{}から{}まで", when::day(first_day), when::day(last_day))
}
