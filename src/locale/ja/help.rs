//! Help: in trouble, not well, wanting to talk.

use jiff::civil::DateTime;

use super::super::{Button, Look, Speech, Tone, Voice};
use super::{card, case, people, push_phone, when, who};
use crate::domain::case::Trouble;
use crate::domain::id::CaseId;
use crate::domain::message::{Watchers, Who};
use crate::domain::name::Name;
use crate::domain::press::Press;

pub(super) fn call_119() -> Button {
    Button { look: Look::Choice, ..Button::link("119に電話", "tel:119") }
}

pub(super) fn ask(watched: bool, voice: &Voice) -> Speech {
    let mut card = card(
        "いのちに関わるときは、119に電話してください",
        &["すぐに人が来るサービスではありません。"],
    );
    card.alt = "119に電話してください。見守る方に知らせることもできます".to_owned();
    card.tone = Tone::Alarm;
    push_phone(&mut card, voice);
    card.buttons.push(call_119());
    if watched {
        card.body.push("何も押さないときは、2分たつと、見守る方に知らせます。".to_owned());
        card.buttons.push(Button::choice("見守る方に知らせる", Press::TellHelp));
        card.buttons.push(Button::small("まちがえました", Press::HelpMistake));
    }
    Speech::Card(card)
}

pub(super) fn sent(told: &Watchers, voice: &Voice) -> Speech {
    let mut card = if told.names.is_empty() {
        let mut card = card("事務局に知らせました", &["見守る方には、いま届きません。"]);
        push_phone(&mut card, voice);
        card
    } else {
        card(format!("{}に知らせました", people(told)), &["対応する方が決まったら、お伝えします。"])
    };
    card.tone = Tone::Alarm;
    card.body
        .push("すぐに人が来るとは、かぎりません。急ぐときは119に電話してください。".to_owned());
    card.buttons = vec![call_119(), Button::small("まちがえました", Press::HelpMistake)];
    Speech::Card(card)
}

pub(super) fn cancelled() -> Speech {
    Speech::Card(card("わかりました", &["取り消しました。"]))
}

pub(super) fn taken(by: &Who) -> Speech {
    let mut card = card(
        format!("{}が対応します", who(by)),
        &["連絡を待ってください。急ぐときは119に電話してください。"],
    );
    card.tone = Tone::Good;
    card.buttons = vec![call_119()];
    Speech::Card(card)
}

pub(super) fn ask_unwell(voice: &Voice) -> Speech {
    let mut card = card(
        "見守る方に知らせましょうか？",
        &[
            "調子がよくないようですね。",
            "お返事は受け取りました。急ぐときは119に電話してください。",
        ],
    );
    push_phone(&mut card, voice);
    card.buttons = vec![
        Button::choice("知らせる", Press::TellUnwell),
        call_119(),
        Button::small("だいじょうぶ", Press::AllRight),
    ];
    Speech::Card(card)
}

pub(super) fn noted(trouble: Trouble) -> Speech {
    let title = match trouble {
        Trouble::WantsTalk => "話したいと、見守る方に伝えます",
        _ => "調子がよくないと、見守る方に伝えます",
    };
    let mut card = card(
        title,
        &[
            "お返事は受け取りました。",
            "朝9時から夕方6時のあいだに伝えます。",
            "急ぐときは119に電話してください。",
        ],
    );
    card.buttons = vec![call_119()];
    Speech::Card(card)
}

pub(super) fn soft_alert(id: CaseId, name: &Name, trouble: Trouble, at: DateTime) -> Speech {
    let (title, line) = match trouble {
        Trouble::WantsTalk => (
            format!("{name}さんが、話したいそうです"),
            "時間のあるときに、電話をしてみてください。",
        ),
        _ => (
            format!("{name}さんは、すこし調子が悪いそうです"),
            "時間のあるときに、声をかけてください。",
        ),
    };
    let when = format!("お返事：{}", when::date_time(at));
    let mut card = card(title, &[&when, line]);
    card.alt = format!("{}：{name}さん", case::short(trouble));
    card.buttons = vec![Button::choice("声をかけました", Press::SoftDone(id))];
    Speech::Card(card)
}

pub(super) fn soft_done_by(by: &Who, name: &Name) -> Speech {
    let mut card = card(format!("{}が、{name}さんに声をかけました", who(by)), &[]);
    card.tone = Tone::Good;
    Speech::Card(card)
}
