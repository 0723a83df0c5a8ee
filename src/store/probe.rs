//! Looks whether an existing file is a sound data file of ours, without changing a byte of it:
//! whatever opening it would write stays in memory and is thrown away.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;
use redb::{BackendError, DatabaseError};

/// Granularity of what is kept in memory, in bytes.
const BLOCK_BYTES: u64 = 4096;

/// A file that can be read, over which writes are kept in memory.
#[derive(Debug)]
pub(super) struct Probe<B> {
    file: B,
    file_bytes: u64,
    over: Mutex<Over>,
}

#[derive(Debug)]
struct Over {
    bytes: u64,
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl<B: StorageBackend> Probe<B> {
    pub(super) fn new(file: B) -> Result<Self, DatabaseError> {
        let file_bytes = file.len().map_err(|fault| DatabaseError::Storage(fault.into()))?;
        let over = Mutex::new(Over { bytes: file_bytes, blocks: BTreeMap::new() });
        Ok(Self { file, file_bytes, over })
    }

    fn over(&self) -> MutexGuard<'_, Over> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block as it would be after all writes.
    fn block(&self, over: &Over, number: u64) -> Result<Vec<u8>, io::Error> {
        if let Some(block) = over.blocks.get(&number) {
            return Ok(block.clone());
        }
        let start = number.saturating_mul(BLOCK_BYTES);
        let mut block = vec![0; bytes(BLOCK_BYTES)];
        let in_file = bytes(self.file_bytes.saturating_sub(start).min(BLOCK_BYTES));
        if in_file > 0 {
            self.file.read(start, &mut block[..in_file])?;
        }
        Ok(block)
    }
}

fn bytes(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The pieces of `[offset, offset + len)`: block, first byte in it, and length.
fn pieces(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let mut place = offset;
    let mut left = len;
    std::iter::from_fn(move || {
        let within = bytes(place % BLOCK_BYTES);
        let count = left.min(bytes(BLOCK_BYTES) - within);
        let piece = (place / BLOCK_BYTES, within, count);
        place = place.saturating_add(u64::try_from(count).unwrap_or(0));
        left -= count;
        (count > 0).then_some(piece)
    })
}

impl<B: StorageBackend> StorageBackend for Probe<B> {
    fn len(&self) -> Result<u64, io::Error> {
        Ok(self.over().bytes)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        let over = self.over();
        let mut done = 0;
        for (number, within, count) in pieces(offset, out.len()) {
            let block = self.block(&over, number)?;
            out[done..done + count].copy_from_slice(&block[within..within + count]);
            done += count;
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.over().bytes = len;
        Ok(())
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        let mut over = self.over();
        let mut done = 0;
        for (number, within, count) in pieces(offset, data.len()) {
            let mut block = self.block(&over, number)?;
            block[within..within + count].copy_from_slice(&data[done..done + count]);
            over.blocks.insert(number, block);
            done += count;
        }
        Ok(())
    }

    fn close(&self) -> Result<(), io::Error> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }
}
