//! Checks JSON objects against tables of fields and collects LINE's error texts.
//!
//! It knows nothing about any particular message. LINE reports in two shapes: the body checker names
//! `messages[0].text`, the flex checker names `/body/contents/0`; a `Place` remembers which one it is in.

use serde_json::{Map, Value, json};
use unicode_segmentation::UnicodeSegmentation;

/// Errors listed in one answer at most; a hostile 2 MB body would otherwise make a far larger answer.
const DETAILS_MAX: usize = 100;

/// A check of one JSON value at one place.
pub(super) type Check = fn(&Value, &Place, &mut Issues);

/// Where in the request body a value stands: the way to it, put into words only where something is wrong there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    way: Way<'a>,
    /// The last list index on the way here: for `messages[2].contents` it is 2.
    index: usize,
    /// In flex content the path is a pointer, and the message's index stands in the answer's first line.
    flex: Option<usize>,
}

/// The last step of a way.
#[derive(Clone, Copy, Debug)]
enum Way<'a> {
    Start,
    Name(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    pub(super) const fn root() -> Self {
        Self { way: Way::Start, index: 0, flex: None }
    }

    /// The start of the flex content of the message at this place.
    pub(super) const fn flex(&self) -> Place<'static> {
        Place { way: Way::Start, index: 0, flex: Some(self.index) }
    }

    pub(super) const fn at(&'a self, name: &'a str) -> Self {
        Self { way: Way::Name(self, name), index: self.index, flex: self.flex }
    }

    pub(super) const fn nth(&'a self, index: usize) -> Self {
        Self { way: Way::Index(self, index), index, flex: self.flex }
    }

    /// The way in words.
    fn text(&self) -> String {
        match (self.way, self.flex) {
            (Way::Start, _) => String::new(),
            (Way::Name(Place { way: Way::Start, .. }, name), None) => name.to_owned(),
            (Way::Name(before, name), None) => format!("{}.{name}", before.text()),
            (Way::Index(before, index), None) => format!("{}[{index}]", before.text()),
            (Way::Name(before, name), Some(_)) => format!("{}/{name}", before.text()),
            (Way::Index(before, index), Some(_)) => format!("{}/{index}", before.text()),
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Debug)]
pub(super) enum Wrong {
    /// Absent, or an empty string where text is needed.
    Missing,
    /// A property LINE does not know.
    Unknown,
    /// Another JSON type than the property has.
    Type,
    /// Longer than so many characters.
    Long(usize),
    /// A list with fewer or more items than allowed.
    Size(usize, usize),
    /// Not one of the allowed words.
    Word(&'static [&'static str]),
    /// Anything else, in LINE's manner.
    Text(String),
}

impl Wrong {
    pub(super) fn text(message: &str) -> Self {
        Self::Text(message.to_owned())
    }

    fn in_body(&self) -> String {
        match self {
            Self::Missing => "May not be empty".to_owned(),
            Self::Unknown => "Unknown property".to_owned(),
            Self::Type => "Invalid type".to_owned(),
            Self::Long(max) => format!("Length must be between 0 and {max}"),
            Self::Size(min, max) => format!("Size must be between {min} and {max}"),
            Self::Word(words) => {
                format!("Must be one of the following values: [{}]", words.join(", "))
            }
            Self::Text(text) => text.clone(),
        }
    }

    fn in_flex(&self) -> String {
        match self {
            Self::Missing => "must be specified".to_owned(),
            Self::Unknown => "unknown field".to_owned(),
            Self::Type | Self::Word(_) => "invalid property".to_owned(),
            Self::Long(max) => format!("must not be longer than {max} characters"),
            Self::Size(min, max) => format!("must contain {min} to {max} items"),
            Self::Text(text) => text.clone(),
        }
    }
}

/// What a body was refused for: the message and the list that go into the answer.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) details: Vec<Value>,
}

/// Everything found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Issues {
    body: Vec<Value>,
    flex: Vec<(usize, Value)>,
    /// The first property of a wrong JSON type: LINE cannot even read such a body and reports nothing else.
    unreadable: Option<String>,
}

impl Issues {
    pub(super) fn add(&mut self, place: &Place, wrong: Wrong) {
        if self.body.len() + self.flex.len() >= DETAILS_MAX {
            return;
        }
        let text = place.text();
        match place.flex {
            Some(message) => {
                let property = if text.is_empty() { "/" } else { &text };
                self.flex
                    .push((message, json!({"message": wrong.in_flex(), "property": property})));
            }
            None if matches!(wrong, Wrong::Type) => {
                self.unreadable.get_or_insert(text);
            }
            None => self.body.push(json!({"message": wrong.in_body(), "property": text})),
        }
    }

    /// The answer LINE would give, or `None` when nothing is wrong.
    pub(super) fn refusal(self) -> Option<Refusal> {
        if let Some(property) = self.unreadable {
            return Some(Refusal { message: invalid_property(&property), details: Vec::new() });
        }
        if !self.body.is_empty() {
            let message = format!("The request body has {} error(s)", self.body.len());
            return Some(Refusal { message, details: self.body });
        }
        let first = self.flex.first()?.0;
        let details = self
            .flex
            .into_iter()
            .filter(|(message, _)| *message == first)
            .map(|(_, detail)| detail)
            .collect();
        Some(Refusal {
            message: format!("A message (messages[{first}]) in the request body is invalid"),
            details,
        })
    }
}

/// LINE's sentence for a property it cannot read; the observed answers print no position.
pub(super) fn invalid_property(property: &str) -> String {
    format!("The property, '{property}', in the request body is invalid (line: -, column: -)")
}

/// How LINE counts the length of a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    /// UTF-16 code units: the usual case.
    Utf16,
    /// Grapheme clusters, what a person sees as one character: labels and the texts of templates.
    Grapheme,
}

impl Unit {
    pub(super) fn count(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.encode_utf16().count(),
            Self::Grapheme => text.graphemes(true).count(),
        }
    }
}

/// What a property's value must be.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// Any string.
    Any,
    /// A string of at most so many units; a required one must not be empty.
    Text(Unit, usize),
    Flag,
    Number,
    Whole(i64, i64),
    Word(&'static [&'static str]),
    List(usize, usize, Check),
    Nested(Check),
}

/// One property of an object.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) rule: Rule,
}

/// A property that must be there.
pub(super) const fn need(name: &'static str, rule: Rule) -> Field {
    Field { name, required: true, rule }
}

/// A property that may be absent or null.
pub(super) const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, required: false, rule }
}

/// Checks an object against all groups of fields; unknown properties are errors.
pub(super) fn object<'v>(
    value: &'v Value,
    place: &Place,
    groups: &[&[Field]],
    issues: &mut Issues,
) -> Option<&'v Map<String, Value>> {
    let Some(map) = value.as_object() else {
        issues.add(place, Wrong::Type);
        return None;
    };
    let fields = || groups.iter().copied().flatten();
    // Fields are many and properties few: each property looks for its field, and not the other way round.
    let mut found = vec![None; fields().count()];
    for (key, property) in map {
        match fields().position(|field| field.name == key) {
            Some(which) => found[which] = Some(property),
            None => issues.add(&place.at(key), Wrong::Unknown),
        }
    }
    for (field, found) in fields().zip(found) {
        match found {
            None | Some(Value::Null) if field.required => {
                issues.add(&place.at(field.name), Wrong::Missing);
            }
            None | Some(Value::Null) => {}
            Some(found) => check(found, field, &place.at(field.name), issues),
        }
    }
    Some(map)
}

/// The object's `type` when it is one of `kinds`; otherwise the error is noted.
pub(super) fn kind<'v>(
    value: &'v Value,
    place: &Place,
    kinds: &'static [&'static str],
    issues: &mut Issues,
) -> Option<&'v str> {
    let Some(map) = value.as_object() else {
        issues.add(place, Wrong::Type);
        return None;
    };
    let wrong = match map.get("type") {
        None | Some(Value::Null) => Wrong::Missing,
        Some(Value::String(kind)) if kinds.contains(&kind.as_str()) => return Some(kind),
        Some(Value::String(_)) => Wrong::Word(kinds),
        Some(_) => Wrong::Type,
    };
    issues.add(&place.at("type"), wrong);
    None
}

fn check(value: &Value, field: &Field, place: &Place, issues: &mut Issues) {
    let fits = match (field.rule, value) {
        (Rule::Any, Value::String(text)) => {
            if field.required && text.is_empty() {
                issues.add(place, Wrong::Missing);
            }
            true
        }
        (Rule::Text(unit, max), Value::String(text)) => {
            check_text(text, unit, max, field.required, place, issues);
            true
        }
        (Rule::Word(words), Value::String(text)) => {
            if !words.contains(&text.as_str()) {
                issues.add(place, Wrong::Word(words));
            }
            true
        }
        (Rule::Flag, Value::Bool(_)) | (Rule::Number, Value::Number(_)) => true,
        (Rule::Whole(min, max), Value::Number(number)) => {
            if !number.as_i64().is_some_and(|whole| (min..=max).contains(&whole)) {
                issues
                    .add(place, Wrong::Text(format!("Must be an integer between {min} and {max}")));
            }
            true
        }
        (Rule::List(min, max, item), Value::Array(items)) => {
            check_list(items, (min, max), item, place, issues);
            true
        }
        (Rule::Nested(check), _) => {
            check(value, place, issues);
            true
        }
        _ => false,
    };
    if !fits {
        issues.add(place, Wrong::Type);
    }
}

fn check_text(
    text: &str,
    unit: Unit,
    max: usize,
    required: bool,
    place: &Place,
    issues: &mut Issues,
) {
    if required && text.is_empty() {
        issues.add(place, Wrong::Missing);
    }
    if unit.count(text) > max {
        issues.add(place, Wrong::Long(max));
    }
}

fn check_list(
    items: &[Value],
    (min, max): (usize, usize),
    item: Check,
    place: &Place,
    issues: &mut Issues,
) {
    if items.len() < min || items.len() > max {
        issues.add(place, Wrong::Size(min, max));
        return;
    }
    for (index, value) in items.iter().enumerate() {
        item(value, &place.nth(index), issues);
    }
}

/// An https address of at most 2,000 characters, already percent-encoded: images and icons.
pub(super) fn https_url(value: &Value, place: &Place, issues: &mut Issues) {
    match value.as_str() {
        None => issues.add(place, Wrong::Type),
        Some("") => issues.add(place, Wrong::Missing),
        Some(url) if Unit::Utf16.count(url) > 2_000 => issues.add(place, Wrong::Long(2_000)),
        Some(url) if !is_https(url) => issues.add(place, Wrong::text("invalid uri scheme")),
        Some(_) => {}
    }
}

/// Whether the text is `https://`, a host and nothing that would need percent-encoding.
pub(super) fn is_https(url: &str) -> bool {
    let rest = url.strip_prefix("https://");
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) && is_encoded(url)
}

/// Whether the text could stand in a URI as it is: printable ASCII without space, quotes and brackets.
pub(super) fn is_encoded(uri: &str) -> bool {
    uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The answer to a value checked on its own, as `message | property: text; ...`, or "" when it is fine.
    pub(in crate::platform) fn verdict(value: &Value, check: Check) -> String {
        let mut issues = Issues::default();
        check(value, &Place::root().at("messages").nth(0), &mut issues);
        let Some(refusal) = issues.refusal() else { return String::new() };
        let part = |detail: &Value, name: &str| detail[name].as_str().unwrap_or("-").to_owned();
        let details: Vec<String> = refusal
            .details
            .iter()
            .map(|d| format!("{}: {}", part(d, "property"), part(d, "message")))
            .collect();
        format!("{} | {}", refusal.message, details.join("; "))
    }

    fn sample(value: &Value, place: &Place, issues: &mut Issues) {
        const FIELDS: &[Field] = &[
            need("name", Rule::Text(Unit::Grapheme, 3)),
            may("size", Rule::Whole(1, 5)),
            may("mode", Rule::Word(&["a", "b"])),
            may("loud", Rule::Flag),
        ];
        object(value, place, &[FIELDS], issues);
    }

    #[test]
    fn a_correct_object_passes_and_null_counts_as_absent() {
        assert_eq!(
            verdict(&json!({"name": "abc", "size": 5, "mode": "b", "loud": null}), sample),
            ""
        );
    }

    #[test]
    fn each_mistake_has_its_own_sentence_and_place() {
        let found = verdict(&json!({"name": "abcd", "size": 6, "mode": "c", "extra": 1}), sample);
        assert_eq!(
            found,
            "The request body has 4 error(s) | messages[0].extra: Unknown property; \
             messages[0].name: Length must be between 0 and 3; \
             messages[0].size: Must be an integer between 1 and 5; \
             messages[0].mode: Must be one of the following values: [a, b]"
        );
        assert!(
            verdict(&json!({"name": ""}), sample).contains("messages[0].name: May not be empty")
        );
        assert!(verdict(&json!({}), sample).contains("May not be empty"));
    }

    #[test]
    fn a_wrong_json_type_makes_the_body_unreadable() {
        let found = verdict(&json!({"name": 5, "extra": 1}), sample);
        assert_eq!(
            found,
            "The property, 'messages[0].name', in the request body is invalid (line: -, column: -) | "
        );
        assert!(verdict(&json!("text"), sample).contains("'messages[0]'"));
    }

    #[test]
    fn a_family_emoji_is_one_grapheme_and_eleven_utf16_units() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
        assert_eq!(Unit::Grapheme.count(family), 1);
        assert_eq!(Unit::Utf16.count(family), 11);
    }

    #[test]
    fn only_encoded_https_addresses_are_urls() {
        assert!(is_https("https://example.com/a?b=%E3%81%82"));
        for bad in [
            "http://example.com",
            "https://",
            "https:///a",
            "https://example.com/a b",
            "https://example.com/\u{3042}",
        ] {
            assert!(!is_https(bad), "{bad}");
        }
    }
}
