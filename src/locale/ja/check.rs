//! The check-in itself: the question, the second call, thanks.

use jiff::civil::DateTime;

use super::super::{Button, Card, Speech, Tone, Voice, quotes};
use super::{card, people, push_phone, when};
use crate::domain::id::{CaseId, PersonId};
use crate::domain::message::{Hears, Message, Watchers};
use crate::domain::name::Name;
use crate::domain::press::Press;
use crate::domain::time::Moment;

type Round = (PersonId, Moment);

pub(super) fn ask(name: &Name, round: Round, local: DateTime, quote: bool) -> Speech {
    let greeting = match local.hour() {
        4..=10 => "おはようございます。",
        11..=16 => "こんにちは。",
        _ => "こんばんは。",
    };
    Speech::Card(Card {
        alt: format!("げんきですか？ ボタンを押してください（{name}さん）"),
        head: Some(format!("{name}さん、{greeting}")),
        title: "げんきですか？".to_owned(),
        big: true,
        quote: quotes::of_day(local.date()).filter(|_| quote).map(str::to_owned),
        buttons: answers(round),
        ..Card::default()
    })
}

/// One big button, and two small answers under it.
fn answers((person, due_at): Round) -> Vec<Button> {
    vec![
        Button::main("げんきです", Press::Well(person, due_at)),
        Button::small("すこし調子が悪い", Press::Unwell(person, due_at)),
        Button::small("話したい", Press::WantsTalk(person, due_at)),
    ]
}

pub(super) fn resend(
    name: &Name,
    round: Round,
    alert: DateTime,
    told: Hears,
    sorry: bool,
) -> Speech {
    let until = when::date_time(alert);
    let warning = match told {
        Hears::Watchers => format!("{until}までに返事がないと、見守る方に知らせます。"),
        Hears::Office => format!("{until}までに返事がないと、事務局から電話などで確かめます。"),
        Hears::Nobody => "お返事をお待ちしています。".to_owned(),
    };
    let mut body = vec!["前の確認のお返事が、まだ届いていません。".to_owned(), warning];
    if sorry {
        body.insert(0, SORRY.to_owned());
    }
    Speech::Card(Card {
        alt: format!("お返事がまだです。げんきですか？（{name}さん）"),
        head: Some(format!("{name}さん（2回目のおたずね）")),
        title: "げんきですか？".to_owned(),
        big: true,
        body,
        buttons: answers(round),
        ..Card::default()
    })
}

const SORRY: &str = "申し訳ありません。こちらの不具合で、お返事を受け取れなかったかもしれません。";

pub(super) fn sorry(name: &Name, round: Round, alert: Option<DateTime>) -> Speech {
    let mut body = vec![SORRY.to_owned(), "もう押した方も、もう一度押してください。".to_owned()];
    if let Some(alert) = alert {
        let until = when::date_time(alert);
        body.push(format!("{until}までに返事がないと、見守る方に知らせます。"));
    }
    Speech::Card(Card {
        alt: format!("もう一度押してください。申し訳ありません（{name}さん）"),
        head: Some(format!("{name}さん（もう一度のおねがい）")),
        title: "げんきですか？".to_owned(),
        big: true,
        body,
        buttons: answers(round),
        ..Card::default()
    })
}

pub(super) fn thanks(next: Option<DateTime>, undo: Undo, by_other: bool) -> Speech {
    let line = if by_other {
        "お元気と記録しました。"
    } else {
        "お返事を受け取りました。"
    };
    let mut card = card("ありがとうございます", &[line]);
    card.tone = Tone::Good;
    push_next(&mut card, next);
    push_undo(&mut card, undo, by_other);
    Speech::Card(card)
}

/// The answer that can be taken back, and the case that it ended.
type Undo = Option<(Moment, Option<CaseId>)>;

fn push_undo(card: &mut Card, undo: Undo, by_other: bool) {
    if let Some((at, case)) = undo {
        let label = if by_other { "ちがいます" } else { "まちがえて押した" };
        card.buttons.push(Button::small(label, Press::NotMeant(at, case)));
    }
}

pub(super) fn undone() -> Speech {
    Speech::Card(card(
        "取り消しました",
        &[
            "まだ、お返事がないものとして、お待ちします。",
            "げんきなときに「げんきです」を押してください。",
        ],
    ))
}

pub(super) fn early_thanks(left_out: DateTime, next: Option<DateTime>) -> Speech {
    let left_out = when::date_time(left_out);
    let mut card = card(
        "ありがとうございます",
        &[&format!("{left_out}の確認のお返事として、先に受け取りました。")],
    );
    card.tone = Tone::Good;
    push_next(&mut card, next);
    Speech::Card(card)
}

fn push_next(card: &mut Card, next: Option<DateTime>) {
    if let Some(next) = next {
        card.body.push(format!("次は{}に聞きます。", when::date_time(next)));
    }
}

pub(super) fn already(next: Option<DateTime>) -> Speech {
    let mut card = card("もう受け取っています", &["ありがとうございます。"]);
    card.tone = Tone::Good;
    push_next(&mut card, next);
    Speech::Card(card)
}

pub(super) fn glad() -> Speech {
    let mut card = card("お元気で何よりです", &["受け取りました。ありがとうございます。"]);
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn late_thanks(told: &Watchers, undo: Undo, by_other: bool) -> Speech {
    let mut card = card(
        "お返事ありがとうございます",
        &["安心しました。", &format!("{}にも「無事」と知らせました。", people(told))],
    );
    card.tone = Tone::Good;
    push_undo(&mut card, undo, by_other);
    Speech::Card(card)
}

pub(super) fn unknown(voice: &Voice) -> Speech {
    let mut card = card(
        "読みました",
        &["文を受け取りました。げんきなときは、下の「げんきです」を押してください。"],
    );
    card.body.push("急ぐときは119へ電話してください。".to_owned());
    push_phone(&mut card, voice);
    card.buttons =
        vec![Button::choice("げんきです", Press::WellNow), Button::small("使い方", Press::Usage)];
    Speech::Card(card)
}

pub(super) fn try_again() -> Speech {
    Speech::Card(card(
        "うまくいきませんでした",
        &["このボタンは使えません。「使い方」と送ると、できることが出ます。"],
    ))
}

pub(super) fn usage(message: &Message, voice: &Voice) -> Speech {
    let Message::Usage { next, placed, watches, can_invite } = *message else {
        return Speech::Text(String::new());
    };
    let mut card = card(
        "使い方",
        &[
            "①「げんきですか？」が届いたら「げんきです」を押します。",
            "②お返事がないときは、もう一度聞きます。それでもないと、見守る方に知らせます。",
        ],
    );
    card.alt = "使い方をお送りします。「げんきです」を押すだけです".to_owned();
    push_next(&mut card, next);
    card.body.push("すぐに人が来るサービスではありません。急ぐときは119へ。".to_owned());
    push_phone(&mut card, voice);
    if watches {
        card.buttons.push(Button::choice("いまのようす", Press::Overview));
    }
    if can_invite {
        card.buttons.push(Button::choice("招待する", Press::InviteAny));
    }
    if placed {
        card.buttons.push(Button::choice("マイページ", Press::MyPage));
    } else {
        card.buttons.push(Button::choice("見守ってもらう", Press::BeWatched));
        card.buttons.push(Button::choice("見守る", Press::KeepWatch));
    }
    if next.is_some() {
        card.buttons.push(Button::small("ためしに押してみる", Press::Practise));
    }
    card.buttons.push(Button::small("招待コードがある", Press::HaveCode));
    Speech::Card(card)
}
