//! Names that people type: cleaned of everything that could disturb another person's screen.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Longest name of a person, in characters as a reader counts them.
pub const NICKNAME_CHARS_MAX: usize = 20;

/// Longest name of a team, in characters as a reader counts them.
pub const TEAM_NAME_CHARS_MAX: usize = 30;

/// Why a typed name was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameFault {
    /// Nothing readable was left after cleaning.
    Empty,
    /// More characters than the limit that is carried along.
    TooLong(usize),
}

/// A name that can be shown on anyone's screen: NFC, no control or direction characters, single
/// spaces, at most as long as its limit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name(String);

impl Name {
    /// Cleans and takes the name of a person.
    pub fn of_person(text: &str) -> Result<Self, NameFault> {
        clean(text, NICKNAME_CHARS_MAX).map(Self)
    }

    /// Cleans and takes the name of a team.
    pub fn of_team(text: &str) -> Result<Self, NameFault> {
        clean(text, TEAM_NAME_CHARS_MAX).map(Self)
    }

    /// A name read back from the data file, where only clean names are written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of text that can be shown on anyone's screen, of at most so many characters.
pub(super) fn clean(text: &str, chars_max: usize) -> Result<String, NameFault> {
    // A bounded look: an honest name is never cut by it, a flood is not worth reading.
    let visible: String = text.chars().take(8192).nfc().filter(|c| !is_unseen(*c)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    let line = words.join(" ");
    if line.is_empty() {
        return Err(NameFault::Empty);
    }
    // Stacked marks are one character to a reader but paint over other lines.
    let too_many_marks = line.chars().count() > chars_max * 4;
    if line.graphemes(true).count() > chars_max || too_many_marks {
        return Err(NameFault::TooLong(chars_max));
    }
    Ok(line)
}

/// Controls, direction overrides, zero-width and other characters that show nothing themselves.
/// The joiner U+200D and variation selectors stay: family emoji and kanji variants need them.
fn is_unseen(c: char) -> bool {
    if c.is_whitespace() {
        return false;
    }
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}' | '\u{E0000}'..='\u{E007F}'
            | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_control_and_direction_characters_and_keeps_the_rest() {
        let name = Name::of_person("\u{202E}よし\u{0007}こ\u{200B}\n").unwrap();
        assert_eq!(name.as_str(), "よしこ");
        assert_eq!(Name::of_person("  山田\u{3000} 花子 ").unwrap().as_str(), "山田 花子");
        assert_eq!(Name::of_person("葛\u{E0100}城").unwrap().as_str(), "葛\u{E0100}城");
    }

    #[test]
    fn an_empty_or_endless_name_is_refused() {
        assert_eq!(Name::of_person(" \u{200B}\u{202E}\t"), Err(NameFault::Empty));
        assert_eq!(Name::of_person(&"あ".repeat(10_000)), Err(NameFault::TooLong(20)));
        assert!(Name::of_person(&"あ".repeat(20)).is_ok());
        assert_eq!(Name::of_person(&"あ".repeat(21)), Err(NameFault::TooLong(20)));
        assert!(Name::of_team(&"町".repeat(30)).is_ok());
        assert_eq!(Name::of_team(&"町".repeat(31)), Err(NameFault::TooLong(30)));
    }

    #[test]
    fn a_name_of_stacked_marks_is_too_long() {
        let tower = format!("あ{}", "\u{0300}".repeat(200));
        assert_eq!(Name::of_person(&tower), Err(NameFault::TooLong(20)));
    }

    #[test]
    fn an_emoji_counts_as_what_a_reader_sees() {
        let family = "👨‍👩‍👧".repeat(3);
        assert_eq!(Name::of_person(&family).unwrap().as_str(), family);
    }
}
