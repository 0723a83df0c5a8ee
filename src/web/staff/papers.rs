//! `/staff/papers`: what is printed besides the sheets of a team: cards and a poster with the council's name, telephone and QR
//! code, a guide for staff and a sheet for whoever runs the server. Nothing on them is about a person.

use maud::{Markup, html};

use super::Visit;
use crate::http::{Response, StatusCode};
use crate::locale::Voice;
use crate::locale::page::public::{GUIDE_WATCHED, GUIDE_WATCHING, SERVICE};
use crate::locale::papers::{self as words, PAPERS, Paper, card, number, poster};
use crate::web::public::qr;
use crate::web::public::ruby::read;
use crate::web::session::SignedIn;

/// Cards for the refrigerator on one sheet, and cards with the number.
const CARDS: usize = 4;
const NUMBERS: usize = 2;

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Response {
    let body = html! {
        h1 { (words::TITLE) }
        p { (words::HOW) }
        dl.papers {
            @for Paper { id, title, about } in PAPERS {
                dt { a.action href={ "/staff/papers/" (id) } { (title) } }
                dd { (about) }
            }
        }
        p {
            (words::OF_GUIDES)
            " " a.action href="/p/guide/watched" { (GUIDE_WATCHED) }
            " " a.action href="/p/guide/watching" { (GUIDE_WATCHING) }
        }
        p { (words::OF_TEAMS) " " a.action href="/staff/teams" { (words::TO_TEAMS) } }
    };
    visit.desk_page(by, StatusCode::OK, words::TITLE, &body)
}

/// One sheet.
pub(super) fn sheet(visit: &Visit<'_>, by: &SignedIn) -> Response {
    let Some(paper) = PAPERS.iter().find(|paper| paper.id == visit.part) else {
        return visit.site.not_found();
    };
    let voice = visit.site.voice();
    let sheet = match paper.id {
        "card" => cards(&voice),
        "number" => numbers(&voice),
        "poster" => poster(&voice),
        "staff" => guide(&voice, paper.title, "sheet-of-paper close roomy", &words::STAFF),
        _ => guide(&voice, paper.title, "sheet-of-paper close", &words::SERVER),
    };
    let body = html! {
        p.notice.screen { (words::HOW_TO_PRINT) }
        (sheet)
    };
    visit.desk_page(by, StatusCode::OK, paper.title, &body)
}

fn org(voice: &Voice) -> &str {
    if voice.org.is_empty() { SERVICE } else { &voice.org }
}

fn phone(voice: &Voice) -> &str {
    voice.phone.as_deref().unwrap_or(words::NO_PHONE)
}

fn cards(voice: &Voice) -> Markup {
    let one = html! {
        p.head { (read(card::HEAD)) }
        ul { @for line in card::LINES { li { (read(line)) } } }
        p { (read(card::EMERGENCY)) br; strong.big { (card::EMERGENCY_NUMBER) } }
        p { (card::OFFICE) "：" (org(voice)) br; strong.big { (phone(voice)) } }
        p.room { (read(card::WATCHERS)) }
    };
    html! {
        article.sheet-of-paper.cards {
            h1.screen { (PAPERS[0].title) }
            @for _ in 0..CARDS { section.cut { (one) } }
        }
    }
}

fn numbers(voice: &Voice) -> Markup {
    let code = qr::inline(&format!("{}/p/office.vcf", voice.public_url), words::QR_ALT);
    let one = html! {
        p.head { (read(number::HEAD)) }
        div.halves {
            div {
                p { (org(voice)) }
                p { strong.huge { (phone(voice)) } }
                p { (read(number::HOW)) }
            }
            @if voice.phone.is_some() { @if let Some(code) = &code { div.qr { (code) } } }
        }
        p { (read(number::WHY)) }
        p { strong { (read(number::NEVER)) } }
    };
    html! {
        article.sheet-of-paper.cards.tall {
            h1.screen { (PAPERS[1].title) }
            @for _ in 0..NUMBERS { section.cut { (one) } }
        }
    }
}

fn poster(voice: &Voice) -> Markup {
    let code = voice.account_link().and_then(|url| qr::inline(&url, words::QR_ALT));
    html! {
        article.sheet-of-paper.wall {
            p.sender { (org(voice)) }
            h1 { (poster::HEAD) }
            p.lead { (read(poster::LEAD)) }
            div.halves {
                ol { @for line in poster::LINES { li { (read(line)) } } }
                @if let Some(code) = code {
                    div.qr { p { (read(poster::SCAN)) } (code) }
                }
            }
            p { strong { (read(poster::NOT)) } }
            p.ask { (card::OFFICE) "：" br; strong { (phone(voice)) } }
        }
    }
}

fn guide(voice: &Voice, title: &str, class: &str, parts: &[(&str, &[&str])]) -> Markup {
    html! {
        article class=(class) {
            p.sender { (org(voice)) "　" (phone(voice)) }
            h1 { (title) }
            @for (heading, lines) in parts {
                section {
                    h2 { (heading) }
                    ul { @for line in *lines { li { (line) } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hard_words_are_read_beside_them_and_the_rest_stays() {
        assert_eq!(
            read("「げんき」を{押|お}す。").into_string(),
            "「げんき」を<ruby>押<rt>お</rt></ruby>す。"
        );
        assert_eq!(read("そのまま").into_string(), "そのまま");
    }

    #[test]
    fn every_word_in_braces_has_a_reading_in_kana() {
        let all = [&card::LINES[..], &poster::LINES[..]].concat();
        let rest = [card::HEAD, card::EMERGENCY, card::WATCHERS, number::HEAD, number::WHY];
        let rest = rest.into_iter().chain([number::HOW, number::NEVER, poster::LEAD, poster::SCAN]);
        for text in all.into_iter().chain(rest).chain([poster::NOT]) {
            for part in text.split('{').skip(1) {
                let (word, reading) = part.split_once('}').unwrap().0.split_once('|').unwrap();
                let is_kanji = |c: char| ('一'..='龥').contains(&c);
                let is_kana = |c: char| ('ぁ'..='ん').contains(&c);
                assert!(word.chars().all(is_kanji) && reading.chars().all(is_kana), "{text}");
            }
            // No hard word is left without a reading.
            let bare: String =
                text.split('{').map(|p| p.split_once('}').map_or(p, |(_, r)| r)).collect();
            assert!(!bare.chars().any(|c| ('一'..='龥').contains(&c)), "{bare}");
        }
    }
}
