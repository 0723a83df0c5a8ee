//! The work behind `anshin staff`, in the server or in the command itself: what can be asked, what is
//! answered, and how it is done. Questions and answers travel as JSON.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::cli::errand::Told;
use crate::domain::event::Event;
use crate::domain::id::StaffId;
use crate::domain::name::{Name, NameFault};
use crate::domain::staff::{
    Deed, STAFF_MAX, Scope, Staff, StaffAct, StaffNameFault, StaffRole, TokenHash, name_key,
    staff_name,
};
use crate::domain::time::Moment;
use crate::engine::Handle;
use crate::locale::cli;
use crate::store::Store;
use crate::web::random;

/// Longest mail address, in bytes (RFC 5321).
const MAIL_BYTES_MAX: usize = 254;

/// What an account may do, as it is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum RoleName {
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
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Worker => "worker",
            Self::Viewer => "viewer",
        }
    }
}

/// A command on its way to the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::cli) enum Question {
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
pub(in crate::cli) enum Answer {
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
pub(in crate::cli) struct Account {
    /// Its number.
    pub(in crate::cli) id: u32,
    /// Its name.
    pub(in crate::cli) name: String,
    /// What it may do.
    pub(in crate::cli) role: RoleName,
    /// Where its owner gets mail.
    pub(in crate::cli) mail: Option<String>,
    /// Whether it may be used.
    pub(in crate::cli) active: bool,
    /// Whether its owner has set it up.
    pub(in crate::cli) ready: bool,
}

/// Why it was not done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::cli) enum Fault {
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
    Trouble(Told),
}

/// Does what commands ask for, in the server or alone.
#[derive(Clone)]
pub(in crate::cli) struct Counter {
    /// Calls the writer.
    pub(in crate::cli) engine: Handle,
    /// The data, for reading.
    pub(in crate::cli) store: Store,
    /// The address of our pages.
    pub(in crate::cli) public_url: String,
}

impl Counter {
    /// Does it.
    pub(in crate::cli) async fn answer(&self, question: &Question, now: Moment) -> Answer {
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
            StaffNameFault::Name(NameFault::Empty) => Fault::NameEmpty,
            StaffNameFault::Name(NameFault::TooLong(max)) => Fault::NameTooLong(max),
            StaffNameFault::Number => Fault::NameIsNumber,
        })?;
        if mail.is_some_and(|mail| !is_mail(mail)) {
            return Err(Fault::Mail);
        }
        let (role, mail) = (StaffRole::from(role), mail.map(str::to_owned));
        self.invite(now, |invitation| Deed::Add {
            name,
            role,
            scope: Scope::Everything,
            mail,
            invitation,
            by: None,
        })
        .await
    }

    async fn reset(&self, now: Moment, who: &str) -> Result<Answer, Fault> {
        let staff = find(&self.all()?, who)?;
        self.invite(now, |invitation| Deed::Reset { staff, invitation, by: None }).await
    }

    /// Has a deed decided that hands out a link, and looks whether it happened.
    async fn invite(
        &self,
        now: Moment,
        deed: impl FnOnce(TokenHash) -> Deed,
    ) -> Result<Answer, Fault> {
        let token = random::token().map_err(|_| Fault::Trouble(Told::new(cli::no_random)))?;
        let invitation = TokenHash::of(&token);
        let event = Event::Staff(StaffAct { at: now, deed: deed(invitation) });
        let decided = self.engine.decide_patiently(vec![event]).await;
        decided.map_err(|_| Fault::Trouble(Told::new(cli::not_taken)))?;
        let all = self.all()?;
        let made = all.iter().find(|staff| staff.is_invited_by(invitation, now));
        let refused = if all.len() < STAFF_MAX { Fault::NameTaken } else { Fault::Full };
        let staff = made.ok_or(refused)?;
        tracing::info!(staff = %staff.id, "a link for an account was handed out");
        let link = format!("{}/staff/welcome/{token}", self.public_url);
        Ok(Answer::Link { account: account(staff), link })
    }

    fn all(&self) -> Result<Vec<Staff>, Fault> {
        let all = self.store.read().and_then(|reading| reading.all_staff());
        all.map_err(|fault| Fault::Trouble(Told::of_store(&fault)))
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
