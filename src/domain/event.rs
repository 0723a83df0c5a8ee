//! What can happen to the system: somebody acts in a chat, a timer is due, a message was accepted
//! or refused. Transports translate their own words into these.

use jiff::civil::Date;

use super::certificate::Concern;
use super::erasure::Forgotten;
use super::id::{Address, CaseId, GroupId, OutboxId, PersonId};
use super::invitation::Code;
use super::page::{PageDeed, PageEvent};
use super::press::Press;
use super::schedule::{Hour, Interval};
use super::service::BackupFault;
use super::staff::StaffAct;
use super::time::Moment;
use super::vitals::Ailment;

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
    /// The other side of a way out accepted a message.
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
    /// Something about the service itself.
    Upkeep(Upkeep),
    /// Something was done to or with an account of staff.
    Staff(StaffAct),
    /// Somebody did something on a page of ours.
    Page(PageEvent),
    /// Something happened in a group.
    Group(GroupEvent),
    /// LINE told something about a group, or it was found without a timer.
    GroupNews(GroupNews),
}

/// Something that happened in a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupEvent {
    /// Identity given by the transport; a second event with the same identity changes nothing.
    pub id: String,
    /// When, by the transport's clock.
    pub at: Moment,
    /// In which.
    pub group: Address,
    /// Whose act it was, where the transport says so.
    pub by: Option<Address>,
    /// Lets us answer for free, once, for a short time.
    pub reply_token: Option<String>,
    /// What.
    pub act: GroupAct,
}

/// See [`GroupEvent`]. What people write to each other is not among it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupAct {
    /// We were invited.
    Invited,
    /// We were removed.
    Removed,
    /// People came.
    Came(Vec<Address>),
    /// People went.
    Went(Vec<Address>),
    /// Somebody pressed a button of ours.
    Pressed(Press),
    /// Somebody pressed a button whose meaning is not ours, or was changed on the way.
    PressedUnknown,
    /// Somebody called us by the word that opens our card.
    Called,
    /// Somebody wrote or showed something; what it was is not read.
    Spoke,
}

/// What is learnt of a group without anybody's doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupNews {
    /// It may have been asked while our time was behind.
    Behind(GroupId),
    /// So many people are in it; `None`: we are not.
    Counted(GroupId, Option<u32>),
    /// Its people see somebody under this name; `None`: that somebody is not in it.
    Called(GroupId, PersonId, Option<String>),
    /// These people have been asked for.
    NamedAll(GroupId, Vec<PersonId>),
    /// It should be asked, and has no timer.
    Stray(GroupId),
}

impl Event {
    /// What makes it the same event when it comes twice, with its own moment: a second one changes nothing.
    /// Others may come twice, and the rules see that nothing is left to do.
    #[must_use]
    pub fn identity(&self) -> Option<(Moment, &str)> {
        match self {
            Self::Chat(chat) => Some((chat.at, &chat.id)),
            Self::Group(event) => Some((event.at, &event.id)),
            Self::Page(PageEvent { deed: PageDeed::Entered { link: (at, id), .. }, .. }) => {
                Some((*at, id))
            }
            Self::Page(_)
            | Self::Timer { .. }
            | Self::Accepted { .. }
            | Self::Failed { .. }
            | Self::ReplyRefused { .. }
            | Self::Upkeep(_)
            | Self::Staff(_)
            | Self::GroupNews(_) => None,
        }
    }
}

/// What the service notices about itself and its surroundings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Upkeep {
    /// The process starts. `last_at` is the newest entry of the journal: what is known of the time
    /// before where nothing better was kept.
    Started {
        /// See above.
        last_at: Option<Moment>,
        /// Whether somebody else's clock agrees with ours; steady where nobody could be asked.
        time: TimeLook,
    },
    /// The process lives.
    Beat {
        /// Up to here it is known that it did not stand still.
        alive_at: Moment,
        /// The last signed webhook, also one without events.
        webhook_at: Option<Moment>,
        /// Whether the clock of the machine can be trusted.
        time: TimeLook,
    },
    /// The process, or its machine, stood still since this moment until now.
    StoodStill(Moment),
    /// Somebody else's clock was compared with ours.
    Time(TimeLook),
    /// LINE tested our receiver.
    Probed(super::hearing::Probe),
    /// Everyone who was being waited for has been looked at, up to this deafness.
    Swept(Moment),
    /// Somebody who was being waited for while we were deaf.
    Recheck(PersonId),
    /// LINE was asked whether a person can be reached; when the question was put.
    Reach {
        /// Who.
        person: PersonId,
        /// Whether messages can arrive.
        reachable: bool,
        /// When LINE was asked.
        asked_at: Moment,
    },
    /// LINE told how the month's messages stand; `None` where the plan has no cap.
    Quota {
        /// The cap.
        limit: Option<u32>,
        /// Used so far, approximately.
        used: u32,
    },
    /// Messages wait since this moment and LINE takes none; `None` when it takes them again.
    Stuck(Option<Moment>),
    /// The data came out of a copy: somebody is to be asked afresh, whatever the copy says of them.
    AskAfresh(PersonId),
    /// The data came out of a copy: a case that is open in it is to be told again.
    RaiseAfresh(CaseId),
    /// What came out of a copy has been made good with everyone.
    MadeGood,
    /// A copy of the data, as it was at that moment, was made and found sound.
    BackedUp(Moment),
    /// No copy of the data could be made.
    NotBackedUp(BackupFault),
    /// The data file was written anew, and somebody who was forgotten before is in none of its bytes.
    FileClean(PersonId),
    /// Somebody who was forgotten has come back with a copy that was put in place of the data.
    EraseAgain(Forgotten),
    /// Something keeps the service from its work.
    Ails(Ailment),
    /// Someone who should be watched has no timer, or one long past.
    Stray(PersonId),
    /// A case in which somebody still has to look has no timer, or one long past.
    StrayCase(CaseId),
    /// A rule failed over something; about whom, if that is known.
    SetAside(Option<PersonId>),
    /// Everyone was counted.
    Audited(Census),
    /// The daily report is due; what about our own certificate somebody should look at.
    Report(Census, Option<Concern>),
    /// One who watches is to prove again that alerts arrive.
    TestManager(PersonId),
    /// Somebody's membership ends soon, or has ended.
    Membership(PersonId),
}

/// What a look at the machine's clock showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TimeLook {
    /// Nothing unusual.
    #[default]
    Steady,
    /// The machine's was set, or is not what it was before.
    Stepped,
    /// Somebody else's clock shows another time, this one.
    Wrong(Moment),
    /// Somebody else's clock agrees with it.
    Proven,
}

/// Everyone, counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Census {
    /// People who are asked.
    pub watched: u32,
    /// Messages that their schedules still need this month.
    pub forecast: u32,
    /// Alerts to be expected this month.
    pub alerts: u32,
    /// People whose alerts would reach nobody on LINE, nor the office as the one who watches.
    pub unwatched: u32,
    /// People found without a timer.
    pub strays: u32,
    /// People who cannot be reached.
    pub unreachable: u32,
    /// People who rest.
    pub resting: u32,
    /// Cases that are open.
    pub open: u32,
    /// Of them, on the office's board.
    pub board: u32,
}

/// Why a message will never be accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The other side does not know the receiver.
    UnknownReceiver,
    /// The other side refuses the message itself, or the way out is closed: our fault.
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
    /// Pressed a button of ours and chose a day with it.
    Picked(Press, Date),
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
    /// The IANA name of the zone of a place that it names, if it names nothing else.
    pub place: Option<&'static str>,
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
    /// A cry for help.
    Help,
    /// Not feeling well.
    Unwell,
}
