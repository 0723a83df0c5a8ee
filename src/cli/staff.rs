//! `anshin staff add | reset | list`: who may log in to the console. While a server runs on the data
//! file, it does the work; else the command opens the file itself.

mod counter;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clap::Subcommand;

use super::alone::{self, Opening};
use super::complaint::Complaint;
use super::errand::{self, Answered, Errand, Outcome};
use super::serve::config_path;
use super::socket;
use crate::config::{self, Premises, Surroundings};
use crate::domain::staff::STAFF_MAX;
use crate::locale::cli::Tongue;
use crate::locale::cli::staff as words;
use crate::store::{Store, StoreError};

use counter::{Account, Fault};
pub(super) use counter::{Answer, Counter, Question, RoleName};

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
        match errand::ask(path, &Errand::Staff(question.clone())).await {
            Ok(Some(Answered { outcome: Outcome::Staff(answer), .. })) => return Ok(answer),
            Ok(Some(answered)) => return Err(answered.misfit(tongue)),
            Ok(None) => {}
            Err(fault) => {
                let socket = socket::beside(path).display().to_string();
                let sentence = words::no_answer(&socket, &fault.to_string(), tongue);
                return Err(Complaint::failed(sentence));
            }
        }
        match alone::open(premises, tongue) {
            Ok(store) => return here(premises, store, question, tongue).await,
            // A server that is starting has the file and no socket yet.
            Err(Opening::Store(StoreError::InUse(_))) if waited < alone::LOCKED_WAIT => {
                tokio::time::sleep(alone::LOOK_EVERY).await;
                waited += alone::LOOK_EVERY;
            }
            Err(fault) => return Err(fault.told(tongue)),
        }
    }
}

/// Does it here, with the same writer as in the server.
async fn here(
    premises: &Premises,
    store: Store,
    question: &Question,
    tongue: Tongue,
) -> Result<Answer, Complaint> {
    let (public_url, data) = (premises.public_url.clone(), store.clone());
    alone::with_writer(premises, store, tongue, async |engine, now| {
        let counter = Counter { engine, store: data, public_url };
        counter.answer(question, now).await
    })
    .await
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

pub(super) fn complaint(fault: &Fault, question: &Question, tongue: Tongue) -> Complaint {
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
        Fault::Trouble(told) => Complaint::failed(words::trouble(told.in_tongue(tongue), tongue)),
    }
}
