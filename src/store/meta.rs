//! The few values that belong to the data file as a whole.

use serde::{Deserialize, Serialize};

use super::codec;
use super::error::StoreError;
use super::open_form::Shape;
use super::schema;
use super::table::{ReadableTable, Table};
use super::write::Writing;

const SCHEMA: &str = "schema";
const SECRET: &str = "secret";
const NEXT_ID: &str = "next_id";
const ACCOUNT: &str = "account";
const TRAINING: &str = "training_anchor";
const EPOCH: &str = "epoch";
const CHANNEL: &str = "channel";

/// Whether a value is bytes without a version: those above, and the picture of the office.
pub(super) fn is_plain(name: &str) -> bool {
    [SCHEMA, SECRET, NEXT_ID, EPOCH, super::face::BANNER].contains(&name)
}

/// Our own account on LINE, as LINE last told us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// "@" and letters: what invitation links name.
    pub basic_id: String,
    /// The account's name, shown as the sender of everything.
    pub name: String,
}

/// Every shape of these records.
pub(super) const SHAPES: &[Shape] = &[
    Shape::of::<AccountV1>("account", 1),
    Shape::of::<ChannelV1>("channel", 1),
    Shape::of::<(i64, i64)>("training_anchor", 1),
];

/// The keys of the channel on LINE, as they were entered on the page of the set-up.
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelKeys {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl std::fmt::Debug for ChannelKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "keys of channel {}", self.id)
    }
}

#[derive(Serialize, Deserialize)]
struct ChannelV1 {
    id: String,
    secret: String,
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

/// How often the data came out of a copy.
pub(super) fn epoch(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<u32, StoreError> {
    Ok(number(table, EPOCH)?.map_or(0, u32::from_le_bytes))
}

/// Writes how often the data came out of a copy.
pub(super) fn set_epoch(
    table: &mut Table<'_, &'static str, &'static [u8]>,
    epoch: u32,
) -> Result<(), StoreError> {
    table.insert(EPOCH, epoch.to_le_bytes().as_slice())?;
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

/// The keys of the channel, if they were entered.
pub(super) fn channel(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Option<ChannelKeys>, StoreError> {
    let Some(guard) = table.get(CHANNEL)? else { return Ok(None) };
    let ChannelV1 { id, secret } = codec::decode_v1("meta", guard.value())?;
    Ok(Some(ChannelKeys { id, secret }))
}

impl Writing {
    /// Remembers the keys of the channel.
    pub fn set_channel(&self, keys: &ChannelKeys) -> Result<(), StoreError> {
        let stored = ChannelV1 { id: keys.id.clone(), secret: keys.secret.clone() };
        self.txn.table(schema::META).insert(CHANNEL, codec::encode(1, &stored)?.as_slice())?;
        Ok(())
    }
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
