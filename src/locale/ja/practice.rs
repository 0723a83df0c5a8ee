//! What is said in a round of practice: as in earnest, and marked as practice on a locked screen, above the headline and in the
//! words. It names nobody.

use super::super::{Button, Card, Speech, Tone};
use super::card;
use crate::domain::case::Outcome;
use crate::domain::message::PracticeMessage;
use crate::domain::practice::PracticePress;
use crate::domain::press::Press;

/// Stands above every headline.
const HEAD: &str = "れんしゅうです";

pub(super) fn say(message: PracticeMessage) -> Speech {
    use PracticeMessage as M;
    Speech::Card(match message {
        M::Ask(number) => question(number, &["下のボタンを押してください。"]),
        M::AskAgain(number) => question(
            number,
            &[
                "お返事が届きました。",
                "次は、お返事がないときの練習です。押さずに、2分ほど待ってください。お知らせが届きます。",
            ],
        ),
        M::StillSilent(number) => question(
            number,
            &["お返事が届きました。でも、いまは待つ練習です。押さずに、2分ほど待ってください。"],
        ),
        M::Alert(number) => alert(number),
        M::Claimed(number) => claimed(number),
        M::Over => over(),
        M::NotNow => marked(card(
            "この練習は、終わったか、先に進んでいます",
            &["練習のページに、いますることが出ています。"],
        )),
        M::NotForYou => marked(card(
            "この練習には、参加できません",
            &[
                "あなたは、もう見守りに参加しています。まちがえないように、練習は、まだ参加していない方のスマートフォンでします。",
            ],
        )),
    })
}

fn marked(mut card: Card) -> Card {
    card.alt = format!("【れんしゅう】{}", card.alt);
    card.head = Some(HEAD.to_owned());
    card.tone = Tone::Practice;
    card
}

fn press(number: u32, press: PracticePress) -> Press {
    Press::Practice(number, press)
}

fn question(number: u32, body: &[&str]) -> Card {
    let mut card = marked(card("げんきですか？", body));
    card.big = true;
    card.buttons = vec![Button::main("げんきです", press(number, PracticePress::Well))];
    card
}

fn alert(number: u32) -> Card {
    let mut card = marked(card(
        "お返事がありません",
        &[
            "ほんとうのときは、ここに、見守られる方の名前と、いつ聞いたかが出ます。",
            "れんしゅうなので、だれも困っていません。",
        ],
    ));
    card.buttons = vec![Button::main("対応します", press(number, PracticePress::Claim))];
    card
}

fn claimed(number: u32) -> Card {
    let mut card = marked(card(
        "ありがとうございます。お願いします",
        &[
            "ほんとうのときは、ここに、電話番号と手順のページが出ます。まず電話をします。",
            "わけがわかったら、下から選びます。",
        ],
    ));
    let outcomes = [
        ("押し忘れでした", Outcome::Forgot),
        ("スマートフォンの不調でした", Outcome::PhoneTrouble),
        ("ほかのわけでした", Outcome::Other),
    ];
    let button =
        |(label, outcome)| Button::choice(label, press(number, PracticePress::Close(outcome)));
    card.buttons = outcomes.map(button).to_vec();
    card
}

fn over() -> Card {
    marked(card(
        "練習は終わりです",
        &[
            "質問、お返事、お知らせ、対応まで、ぜんぶできました。",
            "練習のことは、統計や名簿に残りません。",
        ],
    ))
}
