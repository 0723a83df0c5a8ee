//! Which messages are worth a counted push when a free reply was refused.

use super::{BulletinMessage, Message};
use crate::domain::bulletin::Word;

impl Message {
    /// Whether losing this as a reply would leave somebody stuck or in the dark, so that it is
    /// worth a counted push.
    #[must_use]
    pub fn matters(&self) -> bool {
        // What is not listed matters: a push too many costs a message, one too few leaves somebody
        // waiting.
        !matches!(
            self,
            Self::Thanks { .. }
                | Self::EarlyThanks { .. }
                | Self::Undone
                | Self::HelpCancelled
                | Self::SoftNoted { .. }
                | Self::Noted
                | Self::ProxyThanks { .. }
                | Self::Overview { .. }
                | Self::PersonCard { .. }
                | Self::MyPage(_)
                | Self::TeamSettings(_)
                | Self::Already { .. }
                | Self::GladAnyway
                | Self::Practised { .. }
                | Self::Declined
                | Self::ReasonThanks(_)
                | Self::CaseOver { .. }
                | Self::Unknown
                | Self::TryAgain
                | Self::CodeLater
                | Self::Usage { .. }
                | Self::Bulletin(
                    BulletinMessage::Heard { word: Word::Read | Word::Safe, .. }
                        | BulletinMessage::Heard { drill: true, .. }
                )
        )
    }
}
