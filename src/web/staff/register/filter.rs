//! What somebody looks for in the register: read from the address of the page, so that it can be kept as a bookmark
//! and passed on, and written into it again. What makes no sense there is not looked for.

use std::time::Duration;

use form_urlencoded::Serializer;
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::Entry;
use crate::domain::age::{self, Band, ELDERLY_FROM};
use crate::domain::id::{OrganizationId, TeamId};
use crate::domain::message::State;
use crate::domain::time::Moment;

/// Most characters of what is typed to search for.
pub(super) const WORDS_MAX: usize = 60;

/// Digits that are at least needed to be the end of a number to phone.
const PHONE_END_MIN: usize = 4;

/// How somebody is, as the list can be narrowed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Condition {
    /// A case is open.
    Needed,
    /// LINE brings nothing.
    Unreachable,
    /// The second call is out.
    CalledAgain,
    /// The question is out.
    Waiting,
    /// Resting.
    Resting,
    /// Answered.
    Well,
    /// Not asked yet.
    New,
}

impl Condition {
    /// All of them with what stands in an address.
    pub(super) const ALL: [(Self, &str); 7] = [
        (Self::Needed, "needed"),
        (Self::Unreachable, "unreachable"),
        (Self::CalledAgain, "again"),
        (Self::Waiting, "waiting"),
        (Self::Resting, "resting"),
        (Self::Well, "well"),
        (Self::New, "new"),
    ];

    pub(super) fn of(state: State) -> Self {
        match state {
            State::Open(_) => Self::Needed,
            State::Unreachable => Self::Unreachable,
            State::CalledAgain | State::PhonedInVain => Self::CalledAgain,
            State::Waiting | State::ToPhone => Self::Waiting,
            State::Resting(_) => Self::Resting,
            State::Well => Self::Well,
            State::New => Self::New,
        }
    }
}

/// An age to which the list can be narrowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Age {
    /// Counted among the elderly.
    Elderly,
    /// Of these ten years.
    Of(Band),
    /// Nobody wrote down when they were born.
    Unknown,
}

impl Age {
    /// All of them, with what stands in an address.
    pub(super) fn all() -> impl Iterator<Item = (Self, String)> {
        let bands = Band::ALL.map(|band| (Self::Of(band), band.first().to_string()));
        let first = (Self::Elderly, "elderly".to_owned());
        [first].into_iter().chain(bands).chain([(Self::Unknown, "unknown".to_owned())])
    }

    fn holds(self, born_on: Option<Date>, today: Date) -> bool {
        match (self, born_on.and_then(|born_on| age::on(today, born_on))) {
            (Self::Unknown, age) => age.is_none(),
            (Self::Elderly, Some(age)) => age >= ELDERLY_FROM,
            (Self::Of(band), Some(age)) => Band::of(age) == band,
            (_, None) => false,
        }
    }
}

/// Days of silence to which the list can be narrowed.
pub(super) const SILENT_DAYS: [u16; 3] = [3, 7, 30];

/// How somebody is asked, as it stands in an address: by LINE, by telephone.
const WAYS: [&str; 2] = ["line", "phone"];

pub(super) fn way_key(phoned: bool) -> &'static str {
    if phoned { WAYS[1] } else { WAYS[0] }
}

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Filter {
    /// A name, how it is read, the end of a number to phone, or the number of a member.
    pub(super) words: String,
    pub(super) condition: Option<Condition>,
    pub(super) team: Option<TeamId>,
    pub(super) organization: Option<OrganizationId>,
    pub(super) age: Option<Age>,
    /// No answer for so many days.
    pub(super) silent: Option<u16>,
    /// A signed form is wanted and has not come.
    pub(super) formless: bool,
    /// Something that the office has to know is not written down.
    pub(super) lacking: bool,
    /// By telephone, or by LINE.
    pub(super) phoned: Option<bool>,
    /// The page of the list, from 1.
    pub(super) page: usize,
}

/// By what somebody was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// By what is their own.
    Own,
    /// By somebody to call for them, at this place of the list.
    Contact(usize),
}

impl Filter {
    /// What an address asks for.
    pub(super) fn of_query(query: &str) -> Self {
        let mut filter = Self { page: 1, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "q" => filter.words = value.chars().take(WORDS_MAX).collect(),
                "state" => {
                    let known = Condition::ALL.iter().find(|(_, key)| *key == value);
                    filter.condition = known.map(|(condition, _)| *condition);
                }
                "team" => filter.team = value.parse().ok().map(TeamId),
                "area" => filter.organization = value.parse().ok().map(OrganizationId),
                "age" => filter.age = Age::all().find(|(_, key)| key == value).map(|(age, _)| age),
                "silent" => {
                    filter.silent = value.parse().ok().filter(|days| SILENT_DAYS.contains(days));
                }
                "form" => filter.formless = value == "missing",
                "lack" => filter.lacking = value == "some",
                "way" => filter.phoned = WAYS.iter().position(|way| *way == value).map(|n| n == 1),
                "page" => filter.page = value.parse().unwrap_or(1).max(1),
                _ => {}
            }
        }
        filter
    }

    /// The same as an address asks for it, at a page of the list.
    pub(super) fn query(&self, page: usize) -> String {
        let mut query = Serializer::new(String::new());
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        if let Some(condition) = self.condition {
            query.append_pair("state", condition_key(condition));
        }
        if let Some(team) = self.team {
            query.append_pair("team", &team.to_string());
        }
        if let Some(organization) = self.organization {
            query.append_pair("area", &organization.to_string());
        }
        if let Some(age) = self.age {
            query.append_pair("age", &age_key(age));
        }
        if let Some(days) = self.silent {
            query.append_pair("silent", &days.to_string());
        }
        if self.formless {
            query.append_pair("form", "missing");
        }
        if self.lacking {
            query.append_pair("lack", "some");
        }
        if let Some(phoned) = self.phoned {
            query.append_pair("way", way_key(phoned));
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        query.finish()
    }

    /// Whether the list is narrowed by more than words.
    pub(super) fn narrows(&self) -> bool {
        let bare = Self { words: self.words.clone(), page: self.page, ..Self::default() };
        *self != bare
    }

    /// Whether somebody is looked for, and by what they were found.
    pub(super) fn finds(&self, entry: &Entry, now: Moment, today: Date) -> Option<Found> {
        let is = |wanted: bool| wanted.then_some(());
        if let Some(condition) = self.condition {
            is(Condition::of(entry.state) == condition)?;
        }
        if let Some(team) = self.team {
            is(entry.teams.iter().any(|of| of.id == team))?;
        }
        if let Some(organization) = self.organization {
            is(entry.teams.iter().any(|of| of.organization == Some(organization)))?;
        }
        if let Some(age) = self.age {
            is(age.holds(entry.details.born_on, today))?;
        }
        if let Some(days) = self.silent {
            let span = Duration::from_secs(u64::from(days) * 24 * 3600);
            is(now.since(entry.heard_at()) >= span)?;
        }
        is(!self.formless || entry.formless)?;
        is(!self.lacking || entry.lacking)?;
        is(self.phoned.is_none_or(|phoned| phoned == entry.person.is_phoned()))?;
        if self.words.is_empty() { Some(Found::Own) } else { self.spelt(entry) }
    }

    fn spelt(&self, entry: &Entry) -> Option<Found> {
        let wanted = folded(&self.words);
        if let Some(number) = wanted.strip_prefix('#') {
            let own = number.parse() == Ok(entry.person.id.0);
            return own.then_some(Found::Own);
        }
        let details = &entry.details;
        let digits: String = wanted.chars().filter(|c| !is_gap(*c)).collect();
        let numeric = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
        let ends = |phone: &str| {
            let known: String = phone.chars().filter(char::is_ascii_digit).collect();
            numeric && digits.len() >= PHONE_END_MIN && known.ends_with(&digits)
        };
        let reads = |name: &str| folded(name).contains(&wanted);
        let names = [&details.full_name, &details.reading, &details.number];
        let names = names.into_iter().flatten().map(|line| line.as_str());
        let nickname = entry.person.name.iter().map(|name| name.as_str());
        let phones = [&details.phone, &details.mobile].into_iter().flatten();
        if numeric && digits.parse() == Ok(entry.person.id.0)
            || names.chain(nickname).any(reads)
            || phones.map(|phone| phone.as_str()).any(ends)
        {
            return Some(Found::Own);
        }
        let contact = details
            .contacts
            .iter()
            .position(|contact| reads(contact.name.as_str()) || ends(contact.phone.as_str()));
        contact.map(Found::Contact)
    }
}

pub(super) fn condition_key(condition: Condition) -> &'static str {
    let known = Condition::ALL.iter().find(|(known, _)| *known == condition);
    known.map(|(_, key)| *key).unwrap_or_default()
}

pub(super) fn age_key(age: Age) -> String {
    Age::all().find(|(known, _)| *known == age).map(|(_, key)| key).unwrap_or_default()
}

/// What stands between the digits of a number as people write it.
fn is_gap(c: char) -> bool {
    matches!(c, '-' | '(' | ')' | '.' | '‐'..='―' | '−' | 'ー')
}

/// A text as it is compared: in any width and case, in one kind of kana, without spaces.
pub(in crate::web::staff) fn folded(text: &str) -> String {
    let kept = text.nfkc().filter(|c| !c.is_whitespace());
    kept.flat_map(char::to_lowercase).map(hiragana).collect()
}

/// The same syllable in hiragana.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_says_again_what_it_asked_for() {
        let query =
            "q=%E9%88%B4%E6%9C%A8&state=resting&team=12&area=3&age=80&silent=7&form=missing";
        let filter = Filter::of_query(query);
        assert_eq!(filter.query(1), query);
        assert_eq!(filter.query(4), format!("{query}&page=4"));
        assert_eq!((filter.words.as_str(), filter.narrows()), ("鈴木", true));
        assert!(!Filter::of_query("q=x&page=3").narrows());
    }

    #[test]
    fn what_makes_no_sense_in_an_address_is_not_looked_for() {
        let odd = "state=dead&team=x&area=-1&age=75&silent=5&form=1&page=0&page=-3&other=%FF&&=";
        assert_eq!(Filter::of_query(odd), Filter { page: 1, ..Filter::default() });
    }

    #[test]
    fn kana_width_case_and_spaces_make_no_difference() {
        assert_eq!(folded("ｽｽﾞｷ ヨシコ"), folded("すずき　よしこ"));
        assert_eq!(folded("ＡＢＣ-12"), folded("abc-12"));
    }

    proptest! {
        #[test]
        fn no_address_breaks_the_reader_and_what_was_read_reads_the_same_again(query in "\\PC{0,120}") {
            let filter = Filter::of_query(&query);
            prop_assert_eq!(Filter::of_query(&filter.query(filter.page)), filter);
        }
    }
}
