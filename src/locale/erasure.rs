//! Words about forgetting somebody: the page that says what goes and what stays, the form, and the receipt.

use jiff::civil::{Date, DateTime};

use super::ja::when;
use crate::domain::erasure::{ErasureReason, Hindrance, Kind, Mention};

/// Who was forgotten.
pub const ERASED: &str = "（削除済み）";

/// Words of the list.
pub mod list {
    /// Title, also of the entry in the menu.
    pub const TITLE: &str = "開示と削除";
    /// Leads there from the list of everyone.
    pub const ENDED_AND_MORE: &str = "見守りを終えた方・開示と削除";
    /// What it is.
    pub const HOW: &str =
        "ご本人から「何を記録しているか見せてほしい」「消してほしい」と言われたときのページです。";
    /// Label of the number.
    pub const NUMBER: &str = "会員番号";
    /// What it is.
    pub const NUMBER_HELP: &str = "利用者のほか、見守る方やグループの方も、会員番号でひらけます。";
    /// Opens the page.
    pub const OPEN: &str = "ひらく";
    /// Nobody has the number.
    pub const NOBODY: &str = "この番号の方は、いません。番号をもう一度たしかめてください。";
    /// Heading of those whose watch has ended.
    pub const ENDED: &str = "見守りを終えた方";
    /// Nobody.
    pub const NONE_ENDED: &str = "見守りを終えて、情報が残っている方はいません。";
    /// Columns of them.
    pub const ENDED_COLUMNS: [&str; 4] = ["名前", "会員番号", "終えた日", "わけ"];
    /// Heading of the receipts.
    pub const RECEIPTS: &str = "削除の記録";
    /// There is none.
    pub const NONE_ERASED: &str = "削除した方は、まだいません。";
    /// Columns of them.
    pub const COLUMNS: [&str; 5] =
        ["会員番号", "削除した日時", "削除した職員", "わけ", "データのファイルから"];
    /// What a copy brings back.
    pub const RESTORING: &str = "写し（バックアップ）からもとに戻すと、写しのあとで削除した方は、番号だけの「削除の一覧」を見て、もう一度削除されます。その方に聞くことはありません。一覧は、写しと同じ場所にあります（anshin-erased.txt）。写しといっしょに残してください。";
    /// The bytes are gone.
    pub const CLEAN: &str = "消えました";
    /// They are not.
    pub const WAITS: &str = "今夜消えます";
    /// They should have been gone long ago.
    pub const OVERDUE: &str = "まだ消えていません";
}

/// Words of the page of somebody.
pub mod form {
    /// Title.
    pub const TITLE: &str = "情報を削除する";
    /// Leads to everything that is kept.
    pub const DOSSIER: &str = "記録していることを見る・印刷する（開示）";
    /// Before it is done.
    pub const FIRST: &str =
        "削除すると、もとには戻せません。ご本人が写しをほしいときは、先に印刷してください。";
    /// Heading.
    pub const GOES: &str = "消えるもの";
    /// What goes.
    pub const GOING: [&str; 7] = [
        "呼び名、LINEとのつながり、メールアドレス、聞く日と時刻",
        "氏名・住所・電話・生年月日など、登録の内容のすべて",
        "近親者・連絡先、家主・管理会社、知っておくこと",
        "チームとグループへの参加、この方の招待",
        "質問とお返事の記録、お休みの記録",
        "対応の記録に職員が書いたことば、この方だけに送ったお知らせ、ご意見",
        "マイページに入っている電話、まだ送っていないメッセージ",
    ];
    /// Heading.
    pub const STAYS: &str = "残るもの";
    /// What stays.
    pub const STAYING: [&str; 4] = [
        "会員番号と、削除した日時・職員・わけ（削除の記録）",
        "対応の件数や結果など、統計のための数字（名前のかわりに「削除済み」と出ます）",
        "操作記録（番号だけで、名前はありません）",
        "ほかの方の連絡先や対応の記録に書かれた、この方の名前（その方の記録です）",
    ];
    /// Heading of where else they are named.
    pub const ELSEWHERE: &str = "ほかの方の記録で、名前や電話番号が見つかったところ";
    /// What to do there.
    pub const ELSEWHERE_HOW: &str =
        "ここは、消えません。いらないときは、そのページで直してください。";
    /// Heading where it cannot be done yet.
    pub const NOT_YET: &str = "まだ削除できません";
    /// On to the form.
    pub const NEXT: &str = "削除に進む";
    /// What to type.
    pub const NUMBER: &str = "まちがいをふせぐため、この方の会員番号を入れてください";
    /// It is another number.
    pub const OTHER_NUMBER: &str = "会員番号がちがいます。";
    /// Label: why.
    pub const REASON: &str = "削除するわけ";
    /// Does it.
    pub const NOW: &str = "この方の情報を削除します";
    /// Does not.
    pub const BACK: &str = "やめて、もどる";
    /// Leads to what has to be done first.
    pub const THERE: &str = "そのページへ";
}

/// What has to be done first.
#[must_use]
pub fn hindrance(hindrance: Hindrance) -> String {
    match hindrance {
        Hindrance::Watched => {
            "見守りがつづいています。先に、この方のページで見守りを終わりにしてください。".to_owned()
        }
        Hindrance::OpenCase(_) => {
            "終わっていない対応があります。先に、対応を終わりにしてください。".to_owned()
        }
        Hindrance::Manages(_) => {
            "この方は、チームの見守る方です。先に、見守る方から外してください。".to_owned()
        }
        Hindrance::Heads(_) => {
            "この方は、団体・地区のシステム管理者です。先に、団体・地区のページで外してください。".to_owned()
        }
        Hindrance::UnderWay => {
            "この方のことを知らせるメッセージか、メールを、いま送っています。少し待ってから、もう一度ひらいてください。LINEやメールが止まっているときは、1日かかることがあります。".to_owned()
        }
    }
}

/// Where somebody is named.
#[must_use]
pub fn mention(mention: Mention) -> String {
    match mention {
        Mention::Details(person) => format!("会員{person}番の登録の内容"),
        Mention::Record(case) => format!("対応{case}番の記録"),
        Mention::Bulletin(bulletin) => format!("お知らせ{bulletin}番"),
        Mention::Opinion => "みなさんの声".to_owned(),
    }
}

/// Why somebody was forgotten.
#[must_use]
pub fn reason(reason: ErasureReason) -> &'static str {
    match reason {
        ErasureReason::OwnWish => "ご本人の希望",
        ErasureReason::Family => "ご家族の希望",
        ErasureReason::KeptLongEnough => "保存の期間がすぎた",
        ErasureReason::Mistake => "まちがい・二重の登録",
        ErasureReason::Other => "その他",
        ErasureReason::CameBack => "写しから戻ったので、もう一度削除した",
    }
}

/// What was removed.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Profile => "呼び名・LINEとのつながり",
        Kind::Details => "登録の内容",
        Kind::Contacts => "近親者・連絡先",
        Kind::Places => "チームへの参加",
        Kind::Rounds => "質問とお返事",
        Kind::Records => "対応の記録のことば",
        Kind::Groups => "グループへの参加",
        Kind::Bulletins => "お知らせ",
        Kind::Opinions => "ご意見",
        Kind::PageSessions => "マイページに入っていた電話",
        Kind::Invitations => "招待",
        Kind::Messages => "まだ送っていないメッセージ",
        Kind::TeamNames => "この方の名前がついたチーム名",
    }
}

/// Words of the receipt.
pub mod receipt {
    /// Title.
    pub const TITLE: &str = "個人情報の削除の記録";
    /// When.
    pub const AT: &str = "削除した日時";
    /// When that was done first, before a copy had brought it back.
    pub const FIRST_AT: &str = "はじめに削除した日時";
    /// By whom.
    pub const BY: &str = "削除した職員";
    /// Why.
    pub const REASON: &str = "わけ";
    /// Heading of what was removed.
    pub const REMOVED: &str = "削除したもの";
    /// Columns of it.
    pub const COLUMNS: [&str; 2] = ["種類", "件数"];
    /// Heading of where it is gone from.
    pub const WHERE: &str = "どこから、いつ消えたか";
    /// The three places.
    pub const PLACES: [&str; 3] = ["画面とデータ", "データのファイル", "写し（バックアップ）"];
    /// Nothing on it says who it was.
    pub const NAMELESS: &str = "この記録に、ご本人の名前や連絡先はありません。";
    /// No copies are made.
    pub const NO_COPIES: &str =
        "このサーバーでは、写しを作っていません。ほかのやり方で作った写しは、別に消してください。";
    /// Copies are carried elsewhere.
    pub const ELSEWHERE: &str = "ほかの場所に運んだ写しは、運んだ先の決まりで消えます。サーバーの担当の人にたしかめてください。";
    /// Files that were written out.
    pub const BY_HAND: &str =
        "職員が書き出したファイル（CSV・JSON）と印刷したものは、職員が消してください。";
    /// How to print.
    pub const PRINT: &str = "ブラウザの「印刷」で、紙やPDFにできます。";
    /// Back to the list.
    pub const BACK: &str = "開示と削除へもどる";
}

/// It is gone from the tables.
#[must_use]
pub fn gone(at: DateTime) -> String {
    format!("{}に消えました。", moment(at))
}

/// It is gone from the file; otherwise when that happens, and whether it should have long ago.
#[must_use]
pub fn file(clean_at: Option<DateTime>, overdue: bool) -> String {
    match (clean_at, overdue) {
        (Some(at), _) => format!("{}にファイルを書きなおして、あとも残らないようにしました。", moment(at)),
        (None, false) => {
            "今夜の午前4時ごろ、またはサーバーが次に起動したあとに、ファイルを書きなおして消します。".to_owned()
        }
        (None, true) => {
            "まだ書きなおせていません。ディスクの空きが足りないかもしれません。サーバーの担当の人に見てもらってください。".to_owned()
        }
    }
}

/// By when it is gone from the last copy.
#[must_use]
pub fn copies(by: Date, days: u32) -> String {
    format!("{}までに、すべて消えます（写しを残すのは、長くて{days}日です）。", when::full_day(by))
}

/// Old states of the data beside it, and by when they go.
#[must_use]
pub fn asides(names: &[String], by: Date) -> String {
    format!(
        "データの横に、更新や復元のまえの控えがあります（{}）。{}までに消えます。",
        names.join("、"),
        when::full_day(by)
    )
}

/// A moment, with the year.
#[must_use]
pub fn moment(at: DateTime) -> String {
    format!("{}{}", when::full_day(at.date()), at.strftime(" %H:%M"))
}

/// So many.
#[must_use]
pub fn count(count: u32) -> String {
    format!("{count}件")
}
