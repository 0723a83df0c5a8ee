//! A round of practice: whoever sets the service up lives through a whole check-in on their own phone, in minutes. It is no
//! watch and no case: nobody is in a team for it, so nothing that counts, lists or alerts people can see it, and there is one
//! phone alone to which it can speak. The waits of the check-in stay what they are.

use std::time::Duration;

use super::case::Outcome;
use super::id::{PersonId, StaffId};
use super::time::Moment;

/// How long silence takes until the alert of the practice comes.
pub const PRACTICE_WAIT: Duration = Duration::from_secs(2 * 60);

/// A practice that nobody ends is over after this.
pub const PRACTICE_LIFE: Duration = Duration::from_secs(3600);

/// What may be said at the end of one.
pub const PRACTICE_OUTCOMES: [Outcome; 3] =
    [Outcome::Forgot, Outcome::PhoneTrouble, Outcome::Other];

/// A practice that is under way. There is one at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Practice {
    /// Its number, drawn like those of people: its code and its timer are under it.
    pub number: u32,
    /// Who of the staff began it.
    pub by: StaffId,
    /// When.
    pub begun_at: Moment,
    /// Whose phone takes part, once it does.
    pub person: Option<PersonId>,
    /// How far it has come.
    pub stage: PracticeStage,
}

/// See [`Practice`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PracticeStage {
    /// Waits for a phone.
    Invited,
    /// The question is there.
    Asked,
    /// It was answered; now another one is left unanswered, until then.
    Silent(Moment),
    /// The alert is there.
    Alerted,
    /// "I will look."
    Claimed,
}

/// What a button of the practice says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PracticePress {
    /// "I am well."
    Well,
    /// "I will look."
    Claim,
    /// It is over, for this reason.
    Close(Outcome),
}

impl Practice {
    /// When it is over whatever happens.
    #[must_use]
    pub fn ends_at(&self) -> Moment {
        self.begun_at + PRACTICE_LIFE
    }
}
