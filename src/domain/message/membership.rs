//! What is said about a membership: that something is still to be written down, and its end.

use jiff::civil::Date;

use crate::domain::name::Name;
use crate::domain::page::PageLink;

/// See [`super::Message::Membership`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MembershipNotice {
    /// What the office has to know of those whom it watches over itself is still to be written down.
    WriteDown {
        /// Where.
        link: PageLink,
    },
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
