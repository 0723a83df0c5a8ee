//! Keeps an eye on the service itself: beats, so that a stop is noticed afterwards; tests of our
//! hearing; the month's messages; and walks over everyone, to make deafness good, to find people
//! who were forgotten, and to ask LINE who can still be reached.
//!
//! [`plan`] says what is due, [`walk`] whom it concerns, and [`vitals`] whether we can do what we are
//! for, all pure over what they are given; `task` runs them. `proof` shows, to whoever would start us anew,
//! that the machinery turns. What follows from a finding is a rule and stands in `domain/decide/upkeep`.

mod anew;
pub mod plan;
mod proof;
mod task;
pub mod vitals;
pub mod walk;

pub use proof::{Proof, Stuck};
pub use task::{Errands, Eyes, start};
pub use vitals::Findings;
