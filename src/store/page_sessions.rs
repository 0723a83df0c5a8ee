//! Sessions of people on pages of ours, by the person and the hash of their token: those of one person stand
//! together.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::table::ReadableTable;
use crate::domain::id::PersonId;
use crate::domain::page::PageSession;
use crate::domain::staff::TokenHash;
use crate::domain::time::Moment;

const TABLE: &str = "page_sessions";

/// The key of a session.
pub(super) type Key = (u32, [u8; 32]);

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<PageSessionV1>("page_sessions", 1)];

#[derive(Serialize, Deserialize)]
struct PageSessionV1 {
    since: i64,
    seen_at: i64,
}

/// The key under which a session stands.
pub(super) fn key(person: PersonId, token: TokenHash) -> Key {
    (person.0, token.0)
}

/// Encodes a session.
pub(super) fn encode(session: &PageSession) -> Result<Vec<u8>, StoreError> {
    let PageSession { since, seen_at, .. } = session;
    codec::encode(1, &PageSessionV1 { since: since.millis(), seen_at: seen_at.millis() })
}

fn decode((person, token): Key, bytes: &[u8]) -> Result<PageSession, StoreError> {
    let stored: PageSessionV1 = codec::decode_v1(TABLE, bytes)?;
    Ok(PageSession {
        token: TokenHash(token),
        person: PersonId(person),
        since: Moment::from_millis(stored.since),
        seen_at: Moment::from_millis(stored.seen_at),
    })
}

/// Reads a session.
pub(super) fn get(
    table: &impl ReadableTable<Key, &'static [u8]>,
    key: Key,
) -> Result<Option<PageSession>, StoreError> {
    table.get(key)?.map(|guard| decode(key, guard.value())).transpose()
}

/// The sessions of a person.
pub(super) fn of_person(
    table: &impl ReadableTable<Key, &'static [u8]>,
    person: PersonId,
) -> Result<Vec<PageSession>, StoreError> {
    let mut sessions = Vec::new();
    for item in table.range((person.0, [0; 32])..=(person.0, [u8::MAX; 32]))? {
        let (key, value) = item?;
        sessions.push(decode(key.value(), value.value())?);
    }
    Ok(sessions)
}
