//! What can happen to the system: somebody acts in a chat, a timer is due, a message was accepted
//! or refused. Transports translate their own words into these.

use super::id::{Address, OutboxId};
use super::invitation::Code;
use super::press::Press;
use super::schedule::{Hour, Interval};
use super::staff::StaffAct;
use super::time::Moment;

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Somebody acted in their chat with us.
    Chat(Chat),
    /// A timer of an entity is due.
    Timer {
        /// The entity.
        id: u32,
        /// The due time for which the timer was set: another one means that it was reset since.
        due_at: Moment,
    },
    /// LINE accepted a message.
    Accepted {
        /// Which.
        message: OutboxId,
        /// When.
        at: Moment,
    },
    /// A message will never be accepted.
    Failed {
        /// Which.
        message: OutboxId,
        /// Why.
        why: Failure,
    },
    /// LINE refused a reply whose messages matter; they have to go another way.
    ReplyRefused {
        /// To whom.
        to: Address,
        /// The identity of the act that was answered.
        cause: String,
        /// What the reply said.
        messages: Vec<super::message::Message>,
    },
    /// Something was done to or with an account of staff.
    Staff(StaffAct),
}

/// Why a message will never be accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// LINE does not know the receiver.
    UnknownReceiver,
    /// LINE refuses the message itself: our fault.
    Refused,
    /// Tried for as long as the retry key protects against a second delivery.
    OutOfTime,
}

/// An act in a 1:1 chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chat {
    /// Identity given by the transport; a second event with the same identity changes nothing.
    pub id: String,
    /// When the person acted, by the transport's clock.
    pub at: Moment,
    /// Who.
    pub from: Address,
    /// Lets us answer for free, once, for a short time.
    pub reply_token: Option<String>,
    /// What they did.
    pub act: Act,
}

/// What a person did in the chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// Added the account as a friend, or took a block back.
    Followed,
    /// Blocked the account.
    Blocked,
    /// Pressed a button of ours.
    Pressed(Press),
    /// Pressed a button whose meaning is not ours, or was changed on the way.
    PressedUnknown,
    /// Wrote something.
    Said(Said),
    /// Sent a sticker, a photo, a voice message, a place.
    Showed,
    /// Something that has no meaning for us.
    Other,
}

/// A text, read for the words we know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// The text as typed, bounded. Used for names; never stored otherwise, never logged.
    pub text: String,
    /// A command, a code, a day or an hour that it means.
    pub meaning: Meaning,
}

/// What a text means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Nothing we know.
    Free,
    /// An invitation code.
    Code(Code),
    /// Something that was meant as a code and is none.
    BrokenCode,
    /// The same as a button.
    Command(Press),
    /// Days between questions, typed.
    Interval(Interval),
    /// An hour of the day, typed.
    Hour(Hour),
}
