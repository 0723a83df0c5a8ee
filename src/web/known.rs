//! What is known about a person, as pages of all kinds need it: the name, the numbers to phone in their order,
//! how much may be written down, and who watches whom.

use maud::{Markup, html};

use crate::domain::case::Case;
use crate::domain::details::{Details, Lack};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::message::State;
use crate::domain::person::Person;
use crate::domain::team::{Policy, Role, TeamKind};
use crate::locale::desk::{self as words, person as labels};
use crate::locale::erasure as erasure_words;
use crate::locale::phone as phone_words;
use crate::locale::staff as board_words;
use crate::store::{Reading, StoreError};

/// How somebody is called: by the nickname, which is what everyone knows them by.
pub(super) fn name(reading: &Reading, person: PersonId) -> Result<String, StoreError> {
    let Some(known) = reading.person(person)? else {
        let erased = reading.erasure(person)?.is_some();
        let nobody = if erased { erasure_words::ERASED } else { board_words::board::NO_NAME };
        return Ok(nobody.to_owned());
    };
    Ok(known
        .name
        .map_or(board_words::board::NO_NAME.to_owned(), |name| board_words::called(name.as_str())))
}

/// A number, with whose it is and what to know before calling.
type Number = (String, String, Option<String>);

/// The numbers to phone, in the order in which they are called.
fn numbers(details: &Details) -> Vec<Number> {
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

/// The numbers as a list to phone from; `None` if none is known.
pub(super) fn calls(details: &Details) -> Option<Markup> {
    let numbers = numbers(details);
    let list = html! {
        ol.calls {
            @for (who, phone, note) in &numbers {
                li {
                    (who) " " a.phone href={ "tel:" (digits(phone)) } { (phone) }
                    @if let Some(note) = note { p.help { (note) } }
                }
            }
        }
    };
    (!numbers.is_empty()).then_some(list)
}

/// What a telephone dials.
fn digits(phone: &str) -> String {
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

/// How much of a person may be written down: what the most open of their teams, or they themselves in a
/// family, agreed to. As the rules decide it.
pub(super) fn policy(reading: &Reading, person: PersonId) -> Result<Policy, StoreError> {
    policy_where(reading, person, |_| Ok(true))
}

/// How much of a person somebody may know who watches over them.
pub(super) fn policy_for(
    reading: &Reading,
    reader: PersonId,
    person: PersonId,
) -> Result<Policy, StoreError> {
    policy_where(reading, person, |team| {
        Ok(reading.member((team, Role::Manager, reader))?.is_some())
    })
}

fn policy_where(
    reading: &Reading,
    person: PersonId,
    counts: impl Fn(TeamId) -> Result<bool, StoreError>,
) -> Result<Policy, StoreError> {
    let mut most = Policy::Nothing;
    for key in reading.places(person)?.into_iter().filter(|(_, role, _)| *role == Role::Member) {
        if let (Some(team), Some(member), true) =
            (reading.team(key.0)?, reading.member(key)?, counts(key.0)?)
        {
            most = most.max(member.policy(&team));
        }
    }
    Ok(most)
}

/// Whether the office phones where somebody is asked, and has to know them.
pub(super) fn office_phones(reading: &Reading, person: PersonId) -> Result<bool, StoreError> {
    for team in teams_as(reading, person, Role::Member)? {
        let team = reading.team(team)?;
        if team.is_some_and(|team| team.kind == TeamKind::Office && team.policy == Policy::Full) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the office still has to know of somebody, where it phones.
pub(super) fn lacks(reading: &Reading, person: PersonId) -> Result<Vec<Lack>, StoreError> {
    if office_phones(reading, person)? {
        Ok(reading.details(person)?.unwrap_or_default().lacks())
    } else {
        Ok(Vec::new())
    }
}

/// The teams in which somebody has a role.
pub(super) fn teams_as(
    reading: &Reading,
    person: PersonId,
    role: Role,
) -> Result<Vec<TeamId>, StoreError> {
    let places = reading.places(person)?.into_iter();
    Ok(places.filter(|(_, as_what, _)| *as_what == role).map(|(team, ..)| team).collect())
}

/// Whether somebody watches over a person, in any team.
pub(super) fn watches(
    reading: &Reading,
    reader: PersonId,
    person: PersonId,
) -> Result<bool, StoreError> {
    if reader == person {
        return Ok(false);
    }
    for team in teams_as(reading, person, Role::Member)? {
        if reading.member((team, Role::Manager, reader))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether somebody heads an organization in one of whose teams a person is asked.
pub(super) fn heads(
    reading: &Reading,
    reader: PersonId,
    person: PersonId,
) -> Result<bool, StoreError> {
    for team in teams_as(reading, person, Role::Member)? {
        let organization = reading.team(team)?.and_then(|team| team.organization);
        let Some(organization) = organization else { continue };
        if reading.organization(organization)?.is_some_and(|o| o.heads.contains(&reader)) {
            return Ok(reader != person);
        }
    }
    Ok(false)
}

/// The open cases of a person, the gravest first.
pub(super) fn open_cases(reading: &Reading, person: &Person) -> Result<Vec<Case>, StoreError> {
    let watch = person.watch.as_ref();
    let ids = watch.map(|watch| [watch.case, watch.call, watch.soft]).unwrap_or_default();
    let mut open = Vec::new();
    for id in ids.into_iter().flatten() {
        open.extend(reading.case(id)?.filter(Case::is_open));
    }
    Ok(open)
}

/// How somebody is, with their gravest open case.
pub(super) fn state(
    reading: &Reading,
    person: &Person,
) -> Result<(State, Option<Case>), StoreError> {
    let open = open_cases(reading, person)?.into_iter().next();
    Ok((State::of(person, open.as_ref()), open))
}

/// A mark and words, so that no colour has to be seen.
pub(super) fn shown(state: State) -> Markup {
    let (mark, said) = phone_words::state(state);
    let class = match state {
        State::Open(_) | State::Unreachable => "state alarm",
        State::CalledAgain | State::PhonedInVain => "state late",
        State::Well => "state well",
        State::ToPhone | State::Waiting | State::Resting(_) | State::New => "state",
    };
    html! { span class=(class) { span.mark aria-hidden="true" { (mark) } " " (said) } }
}

/// A number as it is read out, in any width, with or without `#`.
pub(super) fn number(text: &str) -> Option<PersonId> {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.chars().take(32).nfkc().filter(|c| !c.is_whitespace()).collect();
    folded.trim_start_matches('#').parse().ok().map(PersonId)
}
