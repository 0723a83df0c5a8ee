//! What is said into a group.

use std::time::Duration;

use jiff::civil::{Date, DateTime};

use crate::domain::id::GroupId;
use crate::domain::name::Name;
use crate::domain::page::PageLink;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::time::Moment;

/// See [`super::Message::Group`]. Names are those that the people of the group see of each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupMessage {
    /// We came: what this is, and what to press.
    Intro {
        /// The group.
        group: GroupId,
        /// From a question to the word about who is missing.
        wait: Duration,
    },
    /// Somebody leads from here on: how often?
    AskInterval {
        /// The group.
        group: GroupId,
        /// Who leads, if their name is known.
        leader: Option<Name>,
    },
    /// At what hour?
    AskHour {
        /// The group.
        group: GroupId,
        /// The interval chosen.
        interval: Interval,
        /// Every hour instead of the recommended ones.
        all: bool,
        /// People in the group, where known: each of them is a counted message.
        size: Option<u32>,
        /// From a question to the word about who is missing.
        wait: Duration,
    },
    /// It begins.
    Ready {
        /// The group.
        group: GroupId,
        /// Interval.
        interval: Interval,
        /// Hour.
        hour: Hour,
        /// The first question.
        next: DateTime,
        /// So many take part by now.
        participants: usize,
        /// Messages that a month costs, where known.
        monthly: Option<u32>,
    },
    /// Somebody takes part.
    TakesPart {
        /// How many do by now.
        count: usize,
        /// The next question, if there is one.
        next: Option<DateTime>,
    },
    /// "Are you all well?"
    Ask {
        /// The group and the due time: names the round.
        round: (GroupId, Moment),
        /// Now, on the group's wall.
        local: DateTime,
        /// Nobody leads.
        leaderless: bool,
    },
    /// Somebody answered, at this place in the order.
    Nth {
        /// Who.
        name: Option<Name>,
        /// The place.
        place: usize,
        /// How many are left.
        left: usize,
    },
    /// Half of a larger group has answered.
    Half {
        /// So many have.
        answered: usize,
        /// Of so many.
        of: usize,
    },
    /// Everyone has answered.
    All,
    /// Somebody answered after it was asked for them.
    Late {
        /// Who.
        name: Option<Name>,
        /// How many are left.
        left: usize,
    },
    /// That button belongs to a question that is over.
    Stale {
        /// The next question.
        next: Option<DateTime>,
    },
    /// Who has not answered.
    Missing {
        /// The group and the due time: names the round.
        round: (GroupId, Moment),
        /// Their names, the first few.
        names: Vec<Name>,
        /// More of them, or without a name.
        more: usize,
        /// People in the group who take no part, as far as is known.
        unknown: u32,
        /// We were deaf for a while, and may not have heard somebody.
        deaf: bool,
    },
    /// Somebody calls those who are missing.
    Calls {
        /// Who.
        name: Option<Name>,
    },
    /// New people came.
    Welcome(GroupId),
    /// What its leader can change.
    Settings {
        /// The group.
        group: GroupId,
        /// Interval and hour.
        schedule: Option<(Interval, Hour)>,
        /// The last day of a rest.
        resting: Option<Date>,
        /// Words in the chat count.
        words_count: bool,
    },
    /// Who takes part.
    People {
        /// Their names, the first few.
        names: Vec<Name>,
        /// More of them, or without a name.
        more: usize,
        /// People in the group who take no part, as far as is known.
        unknown: u32,
    },
    /// Only its leader can do that.
    LeaderOnly {
        /// Who leads.
        leader: Option<Name>,
        /// Nobody does: whoever wants to may.
        open: Option<GroupId>,
    },
    /// Somebody else may lead.
    HandOver(GroupId),
    /// Somebody leads from here on.
    Leads {
        /// Who.
        name: Option<Name>,
    },
    /// The group rests.
    Rests {
        /// The last day.
        last_day: Date,
        /// The next question.
        next: DateTime,
    },
    /// The group rests no longer.
    Back {
        /// The next question.
        next: DateTime,
    },
    /// LINE did not say who pressed.
    WhoAreYou,
    /// We were removed from a group (to its leader, in the 1:1 chat).
    Removed,
    /// Leads to the pages of the groups in which the reader takes part (to them alone, in their own chat).
    Pages {
        /// Where.
        link: PageLink,
    },
}
