//! `anshin export` and `import`: everything in an open form, one JSON object a line, and back. The way out of this
//! program, and into it. Of one person it is their dossier, which is for reading.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::alone::{self, make_folder};
use super::backup::{
    Scratch, begin_again, block_on, place_of_data, premises, put_in_place, say, unanswered,
    unwritten,
};
use super::complaint::Complaint;
use super::errand::{self, Answered, Errand, Outcome};
use super::forget;
use super::serve::fresh_secret;
use crate::clock::real_now;
use crate::config::Premises;
use crate::domain::id::PersonId;
use crate::domain::staff::Deed;
use crate::locale::cli::Tongue;
use crate::locale::cli::backup as words;
use crate::store::{ExportError, ImportError, Store, StoreError};
use crate::web::dossier::Dossier;

/// The data to write out: the file itself, or, where a server runs on it, what that wrote of it for us.
struct Source {
    store: Store,
    /// Gone with the command.
    _snapshot: Option<Scratch>,
}

impl Source {
    fn open(store_path: &Path, tongue: Tongue) -> Result<Self, Complaint> {
        let asked = block_on(errand::ask(store_path, &Errand::Snapshot))?;
        let answered = asked.map_err(|fault| unanswered(store_path, &fault, tongue))?;
        let snapshot = match answered.as_ref().map(|answered| (&answered.outcome, answered)) {
            None => None,
            Some((Outcome::Snapshot(path), _)) => Some(Scratch(path.clone())),
            Some((Outcome::Failed(told), _)) => {
                return Err(Complaint::failed(words::not_exported(told.in_tongue(tongue), tongue)));
            }
            Some((_, answered)) => return Err(answered.misfit(tongue)),
        };
        let from = snapshot.as_ref().map_or(store_path, |snapshot| snapshot.0.as_path());
        let store = Store::look(from).map_err(|fault| Complaint::store(&fault, tongue))?;
        Ok(Self { store, _snapshot: snapshot })
    }
}

/// Writes everything, or everything about one person, into a new file. That stands in the log before anybody can read it.
pub(super) fn export(
    file: &Path,
    person: Option<u32>,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let premises = premises(path, tongue)?;
    match person {
        Some(person) => export_person(file, PersonId(person), &premises, tongue),
        None => export_all(file, &premises, tongue),
    }
}

/// A file that is being written; nothing of it stays unless it is kept.
struct Draft<'p> {
    path: &'p Path,
    file: BufWriter<File>,
    kept: bool,
}

impl<'p> Draft<'p> {
    /// A new file, for its owner alone.
    fn new(path: &'p Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        Ok(Self { path, file: BufWriter::new(options.open(path)?), kept: false })
    }

    /// It is whole.
    fn keep(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // Half of everything is of no use to anybody, and as secret as the whole. It may be gone already.
            let _ = fs::remove_file(self.path);
        }
    }
}

fn export_all(file: &Path, premises: &Premises, tongue: Tongue) -> Result<(), Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let unwritten = |fault: io::Error| unwritten(file, &fault, tongue);
    let mut draft = Draft::new(file).map_err(unwritten)?;
    block_on(note(premises, (Errand::Exported, Deed::Exported), tongue))??;
    let source = Source::open(&premises.store_path, tongue)?;
    let reading = source.store.read().map_err(store_fault)?;
    reading.export(&mut draft.file).map_err(|fault| match fault {
        ExportError::Store(fault) => store_fault(fault),
        ExportError::Write(fault) => unwritten(fault),
    })?;
    draft.keep().map_err(unwritten)?;
    say(&words::exported(&file.display().to_string(), tongue))
}

fn export_person(
    file: &Path,
    person: PersonId,
    premises: &Premises,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let unwritten = |fault: io::Error| unwritten(file, &fault, tongue);
    let source = Source::open(&premises.store_path, tongue)?;
    let reading = source.store.read().map_err(store_fault)?;
    let dossier = Dossier::read(&reading, person, real_now()).map_err(store_fault)?;
    let Some(dossier) = dossier else {
        return Err(Complaint::failed(words::no_person(person.0, tongue)));
    };
    // The data is free for whoever writes it down.
    drop((reading, source));
    let mut draft = Draft::new(file).map_err(unwritten)?;
    let noted = (Errand::Dossier(person.0), Deed::Dossier { person });
    block_on(note(premises, noted, tongue))??;
    draft.file.write_all(dossier.json().as_bytes()).map_err(unwritten)?;
    draft.keep().map_err(unwritten)?;
    say(&words::exported_person(&file.display().to_string(), person.0, tongue))
}

/// Has it written down: by the server where one runs, else here.
async fn note(
    premises: &Premises,
    (errand, deed): (Errand, Deed),
    tongue: Tongue,
) -> Result<(), Complaint> {
    let store_path = premises.store_path.as_path();
    let asked = errand::ask(store_path, &errand).await;
    let answered = asked.map_err(|fault| unanswered(store_path, &fault, tongue))?;
    let answered = match answered {
        Some(answered) => answered,
        None => {
            // Where there is no data, or none that we can read, none is made only to write into it.
            let looked = Store::look(store_path).map(drop);
            looked.map_err(|fault| Complaint::store(&fault, tongue))?;
            let store = alone::open(premises, tongue).map_err(|fault| fault.told(tongue))?;
            Answered::ours(
                alone::with_writer(premises, store, tongue, async |engine, now| {
                    errand::note(&engine, deed, now).await
                })
                .await?,
            )
        }
    };
    match &answered.outcome {
        Outcome::Noted => Ok(()),
        Outcome::Failed(told) => {
            Err(Complaint::failed(words::not_noted(told.in_tongue(tongue), tongue)))
        }
        Outcome::Staff(_)
        | Outcome::Copied(_)
        | Outcome::Checked(_)
        | Outcome::LogIn(_)
        | Outcome::Snapshot(_)
        | Outcome::Busy
        | Outcome::Off
        | Outcome::Unknown => Err(answered.misfit(tongue)),
    }
}

/// Reads an export in, where there is no data yet.
pub(super) fn import(file: &Path, path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let premises = place_of_data(path, tongue)?;
    let store_path = premises.store_path.clone();
    let shown = |path: &Path| path.display().to_string();
    if store_path.exists() {
        return Err(Complaint::failed(words::import_over(&shown(&store_path), tongue)));
    }
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let unread =
        |cause| Complaint::store(&StoreError::Unopenable { path: file.to_owned(), cause }, tongue);
    let from = BufReader::new(File::open(file).map_err(unread)?);
    make_folder(&store_path).map_err(|fault| unwritten(&store_path, &fault, tongue))?;
    let scratch = Scratch::beside(&store_path, "importing");
    let store = Store::open(&scratch.0, Store::CACHE_BYTES_MIN, fresh_secret(tongue)?);
    let store = store.map_err(store_fault)?;
    let count = store.write().map_err(store_fault)?.import(from).map_err(|fault| match fault {
        ImportError::Read(cause) => unread(cause),
        ImportError::Head => Complaint::failed(words::import_head(&shown(file), tongue)),
        ImportError::Line(line) => {
            Complaint::failed(words::import_line(&shown(file), line, tongue))
        }
        ImportError::Store(fault) => store_fault(fault),
    })?;
    drop(store);
    let known = forget::known(&premises, file, &scratch.0, None, tongue)?;
    begin_again(&scratch.0, tongue)?;
    let again = known.forget_in(&scratch.0, &premises, tongue)?;
    put_in_place(&scratch.0, &store_path).map_err(|f| unwritten(&store_path, &f, tongue))?;
    say(&words::imported(count, tongue))?;
    known.tell(again, tongue)?;
    known.keep(&store_path, tongue)
}
