//! Reads the project's files, and knows which of their lines are test code. Judges nothing.

use crate::lexer::{Lexed, Piece, lex};
use std::fmt;
use std::fs;
use std::path::Path;

/// What a check found: where, and what to do instead.
#[derive(Debug, PartialEq)]
pub(crate) struct Complaint {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) advice: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

/// One Rust file.
pub(crate) struct Source {
    /// From the root of the project, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) lexed: Lexed,
    /// First and last lines of test code.
    test_lines: Vec<(usize, usize)>,
    /// Names of `#[cfg(test)] mod name;`, whose files are test code as a whole.
    test_modules: Vec<String>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let lexed = lex(text);
        let (test_lines, test_modules) = test_code(&lexed.tokens);
        Source { path: path.into(), text: text.into(), lexed, test_lines, test_modules }
    }

    /// Everything under tests/ is test code; in src/ the items behind `#[cfg(test)]` are.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.path.starts_with("tests/")
            || self.test_lines.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }

    pub(crate) fn complain(&self, line: usize, advice: impl Into<String>) -> Complaint {
        Complaint { path: self.path.clone(), line, advice: advice.into() }
    }

    /// The modules that lead to this file: `src/store/codec.rs` is `["store", "codec"]`.
    pub(crate) fn modules(&self) -> Vec<String> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut modules: Vec<String> = inner.split('/').map(String::from).collect();
        if matches!(modules.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            modules.pop();
        }
        modules
    }
}

/// Every file below `folder` whose name ends in one of `endings`, as (path from the root, text).
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    let mut folders = vec![folder.to_string()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder));
        let entries = entries.unwrap_or_else(|error| panic!("cannot list {folder}: {error}"));
        for entry in entries {
            let entry = entry.unwrap_or_else(|error| panic!("cannot list {folder}: {error}"));
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() && !path.ends_with("/node_modules") {
                folders.push(path);
            } else if endings.iter().any(|ending| path.ends_with(ending)) {
                out.push((path.clone(), read(&path)));
            }
        }
    }
    out.sort();
    out
}

/// The Rust files of src/ and tests/.
pub(crate) fn sources() -> Vec<Source> {
    let files = ["src", "tests"].iter().flat_map(|folder| files(folder, &[".rs"]));
    let sources = mark_test_modules(files.map(|(path, text)| Source::new(&path, &text)).collect());
    assert!(sources.len() > 5, "the checks found almost no files: are they looking at the tree?");
    sources
}

/// The text of a file that must exist, by its path from the root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}:1: cannot be read ({error}); it must be there"))
}

/// Whether the path from the root exists.
pub(crate) fn exists(path: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()
}

fn mark_test_modules(mut sources: Vec<Source>) -> Vec<Source> {
    let mut stems = Vec::new();
    for source in &sources {
        let folder = match source.path.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder,
            _ => source.path.trim_end_matches(".rs"),
        };
        stems.extend(source.test_modules.iter().map(|name| format!("{folder}/{name}")));
    }
    for source in &mut sources {
        let is_inside = |stem: &String| {
            source.path.strip_prefix(stem.as_str()).is_some_and(|rest| rest.starts_with(['.', '/']))
        };
        if stems.iter().any(is_inside) {
            source.test_lines = vec![(1, usize::MAX)];
        }
    }
    sources
}

/// The line spans behind `#[cfg(test)]` and `#[test]`, and the names of test modules in other files.
fn test_code(tokens: &[Piece]) -> (Vec<(usize, usize)>, Vec<String>) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let (mut spans, mut modules) = (Vec::new(), Vec::new());
    for at in 0..tokens.len() {
        let inner = text(at + 1) == "!";
        let open = at + 1 + usize::from(inner);
        if text(at) != "#" || text(open) != "[" {
            continue;
        }
        let close = matching(tokens, open);
        if !is_test_attribute(&tokens[open + 1..close]) {
            continue;
        }
        if inner {
            return (vec![(1, usize::MAX)], modules);
        }
        let end = end_of_item(tokens, close + 1);
        if text(end) == ";" && text(end - 2) == "mod" {
            modules.push(text(end - 1).to_string());
        }
        spans.push((tokens[at].line, tokens.get(end).map_or(usize::MAX, |token| token.line)));
    }
    (spans, modules)
}

fn is_test_attribute(tokens: &[Piece]) -> bool {
    let joined: String = tokens.iter().map(|token| token.text.as_str()).collect();
    let conditions = ["cfg(test)", "cfg(all(test,", "cfg(any(test,"];
    joined == "test" || conditions.iter().any(|condition| joined.starts_with(condition))
}

/// Where the bracket that opens at `open` closes; the end of the tokens if it never does.
pub(crate) fn matching(tokens: &[Piece], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

/// Where the item from `at` ends: its semicolon or the closing brace of its body.
pub(crate) fn end_of_item(tokens: &[Piece], mut at: usize) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            ";" => return at,
            "{" => return matching(tokens, at),
            "(" | "[" => at = matching(tokens, at) + 1,
            _ => at += 1,
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_items_are_recognised_and_nothing_after_them() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n#[cfg(test)]\n\
                    fn d() -> [u8; 2] {\n}\n#[cfg(not(test))]\nfn e() {}\n";
        let source = Source::new("src/x.rs", text);
        let test: Vec<usize> = (1..=11).filter(|line| source.is_test(*line)).collect();
        assert_eq!(test, [2, 3, 4, 5, 7, 8, 9]);
    }

    #[test]
    fn a_test_module_in_its_own_file_is_test_code() {
        let sources = mark_test_modules(vec![
            Source::new("src/a/b.rs", "#[cfg(test)]\nmod model;\nmod modeller;"),
            Source::new("src/a/b/model.rs", "fn x() {}"),
            Source::new("src/a/b/modeller.rs", "fn x() {}"),
        ]);
        assert!(!sources[0].is_test(3));
        assert!(sources[1].is_test(1));
        assert!(!sources[2].is_test(1));
    }

    #[test]
    fn a_path_names_its_modules() {
        assert_eq!(Source::new("src/store/codec.rs", "").modules(), ["store", "codec"]);
        assert_eq!(Source::new("src/store/mod.rs", "").modules(), ["store"]);
        assert!(Source::new("src/lib.rs", "").modules().is_empty());
    }
}
