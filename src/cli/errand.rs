//! What commands ask of the server that runs on the same data file, and what it answers. Travels as one line of JSON each
//! way over the socket beside the data file.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::complaint::{self, Complaint};
use super::socket;
use super::staff::{Answer, Counter, Question, RoleName};
use crate::backup::{self, Maker};
use crate::clock;
use crate::doctor::Doctor;
use crate::domain::checkup::{Finding, State};
use crate::domain::event::Event;
use crate::domain::id::PersonId;
use crate::domain::staff::{Deed, Staff, StaffAct, StaffRole};
use crate::domain::time::Moment;
use crate::engine::{Handle, Refusal};
use crate::locale::checkup as words;
use crate::locale::cli::{self, Tongue};
use crate::store::{Store, StoreError};

/// What stands behind the name of the data file in that of a snapshot.
const SNAPSHOT: &str = ".snapshot-";

/// How long the copying of a large file is waited for.
pub(super) const COPY_WAIT: Duration = Duration::from_secs(2 * 3600);

/// How long a look at the set-up is waited for: LINE is asked several things.
const CHECK_WAIT: Duration = Duration::from_secs(120);

/// A command on its way to the server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Errand {
    /// Something about accounts of staff.
    Staff(Question),
    /// Make a copy of the data, as every night.
    Backup,
    /// Look whether everything is set up.
    Doctor,
    /// A way in for the first administrator, under this name.
    SetUp(String),
    /// Write the data as it is now into a file for the asker, who removes it.
    Snapshot,
    /// Write down that everything about the person of this number is taken out.
    Dossier(u32),
    /// Write down that everything about everyone is written out.
    Exported,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Of something about accounts.
    Staff(Answer),
    /// A copy was made.
    Copied(Copied),
    /// What was looked at.
    Checked(Vec<Checked>),
    /// There is an administrator already, who logs in here.
    LogIn(String),
    /// A file was written.
    Snapshot(PathBuf),
    /// It was written down.
    Noted,
    /// Another copy is being made.
    Busy,
    /// Copies are switched off.
    Off,
    /// It was not done; why.
    Failed(Told),
    /// It was not understood: whoever asked is of another version.
    Unknown,
}

/// An answer as it travels, with the version of whoever gives it.
#[derive(Debug, Serialize)]
pub(super) struct Reply {
    server: &'static str,
    outcome: Outcome,
}

/// An answer as it arrived.
#[derive(Debug)]
pub(super) struct Answered {
    /// What came of it; `Unknown` also where the answer is none that we know.
    pub(super) outcome: Outcome,
    /// The version of the server. The first ones did not say it.
    server: Option<String>,
}

impl Answered {
    /// The answer is none to what was asked: server and command are of different versions.
    pub(super) fn misfit(&self, tongue: Tongue) -> Complaint {
        let server = self.server.as_deref();
        Complaint::failed(cli::other_version(server, super::VERSION, tongue))
    }

    /// What this command did itself, because no server runs.
    pub(super) fn ours(outcome: Outcome) -> Self {
        Self { outcome, server: Some(super::VERSION.to_owned()) }
    }

    fn of(value: Value) -> Self {
        let Value::Object(mut fields) = value else {
            return Self { outcome: Outcome::Unknown, server: None };
        };
        let server =
            fields.remove("server").and_then(|version| version.as_str().map(str::to_owned));
        let outcome = fields.remove("outcome").unwrap_or_default();
        Self { outcome: serde_json::from_value(outcome).unwrap_or(Outcome::Unknown), server }
    }
}

/// A sentence in both languages: only the terminal at the other end knows which is wanted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Told {
    ja: String,
    en: String,
}

impl Told {
    pub(in crate::cli) fn new(say: impl Fn(Tongue) -> String) -> Self {
        Self { ja: say(Tongue::Ja), en: say(Tongue::En) }
    }

    pub(in crate::cli) fn of_store(fault: &StoreError) -> Self {
        Self::new(|tongue| complaint::store(fault, tongue))
    }

    pub(in crate::cli) fn in_tongue(&self, tongue: Tongue) -> &str {
        match tongue {
            Tongue::Ja => &self.ja,
            Tongue::En => &self.en,
        }
    }
}

/// A point of the set-up, as it is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Checked {
    /// Whether something has to be done.
    pub(super) bad: bool,
    /// The line.
    pub(super) line: Told,
}

/// A copy, as it is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Copied {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) people: u64,
    pub(super) sealed: bool,
    pub(super) not_carried: Option<Told>,
}

/// Does what commands ask for.
#[derive(Clone)]
pub(super) struct Porter {
    /// What is about staff.
    pub(super) counter: Counter,
    /// What is about copies, where they are made.
    pub(super) maker: Option<Maker>,
    /// Looks whether everything is set up.
    pub(super) doctor: Doctor,
    /// The data file.
    pub(super) store_path: PathBuf,
}

impl Porter {
    /// Does what was asked, if that is something we know.
    pub(super) async fn reply(&self, asked: Value) -> Reply {
        let outcome = match serde_json::from_value(asked) {
            Ok(errand) => self.answer(&errand).await,
            Err(_) => Outcome::Unknown,
        };
        Reply { server: super::VERSION, outcome }
    }

    async fn answer(&self, errand: &Errand) -> Outcome {
        match errand {
            Errand::Staff(question) => {
                Outcome::Staff(self.counter.answer(question, clock::real_now()).await)
            }
            Errand::Backup => self.back_up().await,
            Errand::Doctor => self.check().await,
            Errand::SetUp(name) => self.set_up(name).await,
            Errand::Snapshot => self.snapshot().await,
            Errand::Dossier(person) => self.note(Deed::Dossier { person: PersonId(*person) }).await,
            Errand::Exported => self.note(Deed::Exported).await,
        }
    }

    async fn note(&self, deed: Deed) -> Outcome {
        note(&self.counter.engine, deed, clock::real_now()).await
    }

    async fn check(&self) -> Outcome {
        let report = match self.doctor.look().await {
            Ok(report) => report,
            Err(fault) => return Outcome::Failed(Told::of_store(&fault)),
        };
        let line = |finding: &Finding, tongue| {
            let (point, state) = (finding.point(), finding.state());
            let said = words::line(finding, self.doctor.is_configured(), tongue);
            let point = words::point(point, tongue);
            format!("{} {point}: {said}", words::mark(state))
        };
        let checked = |finding: &Finding| Checked {
            bad: finding.state() == State::Bad,
            line: Told::new(|tongue| line(finding, tongue)),
        };
        Outcome::Checked(report.findings.iter().map(checked).collect())
    }

    /// A link for the first administrator. Once one can log in, that is the way.
    async fn set_up(&self, name: &str) -> Outcome {
        let all = match self.counter.store.read().and_then(|reading| reading.all_staff()) {
            Ok(all) => all,
            Err(fault) => return Outcome::Failed(Told::of_store(&fault)),
        };
        let admin = |staff: &&Staff| staff.active && staff.role == StaffRole::Admin;
        if all.iter().filter(admin).any(Staff::is_ready) {
            return Outcome::LogIn(format!("{}/staff/setup", self.counter.public_url));
        }
        let question = match all.iter().find(admin) {
            Some(waiting) => Question::Reset { who: waiting.id.to_string() },
            None => Question::Add { name: name.to_owned(), role: RoleName::Admin, mail: None },
        };
        Outcome::Staff(self.counter.answer(&question, clock::real_now()).await)
    }

    async fn back_up(&self) -> Outcome {
        let Some(maker) = &self.maker else { return Outcome::Off };
        match backup::copy(maker, &self.counter.engine, clock::real_now()).await {
            Ok(made) => copied(made),
            // The process is ending.
            Err(Refusal::Stopped | Refusal::Overloaded) => {
                Outcome::Failed(Told::new(cli::not_taken))
            }
        }
    }

    async fn snapshot(&self) -> Outcome {
        let mut path = self.store_path.clone().into_os_string();
        path.push(format!("{SNAPSHOT}{}", clock::real_now().millis()));
        let path = PathBuf::from(path);
        match snapshot(self.counter.store.clone(), path.clone()).await {
            Ok(()) => Outcome::Snapshot(path),
            Err(told) => Outcome::Failed(told),
        }
    }
}

/// Has it written down that a command takes something out.
pub(super) async fn note(engine: &Handle, deed: Deed, at: Moment) -> Outcome {
    match engine.decide_patiently(vec![Event::Staff(StaffAct { at, deed })]).await {
        Ok(()) => Outcome::Noted,
        // The process is ending.
        Err(Refusal::Stopped | Refusal::Overloaded) => Outcome::Failed(Told::new(cli::not_taken)),
    }
}

/// Removes snapshots whose askers were cut off before they could: they hold everything that the data holds.
pub(super) fn clear_snapshots(store_path: &Path) {
    let folder = store_path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = store_path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let ours = format!("{name}{SNAPSHOT}");
    let Ok(entries) = std::fs::read_dir(folder.unwrap_or(Path::new("."))) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(&ours));
        if is_ours && let Err(fault) = std::fs::remove_file(entry.path()) {
            tracing::warn!(%fault, "a snapshot of the data could not be removed");
        }
    }
}

/// A copy, as it is told.
pub(super) fn copied(made: Option<Result<backup::Made, backup::Failure>>) -> Outcome {
    match made {
        None => Outcome::Busy,
        Some(Err(failure)) => {
            Outcome::Failed(Told::new(|tongue| complaint::copy(&failure.cause, tongue)))
        }
        Some(Ok(made)) => {
            let backup::Made { path, bytes, people, sealed, not_carried } = made;
            let not_carried =
                not_carried.map(|fault| Told::new(|tongue| complaint::program(&fault, tongue)));
            Outcome::Copied(Copied { path, bytes, people, sealed, not_carried })
        }
    }
}

/// Writes the data as it is into a file of its own.
async fn snapshot(store: Store, to: PathBuf) -> Result<(), Told> {
    let work = move || store.read()?.copy_to(&to).map(drop);
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|fault| Told::of_store(&fault)),
        Err(_) => Err(Told::new(cli::bug)),
    }
}

/// Asks the server that runs on a data file; `None` if none runs.
pub(super) async fn ask(store_path: &Path, errand: &Errand) -> io::Result<Option<Answered>> {
    let wait = match errand {
        Errand::Staff(_) | Errand::SetUp(_) | Errand::Dossier(_) | Errand::Exported => {
            socket::COMMAND_WAIT
        }
        Errand::Doctor => CHECK_WAIT,
        Errand::Backup | Errand::Snapshot => COPY_WAIT,
    };
    Ok(socket::ask(store_path, errand, wait).await?.map(Answered::of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_that_were_left_behind_go_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("anshin.redb");
        for name in
            ["anshin.redb", "anshin.redb.snapshot-1", "anshin.redb.v1", "other.redb.snapshot-1"]
        {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        clear_snapshots(&data);
        let left = std::fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["anshin.redb", "anshin.redb.v1", "other.redb.snapshot-1"]);
    }
}
