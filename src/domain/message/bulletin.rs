//! What the office says to many, or to one.

use crate::domain::bulletin::{Kind, Text, Word};
use crate::domain::id::BulletinId;

/// See [`super::Message::Bulletin`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BulletinMessage {
    /// The bulletin itself.
    Post {
        /// Which, where it can be answered: not in a group, and not as a test.
        id: Option<BulletinId>,
        /// What it wants.
        kind: Kind,
        /// What it says.
        text: Text,
        /// Sent to whoever writes it, to see how it looks.
        test: bool,
    },
    /// What somebody said to it was heard.
    Heard {
        /// What.
        word: Word,
        /// It was an exercise.
        drill: bool,
    },
}
