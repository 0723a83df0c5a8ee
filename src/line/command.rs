//! Reads what people type: commands, codes, days and hours, in any width and case. The words
//! themselves are in `locale/words`.

use unicode_normalization::UnicodeNormalization;

use crate::domain::event::{Meaning, Said};
use crate::domain::invitation::Code;
use crate::domain::schedule::{Hour, Interval};
use crate::locale::{words, zones};

/// Characters of a text that are looked at; names are far shorter.
const TEXT_CHARS_MAX: usize = 1000;

/// Reads a text.
#[must_use]
pub fn read(text: &str) -> Said {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let (meaning, place) = (meaning(&text), zones::find(&text));
    Said { text: without_honorific(&text).to_owned(), meaning, place }
}

/// Whether somebody in a group calls us: the word alone, in any width.
#[must_use]
pub fn calls_us(text: &str) -> bool {
    let short: String = text.chars().take(words::GROUP_CALL.len() + 8).collect();
    fold(&short) == words::GROUP_CALL
}

fn meaning(text: &str) -> Meaning {
    let folded = fold(text);
    if let Some((_, press)) = words::COMMANDS.iter().find(|(word, _)| fold(word) == folded) {
        return Meaning::Command(*press);
    }
    if let Some(code) = find_code(text) {
        return Meaning::Code(code);
    }
    if text.nfkc().collect::<String>().trim_start().starts_with(words::CODE_MARK) {
        return Meaning::BrokenCode;
    }
    // A longer number is a code from a letter, not a call for the ambulance.
    let number = folded.len() > 3 && folded.chars().all(|c| c.is_ascii_digit());
    if !number && words::HELP.iter().any(|word| folded.contains(&fold(word))) {
        return Meaning::Help;
    }
    let whole = words::UNWELL_WHOLE.contains(&folded.as_str());
    if whole || words::UNWELL.iter().any(|word| folded.contains(word)) {
        return Meaning::Unwell;
    }
    if let Some(interval) = interval(&folded) {
        return Meaning::Interval(interval);
    }
    hour(&folded).map_or(Meaning::Free, Meaning::Hour)
}

fn find_code(text: &str) -> Option<Code> {
    Code::find_behind(text, words::CODE_MARK)
        .or_else(|| Code::find_behind(text, "/i/"))
        .or_else(|| Code::read(text))
}

/// Folds width and case and drops spaces and closing marks.
fn fold(text: &str) -> String {
    let folded: String =
        text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    folded.trim_end_matches(words::CLOSING_MARKS).to_owned()
}

fn interval(folded: &str) -> Option<Interval> {
    let named = words::INTERVALS.iter().find(|(word, _)| *word == folded).map(|(_, days)| *days);
    let counted = words::INTERVAL_ENDINGS
        .iter()
        .find_map(|ending| folded.strip_suffix(ending)?.parse::<u8>().ok());
    Interval::days(named.or(counted)?)
}

fn hour(folded: &str) -> Option<Hour> {
    let (add, rest) = words::HOUR_BEGINNINGS
        .iter()
        .find_map(|(word, add)| folded.strip_prefix(word).map(|rest| (*add, rest)))
        .unwrap_or((0, folded));
    let number = words::HOUR_ENDINGS
        .iter()
        .find_map(|ending| rest.strip_suffix(ending)?.parse::<u8>().ok())?;
    let number = if number < 12 { number + add } else { number };
    Hour::new(number)
}

fn without_honorific(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix(words::HONORIFIC).filter(|rest| !rest.trim().is_empty()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::press::Press;
    use proptest::prelude::*;

    fn days(days: u8) -> Meaning {
        Meaning::Interval(Interval::days(days).unwrap())
    }

    fn at(hour: u8) -> Meaning {
        Meaning::Hour(Hour::new(hour).unwrap())
    }

    #[test]
    fn days_and_hours_may_be_typed() {
        for (text, expected) in [
            ("3日", days(3)),
            ("３日", days(3)),
            ("3日ごと", days(3)),
            ("毎日", days(1)),
            ("毎週", days(7)),
            ("隔週", days(14)),
            ("30日", days(30)),
            ("４日", Meaning::Free),
            ("15時", at(15)),
            ("１５時", at(15)),
            ("午後3時", at(15)),
            ("午前9時", at(9)),
            ("朝7時ごろ。", at(7)),
            ("24時", Meaning::Free),
            ("0時", at(0)),
        ] {
            assert_eq!(meaning(text), expected, "{text}");
        }
    }

    #[test]
    fn a_command_is_known_in_any_width_and_with_marks() {
        assert_eq!(meaning("使い方"), Meaning::Command(Press::Usage));
        assert_eq!(meaning(" 元気です！ "), Meaning::Command(Press::WellNow));
        assert_eq!(meaning("ＯＫ"), Meaning::Command(Press::WellNow));
        assert_eq!(meaning("招待"), Meaning::Command(Press::InviteAny));
    }

    #[test]
    fn what_stands_on_the_menu_may_be_typed() {
        for (text, press) in [
            ("げんきです", Press::WellNow),
            ("こまった", Press::Trouble),
            ("困った！", Press::Trouble),
            ("お休み", Press::Pause),
            ("休み", Press::Pause),
            ("休む。", Press::Pause),
            ("ほかのこと", Press::Usage),
        ] {
            assert_eq!(meaning(text), Meaning::Command(press), "{text}");
        }
    }

    #[test]
    fn in_a_group_one_word_alone_calls_us() {
        for text in ["安否", " 安否！", "安否。"] {
            assert!(calls_us(text), "{text}");
        }
        for text in ["安否確認ってなに", "きのうの安否のことだけど", "", "げんきです"]
        {
            assert!(!calls_us(text), "{text}");
        }
    }

    #[test]
    fn saying_good_night_is_no_wish_to_pause() {
        for text in ["おやすみ", "おやすみ。", "おやすみなさい", "お休みなさい", "おやすみ〜"]
        {
            assert_eq!(meaning(text), Meaning::Free, "{text}");
        }
    }

    #[test]
    fn only_a_whole_word_is_a_command() {
        assert_eq!(meaning("招待ありがとう"), Meaning::Free);
        for text in ["元気じゃない", "元気ですが足が痛い"] {
            assert_eq!(meaning(text), Meaning::Unwell, "{text}");
        }
    }

    #[test]
    fn cries_for_help_are_heard_before_anything_else_in_a_text() {
        for text in [
            "助けて",
            "たすけて！！",
            "タスケテ",
            "台所で倒れました",
            "救急車よんで",
            "１１９",
            "動けない",
            "元気ですが、助けてください",
            "息がくるしい",
        ] {
            assert_eq!(meaning(text), Meaning::Help, "{text}");
        }
    }

    #[test]
    fn who_is_not_well_is_asked_and_everyday_words_are_not_taken_for_it() {
        for text in
            ["頭が痛い", "いたいです", "しんどい", "具合がわるい", "熱がある", "大丈夫じゃない"]
        {
            assert_eq!(meaning(text), Meaning::Unwell, "{text}");
        }
        for text in [
            "会いたいです",
            "今日はいい天気ですね",
            "孫に手伝ってもらい助かった",
            "熱いお茶を飲みました",
            "ありがとう",
            "もう食べられないほど食べた",
        ] {
            assert_eq!(meaning(text), Meaning::Free, "{text}");
        }
    }

    #[test]
    fn a_code_is_read_alone_or_behind_its_word() {
        let code = Code::read("K7M42QXY").unwrap();
        for text in ["招待コード K7M4-2QXY", "ｋ７ｍ４－２ｑｘｙ", "https://a.example/i/K7M42QXY"]
        {
            assert_eq!(meaning(text), Meaning::Code(code), "{text}");
        }
        assert_eq!(meaning("招待コード K7M4"), Meaning::BrokenCode);
        assert_eq!(meaning("ありがとうございます"), Meaning::Free);
    }

    #[test]
    fn a_typed_name_loses_its_honorific() {
        assert_eq!(read("よしこさん").text, "よしこ");
        assert_eq!(read("さん").text, "さん");
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_is_bounded(text in "\\PC{0,40}") {
            let long = text.repeat(100);
            prop_assert!(read(&long).text.chars().count() <= TEXT_CHARS_MAX);
        }
    }
}
