//! The only writer: load what an event concerns, decide, write state, timers, outbox, seen events
//! and journal in one transaction, and acknowledge after the commit.
//!
//! [`commit::Engine`] does this without a task or a clock, so that tests drive it on virtual time;
//! `task` runs it on a thread of its own behind a [`Handle`].

mod bulletin;
mod commit;
mod load;
mod staff;
mod task;

pub use commit::{Engine, Published, Render};
pub use task::{Command, Handle, Look, Memory, Refusal, RowNews, Sinks, Stopped, Stopwatch, start};
