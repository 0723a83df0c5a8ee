//! How people are, what is known about oneself, and what a team can decide.

use jiff::civil::DateTime;

use super::super::{Button, Speech, Tone};
use super::super::{words, zones};
use super::{card, case, people, shortened, team, when};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::message::{AlertTime, Message, MyPage, Standing, State, TeamSettings};
use crate::domain::name::Name;
use crate::domain::page::PageLink;
use crate::domain::press::Press;
use crate::domain::schedule::{Hour, Interval, Zone};
use crate::domain::team::{Policy, TeamName};

/// People with a button of their own in an overview.
const BUTTONS_MAX: usize = 5;

fn state(state: State) -> String {
    match state {
        State::Open(trouble) => format!("■ {}", case::short(trouble)),
        State::Unreachable => "■ 届きません".to_owned(),
        State::PhonedInVain => "▲ 電話に出ませんでした".to_owned(),
        State::ToPhone => "○ 電話する日です".to_owned(),
        State::CalledAgain => "▲ もう一度聞きました".to_owned(),
        State::Waiting => "○ お返事を待っています".to_owned(),
        State::Resting(day) => format!("＿ {}までお休み", when::day(day)),
        State::Well => "● お返事がありました".to_owned(),
        State::New => "― お返事はこれからです".to_owned(),
    }
}

fn line(standing: &Standing) -> String {
    let last = standing.last_answer_at.map(|at| format!("\n前のお返事：{}", when::date_time(at)));
    format!("{}さん\n{}{}", standing.name, state(standing.state), last.unwrap_or_default())
}

pub(super) fn overview(people: &[Standing], more: usize, link: PageLink) -> Speech {
    if people.is_empty() {
        let mut card =
            card("見守られる方が、まだいません", &["見守られる方を、招待してください。"]);
        card.buttons = vec![Button::choice("招待する", Press::InviteAny)];
        return Speech::Card(card);
    }
    let mut card = card("いまのようす", &[]);
    card.body = people.iter().map(line).collect();
    if more > 0 {
        card.body.push(format!("ほかに{more}人います。"));
    }
    for standing in people.iter().take(BUTTONS_MAX) {
        let label = shortened(&format!("{}さんのようす", standing.name), 30);
        card.buttons.push(Button::choice(label, Press::LookAt(standing.person)));
    }
    card.buttons.push(Button::page("みなさんのようすをページで見る", link));
    card.buttons.push(Button::small("招待する", Press::InviteAny));
    Speech::Card(card)
}

pub(super) fn person(
    standing: &Standing,
    interval: Interval,
    hour: Hour,
    next: Option<DateTime>,
    may_answer: bool,
    link: PageLink,
) -> Speech {
    let mut card = card(format!("{}さんのようす", standing.name), &[]);
    card.body.push(state(standing.state));
    if let Some(at) = standing.last_answer_at {
        card.body.push(format!("前のお返事\n{}", when::date_time(at)));
    }
    card.body.push(format!("{} {}に聞いています。", words::interval(interval), when::hour(hour)));
    if let Some(next) = next {
        card.body.push(format!("次は{}です。", when::date_time(next)));
    }
    if may_answer {
        card.buttons = vec![Button::choice("会いました、無事です", Press::Proxy(standing.person))];
    }
    card.buttons.push(Button::page("くわしく見る", link));
    Speech::Card(card)
}

pub(super) fn proxy_thanks(name: &Name) -> Speech {
    let mut card = card(
        "ありがとうございます",
        &[&format!("{name}さんに会ったこと、無事なことを記録しました。")],
    );
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn noted() -> Speech {
    Speech::Card(card("わかりました", &["記録しました。"]))
}

pub(super) fn retimed(interval: Interval, hour: Hour, next: DateTime, alert: AlertTime) -> Speech {
    let mut card = card(
        format!("{} {}に変えました", words::interval(interval), when::hour(hour)),
        &[
            &format!("次は{}に聞きます。", when::date_time(next)),
            &format!("お返事がないとき、見守る方へのお知らせは{}です。", when::alert(alert)),
            "見守る方にも知らせました。",
        ],
    );
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn member_retimed(message: &Message) -> Speech {
    let Message::MemberRetimed { name, interval, hour, next } = message else {
        return Speech::Text(String::new());
    };
    Speech::Card(card(
        format!("{name}さんに聞く日と時刻が変わりました"),
        &[
            &format!("{} {}です。", words::interval(*interval), when::hour(*hour)),
            &format!("次は{}です。", when::date_time(*next)),
        ],
    ))
}

pub(super) fn my_page(page: &MyPage) -> Speech {
    let mut card = card(format!("{}さんのページ", page.name), &[]);
    let id: PersonId = page.id;
    card.head = Some(format!("会員番号 {id}"));
    card.body.push(format!("登録\n{}", when::date_time(page.since)));
    if let Some(until) = page.member_until {
        card.body.push(format!("有効期間\n{}まで", when::full_day(until)));
    }
    if let Some((interval, hour)) = page.schedule {
        let mut lines = format!("確認\n{} {}", words::interval(interval), when::hour(hour));
        if let Some(zone) = &page.zone {
            lines.push_str(&format!("（{}の時刻）", place(zone)));
        }
        card.body.push(lines);
        card.body.extend(watch_lines(page));
        card.buttons.push(Button::choice("日と時刻を変える", Press::Retime));
        card.buttons.push(match page.resting {
            Some(_) => Button::choice("お休みを終わる", Press::PauseEnd),
            None => Button::choice("お休みする", Press::Pause),
        });
        card.buttons.push(if page.quotes {
            Button::small("今日のことばを出さない", Press::Quotes(false))
        } else {
            Button::small("今日のことばを出す", Press::Quotes(true))
        });
    }
    card.buttons.push(Button::page("くわしく見る・直す", page.link));
    for (id, name) in page.watches.iter().take(BUTTONS_MAX) {
        let label = shortened(&format!("{}の設定", team(name)), 30);
        card.buttons.push(Button::choice(label, Press::TeamSettings(*id)));
    }
    if let Some(known) = page.mail.filter(|_| !page.watches.is_empty()) {
        let line = if known {
            "LINEが使えないときは、メールでも知らせます。"
        } else {
            "メールを登録すると、LINEが使えないときも知らせが届きます。"
        };
        card.body.push(line.to_owned());
        card.buttons.push(Button::small("メールを登録・変更する", Press::Mail));
    }
    card.buttons.push(Button::small("海外にくらしている", Press::Zone));
    card.buttons.push(Button::small("やめる", Press::Leave));
    Speech::Card(card)
}

pub(super) fn head_of(organization: &Name, heads: bool) -> Speech {
    if !heads {
        return Speech::Card(card(
            format!("「{organization}」の代表ではなくなりました"),
            &["お知らせは、もう届きません。"],
        ));
    }
    Speech::Card(card(
        format!("あなたは「{organization}」の代表です"),
        &[
            "見守る方がだれも対応できないとき、3時間後にお知らせが届きます。",
            "チームに見守る方を招待できます。心当たりがないときは、事務局へ連絡してください。",
        ],
    ))
}

pub(super) fn ask_mail(known: bool) -> Speech {
    let mut card = card(
        "メールアドレスを送ってください",
        &[
            "LINEが使えないときに、知らせをメールで送ります。ほかのことには使いません。",
            "例：hanako@example.jp",
        ],
    );
    if known {
        card.buttons.push(Button::choice("メールをやめる", Press::NoMail));
    }
    Speech::Card(card)
}

/// Where the clock of a zone hangs.
fn place(zone: &str) -> &str {
    zones::label(zone).unwrap_or(zone)
}

pub(super) fn ask_zone(zone: &Zone) -> Speech {
    let mut card = card(
        "どこにお住まいですか？",
        &[
            "その土地の時刻で聞きます。ここにないときは、町の名前を送ってください。",
            &format!("いまは{}です。", place(zone.name())),
        ],
    );
    card.buttons = zones::CHOICES
        .iter()
        .map(|zone| Button::choice(place(zone), Press::LiveIn(zone)))
        .collect();
    Speech::Card(card)
}

pub(super) fn zone_refused() -> Speech {
    let mut card = card(
        "その場所がわかりませんでした",
        &["大きな町の名前を送ってください。", "例：ロサンゼルス、パリ"],
    );
    card.buttons = vec![Button::choice("えらぶ", Press::Zone)];
    Speech::Card(card)
}

pub(super) fn zone_set(zone: &Zone) -> Speech {
    let mut card = card(
        format!("{}の時刻にしました", place(zone.name())),
        &["これからの時刻は、その土地の時刻です。"],
    );
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn mail_closed() -> Speech {
    Speech::Card(card("メールは、使えません", &["この見守りでは、LINEだけで知らせます。"]))
}

pub(super) fn mail_refused() -> Speech {
    let mut card = card(
        "メールアドレスが読めませんでした",
        &[
            "登録するときは、もう一度「メール」を押して、アドレスだけを送ってください。",
            "例：hanako@example.jp",
        ],
    );
    card.buttons = vec![Button::choice("メール", Press::Mail)];
    Speech::Card(card)
}

pub(super) fn mail_code(code: u32) -> Speech {
    Speech::Card(card(
        format!("確認の番号は {code} です"),
        &[
            "この番号を、LINEのトークで送ってください。",
            "心当たりがないときは、このメールを消してください。何も起こりません。",
        ],
    ))
}

pub(super) fn ask_mail_code() -> Speech {
    let mut card = card(
        "メールを送りました",
        &[
            "メールに書いてある6けたの番号を、ここに送ってください。",
            "届かないときは、迷惑メールのフォルダも見てください。",
        ],
    );
    card.buttons = vec![
        Button::choice("アドレスを入れ直す", Press::Mail),
        Button::small("やめる", Press::NoMail),
    ];
    Speech::Card(card)
}

pub(super) fn mail_code_refused() -> Speech {
    let mut card =
        card("番号がちがいます", &["メールに書いてある6けたの番号を、もう一度送ってください。"]);
    card.buttons = vec![Button::choice("アドレスを入れ直す", Press::Mail)];
    Speech::Card(card)
}

pub(super) fn mail_thanks() -> Speech {
    let mut card =
        card("メールを登録しました", &["LINEが使えないときは、このメールに知らせます。"]);
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn mail_gone() -> Speech {
    Speech::Card(card("メールの登録を消しました", &["メールでは知らせません。"]))
}

fn watch_lines(page: &MyPage) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(day) = page.resting {
        lines.push(format!("{}までお休みです。", when::day(day)));
    }
    if let Some(next) = page.next {
        lines.push(format!("次の確認\n{}", when::date_time(next)));
    }
    if let Some(at) = page.last_answer_at {
        lines.push(format!("前のお返事\n{}", when::date_time(at)));
    }
    lines.push(match (page.watchers.names.is_empty(), page.office) {
        (true, false) => "見守る方が、まだいません。".to_owned(),
        (true, true) => "見守る方\n事務局".to_owned(),
        (false, false) => format!("見守る方\n{}", people(&page.watchers)),
        (false, true) => format!("見守る方\n{}、事務局", people(&page.watchers)),
    });
    if let Some(policy) = page.policy {
        lines.push(super::join::shared(policy).to_owned());
    }
    if !page.someone_receives && !page.office {
        lines.push(
            "知らせが届く方が、まだいません。お返事がないときは、事務局に知らせます。".to_owned(),
        );
    }
    lines
}

pub(super) fn team_settings(settings: &TeamSettings) -> Speech {
    let TeamSettings { team: id, name, proposal, quiet, office, quotes, link, changed_by } =
        settings;
    let (interval, hour) = proposal;
    let onoff = |on: bool| if on { "はい" } else { "いいえ" };
    let mut card = card(
        format!("{}の設定", team(name)),
        &[
            &format!("新しい方へのおすすめ\n{} {}", words::interval(*interval), when::hour(*hour)),
            &format!("夜（22時から6時）の知らせは、朝6時に：{}", onoff(*quiet)),
            &format!("今日のことばを出す：{}", onoff(*quotes)),
        ],
    );
    if let Some(office) = office {
        card.body.push(format!("だれも対応しないとき、事務局に知らせる：{}", onoff(*office)));
    }
    if let Some(by) = changed_by {
        card.alt = format!("{by}さんが、{}の設定を変えました", team(name));
        card.body.insert(0, format!("{by}さんが変えました。いまは、こうなっています。"));
    }
    card.buttons = vec![
        Button::choice("おすすめの日と時刻を変える", Press::TeamRetime(*id)),
        toggle(*quiet, "夜の知らせを朝にする", "夜もすぐ知らせる", |on| {
            Press::TeamQuiet(*id, on)
        }),
        toggle(*quotes, "今日のことばを出す", "今日のことばを出さない", |on| {
            Press::TeamQuotes(*id, on)
        }),
    ];
    if let Some(office) = office {
        card.buttons.push(toggle(
            *office,
            "事務局に知らせる",
            "事務局に知らせない",
            |on| Press::TeamOffice(*id, on),
        ));
    }
    card.buttons.push(Button::page("くわしい設定・見守る方", *link));
    Speech::Card(card)
}

fn toggle(on: bool, to_on: &str, to_off: &str, press: impl Fn(bool) -> Press) -> Button {
    Button::choice(if on { to_off } else { to_on }, press(!on))
}

pub(super) fn ask_office(id: TeamId) -> Speech {
    let mut card = card(
        "だれも対応できないとき、事務局に知らせてよいですか？",
        &["3時間たっても対応する方がいないときだけです。", "いまは「はい」になっています。"],
    );
    card.buttons = vec![
        Button::choice("はい", Press::TeamOffice(id, true)),
        Button::choice("いいえ", Press::TeamOffice(id, false)),
    ];
    Speech::Card(card)
}

pub(super) fn wait_approval(name: &TeamName) -> Speech {
    Speech::Card(card(
        "承認を待っています",
        &[&format!("チーム：{}", team(name)), "いま見守っている方が承認すると、始まります。"],
    ))
}

pub(super) fn ask_approval(id: TeamId, name: &TeamName, by: PersonId, called: &Name) -> Speech {
    let mut card = card(
        format!("{called}さんが、見守る方になりたいそうです"),
        &[
            &format!("チーム：{}", team(name)),
            "承認すると、みなさんのようすが、この方にも伝わります。",
        ],
    );
    card.buttons = vec![
        Button::choice("承認する", Press::Approve(id, by)),
        Button::choice("ことわる", Press::Refuse(id, by)),
    ];
    Speech::Card(card)
}

pub(super) fn not_approved(name: &TeamName) -> Speech {
    Speech::Card(card(
        "参加できませんでした",
        &[&format!("チーム：{}", team(name)), "招待した方に聞いてみてください。"],
    ))
}

pub(super) fn renamed(before: &Name, name: &Name) -> Speech {
    Speech::Card(card(
        format!("{before}さんの呼び名が変わりました"),
        &[&format!("これからは「{name}さん」です。")],
    ))
}

pub(super) fn allowed(name: &Name, policy: Policy) -> Speech {
    let what = match policy {
        Policy::Nothing => "なにも書かない",
        Policy::Number => "決めた番号を書いてよい",
        Policy::Name => "氏名を書いてよい",
        Policy::Full => "氏名・住所・電話・近親者を書いてよい",
    };
    Speech::Card(card(
        format!("{name}さんから、連絡先のことです"),
        &[
            &format!("{name}さんは、「{what}」と決めました。"),
            "「ようす」と送ると、ページで書いたり、見たりできます。",
        ],
    ))
}
