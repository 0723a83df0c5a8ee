//! What is known about a person beyond the nickname: name, address, numbers to phone, and whom to call. It
//! never travels over LINE; it is stored apart, so that it can be shown, exported and erased as one.
//! Everything is optional: a team decides what it asks for, in a family the person.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::name::{NameFault, clean};
use super::team::Policy;

/// Longest line, in characters as a reader counts them.
pub const LINE_CHARS_MAX: usize = 100;

/// Longest note, in characters as a reader counts them.
pub const NOTE_CHARS_MAX: usize = 1000;

/// People to call for one person, in the order in which they are called.
pub const CONTACTS_MAX: usize = 5;

/// Fewest and most digits of a number that can be phoned; E.164 allows fifteen.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 6..=15;

/// One line of text, cleaned of everything that could disturb a screen; never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line(String);

impl Line {
    /// Cleans and takes a line of at most `chars_max` characters; `None` if nothing was typed.
    pub fn read(text: &str, chars_max: usize) -> Result<Option<Self>, Fault> {
        match clean(text, chars_max) {
            Ok(line) => Ok(Some(Self(line))),
            Err(NameFault::Empty) => Ok(None),
            Err(NameFault::TooLong(most)) => Err(Fault::TooLong(most)),
        }
    }

    /// A line read back from the data file, where only clean ones are written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A number to phone, as people write it: digits in groups, perhaps with `+` before them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phone(String);

impl Phone {
    /// Reads a number in any width, with hyphens, brackets or spaces; `None` if nothing was typed.
    pub fn read(text: &str) -> Result<Option<Self>, Fault> {
        let folded: String = text.chars().take(64).nfkc().collect();
        let folded = folded.trim();
        if folded.is_empty() {
            return Ok(None);
        }
        let is_gap = |c: char| {
            c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '‐'..='―' | '−' | 'ー')
        };
        let (plus, rest) = folded.strip_prefix('+').map_or((false, folded), |rest| (true, rest));
        if !rest.chars().all(|c| c.is_ascii_digit() || is_gap(c)) {
            return Err(Fault::Phone);
        }
        let groups: Vec<&str> = rest.split(is_gap).filter(|group| !group.is_empty()).collect();
        let digits: usize = groups.iter().map(|group| group.len()).sum();
        if !PHONE_DIGITS.contains(&digits) {
            return Err(Fault::Phone);
        }
        let plus = if plus { "+" } else { "" };
        Ok(Some(Self(format!("{plus}{}", groups.join("-")))))
    }

    /// A number read back from the data file.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is read aloud.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is wrong with something that was typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// More characters than this.
    TooLong(usize),
    /// No number that can be phoned.
    Phone,
    /// No day that exists.
    Day,
    /// Somebody to call without a name.
    Nameless,
    /// Somebody to call without a number.
    Numberless,
}

/// As somebody says of themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
    /// Something else.
    Other,
    /// Would rather not say.
    Unsaid,
}

impl Sex {
    /// All of them, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 4] = [Self::Female, Self::Male, Self::Other, Self::Unsaid];
}

/// Something that the office has to know of those whom it watches over itself, and does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// The full name.
    FullName,
    /// How it is read.
    Reading,
    /// Where they live.
    Address,
    /// A number of their own.
    Phone,
    /// Somebody to call.
    Contact,
    /// Where somebody to call lives.
    ContactAddress,
    /// Whether somebody to call knows of it.
    ContactTold,
}

/// Somebody to call: a relative, a neighbour, a commissioner. Not necessarily on LINE.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// Who.
    pub name: Line,
    /// What they are to the person.
    pub relation: Option<Line>,
    /// Their number.
    pub phone: Phone,
    /// What to know before calling: hours, language, "does not answer unknown numbers".
    pub note: Option<Line>,
    /// Where they live.
    pub address: Option<Line>,
    /// Whether they were told that they may be called.
    pub told: bool,
}

/// What is known about a person.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Details {
    /// A number that team and office agreed on, instead of a name.
    pub number: Option<Line>,
    /// Full name.
    pub full_name: Option<Line>,
    /// How it is read.
    pub reading: Option<Line>,
    /// Day of birth.
    pub born_on: Option<Date>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Where they live.
    pub address: Option<Line>,
    /// The telephone at home, called first.
    pub phone: Option<Phone>,
    /// The one they carry.
    pub mobile: Option<Phone>,
    /// Whom to call, in this order.
    pub contacts: Vec<Contact>,
    /// Landlord or company that has a key.
    pub landlord: Option<Line>,
    /// Their number.
    pub landlord_phone: Option<Phone>,
    /// What whoever goes there has to know.
    pub note: Option<Line>,
    /// When the signed form came in.
    pub form_on: Option<Date>,
    /// Grows with each change: whoever changes an older one is told.
    pub version: u32,
}

impl Details {
    /// This, with what somebody typed who may know so much and no more: the rest stays as it is. When the
    /// signed form came in is the office's own to write.
    #[must_use]
    pub fn with(&self, typed: &Self, policy: Policy) -> Self {
        let mut all = if policy == Policy::Full { typed.clone() } else { self.clone() };
        if policy >= Policy::Number {
            all.number.clone_from(&typed.number);
        }
        if policy >= Policy::Name {
            all.full_name.clone_from(&typed.full_name);
            all.reading.clone_from(&typed.reading);
        }
        Self { form_on: self.form_on, version: self.version, ..all }
    }

    /// As much of this as somebody may know.
    #[must_use]
    pub fn within(&self, policy: Policy) -> Self {
        let blank = Self { form_on: self.form_on, version: self.version, ..Self::default() };
        blank.with(self, policy)
    }

    /// What the office still has to know of somebody whom it watches over itself. Nobody is left unasked for it.
    #[must_use]
    pub fn lacks(&self) -> Vec<Lack> {
        let first = self.contacts.first();
        [
            (self.full_name.is_none(), Lack::FullName),
            (self.reading.is_none(), Lack::Reading),
            (self.address.is_none(), Lack::Address),
            (self.phone.is_none() && self.mobile.is_none(), Lack::Phone),
            (first.is_none(), Lack::Contact),
            (first.is_some_and(|contact| contact.address.is_none()), Lack::ContactAddress),
            (self.contacts.iter().any(|contact| !contact.told), Lack::ContactTold),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect()
    }

    /// How much a team has to allow for this to be written down.
    #[must_use]
    pub fn needs(&self) -> Policy {
        let named = self.full_name.is_some() || self.reading.is_some();
        let more = self.born_on.is_some()
            || self.sex.is_some()
            || self.address.is_some()
            || self.phone.is_some()
            || self.mobile.is_some()
            || !self.contacts.is_empty()
            || self.landlord.is_some()
            || self.landlord_phone.is_some()
            || self.note.is_some();
        match (more, named, self.number.is_some()) {
            (true, ..) => Policy::Full,
            (false, true, _) => Policy::Name,
            (false, false, true) => Policy::Number,
            (false, false, false) => Policy::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_read_in_any_width_and_kept_in_its_groups() {
        for (text, read) in [
            ("03-1234-5678", "03-1234-5678"),
            ("０３（１２３４）５６７８", "03-1234-5678"),
            ("090 1234 5678", "090-1234-5678"),
            ("09012345678", "09012345678"),
            ("+1 (415) 555-0100", "+1-415-555-0100"),
            ("090ー1234ー5678", "090-1234-5678"),
        ] {
            assert_eq!(Phone::read(text).unwrap().unwrap().as_str(), read, "{text}");
        }
        assert_eq!(Phone::read(" "), Ok(None));
        for text in ["119", "123-45", "0312345678 内線2", "+", "1234567890123456", "090-1234-56a8"]
        {
            assert_eq!(Phone::read(text), Err(Fault::Phone), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_reader_and_what_was_read_reads_the_same_again(text in "\\PC{0,80}") {
            if let Ok(Some(phone)) = Phone::read(&text) {
                prop_assert_eq!(Phone::read(phone.as_str()), Ok(Some(phone)));
            }
            if let Ok(Some(line)) = Line::read(&text, LINE_CHARS_MAX) {
                prop_assert_eq!(Line::read(line.as_str(), LINE_CHARS_MAX), Ok(Some(line)));
            }
        }
    }
}
