//! What staff do at the desk, about cases and people. Whether they may is decided by the rules at that
//! moment; whoever asked looks afterwards what came of it.

use jiff::civil::Date;

use crate::domain::bulletin::{Draft, Whom};
use crate::domain::case::Outcome;
use crate::domain::checkup::Point;
use crate::domain::details::{Details, Line};
use crate::domain::erasure::ErasureReason;
use crate::domain::face::{Face, Passage, Picture};
use crate::domain::id::{BulletinId, CaseId, OrganizationId, PersonId, TeamId};
use crate::domain::invitation::CodeKind;
use crate::domain::name::Name;
use crate::domain::pause::Why;
use crate::domain::person::EndReason;
use crate::domain::record::Note;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::team::Policy;

/// Something about the set-up that was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetUp {
    /// The channel of LINE was connected.
    Connected,
    /// LINE was told where we are.
    Told,
    /// Somebody looked at what only a human can see, and it is as it must be.
    Confirmed(Point),
    /// A letter goes to whoever does this, to see whether letters leave.
    TryMail,
}

/// What can be done about a round of practice at the desk; the rest of it happens on a phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PracticeAct {
    /// Begin one.
    Begin,
    /// End the one that is under way.
    Stop,
}

/// Something done at the desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeskAct {
    /// "We will look."
    Claim(CaseId),
    /// Somebody else may look: the case is open to everyone again.
    Release(CaseId),
    /// Ambulance or police were called.
    Emergency(CaseId),
    /// The case is over.
    Close(CaseId, Outcome),
    /// Something was done about a case.
    Record(CaseId, Note),
    /// What is known about a person, as a whole; it counts if nobody changed it since that version.
    Details(PersonId, Box<Details>),
    /// Personal data was looked at.
    Viewed(PersonId),
    /// A list with the full names of so many was looked at.
    Listed(u32),
    /// What is known about so many was saved as a file.
    Exported(u32),
    /// A list of so many lines was saved as a file.
    Saved(SavedList, u32),
    /// Something about the set-up was done.
    SetUp(SetUp),
    /// Begins or ends a round of practice.
    Practice(PracticeAct),
    /// Lets somebody rest for so many days, if what is told of them is true.
    Rest {
        /// Whom.
        person: PersonId,
        /// Days, today included.
        days: u8,
        /// Why.
        why: Why,
        /// What the caller said about the person, besides the name.
        told: Told,
    },
    /// A rest is over.
    EndRest(PersonId),
    /// Makes a team.
    MakeTeam(TeamPlan),
    /// Changes a team.
    ChangeTeam(TeamId, TeamPlan),
    /// Makes an invitation into a team; one for a leaflet takes the place of the one before it.
    Invite(TeamId, CodeKind),
    /// Makes an organization.
    MakeOrganization(Name),
    /// Another name for an organization.
    RenameOrganization(OrganizationId, Name),
    /// Somebody heads an organization from here on, or no longer.
    Head(OrganizationId, PersonId, bool),
    /// Until when somebody is a member; `None` for a membership without an end.
    Membership(PersonId, Option<Date>),
    /// Says something to many, or to one.
    SendBulletin(Box<Draft>),
    /// Shows it to one person first: whoever writes it.
    TestBulletin(PersonId, Box<Draft>),
    /// Takes a bulletin back, or stops it.
    StopBulletin(BulletinId),
    /// Sends a bulletin once more, to some.
    BulletinAgain(BulletinId, Whom),
    /// Writes down people without LINE, all of them or none.
    Register(Vec<NewMember>),
    /// Takes back so many of them, from a number on.
    Unregister(PersonId, u32),
    /// How the service presents itself, with a new picture if there is one.
    Face(Box<Face>, Option<Box<Picture>>),
    /// A new version of the terms and of the privacy text, on top of a known one.
    Publish(Box<(Passage, Passage)>, u16),
    /// Somebody was phoned.
    Phoned(PersonId, Phoned),
    /// The watch over somebody ends.
    EndWatch(PersonId, EndReason),
    /// Somebody watches no longer in a team.
    TakeOut(TakingOut),
    /// Other days and another hour for somebody without LINE.
    Retime(PersonId, Interval, Hour),
    /// Everything that is kept about somebody was looked at as a whole, for themselves.
    Dossier(PersonId),
    /// Forgets somebody.
    Erase(PersonId, ErasureReason),
}

/// A list of the console, other than that of the people, that can be saved as a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SavedList {
    /// Cases.
    Cases,
    /// Teams.
    Teams,
    /// Groups.
    Groups,
    /// Organizations.
    Organizations,
    /// Who rests.
    Rests,
    /// Memberships.
    Memberships,
    /// Bulletins.
    Bulletins,
    /// What people said of the service.
    Opinions,
    /// Accounts of staff.
    Accounts,
    /// Who did what.
    Log,
}

impl SavedList {
    /// All of them, in the order in which they are stored.
    pub const ALL: [Self; 10] = [
        Self::Cases,
        Self::Teams,
        Self::Groups,
        Self::Organizations,
        Self::Rests,
        Self::Memberships,
        Self::Bulletins,
        Self::Opinions,
        Self::Accounts,
        Self::Log,
    ];
}

/// Somebody who is to watch no longer in a team: they died, moved away, or cannot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TakingOut {
    /// The team.
    pub team: TeamId,
    /// Who.
    pub manager: PersonId,
    /// Why.
    pub why: EndReason,
    /// The office watches instead. Where nobody else would, nothing is done without it.
    pub hand_over: bool,
}

/// People written down at once.
pub const NEW_MEMBERS_MAX: usize = 1000;

/// Somebody without LINE, who is to be phoned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMember {
    /// How they want to be called.
    pub name: Name,
    /// The team of the office that they come into.
    pub team: TeamId,
    /// Days between calls.
    pub interval: Interval,
    /// From which hour on they are to be phoned.
    pub hour: Hour,
    /// What is known of them; a number to phone at least.
    pub details: Details,
}

/// What came of phoning somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phoned {
    /// They are well.
    Well,
    /// Nobody took the call.
    InVain,
    /// Nobody took the call, and somebody should look at once.
    Worried,
}

/// What somebody on the telephone said of the person whom they speak of: the second thing that has to be
/// true, so that nobody who only shares a name is left unasked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// The day of birth.
    Born(Date),
    /// The last digits of a telephone number.
    PhoneEnd(String),
    /// The number that the person sees on their own page.
    Number(u32),
}

/// What a team of the office or of an organization is to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamPlan {
    /// Its name.
    pub name: Name,
    /// Whether the office itself watches over its members.
    pub office: bool,
    /// The organization it belongs to.
    pub organization: Option<OrganizationId>,
    /// The interval that new members are offered.
    pub interval: Interval,
    /// The hour that new members are offered.
    pub hour: Hour,
    /// How much of its members the office may write down.
    pub policy: Policy,
    /// Whom it is for.
    pub statement: Option<Line>,
    /// Whether the office wants a signed form.
    pub wants_form: bool,
}
