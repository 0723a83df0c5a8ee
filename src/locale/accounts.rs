//! Words of the pages about accounts of staff.

use crate::domain::name::Name;
use crate::domain::staff::StaffRole;

/// Heading.
pub const TITLE: &str = "職員";
/// Columns of the table.
pub const COLUMNS: [&str; 4] = ["名前", "役割", "担当する範囲", "ようす"];
/// Is in use.
pub const READY: &str = "利用中";
/// The link was not used yet.
pub const INVITED: &str = "まだ設定していません";
/// Does not work any more.
pub const STOPPED: &str = "止めています";
/// One's own.
pub const SELF: &str = "あなたです";
/// Heading of the form.
pub const MAKE: &str = "職員を登録する";
/// How an account is made.
pub const HOW: &str = "登録すると、1回だけ使えるリンクが出ます。本人に渡してください。本人がパスワードと確認の番号を決めます。";
/// There are as many as there can be.
pub const FULL: &str = "職員の数がいっぱいです。これ以上は登録できません。";
/// Label of the name.
pub const NAME: &str = "名前";
/// Help for it.
pub const NAME_HELP: &str = "ログインのときに入れる名前です。同じ名前は使えません。";
/// Nothing was typed.
pub const NAME_EMPTY: &str = "名前を書いてください。";
/// A number could be taken for that of an account.
pub const NAME_IS_NUMBER: &str = "数字だけの名前は使えません。文字を入れてください。";
/// Somebody has it.
pub const NAME_TAKEN: &str = "同じ名前の職員がいます。別の名前にしてください。";
/// Label of the role.
pub const ROLE: &str = "役割";
/// Label of the scope.
pub const SCOPE: &str = "担当する範囲";
/// What can be chosen.
pub const SCOPES: [&str; 2] = ["すべて", "選んだ団体・地区だけ"];
/// Heading of the boxes.
pub const ORGANIZATIONS: &str = "担当する団体・地区（「選んだ団体・地区だけ」のとき）";
/// The role sees everything.
pub const ADMIN_SEES_ALL: &str =
    "「管理」の人は、すべてを見ます。範囲をしぼるときは、役割を「担当」か「閲覧」にしてください。";
/// None was chosen.
pub const NO_ORGANIZATION: &str = "団体・地区を1つ以上選んでください。";
/// Makes it.
pub const MAKE_NOW: &str = "登録してリンクを出す";
/// Heading of the page with a link.
pub const LINK: &str = "登録リンク";
/// Label of the link.
pub const LINK_LABEL: &str = "登録リンク（全部を選んで、写してください）";
/// What to do with it.
pub const LINK_STEPS: [&str; 3] = [
    "このリンクは、この画面でしか見られません。",
    "24時間以内に、1回だけ使えます。本人だけに渡してください。",
    "なくしたときは、職員のページで新しいリンクを作れます。",
];
/// Heading of the rights.
pub const RIGHTS: &str = "役割と範囲";
/// Saves them.
pub const SAVE: &str = "保存する";
/// Heading of a new link.
pub const NEW_LINK: &str = "新しい登録リンク";
/// When one is needed.
pub const NEW_LINK_WHY: &str = "パスワードをわすれたときや、スマートフォンをなくしたときに使います。今のパスワードと確認の番号は使えなくなります。";
/// Makes it.
pub const NEW_LINK_NOW: &str = "新しいリンクを作る";
/// Asks before stopping.
pub const STOP: &str = "止める";
/// Heading of the question.
pub const STOP_TITLE: &str = "職員を止める";
/// What it does.
pub const STOP_WHY: &str = "この職員は、すぐにログアウトされ、もうログインできません。新しいリンクを作ると、また使えます。";
/// Does it.
pub const STOP_NOW: &str = "止めます";
/// Does not.
pub const BACK: &str = "職員の一覧へもどる";

/// A role, with what it may do.
#[must_use]
pub fn role(role: StaffRole) -> &'static str {
    match role {
        StaffRole::Admin => "管理（すべて。職員の登録もできる）",
        StaffRole::Worker => "担当（毎日の仕事ができる）",
        StaffRole::Viewer => "閲覧（見るだけ）",
    }
}

/// The organizations that an account is for.
#[must_use]
pub fn organizations<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join("、")
}

/// For whom a link is.
#[must_use]
pub fn link_for(name: &Name) -> String {
    format!("{name}さんの登録リンクです。")
}

/// Asks before an account is stopped.
#[must_use]
pub fn stop_question(name: &Name) -> String {
    format!("{name}さんを止めますか？")
}
