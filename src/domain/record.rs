//! What staff did about a case, as they write it down: by which means, with whom, how it went, and what is
//! to be done next. Records are only ever added; a mistake is corrected by another one.

use super::details::Line;
use super::id::StaffId;
use super::time::Moment;

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// When it was written.
    pub at: Moment,
    /// By whom.
    pub by: StaffId,
    /// What was done.
    pub note: Note,
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// How.
    pub means: Means,
    /// With whom.
    pub party: Party,
    /// How it went.
    pub result: Finding,
    /// In words.
    pub text: Option<Line>,
    /// What is to be done next.
    pub next: Option<Next>,
}

/// What is to be done next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Next {
    /// What.
    pub what: Line,
    /// By when, if somebody said so.
    pub due_at: Option<Moment>,
}

/// How.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Means {
    /// By telephone.
    Phone,
    /// By going there.
    Visit,
    /// On LINE.
    Line,
    /// By mail.
    Mail,
    /// Somebody came to the office.
    CameIn,
    /// Through another office.
    Office,
}

impl Means {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 6] =
        [Self::Phone, Self::Visit, Self::Line, Self::Mail, Self::CameIn, Self::Office];
}

/// With whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Party {
    /// The person.
    Person,
    /// A relative.
    Relative,
    /// One who watches on LINE.
    Manager,
    /// A welfare commissioner.
    Commissioner,
    /// A neighbour.
    Neighbour,
    /// Landlord or company with a key.
    Landlord,
    /// A centre for the care of the elderly.
    CareCentre,
    /// The police.
    Police,
    /// Fire and ambulance.
    Ambulance,
    /// A hospital.
    Hospital,
    /// Somebody else.
    Other,
}

impl Party {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 11] = [
        Self::Person,
        Self::Relative,
        Self::Manager,
        Self::Commissioner,
        Self::Neighbour,
        Self::Landlord,
        Self::CareCentre,
        Self::Police,
        Self::Ambulance,
        Self::Hospital,
        Self::Other,
    ];
}

/// How it went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    /// Spoke to them.
    Reached,
    /// Nobody answered, nobody was there.
    Absent,
    /// Left a message.
    Message,
    /// They will call back.
    CallBack,
    /// The number is wrong.
    WrongNumber,
    /// The person is well.
    Well,
    /// The person is not well.
    Unwell,
    /// Was brought to a hospital.
    Brought,
    /// Is in hospital.
    InHospital,
    /// Has died.
    Died,
    /// Nothing is known yet.
    Unknown,
}

impl Finding {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 11] = [
        Self::Reached,
        Self::Absent,
        Self::Message,
        Self::CallBack,
        Self::WrongNumber,
        Self::Well,
        Self::Unwell,
        Self::Brought,
        Self::InHospital,
        Self::Died,
        Self::Unknown,
    ];
}
