//! Whom an entry of the journal is about, for whoever asks what is kept about them.

use super::Fact;
use crate::domain::case::Actor;
use crate::domain::id::PersonId;
use crate::domain::staff::StaffFact;

impl Fact {
    /// Whether it stands in the dossier of a person: it is about them, or it is what they did for others.
    #[must_use]
    pub fn is_about(self, person: PersonId) -> bool {
        match self {
            Self::Staff(fact) => is_about(fact, person),
            Self::AnsweredFor(p, by) | Self::PauseBegan(p, by) => {
                p == person || by == Actor::Person(person)
            }
            Self::PauseHolds(p, by) | Self::DetailsWritten(p, by) | Self::DetailsSeen(p, by) => {
                p == person || by == person
            }
            Self::Claimed(_, by)
            | Self::ClaimLapsed(_, by)
            | Self::EmergencyCalled(_, by)
            | Self::Closed(_, by, _) => by == Actor::Person(person),
            fact => fact.person() == Some(person),
        }
    }

    /// The one person that it names, where it names one.
    fn person(self) -> Option<PersonId> {
        Some(match self {
            Self::Met(p)
            | Self::Consented(p)
            | Self::WrongCode(p)
            | Self::WellAnyway(p)
            | Self::Unreachable(p)
            | Self::ReachableAgain(p)
            | Self::NotTheirs(p)
            | Self::Held(p)
            | Self::Stray(p)
            | Self::TestUnanswered(p)
            | Self::TestedAgain(p)
            | Self::InTrouble(p)
            | Self::PausePinged(p)
            | Self::PauseEnded(p)
            | Self::MailConfirmed(p)
            | Self::NotAskedForQuota(p)
            | Self::MembershipTold(p)
            | Self::PageEntered(p)
            | Self::Renamed(p)
            | Self::Opined(p)
            | Self::FileClean(p)
            | Self::DossierTyped(p)
            | Self::ErasedAgain(p)
            | Self::Rehearsed(p)
            | Self::Joined(p, ..)
            | Self::Scheduled(p, _)
            | Self::Invited(p, ..)
            | Self::Asking(p, _)
            | Self::Asked(p, _)
            | Self::Resending(p, _)
            | Self::Resent(p, _)
            | Self::Answered(p, _)
            | Self::StalePress(p, _)
            | Self::Receives(p, _)
            | Self::Undelivered(p, _)
            | Self::Apologising(p, _)
            | Self::Apologised(p, _)
            | Self::WatchEnded(p, _)
            | Self::AnsweredEarly(p, _)
            | Self::TakenBack(p, _)
            | Self::ManagerLeft(p, _)
            | Self::TakesPart(p, _)
            | Self::PartEnded(p, _)
            | Self::GroupAnswered(p, _)
            | Self::BulletinHeard(p, _)
            | Self::PagesLeft(p, _)
            | Self::Allowed(p, ..)
            | Self::CaseOpened(_, p, _)
            | Self::StillSilent(_, p)
            | Self::Alerting(_, p)
            | Self::Alerted(_, p)
            | Self::AlertedByMail(_, p)
            | Self::AlertWithdrawn(_, p)
            | Self::NoContact(_, p)
            | Self::HandedOver(_, p)
            | Self::TeamChanged(_, p)
            | Self::GroupLed(_, p)
            | Self::GroupCalls(_, p) => p,
            _ => return None,
        })
    }
}

fn is_about(fact: StaffFact, person: PersonId) -> bool {
    match fact {
        StaffFact::DetailsChanged(_, p)
        | StaffFact::Viewed(_, p)
        | StaffFact::Mistaken(_, p)
        | StaffFact::MembershipSet(_, p)
        | StaffFact::PhonedInVain(_, p)
        | StaffFact::EndedWatch(_, p)
        | StaffFact::Retimed(_, p)
        | StaffFact::Dossier(_, p)
        | StaffFact::TookOut(_, p, ..)
        | StaffFact::Erased(_, p) => p == person,
        StaffFact::Registered(_, first, count) => {
            (first.0..first.0.saturating_add(count)).contains(&person.0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CaseId, StaffId};

    #[test]
    fn a_list_that_was_registered_is_about_each_of_its_people_and_about_nobody_else() {
        let fact = Fact::Staff(StaffFact::Registered(StaffId(1), PersonId(7), 3));
        let about: Vec<u32> = (0..20).filter(|id| fact.is_about(PersonId(*id))).collect();
        assert_eq!(about, [7, 8, 9]);
        let looked = Fact::DetailsSeen(PersonId(7), PersonId(8));
        assert!(looked.is_about(PersonId(7)) && looked.is_about(PersonId(8)));
        assert!(!Fact::Reminded(CaseId(7)).is_about(PersonId(7)));
    }
}
