//! The list of whoever was forgotten, which outlives the data: beside it, and beside the copies, so that a copy that is put
//! back forgets them again. A line is a number and two moments with a seal of the data file, and no word of who that was.
//! Lines are only ever added.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::domain::erasure::Forgotten;
use crate::domain::id::PersonId;
use crate::domain::invitation::Mint;
use crate::domain::time::Moment;
use crate::store::{Store, StoreError};

/// The name of the list in a folder of copies.
pub const IN_FOLDER: &str = "anshin-erased.txt";

/// What stands behind the name of the data file in that of the list beside it.
const BESIDE: &str = ".erased";

/// The first line.
const HEAD: &str = "# anshin: numbers of those who were forgotten. `anshin restore` reads it; keep it with the copies.";

/// A list that is larger than this is none of ours: two hundred thousand people.
const FILE_BYTES_MAX: u64 = 20 << 20;

/// Between two looks whether somebody was forgotten.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// A list that could not be written is tried again after this.
const AGAIN: Duration = Duration::from_secs(600);

/// Why a line says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineFault {
    /// It is torn, or was never one.
    Torn,
    /// It is whole, and not sealed by this data: changed by hand, or of other data.
    Foreign,
}

/// What stands in a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct List {
    /// Everyone who was forgotten.
    pub forgotten: BTreeSet<Forgotten>,
    /// Lines that say nothing, by their number.
    pub faults: Vec<(usize, LineFault)>,
    /// Whether the last line ends.
    ends: bool,
}

/// Where the list is beside a data file.
#[must_use]
pub fn beside(store_path: &Path) -> PathBuf {
    let mut path = store_path.as_os_str().to_owned();
    path.push(BESIDE);
    PathBuf::from(path)
}

fn seal(mint: &Mint, Forgotten { person, met_at, at }: Forgotten) -> String {
    let words = format!("erased/{person}/{}/{}", met_at.millis(), at.millis());
    let hex = |byte: &u8| format!("{byte:02x}");
    mint.seal(&words).iter().map(hex).collect()
}

fn line(mint: &Mint, forgotten: Forgotten) -> String {
    let Forgotten { person, met_at, at } = forgotten;
    format!("{person} {met_at} {at} {}\n", seal(mint, forgotten))
}

fn parse(mint: &Mint, line: &str) -> Result<Forgotten, LineFault> {
    let moment = |word: &str| {
        let moment: jiff::Timestamp = word.parse().map_err(|_| LineFault::Torn)?;
        Ok(Moment::from_millis(moment.as_millisecond()))
    };
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let [person, met_at, at, sealed] = words[..] else { return Err(LineFault::Torn) };
    let person = PersonId(person.parse().map_err(|_| LineFault::Torn)?);
    let forgotten = Forgotten { person, met_at: moment(met_at)?, at: moment(at)? };
    let ours = seal(mint, forgotten);
    if sealed.len() != ours.len() {
        return Err(LineFault::Torn);
    }
    (sealed == ours).then_some(forgotten).ok_or(LineFault::Foreign)
}

/// Reads a list with the seals of one data file; `None` if there is none.
pub fn read(path: &Path, mint: &Mint) -> io::Result<Option<List>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut list = List { ends: text.is_empty() || text.ends_with('\n'), ..List::default() };
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match parse(mint, line) {
            Ok(forgotten) => drop(list.forgotten.insert(forgotten)),
            Err(fault) => list.faults.push((number, fault)),
        }
    }
    Ok(Some(list))
}

/// Adds whoever is not in a list yet, and makes the list where there is none.
pub fn complete(path: &Path, mint: &Mint, all: &BTreeSet<Forgotten>) -> io::Result<()> {
    let known = read(path, mint)?;
    let mut added = match &known {
        None => format!("{HEAD}\n"),
        // What is torn at the end must not tear what comes behind it.
        Some(list) if !list.ends => "\n".to_owned(),
        Some(_) => String::new(),
    };
    let known = known.unwrap_or_default().forgotten;
    let is_known = |one: &Forgotten| {
        known.iter().any(|known| (known.person, known.met_at) == (one.person, one.met_at))
    };
    for forgotten in all.iter().filter(|one| !is_known(one)) {
        added.push_str(&line(mint, *forgotten));
    }
    if added.is_empty() || added == "\n" {
        return Ok(());
    }
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    file.write_all(added.as_bytes())?;
    file.sync_all()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Whoever was forgotten, as the data knows it.
pub fn known(store: &Store) -> Result<BTreeSet<Forgotten>, StoreError> {
    Ok(store.read()?.erasures()?.iter().map(Forgotten::from).collect())
}

/// Keeps the lists beside the data and in the folder of copies complete while the service runs.
pub fn keep(store: Store, store_path: &Path, folder: Option<&Path>, clock: Arc<dyn Clock>) {
    let lists = Lists { beside: beside(store_path), folder: folder.map(Path::to_owned) };
    tokio::spawn(async move {
        let mut written = None;
        loop {
            let done = lists.complete_from(&store, &mut written);
            let wait = if done.is_ok() { LOOK_EVERY } else { AGAIN };
            if let Err(fault) = done {
                tracing::warn!(%fault, "the list of whoever was forgotten could not be written");
            }
            let again = clock.now() + wait;
            while clock.now() < again {
                clock.sleep_until(again).await;
            }
        }
    });
}

/// The lists of a service.
struct Lists {
    beside: PathBuf,
    folder: Option<PathBuf>,
}

impl Lists {
    /// `written`: who stood in them when they were last looked at.
    fn complete_from(
        &self,
        store: &Store,
        written: &mut Option<BTreeSet<Forgotten>>,
    ) -> Result<(), String> {
        let all = known(store).map_err(|fault| fault.to_string())?;
        if written.as_ref() == Some(&all) {
            return Ok(());
        }
        let mint = store.read().and_then(|reading| reading.mint());
        let mint = mint.map_err(|fault| fault.to_string())?;
        // Before the first copy there is no folder, and nothing to forget anybody in.
        let folder = self.folder.as_ref().filter(|folder| folder.is_dir());
        let in_folder = folder.map(|folder| folder.join(IN_FOLDER));
        for path in [Some(&self.beside), in_folder.as_ref()].into_iter().flatten() {
            let done = complete(path, &mint, &all);
            done.map_err(|fault| format!("{}: {fault}", path.display()))?;
        }
        *written = Some(all);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mint() -> Mint {
        Mint::new(&[7; 32])
    }

    fn one(person: u32) -> Forgotten {
        let met_at = Moment::from_millis(1_795_392_000_123 + i64::from(person));
        let at = Moment::from_millis(1_795_999_999_999);
        Forgotten { person: PersonId(person), met_at, at }
    }

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(IN_FOLDER);
        (folder, path)
    }

    #[test]
    fn what_is_added_reads_back_and_is_added_once() {
        let (_folder, path) = place();
        let all: BTreeSet<_> = [one(7), one(12)].into();
        assert_eq!(read(&path, &mint()).unwrap(), None);
        complete(&path, &mint(), &[one(7)].into()).unwrap();
        for _ in 0..2 {
            complete(&path, &mint(), &all).unwrap();
        }
        let list = read(&path, &mint()).unwrap().unwrap();
        assert_eq!((list.forgotten, list.faults), (all, Vec::new()));
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains("\n7 2026-11-23T") && text.starts_with("# anshin"), "{text}");
        // Forgotten again at a later moment, it is still the same.
        let later = Forgotten { at: one(7).at + Duration::from_secs(9), ..one(7) };
        complete(&path, &mint(), &[later].into()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        // The same number, met at another moment, is somebody else.
        let other = Forgotten { met_at: one(8).met_at, ..one(7) };
        complete(&path, &mint(), &[other].into()).unwrap();
        assert_eq!(read(&path, &mint()).unwrap().unwrap().forgotten.len(), 3);
    }

    #[test]
    fn torn_and_foreign_lines_are_named_and_the_rest_counts() {
        let (_folder, path) = place();
        complete(&path, &mint(), &[one(7), one(12)].into()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let seventh = text.lines().nth(1).unwrap();
        let forged = seventh.replacen("7 ", "8 ", 1);
        let elsewhere = line(&Mint::new(&[8; 32]), one(9));
        let torn = &seventh[..seventh.len() - 3];
        let broken = format!("{text}{forged}\n{elsewhere}\nnotes of mine\n{torn}");
        std::fs::write(&path, &broken).unwrap();
        let list = read(&path, &mint()).unwrap().unwrap();
        assert_eq!(list.forgotten, [one(7), one(12)].into());
        let [foreign, torn] = [LineFault::Foreign, LineFault::Torn];
        assert_eq!(list.faults, [(4, foreign), (5, foreign), (7, torn), (8, torn)]);
        // A torn end does not tear what comes behind it.
        complete(&path, &mint(), &[one(31)].into()).unwrap();
        let list = read(&path, &mint()).unwrap().unwrap();
        assert!(list.forgotten.contains(&one(31)) && list.faults.len() == 4);
        assert!(std::fs::read_to_string(&path).unwrap().starts_with(&broken), "only ever added to");
    }

    #[test]
    fn bytes_of_anything_else_are_no_list() {
        let (_folder, path) = place();
        std::fs::write(&path, [0xff, 0x00, b'\n', 0xe3, 0x81]).unwrap();
        let list = read(&path, &mint()).unwrap().unwrap();
        assert_eq!((list.forgotten.len(), list.faults.len()), (0, 2));
        let file = File::create(&path).unwrap();
        file.set_len(FILE_BYTES_MAX + 1).unwrap();
        assert!(read(&path, &mint()).is_err());
    }

    #[test]
    fn the_lists_of_a_service_hold_whoever_its_data_knows_as_forgotten() {
        use crate::domain::erasure::{Erasure, ErasureReason};
        use crate::domain::id::StaffId;
        let (folder, path) = place();
        let store = Store::in_memory([7; 32]).unwrap();
        let data = folder.path().join("anshin.redb");
        let lists = Lists { beside: beside(&data), folder: Some(folder.path().to_owned()) };
        let mut written = None;
        lists.complete_from(&store, &mut written).unwrap();
        let erasure = Erasure {
            person: PersonId(7),
            at: one(7).at,
            by: StaffId(1),
            reason: ErasureReason::OwnWish,
            was_asked: true,
            removed: Vec::new(),
            file_clean_at: None,
            met_at: one(7).met_at,
            first_at: None,
        };
        let writing = store.write().unwrap();
        writing.tables().put_erasure(&erasure).unwrap();
        writing.commit().unwrap();
        lists.complete_from(&store, &mut written).unwrap();
        for path in [path, beside(&data)] {
            assert_eq!(read(&path, &mint()).unwrap().unwrap().forgotten, [one(7)].into());
        }
    }
}
