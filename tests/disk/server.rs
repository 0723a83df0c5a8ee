//! The writer over a data file, and what can be asked of it: everything that changes the file goes
//! through here, one step at a time, so that it can be done again on another disk.

use anshin::domain::decision::Outgoing;
use anshin::domain::event::Event;
use anshin::domain::id::{Address, OutboxId};
use anshin::domain::invitation::Mint;
use anshin::domain::mail::MailAddress;
use anshin::domain::rules::Rules;
use anshin::domain::time::Moment;
use anshin::engine::{Engine, Memory, Published};
use anshin::line::render;
use anshin::locale::Voice;
use anshin::mail;
use anshin::store::{Account, Row, Store, StoreError};

/// Something that ends in a commit, or in closing and opening the file.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Decide(Moment, Vec<Event>),
    Begin(Moment, Vec<OutboxId>),
    Remember(Account),
    Restart,
}

/// What came of a step.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) published: Published,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Server {
    pub(crate) store: Store,
    engine: Engine,
}

pub(crate) fn voice() -> Voice {
    Voice {
        org: "みどり市社協".to_owned(),
        phone: Some("0120-000-000".to_owned()),
        public_url: "https://mimamori.example.jp".to_owned(),
        ..Voice::default()
    }
}

impl Server {
    pub(crate) fn new(store: Store) -> Result<Self, StoreError> {
        let seal = Mint::new(&store.read()?.secret()?);
        let (voice, from) = (voice(), MailAddress::parse("anshin@example.jp").unwrap());
        let render = Box::new(move |outgoing: &Outgoing, now: Moment| match &outgoing.to {
            Address::Line(_) => render::push_body(&outgoing.to, &outgoing.messages, &voice, &seal),
            Address::Mail(to) => mail::render::letter(outgoing, to, &from, &voice, now),
        });
        let office_mail = vec![MailAddress::parse("welfare@example.jp").unwrap()];
        let rules = Rules { office_mail, ..Rules::default() };
        let engine = Engine::new(store.clone(), rules, render)?;
        Ok(Self { store, engine })
    }

    /// The writer alone, for whoever runs it on its thread.
    pub(crate) fn into_engine(self) -> Engine {
        self.engine
    }

    /// Does a step; whoever opens files has to do [`Step::Restart`].
    pub(crate) fn take(&mut self, step: &Step) -> Result<Done, StoreError> {
        match step {
            Step::Decide(now, events) => {
                let published = self.engine.commit(*now, events)?;
                Ok(Done { published, ..Done::default() })
            }
            Step::Begin(now, ids) => {
                Ok(Done { rows: self.engine.begin_attempts(*now, ids)?, ..Done::default() })
            }
            Step::Remember(account) => {
                self.engine.remember(&Memory::Account(account.clone())).map(|()| Done::default())
            }
            Step::Restart => Ok(Done::default()),
        }
    }
}

/// Everything that the file holds.
pub(crate) fn dump(store: &Store) -> Result<Vec<u8>, StoreError> {
    let mut all = Vec::new();
    let add = |table: &str, key: &[u8], bytes: &[u8]| {
        for part in [table.as_bytes(), key, bytes] {
            all.extend_from_slice(&u32::try_from(part.len()).unwrap().to_le_bytes());
            all.extend_from_slice(part);
        }
    };
    store.read()?.every_record(add)?;
    Ok(all)
}
