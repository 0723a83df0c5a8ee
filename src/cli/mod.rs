//! The command line. One file a command; exit codes: 0 done, 1 failed, 2 usage or configuration.

mod alone;
mod backup;
pub mod complaint;
mod config_check;
mod demo;
mod domain;
mod errand;
mod export;
mod forget;
mod https;
mod introduction;
pub mod life;
mod log;
pub mod serve;
mod setup;
mod simulate;
mod socket;
mod staff;
mod standing;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::locale::cli::Tongue;
use complaint::Complaint;

/// The version, and in a release the commit it was built from (see `build.rs`).
const VERSION: &str = env!("ANSHIN_VERSION");

/// Asks people living alone over LINE whether they are well, and gets a human to look when nobody
/// answers.
#[derive(Parser, Debug)]
#[command(version = VERSION, about, arg_required_else_help = true)]
struct Arguments {
    /// Shape of the log on standard output.
    #[arg(long, global = true, value_enum, default_value = "text")]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

/// Shape of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum LogFormat {
    /// One readable line an event.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the service.
    Serve {
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Show how everything works, in a browser: no account, no network.
    Demo {
        /// Where the page is opened.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// How many times faster than the world time runs on the page (1 to 3600).
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3600))]
        speed: u32,
        /// Print one whole story to the terminal, check it, and end with 0 or 1.
        #[arg(long)]
        transcript: bool,
        /// Keep the data in this folder; without it nothing is kept.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Play years of the service with much of what can go wrong, and say whether a promise was broken.
    Simulate {
        /// The run to begin with; the same number gives the same run.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many years of people who are asked; at least one run is played.
        #[arg(long, default_value_t = 10)]
        years: u64,
        /// Keep the tables in redb, as the service does, and not in plain maps; the runs are the same, and slower.
        #[arg(long)]
        redb: bool,
        /// Say how often each of the rare states was reached, and fail if one was not.
        #[arg(long)]
        states: bool,
        #[command(flatten)]
        less: simulate::Less,
    },
    /// Say who may log in to the console of the council's staff.
    Staff {
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long, global = true)]
        config: Option<PathBuf>,
        #[command(subcommand)]
        command: staff::StaffCommand,
    },
    /// Print the way to the page where LINE is connected and everything is looked at, step by step.
    Setup {
        /// The name of the first administrator.
        #[arg(long)]
        name: Option<String>,
        /// On a new machine, as root: the name that points at it. Configures HTTPS under it, and starts the service.
        #[arg(long)]
        domain: Option<String>,
        /// Mail address for the authority that issues the certificate, whose terms are agreed to with --domain.
        #[arg(long, requires = "domain")]
        contact: Option<String>,
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Look whether everything is set up as it must be; ends with 1 if something has to be done.
    Doctor {
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Copy the data now, as every night; encrypted, where keys are named under [backup].
    Backup {
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Read a copy whole, and say whether it is sound.
    Verify {
        /// The copy.
        file: PathBuf,
        /// The file with the secret key, if the copy is encrypted.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
    },
    /// Put a copy in the place of the data, while the service is stopped. Everyone is asked afresh then.
    Restore {
        /// The copy.
        file: PathBuf,
        /// The file with the secret key, if the copy is encrypted.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Write everything into a new file, one JSON object a line; or everything about one person.
    Export {
        /// The file.
        file: PathBuf,
        /// Only what is kept about the person of this number, for themselves: names and telephone numbers, no secrets.
        #[arg(long, value_name = "NUMBER")]
        person: Option<u32>,
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Read such a file in, where there is no data yet.
    Import {
        /// The file.
        file: PathBuf,
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Look at the configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

#[derive(Subcommand, Debug)]
enum ConfigCommand {
    /// Say whether the configuration is in order.
    Check {
        /// Configuration file (TOML); without it /etc/anshin/anshin.toml, if there is one.
        #[arg(long)]
        config: Option<PathBuf>,
    },
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let tongue = tongue();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(fault) => return complaint::usage(&fault, tongue),
    };
    let format = arguments.log_format;
    let done = match arguments.command {
        Command::Serve { config } => {
            log::start(format);
            serve::run(config.as_deref(), tongue)
        }
        Command::Demo { listen, speed, transcript, data } => {
            log::start_quiet(format);
            demo::run(&demo::Options { listen, speed, transcript, folder: data }, tongue)
        }
        Command::Simulate { seed, years, redb, states, less } => {
            log::start_quiet(format);
            simulate::run(&simulate::Wanted { seed, years, redb, states, less }, tongue)
        }
        Command::Staff { config, command } => {
            log::start_quiet(format);
            staff::run(command, config.as_deref(), tongue)
        }
        Command::Setup { name, domain, contact, config } => {
            let config = config.as_deref();
            let taken = domain
                .map_or(Ok(()), |name| domain::take(&name, contact.as_deref(), config, tongue));
            taken.and_then(|()| setup::set_up(name.as_deref(), config, tongue))
        }
        Command::Doctor { config } => setup::check(config.as_deref(), tongue),
        Command::Backup { config } => {
            log::start_quiet(format);
            backup::back_up(config.as_deref(), tongue)
        }
        Command::Verify { file, identity } => backup::verify(&file, identity.as_deref(), tongue),
        Command::Restore { file, identity, config } => {
            backup::restore(&file, identity.as_deref(), config.as_deref(), tongue)
        }
        Command::Export { file, person, config } => {
            export::export(&file, person, config.as_deref(), tongue)
        }
        Command::Import { file, config } => export::import(&file, config.as_deref(), tongue),
        Command::Config { command: ConfigCommand::Check { config } } => {
            config_check::run(config.as_deref(), tongue)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Complaint { sentence, code }) => {
            complaint::print(&sentence);
            ExitCode::from(code)
        }
    }
}

fn tongue() -> Tongue {
    let values = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    Tongue::of([values[0].as_deref(), values[1].as_deref(), values[2].as_deref()])
}
