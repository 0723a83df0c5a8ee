//! `/staff/people/{id}`: what is known about a person beyond the nickname, and whom to call. The whole form is
//! saved at once; of two who save, the second is told and keeps what was typed.

use maud::{Markup, html};

use super::people;
use super::{Visit, may_change};
use crate::domain::details::{
    CONTACTS_MAX, Contact, Details, Fault, LINE_CHARS_MAX, Line, NOTE_CHARS_MAX, Phone, Sex,
};
use crate::domain::id::PersonId;
use crate::domain::staff::{Deed, DeskAct};
use crate::domain::team::Policy;
use crate::http::{Response, StatusCode};
use crate::locale::desk::{self as words, person as labels};
use crate::locale::districts;
use crate::store::{Reading, StoreError};
use crate::web::day;
use crate::web::form::Form;
use crate::web::input::{Input, Shape, choice};
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// The query after saving.
const SAVED: &str = "saved";

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
const CONTACT: [Spec; 4] = [
    ("contact_name_", LINE, labels::CONTACT_NAME, ""),
    ("contact_relation_", LINE, labels::RELATION, labels::RELATION_HELP),
    ("contact_phone_", Shape::Phone, labels::CONTACT_PHONE, labels::PHONE_HELP),
    ("contact_note_", LINE, labels::CONTACT_NOTE, labels::CONTACT_NOTE_HELP),
];

/// The fields about the home.
const HOME: [Spec; 3] = [
    ("landlord", LINE, labels::LANDLORD, ""),
    ("landlord_phone", Shape::Phone, labels::LANDLORD_PHONE, labels::PHONE_HELP),
    ("note", Shape::Note(NOTE_CHARS_MAX), labels::NOTE, labels::NOTE_HELP),
];

const LINE: Shape = Shape::Line(LINE_CHARS_MAX);

/// What stands in the fields, and what is wrong with it.
#[derive(Default)]
struct Sheet {
    values: Vec<(String, String)>,
    faults: Vec<(String, Fault)>,
    sex: Option<usize>,
    version: u32,
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
    fn of(details: &Details) -> Self {
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
            ];
            for ((name, ..), value) in CONTACT.iter().zip(values) {
                sheet.values.push((format!("{name}{n}"), value.unwrap_or_default()));
            }
        }
        sheet
    }

    /// How much a team has to allow for what stands here.
    fn needs(&self) -> Policy {
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
    fn read(form: &Form) -> Result<Details, Self> {
        let mut sheet = Self {
            sex: form.text("sex").parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
            version: form.text("version").parse().unwrap_or(u32::MAX),
            ..Self::default()
        };
        let own = OFFICE.iter().chain(&NAMES).chain(&OWN).chain(&HOME);
        let own = own.map(|(name, ..)| (*name).to_owned());
        let contacts = (0..CONTACTS_MAX)
            .flat_map(|n| CONTACT.iter().map(move |(name, ..)| format!("{name}{n}")));
        for name in own.chain(contacts) {
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
        let [name_field, relation, phone_field, note] =
            CONTACT.map(|(name, ..)| format!("{name}{n}"));
        let name = self.line(&name_field, LINE_CHARS_MAX);
        let relation = self.line(&relation, LINE_CHARS_MAX);
        let phone = self.phone(&phone_field);
        let note = self.line(&note, LINE_CHARS_MAX);
        match (name, phone) {
            (Some(name), Some(phone)) => Some(Contact { name, relation, phone, note }),
            (None, None) if relation.is_none() && note.is_none() => None,
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
}

/// The person of the path, if they are the office's business.
fn of_path(visit: &Visit<'_>) -> Result<Option<PersonId>, Trouble> {
    let Ok(id) = visit.part.parse::<u32>() else { return Ok(None) };
    let reading = visit.site.store.read()?;
    let person = PersonId(id);
    Ok(people::concerns_office(&reading, person)?.then_some(person))
}

/// The page.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(person) = of_path(visit)? else { return Ok(visit.site.not_found()) };
    let act = DeskAct::Viewed(person);
    visit.office().act_later(visit.now, Deed::Desk { by: by.staff.id, act });
    let details = visit.site.store.read()?.details(person)?.unwrap_or_default();
    let said = visit.asks(SAVED).then_some(labels::SAVED);
    page(visit, by, person, StatusCode::OK, said, &Sheet::of(&details))
}

/// Saves what was typed.
pub(super) async fn save(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let Some(person) = of_path(visit)? else { return Ok(visit.site.not_found()) };
    let details = match Sheet::read(&visit.form) {
        Ok(details) => details,
        Err(sheet) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page(visit, by, person, status, Some(labels::CHECK), &sheet);
        }
    };
    let wanted = Details { version: details.version.saturating_add(1), ..details.clone() };
    let act = DeskAct::Details(person, Box::new(details.clone()));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let now = visit.site.store.read()?.details(person)?.unwrap_or_default();
    if now == wanted {
        return Ok(Response::redirect_see_other(&format!("/staff/people/{person}?{SAVED}")));
    }
    if now.version == details.version {
        // Nobody was quicker: the rules refused it, because no team of theirs agreed to so much.
        let (status, sheet) = (StatusCode::UNPROCESSABLE_ENTITY, Sheet::of(&details));
        return page(visit, by, person, status, Some(labels::TOO_MUCH), &sheet);
    }
    // What was typed stays, on top of what is there now: saving it again means it.
    let sheet = Sheet { version: now.version, ..Sheet::of(&details) };
    page(visit, by, person, StatusCode::CONFLICT, Some(labels::STALE), &sheet)
}

fn page(
    visit: &Visit<'_>,
    by: &SignedIn,
    person: PersonId,
    status: StatusCode,
    said: Option<&str>,
    sheet: &Sheet,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let name = people::name(&reading, person)?;
    let declared = declared(&reading, person)?;
    let watched = reading.person(person)?.is_some_and(|person| person.watch.is_some());
    let policy = people::policy(&reading, person)?;
    drop(reading);
    // What stands there although no team agreed to it stays in sight: what was written down before, so that
    // it can be taken out, and what was just typed, so that it is not lost.
    let shown = policy.max(sheet.needs());
    let stale = status == StatusCode::CONFLICT;
    let role = if status == StatusCode::OK { "status" } else { "alert" };
    let body = html! {
        h1 { (name) " ： " (labels::TITLE) }
        @if let Some(said) = said { p.notice role=(role) { (said) } }
        @if stale {
            p { a.action href={ "/staff/people/" (person) } target="_blank" { (labels::RELOAD) } }
        }
        p { (labels::HOW) " " (labels::POLICY) "：" strong { (districts::policy(policy)) } }
        @if may_change(by) && watched {
            p { a.action href={ "/staff/people/" (person) "/rest" } { (labels::REST) } }
        }
        @for words in &declared { p { (labels::DECLARED) "：" (words) } }
        form.entry.wide method="post" action={ "/staff/people/" (person) } {
            (visit.word())
            input type="hidden" name="version" value=(sheet.version);
            fieldset.sheet disabled[!may_change(by)] { (fields(sheet, shown)) }
            @if may_change(by) { button.button type="submit" { (labels::SAVE) } }
        }
    };
    Ok(visit.desk_page(by, status, &name, &body))
}

/// What somebody declared by joining their teams.
fn declared(reading: &Reading, person: PersonId) -> Result<Vec<String>, StoreError> {
    let mut declared = Vec::new();
    for key in reading.places(person)? {
        let member = reading.member(key)?;
        declared.extend(member.and_then(|member| member.declared));
    }
    Ok(declared.into_iter().map(|line| line.as_str().to_owned()).collect())
}

fn fields(sheet: &Sheet, policy: Policy) -> Markup {
    html! {
        div.row {
            @if policy >= Policy::Number { (field(sheet, &OFFICE[0], "")) }
            (field(sheet, &OFFICE[1], ""))
        }
        @if policy >= Policy::Name {
            div.row { @for spec in &NAMES { (field(sheet, spec, "")) } }
        }
        @if policy >= Policy::Full { (everything(sheet)) }
    }
}

fn everything(sheet: &Sheet) -> Markup {
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
        @for n in 0..CONTACTS_MAX {
            fieldset.group {
                legend { (words::contact_title(n + 1)) }
                div.row { @for spec in &CONTACT { (field(sheet, spec, &n.to_string())) } }
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
    input.with(sheet.value(&name)).faulty(sheet.fault(&name)).markup()
}
