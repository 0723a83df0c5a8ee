//! Hard words with their readings above them, for whoever reads them slowly: `{暗証番号|あんしょうばんごう}` in a text of ours.

use maud::{Markup, html};

/// A text whose hard words are read beside them.
#[must_use]
pub fn read(text: &str) -> Markup {
    let parts = text.split('{').map(|part| match part.split_once('}') {
        Some((word, rest)) => (word.split_once('|'), rest),
        None => (None, part),
    });
    html! {
        @for (word, rest) in parts {
            @if let Some((word, reading)) = word { ruby { (word) rt { (reading) } } }
            (rest)
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
    }
}
