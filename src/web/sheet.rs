//! The form with what is known about a person beyond the nickname, whoever fills it in: staff, those who watch,
//! or the person. Nothing is refused for being left out; what cannot be read is said at its field, and stays.

use maud::{Markup, html};

use super::day;
use super::form::Form;
use super::input::{Input, Shape, choice};
use crate::domain::details::{
    CONTACTS_MAX, Contact, Details, Fault, LINE_CHARS_MAX, Line, NOTE_CHARS_MAX, Phone, Sex,
};
use crate::domain::team::Policy;
use crate::locale::desk::{self as words, person as labels};

/// A field: its name in the form, what it takes, label and help.
type Spec = (&'static str, Shape, &'static str, &'static str);

/// The fields for the office's own order.
const OFFICE: [Spec; 2] = [
    ("number", LINE, labels::NUMBER, labels::NUMBER_HELP),
    ("form_on", LINE, labels::FORM_ON, labels::FORM_ON_HELP),
];

/// The fields of the person's name.
const NAMES: [Spec; 2] =
    [("full_name", LINE, labels::FULL_NAME, ""), ("reading", LINE, labels::READING, "")];

/// The other fields of the person.
const OWN: [Spec; 4] = [
    ("born_on", LINE, labels::BORN, labels::BORN_HELP),
    ("address", LINE, labels::ADDRESS, ""),
    ("phone", Shape::Phone, labels::PHONE, labels::PHONE_HELP),
    ("mobile", Shape::Phone, labels::MOBILE, labels::PHONE_HELP),
];

/// The fields of one who is called; the number of the contact stands behind each name.
const CONTACT: [Spec; 5] = [
    ("contact_name_", LINE, labels::CONTACT_NAME, ""),
    ("contact_relation_", LINE, labels::RELATION, labels::RELATION_HELP),
    ("contact_phone_", Shape::Phone, labels::CONTACT_PHONE, labels::PHONE_HELP),
    ("contact_note_", LINE, labels::CONTACT_NOTE, labels::CONTACT_NOTE_HELP),
    ("contact_address_", LINE, labels::ADDRESS, ""),
];

/// The box of one who is called: whether they know of it.
const TOLD: &str = "contact_told_";

/// The fields about the home.
const HOME: [Spec; 3] = [
    ("landlord", LINE, labels::LANDLORD, ""),
    ("landlord_phone", Shape::Phone, labels::LANDLORD_PHONE, labels::PHONE_HELP),
    ("note", Shape::Note(NOTE_CHARS_MAX), labels::NOTE, labels::NOTE_HELP),
];

/// What the office has to know of those whom it watches over itself: one number of their own, and one to call.
const REQUIRED: [&str; 7] = [
    "full_name",
    "reading",
    "address",
    "phone",
    "contact_name_0",
    "contact_phone_0",
    "contact_address_0",
];

const LINE: Shape = Shape::Line(LINE_CHARS_MAX);

/// What stands in the fields, and what is wrong with it.
#[derive(Clone, Default)]
pub(super) struct Sheet {
    values: Vec<(String, String)>,
    faults: Vec<(String, Fault)>,
    sex: Option<usize>,
    version: u32,
    /// Whether it is marked what the office has to know.
    complete: bool,
}

impl Sheet {
    fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    fn fault(&self, name: &str) -> Option<&'static str> {
        let found = self.faults.iter().find(|(known, _)| known == name);
        found.map(|(_, fault)| words::fault(*fault))
    }

    /// What is known, as it stands in the form.
    pub(super) fn of(details: &Details) -> Self {
        let mut sheet = Self { version: details.version, ..Self::default() };
        sheet.sex = details.sex.and_then(|sex| Sex::ALL.iter().position(|known| *known == sex));
        let line = |line: &Option<Line>| line.as_ref().map(|line| line.as_str().to_owned());
        let phone = |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.as_str().to_owned());
        let own = [
            ("number", line(&details.number)),
            ("form_on", details.form_on.map(|day| day.to_string())),
            ("full_name", line(&details.full_name)),
            ("reading", line(&details.reading)),
            ("born_on", details.born_on.map(|day| day.to_string())),
            ("address", line(&details.address)),
            ("phone", phone(&details.phone)),
            ("mobile", phone(&details.mobile)),
            ("landlord", line(&details.landlord)),
            ("landlord_phone", phone(&details.landlord_phone)),
            ("note", line(&details.note)),
        ];
        for (name, value) in own {
            sheet.values.push((name.to_owned(), value.unwrap_or_default()));
        }
        for (n, contact) in details.contacts.iter().enumerate() {
            let values = [
                Some(contact.name.as_str().to_owned()),
                line(&contact.relation),
                Some(contact.phone.as_str().to_owned()),
                line(&contact.note),
                line(&contact.address),
            ];
            for ((name, ..), value) in CONTACT.iter().zip(values) {
                sheet.values.push((format!("{name}{n}"), value.unwrap_or_default()));
            }
            let told = if contact.told { "1" } else { "" };
            sheet.values.push((format!("{TOLD}{n}"), told.to_owned()));
        }
        sheet
    }

    /// How much a team has to allow for what stands here.
    pub(super) fn needs(&self) -> Policy {
        let filled = |name: &str| !self.value(name).trim().is_empty();
        let any = |specs: &[Spec]| specs.iter().any(|(name, ..)| filled(name));
        let contact = |n: usize| CONTACT.iter().any(|(name, ..)| filled(&format!("{name}{n}")));
        if any(&OWN) || any(&HOME) || self.sex.is_some() || (0..CONTACTS_MAX).any(contact) {
            Policy::Full
        } else if any(&NAMES) {
            Policy::Name
        } else if filled("number") {
            Policy::Number
        } else {
            Policy::Nothing
        }
    }

    /// Reads the form.
    pub(super) fn read(form: &Form) -> Result<Details, Self> {
        let mut sheet = Self {
            sex: form.text("sex").parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
            version: form.text("version").parse().unwrap_or(u32::MAX),
            ..Self::default()
        };
        let own = OFFICE.iter().chain(&NAMES).chain(&OWN).chain(&HOME);
        let own = own.map(|(name, ..)| (*name).to_owned());
        let contacts = (0..CONTACTS_MAX)
            .flat_map(|n| CONTACT.iter().map(move |(name, ..)| format!("{name}{n}")));
        let told = (0..CONTACTS_MAX).map(|n| format!("{TOLD}{n}"));
        for name in own.chain(contacts).chain(told) {
            let value = form.text(&name).to_owned();
            sheet.values.push((name, value));
        }
        let details = sheet.details();
        if sheet.faults.is_empty() { Ok(details) } else { Err(sheet) }
    }

    /// What was typed, as far as it can be read; what cannot is noted.
    fn details(&mut self) -> Details {
        let born_on = day::read(self.value("born_on"));
        let form_on = day::read(self.value("form_on"));
        Details {
            number: self.line("number", LINE_CHARS_MAX),
            form_on: self.noted("form_on", form_on),
            full_name: self.line("full_name", LINE_CHARS_MAX),
            reading: self.line("reading", LINE_CHARS_MAX),
            born_on: self.noted("born_on", born_on),
            sex: self.sex.and_then(|n| Sex::ALL.get(n).copied()),
            address: self.line("address", LINE_CHARS_MAX),
            phone: self.phone("phone"),
            mobile: self.phone("mobile"),
            contacts: (0..CONTACTS_MAX).filter_map(|n| self.contact(n)).collect(),
            landlord: self.line("landlord", LINE_CHARS_MAX),
            landlord_phone: self.phone("landlord_phone"),
            note: self.line("note", NOTE_CHARS_MAX),
            version: self.version,
        }
    }

    fn contact(&mut self, n: usize) -> Option<Contact> {
        let [name_field, relation, phone_field, note, address] =
            CONTACT.map(|(name, ..)| format!("{name}{n}"));
        let name = self.line(&name_field, LINE_CHARS_MAX);
        let relation = self.line(&relation, LINE_CHARS_MAX);
        let phone = self.phone(&phone_field);
        let note = self.line(&note, LINE_CHARS_MAX);
        let address = self.line(&address, LINE_CHARS_MAX);
        let told = self.value(&format!("{TOLD}{n}")) == "1";
        match (name, phone) {
            (Some(name), Some(phone)) => {
                Some(Contact { name, relation, phone, note, address, told })
            }
            (None, None) if relation.is_none() && note.is_none() && address.is_none() => None,
            (name, phone) => {
                if name.is_none() {
                    self.complain(&name_field, Fault::Nameless);
                }
                if phone.is_none() {
                    self.complain(&phone_field, Fault::Numberless);
                }
                None
            }
        }
    }

    /// Notes what is wrong with a field, unless something is known to be already.
    fn complain(&mut self, name: &str, fault: Fault) {
        if !self.faults.iter().any(|(known, _)| known == name) {
            self.faults.push((name.to_owned(), fault));
        }
    }

    fn noted<T>(&mut self, name: &str, read: Result<Option<T>, Fault>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.complain(name, fault);
            None
        })
    }

    fn line(&mut self, name: &str, chars_max: usize) -> Option<Line> {
        let read = Line::read(self.value(name), chars_max);
        self.noted(name, read)
    }

    fn phone(&mut self, name: &str) -> Option<Phone> {
        let read = Phone::read(self.value(name));
        self.noted(name, read)
    }

    /// Contacts to show where room is scarce: those that are filled in, and one more.
    fn contacts(&self) -> usize {
        let filled = |n: &usize| {
            CONTACT.iter().any(|(name, ..)| !self.value(&format!("{name}{n}")).is_empty())
        };
        let last = (0..CONTACTS_MAX).rev().find(filled);
        last.map_or(1, |last| (last + 2).min(CONTACTS_MAX))
    }

    /// The same, to be saved over what is there by now.
    pub(super) fn on_top_of(self, version: u32) -> Self {
        Self { version, ..self }
    }

    /// Marks what the office has to know of those whom it watches over itself.
    pub(super) fn marked(self, complete: bool) -> Self {
        Self { complete, ..self }
    }

    /// What the writer saw before they began.
    pub(super) fn version(&self) -> u32 {
        self.version
    }

    /// The fields, as far as somebody may write; with those for the office's own order, for the office.
    pub(super) fn markup(&self, policy: Policy, office: bool) -> Markup {
        html! {
            div.row {
                @if policy >= Policy::Number { (field(self, &OFFICE[0], "")) }
                @if office { (field(self, &OFFICE[1], "")) }
            }
            @if policy >= Policy::Name {
                div.row { @for spec in &NAMES { (field(self, spec, "")) } }
            }
            @if policy >= Policy::Full { (everything(self, if office { CONTACTS_MAX } else { self.contacts() })) }
        }
    }
}

fn everything(sheet: &Sheet, contacts: usize) -> Markup {
    let sexes: Vec<&str> =
        std::iter::once(labels::UNCHOSEN).chain(Sex::ALL.map(words::sex)).collect();
    html! {
        div.row {
            (field(sheet, &OWN[0], ""))
            (choice("sex", labels::SEX, &sexes, sheet.sex.map(|n| n + 1), None))
        }
        (field(sheet, &OWN[1], ""))
        div.row { @for spec in &OWN[2..] { (field(sheet, spec, "")) } }
        h2 { (labels::CONTACTS) }
        @for n in 0..contacts {
            fieldset.group {
                legend { (words::contact_title(n + 1)) }
                div.row { @for spec in &CONTACT { (field(sheet, spec, &n.to_string())) } }
                label.tick {
                    input type="checkbox" name={ (TOLD) (n) } value="1"
                        checked[sheet.value(&format!("{TOLD}{n}")) == "1"];
                    " " (labels::CONTACT_TOLD)
                }
            }
        }
        h2 { (labels::LANDLORD_TITLE) }
        div.row { @for spec in &HOME[..2] { (field(sheet, spec, "")) } }
        @for spec in &HOME[2..] { (field(sheet, spec, "")) }
    }
}

fn field(sheet: &Sheet, (name, shape, label, help): &Spec, number: &str) -> Markup {
    let name = format!("{name}{number}");
    let input = Input::new(&name, *shape, label, help);
    let required = sheet.complete && REQUIRED.contains(&name.as_str());
    let input = input.required(required.then_some(labels::REQUIRED));
    input.with(sheet.value(&name)).faulty(sheet.fault(&name)).markup()
}
