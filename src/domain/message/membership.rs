//! What is said about the end of a membership.

use jiff::civil::Date;

use crate::domain::name::Name;

/// See [`super::Message::Membership`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MembershipNotice {
    /// Yours ends soon, or has ended.
    Ends {
        /// The last day.
        until: Date,
        /// Whether it has passed.
        over: bool,
    },
    /// Yours has another end, or none.
    Set {
        /// The last day.
        until: Option<Date>,
    },
    /// That of somebody has ended (to those who watch).
    Expired {
        /// Who.
        name: Name,
        /// The last day.
        until: Date,
    },
}
