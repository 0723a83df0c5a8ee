//! How the service presents itself, among the values of the file; its picture, and every version of the terms.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::rounds::position;
use super::table::{ReadableTable, Table};
use crate::domain::details::{Line, Phone};
use crate::domain::face::{Colour, Face, Passage, Picture, PictureId, PictureKind, Terms};
use crate::domain::time::Moment;

const FACE: &str = "face";
pub(super) const BANNER: &str = "banner";

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] =
    &[Shape::of::<FaceV1>("face", 1), Shape::of::<TermsV1>("terms", 1)];

#[derive(Serialize, Deserialize)]
struct FaceV1 {
    name: Option<String>,
    phone: Option<String>,
    hours: Option<String>,
    colour: Option<[u8; 3]>,
    banner: Option<(u8, [u8; 8])>,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct TermsV1 {
    since: i64,
    terms: String,
    privacy: String,
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged { table: "meta", what }
}

/// Reads it; nothing is set in a new file.
pub(super) fn get(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Face, StoreError> {
    let Some(guard) = table.get(FACE)? else { return Ok(Face::default()) };
    let stored: FaceV1 = codec::decode_v1("meta", guard.value())?;
    let picture = |(kind, hash): (u8, [u8; 8])| {
        let kind = PictureKind::ALL.get(usize::from(kind)).copied();
        kind.map(|kind| PictureId { kind, hash }).ok_or_else(|| damaged("picture"))
    };
    Ok(Face {
        name: stored.name.map(Line::stored),
        phone: stored.phone.map(Phone::stored),
        hours: stored.hours.map(Line::stored),
        colour: stored.colour.map(Colour::stored),
        banner: stored.banner.map(picture).transpose()?,
        version: stored.version,
    })
}

/// Writes it.
pub(super) fn put(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    face: &Face,
) -> Result<(), StoreError> {
    let line = |line: &Line| line.as_str().to_owned();
    let picture = |id: PictureId| (position(&PictureKind::ALL, &id.kind), id.hash);
    let stored = FaceV1 {
        name: face.name.as_ref().map(line),
        phone: face.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        hours: face.hours.as_ref().map(line),
        colour: face.colour.map(Colour::parts),
        banner: face.banner.map(picture),
        version: face.version,
    };
    table.insert(FACE, codec::encode(1, &stored)?.as_slice())?;
    Ok(())
}

/// The picture, if there is one.
pub(super) fn banner(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(table.get(BANNER)?.map(|guard| guard.value().to_vec()))
}

/// Writes the picture.
pub(super) fn put_banner(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    picture: &Picture,
) -> Result<(), StoreError> {
    table.insert(BANNER, picture.bytes.as_slice())?;
    Ok(())
}

/// Every version of the terms that staff wrote, oldest first.
pub(super) fn terms(
    table: &impl ReadableTable<u32, &'static [u8]>,
) -> Result<Vec<Terms>, StoreError> {
    let mut all = Vec::new();
    for item in table.range::<u32>(..)? {
        let (version, value) = item?;
        let stored: TermsV1 = codec::decode_v1("terms", value.value())?;
        all.push(Terms {
            version: u16::try_from(version.value()).map_err(|_| damaged("terms"))?,
            since: Moment::from_millis(stored.since),
            terms: Passage::stored(stored.terms),
            privacy: Passage::stored(stored.privacy),
        });
    }
    Ok(all)
}

/// Writes a version of the terms.
pub(super) fn put_terms(
    table: &mut Table<'_, u32, &'static [u8]>,
    terms: &Terms,
) -> Result<(), StoreError> {
    let stored = TermsV1 {
        since: terms.since.millis(),
        terms: terms.terms.as_str().to_owned(),
        privacy: terms.privacy.as_str().to_owned(),
    };
    table.insert(u32::from(terms.version), codec::encode(1, &stored)?.as_slice())?;
    Ok(())
}
