//! What the pages of staff say about a person in the same words everywhere: name, numbers, identity; and who
//! of them is the office's business.

use maud::{Markup, html};

use crate::domain::details::Details;
use crate::domain::id::PersonId;
use crate::domain::team::{Policy, Role, TeamKind};
use crate::locale::desk::{self as words, person as labels};
use crate::locale::staff as board_words;
use crate::store::{Reading, StoreError};

/// How somebody is called: by the nickname, which is what everyone knows them by.
pub(super) fn name(reading: &Reading, person: PersonId) -> Result<String, StoreError> {
    let name = reading.person(person)?.and_then(|person| person.name);
    Ok(name
        .map_or(board_words::board::NO_NAME.to_owned(), |name| board_words::called(name.as_str())))
}

/// A number, with whose it is and what to know before calling.
pub(super) type Number = (String, String, Option<String>);

/// The numbers to phone, in the order in which they are called.
pub(super) fn numbers(details: &Details) -> Vec<Number> {
    let own = [(words::OWN_PHONE, &details.phone), (words::OWN_MOBILE, &details.mobile)];
    let own = own.into_iter().filter_map(|(who, phone)| {
        Some((who.to_owned(), phone.as_ref()?.as_str().to_owned(), None))
    });
    let contacts = details.contacts.iter().map(|contact| {
        let relation = contact.relation.as_ref().map(|relation| relation.as_str());
        let who = words::called(contact.name.as_str(), relation);
        let note = contact.note.as_ref().map(|note| note.as_str().to_owned());
        (who, contact.phone.as_str().to_owned(), note)
    });
    let landlord = details.landlord_phone.as_ref().map(|phone| {
        let name = details.landlord.as_ref().map(|name| name.as_str());
        let who = words::called(labels::LANDLORD_TITLE, name);
        (who, phone.as_str().to_owned(), None)
    });
    own.chain(contacts).chain(landlord).collect()
}

/// What a telephone dials.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// Who somebody is, by more than a nickname: shown before anything that cannot be taken back.
pub(super) fn identity(person: PersonId, details: &Details) -> Markup {
    html! {
        dl.facts {
            div { dt { (board_words::PERSON_NUMBER) } dd { (person) } }
            @if let Some(name) = &details.full_name {
                div { dt { (labels::FULL_NAME) } dd {
                    (name.as_str())
                    @if let Some(reading) = &details.reading { "（" (reading.as_str()) "）" }
                } }
            }
            @if let Some(born_on) = details.born_on {
                div { dt { (labels::BORN) } dd { (born_on) } }
            }
        }
    }
}

/// How much of a person the office may write down, as the rules decide it.
pub(super) fn policy(reading: &Reading, person: PersonId) -> Result<Policy, StoreError> {
    let mut teams = Vec::new();
    for (team, role, _) in reading.places(person)? {
        let team = reading.team(team)?.filter(|_| role == Role::Member);
        teams.extend(team.map(|team| team.policy));
    }
    Ok(Policy::for_person(has_case_here(reading, person)?, teams))
}

fn has_case_here(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    let watch = reading.person(person)?.and_then(|person| person.watch);
    let Some(watch) = watch else { return Ok(false) };
    for case in [watch.case, watch.soft, watch.call].into_iter().flatten() {
        if reading.case(case)?.is_some_and(|c| c.is_open() && c.office_since.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a person is the office's business: asked in one of its teams or of an organization's, or with
/// a case that has come to it. A family that looks after itself is not.
pub(super) fn concerns_office(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    for (team, role, _) in reading.places(person)? {
        let Some(team) = reading.team(team)?.filter(|_| role == Role::Member) else { continue };
        if team.kind != TeamKind::Personal || team.handed_over_at.is_some() {
            return Ok(true);
        }
    }
    has_case_here(reading, person)
}
