//! Copies of the data while the service runs: made from one view, read whole, rehearsed as if it were restored, encrypted
//! for those who may open it, opened again, and only then called a copy. Old ones go by a rule that looks at their names.
//!
//! [`shelf`] names and clears (pure), [`seal`] speaks to the program `age`, [`make`] does the work and tells the writer what
//! came of it, [`erased`] keeps the list of whoever was forgotten beside the copies, and `task` says when. It decides nothing
//! about people, and never touches the data file.

pub mod erased;
pub mod make;
pub mod seal;
pub mod shelf;
mod task;

pub use make::{Cause, Failure, Made, Maker, copy};
pub use seal::ProgramFault;
pub use task::start;
