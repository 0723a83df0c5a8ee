//! Joining: greeting, registration, invitations.

use jiff::civil::DateTime;

use super::super::words;
use super::super::{Button, Card, Speech, Tone, Voice};
use super::{card, people, team, when, who};
use crate::domain::id::TeamId;
use crate::domain::invitation::{Code, CodeKind};
use crate::domain::message::{AlertTime, InviteTeam, Message, WatchedBy, Watchers};
use crate::domain::name::{Name, NameFault};
use crate::domain::press::Press;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::{Policy, Role, TeamKind, TeamName};

pub(super) fn greeting(voice: &Voice) -> Speech {
    let org = if voice.org.is_empty() { "見守りサービス" } else { &voice.org };
    Speech::Card(Card {
        alt: "どちらで使いますか？ ボタンを押してください".to_owned(),
        head: Some(org.to_owned()),
        title: "どちらで使いますか？".to_owned(),
        body: vec![
            "ありがとうございます。".to_owned(),
            "「げんきですか」とLINEで聞いて、お返事がないときは見守る方に知らせます。".to_owned(),
        ],
        buttons: vec![
            Button::choice("見守ってもらう", Press::BeWatched),
            Button::choice("見守る", Press::KeepWatch),
            Button::choice("招待コードがある", Press::HaveCode),
        ],
        ..Card::default()
    })
}

pub(super) fn welcome_back(next: Option<DateTime>) -> Speech {
    let mut card = card("おかえりなさい", &["また届くようになりました。"]);
    if let Some(next) = next {
        card.body.push(format!("次は{}に聞きます。", when::date_time(next)));
    }
    card.buttons = vec![Button::small("使い方", Press::Usage)];
    Speech::Card(card)
}

pub(super) fn ask_consent(voice: &Voice) -> Speech {
    let mut card = card(
        "はじめる前に、約束ごとを読んでください",
        &[
            "お返事のようすは、見守る方に伝わります。",
            "すぐに人が来るサービスではありません。急ぐときは119へ電話してください。",
        ],
    );
    card.buttons = vec![
        Button::main("同意してはじめる", Press::Agree),
        Button::link("約束ごとを読む", format!("{}/p/terms", voice.public_url)),
        Button::link("個人情報の扱いを読む", format!("{}/p/privacy", voice.public_url)),
    ];
    Speech::Card(card)
}

pub(super) fn ask_name() -> Speech {
    Speech::Card(card(
        "お名前（呼び名）を送ってください",
        &["本名でなくても大丈夫です。", "例：よしこ"],
    ))
}

pub(super) fn name_refused(fault: NameFault) -> Speech {
    let reason = match fault {
        NameFault::Empty => "読める文字がありませんでした。".to_owned(),
        NameFault::TooLong(max) => format!("名前は{max}文字までです。"),
    };
    Speech::Card(card("もう一度、名前を送ってください", &[&reason]))
}

pub(super) fn ask_team_name() -> Speech {
    Speech::Card(card(
        "チームの名前を送ってください",
        &["見守る方と、見守られる方のあつまりです。", "例：田中家、みどり町会3班"],
    ))
}

pub(super) fn ask_team_kind(name: &Name, most: usize) -> Speech {
    let mut card = card(
        "どんなチームですか？",
        &[&format!("「{name}」"), &format!("家族などは、見守る方が{most}人までです。")],
    );
    card.buttons = vec![
        Button::choice("家族など（個人）", Press::Kind(TeamKind::Personal)),
        Button::choice("町会・団体など", Press::Kind(TeamKind::Organization)),
    ];
    Speech::Card(card)
}

pub(super) fn ask_interval(proposal: Option<(Interval, Hour, AlertTime)>) -> Speech {
    let mut card = card("何日ごとに聞きますか？", &[]);
    if let Some((interval, hour, alert)) = proposal {
        let time = format!("{} {}", words::interval(interval), when::hour(hour));
        card.body.push(format!("おすすめは「{time}」です。"));
        card.body.push(format!("お返事がないときのお知らせは、{}です。", when::alert(alert)));
        card.buttons.push(Button::main(format!("{time}ではじめる"), Press::AsProposed));
    } else {
        card.body.push("まよったら「毎日」がおすすめです。".to_owned());
    }
    let choices = Interval::ALL;
    card.buttons
        .extend(choices.map(|days| Button::choice(words::interval(days), Press::Interval(days))));
    Speech::Card(card)
}

pub(super) fn ask_hour(interval: Interval, all: bool, alerts: &[(Hour, AlertTime)]) -> Speech {
    let button = |(hour, alert): &(Hour, AlertTime)| {
        let label = when::hour(*hour);
        Button::choice(label, Press::Hour(*hour))
            .noted(format!("お知らせ\n{}", when::alert(*alert)))
    };
    if all {
        let alt = "何時に聞きますか？ 時刻を選んでください".to_owned();
        let cards = alerts.chunks(6).map(|part| Card {
            title: hour_span(part),
            buttons: part.iter().map(button).collect(),
            ..Card::default()
        });
        return Speech::Cards { alt, cards: cards.collect() };
    }
    let mut card = card(
        "何時に聞きますか？",
        &[
            &format!("「{}」ですね。", words::interval(interval)),
            "朝の6時から9時がおすすめです。お返事がないときのお知らせが、昼間に届きます。",
        ],
    );
    card.buttons = alerts.iter().map(button).collect();
    card.buttons.push(Button::small("ほかの時間", Press::AllHours));
    Speech::Card(card)
}

fn hour_span(part: &[(Hour, AlertTime)]) -> String {
    match (part.first(), part.last()) {
        (Some((first, _)), Some((last, _))) => {
            format!("{}から{}", when::hour(*first), when::hour(*last))
        }
        _ => String::new(),
    }
}

pub(super) fn ready(message: &Message) -> Speech {
    let Message::Ready { name, interval, hour, first, alert, watched_by } = message else {
        return Speech::Text(String::new());
    };
    let mut card = card("準備ができました", &[]);
    card.tone = Tone::Good;
    card.head = Some(format!("{name}さん"));
    card.body = vec![
        format!("{} {}に聞きます。", words::interval(*interval), when::hour(*hour)),
        format!("はじめは{}です。", when::date_time(*first)),
        "届いたら「げんきです」を押すだけです。".to_owned(),
    ];
    let told = when::alert(*alert);
    card.body.push(match watched_by {
        WatchedBy::Office => format!("お返事がないときは、{told}、事務局に知らせます。"),
        _ => format!("お返事がないとき、見守る方へのお知らせは{told}です。"),
    });
    card.body.push(match watched_by {
        WatchedBy::Office => "見守る方：事務局".to_owned(),
        WatchedBy::People(watchers) => format!("見守る方：{}", people(watchers)),
        WatchedBy::Nobody(true) => {
            "見守る方が、まだいません。次の招待を、見守ってほしい方に送ってください。".to_owned()
        }
        WatchedBy::Nobody(false) => {
            "見守る方が、まだいません。そのあいだは、事務局に知らせます。".to_owned()
        }
    });
    card.buttons = vec![Button::main("ためしに押してみる", Press::Practise)];
    Speech::Card(card)
}

pub(super) fn practice(name: &Name) -> Speech {
    Speech::Card(Card {
        alt: "げんきですか？（ためし）ボタンを押してください".to_owned(),
        tone: Tone::Practice,
        head: Some(format!("{name}さん（ためし）")),
        title: "げんきですか？".to_owned(),
        big: true,
        body: vec!["ためしです。下のボタンを押してください。".to_owned()],
        buttons: vec![Button::main("げんきです", Press::Practised)],
        ..Card::default()
    })
}

pub(super) fn practised(next: Option<DateTime>) -> Speech {
    let mut card = card("じょうずに押せました", &["本番も、このように押すだけです。"]);
    card.tone = Tone::Good;
    if let Some(next) = next {
        card.body.push(format!("はじめの確認は{}です。", when::date_time(next)));
    }
    Speech::Card(card)
}

pub(super) fn team_made(id: TeamId, name: &TeamName, personal: bool) -> Speech {
    let mut card = card(
        format!("「{}」ができました", team(name)),
        &[
            "次の招待を、見守られる方に送ってください。",
            "聞く日と時刻は、参加する方が自分で選べます。",
        ],
    );
    card.tone = Tone::Good;
    if personal {
        card.body.push("見守る方は、ほかにも招待できます。".to_owned());
    }
    card.buttons = vec![Button::choice("見守る方も招待する", Press::Invite(id, CodeKind::Manager))];
    Speech::Card(card)
}

pub(super) fn invite_choice(teams: &[InviteTeam]) -> Speech {
    let mut cards: Vec<Card> = teams.iter().map(invite_card).collect();
    match (cards.len(), cards.pop()) {
        (1, Some(only)) => Speech::Card(only),
        (_, last) => {
            cards.extend(last);
            Speech::Cards { alt: INVITE_TITLE.to_owned(), cards }
        }
    }
}

const INVITE_TITLE: &str = "どなたを招待しますか？";

fn invite_card(choice: &InviteTeam) -> Card {
    let mut card = card(INVITE_TITLE, &[&team(&choice.name)]);
    card.buttons = choice
        .kinds
        .iter()
        .map(|kind| {
            let label = match kind {
                CodeKind::Manager => "見守る方を招待",
                CodeKind::Leaflet => "見守られる方を招待",
                CodeKind::Either => "役割は相手が選ぶ招待",
            };
            Button::choice(label, Press::Invite(choice.team, *kind))
        })
        .collect();
    card
}

/// Plain text, so that it can be passed on with one long press.
pub(super) fn invitation(
    inviter: &Name,
    name: &TeamName,
    kind: CodeKind,
    code: Code,
    expires: Option<DateTime>,
    voice: &Voice,
) -> Speech {
    let role = match kind {
        CodeKind::Manager => "見守る方",
        CodeKind::Leaflet => "見守られる方",
        CodeKind::Either => "家族",
    };
    let mut lines = vec![
        format!("{inviter}さんから、見守りサービスへの招待です（{role}）。"),
        format!("チーム：{}", team(name)),
        String::new(),
    ];
    let typed = format!("{} {code}", words::CODE_MARK);
    if let Some(link) = voice.chat_link(&typed) {
        lines.push("①スマートフォンで下を押し、開いたトークでそのまま送ってください。".to_owned());
        lines.push(link);
        lines.push(String::new());
        lines.push("②うまくいかないときは、こちらのページとQRコードをどうぞ。".to_owned());
    } else {
        lines.push("こちらのページをどうぞ。".to_owned());
    }
    lines.push(format!("{}/i/{}", voice.public_url, code.plain()));
    lines.push(String::new());
    lines.push(typed);
    match expires {
        Some(end) => lines.push(format!("（1人だけ使えます。{}まで）", when::date(end))),
        None => lines.push("（何人でも使えます）".to_owned()),
    }
    Speech::Text(lines.join("\n"))
}

pub(super) fn ask_code() -> Speech {
    Speech::Card(card(
        "招待コードを送ってください",
        &["8つの文字です。例：ABCD-2345", "大文字でも小文字でも大丈夫です。"],
    ))
}

pub(super) fn code_refused(voice: &Voice) -> Speech {
    let mut card = card(
        "このコードは使えませんでした",
        &["文字をもう一度たしかめてください。古いコードかもしれません。"],
    );
    if let Some(phone) = &voice.phone {
        card.body.push(format!("わからないときは{phone}へどうぞ。"));
    }
    Speech::Card(card)
}

pub(super) fn code_later() -> Speech {
    Speech::Card(card(
        "1時間ほどあとで、もう一度送ってください",
        &["ちがうコードが何度も届いたので、いちど止めています。"],
    ))
}

pub(super) fn already_in(name: &TeamName) -> Speech {
    Speech::Card(card("もう参加しています", &[&format!("チーム：{}", team(name))]))
}

pub(super) fn team_full(name: &TeamName) -> Speech {
    Speech::Card(card(
        "見守る方が、もういっぱいです",
        &[&format!("チーム：{}", team(name)), "招待した方に聞いてみてください。"],
    ))
}

/// What others may know of a member.
pub(super) fn shared(policy: Policy) -> &'static str {
    match policy {
        Policy::Nothing => "伝わるのは、呼び名だけです。本名や住所は聞きません。",
        Policy::Number => {
            "チームの見守る方と事務局は、決めた番号を見られます。本名や住所は聞きません。"
        }
        Policy::Name => "チームの見守る方と事務局は、氏名を見られます。住所は聞きません。",
        Policy::Full => {
            "チームの見守る方と事務局は、氏名・住所・電話・近親者を見られます。LINEでは送りません。"
        }
    }
}

pub(super) fn confirm(message: &Message) -> Speech {
    let Message::ConfirmJoin { code, team: name, inviter, roles, policy, statement } = message
    else {
        return Speech::Text(String::new());
    };
    let code = *code;
    let mut card = card(format!("{}への招待です", team(name)), &[]);
    card.head = Some(format!("{}から", who(inviter)));
    card.alt = format!("参加しますか？ {}への招待です", team(name));
    let several = roles.len() > 1;
    for role in roles {
        match role {
            Role::Member => {
                card.body.push("見守られる方：お返事のようすが、見守る方に伝わります。".to_owned());
                card.body.push(shared(*policy).to_owned());
                if let Some(statement) = statement {
                    card.body.push(format!(
                        "「{}」のためのチームです。参加すると、そうだと申し出たことになります。",
                        statement.as_str()
                    ));
                }
            }
            Role::Manager | Role::Applicant => {
                card.body.push("見守る方：お返事がないときに、お知らせが届きます。".to_owned());
            }
        }
    }
    card.body.push(
        if several {
            "あなたの役割を選んでください。"
        } else {
            "参加しますか？"
        }
        .to_owned(),
    );
    card.buttons = roles
        .iter()
        .map(|role| match (role, several) {
            (_, false) => Button::main("参加する", Press::Join(code, *role)),
            (Role::Member, true) => {
                Button::choice("見守られる方で参加する", Press::Join(code, *role))
            }
            (Role::Manager | Role::Applicant, true) => {
                Button::choice("見守る方で参加する", Press::Join(code, *role))
            }
        })
        .collect();
    card.buttons.push(Button::small("ちがいます", Press::Decline(code)));
    Speech::Card(card)
}

pub(super) fn declined() -> Speech {
    Speech::Card(card("わかりました", &["何もしていません。"]))
}

pub(super) fn test_alert(id: TeamId, name: &TeamName, members: &Watchers) -> Speech {
    let whose =
        if members.names.is_empty() { format!("「{}」", team(name)) } else { people(members) };
    let mut card = card(
        format!("あなたは{whose}の見守る方です"),
        &["お返事がないとき、このようにお知らせが届きます。", "届いたら、下を押してください。"],
    );
    card.alt = format!("ためしのお知らせです。あなたは{whose}の見守る方です");
    card.tone = Tone::Practice;
    card.head = Some("ためしのお知らせ".to_owned());
    card.buttons = vec![Button::main("受け取れます", Press::Receives(id))];
    Speech::Card(card)
}

pub(super) fn receives_thanks(name: &TeamName) -> Speech {
    let mut card = card(
        "ありがとうございます",
        &[
            &format!("「{}」のお知らせが、ここに届きます。", team(name)),
            "LINEの通知を、切らないでおいてください。",
        ],
    );
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn member_joined(name: &Name, of: &TeamName, next: Option<DateTime>) -> Speech {
    let mut card = card(format!("{name}さんが参加しました"), &[&format!("チーム：{}", team(of))]);
    card.tone = Tone::Good;
    if let Some(next) = next {
        card.body.push(format!("次の確認は{}です。", when::date_time(next)));
    }
    Speech::Card(card)
}

pub(super) fn manager_joined(name: &Name) -> Speech {
    let mut card = card(
        format!("{name}さんが見守る方として参加しました"),
        &["お返事がないときは、この方に知らせます。"],
    );
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn manager_unreachable(who: &Name, of: &TeamName, blocked: bool) -> Speech {
    let (title, line) = if blocked {
        (
            format!("{who}さんに届かなくなりました"),
            "お返事がないときの知らせが、この方に届きません。",
        )
    } else {
        (
            format!("{who}さんに届いているか、わかりません"),
            "年に1度の「受け取れます」が、2週間押されていません。",
        )
    };
    let mut card = card(
        title,
        &[
            &format!("「{}」を、いっしょに見守っている方です。", team(of)),
            line,
            "LINEを使っているか、聞いてみてください。",
        ],
    );
    card.tone = Tone::Alarm;
    Speech::Card(card)
}

pub(super) fn nobody_watches(of: &TeamName, voice: &Voice) -> Speech {
    let mut card = card(
        "見守る方に、知らせが届きません",
        &[
            &format!("チーム：{}", team(of)),
            "「げんきですか」は、これからも届きます。",
            "新しく見守る方を、招待してください。",
        ],
    );
    if let Some(phone) = &voice.phone {
        card.body.push(format!("困ったときは{phone}へどうぞ。"));
    }
    card.tone = Tone::Alarm;
    card.buttons = vec![Button::choice("招待する", Press::InviteAny)];
    Speech::Card(card)
}
