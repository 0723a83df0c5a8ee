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
    /// Whether the disk says that all went well.
    pub(crate) silent: bool,
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

    pub(crate) fn sync_count(&self) -> usize {
        self.shared().ops.iter().filter(|op| matches!(op, Op::Sync)).count()
    }

    pub(crate) fn arm(&self, fault: Fault) {
        self.shared().armed = Some((fault, 0));
    }

    pub(crate) fn disarm(&self) {
        self.shared().armed = None;
    }

    /// The access that met the fault, if one did.
    pub(crate) fn struck(&self) -> Option<Access> {
        self.shared().struck
    }

    /// Lets an access happen, or not.
    fn access(&self, access: Access) -> Result<MutexGuard<'_, Shared>, Fault> {
        let mut shared = self.shared();
        let Some((fault, count)) = &mut shared.armed else { return Ok(shared) };
        let (fault, number) = (*fault, *count);
        *count += 1;
        if number == fault.at || (fault.sticky && number > fault.at) {
            shared.struck.get_or_insert(access);
            return Err(fault);
        }
        Ok(shared)
    }
}

impl Fault {
    fn error(self) -> io::Error {
        io::Error::from_raw_os_error(self.errno as i32)
    }

    /// What a write, a new length or a sync is answered with.
    fn answer(self) -> io::Result<()> {
        if self.silent { Ok(()) } else { Err(self.error()) }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.access(Access::Read).map_err(Fault::error)?.image.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.access(Access::Read).map_err(Fault::error)?.image.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        match self.access(Access::SetLen) {
            Ok(mut shared) => shared.set_len(len),
            Err(fault) => return fault.answer(),
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        match self.access(Access::Sync) {
            Ok(mut shared) => shared.ops.push(Op::Sync),
            Err(fault) => return fault.answer(),
        }
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let result = match self.access(Access::Write) {
            Ok(mut shared) => {
                shared.write(offset, bytes);
                Ok(())
            }
            Err(fault) if fault.silent => return Ok(()),
            Err(fault) => Err(fault.error()),
        };
        // Some of what a failed write was to bring may have arrived nevertheless.
        self.shared().ops.push(Op::Write(offset, bytes.into()));
        result
    }
}

impl Shared {
    fn set_len(&mut self, len: u64) {
        self.image.set_len(len);
        self.ops.push(Op::SetLen(len));
    }

    /// Whoever writes past the end makes a file longer.
    fn write(&mut self, offset: u64, bytes: &[u8]) {
        let end = offset + bytes.len() as u64;
        if end > self.image.len() {
            self.set_len(end);
        }
        self.image.write(offset, bytes);
    }
}
