//! Turns a message into the bytes of a letter (RFC 5322), when it is queued. The same message at the
//! same moment always gives the same bytes.
//!
//! What people typed (names of persons and teams) reaches headers only through an encoder, after
//! everything that could end a line has been taken out of it.

use std::time::{Duration, SystemTime};

use lettre::message::header::{
    ContentType, Date, From, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0, MessageId,
    Subject, To,
};
use lettre::message::{Body, Mailbox, Mailboxes};

use crate::domain::decision::Outgoing;
use crate::domain::mail::MailAddress;
use crate::domain::time::Moment;
use crate::locale::{self, Act, Card, Speech, Voice, mail as words};

/// Longest subject, in characters. Longer ones are cut on every phone.
const SUBJECT_CHARS_MAX: usize = 80;

/// Longest text of a letter, in characters. Five full cards stay far below it.
const TEXT_CHARS_MAX: usize = 20_000;

/// The last second that a date of RFC 5322 can name with a year of four digits.
const LAST_SECOND: i64 = 253_402_300_799;

/// The letter that says what `outgoing` says.
#[must_use]
pub fn letter(
    outgoing: &Outgoing,
    to: &MailAddress,
    from: &MailAddress,
    voice: &Voice,
    now: Moment,
) -> Vec<u8> {
    let said: Vec<Speech> =
        outgoing.messages.iter().map(|message| locale::say(message, voice)).collect();
    let name = Some(one_line(&voice.org)).filter(|name| !name.is_empty());
    let body = Body::new(text(&said, voice));
    let mut headers = Headers::new();
    headers.set(Date::new(date(now)));
    headers.set(From::from(Mailboxes::from(Mailbox::new(name, written(from)))));
    headers.set(To::from(Mailboxes::from(Mailbox::new(None, written(to)))));
    headers.set(Subject::from(subject(&said, voice)));
    // The same for every attempt: a letter that came twice is known by it.
    headers.set(MessageId::from(format!("<{}@{}>", outgoing.id, from.domain())));
    // RFC 3834: no holiday answers, please.
    let by_itself = HeaderName::new_from_ascii_str("Auto-Submitted");
    headers.insert_raw(HeaderValue::new(by_itself, "auto-generated".to_owned()));
    headers.set(MIME_VERSION_1_0);
    headers.set(ContentType::TEXT_PLAIN);
    headers.set(body.encoding());
    let mut bytes = headers.to_string().into_bytes();
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body.as_ref());
    bytes
}

fn date(now: Moment) -> SystemTime {
    let seconds = u64::try_from(now.seconds().clamp(0, LAST_SECOND)).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The address as it stands in a header. It was read strictly, so nothing can be slipped in by it.
fn written(address: &MailAddress) -> lettre::Address {
    lettre::Address::new_dangerous(address.quoted_local(), address.domain())
}

/// What the first message is about.
fn subject(said: &[Speech], voice: &Voice) -> String {
    let title = said.first().map_or("", |speech| match speech {
        Speech::Text(text) => text.trim().lines().next().unwrap_or_default(),
        Speech::Card(card) => &card.title,
        Speech::Cards { alt, .. } => alt,
    });
    let whole = format!("{}{}", words::subject_mark(voice), one_line(title));
    if whole.chars().count() <= SUBJECT_CHARS_MAX {
        return whole;
    }
    whole.chars().take(SUBJECT_CHARS_MAX - 1).chain([words::CUT]).collect()
}

/// Everything that is said, then what to do where the chat has buttons, then who writes.
fn text(said: &[Speech], voice: &Voice) -> String {
    let mut parts: Vec<String> = said.iter().flat_map(paragraphs).collect();
    if said.iter().any(has_presses) {
        parts.push(words::instead_of_buttons(voice).join("\n"));
    }
    let foot = words::foot(voice).join("\n");
    parts.push(format!("{}\n{foot}", words::RULE));
    cleaned(&parts.join("\n\n"), TEXT_CHARS_MAX)
}

fn paragraphs(speech: &Speech) -> Vec<String> {
    match speech {
        Speech::Text(text) => vec![text.clone()],
        Speech::Card(card) => of_card(card),
        Speech::Cards { cards, .. } => cards.iter().flat_map(of_card).collect(),
    }
}

fn of_card(card: &Card) -> Vec<String> {
    let head = card.head.iter().chain([&card.title]).cloned().collect::<Vec<_>>().join("\n");
    let links = card.buttons.iter().filter_map(|button| match &button.act {
        // A number to phone is read, not followed.
        Act::Link(target) => {
            let target = target.strip_prefix("tel:").unwrap_or(target);
            Some(words::labelled(&button.label, target))
        }
        // A page that is the reader's alone is reached from the chat: its address lives for minutes.
        Act::Press(_) | Act::PickDay(..) | Act::Page(_) => None,
    });
    [head]
        .into_iter()
        .chain(card.body.iter().cloned())
        .chain(card.quote.clone())
        .chain(links)
        .collect()
}

fn has_presses(speech: &Speech) -> bool {
    let presses =
        |card: &Card| card.buttons.iter().any(|button| !matches!(button.act, Act::Link(_)));
    match speech {
        Speech::Text(_) => false,
        Speech::Card(card) => presses(card),
        Speech::Cards { cards, .. } => cards.iter().any(presses),
    }
}

/// Without anything that could end a line, single spaces.
fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines ended by `\n` alone, without other control characters, no longer than the limit.
fn cleaned(text: &str, chars_max: usize) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).take(chars_max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{Address, CaseId, OutboxId, PersonId};
    use crate::domain::message::{Message, Who};
    use crate::domain::name::Name;
    use crate::domain::page::{Page, PageLink};
    use proptest::prelude::*;

    fn mail(text: &str) -> MailAddress {
        MailAddress::parse(text).unwrap()
    }

    fn rendered(name: &str, org: &str, to: &str, now: Moment) -> String {
        let name = Name::stored(name.to_owned());
        let (person, page) = (PersonId(1), Page::Case(CaseId(1)));
        let link = PageLink { person, page, at: Moment::EPOCH };
        let by_you = Message::ClaimedByYou { case: CaseId(1), name: name.clone(), link };
        let by_other = Message::ClaimedBy { who: Who::Named(name.clone()), name };
        let outgoing = Outgoing {
            id: OutboxId([7; 16]),
            to: Address::Mail(mail(to)),
            purpose: crate::domain::decision::Purpose::Notice(PersonId(1)),
            messages: vec![by_other, Message::AskName, by_you],
        };
        let voice = Voice { org: org.to_owned(), ..Voice::default() };
        let bytes = letter(&outgoing, &mail(to), &mail("anshin@example.jp"), &voice, now);
        String::from_utf8(bytes).unwrap()
    }

    /// The names of the headers, unfolded, and the body.
    fn headers(letter: &str) -> (Vec<String>, &str) {
        let (head, body) = letter.split_once("\r\n\r\n").unwrap();
        let names = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        (names.map(|line| line.split_once(':').unwrap().0.to_owned()).collect(), body)
    }

    #[test]
    fn a_letter_of_a_training_server_says_so_in_its_subject_and_in_its_text() {
        let (to, from) = (mail("kenji@example.jp"), mail("anshin@example.jp"));
        let outgoing = Outgoing {
            id: OutboxId([7; 16]),
            to: Address::Mail(to.clone()),
            purpose: crate::domain::decision::Purpose::Notice(PersonId(1)),
            messages: vec![Message::MailThanks],
        };
        let text = |training| {
            let voice = Voice { training, ..Voice::default() };
            let bytes = letter(&outgoing, &to, &from, &voice, Moment::EPOCH);
            let parsed = String::from_utf8(bytes).unwrap();
            let (head, body) = parsed.split_once("\r\n\r\n").unwrap();
            (head.to_owned(), body.to_owned())
        };
        let ((real, said), (practice, practised)) = (text(false), text(true));
        assert_ne!(real, practice, "another subject");
        assert_ne!(said, practised, "another text");
    }

    const HEADERS: [&str; 9] = [
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ];

    proptest! {
        #[test]
        fn no_text_can_add_a_header_or_a_line_that_is_too_long(
            name in "[\\PC\\r\\n\\x00:<>\"\\\\=?あ-ん]{0,60}|(\r?\n)*(Bcc: x@example.jp\r\n){1,3}.*",
            org in "[\\PC\\r\\n\\x00:<>\"\\\\=?,あ-ん]{0,60}|\r\n\r\nBcc: x@example.jp",
            seconds in any::<i64>(),
        ) {
            let letter = rendered(&name, &org, "kenji@example.jp", Moment::from_seconds(seconds));
            prop_assert!(letter.is_ascii());
            prop_assert!(!letter.contains('\0'));
            let (names, _) = headers(&letter);
            prop_assert_eq!(names, HEADERS);
            for line in letter.split("\r\n") {
                prop_assert!(!line.contains(['\r', '\n']));
                prop_assert!(line.len() <= 998, "{}", line);
            }
        }
    }

    #[test]
    fn an_address_with_odd_dots_is_quoted() {
        let letter = rendered("よしこ", "", "k..j@docomo.ne.jp", Moment::EPOCH);
        assert!(letter.contains("\r\nTo: \"k..j\"@docomo.ne.jp\r\n"), "{letter}");
        assert!(letter.contains("\r\nFrom: anshin@example.jp\r\n"), "{letter}");
    }

    #[test]
    fn dates_beyond_what_a_letter_can_say_are_brought_back_to_it() {
        for (moment, date) in [
            (Moment::from_millis(i64::MIN), "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"),
            (Moment::from_millis(i64::MAX), "Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n"),
            (Moment::from_seconds(1_795_478_400), "Date: Tue, 24 Nov 2026 00:00:00 +0000\r\n"),
        ] {
            let letter = rendered("よしこ", "みどり市社協", "kenji@example.jp", moment);
            assert!(letter.starts_with(date), "{letter}");
        }
    }

    #[test]
    fn a_subject_that_is_too_long_is_cut() {
        let long = subject(&[Speech::Text("あ".repeat(200))], &Voice::default());
        assert_eq!(long.chars().count(), SUBJECT_CHARS_MAX);
        assert!(long.ends_with(words::CUT));
        assert_eq!(subject(&[], &Voice::default()), "【見守り】");
    }
}
