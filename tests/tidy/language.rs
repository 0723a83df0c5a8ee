//! Where Japanese text may stand: every sentence that a person can read has one home.

use crate::tree::{Complaint, Source};

/// Folders whose string literals may hold Japanese.
const HOMES: &[&str] = &["src/locale/", "src/locale.rs"];

/// Complains about Japanese in string literals of production code outside its homes.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if HOMES.iter().any(|home| source.path.starts_with(home)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for literal in &source.lexed.literals {
        for (offset, text) in literal.text.split('\n').enumerate() {
            let line = literal.line + offset;
            if text.contains(is_japanese) && !source.is_test(line) {
                out.push(source.complain(line, "Japanese text: move it to src/locale/ or assets/"));
            }
        }
    }
    out
}

/// Hiragana, katakana (half-width ones too), ideographs and the marks that stand for them.
fn is_japanese(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Source::new(path, text)).into_iter().map(|complaint| complaint.line).collect()
    }

    #[test]
    fn japanese_in_a_literal_is_found_on_its_line() {
        assert_eq!(lines("src/web/page.rs", "let a = \"ok\";\nlet b = \"one\n無事\";"), [3]);
        assert_eq!(lines("src/web/page.rs", "html! { p { \"ひらがな\" } }"), [1]);
        assert_eq!(lines("src/web/page.rs", "let a = r#\"ｶﾀｶﾅ\"#;"), [1]);
    }

    #[test]
    fn comments_tests_and_the_homes_of_text_pass() {
        assert_eq!(lines("src/web/page.rs", "// 無事\nlet a = \"é ☎ 😀\";"), []);
        assert_eq!(lines("src/locale/ja.rs", "let a = \"無事\";"), []);
        assert_eq!(lines("tests/integration/a.rs", "let a = \"無事\";"), []);
        assert_eq!(
            lines("src/a.rs", "#[cfg(test)]\nmod tests {\nconst A: &str = \"無事\";\n}"),
            []
        );
    }
}
