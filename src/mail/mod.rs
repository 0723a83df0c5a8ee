//! E-mail, the second way out: for those who gave an address, above all when LINE cannot deliver.
//!
//! [`render`] turns a message into the bytes of a letter when it is queued, and the row keeps them;
//! [`Mailer`] hands the row to the mail server that the operator named. SMTP's names stop in this
//! room. Which message goes by mail is not decided here, and nothing is retried here.
//!
//! A letter is sent at least once: a server that took it and died before it said so gets it again,
//! under the same Message-ID, by which mail programs know a repetition.

mod closed;
mod dial;
mod mailer;
pub mod outcome;
pub mod render;
mod session;
mod starttls;
mod wire;

pub use closed::Closed;
pub use mailer::{Mailer, PACE, Waits};
