//! What people type, in the chat and into fields: names, codes, numbers, days, places, addresses. What is taken is
//! within its limits, shows nothing that could disturb a screen, and reads the same again.

use anshin::domain::details::{LINE_CHARS_MAX, Line, NOTE_CHARS_MAX, Phone};
use anshin::domain::invitation::Code;
use anshin::domain::mail::MailAddress;
use anshin::domain::name::Name;
use anshin::domain::schedule::Zone;
use anshin::domain::staff::{name_key, staff_name};
use anshin::line::command;
use anshin::locale::zones;
use anshin::web::day;

pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    said(&text);
    names(&text);
    fields(&text);
    if let Ok(address) = MailAddress::parse(&text) {
        assert_eq!(MailAddress::parse(address.as_str()), Ok(address.clone()));
        assert!(address.as_str().is_ascii() && !address.as_str().contains(['\r', '\n', ' ']));
        assert!(address.as_str().ends_with(address.domain()));
    }
}

/// The chat: a command, a code, a place, or just words.
fn said(text: &str) {
    let said = command::read(text);
    assert!(said.text.chars().count() <= 1000);
    if let Some(zone) = said.place {
        assert!(Zone::named(zone).is_some(), "{zone}");
        assert_eq!(zones::find(zone), Some(zone));
    }
    let _ = command::calls_us(text);
    if let Some(code) = Code::read(text) {
        assert_eq!(Code::read(&code.to_string()), Some(code));
        assert_eq!(Code::read(&code.plain()), Some(code));
    }
}

fn names(text: &str) {
    for read in [Name::of_person, Name::of_team] {
        let Ok(name) = read(text) else { continue };
        assert_eq!(read(name.as_str()), Ok(name.clone()));
        calm(name.as_str());
    }
    if let Ok(name) = staff_name(text) {
        assert_eq!(staff_name(name.as_str()), Ok(name.clone()));
        assert_eq!(name_key(name.as_str()), name_key(&name_key(name.as_str())));
    }
}

fn fields(text: &str) {
    for most in [LINE_CHARS_MAX, NOTE_CHARS_MAX] {
        if let Ok(Some(line)) = Line::read(text, most) {
            assert_eq!(Line::read(line.as_str(), most), Ok(Some(line.clone())));
            calm(line.as_str());
        }
    }
    if let Ok(Some(phone)) = Phone::read(text) {
        assert_eq!(Phone::read(phone.as_str()), Ok(Some(phone.clone())));
        assert!((6..=40).contains(&phone.as_str().len()), "{phone:?}");
    }
    if let Ok(Some(day)) = day::read(text) {
        assert_eq!(day::read(&day.to_string()), Ok(Some(day)));
    }
}

/// Something stands there, and nothing that turns, hides or breaks the line.
fn calm(text: &str) {
    assert!(!text.trim().is_empty());
    let wild =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(wild), "{text:?}");
}
