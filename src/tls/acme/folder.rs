//! What is kept of one authority: a folder of its own beside the data file, `acme/` and the
//! address of its directory, with the account, the certificate with its key, and the orders that failed. Only we can
//! read it, and each file is replaced whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use instant_acme::AccountCredentials;
use serde_json::{Value, json};

use crate::domain::certificate::Failures;
use crate::domain::time::Moment;
use crate::tls::pair::Pair;

const ACCOUNT: &str = "account.json";
/// Key and chain in one file, so that they are never those of two orders.
const CERTIFICATE: &str = "certificate.pem";
const FAILURES: &str = "failures.json";

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Directories have folders apart: an account or a certificate of one is nothing to another.
    pub(super) fn new(store_path: &Path, directory_url: &str) -> Self {
        let parent = store_path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let beside = parent.unwrap_or(Path::new("."));
        Self(beside.join("acme").join(name(directory_url)))
    }

    /// The account, if there is one. What cannot be read is not replaced: authorities allow few.
    pub(super) fn account(&self) -> io::Result<Option<AccountCredentials>> {
        let text = self.read(ACCOUNT)?;
        text.map(|text| serde_json::from_slice(&text).map_err(io::Error::from)).transpose()
    }

    pub(super) fn keep_account(&self, account: &AccountCredentials) -> io::Result<()> {
        self.write(ACCOUNT, &serde_json::to_vec(account)?)
    }

    /// The authority does not know the account any more.
    pub(super) fn forget_account(&self) {
        if let Err(fault) = fs::remove_file(self.0.join(ACCOUNT)) {
            tracing::error!(%fault, "the account that the authority forgot cannot be removed");
        }
    }

    /// The certificate, if there is one for this name that can be used.
    pub(super) fn certificate(&self, domain: &str) -> io::Result<Option<Pair>> {
        let Some(text) = self.read(CERTIFICATE)? else { return Ok(None) };
        let pair = Pair::read(&text, &text, domain);
        Ok(pair
            .inspect_err(|flaw| tracing::warn!(?flaw, "the stored certificate is of no use"))
            .ok())
    }

    pub(super) fn keep_certificate(&self, chain: &str, key: &str) -> io::Result<()> {
        self.write(CERTIFICATE, format!("{}\n{chain}", key.trim_end()).as_bytes())
    }

    /// The orders that failed. Without the file, or with a broken one, none.
    pub(super) fn failures(&self) -> Failures {
        let text = self.read(FAILURES).ok().flatten().unwrap_or_default();
        let stored: Value = serde_json::from_slice(&text).unwrap_or_default();
        Failures {
            count: stored["count"].as_u64().and_then(|count| count.try_into().ok()).unwrap_or(0),
            last_at: stored["last_at_ms"].as_i64().map(Moment::from_millis),
        }
    }

    /// So that a process that starts again and again does not order each time.
    pub(super) fn keep_failures(&self, failures: Failures) {
        let stored =
            json!({ "count": failures.count, "last_at_ms": failures.last_at.map(Moment::millis) });
        if let Err(fault) = self.write(FAILURES, stored.to_string().as_bytes()) {
            tracing::error!(%fault, "it cannot be kept how often an order failed");
        }
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.0.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn write(&self, name: &str, text: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        let new = self.0.join(format!("{name}.new"));
        // One that a power cut left behind may have any content and mode.
        match fs::remove_file(&new) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => return Err(fault),
            Ok(()) | Err(_) => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&new, self.0.join(name))?;
        for folder in self.0.ancestors().take(3) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

/// The URL of a directory as the name of a folder.
fn name(directory_url: &str) -> String {
    let (_, rest) = directory_url.split_once("://").unwrap_or(("", directory_url));
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    rest.to_ascii_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn each_directory_has_a_folder_of_its_own_and_none_lies_elsewhere() {
        let store = Path::new("/var/lib/anshin/anshin.redb");
        for (url, folder) in [
            ("https://acme-v02.api.example.org/directory", "acme-v02.api.example.org-directory"),
            ("https://127.0.0.1:14000/dir", "127.0.0.1-14000-dir"),
            ("https://ca.example/../../x", "ca.example-..-..-x"),
        ] {
            let place = Path::new("/var/lib/anshin/acme").join(folder);
            assert_eq!(Folder::new(store, url), Folder(place), "{url}");
        }
    }

    #[test]
    fn files_are_ours_alone_and_replace_what_was_left_half_written() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(&place.path().join("anshin.redb"), "https://ca.example/dir");
        assert_eq!(folder.failures(), Failures::default());
        folder.keep_failures(Failures { count: 2, last_at: Some(Moment::from_millis(5)) });
        fs::write(folder.0.join("failures.json.new"), "half").expect("a file");
        let three = Failures { count: 3, last_at: Some(Moment::from_millis(9)) };
        folder.keep_failures(three);
        assert_eq!(folder.failures(), three);
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode(&folder.0.join(FAILURES)) & 0o777, 0o600);
        assert_eq!(mode(&folder.0) & 0o777, 0o700);
        assert_eq!(fs::read_dir(&folder.0).expect("a folder").count(), 1, "nothing is left over");
    }

    #[test]
    fn an_account_that_cannot_be_read_is_an_error_and_not_a_reason_for_another_one() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(&place.path().join("anshin.redb"), "https://ca.example/dir");
        assert!(folder.account().expect("no file is no fault").is_none());
        folder.write(ACCOUNT, b"{").expect("written");
        assert!(folder.account().is_err());
    }
}
