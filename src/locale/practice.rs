//! The page that leads through a round of practice, step by step, while the phone is in one's hand.

use jiff::civil::DateTime;

/// Title.
pub const TITLE: &str = "練習する";
/// What it is.
pub const HOW: &str =
    "ご自分のスマートフォンで、見守りを最初から最後までためします。10分ほどです。";
/// What it is not.
pub const NOBODY_ELSE: &str =
    "練習は、そのスマートフォンにだけ届きます。ほかの人には届かず、統計や名簿にも残りません。";
/// Whose phone it may be.
pub const WHOSE: &str =
    "見守りにまだ参加していない人のスマートフォンでします。参加している人は、練習には入れません。";
/// The button.
pub const BEGIN: &str = "練習を始める";
/// The button after one.
pub const ONCE_MORE: &str = "もう一度、練習する";
/// Ends one before its time.
pub const STOP: &str = "練習をやめる";
/// One was stopped.
pub const STOPPED: &str = "練習をやめました。何も残っていません。";
/// LINE first.
pub const NO_LINE: &str = "先に、LINEにつないでください（「準備と点検」のページ）。";
/// Back.
pub const TO_CHECKUP: &str = "準備と点検へ";
/// From the page of the set-up.
pub const TO_PRACTICE: &str = "練習のページへ";
/// Heading of the steps.
pub const STEPS: &str = "いまのようす";
/// All of them.
pub const STEP_NAMES: [&str; 5] = [
    "スマートフォンで参加する",
    "質問に答える",
    "答えずに待つ",
    "お知らせを受け取る",
    "対応を終える",
];
/// Behind a step that is over.
pub const DONE: &str = "できました";
/// Behind the present one.
pub const NOW: &str = "いま、ここです";
/// First step.
pub const READ: &str = "スマートフォンのカメラで、このQRコードを読みます。LINEのトークが開いたら、入っている文字を、そのまま送ります。";
/// The same without a camera.
pub const OR_TYPE: &str = "読めないときは、アカウントのトークで、この文字を送ります。";
/// What the picture is, for whoever cannot see it.
pub const QR_ALT: &str = "練習のQRコード";
/// Second step.
pub const PRESS: &str = "スマートフォンに、質問が届いています。「げんきです」を押してください。";
/// Fourth step.
pub const CLAIM: &str = "スマートフォンに「お返事がありません」というお知らせが届いています。「対応します」を押してください。";
/// Fifth step.
pub const CLOSE: &str = "スマートフォンで、わけを1つ選んで押してください。それで終わりです。";
/// When nothing arrives.
pub const NOTHING_CAME: &str = "1分待っても届かないときは、スマートフォンでトークを開き直してください。それでも届かないときは「準備と点検」を見てください。";
/// The page renews itself.
pub const RENEWS: &str = "この画面は、5秒ごとに新しくなります。";
/// It does not.
pub const STILL: &str = "この画面は、止まっています。";
/// Makes it stand still.
pub const STAND_STILL: &str = "止める";
/// Lets it renew itself.
pub const RENEW: &str = "5秒ごとに新しくする";

/// Third step.
#[must_use]
pub fn wait(until: DateTime) -> String {
    format!(
        "お返事が届きました。次の質問には答えずに、待ってください。{}ごろ、お知らせが届きます。ほんとうの見守りでは、27時間ほど待ちます。",
        super::phone::date_time(until)
    )
}

/// One was lived through.
#[must_use]
pub fn done(at: DateTime) -> String {
    format!("{}に、終わりまで練習しました。", super::phone::date_time(at))
}

/// Who began it.
#[must_use]
pub fn begun_by(name: &str) -> String {
    format!("{name}さんが始めた練習です。")
}
