//! The few values that belong to the data file as a whole.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::table::{ReadableTable, Table};

const SCHEMA: &str = "schema";
const SECRET: &str = "secret";
const NEXT_ID: &str = "next_id";
const ACCOUNT: &str = "account";
const TRAINING: &str = "training_anchor";

/// Our own account on LINE, as LINE last told us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// "@" and letters: what invitation links name.
    pub basic_id: String,
    /// The account's name, shown as the sender of everything.
    pub name: String,
}

#[derive(Serialize, Deserialize)]
struct AccountV1 {
    basic_id: String,
    name: String,
}

fn number<const N: usize>(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
    name: &'static str,
) -> Result<Option<[u8; N]>, StoreError> {
    let Some(guard) = table.get(name)? else { return Ok(None) };
    let bytes = guard.value().try_into();
    bytes.map(Some).map_err(|_| StoreError::Damaged { table: "meta", what: name })
}

/// The schema version of the file; `None` in a new file.
pub(super) fn schema(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Option<u32>, StoreError> {
    Ok(number(table, SCHEMA)?.map(u32::from_le_bytes))
}

/// The secret of the file.
pub(super) fn secret(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<[u8; 32], StoreError> {
    number(table, SECRET)?.ok_or(StoreError::Damaged { table: "meta", what: SECRET })
}

/// The next free entity number.
pub(super) fn next_id(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<u32, StoreError> {
    Ok(number(table, NEXT_ID)?.map_or(1, u32::from_le_bytes))
}

/// Writes the next free entity number.
pub(super) fn set_next_id(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    next: u32,
) -> Result<(), StoreError> {
    table.insert(NEXT_ID, next.to_le_bytes().as_slice())?;
    Ok(())
}

/// Writes the schema version of the file.
pub(super) fn set_schema(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    version: u32,
) -> Result<(), StoreError> {
    table.insert(SCHEMA, version.to_le_bytes().as_slice())?;
    Ok(())
}

/// Marks a new file as ours.
pub(super) fn begin(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    version: u32,
    secret: [u8; 32],
) -> Result<(), StoreError> {
    set_schema(table, version)?;
    table.insert(SECRET, secret.as_slice())?;
    Ok(())
}

/// Our account on LINE, if it was ever known.
pub(super) fn account(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Option<Account>, StoreError> {
    let Some(guard) = table.get(ACCOUNT)? else { return Ok(None) };
    let AccountV1 { basic_id, name } = codec::decode_v1("meta", guard.value())?;
    Ok(Some(Account { basic_id, name }))
}

/// Remembers our account on LINE.
pub(super) fn set_account(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    account: &Account,
) -> Result<(), StoreError> {
    let stored = AccountV1 { basic_id: account.basic_id.clone(), name: account.name.clone() };
    table.insert(ACCOUNT, codec::encode(1, &stored)?.as_slice())?;
    Ok(())
}

/// The real moment (ms) at which the training clock of this file began, and the moment it showed.
pub(super) fn training(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Option<(i64, i64)>, StoreError> {
    let Some(guard) = table.get(TRAINING)? else { return Ok(None) };
    codec::decode_v1("meta", guard.value()).map(Some)
}

/// Remembers the anchor of the training clock.
pub(super) fn set_training(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    anchor: (i64, i64),
) -> Result<(), StoreError> {
    table.insert(TRAINING, codec::encode(1, &anchor)?.as_slice())?;
    Ok(())
}
