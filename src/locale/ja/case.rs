//! Alerts and what follows them, to those who watch.

use jiff::civil::DateTime;

use super::super::{Button, Card, Speech, Tone, Voice};
use super::{card, shortened, team, when, who};
use crate::domain::case::{Mark, Outcome, Trouble};
use crate::domain::id::CaseId;
use crate::domain::message::{OpenCase, Silence, Who};
use crate::domain::name::Name;
use crate::domain::page::PageLink;
use crate::domain::person::EndReason;
use crate::domain::press::Press;

/// How a trouble is told: on a locked screen, as a headline, and what to do about it.
fn told(trouble: Trouble, name: &Name) -> (&'static str, String, &'static str) {
    match trouble {
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
        Trouble::Unheard => (
            "未確認です（受け取れず）",
            format!("{name}さんは未確認です（お返事を受け取れません）"),
            "こちらの不具合で、お返事があっても受け取れませんでした。お返事がないのとはちがいます。電話などで確認をお願いします。",
        ),
        Trouble::Help => (
            "「こまった」が押されました",
            format!("{name}さんが「こまった」と知らせています"),
            "すぐに電話で確かめてください。つながらないときは、119に電話してください。",
        ),
        Trouble::Unwell => (
            "調子がよくないそうです",
            format!("{name}さんは、すこし調子が悪いそうです"),
            "お返事はありました。時間のあるときに、声をかけてください。",
        ),
        Trouble::WantsTalk => (
            "話したいそうです",
            format!("{name}さんが、話したいそうです"),
            "お返事はありました。時間のあるときに、電話をしてみてください。",
        ),
        Trouble::Called => (
            "「こまった」のあと、操作がありません",
            format!("{name}さんが「こまった」を押しました"),
            "そのあと、操作がありません。すぐに電話で確かめてください。",
        ),
        Trouble::NotPhoned => (
            "未確認です（電話できず）",
            format!("{name}さんは未確認です（まだ電話していません）"),
            "電話で聞く日でしたが、まだ電話していません。お返事がないのとはちがいます。確認をお願いします。",
        ),
    }
}

/// The short name of a trouble, for a list.
pub(super) fn short(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoAnswer => "お返事がありません",
        Trouble::NotSent => "未確認（送信できず）",
        Trouble::Unreachable => "届きません",
        Trouble::Unheard => "未確認（受け取れず）",
        Trouble::Help => "「こまった」",
        Trouble::Unwell => "調子が悪い",
        Trouble::WantsTalk => "話したい",
        Trouble::Called => "「こまった」のあと、操作なし",
        Trouble::NotPhoned => "未確認（電話できず）",
    }
}

pub(super) fn alert(
    case: CaseId,
    trouble: Trouble,
    silence: &Silence,
    mark: Mark,
    next_step: bool,
) -> Speech {
    let (act, title, advice) = told(trouble, &silence.name);
    let mut body = facts(silence);
    body.extend(mark_words(mark).map(str::to_owned));
    if next_step {
        body.push("チームに、対応する方がまだいません。".to_owned());
    }
    body.push(advice.to_owned());
    Speech::Card(Card {
        alt: format!("{act}：{}さん。確認をお願いします", silence.name),
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

fn mark_words(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::None => None,
        Mark::Late => Some("停止のため遅延：こちらの不具合で、お知らせが遅くなりました。"),
        Mark::TimeUnproven => Some("時刻未確認：こちらの時計がずれているかもしれません。"),
        Mark::AskedOnce => {
            Some("再送できず：2回目の「げんきですか？」は、LINEの不具合で送れませんでした。")
        }
    }
}

pub(super) fn alert_again(
    case: CaseId,
    trouble: Trouble,
    silence: &Silence,
    lapsed: Option<&Who>,
) -> Speech {
    let (_, title, advice) = told(trouble, &silence.name);
    let name = &silence.name;
    let reason = match lapsed {
        Some(by) => format!("{}から、結果の知らせがありません。", who(by)),
        None => "まだ、対応する方が決まっていません。".to_owned(),
    };
    let mut body = vec![reason];
    body.extend(facts(silence));
    body.push(advice.to_owned());
    Speech::Card(Card {
        alt: format!("対応する方がいません：{name}さん。お願いできますか"),
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

pub(super) fn nudge(case: CaseId, name: &Name) -> Speech {
    let mut card = card(
        format!("{name}さんのようすは、どうでしたか"),
        &[
            "「対応します」を押してから、時間がたちました。",
            "結果を押してください。押さないと、ほかの方にもう一度お願いします。",
        ],
    );
    card.tone = Tone::Alarm;
    card.buttons = result_buttons(case);
    Speech::Card(card)
}

pub(super) fn digest(cases: &[OpenCase], more: usize) -> Speech {
    let count = cases.len() + more;
    let mut card = card(format!("まだ終わっていない件が{count}件あります"), &[]);
    card.alt = format!("まだ終わっていない件が{count}件あります。確認をお願いします");
    card.tone = Tone::Alarm;
    for case in cases {
        let by = match &case.claimer {
            Some(by) => format!("{}が対応中", who(by)),
            None => "対応する方がいません".to_owned(),
        };
        let (name, since) = (&case.name, when::date(case.since));
        card.body.push(format!("{name}さん：{}（{since}から）\n{by}", short(case.trouble)));
        let label = shortened(&format!("{name}さんのようす"), 30);
        card.buttons.push(Button::choice(label, Press::Look(case.case)));
    }
    if more > 0 {
        card.body.push(format!("ほかに{more}件あります。「ようす」と送ると、見られます。"));
    }
    Speech::Card(card)
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
        Button::small("ほかの結果", Press::MoreReasons(case)),
    ]
}

pub(super) fn claimed_by_you(case: CaseId, name: &Name, link: PageLink, voice: &Voice) -> Speech {
    let mut card = card(
        "ありがとうございます。お願いします",
        &[
            &format!("{name}さんに、まず電話をしてみてください。"),
            "ほかの方には、あなたが対応すると伝えました。",
            "結果が出たら、押してください。",
        ],
    );
    if let Some(phone) = &voice.phone {
        card.body.push(format!("連絡先がわからないときは、事務局に聞いてください。\n{phone}"));
    }
    card.buttons = vec![Button::page("電話番号・手順を見る", link)];
    card.buttons.extend(result_buttons(case));
    Speech::Card(card)
}

pub(super) fn claimed_by(by: &Who, name: &Name) -> Speech {
    let who = who(by);
    Speech::Card(card(
        format!("{who}が対応します"),
        &[&format!("{name}さんのことは、{who}が確かめます。ほかの方はお待ちください。")],
    ))
}

pub(super) fn claimed_already(by: &Who) -> Speech {
    let who = who(by);
    Speech::Card(card(
        format!("もう、{who}が対応しています"),
        &[&format!("手伝うときは、{who}に連絡してください。")],
    ))
}

pub(super) fn standing(
    case: CaseId,
    silence: &Silence,
    claimer: Option<&Who>,
    open: bool,
    link: Option<PageLink>,
) -> Speech {
    let name = &silence.name;
    let mut card = card(format!("{name}さんのようす"), &[]);
    card.head = Some(heading(silence));
    card.body = facts(silence);
    card.body.push(match (open, claimer) {
        (false, _) => "この件は、もう終わっています。".to_owned(),
        (true, Some(by)) => format!("{}が対応しています。", who(by)),
        (true, None) => "まだ、対応する方が決まっていません。".to_owned(),
    });
    if open {
        card.buttons = match claimer {
            None => vec![Button::main("対応します", Press::Claim(case))],
            Some(_) => result_buttons(case),
        };
    }
    card.buttons.extend(link.map(|link| Button::page("くわしく見る", link)));
    Speech::Card(card)
}

pub(super) fn all_clear(name: &Name, at: DateTime, unwell: bool) -> Speech {
    if unwell {
        return answered_unwell(name, at);
    }
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

/// Alive, but "well" would say too much.
fn answered_unwell(name: &Name, at: DateTime) -> Speech {
    let mut card = card(
        format!("{name}さんからお返事がありました"),
        &[
            &format!("{}です。", when::date_time(at)),
            "調子がよくないのかもしれません。声をかけてみてください。",
        ],
    );
    card.alt = format!("お返事がありました：{name}さん。声をかけてください");
    Speech::Card(card)
}

pub(super) fn found_well(by: &Who, name: &Name, at: DateTime) -> Speech {
    let who = who(by);
    let mut card = card(
        format!("{name}さんは無事でした"),
        &[&format!("{who}が確かめました（{}）。", when::date_time(at)), "ありがとうございました。"],
    );
    card.alt = format!("無事でした：{name}さん（{who}が確認）");
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
    card.buttons.push(Button::small("ほかの結果", Press::MoreReasons(case)));
    Speech::Card(card)
}

pub(super) fn closed_by(by: &Who, name: &Name, outcome: Outcome, at: DateTime) -> Speech {
    let who = who(by);
    let mut card = card(
        format!("{name}さんの件は、終わりました"),
        &[
            &format!("結果：{}", reason_word(outcome)),
            &format!("{who}が確かめました（{}）。", when::date_time(at)),
            "ありがとうございました。",
        ],
    );
    card.alt = format!("{name}さんの件は終わりました（{}）", reason_word(outcome));
    Speech::Card(card)
}

pub(super) fn more_reasons(case: CaseId, name: &Name) -> Speech {
    let mut card = card("結果を選んでください", &[&format!("{name}さんのことです。")]);
    card.buttons = Outcome::MORE
        .into_iter()
        .filter(|outcome| *outcome != Outcome::HandedOn)
        .map(|outcome| Button::choice(reason_word(outcome), Press::Reason(case, outcome)))
        .collect();
    Speech::Card(card)
}

pub(super) fn confirm_end(case: CaseId, name: &Name, outcome: Outcome) -> Speech {
    let word = reason_word(outcome);
    let mut card = card(
        format!("「{word}」で、見守りを終えますか？"),
        &[
            &format!("{name}さんのことです。"),
            "終えると、「げんきですか」は、もう届きません。",
            "ほかの方にも知らせます。",
        ],
    );
    card.tone = Tone::Alarm;
    card.buttons = vec![
        Button::choice(format!("「{word}」で終える"), Press::End(case, outcome)),
        Button::small("ちがいます", Press::Look(case)),
    ];
    Speech::Card(card)
}

pub(super) fn reason_word(outcome: Outcome) -> &'static str {
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
        Outcome::Moved => "転出",
        Outcome::CareHome => "施設に入所",
    }
}

/// Why a watch ended, in a word.
pub(super) fn end_word(why: EndReason) -> &'static str {
    match why {
        EndReason::OwnWish => "本人の希望",
        EndReason::Died => reason_word(Outcome::Died),
        EndReason::Moved => reason_word(Outcome::Moved),
        EndReason::CareHome => reason_word(Outcome::CareHome),
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

pub(super) fn no_contact_by(case: CaseId, by: &Who, name: &Name) -> Speech {
    let who = who(by);
    let mut card = card(
        format!("{name}さんに連絡がつきません"),
        &[
            &format!("{who}から知らせがありました。"),
            &format!("手伝える方は、{who}に連絡してください。"),
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

pub(super) fn emergency_by(by: &Who, name: &Name) -> Speech {
    let who = who(by);
    let mut card = card(
        format!("{name}さんのことで救急・警察に連絡しました"),
        &[&format!("{who}が連絡しました。")],
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
