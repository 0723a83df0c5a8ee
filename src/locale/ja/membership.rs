//! Memberships: what is still to be written down, the end of one, and that nothing stops then.

use jiff::civil::Date;

use super::super::{Button, Speech, Voice};
use super::{card, when};
use crate::domain::id::PersonId;
use crate::domain::message::MembershipNotice;
use crate::domain::name::Name;
use crate::domain::page::PageLink;

pub(super) fn say(notice: &MembershipNotice, voice: &Voice) -> Speech {
    match notice {
        MembershipNotice::WriteDown { link } => write_down(*link, voice),
        MembershipNotice::Ends { until, over } => ends(*until, *over, voice),
        MembershipNotice::Set { until } => set(*until),
        MembershipNotice::Expired { name, until } => expired(name, *until),
    }
}

/// Whoever is phoned has to be known, and has to know who phones.
fn write_down(link: PageLink, voice: &Voice) -> Speech {
    let mut card = card(
        "登録の続きをお願いします",
        &[
            "お返事がないとき、事務局が電話をします。お名前、住所、電話、近親者を、ページに書いてください。近親者の方にも、伝えてください。",
        ],
    );
    card.buttons.push(Button::page("続きを書く", link));
    if let Some(phone) = &voice.phone {
        card.body.push(format!(
            "知らない番号には出ない方が多いので、事務局の番号を電話帳に登録してください。\n{phone}"
        ));
        let address = format!("{}/p/office.vcf", voice.public_url);
        card.buttons.push(Button::link("番号を電話帳に登録", address));
    }
    Speech::Card(card)
}

/// Leads to the council's own page where a membership is made longer.
fn longer(voice: &Voice) -> Option<Button> {
    let url = voice.payment_url.as_ref()?;
    Some(Button::link("期間を延ばす", url.clone()))
}

fn ends(until: Date, over: bool, voice: &Voice) -> Speech {
    let until = when::full_day(until);
    let mut card = if over {
        card("会員の有効期間がすぎました", &[&format!("{until}まででした。")])
    } else {
        card("会員の有効期間が、もうすぐ終わります", &[&format!("{until}までです。")])
    };
    card.body.push("「げんきですか？」は、これまでどおり届きます。".to_owned());
    let ask = "期間を延ばすときは、事務局へ連絡してください。";
    match &voice.phone {
        Some(phone) => card.body.push(format!("{ask}\n{phone}")),
        None => card.body.push(ask.to_owned()),
    }
    card.buttons.extend(longer(voice));
    Speech::Card(card)
}

fn set(until: Option<Date>) -> Speech {
    Speech::Card(match until {
        Some(until) => {
            card("会員の有効期間が変わりました", &[&format!("{}までです。", when::full_day(until))])
        }
        None => card("会員の期間に、終わりがなくなりました", &["これからも、ずっと会員です。"]),
    })
}

fn expired(name: &Name, until: Date) -> Speech {
    Speech::Card(card(
        format!("{name}さんの会員の有効期間がすぎました"),
        &[
            &format!("{}まででした。", when::full_day(until)),
            "「げんきですか？」は、これまでどおり送ります。",
        ],
    ))
}

/// To the office.
pub(super) fn expired_at_office(name: &Name, number: PersonId, until: Date) -> Speech {
    Speech::Card(card(
        format!("{name}さん（会員番号 {number}）の有効期間がすぎました"),
        &[
            &format!("{}まででした。", when::full_day(until)),
            "確認は、これまでどおりつづけています。",
            "延ばすか、終わりにするかを、ご本人と決めてください。期間は「会員」のページで変えられます。",
        ],
    ))
}
