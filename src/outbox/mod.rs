//! Messages on their way out. A row is on disk before its first attempt, keeps its bytes and its
//! retry key at every further one, and goes when it was accepted or never will be.
//!
//! Every way out has an outbox of its own, so that one that is held up holds up no other.
//! [`queue`], [`retry`] and [`rate`] are the rules, pure; `task` runs them with a [`Transport`].

pub mod queue;
pub mod rate;
pub mod retry;
mod task;

use std::future::Future;
use std::pin::Pin;

pub use task::{Gauge, start, start_replies};

use crate::domain::decision::Reply;
use crate::domain::event::Event;
use crate::domain::id::{Address, GroupId, PersonId};
pub use crate::engine::RowNews;
pub use crate::store::Row;

/// What became of one attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Accepted now.
    Accepted,
    /// An earlier attempt had been accepted.
    AcceptedBefore,
    /// The other side does not know the receiver.
    UnknownReceiver,
    /// The other side refuses the message itself.
    Refused,
    /// Our token or password is not valid.
    Unauthorized,
    /// Our account may not do this.
    Forbidden,
    /// The month's messages are used up.
    MonthlyLimit,
    /// Too fast.
    RateLimited,
    /// No answer, or an error on the other side; the message may have been accepted.
    Unavailable,
}

/// A pending result of a transport.
pub type Sending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How much a way out carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Attempts on the wire at once, at least 1.
    pub wire_max: usize,
    /// Attempts a second, at least 1.
    pub per_second: u32,
}

/// A way out of the system.
pub trait Transport: Send + Sync + 'static {
    /// How much it carries.
    fn pace(&self) -> Pace;

    /// Makes one attempt to deliver a row.
    fn push<'a>(&'a self, row: &'a Row) -> Sending<'a, Outcome>;

    /// Answers for free, once. `false` when it is certain that it did not and will not arrive,
    /// which is all that a way without replies can say.
    fn reply<'a>(&'a self, reply: &'a Reply) -> Sending<'a, bool> {
        let _ = reply;
        Box::pin(async { false })
    }

    /// Asks the other side something about ourselves. `None` where it has no answer.
    fn inquire<'a>(&'a self, inquiry: &'a Inquiry) -> Sending<'a, Option<Event>> {
        let _ = inquiry;
        Box::pin(async { None })
    }
}

/// What the other side of a transport can be asked about ourselves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Inquiry {
    /// Can you reach our receiver?
    Hearing,
    /// Do messages arrive at this person?
    Reach(PersonId, Address),
    /// How do the month's messages stand?
    Quota,
    /// What time is it?
    Time,
    /// How many people are in this group?
    GroupSize(GroupId, Address),
    /// Under which name do the people of this group see this one of them?
    GroupName(GroupId, Address, PersonId, Address),
}
