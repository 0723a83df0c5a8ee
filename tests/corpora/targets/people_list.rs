//! A list of people as a file: whatever was saved as whatever, each line is somebody with a name and a number to phone
//! or a fault that names its line. What encoding and what end of line it was saved with makes no difference.

use anshin::domain::details::{CONTACTS_MAX, LINE_CHARS_MAX, NOTE_CHARS_MAX};
use anshin::domain::id::TeamId;
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::staff::{NEW_MEMBERS_MAX, NewMember};
use anshin::web::staff::import::table::{self, List};

pub(crate) fn run(bytes: &[u8]) {
    let text = match table::text(bytes) {
        Ok(text) => text,
        Err(fault) => {
            assert!(fault.line >= 1 && !fault.remedy.is_empty());
            return;
        }
    };
    let list = read(&text);
    assert!(list.rows.len() <= NEW_MEMBERS_MAX);
    assert!(!list.rows.is_empty() || !list.faults.is_empty(), "neither people nor a word about it");
    for fault in &list.faults {
        assert!(fault.found.chars().count() <= 40 && !fault.remedy.is_empty(), "{fault:?}");
    }
    for row in &list.rows {
        assert!(row.line >= 2, "the first line names the columns");
        sound(&row.new);
    }
    saved_otherwise(&text, &list);
}

fn read(text: &str) -> List {
    table::read(text, TeamId(7), (Interval::DAILY, Hour::DEFAULT))
}

fn sound(new: &NewMember) {
    let details = &new.details;
    assert!(details.phone.is_some() || details.mobile.is_some());
    assert!(details.contacts.len() <= CONTACTS_MAX);
    let lines = [&details.number, &details.full_name, &details.reading, &details.address];
    for line in lines.into_iter().flatten() {
        assert!(line.as_str().chars().count() <= LINE_CHARS_MAX * 8);
    }
    let note = details.note.as_ref();
    assert!(note.is_none_or(|note| note.as_str().chars().count() <= NOTE_CHARS_MAX * 8));
    for phone in [&details.phone, &details.mobile, &details.landlord_phone].into_iter().flatten() {
        assert!(phone.as_str().starts_with(['0', '+']), "{phone:?}");
    }
}

fn saved_otherwise(text: &str, list: &List) {
    let utf_16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(table::text(&utf_16).as_deref(), Ok(text));
    let utf_8 = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    assert_eq!(table::text(&utf_8).as_deref(), Ok(text));
    let windows = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    let again = read(&windows);
    assert_eq!((&again.rows, &again.faults), (&list.rows, &list.faults));
}
