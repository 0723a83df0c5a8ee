//! Personal data, in one table of its own.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::persons::{day_number, day_of};
use super::rounds::position;
use super::table::ReadableTable;
use crate::domain::details::{Contact, Details, Line, Phone, Sex};
use crate::domain::id::PersonId;

const TABLE: &str = "details";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<DetailsV1>("details", 1)];

#[derive(Serialize, Deserialize)]
struct DetailsV1 {
    number: Option<String>,
    full_name: Option<String>,
    reading: Option<String>,
    born_on: Option<i32>,
    sex: Option<u8>,
    address: Option<String>,
    phone: Option<String>,
    mobile: Option<String>,
    contacts: Vec<ContactV1>,
    landlord: Option<String>,
    landlord_phone: Option<String>,
    note: Option<String>,
    form_on: Option<i32>,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct ContactV1 {
    name: String,
    relation: Option<String>,
    phone: String,
    note: Option<String>,
    address: Option<String>,
    told: bool,
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: TABLE, what }
}

fn text(line: Option<&Line>) -> Option<String> {
    line.map(|line| line.as_str().to_owned())
}

fn digits(phone: Option<&Phone>) -> Option<String> {
    phone.map(|phone| phone.as_str().to_owned())
}

/// Encodes what is known about a person.
pub(super) fn encode(details: &Details) -> Result<Vec<u8>, StoreError> {
    let contact = |contact: &Contact| ContactV1 {
        name: contact.name.as_str().to_owned(),
        relation: text(contact.relation.as_ref()),
        phone: contact.phone.as_str().to_owned(),
        note: text(contact.note.as_ref()),
        address: text(contact.address.as_ref()),
        told: contact.told,
    };
    let stored = DetailsV1 {
        number: text(details.number.as_ref()),
        full_name: text(details.full_name.as_ref()),
        reading: text(details.reading.as_ref()),
        born_on: details.born_on.map(day_number),
        sex: details.sex.map(|sex| position(&Sex::ALL, &sex)),
        address: text(details.address.as_ref()),
        phone: digits(details.phone.as_ref()),
        mobile: digits(details.mobile.as_ref()),
        contacts: details.contacts.iter().map(contact).collect(),
        landlord: text(details.landlord.as_ref()),
        landlord_phone: digits(details.landlord_phone.as_ref()),
        note: text(details.note.as_ref()),
        form_on: details.form_on.map(day_number),
        version: details.version,
    };
    codec::encode(1, &stored)
}

/// Reads what is known about a person.
pub(super) fn get(
    table: &impl ReadableTable<u32, &'static [u8]>,
    id: PersonId,
) -> Result<Option<Details>, StoreError> {
    let Some(guard) = table.get(id.0)? else { return Ok(None) };
    let stored: DetailsV1 = codec::decode_v1(TABLE, guard.value())?;
    let contact = |contact: ContactV1| Contact {
        name: Line::stored(contact.name),
        relation: contact.relation.map(Line::stored),
        phone: Phone::stored(contact.phone),
        note: contact.note.map(Line::stored),
        address: contact.address.map(Line::stored),
        told: contact.told,
    };
    let sex = |code: u8| Sex::ALL.get(usize::from(code)).copied().ok_or_else(|| damaged("sex"));
    let day = |number| day_of(number).ok_or_else(|| damaged("birth"));
    Ok(Some(Details {
        number: stored.number.map(Line::stored),
        full_name: stored.full_name.map(Line::stored),
        reading: stored.reading.map(Line::stored),
        born_on: stored.born_on.map(day).transpose()?,
        sex: stored.sex.map(sex).transpose()?,
        address: stored.address.map(Line::stored),
        phone: stored.phone.map(Phone::stored),
        mobile: stored.mobile.map(Phone::stored),
        contacts: stored.contacts.into_iter().map(contact).collect(),
        landlord: stored.landlord.map(Line::stored),
        landlord_phone: stored.landlord_phone.map(Phone::stored),
        note: stored.note.map(Line::stored),
        form_on: stored.form_on.map(day).transpose()?,
        version: stored.version,
    }))
}
