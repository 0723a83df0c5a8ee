//! E-mail through a mail server that we did not write: over TLS and without, with everything that can
//! go wrong on the way, and as an outbox of its own beside LINE's.

mod office;
mod outboxes;
mod scripted;

use std::time::Duration;

use anshin::domain::case::{Mark, Trouble};
use anshin::domain::decision::{Outgoing, Purpose};
use anshin::domain::id::{Address, CaseId, OutboxId, PersonId};
use anshin::domain::mail::MailAddress;
use anshin::domain::message::{Message, Silence};
use anshin::domain::name::Name;
use anshin::domain::page::{Page, PageLink};
use anshin::domain::time::Moment;
use anshin::locale::Voice;
use anshin::mail::{Mailer, Waits, render};
use anshin::outbox::{Outcome, Row, Transport};
use expect_test::{Expect, expect};
use office::{Office, Place, Security, setting};
use serde_json::Value;

use crate::world::tokyo;

/// Monday noon.
fn noon() -> Moment {
    tokyo("2026-11-23T12:00:00")
}

/// An alert about よしこ to this address, as it is queued.
fn alert(n: u8, to: &str) -> Row {
    let name = Name::of_person("よしこ").unwrap();
    let silence = Silence {
        name,
        teams: Vec::new(),
        asked_at: Some("2026-11-22T09:00:00".parse().unwrap()),
        resent_at: Some("2026-11-23T09:00:00".parse().unwrap()),
        last_answer_at: None,
    };
    let trouble = Trouble::NoAnswer;
    let (case, mark) = (CaseId(9), Mark::None);
    row(n, to, vec![Message::Alert { case, trouble, silence, mark, next_step: false }])
}

fn row(n: u8, to: &str, messages: Vec<Message>) -> Row {
    let purpose = Purpose::Alert(CaseId(9), PersonId(n.into()));
    let to = MailAddress::parse(to).unwrap();
    let outgoing =
        Outgoing { id: OutboxId([n; 16]), to: Address::Mail(to.clone()), purpose, messages };
    let from = MailAddress::parse("anshin@example.jp").unwrap();
    let voice = Voice {
        org: "みどり市社協".to_owned(),
        phone: Some("0120-000-000".to_owned()),
        public_url: "https://mimamori.example.jp".to_owned(),
        basic_id: Some("@123abcde".to_owned()),
        payment_url: Some("https://pay.example.jp/mimamori".to_owned()),
        training: false,
        ..Voice::default()
    };
    Row {
        body: render::letter(&outgoing, &to, &from, &voice, noon()),
        id: outgoing.id,
        to: outgoing.to,
        purpose,
        queued_at: noon(),
        first_try_at: None,
    }
}

fn mailer(mail: &anshin::config::Mail) -> Mailer {
    Mailer::new(mail, "mimamori.example.jp", Waits::default()).unwrap()
}

/// An office with its place, and a mailer that knows the way.
async fn open(security: Security, login: bool) -> (Place, Office, Mailer) {
    let place = Place::new(security, login);
    let office = place.open().await;
    let mailer = mailer(&place.mail(&office));
    (place, office, mailer)
}

/// The bytes of a row as a server takes them: SMTP ends the last line.
fn on_the_wire(row: &Row) -> String {
    format!("{}\r\n", str::from_utf8(&row.body).unwrap())
}

/// A letter as the receiver's program would show it.
fn shown(letter: &Value) -> String {
    let headers = letter["headers"].as_object().unwrap();
    let mut lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap()))
        .collect();
    lines.push(String::new());
    lines.push(letter["text"].as_str().unwrap().replace("\r\n", "\n"));
    lines.join("\n")
}

fn check(letter: &Value, expected: &Expect) {
    assert_eq!(letter["defects"], serde_json::json!([]));
    expected.assert_eq(&shown(letter));
}

#[tokio::test]
async fn an_alert_arrives_over_tls_as_it_was_queued() {
    let (_place, office, mailer) = open(Security::Tls, true).await;
    let row = alert(1, "kenji@example.jp");
    assert_eq!(mailer.push(&row).await, Outcome::Accepted);
    let letters = office.letters();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    check(
        letter,
        &expect![[r#"
            Auto-Submitted: auto-generated
            Content-Transfer-Encoding: base64
            Content-Type: text/plain; charset="utf-8"
            Date: Mon, 23 Nov 2026 03:00:00 +0000
            From: みどり市社協 <anshin@example.jp>
            MIME-Version: 1.0
            Message-ID: <01010101-0101-0101-0101-010101010101@example.jp>
            Subject: 【見守り】よしこさんのお返事がありません
            To: kenji@example.jp

            見守り
            よしこさんのお返事がありません

            聞いた日時
            11月22日（日）午前9時

            もう一度聞いた日時
            11月23日（月）午前9時

            電話などで、ようすの確認をお願いします。

            LINEのトークを開いて、ボタンを押してください。
            ボタンがないときや、LINEが使えないときは、0120-000-000 へ電話してください。
            LINEのトーク：https://line.me/R/ti/p/%40123abcde

            ────────────
            みどり市社協 0120-000-000
            このメールに返信しても、だれにも届きません。"#]],
    );
    assert_eq!(letter["envelope"], serde_json::json!(["anshin@example.jp", "kenji@example.jp"]));
    assert_eq!((&letter["tls"], &letter["login"]), (&true.into(), &office::USER.into()));
    assert_eq!(letter["hello"], "mimamori.example.jp");
    assert_eq!(letter["raw"].as_str().unwrap(), on_the_wire(&row));
}

#[tokio::test]
async fn the_same_goes_over_starttls_and_to_this_machine_without_tls() {
    for (security, tls) in [(Security::StartTls, true), (Security::Nothing, false)] {
        let (_place, office, mailer) = open(security, true).await;
        let row = alert(1, "kenji@example.jp");
        assert_eq!(mailer.push(&row).await, Outcome::Accepted, "{}", office.complaints());
        let letters = office.letters();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["raw"].as_str().unwrap(), on_the_wire(&row));
        assert_eq!((&letters[0]["tls"], &letters[0]["login"]), (&tls.into(), &office::USER.into()));
    }
}

#[tokio::test]
async fn a_server_that_wants_no_login_gets_none() {
    let (_place, office, mailer) = open(Security::Tls, false).await;
    assert_eq!(mailer.push(&alert(1, "kenji@example.jp")).await, Outcome::Accepted);
    assert_eq!(office.letters()[0]["login"], Value::Null);
}

#[tokio::test]
async fn an_address_with_odd_dots_arrives() {
    let (_place, office, mailer) = open(Security::Tls, true).await;
    assert_eq!(mailer.push(&alert(1, "k..j.@docomo.ne.jp")).await, Outcome::Accepted);
    let letter = &office.letters()[0];
    assert_eq!(letter["envelope"][1], "k..j.@docomo.ne.jp");
    assert!(letter["raw"].as_str().unwrap().contains("\r\nTo: \"k..j.\"@docomo.ne.jp\r\n"));
    assert_eq!(letter["defects"], serde_json::json!([]));
}

#[tokio::test]
async fn lines_that_begin_with_a_dot_and_texts_of_every_kind_arrive_as_they_are() {
    let (_place, office, mailer) = open(Security::Tls, true).await;
    for (n, name) in (1..).zip([".", "..x", "a=b=3D", "😀".repeat(4).as_str(), "Kenji", "From x"])
    {
        let (name, case) = (Name::of_person(name).unwrap(), CaseId(9));
        let link = PageLink { person: PersonId(1), page: Page::Case(case), at: Moment::EPOCH };
        let message = Message::ClaimedByYou { case, name: name.clone(), link };
        let row = row(n, "kenji@example.jp", vec![message]);
        assert_eq!(mailer.push(&row).await, Outcome::Accepted);
        let letter = office.letters().pop().unwrap();
        assert!(letter["text"].as_str().unwrap().contains(&format!("{name}さんに")), "{letter}");
    }
}

#[tokio::test]
async fn several_letters_share_a_connection_and_one_that_was_cut_is_replaced() {
    let (place, office, mailer) = open(Security::Tls, true).await;
    for n in 1..=3 {
        assert_eq!(mailer.push(&alert(n, "kenji@example.jp")).await, Outcome::Accepted);
    }
    assert_eq!((office.letters().len(), office.talks()), (3, 1));
    let port = office.port;
    office.close();
    let office = place.open_on(port).await;
    assert_eq!(mailer.push(&alert(4, "kenji@example.jp")).await, Outcome::Accepted);
    assert_eq!(office.letters().len(), 1);
}

#[tokio::test]
async fn several_letters_at_once_all_arrive() {
    let (_place, office, mailer) = open(Security::StartTls, true).await;
    let [a, b, c, d] = [1, 2, 3, 4].map(|n| alert(n, "kenji@example.jp"));
    let outcomes = tokio::join!(mailer.push(&a), mailer.push(&b), mailer.push(&c), mailer.push(&d));
    let taken = Outcome::Accepted;
    assert_eq!(outcomes, (taken, taken, taken, taken));
    assert_eq!(office.letters().len(), 4);
}

#[tokio::test]
async fn every_refusal_has_its_meaning_and_the_next_letter_still_goes() {
    let (_place, office, mailer) = open(Security::StartTls, true).await;
    for (n, to, outcome) in [
        (1, "unknown@example.jp", Outcome::UnknownReceiver),
        (2, "relay@example.jp", Outcome::Refused),
        (3, "full@example.jp", Outcome::Unavailable),
        (4, "spam@example.jp", Outcome::Refused),
        (5, "grey@example.jp", Outcome::Unavailable),
        (5, "grey@example.jp", Outcome::Accepted),
        (6, "kenji@example.jp", Outcome::Accepted),
    ] {
        assert_eq!(mailer.push(&alert(n, to)).await, outcome, "{to}");
    }
    assert_eq!(office.letters().len(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_told_apart_and_no_letter_leaves() {
    for security in [Security::Tls, Security::StartTls, Security::Nothing] {
        let (place, office, _) = open(security, true).await;
        let mut mail = place.mail(&office);
        mail.server.login.as_mut().unwrap().password.push('x');
        let outcome = mailer(&mail).push(&alert(1, "kenji@example.jp")).await;
        assert_eq!(outcome, Outcome::Unauthorized, "{security:?}");
        mail.server.login = None;
        let outcome = mailer(&mail).push(&alert(1, "kenji@example.jp")).await;
        assert_eq!(outcome, Outcome::Unauthorized, "{security:?}");
        assert_eq!(office.letters().len(), 0);
    }
}

#[tokio::test]
async fn a_server_that_offers_no_login_is_not_told_the_password() {
    let (_place, office, _) = open(Security::StartTls, true).await;
    // Without TLS this server offers no way to log in.
    let mail = setting(&format!("smtp://anshin:secret@127.0.0.1:{}", office.port));
    assert_eq!(mailer(&mail).push(&alert(1, "kenji@example.jp")).await, Outcome::Unauthorized);
}

#[tokio::test]
async fn a_server_that_dies_in_the_middle_gets_the_same_letter_again() {
    let (place, office, mailer) = open(Security::Tls, true).await;
    let (port, row) = (office.port, alert(1, "dies@example.jp"));
    assert_eq!(mailer.push(&row).await, Outcome::Unavailable);
    drop(office);
    assert_eq!(mailer.push(&row).await, Outcome::Unavailable, "nobody is there");
    let office = place.open_on(port).await;
    let again = Row { to: alert(1, "kenji@example.jp").to, ..row.clone() };
    for _ in 0..2 {
        assert_eq!(mailer.push(&again).await, Outcome::Accepted);
    }
    let letters = office.letters();
    let ids: Vec<&Value> = letters.iter().map(|letter| &letter["letter"]).collect();
    assert_eq!(ids, ["<01010101-0101-0101-0101-010101010101@example.jp>"; 2]);
    assert_eq!(letters[0]["raw"], letters[1]["raw"]);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_or_for_another_name_ends_the_talk() {
    for security in [Security::Tls, Security::StartTls] {
        let (place, office, _) = open(security, true).await;
        let good = place.mail(&office);
        let stranger = Place::new(security, true);
        let mut others = vec![good.clone(), good.clone(), good];
        others[0].extra_roots = None;
        others[1].extra_roots = Some(stranger.root);
        // The certificate is for localhost. An address goes with TLS only where it is implicit.
        let by_address = format!("smtps://127.0.0.1:{}", office.port);
        others[2].server = setting(&by_address).server;
        for mail in others {
            let outcome = mailer(&mail).push(&alert(1, "kenji@example.jp")).await;
            assert_eq!(outcome, Outcome::Unavailable, "{:?}", mail.server);
        }
        assert_eq!(office.letters().len(), 0);
    }
}

#[tokio::test]
async fn a_server_without_starttls_elsewhere_hears_no_password_and_no_letter() {
    let (_place, office, _) = open(Security::Nothing, true).await;
    let mail = setting(&format!("smtp://anshin:secret@localhost:{}", office.port));
    assert_eq!(mailer(&mail).push(&alert(1, "kenji@example.jp")).await, Outcome::Unavailable);
    assert_eq!((office.letters().len(), office.talks()), (0, 1));
}

#[tokio::test]
async fn a_wait_ends_wherever_the_server_falls_silent() {
    let short = Duration::from_millis(300);
    let waits = Waits { connect: short, answer: short, letter: short };
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = deaf.local_addr().unwrap().port();
    for url in ["smtps://localhost", "smtp://localhost", "smtp://127.0.0.1"] {
        let mail = setting(&format!("{url}:{port}"));
        let mailer = Mailer::new(&mail, "mimamori.example.jp", waits).unwrap();
        assert_eq!(mailer.push(&alert(1, "kenji@example.jp")).await, Outcome::Unavailable, "{url}");
    }
    let place = Place::new(Security::Nothing, false);
    let office = place.open().await;
    let mailer = Mailer::new(&place.mail(&office), "mimamori.example.jp", waits).unwrap();
    assert_eq!(mailer.push(&alert(1, "silent@example.jp")).await, Outcome::Unavailable);
}

#[tokio::test]
async fn a_name_that_leads_nowhere_and_a_port_where_nobody_is_are_no_answer() {
    for url in ["smtps://mail.invalid", "smtps://127.0.0.1:9"] {
        let outcome = mailer(&setting(url)).push(&alert(1, "kenji@example.jp")).await;
        assert_eq!(outcome, Outcome::Unavailable, "{url}");
    }
}

#[tokio::test]
async fn a_row_that_is_no_letter_is_refused_without_a_word() {
    let (_place, office, mailer) = open(Security::Nothing, false).await;
    let letter = alert(1, "kenji@example.jp");
    let empty = Row { body: Vec::new(), ..letter.clone() };
    let to_line = Row { to: Address::new("U206d25c2ea6bd87c17655609a1c37cb8").unwrap(), ..letter };
    assert_eq!(mailer.push(&empty).await, Outcome::Refused);
    assert_eq!(mailer.push(&to_line).await, Outcome::Refused);
    assert_eq!(office.talks(), 0);
}
