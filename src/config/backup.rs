//! Settings about copies of the data: where they go, how often, for whom they are encrypted, and what carries them away.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{ConfigError, Expected, Values};

/// Most people for whom a copy is encrypted.
const RECIPIENTS_MAX: usize = 20;

/// How copies of the data are made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// Where they are kept.
    pub folder: PathBuf,
    /// Real time between two.
    pub every: Duration,
    /// So many days have one each, counted back from today.
    pub keep_days: u32,
    /// So many weeks have one each.
    pub keep_weeks: u32,
    /// Public keys of those who can open them; empty: they are as readable as the data file itself.
    pub recipients: Vec<String>,
    /// The program that carries a copy away, and what it is called with before the name of the file.
    pub upload: Vec<String>,
}

impl Backup {
    /// So old may the newest copy be before something is wrong: one that failed is tried again every hour.
    #[must_use]
    pub fn life(&self) -> Duration {
        self.every + Duration::from_secs(2 * 3600)
    }

    /// The most days that a copy lives while copies are made: one that stands for the oldest day or week that is kept, until
    /// the next copy is made.
    #[must_use]
    pub fn longest_days(&self) -> u32 {
        const DAY: u64 = 24 * 3600;
        let kept = self.keep_days.max(self.keep_weeks.saturating_mul(7));
        let next = u32::try_from(self.every.as_secs().div_ceil(DAY)).unwrap_or(u32::MAX);
        kept.saturating_add(next)
    }
}

/// How copies are made, unless the folder is empty.
pub(super) fn read(values: &Values, store_path: &Path) -> Result<Option<Backup>, ConfigError> {
    let Some(folder) = values.text("backup.folder") else { return Ok(None) };
    let beside = store_path.parent().unwrap_or(Path::new(""));
    let recipients = values.list("backup.recipients");
    if recipients.len() > RECIPIENTS_MAX {
        let expected = Expected::AtMost(RECIPIENTS_MAX);
        return Err(ConfigError::Bad { key: "backup.recipients", expected });
    }
    if !recipients.iter().all(|recipient| is_recipient(recipient)) {
        return Err(ConfigError::Bad { key: "backup.recipients", expected: Expected::AgeKeys });
    }
    let upload = values.list("backup.upload");
    if !upload.is_empty() && recipients.is_empty() {
        return Err(ConfigError::UploadInClear);
    }
    if upload.first().is_some_and(|program| !Path::new(program).is_absolute()) {
        return Err(ConfigError::Bad { key: "backup.upload", expected: Expected::Program });
    }
    Ok(Some(Backup {
        folder: beside.join(folder),
        every: values.length("backup.every")?,
        keep_days: values.number("backup.keep_days", 1, 366)?,
        keep_weeks: values.number("backup.keep_weeks", 0, 520)?,
        recipients,
        upload,
    }))
}

/// Whether a text has the form of a public key of age (`age1…`) or of SSH, which age takes as well. Whether it is one,
/// age says when it is used.
fn is_recipient(text: &str) -> bool {
    let words = || text.split(' ').all(|word| !word.is_empty() && word.is_ascii());
    let age = text.starts_with("age1") && text.len() >= 50 && !text.contains(' ');
    let ssh = ["ssh-ed25519 ", "ssh-rsa "].iter().any(|kind| text.starts_with(kind));
    (age || ssh) && words() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}
