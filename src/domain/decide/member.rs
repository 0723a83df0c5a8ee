//! The end of memberships: told to the person, and once it has passed to those who watch and the office as well.
//! It stops nothing.

use jiff::civil::Date;

use super::{Step, cases, office};
use crate::domain::fact::Fact;
use crate::domain::id::{PersonId, StaffId};
use crate::domain::membership::{Membership, Told};
use crate::domain::message::{MembershipNotice, Message, OfficeNotice};
use crate::domain::staff::StaffFact;

/// Somebody's membership ends soon, or has ended.
pub(super) fn remind(step: &mut Step<'_>, person: PersonId) {
    let today = office::wall(step.now).date();
    let known = step.person(person).and_then(|p| p.membership);
    let Some(membership) = known else { return };
    let Some(told) = membership.news(today) else { return };
    let until = membership.until;
    if let Some(p) = step.scene.persons.change(&person) {
        p.membership = Some(Membership { told, ..membership });
    }
    step.cause = format!("member/{person}/{until}/{told:?}");
    step.facts.push(Fact::MembershipTold(person));
    let ends = MembershipNotice::Ends { until, over: told == Told::Over };
    step.notify(person, Message::Membership(ends));
    let Some(name) = step.name(person).filter(|_| told == Told::Over) else { return };
    for watcher in cases::reachable_watchers(step, person) {
        let notice = MembershipNotice::Expired { name: name.clone(), until };
        step.notify(watcher, Message::Membership(notice));
    }
    let notice = OfficeNotice::Expired { name, number: person, until };
    step.tell_office(&format!("member/{person}/{until}"), notice);
}

/// Staff set until when somebody is a member, or that there is no end.
pub(super) fn set(step: &mut Step<'_>, by: StaffId, person: PersonId, until: Option<Date>) {
    let Some(p) = step.person(person) else { return };
    if p.membership.map(|membership| membership.until) == until {
        return;
    }
    let today = office::wall(step.now).date();
    // What would be told tomorrow is said with the change.
    let membership = until.map(|until| Membership { until, told: Told::on(today, until) });
    if let Some(p) = step.scene.persons.change(&person) {
        p.membership = membership;
    }
    step.facts.push(Fact::Staff(StaffFact::MembershipSet(by, person)));
    step.notify(person, Message::Membership(MembershipNotice::Set { until }));
}
