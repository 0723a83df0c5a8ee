//! What people say of the service itself, on a page and of their own accord: kept for those who run it.

use super::details::{Fault, Line};
use super::id::PersonId;
use super::time::Moment;

/// Longest opinion, in characters as a reader counts them.
pub const OPINION_CHARS_MAX: usize = 500;

/// Opinions of one person in a day; more are not taken.
pub const OPINIONS_A_DAY_MAX: usize = 3;

/// An opinion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opinion {
    /// When.
    pub at: Moment,
    /// Whose.
    pub by: PersonId,
    /// In their words.
    pub text: Line,
}

/// Cleans and takes an opinion; `None` if nothing was typed.
pub fn read(text: &str) -> Result<Option<Line>, Fault> {
    Line::read(text, OPINION_CHARS_MAX)
}
