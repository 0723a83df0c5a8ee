//! What follows from an event: messages to send, replies, timers, and entries of the journal.
//! Changed entities are in the [`super::scene::Scene`].

use super::id::{Address, BulletinId, CaseId, GroupId, OutboxId, PersonId, StaffId};
use super::message::Message;
use super::time::Moment;

/// What a message in the outbox is about: decides its priority, and what its acceptance means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Purpose {
    /// Tells a manager of a case.
    Alert(CaseId, PersonId),
    /// Tells a manager that the person is well.
    AllClear(CaseId, PersonId),
    /// The second call of a round.
    Resend(PersonId, Moment),
    /// The question of a round.
    Ask(PersonId, Moment),
    /// Anything else, to a person.
    Notice(PersonId),
    /// Tells a manager again of a case that nobody has settled.
    Raise(CaseId, PersonId),
    /// Apologises within a round for not having heard.
    Sorry(PersonId, Moment),
    /// Tells the office something, by mail.
    Office,
    /// The question to a group.
    GroupAsk(GroupId, Moment),
    /// Tells a group who has not answered.
    GroupReport(GroupId, Moment),
    /// What the office says, to a person.
    Bulletin(BulletinId, PersonId),
    /// What the office says, to a group.
    GroupBulletin(BulletinId, GroupId),
    /// A letter with which somebody of the staff tries whether letters leave.
    Trial(StaffId),
}

impl Purpose {
    /// 0 goes first.
    #[must_use]
    pub fn priority(self) -> u8 {
        match self {
            Self::Alert(..) | Self::Raise(..) | Self::Office => 0,
            Self::AllClear(..) => 1,
            Self::Resend(..) | Self::Sorry(..) | Self::GroupReport(..) => 2,
            Self::Ask(..) | Self::GroupAsk(..) => 3,
            Self::Notice(..) | Self::Trial(_) => 4,
            Self::Bulletin(..) | Self::GroupBulletin(..) => 5,
        }
    }

    /// The receiver, if it is somebody on LINE.
    #[must_use]
    pub fn receiver(self) -> Option<PersonId> {
        Some(match self {
            Self::Alert(_, to)
            | Self::Raise(_, to)
            | Self::AllClear(_, to)
            | Self::Notice(to)
            | Self::Bulletin(_, to) => to,
            Self::Resend(person, _) | Self::Sorry(person, _) | Self::Ask(person, _) => person,
            Self::Office
            | Self::Trial(_)
            | Self::GroupAsk(..)
            | Self::GroupReport(..)
            | Self::GroupBulletin(..) => {
                return None;
            }
        })
    }
}

/// A message that must leave, durably.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outgoing {
    /// Identity and retry key.
    pub id: OutboxId,
    /// To whom.
    pub to: Address,
    /// What it is about.
    pub purpose: Purpose,
    /// What it says, as one push of up to five bubbles.
    pub messages: Vec<Message>,
}

/// An answer in the chat that costs nothing and is lost if it fails, unless its messages matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// To whom, should it have to be pushed instead.
    pub to: Address,
    /// The identity of the act that is answered.
    pub cause: String,
    /// LINE's token.
    pub token: String,
    /// What it says, at most five.
    pub messages: Vec<Message>,
}

/// Everything that leaves the system because of one event.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Effects {
    /// Into the outbox.
    pub outgoing: Vec<Outgoing>,
    /// Out of the outbox, whether or not an attempt is under way.
    pub withdrawn: Vec<OutboxId>,
    /// Straight back.
    pub reply: Option<Reply>,
}
