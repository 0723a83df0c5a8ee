//! Words of the pages on which staff decide how the service presents itself.

/// Words of the page of name, number and colour.
pub mod office {
    /// Title.
    pub const TITLE: &str = "組織の設定";
    /// What it changes.
    pub const HOW: &str = "LINEのメッセージと、みなさんが見るページに出ます。何も書かないところは、サーバーの設定のままです。";
    /// Label: name.
    pub const NAME: &str = "名前";
    /// Label: number.
    pub const PHONE: &str = "電話番号";
    /// Label: hours.
    pub const HOURS: &str = "問い合わせ先と時間";
    /// Helps with it.
    pub const HOURS_HELP: &str = "例：福祉課（内線123）平日 8時30分から17時15分";
    /// Label: colour.
    pub const COLOUR: &str = "ボタンとリンクの色";
    /// Helps with it.
    pub const COLOUR_HELP: &str =
        "例：#197a4b。白い字が読める、こい色にしてください。何も書かないと、青です。";
    /// It is no colour.
    pub const COLOUR_UNREADABLE: &str = "色は「#」と6つの数字・文字で書いてください。例：#197a4b";
    /// Label: picture.
    pub const BANNER: &str = "ページの上に出す画像";
    /// Helps with it.
    pub const BANNER_HELP: &str = "PNGかJPEG、500KBまで。高さ160ピクセルまでで出ます。見守られる方と見守る方のページに出ます。";
    /// It is neither.
    pub const BANNER_KIND: &str = "PNGかJPEGの画像にしてください。";
    /// It is too large.
    pub const BANNER_TOO_LARGE: &str = "画像が大きすぎます。500KBより小さくしてください。";
    /// Takes the picture away.
    pub const WITHOUT: &str = "画像を出さない";
    /// Saved.
    pub const SAVED: &str = "保存しました。すぐに変わります。";
}

/// Words of the page of the terms.
pub mod terms {
    /// Title.
    pub const TITLE: &str = "規約と個人情報の文";
    /// What versions are.
    pub const HOW: &str = "新しい版を出すと、それからはじめる方は、新しい版に同意します。もう使っている方は、止まりません。マイページで新しい版を読んで、同意できます。前の版も残ります。";
    /// Columns of the versions.
    pub const COLUMNS: [&str; 3] = ["利用規約", "個人情報", "同意した人数"];
    /// Heading of the form.
    pub const NEW: &str = "新しい版を書く";
    /// How the text is written.
    pub const FORM_HELP: &str = "行のはじめの「# 」は題、「## 」は見出し、「- 」は箇条書きです。段落のあいだは1行あけます。{org}は名前に、{phone}は電話番号に変わります。";
    /// On to the preview.
    pub const LOOK: &str = "内容を確かめる";
    /// Title of the preview.
    pub const PREVIEW: &str = "この内容で新しい版を出しますか？";
    /// What it means.
    pub const PUBLISH_WHY: &str =
        "出した版は、あとから直せません。直すときは、次の版を出してください。";
    /// Does it.
    pub const PUBLISH: &str = "新しい版を出す";
    /// Back to the form.
    pub const BACK: &str = "書きなおす";
}

/// White cannot be read on it.
#[must_use]
pub fn too_pale(nearest: &str) -> String {
    format!("この色では、白い字が読みにくいです。近い色では #{nearest} が使えます。")
}

/// What stands where nothing is typed.
#[must_use]
pub fn name_help(configured: &str) -> String {
    if configured.is_empty() {
        "例：みどり市社会福祉協議会".to_owned()
    } else {
        format!("何も書かないと：{configured}")
    }
}

/// What stands where nothing is typed.
#[must_use]
pub fn phone_help(configured: Option<&str>) -> String {
    match configured {
        Some(phone) => format!("何も書かないと：{phone}"),
        None => "例：03-1234-5678".to_owned(),
    }
}

/// A text is empty, or too long.
#[must_use]
pub fn passage_fault(most: usize) -> String {
    format!("利用規約と個人情報の文は、どちらも書いてください。長さは{most}文字までです。")
}
