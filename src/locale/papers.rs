//! Words of what is printed: cards and posters for people of 82, a guide for staff, a sheet for whoever runs the server. A
//! word in braces is read as it says behind the bar: `{冷蔵庫|れいぞうこ}`.

/// Title of the list.
pub const TITLE: &str = "印刷物";
/// What it is.
pub const HOW: &str = "開いて、ブラウザーの「印刷」（Ctrl+P）で印刷します。組織の名前と電話は、「組織の設定」のものが入ります。";
/// Of the manuals.
pub const OF_GUIDES: &str =
    "見守られる方と見守る方の手引きは、だれでも見られます。QRコードをつけて印刷できます。";
/// Of teams.
pub const OF_TEAMS: &str = "チームのチラシと使用申出書は、それぞれのチームのページにあります。";
/// Link to the teams.
pub const TO_TEAMS: &str = "チームのページへ";
/// Above a sheet, on the screen alone.
pub const HOW_TO_PRINT: &str =
    "ブラウザーの「印刷」（Ctrl+P）で、A4に印刷してください。この行は印刷されません。";
/// There is no number yet.
pub const NO_PHONE: &str = "（電話番号は、「組織の設定」で入れてください）";
/// Alternative text of a QR code.
pub const QR_ALT: &str = "QRコード";

/// A sheet.
pub struct Paper {
    /// Its name in the address.
    pub id: &'static str,
    /// What it is called in the list.
    pub title: &'static str,
    /// For whom, and on what paper.
    pub about: &'static str,
}

/// Every sheet of the list.
pub const PAPERS: [Paper; 5] = [
    Paper {
        id: "card",
        title: "冷蔵庫カード",
        about: "見守られる方に。A4に4枚。切って、冷蔵庫や電話のそばにはります。",
    },
    Paper {
        id: "number",
        title: "「この番号を登録してください」カード",
        about: "見守られる方と家族に。A4に2枚。知らない番号には出ない方のためです。",
    },
    Paper {
        id: "poster",
        title: "ポスター",
        about: "窓口や集会所に。A4。A3に拡大しても使えます。",
    },
    Paper {
        id: "staff", title: "職員の手順", about: "事務局に。A4に1枚。机のそばにはります。"
    },
    Paper {
        id: "server", title: "サーバーの手順", about: "サーバーの担当の人に。A4に1枚。"
    },
];

/// Words of the card for the refrigerator.
pub mod card {
    /// Its head.
    pub const HEAD: &str = "LINEの{見守|みまも}りを{使|つか}っています";
    /// What to know.
    pub const LINES: [&str; 3] = [
        "「げんきですか？」が{届|とど}いたら、「げんきです」を{押|お}します。",
        "{旅行|りょこう}や{入院|にゅういん}の{前|まえ}は、「お{休|やす}み」を{押|お}します。",
        "LINEが{使|つか}えないときは、{電話|でんわ}をください。",
    ];
    /// In an emergency.
    pub const EMERGENCY: &str = "{急|いそ}ぐとき・{具合|ぐあい}が{悪|わる}いとき";
    /// The number for it.
    pub const EMERGENCY_NUMBER: &str = "119";
    /// Whom to ask.
    pub const OFFICE: &str = "わからないとき";
    /// Room for those who watch.
    pub const WATCHERS: &str = "{見守|みまも}る{人|ひと}";
}

/// Words of the card with the number.
pub mod number {
    /// Its head.
    pub const HEAD: &str = "この{番号|ばんごう}を{電話|でんわ}に{登録|とうろく}してください";
    /// Why.
    pub const WHY: &str = "お{返事|へんじ}がないとき、この{番号|ばんごう}から{電話|でんわ}します。{登録|とうろく}すると、{名前|なまえ}が{出|で}ます。";
    /// How, by the camera.
    pub const HOW: &str = "{右|みぎ}のQRコードをカメラで{写|うつ}すと、{登録|とうろく}できます。";
    /// What it never asks.
    pub const NEVER: &str = "この{番号|ばんごう}から、お{金|かね}や{暗証番号|あんしょうばんごう}を{聞|き}くことはありません。";
}

/// Words of the poster.
pub mod poster {
    /// Its head.
    pub const HEAD: &str = "げんきですか？";
    /// Below it.
    pub const LEAD: &str = "LINEで、ひとりぐらしの{方|かた}を{見守|みまも}ります。";
    /// How it goes.
    pub const LINES: [&str; 4] = [
        "{決|き}めた{日|ひ}に「げんきですか？」が{届|とど}きます。",
        "「げんきです」を{押|お}すだけです。",
        "お{返事|へんじ}がないと、{家族|かぞく}や{近所|きんじょ}の{方|かた}に{知|し}らせます。",
        "{要|い}るのは、スマートフォンとLINEだけです。",
    ];
    /// Above the code.
    pub const SCAN: &str = "スマートフォンのカメラで{写|うつ}してください";
    /// What it is not.
    pub const NOT: &str = "{救急|きゅうきゅう}のサービスではありません。{急|いそ}ぐときは119へ。";
}

/// The guide for staff: headings, each with its lines.
pub const STAFF: [(&str, &[&str]); 5] = [
    (
        "朝いちばん",
        &[
            "「対応ボード」を開きます。いちばん上の方から見ます。「異常はありません」なら、終わりです。",
            "朝9時に、ようすのメールが届きます。届かない日は、サーバーの担当に連絡します。",
            "「電話リスト」の方に電話します。出た・出ないを、1回押して残します。",
        ],
    ),
    (
        "お返事がない方がいたら",
        &[
            "「対応します」を押します。ほかの人に、だれが動くか伝わります。",
            "本人→家族→近所→鍵を持つ人の順に電話します。番号は、画面に出ています。",
            "つながらないときは、行って確かめます。迷ったら、119か警察に電話します。",
            "わかったことを書き、終わったら「無事でした」などを選びます。",
        ],
    ),
    (
        "ボードが赤いとき（LINEやサーバーの故障）",
        &[
            "画面に出ている「すること」の通りにします。",
            "気になる方には、電話で確かめます。「電話リスト」は紙にも印刷できます。",
        ],
    ),
    (
        "人が変わるとき",
        &[
            "新しい人の入口は、「職員」のページで作ります。やめた人は、その日に止めます。",
            "スマートフォンをなくしたら、管理者が新しいリンクを作ります。",
        ],
    ),
    (
        "守ること",
        &["名前・住所・病気のことを、LINEに書きません。", "画面を開いたまま、席をはなれません。"],
    ),
];

/// The sheet for whoever runs the server: headings, each with its lines.
pub const SERVER: [(&str, &[&str]); 5] = [
    (
        "入れるとき（Debian / Ubuntu）",
        &[
            "名前（DNS）をサーバーに向け、443番を開けます。80番はいりません。",
            "apt install ./anshin_….deb",
            "anshin setup --domain 名前 --contact メールアドレス。証明書は、1分ほどで自動で取ります（Let's Encrypt の規約に同意したことになります）。",
            "出たアドレスを、管理者にわたします。続きは、そのページに出ます。",
        ],
    ),
    (
        "鍵と控え",
        &[
            "別のパソコンで age-keygen -o council.key。公開鍵だけを backup.recipients に書きます。",
            "秘密の鍵は、紙にも印刷し、2か所にしまいます。なくすと、控えは開けません。",
            "backup.upload に、控えを外へ送るプログラムを書きます。毎晩2時に動きます。",
            "控えに、設定は入りません。/etc/anshin も、別のところに写しておきます。",
        ],
    ),
    (
        "こわれたとき（30分で元にもどす）",
        &[
            "新しいサーバーに apt install ./anshin_….deb のあと、anshin-erased.txt を控えの横に置き、anshin restore 控えのファイル --identity council.key。",
            "写しておいた /etc/anshin をもどし、anshin setup --domain 名前 --contact メールアドレス で始めます。10分後に、全員にもう一度聞きます。失われた時間は、事務局にメールで出ます。",
        ],
    ),
    (
        "ふだん",
        &[
            "anshin doctor が 0 で終わるか、月に1回見ます。毎晩、自動でも見ています。",
            "heartbeat.url に healthchecks.io などを書きます。止まったことは、外からしかわかりません。",
            "ログは journalctl -u anshin。名前や文は入りません。",
        ],
    ),
    (
        "新しい版",
        &[
            "apt install ./新しい.deb。設定が合わないときは、古い版が動き続け、理由が出ます。データは先に控えてから直します。",
        ],
    ),
];
