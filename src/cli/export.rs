//! `anshin export` and `import`: everything in an open form, one JSON object a line, and back. The way out of this
//! program, and into it. Of one person it is their dossier, which is for reading.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::backup::{
    Scratch, begin_again, block_on, place_of_data, premises, put_in_place, say, unanswered,
    unwritten,
};
use super::complaint::Complaint;
use super::errand::{self, Errand, Outcome};
use super::serve::fresh_secret;
use super::staff::make_folder;
use crate::clock::real_now;
use crate::domain::id::PersonId;
use crate::locale::cli::Tongue;
use crate::locale::cli::backup as words;
use crate::store::{ExportError, ImportError, Store, StoreError};
use crate::web::dossier::Dossier;

/// Writes everything, or everything about one person, into a new file.
pub(super) fn export(
    file: &Path,
    person: Option<u32>,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let store_path = premises(path, tongue)?.store_path;
    let asked = block_on(errand::ask(&store_path, &Errand::Snapshot))?;
    let answered = asked.map_err(|fault| unanswered(&store_path, &fault, tongue))?;
    let snapshot = match answered.as_ref().map(|answered| (&answered.outcome, answered)) {
        None => None,
        Some((Outcome::Snapshot(path), _)) => Some(Scratch(path.clone())),
        Some((Outcome::Failed(told), _)) => {
            return Err(Complaint::failed(words::not_exported(told.in_tongue(tongue), tongue)));
        }
        Some((_, answered)) => return Err(answered.misfit(tongue)),
    };
    let from = snapshot.as_ref().map_or(store_path.as_path(), |snapshot| snapshot.0.as_path());
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let store = Store::look(from).map_err(store_fault)?;
    let reading = store.read().map_err(store_fault)?;
    let dossier = match person {
        Some(id) => match Dossier::read(&reading, PersonId(id), real_now()).map_err(store_fault)? {
            Some(dossier) => Some(dossier),
            None => return Err(Complaint::failed(words::no_person(id, tongue))),
        },
        None => None,
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let to = options.open(file).map_err(|fault| unwritten(file, &fault, tongue))?;
    let mut to = BufWriter::new(to);
    match &dossier {
        Some(dossier) => to
            .write_all(dossier.json().as_bytes())
            .map_err(|fault| unwritten(file, &fault, tongue))?,
        None => reading.export(&mut to).map_err(|fault| match fault {
            ExportError::Store(fault) => store_fault(fault),
            ExportError::Write(fault) => unwritten(file, &fault, tongue),
        })?,
    }
    let flushed = to.flush().and_then(|()| to.get_ref().sync_all());
    flushed.map_err(|fault| unwritten(file, &fault, tongue))?;
    let path = file.display().to_string();
    say(&match person {
        Some(id) => words::exported_person(&path, id, tongue),
        None => words::exported(&path, tongue),
    })
}

/// Reads an export in, where there is no data yet.
pub(super) fn import(file: &Path, path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let store_path = place_of_data(path, tongue)?;
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
    begin_again(&scratch.0, tongue)?;
    put_in_place(&scratch.0, &store_path).map_err(|f| unwritten(&store_path, &f, tongue))?;
    say(&words::imported(count, tongue))
}
