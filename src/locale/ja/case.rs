//! Alerts and what follows them, to those who watch.

use jiff::civil::DateTime;

use super::super::{Button, Card, Speech, Tone};
use super::{card, team, when};
use crate::domain::case::{Outcome, Trouble};
use crate::domain::id::CaseId;
use crate::domain::message::Silence;
use crate::domain::name::Name;
use crate::domain::press::Press;

pub(super) fn alert(case: CaseId, trouble: Trouble, silence: &Silence) -> Speech {
    let name = &silence.name;
    let (act, title, advice) = match trouble {
        Trouble::NoAnswer => (
            "お返事がありません",
            format!("{name}さんのお返事がありません"),
            "電話などで、ようすの確認をお願いします。",
        ),
        Trouble::NotSent => (
            "未確認です（送信できず）",
            format!("{name}さんは未確認です（送信できません）"),
            "LINEで聞くことができませんでした。お返事がないのとはちがいます。電話などで確認をお願いします。",
        ),
        Trouble::Unreachable => (
            "届かなくなりました",
            format!("{name}さんに届かなくなりました"),
            "LINEが届きません（ブロック、機種変更など）。お返事がないのとはちがいます。ご本人に確かめてください。",
        ),
    };
    let mut body = facts(silence);
    body.push(advice.to_owned());
    Speech::Card(Card {
        alt: format!("{act}：{name}さん。確認をお願いします"),
        tone: Tone::Alarm,
        head: Some(heading(silence)),
        title,
        body,
        buttons: vec![
            Button::main("対応します", Press::Claim(case)),
            Button::choice("ようすを見る", Press::Look(case)),
        ],
        ..Card::default()
    })
}

fn heading(silence: &Silence) -> String {
    let teams: Vec<String> = silence.teams.iter().map(team).collect();
    if teams.is_empty() {
        "見守り".to_owned()
    } else {
        format!("見守り（{}）", teams.join("、"))
    }
}

fn facts(silence: &Silence) -> Vec<String> {
    let line = |label: &str, at: Option<DateTime>| {
        at.map(|at| format!("{label}\n{}", when::date_time(at)))
    };
    let known = [
        line("聞いた日時", silence.asked_at),
        line("もう一度聞いた日時", silence.resent_at),
        line("前のお返事", silence.last_answer_at),
    ];
    known.into_iter().flatten().collect()
}

fn result_buttons(case: CaseId) -> Vec<Button> {
    vec![
        Button::choice("無事でした", Press::FoundWell(case)),
        Button::choice("連絡がつきません", Press::NoContact(case)),
        Button::choice("救急・警察に連絡", Press::Emergency(case)),
    ]
}

pub(super) fn claimed_by_you(case: CaseId, name: &Name) -> Speech {
    let mut card = card(
        "ありがとうございます。お願いします",
        &[
            &format!("{name}さんに、まず電話をしてみてください。"),
            "ほかの方には、あなたが対応すると伝えました。",
            "結果が出たら、押してください。",
        ],
    );
    card.buttons = result_buttons(case);
    Speech::Card(card)
}

pub(super) fn claimed_by(who: &Name, name: &Name) -> Speech {
    Speech::Card(card(
        format!("{who}さんが対応します"),
        &[&format!("{name}さんのことは、{who}さんが確かめます。ほかの方はお待ちください。")],
    ))
}

pub(super) fn claimed_already(who: &Name) -> Speech {
    Speech::Card(card(
        format!("もう、{who}さんが対応しています"),
        &[&format!("手伝うときは、{who}さんに連絡してください。")],
    ))
}

pub(super) fn standing(
    case: CaseId,
    silence: &Silence,
    claimer: Option<&Name>,
    open: bool,
) -> Speech {
    let name = &silence.name;
    let mut card = card(format!("{name}さんのようす"), &[]);
    card.head = Some(heading(silence));
    card.body = facts(silence);
    card.body.push(match (open, claimer) {
        (false, _) => "この件は、もう終わっています。".to_owned(),
        (true, Some(who)) => format!("{who}さんが対応しています。"),
        (true, None) => "まだ、対応する方が決まっていません。".to_owned(),
    });
    if open {
        card.buttons = match claimer {
            None => vec![Button::main("対応します", Press::Claim(case))],
            Some(_) => result_buttons(case),
        };
    }
    Speech::Card(card)
}

pub(super) fn all_clear(name: &Name, at: DateTime) -> Speech {
    let mut card = card(
        format!("{name}さんは無事です"),
        &[
            &format!("ご本人からお返事がありました（{}）。", when::date_time(at)),
            "ありがとうございました。",
        ],
    );
    card.alt = format!("無事です：{name}さんからお返事がありました");
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn found_well(who: &Name, name: &Name, at: DateTime) -> Speech {
    let mut card = card(
        format!("{name}さんは無事でした"),
        &[
            &format!("{who}さんが確かめました（{}）。", when::date_time(at)),
            "ありがとうございました。",
        ],
    );
    card.alt = format!("無事でした：{name}さん（{who}さんが確認）");
    card.tone = Tone::Good;
    Speech::Card(card)
}

pub(super) fn ask_reason(case: CaseId, name: &Name) -> Speech {
    let mut card = card(
        "無事でよかったです",
        &[
            "ほかの方にも、無事と知らせました。",
            &format!("{name}さんのお返事がなかったわけを、教えてください。"),
        ],
    );
    card.tone = Tone::Good;
    card.buttons = Outcome::REASONS
        .map(|outcome| Button::choice(reason_word(outcome), Press::Reason(case, outcome)))
        .to_vec();
    Speech::Card(card)
}

fn reason_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "本人から返事",
        Outcome::Well => "無事",
        Outcome::Forgot => "押し忘れ",
        Outcome::PhoneTrouble => "スマホの不調",
        Outcome::Travel => "旅行",
        Outcome::Hospital => "入院",
        Outcome::Unwell => "転倒・体調不良",
        Outcome::Ambulance => "救急",
        Outcome::Died => "死亡",
        Outcome::HandedOn => "連絡不能で引継",
        Outcome::FalseAlarm => "誤報",
        Outcome::Other => "その他",
    }
}

pub(super) fn reason_thanks(outcome: Outcome) -> Speech {
    Speech::Card(card(
        "ありがとうございました",
        &[&format!("「{}」と記録しました。", reason_word(outcome))],
    ))
}

pub(super) fn no_contact_advice(case: CaseId, name: &Name) -> Speech {
    let mut card = card(
        "わかりました。記録しました",
        &[
            "近くの方と、家を見に行けますか。",
            "郵便がたまっている、明かりがついたまま、などのときは、110や119に電話してください。",
            &format!("{name}さんの大家さんや管理会社に聞くこともできます。"),
        ],
    );
    card.tone = Tone::Alarm;
    card.buttons = vec![
        Button::choice("無事でした", Press::FoundWell(case)),
        Button::choice("救急・警察に連絡", Press::Emergency(case)),
        Button::link("119に電話", "tel:119"),
    ];
    Speech::Card(card)
}

pub(super) fn no_contact_by(case: CaseId, who: &Name, name: &Name) -> Speech {
    let mut card = card(
        format!("{name}さんに連絡がつきません"),
        &[
            &format!("{who}さんから知らせがありました。"),
            &format!("手伝える方は、{who}さんに連絡してください。"),
        ],
    );
    card.alt = format!("連絡がつきません：{name}さん。手伝いをお願いします");
    card.tone = Tone::Alarm;
    card.buttons = vec![Button::choice("ようすを見る", Press::Look(case))];
    Speech::Card(card)
}

pub(super) fn emergency_noted(case: CaseId, name: &Name) -> Speech {
    let mut card = card(
        "わかりました。記録しました",
        &[
            &format!("{name}さんのことは、救急・警察が引き受けます。"),
            "まだ電話をしていないときは、119に電話してください。",
        ],
    );
    card.tone = Tone::Alarm;
    card.buttons = vec![
        Button::choice("無事でした", Press::FoundWell(case)),
        Button::link("119に電話", "tel:119"),
    ];
    Speech::Card(card)
}

pub(super) fn emergency_by(who: &Name, name: &Name) -> Speech {
    let mut card = card(
        format!("{name}さんのことで救急・警察に連絡しました"),
        &[&format!("{who}さんが連絡しました。")],
    );
    card.alt = format!("救急・警察に連絡しました：{name}さん");
    card.tone = Tone::Alarm;
    Speech::Card(card)
}

pub(super) fn over(name: &Name) -> Speech {
    Speech::Card(card("この件は、もう終わっています", &[&format!("{name}さんのことです。")]))
}

pub(super) fn reachable_again(name: &Name) -> Speech {
    let mut card = card(
        format!("{name}さんに、また届くようになりました"),
        &["確認は、いつものとおり続けます。"],
    );
    card.tone = Tone::Good;
    Speech::Card(card)
}
