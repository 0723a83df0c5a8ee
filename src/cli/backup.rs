//! `anshin backup`, `verify` and `restore`: copies of the data made, read and put back. What is restored becomes the data of a
//! new epoch: the service asks everyone afresh before it concludes anything from it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::alone::{give_to_owner_of_folder, make_folder};
use super::complaint::{self, Complaint};
use super::errand::{self, Answered, Copied, Errand, Outcome};
use super::forget;
use super::serve::config_path;
use crate::backup::{Maker, seal};
use crate::clock;
use crate::config::{self, Premises, Surroundings};
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::locale::cli::Tongue;
use crate::locale::cli::backup as words;
use crate::locale::cli::staff::no_answer;
use crate::locale::cli::system;
use crate::store::{Store, StoreError, Survey};

/// `anshin backup`: by the server, where one runs, else from the file itself.
pub(super) fn back_up(path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let premises = premises(path, tongue)?;
    let Some(settings) = premises.backup.clone() else {
        return Err(Complaint { sentence: words::switched_off(tongue), code: 2 });
    };
    let store_path = premises.store_path.as_path();
    let answered = block_on(async {
        match errand::ask(store_path, &Errand::Backup).await {
            Ok(Some(answered)) => Ok(answered),
            Ok(None) => {
                let store = Store::look(store_path).map_err(|f| Complaint::store(&f, tongue))?;
                // Nobody is here whom it could be told to, but the one who typed it.
                let made = Maker::new(store, settings).make(clock::real_now()).await;
                Ok(Answered::ours(errand::copied(made)))
            }
            Err(fault) => Err(unanswered(store_path, &fault, tongue)),
        }
    })??;
    match &answered.outcome {
        Outcome::Copied(Copied { path, bytes, people, sealed, not_carried }) => {
            say(&words::made(&path.display().to_string(), *bytes, *people, *sealed, tongue))?;
            match not_carried {
                Some(told) => {
                    Err(Complaint::failed(words::not_carried(told.in_tongue(tongue), tongue)))
                }
                None => Ok(()),
            }
        }
        Outcome::Busy => Err(Complaint::failed(words::busy(tongue))),
        Outcome::Off => Err(Complaint { sentence: words::switched_off(tongue), code: 2 }),
        Outcome::Failed(told) => {
            Err(Complaint::failed(words::failed(told.in_tongue(tongue), tongue)))
        }
        Outcome::Staff(_)
        | Outcome::Snapshot(_)
        | Outcome::Checked(_)
        | Outcome::LogIn(_)
        | Outcome::Noted
        | Outcome::Unknown => Err(answered.misfit(tongue)),
    }
}

/// `anshin verify`: reads a copy, or a data file that nobody uses, from its first record to its last.
pub(super) fn verify(
    file: &Path,
    identity: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let scratch = Scratch::new(std::env::temp_dir().join(scratch_name()));
    let plain = opened(file, identity, &scratch, tongue)?;
    let survey = Store::survey(&plain).map_err(|fault| named(fault, file, tongue))?;
    let Survey { schema, extent, people, .. } = survey;
    let (path, at) = (file.display().to_string(), shown(survey.alive_at, tongue));
    say(&words::sound(&path, schema, extent.records, people, &at, tongue))
}

/// `anshin restore`: puts a copy in the place of the data, while no service runs on it.
pub(super) fn restore(
    file: &Path,
    identity: Option<&Path>,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let premises = place_of_data(path, tongue)?;
    let store_path = premises.store_path.as_path();
    let held = nobody_runs(store_path, tongue)?;
    make_folder(store_path).map_err(|fault| unwritten(store_path, &fault, tongue))?;
    let scratch = Scratch::beside(store_path, "restoring");
    let place = &scratch.0;
    if opened(file, identity, &scratch, tongue)? == file {
        duplicate(file, place).map_err(|fault| unwritten(place, &fault, tongue))?;
    }
    let survey = Store::survey(place).map_err(|fault| named(fault, file, tongue))?;
    let known = forget::known(&premises, file, place, held.as_ref(), tongue)?;
    begin_again(place, tongue)?;
    let again = known.forget_in(place, &premises, tongue)?;
    let aside = put_in_place(place, store_path).map_err(|f| unwritten(store_path, &f, tongue))?;
    drop(held);
    let aside = aside.map(|aside| aside.display().to_string());
    say(&words::restored(&shown(survey.alive_at, tongue), aside.as_deref(), tongue))?;
    known.tell(again, tongue)?;
    known.keep(store_path, tongue)
}

/// Makes a file that is about to become the data the data of a new epoch, of the present schema.
pub(super) fn begin_again(place: &Path, tongue: Tongue) -> Result<(), Complaint> {
    let secret = super::serve::fresh_secret(tongue)?;
    let store = Store::open(place, Store::CACHE_BYTES_MIN, secret);
    let begun = store.and_then(|store| store.begin_again(clock::real_now()));
    begun.map_err(|fault| Complaint::store(&fault, tongue))
}

/// Moves a finished file to where the data is; what is there stays under another name, and at no moment is there nothing.
pub(super) fn put_in_place(finished: &Path, store_path: &Path) -> io::Result<Option<PathBuf>> {
    File::open(finished)?.sync_all()?;
    let aside = if store_path.try_exists()? {
        let wall = Zone::default().local(clock::real_now()).strftime("%Y%m%d-%H%M%S").to_string();
        let aside = beside(store_path, &format!("before-{wall}"));
        fs::hard_link(store_path, &aside)?;
        Some(aside)
    } else {
        None
    };
    fs::rename(finished, store_path)?;
    give_to_owner_of_folder(store_path)?;
    let folder = store_path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(aside)
}

/// Refuses while a service uses the data file, and holds it, so that none starts meanwhile.
fn nobody_runs(store_path: &Path, tongue: Tongue) -> Result<Option<Store>, Complaint> {
    match Store::look(store_path) {
        Ok(held) => Ok(Some(held)),
        Err(StoreError::InUse(_)) => Err(Complaint::failed(words::still_runs(tongue))),
        // One that is damaged, or not there, is what a copy is for.
        Err(_) => Ok(None),
    }
}

/// The file itself, or what is in it, opened into `scratch`.
fn opened(
    file: &Path,
    identity: Option<&Path>,
    scratch: &Scratch,
    tongue: Tongue,
) -> Result<PathBuf, Complaint> {
    let shown = file.display().to_string();
    let sealed = seal::is_sealed(file).map_err(|fault| unread(file, &fault, tongue))?;
    match (sealed, identity) {
        (false, None) => Ok(file.to_owned()),
        (false, Some(_)) => {
            Err(Complaint { sentence: words::needs_no_identity(&shown, tongue), code: 2 })
        }
        (true, None) => Err(Complaint { sentence: words::needs_identity(&shown, tongue), code: 2 }),
        (true, Some(identity)) => {
            let fault = block_on(seal::open_by(file, &scratch.0, identity))?.err();
            match fault {
                None => Ok(scratch.0.clone()),
                Some(seal::ProgramFault::Missing(_)) => {
                    Err(Complaint::failed(words::no_age(tongue)))
                }
                Some(fault) => {
                    let fault = complaint::program(&fault, tongue);
                    Err(Complaint::failed(words::unopened(&shown, &fault, tongue)))
                }
            }
        }
    }
}

/// A file that is gone with the command, however it ends.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(path: PathBuf) -> Self {
        // One that is there is from a command that was cut off under the same number.
        remove(&path);
        Self(path)
    }

    /// One beside the data file, for this command alone: two at the same time must not work on each other's. What commands
    /// left behind that were cut off goes, because it holds everything that the data holds.
    pub(super) fn beside(store_path: &Path, what: &str) -> Self {
        let kind = beside(store_path, &format!("{what}-"));
        clear_left_behind(&kind);
        let mut path = kind.into_os_string();
        path.push(std::process::id().to_string());
        Self::new(PathBuf::from(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// Removes a scratch file, with what lifting an old schema keeps beside it, which nobody needs here.
fn remove(scratch: &Path) {
    let _ = fs::remove_file(scratch);
    for schema in 1..crate::store::SCHEMA_VERSION {
        let mut kept = scratch.as_os_str().to_owned();
        kept.push(format!(".v{schema}"));
        let _ = fs::remove_file(kept);
    }
}

/// Removes scratch files of a kind whose processes are gone. Where it cannot be seen who lives, nothing is touched.
fn clear_left_behind(kind: &Path) {
    let processes = Path::new("/proc");
    let (Some(folder), Some(ours)) = (kind.parent(), kind.file_name()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return };
    if !processes.join("self").exists() {
        return;
    }
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest =
            name.to_str().zip(ours.to_str()).and_then(|(name, ours)| name.strip_prefix(ours));
        let digits = rest.map(|rest| rest.split('.').next().unwrap_or_default());
        let number = digits.and_then(|digits| digits.parse::<u32>().ok());
        if number.is_some_and(|number| !processes.join(number.to_string()).exists()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn scratch_name() -> String {
    format!("anshin-opened-{}", std::process::id())
}

/// `<data file>.<what>`.
pub(super) fn beside(store_path: &Path, what: &str) -> PathBuf {
    let mut path = store_path.as_os_str().to_owned();
    path.push(format!(".{what}"));
    PathBuf::from(path)
}

fn duplicate(from: &Path, to: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut copy = options.open(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}

fn shown(at: Option<Moment>, tongue: Tongue) -> String {
    match at {
        Some(at) => Zone::default().local(at).strftime("%Y-%m-%d %H:%M").to_string(),
        None => words::no_moment(tongue),
    }
}

/// A fault of a file that was opened under another name is told with the one that was typed.
fn named(fault: StoreError, file: &Path, tongue: Tongue) -> Complaint {
    let path = file.to_owned();
    let fault = match fault {
        StoreError::Unopenable { cause, .. } => StoreError::Unopenable { path, cause },
        StoreError::NoDatabase { cause, .. } => StoreError::NoDatabase { path, cause },
        StoreError::Newer { found, known, .. } => StoreError::Newer { path, found, known },
        StoreError::InUse(_) => StoreError::InUse(path),
        other => other,
    };
    Complaint::store(&fault, tongue)
}

fn unread(file: &Path, fault: &io::Error, tongue: Tongue) -> Complaint {
    let cause = io::Error::new(fault.kind(), fault.to_string());
    Complaint::store(&StoreError::Unopenable { path: file.to_owned(), cause }, tongue)
}

pub(super) fn unwritten(path: &Path, fault: &io::Error, tongue: Tongue) -> Complaint {
    Complaint::failed(words::unwritten(&path.display().to_string(), &system(fault, tongue), tongue))
}

pub(super) fn unanswered(store_path: &Path, fault: &io::Error, tongue: Tongue) -> Complaint {
    let socket = super::socket::beside(store_path).display().to_string();
    Complaint::failed(no_answer(&socket, &fault.to_string(), tongue))
}

pub(super) fn premises(path: Option<&Path>, tongue: Tongue) -> Result<Premises, Complaint> {
    config::read_premises(config_path(path), &Surroundings::of_process())
        .map_err(|fault| Complaint::config(&fault, tongue))
}

/// Where the data is or will be, also before the machine has a name.
pub(super) fn place_of_data(path: Option<&Path>, tongue: Tongue) -> Result<Premises, Complaint> {
    config::read_place(config_path(path), &Surroundings::of_process())
        .map_err(|fault| Complaint::config(&fault, tongue))
}

pub(super) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Complaint> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|fault| Complaint::failed(fault.to_string()))?.block_on(work))
}

pub(super) fn say(sentence: &str) -> Result<(), Complaint> {
    writeln!(io::stdout(), "{sentence}").map_err(|fault| Complaint::failed(fault.to_string()))
}
