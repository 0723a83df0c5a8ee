//! Words that may not stand in the code, or only in certain files, each with what replaces it.
//! Comments and strings are not code, except for the marks of unfinished work.

use crate::lexer::find;
use crate::tree::{Complaint, Source};

/// A token sequence that is banned, and where it is allowed after all.
pub(crate) struct Ban {
    pub(crate) pattern: &'static str,
    pub(crate) instead: &'static str,
    /// Files, or folders with a slash at the end.
    pub(crate) allowed_in: &'static [&'static str],
    pub(crate) allowed_in_tests: bool,
}

/// Complains about every banned sequence in the code of a file.
pub(crate) fn check(source: &Source, bans: &[Ban]) -> Vec<Complaint> {
    bans.iter().filter(|ban| !is_exempt(source, ban)).flat_map(|ban| hits(source, ban)).collect()
}

fn is_exempt(source: &Source, ban: &Ban) -> bool {
    ban.allowed_in.iter().any(|allowed| {
        source.path == **allowed || (allowed.ends_with('/') && source.path.starts_with(allowed))
    })
}

fn hits(source: &Source, ban: &Ban) -> Vec<Complaint> {
    let lines = find(&source.lexed.tokens, ban.pattern).into_iter();
    let lines = lines.filter(|line| !(ban.allowed_in_tests && source.is_test(*line)));
    lines.map(|line| source.complain(line, format!("`{}`: {}", ban.pattern, ban.instead))).collect()
}

/// Complains about marks of unfinished work, which stand in comments.
pub(crate) fn check_marks(source: &Source, marks: &[&str], instead: &str) -> Vec<Complaint> {
    let mut out = Vec::new();
    for comment in &source.lexed.comments {
        for (offset, text) in comment.text.lines().enumerate() {
            let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            if let Some(mark) = words.find(|word| marks.contains(word)) {
                out.push(source.complain(comment.line + offset, format!("{mark}: {instead}")));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANS: &[Ban] = &[
        Ban {
            pattern: "Utc::now",
            instead: "take now as an argument",
            allowed_in: &["src/clock.rs", "tests/bench/", "tests/planted/"],
            allowed_in_tests: false,
        },
        Ban { pattern: ".unwrap()", instead: "handle it", allowed_in: &[], allowed_in_tests: true },
    ];

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text), BANS).len()
    }

    #[test]
    fn a_banned_call_is_found_and_its_replacement_named() {
        let source = Source::new("src/a.rs", "fn f() {\n    chrono::Utc::now();\n}");
        let complaint = &check(&source, BANS)[0];
        assert_eq!(complaint.to_string(), "src/a.rs:2: `Utc::now`: take now as an argument");
        assert_eq!(count("src/a.rs", "#[cfg(test)] mod t { fn f() { Utc::now(); } }"), 1);
        assert_eq!(count("tests/a/main.rs", "fn f() { Utc::now(); }"), 1);
    }

    #[test]
    fn exemptions_comments_and_strings_pass() {
        assert_eq!(count("src/clock.rs", "fn f() { Utc::now(); }"), 0);
        assert_eq!(count("tests/bench/main.rs", "fn f() { Utc::now(); }"), 0);
        assert_eq!(count("src/a.rs", "// Utc::now()\nconst A: &str = \"Utc::now()\";"), 0);
    }

    #[test]
    fn a_ban_for_production_code_spares_tests() {
        let text = "fn f() { a.unwrap() }\n#[cfg(test)]\nmod t { fn f() { a.unwrap() } }";
        assert_eq!(count("src/a.rs", text), 1);
        assert_eq!(count("tests/a/main.rs", "fn f() { a.unwrap() }"), 0);
    }

    #[test]
    fn marks_in_comments_are_found_as_whole_words() {
        let text = "/* one\n FIXME */ // XXXL is a size\n// TODO: x\nlet a = \"TODO\";";
        let found = check_marks(&Source::new("src/a.rs", text), &["FIXME", "XXX", "TODO"], "do it");
        let lines: Vec<usize> = found.iter().map(|complaint| complaint.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
