//! The only room that touches redb and the record codec.
//!
//! Stored shapes are frozen per version and kept apart from the domain types; every table has its
//! file, which translates between the two. Reading never changes anything, and what is written is
//! on disk when [`write::Writing::commit`] returns.

mod ahead;
mod anew;
mod bulletins;
mod cases;
mod codec;
mod copy;
mod details;
mod epoch;
mod erasures;
mod error;
mod face;
mod groups;
mod invitations;
mod journal;
mod maps;
mod members;
mod meta;
mod migrate;
mod open;
mod open_form;
mod opinions;
mod organizations;
mod outbox;
mod page_sessions;
mod persons;
mod probe;
mod read;
mod records;
mod restore;
mod rounds;
mod schema;
mod seen;
mod service;
mod sessions;
mod staff;
mod table;
mod teams;
mod watches;
mod whole;
mod write;

pub use anew::{Anew, asides, clear_unfinished};
pub use error::StoreError;
pub use journal::Entry;
pub use meta::{Account, ChannelKeys};
pub use open::{Store, Survey};
pub use open_form::{ExportError, ImportError};
pub use outbox::{Row, Waiting};
pub use read::{OpenCases, Reading, Standing};
pub use schema::SCHEMA_VERSION;
pub use whole::Extent;
pub use write::{Tables, Writing};
