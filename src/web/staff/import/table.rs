//! Reads a list of people as offices keep them: a table with the names of its columns in the first line, in UTF-8 or
//! as Japanese spreadsheets save it (Shift_JIS), with commas or tabs. Every fault is said with its line and column, and
//! one fault means that nobody is written down.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, SHIFT_JIS};
use unicode_normalization::UnicodeNormalization;

use crate::domain::details::{
    CONTACTS_MAX, Contact, Details, Fault as FieldFault, LINE_CHARS_MAX, Line, NOTE_CHARS_MAX,
    Phone, Sex,
};
use crate::domain::id::TeamId;
use crate::domain::name::Name;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::{NEW_MEMBERS_MAX, NewMember};
use crate::locale::import as words;
use crate::locale::{desk, districts};
use crate::web::day;

/// Columns that are looked at.
const COLUMNS_MAX: usize = 200;

/// Something that has to be put right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The line in the file, from 1 on.
    pub line: u64,
    /// The column by its name; empty for the whole line.
    pub column: String,
    /// What stands there.
    pub found: String,
    /// What to do.
    pub remedy: String,
}

/// Somebody of the list, with the line in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The line in the file, from 1 on.
    pub line: u64,
    /// What is written down.
    pub new: NewMember,
}

/// A list that was read.
#[derive(Default, Debug)]
pub struct List {
    /// Everyone on it whose line is in order.
    pub rows: Vec<Row>,
    /// What has to be put right.
    pub faults: Vec<Fault>,
    /// Columns that are not ours.
    pub unused: Vec<String>,
}

/// What a column is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Name,
    Number,
    FullName,
    Reading,
    Born,
    Sex,
    Address,
    Phone,
    Mobile,
    Landlord,
    LandlordPhone,
    Note,
    FormOn,
    Interval,
    Hour,
    Contact(usize, ContactPart),
}

/// What a column says of one who is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ContactPart {
    Name,
    Relation,
    Phone,
    Note,
    Address,
}

const PARTS: [ContactPart; 5] = [
    ContactPart::Name,
    ContactPart::Relation,
    ContactPart::Phone,
    ContactPart::Note,
    ContactPart::Address,
];

const COLUMNS: [Column; 15] = [
    Column::Name,
    Column::Number,
    Column::FullName,
    Column::Reading,
    Column::Born,
    Column::Sex,
    Column::Address,
    Column::Phone,
    Column::Mobile,
    Column::Landlord,
    Column::LandlordPhone,
    Column::Note,
    Column::FormOn,
    Column::Interval,
    Column::Hour,
];

/// A heading as it is compared: any width, no spaces, brackets of either kind alike.
fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn column(heading: &str) -> Option<Column> {
    let heading = folded(heading);
    let own = COLUMNS.iter().zip(words::HEADINGS).find_map(|(column, names)| {
        names.iter().any(|name| folded(name) == heading).then_some(*column)
    });
    own.or_else(|| {
        (0..CONTACTS_MAX).find_map(|n| {
            let part = PARTS
                .iter()
                .zip(words::CONTACT_PARTS)
                .find(|(_, name)| folded(&words::contact_heading(n + 1, name)) == heading);
            part.map(|(part, _)| Column::Contact(n, *part))
        })
    })
}

/// The text of a file, whatever it was saved as.
pub fn text(bytes: &[u8]) -> Result<String, Fault> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Ok(text.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, broken) = SHIFT_JIS.decode_without_bom_handling(bytes);
    if !broken {
        return Ok(text.into_owned());
    }
    let line = text.lines().position(|line| line.contains('\u{fffd}')).unwrap_or_default();
    Err(Fault {
        line: u64::try_from(line).unwrap_or_default() + 1,
        column: String::new(),
        found: String::new(),
        remedy: words::UNREADABLE.to_owned(),
    })
}

/// Everyone on the list, with what is proposed for whom nothing else is said.
pub fn read(text: &str, team: TeamId, (interval, hour): (Interval, Hour)) -> List {
    let mut list = List::default();
    // Lines are counted as an editor counts them.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains('\t') { b'\t' } else { b',' };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let heading = match records.next() {
        Some(Ok(heading)) => heading,
        Some(Err(_)) | None => {
            list.complain(1, "", "", words::NO_HEADING);
            return list;
        }
    };
    let Some(columns) = headings(&heading, &mut list) else { return list };
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(fault) => {
                let line = fault.position().map_or(0, csv::Position::line);
                list.complain(line, "", "", words::BROKEN_LINE);
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if list.rows.len() >= NEW_MEMBERS_MAX {
            list.complain(line, "", "", &words::too_many(NEW_MEMBERS_MAX));
            break;
        }
        let mut cells = Cells { list: &mut list, columns: &columns, record: &record, line };
        if let Some(new) = cells.member(team, (interval, hour)) {
            list.rows.push(Row { line, new });
        }
    }
    if list.rows.is_empty() && list.faults.is_empty() {
        list.complain(2, "", "", words::NOBODY);
    }
    list
}

/// A column with the name it has in the file.
type Named = (Column, String);

/// The columns by their place; `None` if the first line has no heading that is known.
fn headings(heading: &StringRecord, list: &mut List) -> Option<Vec<Option<Named>>> {
    let mut columns: Vec<Option<Named>> = Vec::new();
    for name in heading.iter().take(COLUMNS_MAX) {
        let name = name.trim_start_matches('\u{feff}').trim();
        let known = column(name);
        let twice = known.is_some_and(|known| columns.iter().flatten().any(|(c, _)| *c == known));
        if twice {
            list.complain(1, name, name, words::TWICE);
        }
        if known.is_none() && !name.is_empty() {
            list.unused.push(name.to_owned());
        }
        columns.push(known.map(|known| (known, name.to_owned())));
    }
    let has = |wanted: &[Column]| columns.iter().flatten().any(|(c, _)| wanted.contains(c));
    if !has(&[Column::Name, Column::FullName]) {
        list.complain(1, "", "", words::NO_NAME_COLUMN);
        return None;
    }
    if !has(&[Column::Phone, Column::Mobile]) {
        list.complain(1, "", "", words::NO_PHONE_COLUMN);
        return None;
    }
    Some(columns)
}

impl List {
    fn complain(&mut self, line: u64, column: &str, found: &str, remedy: &str) {
        let found = found.chars().take(40).collect();
        let (column, remedy) = (column.to_owned(), remedy.to_owned());
        self.faults.push(Fault { line, column, found, remedy });
    }
}

/// The cells of one line.
struct Cells<'a> {
    list: &'a mut List,
    columns: &'a [Option<Named>],
    record: &'a StringRecord,
    line: u64,
}

impl Cells<'_> {
    /// A cell, with the name of its column. A mark that our own files put before what a spreadsheet could take
    /// for a formula is left out.
    fn cell(&self, wanted: Column) -> (String, String) {
        let found = self.columns.iter().position(|c| c.as_ref().is_some_and(|(c, _)| *c == wanted));
        let name = found.and_then(|n| self.columns.get(n)?.as_ref()).map(|(_, name)| name.clone());
        let cell = found.and_then(|n| self.record.get(n)).unwrap_or_default().trim();
        let unmarked =
            cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
        (name.unwrap_or_default(), unmarked.unwrap_or(cell).to_owned())
    }

    fn complain(&mut self, wanted: Column, remedy: &str) {
        let (column, found) = self.cell(wanted);
        self.list.complain(self.line, &column, &found, remedy);
    }

    fn taken<T>(&mut self, wanted: Column, read: Result<Option<T>, FieldFault>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.complain(wanted, desk::fault(fault));
            None
        })
    }

    fn line_of(&mut self, wanted: Column) -> Option<Line> {
        let most = if wanted == Column::Note { NOTE_CHARS_MAX } else { LINE_CHARS_MAX };
        let read = Line::read(&self.cell(wanted).1, most);
        self.taken(wanted, read)
    }

    fn phone(&mut self, wanted: Column) -> Option<Phone> {
        let (_, cell) = self.cell(wanted);
        let phone = self.taken(wanted, Phone::read(&cell))?;
        // A spreadsheet that takes a number for a quantity drops the 0 in front of it.
        if !phone.as_str().starts_with(['0', '+']) {
            self.complain(wanted, words::ZERO_LOST);
            return None;
        }
        Some(phone)
    }

    fn sex(&mut self) -> Option<Sex> {
        let (_, cell) = self.cell(Column::Sex);
        if cell.is_empty() {
            return None;
        }
        let wanted = folded(&cell);
        let known = Sex::ALL.into_iter().find(|sex| {
            let word = folded(desk::sex(*sex));
            word == wanted || words::sex_short(*sex).is_some_and(|short| short == wanted)
        });
        if known.is_none() {
            self.complain(Column::Sex, words::SEX);
        }
        known
    }

    fn times(&mut self, (interval, hour): (Interval, Hour)) -> (Interval, Hour) {
        let number = |text: &str| -> Option<u8> {
            let digits: String = text.nfkc().filter(char::is_ascii_digit).collect();
            digits.parse().ok()
        };
        let (_, days) = self.cell(Column::Interval);
        let (_, of_day) = self.cell(Column::Hour);
        let daily = folded(&days) == words::DAILY;
        let read_days = if daily { Some(1) } else { number(&days) }.and_then(Interval::days);
        if !days.is_empty() && read_days.is_none() {
            self.complain(Column::Interval, words::INTERVAL);
        }
        let read_hour = number(&of_day).and_then(Hour::new);
        if !of_day.is_empty() && read_hour.is_none() {
            self.complain(Column::Hour, words::HOUR);
        }
        (read_days.unwrap_or(interval), read_hour.unwrap_or(hour))
    }

    fn contact(&mut self, n: usize) -> Option<Contact> {
        let of = |part| Column::Contact(n, part);
        let name = self.line_of(of(ContactPart::Name));
        let phone = self.phone(of(ContactPart::Phone));
        let relation = self.line_of(of(ContactPart::Relation));
        let note = self.line_of(of(ContactPart::Note));
        let address = self.line_of(of(ContactPart::Address));
        match (name, phone) {
            (Some(name), Some(phone)) => {
                Some(Contact { name, relation, phone, note, address, told: false })
            }
            (None, None) => None,
            (Some(_), None) => {
                // A number that could not be read was complained about already.
                if self.cell(of(ContactPart::Phone)).1.is_empty() {
                    self.complain(of(ContactPart::Name), desk::fault(FieldFault::Numberless));
                }
                None
            }
            (None, Some(_)) => {
                self.complain(of(ContactPart::Phone), desk::fault(FieldFault::Nameless));
                None
            }
        }
    }

    /// The name by which they are called: their full name where there is no other.
    fn name(&mut self) -> Option<Name> {
        let given = !self.cell(Column::Name).1.is_empty();
        let column = if given { Column::Name } else { Column::FullName };
        match Name::of_person(&self.cell(column).1) {
            Ok(name) => Some(name),
            Err(fault) => {
                self.complain(column, districts::name_fault(fault));
                None
            }
        }
    }

    fn member(&mut self, team: TeamId, proposed: (Interval, Hour)) -> Option<NewMember> {
        let before = self.list.faults.len();
        let name = self.name();
        let (interval, hour) = self.times(proposed);
        let born_on = day::read(&self.cell(Column::Born).1);
        let form_on = day::read(&self.cell(Column::FormOn).1);
        let details = Details {
            number: self.line_of(Column::Number),
            full_name: self.line_of(Column::FullName),
            reading: self.line_of(Column::Reading),
            born_on: self.taken(Column::Born, born_on),
            sex: self.sex(),
            address: self.line_of(Column::Address),
            phone: self.phone(Column::Phone),
            mobile: self.phone(Column::Mobile),
            contacts: (0..CONTACTS_MAX).filter_map(|n| self.contact(n)).collect(),
            landlord: self.line_of(Column::Landlord),
            landlord_phone: self.phone(Column::LandlordPhone),
            note: self.line_of(Column::Note),
            form_on: self.taken(Column::FormOn, form_on),
            version: 0,
        };
        let numberless = details.phone.is_none() && details.mobile.is_none();
        if numberless && self.list.faults.len() == before {
            self.list.complain(self.line, "", "", words::NUMBERLESS);
        }
        let name = name.filter(|_| self.list.faults.len() == before)?;
        Some(NewMember { name, team, interval, hour, details })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> List {
        read(text, TeamId(7), (Interval::DAILY, Hour::DEFAULT))
    }

    fn remedies(list: &List) -> Vec<(u64, &str, &str)> {
        let fault =
            |fault: &'static Fault| (fault.line, fault.column.as_str(), fault.remedy.as_str());
        let faults: &'static [Fault] = Box::leak(list.faults.clone().into_boxed_slice());
        faults.iter().map(fault).collect()
    }

    const GOOD: &str = "呼び名,氏名,ふりがな,生年月日,性別,電話（家）,住所,連絡先1の名前,連絡先1の電話,血液型\r\n\
        うめ,架空 うめ,かくう うめ,S15.3.2,女,03-0000-1111,\"みどり市中央1-2\n3号\",鈴木けいこ,090-0000-2222,A\r\n\
        ,,,,,,,,,\r\n\
        ,架空 まつ,,1941/4/5,,０３ー００００ー３３３３,,,,\r\n";

    #[test]
    fn a_list_is_read_in_utf_8_with_and_without_mark_in_shift_jis_and_in_what_excel_calls_unicode()
    {
        let shift_jis = SHIFT_JIS.encode(GOOD).0.into_owned();
        let utf_16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(GOOD.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for bytes in
            [GOOD.as_bytes().to_vec(), format!("\u{feff}{GOOD}").into_bytes(), shift_jis, utf_16]
        {
            let list = of(&text(&bytes).unwrap());
            assert_eq!(list.faults, [], "{:?}", list.faults);
            assert_eq!(list.unused, ["血液型"]);
            let names: Vec<&str> = list.rows.iter().map(|row| row.new.name.as_str()).collect();
            assert_eq!(names, ["うめ", "架空 まつ"]);
            let ume = &list.rows[0].new.details;
            assert_eq!(ume.born_on, Some(jiff::civil::date(1940, 3, 2)));
            assert_eq!(ume.sex, Some(Sex::Female));
            assert_eq!(ume.address.as_ref().unwrap().as_str(), "みどり市中央1-2 3号");
            assert_eq!(ume.contacts[0].phone.as_str(), "090-0000-2222");
            assert_eq!(list.rows[1].new.details.phone.as_ref().unwrap().as_str(), "03-0000-3333");
            assert_eq!(
                list.rows[1].line, 5,
                "the line in the file, also after a cell of two lines"
            );
        }
    }

    #[test]
    fn a_table_that_was_copied_from_a_spreadsheet_has_tabs() {
        let list = of("呼び名\t電話（携帯）\t何日ごと\t何時\nうめ\t090-0000-1111\t7日\t10\n");
        assert_eq!(list.faults, []);
        let new = &list.rows[0].new;
        assert_eq!((new.interval.as_days(), new.hour.get()), (7, 10));
    }

    #[test]
    fn every_fault_is_told_with_line_column_and_remedy() {
        let list =
            of("呼び名,電話（家）,生年月日,性別,何日ごと,何時,連絡先1の名前,連絡先1の電話\n\
            うめ,312345678,S99.99.99,猫,4日,25,けいこ,\n\
            ,0312345678,,,,,,\n\
            まつ,,,,,,,090-0000-1111\n\
            きく,,,,,,,\n");
        let said = remedies(&list);
        let at = |line: u64, column: &str| said.iter().any(|(l, c, _)| *l == line && *c == column);
        for column in ["電話（家）", "生年月日", "性別", "何日ごと", "何時", "連絡先1の名前"]
        {
            assert!(at(2, column), "{column}: {said:?}");
        }
        assert!(at(3, "") || at(3, "呼び名"), "{said:?}");
        assert!(at(4, "連絡先1の電話") && at(5, ""), "{said:?}");
        assert!(said.iter().any(|(_, _, remedy)| remedy.contains("先頭の0")), "{said:?}");
        assert_eq!(list.rows, []);
    }

    #[test]
    fn a_file_without_our_columns_says_which_are_missing() {
        for (text, remedy) in [
            ("", words::NO_HEADING),
            ("なまえ,電話（家）\nうめ,03-0000-1111\n", words::NO_NAME_COLUMN),
            ("呼び名,住所\nうめ,みどり市\n", words::NO_PHONE_COLUMN),
            ("呼び名,電話（家）\n", words::NOBODY),
            ("呼び名,呼び名,電話（家）\nうめ,うめ,03-0000-1111\n", words::TWICE),
        ] {
            let list = of(text);
            assert_eq!(
                list.faults.first().map(|fault| fault.remedy.as_str()),
                Some(remedy),
                "{text}"
            );
        }
        let fault = text(b"\x81\xff\x00\n").unwrap_err();
        assert_eq!((fault.line, fault.remedy.as_str()), (1, words::UNREADABLE));
    }

    #[test]
    fn what_our_own_files_mark_is_read_without_the_mark() {
        let list = of("呼び名,電話（家）\nうめ,'+81-3-0000-1111\n");
        assert_eq!(list.rows[0].new.details.phone.as_ref().unwrap().as_str(), "+81-3-0000-1111");
    }

    #[test]
    fn a_list_that_is_too_long_is_told_to_be() {
        let mut text = "呼び名,電話（家）\n".to_owned();
        for n in 0..=NEW_MEMBERS_MAX {
            text += &format!("ひと{n},03-0000-{n:04}\n");
        }
        let list = of(&text);
        assert_eq!(list.faults.len(), 1);
        assert!(list.faults[0].remedy.contains("1000人"), "{:?}", list.faults);
    }

    proptest::proptest! {
        #[test]
        fn no_file_breaks_the_reader(bytes in proptest::collection::vec(0_u8.., 0..400)) {
            if let Ok(text) = text(&bytes) {
                let list = of(&text);
                proptest::prop_assert!(list.rows.len() <= NEW_MEMBERS_MAX);
            }
        }
    }
}
