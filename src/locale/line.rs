//! Words of the page about the account on LINE and the month's messages.

/// Title.
pub const TITLE: &str = "LINEと通数";
/// LINE did not tell yet.
pub const NOT_COUNTED: &str =
    "通数は、まだLINEから知らされていません。少し待って、もう一度見てください。";
/// There is no limit.
pub const UNLIMITED: &str = "このアカウントには、通数の上限がありません。";
/// It will do.
pub const FITS: &str = "今月の通数は、月末まで足りる見込みです。";
/// Questions have stopped.
pub const STOPPED: &str = "通数が残り少ないので、「げんきですか？」を止めています。のこりは、お返事がないときの知らせに使います。LINE公式アカウントのプランを上げると、また送ります。";
/// Used this month.
pub const USED: &str = "今月使った通数";
/// Left of it.
pub const LEFT: &str = "のこり";
/// What the schedules still need.
pub const FORECAST: &str = "月末までの見込み";
/// What is kept for alerts.
pub const RESERVE: &str = "知らせのために残す分";
/// What the colours mean.
pub const LEGEND: &str =
    "こい色：使った分　うすい色：月末までの見込み　下の線：知らせのために残す分";
/// Heading: what stops first.
pub const ORDER: &str = "通数が足りなくなったときの順番";
/// What stops first.
pub const ORDER_STEPS: [&str; 4] = [
    "はじめに、お知らせ（一斉通知）を送れなくします。急ぐお知らせは、職員が選べば送れます。",
    "次に、つながりグループへの「げんきですか？」を止めます。",
    "次に、おひとりずつの「げんきですか？」を止めます。止まった方は「未確認」として対応ボードに出ます。",
    "お返事がないときの知らせは、最後の1通まで送ります。届かないときは、メールで知らせます。",
];
/// Heading: the account.
pub const ACCOUNT: &str = "LINE公式アカウント";
/// Label: its id.
pub const ID: &str = "アカウントのID";
/// It is not known.
pub const UNKNOWN: &str = "まだわかりません";
/// Label: the last thing heard.
pub const HEARD: &str = "LINEから最後に受け取ったとき";
/// Nothing yet.
pub const NEVER: &str = "まだありません";
/// Label: nothing is heard since.
pub const DEAF: &str = "LINEから受け取れなくなったとき";
/// Label: nothing can be sent since.
pub const OUTAGE: &str = "LINEに送れなくなったとき";
/// What plans there are.
pub const PLANS: &str = "LINE公式アカウントのプランは、200通（無料）、5,000通、30,000通です。返信は数えません。グループへの1通は、人数分として数えます。プランは、LINE Official Account Managerで変えられます。";

/// More are needed than are left.
#[must_use]
pub fn short_of(count: u32) -> String {
    format!(
        "このままでは、月末までに約{count}通足りません。LINE公式アカウントのプランを上げるか、聞く日を少なくしてください。"
    )
}

/// The month's limit.
#[must_use]
pub fn limit(limit: u32) -> String {
    format!("今月の上限は{limit}通です。月は日本時間で変わります。")
}

/// When LINE counted, and what was sent since.
#[must_use]
pub fn counted(at: &str, since: &str) -> String {
    format!("LINEの集計：{at}。そのあとに送った分：{since}。")
}
