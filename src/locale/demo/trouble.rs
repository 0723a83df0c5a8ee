//! Words of the demonstration's switches: what each is called, what it does, what will be seen, and what the timeline
//! says when somebody turns it.

use super::Happened;

/// A switch on the page.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// What it is called.
    pub title: &'static str,
    /// What it does, and what will be seen.
    pub text: &'static str,
    /// The line of the timeline when it is turned on: what happened, and what follows.
    pub on: (&'static str, &'static str),
    /// The line when it is turned off.
    pub off: (&'static str, &'static str),
}

/// LINE does nothing at all.
pub const LINE_DOWN: Switch = Switch {
    title: "LINEが止まる",
    text: "どちらの向きにも届きません。もとに戻すと、たまったものが届きます。",
    on: ("LINEが止まりました", "送れないものは、23時間まで送り直します。"),
    off: ("LINEが動きだしました", "たまったものが、これから届きます。"),
};

/// LINE delivers, and does not say so.
pub const ANSWERS_LOST: Switch = Switch {
    title: "届いたか、わからない",
    text: "LINEが「受け取りました」と言わなくなります。送り直しても、スマホには1回だけ届きます。",
    on: (
        "LINEが「受け取りました」と言わなくなりました",
        "届いたかわからないので、同じものを送り直します。",
    ),
    off: ("LINEが、また「受け取りました」と言います", "もう届いていたものは、2回届きません。"),
};

/// The month's messages are used up.
pub const QUOTA_OUT: Switch = Switch {
    title: "今月の通数を使い切る",
    text: "質問もお知らせも送れなくなります。下の上限を上げると、また送れます。",
    on: (
        "今月の通数を使い切りました",
        "質問もお知らせも送れません。押したことへの返事は、無料なので届きます。",
    ),
    off: ("今月の通数に、あきができました", "送れなかったものを、これから送ります。"),
};

/// LINE wants us to be slower.
pub const RATE_LIMITED: Switch = Switch {
    title: "送りすぎと言われる",
    text: "LINEが、待つように言います。もとに戻すと、待ってから順に送ります。",
    on: ("LINEに、送りすぎと言われました", "少し待って、順に送り直します。"),
    off: ("LINEが、また受け付けます", "待っていたものを、順に送ります。"),
};

/// Everything takes a while.
pub const SLOW: Switch = Switch {
    title: "返事がおくれる",
    text: "LINEがおそくなります。押してから5秒ほどあとに、返事が来ます。",
    on: ("LINEがおそくなりました", "答えた時刻は、押したときの時刻です。"),
    off: ("LINEの速さが、もとに戻りました", "すぐに届きます。"),
};

/// LINE delivers again what did not reach us.
pub const REDELIVERY: Switch = Switch {
    title: "LINEの再配達",
    text: "サーバーに届かなかったものを、LINEがしばらく送り直します。切ってあると、なくなります。",
    on: ("LINEの再配達を入れました", "届かなかったものを、LINEがしばらく送り直します。"),
    off: ("LINEの再配達を切りました", "届かなかったものは、なくなります。"),
};

/// The server is without power.
pub const SERVER: Switch = Switch {
    title: "サーバーを止める",
    text: "停電のように、急に止まります。時計だけが進み、何も送らず、何も聞けません。",
    on: ("サーバーが止まりました", "時計だけが進みます。動かすと、続きから始めます。"),
    off: ("サーバーが動きだしました", "止まる前に受け取ったことは、全部残っています。"),
};

/// Somebody blocks the account.
pub const BLOCK: (&str, &str) = (
    "ブロックする",
    "そのスマホに、何も届かなくなります。見守る方に「届かなくなりました」と知らせます。",
);

/// What the event button says while the server is off, for something that will not happen.
#[must_use]
pub fn next_without_server(what: &str) -> String {
    format!("いまは起きません：{what}")
}

/// What the event button says while the server is off and nothing is planned.
pub const NEXT_HOUR: &str = "時計だけを1時間進めます";

/// The event button goes to the end of the wait after a start.
pub const NEXT_SETTLED: &str = "止まっていた間のお返事を待ってから、もう一度聞きます";

/// The event button sends again what waits.
pub const NEXT_RETRY: &str = "送れなかったものを、もう一度送ります";

/// The story needs the server.
pub const STORY_WAITS: &str = "サーバーが止まっています。動かすと、お話が進みます。";

/// Nothing can be used up.
pub const NO_LIMIT: &str = "上限がないので、使い切れません。先に上限をえらんでください。";

/// It was really used up.
pub const REALLY_OUT: &str = "ほんとうに使い切っています。上限を上げると、また送れます。";

/// What whoever asks the stopped server is told.
pub const SERVER_IS_OFF: &str = "練習のサーバーは、いま止まっています。";

/// A line of the timeline for a switch.
#[must_use]
pub fn turned(switch: &Switch, on: bool) -> Happened {
    let (text, why) = if on { switch.on } else { switch.off };
    Happened { kind: "trial", text: text.to_owned(), why: why.to_owned() }
}

/// A line of the timeline for another limit.
#[must_use]
pub fn quota(limit: Option<u64>) -> Happened {
    let text = match limit {
        Some(limit) => format!("LINEの月の上限を{limit}通にしました"),
        None => "LINEの月の上限をなくしました".to_owned(),
    };
    Happened {
        kind: "trial",
        text,
        why: "質問、2回目のおたずね、お知らせを1通ずつ数えます。".to_owned(),
    }
}

/// A line of the timeline for something that did not reach the server.
#[must_use]
pub fn unheard(name: &str, again: bool) -> Happened {
    let why = if again {
        "LINEが、あとで送り直します。"
    } else {
        "LINEは、もう送りません。"
    };
    let text = format!("{name}さんのしたことが、サーバーに届きませんでした");
    Happened { kind: "trouble", text, why: why.to_owned() }
}
