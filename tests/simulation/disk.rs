//! A disk that a test can fill, in the two ways in which disks become full. A small filesystem in
//! memory, mounted for one server, that a ballast file fills: what lies in the data file already can
//! be written over, as on most disks. And a limit to the length of files that the server is held to
//! from outside: beyond it nothing can be written, old or new, as on a disk that never writes in
//! place. Where nothing may be mounted, the limit does for both, and the test says so.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// Room for the data of many stories.
const SIZE: &std::ffi::CStr = c"size=64m,mode=0700";

/// The unit in which such a filesystem gives room.
const PAGE: usize = 4096;

/// What is left on a full disk.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Room {
    /// So many pages.
    Pages(u64),
    /// Nothing, and of the data file only this part can be written over: percent.
    Part(u64),
}

pub(crate) struct Disk {
    folder: tempfile::TempDir,
    is_mounted: bool,
    is_full: bool,
    /// Files of the server may be so long.
    length_max: Option<u64>,
}

impl Disk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let flags = MountFlags::NOSUID | MountFlags::NODEV;
        let is_mounted = match mount("anshin-test", folder.path(), "tmpfs", flags, SIZE) {
            Ok(()) => true,
            Err(fault @ (Errno::PERM | Errno::ACCESS | Errno::NODEV)) => {
                println!("nothing can be mounted ({fault}): only the length of files is limited");
                false
            }
            Err(fault) => panic!("mount: {fault}"),
        };
        Self { folder, is_mounted, is_full: false, length_max: None }
    }

    pub(crate) fn data_path(&self) -> PathBuf {
        self.folder.path().join("anshin.redb")
    }

    /// Whether nothing was ever made here.
    pub(crate) fn is_empty(&self) -> bool {
        std::fs::read_dir(self.folder.path()).unwrap().next().is_none()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Takes all room but a little from `process`, and from those that come after it.
    pub(crate) fn fill(&mut self, room: Room, process: Option<Pid>) {
        self.is_full = true;
        let length = std::fs::metadata(self.data_path()).map_or(0, |data| data.len());
        match room {
            Room::Pages(spare) if self.is_mounted => fill_up(&self.ballast(), spare),
            Room::Pages(_) => self.length_max = Some(length),
            Room::Part(percent) => self.length_max = Some(length * percent / 100),
        }
        self.hold(process);
    }

    /// Holds a process to the limit there is.
    pub(crate) fn hold(&self, process: Option<Pid>) {
        if process.is_some() {
            let limit = Rlimit { current: self.length_max, maximum: None };
            prlimit(process, Resource::Fsize, limit).unwrap();
        }
    }

    /// Gives the room back.
    pub(crate) fn free(&mut self, process: Option<Pid>) {
        (self.is_full, self.length_max) = (false, None);
        if self.ballast().exists() {
            std::fs::remove_file(self.ballast()).unwrap();
        }
        self.hold(process);
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            // Whoever still reads from it keeps it until then.
            unmount(self.folder.path(), UnmountFlags::DETACH).unwrap();
        }
    }
}

/// Writes until nothing more can be written, and takes a little back.
fn fill_up(ballast: &Path, spare_pages: u64) {
    let mut file = File::create(ballast).unwrap();
    let mut written = 0;
    for piece in [vec![1; 64 * PAGE], vec![1; PAGE]] {
        loop {
            match file.write(&piece) {
                Ok(bytes) => written += bytes as u64,
                Err(fault) if fault.kind() == ErrorKind::StorageFull => break,
                Err(fault) => panic!("ballast: {fault}"),
            }
        }
    }
    file.set_len(written.saturating_sub(spare_pages * PAGE as u64)).unwrap();
}

#[test]
fn a_full_disk_takes_not_a_page_more_until_there_is_room() {
    let mut disk = Disk::new();
    let rest = disk.folder.path().join("rest");
    disk.fill(Room::Pages(2), None);
    if disk.is_mounted {
        let fault = std::fs::write(&rest, vec![1; 3 * PAGE]).unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::StorageFull);
    }
    disk.free(None);
    std::fs::write(&rest, vec![1; 3 * PAGE]).unwrap();
}

#[test]
fn a_process_that_is_held_to_a_length_writes_nothing_behind_it_until_there_is_room() {
    let mut disk = Disk::new();
    std::fs::write(disk.data_path(), "held").unwrap();
    let mut append = |room: Option<Room>| {
        let mut child = std::process::Command::new("tee")
            .arg("-a")
            .arg(disk.data_path())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let process = Some(Pid::from_child(&child));
        match room {
            Some(room) => disk.fill(room, process),
            None => disk.free(process),
        }
        child.stdin.take().unwrap().write_all(b" more").unwrap();
        child.wait().unwrap().success()
    };
    assert!(!append(Some(Room::Part(100))));
    assert!(append(None));
    assert_eq!(std::fs::read_to_string(disk.data_path()).unwrap(), "held more");
}
