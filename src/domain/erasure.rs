//! Forgetting one person: what stands in the way of it, and the receipt that stays. The receipt has the number of the
//! person and no word of who that was.

use std::time::Duration;

use super::case::Case;
use super::details::Details;
use super::id::{BulletinId, CaseId, OrganizationId, PersonId, StaffId, TeamId};
use super::organization::Organization;
use super::person::Person;
use super::team::{MemberKey, Role};
use super::time::Moment;

/// The data file is written anew in the night after an erasure. Where it was not after so long, somebody has to look.
pub const REMAINS_MAX: Duration = Duration::from_secs(48 * 3600);

/// Other files beside the data that may hold what was erased go after this: as long as the law's guides let copies live.
pub const ASIDE_LIFE: Duration = Duration::from_secs(35 * 24 * 3600);

/// Why somebody is forgotten.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ErasureReason {
    /// They want it.
    OwnWish,
    /// Their family wants it.
    Family,
    /// It was kept for as long as the council keeps it.
    KeptLongEnough,
    /// They were registered by mistake, or twice.
    Mistake,
    /// Something else.
    Other,
    /// They were forgotten before, and a copy that was put back had brought them back.
    CameBack,
}

impl ErasureReason {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 6] = [
        Self::OwnWish,
        Self::Family,
        Self::KeptLongEnough,
        Self::Mistake,
        Self::Other,
        Self::CameBack,
    ];

    /// Those that somebody at the desk can mean.
    pub const CHOICES: [Self; 5] =
        [Self::OwnWish, Self::Family, Self::KeptLongEnough, Self::Mistake, Self::Other];
}

/// A kind of what was removed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// How they are called, their LINE account, their hours.
    Profile,
    /// Full name, address, telephone and the like.
    Details,
    /// Relatives and others to phone.
    Contacts,
    /// Places in teams.
    Places,
    /// Questions and answers.
    Rounds,
    /// What staff wrote about their cases.
    Records,
    /// Parts in groups.
    Groups,
    /// What the office sent to them, and what they said to it.
    Bulletins,
    /// What they said of the service.
    Opinions,
    /// Ways to our pages.
    PageSessions,
    /// Invitations.
    Invitations,
    /// Messages that were still to leave.
    Messages,
    /// Teams that bore their name.
    TeamNames,
}

impl Kind {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 13] = [
        Self::Profile,
        Self::Details,
        Self::Contacts,
        Self::Places,
        Self::Rounds,
        Self::Records,
        Self::Groups,
        Self::Bulletins,
        Self::Opinions,
        Self::PageSessions,
        Self::Invitations,
        Self::Messages,
        Self::TeamNames,
    ];
}

/// The receipt of an erasure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Erasure {
    /// The number of whoever was forgotten.
    pub person: PersonId,
    /// When everything was removed from the tables.
    pub at: Moment,
    /// Who did it.
    pub by: StaffId,
    /// Why.
    pub reason: ErasureReason,
    /// Whether they were ever asked: numbers of everyone who ever was count them still.
    pub was_asked: bool,
    /// What was removed, and how many of it; kinds of which there was nothing are left out.
    pub removed: Vec<(Kind, u32)>,
    /// When the data file had been written anew, so that the bytes are gone from it too.
    pub file_clean_at: Option<Moment>,
    /// When they were first seen: somebody else who has the number one day was met at another moment.
    pub met_at: Moment,
    /// When they were forgotten first, if a copy has brought them back since.
    pub first_at: Option<Moment>,
}

/// Somebody who was forgotten, as it is remembered beside the copies: enough to find them in one, and no word of who they
/// were.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Forgotten {
    /// Their number.
    pub person: PersonId,
    /// When they were first seen.
    pub met_at: Moment,
    /// When they were forgotten.
    pub at: Moment,
}

impl From<&Erasure> for Forgotten {
    fn from(erasure: &Erasure) -> Self {
        let at = erasure.first_at.unwrap_or(erasure.at);
        Self { person: erasure.person, met_at: erasure.met_at, at }
    }
}

impl Erasure {
    /// Whether the data file should have been written anew by now, and was not.
    #[must_use]
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.file_clean_at.is_none() && now.since(self.at) > REMAINS_MAX
    }

    /// Notes that so many of a kind were removed.
    pub fn count(&mut self, kind: Kind, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        match self.removed.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, so_far)) => *so_far = so_far.saturating_add(count),
            None if count > 0 => self.removed.push((kind, count)),
            None => {}
        }
    }
}

/// A place in what is kept about others where somebody is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mention {
    /// What is known about another person.
    Details(PersonId),
    /// What staff wrote about the case of another person.
    Record(CaseId),
    /// What the office said to many.
    Bulletin(BulletinId),
    /// What another person said of the service.
    Opinion,
}

/// Nicknames shorter than this stand in too many words to be looked for.
const NICKNAME_CHARS_MIN: usize = 3;

/// The words by which somebody would be named in what is kept about others.
#[must_use]
pub fn names_of(person: &Person, details: &Details) -> Vec<String> {
    let nickname = person.name.as_ref().map(|name| name.as_str().to_owned());
    let nickname = nickname.filter(|name| name.chars().count() >= NICKNAME_CHARS_MIN);
    let full_name = details.full_name.as_ref().map(|line| line.as_str().to_owned());
    let joined = full_name.as_ref().map(|name| name.split_whitespace().collect::<String>());
    let phones = [&details.phone, &details.mobile].into_iter().flatten();
    let phones = phones.map(|phone| phone.as_str().to_owned());
    let words = nickname.into_iter().chain(full_name).chain(joined).chain(phones);
    words.filter(|word| !word.is_empty()).collect()
}

/// What has to be done before somebody can be forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hindrance {
    /// The watch over them goes on.
    Watched,
    /// Somebody still looks after them.
    OpenCase(CaseId),
    /// They watch over others.
    Manages(TeamId),
    /// They head an organization.
    Heads(OrganizationId),
    /// A message that tells of them, or a letter that may, has not left yet.
    UnderWay,
}

impl Hindrance {
    /// The first thing that stands in the way, if anything does. `open` are all open cases; `under_way` says whether
    /// something that tells others of the person has not left yet.
    #[must_use]
    pub fn of(
        person: &Person,
        places: &[MemberKey],
        open: &[Case],
        organizations: &[Organization],
        under_way: bool,
    ) -> Option<Self> {
        let id = person.id;
        let case = open.iter().find(|case| case.person == id);
        let team = places.iter().find(|(_, role, of)| *role == Role::Manager && *of == id);
        let headed = organizations.iter().find(|organization| organization.heads.contains(&id));
        let watched = person.watch.is_some().then_some(Self::Watched);
        case.map(|case| Self::OpenCase(case.id))
            .or(watched)
            .or(team.map(|(team, ..)| Self::Manages(*team)))
            .or(headed.map(|organization| Self::Heads(organization.id)))
            .or(under_way.then_some(Self::UnderWay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erasure() -> Erasure {
        Erasure {
            person: PersonId(7),
            at: Moment::EPOCH,
            by: StaffId(1),
            reason: ErasureReason::OwnWish,
            was_asked: true,
            removed: Vec::new(),
            file_clean_at: None,
            met_at: Moment::EPOCH,
            first_at: None,
        }
    }

    #[test]
    fn a_file_that_was_not_written_anew_for_two_days_is_overdue() {
        let waits = erasure();
        let later = Moment::EPOCH + REMAINS_MAX;
        let too_late = later + Duration::from_secs(1);
        assert!(!waits.is_overdue(later) && waits.is_overdue(too_late));
        let clean = Erasure { file_clean_at: Some(later), ..waits };
        assert!(!clean.is_overdue(too_late));
    }

    #[test]
    fn of_what_there_was_nothing_the_receipt_says_nothing() {
        let mut erasure = erasure();
        erasure.count(Kind::Rounds, 0);
        erasure.count(Kind::Records, 2);
        erasure.count(Kind::Records, 1);
        assert_eq!(erasure.removed, [(Kind::Records, 3)]);
    }
}
