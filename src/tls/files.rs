//! The certificate from files of the operator's, and again whenever they change. A new one that cannot
//! be used leaves the one before it in service.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::pair::{Flaw, Pair};
use super::shelf::Shelf;
use crate::clock::real_now;
use crate::domain::certificate::Validity;
use crate::domain::time::Moment;

/// Files of certificates and keys are a few thousand bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// How long [`Files::watch`] waits.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// From one look to the next.
    pub every: Duration,
    /// Whoever replaces two files does so one after the other: what looks wrong is looked at once more,
    /// this much later.
    pub settle: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self { every: Duration::from_secs(60), settle: Duration::from_secs(2) }
    }
}

/// Where certificate and key are, and what they have to be for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Files {
    /// The certificate with its chain, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// The name that it has to be for.
    pub domain: String,
}

/// Why the files cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilesFault {
    /// The certificate cannot be read, in the operating system's words.
    UnreadableCertificate(String),
    /// The same for the key.
    UnreadableKey(String),
    /// What was read cannot be used.
    Flawed(Flaw),
    /// It ended then.
    Ended(Moment),
    /// It begins then.
    NotYet(Moment),
}

/// What a look at the files showed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Look {
    /// What is in service.
    Same,
    /// A new certificate, now in service.
    New,
    /// Nothing that can be used.
    Unusable(FilesFault),
}

impl Files {
    /// Reads and checks both. Whether the certificate is good at present is not judged.
    pub fn read(&self) -> Result<Pair, FilesFault> {
        let certificate = content(&self.certificate).map_err(FilesFault::UnreadableCertificate)?;
        let key = content(&self.key).map_err(FilesFault::UnreadableKey)?;
        Pair::read(&certificate, &key, &self.domain).map_err(FilesFault::Flawed)
    }

    /// The same, of a certificate that has to be good now.
    pub fn read_good(&self, now: Moment) -> Result<Pair, FilesFault> {
        self.read().and_then(|pair| good(pair, now))
    }

    /// Puts what the files hold now in service, if it can be used.
    pub fn look(&self, shelf: &Shelf, now: Moment) -> Look {
        let read = self.read();
        let same = read.as_ref().is_ok_and(|pair| shelf.serves(pair));
        // What is in service is left there when it ends: there is nothing better.
        match if same { read } else { read.and_then(|pair| good(pair, now)) } {
            Ok(pair) => {
                shelf.serve(&pair);
                if same { Look::Same } else { Look::New }
            }
            Err(fault) => Look::Unusable(fault),
        }
    }

    /// Looks again and again, and at once when asked to. Ends never.
    pub async fn watch(self, shelf: Shelf, asked: Arc<Notify>, waits: Waits) {
        let mut told = Look::Same;
        loop {
            // Late or asked, the look is the same.
            let _ = timeout(waits.every, asked.notified()).await;
            let mut look = self.look(&shelf, real_now());
            if matches!(look, Look::Unusable(_)) && look != told {
                sleep(waits.settle).await;
                look = self.look(&shelf, real_now());
            }
            match &look {
                Look::Same => {}
                Look::New => tracing::info!("a new certificate is in service"),
                Look::Unusable(fault) => {
                    shelf.refuse();
                    if look != told {
                        tracing::error!(?fault, "the new certificate cannot be used");
                    }
                }
            }
            told = look;
        }
    }
}

fn good(pair: Pair, now: Moment) -> Result<Pair, FilesFault> {
    let Validity { from, until } = pair.validity;
    if pair.validity.is_good(now) {
        Ok(pair)
    } else if now < from {
        Err(FilesFault::NotYet(from))
    } else {
        Err(FilesFault::Ended(until))
    }
}

fn content(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let opened = File::open(path);
    let read = opened.and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|fault| fault.to_string())
}
