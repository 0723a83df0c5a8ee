//! `anshin setup` and `doctor`: the way to the page of the set-up, and the same look at the command line. Both ask the
//! server that runs: only it is where LINE can reach it.

use std::path::Path;

use super::backup::{block_on, premises, say, unanswered};
use super::complaint::Complaint;
use super::errand::{self, Answered, Errand, Outcome};
use super::staff::{Answer, Question, RoleName, complaint};
use crate::locale::checkup as words;
use crate::locale::cli::Tongue;

/// Prints the way to the page of the set-up.
pub(super) fn set_up(
    name: Option<&str>,
    path: Option<&Path>,
    tongue: Tongue,
) -> Result<(), Complaint> {
    let name = name.unwrap_or(words::first_admin(tongue)).to_owned();
    let answered = ask(&Errand::SetUp(name.clone()), path, tongue)?;
    match &answered.outcome {
        Outcome::Staff(Answer::Link { link, .. }) => say(&words::setup_link(link, tongue)),
        Outcome::LogIn(url) => say(&words::setup_page(url, tongue)),
        Outcome::Staff(Answer::Fault(fault)) => {
            let question = Question::Add { name, role: RoleName::Admin, mail: None };
            Err(complaint(fault, &question, tongue))
        }
        Outcome::Failed(told) => Err(Complaint::failed(told.in_tongue(tongue).to_owned())),
        Outcome::Staff(Answer::Accounts(_))
        | Outcome::Copied(_)
        | Outcome::Checked(_)
        | Outcome::Snapshot(_)
        | Outcome::Busy
        | Outcome::Off
        | Outcome::Noted
        | Outcome::Unknown => Err(answered.misfit(tongue)),
    }
}

/// Looks at everything, and ends with 1 if something has to be done.
pub(super) fn check(path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let answered = ask(&Errand::Doctor, path, tongue)?;
    let checked = match &answered.outcome {
        Outcome::Checked(checked) => checked,
        Outcome::Failed(told) => {
            return Err(Complaint::failed(told.in_tongue(tongue).to_owned()));
        }
        Outcome::Staff(_)
        | Outcome::Copied(_)
        | Outcome::LogIn(_)
        | Outcome::Snapshot(_)
        | Outcome::Busy
        | Outcome::Off
        | Outcome::Noted
        | Outcome::Unknown => return Err(answered.misfit(tongue)),
    };
    for checked in checked {
        say(checked.line.in_tongue(tongue))?;
    }
    let bad = checked.iter().filter(|line| line.bad).count();
    match bad {
        0 => say(&words::summary(0, tongue)),
        count => Err(Complaint::failed(words::summary(count, tongue))),
    }
}

fn ask(errand: &Errand, path: Option<&Path>, tongue: Tongue) -> Result<Answered, Complaint> {
    let store_path = premises(path, tongue)?.store_path;
    let asked = block_on(errand::ask(&store_path, errand))?;
    let answered = asked.map_err(|fault| unanswered(&store_path, &fault, tongue))?;
    answered.ok_or_else(|| Complaint::failed(words::not_running(tongue)))
}
