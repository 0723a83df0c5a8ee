//! Hard words with their readings above them, for whoever reads them slowly: `{暗証番号|あんしょうばんごう}` in a text of ours.

use maud::{Markup, html};

/// A text whose hard words are read beside them. Braces that hold no reading, as in somebody's name, stay as they are.
#[must_use]
pub fn read(text: &str) -> Markup {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default();
    let parts = parts.map(|part| {
        let inside = part.split_once('}');
        let hard = inside.and_then(|(word, rest)| Some((word.split_once('|')?, rest)));
        hard.ok_or(part)
    });
    html! {
        (first)
        @for part in parts {
            @match part {
                Ok(((word, reading), rest)) => { ruby { (word) rt { (reading) } } (rest) }
                Err(plain) => { "{" (plain) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hard_word_is_read_above_itself_and_the_rest_stays_as_it_is() {
        let read = read("{口座|こうざ}の番号は、<送らないで>ください。").into_string();
        assert_eq!(read, "<ruby>口座<rt>こうざ</rt></ruby>の番号は、&lt;送らないで&gt;ください。");
        for plain in ["{みどり}市", "み{どり", "{}", "どり}{"] {
            assert_eq!(super::read(plain).into_string(), plain);
        }
    }
}
