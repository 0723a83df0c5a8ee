//! Whoever was forgotten after a copy was made is in it, and may have died. Before it becomes the data, they are forgotten in
//! it again: by the lists beside data and copies, and by what the data that it replaces knows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::alone::{self, give_to_owner_of_folder};
use super::backup::{block_on, say};
use super::complaint::Complaint;
use crate::backup::erased::{self, LineFault};
use crate::config::Premises;
use crate::domain::erasure::Forgotten;
use crate::domain::event::{Event, Upkeep};
use crate::domain::id::PersonId;
use crate::domain::invitation::Mint;
use crate::locale::cli::backup as words;
use crate::locale::cli::{self, Tongue, system};
use crate::store::{Store, StoreError};

/// Lines of a list that are named at most; how many more there are is said.
const FAULTS_NAMED: usize = 20;

/// What is known of whoever was forgotten, and what is to be said of where it stands.
pub(super) struct Known {
    forgotten: BTreeSet<Forgotten>,
    /// What could not be read, a sentence each.
    remarks: Vec<String>,
    /// Some list was found, or the data itself knew.
    any: bool,
    /// Where a list would have been looked for first.
    best: PathBuf,
    /// Seals the lines for what is about to become the data. Kept from before it is in its place: from then on it may be a
    /// service's that has just started, and nobody else's to open.
    mint: Mint,
}

/// Looks everywhere: beside the data, beside the file that is put back, in the folder of copies; and in the data that is
/// replaced, where it can be read. `place` is what is about to become the data: its seals count.
pub(super) fn known(
    premises: &Premises,
    file: &Path,
    place: &Path,
    replaced: Option<&Store>,
    tongue: Tongue,
) -> Result<Known, Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let mint = mint_of(&Store::look(place).map_err(store_fault)?).map_err(store_fault)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let best = folder.join(erased::IN_FOLDER);
    let copies = premises.backup.as_ref().map(|backup| backup.folder.join(erased::IN_FOLDER));
    let mut paths = vec![erased::beside(&premises.store_path), erased::beside(file), best.clone()];
    paths.extend(copies);
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    let (forgotten, remarks) = (BTreeSet::new(), Vec::new());
    let mut known = Known { forgotten, remarks, any: false, best, mint };
    for path in paths {
        known.add(&path, tongue);
    }
    // Of other data that stood here, nothing is known about these people.
    let seal = known.mint.seal("");
    let same = |store: &&Store| mint_of(store).is_ok_and(|other| other.seal("") == seal);
    if let Some(store) = replaced.filter(same) {
        known.forgotten.extend(erased::known(store).map_err(store_fault)?);
        known.any = true;
    }
    Ok(known)
}

fn mint_of(store: &Store) -> Result<Mint, StoreError> {
    store.read()?.mint()
}

impl Known {
    fn add(&mut self, path: &Path, tongue: Tongue) {
        let shown = path.display().to_string();
        match erased::read(path, &self.mint) {
            Ok(None) => {}
            Ok(Some(list)) => {
                self.any = true;
                self.forgotten.extend(list.forgotten);
                for (number, fault) in list.faults.iter().take(FAULTS_NAMED) {
                    let foreign = *fault == LineFault::Foreign;
                    self.remarks.push(words::bad_line(&shown, *number, foreign, tongue));
                }
                let more = list.faults.len().saturating_sub(FAULTS_NAMED);
                self.remarks.extend((more > 0).then(|| words::more_lines(&shown, more, tongue)));
            }
            Err(fault) => {
                self.any = true;
                self.remarks.push(words::unread_list(&shown, &system(&fault, tongue), tongue));
            }
        }
    }

    /// Forgets everyone of them who is in a file that is about to become the data; how many there were.
    pub(super) fn forget_in(
        &self,
        place: &Path,
        premises: &Premises,
        tongue: Tongue,
    ) -> Result<usize, Complaint> {
        if self.forgotten.is_empty() {
            return Ok(0);
        }
        let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
        let there = Premises { store_path: place.to_owned(), ..premises.clone() };
        let store = alone::open(&there, tongue).map_err(|fault| fault.told(tongue))?;
        let before = erased::known(&store).map_err(store_fault)?;
        let again = self.forgotten.iter().map(|one| Event::Upkeep(Upkeep::EraseAgain(*one)));
        decide(&there, &store, again.collect(), tongue)?;
        let after = erased::known(&store).map_err(store_fault)?;
        let people: Vec<PersonId> = after.difference(&before).map(|one| one.person).collect();
        if !people.is_empty() && write_anew(&store) {
            let clean = people.iter().map(|person| Event::Upkeep(Upkeep::FileClean(*person)));
            decide(&there, &store, clean.collect(), tongue)?;
        }
        Ok(people.len())
    }

    /// Says what was done, and what could not be read.
    pub(super) fn tell(&self, again: usize, tongue: Tongue) -> Result<(), Complaint> {
        if again > 0 {
            say(&words::forgotten_again(again, tongue))?;
        }
        if !self.any {
            say(&words::no_list(&self.best.display().to_string(), tongue))?;
        }
        self.remarks.iter().try_for_each(|remark| say(remark))
    }

    /// Keeps all of it beside the data that is in place now: the next copy that is put back may be an older one. Comes last:
    /// the data is there by then, and that has been said, whatever comes of this.
    pub(super) fn keep(&self, store_path: &Path, tongue: Tongue) -> Result<(), Complaint> {
        let path = erased::beside(store_path);
        let unwritten = |fault| super::backup::unwritten(&path, &fault, tongue);
        erased::complete(&path, &self.mint, &self.forgotten).map_err(unwritten)?;
        give_to_owner_of_folder(&path).map_err(unwritten)
    }
}

fn decide(
    premises: &Premises,
    store: &Store,
    events: Vec<Event>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let work = alone::with_writer(premises, store.clone(), tongue, async |engine, _| {
        engine.decide_patiently(events).await
    });
    let done = block_on(work)??;
    // The writer ended; why stands in the log.
    done.map_err(|_| Complaint::failed(cli::not_taken(tongue)))
}

/// Writes the file anew, so that the bytes go too. Where that fails, the service does it in its first night.
fn write_anew(store: &Store) -> bool {
    let anew = store.write_anew().ok().flatten();
    anew.is_some_and(|anew| matches!(store.take_over(&anew), Ok(Ok(()))))
}
