//! `anshin staff add | reset | list`: who may log in to the console. While a server runs on the data
//! file, it does the work; else the command opens the file itself.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use super::complaint::Complaint;
use super::serve::{config_path, fresh_secret, renderer, sinks};
use super::socket;
use crate::clock::{self, Clock, SystemClock};
use crate::config::{self, Premises, Surroundings};
use crate::domain::event::Event;
use crate::domain::id::StaffId;
use crate::domain::invitation::Mint;
use crate::domain::name::Name;
use crate::domain::staff::{
    Deed, STAFF_MAX, Staff, StaffAct, StaffNameFault, StaffRole, TokenHash, name_key, staff_name,
};
use crate::domain::time::Moment;
use crate::engine::{self, Engine, Handle};
use crate::locale::Voice;
use crate::locale::cli::Tongue;
use crate::locale::cli::staff as words;
use crate::store::{Store, StoreError};
use crate::web::random;

/// How long a server that is just starting, or just stopping, is waited for.
const LOCKED_WAIT: Duration = Duration::from_secs(5);

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Longest mail address, in bytes (RFC 5321).
const MAIL_BYTES_MAX: usize = 254;

/// The commands.
#[derive(Subcommand, Debug)]
pub(super) enum StaffCommand {
    /// Make an account; prints a link with which its owner sets password and second factor.
    Add {
        /// The name, with which its owner logs in too.
        name: String,
        /// What it may do.
        #[arg(long, value_enum)]
        role: RoleName,
        /// Where its owner gets mail.
        #[arg(long, value_name = "ADDRESS")]
        mail: Option<String>,
    },
    /// Print a new link; the old password, second factor and all sessions stop at once.
    Reset {
        /// The name of the account, or its number.
        #[arg(value_name = "NAME|ID")]
        who: String,
    },
    /// List all accounts.
    List,
}

/// What an account may do, as it is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RoleName {
    /// Everything, accounts of others included.
    Admin,
    /// The daily work.
    Worker,
    /// Looking.
    Viewer,
}

impl From<RoleName> for StaffRole {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Worker => Self::Worker,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

impl From<StaffRole> for RoleName {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Admin => Self::Admin,
            StaffRole::Worker => Self::Worker,
            StaffRole::Viewer => Self::Viewer,
        }
    }
}

impl RoleName {
    fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Worker => "worker",
            Self::Viewer => "viewer",
        }
    }
}

/// A command on its way to the server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Question {
    /// Make an account.
    Add {
        /// Its name.
        name: String,
        /// What it may do.
        role: RoleName,
        /// Where its owner gets mail.
        mail: Option<String>,
    },
    /// A new link.
    Reset {
        /// Name or number.
        who: String,
    },
    /// All accounts.
    List,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The link for the owner of an account.
    Link {
        /// Whose.
        account: Account,
        /// The link.
        link: String,
    },
    /// All accounts.
    Accounts(Vec<Account>),
    /// It was not done.
    Fault(Fault),
}

/// An account, as it is listed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Account {
    id: u32,
    name: String,
    role: RoleName,
    mail: Option<String>,
    active: bool,
    ready: bool,
}

/// Why it was not done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// Nothing readable is left of the name.
    NameEmpty,
    /// The name is longer than this.
    NameTooLong(usize),
    /// The name is a number.
    NameIsNumber,
    /// Another account is in use under this name.
    NameTaken,
    /// The mail address is none.
    Mail,
    /// There are as many accounts as there can be.
    Full,
    /// There is no such account.
    Unknown,
    /// Several stopped accounts have this name.
    Several,
    /// The server cannot, for a reason of its own.
    Trouble(String),
}

/// Runs a command.
pub(super) fn run(
    command: StaffCommand,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let premises = config::read_premises(config_path(path), &Surroundings::of_process())
        .map_err(|fault| Complaint::config(&fault, tongue))?;
    let question = match command {
        StaffCommand::Add { name, role, mail } => Question::Add { name, role, mail },
        StaffCommand::Reset { who } => Question::Reset { who },
        StaffCommand::List => Question::List,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|fault| Complaint::failed(fault.to_string()))?;
    let answer = runtime.block_on(ask(&premises, &question, tongue))?;
    print(answer, &question, tongue)
}

/// Asks the server, or does it here where none runs.
async fn ask(
    premises: &Premises,
    question: &Question,
    tongue: Tongue,
) -> Result<Answer, Complaint> {
    let path = premises.store_path.as_path();
    let mut waited = Duration::ZERO;
    loop {
        match socket::ask(path, question).await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => {}
            Err(fault) => {
                let socket = socket::beside(path).display().to_string();
                let sentence = words::no_answer(&socket, &fault.to_string(), tongue);
                return Err(Complaint::failed(sentence));
            }
        }
        match open(premises, tongue) {
            Ok(store) => return alone(premises, store, question, tongue).await,
            // A server that is starting has the file and no socket yet.
            Err(Opening::Store(StoreError::InUse(_))) if waited < LOCKED_WAIT => {
                tokio::time::sleep(LOOK_EVERY).await;
                waited += LOOK_EVERY;
            }
            Err(Opening::Store(fault)) => return Err(Complaint::store(&fault, tongue)),
            Err(Opening::Other(complaint)) => return Err(complaint),
        }
    }
}

/// Why the data file was not opened.
enum Opening {
    Store(StoreError),
    Other(Complaint),
}

/// Opens or makes the data file. One that the superuser makes belongs to the owner of its folder, or
/// the service could not open it later.
fn open(premises: &Premises, tongue: Tongue) -> Result<Store, Opening> {
    let path = &premises.store_path;
    let is_new = !path.exists();
    let secret = fresh_secret(tongue).map_err(Opening::Other)?;
    let store = Store::open(path, premises.cache_bytes, secret).map_err(Opening::Store)?;
    if is_new {
        let given = give_to_owner_of_folder(path);
        given.map_err(|cause| {
            Opening::Store(StoreError::Unopenable { path: path.clone(), cause })
        })?;
    }
    Ok(store)
}

fn give_to_owner_of_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::metadata(folder.unwrap_or(Path::new(".")))?;
    let file = std::fs::metadata(path)?;
    if file.uid() == 0 && folder.uid() != 0 {
        std::os::unix::fs::chown(path, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(())
}

/// Does it here, with the same writer as in the server.
async fn alone(
    premises: &Premises,
    store: Store,
    question: &Question,
    tongue: Tongue,
) -> Result<Answer, Complaint> {
    let store_fault = |fault: StoreError| Complaint::store(&fault, tongue);
    let secret = store.read().and_then(|reading| reading.secret()).map_err(store_fault)?;
    let voice = Voice { public_url: premises.public_url.clone(), ..Voice::default() };
    let render = renderer(&Arc::new(RwLock::new(voice)), &Mint::new(&secret));
    let engine = Engine::new(store.clone(), premises.rules.clone(), render).map_err(store_fault)?;
    // Nothing of what staff does is sent, so nobody listens at the other end.
    let (sinks, _, _) = sinks();
    let now = || SystemClock.now();
    let (engine, stopped) = engine::start(engine, now, clock::stopwatch_ms, sinks);
    let counter = Counter { engine, store, public_url: premises.public_url.clone() };
    let answer = counter.answer(question, now()).await;
    drop(counter);
    match stopped.await {
        Ok(Err(fault)) => Err(store_fault(fault)),
        Ok(Ok(())) | Err(_) => Ok(answer),
    }
}

/// Does what commands ask for, in the server or alone.
#[derive(Clone)]
pub(super) struct Counter {
    /// Calls the writer.
    pub(super) engine: Handle,
    /// The data, for reading.
    pub(super) store: Store,
    /// The address of our pages.
    pub(super) public_url: String,
}

impl Counter {
    /// Does it.
    pub(super) async fn answer(&self, question: &Question, now: Moment) -> Answer {
        let done = match question {
            Question::Add { name, role, mail } => self.add(now, name, *role, mail.as_deref()).await,
            Question::Reset { who } => self.reset(now, who).await,
            Question::List => {
                self.all().map(|all| Answer::Accounts(all.iter().map(account).collect()))
            }
        };
        done.unwrap_or_else(Answer::Fault)
    }

    async fn add(
        &self,
        now: Moment,
        name: &str,
        role: RoleName,
        mail: Option<&str>,
    ) -> Result<Answer, Fault> {
        let name: Name = staff_name(name).map_err(|fault| match fault {
            StaffNameFault::Name(crate::domain::name::NameFault::Empty) => Fault::NameEmpty,
            StaffNameFault::Name(crate::domain::name::NameFault::TooLong(max)) => {
                Fault::NameTooLong(max)
            }
            StaffNameFault::Number => Fault::NameIsNumber,
        })?;
        if mail.is_some_and(|mail| !is_mail(mail)) {
            return Err(Fault::Mail);
        }
        let full = self.all()?.len() >= STAFF_MAX;
        let (role, mail) = (StaffRole::from(role), mail.map(str::to_owned));
        let refused = if full { Fault::Full } else { Fault::NameTaken };
        self.invite(now, refused, |invitation| Deed::Add { name, role, mail, invitation }).await
    }

    async fn reset(&self, now: Moment, who: &str) -> Result<Answer, Fault> {
        let staff = find(&self.all()?, who)?;
        self.invite(now, Fault::NameTaken, |invitation| Deed::Reset { staff, invitation }).await
    }

    /// Has a deed decided that hands out a link, and looks whether it happened.
    async fn invite(
        &self,
        now: Moment,
        refused: Fault,
        deed: impl FnOnce(TokenHash) -> Deed,
    ) -> Result<Answer, Fault> {
        let token = random::token().map_err(|fault| Fault::Trouble(fault.to_string()))?;
        let invitation = TokenHash::of(&token);
        let event = Event::Staff(StaffAct { at: now, deed: deed(invitation) });
        let decided = self.engine.decide_patiently(vec![event]).await;
        decided.map_err(|refusal| Fault::Trouble(refusal.to_string()))?;
        let all = self.all()?;
        let made = all.iter().find(|staff| staff.is_invited_by(invitation, now));
        let staff = made.ok_or(refused)?;
        tracing::info!(staff = %staff.id, "a link for an account was handed out");
        let link = format!("{}/staff/welcome/{token}", self.public_url);
        Ok(Answer::Link { account: account(staff), link })
    }

    fn all(&self) -> Result<Vec<Staff>, Fault> {
        let all = self.store.read().and_then(|reading| reading.all_staff());
        all.map_err(|fault| Fault::Trouble(fault.to_string()))
    }
}

/// The account with this name or number: first those that are in use, by name.
fn find(all: &[Staff], who: &str) -> Result<StaffId, Fault> {
    let key = name_key(who);
    if let Some(staff) = all.iter().find(|staff| staff.answers_to(&key)) {
        return Ok(staff.id);
    }
    if let Some(staff) = key.parse().ok().and_then(|n| all.iter().find(|s| s.id == StaffId(n))) {
        return Ok(staff.id);
    }
    let mut stopped = all.iter().filter(|staff| name_key(staff.name.as_str()) == key);
    match (stopped.next(), stopped.next()) {
        (Some(staff), None) => Ok(staff.id),
        (Some(_), Some(_)) => Err(Fault::Several),
        (None, _) => Err(Fault::Unknown),
    }
}

/// Whether a text can be a mail address. What it really is, a mail to it will tell.
fn is_mail(text: &str) -> bool {
    let plain =
        text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;\"".contains(c));
    let parts = text.rsplit_once('@');
    let whole = parts.is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    plain && whole && text.len() <= MAIL_BYTES_MAX && text.matches('@').count() == 1
}

fn account(staff: &Staff) -> Account {
    Account {
        id: staff.id.0,
        name: staff.name.to_string(),
        role: staff.role.into(),
        mail: staff.mail.clone(),
        active: staff.active,
        ready: staff.is_ready(),
    }
}

/// Tells what came of it.
fn print(answer: Answer, question: &Question, tongue: Tongue) -> Result<(), Complaint> {
    let text = match answer {
        Answer::Link { account, link } => {
            let Account { id, name, role, .. } = account;
            let made = match question {
                Question::Add { .. } => words::added(id, &name, role.word(), tongue),
                Question::Reset { .. } | Question::List => {
                    words::reset(id, &name, role.word(), tongue)
                }
            };
            format!("{made}\n{link}\n{}", words::what_to_do(&name, tongue))
        }
        Answer::Accounts(all) if all.is_empty() => words::nobody(tongue),
        Answer::Accounts(all) => all.iter().map(|account| line(account, tongue)).collect(),
        Answer::Fault(fault) => return Err(complaint(&fault, question, tongue)),
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())
        .map_err(|fault| Complaint::failed(fault.to_string()))
}

/// `12  admin   in use  山田花子  yamada@example.jp`
fn line(account: &Account, tongue: Tongue) -> String {
    let state = words::state(account.active, account.ready, tongue);
    let mail = account.mail.as_deref().unwrap_or_default();
    format!("{}\t{}\t{state}\t{}\t{mail}\n", account.id, account.role.word(), account.name)
}

fn complaint(fault: &Fault, question: &Question, tongue: Tongue) -> Complaint {
    let asked = match question {
        Question::Add { name, .. } => name.as_str(),
        Question::Reset { who } => who.as_str(),
        Question::List => "",
    };
    // What was typed may hold anything; what is shown of it is one short line.
    let asked: String = asked.chars().filter(|c| !c.is_control()).take(60).collect();
    let usage = |sentence| Complaint { sentence, code: 2 };
    match fault {
        Fault::NameEmpty => usage(words::name_empty(tongue)),
        Fault::NameTooLong(max) => usage(words::name_too_long(*max, tongue)),
        Fault::NameIsNumber => usage(words::name_is_number(&asked, tongue)),
        Fault::Mail => usage(words::no_mail(tongue)),
        Fault::NameTaken => Complaint::failed(words::name_taken(&asked, tongue)),
        Fault::Full => Complaint::failed(words::full(STAFF_MAX, tongue)),
        Fault::Unknown => Complaint::failed(words::unknown(&asked, tongue)),
        Fault::Several => Complaint::failed(words::several(&asked, tongue)),
        Fault::Trouble(cause) => Complaint::failed(words::trouble(cause, tongue)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_has_a_name_and_a_host() {
        for good in ["a@example.jp", "yamada.hanako+anshin@city.midori.lg.jp"] {
            assert!(is_mail(good), "{good}");
        }
        let long = format!("{}@example.jp", "a".repeat(250));
        for bad in [
            "",
            "a",
            "@example.jp",
            "a@",
            "a@b",
            "a@.jp",
            "a@b.",
            "a b@example.jp",
            "a@b@example.jp",
            "<a@example.jp>",
            "a@example.jp\nBcc: b@example.jp",
            &long,
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }
}
