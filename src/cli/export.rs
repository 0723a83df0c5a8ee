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

/// Writes everything, or everything about one person, into a new file.
pub(super) fn export(
    file: &Path,
    person: Option<u32>,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let premises = premises(path, tongue)?;
    let source = Source::open(&premises.store_path, tongue)?;
    match person {
        Some(person) => export_person(file, PersonId(person), &premises, source, tongue),
        None => export_all(file, &source, tongue),
    }
}

fn export_all(file: &Path, source: &Source, tongue: Tongue) -> Result<(), Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let reading = source.store.read().map_err(store_fault)?;
    let to = created(file).map_err(|fault| unwritten(file, &fault, tongue))?;
    let mut to = BufWriter::new(to);
    reading.export(&mut to).map_err(|fault| match fault {
        ExportError::Store(fault) => store_fault(fault),
        ExportError::Write(fault) => unwritten(file, &fault, tongue),
    })?;
    let flushed = to.flush().and_then(|()| to.get_ref().sync_all());
    flushed.map_err(|fault| unwritten(file, &fault, tongue))?;
    say(&words::exported(&file.display().to_string(), tongue))
}

/// Everything about one person, which stands in the log before anybody can read it.
fn export_person(
    file: &Path,
    person: PersonId,
    premises: &Premises,
    source: Source,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let reading = source.store.read().map_err(store_fault)?;
    let dossier = Dossier::read(&reading, person, real_now()).map_err(store_fault)?;
    let Some(dossier) = dossier else {
        return Err(Complaint::failed(words::no_person(person.0, tongue)));
    };
    // The file is free for whoever writes it down.
    drop((reading, source));
    let mut to = created(file).map_err(|fault| unwritten(file, &fault, tongue))?;
    if let Err(complaint) = block_on(note(premises, person, tongue)).and_then(|noted| noted) {
        // An empty file, and of our own making.
        let _ = fs::remove_file(file);
        return Err(complaint);
    }
    let written = to.write_all(dossier.json().as_bytes()).and_then(|()| to.sync_all());
    written.map_err(|fault| unwritten(file, &fault, tongue))?;
    say(&words::exported_person(&file.display().to_string(), person.0, tongue))
}

/// Has it written down: by the server where one runs, else here.
async fn note(premises: &Premises, person: PersonId, tongue: Tongue) -> Result<(), Complaint> {
    let store_path = premises.store_path.as_path();
    let asked = errand::ask(store_path, &Errand::Dossier(person.0)).await;
    let answered = asked.map_err(|fault| unanswered(store_path, &fault, tongue))?;
    let answered = match answered {
        Some(answered) => answered,
        None => {
            let store = alone::open(premises, tongue).map_err(|fault| fault.told(tongue))?;
            Answered::ours(
                alone::with_writer(premises, store, tongue, async |engine, now| {
                    errand::note_dossier(&engine, person, now).await
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

/// A new file, for its owner alone.
fn created(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(file)
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
    known.keep(&store_path, tongue)?;
    say(&words::imported(count, tongue))?;
    known.tell(again, tongue)
}
