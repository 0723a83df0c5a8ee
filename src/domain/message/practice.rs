//! What is said in a round of practice. Every word of it says that it is one.

/// To the phone that takes part; each with the number of the practice, for its buttons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PracticeMessage {
    /// The question.
    Ask(u32),
    /// It was answered. The next question, which is to be left unanswered.
    AskAgain(u32),
    /// It was answered all the same: the wait begins anew.
    StillSilent(u32),
    /// Nobody answered.
    Alert(u32),
    /// "I will look" arrived; what it turned out to be.
    Claimed(u32),
    /// It is over.
    Over,
    /// Another button is to be pressed now, or the practice is over.
    NotNow,
    /// Somebody whom the service knows in earnest cannot take part.
    NotForYou,
}
