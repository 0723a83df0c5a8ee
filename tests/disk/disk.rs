//! A disk that remembers everything that was done to it and fails when it is told to.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

use crate::image::Image;

/// Something done to a disk that a power cut may undo.
#[derive(Clone)]
pub(crate) enum Op {
    Write(u64, Arc<[u8]>),
    SetLen(u64),
    Sync,
}

/// The errors of a disk, as Linux numbers them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Errno {
    Eio = 5,
    Enospc = 28,
}

/// An access that goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// The how-manieth access from now on, counted from 0.
    pub(crate) at: u64,
    /// Whether everything after it goes wrong too.
    pub(crate) sticky: bool,
    pub(crate) errno: Errno,
}

/// What kind of access met a fault first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Access {
    Read,
    Write,
    SetLen,
    Sync,
}

#[derive(Default)]
struct Shared {
    /// As whoever reads sees it; what of it is on the medium only the list of operations says.
    image: Image,
    ops: Vec<Op>,
    armed: Option<(Fault, u64)>,
    struck: Option<Access>,
    /// Syncs that were asked for after a fault and worked.
    synced_after: u64,
}

/// A handle; its clones are the same disk.
#[derive(Clone)]
pub(crate) struct Disk {
    shared: Arc<Mutex<Shared>>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Disk")
    }
}

impl Disk {
    pub(crate) fn new(image: Image) -> Self {
        Self { shared: Arc::new(Mutex::new(Shared { image, ..Shared::default() })) }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap()
    }

    pub(crate) fn image(&self) -> Image {
        self.shared().image.clone()
    }

    /// How much was done so far.
    pub(crate) fn op_count(&self) -> usize {
        self.shared().ops.len()
    }

    pub(crate) fn ops(&self) -> Vec<Op> {
        self.shared().ops.clone()
    }

    pub(crate) fn arm(&self, fault: Fault) {
        let mut shared = self.shared();
        shared.armed = Some((fault, 0));
        shared.struck = None;
    }

    /// The access that met the fault, if one did, and how many syncs worked after it.
    pub(crate) fn disarm(&self) -> Option<(Access, u64)> {
        let mut shared = self.shared();
        shared.armed = None;
        let after = std::mem::take(&mut shared.synced_after);
        shared.struck.take().map(|access| (access, after))
    }

    fn access(&self, access: Access) -> io::Result<MutexGuard<'_, Shared>> {
        let mut shared = self.shared();
        let Some((fault, count)) = &mut shared.armed else { return Ok(shared) };
        let (fault, number) = (*fault, *count);
        *count += 1;
        if number == fault.at || (fault.sticky && number > fault.at) {
            shared.struck.get_or_insert(access);
            return Err(io::Error::from_raw_os_error(fault.errno as i32));
        }
        Ok(shared)
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.access(Access::Read)?.image.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.access(Access::Read)?.image.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut shared = self.access(Access::SetLen)?;
        shared.image.set_len(len);
        shared.ops.push(Op::SetLen(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut shared = self.access(Access::Sync)?;
        shared.synced_after += u64::from(shared.struck.is_some());
        shared.ops.push(Op::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let end = offset + bytes.len() as u64;
        let failed = self.access(Access::Write).map(|mut shared| {
            // Whoever writes past the end makes a file longer.
            if end > shared.image.len() {
                shared.image.set_len(end);
                shared.ops.push(Op::SetLen(end));
            }
            shared.image.write(offset, bytes);
        });
        // Some of what a failed write was to bring may have arrived nevertheless.
        self.shared().ops.push(Op::Write(offset, bytes.into()));
        failed
    }
}
