//! Bytes of a record: `[codec][version, u16 little endian][body]`. The codec byte lets another
//! codec follow bincode, which is frozen and no longer developed; the version says which frozen
//! shape the body has.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::StoreError;

/// bincode 2, standard configuration.
const BINCODE: u8 = 0xB2;

/// Longest body, in bytes. Also the bound on what a damaged length can make us allocate.
const BODY_BYTES_MAX: usize = 1 << 22;

const HEAD_BYTES: usize = 3;

fn configuration() -> Configuration<LittleEndian, Varint, Limit<BODY_BYTES_MAX>> {
    bincode::config::standard().with_limit::<BODY_BYTES_MAX>()
}

/// Encodes a record in the shape of `version`.
pub(super) fn encode<T: Serialize>(version: u16, record: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = with_head(version, &[]);
    bincode::serde::encode_into_std_write(record, &mut bytes, configuration())
        .map_err(|fault| StoreError::Unwritable(fault.to_string()))?;
    Ok(bytes)
}

/// Encodes a body, without the head that names its version.
pub(super) fn body_of<T: Serialize>(record: &T) -> Result<Vec<u8>, StoreError> {
    encode(0, record).map(|bytes| bytes[HEAD_BYTES..].to_vec())
}

/// A body behind the head that names its version.
pub(super) fn with_head(version: u16, body: &[u8]) -> Vec<u8> {
    let [low, high] = version.to_le_bytes();
    [&[BINCODE, low, high], body].concat()
}

/// Splits a record into the version of its shape and its body.
pub(super) fn version<'b>(
    table: &'static str,
    bytes: &'b [u8],
) -> Result<(u16, &'b [u8]), StoreError> {
    let damaged = || StoreError::Damaged { table, what: "unknown codec" };
    let (head, body) = bytes.split_at_checked(HEAD_BYTES).ok_or_else(damaged)?;
    match head {
        [BINCODE, low, high] => Ok((u16::from_le_bytes([*low, *high]), body)),
        _ => Err(damaged()),
    }
}

/// Decodes a body whole: bytes left over mean that the shape is not what the version says.
pub(super) fn body<T: DeserializeOwned>(table: &'static str, body: &[u8]) -> Result<T, StoreError> {
    let damaged = |_| StoreError::Damaged { table, what: "broken record" };
    let decoded = bincode::serde::decode_from_slice(body, configuration()).map_err(damaged)?;
    whole(table, body, decoded)
}

/// Decodes a body whose parts are looked at where they lie.
pub(super) fn borrowed_body<'b, T: Deserialize<'b>>(
    table: &'static str,
    body: &'b [u8],
) -> Result<T, StoreError> {
    let damaged = |_| StoreError::Damaged { table, what: "broken record" };
    let decoded =
        bincode::serde::borrow_decode_from_slice(body, configuration()).map_err(damaged)?;
    whole(table, body, decoded)
}

fn whole<T>(table: &'static str, body: &[u8], decoded: (T, usize)) -> Result<T, StoreError> {
    let (record, used) = decoded;
    if used == body.len() {
        Ok(record)
    } else {
        Err(StoreError::Damaged { table, what: "record longer than its shape" })
    }
}

/// Decodes a record that has had one shape so far.
pub(super) fn decode_v1<T: DeserializeOwned>(
    table: &'static str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    match version(table, bytes)? {
        (1, rest) => body(table, rest),
        _ => Err(newer(table)),
    }
}

/// The fault of a record whose version this program does not know.
pub(super) fn newer(table: &'static str) -> StoreError {
    StoreError::Damaged { table, what: "record of a newer program" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_encoded_decodes(text in ".{0,40}", number in any::<i64>()) {
            let bytes = encode(1, &(text.clone(), number)).unwrap();
            prop_assert_eq!(decode_v1::<(String, i64)>("t", &bytes).unwrap(), (text, number));
        }

        #[test]
        fn decoding_garbage_is_an_error_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode_v1::<(String, Vec<u64>, Option<i64>)>("t", &bytes);
        }
    }

    #[test]
    fn a_record_with_bytes_left_over_is_refused() {
        let mut bytes = encode(1, &7_u32).unwrap();
        bytes.push(0);
        assert!(decode_v1::<u32>("t", &bytes).is_err());
    }

    #[test]
    fn another_codec_or_version_is_refused() {
        let mut bytes = encode(2, &7_u32).unwrap();
        assert!(decode_v1::<u32>("t", &bytes).is_err());
        bytes[0] = 0xB3;
        assert!(version("t", &bytes).is_err());
        assert!(version("t", &[0xB2, 1]).is_err());
    }
}
