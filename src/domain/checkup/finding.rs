//! What can be found at each point of the set-up, and how it stands with that. New findings say here which point they are
//! about and whether something has to be done; the words are in `locale/checkup.rs`.

use super::{Hitch, Point, State};
use crate::domain::event::Failure;
use crate::domain::time::Moment;

/// Administrators that there should be: one may be ill.
const ADMINS_MIN: usize = 2;

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// Id and secret are those of this account: its name, and its id.
    Connected(String, String),
    /// Nobody has entered id and secret.
    NotConnected,
    /// LINE does not know this id and secret, with its status.
    KeysRefused(u16),
    /// LINE cannot be reached.
    LineUnreachable,
    /// LINE is told our address, and uses it.
    WebhookSet,
    /// LINE is told no address, or another one.
    WebhookElsewhere,
    /// LINE knows our address and does not use it.
    WebhookOff,
    /// LINE reaches us.
    Heard,
    /// LINE cannot; in its words.
    NotHeard(String),
    /// A human confirmed it.
    Confirmed(Point),
    /// A human has to look.
    ToConfirm(Point),
    /// A group has taken us in.
    InGroups,
    /// The menu is shown.
    MenuShown,
    /// It is not.
    MenuMissing,
    /// No cap.
    PlanUnlimited,
    /// So many a month, of which so many are still needed: it will do.
    PlanFits(u32, u32),
    /// The same, and it will not.
    PlanShort(u32, u32),
    /// Name and number are known.
    OfficeKnown,
    /// There is no number to phone.
    OfficeWithoutPhone,
    /// So many administrators.
    Admins(usize),
    /// Somebody has answered, and somebody was told.
    Practised,
    /// Somebody lived through a whole round of practice, last then.
    PractisedOn(Moment),
    /// Not yet.
    NotPractised,
    /// Letters leave, and the office has a mailbox.
    MailReady,
    /// There is no mail server.
    NoMailServer,
    /// Letters do not leave.
    MailFails,
    /// Nobody of the office gets letters.
    NoMailbox,
    /// A letter that was tried was taken then.
    LetterTaken(Moment),
    /// It is on its way; what keeps it there, if the last attempt showed something.
    LetterWaits(Option<Hitch>),
    /// It will never be taken.
    LetterFailed(Failure),
    /// The newest copy is of then.
    CopiedAt(Moment),
    /// There is none yet.
    NotCopiedYet,
    /// Copies are switched off.
    CopiesOff,
    /// The newest one is too old.
    CopyOld,
    /// They stay on this machine, of then.
    CopiesStay(Moment),
    /// Somebody notices that we are gone.
    HeartbeatSet,
    /// Nobody does.
    NoHeartbeat,
    /// Pages are reached over HTTPS.
    Secure,
    /// They are not.
    NotSecure,
    /// The clock is right.
    ClockRight,
    /// It is not known to be.
    ClockDoubted,
    /// So many MiB are free.
    DiskFree(u64),
    /// So many, which is little.
    DiskLow(u64),
    /// It could not be found out.
    Unknown(Point),
}

impl Finding {
    /// What it is about.
    #[must_use]
    pub fn point(&self) -> Point {
        match self {
            Self::Connected(..)
            | Self::NotConnected
            | Self::KeysRefused(_)
            | Self::LineUnreachable => Point::Channel,
            Self::WebhookSet | Self::WebhookElsewhere | Self::WebhookOff => Point::Webhook,
            Self::Heard | Self::NotHeard(_) => Point::Hearing,
            Self::Confirmed(point) | Self::ToConfirm(point) | Self::Unknown(point) => *point,
            Self::InGroups => Point::Groups,
            Self::MenuShown | Self::MenuMissing => Point::Menu,
            Self::PlanUnlimited | Self::PlanFits(..) | Self::PlanShort(..) => Point::Plan,
            Self::OfficeKnown | Self::OfficeWithoutPhone => Point::Office,
            Self::Admins(_) => Point::Admins,
            Self::Practised | Self::PractisedOn(_) | Self::NotPractised => Point::Practice,
            Self::MailReady
            | Self::NoMailServer
            | Self::MailFails
            | Self::NoMailbox
            | Self::LetterTaken(_)
            | Self::LetterWaits(_)
            | Self::LetterFailed(_) => Point::Mail,
            Self::CopiedAt(_)
            | Self::NotCopiedYet
            | Self::CopiesOff
            | Self::CopyOld
            | Self::CopiesStay(_) => Point::Backup,
            Self::HeartbeatSet | Self::NoHeartbeat => Point::Heartbeat,
            Self::Secure | Self::NotSecure => Point::Address,
            Self::ClockRight | Self::ClockDoubted => Point::Clock,
            Self::DiskFree(_) | Self::DiskLow(_) => Point::Disk,
        }
    }

    /// How it stands with that.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Connected(..)
            | Self::WebhookSet
            | Self::Heard
            | Self::Confirmed(_)
            | Self::InGroups
            | Self::MenuShown
            | Self::PlanUnlimited
            | Self::PlanFits(..)
            | Self::OfficeKnown
            | Self::Practised
            | Self::PractisedOn(_)
            | Self::MailReady
            | Self::LetterTaken(_)
            | Self::CopiedAt(_)
            | Self::HeartbeatSet
            | Self::Secure
            | Self::ClockRight
            | Self::DiskFree(_) => State::Good,
            Self::Admins(count) if *count >= ADMINS_MIN => State::Good,
            Self::Admins(_)
            | Self::NotPractised
            | Self::NoMailServer
            | Self::NoMailbox
            | Self::LetterWaits(None)
            | Self::NotCopiedYet
            | Self::CopiesStay(_)
            | Self::NoHeartbeat => State::Advice,
            Self::ToConfirm(_) => State::ByHand,
            Self::Unknown(_) => State::Unknown,
            Self::NotConnected
            | Self::KeysRefused(_)
            | Self::LineUnreachable
            | Self::WebhookElsewhere
            | Self::WebhookOff
            | Self::NotHeard(_)
            | Self::MenuMissing
            | Self::PlanShort(..)
            | Self::OfficeWithoutPhone
            | Self::MailFails
            | Self::LetterWaits(Some(_))
            | Self::LetterFailed(_)
            | Self::CopiesOff
            | Self::CopyOld
            | Self::NotSecure
            | Self::ClockDoubted
            | Self::DiskLow(_) => State::Bad,
        }
    }
}
