//! Sessions of staff, by the hash of their token. There are few: every account has a handful at
//! most, so those of one account are found by looking at all.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::table::ReadableTable;
use crate::domain::id::StaffId;
use crate::domain::staff::{SESSIONS_PER_STAFF_MAX, STAFF_MAX, Session, TokenHash};
use crate::domain::time::Moment;

const TABLE: &str = "sessions";

/// Rows that a look at all reads; the rules keep them below.
const SESSIONS_MAX: usize = STAFF_MAX * SESSIONS_PER_STAFF_MAX;

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[Shape::of::<SessionV1>("sessions", 1)];

#[derive(Serialize, Deserialize)]
struct SessionV1 {
    staff: u32,
    since: i64,
    seen_at: i64,
}

/// Encodes a session.
pub(super) fn encode(session: &Session) -> Result<Vec<u8>, StoreError> {
    let stored = SessionV1 {
        staff: session.staff.0,
        since: session.since.millis(),
        seen_at: session.seen_at.millis(),
    };
    codec::encode(1, &stored)
}

fn decode(token: TokenHash, bytes: &[u8]) -> Result<Session, StoreError> {
    let stored: SessionV1 = codec::decode_v1(TABLE, bytes)?;
    Ok(Session {
        token,
        staff: StaffId(stored.staff),
        since: Moment::from_millis(stored.since),
        seen_at: Moment::from_millis(stored.seen_at),
    })
}

/// Reads a session.
pub(super) fn get(
    table: &impl ReadableTable<[u8; 32], &'static [u8]>,
    token: TokenHash,
) -> Result<Option<Session>, StoreError> {
    table.get(token.0)?.map(|guard| decode(token, guard.value())).transpose()
}

/// The sessions of an account.
pub(super) fn of_staff(
    table: &impl ReadableTable<[u8; 32], &'static [u8]>,
    staff: StaffId,
) -> Result<Vec<Session>, StoreError> {
    let mut sessions = Vec::new();
    for item in table.iter()?.take(SESSIONS_MAX) {
        let (token, value) = item?;
        let session = decode(TokenHash(token.value()), value.value())?;
        if session.staff == staff {
            sessions.push(session);
        }
    }
    Ok(sessions)
}
