//! Words about what people say of the service.

/// Title.
pub const TITLE: &str = "みなさんの声";
/// What they are.
pub const HOW: &str = "「マイページ」から送られた声です。返事はしていません。困りごとが書いてあるときは、電話をしてください。";
/// Nothing yet.
pub const NOTHING: &str = "まだ届いていません。";
/// Columns.
pub const COLUMNS: [&str; 3] = ["日時", "だれ", "声"];
/// Somebody of a family that looks after itself.
pub const SOMEBODY: &str = "家族の見守りの方";
/// Heading of the form on the own page.
pub const SAY: &str = "声をきかせてください";
/// Label of the field.
pub const TEXT: &str = "この見守りについて";
/// Helps with it.
pub const TEXT_HELP: &str = "よかったこと、こまったこと、なおしてほしいことを書いてください。事務局が読みます。返事はしません。急ぐことは電話してください。";
/// Sends it.
pub const SEND: &str = "送る";
/// It was sent.
pub const SENT: &str = "送りました。ありがとうございました。";
/// Nothing was typed, or too much.
pub const FAULT: &str = "1文字から500文字までで書いてください。";
/// Enough for today.
pub const ENOUGH: &str = "きょうは、もう3回送っています。続きは、あした送ってください。";
